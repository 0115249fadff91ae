"""Keep the memory of pairs: what a correlation found is remembered, and what the facts contradict ends (R7a)."""

from collections.abc import Iterable
from datetime import datetime

from cmxero_desktop.domain.memory import PairedHow, RememberedPair
from cmxero_desktop.domain.placements import Bucket, Correlation, MatchedHow
from cmxero_desktop.domain.records import InvoiceSnapshot


def pairs_found(correlation: Correlation, since: datetime) -> tuple[RememberedPair, ...]:
    """Return the pairs that a correlation matched; what a person accepted as a set is kept as a set, not as pairs."""
    return tuple(
        RememberedPair(
            xero_id=row.xero.payment_id,
            case_id=row.case.payment_id,
            invoice_number=row.invoice_number,
            amount=row.case.amount,
            paid_on=row.case.paid_on,
            how=PairedHow.NAMED if row.matched_how is MatchedHow.LINKED else PairedHow.EQUAL,
            since=since,
        )
        for row in correlation.placements
        if row.bucket is Bucket.MATCHED
        and row.matched_how is not MatchedHow.ACCEPTED
        and row.xero is not None
        and row.case is not None
    )


def pairs_ended(pairs: Iterable[RememberedPair], snapshot: InvoiceSnapshot) -> tuple[RememberedPair, ...]:
    """Return the pairs of the invoice that hold no longer: the key is gone from it, or both its values changed.

    Keys are used again, so an ended pair is never used again, whatever stands under its key later.
    """
    payments = {p.payment_id: p for p in snapshot.case_payments}

    def has_ended(pair: RememberedPair) -> bool:
        payment = payments.get(pair.case_id)
        return payment is None or (payment.amount != pair.amount and payment.paid_on != pair.paid_on)

    return tuple(pair for pair in pairs if has_ended(pair))


def remembered(
    pairs: Iterable[RememberedPair], snapshot: InvoiceSnapshot, correlation: Correlation, since: datetime
) -> tuple[RememberedPair, ...]:
    """Return the memory of one invoice after a correlation: what still holds, with what was found now.

    A pair that is found again takes the copy's present values and keeps its beginning.
    """
    pairs = tuple(pairs)
    ended = set(pairs_ended(pairs, snapshot))
    kept = {(p.xero_id, p.case_id): p for p in pairs if p not in ended}
    for found in pairs_found(correlation, since):
        before = kept.get((found.xero_id, found.case_id))
        same = before is not None and (before.amount, before.paid_on) == (found.amount, found.paid_on)
        kept[found.xero_id, found.case_id] = before if same and before is not None else found
    return tuple(kept.values())
