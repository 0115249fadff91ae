"""Intents, known copies, alerts, runs and the state of polling."""

from dataclasses import replace

import pytest

from cmxero_desktop.domain.errors import StoreError
from cmxero_desktop.domain.identifiers import CasePaymentId
from cmxero_desktop.services.ports.store import Store
from cmxero_desktop.services.records.intents import IntentState
from cmxero_desktop.services.records.runs import PollOutcome, PollState
from tests.adapters.store.examples import ONE_PM, alert, intent, poll_state, run


def test_intents_come_oldest_first_and_open_ones_apart(store: Store) -> None:
    written = replace(intent("b"), state=IntentState.WRITTEN, result_id=CasePaymentId(8))
    with store.begin() as unit:
        unit.intents.open([intent("c"), intent("b")])
        unit.intents.open([intent("a")])
        unit.intents.close([written])
        unit.commit()
    with store.read() as unit:
        assert tuple(unit.intents.by_id(["a", "b", "c", "d"]).values()) == (intent("c"), written, intent("a"))
        assert unit.intents.still_open() == (intent("c"), intent("a"))


def test_an_intent_that_was_never_opened_cannot_be_closed(store: Store) -> None:
    with store.begin() as unit, pytest.raises(StoreError, match="does not know the write"):
        unit.intents.close([intent()])


def test_an_intent_cannot_be_opened_twice(store: Store) -> None:
    with store.begin() as unit, pytest.raises(StoreError):
        unit.intents.open([intent(), intent()])


def test_known_copies_are_kept_once(store: Store) -> None:
    with store.begin() as unit:
        unit.pairs.add_copies([CasePaymentId(7), CasePaymentId("7")])
        unit.pairs.add_copies([CasePaymentId(7), CasePaymentId(8)])
        assert unit.pairs.copies() == {CasePaymentId(7), CasePaymentId("7"), CasePaymentId(8)}


def test_an_alert_is_new_once_and_keeps_its_first_time(store: Store) -> None:
    with store.begin() as unit:
        assert unit.alerts.raise_new([alert("one")]) == (alert("one"),)
        raised = unit.alerts.raise_new([alert("two", at=ONE_PM), alert("one", "Still so.", at=ONE_PM)])
        assert raised == (alert("two", at=ONE_PM),)
        assert unit.alerts.standing() == (alert("one", "Still so."), alert("two", at=ONE_PM))


def test_an_alert_that_was_cleared_is_new_again(store: Store) -> None:
    with store.begin() as unit:
        unit.alerts.raise_new([alert("one"), alert("two")])
        unit.alerts.clear(["one", "unknown"])
        assert unit.alerts.standing() == (alert("two"),)
        assert unit.alerts.raise_new([alert("one")]) == (alert("one"),)


def test_the_newest_runs_come_first(store: Store) -> None:
    failed = run("run-2", PollOutcome.OFFLINE)
    with store.begin() as unit:
        for number in (1, 2, 3):
            unit.polling.save_run(run(f"run-{number}"))
        unit.polling.save_run(failed)
        assert unit.polling.runs(2) == (run("run-3"), failed)


def test_the_poll_state_is_empty_at_first_and_then_the_last_one(store: Store) -> None:
    with store.begin() as unit:
        assert unit.polling.state() == PollState()
        unit.polling.save_state(replace(poll_state(), organisation_name="Old"))
        unit.polling.save_state(poll_state())
        assert unit.polling.state() == poll_state()
