"""A check whose desktop slept through its lease stores nothing more (R35)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from cmxero_desktop.domain.errors import CheckedElsewhereError
from cmxero_desktop.services.checking.fencing import FencedStore
from cmxero_desktop.services.records.runs import PollAsk, PollOutcome
from tests.services.desk import NOV_1, Desk
from tests.services.fake_store import MemoryStore


def test_r35_nothing_is_written_under_a_lease_that_another_took(memory: MemoryStore) -> None:
    fenced = FencedStore(memory)
    with pytest.raises(CheckedElsewhereError), fenced.begin():
        pass
    with memory.begin() as unit:
        fenced.lease = unit.sharing.take_lease("a", "A", timedelta(hours=1)).number
        unit.commit()
    with fenced.begin() as unit:
        unit.commit()
    with fenced.read() as unit:
        assert unit.sharing.is_last_lease(fenced.lease)


def test_r35_a_lease_that_is_free_again_is_not_the_one_that_was_lost(desk: Desk, memory: MemoryStore) -> None:
    desk.bill()
    desk.xero.pay("CM-100", "400.00", NOV_1)
    memory.set_time = datetime(2026, 11, 22, tzinfo=UTC)
    other = Desk(memory)
    other.desk = replace(other.desk, holder="desk-2", label="OTHER")
    other.xero, other.case, other.clock, other.new_id = desk.xero, desk.case, desk.clock, desk.new_id
    slept: list[str] = []

    def tell(text: str) -> None:
        """Sleep while the payments are being asked for, until the other has checked and is gone again."""
        if text.startswith("Reading invoices") and not slept:
            slept.append(text)
            memory.set_time = datetime(2026, 11, 23, tzinfo=UTC)
            other.poll()
            memory.set_time = datetime(2026, 11, 24, tzinfo=UTC)

    desk.polling._tell = tell
    run = desk.polling.poll(PollAsk())
    assert slept
    assert run.outcome is PollOutcome.ELSEWHERE
    assert "is left aside" in run.reason
