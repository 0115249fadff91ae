"""A server that falls silent holds no desk that shares a store, and a desk that does holds no other."""

from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import replace

import pytest
from sqlalchemy import event, text

from cmxero_desktop.adapters.sql.patience import Patience
from cmxero_desktop.adapters.store import SqlStore
from cmxero_desktop.domain.errors import StoreError
from tests.adapters.store.examples import NOON
from tests.adapters.store.examples import event as audit_event
from tests.support.silence import SilentProxy

pytestmark = pytest.mark.postgres

SHORT = Patience(connect_s=2, answer_s=1.5)


@pytest.fixture
def proxy(postgres_store_url: str) -> Iterator[SilentProxy]:
    with SilentProxy(postgres_store_url) as proxy:
        yield proxy


@pytest.fixture
def shared(proxy: SilentProxy) -> Iterator[SqlStore]:
    with closing(SqlStore(proxy.url, patience=SHORT)) as store:
        yield store


def write(store: SqlStore) -> int:
    with store.begin() as unit:
        unit.audit.append([audit_event()])
        unit.commit()
    with store.read() as unit:
        return len(list(unit.audit.entries()))


def test_a_store_that_falls_silent_is_given_up_and_used_again(proxy: SilentProxy, shared: SqlStore) -> None:
    def read_in_silence() -> None:
        with shared.read() as unit:
            proxy.fall_silent()
            unit.audit.entries()

    def write_in_silence() -> None:
        with shared.begin() as unit:
            unit.audit.append([audit_event()])
            proxy.fall_silent()
            unit.commit()

    assert write(shared) == 1
    for step in (read_in_silence, write_in_silence):
        with pytest.raises(StoreError, match="cannot be reached"):
            step()
        proxy.speak()
        with shared.read() as unit:
            assert len(list(unit.audit.entries())) == 1


def test_a_desk_that_falls_silent_in_a_unit_of_work_holds_no_other(proxy: SilentProxy, postgres_store_url: str) -> None:
    with (
        closing(SqlStore(proxy.url, patience=replace(SHORT, idle_s=0.5))) as sleeping,
        closing(SqlStore(postgres_store_url, busy_timeout_s=200)) as other,
        suppress(StoreError),
        sleeping.begin() as unit,
    ):
        proxy.fall_silent()
        assert write(other) == 1
        unit.commit()
    with closing(SqlStore(postgres_store_url)) as other:
        assert write(other) == 2


def test_a_step_that_takes_too_long_is_ended_by_the_server(shared: SqlStore) -> None:
    with shared.read():
        pass
    event.listen(shared._engines.reader, "begin", lambda connection: connection.execute(text("SELECT pg_sleep(200)")))
    with pytest.raises(StoreError, match="took too long"), shared.read():
        pass


def test_an_upgrade_may_take_its_time(postgres_url: str) -> None:
    """Revisions change every row of large tables."""
    seen: list[str] = []

    def note(_c: object, cursor: object, statement: str, *_: object) -> None:
        if "CREATE TABLE" in statement and not seen:
            connection = cursor.connection  # type: ignore[attr-defined]  # psycopg's own
            limit = connection.execute("SHOW statement_timeout").fetchone()[0]
            seen.append(f"{limit}, {connection.answer_s > SHORT.answer_s}")

    with closing(SqlStore(postgres_url, patience=SHORT)) as store:
        event.listen(store._engines.writer, "before_cursor_execute", note)
        store.migrate(NOON)
        assert seen == ["0, True"]
        with store.begin() as unit:
            unit.commit()
