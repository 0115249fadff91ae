"""Find what is odd about an invoice whatever its payments say: renumbered, voided, not the only one (R1, R2)."""

from collections.abc import Iterable
from datetime import UTC, datetime

from cmxero_desktop.domain.correlation.balance import balance_of
from cmxero_desktop.domain.money import total
from cmxero_desktop.domain.rules import Rule
from cmxero_desktop.domain.scope import DEAD
from cmxero_desktop.domain.wording_elsewhere import renumbered
from cmxero_desktop.services.correlation.alert_events import renumbering_key
from cmxero_desktop.services.correlation.snapshots import NO_NUMBER_WORDS, XeroSide
from cmxero_desktop.services.records.alerts import Alert, AlertKind
from cmxero_desktop.services.records.readings import CaseInvoiceSide

_NOT_RAISED = datetime.min.replace(tzinfo=UTC)


def warnings_of(side: XeroSide, case: CaseInvoiceSide | None) -> tuple[Alert, ...]:
    """Return the alerts that an invoice gives cause to; whoever tells them says when they were raised."""
    return (*_renumbered(side, case), *_voided(side, case), *_shared(side))


def _renumbered(side: XeroSide, case: CaseInvoiceSide | None) -> Iterable[Alert]:
    """Tell of one that bears another number by now, also without a payment, until it is said which it is (R1)."""
    if side.is_renumbered:
        yield Alert(
            key=renumbering_key(side.invoice_id, side.renumbered_to),
            kind=AlertKind.RENUMBERED,
            rule=Rule.R1,
            explanation=renumbered(
                side.renumbered_from or NO_NUMBER_WORDS,
                side.renumbered_to or NO_NUMBER_WORDS,
                case.invoice if case is not None else None,
            ),
            next_step="Say which invoice of Case Manager it is, or give it its old number in Xero.",
            raised_at=_NOT_RAISED,
            invoice_number=side.number,
        )


def _voided(side: XeroSide, case: CaseInvoiceSide | None) -> Iterable[Alert]:
    """Tell of one that is void in Xero while Case Manager still holds payments of it, or money owed (R2)."""
    number, invoice = side.number, side.invoice
    if case is None or invoice is None or invoice.status not in DEAD:
        return
    balance = balance_of(case.invoice, case.payments)
    if case.payments or balance.minor:
        yield Alert(
            key=f"voided:{invoice.invoice_id}",
            kind=AlertKind.VOIDED,
            rule=Rule.R2,
            explanation=(
                f"Invoice {number} is {invoice.status.lower()} in Xero, and Case Manager still holds it, "
                f"with {total((p.amount for p in case.payments), balance.currency)} paid and {balance} owed."
            ),
            next_step="Cancel it in Case Manager too, or adjust it to nothing, if it is not to be paid.",
            raised_at=_NOT_RAISED,
            invoice_number=number,
            amount=balance,
        )


def _shared(side: XeroSide) -> Iterable[Alert]:
    """Tell of a number that more than one living invoice of Xero's bears: which of them is Case Manager's? (R1)."""
    if side.is_shared:
        of_whom = " and ".join(f"one of {i.total} to {i.contact_name or '(no name)'}" for i in side.all_living)
        yield Alert(
            key=":".join(["number-shared", *sorted(invoice.invoice_id for invoice in side.all_living)]),
            kind=AlertKind.NUMBER_SHARED,
            rule=Rule.R1,
            explanation=(
                f"Xero has {len(side.all_living)} invoices that are called {side.number} and are not void: {of_whom}. "
                "None of their payments can be approved."
            ),
            next_step="Give each its own number in Xero, or void what is there by mistake.",
            raised_at=_NOT_RAISED,
            invoice_number=side.number,
        )
