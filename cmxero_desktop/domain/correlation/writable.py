"""What Case Manager's columns can take, as one idea that correlation and the writer both ask (R12)."""

from datetime import date

from cmxero_desktop.domain.identifiers import XeroPaymentId
from cmxero_desktop.domain.money import Money
from cmxero_desktop.domain.notes import with_mark
from cmxero_desktop.domain.policy import Columns, Policy
from cmxero_desktop.domain.proposals import PaymentValues


def reference_as_written(reference: str, present: str, policy: Policy) -> str:
    """Return Xero's reference as the column holds it, else the one that is there (R14)."""
    if reference == present:
        return present
    # A column of fixed width keeps no blanks at the end.
    text = _held(reference, policy.columns)[: policy.reference_limit].rstrip()
    return text or present


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


def why_not_written(values: PaymentValues, before: PaymentValues | None, policy: Policy) -> str:
    """Say why these values cannot be written, or nothing; what a payment had `before` may stay as it is.

    The writer asks this last, of what correlation made by the functions above.
    """
    reasons = {
        "amount": why_not_amount(values.amount, policy),
        "paid_on": why_not_date(values.paid_on, policy),
        "reference": _why_not_text("reference", values.reference, policy.reference_limit, policy.columns),
        "notes": _why_not_text("notes", values.notes, policy.notes_limit, policy.columns),
    }
    is_new = before is None
    return next(
        (w for field, w in reasons.items() if w and (is_new or getattr(before, field) != getattr(values, field))), ""
    )


def _why_not_text(what: str, text: str, limit: int | None, columns: Columns) -> str:
    if limit is not None and len(text) > limit:
        return f"The {what} would have {len(text)} characters, and the column takes {limit}."
    lacking = next((c for c in text if not _is_held(c, columns)), "")
    return f"The column of the {what} cannot hold the character {lacking!a}." if lacking else ""


def _held(text: str, columns: Columns) -> str:
    """Replace what the column cannot hold: control characters, half characters, and what its encoding lacks."""
    plain = "".join(c if c.isprintable() else " " for c in text)
    return "".join(c if _is_held(c, columns) else "?" for c in plain)


def _is_held(character: str, columns: Columns) -> bool:
    if character.isascii():
        return character != "\0"
    if character > "\uffff" and columns.is_basic_plane:
        return False
    try:
        character.encode(columns.encoding or "utf-8")
    except UnicodeEncodeError:
        return False
    return True
