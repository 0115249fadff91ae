"""What a person notes on a payment at this desk: words, who sees to it, and when to look again; it is written nowhere.

A note is about payments, not about a row: rows come and go with each check. It lasts as long as one of its payments is
known; who sees to it and when ends as soon as the payment is neither skipped nor unmatched any more.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from cmxero_desktop.domain.identifiers import CasePaymentId, XeroPaymentId
from cmxero_desktop.domain.money import Money
from cmxero_desktop.domain.placements import Bucket, Placement
from cmxero_desktop.domain.proposals import Proposal
from cmxero_desktop.domain.records import CasePayment, InvoiceSnapshot, Side
from cmxero_desktop.domain.scope import folded
from cmxero_desktop.domain.wording import day

LONGEST = 2000
"""How many letters a note may have: it is a note, and stands in a table."""

_ATTENDED = frozenset({Bucket.SKIPPED, Bucket.UNMATCHED})


@dataclass(frozen=True, slots=True, kw_only=True)
class NotedCopy:
    """A payment of Case Manager that a note is about, with what it was when it was last seen; keys are used again."""

    case_id: CasePaymentId
    amount: Money | None = None
    paid_on: date | None = None


@dataclass(frozen=True, slots=True)
class RowPayments:
    """The payments that a row is about; Xero's ids are folded."""

    xero_ids: frozenset[XeroPaymentId] = frozenset()
    copies: tuple[NotedCopy, ...] = ()

    @property
    def case_ids(self) -> frozenset[CasePaymentId]:
        """The keys in Case Manager."""
        return frozenset(copy.case_id for copy in self.copies)

    @property
    def is_any(self) -> bool:
        """Whether there is any; of a row that could not be read there may be none."""
        return bool(self.xero_ids or self.copies)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskNote:
    """What was noted: by whom, when (aware UTC), and on which payments. `place` is its key in our store."""

    invoice_number: str
    xero_ids: tuple[XeroPaymentId, ...] = ()
    copies: tuple[NotedCopy, ...] = ()
    text: str = ""
    owner: str = ""
    follow_up: date | None = None
    by: str
    at: datetime
    place: int = field(default=0, compare=False)

    def is_about(self, payments: RowPayments) -> bool:
        """Say whether it is about any of these payments."""
        return not payments.xero_ids.isdisjoint(self.xero_ids) or any(
            copy.case_id in payments.case_ids for copy in self.copies
        )

    @property
    def has_follow_up(self) -> bool:
        """Whether somebody sees to it, or it is to be looked at again."""
        return bool(self.owner or self.follow_up)

    @property
    def is_empty(self) -> bool:
        """Whether nothing is said."""
        return not (self.text or self.has_follow_up)


def payments_of_row(placement: Placement) -> RowPayments:
    """Return the payments of a row of Matched, Unmatched or Skipped."""
    unread = placement.unreadable
    xero_id = placement.xero.payment_id if placement.xero else unread.xero_payment_id if unread else None
    copies = (_noted(placement.case),) if placement.case else ()
    if unread is not None and unread.case_payment_id is not None and not copies:
        copies = (NotedCopy(case_id=unread.case_payment_id),)
    return RowPayments(frozenset({folded(xero_id)} if xero_id else ()), copies)


def payments_of_proposal(proposal: Proposal) -> RowPayments:
    """Return the payments of a row of Review: of an edit both of Xero's, of an accept all that agree in sum."""
    of_xero = [p for p in (proposal.xero, proposal.replaced, *proposal.accepted) if p is not None]
    of_case = [p for p in (proposal.case, *proposal.accepted_as) if p is not None]
    return RowPayments(frozenset(folded(p.payment_id) for p in of_xero), tuple(map(_noted, of_case)))


def notes_on(notes: Iterable[DeskNote], payments: RowPayments) -> tuple[DeskNote, ...]:
    """Return what was noted on any of these payments, the newest first; there are several where two became one row."""
    return tuple(sorted((n for n in notes if n.is_about(payments)), key=lambda n: n.at, reverse=True))


def text_of(notes: Iterable[DeskNote]) -> str:
    """Return the words of a row's notes."""
    return "\n".join(note.text for note in notes if note.text)


def owner_of(notes: Iterable[DeskNote]) -> str:
    """Return who sees to a row, as it was said last."""
    return next((note.owner for note in notes if note.owner), "")


def follow_up_of(notes: Iterable[DeskNote]) -> date | None:
    """Return the first day on which a row is to be looked at again."""
    return min((note.follow_up for note in notes if note.follow_up), default=None)


def in_words(note: DeskNote) -> str:
    """Write all that a note says as sentences, such as `Asked WorkSafe. Jo sees to it. Follow up on 3 Dec 2026`."""
    text = note.text.strip()
    ended = text if not text or text[-1] in ".!?…" else f"{text}."
    seen_to = f"{note.owner} sees to it." if note.owner else ""
    again = f"Follow up on {day(note.follow_up)}." if note.follow_up else ""
    return " ".join(part for part in (ended, seen_to, again) if part)


def is_attended(placements: Iterable[Placement], payments: RowPayments) -> bool:
    """Say whether any of these payments is skipped or unmatched: only then somebody sees to it."""
    return any(p.bucket in _ATTENDED and _is_one_of(p, payments) for p in placements)


def kept_of(note: DeskNote, snapshot: InvoiceSnapshot, placements: Collection[Placement]) -> DeskNote:
    """Return what is left of a note by what was found of its invoice; it is empty, or about nothing, where it ends.

    What cannot be read just now, and an invoice that Case Manager does not show, end nothing.
    """
    rows = [p for p in placements if _is_one_of(p, RowPayments(frozenset(note.xero_ids), note.copies))]
    in_pair = {p.case.payment_id for p in rows if p.case is not None and p.xero is not None}
    there = {p.payment_id: p for p in snapshot.case_payments}
    unread = {row.case_payment_id for row in snapshot.unreadable if row.side is Side.CASE_MANAGER}
    is_shown = snapshot.case_invoice is not None and None not in unread
    copies = []
    for copy in note.copies:
        payment = there.get(copy.case_id)
        if payment is None:
            copies += [] if is_shown and copy.case_id not in unread else [copy]
        elif copy.case_id in in_pair or _is_same(copy, payment):
            copies.append(_noted(payment))
    left = replace(note, copies=tuple(copies), invoice_number=snapshot.number)
    if not any(row.bucket in _ATTENDED for row in rows):
        left = replace(left, owner="", follow_up=None)
    return left


def _is_same(copy: NotedCopy, payment: CasePayment) -> bool:
    """Say whether a key still stands for what it did: one of whose values neither is the same was used again (R7a)."""
    return copy.amount in {None, payment.amount} or copy.paid_on in {None, payment.paid_on}


def _is_one_of(placement: Placement, payments: RowPayments) -> bool:
    own = payments_of_row(placement)
    return not (own.xero_ids.isdisjoint(payments.xero_ids) and own.case_ids.isdisjoint(payments.case_ids))


def _noted(payment: CasePayment) -> NotedCopy:
    return NotedCopy(case_id=payment.payment_id, amount=payment.amount, paid_on=payment.paid_on)
