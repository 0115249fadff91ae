"""Keep the memory of pairs: what a correlation found is remembered, and what the facts contradict ends (R7a)."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from cmxero_desktop.domain.identifiers import CasePaymentId
from cmxero_desktop.domain.memory import AcceptedSet, Explanation, Member, PairedHow, RememberedPair
from cmxero_desktop.domain.money import Money
from cmxero_desktop.domain.notes import read_mark
from cmxero_desktop.domain.placements import Bucket, Correlation, MatchedHow
from cmxero_desktop.domain.policy import Policy
from cmxero_desktop.domain.records import CasePayment, InvoiceSnapshot, Side, XeroPayment
from cmxero_desktop.domain.scope import folded


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A remembered pair whose copy names another payment by now, although both payments are alive in Xero."""

    pair: RememberedPair
    copy: CasePayment
    named: XeroPayment


def pairs_found(snapshot: InvoiceSnapshot, correlation: Correlation, since: datetime) -> tuple[RememberedPair, ...]:
    """Return the pairs that a correlation matched, listed or not (R5), each on Case Manager's own invoice number.

    What a person accepted as a set is kept as a set, not as pairs.
    """
    listed = [
        (row.xero, row.case, PairedHow.NAMED if row.matched_how is MatchedHow.LINKED else PairedHow.EQUAL)
        for row in correlation.placements
        if row.bucket is Bucket.MATCHED and row.matched_how is not MatchedHow.ACCEPTED and row.xero and row.case
    ]
    xero = {p.payment_id: p for p in snapshot.xero_payments}
    case = {p.payment_id: p for p in snapshot.case_payments}
    hidden = [(xero[x], case[c], PairedHow.EQUAL) for x, c in correlation.hidden_pairs if x in xero and c in case]
    number = snapshot.case_invoice.number if snapshot.case_invoice is not None else ""
    return tuple(_pair(payment, copy, number, how, since) for payment, copy, how in (*listed, *hidden))


def _pair(xero: XeroPayment, case: CasePayment, number: str, how: PairedHow, since: datetime) -> RememberedPair:
    return RememberedPair(
        xero_id=xero.payment_id,
        case_id=case.payment_id,
        invoice_number=number,
        amount=case.amount,
        paid_on=case.paid_on,
        how=how,
        since=since,
    )


def pairs_ended(pairs: Iterable[RememberedPair], snapshot: InvoiceSnapshot) -> tuple[RememberedPair, ...]:
    """Return the pairs of the invoice that hold no longer: the key is gone from it, or both its values changed.

    Keys are used again, so an ended pair is never used again, whatever stands under its key later. A row that cannot
    be read just now is not gone, and one without even its key may be any (R30).
    """
    there = _Present(snapshot)

    def has_ended(pair: RememberedPair) -> bool:
        values = there.values_of(pair.case_id)
        return values is not None and pair.amount not in values and pair.paid_on not in values

    return tuple(pair for pair in pairs if has_ended(pair))


def sets_reopened(sets: Iterable[AcceptedSet], snapshot: InvoiceSnapshot) -> tuple[AcceptedSet, ...]:
    """Return the accepted sets of which a member changed: a copy is gone or another, or Xero deleted one (R19b)."""
    there = _Present(snapshot)
    deleted = {folded(p.payment_id) for p in snapshot.xero_payments if not p.is_live}

    def has_changed(member: Member) -> bool:
        if member.case_id is not None:
            return there.is_another(member.case_id, member.amount, member.paid_on)
        return member.xero_id is not None and folded(member.xero_id) in deleted

    return tuple(one for one in sets if any(map(has_changed, one.members)))


def explanations_ended(said: Iterable[Explanation], snapshot: InvoiceSnapshot) -> tuple[Explanation, ...]:
    """Return what was said of case payments that are gone, or whose amount or date is another by now (R19a)."""
    there = _Present(snapshot)
    return tuple(one for one in said if there.is_another(one.case_id, one.amount, one.paid_on))


class _Present:
    """What stands under the keys of an invoice; what cannot be read just now is not known to be gone (R30)."""

    def __init__(self, snapshot: InvoiceSnapshot) -> None:
        self._payments = {p.payment_id: p for p in snapshot.case_payments}
        self._unread = {row.case_payment_id for row in snapshot.unreadable if row.side is Side.CASE_MANAGER}

    def values_of(self, key: CasePaymentId) -> tuple[Money, date] | tuple[()] | None:
        """Return amount and date, nothing where the key is gone, None where nobody knows."""
        payment = self._payments.get(key)
        if payment is not None:
            return (payment.amount, payment.paid_on)
        return () if self._unread.isdisjoint({key, None}) else None

    def is_another(self, key: CasePaymentId, amount: Money, paid_on: date) -> bool:
        """Say whether the key is gone, or stands for another amount or date than these."""
        values = self.values_of(key)
        return values is not None and values != (amount, paid_on)


def pairs_contradicted(
    pairs: Iterable[RememberedPair], snapshot: InvoiceSnapshot, policy: Policy
) -> tuple[Contradiction, ...]:
    """Return the pairs that Notes contradict by naming another live payment: what Case Manager says counts (R7).

    Where the remembered payment was deleted, the copy took up an edit: that contradicts nothing.
    """
    own = {folded(p.payment_id): p for p in snapshot.xero_payments if p.is_live}
    live = {folded(i): p for i, p in snapshot.named_elsewhere.items() if p.is_live} | own
    payments = {p.payment_id: p for p in snapshot.case_payments}

    def contradiction(pair: RememberedPair) -> Contradiction | None:
        copy = payments.get(pair.case_id)
        name = read_mark(copy.notes, policy.imported_text).payment_id if copy is not None else None
        if copy is None or name is None or name not in live or folded(pair.xero_id) not in own.keys() - {name}:
            return None
        return Contradiction(pair, copy, live[name])

    return tuple(found for pair in pairs if (found := contradiction(pair)) is not None)


def remembered(
    pairs: Iterable[RememberedPair], snapshot: InvoiceSnapshot, correlation: Correlation, since: datetime
) -> tuple[RememberedPair, ...]:
    """Return the memory of one invoice after a correlation: what still holds, with what was found now.

    A pair that is found again takes the copy's present values and keeps its beginning.
    """
    pairs = tuple(pairs)
    ended = set(pairs_ended(pairs, snapshot))
    kept = {(p.xero_id, p.case_id): p for p in pairs if p not in ended}
    for found in pairs_found(snapshot, correlation, since):
        before = kept.get((found.xero_id, found.case_id))
        kept[found.xero_id, found.case_id] = (
            replace(before, amount=found.amount, paid_on=found.paid_on) if before is not None else found
        )
    return tuple(kept.values())
