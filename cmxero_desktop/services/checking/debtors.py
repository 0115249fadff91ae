"""Lay both debtor lists side by side, as both sides are now; nothing of it is stored (R24a)."""

import logging
from dataclasses import replace

from cmxero_desktop.domain.debtor_lists import DebtorLists, Unclaimed, compare_debtors
from cmxero_desktop.domain.errors import DeskError
from cmxero_desktop.domain.tie_out import tie_out
from cmxero_desktop.services.correlation.firm import firm_of, unclaimed_of
from cmxero_desktop.services.correlation.moment import current_moment
from cmxero_desktop.services.correlation.snapshots import read_known
from cmxero_desktop.services.ports.outside import Outside

_log = logging.getLogger(__name__)


def debtors_if_any(outside: Outside) -> DebtorLists | None:
    """Return both lists for the workbook, which is written without them where they cannot be compared."""
    try:
        return debtor_lists(outside)
    except DeskError as error:
        _log.info("The workbook has no list of debtors: %s", error)
        return None


def debtor_lists(outside: Outside) -> DebtorLists:
    """Compare what our store knows of Xero with Case Manager, over all invoices of either.

    Raises DeskError before the first check, and CaseManagerError where Case Manager cannot be read.
    """
    with outside.store.read() as unit:
        state = unit.polling.state()
    if state.comparison.last_polled_at is None:
        message = "Nothing was compared yet, so there are no lists to lay side by side."
        raise DeskError(message, "Check Xero first.")
    moment = current_moment(outside)
    policy = moment.policy
    with outside.store.read() as unit:
        known = read_known(unit, policy.invoice_prefix, moment.today)
    reading = outside.case_manager.read(known.case_numbers(policy.invoice_prefix), policy.currency, with_unpaid=True)
    with outside.store.read() as unit:
        firm = firm_of(unit, known, reading, moment, kept=known.sides)
    judged = firm.judged(moment).correlations
    pairs = [(snapshot, judged[number]) for number, snapshot in firm.snapshots.items()]
    lists = compare_debtors(
        pairs,
        (
            Unclaimed(invoice=side.invoice, payments=side.payments, unreadable=side.unreadable)
            for side in unclaimed_of(reading, firm.sides.values())
        ),
        policy,
    )
    # Of the same moment: what the last check's statement says is older, and would not lead to these sums.
    return replace(lists, less_paid=tie_out(pairs, policy).less_paid, xero_as_of=state.cursors.as_of)
