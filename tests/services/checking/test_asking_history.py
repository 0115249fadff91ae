"""A person may ask Xero who did what with a payment: once for each state of it, within the calls of the day."""

from dataclasses import replace
from datetime import timedelta

import pytest

from cmxero_desktop.domain.errors import NotAllowedError, SignInError, XeroPausedError
from cmxero_desktop.domain.identifiers import XeroPaymentId
from cmxero_desktop.domain.xero_history import HistoryLine, ToldHistory
from cmxero_desktop.services.checking.asking_history import ask_history
from cmxero_desktop.services.records.runs import CallLimits, Pause
from tests.services.desk import NOV_1, Desk


@pytest.fixture
def payment(desk: Desk) -> XeroPaymentId:
    desk.bill()
    paid = desk.xero.pay("CM-100", "400.00", NOV_1)
    desk.poll()
    desk.xero.histories[paid] = (HistoryLine(at=desk.clock(), who="R. Patel", what="Created"),)
    return paid


def ask(desk: Desk, payment: XeroPaymentId) -> ToldHistory:
    return ask_history(desk.outside, payment, desk.desk.zone)


def asked(desk: Desk) -> int:
    return desk.xero.asked.count("history")


def test_xero_is_asked_once_for_each_state_of_the_payment(desk: Desk, payment: XeroPaymentId) -> None:
    told = ask(desk, payment)
    assert [(line.who, line.what) for line in told.deeds] == [("R. Patel", "Created")]
    desk.clock.pass_days(1)
    desk.poll()
    assert ask(desk, XeroPaymentId(payment.upper())) == told
    assert asked(desk) == 1
    desk.xero.delete(payment)
    deleted = HistoryLine(at=desk.clock(), who="J. Wu", what="Deleted")
    desk.xero.histories[payment] = (deleted, *told.deeds)
    desk.poll()
    assert ask(desk, payment).deeds[-1] == deleted
    assert asked(desk) == 2


def test_where_xero_has_none_that_is_the_answer_and_is_kept(desk: Desk, payment: XeroPaymentId) -> None:
    desk.xero.histories.clear()
    assert ask(desk, payment).lines is None
    assert ask(desk, payment).lines is None
    assert asked(desk) == 1


def test_a_payment_that_was_never_read_is_not_asked_for(desk: Desk, payment: XeroPaymentId) -> None:
    with pytest.raises(NotAllowedError, match="No payment of Xero's with the id p-unknown was read yet"):
        ask(desk, XeroPaymentId("p-unknown"))
    assert (asked(desk), payment) == (0, payment)


def test_where_nobody_is_signed_in_that_is_said_and_nothing_is_kept(desk: Desk, payment: XeroPaymentId) -> None:
    desk.xero.errors["history"] = SignInError("This program is not signed in to Xero.", "Sign in to Xero first.")
    with pytest.raises(SignInError, match="not signed in"):
        ask(desk, payment)
    del desk.xero.errors["history"]
    assert ask(desk, payment).lines


def test_a_pause_that_xero_asked_for_is_kept(desk: Desk, payment: XeroPaymentId) -> None:
    with desk.store.begin() as unit:
        allowance = unit.polling.state().allowance
        pause = Pause(until=desk.clock() + timedelta(hours=2), because="its limit of calls a day is used up")
        unit.polling.save_allowance(replace(allowance, pause=pause))
        unit.commit()
    with pytest.raises(NotAllowedError, match=r"Xero asked for a pause until .*, because its limit of calls a day"):
        ask(desk, payment)
    assert asked(desk) == 0


def test_the_last_calls_of_the_day_are_left_to_check_xero(desk: Desk, payment: XeroPaymentId) -> None:
    desk.xero.limits = CallLimits(day=2, seen_at=desk.clock())
    with pytest.raises(NotAllowedError, match=r"Only 2 of the 5,000 calls .* are kept for Check Xero"):
        ask(desk, payment)
    assert asked(desk) == 0
    desk.xero.limits = CallLimits(day=3, seen_at=desk.clock())
    assert ask(desk, payment).lines


def test_another_program_of_this_store_knows_how_few_calls_are_left(desk: Desk, payment: XeroPaymentId) -> None:
    """The command line begins without any answer of Xero's: what the window's check was told counts for it too."""
    desk.xero.limits = CallLimits(day=3, seen_at=desk.clock())
    desk.poll()
    told = desk.xero.limits
    desk.xero.limits = CallLimits()
    ask(desk, payment)
    desk.xero.limits = replace(told, day=2)
    desk.poll()
    desk.xero.limits = CallLimits()
    desk.xero.change(payment, is_bank_reconciled=True)
    desk.poll()
    with pytest.raises(NotAllowedError, match="Only 2 of the 5,000 calls"):
        ask(desk, payment)
    assert asked(desk) == 1


def test_what_an_answer_says_of_the_calls_that_are_left_is_kept(desk: Desk, payment: XeroPaymentId) -> None:
    desk.xero.limits = CallLimits(day=700, seen_at=desk.clock())
    ask(desk, payment)
    assert desk.state().allowance.limits == desk.xero.limits


def test_what_xero_said_of_its_day_hours_ago_stops_nobody(desk: Desk, payment: XeroPaymentId) -> None:
    desk.xero.limits = CallLimits(day=0, seen_at=desk.clock() - timedelta(hours=2))
    assert ask(desk, payment).lines


def test_a_limit_that_is_met_while_asking_is_said_in_xeros_words(desk: Desk, payment: XeroPaymentId) -> None:
    desk.xero.errors["history"] = XeroPausedError("Xero's limit of calls a day is used up.", retry_after_s=60)
    with pytest.raises(XeroPausedError, match="used up"):
        ask(desk, payment)
