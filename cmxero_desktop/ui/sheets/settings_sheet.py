"""The settings in the window: each with its sentence, kept together, by the rules of the settings file."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QFormLayout,
    QLineEdit,
    QScrollArea,
    QSizePolicy,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from cmxero_desktop.domain.strangers import harmless
from cmxero_desktop.services.records.alerts import OTHER_WRITER_KEY
from cmxero_desktop.services.records.audit import AuditWhat
from cmxero_desktop.services.records.reports import HealthFacts
from cmxero_desktop.services.records.setting_words import SETTINGS, SettingWords
from cmxero_desktop.services.verbs.commands import ChangeSettings, ReadSettingTexts
from cmxero_desktop.ui.desk.content import DeskContent
from cmxero_desktop.ui.desk.desk import Trouble, WindowDesk
from cmxero_desktop.ui.desk.look import DENSITIES, SCHEMES, TEXT_SIZES, Look
from cmxero_desktop.ui.theme.colours import Tone, tones_of
from cmxero_desktop.ui.theme.formatting import day, plural
from cmxero_desktop.ui.theme.icons import Shape, shape_pixmap
from cmxero_desktop.ui.widgets.parts import Choice, allow, button, label, row
from cmxero_desktop.ui.widgets.sheet import Sheet

_SIZE = (760, 600)
_ENOUGH_DAYS = 5
_TITLES = {words.name: words.title for words in SETTINGS}
_MODE, _LOOK, _DATA = "Mode", "Look", "Data"

Rung = tuple[bool | None, str]
"""Whether a condition holds, None where only trying can tell, and what it says."""


def rungs(content: DeskContent, now: datetime) -> tuple[Rung, Rung, Rung]:
    """Return the three conditions on the way from observing to approving, and whether each holds."""
    checks = [entry.event.at for entry in content.view.history if entry.event.what is AuditWhat.CHECKED]
    passed = (now - min(checks)).days if checks else 0
    compared = f"Compared on {plural(passed, 'day')}; {_ENOUGH_DAYS} show how the firm works."
    since = f" First check {day(min(checks).astimezone().date())}." if checks else " Xero was not checked yet."
    foreign = next((alert.explanation for alert in content.view.alerts if alert.key == OTHER_WRITER_KEY), "")
    return (
        (passed >= _ENOUGH_DAYS, compared + since),
        (True if content.may_write else None, "The login may write: tried when you go to approving, and taken back."),
        (not foreign, foreign or "No other link writes: no check found a copy that somebody else had made."),
    )


class SettingsSheet(Sheet):
    """A page for each group; what was typed is kept together, or nothing of it."""

    def __init__(
        self,
        desk: WindowDesk,
        texts: Mapping[str, str],
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
        self.fields: dict[str, QLineEdit | QComboBox] = {}
        self.pages = QTabWidget()
        self.pages.setAccessibleName("Groups of settings")
        content = desk.content
        if content is not None:
            self.pages.addTab(_scrolled(self._mode(content, now, change_mode)), _MODE)
        for group in dict.fromkeys(words.group for words in SETTINGS):
            self.pages.addTab(_scrolled(self._group([words for words in SETTINGS if words.group == group])), group)
        self.pages.addTab(_scrolled(_look(look)), _LOOK)
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
        typed = {name: _typed(field) for name, field in self.fields.items()}
        return {name: text for name, text in typed.items() if text.strip() != self._texts[name]}

    def _group(self, group: Sequence[SettingWords]) -> QWidget:
        page, form = _form()
        for words in group:
            field = self._field(words)
            field.setAccessibleName(harmless(words.title))
            field.setAccessibleDescription(harmless(words.sentence))
            form.addRow(words.title, field)
            form.addRow("", _sentence(words.sentence))
        return page

    def _field(self, words: SettingWords) -> QLineEdit | QComboBox:
        text = self._texts[words.name]
        made: QLineEdit | QComboBox
        if words.choices:
            made = Choice(words.title, words.choices)
            made.setCurrentText(text)
            made.currentTextChanged.connect(self._allow_saving)
        else:
            made = QLineEdit(text)
            made.textChanged.connect(self._allow_saving)
        self.fields[words.name] = made
        return made

    def _mode(self, content: DeskContent, now: datetime, change_mode: Callable[[], object]) -> QWidget:
        page = QWidget()
        layout = QVBoxLayout(page)
        is_approving = content.may_write
        layout.addWidget(label("The mode is Approve." if is_approving else "The mode is Observe only.", "title"))
        layout.addWidget(label("From Observe to Approve:", "muted"))
        for holds, words in rungs(content, now):
            layout.addLayout(row(_mark(holds, page), label(words, is_wrapped=True)))
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

    def show(texts: Mapping[str, str]) -> None:
        SettingsSheet(desk, texts, look, now=now(), change_mode=change_mode, said=said, parent=window).open()

    desk.ask(ReadSettingTexts(), "Reading the settings…", show)


def _typed(field: QLineEdit | QComboBox) -> str:
    return field.text() if isinstance(field, QLineEdit) else field.currentText()


def _form() -> tuple[QWidget, QFormLayout]:
    page = QWidget()
    form = QFormLayout(page)
    form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
    form.setVerticalSpacing(4)
    return page, form


def _sentence(text: str) -> QWidget:
    """Return a sentence that takes the width of its field: the form would wrap it after a few words."""
    said = label(text, "muted", is_wrapped=True)
    said.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
    return said


def _scrolled(page: QWidget) -> QScrollArea:
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setWidget(page)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    return area


def _mark(holds: bool | None, near: QWidget) -> QWidget:  # noqa: FBT001 - one of three answers
    shape = {True: Shape.TICK, False: Shape.CROSS, None: Shape.DOT}[holds]
    tone = {True: Tone.GOOD, False: Tone.DANGER, None: Tone.MUTED}[holds]
    mark = label("")
    mark.setFixedWidth(20)
    mark.setPixmap(shape_pixmap(shape, tones_of(near.palette()).ink(tone), 16, near.devicePixelRatioF()))
    mark.setAccessibleName(harmless({True: "holds", False: "does not hold", None: "is tried then"}[holds]))
    return mark


def _look(look: Look) -> QWidget:
    page, form = _form()
    for title, words, current, use in (
        ("Colours", SCHEMES, look.scheme, look.use_scheme),
        ("Rows", DENSITIES, look.density, look.use_density),
        ("Text size", TEXT_SIZES, look.text_size, look.use_text_size),
    ):
        choice = Choice(title, list(words.values()))
        keys = list(words)
        choice.setCurrentIndex(keys.index(current))
        choice.currentIndexChanged.connect(lambda at, keys=keys, use=use: use(keys[at]))
        form.addRow(title, choice)
    form.addRow(
        "", label("These count at once, on this computer; the text size everywhere from the next start.", "muted")
    )
    return page


def _data(health: HealthFacts) -> QWidget:
    page, form = _form()
    for title, text in (
        ("Folder", health.home),
        ("Our records", health.store_place),
        ("Log", health.log_file),
        ("Version", ", ".join(f"{name} {number}" for name, number in health.versions.items())),
    ):
        field = label(text, is_wrapped=True)
        field.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        form.addRow(title, field)
    form.addRow("", label("Every event is kept; nothing is deleted by itself.", "muted", is_wrapped=True))
    return page
