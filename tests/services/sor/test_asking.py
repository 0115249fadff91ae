"""Xero is asked once who did it: within a check, a few calls at most, and no check fails for what it answers (S3)."""

from dataclasses import replace

import pytest

from cmxero_desktop.domain.errors import SignInError, XeroPausedError, XeroUnavailableError
from cmxero_desktop.domain.sor.alerts import SorAlert
from cmxero_desktop.domain.xero_history import HistoryLine, HistoryOf
from cmxero_desktop.services.records.runs import CallLimits
from cmxero_desktop.services.sor.asking import ask_who
from cmxero_desktop.services.sor.finding import SorSaying
from cmxero_desktop.services.sor.saying import mark_schedule
from tests.services.desk import ANN, Desk, nov


@pytest.fixture
def watched(desk: Desk) -> Desk:
    desk.bill()
    desk.poll()
    mark_schedule(desk.outside, "100", SorSaying(by=ANN))
    desk.clock.pass_days(1)
    return desk


def asked(desk: Desk) -> list[str]:
    return [name for name in desk.xero.asked if name.startswith("history of")]


def alerts(desk: Desk) -> tuple[SorAlert, ...]:
    with desk.store.read() as unit:
        return unit.sor.alerts()


def test_the_check_that_finds_it_asks_who_entered_it_and_asks_once(watched: Desk) -> None:
    payment = watched.xero.pay("CM-100", "300.00", nov(23))
    entered = HistoryLine(at=watched.clock(), who="R. Patel", what="Created")
    watched.xero.histories[payment] = (entered,)
    run = watched.poll()
    assert alerts(watched)[0].history.line == entered
    assert asked(watched) == [f"history of Payments {payment}"]
    watched.poll()
    watched.poll(is_full=True)
    watched.clock.pass_days(1)
    watched.poll()
    assert len(asked(watched)) == 1
    assert run.counts.alerts == 1


def test_where_xero_has_no_history_that_is_what_is_kept(watched: Desk) -> None:
    watched.xero.pay("CM-100", "300.00", nov(23))
    for _ in range(2):
        watched.poll()
    assert len(asked(watched)) == 1
    assert (alerts(watched)[0].history.is_answered, alerts(watched)[0].history.line) == (True, None)


@pytest.mark.parametrize("error", [SignInError("No right to it."), XeroUnavailableError("Xero is away.")])
def test_a_refusal_fails_no_check_and_is_tried_three_times(watched: Desk, error: Exception) -> None:
    watched.xero.pay("CM-100", "300.00", nov(23))
    watched.xero.errors["history"] = error
    for _ in range(5):
        watched.poll()
    assert len(asked(watched)) == 3
    assert alerts(watched)[0].history.is_over


def test_a_pause_is_nobodys_answer(watched: Desk) -> None:
    payment = watched.xero.pay("CM-100", "300.00", nov(23))
    watched.xero.errors["history"] = XeroPausedError("the calls of this minute are used up", retry_after_s=20)
    for _ in range(4):
        watched.poll()
    assert alerts(watched)[0].history.tries == 0
    del watched.xero.errors["history"]
    watched.xero.histories[payment] = (HistoryLine(at=watched.clock(), who="J. Wu", what="Created"),)
    watched.poll()
    assert alerts(watched)[0].history.line is not None


def test_a_check_asks_five_times_at_most_and_stops_where_calls_are_kept_for_persons(watched: Desk) -> None:
    for cents in range(7):
        watched.xero.pay("CM-100", f"10.0{cents}", nov(23))
    watched.xero.limits = CallLimits(minute=50, day=100, app_minute=100, seen_at=watched.clock())
    watched.poll()
    assert asked(watched) == []
    watched.xero.limits = CallLimits(minute=50, day=4_000, app_minute=100, seen_at=watched.clock())
    watched.poll()
    assert len(asked(watched)) == 5
    watched.poll()
    assert len(asked(watched)) == 7


def test_what_changes_once_more_is_asked_about_anew(watched: Desk) -> None:
    key = next(iter(watched.xero.invoices))
    watched.xero.credit(key, "50.00")
    watched.poll()
    watched.xero.credit(key, "70.00")
    watched.poll()
    assert asked(watched) == [f"history of Invoices {key}"] * 2


def test_an_answer_to_what_is_another_thing_by_now_is_left_aside(watched: Desk) -> None:
    """Another desktop may have watched between question and answer."""
    key = next(iter(watched.xero.invoices))
    watched.xero.credit(key, "50.00")
    watched.xero.errors["history"] = XeroPausedError("wait", retry_after_s=1)
    watched.poll()

    class Meanwhile:
        """A Xero that takes its time, in which another check is made."""

        def history(self, _of: HistoryOf) -> tuple[HistoryLine, ...]:
            watched.xero.credit(key, "70.00")
            watched.poll()
            return (HistoryLine(at=watched.clock(), who="R. Patel", what="Edited"),)

    ask_who(replace(watched.outside, xero=Meanwhile()), lambda _: True)  # type: ignore[arg-type]  # one method of it
    (alert,) = alerts(watched)
    assert (str(alert.amount), alert.history.is_answered) == ("70.00", False)
