"""Lead from how far both sides' payments differ to how far their debtor lists do, each step by name (R22, R24a)."""

from collections.abc import Mapping
from enum import StrEnum

from cmxero_desktop.domain.money import Money


class BridgeStep(StrEnum):
    """What lets the debtor lists differ beside the payments, in the order in which it is said."""

    CREDITS = "credits and adjustments"
    REFUNDS = "refunds in Case Manager"
    TOTALS = "invoice totals"
    ONE_SIDE = "invoices that only one side has or counts"
    STATED = "invoices that Xero counts otherwise (draft, voided, or figures that do not add up)"


LEFT_OUT = "payments that only one of the two sums counts (before the start, unknown, or on no invoice of both)"


def beside_payments(
    *,
    owed: tuple[Money, Money],
    totals: tuple[Money, Money],
    paid: tuple[Money, Money],
    credited: Money,
    adjustments: Money,
    refunds: Money,
) -> Mapping[BridgeStep, int]:
    """Take apart by what, beside its payments, Case Manager is above Xero on an invoice, in cents.

    Each pair is what Xero has, and what Case Manager has.
    """
    (due, balance), (there, here), (paid_there, paid_here) = owed, totals, paid
    rest = (balance - due - paid_there + paid_here).minor
    is_there = any(amount.minor for amount in (due, there, paid_there, credited))
    is_here = any(amount.minor for amount in (here, paid_here, adjustments, refunds))
    if not (is_there and is_here):
        return {BridgeStep.ONE_SIDE: rest}
    steps = {
        BridgeStep.CREDITS: (credited + adjustments).minor,
        BridgeStep.REFUNDS: refunds.minor,
        BridgeStep.TOTALS: (here - there).minor,
    }
    return {**steps, BridgeStep.STATED: rest - sum(steps.values())}


def bridge(less_paid: Money, paid_apart: Money, beside: Mapping[BridgeStep, Money]) -> tuple[tuple[str, Money], ...]:
    """Return the steps from `less_paid`, what Case Manager has less of payments than Xero, to its debtors' excess.

    They add up to that; `paid_apart` is by how much the payments of the compared invoices differ.
    """
    steps = (("payments", less_paid), *((str(what), beside[what]) for what in BridgeStep if what in beside))
    return tuple((what, amount) for what, amount in (*steps, (LEFT_OUT, paid_apart - less_paid)) if amount.minor)


def bridge_words(less_paid: Money, difference: Money, steps: tuple[tuple[str, Money], ...]) -> str:
    """Say in one line why payments and debtors differ by other sums, by name and amount; they add up."""
    if less_paid == difference:
        return f"The payments differ by the same {_size(difference)} as the debtors." if difference.minor else ""
    parts = [f"{'+' if amount.minor > 0 else ''}{amount} {what}" for what, amount in steps]
    return (
        f"Payments differ by {_size(less_paid)}, debtors by {_size(difference)}: "
        f"{', '.join(parts)}; together {'+' if difference.minor > 0 else ''}{difference} in the debtors."
    )


def _size(amount: Money) -> Money:
    return Money.from_minor(abs(amount.minor), amount.currency)
