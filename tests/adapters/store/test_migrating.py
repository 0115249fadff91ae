"""Every store that a release wrote opens for ever, is backed up first, and is never taken a step back."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from cmxero_desktop.adapters.store import SqlStore, migrating, tables
from cmxero_desktop.adapters.store.encoding import encode
from cmxero_desktop.domain.errors import StoreError
from cmxero_desktop.domain.identifiers import Fingerprint
from cmxero_desktop.domain.proposals import Flag, ProposalState
from cmxero_desktop.services.ports.store import UnitOfWork
from cmxero_desktop.services.records.decisions import Decision
from tests.adapters.store.examples import (
    INVOICE,
    NOON,
    alert,
    event,
    intent,
    poll_state,
    result,
    run,
    stored_proposal,
    tracked,
    unreadable,
    xero_invoice,
    xero_payment,
)
from tests.support.databases import fresh_database

PRESENT = migrating.HEAD
NEXT = f"{int(PRESENT) + 1:04}"
STORED = sorted((Path(__file__).parent / "stored").glob("*.sql"))


def fill(unit: UnitOfWork) -> None:
    """Store one record of each kind. The stored releases were made by this very function."""
    proposal = stored_proposal()
    unit.facts.save_payments([xero_payment()])
    unit.facts.save_invoices([xero_invoice()])
    unit.facts.track([tracked()])
    unit.gaps.save_unreadable([unreadable("Payment-2")])
    unit.gaps.save_unknown([xero_payment("payment-3").payment_id])
    unit.results.save([result()], replace_all=True)
    unit.proposals.add([proposal])
    unit.intents.open([intent()])
    unit.pairs.add_copies(intent().known_ids)
    unit.audit.append([event("one"), event("two")])
    unit.alerts.raise_new([alert()])
    unit.polling.save_run(run())
    state = poll_state()
    unit.polling.save_organisation(state.organisation)
    unit.polling.save_cursors(state.cursors)
    unit.polling.save_comparison(state.comparison)
    unit.commit()


def test_leases_and_requests_begin_empty_in_an_older_store(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "store.db")) as file:
        file.executescript(STORED[0].read_text(encoding="utf-8"))
    store = SqlStore(f"sqlite:///{tmp_path / 'store.db'}")
    store.migrate(NOON)
    with store.begin() as unit:
        assert (unit.sharing.lease(), unit.polling.requests_on(NOON.date())) == (None, 0)
        unit.polling.count_requests(NOON.date(), 2)
        assert unit.polling.requests_on(NOON.date()) == 2
    store.close()


def require_filled(unit: UnitOfWork) -> None:
    assert unit.facts.payments_of_tracked() == {INVOICE: (xero_payment(),)}
    assert unit.facts.invoices_of_tracked() == {INVOICE: xero_invoice()}
    assert unit.facts.tracked() == {INVOICE: tracked()}
    assert unit.gaps.unreadable() == (unreadable("Payment-2"),)
    assert unit.gaps.unknown_ids() == {"payment-3"}
    assert unit.results.latest() == (result(),)
    assert unit.proposals.in_states({ProposalState.PROPOSED}) == (stored_proposal(),)
    assert unit.intents.still_open() == (intent(),)
    assert unit.pairs.copies() == set(intent().known_ids)
    assert [entry.event for entry in unit.audit.entries()] == [event("two"), event("one")]
    assert unit.audit.first_broken() is None
    assert unit.alerts.standing() == (alert(),)
    assert unit.polling.runs(9) == (run(),)
    assert unit.polling.state() == poll_state()


def write(store: SqlStore, statement: str) -> None:
    with store._engines.writer.begin() as connection:
        connection.execute(text(statement))


def version(store: SqlStore) -> str | None:
    with store._engines.reader.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def test_each_proposal_of_an_older_store_is_found_by_its_invoice(empty_url: str) -> None:
    rows = [stored_proposal("a" * 64, number="CM-1"), stored_proposal("b" * 64, ProposalState.HELD, number="CM-Ü'2")]
    store = SqlStore(empty_url)
    with store._engines.writer.begin() as connection:
        command.upgrade(migrating.config_for(connection), "0004")
        statement = text("INSERT INTO proposals (fingerprint, proposal_id, state, record) VALUES (:f, :i, :s, :r)")
        connection.execute(
            statement, [{"f": s.fingerprint, "i": s.proposal_id, "s": s.state.value, "r": encode(s)} for s in rows]
        )
    store.migrate(NOON)
    with store.read() as unit:
        for stored in rows:
            assert unit.proposals.of_invoices([stored.proposal.invoice_number], tuple(ProposalState)) == (stored,)
        assert unit.proposals.in_states(tuple(ProposalState)) == tuple(rows)
    with store._engines.reader.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), tables.metadata) == []
    store.close()


def test_each_proposal_of_an_older_store_is_found_by_its_decision_and_by_its_limits(empty_url: str) -> None:
    plain, held = stored_proposal("a" * 64), stored_proposal("b" * 64, number="CM-2")
    decided = replace(plain, proposal=replace(plain.proposal, decision=Fingerprint("d'1'")))
    over = replace(held, proposal=replace(held.proposal, flags=frozenset({Flag.OVER_LIMIT, Flag.SOR})))
    released = replace(stored_proposal("c" * 64, number="CM-3"), release=Decision(by="Ann", at=NOON))
    rows = (decided, over, released)
    store = SqlStore(empty_url)
    with store._engines.writer.begin() as connection:
        command.upgrade(migrating.config_for(connection), "0018")
        statement = text(
            "INSERT INTO proposals (fingerprint, proposal_id, state, record, invoice_number)"
            " VALUES (:f, :i, :s, :r, :n)"
        )
        connection.execute(
            statement,
            [
                {
                    "f": s.fingerprint,
                    "i": s.proposal_id,
                    "s": s.state.value,
                    "r": encode(s),
                    "n": s.proposal.invoice_number,
                }
                for s in rows
            ],
        )
    store.migrate(NOON)
    with store.read() as unit:
        assert unit.proposals.of_decisions([Fingerprint("d'1'")], tuple(ProposalState)) == (decided,)
        assert unit.proposals.limited() == (over, released)
        assert unit.proposals.in_states(tuple(ProposalState)) == rows
    with store._engines.reader.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), tables.metadata) == []
    store.close()


def test_what_an_older_store_holds_is_the_first_version_of_everything(tmp_path: Path) -> None:
    """It is kept from the upgrade on; when it came to be so was not kept."""
    with closing(sqlite3.connect(tmp_path / "store.db")) as file:
        file.executescript(STORED[0].read_text(encoding="utf-8"))
    store = SqlStore(f"sqlite:///{tmp_path / 'store.db'}")
    store.migrate(NOON)
    with store.read() as unit:
        moment = unit.past.moment()
        assert moment is not None
        assert (unit.past.begins_at(), moment.number, moment.entries) == (NOON, 0, 2)
        (payment,) = unit.past.xero_payments([INVOICE], moment)
        (invoice,) = unit.past.xero_invoices(["CM-100"], moment)
        (proposal,) = unit.past.proposals("CM-100", moment)
        assert len(unit.past.case_side("CM-100", moment).places) == 1
        assert len(unit.past.entries("CM-100", moment)) == 2
    assert (payment.fact, invoice.fact, proposal.fact) == (xero_payment(), xero_invoice(), stored_proposal())
    assert {(seen.since, seen.until) for seen in (payment, invoice, proposal)} == {(None, None)}
    with store.begin() as unit:
        unit.facts.save_payments([xero_payment("400.01")])
        unit.commit()
    with store.read() as unit:
        assert [seen.fact for seen in unit.past.xero_payments([INVOICE], moment)] == [xero_payment()]
    store.close()


def test_a_new_store_keeps_nothing_of_the_time_before_it(store: SqlStore) -> None:
    with store.read() as unit:
        assert unit.past.begins_at() is None


def test_tables_and_migrations_give_the_same_schema(store: SqlStore) -> None:
    with store._engines.reader.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), tables.metadata) == []


def test_a_new_store_holds_one_record_of_each_kind(store: SqlStore) -> None:
    with store.begin() as unit:
        fill(unit)
    with store.read() as unit:
        require_filled(unit)


def test_a_store_that_is_up_to_date_is_left_alone(store: SqlStore) -> None:
    before = version(store)
    assert store.migrate(NOON) is None
    assert version(store) == before


@pytest.mark.parametrize("release", STORED, ids=lambda file: file.stem)
def test_the_store_of_every_release_opens_with_all_it_holds(release: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "store.db")) as file:
        file.executescript(release.read_text(encoding="utf-8"))
    store = SqlStore(f"sqlite:///{tmp_path / 'store.db'}")
    store.migrate(NOON)
    with store.read() as unit:
        require_filled(unit)
    store.close()


def test_a_store_of_every_release_is_kept_here() -> None:
    assert [file.stem for file in STORED] == ["0.1.0"]


def test_a_store_of_a_newer_version_is_refused_and_left_as_it_is(store: SqlStore) -> None:
    write(store, "UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StoreError, match="newer version") as raised:
        store.migrate(NOON)
    assert "newest version" in raised.value.remedy
    assert version(store) == "9999"


def test_a_database_that_holds_something_else_is_refused_and_left_as_it_is(empty_url: str) -> None:
    """Case Manager's own database by mistake, for one: no table may ever be added to it."""
    store = SqlStore(empty_url)
    write(store, "CREATE TABLE invoices (invoice_id INTEGER)")
    with pytest.raises(StoreError, match="something else"):
        store.migrate(NOON)
    with store._engines.reader.connect() as connection:
        assert connection.dialect.get_table_names(connection) == ["invoices"]
    store.close()


def test_an_upgrade_that_fails_halfway_leaves_the_store_as_it_was(
    empty_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    upgrade = command.upgrade

    def upgrade_and_fail(*args: object) -> None:
        upgrade(*args)  # type: ignore[arg-type]  # passed on as they came
        message = "the plug was pulled"
        raise KeyboardInterrupt(message)

    monkeypatch.setattr(command, "upgrade", upgrade_and_fail)
    store = SqlStore(empty_url)
    with pytest.raises(KeyboardInterrupt):
        store.migrate(NOON)
    monkeypatch.undo()
    assert version(store) is None
    store.migrate(NOON)
    with store.begin() as unit:
        fill(unit)
    store.close()


def test_the_head_is_the_newest_revision() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(migrating.__file__).with_name("migrations")))
    assert ScriptDirectory.from_config(config).get_current_head() == migrating.HEAD


@pytest.fixture
def older_store(sqlite_store: SqlStore, monkeypatch: pytest.MonkeyPatch) -> SqlStore:
    """Return a filled store that thinks that it is one step behind, and upgrades by doing nothing."""
    with sqlite_store.begin() as unit:
        fill(unit)

    def walk(_directory: object) -> list[object]:
        return [type("Step", (), {"revision": f"{number:04}"})() for number in range(int(NEXT), 0, -1)]

    monkeypatch.setattr(ScriptDirectory, "walk_revisions", walk)
    monkeypatch.setattr(migrating, "HEAD", NEXT)
    return sqlite_store


def test_a_backup_that_opens_is_made_before_an_upgrade(older_store: SqlStore, tmp_path: Path) -> None:
    backup = older_store.migrate(NOON)
    assert backup == tmp_path / f"store.db.2026-11-22T12-00-00.000000Z.from-{PRESENT}.backup"
    copy = SqlStore(f"sqlite:///{backup}")
    with copy.read() as unit:
        require_filled(unit)
    copy.close()


def test_the_last_five_backups_are_kept(older_store: SqlStore, tmp_path: Path) -> None:
    made = [older_store.migrate(NOON + timedelta(hours=hour)) for hour in range(7)]
    assert sorted(tmp_path.glob("*.backup")) == made[2:]
    assert list(tmp_path.glob("*.half")) == []


def test_no_upgrade_without_its_backup(older_store: SqlStore, tmp_path: Path) -> None:
    (tmp_path / f"store.db.2026-11-22T12-00-00.000000Z.from-{PRESENT}.backup").mkdir()
    with pytest.raises(StoreError, match="No backup") as raised:
        older_store.migrate(NOON)
    assert raised.value.remedy
    assert version(older_store) == PRESENT
    assert list(tmp_path.glob("*.half")) == []


@pytest.mark.postgres
def test_a_store_is_made_only_where_every_text_can_be_kept() -> None:
    with fresh_database("postgres", "LATIN1") as url, closing(SqlStore(url)) as store:
        with pytest.raises(StoreError, match="keeps text as LATIN1") as caught:
            store.migrate(NOON)
        assert "ENCODING 'UTF8'" in caught.value.remedy


@pytest.mark.postgres
def test_a_store_that_was_made_elsewhere_says_that_it_lacks_a_character(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migrating, "_UNICODE", "LATIN1")
    with fresh_database("postgres", "LATIN1") as url, closing(SqlStore(url)) as store:
        store.migrate(NOON)
        with pytest.raises(StoreError, match="cannot keep every text"), store.begin() as unit:
            unit.audit.append([event("a — b")])
