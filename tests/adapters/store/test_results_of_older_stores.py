"""Results that an older program kept as plain text are packed by and by, each of them once, and none is lost."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from alembic import command
from sqlalchemy import column, table

from cmxero_desktop.adapters.store import SqlStore
from cmxero_desktop.adapters.store.encoding import encode
from cmxero_desktop.adapters.store.migrating import config_for
from cmxero_desktop.services.records.results import InvoiceResult
from tests.adapters.store.examples import NOON, result

OLDER = table("results", column("invoice_number"), column("digest"), column("record"))


@pytest.fixture
def store(empty_url: str) -> Iterator[SqlStore]:
    """Return a store as the release before left it, with nothing in it."""
    opened = SqlStore(empty_url)
    with opened._engines.writer.begin() as connection:
        command.upgrade(config_for(connection), "0019")
    yield opened
    opened.close()


def of(number: str) -> InvoiceResult:
    found = result()
    return replace(found, snapshot=replace(found.snapshot, number=number))


def test_every_result_is_there_afterwards_whatever_its_number_and_how_many_there_are(store: SqlStore) -> None:
    numbers = [f"CM-{n}" for n in range(1_203)] + ["CM-Ä 7", "cm-7", "CM-007", ""]
    rows = [{"invoice_number": n, "digest": f"digest of {n}", "record": encode(of(n))} for n in numbers]
    with store._engines.writer.begin() as connection:
        connection.execute(OLDER.insert(), rows)
    store.migrate(NOON)
    with store.read() as unit:
        assert {found.snapshot.number: found for found in unit.results.latest()} == {n: of(n) for n in numbers}
    with store._engines.writer.begin() as connection:
        marks = connection.execute(OLDER.select()).all()
    assert {row.invoice_number: row.digest for row in marks} == {n: f"digest of {n}" for n in numbers}


def test_a_result_from_before_rows_knew_what_is_to_be_typed_is_read(store: SqlStore) -> None:
    """Then nothing is said to be typed or not, until the next comparison knows."""
    text = encode(of("CM-1"))
    older = text.replace('"to_type":null,', "")
    assert older != text
    with store._engines.writer.begin() as connection:
        connection.execute(OLDER.insert(), [{"invoice_number": "CM-1", "digest": "", "record": older}])
    store.migrate(NOON)
    with store.read() as unit:
        (found,) = unit.results.latest()
    assert [placement.to_type for placement in found.correlation.placements] == [None]


@pytest.mark.parametrize("empty_url", ["sqlite"], indirect=True)
def test_a_record_that_is_no_text_is_left_to_the_next_comparison(store: SqlStore) -> None:
    rows: list[dict[str, object]] = [
        {"invoice_number": "CM-1", "digest": "", "record": encode(of("CM-1"))},
        {"invoice_number": "CM-2", "digest": "", "record": b"\xff\x00"},
    ]
    with store._engines.writer.begin() as connection:
        connection.execute(OLDER.insert(), rows)
    store.migrate(NOON)
    with store.read() as unit:
        assert [found.snapshot.number for found in unit.results.latest()] == ["CM-1"]
        assert unit.left.head() is None
