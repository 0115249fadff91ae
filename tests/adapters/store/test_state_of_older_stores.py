"""Where polling stood in an older store, one record, is where it stands afterwards, part by part."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from alembic import command
from sqlalchemy import text

from cmxero_desktop.adapters.store import SqlStore
from cmxero_desktop.adapters.store.encoding import encode
from cmxero_desktop.adapters.store.migrating import config_for
from cmxero_desktop.domain.policy import Locks, Policy
from cmxero_desktop.services.records.runs import (
    Allowance,
    CallLimits,
    Cursors,
    LastComparison,
    Pause,
    PinnedOrganisation,
    PollState,
    SignInAge,
)
from tests.adapters.store.examples import NOON

_LOCKS = Locks(period=date(2026, 6, 30))
_POLICY = Policy(currency="AUD")
_INSTANTS = [datetime(2026, 11, day, 12, tzinfo=UTC) for day in range(1, 8)]
_PAYMENTS, _INVOICES, _FIRST, _LAST, _FULL, _AS_OF, _RENEWED = _INSTANTS
_RECORD = {
    "organisation_id": "org-1",
    "organisation_name": "Müller & Söhne",
    "currency": "AUD",
    "time_zone": "Australia/Sydney",
    "locks": json.loads(encode(_LOCKS)),
    "payments_cursor": _PAYMENTS.isoformat(),
    "invoices_cursor": _INVOICES.isoformat(),
    "first_polled_at": _FIRST.isoformat(),
    "last_polled_at": _LAST.isoformat(),
    "last_full_at": _FULL.isoformat(),
    "as_of": _AS_OF.isoformat(),
    "today": "2026-11-22",
    "policy": json.loads(encode(_POLICY)),
    "case_manager_label": "cm on srv",
    "limits": {"minute": 58, "day": 4100, "app_minute": None, "seen_at": _LAST.isoformat()},
    "pause": {"until": NOON.isoformat(), "because": "the calls of this day are used up"},
    "full_requests": 31,
    "sign_in_renewed_at": _RENEWED.isoformat(),
    "other_payments": 7,
}


@pytest.fixture
def store(empty_url: str) -> Iterator[SqlStore]:
    """Return a store as the release before the parts left it, with nothing in it."""
    opened = SqlStore(empty_url)
    with opened._engines.writer.begin() as connection:
        command.upgrade(config_for(connection), "0003")
    yield opened
    opened.close()


def state_after(store: SqlStore, record: dict[str, object] | None) -> PollState:
    if record is not None:
        with store._engines.writer.begin() as connection:
            row = {"record": json.dumps(record)}
            connection.execute(text("INSERT INTO poll_state (state_id, record) VALUES (1, :record)"), row)
    store.migrate(NOON)
    with store.read() as unit:
        return unit.polling.state()


def test_every_value_is_where_it_belongs(store: SqlStore) -> None:
    assert state_after(store, _RECORD) == PollState(
        organisation=PinnedOrganisation(
            organisation_id="org-1", name="Müller & Söhne", currency="AUD", time_zone="Australia/Sydney", locks=_LOCKS
        ),
        cursors=Cursors(payments=_PAYMENTS, invoices=_INVOICES, last_full_at=_FULL, as_of=_AS_OF),
        comparison=LastComparison(
            first_polled_at=_FIRST,
            last_polled_at=_LAST,
            today=date(2026, 11, 22),
            policy=_POLICY,
            case_manager_label="cm on srv",
            other_payments=7,
        ),
        allowance=Allowance(
            limits=CallLimits(minute=58, day=4100, seen_at=_LAST),
            pause=Pause(until=NOON, because="the calls of this day are used up"),
            full_requests=31,
        ),
        sign_in=SignInAge(renewed_at=_RENEWED),
    )


def test_what_the_first_release_did_not_keep_yet_begins_with_its_default(store: SqlStore) -> None:
    state = state_after(store, {"organisation_id": "org-1", "payments_cursor": _PAYMENTS.isoformat()})
    assert state == PollState(
        organisation=PinnedOrganisation(organisation_id="org-1"), cursors=Cursors(payments=_PAYMENTS)
    )


def test_a_store_that_was_never_checked_stays_so_and_takes_a_part(store: SqlStore) -> None:
    assert state_after(store, None) == PollState()
    with store.begin() as unit:
        unit.polling.save_sign_in(SignInAge(renewed_at=NOON))
        assert unit.polling.state() == PollState(sign_in=SignInAge(renewed_at=NOON))
