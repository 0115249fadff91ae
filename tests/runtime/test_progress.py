"""Where a check is can be seen from another thread, and a wait that Xero asked for can be ended from there."""

import threading
from datetime import UTC, datetime, timedelta

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
    waiting.join(30)
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
