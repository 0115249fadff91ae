"""Who says what is due: each desktop only what nobody else says, in quiet hours only where that is chosen (S4)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from cmxero_desktop.domain.sor.notices import NoticeWay
from cmxero_desktop.services.sor.finding import SorSaying
from cmxero_desktop.services.sor.noticing import said_notices, take_notices
from cmxero_desktop.services.sor.saying import mark_schedule
from tests.services.desk import ANN, Desk, nov


@pytest.fixture
def warned(desk: Desk) -> Desk:
    """Return a desk with one alert of today."""
    desk.bill()
    desk.xero.pay("CM-100", "300.00", nov(22))
    desk.poll()
    mark_schedule(desk.outside, "100", SorSaying(by=ANN))
    return desk


def heard(desk: Desk, way: NoticeWay = NoticeWay.MAIL, holder: str = "one", *, is_quiet: bool = False) -> list[str]:
    taken = take_notices(desk.outside, way, holder, is_quiet=is_quiet)
    said_notices(desk.outside, way, [notice.key for notice in taken])
    return [f"{notice.kind} {notice.on:%d}" for notice in taken]


def test_what_is_found_is_said_in_each_way_once(warned: Desk) -> None:
    assert heard(warned) == ["found 22"]
    assert heard(warned) == []
    assert heard(warned, NoticeWay.TRAY) == ["found 22"]


def test_a_reminder_comes_each_day_whether_or_not_anything_was_checked(warned: Desk) -> None:
    heard(warned)
    for day in (23, 24):
        warned.clock.pass_days(1)
        assert heard(warned) == [f"reminder {day}"]
        assert heard(warned, holder="two") == []
    warned.clock.pass_days(3)
    assert heard(warned) == ["reminder 27"]


def test_quiet_hours_are_broken_only_where_that_is_chosen(warned: Desk) -> None:
    settings = warned.settings.settings
    warned.settings.settings = replace(settings, sor=replace(settings.sor, breaks_quiet_hours=False))
    assert heard(warned, is_quiet=True) == []
    assert heard(warned) == ["found 22"]
    warned.settings.settings = settings
    warned.clock.pass_days(1)
    assert heard(warned, is_quiet=True) == ["reminder 23"]


def test_what_is_said_days_later_is_said_as_it_is_by_then(warned: Desk) -> None:
    """A mail that a server refused for two days must not say that a week is left."""
    warned.clock.pass_days(2)
    first, second = take_notices(warned.outside, NoticeWay.MAIL, "one", is_quiet=False)
    assert (first.kind.value, first.on, "day 3 of 7" in first.title) == ("found", nov(22), True)
    assert second.on == nov(24)


def test_what_nobody_said_for_long_is_not_said_any_more(warned: Desk) -> None:
    """Mail that is set up months later does not begin with what was news in the meantime."""
    for _ in range(10):
        warned.clock.pass_days(1)
        heard(warned, NoticeWay.TRAY)
    assert heard(warned) == ["reminder 02"]
    assert heard(warned) == []


def test_a_desktop_that_ended_in_between_said_nothing_and_another_one_does(warned: Desk) -> None:
    assert len(take_notices(warned.outside, NoticeWay.MAIL, "one", is_quiet=False)) == 1
    assert heard(warned, holder="two") == []
    warned.clock.now += timedelta(minutes=11)
    assert heard(warned, holder="two") == ["found 22"]
