"""Intents, known copies, alerts, runs and the state of polling."""

from dataclasses import fields, replace
from datetime import datetime
from decimal import Decimal
from itertools import permutations

import pytest

from cmxero_desktop.domain.belonging import DatabasePlace, KnownDatabase, NumberedInvoice
from cmxero_desktop.domain.copying import CopyTime
from cmxero_desktop.domain.errors import NotAllowedError, StoreError
from cmxero_desktop.domain.firm_totals import TotalsCause, TotalsFinding
from cmxero_desktop.domain.identifiers import CaseInvoiceId, CasePaymentId, XeroPaymentId
from cmxero_desktop.domain.money import Money
from cmxero_desktop.domain.office import Office
from cmxero_desktop.domain.other_writer import ForeignCopy, Sign
from cmxero_desktop.domain.people import SecondRule
from cmxero_desktop.services.ports.store import Store, UnitOfWork
from cmxero_desktop.services.records.epochs import ConfirmedStore, StoreEpoch
from cmxero_desktop.services.records.intents import IntentState
from cmxero_desktop.services.records.runs import (
    Allowance,
    CallLimits,
    Cursors,
    LastComparison,
    PinnedOrganisation,
    PollOutcome,
    PollState,
    SignInAge,
)
from cmxero_desktop.services.records.totals import AcceptedTotals, FirmTotals
from tests.adapters.store.examples import NOON, ONE_PM, alert, intent, poll_state, run


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


def test_what_is_planned_has_not_ended_and_is_claimed_once(store: Store) -> None:
    planned = replace(intent("a"), state=IntentState.PLANNED, lease=3)
    begun = replace(planned, state=IntentState.OPEN, known_ids=(CasePaymentId(7),))
    with store.begin() as unit:
        unit.intents.open([planned, intent("b")])
        assert unit.intents.still_open() == (planned, intent("b"))
        unit.intents.claim([begun])
        unit.commit()
    with store.read() as unit:
        assert unit.intents.still_open() == (begun, intent("b"))
    with store.begin() as unit, pytest.raises(NotAllowedError, match="given up"):
        unit.intents.claim([begun])


def test_every_intent_comes_oldest_first_whatever_became_of_it(store: Store) -> None:
    written = replace(intent("b"), state=IntentState.WRITTEN, result_id=CasePaymentId(8))
    with store.begin() as unit:
        unit.intents.open([intent("c"), intent("b"), intent("a")])
        unit.intents.close([written])
        assert tuple(unit.intents.every()) == (intent("c"), written, intent("a"))


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


def foreign(key: int | str, seen_at: datetime = NOON) -> ForeignCopy:
    return ForeignCopy(
        case_id=CasePaymentId(key),
        invoice_number="CM-100",
        amount=Money.of("400.00", "AUD"),
        paid_on=NOON.date(),
        sign=Sign.OUR_LINE,
        seen_at=seen_at,
        seen_on=seen_at.date(),
    )


def test_foreign_copies_keep_their_first_record_until_they_are_forgotten(store: Store) -> None:
    with store.begin() as unit:
        unit.pairs.add_foreign([foreign(8), foreign("7")])
        unit.pairs.add_foreign([foreign(8, ONE_PM), foreign(7)])
        unit.commit()
    with store.begin() as unit:
        assert unit.pairs.foreign() == (foreign(7), foreign(8), foreign("7"))
        unit.pairs.add_copies([CasePaymentId(8)])
        unit.pairs.forget_copies([CasePaymentId(8), CasePaymentId(9)])
        unit.pairs.forget_foreign([CasePaymentId("7"), CasePaymentId(9)])
        unit.commit()
    with store.read() as unit:
        assert unit.pairs.foreign() == (foreign(7), foreign(8))
        assert unit.pairs.copies() == frozenset()


def test_when_others_copied_is_kept_by_payment_whatever_the_case_of_its_id(store: Store) -> None:
    seen = CopyTime(xero_id=XeroPaymentId("P-1"), entered_at=NOON)
    copied = CopyTime(xero_id=XeroPaymentId("p-1"), entered_at=NOON, copied_at=ONE_PM, is_late=True)
    other = replace(seen, xero_id=XeroPaymentId("P-2"))
    with store.begin() as unit:
        unit.pairs.save_copy_times([seen, other])
        unit.pairs.save_copy_times([copied])
        unit.pairs.save_copy_times([])
        unit.commit()
    with store.begin() as unit:
        assert unit.pairs.copy_times() == {"p-1": copied, "p-2": other}
        unit.pairs.forget_copy_times([XeroPaymentId("p-2"), XeroPaymentId("p-3")])
        assert unit.pairs.copy_times() == {"p-1": copied}


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


def save_state(unit: UnitOfWork, state: PollState) -> None:
    unit.polling.save_organisation(state.organisation)
    unit.polling.save_cursors(state.cursors)
    unit.polling.save_comparison(state.comparison)
    unit.polling.save_allowance(state.allowance)
    unit.polling.save_sign_in(state.sign_in)
    unit.polling.save_totals(state.totals)
    unit.polling.save_database(state.database)
    unit.polling.save_epoch(state.epoch)
    unit.polling.save_office(state.office)


DIFFERS = TotalsFinding(invoices=60, concerned=60, differing=60, cause=TotalsCause.TAX, low=Decimal("1.1"))
FULL = PollState(
    organisation=PinnedOrganisation(organisation_id="org", name="Wu", currency="AUD", time_zone="Australia/Sydney"),
    cursors=Cursors(payments=NOON, invoices=ONE_PM, last_full_at=NOON, as_of=ONE_PM),
    comparison=LastComparison(last_polled_at=NOON, case_manager_label="cm on srv", other_payments=3),
    allowance=Allowance(limits=CallLimits(day=9, seen_at=NOON), full_requests=7),
    sign_in=SignInAge(renewed_at=NOON),
    totals=FirmTotals(finding=DIFFERS, accepted=AcceptedTotals(finding=DIFFERS, by="Ann", at=NOON, reason="GST")),
    database=KnownDatabase(
        place=DatabasePlace(name="cm on srv", mark="postgresql\n7\ncm\npublic"),
        oldest=(NumberedInvoice(CaseInvoiceId(1), "100"), NumberedInvoice(CaseInvoiceId("1"), "101")),
        address="postgresql://reader@srv/cm",
    ),
    epoch=StoreEpoch(
        epoch_id="e2",
        past=("e1",),
        why="It was put back.",
        after_deed=7,
        after_check=2,
        confirmed=ConfirmedStore(by="Ann", at=NOON, reason="the newer one is lost"),
        kept_on="PC-1",
    ),
    office=Office(approvers=("Ann", "Bob"), rule=SecondRule.ALL, above=Decimal("12.50")),
)


def test_the_poll_state_is_empty_at_first_and_then_the_last_one(store: Store) -> None:
    with store.begin() as unit:
        assert unit.polling.state() == PollState()
        save_state(unit, poll_state())
        save_state(unit, FULL)
        assert unit.polling.state() == FULL


def test_two_writers_with_old_copies_do_not_put_back_what_the_other_one_wrote(store: Store) -> None:
    """Each saves its own part of what it read before the other one wrote: both parts stand, in every pairing."""
    names = [each.name for each in fields(PollState)]
    for mine, other in permutations(names, 2):
        with store.begin() as unit:
            save_state(unit, PollState())
            unit.commit()
        with store.read() as first, store.read() as second:
            copies = first.polling.state(), second.polling.state()
        for name, copy in zip((mine, other), copies, strict=True):
            changed = replace(copy, **{name: getattr(FULL, name)})
            with store.begin() as unit:
                getattr(unit.polling, f"save_{name}")(getattr(changed, name))
                unit.commit()
        with store.read() as unit:
            assert unit.polling.state() == replace(
                PollState(), **{name: getattr(FULL, name) for name in (mine, other)}
            ), (mine, other)


def test_a_part_that_was_not_committed_is_as_it_was(store: Store) -> None:
    with store.begin() as unit:
        save_state(unit, FULL)
        unit.commit()
    with store.begin() as unit:
        unit.polling.save_cursors(Cursors())
    with store.read() as unit:
        assert unit.polling.state() == FULL
