"""One key of a suggested mapping on the sheet: what it may be, what speaks for it, and a person's choice."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from cmxero_desktop.domain.mapping.findings import MappingFinding, Option
from cmxero_desktop.domain.strangers import one_line
from cmxero_desktop.ui.theme.strangers import as_said
from cmxero_desktop.ui.widgets.parts import Choice, label
from cmxero_desktop.ui.wizard.page import note

_NOT_YET, _LEFT_OUT = "Choose…", "Left out"
_OWN_TEXT = "Or a text of your own"
_LETTERS_SHOWN = 30


class AnswerBlock(QWidget):
    """Shows a finding; `changed` brings its key, and what a person chose or typed, whenever that is another."""

    changed = Signal(str, str)

    def __init__(self, finding: MappingFinding) -> None:
        """Stand on what was decided; on nothing where nobody has."""
        super().__init__()
        self._finding = finding
        first = _NOT_YET if finding.is_open else "" if finding.likely else _LEFT_OUT
        self._options: tuple[Option | None, ...] = (*((None,) if first else ()), *finding.options)
        self.choice = Choice(finding.title, [first, *map(self._words, finding.options)][0 if first else 1 :])
        self.choice.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.choice.setMinimumContentsLength(_LETTERS_SHOWN)
        self.choice.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.choice.setAccessibleDescription(as_said(finding.why))
        self.own_text = QLineEdit()
        self.own_text.setPlaceholderText(_OWN_TEXT)
        self.own_text.setAccessibleName(as_said(f"{finding.title}: {_OWN_TEXT.lower()}"))
        self.own_text.setVisible(finding.takes_text)
        self.reasons = note("")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 6)
        layout.setSpacing(4)
        layout.addWidget(label(finding.title, "title"))
        if finding.why:
            layout.addWidget(note(finding.why))
        layout.addWidget(self.choice)
        layout.addWidget(self.own_text)
        layout.addWidget(self.reasons)
        self._stand_on(finding.likely if not finding.is_open else "")
        self._give_reasons()
        self.choice.activated.connect(self._chosen)
        self.own_text.textEdited.connect(lambda text: self.changed.emit(finding.key, text.strip() or self.answer))

    @property
    def answer(self) -> str:
        """The key of the option that is chosen, or the person's own text; empty for none."""
        if self.own_text.text().strip():
            return self.own_text.text().strip()
        at = self.choice.currentIndex()
        option = self._options[at] if 0 <= at < len(self._options) else None
        return option.key if option is not None else ""

    def choose(self, key: str) -> None:
        """Choose an option by its key, as a person would."""
        self._stand_on(key)
        self._chosen()

    def _stand_on(self, key: str) -> None:
        keys = [option.key if option is not None else "" for option in self._options]
        if key in keys:
            self.choice.setCurrentIndex(keys.index(key))
        elif self._finding.takes_text:
            self.own_text.setText(key)

    def _chosen(self) -> None:
        self.own_text.clear()
        self._give_reasons()
        self.changed.emit(self._finding.key, self.answer)

    def _give_reasons(self) -> None:
        """Say what speaks for the choice; before there is one, for what is likely."""
        option = self._finding.option(self.answer)
        said = " ".join(option.reasons) if option is not None else ""
        likely = self._finding.option(self._finding.likely)
        if not self.answer and likely is not None:
            said = " ".join((f"Likely: {likely.words}.", *likely.reasons))
        self.reasons.setText(said)
        self.reasons.setVisible(bool(said))

    def _words(self, option: Option) -> str:
        samples = f": {', '.join(option.samples)}" if option.samples else ""
        likely = " (likely)" if self._finding.is_open and option.key == self._finding.likely else ""
        return one_line(f"{option.words}{likely}{samples}")
