"""Missed checks are written once, in order, also when the store was away for a while."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from cmxero_desktop.domain.errors import StoreError
from cmxero_desktop.runtime.missed_notes import MissedNotes
from cmxero_desktop.services.records.runs import MissedChecks

NINE = datetime(2026, 11, 23, 9, tzinfo=UTC)


def missed(count: int) -> MissedChecks:
    return MissedChecks(count=count, first_at=NINE, last_at=NINE, why="this computer was asleep.")


class History:
    """Takes rows while it is open."""

    def __init__(self) -> None:
        self.is_open = True
        self.rows: list[int] = []

    def note(self, checks: MissedChecks) -> None:
        if not self.is_open:
            raise StoreError("The store is away.", "Check the network.")
        self.rows.append(checks.count)


def test_rows_are_written_on_the_worker_and_then_shown() -> None:
    history, jobs, shown = History(), list[Callable[[], None]](), list[str]()
    notes = MissedNotes(history.note, jobs.append, then=lambda: shown.append("shown"))
    notes.add(missed(3))
    assert history.rows == []
    jobs.pop()()
    assert (history.rows, shown) == ([3], ["shown"])


@pytest.mark.allow_log("cmxero_desktop.runtime.missed_notes")
def test_a_store_that_is_away_costs_no_row() -> None:
    history = History()
    notes = MissedNotes(history.note, lambda job: job(), then=lambda: None)
    history.is_open = False
    notes.add(missed(1))
    notes.add(missed(2))
    assert history.rows == []
    history.is_open = True
    notes.add(missed(3))
    notes.write()
    assert history.rows == [1, 2, 3]
