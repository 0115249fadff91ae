"""What a person may say of a row that the rules leave: each choice in words, with the command that keeps it."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from cmxero_desktop.domain.memory import Explained
from cmxero_desktop.domain.placements import Bucket, MatchedHow, Reason
from cmxero_desktop.domain.proposals import Flag, Proposal, ProposalKind
from cmxero_desktop.domain.records import CasePayment, XeroPayment
from cmxero_desktop.domain.rules import Rule
from cmxero_desktop.services.verbs.commands.command import Command
from cmxero_desktop.services.verbs.commands.saying import AlreadyThere, Corrected, Explain, Unpair
from cmxero_desktop.services.viewing.desk_view import PaymentRow, ReviewRow
from cmxero_desktop.ui.theme.formatting import day_or_blank, money
from cmxero_desktop.ui.theme.words import kind_sentence

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


# What follows stands in the words themselves: a pair that is split is never formed again (R7a).
_APART = "These two are not the same money: never paired again, a link that waits is dropped, each is judged anew"
_CORRECTED = "Corrected elsewhere: a refund or an adjustment was entered for it"
_FIXED = frozenset({Reason.JOURNALLED, Reason.MULTI_INVOICE})


@dataclass(frozen=True, slots=True)
class SayingChoice:
    """One thing that can be said."""

    words: str
    keep: Keep


def subject_of(row: PaymentRow | ReviewRow) -> str:
    """Name what is asked about: the change of Review, or the payments of both sides with their invoice and payer."""
    by = f", {row.bill_to}" if row.bill_to else ""
    if isinstance(row, ReviewRow):
        beside = " and ".join(_named(copy) for copy in row.stored.proposal.near)
        there = f"; Case Manager has {beside}" if beside else ""
        return f"{kind_sentence(row.stored.proposal)}{by}{there}."
    placement = row.placement
    xero, copy = placement.xero, placement.case
    sides = (
        f"Xero{'' if xero.is_live else ' had'} {money(xero.amount)} of {day_or_blank(xero.paid_on)}" if xero else "",
        f"Case Manager {_named(copy)}" if copy else "",
    )
    return f"{placement.invoice_number}{by}: {'; '.join(side for side in sides if side)}."


def subject_of_leftover(number: str, payer: str, copy: CasePayment) -> str:
    """Name an old leftover that is asked about, with its invoice and payer."""
    return f"{number}{f', {payer}' if payer else ''}: Case Manager {_named(copy)}."


def sayings_of_payment(row: PaymentRow) -> tuple[SayingChoice, ...]:
    """Return what can be said of a payment: that a pair is none, or what an unmatched payment of Case Manager is."""
    placement = row.placement
    if placement.bucket is Bucket.MATCHED:
        is_named = placement.matched_how is MatchedHow.LINKED
        return () if is_named else (SayingChoice(_APART, _unpair(placement.row_id)),)
    copy, xero = placement.case, placement.xero
    if copy is None:
        return ()
    if placement.reason is not None:
        return tuple(_of_fixed(row, copy)) if placement.reason in _FIXED else ()
    if xero is not None and xero.is_live:
        return ()
    corrected = (SayingChoice(_CORRECTED, _corrected(row.row_id)),) if placement.is_fixed else ()
    return (*_same(copy, _open_payments(row)), *corrected, *_own(copy, _not_said_of(row)))


def _of_fixed(row: PaymentRow, copy: CasePayment) -> Iterator[SayingChoice]:
    """Return what can be said of a payment that cannot be changed: each of it takes the row off its list (R17, R18)."""
    placement, xero = row.placement, row.placement.xero
    if xero is not None and xero.is_live:
        yield from _same(copy, [xero])
        yield SayingChoice(_CORRECTED, _corrected(row.row_id))
        return
    payments = _open_payments(row)
    yield from _same(copy, payments)
    yield SayingChoice(_CORRECTED, _corrected(row.row_id))
    # A payment that waits for a locked one is let in by the two above alone (R17).
    is_lost = placement.rule is not Rule.R18 or xero is not None
    has_lost = frozenset({Explained.SET_ASIDE, *({Explained.OTHER} if payments else ())}) if is_lost else frozenset()
    yield from _own(copy, _not_said_of(row) | has_lost)


def _not_said_of(row: PaymentRow) -> frozenset[Explained]:
    """Return what would be refused: that it is a credit, where Xero credited nothing on the invoice."""
    invoice = row.result.snapshot.xero_invoice
    is_credited = invoice is not None and bool(invoice.amount_credited.minor or invoice.settlements)
    return frozenset() if is_credited else frozenset({Explained.ALLOCATION})


def sayings_of_leftover(copy: CasePayment, rows: Iterable[PaymentRow]) -> tuple[SayingChoice, ...]:
    """Return what can be said of an old leftover; one on an invoice that Xero does not have stands in none of the rows.

    Nobody can call that one a credit of Xero's.
    """
    row = next((row for row in rows if row.placement.case == copy), None)
    if row is not None:
        return sayings_of_payment(row)
    return tuple(_own(copy, frozenset({Explained.ALLOCATION})))


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
    return (*there, SayingChoice(_CORRECTED, _corrected(row.row_id)))


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


def _own(copy: CasePayment, but_for: frozenset[Explained] = frozenset()) -> Iterator[SayingChoice]:
    for what, words in _OWN_WORDS.items():
        if what not in but_for:
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


def _corrected(row_id: str) -> Keep:
    return lambda by, reason: Corrected(row_id=row_id, by=by, reason=reason)
