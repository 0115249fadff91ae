"""What others copied: the figures, the payments behind each of them, and the way back to approving (R29)."""

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from cmxero_desktop.domain.copying import CopyingByOthers, CopyingRow, Fault, Good
from cmxero_desktop.domain.wording import day
from cmxero_desktop.services.records.alerts import AlertKind
from cmxero_desktop.services.verbs.commands.saying import SayTyped
from cmxero_desktop.services.verbs.commands.viewing import ReportCopying
from cmxero_desktop.ui.desk.desk import WindowDesk
from cmxero_desktop.ui.theme.badge import Badge
from cmxero_desktop.ui.theme.colours import Tone
from cmxero_desktop.ui.theme.formatting import count, money
from cmxero_desktop.ui.theme.icons import Shape
from cmxero_desktop.ui.widgets.column import Column, number_in
from cmxero_desktop.ui.widgets.parts import Choice, label
from cmxero_desktop.ui.widgets.parts import row as row_of
from cmxero_desktop.ui.widgets.sheet import Sheet
from cmxero_desktop.ui.widgets.table_model import RowsModel
from cmxero_desktop.ui.widgets.table_or_empty import EmptyText, TableOrEmpty
from cmxero_desktop.ui.widgets.table_view import DeskTable

_TEXT = (
    "Xero's payments since the first check that somebody else copied to Case Manager: a person who types, or another "
    "program. Case Manager does not say when; what counts is which check saw a payment first. What was entered in Xero "
    "less than a day ago may still come. The payments that each figure counts are listed; choose below which."
)
_BADGES = {
    Fault.LATE: Badge("late", Tone.CAUTION, Shape.TRIANGLE, is_filled=False),
    Fault.MISSED: Badge("missed", Tone.CAUTION, Shape.TRIANGLE, is_filled=False),
    Fault.DOUBLED: Badge("doubled", Tone.DANGER, Shape.CROSS, is_filled=False),
    Good.IN_TIME: Badge("in time", Tone.GOOD, Shape.TICK, is_filled=False),
    Good.WAITING: Badge("may still come", Tone.MUTED, is_filled=False),
}
_TYPED = "A person types them"
_SIZE = (980, 460)


def show_copying(
    window: QWidget, desk: WindowDesk, come_back: Callable[[], object], said: Callable[[str], object]
) -> None:
    """Ask the desk how others copy, and show it; `come_back` asks for the other mode.

    Where a warning says that somebody copies as quickly as a program, a person can say that a person does.
    """

    def show(report: CopyingByOthers) -> None:
        content = desk.content
        sheet = CopyingSheet(report, None if content is None or content.may_write else come_back, window)
        if content is not None and any(alert.kind is AlertKind.QUICK_COPIES for alert in content.view.alerts):
            sheet.offer(_TYPED, lambda: desk.change(SayTyped(by=desk.approver), "Keeping it…", said))
        sheet.open()

    desk.ask(ReportCopying(), "Looking at what others copied…", show)


class CopyingSheet(Sheet):
    """The figures in a sentence, and a row for each payment that they count; first of what went wrong."""

    manual_chapter = "If Case Manager's own Xero link is on"
    is_explained = True

    def __init__(
        self, report: CopyingByOthers, come_back: Callable[[], object] | None, parent: QWidget | None = None
    ) -> None:
        """Show the report; `come_back` is offered while the desk only observes."""
        super().__init__("Copied by others", _TEXT, parent)
        self.figures = label(report.words, "title", is_wrapped=True)
        self.model: RowsModel[CopyingRow] = RowsModel(_columns(), lambda row: row.row_id, _sentence, self)
        self.table: DeskTable[CopyingRow] = DeskTable(self.model, "Copied by others", "The payments that are counted")
        table: TableOrEmpty[CopyingRow] = TableOrEmpty(self.table)
        self._choices = _choices(report)
        self.which = Choice("Which payments", [words for words, _, _ in self._choices])
        self.which.currentIndexChanged.connect(self._show_chosen)
        self._table = table
        self._show_chosen()
        self.body.addWidget(self.figures)
        self.body.addLayout(row_of(label("Show", "muted"), self.which, 1))
        self.body.addWidget(table, 1)
        if come_back is not None:
            self.offer("Go back to approving…", come_back)
        self.choose(self.add_button("Close", self.accept, "primary"))
        self.resize(*_SIZE)

    def _show_chosen(self) -> None:
        """List the payments of the chosen figure."""
        _, rows, nothing = self._choices[self.which.currentIndex()]
        self._table.say_when_empty(EmptyText(nothing))
        self.model.set_rows(rows)

    def offer(self, text: str, act: Callable[[], object]) -> None:
        """Offer a step at the left, which closes the sheet."""

        def leave() -> None:
            self.accept()
            act()

        self.add_left_button(text, leave)


def _choices(report: CopyingByOthers) -> tuple[tuple[str, tuple[CopyingRow, ...], str], ...]:
    """Return what can be chosen: its words with their number, the payments, and what stands there without any."""
    late = tuple(row for row in report.rows if row.what is Fault.LATE)
    copied = (*late, *(row for row in report.good if row.what is Good.IN_TIME))
    waiting = tuple(row for row in report.good if row.what is Good.WAITING)
    found = (
        ("What went wrong", report.rows, "Nothing was late, missed or doubled"),
        ("Copied by others", copied, "Others copied nothing"),
        ("May still come", waiting, "Nothing is waited for"),
        ("All of it", (*report.rows, *report.good), "Nothing was entered in Xero since the first check"),
    )
    return tuple((f"{words} ({count(len(rows))})", rows, nothing) for words, rows, nothing in found)


def _columns() -> tuple[Column[CopyingRow], ...]:
    return (
        Column(key="fault", title="What", text=lambda row: row.what, badges=lambda row: (_BADGES[row.what],), width=20),
        Column(
            key="invoice",
            title="Invoice",
            text=lambda row: row.invoice_number,
            sort_key=lambda row: number_in(row.invoice_number),
            width=14,
        ),
        Column(
            key="date",
            title="Date paid",
            text=lambda row: day(row.paid_on),
            sort_key=lambda row: (row.paid_on.toordinal(), ""),
            width=14,
        ),
        Column(
            key="amount",
            title="Amount",
            text=lambda row: money(row.amount),
            sort_key=lambda row: (row.amount.minor, ""),
            width=13,
            is_right=True,
        ),
        Column(
            key="why",
            title="Why",
            text=lambda row: row.explanation,
            tooltip=lambda row: row.explanation,
            width=60,
            is_stretched=True,
        ),
    )


def _sentence(row: CopyingRow) -> str:
    return f"{row.what}: {row.amount} on {row.invoice_number}. {row.explanation}"
