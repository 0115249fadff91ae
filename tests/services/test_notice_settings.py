"""When nobody is to be disturbed by notices: over midnight, at the weekend, or never (UX C8)."""

from datetime import datetime, time

import pytest

from cmxero_desktop.services.records.settings import Never, NoticeSettings

MONDAY = datetime(2026, 11, 23)  # noqa: DTZ001 - a local time, as the rule takes it


@pytest.mark.parametrize(
    ("at", "is_quiet"), [("08:29", True), ("08:30", False), ("17:29", False), ("17:30", True), ("23:59", True)]
)
def test_an_office_sleeps_at_night(at: str, *, is_quiet: bool) -> None:
    assert NoticeSettings().is_quiet(datetime.combine(MONDAY, time.fromisoformat(at))) is is_quiet


@pytest.mark.parametrize(("day", "is_quiet"), [(27, False), (28, True), (29, True)])
def test_an_office_sleeps_at_the_weekend(day: int, *, is_quiet: bool) -> None:
    assert NoticeSettings().is_quiet(MONDAY.replace(day=day, hour=12)) is is_quiet


def test_a_pause_at_noon_and_no_quiet_hours_at_all() -> None:
    noon = NoticeSettings(quiet_from=time(12), quiet_to=time(13), quiet_days=frozenset())
    assert [noon.is_quiet(MONDAY.replace(hour=hour)) for hour in (11, 12, 13, 23)] == [False, True, False, False]
    never = NoticeSettings(quiet_from=Never.OFF)
    assert [never.is_quiet(MONDAY.replace(day=day, hour=23)) for day in (23, 28)] == [False, True]
    same = NoticeSettings(quiet_from=time(9), quiet_to=time(9), quiet_days=frozenset())
    assert not same.is_quiet(MONDAY.replace(hour=9))
