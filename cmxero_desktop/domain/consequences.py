"""What each answer to a proposed change does to Case Manager, in words, before anybody gives it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from cmxero_desktop.domain.correlation.writable import reference_as_written
from cmxero_desktop.domain.money import Money
from cmxero_desktop.domain.policy import Policy
from cmxero_desktop.domain.proposals import Flag, PaymentValues, Proposal, ProposalKind
from cmxero_desktop.domain.records import CasePayment
from cmxero_desktop.domain.wording import day

_IF_APPROVED = {
    ProposalKind.ADD: "If added",
    ProposalKind.LINK: "If approved",
    ProposalKind.CHANGE: "If changed",
    ProposalKind.REMOVE: "If removed",
    ProposalKind.ACCEPT: "If accepted",
}


@dataclass(frozen=True, slots=True)
class Consequence:
    """One answer, what follows from it, and whether that may not be: then the answer cannot be given."""

    answer: str
    sentence: str
    is_closed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkEffect:
    """What a payment of Case Manager becomes once a person says that it is the same money as Xero's (R23).

    The balances are those of the case invoice, None where they are not known. `still_due` is what Xero says is owed,
    where Case Manager's balance is another one afterwards. `replaces_copy` says that the copy which
    the row was about is offered for removal.
    """

    payment: CasePayment
    amount: Money
    paid_on: date
    reference: str
    balance_before: Money | None
    balance_after: Money | None
    replaces_copy: bool
    still_due: Money | None = None

    @property
    def moves_amount(self) -> bool:
        """Whether Case Manager counts more or less as paid afterwards."""
        return self.amount != self.payment.amount


def link_effect(
    proposal: Proposal,
    balance: Money | None,
    policy: Policy | None,
    close: CasePayment,
    due: Money | None = None,
) -> LinkEffect | None:
    """Return what a link to the `close` payment would make of it; None where the row has no payment of Xero.

    `due` is what Xero says is owed, None where that is not known.
    """
    xero = proposal.xero or next(iter(proposal.accepted), None)
    if xero is None:
        return None
    reference = reference_as_written(xero.reference, close.reference, policy) if policy is not None else xero.reference
    after = balance - (xero.amount - close.amount) if balance is not None else None
    return LinkEffect(
        payment=close,
        amount=xero.amount,
        paid_on=xero.paid_on,
        reference=reference,
        balance_before=balance,
        balance_after=after,
        replaces_copy=proposal.case is not None and proposal.case.payment_id != close.payment_id,
        still_due=due if _are_apart(after, due, policy) else None,
    )


def still_owed(effect: LinkEffect) -> str:
    """Say that both sides still differ once a link is written, and where one reads why; nothing where they agree."""
    due = effect.still_due
    return f"Xero says {due} is owed: Tie-out, Debtors, says why they differ." if due is not None else ""


def _are_apart(balance: Money | None, due: Money | None, policy: Policy | None) -> bool:
    """Say whether the two sides differ by more than rounding; what is not known differs from nothing."""
    if balance is None or due is None or balance.currency != due.currency:
        return False
    more = abs((balance - due).amount)
    return more > (policy.total_tolerance if policy is not None else 0)


_NAMED = "its Notes name the Xero payment"


def consequences(
    proposal: Proposal,
    balance: Money | None,
    policy: Policy,
    close: CasePayment | None = None,
    due: Money | None = None,
) -> tuple[Consequence, ...]:
    """Return what follows from a link to the `close` payment, from a yes, and from neither, and that Xero stays.

    `balance` is what the case invoice owes now, `due` what Xero says is owed, None where that is not known.
    """
    linked = (_if_linked(proposal, balance, policy, close, due),) if close is not None else ()
    declined = Consequence("If on hold or rejected", f"nothing is written{_stays(balance)}.")
    owed = "" if due is None else f"; {due} stays owed" if due.minor else "; nothing is owed"
    xero = Consequence("In Xero", f"nothing is changed{owed}.")
    return (*linked, _if_approved(proposal, balance), declined, xero)


def if_rejected(proposal: Proposal) -> str:
    """Say what stands on either side for as long as a rejection holds."""
    before, after = proposal.before, proposal.after
    if proposal.kind is ProposalKind.ACCEPT:
        return "Both sides stay as they are and are not remembered as the same money."
    if before is None:
        return f"Xero keeps its {proposal.amount}, which Case Manager will not have."
    if after is None:
        return f"Case Manager keeps {before.amount} of {day(before.paid_on)}, which Xero does not have."
    if proposal.kind is ProposalKind.LINK:
        return f"Case Manager keeps {before.amount} as it is; its Notes do not name the Xero payment."
    return (
        f"Case Manager keeps {before.amount} of {day(before.paid_on)}, "
        f"while Xero has {after.amount} of {day(after.paid_on)}."
    )


def _if_linked(
    proposal: Proposal, balance: Money | None, policy: Policy, close: CasePayment, due: Money | None
) -> Consequence:
    """Say what the change does that takes the proposal's place; the copy of a change is offered for removal (R23)."""
    effect = link_effect(proposal, balance, policy, close, due)
    if effect is None:
        return Consequence("If the same payment", "both are called the same money.")
    becomes = list(_differences(PaymentValues.of(close), effect.paid_on, effect.amount, effect.reference))
    said = f"{close.amount} of {day(close.paid_on)} is this money"
    changes = f"{said}{f': its {_listed(becomes)}' if becomes else ''}, and {_NAMED}"
    if effect.replaces_copy:
        return Consequence("If the same payment", f"{changes}; the copy that this row is about is offered for removal.")
    moves = _moves(effect.balance_before, effect.balance_after)
    return Consequence(
        "If the same payment",
        " ".join(filter(None, (f"{changes}{moves}.", still_owed(effect), _why(proposal, effect)))),
    )


def _why(proposal: Proposal, effect: LinkEffect) -> str:
    """Say why a payment is offered that has neither Xero's amount nor its date."""
    if not effect.moves_amount or effect.paid_on == effect.payment.paid_on:
        return ""
    number = len(proposal.near_here)
    which = "the only unmatched payment" if number == 1 else f"the nearest of {number} unmatched payments"
    return f"Amount and date differ: it is offered as {which} of this invoice."


def _if_approved(proposal: Proposal, balance: Money | None) -> Consequence:
    answer = _IF_APPROVED[proposal.kind]
    before = balance if balance is not None else proposal.balance_before
    after = proposal.balance_after
    if after is None and before is not None:
        after = before - proposal.effect
    over = (
        f" It would be overpaid by {-after}." if after is not None and after.minor < 0 < proposal.effect.minor else ""
    )
    # What a limit holds can be released, which is a way to say yes.
    is_closed = bool(proposal.blocking_flags - {Flag.OVER_LIMIT})
    return Consequence(answer, f"{_done(proposal)}{_moves(before, after)}.{over}", is_closed)


def _done(proposal: Proposal) -> str:
    """Say what is written; a proposal writes or accepts something."""
    before, after = proposal.before, proposal.after
    if before is None and after is not None:
        return f"a payment of {after.amount} on {day(after.paid_on)} ({after.payment_type}) is added"
    if before is not None and after is None:
        return f"{before.amount} of {day(before.paid_on)} is deleted from Case Manager"
    if before is None or after is None:
        return "nothing is written, both sides are remembered as the same money"
    changes = list(_differences(before, after.paid_on, after.amount, after.reference))
    if not changes:
        return _NAMED
    return f"its {_listed(changes)}{f', and {_NAMED}' if after.notes != before.notes else ''}"


def _differences(before: PaymentValues, paid_on: date, amount: Money, reference: str) -> Iterator[str]:
    if amount != before.amount:
        yield f"amount becomes {amount} (was {before.amount})"
    if paid_on != before.paid_on:
        yield f"date becomes {day(paid_on)}"
    if reference != before.reference:
        yield f"reference becomes {reference or 'blank'}"


def _listed(parts: list[str]) -> str:
    return ", its ".join(parts)


def _moves(before: Money | None, after: Money | None) -> str:
    if after is None:
        return ""
    return _stays(after) if before == after else f"; Case Manager's balance becomes {after}{_was(before)}"


def _stays(balance: Money | None) -> str:
    return f"; Case Manager's balance stays {balance}" if balance is not None else ""


def _was(before: Money | None) -> str:
    return f" (now {before})" if before is not None else ""
