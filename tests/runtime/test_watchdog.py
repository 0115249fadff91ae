"""The watchdog first rings, then has the schedule begin anew, and barks at no computer that only slept."""

from datetime import UTC, datetime, timedelta

from cmxero_desktop.runtime.watchdog import Advice, Watchdog
from cmxero_desktop.services.timetable.timetable import Clocks

NINE = datetime(2026, 11, 23, 9, tzinfo=UTC)


def after(seconds: float, wall_moved_s: float = 0) -> Clocks:
    return Clocks(wall=NINE + timedelta(seconds=seconds + wall_moved_s), steady_s=seconds)


def test_it_is_quiet_while_looks_are_taken() -> None:
    dog = Watchdog(after(0))
    assert dog.advise(after(120)) is Advice.NOTHING
    dog.looked(after(120))
    assert dog.advise(after(240)) is Advice.NOTHING
    assert dog.still_since is None


def test_it_rings_once_then_has_all_begin_anew_and_says_since_when() -> None:
    dog = Watchdog(after(0))
    asked = [(at, dog.advise(after(at))) for at in (121, 122, 131, 132, 240, 252)]
    assert asked == [
        (121, Advice.RING),
        (122, Advice.NOTHING),
        (131, Advice.RENEW),
        (132, Advice.NOTHING),
        (240, Advice.NOTHING),
        (252, Advice.RENEW),
    ]
    shown = [dog.still_since]
    dog.looked(after(253))
    assert [*shown, dog.still_since] == [NINE, None]
    assert dog.advise(after(300)) is Advice.NOTHING


def test_after_sleep_a_ring_is_enough() -> None:
    dog = Watchdog(after(0))
    assert dog.advise(after(36_000)) is Advice.RING
    dog.looked(after(36_001))
    assert dog.advise(after(36_015)) is Advice.NOTHING


def test_a_clock_that_is_put_back_makes_no_look_wait_for_hours() -> None:
    dog = Watchdog(after(0))
    assert dog.advise(after(121, wall_moved_s=-14_400)) is Advice.RING
