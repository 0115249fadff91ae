"""What is said of what an invoice owes on both sides, and of what settles it beside payments."""

from collections.abc import Iterable
from datetime import date

from cmxero_desktop.domain.money import Money
from cmxero_desktop.domain.records import CasePayment, Settlement, SettlementKind, XeroPayment
from cmxero_desktop.domain.refunds import REFUND_KINDS
from cmxero_desktop.domain.wording import day, paid, several


def beside_unmatched(beside: Iterable[CasePayment], more: int = 0) -> str:
    """Explain `beside_unmatched` (R23a)."""
    return (
        f"Case Manager has {several(beside, more)} on this invoice that is not matched in Xero. It may be this money."
    )


def balance_differs(balance: Money | None, due: Money | None, cause: str) -> str:
    """Explain `balance_differs` (R24a)."""
    if balance is None or due is None:
        return f"Whether both debtor lists would agree is not known: {cause}."
    return f"After this Case Manager would show {balance} owing, Xero {due}: {cause}."


def totals_differ(here: Money, xero: Money) -> str:
    """Name two totals that differ."""
    apart = here - xero
    more = f"{apart} more in Case Manager" if apart.minor > 0 else f"{-apart} more in Xero"
    return f"the invoice's total is {here} in Case Manager and {xero} in Xero, {more}"


def refund_only_here(refunds: Money) -> str:
    """Name a refund that Xero does not have."""
    return f"a refund of {refunds} that Xero does not have"


def refund_on_both(refunds: Iterable[XeroPayment]) -> str:
    """Name a refund that Xero has too (R2)."""
    return f"a refund of {several(refunds)}, which Xero paid out of a credit or an overpayment"


SETTLED_NEXT = (
    "Not copied, and in no sum of payments. Enter an adjustment of this amount, with a minus, in Case Manager, if the "
    "invoice is still owed there."
)


MONEY_BACK_NEXT = (
    "Not copied, and in no sum of payments. Enter a refund in Case Manager if its payments or adjustments hold this "
    "money."
)


def settled(settlement: Settlement) -> str:
    """Explain what settled a part of an invoice without a payment (R2)."""
    return f"{settlement.amount} was settled in Xero by {_document(settlement.kind, settlement.number)}."


def _document(kind: SettlementKind, number: str) -> str:
    return f"{'an' if kind.value[0] in 'aeiou' else 'a'} {kind.value} {number}".rstrip()


def money_back(refund: XeroPayment) -> str:
    """Explain money that went back (R2)."""
    payer = f" to {refund.contact_name}" if refund.contact_name else ""
    document = _document(REFUND_KINDS[refund.payment_type], refund.invoice_number)
    return f"{paid(refund)} went back{payer} in Xero, out of {document}."


def adjustment_only_here(adjustments: Money) -> str:
    """Name an adjustment that Xero does not have."""
    return f"an adjustment of {adjustments} that Xero does not have"


def credit_only_there(credited: Money) -> str:
    """Name a credit that Case Manager's adjustments, made for something else, do not mirror."""
    return f"a credit of {credited} in Xero that no adjustment in Case Manager mirrors"


def unmatched_here(amount: Money) -> str:
    """Name leftovers."""
    return f"{amount} in Case Manager that matches nothing in Xero"


def would_overpay(before: Money, amount: Money, cause: str) -> str:
    """Explain `would_overpay` (R24)."""
    return f"The balance is {before}, the payment {amount}: {cause}."


def closed_period(name: str, end: date) -> str:
    """Explain `closed_period` (R33)."""
    return f"A date of this change is on or before {day(end)}: {name}."
