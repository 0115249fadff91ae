"""Write the evidence of a row as rich text: both sides, both ledgers of the invoice, and the row's history."""

from collections.abc import Iterable, Sequence
from datetime import date

from cmxero_desktop.domain.correlation.balance import balance_of
from cmxero_desktop.domain.money import Money, total
from cmxero_desktop.domain.proposals import Evidence, PaymentValues, Proposal
from cmxero_desktop.domain.wording import day
from cmxero_desktop.services.records.audit import AuditEntry
from cmxero_desktop.services.records.decisions import StoredProposal
from cmxero_desktop.services.records.results import InvoiceResult
from cmxero_desktop.services.viewing.desk_view import DeskView
from cmxero_desktop.ui.evidence.comparison import DIFFERENT, EQUAL, ComparedField
from cmxero_desktop.ui.theme.colours import Tones
from cmxero_desktop.ui.theme.formatting import moment
from cmxero_desktop.ui.theme.strangers import in_rich_text
from cmxero_desktop.ui.theme.words import what

_MOST_ENTRIES = 6
_MOST_PAYMENTS = 60


def comparison_html(fields: Iterable[ComparedField], tones: Tones) -> str:
    """Return both sides as a table with a sign between them."""
    head = (
        f'<tr><td></td><td style="color:{tones.muted}"><b>XERO</b> original</td><td></td>'
        f'<td style="color:{tones.muted}"><b>CASE MANAGER</b> copy</td></tr>'
    )
    lines = [head]
    for field in fields:
        colour = {EQUAL: tones.good, DIFFERENT: tones.danger}.get(field.sign, tones.muted)
        weight = "bold" if field.sign == DIFFERENT else "normal"
        lines.append(
            f'<tr><td style="color:{tones.muted};white-space:nowrap">{in_rich_text(field.name)}</td>'
            f'<td width="42%" style="font-weight:{weight}">{_text(field.xero)}</td>'
            f'<td align="center" style="color:{colour};font-weight:bold">{in_rich_text(field.sign)}</td>'
            f'<td width="42%" style="font-weight:{weight}">{_text(field.case_manager)}</td></tr>'
        )
    return f'<table width="100%" cellspacing="0" cellpadding="3">{"".join(lines)}</table>'


def evidence_html(evidence: Sequence[Evidence], tones: Tones) -> str:
    """Return the named tests as words with a tick or a cross."""
    marks = []
    for item in evidence:
        sign, colour = ("✓", tones.good) if item.holds else ("✗", tones.danger)
        said = item.name if item.holds else _denied(item.name)
        marks.append(f'<span style="color:{colour}"><b>{sign}</b> {in_rich_text(said)}</span>')
    return " &nbsp;&nbsp; ".join(marks)


def ledger_html(result: InvoiceResult, proposal: Proposal | None, tones: Tones) -> str:
    """Return every payment of the invoice on both sides, and the balance before and after."""
    snapshot = result.snapshot
    xero = [
        (p.paid_on, p.amount, p.reference, "" if p.is_live else "deleted")
        for p in sorted(snapshot.xero_payments, key=lambda p: (p.paid_on, p.payment_id))
    ]
    case = [
        (p.paid_on, p.amount, p.reference, "journalled" if p.is_journalled else "")
        for p in sorted(snapshot.case_payments, key=lambda p: (p.paid_on, p.payment_id.order))
    ]
    live = [amount for _, amount, _, note in xero if note != "deleted"]
    head = (
        f'<tr><td colspan="3" style="color:{tones.muted}"><b>XERO</b> {_sum_text(live)}</td>'
        f'<td>&nbsp;&nbsp;</td><td colspan="3" style="color:{tones.muted}"><b>CASE MANAGER</b> '
        f"{_sum_text([amount for _, amount, _, _ in case])}</td></tr>"
    )
    lines = [head]
    for number in range(min(max(len(xero), len(case)), _MOST_PAYMENTS)):
        left = _cells(xero[number], tones) if number < len(xero) else "<td></td><td></td><td></td>"
        right = _cells(case[number], tones) if number < len(case) else "<td></td><td></td><td></td>"
        lines.append(f"<tr>{left}<td></td>{right}</tr>")
    table = f'<table width="100%" cellspacing="0" cellpadding="3">{"".join(lines)}</table>'
    return table + _balance_html(result, proposal, tones)


def history_html(stored: StoredProposal | None, view: DeskView, number: str, tones: Tones) -> str:
    """Return what happened to the proposal, else to its invoice, the newest first."""
    entries = [e for e in view.history if stored is not None and e.event.proposal_id == stored.proposal_id]
    entries = entries or [e for e in view.history if number and e.event.invoice_number == number]
    lines = [_entry_html(entry, tones) for entry in sorted(entries, key=lambda e: -e.sequence)[:_MOST_ENTRIES]]
    if stored is not None:
        lines.append(f'<span style="color:{tones.muted}">{moment(stored.first_seen_at)}</span> first seen')
    return "<br>".join(lines) or f'<span style="color:{tones.muted}">Nothing was decided here yet.</span>'


def write_html(before: PaymentValues | None, after: PaymentValues | None, tones: Tones) -> str:
    """Say in one line what would be written."""
    if before is None and after is not None:
        kind = in_rich_text(after.payment_type)
        return f"Writes a payment of <b>{after.amount}</b> on <b>{day(after.paid_on)}</b>, {kind}."
    if after is None and before is not None:
        return (
            f'<span style="color:{tones.danger}">Deletes the payment of <b>{before.amount}</b> '
            f"on <b>{day(before.paid_on)}</b> from Case Manager.</span>"
        )
    if before is None or after is None:
        return ""
    changes = [
        f"{name} {in_rich_text(old) or '(blank)'} → <b>{in_rich_text(new) or '(blank)'}</b>"
        for name, old, new in _differences(before, after)
    ]
    return "Writes " + ", ".join(changes) + "." if changes else "Writes nothing."


def _differences(before: PaymentValues, after: PaymentValues) -> Iterable[tuple[str, str, str]]:
    if before.amount != after.amount:
        yield "amount", str(before.amount), str(after.amount)
    if before.paid_on != after.paid_on:
        yield "date", day(before.paid_on), day(after.paid_on)
    if before.reference != after.reference:
        yield "reference", before.reference, after.reference
    if before.notes != after.notes:
        yield "Notes", "", after.notes.splitlines()[-1] if after.notes else ""


def _balance_html(result: InvoiceResult, proposal: Proposal | None, tones: Tones) -> str:
    invoice = result.snapshot.case_invoice
    if invoice is None:
        return f'<p style="color:{tones.muted}">Case Manager has no such invoice.</p>'
    now = balance_of(invoice, result.snapshot.case_payments)
    cells = [("Invoice total", str(invoice.total), tones.text)]
    extra = invoice.adjustments + invoice.refunds
    if extra.minor:
        cells.append(("Adjustments and refunds", str(extra), tones.text))
    cells.append(("Balance now", str(now), tones.text))
    if proposal is not None:
        after = proposal.balance_after if proposal.balance_after is not None else now - proposal.effect
        over = after.minor < 0
        cells.append(("Balance after", f"{after}{' OVERPAID' if over else ''}", tones.danger if over else tones.text))
    made = "".join(
        f'<td style="color:{tones.muted}">{name}<br><span style="color:{colour};font-weight:bold">{value}</span></td>'
        for name, value, colour in cells
    )
    return f'<table width="100%" cellspacing="0" cellpadding="3"><tr>{made}</tr></table>'


def _cells(payment: tuple[date, Money, str, str], tones: Tones) -> str:
    paid_on, amount, reference, note = payment
    struck = "text-decoration:line-through;" if note == "deleted" else ""
    said = in_rich_text(" ".join(part for part in (reference, note) if part))
    return (
        f'<td style="white-space:nowrap">{day(paid_on)}</td>'
        f'<td align="right" style="white-space:nowrap;{struck}">{amount}</td>'
        f'<td style="color:{tones.muted}">{said}</td>'
    )


def _sum_text(amounts: Sequence[Money]) -> str:
    payments = f"{len(amounts)} payment{'' if len(amounts) == 1 else 's'}"
    currencies = {amount.currency for amount in amounts}
    return f"{payments}, {total(amounts, currencies.pop())}" if len(currencies) == 1 else payments


def _entry_html(entry: AuditEntry, tones: Tones) -> str:
    event = entry.event
    reason = f": {in_rich_text(event.reason)}" if event.reason else ""
    at = f'<span style="color:{tones.muted}">{moment(event.at)}</span>'
    return f"{at} {in_rich_text(what(entry))} by {in_rich_text(event.by)}{reason}"


def _denied(name: str) -> str:
    """Say the opposite of a test that does not hold."""
    if name.endswith(" equal"):
        return f"{name.removesuffix('equal')}differs"
    return name.removeprefix("not ") if name.startswith("not ") else f"not {name}"


def _text(value: str) -> str:
    return in_rich_text(value) if value else "-"
