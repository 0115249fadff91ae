"""What is said of a payment that a rule leaves: why it waits, and what would let it in."""

from collections.abc import Iterable
from datetime import date

from cmxero_desktop.domain.control_total import ControlTotal
from cmxero_desktop.domain.policy import Policy
from cmxero_desktop.domain.records import CasePayment, InvoiceSnapshot, Side, UnreadableRow, XeroPayment
from cmxero_desktop.domain.wording import day


def no_invoice(snapshot: InvoiceSnapshot) -> str:
    """Explain NO_INVOICE (R4), with the invoice whose number is hardly another, or who has its invoice there (R1)."""
    parts = [f"{snapshot.number} was not found in Case Manager."]
    if snapshot.near_number:
        parts.append(has_near(snapshot.near_number))
    if snapshot.rivals:
        parts.append(f"Its invoice there may be {' or '.join(snapshot.rivals)}.")
    return " ".join(parts)


def has_near(near: str) -> str:
    """Name the invoice of Case Manager whose number is hardly another than Xero's (R1)."""
    return f"Case Manager has invoice {near}."


def other_currency(xero: XeroPayment, currency: str) -> str:
    """Explain CURRENCY (R6)."""
    return f"Paid in {xero.amount.currency}; the organisation's currency is {currency}."


def future_dated(xero: XeroPayment, today: date, policy: Policy) -> str:
    """Explain FUTURE_DATED (R13): how far ahead it is, and whose the limit is."""
    ahead = (xero.paid_on - today).days
    limit = "1 day" if policy.forward_dating_days == 1 else f"{policy.forward_dating_days} days"
    whose = (
        f"The firm's limit is {limit} (Settings, Matching, Forward dating)."
        if policy.is_forward_dating_own
        else f"Case Manager's own limit is {limit}; it is changed in Case Manager."
    )
    return f"Dated {day(xero.paid_on)}, {ahead} days ahead. {whose}"


def comes_to_review(ready_on: date) -> str:
    """Say when a future-dated payment comes back by itself."""
    return f"Nothing to do: comes to Review on {day(ready_on)}. If the date is wrong, correct it in Xero."


def control_total(control: ControlTotal) -> str:
    """Explain CONTROL_TOTAL (R22)."""
    if control.stated is None:
        return "The invoice could not be read in Xero, so its payments may not be complete."
    return (
        f"The payments known for this invoice add up to {control.added_up}, but Xero says {control.stated} was paid. "
        "Nothing is proposed until both agree."
    )


def notes_full(copy: CasePayment | None, limit: int) -> str:
    """Explain NOTES_FULL (R28)."""
    used = f" behind the {len(copy.notes)} already used" if copy else ""
    return (
        f"The line that names the Xero payment does not fit in the Notes{used} (Case Manager takes {limit} characters)."
    )


def unreadable(row: UnreadableRow) -> str:
    """Explain UNREADABLE (R30)."""
    return f"{row.place}: {row.problem}"


def beside_unreadable(rows: Iterable[UnreadableRow]) -> str:
    """Explain why an invoice with an unreadable row waits."""
    rows = tuple(rows)
    sides = " and ".join(sorted({"Xero" if row.side is Side.XERO else "Case Manager" for row in rows}))
    if any(row.is_invoice for row in rows):
        return f"The invoice itself could not be read in {sides}, so its sums prove nothing."
    return f"Another payment of this invoice could not be read in {sides}, so this one could be there already."
