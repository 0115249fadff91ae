"""Write the whole desk as an Excel workbook: one sheet for each list, amounts as numbers, text always as text."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from operator import itemgetter
from pathlib import Path
from typing import Generic, TypeVar

import xlsxwriter
from xlsxwriter.exceptions import XlsxWriterException
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from cmxero_desktop.domain.debtor_lists import CauseTotal, DebtorLine, DebtorLists
from cmxero_desktop.domain.desk_notes import follow_up_of, owner_of, text_of
from cmxero_desktop.domain.errors import DeskError
from cmxero_desktop.domain.leaving import when_row_leaves, when_skipped_leaves
from cmxero_desktop.domain.money import Money
from cmxero_desktop.domain.proposals import PaymentValues
from cmxero_desktop.domain.sor.alerts import SorAlert
from cmxero_desktop.domain.sor.board import SorRow
from cmxero_desktop.domain.sor.words import KIND_WORDS, STATE_WORDS
from cmxero_desktop.domain.strangers import harmless, is_formula, shortened
from cmxero_desktop.domain.ways import in_both
from cmxero_desktop.domain.wording_balances import money_back
from cmxero_desktop.services.records.alerts import Alert
from cmxero_desktop.services.records.audit import AuditEntry
from cmxero_desktop.services.records.reports import ShownList
from cmxero_desktop.services.viewing.desk_view import DeskView, MoneyBackRow, PaymentRow, ReviewRow, SettlementRow
from cmxero_desktop.services.viewing.statement import newest_hash

Cell = str | date | Decimal | Money | None
R = TypeVar("R")
Row_contra = TypeVar("Row_contra", contravariant=True)
_WIDTHS = {
    "Why": 70,
    "Bill To": 26,
    "Next step": 50,
    "Leaves": 50,
    "Note": 50,
    "Before": 44,
    "After": 44,
    "Reason": 30,
    "Line": 46,
    "Entry to make": 60,
}
_WIDTH = 16
_UNKNOWN = "unknown"
_LONGEST_TEXT, _MOST_ROWS = 32_767, 1_048_575
_MORE_ROWS = "There are more rows, and a sheet of a workbook takes no more than these."
# Excel keeps fifteen digits; a larger amount is written as text rather than rounded.
_EXACT_BELOW = Decimal(10) ** 13


@dataclass(frozen=True, slots=True)
class _Column(Generic[Row_contra]):
    title: str
    cell: Callable[[Row_contra], Cell]


def write_workbook(view: DeskView, debtors: DebtorLists | None, path: Path) -> Path:
    """Write the workbook, with the `debtors` if there are any, and return its path.

    Raises DeskError where it cannot be written.
    """

    def fill(book: "_Book") -> None:
        _fill(book, view)
        if debtors is not None:
            book.sheet("Debtors", _DEBTORS, debtors.lines)
            book.sheet("Debtors by cause", _CAUSES, debtors.causes, below=debtors.bridge_line)

    return _write(path, fill)


def write_list(shown: ShownList, path: Path) -> Path:
    """Write one list as it is shown, and return its path. Raises DeskError where it cannot be written."""
    return write_lists([shown], path)


def write_lists(shown: Sequence[ShownList], path: Path) -> Path:
    """Write lists as one sheet each, and return the path. Raises DeskError where it cannot be written."""

    def fill(book: "_Book") -> None:
        for one in shown:
            columns = [_Column(title, itemgetter(place)) for place, title in enumerate(one.titles)]
            book.sheet(one.name, columns, one.rows)

    return _write(path, fill)


def _write(path: Path, fill: Callable[["_Book"], object]) -> Path:
    if path.suffix.lower() != ".xlsx":
        message = f"{path} does not end in .xlsx."
        raise DeskError(message, "Give the workbook a name such as desk.xlsx.")
    try:
        with closing(_Book(path)) as book:
            fill(book)
    except (OSError, XlsxWriterException) as error:
        message = f"{path} could not be written: {error}."
        raise DeskError(message, "Close it where it is open, or choose another folder.") from error
    return path


class _Book:
    """The workbook while it is being written."""

    def __init__(self, path: Path) -> None:
        # A reference such as =HYPERLINK(...) is what somebody typed into a payment, never a formula of ours.
        options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
        self._book = xlsxwriter.Workbook(str(path), options)
        self._head: Format = self._book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        self._money: Format = self._book.add_format({"num_format": "#,##0.00;-#,##0.00"})
        self._day: Format = self._book.add_format({"num_format": "d mmm yyyy"})
        self._text: Format = self._book.add_format({"valign": "top"})
        # It stays text in the spreadsheet too, where somebody goes into the cell and leaves it again.
        self._typed: Format = self._book.add_format({"valign": "top", "quote_prefix": True})

    def close(self) -> None:
        self._book.close()

    def sheet(self, name: str, columns: Sequence[_Column[R]], rows: Iterable[R], *, below: str = "") -> None:
        """Add a sheet with a frozen, filterable heading; what stands `below` its rows belongs to none of them."""
        sheet = self._book.add_worksheet(name)
        for place, column in enumerate(columns):
            sheet.set_column(place, place, _WIDTHS.get(column.title, _WIDTH))
            sheet.write_string(0, place, column.title, self._head)
        last = 0
        for last, row in enumerate(rows, start=1):
            if last == _MOST_ROWS:
                # A workbook drops what is beyond its end without a word.
                sheet.write_string(last, 0, _MORE_ROWS, self._text)
                break
            for place, column in enumerate(columns):
                self._write(sheet, last, place, column.cell(row))
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, max(last, 1), len(columns) - 1)
        if below:
            sheet.write_string(last + 2, 0, below, self._text)

    def _write(self, sheet: Worksheet, row: int, place: int, cell: Cell) -> None:
        if cell is None:
            return
        number = cell.amount if isinstance(cell, Money) else cell
        if isinstance(number, Decimal) and abs(number) < _EXACT_BELOW:
            sheet.write_number(row, place, float(number), self._money if number.as_tuple().exponent else self._text)
        elif isinstance(cell, date):
            sheet.write_datetime(
                row,
                place,
                datetime(cell.year, cell.month, cell.day, tzinfo=UTC).replace(tzinfo=None),
                self._day,
            )
        else:
            # A longer one would be dropped without a word.
            text = shortened(harmless(str(cell)), _LONGEST_TEXT)
            sheet.write_string(row, place, text, self._typed if is_formula(text) else self._text)


def _fill(book: _Book, view: DeskView) -> None:
    book.sheet("Review", [*_REVIEW, *_NOTED], view.review)
    book.sheet("Matched", [*_PAYMENT, _MATCHED_HOW, *_NOTED], view.matched)
    book.sheet(
        "Unmatched",
        [_Column("Only in", lambda r: r.placement.side.value.replace("_", " ")), *_PAYMENT, *_NOTED, *_FOLLOWED],
        view.unmatched,
    )
    book.sheet("Skipped", [*_SKIPPED, *_PAYMENT, *_NOTED, *_FOLLOWED], view.skipped)
    book.sheet("Settled another way", _SETTLED, view.settled_another_way)
    book.sheet("Money went back", _MONEY_BACK, view.money_back)
    book.sheet("SOR schedules", _SOR, view.sor.rows)
    book.sheet("SOR alerts", _SOR_ALERTS, view.sor.alerts)
    book.sheet("Warnings", _WARNINGS, view.alerts)
    book.sheet("History", _HISTORY, view.history)
    if view.tie_out is not None:
        statement = view.tie_out
        lines: list[tuple[str, str, Money | None]] = [("Xero", "", statement.xero_total)]
        lines += [(line.label, str(line.payments), line.amount) for line in statement.lines]
        lines += [
            ("Case Manager", "", statement.case_manager_total),
            ("Difference not explained", "", statement.difference),
            ("Newest hash of the audit trail", newest_hash(view), None),
            ("Date, name and signature", "", None),
        ]
        book.sheet("Tie-out", _TIE_OUT, lines)


def _values(values: PaymentValues | None) -> str:
    if values is None:
        return ""
    return f"{values.paid_on.isoformat()} {values.amount.amount} {values.reference} {values.notes}".strip()


_REVIEW: list[_Column[ReviewRow]] = [
    _Column("Id", lambda r: r.row_id),
    _Column("Change", lambda r: r.stored.proposal.kind.value),
    _Column("State", lambda r: r.stored.state.value),
    _Column("Until", lambda r: r.stored.held_until),
    _Column("Invoice", lambda r: r.stored.proposal.invoice_number),
    _Column("Bill To", lambda r: r.bill_to),
    _Column("Date paid", lambda r: r.stored.proposal.paid_on),
    _Column("Amount", lambda r: r.stored.proposal.amount),
    _Column("Before", lambda r: _values(r.stored.proposal.before)),
    _Column("After", lambda r: _values(r.stored.proposal.after)),
    _Column("Flags", lambda r: ", ".join(sorted(flag.value for flag in r.stored.proposal.flags))),
    _Column("Balance after", lambda r: r.stored.proposal.balance_after),
    _Column("Why", lambda r: r.stored.proposal.explanation),
    _Column("Leaves", lambda r: when_row_leaves(r.stored.proposal, r.stored.state, r.stored.held_until)),
]
_PAYMENT: list[_Column[PaymentRow]] = [
    _Column("Invoice", lambda r: r.placement.invoice_number),
    _Column("Bill To", lambda r: r.bill_to),
    _Column("Date paid", lambda r: r.paid_on),
    _Column("Amount", lambda r: r.amount),
    _Column("Reference", lambda r: r.reference),
    _Column("Xero payment", lambda r: r.placement.xero.payment_id if r.placement.xero else None),
    _Column("Case payment", lambda r: str(r.placement.case.payment_id) if r.placement.case else None),
    _Column("Why", lambda r: r.placement.explanation),
]
_MATCHED_HOW: _Column[PaymentRow] = _Column(
    "Matched how", lambda r: r.placement.matched_how.value if r.placement.matched_how else None
)
_SKIPPED: list[_Column[PaymentRow]] = [
    _Column("Reason", lambda r: r.placement.reason.value if r.placement.reason else None),
    _Column("Ready on", lambda r: r.placement.ready_on),
    _Column("Next step", lambda r: r.placement.next_step),
    _Column("Leaves", lambda r: when_skipped_leaves(r.placement)),
]


def _day(at: datetime) -> date:
    """Return the day of an instant on this computer's clock, by which the window writes it too."""
    return at.astimezone().date()


_NOTED: list[_Column[ReviewRow | PaymentRow]] = [
    _Column("Note", lambda r: text_of(r.notes)),
    _Column("Noted by", lambda r: r.notes[0].by if r.notes else None),
    _Column("Noted on", lambda r: _day(r.notes[0].at) if r.notes else None),
]
_FOLLOWED: list[_Column[PaymentRow]] = [
    _Column("Owner", lambda r: owner_of(r.notes)),
    _Column("Follow up", lambda r: follow_up_of(r.notes)),
]
_SETTLED: list[_Column[SettlementRow]] = [
    _Column("Invoice", lambda r: r.invoice_number),
    _Column("Contact", lambda r: r.contact_name),
    _Column("By", lambda r: r.settlement.kind.value),
    _Column("Number", lambda r: r.settlement.number),
    _Column("Date", lambda r: r.settlement.settled_on),
    _Column("Amount", lambda r: r.settlement.amount),
]
_MONEY_BACK: list[_Column[MoneyBackRow]] = [
    _Column("Invoice", lambda r: r.invoice_number),
    _Column("Contact", lambda r: r.refund.contact_name),
    _Column("Date", lambda r: r.refund.paid_on),
    _Column("Amount", lambda r: r.refund.amount),
    _Column("Reference", lambda r: r.refund.reference),
    _Column("Xero payment", lambda r: r.refund.payment_id),
    _Column("Why", lambda r: money_back(r.refund)),
]
_WARNINGS: list[_Column[Alert]] = [
    _Column("What", lambda r: r.kind.value.replace("_", " ")),
    _Column("Invoice", lambda r: r.invoice_number),
    _Column("Amount", lambda r: r.amount),
    _Column("Since", lambda r: _day(r.raised_at)),
    _Column("Why", lambda r: in_both(r.explanation)),
    _Column("Next step", lambda r: in_both(r.next_step)),
]
_SOR: list[_Column[SorRow]] = [
    _Column("Invoice", lambda r: r.invoice_number),
    _Column("Bill To", lambda r: r.bill_to),
    _Column("Schedule", lambda r: r.schedule.schedule_id),
    _Column("State", lambda r: r.schedule.state.value),
    _Column("How we know", lambda r: r.schedule.source.value),
    _Column("Schedule total", lambda r: r.total),
    _Column("Instalments so far", lambda r: r.written),
    _Column("Outside payments", lambda r: r.outside),
    _Column("Other changes", lambda r: str(r.other_changes)),
    _Column("Due in Xero", lambda r: r.due),
    _Column("Tried again on", lambda r: r.schedule.tried_again_on),
    _Column("Debit date", lambda r: r.leading.debit_on if r.leading else None),
    _Column("At risk", lambda r: next(iter(r.at_risk), None)),
]
_SOR_ALERTS: list[_Column[SorAlert]] = [
    _Column("Invoice", lambda r: r.invoice_number),
    _Column("What", lambda r: KIND_WORDS[r.kind]),
    _Column("State", lambda r: STATE_WORDS[r.state]),
    _Column("First seen", lambda r: r.first_seen_on),
    _Column("Debit date", lambda r: r.debit_on),
    _Column("Date is", lambda r: r.debit_date_is.value if r.debit_date_is else None),
    _Column("Last safe day", lambda r: r.last_safe_day),
    _Column("At risk", lambda r: r.at_risk),
    _Column("Removed on", lambda r: r.removed_on),
    _Column("By, from Xero's history", lambda r: r.history.line.who if r.history.line else None),
    _Column("Why", lambda r: in_both(r.explanation)),
    _Column("Next step", lambda r: in_both(r.next_step)),
]
_HISTORY: list[_Column[AuditEntry]] = [
    _Column("No.", lambda r: str(r.sequence)),
    _Column("When", lambda r: r.event.at.isoformat(timespec="seconds")),
    _Column("Who", lambda r: r.event.by),
    _Column("What", lambda r: r.event.what.value),
    _Column("Invoice", lambda r: r.event.invoice_number),
    # Of a note what it said; what it says now stands in the reason.
    _Column("Before", lambda r: r.event.evidence.get("before") or _values(r.event.before)),
    _Column("After", lambda r: _values(r.event.after)),
    _Column("Reason", lambda r: r.event.reason),
    _Column("Database", lambda r: r.event.database),
    _Column("Hash", lambda r: r.entry_hash),
]
_DEBTORS: list[_Column[DebtorLine]] = [
    _Column("Invoice", lambda r: r.invoice_number),
    _Column("Contact", lambda r: r.contact),
    _Column("Bill To", lambda r: r.bill_to),
    _Column("Status in Xero", lambda r: r.status),
    _Column("Due in Xero", lambda r: r.due_xero or _UNKNOWN),
    _Column("Balance in Case Manager", lambda r: r.balance_case_manager or _UNKNOWN),
    _Column("Case Manager is above Xero", lambda r: r.difference or _UNKNOWN),
    _Column("Why", lambda r: "; ".join(f"{x.cause} {x.amount or ''}".strip() for x in r.reasons)),
    _Column("Counts twice", lambda r: "perhaps" if any(x.counts_twice for x in r.reasons) else ""),
    _Column("Entry to make", lambda r: r.entries),
    # What leads to a figure that is not known is left blank: an older one would be taken for today's.
    _Column("Total in Xero", lambda r: r.total_xero if r.due_xero else None),
    _Column("Total in Case Manager", lambda r: r.total_case_manager if r.balance_case_manager else None),
    _Column("Credited in Xero", lambda r: r.credited if r.due_xero else None),
    _Column("Adjustments", lambda r: r.adjustments if r.balance_case_manager else None),
    _Column("Refunds", lambda r: r.refunds if r.balance_case_manager else None),
    _Column("Paid in Xero", lambda r: r.paid_xero if r.due_xero else None),
    _Column("Paid in Case Manager", lambda r: r.paid_case_manager if r.balance_case_manager else None),
]
_CAUSES: list[_Column[CauseTotal]] = [
    _Column("Why", lambda r: r.cause.value),
    _Column("Invoices", lambda r: str(r.invoices)),
    _Column("Case Manager is above Xero", lambda r: r.amount or _UNKNOWN),
    _Column("Counts twice", lambda r: "perhaps" if r.counts_twice else ""),
    _Column("Entry to make", lambda r: r.step),
]
_TIE_OUT: list[_Column[tuple[str, str, Money | None]]] = [
    _Column("Line", lambda r: r[0]),
    _Column("Payments", lambda r: r[1]),
    _Column("Amount", lambda r: r[2]),
]
