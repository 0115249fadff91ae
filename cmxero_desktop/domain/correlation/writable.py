"""What Case Manager's columns can take, as one idea that correlation and the writer both ask (R12)."""

from datetime import date

from cmxero_desktop.domain.identifiers import XeroPaymentId
from cmxero_desktop.domain.money import Money
from cmxero_desktop.domain.notes import with_mark
from cmxero_desktop.domain.policy import Policy


def reference_as_written(reference: str, present: str, policy: Policy) -> str:
    """Return Xero's reference as the column holds it, else the one that is there (R14)."""
    text = _held(reference, policy)
    return text[: policy.reference_limit] if text.strip() else present


def note_as_written(notes: str, payment_id: XeroPaymentId, policy: Policy) -> str | None:
    """Return the Notes with the line that names the payment; None where that does not fit (R28)."""
    text = with_mark(notes, payment_id)
    return text if policy.notes_limit is None or len(text) <= policy.notes_limit else None


def why_not_amount(amount: Money, policy: Policy) -> str:
    """Say why an amount cannot be entered as a payment, or nothing."""
    if amount.minor <= 0:
        return f"Xero shows {amount}; Case Manager takes no payment of zero or less."
    largest = policy.columns.largest_amount
    if largest is not None and amount.amount > largest:
        return f"{amount} is more than Case Manager's column can hold ({Money.of(largest, amount.currency)})."
    return ""


def why_not_date(paid_on: date, policy: Policy) -> str:
    """Say why Case Manager's column cannot hold a date, or nothing."""
    earliest, latest = policy.columns.earliest_date, policy.columns.latest_date
    if (earliest is not None and paid_on < earliest) or (latest is not None and paid_on > latest):
        return f"Case Manager's column cannot hold the date {paid_on.isoformat()}."
    return ""


def _held(text: str, policy: Policy) -> str:
    """Replace what the column cannot hold: control characters, half characters, and what its encoding lacks."""
    plain = "".join(c if c.isprintable() else " " for c in text)
    encoding = policy.columns.encoding
    return plain.encode(encoding, "replace").decode(encoding) if encoding else plain
