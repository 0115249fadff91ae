"""The next program goes on from what the last comparison left in our store, and compares everything in any doubt."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest

from cmxero_desktop.domain.proposals import ProposalKind, ProposalState
from cmxero_desktop.services.checking import comparing, unchanged
from cmxero_desktop.services.correlation.correlated import Correlated
from cmxero_desktop.services.correlation.correlating import correlate_all
from cmxero_desktop.services.correlation.left_firm import kept_again
from cmxero_desktop.services.correlation.moment import current_moment
from cmxero_desktop.services.records.epochs import StoreEpoch
from cmxero_desktop.services.records.rested import LeftChanges
from tests.services.desk import NOV_1, Desk, nov


@pytest.fixture
def firm(desk: Desk) -> Desk:
    """Return a desk with an invoice at rest, one that is not, and one without a payment; its program has ended."""
    for number in ("100", "200", "300"):
        desk.bill(number)
    desk.xero.pay("CM-100", "400.00", NOV_1)
    desk.xero.pay("CM-200", "90.00", NOV_1)
    desk.poll()
    desk.approve_and_apply(desk.proposals()[0])
    desk.clock.pass_days(30)
    desk.poll()
    desk.poll()
    desk.restart()
    return desk


@pytest.fixture
def compared(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Count the comparisons of everything."""
    seen: list[str] = []

    def counted(*words: object) -> Correlated:
        seen.append("everything")
        return correlate_all(*words)  # type: ignore[arg-type]  # passed on as they came

    monkeypatch.setattr(comparing, "correlate_all", counted)
    return seen


def test_the_next_program_looks_at_what_changed_only(firm: Desk, compared: list[str]) -> None:
    firm.xero.pay("CM-100", "30.00", nov(2))
    firm.case.type_in("300", "5.00", nov(2))
    firm.poll()
    assert compared == []
    assert {p.proposal.invoice_number for p in firm.proposals()} == {"CM-100", "CM-200"}
    assert firm.view().counts.unmatched == 3
    assert firm.is_good()


def test_a_program_after_another_goes_on_from_it(firm: Desk, compared: list[str]) -> None:
    for _ in range(3):
        firm.restart()
        firm.poll()
    firm.approve_and_apply(firm.proposal(ProposalKind.ADD))
    firm.restart()
    firm.poll()
    assert compared == []
    assert firm.paid("200") == ["90.00"]
    assert firm.proposals() == []
    assert len(firm.proposals(ProposalState.APPLIED)) == 2


def test_what_changed_and_changed_back_is_shown_as_it_is(firm: Desk, compared: list[str]) -> None:
    """A program that wrote or decided stores what it finds, and leaves nothing: its results are looked at again."""
    kept = next(iter(firm.case.rows))
    amount = firm.case.rows[kept].amount
    firm.poll()
    firm.case.edit(kept, amount=amount + amount)
    firm.approve_and_apply(firm.proposal(ProposalKind.ADD))
    firm.case.edit(kept, amount=amount)
    firm.restart()
    firm.poll()
    assert len(firm.view().matched) == 2
    assert firm.view().unmatched == ()
    assert compared == []


DOUBTS: list[Callable[[Desk, pytest.MonkeyPatch], object]] = [
    lambda desk, _: desk.set_policy(removal_limit_percent=Decimal(7)),
    lambda desk, _: desk.clock.pass_days(1),
    lambda _, patch: patch.setattr(unchanged, "__version__", "another"),
    lambda desk, _: _stored(desk, epoch=True),
    lambda desk, _: _stored(desk, epoch=False),
]


@pytest.mark.parametrize("doubt", DOUBTS, ids=["policy", "day", "version", "epoch", "check"])
def test_in_any_doubt_everything_is_compared(
    firm: Desk,
    compared: list[str],
    monkeypatch: pytest.MonkeyPatch,
    doubt: Callable[[Desk, pytest.MonkeyPatch], object],
) -> None:
    doubt(firm, monkeypatch)
    firm.poll()
    assert compared == ["everything"]


def _stored(desk: Desk, *, epoch: bool) -> None:
    """Have our store be another life of it, or know of a check that left nothing."""
    with desk.store.begin() as unit:
        state = unit.polling.state()
        if epoch:
            unit.polling.save_epoch(StoreEpoch(epoch_id="another"))
        else:
            unit.polling.save_comparison(replace(state.comparison, last_polled_at=desk.clock()))
        unit.commit()


def test_an_invoice_that_goes_by_another_number_is_a_doubt(firm: Desk) -> None:
    with firm.store.begin() as unit:
        head = unit.left.head()
        assert head is not None
        (busy,) = [one for one in unit.left.read(head).invoices.values() if one.resting is None]
        unit.left.save(head, LeftChanges(invoices={"CM-900": busy}))
        left = unit.left.read(head)
        unit.commit()
    assert kept_again(firm.outside, left, current_moment(firm.outside)) is None


def test_an_invoice_that_cannot_be_gone_on_from_has_everything_compared(firm: Desk, compared: list[str]) -> None:
    with firm.store.begin() as unit:
        head = unit.left.head()
        assert head is not None
        (busy,) = [one for one in unit.left.read(head).invoices.values() if one.resting is None]
        unit.left.save(head, LeftChanges(invoices={"CM-900": busy}))
        unit.commit()
    firm.poll()
    assert compared == ["everything"]


def test_circumstances_are_told_the_same_in_every_program() -> None:
    told = unchanged._plain({"b": {3, 1, 2}, "a": [frozenset({"y", "x"}), ("z", None)]})
    assert told == unchanged._plain({"a": [frozenset({"x", "y"}), ("z", None)], "b": {2, 3, 1}})
    assert told != unchanged._plain({"a": [frozenset({"x"}), ("z", None)], "b": {2, 3, 1}})
