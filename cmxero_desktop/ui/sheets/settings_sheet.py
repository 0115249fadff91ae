"""The settings in the window: each with its sentence, kept together, by the rules of the settings file."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QFormLayout,
    QGridLayout,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QSizePolicy,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from cmxero_desktop.domain.strangers import harmless
from cmxero_desktop.services.records.autostart import AutostartSeen
from cmxero_desktop.services.records.reports import HealthFacts
from cmxero_desktop.services.records.setting_words import CHECKING, ELSEWHERE, SETTINGS, SettingWords, as_kept, as_shown
from cmxero_desktop.services.verbs.commands.computer import ReadAutostart
from cmxero_desktop.services.verbs.commands.settings import ChangeSettings, ReadSettingTexts
from cmxero_desktop.ui.desk.content import DeskContent
from cmxero_desktop.ui.desk.desk import Trouble, WindowDesk
from cmxero_desktop.ui.desk.look import CLOSINGS, DENSITIES, SCHEMES, TEXT_SIZES, Look
from cmxero_desktop.ui.sheets.autostart_part import AutostartPart
from cmxero_desktop.ui.sheets.mode_rungs import add_rungs
from cmxero_desktop.ui.theme.formatting import plural
from cmxero_desktop.ui.theme.strangers import as_said
from cmxero_desktop.ui.widgets.forms import form
from cmxero_desktop.ui.widgets.parts import Choice, PlainLabel, allow, button, label, row
from cmxero_desktop.ui.widgets.sheet import Sheet

_SIZE = (1000, 600)
_FIELD_WIDTH = 230
_LINES, _LINES_WIDTH = 10, 340
_TITLES = {words.name: words.title for words in SETTINGS}
_MODE_WORDS = {
    True: "The mode is Approve: what a person approves is written to Case Manager.",
    False: "The mode is Observe only: everything is compared, and nothing can be approved or written.",
}
_MODE, _LOOK, _ELSEWHERE, _DATA = "Mode", "Look", "Elsewhere", "Data"
# They may hold a login, and once held a password.
_ADDRESSES = frozenset({"case_manager.url", "store.url"})

# An id tells nobody which one it is.
_TENANT = "xero.tenant_id"

Field = QLineEdit | QComboBox | QPlainTextEdit
"""Where a setting is typed or chosen."""


class SettingsSheet(Sheet):
    """A page for each group; what was typed is kept together, or nothing of it."""

    manual_chapter = "The settings file"

    def __init__(
        self,
        desk: WindowDesk,
        texts: Mapping[str, str],
        autostart: AutostartSeen,
        look: Look,
        *,
        now: datetime,
        change_mode: Callable[[], object],
        said: Callable[[str], object],
        parent: QWidget,
    ) -> None:
        """Show what is kept now, `texts` by the settings' names."""
        super().__init__(
            "Settings", "What is changed here counts from the next check on, and History keeps it.", parent
        )
        self._desk, self._texts, self._said = desk, dict(texts), said
        self.fields: dict[str, Field] = {}
        self.pages = QTabWidget()
        self.pages.setAccessibleName("Groups of settings")
        self.autostart = AutostartPart(desk, autostart)
        content = desk.content
        if content is not None:
            self.pages.addTab(_scrolled(self._mode(content, now, change_mode)), _MODE)
        for group in dict.fromkeys(words.group for words in SETTINGS):
            words = [words for words in SETTINGS if words.group == group]
            self.pages.addTab(_scrolled(self._group(words, self.autostart if group == CHECKING else None)), group)
        self.pages.addTab(_scrolled(_look(look)), _LOOK)
        organisation = content.view.state.organisation.name if content is not None else ""
        self.pages.addTab(_scrolled(_elsewhere(texts, organisation)), _ELSEWHERE)
        if content is not None and content.health is not None:
            self.pages.addTab(_scrolled(_data(content.health)), _DATA)
        self.told = label("", "danger", is_wrapped=True)
        self.body.addWidget(self.pages, 1)
        self.body.addWidget(self.told)
        self.add_button("Close", self.reject)
        self.save = self.add_button("Sa&ve", self._save, "primary")
        desk.troubled.connect(self._show_trouble)
        self._allow_saving()
        self.resize(*_SIZE)
        self.pages.setFocus()

    def changed(self) -> dict[str, str]:
        """Return what was typed and is not what is kept, by the settings' names."""
        typed = {name: _typed(field).strip() for name, field in self.fields.items()}
        return {name: as_kept(name, text) for name, text in typed.items() if text != as_shown(name, self._texts[name])}

    def _group(self, group: Sequence[SettingWords], last: QWidget | None) -> QWidget:
        page = QWidget()
        lines = QGridLayout(page)
        lines.setHorizontalSpacing(14)
        lines.setVerticalSpacing(8)
        lines.setColumnStretch(2, 1)
        for at, words in enumerate(group):
            field = self._field(words)
            field.setAccessibleName(as_said(words.title))
            field.setAccessibleDescription(as_said(words.sentence))
            field.setMinimumWidth(max(field.minimumWidth(), _FIELD_WIDTH))
            lines.addWidget(label(words.title), at, 0)
            lines.addWidget(field, at, 1)
            # Beside its field: below it, half of a page would have to be scrolled to.
            lines.addWidget(_sentence(words.sentence), at, 2)
        if last is not None:
            lines.addWidget(last, len(group), 1, 1, 2)
        lines.setRowStretch(len(group) + 1, 1)
        return page

    def _field(self, words: SettingWords) -> Field:
        text = as_shown(words.name, self._texts[words.name])
        made: Field
        if words.choices:
            made = Choice(words.title, [as_shown(words.name, choice) for choice in words.choices])
            made.setCurrentText(text)
            made.currentTextChanged.connect(self._allow_saving)
        elif words.several_lines:
            made = _lines_field(text)
            made.textChanged.connect(self._allow_saving)
        else:
            made = QLineEdit(text)
            # What is longer than its field is read from its beginning.
            made.setCursorPosition(0)
            made.textChanged.connect(self._allow_saving)
        self.fields[words.name] = made
        return made

    def _mode(self, content: DeskContent, now: datetime, change_mode: Callable[[], object]) -> QWidget:
        page = QWidget()
        layout = QVBoxLayout(page)
        is_approving = content.may_write
        layout.addWidget(label(_MODE_WORDS[is_approving], "title", is_wrapped=True))
        add_rungs(layout, page, content, now)
        change = button("Change the &mode…", lambda: self._leave_for(change_mode))
        layout.addLayout(row(change, 1))
        layout.addStretch(1)
        return page

    def _leave_for(self, other: Callable[[], object]) -> None:
        self.reject()
        other()

    def _allow_saving(self) -> None:
        changed = self.changed()
        allow(self.save, "" if changed else "Nothing was changed.", f"Keep {plural(len(changed), 'change')}")

    def _save(self) -> None:
        self.told.setText("")
        command = ChangeSettings(texts=self.changed(), by=self._desk.approver)
        allow(self.save, "It is being kept.")
        self._desk.change(command, "Keeping the settings…", self._kept)

    def _kept(self, sentence: str) -> None:
        self._said(sentence)
        self.accept()

    def _show_trouble(self, trouble: Trouble) -> None:
        """Say what cannot be in the words of the fields, and let the person go on typing."""
        message = trouble.message
        for name, title in _TITLES.items():
            message = message.replace(f"{name} ", f"{title} ")
        self.told.setText(f"{message} {trouble.remedy}")
        self._allow_saving()


def open_settings(
    window: QWidget,
    desk: WindowDesk,
    look: Look,
    *,
    now: Callable[[], datetime],
    change_mode: Callable[[], object],
    said: Callable[[str], object],
) -> None:
    """Read the settings, then open the sheet."""

    def show(texts: Mapping[str, str], autostart: AutostartSeen) -> None:
        SettingsSheet(desk, texts, autostart, look, now=now(), change_mode=change_mode, said=said, parent=window).open()

    def ask_further(texts: Mapping[str, str]) -> None:
        desk.ask(ReadAutostart(), "Reading the settings…", partial(show, texts))

    desk.ask(ReadSettingTexts(), "Reading the settings…", ask_further)


def _typed(field: Field) -> str:
    if isinstance(field, QPlainTextEdit):
        return "\n".join(line.strip() for line in field.toPlainText().splitlines() if line.strip())
    return field.text() if isinstance(field, QLineEdit) else field.currentText()


def _lines_field(text: str) -> QPlainTextEdit:
    field = QPlainTextEdit()
    field.setPlainText(harmless(text))
    field.setTabChangesFocus(True)
    field.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
    field.setFixedHeight(field.fontMetrics().lineSpacing() * _LINES + 2 * field.frameWidth() + 12)
    field.setMinimumWidth(_LINES_WIDTH)
    return field


def _form() -> tuple[QWidget, QFormLayout]:
    page = QWidget()
    lines = QFormLayout(page)
    lines.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
    lines.setVerticalSpacing(4)
    lines.setHorizontalSpacing(14)
    return page, lines


def _sentence(text: str, role: str = "muted") -> PlainLabel:
    """Return a sentence that takes the width of its field: the form would wrap it after a few words."""
    said = label(text, role, is_wrapped=True)
    said.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
    return said


def _scrolled(page: QWidget) -> QScrollArea:
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setWidget(page)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    return area


def _look(look: Look) -> QWidget:
    page, rows = QWidget(), []
    for title, words, current, use in (
        ("Colours", SCHEMES, look.scheme, look.use_scheme),
        ("Rows", DENSITIES, look.density, look.use_density),
        ("Text size", TEXT_SIZES, look.text_size, look.use_text_size),
        ("Closing the window", CLOSINGS, look.on_close, look.use_on_close),
    ):
        choice = Choice(title, list(words.values()))
        keys = list(words)
        choice.setCurrentIndex(keys.index(current))
        choice.currentIndexChanged.connect(lambda at, keys=keys, use=use: use(keys[at]))
        rows.append((title, choice))
    said = label("These count at once, on this computer; the text size everywhere from the next start.", "muted")
    page.setLayout(form((*rows, ("", said))))
    return page


def _elsewhere(texts: Mapping[str, str], organisation: str) -> QWidget:
    """Return what each setting is that another place changes, and which place that is."""
    page, lines = _form()
    group = ""
    for words in ELSEWHERE:
        if words.group != group:
            group = words.group
            lines.addRow(label(group, "title"))
        text = as_shown(words.name, texts.get(words.name, ""))
        if text and words.name in _ADDRESSES:
            text = "set"
        elif text and words.name == _TENANT:
            text = organisation or text
        shown = text or "not set"
        value = _sentence(shown, role="")
        value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        value.setAccessibleName(as_said(words.title))
        lines.addRow(words.title, value)
        lines.addRow("", _sentence(words.sentence))
    return page


def _data(health: HealthFacts) -> QWidget:
    page, lines = _form()
    for title, text in (
        ("Folder", health.home),
        ("Our records", health.store_place),
        ("Log", health.log_file),
        ("Version", ", ".join(f"{name} {number}" for name, number in health.versions.items())),
    ):
        field = _sentence(text, role="")
        field.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        lines.addRow(title, field)
    lines.addRow("", _sentence("Every event is kept; nothing is deleted by itself."))
    return page
