"""The audit trail: nothing in it can be changed, removed, moved or cut off without showing."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

import pytest
from sqlalchemy import Connection, create_engine, make_url, select, text

from cmxero_desktop.adapters.store import SqlStore, audit, tables
from cmxero_desktop.domain.errors import StoreError
from cmxero_desktop.domain.identifiers import ProposalId
from cmxero_desktop.services.records.audit import AuditEvent, AuditWhat
from tests.adapters.store.examples import event

ENTRIES = 5


@pytest.fixture
def trail(store: SqlStore) -> SqlStore:
    """Return a store with a few entries, appended by two units of work."""
    for reasons in (range(2), range(2, ENTRIES)):
        with store.begin() as unit:
            unit.audit.append([event(f"reason {n}") for n in reasons])
            unit.commit()
    return store


@pytest.fixture
def intruder(store_url: str) -> Iterator[Connection]:
    """Return a connection of somebody who can do anything to the database, and has taken the triggers off."""
    url = make_url(store_url)
    if url.get_backend_name() == "postgresql":
        url = url.set(drivername="postgresql+psycopg")
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def disarm(intruder: Connection) -> None:
    if intruder.dialect.name == "sqlite":
        intruder.execute(text("DROP TRIGGER audit_entries_no_update"))
        intruder.execute(text("DROP TRIGGER audit_entries_no_delete"))
    else:
        intruder.execute(text("DROP TRIGGER audit_entries_append_only ON audit_entries"))


def broken(store: SqlStore) -> int | None:
    with store.read() as unit:
        return unit.audit.first_broken()


def test_entries_come_newest_first_and_chain(trail: SqlStore) -> None:
    with trail.read() as unit:
        entries = unit.audit.entries()
        assert unit.audit.entries(newest=2) == entries[:2]
    assert [entry.sequence for entry in entries] == [5, 4, 3, 2, 1]
    assert entries[0].event == event("reason 4")
    assert entries[-1].previous_hash == audit.GENESIS
    assert all(later.previous_hash == entry.entry_hash for later, entry in pairwise(entries))
    assert broken(trail) is None


def test_an_append_that_is_not_committed_leaves_no_trace(trail: SqlStore) -> None:
    with trail.begin() as unit:
        unit.audit.append([event("never")])
    with trail.read() as unit:
        assert len(unit.audit.entries()) == ENTRIES
    assert broken(trail) is None


def test_versions_are_part_of_what_is_hashed(store: SqlStore, monkeypatch: pytest.MonkeyPatch) -> None:
    hashes = set()
    for program, rules in (("0.1.0", "1"), ("0.2.0", "1"), ("0.1.0", "2")):
        monkeypatch.setattr(audit, "__version__", program)
        monkeypatch.setattr(audit, "RULES_VERSION", rules)
        with store.begin() as unit:
            unit.audit.append([event()])
            hashes.add(unit.audit.entries()[0].entry_hash)
    assert len(hashes) == 3


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entries SET event = '{}'",
        "UPDATE audit_entries SET event = '{}' WHERE sequence = 3",
        "DELETE FROM audit_entries WHERE sequence = 5",
        "DELETE FROM audit_entries",
    ],
)
def test_the_database_itself_refuses_to_change_the_trail(trail: SqlStore, intruder: Connection, statement: str) -> None:
    with pytest.raises(Exception, match="append-only"):
        intruder.execute(text(statement))
    assert broken(trail) is None


@pytest.mark.parametrize("column", [c.name for c in tables.audit_entries.columns if c.name != "sequence"])
@pytest.mark.parametrize("sequence", [1, 3, ENTRIES])
def test_a_change_of_any_field_shows(trail: SqlStore, intruder: Connection, column: str, sequence: int) -> None:
    disarm(intruder)
    found = intruder.scalar(select(tables.audit_entries.c[column]).where(tables.audit_entries.c.sequence == sequence))
    old = str(found)
    flipped = ("1" if old[0] == "0" else "0") + old[1:]
    new = old.replace("450.00", "550.00") if column == "event" else flipped
    assert new != old
    intruder.execute(
        tables.audit_entries.update().where(tables.audit_entries.c.sequence == sequence).values({column: new})
    )
    assert broken(trail) == sequence


@pytest.mark.parametrize("removed", range(1, ENTRIES + 1))
def test_a_removed_entry_shows_the_last_one_too(trail: SqlStore, intruder: Connection, removed: int) -> None:
    disarm(intruder)
    intruder.execute(text("DELETE FROM audit_entries WHERE sequence = :n"), {"n": removed})
    assert broken(trail) == removed


def test_a_removed_entry_shows_when_the_others_are_numbered_anew(trail: SqlStore, intruder: Connection) -> None:
    disarm(intruder)
    intruder.execute(text("DELETE FROM audit_entries WHERE sequence = 2"))
    for number in (3, 4, 5):
        intruder.execute(
            text("UPDATE audit_entries SET sequence = :new WHERE sequence = :old"),
            {"new": number - 1, "old": number},
        )
    assert broken(trail) == 2


def test_two_entries_that_changed_places_show(trail: SqlStore, intruder: Connection) -> None:
    disarm(intruder)
    for old, new in ((2, 9), (3, 2), (9, 3)):
        intruder.execute(
            text("UPDATE audit_entries SET sequence = :new WHERE sequence = :old"), {"new": new, "old": old}
        )
    assert broken(trail) == 2


def test_an_emptied_trail_shows(trail: SqlStore, intruder: Connection) -> None:
    disarm(intruder)
    intruder.execute(text("DELETE FROM audit_entries"))
    assert broken(trail) == 1


@pytest.mark.parametrize(
    ("change", "first"),
    [
        ("UPDATE audit_head SET entries = 4", 5),
        ("UPDATE audit_head SET entries = 6", 6),
        ("UPDATE audit_head SET entry_hash = 'x'", 5),
        ("DELETE FROM audit_head", 6),
    ],
)
def test_a_changed_end_mark_shows(trail: SqlStore, intruder: Connection, change: str, first: int) -> None:
    intruder.execute(text(change))
    assert broken(trail) == first


def test_an_entry_added_by_hand_shows(trail: SqlStore, intruder: Connection) -> None:
    row = intruder.execute(select(tables.audit_entries).order_by(tables.audit_entries.c.sequence.desc())).first()
    assert row is not None
    intruder.execute(tables.audit_entries.insert(), row._asdict() | {"sequence": ENTRIES + 1})
    assert broken(trail) == ENTRIES + 1


def test_nothing_is_appended_behind_a_lost_end_mark(trail: SqlStore, intruder: Connection) -> None:
    intruder.execute(text("DELETE FROM audit_head"))
    with trail.begin() as unit, pytest.raises(StoreError, match="end mark"):
        unit.audit.append([event()])


def test_a_trail_that_lost_its_tail_stays_broken_when_it_grows(trail: SqlStore, intruder: Connection) -> None:
    disarm(intruder)
    intruder.execute(text("DELETE FROM audit_entries WHERE sequence = 5"))
    with trail.begin() as unit:
        unit.audit.append([replace(event(), what=AuditWhat.UNDONE)])
        unit.commit()
    assert broken(trail) == 5


def test_the_last_event_about_each_proposal_is_found(trail: SqlStore) -> None:
    first, second, unknown = ProposalId("p-1"), ProposalId("p-2"), ProposalId("p-3")
    told = [(first, "old"), (second, "only"), (first, "new"), (first, "unwanted")]
    with trail.begin() as unit:
        unit.audit.append([replace(event(reason), proposal_id=row_id) for row_id, reason in told])
        unit.commit()
    with trail.read() as unit:
        found = unit.audit.last_of([first, second, unknown], lambda one: one.reason != "unwanted")
        every = unit.audit.last_of([first], lambda _: True)
        assert unit.audit.last_of([], lambda _: True) == {}
    assert {row_id: one.reason for row_id, one in found.items()} == {first: "new", second: "only"}
    assert every[first].reason == "unwanted"


def about(trail: SqlStore, *proposals: str) -> None:
    with trail.begin() as unit:
        unit.audit.append([replace(event(), proposal_id=ProposalId(row_id)) for row_id in proposals])
        unit.commit()


def test_the_last_event_is_found_without_reading_the_others(trail: SqlStore, monkeypatch: pytest.MonkeyPatch) -> None:
    about(trail, "p-1", "p-2", "p-1", *["p-3"] * 50)
    read: list[str] = []
    decode = audit._decode_event

    def counted(record: str) -> AuditEvent:
        read.append(record)
        return decode(record)

    monkeypatch.setattr(audit, "_decode_event", counted)
    with trail.read() as unit:
        assert unit.audit.last_of(["p-1"], lambda _: True).keys() == {"p-1"}
    assert len(read) == 2


def test_a_subject_that_was_moved_to_another_entry_says_nothing_and_shows(
    trail: SqlStore, intruder: Connection
) -> None:
    about(trail, "p-1", "p-2")
    intruder.execute(text("UPDATE audit_subjects SET proposal_id = 'p-1' WHERE sequence = 7"))
    with trail.read() as unit:
        assert unit.audit.last_of(["p-2"], lambda _: True) == {}
    assert broken(trail) == 7


def test_a_subject_that_was_taken_away_shows(trail: SqlStore, intruder: Connection) -> None:
    about(trail, "p-1", "p-2")
    intruder.execute(text("DELETE FROM audit_subjects WHERE sequence = 6"))
    assert broken(trail) == 6


def test_a_tail_that_was_cut_off_with_its_end_mark_shows_by_what_its_entries_were_about(
    trail: SqlStore, intruder: Connection
) -> None:
    """It may still grow: the program must not stop for it."""
    about(trail, "p-1", "p-2")
    disarm(intruder)
    intruder.execute(text("DELETE FROM audit_entries WHERE sequence > 5"))
    intruder.execute(
        text(
            "UPDATE audit_head SET entries = 5, entry_hash = (SELECT entry_hash FROM audit_entries WHERE sequence = 5)"
        )
    )
    assert broken(trail) == 6
    about(trail, "p-9")
    assert broken(trail) == 7
