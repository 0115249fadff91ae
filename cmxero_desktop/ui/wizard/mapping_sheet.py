"""Suggests a mapping for a database: what is asked, what was found, what the check says, and the file at the end."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Final, TypeVar

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFileDialog, QFrame, QScrollArea, QVBoxLayout, QWidget

from cmxero_desktop.domain.mapping.findings import MappingFinding, MappingSuggestion
from cmxero_desktop.services.ports.setup import Setup
from cmxero_desktop.services.records.mapping import MappingRequest, SuggestedMapping
from cmxero_desktop.ui.desk.jobs import JobBridge
from cmxero_desktop.ui.theme.formatting import plural
from cmxero_desktop.ui.widgets.parts import allow, label
from cmxero_desktop.ui.widgets.sheet import Sheet
from cmxero_desktop.ui.wizard.mapping_answer import AnswerBlock
from cmxero_desktop.ui.wizard.page import Said, give_role, note

_TITLE: Final = "Where does Case Manager keep what?"
_LEAD: Final = (
    "The tables of the database are looked at with the login that you entered; nothing is written there. "
    "What concerns money and is not certain is asked, and nothing likely is taken for you."
)
_LOOKING: Final = "Looking at the tables, and into those that may hold invoices and payments…"
_CHECKING: Final = "Comparing the database with these answers…"
_SIZE: Final = (720, 640)
_FILE_NAME: Final = "mapping.toml"
_T = TypeVar("_T")


class MappingSheet(Sheet):
    """Asks until nothing is open, and writes the file; `written` brings its path, and the sheet closes."""

    manual_chapter = "The mapping file"

    written = Signal(object)

    def __init__(self, setup: Setup, jobs: JobBridge, url: str, parent: QWidget | None = None) -> None:
        """Begin to look as soon as it is shown; the address may hold the password."""
        super().__init__(_TITLE, _LEAD, parent)
        self._setup = setup
        self._jobs = jobs
        self._url = url
        self._answers: dict[str, str] = {}
        self._asked: dict[str, None] = {}
        self._made: SuggestedMapping | None = None
        self._is_busy = self._is_changed = self._is_gone = False
        self.blocks: dict[str, AnswerBlock] = {}
        self.said = Said(self)
        self.area = QScrollArea()
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setWidgetResizable(True)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.body.addWidget(self.area, 1)
        self.body.addWidget(self.said)
        self.add_button("Close", self.reject)
        self.check_button = self.add_button("Check these answers", lambda: self._ask(_CHECKING))
        self.write_button = self.add_button("Write the mapping file…", self._choose_file)
        self.finished.connect(self._go)
        self.resize(*_SIZE)
        self._show()
        QTimer.singleShot(0, self, lambda: self._ask(_LOOKING))

    def _ask(self, doing: str) -> None:
        schema = self._made.schema if self._made is not None else None
        request = MappingRequest(url=self._url, answers=dict(self._answers), schema=schema)
        self._begin(doing, lambda: self._setup.suggest_mapping(request), self._found)

    def _begin(self, doing: str, job: Callable[[], _T], done: Callable[[_T], object]) -> None:
        self._is_busy = True
        self.said.say(doing)
        self._show()
        self._jobs.submit(doing, job, lambda result: self._end(lambda: done(result)), self._refuse)

    def _end(self, then: Callable[[], object]) -> None:
        """Go on with what came, unless the sheet was closed meanwhile."""
        if not self._is_gone:
            self._is_busy = False
            then()
            self._show()

    def _refuse(self, error: Exception) -> None:
        self._end(lambda: self.said.refuse(error))

    def _go(self) -> None:
        self._is_gone = True

    def _found(self, made: SuggestedMapping) -> None:
        self._made, self._is_changed = made, False
        self._asked |= dict.fromkeys(finding.key for finding in made.suggestion.questions)
        self._lay_out(made.suggestion)
        self.said.say(_ending(made), is_bad=bool(made.problems or made.suggestion.obstacles))
        first = next((self.blocks[finding.key] for finding in made.suggestion.questions), None)
        (first.choice if first is not None else self.write_button).setFocus()

    def _lay_out(self, suggestion: MappingSuggestion) -> None:
        """Put what is or was asked above what was found."""
        inside = QWidget()
        layout = QVBoxLayout(inside)
        layout.setContentsMargins(2, 2, 10, 2)
        layout.setSpacing(8)
        self.blocks = {}
        asked = [finding for finding in suggestion.findings if finding.key in self._asked]
        others = [finding for finding in suggestion.findings if finding.key not in self._asked]
        for words in (*suggestion.obstacles, *suggestion.notes):
            layout.addWidget(note(words))
        for heading, findings in (("To be answered", asked), ("Found", others)):
            if findings:
                layout.addWidget(label(heading, "title", size=1.15))
                for block in self._made_blocks(findings):
                    layout.addWidget(block)
        layout.addStretch(1)
        inside.setAutoFillBackground(False)
        self.area.setWidget(inside)
        self.area.viewport().setAutoFillBackground(False)

    def _made_blocks(self, findings: Iterable[MappingFinding]) -> Iterator[AnswerBlock]:
        for finding in findings:
            block = AnswerBlock(finding)
            block.changed.connect(self._answer)
            self.blocks[finding.key] = block
            yield block

    def _answer(self, key: str, answer: str) -> None:
        self._answers.pop(key, None)
        if answer:
            self._answers[key] = answer
        self._is_changed = True
        self._show()

    def _choose_file(self) -> None:
        dialog = QFileDialog(self, "Write the mapping file")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("toml")
        dialog.setNameFilter("Mapping files (*.toml)")
        dialog.selectFile(_FILE_NAME)
        # The dialog asks before another file is replaced.
        dialog.fileSelected.connect(lambda path: self.write(Path(path)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def write(self, path: Path) -> None:
        """Write the file to where a person chose."""
        made = self._made
        if made is not None:
            self._begin("Writing…", lambda: self._setup.write_mapping(made, path), self._wrote)

    def _wrote(self, path: Path) -> None:
        self.written.emit(path)
        self.accept()

    def _show(self) -> None:
        made, busy = self._made, self.said.text() if self._is_busy else ""
        self.area.setEnabled(not self._is_busy)
        unchanged = "" if self._is_changed or made is None else "Nothing was answered since the last check."
        allow(self.check_button, busy or unchanged)
        allow(self.write_button, busy or self._why_not_written())
        is_next = self.write_button.isEnabled()
        give_role(self.write_button, "primary" if is_next else "")
        give_role(self.check_button, "" if is_next else "primary")

    def _why_not_written(self) -> str:
        made = self._made
        if made is None:
            return "There is no mapping yet."
        if self._is_changed:
            return "Check the answers first."
        if made.suggestion.questions:
            return "Answer what is asked first."
        return "" if made.suggestion.is_complete else "No mapping can say everything of these tables."


def _ending(made: SuggestedMapping) -> str:
    """Say how far it is, and what the check of a mapping says so far."""
    suggestion = made.suggestion
    looked = f"{plural(suggestion.tables, 'table')} and views, {suggestion.looked_into:,} looked into."
    unknown = f"Not understood: {', '.join(suggestion.unknown_answers)}." if suggestion.unknown_answers else ""
    left = f"{plural(len(suggestion.questions), 'question')} to answer." if suggestion.questions else ""
    if not made.text:
        checked = "There is no whole mapping yet, so nothing could be checked."
    elif made.seen is not None:
        facts = made.seen.facts
        so_far = " with what is likely" if suggestion.questions else ""
        found = f"{plural(facts.invoices, 'invoice')}, {plural(facts.payments, 'payment')}"
        checked = f"The database fits{so_far}: {found}."
    else:
        checked = f"The check says: {' '.join(made.problems)}"
    return " ".join(part for part in (looked, left, unknown, checked) if part)
