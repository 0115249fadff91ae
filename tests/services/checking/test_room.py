"""A first load that this computer has no room for is refused before a payment is read, and says what to do."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

import pytest

from cmxero_desktop.domain.room import DISK_BYTES_EACH, Room
from cmxero_desktop.services.records.readings import PaymentsPage
from cmxero_desktop.services.records.runs import PollAsk, PollOutcome, PollRun
from tests.services.desk import NOV_1, Desk
from tests.services.fake_xero import FakeXero


@pytest.fixture(autouse=True)
def firm(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have two invoices, one of them ours, and a payment; Xero says that it lists a thousand."""
    desk.xero.bill("CM-100", "1000.00")
    desk.xero.bill("INV-7", "1000.00")
    desk.xero.pay("CM-100", "400.00", NOV_1)
    read = FakeXero.changed_payments

    def counted(xero: FakeXero, since: datetime | None) -> Iterator[PaymentsPage]:
        for page in read(xero, since):
            yield replace(page, total=1_000)

    monkeypatch.setattr(FakeXero, "changed_payments", counted)


def check(desk: Desk, room: Room) -> PollRun:
    desk.restart()
    desk.desk = replace(desk.desk, room=lambda: room)
    return desk.polling.poll(PollAsk(is_full=True))


def stored(desk: Desk) -> int:
    with desk.store.read() as unit:
        return unit.facts.payments_stored()


def test_what_has_no_room_is_refused_before(desk: Desk) -> None:
    run = check(desk, Room(disk_bytes=500 * DISK_BYTES_EACH - 1))
    assert run.outcome is PollOutcome.FAILED
    assert run.reason.startswith("About 500 payments of CM invoices take about 0.0 GB more of the disk")
    assert stored(desk) == 0


def test_what_has_room_is_read(desk: Desk) -> None:
    assert check(desk, Room(disk_bytes=500 * DISK_BYTES_EACH)).outcome is PollOutcome.DONE
    assert stored(desk) == 1
    # The next full comparison needs no room for what is here already, and an idle check asks nobody.
    assert check(desk, Room(disk_bytes=499 * DISK_BYTES_EACH)).outcome is PollOutcome.DONE
    assert desk.poll().outcome is PollOutcome.DONE
