"""Say of a link, before it is said, which payment of Case Manager becomes what, and what is owed then."""

from cmxero_desktop.domain.choices import linkable
from cmxero_desktop.domain.consequences import LinkEffect, link_effect
from cmxero_desktop.domain.correlation.balance import balance_of
from cmxero_desktop.domain.money import Money
from cmxero_desktop.domain.policy import Policy
from cmxero_desktop.domain.proposals import ProposalKind
from cmxero_desktop.services.viewing.desk_view import ReviewRow
from cmxero_desktop.ui.theme.formatting import day, short_day


def balance_now(row: ReviewRow) -> Money | None:
    """Return what Case Manager's invoice owes, as it is known now."""
    snapshot = row.result.snapshot if row.result else None
    invoice = snapshot.case_invoice if snapshot else None
    return balance_of(invoice, snapshot.case_payments) if snapshot and invoice else row.stored.proposal.balance_before


def link_of(row: ReviewRow, policy: Policy | None) -> LinkEffect | None:
    """Return what linking an addition to the payment beside it would do; None where there is none (R23)."""
    proposal = row.stored.proposal
    if proposal.kind is not ProposalKind.ADD or not proposal.near_here:
        return None
    close = next(iter(linkable(proposal, policy)), None)
    return link_effect(proposal, balance_now(row), policy, close) if close is not None else None


def link_button_text(effect: LinkEffect | None) -> str:
    """Say on the button what becomes of the payment: its amount, else its date, else its Notes alone."""
    if effect is None:
        return "Same payme&nt…"
    if effect.moves_amount:
        return f"Same payme&nt: change {effect.payment.amount} to {effect.amount}…"
    if effect.paid_on != effect.payment.paid_on:
        return f"Same payme&nt: set its date to {short_day(effect.paid_on)}…"
    return "Same payme&nt: name it in its Notes…"


def link_question(effect: LinkEffect, number: str) -> tuple[str, str, str]:
    """Return heading, text and yes of the question: which payment becomes what, and what is owed before and after."""
    now = effect.payment
    was = ", ".join(part for part in (f"{now.amount} of {day(now.paid_on)}", now.reference) if part)
    becomes = ", ".join(part for part in (f"{effect.amount} of {day(effect.paid_on)}", effect.reference) if part)
    title = f"The same money? {number}, {now.amount}"
    title += f" becomes {effect.amount}" if effect.moves_amount else ""
    same = "and its Notes name the Xero payment" if was == becomes else f"becomes {becomes}"
    follows = "A change takes the place of the addition and waits for your approval: nothing is written yet."
    text = "\n".join([f"Case Manager no. {now.payment_id}: {was}", f"{same}.", *_owed(effect), follows])
    yes = f"Change to {effect.amount}" if effect.moves_amount else "Same payment"
    return title, text, yes


def said_of_link(effect: LinkEffect, number: str) -> str:
    """Say that it was kept, and what comes next: the row is another one now."""
    becomes = f": {effect.payment.amount} becomes {effect.amount}" if effect.moves_amount else ""
    return f"{number}: called the same payment{becomes}. A change waits in Review for your approval."


def _owed(effect: LinkEffect) -> list[str]:
    before, after = effect.balance_before, effect.balance_after
    if before is None or after is None:
        return []
    if before == after:
        return [f"Case Manager's balance stays {after}. Xero is not changed."]
    return [f"Case Manager's balance: {before} now, {after} then. Xero is not changed."]
