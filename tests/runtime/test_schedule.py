"""The schedule asks for checks, keeps pauses, and ends with its thread."""

from datetime import UTC, datetime, timedelta

from cmxero_desktop.runtime.schedule import Schedule


def test_a_check_is_asked_for_when_it_is_due() -> None:
    asked: list[str] = []
    schedule = Schedule(lambda: asked.append("check"), interval_min=10)
    schedule._fire()
    assert asked == ["check"]


def test_the_next_check_is_one_interval_away() -> None:
    schedule = Schedule(lambda: None, interval_min=10)
    schedule.start()
    due = schedule.next_check_at
    schedule.stop()
    assert due is not None
    assert timedelta(minutes=9) < due - datetime.now(UTC) <= timedelta(minutes=10)


def test_a_pause_leaves_checks_out_until_it_ends() -> None:
    asked: list[str] = []
    schedule = Schedule(lambda: asked.append("check"), interval_min=10)
    schedule.pause(None)
    schedule._fire()
    assert (asked, schedule.is_paused, schedule.paused_until) == ([], True, None)
    later = datetime.now(UTC) + timedelta(hours=1)
    schedule.pause(later)
    assert schedule.paused_until == later
    schedule.pause(datetime.now(UTC) - timedelta(seconds=1))
    schedule._fire()
    assert asked == ["check"]
    schedule.pause(None)
    schedule.resume()
    assert not schedule.is_paused
