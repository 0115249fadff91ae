"""What verification finds although the audit trail holds in itself: it was cut, wiped or written anew (R35)."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from cmxero_desktop.services.diagnostics.verifying import verify
from cmxero_desktop.services.records.audit import AuditWhat
from cmxero_desktop.services.records.epochs import StoreEpoch
from tests.services.desk import ANN, NOV_1, Desk, nov
from tests.services.fake_store import MemoryStore

AMOUNTS = ("10.00", "20.00", "30.00")


@pytest.fixture
def written(desk: Desk) -> Desk:
    """Return a desk that wrote three additions, and undid and repeated one of them."""
    desk.bill()
    for amount in AMOUNTS:
        desk.xero.pay("CM-100", amount, NOV_1)
    desk.poll()
    adds = desk.proposals()
    desk.approve_and_apply(*adds)
    desk.undo(adds[0])
    desk.poll()
    desk.deciding.reopen([adds[0].proposal_id], by=ANN, reason="after all")
    desk.approve_and_apply(desk.again(adds[0]))
    desk.poll()
    return desk


def cut(memory: MemoryStore, kept: int) -> None:
    """Cut the end of the trail off, together with its end mark."""
    memory.rows = memory.rows.copy()
    for number in [number for number in memory.rows.audit if number > kept]:
        del memory.rows.audit[number]


def wiped(desk: Desk, memory: MemoryStore) -> None:
    """Take the whole trail away."""
    del desk
    cut(memory, 0)


def shortened(desk: Desk, memory: MemoryStore) -> None:
    """Take the end away from the last write on."""
    last = next(e.sequence for e in reversed(desk.history()) if e.event.what is AuditWhat.APPLIED)
    cut(memory, last - 1)


def hashed_anew(desk: Desk, memory: MemoryStore) -> None:
    """Write the whole trail again without one write: every hash fits."""
    events = [entry.event for entry in desk.history()]
    gone = next(event for event in reversed(events) if event.what is AuditWhat.APPLIED)
    cut(memory, 0)
    with desk.store.begin() as unit:
        unit.audit.append(event for event in events if event is not gone)
        unit.commit()


def told_otherwise(desk: Desk, memory: MemoryStore) -> None:
    """Write the whole trail again with other values in each write."""
    events = [entry.event for entry in desk.history()]
    cut(memory, 0)
    with desk.store.begin() as unit:
        unit.audit.append(replace(e, after=None) if e.what is AuditWhat.APPLIED else e for e in events)
        unit.commit()


def test_what_we_wrote_is_told_of(written: Desk) -> None:
    report = verify(written.store)
    assert report.findings == ()
    assert report.newest_hash == written.history()[-1].entry_hash


@pytest.mark.parametrize("attack", [wiped, shortened, hashed_anew, told_otherwise])
def test_a_trail_that_holds_in_itself_and_lacks_a_write_is_found(
    written: Desk, memory: MemoryStore, attack: Callable[[Desk, MemoryStore], None]
) -> None:
    attack(written, memory)
    with written.store.read() as unit:
        assert unit.audit.first_broken() is None
    findings = " ".join(verify(written.store).findings)
    assert "it has no entry, first on invoice CM-100: its end was cut off, or it was written anew" in findings


def test_notes_of_ours_that_our_records_tell_nothing_of_are_found(desk: Desk) -> None:
    """A single one may be a line that somebody typed."""
    desk.bill()
    desk.poll()
    for day in (1, 2):
        payment_id = desk.xero.pay("CM-100", f"{day}0.00", nov(day))
        desk.case.type_in("100", f"{day}0.00", nov(day), notes=f"Xero payment {payment_id}")
        desk.poll()
        told = [f for f in verify(desk.store).findings if "another home folder writes there" in f]
        assert len(told) == (day == 2)


def test_a_store_in_doubt_is_a_finding_until_a_person_confirms(desk: Desk) -> None:
    with desk.store.begin() as unit:
        unit.polling.save_epoch(StoreEpoch(epoch_id="e2", why="It was put back from an older state."))
        unit.commit()
    (finding,) = verify(desk.store).findings
    assert finding.startswith("Store: It was put back from an older state.")


def test_nothing_at_all_has_no_hash(desk: Desk) -> None:
    assert verify(desk.store).newest_hash == ""
