"""Say of a link, before it is said, which payment of Case Manager becomes what, and what is owed then."""

from dataclasses import replace

from cmxero_desktop.domain.choices import LinkChoice, linkable
from cmxero_desktop.domain.consequences import LinkEffect, link_effect, still_owed
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
    return link_effect(proposal, balance_now(row), policy, close, _due(row)) if close is not None else None


def effect_of(row: ReviewRow, policy: Policy | None, choice: LinkChoice) -> LinkEffect | None:
    """Return what a choice would make of its payment; None where it stays as it is and is only called the same."""
    if choice.is_fixed:
        return None
    proposal = replace(row.stored.proposal, xero=choice.xero)
    return link_effect(proposal, balance_now(row), policy, choice.payment, _due(row))


def _due(row: ReviewRow) -> Money | None:
    """Return what Xero says is owed, as it is known now."""
    invoice = row.result.snapshot.xero_invoice if row.result else None
    return invoice.due if invoice is not None else None


def link_button_text(effect: LinkEffect | None, kind: ProposalKind = ProposalKind.ADD, number: int = 1) -> str:
    """Say on the button what becomes of the payment, or of how many one can be chosen.

    The button also opens what else the money of a row may be that is settled otherwise: by a change, or in pieces.
    """
    if kind is ProposalKind.ACCEPT:
        return "Pair o&ne by one…"
    if kind is not ProposalKind.ADD:
        return "A&nother payment is it…"
    return f"Same payme&nt: one of {number}…" if number > 1 else f"Same payme&nt{_becomes(effect)}…"


def _becomes(effect: LinkEffect | None) -> str:
    """Say what changes: its amount, else its date, else its Notes alone."""
    if effect is None:
        return ""
    if effect.moves_amount:
        return f": change {effect.payment.amount} to {effect.amount}"
    if effect.paid_on != effect.payment.paid_on:
        return f": set its date to {short_day(effect.paid_on)}"
    return ": name it in its Notes"


def link_question(effect: LinkEffect, number: str) -> tuple[str, str, str]:
    """Return heading, text and yes of the question: which payment becomes what, and what is owed before and after."""
    now = effect.payment
    was = ", ".join(part for part in (f"{now.amount} of {day(now.paid_on)}", now.reference) if part)
    becomes = ", ".join(part for part in (f"{effect.amount} of {day(effect.paid_on)}", effect.reference) if part)
    title = f"The same money? {number}, {now.amount}"
    title += f" becomes {effect.amount}" if effect.moves_amount else ""
    named = "and its Notes name the Xero payment"
    same = named if was == becomes else f"becomes {becomes}, {named}"
    gone = ["The copy that this row was about is then offered for removal."] if effect.replaces_copy else []
    follows = "A change takes the place of this row and waits for your approval: nothing is written yet."
    text = "\n".join([f"Case Manager no. {now.payment_id}: {was}", f"{same}.", *_owed(effect), *gone, follows])
    yes = f"Change to {effect.amount}" if effect.moves_amount else "Same payment"
    return title, text, yes


def said_of_link(effect: LinkEffect, number: str) -> str:
    """Say that it was kept, and what comes next: the row is another one now."""
    becomes = f": {effect.payment.amount} becomes {effect.amount}" if effect.moves_amount else ""
    return f"{number}: called the same payment{becomes}. A change waits in Review for your approval."


def _owed(effect: LinkEffect) -> list[str]:
    before, after = effect.balance_before, effect.balance_after
    # What is owed once a copy is removed as well is said by that removal.
    if before is None or after is None or effect.replaces_copy:
        return []
    stays = f"Case Manager's balance stays {after}." if before == after else ""
    said = (stays or f"Case Manager's balance: {before} now, {after} then.", still_owed(effect), "Xero is not changed.")
    return [" ".join(part for part in said if part)]
