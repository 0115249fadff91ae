"""What may be said of many old leftovers at once, and which of them have to be looked at one by one (R19a, R19b).

Whatever goes in one act must be right for every history. An accept is: both debtor lists agree on its invoice. And to
set a payment aside only takes it off the list; it goes on flagging whatever may be the same money. To call a payment a
credit, or other money, would end that, and money on the wrong invoice would stand twice: nobody says so of many.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType

from cmxero_desktop.domain.bulk import may_be_in_bulk
from cmxero_desktop.domain.correlation.balance import balance_of
from cmxero_desktop.domain.correlation.sides import explanations_of
from cmxero_desktop.domain.correlation.stray_payments import StrayPayment
from cmxero_desktop.domain.identifiers import CasePaymentId
from cmxero_desktop.domain.memory import Explained
from cmxero_desktop.domain.money import Money, total
from cmxero_desktop.domain.notes import read_mark
from cmxero_desktop.domain.placements import Bucket, Correlation, Placement
from cmxero_desktop.domain.policy import Policy
from cmxero_desktop.domain.proposals import Proposal, ProposalKind
from cmxero_desktop.domain.records import CasePayment, InvoiceSnapshot
from cmxero_desktop.domain.rules import Rule
from cmxero_desktop.domain.shown_codes import shown_code

OLD_DAYS = 31
"""How old a leftover is before it may be set aside with others: until then its money may still come to Xero."""

_LIVING = frozenset({"AUTHORISED", "PAID"})


class Group(StrEnum):
    """The groups of which the same can be said."""

    SAME_MONEY = "same-money"
    SETTLED = "settled"
    NOT_IN_XERO = "not-in-xero"


@dataclass(frozen=True, slots=True)
class GroupWords:
    """A group in words: its name, what is said of all its members, and what nobody can know of them."""

    title: str
    says: str
    danger: str


_STILL_FLAGS = (
    "One of them may be another invoice's money, typed on the wrong one. It goes on flagging"
    " whatever may be the same money, and comes back here when its amount or date changes."
)
GROUP_WORDS: Mapping[Group, GroupWords] = MappingProxyType(
    {
        Group.SAME_MONEY: GroupWords(
            "The same money, entered otherwise",
            "Both sides of each invoice are accepted as the same money, and count as matched.",
            "Two different receipts of one invoice that add up to the same by chance would count as one. What is owed"
            " agrees on both sides all the same, and a payment that changes opens its invoice again.",
        ),
        Group.SETTLED: GroupWords(
            "On invoices on which nothing is owed on either side",
            "Each payment stays as it stands, and leaves the list of unmatched payments.",
            _STILL_FLAGS,
        ),
        Group.NOT_IN_XERO: GroupWords(
            "On invoices that Xero does not have",
            "Each payment stays as it stands, on an invoice that was never in Xero and so in no list here. It is asked"
            " about no more.",
            _STILL_FLAGS,
        ),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Leftover:
    """One member of a group: an accept, or a payment of Case Manager that is to be set aside.

    `number` is its invoice as a person knows it, `own_number` Case Manager's.
    """

    number: str
    own_number: str
    payer: str
    paid_on: date
    amount: Money
    accept: Proposal | None = None
    copy: CasePayment | None = None

    @property
    def row_id(self) -> str:
        """The proposal's short name, or the payment's with the values that it was shown with."""
        if self.copy is None:
            return self.accept.proposal_id if self.accept is not None else ""
        return f"c-{self.copy.payment_id} {self.amount.amount} {self.paid_on.isoformat()}"


@dataclass(frozen=True, slots=True)
class CleanupGroup:
    """The leftovers of which one thing can be said; there is at least one."""

    group: Group
    members: tuple[Leftover, ...]

    @property
    def total(self) -> Money:
        """What they add up to."""
        return total((one.amount for one in self.members), self.members[0].amount.currency)

    @property
    def oldest(self) -> date:
        """The first day on which one was paid."""
        return self.members[0].paid_on

    @property
    def newest(self) -> date:
        """The last day on which one was paid."""
        return self.members[-1].paid_on


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidOf:
    """A payment of which a person said what it is; `what` is None where it was accepted as Xero's money.

    Who and why are empty where that is not known.
    """

    leftover: Leftover
    what: Explained | None
    by: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Cleanup:
    """The groups that have members, oldest first, and the leftovers that have to be looked at one by one.

    `recent` says how many of the latter are not old yet: their money may still come to Xero by itself. `said` are the
    payments that were leftovers until somebody said what they are.
    """

    groups: tuple[CleanupGroup, ...] = ()
    one_by_one: tuple[Leftover, ...] = ()
    recent: int = 0
    said: tuple[SaidOf, ...] = ()

    @property
    def left(self) -> int:
        """How many old payments nobody has explained yet."""
        return sum(len(group.members) for group in self.groups) + len(self.one_by_one) - self.recent

    @property
    def code(self) -> str:
        """A short code of exactly these groups and their members, by which a terminal says what was shown."""
        return shown_code(f"{group.group} {one.row_id}" for group in self.groups for one in group.members)

    def members_of(self, groups: Collection[Group]) -> tuple[Leftover, ...]:
        """Return the members of these groups."""
        return tuple(one for group in self.groups if group.group in groups for one in group.members)


def clean_up(
    judged: Iterable[tuple[InvoiceSnapshot, Correlation]],
    strays: Iterable[StrayPayment],
    policy: Policy,
    today: date,
) -> Cleanup:
    """Return what can be said of a firm's leftovers together; `strays` stand on invoices that Xero does not have.

    A payment that a proposal speaks of, or that is not old yet, is looked at by itself.
    """
    judged = tuple(judged)
    named = _named(judged)
    found: dict[Group, list[Leftover]] = defaultdict(list)
    alone: list[Leftover] = []
    for snapshot, correlation in judged:
        found[Group.SAME_MONEY] += _accepts(snapshot, correlation, policy)
        copies = tuple(_leftovers(snapshot, correlation))
        # Where a proposal names only some of what it rests on, it speaks of what it does not name as well.
        is_named = not any(proposal.rests_on for proposal in correlation.proposals)
        is_settled = bool(copies) and is_named and _is_settled(snapshot, correlation, policy)
        for copy in copies:
            is_free = is_settled and copy.payment_id not in named and _is_old(copy, today)
            one = leftover_on(snapshot, copy)
            (found[Group.SETTLED] if is_free else alone).append(one)
    for stray in strays:
        copy = stray.payment
        one = stray_leftover(stray, policy)
        if stray.said is not None or read_mark(copy.notes, policy.imported_text).is_imported:
            continue
        if copy.payment_id in named:
            alone.append(one)
        elif _is_old(copy, today):
            found[Group.NOT_IN_XERO].append(one)
    groups = (CleanupGroup(group, tuple(sorted(found[group], key=in_order))) for group in Group)
    recent = sum(one.copy is not None and not _is_old(one.copy, today) for one in alone)
    return Cleanup(tuple(group for group in groups if group.members), tuple(sorted(alone, key=in_order)), recent)


def left_on(snapshot: InvoiceSnapshot, correlation: Correlation, policy: Policy, today: date) -> int:
    """Return how many old payments of an invoice nobody has explained yet.

    A firm's, added up, are its clean-up's but for those on invoices that Xero does not have.
    """
    accepts = sum(1 for _ in _accepts(snapshot, correlation, policy))
    return accepts + sum(_is_old(copy, today) for copy in _leftovers(snapshot, correlation))


def in_order(one: Leftover) -> tuple[date, str, str]:
    """Return the place of a leftover among others: the oldest comes first."""
    return one.paid_on, one.number, one.row_id


def _named(judged: Iterable[tuple[InvoiceSnapshot, Correlation]]) -> frozenset[CasePaymentId]:
    """Return the payments that any proposal speaks of: whoever decides about it looks at them."""
    proposals = (proposal for _, correlation in judged for proposal in correlation.proposals)
    return frozenset(copy.payment_id for proposal in proposals for copy in proposal.near)


def _is_old(copy: CasePayment, today: date) -> bool:
    return today - copy.paid_on >= timedelta(days=OLD_DAYS)


def _accepts(snapshot: InvoiceSnapshot, correlation: Correlation, policy: Policy) -> Iterator[Leftover]:
    declined = snapshot.decisions.declined
    for proposal in correlation.proposals:
        is_open = declined.isdisjoint({proposal.decision, proposal.fingerprint})
        if proposal.kind is ProposalKind.ACCEPT and is_open and may_be_in_bulk(proposal, policy):
            yield Leftover(
                number=snapshot.number,
                own_number=_own_number(snapshot),
                payer=_payer(snapshot),
                paid_on=proposal.paid_on,
                amount=proposal.amount,
                accept=proposal,
            )


def _leftovers(snapshot: InvoiceSnapshot, correlation: Correlation) -> Iterator[CasePayment]:
    """Return the payments by hand that match nothing, and of which nobody said anything (R19)."""
    found = [row.case for row in correlation.placements if row.case is not None and _is_leftover(row)]
    if found:
        said = explanations_of(snapshot)
        accepted = {p.payment_id for proposal in correlation.proposals for p in proposal.accepted_as}
        yield from (copy for copy in found if copy.payment_id not in accepted and copy.payment_id not in said)


def _is_leftover(row: Placement) -> bool:
    return row.bucket is Bucket.UNMATCHED and row.xero is None and row.rule is Rule.R19


def leftover_on(snapshot: InvoiceSnapshot, copy: CasePayment) -> Leftover:
    """Return a payment of an invoice that both sides have."""
    return Leftover(
        number=snapshot.number,
        own_number=_own_number(snapshot),
        payer=copy.payer or _payer(snapshot),
        paid_on=copy.paid_on,
        amount=copy.amount,
        copy=copy,
    )


def stray_leftover(stray: StrayPayment, policy: Policy) -> Leftover:
    """Return a payment of an invoice that Xero does not have."""
    copy, own_number = stray.payment, stray.number.removeprefix(policy.invoice_prefix)
    return Leftover(
        number=stray.number,
        own_number=own_number,
        payer=stray.payer,
        paid_on=copy.paid_on,
        amount=copy.amount,
        copy=copy,
    )


def _own_number(snapshot: InvoiceSnapshot) -> str:
    return snapshot.case_invoice.number if snapshot.case_invoice is not None else ""


def _payer(snapshot: InvoiceSnapshot) -> str:
    return snapshot.case_invoice.bill_to if snapshot.case_invoice is not None else ""


def _is_settled(snapshot: InvoiceSnapshot, correlation: Correlation, policy: Policy) -> bool:
    """Say whether nothing is owed on either side, and nothing is open on the invoice but notes to be written."""
    invoice, xero = snapshot.case_invoice, snapshot.xero_invoice
    if invoice is None or xero is None or not invoice.are_adjustments_known or xero.status not in _LIVING:
        return False
    if snapshot.renumbered_to or snapshot.is_number_shared or snapshot.unreadable:
        return False
    is_open = any(proposal.kind is not ProposalKind.LINK for proposal in correlation.proposals)
    if is_open or any(row.bucket is Bucket.SKIPPED for row in correlation.placements):
        return False
    owed = (balance_of(invoice, snapshot.case_payments), xero.due)
    return all(abs(figure.amount) <= policy.total_tolerance for figure in owed)
