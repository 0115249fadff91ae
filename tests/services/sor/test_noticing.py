"""Who says what is due: each desktop only what nobody else says, in quiet hours only where that is chosen (S4)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from cmxero_desktop.domain.closed_days import ClosedSpan
from cmxero_desktop.domain.sor.notices import NoticeWay, SorNotice, SorNoticeKind
from cmxero_desktop.services.records.settings import Never, NoticeSettings
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


def test_switched_off_for_today_what_would_be_too_late_tomorrow_is_said(warned: Desk) -> None:
    """Nobody chose quiet hours here: somebody switched notices off in the tray, for this day alone."""
    settings = warned.settings.settings
    warned.settings.settings = replace(
        settings,
        sor=replace(settings.sor, breaks_quiet_hours=False),
        notices=NoticeSettings(quiet_from=Never.OFF, quiet_days=frozenset()),
    )
    said: list[str] = []
    for _ in range(8):
        said += heard(warned, NoticeWay.TRAY, is_quiet=True)
        warned.clock.pass_days(1)
    assert "reminder 28" in said, "on the last safe day"


def closed_for(warned: Desk, span: ClosedSpan) -> None:
    """Let the watch keep quiet hours in an office that is closed for some days."""
    settings = warned.settings.settings
    warned.settings.settings = replace(
        settings,
        sor=replace(settings.sor, breaks_quiet_hours=False),
        notices=NoticeSettings(quiet_days=frozenset(), closed=(span,)),
    )


def test_what_comes_too_late_once_the_office_opens_is_said_while_it_is_closed_s4(warned: Desk) -> None:
    """A debit date that passes while nobody is there costs money: that it stands is said once, and on the last day."""
    closed_for(warned, ClosedSpan(first=nov(22), last=nov(28)))
    said = []
    for _ in range(7):
        said += heard(warned, is_quiet=True)
        warned.clock.pass_days(1)
    assert said == ["found 22", "reminder 28"], "the debit is on the 29th, when the office opens"


def test_what_can_wait_until_the_office_opens_is_left_to_whoever_is_there(warned: Desk) -> None:
    closed_for(warned, ClosedSpan(first=nov(22), last=nov(27)))
    assert heard(warned, is_quiet=True) == [], "on the 28th it is still in time"
    assert heard(warned, holder="two") == ["found 22"]


def test_what_came_while_the_office_was_closed_for_long_is_news_when_it_opens(warned: Desk) -> None:
    closed_for(warned, ClosedSpan(first=nov(22), last=nov(30)))
    missed = SorNotice(
        key="m", kind=SorNoticeKind.NOT_RETRIED, schedule_id="S", invoice_number="CM-1", on=nov(22), title="t", text="t"
    )
    with warned.store.begin() as unit:
        unit.sor.post([missed])
        unit.commit()
    warned.clock.pass_days(4)
    assert heard(warned, is_quiet=True) == ["found 22"]
    warned.clock.pass_days(5)
    assert heard(warned) == ["not retried 22", "reminder 01"]


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
