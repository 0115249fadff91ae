"""A first load that is longer than Xero's limits comes to its end, and holds what Xero holds."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cmxero_desktop.sandbox.ledger.clock import Clock
from cmxero_desktop.services.records.runs import PollAsk, PollOutcome, Trigger
from tests.soak.changes import Changes
from tests.soak.desk import SoakDesk
from tests.soak.truth import Truth

START = datetime(2026, 10, 5, 9, tzinfo=UTC)
SCHEDULED = PollAsk(trigger=Trigger.SCHEDULE)


@dataclass
class Waits:
    """Lets the sandbox's clock go on instead of waiting."""

    clock: Clock | None = None
    told: list[tuple[float, str]] = field(default_factory=list)

    def wait(self, seconds: float, because: str) -> bool:
        self.told.append((seconds, because))
        assert self.clock is not None
        self.clock.advance(timedelta(seconds=seconds))
        return True


MakeDesk = Callable[[Waits | None], SoakDesk]


@pytest.fixture
def make_desk(tmp_path: Path) -> Iterator[MakeDesk]:
    desks: list[SoakDesk] = []

    def make(patience: Waits | None) -> SoakDesk:
        desk = SoakDesk(tmp_path, random.Random(5), START, lambda: None, patience)
        desks.append(desk)
        if patience is not None:
            patience.clock = desk.clock
        desk.xero.limits.is_on = True
        return desk

    yield make
    for desk in desks:
        desk.close()


def truth_of(desk: SoakDesk) -> Truth:
    return Truth(Changes(desk.xero.ledger, random.Random(5)), desk.store)


def test_the_minute_limit_is_waited_out_as_often_as_it_takes(make_desk: MakeDesk) -> None:
    patience = Waits()
    desk = make_desk(patience)
    desk.xero.limits.per_minute = 2
    run = desk.polling.poll(PollAsk())
    assert run.outcome is PollOutcome.DONE
    assert run.requests > 2 * len(patience.told) > 4
    assert truth_of(desk).differences() == []
    assert {because for _, because in patience.told} == {"Xero's limit of 60 calls a minute is used up."}


def test_a_used_up_day_is_a_pause_until_a_time_and_the_load_goes_on_after_it(make_desk: MakeDesk) -> None:
    desk = make_desk(None)
    desk.xero.limits.per_day = 3
    run = desk.polling.poll(SCHEDULED)
    pause = truth_of(desk).state().allowance.pause
    assert run.outcome is PollOutcome.PAUSED
    assert pause is not None
    assert pause.because == "Xero's limit of calls a day for this organisation is used up"
    asked = desk.xero.limits.calls_today(desk.xero.tenant_id)
    again = desk.polling.poll(SCHEDULED)
    assert again.outcome is PollOutcome.PAUSED
    assert desk.xero.limits.calls_today(desk.xero.tenant_id) == asked, "Xero is left alone until then"
    desk.xero.limits.per_day = 5_000
    desk.clock.advance(pause.until - desk.clock.now() + timedelta(seconds=1))
    assert desk.polling.poll(SCHEDULED).outcome is PollOutcome.DONE
    assert truth_of(desk).differences() == []
    assert truth_of(desk).state().allowance.pause is None
