"""Where nothing changed since the last correlation none is made, and every kind of change makes one."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from cmxero_desktop.domain.identifiers import XeroInvoiceId, XeroPaymentId
from cmxero_desktop.domain.money import Money
from cmxero_desktop.services.checking import comparing
from cmxero_desktop.services.correlation.changing import ChangesOnBoard
from cmxero_desktop.services.correlation.correlated import Correlated
from cmxero_desktop.services.correlation.correlating import correlate_all
from cmxero_desktop.services.records.runs import PollAsk
from cmxero_desktop.services.records.settings import Mode
from tests.services.desk import ANN, NOV_1, Desk, ids
from tests.services.fake_xero import AUD


@pytest.fixture
def correlations(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Count how often anything is correlated, be it everything or what changed."""
    made: list[int] = []

    def counting(*arguments: object) -> object:
        made.append(len(made))
        return correlate_all(*arguments)  # type: ignore[arg-type]  # passed on as they came

    class Counting(ChangesOnBoard):
        def correlate(self) -> Correlated:
            made.append(len(made))
            return super().correlate()

    monkeypatch.setattr(comparing, "correlate_all", counting)
    monkeypatch.setattr(comparing, "ChangesOnBoard", Counting)
    return made


def settled(desk: Desk) -> None:
    """Poll until a check finds nothing new, not even its own entries of the check before."""
    desk.bill()
    desk.xero.pay("CM-100", "10.00", NOV_1)
    desk.xero.pay("CM-100", "20.00", NOV_1)
    desk.case.type_in("100", "20.00", NOV_1)
    desk.poll()
    desk.poll()


def test_neither_does_the_first_check_of_the_next_program(desk: Desk, correlations: list[int]) -> None:
    settled(desk)
    before, counts = len(correlations), desk.view().counts
    desk.restart()
    assert desk.poll().counts == counts
    assert len(correlations) == before


def test_a_check_that_finds_nothing_new_correlates_nothing_and_counts_the_same(
    desk: Desk, correlations: list[int]
) -> None:
    settled(desk)
    before, counts = len(correlations), desk.view().counts
    first = desk.state().comparison.last_polled_at
    assert [desk.poll().counts for _ in range(3)] == [counts] * 3
    assert len(correlations) == before
    last = desk.state().comparison.last_polled_at
    assert first is not None
    assert last is not None
    assert last > first, "it was checked all the same"


def broken(desk: Desk) -> None:
    desk.xero.change(XeroPaymentId("payment-1"))
    desk.xero.break_row(XeroPaymentId("payment-1"))


CHANGES: dict[str, Callable[[Desk], object]] = {
    "a payment in Xero": lambda desk: desk.xero.pay("CM-100", "30.00", NOV_1),
    "a deletion in Xero": lambda desk: desk.xero.delete(XeroPaymentId("payment-1")),
    "an invoice in Xero": lambda desk: desk.xero.renumber(XeroInvoiceId("invoice-1"), "CM-1OO"),
    "a row that became unreadable": broken,
    "a payment in Case Manager": lambda desk: desk.case.type_in("100", "30.00", NOV_1),
    "an edit in Case Manager": lambda desk: desk.case.edit(next(iter(desk.case.rows)), amount=Money.of("21.00", AUD)),
    "a journal in Case Manager": lambda desk: desk.case.journal(next(iter(desk.case.rows))),
    "a note in Case Manager": lambda desk: desk.case.edit(next(iter(desk.case.rows)), notes="asked the payer"),
    "a decision": lambda desk: desk.deciding.hold(ids(desk.proposals()[:1]), by=ANN),
    "an application": lambda desk: desk.approve_and_apply(*desk.proposals()),
    "another day": lambda desk: desk.clock.pass_days(1),
    "another mode": lambda desk: desk.settings.save(replace(desk.settings.settings, mode=Mode.OBSERVE)),
    "another limit of forward dating": lambda desk: setattr(desk.case, "forward_dating_days", 9),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_every_kind_of_change_is_correlated_at_the_next_check(
    desk: Desk, correlations: list[int], change: Callable[[Desk], object]
) -> None:
    settled(desk)
    change(desk)
    before = len(correlations)
    desk.poll()
    assert len(correlations) == before + 1


def test_a_wish_to_compare_everything_always_does(desk: Desk, correlations: list[int]) -> None:
    settled(desk)
    before = len(correlations)
    desk.poll(is_full=True)
    assert len(correlations) == before + 1


def test_doubtful_invoices_are_asked_for_at_the_next_checks(desk: Desk, correlations: list[int]) -> None:
    settled(desk)
    desk.xero.skew[XeroInvoiceId("invoice-1")] = Money.of("5.00", AUD)
    desk.poll(is_full=True)
    desk.poll()
    before, asked = len(correlations), desk.xero.asked.count("payments_of")
    desk.poll()
    assert (len(correlations), desk.xero.asked.count("payments_of")) == (before, asked + 1)
    for _ in range(2):
        # Beyond the overlap: from now on only the question by id can tell.
        desk.clock.now += timedelta(minutes=10)
        desk.poll()
    assert len(correlations) == before
    del desk.xero.skew[XeroInvoiceId("invoice-1")]
    # It said the same so often that it is asked less often by now.
    desk.clock.now += timedelta(hours=1)
    run = desk.poll()
    assert (run.fetched, len(correlations)) == (0, before + 1)


def test_what_xero_left_unanswered_is_asked_again(desk: Desk, correlations: list[int]) -> None:
    settled(desk)
    desk.xero.bill("INV-9")
    elsewhere = desk.xero.pay("INV-9", "40.00", NOV_1)
    desk.xero.break_row(elsewhere, is_told=False)
    desk.case.type_in("100", "40.00", NOV_1, notes=f"Imported from Xero\nXero payment {elsewhere}")
    desk.poll()
    desk.poll()
    before = len(correlations)
    desk.poll()
    assert len(correlations) == before + 1


def test_what_another_process_compared_meanwhile_is_compared_again(desk: Desk, correlations: list[int]) -> None:
    settled(desk)
    window = desk.polling
    key = desk.case.type_in("100", "77.00", NOV_1)
    desk.restart()
    desk.poll()
    del desk.case.rows[key]
    before = len(correlations)
    assert window.poll(PollAsk()).counts.unmatched == desk.view().counts.unmatched
    assert len(correlations) == before + 1, "Case Manager is as it was, and what is stored is not"
    assert not any(row.amount == Money.of("77.00", AUD) for row in desk.view().unmatched)
