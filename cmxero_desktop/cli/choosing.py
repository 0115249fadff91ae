"""The verb that shows which unmatched payments a proposal's money may be, and how far each is from it."""

import argparse

from cmxero_desktop.cli.answers import Answer
from cmxero_desktop.cli.rows import Row, day, money
from cmxero_desktop.domain.choices import LinkChoice, link_choices
from cmxero_desktop.domain.errors import NotAllowedError
from cmxero_desktop.domain.strangers import as_lines
from cmxero_desktop.services.verbs.commands.viewing import ReadView
from cmxero_desktop.services.verbs.desk import Desk

_NONE = "This proposal has no unmatched payment beside it."
_LIST = "Run the list of proposals again and use an id from it."


def choices(asked: argparse.Namespace, desk: Desk) -> Answer:
    """Show each payment that the proposal may be linked to, the closest first."""
    view = desk.run(ReadView())
    stored = view.proposals.get(asked.id)
    if stored is None:
        message = f"No proposal has the id {asked.id}."
        raise NotAllowedError(message, _LIST)
    found = link_choices(stored.proposal, view.state.comparison.policy)
    several = len({choice.xero.payment_id for choice in found}) > 1
    lines = [_line(choice, with_xero=several) for choice in found]
    if any(not choice.is_fixed for choice in found):
        which = " --xero XERO_ID" if several else ""
        lines += ["", f"To say that one is the same money: cmxero approve {asked.id} --link PAYMENT{which}"]
    return Answer([_row(choice) for choice in found], as_lines(lines) if found else _NONE)


def _row(choice: LinkChoice) -> Row:
    return {
        "case_payment_id": choice.payment.payment_id.value,
        "amount": money(choice.payment.amount),
        "date": day(choice.payment.paid_on),
        "reference": choice.payment.reference,
        "xero_payment_id": choice.xero.payment_id,
        "xero_amount": money(choice.xero.amount),
        "xero_date": day(choice.xero.paid_on),
        "xero_is_more_by": money(choice.more),
        "xero_is_later_by_days": choice.days_later,
        "takes_xeros_values": not choice.is_fixed,
    }


def _line(choice: LinkChoice, *, with_xero: bool) -> str:
    amount, days = choice.apart
    payment, xero = choice.payment, choice.xero
    beside = f"  Xero's {xero.amount} of {day(xero.paid_on)} ({xero.payment_id})" if with_xero else ""
    fixed = "" if not choice.is_fixed else "  cannot be changed" + (": accept it as the same" if choice.is_open else "")
    return (
        f"{payment.payment_id!s:<8}{payment.amount!s:>12}  {day(payment.paid_on)}  {amount:<16}{days:<18}"
        f"{payment.reference}{beside}{fixed}"
    ).rstrip()
