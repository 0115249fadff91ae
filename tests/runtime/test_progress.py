"""Where a check is can be seen from another thread, and a wait that Xero asked for can be ended from there."""

import _thread
import signal
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from cmxero_desktop.runtime.progress import Progress
from cmxero_desktop.services.ports.xero import Patience
from cmxero_desktop.services.records.runs import PollProgress

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
BECAUSE = "Xero's limit of 60 calls a minute is used up"


class ShownWaits(Progress):
    """Tells a test when a wait has begun."""

    def wait_seen(self) -> PollProgress:
        """Look, as the window does, until a wait is shown."""
        looks = iter(lambda: self.shown, object())
        return next(shown for shown in looks if isinstance(shown, PollProgress) and shown.waits_until is not None)


def test_what_is_told_is_shown_and_an_empty_text_is_rest() -> None:
    progress = Progress()
    seen = [progress.shown]
    for text in ("Reading payments from Xero: 1,000 so far", ""):
        progress.tell(text)
        seen.append(progress.shown)
    assert seen == [None, PollProgress(text="Reading payments from Xero: 1,000 so far"), None]


def test_a_wait_is_told_to_those_who_have_no_window() -> None:
    told: list[str] = []
    Progress(now=lambda: NOON, say=told.append).wait(0.0, f"{BECAUSE}.")
    assert told == [f"{BECAUSE}. It goes on at {NOON.astimezone():%H:%M:%S}."]


def test_a_wait_that_nobody_stops_ends_by_itself() -> None:
    patience: Patience = Progress()
    assert patience.wait(0.0, BECAUSE)


def test_a_wait_shows_its_end_and_reason_and_a_person_can_stop_it() -> None:
    progress = ShownWaits(now=lambda: NOON)
    progress.tell("Checking Xero")
    ended: list[bool] = []
    waiting = threading.Thread(target=lambda: ended.append(progress.wait(3_600, BECAUSE)))
    waiting.start()
    assert progress.wait_seen() == PollProgress(text=BECAUSE, waits_until=NOON + timedelta(hours=1))
    progress.stop()
    waiting.join()
    assert ended == [False]
    assert progress.shown == PollProgress(text="Checking Xero")


def test_a_stop_before_the_wait_does_not_spoil_the_next_one() -> None:
    progress = Progress()
    progress.stop()
    assert progress.wait(0.0, BECAUSE)


def test_a_stop_between_two_requests_counts_for_the_whole_check_and_not_for_the_next() -> None:
    progress = Progress()
    progress.tell("Checking Xero")
    progress.stop()
    assert not progress.wait(3_600, BECAUSE), "whoever closes the window waits for nothing more"
    assert not progress.wait(3_600, BECAUSE)
    progress.tell("")
    progress.tell("Checking Xero")
    assert progress.wait(0.0, BECAUSE)


class Deaf(threading.Event):
    """A wait that hears no Ctrl+C: one comes as it begins, and it goes on for as long as it was asked to."""

    def __init__(self) -> None:
        super().__init__()
        self.waited_s = 0.0

    def wait(self, timeout: float | None = None) -> bool:
        assert timeout is not None
        self.waited_s += timeout
        _thread.interrupt_main()
        return False


@pytest.fixture
def _ctrl_c() -> Iterator[None]:
    """Hear Ctrl+C also where the tests run in the background of a shell, which has it ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("_ctrl_c")
def test_a_ctrl_c_that_comes_as_the_wait_begins_is_heard_in_a_moment() -> None:
    progress = Progress()
    progress._stopped = deaf = Deaf()
    with pytest.raises(KeyboardInterrupt):
        progress.wait(3_600, BECAUSE)
    assert deaf.waited_s < 1


class Hurried(threading.Event):
    """A wait that takes no time, of a clock that goes on by as much as was waited."""

    def __init__(self) -> None:
        super().__init__()
        self.waited: list[float] = []

    def wait(self, timeout: float | None = None) -> bool:
        self.waited.append(timeout or 0.0)
        return False

    def now_s(self) -> float:
        return sum(self.waited)


def test_a_wait_in_parts_is_as_long_as_it_was_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    progress = Progress()
    progress._stopped = hurried = Hurried()
    monkeypatch.setattr("cmxero_desktop.runtime.progress.time.monotonic", hurried.now_s)
    assert progress.wait(60.1, BECAUSE)
    assert hurried.now_s() == pytest.approx(60.1)
