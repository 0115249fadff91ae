"""Whatever a comparison rests on is marked by its invoice, in the very transaction that stores it."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from cmxero_desktop.domain.identifiers import CasePaymentId, XeroInvoiceId, XeroPaymentId
from cmxero_desktop.domain.memory import NumberSaid
from cmxero_desktop.domain.proposals import ProposalState
from cmxero_desktop.domain.records import Account
from cmxero_desktop.domain.sor.schedules import ScheduleState
from cmxero_desktop.services.ports.store import Store, UnitOfWork
from cmxero_desktop.services.records.results import InvoiceResult, TrackedInvoice
from cmxero_desktop.services.records.touched import Touched
from tests.adapters.store import examples
from tests.adapters.store.contract.test_memory import NOON, OTHER_MONEY, PAIR, SET
from tests.adapters.store.contract.test_sor import SCHEDULE
from tests.adapters.store.examples import INVOICE

OTHER_INVOICE = XeroInvoiceId("invoice-2")
MOVED = examples.xero_payment(invoice_id=OTHER_INVOICE, updated_at=examples.ONE_PM)
STORED = examples.stored_proposal()
HELD = replace(STORED, state=ProposalState.HELD)
SAID = NumberSaid(xero_invoice_id=INVOICE, shown="CM-100", number="101")


def touched_by(store: Store, *steps: Callable[[UnitOfWork], object]) -> Touched:
    """Do all steps, each in a transaction of its own, and return what the last one touched."""
    before = 0
    for step in steps:
        with store.begin() as unit:
            before = unit.touches.generation()
            step(unit)
            unit.commit()
    with store.read() as unit:
        return unit.touches.since(before)


def payment(unit: UnitOfWork) -> None:
    unit.facts.save_payments([examples.xero_payment()])


def invoice(unit: UnitOfWork) -> None:
    unit.facts.save_invoices([examples.xero_invoice()])


@pytest.mark.parametrize(
    ("steps", "ids"),
    [
        ([payment], {INVOICE}),
        ([payment, payment], set()),
        ([payment, lambda u: u.facts.save_payments([MOVED])], {INVOICE, OTHER_INVOICE}),
        ([invoice], {INVOICE}),
        ([invoice, invoice], set()),
        (
            [lambda u: u.facts.track([TrackedInvoice(xero_invoice_id=INVOICE, number="CM-100", first_seen_at=NOON)])],
            {INVOICE},
        ),
    ],
    ids=map(str, range(6)),
)
def test_facts_touch_the_invoices_that_they_are_of(
    store: Store, steps: list[Callable[[UnitOfWork], object]], ids: set[XeroInvoiceId]
) -> None:
    found = touched_by(store, *steps)
    assert (set(found.invoice_ids), found.is_all, found.is_anything) == (ids, False, bool(ids))


@pytest.mark.parametrize(
    "step",
    [
        lambda u: u.facts.save_accounts([Account(account_id="A1", name="Trust")]),
        lambda u: u.gaps.save_unreadable([examples.unreadable()]),
        lambda u: u.gaps.save_unknown(["p9"]),
        lambda u: u.memory.part(XeroPaymentId("P1"), CasePaymentId(7)),
        lambda u: u.memory.say_number(SAID),
    ],
    ids=map(str, range(5)),
)
def test_what_may_concern_any_invoice_touches_all(store: Store, step: Callable[[UnitOfWork], object]) -> None:
    assert touched_by(store, step).is_all


@pytest.mark.parametrize(
    "steps",
    [
        [lambda u: u.memory.keep([PAIR])],
        [lambda u: u.memory.keep([PAIR]), lambda u: u.memory.keep([replace(PAIR, amount=examples.aud("450.00"))])],
        [lambda u: u.memory.keep([PAIR]), lambda u: u.memory.end([PAIR], NOON, "gone")],
        [lambda u: u.memory.accept("CM-100", SET)],
        [lambda u: u.memory.accept("CM-100", SET), lambda u: u.memory.reopen(SET)],
        [lambda u: u.memory.explain("CM-100", OTHER_MONEY)],
        [
            lambda u: u.memory.explain("CM-100", OTHER_MONEY),
            lambda u: u.memory.forget_explanation(OTHER_MONEY.case_id),
        ],
    ],
    ids=map(str, range(7)),
)
def test_memory_touches_case_managers_invoice(store: Store, steps: list[Callable[[UnitOfWork], object]]) -> None:
    found = touched_by(store, *steps)
    assert (set(found.case_numbers), found.is_all) == ({"CM-100"}, False)


def test_a_pair_that_is_remembered_as_it_was_touches_nothing(store: Store) -> None:
    assert not touched_by(store, lambda u: u.memory.keep([PAIR]), lambda u: u.memory.keep([PAIR])).is_anything


@pytest.mark.parametrize(
    ("steps", "is_touched"),
    [
        ([lambda u: u.proposals.add([STORED])], False),
        ([lambda u: u.proposals.add([HELD])], True),
        ([lambda u: u.proposals.add([STORED]), lambda u: u.proposals.update([(HELD, STORED.state)])], True),
        (
            [
                lambda u: u.proposals.add([STORED]),
                lambda u: u.proposals.update([(replace(STORED, outcome="else"), STORED.state)]),
            ],
            False,
        ),
    ],
    ids=map(str, range(4)),
)
def test_a_decision_touches_its_invoice(
    store: Store, steps: list[Callable[[UnitOfWork], object]], *, is_touched: bool
) -> None:
    found = touched_by(store, *steps)
    assert found.numbers == ({STORED.proposal.invoice_number} if is_touched else set())


@pytest.mark.parametrize(
    "steps",
    [
        [lambda u: u.proposals.add([STORED])],
        [
            lambda u: u.proposals.add([STORED]),
            lambda u: u.proposals.update([(replace(STORED, outcome="else"), STORED.state)]),
        ],
        [lambda u: u.proposals.add([STORED]), lambda u: u.proposals.update([(HELD, STORED.state)])],
        [lambda u: u.results.save([examples.result(STORED.proposal.invoice_number)], replace_all=False)],
    ],
    ids=map(str, range(4)),
)
def test_whatever_is_shown_of_an_invoice_is_marked(store: Store, steps: list[Callable[[UnitOfWork], object]]) -> None:
    found = touched_by(store, *steps)
    assert (set(found.shown), found.is_all_shown) == ({STORED.proposal.invoice_number}, False)


def test_rows_without_an_invoice_are_shown_and_compared_by_themselves(store: Store) -> None:
    loose = examples.result("")
    for step in (lambda u: u.results.save([loose], replace_all=False), lambda u: u.results.forget([""])):
        found = touched_by(store, step)
        assert (set(found.shown), found.is_anything) == ({""}, False)


def test_very_many_proposals_are_shown_as_if_all_were(store: Store) -> None:
    many = [examples.stored_proposal(f"{n:012x}{'f' * 52}", number=f"CM-{n}") for n in range(1, 302)]
    found = touched_by(store, lambda u: u.proposals.add(many))
    assert found.is_all_shown or len(found.shown) == len(many)
    assert not found.is_anything


def test_what_is_not_committed_touches_nothing(store: Store) -> None:
    with store.begin() as unit:
        payment(unit)
        assert unit.touches.since(0).invoice_ids == {INVOICE}
    with store.read() as unit:
        assert not unit.touches.since(0).is_anything
        assert unit.touches.generation() == 0


def test_what_was_touched_twice_is_told_to_whoever_saw_only_the_first(store: Store) -> None:
    touched_by(store, payment)
    with store.read() as unit:
        seen = unit.touches.generation()
    assert touched_by(store, lambda u: u.facts.save_payments([MOVED])).generation > seen
    with store.read() as unit:
        assert OTHER_INVOICE in unit.touches.since(seen).invoice_ids


def test_some_of_what_is_known_can_be_asked_for(store: Store) -> None:
    tracked = [
        TrackedInvoice(xero_invoice_id=each, number=f"CM-{place}", first_seen_at=NOON)
        for place, each in enumerate((INVOICE, OTHER_INVOICE))
    ]
    with store.begin() as unit:
        unit.facts.track(tracked)
        payment(unit)
        invoice(unit)
        unit.memory.keep([PAIR])
        unit.pairs.add_copies([CasePaymentId(7), CasePaymentId("7")])
        unit.proposals.add([STORED])
        unit.results.save([examples.result()], replace_all=True)
        unit.commit()
    with store.begin() as unit:
        assert unit.facts.tracked([INVOICE]).keys() == {INVOICE}
        assert unit.facts.tracked_among([OTHER_INVOICE, XeroInvoiceId("no")]) == {OTHER_INVOICE}
        assert unit.facts.payments_of_tracked([INVOICE]).keys() == {INVOICE}
        assert unit.facts.payments_of_tracked([OTHER_INVOICE]) == {}
        assert unit.facts.invoices_of_tracked([INVOICE]).keys() == {INVOICE}
        assert unit.memory.pairs([PAIR.invoice_number]) == (PAIR,)
        assert unit.memory.pairs(["9"]) == ()
        assert unit.pairs.copies_among([CasePaymentId(7), CasePaymentId(8)]) == {CasePaymentId(7)}
        assert unit.proposals.count(STORED.state) == 1
        number = examples.result().snapshot.number
        unit.results.forget([number, "CM-9"])
        assert unit.results.latest() == ()
        unit.results.forget([])
        unit.commit()


def test_a_result_that_says_something_else_is_looked_at_again_by_whoever_goes_on_from_before(store: Store) -> None:
    found = examples.result()
    other = examples.result(explanation="New.")

    def save(what: InvoiceResult) -> Callable[[UnitOfWork], None]:
        return lambda unit: unit.results.save([what], replace_all=False)

    number = {found.snapshot.number}
    assert touched_by(store, save(found)).numbers == number
    assert touched_by(store, save(found)).numbers == frozenset()
    assert touched_by(store, save(other)).numbers == number
    assert touched_by(store, lambda unit: unit.results.forget(number)).numbers == number
    assert touched_by(store, lambda unit: unit.results.forget(number)).numbers == frozenset()


def test_a_schedule_touches_the_invoices_that_come_under_it_or_leave_it(store: Store) -> None:
    def save(unit: UnitOfWork) -> None:
        unit.sor.save_schedules([SCHEDULE])

    found = touched_by(store, save)
    assert found.numbers == {"CM-100", "CM-101"}
    assert found.invoice_ids == {"invoice-1"}
    assert not found.is_all
    assert not touched_by(store, save).is_anything
    ended = touched_by(store, lambda u: u.sor.save_schedules([replace(SCHEDULE, state=ScheduleState.CANCELLED)]))
    assert ended.numbers == {"CM-100", "CM-101"}
    assert touched_by(store, lambda u: u.sor.forget_schedules(["SOR-1"])).invoice_ids == {"invoice-1"}
