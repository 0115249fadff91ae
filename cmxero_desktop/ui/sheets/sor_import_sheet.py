"""Show a list of schedules before it is taken: which column holds what, its lines, and every one that keeps it out."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from PySide6.QtWidgets import QGridLayout, QWidget

from cmxero_desktop.domain.sor.importing import ListLine, SorImport
from cmxero_desktop.domain.sor.tables import COLUMN_WORDS, NEEDED, ListColumn
from cmxero_desktop.services.records.sor_lists import ScheduleList
from cmxero_desktop.ui.theme.badge import Badge
from cmxero_desktop.ui.theme.colours import Tone
from cmxero_desktop.ui.theme.formatting import count, day_or_blank, money, plural
from cmxero_desktop.ui.theme.icons import Shape
from cmxero_desktop.ui.widgets.column import Column
from cmxero_desktop.ui.widgets.parts import Choice, allow, label
from cmxero_desktop.ui.widgets.room import room_of
from cmxero_desktop.ui.widgets.sheet import Sheet
from cmxero_desktop.ui.widgets.shown_whole import scrolled
from cmxero_desktop.ui.widgets.table_model import RowsModel
from cmxero_desktop.ui.widgets.table_view import DeskTable

_NONE = "(not in this list)"
_WIDTH = 940
_TABLE_HEIGHT, _LOW_MAPPING = 160, 64
_SHOWN_OUT = 4
_KEPT = (
    "What is taken is kept here and watched from now on; nothing is written to Xero or Case Manager. A schedule that "
    "is known already is renewed, never doubled."
)


@dataclass(frozen=True, slots=True)
class PreviewLine:
    """A line as it would be taken, and what keeps it out; of a schedule that is known as listed nothing changes."""

    line: ListLine
    why: str
    is_refused: bool
    is_known: bool = False


class ImportSheet(Sheet):
    """The mapping above, the lines below; what is wrong comes first."""

    manual_chapter = "The SOR watch"

    def __init__(
        self,
        read: ScheduleList,
        found: SorImport,
        *,
        on_columns: Callable[[Mapping[ListColumn, str]], object],
        on_take: Callable[[], object],
        parent: QWidget | None = None,
    ) -> None:
        """Show a list; `on_columns` reads it anew by other headings, `on_take` takes what can be taken."""
        super().__init__(f"Import {read.name}", " ".join([*read.notes, _KEPT]), parent)
        self._read = read
        self._on_columns = on_columns
        self.setMinimumWidth(_WIDTH)
        self.choices: dict[ListColumn, Choice] = {}
        self._add_mapping()
        self.summary = label(summary_of(read, found), "title", is_wrapped=True)
        self.body.addWidget(self.summary)
        self.first_lines = label(first_lines(read) if read.missing else "", is_wrapped=True)
        self.first_lines.setVisible(bool(read.missing))
        self.body.addWidget(self.first_lines)
        self.model: RowsModel[PreviewLine] = RowsModel(_columns(), lambda row: str(row.line.line), _sentence, self)
        self.table: DeskTable[PreviewLine] = DeskTable(self.model, "Lines", "The lines of the list as they are read")
        self.model.set_rows(preview_lines(read, found))
        self.table.setMinimumHeight(_TABLE_HEIGHT)
        self.body.addWidget(self.table, 1)
        self.add_button("Cancel", self.reject)
        number = len(found.accepted)
        words = f"Take {plural(number, 'schedule')}" if number else "Nothing to take"
        self.take = self.add_button(words, self.accept, "primary")
        allow(self.take, _why_not(read, found))
        self.accepted.connect(on_take)

    def chosen(self) -> dict[ListColumn, str]:
        """Return the heading that each column was given."""
        return {
            column: self._read.headings[choice.currentIndex() - 1]
            for column, choice in self.choices.items()
            if choice.currentIndex() > 0
        }

    def _add_mapping(self) -> None:
        if not self.is_low:
            self.body.addLayout(self._mapping())
            return
        # What would be taken is seen before what it was read by.
        holder = QWidget()
        holder.setLayout(self._mapping())
        area = scrolled(holder)
        area.setMinimumHeight(_LOW_MAPPING)
        self.body.addWidget(area)

    def _mapping(self) -> QGridLayout:
        beside = 3 if room_of(self).width() >= _WIDTH else 2
        grid = QGridLayout()
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(4)
        for place, column in enumerate(COLUMN_WORDS):
            choice = Choice(COLUMN_WORDS[column], [_NONE, *self._read.headings])
            choice.setCurrentIndex(self._read.columns.get(column, -1) + 1)
            choice.currentIndexChanged.connect(lambda _: self._on_columns(self.chosen()))
            needed = " *" if column in NEEDED else ""
            grid.addWidget(label(f"{COLUMN_WORDS[column]}{needed}", "muted"), place // beside, place % beside * 2)
            grid.addWidget(choice, place // beside, place % beside * 2 + 1)
            self.choices[column] = choice
        for place in range(beside):
            grid.setColumnStretch(place * 2 + 1, 1)
        return grid


def preview_lines(read: ScheduleList, found: SorImport) -> list[PreviewLine]:
    """Return the lines, those that are wrong first."""
    wrong: dict[int, list[str]] = {}
    starts: dict[str, int] = {}
    for line in read.lines:
        starts.setdefault(line.schedule.strip(), line.line)
    for bad in found.bad:
        # What is wrong with a schedule as a whole stands beside its first line.
        wrong.setdefault(bad.line or starts.get(bad.schedule, 0), []).append(bad.why)
    refused, known = set(found.refused), set(found.unchanged)
    lines = [
        PreviewLine(
            line,
            " ".join(wrong.get(line.line, ())),
            is_refused=line.schedule.strip() in refused,
            is_known=line.schedule.strip() in known,
        )
        for line in read.lines
    ]
    return sorted(lines, key=lambda row: (not row.why, row.line.line))


def first_lines(read: ScheduleList) -> str:
    """Return the first lines of the file as they stand, so that one can see which column holds what."""
    lines = (" | ".join(cell or "-" for cell in cells) for cells in (read.headings, *read.samples))
    return "\n".join(lines)


def summary_of(read: ScheduleList, found: SorImport) -> str:
    """Say in words what taking the list would do."""
    if read.missing:
        lacking = ", ".join(COLUMN_WORDS[column].lower() for column in read.missing)
        return f"Say above which column holds: {lacking}."
    taken = ", ".join(f"{s.schedule_id} {s.total}" for s in found.accepted[:_SHOWN_OUT] if s.total is not None)
    more = "…" if found.accepted[_SHOWN_OUT:] else ""
    named = f" ({taken}{more})" if taken else ""
    parts = [f"{count(len(read.lines))} lines: {plural(len(found.accepted), 'schedule')} to take{named}"]
    if found.unchanged:
        parts.append(f"{count(len(found.unchanged))} known already, of which nothing changes")
    if found.refused:
        names = ", ".join(found.refused[:_SHOWN_OUT]) + ("…" if found.refused[_SHOWN_OUT:] else "")
        parts.append(f"{count(len(found.refused))} not taken until the list is corrected ({names})")
    return ", ".join(parts) + "."


def _why_not(read: ScheduleList, found: SorImport) -> str:
    if read.missing:
        return "Say first which column holds what."
    if found.accepted:
        return ""
    return "Correct the lines that are named, then import again." if found.refused else "All of it is known already."


def _columns() -> tuple[Column[PreviewLine], ...]:
    return (
        Column(
            key="line",
            title="Line",
            text=lambda row: str(row.line.line),
            sort_key=lambda row: (row.line.line, ""),
            width=7,
            is_right=True,
        ),
        Column(key="schedule", title="Schedule", text=lambda row: row.line.schedule, width=14),
        Column(key="invoice", title="Invoice", text=lambda row: row.line.invoice, width=12),
        Column(key="due", title="Due", text=lambda row: day_or_blank(row.line.due_on), width=14),
        Column(key="amount", title="Instalment", text=lambda row: money(row.line.amount), width=12, is_right=True),
        Column(key="state", title="State", text=lambda row: row.line.state.value, width=9),
        Column(
            key="why",
            title="What to do",
            text=_outcome,
            badges=lambda row: (
                (Badge(_outcome(row), Tone.DANGER, Shape.CROSS, is_filled=False),)
                if row.why
                else (
                    Badge(
                        _outcome(row),
                        Tone.CAUTION if row.is_refused else Tone.MUTED if row.is_known else Tone.GOOD,
                        is_filled=False,
                    ),
                )
            ),
            tooltip=lambda row: row.why,
            width=48,
            is_stretched=True,
        ),
    )


def _outcome(row: PreviewLine) -> str:
    if row.why:
        return row.why
    if row.is_refused:
        return "nothing here: it waits for the other lines of its schedule"
    return "nothing: it is known already, and stays as it is" if row.is_known else "taken by the button below"


def _sentence(row: PreviewLine) -> str:
    line = row.line
    return f"Line {line.line}: {line.invoice}, {day_or_blank(line.due_on)}, {money(line.amount)}. {_outcome(row)}"
