"""An older store has an alert for each copy that another writer made; a newer one has one alert, and the copies."""

import json
from datetime import date

import pytest
from alembic import command
from sqlalchemy import text

from cmxero_desktop.adapters.store import SqlStore
from cmxero_desktop.adapters.store.encoding import encode
from cmxero_desktop.adapters.store.keys import case_payment_key
from cmxero_desktop.adapters.store.migrating import config_for
from cmxero_desktop.domain.identifiers import CasePaymentId
from cmxero_desktop.domain.money import Money
from cmxero_desktop.domain.other_writer import ForeignCopy, Sign
from cmxero_desktop.domain.rules import Rule
from cmxero_desktop.services.records.alerts import OTHER_WRITER_KEY, Alert, AlertKind
from tests.adapters.store.examples import NOON, ONE_PM, alert

KEYS = (CasePaymentId(7), CasePaymentId("Ü-8"), CasePaymentId("7"))


def of_one_copy(key: CasePaymentId, position: int) -> Alert:
    return Alert(
        key=f"writer:{key}/{position}",
        kind=AlertKind.OTHER_WRITER,
        rule=Rule.R29,
        explanation="The imported payment of 400.00 was not written by this program.",
        next_step="Switch it off.",
        raised_at=NOON if position else ONE_PM,
        invoice_number="CM-Ü100",
        amount=Money.of("400.00", "AUD"),
        case_payment_id=key,
        on=date(2026, 11, 1),
    )


def opened(empty_url: str, alerts: list[Alert]) -> SqlStore:
    """Return a store that a program before the one alert left with these, brought up to date."""
    store = SqlStore(empty_url)
    with store._engines.writer.begin() as connection:
        command.upgrade(config_for(connection), "0006")
        for raised in alerts:
            row = {"key": raised.key, "record": encode(raised)}
            connection.execute(text("INSERT INTO alerts (alert_key, record) VALUES (:key, :record)"), row)
        for key in (*KEYS, CasePaymentId(9)):
            statement = text("INSERT INTO known_copies (case_payment_key) VALUES (:key)")
            connection.execute(statement, {"key": case_payment_key(key)})
    store.migrate(NOON)
    return store


@pytest.mark.parametrize("count", [1, 3])
def test_the_alerts_of_each_copy_become_one(empty_url: str, count: int) -> None:
    raised = [of_one_copy(key, position) for position, key in enumerate(KEYS[:count])]
    store = opened(empty_url, [alert(), *raised])
    with store.read() as unit:
        other, writer = unit.alerts.standing()
        assert other == alert()
        assert (writer.key, writer.kind, writer.raised_at) == (OTHER_WRITER_KEY, AlertKind.OTHER_WRITER, ONE_PM)
        assert ("3 imported payments" in writer.explanation) is (count == 3)
        assert unit.pairs.copies() == {*KEYS[count:], CasePaymentId(9)}
        foreign = unit.pairs.foreign()
        assert {copy.case_id for copy in foreign} == set(KEYS[:count])
        assert foreign[0] == ForeignCopy(
            case_id=KEYS[0],
            invoice_number="CM-Ü100",
            amount=Money.of("400.00", "AUD"),
            paid_on=date(2026, 11, 1),
            sign=Sign.CASE_MANAGER_TEXT,
            seen_at=ONE_PM,
            seen_on=ONE_PM.date(),
        )
    store.close()


def test_a_store_without_such_alerts_keeps_what_it_has(empty_url: str) -> None:
    store = opened(empty_url, [alert()])
    with store.read() as unit:
        assert unit.alerts.standing() == (alert(),)
        assert unit.pairs.foreign() == ()
        assert unit.pairs.copies() == {*KEYS, CasePaymentId(9)}
    store.close()


def test_the_record_of_the_alert_reads_as_it_was_written(empty_url: str) -> None:
    store = opened(empty_url, [of_one_copy(KEYS[0], 0)])
    with store._engines.reader.connect() as connection:
        (record,) = connection.execute(text("SELECT record FROM alerts")).scalars()
    assert json.loads(record)["key"] == OTHER_WRITER_KEY
    store.close()
