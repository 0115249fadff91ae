"""Both debtor lists side by side: what differs, why, and the entry to make."""

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from cmxero_desktop.domain.debtor_causes import CAUSE_WORDS
from cmxero_desktop.domain.debtor_lists import DebtorLine, DebtorLists
from cmxero_desktop.services.verbs.commands import CompareDebtors
from cmxero_desktop.ui.desk.desk import WindowDesk
from cmxero_desktop.ui.theme.formatting import count, plural
from cmxero_desktop.ui.widgets.column import Column
from cmxero_desktop.ui.widgets.parts import label
from cmxero_desktop.ui.widgets.sheet import Sheet
from cmxero_desktop.ui.widgets.table_model import RowsModel
from cmxero_desktop.ui.widgets.table_view import DeskTable

_SIZE = (1180, 420)


def show_debtors(desk: WindowDesk, window: QWidget) -> None:
    """Compare the lists as both sides are now, and show them."""
    desk.ask(CompareDebtors(), "Comparing the debtor lists…", lambda lists: DebtorsSheet(lists, window).open())


class DebtorsSheet(Sheet):
    """Shows the invoices on which the two lists differ; the totals are over all invoices."""

    def __init__(self, lists: DebtorLists, parent: QWidget | None = None) -> None:
        """Show the lists."""
        super().__init__("Debtors", summary_of(lists), parent)
        model: RowsModel[DebtorLine] = RowsModel(_columns(), lambda line: line.invoice_number, _sentence, self)
        self.table: DeskTable[DebtorLine] = DeskTable(model, "Debtors", "Invoices on which the two debtor lists differ")
        self.table.setMinimumSize(*_SIZE)
        model.set_rows(sorted(lists.lines, key=lambda line: -abs(line.difference.minor)))
        if lists.lines:
            self.body.addWidget(self.table)
        self.totals = label(
            f"All {count(lists.invoices)} invoices: due in Xero {lists.due_xero}, "
            f"balance in Case Manager {lists.balance_case_manager}.",
            "muted",
        )
        self.body.addWidget(self.totals)
        self.add_left_button("&Copy", self._copy)
        self.choose(self.add_button("Close", self.accept, "primary"))

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.table.rows_as_text())


def summary_of(lists: DebtorLists) -> str:
    """Say what a person wants to know first."""
    if not lists.lines:
        return "Both debtor lists agree on every invoice."
    cents = lists.difference.minor
    amount = lists.difference if cents > 0 else -lists.difference
    where = f"Case Manager is {amount} {'above' if cents > 0 else 'below'} Xero" if cents else "In sum both lists agree"
    named = "all of it named" if not lists.unexplained.minor else f"{lists.unexplained} of it not explained"
    return f"{where}, {named}: {plural(len(lists.lines), 'invoice')}."


def why(line: DebtorLine) -> str:
    """Name the causes, each with its amount, and mark what may count money twice."""
    parts = (f"{r.cause} {r.amount}{' (may count twice)' if r.counts_twice else ''}" for r in line.reasons)
    return "; ".join(parts)


def _entry(line: DebtorLine) -> str:
    return " ".join(dict.fromkeys(CAUSE_WORDS[r.cause].entry for r in line.reasons))


def _sentence(line: DebtorLine) -> str:
    return f"{line.invoice_number}: Xero {line.due_xero}, Case Manager {line.balance_case_manager}, {why(line)}"


def _columns() -> tuple[Column[DebtorLine], ...]:
    return (
        Column(key="invoice", title="Invoice", text=lambda line: line.invoice_number, width=12),
        Column(key="bill_to", title="Bill To", text=lambda line: line.bill_to or line.contact, width=20),
        Column(
            key="due",
            title="Due in Xero",
            text=lambda line: str(line.due_xero),
            sort_key=lambda line: (line.due_xero.minor, ""),
            width=13,
            is_right=True,
        ),
        Column(
            key="balance",
            title="Case Manager",
            text=lambda line: str(line.balance_case_manager),
            sort_key=lambda line: (line.balance_case_manager.minor, ""),
            width=13,
            is_right=True,
        ),
        Column(
            key="difference",
            title="Difference",
            text=lambda line: str(line.difference),
            sort_key=lambda line: (line.difference.minor, ""),
            width=13,
            is_right=True,
        ),
        Column(key="why", title="Why", text=why, tooltip=why, width=44),
        Column(key="entry", title="Entry to make", text=_entry, tooltip=_entry, width=44, is_stretched=True),
    )
