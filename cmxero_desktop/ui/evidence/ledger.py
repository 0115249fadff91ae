"""Write both ledgers of an invoice as one table: what faces each other stands in one line, then what is owed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from cmxero_desktop.domain.consequences import LinkEffect
from cmxero_desktop.domain.correlation.balance import balance_of
from cmxero_desktop.domain.money import Money, named_money, total
from cmxero_desktop.domain.placements import Correlation
from cmxero_desktop.domain.proposals import Proposal
from cmxero_desktop.domain.records import CasePayment, XeroPayment
from cmxero_desktop.domain.wording import day
from cmxero_desktop.services.records.results import InvoiceResult
from cmxero_desktop.ui.theme.colours import Tones
from cmxero_desktop.ui.theme.strangers import in_rich_text

_MOST_LINES = 60


@dataclass(frozen=True, slots=True)
class _TableRow:
    """A row of the table, ready to be written: the cells of name and figures, and what is said of them."""

    style: str
    cells: str
    note: str = ""
    note_style: str = ""

    def html(self, *, is_narrow: bool) -> str:
        """Return it as one row, or as two where there is no room for what is said beside the figures."""
        row = f'<tr style="{self.style}">{self.cells}'
        if not is_narrow:
            return f'{row}<td style="{self.note_style}">{self.note}</td></tr>'
        below = (
            f'<tr style="{self.style}"><td colspan="3" align="right" style="{self.note_style}">{self.note}</td></tr>'
        )
        return f"{row}</tr>{below if self.note else ''}"


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """One line: a payment of either side, or both of a pair."""

    xero: XeroPayment | None
    case: CasePayment | None

    @property
    def paid_on(self) -> date:
        """Xero's date, else Case Manager's."""
        return self.xero.paid_on if self.xero is not None else self.case.paid_on if self.case is not None else date.max

    @property
    def note(self) -> str:
        """What is worth saying of it."""
        xero, case = self.xero, self.case
        reference = xero.reference if xero is not None else case.reference if case is not None else ""
        is_later = xero is not None and case is not None and xero.paid_on != case.paid_on
        parts = (
            reference,
            "deleted in Xero" if xero is not None and not xero.is_live else "",
            f"there {day(case.paid_on)}" if is_later and case is not None else "",
            "journalled" if case is not None and case.is_journalled else "",
        )
        return ", ".join(part for part in parts if part)


def ledger_lines(result: InvoiceResult) -> tuple[LedgerLine, ...]:
    """Return every payment of the invoice once, by date."""
    snapshot = result.snapshot
    mates = {xero.payment_id: case for xero, case in _pairs(result.correlation)}
    here = {payment.payment_id: payment for payment in snapshot.case_payments}
    lines = []
    for xero in snapshot.xero_payments:
        mate = mates.get(xero.payment_id)
        case = here.pop(mate.payment_id, None) if mate is not None else None
        lines.append(LedgerLine(xero, case))
    lines += [LedgerLine(None, case) for case in here.values()]
    return tuple(sorted(lines, key=lambda line: (line.paid_on, line.xero is None)))


def _pairs(correlation: Correlation) -> Iterator[tuple[XeroPayment, CasePayment]]:
    """Yield what faces each other: what a row would change or remove and what it was a copy of, and the pairs."""
    for proposal in correlation.proposals:
        original = proposal.replaced or proposal.xero
        if original is not None and proposal.case is not None:
            yield original, proposal.case
    for placement in correlation.placements:
        if placement.xero is not None and placement.case is not None:
            yield placement.xero, placement.case


def ledger_html(
    result: InvoiceResult,
    proposal: Proposal | None,
    tones: Tones,
    link: LinkEffect | None = None,
    *,
    is_narrow: bool = False,
) -> str:
    """Return both ledgers, and what each says is owed: now, after a link where one is offered, and after the change.

    Where they are narrow, what is said of a line stands below its figures, which leave no room beside them.
    """
    lines = ledger_lines(result)
    subject: set[object] = {payment.payment_id for payment in _about(proposal)}
    rows = [_row("Date paid", "Xero", "Case Manager", "", tones.muted)]
    rows += [_line_row(line, tones, is_subject=_is_of(line, subject)) for line in lines[:_MOST_LINES]]
    if len(lines) > _MOST_LINES:
        rows.append(_row(f"and {len(lines) - _MOST_LINES} more", "", "", "", tones.muted))
    rows += _sums(result, proposal, tones, link)
    written = "".join(row.html(is_narrow=is_narrow) for row in rows)
    return f'<table width="100%" cellspacing="0" cellpadding="3">{written}</table>'


def _about(proposal: Proposal | None) -> Iterator[XeroPayment | CasePayment]:
    if proposal is not None:
        yield from (payment for payment in (proposal.xero, proposal.replaced, proposal.case) if payment is not None)


def _is_of(line: LedgerLine, subject: set[object]) -> bool:
    return any(payment is not None and payment.payment_id in subject for payment in (line.xero, line.case))


def _line_row(line: LedgerLine, tones: Tones, *, is_subject: bool) -> _TableRow:
    weight = "bold" if is_subject else "normal"
    struck = "text-decoration:line-through;" if line.xero is not None and not line.xero.is_live else ""
    xero = f'<span style="{struck}">{line.xero.amount}</span>' if line.xero is not None else "-"
    case = str(line.case.amount) if line.case is not None else "-"
    cells = f'<td style="white-space:nowrap">{day(line.paid_on)}</td>{_figures(xero, case)}'
    return _TableRow(f"font-weight:{weight}", cells, in_rich_text(line.note), f"color:{tones.muted}")


def _sums(result: InvoiceResult, proposal: Proposal | None, tones: Tones, link: LinkEffect | None) -> list[_TableRow]:
    """Return the lines from the total to what is owed on both sides."""
    xero, case, snapshot = result.snapshot.xero_invoice, result.snapshot.case_invoice, result.snapshot
    if case is None:
        return [_TableRow("", f'<td colspan="3" style="color:{tones.muted}">Case Manager has no such invoice.</td>')]
    currency = case.total.currency
    paid = total((p.amount for p in snapshot.case_payments), currency)
    now, extra = balance_of(case, snapshot.case_payments), case.adjustments + case.refunds
    credited = xero.amount_credited if xero is not None else None
    due = xero.due if xero is not None else None
    invoiced, owed = _text(xero.total if xero is not None else None, currency), _text(due, currency)
    rows = [
        _row("Paid", _paid_in_xero(snapshot.xero_payments, currency), str(paid), "", tones.text),
        _row("Invoice total", invoiced, str(case.total), "", tones.text),
    ]
    if extra.minor or (credited is not None and credited.minor):
        less = _text(-credited if credited else None, currency)
        rows.append(_row("Adjustments and refunds", less, str(extra), "", tones.text))
    rows.append(_row("Owed now", owed, str(now), _apart(now, due), tones.text, is_bold=True))
    if proposal is not None:
        if link is not None and link.balance_after is not None:
            rows.append(_after("If the same", owed, link.balance_after, due, tones))
        after = proposal.balance_after if proposal.balance_after is not None else now - proposal.effect
        rows.append(_after("After adding" if link is not None else "After this", owed, after, due, tones))
    return rows


def _after(name: str, owed: str, after: Money, due: Money | None, tones: Tones) -> _TableRow:
    is_over = after.minor < 0
    note = "OVERPAID" if is_over else _apart(after, due)
    return _row(name, owed, str(after), note, tones.danger if is_over else tones.text, is_bold=True)


def _apart(case_manager: Money, xero: Money | None) -> str:
    """Say whether Case Manager's balance is Xero's amount due."""
    if xero is None or xero.currency != case_manager.currency:
        return ""
    less = xero - case_manager
    if not less.minor:
        return "agrees"
    return f"CM shows {less} less owing" if less.minor > 0 else f"CM shows {-less} more owing"


def _paid_in_xero(payments: tuple[XeroPayment, ...], home: str) -> str:
    """Add up what stands in Xero, each currency by itself."""
    sums = {each.amount.currency: Money.zero(each.amount.currency) for each in payments}
    for payment in payments:
        if payment.is_live:
            sums[payment.amount.currency] += payment.amount
    return " and ".join(named_money(sums[currency], home) for currency in sorted(sums)) or str(Money.zero(home))


def _text(amount: Money | None, home: str) -> str:
    return named_money(amount, home) if amount is not None else "-"


def _row(name: str, xero: str, case: str, note: str, colour: str, *, is_bold: bool = False) -> _TableRow:
    weight = "bold" if is_bold else "normal"
    cells = f"<td>{in_rich_text(name)}</td>{_figures(xero, case)}"
    return _TableRow(f"color:{colour};font-weight:{weight}", cells, in_rich_text(note))


def _figures(xero: str, case: str) -> str:
    return f'<td align="right">{xero}</td><td align="right">{case}</td>'
