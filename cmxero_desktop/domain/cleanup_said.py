"""What persons said of payments that match nothing in Xero, for the report of a clean-up (R19a, R19b)."""

from collections.abc import Iterable, Iterator, Mapping

from cmxero_desktop.domain.cleanup import SaidOf, in_order, leftover_on, stray_leftover
from cmxero_desktop.domain.correlation.sides import explanations_of
from cmxero_desktop.domain.correlation.stray_payments import StrayPayment
from cmxero_desktop.domain.identifiers import CasePaymentId
from cmxero_desktop.domain.memory import AcceptedSet, Explanation
from cmxero_desktop.domain.placements import Bucket, Correlation, MatchedHow
from cmxero_desktop.domain.policy import Policy
from cmxero_desktop.domain.records import CasePayment, InvoiceSnapshot


def said_of(
    judged: Iterable[tuple[InvoiceSnapshot, Correlation]],
    strays: Iterable[StrayPayment],
    explained: Iterable[Explanation],
    policy: Policy,
) -> tuple[SaidOf, ...]:
    """Return what was said and holds, the oldest payment first.

    `explained` is all that persons explained: who said it of a stray, and why, stands only there.
    """
    by_copy = {one.case_id: one for one in explained}
    found = [said for snapshot, correlation in judged for said in _on_invoice(snapshot, correlation)]
    found += [said for stray in strays if (said := _of_stray(stray, by_copy, policy)) is not None]
    return tuple(sorted(found, key=lambda said: in_order(said.leftover)))


def _on_invoice(snapshot: InvoiceSnapshot, correlation: Correlation) -> Iterator[SaidOf]:
    explained = explanations_of(snapshot)
    for row in correlation.placements:
        copy = row.case
        if copy is None:
            continue
        if row.matched_how is MatchedHow.ACCEPTED:
            accepted = _set_of(snapshot.decisions.accepted, copy)
            by, reason = (accepted.by, accepted.reason) if accepted is not None else ("", "")
            yield SaidOf(leftover=leftover_on(snapshot, copy), what=None, by=by, reason=reason)
        elif row.bucket is Bucket.UNMATCHED and (said := explained.get(copy.payment_id)) is not None:
            yield SaidOf(leftover=leftover_on(snapshot, copy), what=said.what, by=said.by, reason=said.reason)


def _set_of(accepted: Iterable[AcceptedSet], copy: CasePayment) -> AcceptedSet | None:
    return next((one for one in accepted if any(m.case_id == copy.payment_id for m in one.members)), None)


def _of_stray(stray: StrayPayment, explained: Mapping[CasePaymentId, Explanation], policy: Policy) -> SaidOf | None:
    if stray.said is None:
        return None
    said = explained.get(stray.payment.payment_id)
    by, reason = (said.by, said.reason) if said is not None else ("", "")
    return SaidOf(leftover=stray_leftover(stray, policy), what=stray.said, by=by, reason=reason)
