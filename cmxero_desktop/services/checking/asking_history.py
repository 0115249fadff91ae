"""Ask Xero, because a person wishes to know, who did what with a payment: once for each state of the payment."""

from dataclasses import replace
from datetime import tzinfo

from cmxero_desktop.domain.errors import NotAllowedError
from cmxero_desktop.domain.identifiers import XeroPaymentId
from cmxero_desktop.domain.ways import CHECK
from cmxero_desktop.domain.xero_history import HistoryKind, HistoryOf, ToldHistory
from cmxero_desktop.services.checking.spending import IDLE_COST, calls_left, is_told_lately, pause_words
from cmxero_desktop.services.ports.outside import Outside
from cmxero_desktop.services.records.runs import CallLimits, PollState


def ask_history(outside: Outside, payment_id: XeroPaymentId, zone: tzinfo) -> ToldHistory:
    """Return what Xero says, as it was kept where the payment has not changed since.

    `zone` is the one in which a day's calls are counted. Raises NotAllowedError, SignInError, XeroPausedError and
    XeroUnavailableError.
    """
    with outside.store.read() as unit:
        payment = next(iter(unit.facts.payments_by_id([payment_id]).values()), None)
        kept = unit.sor.told_history(payment_id)
        state = unit.polling.state()
        today = unit.polling.requests_on(outside.clock().astimezone(zone).date())
    if payment is None:
        message = f"No payment of Xero's with the id {payment_id} was read yet."
        raise NotAllowedError(message, f"Check Xero first ({CHECK}).")
    if kept is not None and kept.changed_at == payment.updated_at:
        return kept
    _require_calls(outside, state, today, zone)
    lines = outside.xero.history(HistoryOf(HistoryKind.PAYMENT, payment.payment_id))
    told = ToldHistory(
        payment_id=payment.payment_id, changed_at=payment.updated_at, asked_at=outside.clock(), lines=lines
    )
    with outside.store.begin() as unit:
        unit.sor.save_told_history(told)
        if outside.xero.limits != CallLimits():
            unit.polling.save_allowance(replace(unit.polling.state().allowance, limits=outside.xero.limits))
        unit.commit()
    return told


def _require_calls(outside: Outside, state: PollState, today: int, zone: tzinfo) -> None:
    """Raise NotAllowedError where Xero wants no call now, or where too few would be left for a check."""
    now, pause = outside.clock(), state.allowance.pause
    # A program that has asked nothing yet goes by what another one was told.
    limits = outside.xero.limits if outside.xero.limits != CallLimits() else state.allowance.limits
    if pause is not None and pause.is_on(now):
        raise NotAllowedError(pause_words(pause, now, zone), "Ask again then.")
    calls_a_day = outside.settings_file.load().xero.tier.calls_a_day
    if limits.day is not None and not is_told_lately(limits, now):
        return
    left = calls_left(limits, calls_a_day, today)
    if left <= IDLE_COST:
        message = f"Only {left:,} of the {calls_a_day:,} calls that Xero allows a day are left, and they are kept for "
        raise NotAllowedError(f"{message}Check Xero.", "Ask again tomorrow, or look at the payment's history in Xero.")
