"""A computer whose clock is a year ahead, and is put right again, is told by the watch what others are (R35, S4)."""

from datetime import timedelta

import pytest

from cmxero_desktop.domain.sor.notices import NoticeWay
from cmxero_desktop.domain.sor.schedules import ScheduleState
from cmxero_desktop.services.sor.finding import SorSaying
from cmxero_desktop.services.sor.noticing import said_notices, take_notices
from cmxero_desktop.services.sor.saying import end_schedule, mark_schedule
from tests.services.desk import ANN, Desk, nov
from tests.services.test_clock_ahead import YEAR, XerosClock

CANCELLED = SorSaying(by=ANN, reason="the client pays now")


@pytest.fixture
def warned(desk: Desk) -> Desk:
    """Return a desk with one alert of the 22nd, and a Xero whose clock is right whatever this computer's says."""
    desk.xero.clock = XerosClock(desk)  # type: ignore[assignment]  # it is only ever asked
    desk.bill()
    desk.xero.pay("CM-100", "300.00", nov(22))
    desk.poll()
    mark_schedule(desk.outside, "100", SorSaying(by=ANN))
    return desk


def heard(desk: Desk) -> list[str]:
    taken = take_notices(desk.outside, NoticeWay.MAIL, "one", is_quiet=False)
    said_notices(desk.outside, NoticeWay.MAIL, [notice.key for notice in taken])
    return [f"{notice.kind} {notice.on:%d %b %Y}" for notice in taken]


def test_what_was_found_is_said_and_reminders_are_of_the_right_days(warned: Desk) -> None:
    warned.clock.set_wall(YEAR)
    warned.poll()
    assert heard(warned) == ["found 22 Nov 2026"]
    warned.clock.pass_days(1)
    assert heard(warned) == ["reminder 23 Nov 2026"]
    warned.clock.set_wall(-YEAR)
    assert heard(warned) == []
    warned.clock.pass_days(1)
    assert heard(warned) == ["reminder 24 Nov 2026"]


def test_what_was_found_is_not_lost_to_a_clock_that_nobody_held_against_xeros(warned: Desk) -> None:
    """The computer was started with a wrong clock, and could not reach Xero."""
    warned.clock.set_wall(YEAR)
    assert "found 22 Nov 2026" not in heard(warned), "by that clock it is no news any more"
    warned.clock.set_wall(-YEAR)
    assert heard(warned) == ["found 22 Nov 2026"]


def test_another_desktop_waits_no_year_for_one_whose_clock_was_ahead(warned: Desk) -> None:
    warned.clock.set_wall(YEAR)
    taken = take_notices(warned.outside, NoticeWay.MAIL, "one", is_quiet=False)
    assert taken, "and it ends before it says them"
    warned.clock.set_wall(-YEAR)
    (notice,) = take_notices(warned.outside, NoticeWay.MAIL, "two", is_quiet=False)
    assert notice.on == nov(22)


@pytest.mark.parametrize("is_right_again", [True, False])
def test_two_hours_after_a_cancellation_are_two_hours(warned: Desk, *, is_right_again: bool) -> None:
    warned.clock.set_wall(YEAR)
    warned.poll()
    end_schedule(warned.outside, "100", ScheduleState.CANCELLED, CANCELLED)
    heard(warned)
    if is_right_again:
        warned.clock.set_wall(-YEAR)
    warned.poll()
    assert heard(warned) == []
    warned.clock.now += timedelta(hours=2)
    warned.poll()
    assert heard(warned) == ["looked again 22 Nov 2026"]
