"""Which unmatched payments of its own invoice a row's money may be, and which of them can still be changed (R23)."""

from dataclasses import dataclass

from cmxero_desktop.domain.correlation.near_doubles import is_near_double
from cmxero_desktop.domain.money import Money
from cmxero_desktop.domain.notes import read_mark
from cmxero_desktop.domain.policy import Policy
from cmxero_desktop.domain.proposals import Proposal, ProposalKind
from cmxero_desktop.domain.records import CasePayment, XeroPayment
from cmxero_desktop.domain.rules import Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkChoice:
    """A payment of Case Manager and one of Xero's that a person may call the same money, and how far they are apart.

    One that is fixed in Case Manager takes no other values: it can only be accepted as the same, where it has the
    amount already.
    """

    payment: CasePayment
    xero: XeroPayment
    is_fixed: bool

    @property
    def more(self) -> Money:
        """How much more Xero's payment is; less than nothing where it is less."""
        return self.xero.amount - self.payment.amount

    @property
    def days_later(self) -> int:
        """How many days later Xero's payment is dated; less than none where it is earlier."""
        return (self.xero.paid_on - self.payment.paid_on).days

    @property
    def apart(self) -> tuple[str, str]:
        """How far Case Manager's payment is from Xero's, in money and in days."""
        amount = (
            "equal" if not self.more.minor else f"{self.more} less" if self.more.minor > 0 else f"{-self.more} more"
        )
        some = f"{abs(self.days_later)} day{'' if abs(self.days_later) == 1 else 's'}"
        days = f"{some} {'earlier' if self.days_later > 0 else 'later'}" if self.days_later else "same day"
        return amount, days

    @property
    def is_open(self) -> bool:
        """Whether the two can be called the same: one of them takes the other's values, or needs no other amount."""
        return not self.is_fixed or not self.more.minor


def link_choices(proposal: Proposal, policy: Policy | None) -> tuple[LinkChoice, ...]:
    """Return what the row's money may be: each unmatched payment of its invoice, the closest first (R23).

    What cannot be changed comes last. Where the row holds several of Xero's payments each is compared with each.
    """
    held = (proposal.xero,) if proposal.xero is not None else proposal.accepted
    found = [
        LinkChoice(payment=payment, xero=xero, is_fixed=is_fixed(payment, policy))
        for xero in held
        for payment in choices(proposal, policy)
    ]
    # Those of one payment of Xero are in order already: a close double before what only has nearly the amount.
    in_order = found if len(held) == 1 else sorted(found, key=lambda one: (abs(one.more.minor), abs(one.days_later)))
    return tuple(sorted(in_order, key=lambda one: one.is_fixed))


def linkable(proposal: Proposal, policy: Policy | None) -> tuple[CasePayment, ...]:
    """Return the unmatched payments of the row's invoice that may take Xero's values, the closest first (R23)."""
    return tuple(p for p in choices(proposal, policy) if not is_fixed(p, policy))


def is_fixed(payment: CasePayment, policy: Policy | None) -> bool:
    """Say whether a payment cannot be changed in Case Manager."""
    return payment.is_fixed(is_journalled_locked=policy is not None and policy.is_journalled_locked)


def choices(proposal: Proposal, policy: Policy | None) -> tuple[CasePayment, ...]:
    """Return the invoice's own unmatched payments, the closest first; a free copy of a payment has its own proposal.

    Of an accept they are what it would take as the same money. An edit in Xero may have been typed by hand too.
    """
    if proposal.kind is ProposalKind.ACCEPT:
        return proposal.accepted_as
    xero = proposal.xero
    if xero is None or not (proposal.kind is ProposalKind.ADD or proposal.rule is Rule.R16):
        return ()
    imported_text = policy.imported_text if policy is not None else ""
    open_ones = [
        p for p in proposal.near_here if is_fixed(p, policy) or not read_mark(p.notes, imported_text).is_imported
    ]

    def distance(payment: CasePayment) -> tuple[bool, int, int, tuple[int, int, str]]:
        is_far = policy is not None and not is_near_double(xero, payment, policy)
        days = abs((payment.paid_on - xero.paid_on).days)
        return is_far, abs(payment.amount.minor - xero.amount.minor), days, payment.payment_id.order

    return tuple(sorted(open_ones, key=distance))
