"""What a person may say of a row that the rules leave: each choice in words, with the command that keeps it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from cmxero_desktop.domain.memory import Explained
from cmxero_desktop.domain.placements import Bucket, MatchedHow
from cmxero_desktop.domain.proposals import Flag, Proposal, ProposalKind
from cmxero_desktop.domain.records import CasePayment, XeroPayment
from cmxero_desktop.services.verbs.commands import AlreadyThere, Command, Corrected, Explain, Unpair
from cmxero_desktop.services.viewing.desk_view import PaymentRow, ReviewRow
from cmxero_desktop.ui.theme.formatting import day_or_blank, money

Keep = Callable[[str, str], Command[str]]
"""Makes the command from who says it and why."""

_OWN_WORDS = {
    Explained.ALLOCATION: "a credit or an overpayment that Xero shows as such",
    Explained.OTHER: "other money, which Xero does not have",
    Explained.TO_CORRECT: "wrong, and will be corrected in Case Manager",
    Explained.SET_ASIDE: "from before: it stays as it stands, and is off this list",
}

_ELSEWHERE_WORDS = {
    Explained.OTHER: "other money",
    Explained.TO_CORRECT: "wrong there, and will be corrected in Case Manager",
}


@dataclass(frozen=True, slots=True)
class SayingChoice:
    """One thing that can be said."""

    words: str
    keep: Keep


def sayings_of_payment(row: PaymentRow) -> tuple[SayingChoice, ...]:
    """Return what can be said of a payment: that a pair is none, or what an unmatched payment of Case Manager is."""
    placement = row.placement
    if placement.bucket is Bucket.MATCHED:
        is_named = placement.matched_how is MatchedHow.LINKED
        return () if is_named else (SayingChoice("These two are not the same money", _unpair(placement.row_id)),)
    copy = placement.case
    if copy is None or (placement.xero is not None and placement.xero.is_live):
        return ()
    return (*_same(copy, _open_payments(row)), *_own(copy))


def sayings_of_review(row: ReviewRow) -> tuple[SayingChoice, ...]:
    """Return what can be said of what stands in the way of a row: a locked payment (R17), or one elsewhere (R23b)."""
    return (*_of_locked(row), *_of_elsewhere(row.stored.proposal))


def _of_locked(row: ReviewRow) -> tuple[SayingChoice, ...]:
    proposal = row.stored.proposal
    if proposal.kind is not ProposalKind.ADD or Flag.JOURNALLED_COUNTERPART not in proposal.flags:
        return ()
    locked = [p for p in proposal.near_here if p.is_journalled or p.is_multi_invoice]
    there = (
        SayingChoice(f"The money stands there already: it is {_named(p)}", _already(row.row_id, p)) for p in locked
    )
    return (*there, SayingChoice("It was corrected by a refund or an adjustment", _corrected(row.row_id)))


def _of_elsewhere(proposal: Proposal) -> Iterator[SayingChoice]:
    """Offer to explain each payment of another invoice that may be this money, whether Xero has that one or not."""
    if Flag.LEFTOVER_ELSEWHERE in proposal.flags:
        for copy in proposal.near:
            if copy.invoice_id != proposal.case_invoice_id:
                for what, words in _ELSEWHERE_WORDS.items():
                    yield SayingChoice(f"{_named(copy)}, on the other invoice, is {words}", _explain(copy, what))


def _open_payments(row: PaymentRow) -> list[XeroPayment]:
    """Return the payments of the invoice in Xero that nothing is matched with."""
    placements = row.result.correlation.placements
    return [p.xero for p in placements if p.bucket is not Bucket.MATCHED and p.xero is not None and p.xero.is_live]


def _same(copy: CasePayment, payments: list[XeroPayment]) -> Iterator[SayingChoice]:
    for payment in payments:
        words = f"Xero's {money(payment.amount)} of {day_or_blank(payment.paid_on)}, entered otherwise"
        yield SayingChoice(words, _explain(copy, same=[payment]))
    if len(payments) > 1:
        yield SayingChoice(f"Xero's {len(payments)} unmatched payments together", _explain(copy, same=payments))


def _own(copy: CasePayment) -> Iterator[SayingChoice]:
    for what, words in _OWN_WORDS.items():
        yield SayingChoice(words, _explain(copy, what))


def _named(copy: CasePayment) -> str:
    return f"{money(copy.amount)} of {day_or_blank(copy.paid_on)} (no. {copy.payment_id})"


def _explain(copy: CasePayment, what: Explained | None = None, same: list[XeroPayment] | None = None) -> Keep:
    ids = tuple(payment.payment_id for payment in same or ())
    return lambda by, reason: Explain(case_payment_id=copy.payment_id, by=by, reason=reason, what=what, same=ids)


def _unpair(row_id: str) -> Keep:
    return lambda by, reason: Unpair(row_id=row_id, by=by, reason=reason)


def _already(proposal_id: str, copy: CasePayment) -> Keep:
    return lambda by, reason: AlreadyThere(
        proposal_id=proposal_id, case_payment_id=copy.payment_id, by=by, reason=reason
    )


def _corrected(proposal_id: str) -> Keep:
    return lambda by, reason: Corrected(proposal_id=proposal_id, by=by, reason=reason)
