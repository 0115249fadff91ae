"""What Health says of this computer and of the store comes from where it is true."""

from datetime import timedelta
from pathlib import Path

from cmxero_desktop import __version__
from cmxero_desktop.adapters.store.store import open_store
from cmxero_desktop.app.clock import local_zone, utc_now
from cmxero_desktop.app.computer import desk_facts, room_of


def test_requests_and_lease_come_from_the_store(tmp_path: Path) -> None:
    store = open_store(tmp_path, "")
    store.migrate(utc_now())
    facts = desk_facts(tmp_path, store)
    assert (facts.requests_today, facts.lease, facts.is_store_shared) == (0, None, False)
    with store.begin() as unit:
        unit.polling.count_requests(utc_now().astimezone(local_zone()).date(), 7)
        lease = unit.sharing.take_lease("here", "SRV02", timedelta(minutes=20))
        unit.commit()
    facts = desk_facts(tmp_path, store)
    assert (facts.requests_today, facts.lease) == (7, lease)
    assert facts.store_place == store.place
    assert facts.home == str(tmp_path)
    assert facts.disk_free_bytes > 0
    assert facts.payments_stored == 0
    assert room_of(tmp_path, is_shared=True).disk_bytes is None
    assert room_of(tmp_path, is_shared=False).disk_bytes
    assert facts.store_bytes is not None
    assert facts.store_bytes >= Path(store.place).stat().st_size > 0
    assert facts.log_bytes == 0
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "desk.log").write_bytes(b"12345")
    (tmp_path / "logs" / "desk.log.1").write_bytes(b"678")
    assert desk_facts(tmp_path, store).log_bytes == 8
    assert facts.versions["CM-Xero Desk"] == __version__
    assert "not known" not in facts.versions.values()
    store.close()
