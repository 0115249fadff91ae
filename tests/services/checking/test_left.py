"""The next program goes on from what the last comparison left in our store, and compares everything in any doubt."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest

from cmxero_desktop.domain.placements import Reason
from cmxero_desktop.domain.proposals import ProposalKind, ProposalState
from cmxero_desktop.domain.records import Side, UnreadableRow
from cmxero_desktop.services.checking import comparing
from cmxero_desktop.services.correlation import circumstances, correlating
from cmxero_desktop.services.correlation.correlated import Correlated
from cmxero_desktop.services.correlation.correlating import correlate_all
from cmxero_desktop.services.correlation.firm import Firm, firm_of
from cmxero_desktop.services.correlation.left_firm import kept_again
from cmxero_desktop.services.correlation.moment import current_moment
from cmxero_desktop.services.records.epochs import StoreEpoch
from cmxero_desktop.services.records.rested import LeftChanges
from cmxero_desktop.services.writing import rechecking
from tests.services.desk import ANN, NOV_1, Desk, nov


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

    def made(*words: object, **more: object) -> Firm:
        seen.extend(["everything"] if more else [])
        return firm_of(*words, **more)  # type: ignore[arg-type]  # passed on as they came

    monkeypatch.setattr(comparing, "correlate_all", counted)
    # One of everything after a decision says which invoices it keeps; before a write it is always one.
    monkeypatch.setattr(correlating, "firm_of", made)
    monkeypatch.setattr(rechecking, "firm_of", lambda *words: made(*words, kept=()))
    return seen


def test_the_next_program_looks_at_what_changed_only(firm: Desk, compared: list[str]) -> None:
    firm.xero.pay("CM-100", "30.00", nov(2))
    firm.case.type_in("300", "5.00", nov(2))
    firm.poll()
    assert compared == []
    assert {p.proposal.invoice_number for p in firm.proposals()} == {"CM-100", "CM-200"}
    assert firm.view().counts.unmatched == 3
    assert firm.is_good()


def test_a_program_that_did_not_check_writes_by_what_the_last_check_left(firm: Desk, compared: list[str]) -> None:
    """Approve, end, start, apply: what is written and found is what a comparison of everything would have had."""
    (row,) = firm.proposals()
    firm.approve(row)
    firm.restart()
    firm.xero.pay("CM-300", "7.00", nov(2))
    firm.case.type_in("300", "5.00", nov(2))
    assert firm.applying.apply([row.proposal_id], ANN).applied
    assert compared == []
    assert [p.amount.minor for p in firm.case.payments("200")] == [9_000]
    # What somebody typed meanwhile is seen at once; what Xero got is read by the next check.
    assert firm.view().counts.unmatched == 1
    firm.poll()
    assert (compared, firm.view().counts.unmatched) == ([], 2)
    found = firm.view()
    firm.poll(is_full=True)
    assert firm.view().counts == found.counts
    assert firm.is_good()


def test_what_somebody_typed_before_a_program_that_did_not_check_writes_is_seen(
    firm: Desk, compared: list[str]
) -> None:
    (row,) = firm.proposals()
    firm.approve(row)
    firm.restart()
    firm.case.type_in("200", "90.00", NOV_1)
    report = firm.applying.apply([row.proposal_id], ANN)
    assert (report.applied, len(report.stale)) == ((), 1)
    assert compared == []
    assert len(firm.case.payments("200")) == 1


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


def test_a_row_of_no_invoice_that_anybody_knows_is_counted_by_the_next_program_too(firm: Desk) -> None:
    paid = firm.xero.pay("CM-300", "7.00", nov(2))
    firm.xero.broken[paid] = UnreadableRow(side=Side.XERO, place="Payments page 1", problem="PaymentID is missing.")
    firm.poll(is_full=True)
    firm.poll()
    found = firm.view()
    assert {row.placement.reason for row in found.skipped} == {Reason.UNREADABLE}
    firm.restart()
    firm.xero.pay("CM-100", "30.00", nov(2))
    assert firm.poll().counts.skipped == found.counts.skipped == 1
    assert firm.view().skipped == found.skipped


def test_a_refund_that_names_invoices_finds_the_same_home_in_the_next_program(firm: Desk) -> None:
    """Whoever a refund names is looked at again while nobody knows whose it is (R2)."""
    firm.approve_and_apply(*firm.proposals())
    firm.xero.pay_back("20.00", nov(2), reference="CM-100 CM-200")
    firm.poll(is_full=True)
    firm.restart()
    firm.xero.pay("CM-300", "30.00", nov(2))
    firm.poll()
    found = [(row.invoice_number, row.refund.payment_id) for row in firm.view().money_back]
    firm.poll(is_full=True)
    assert [(row.invoice_number, row.refund.payment_id) for row in firm.view().money_back] == found
    assert len(found) == 1


DOUBTS: list[Callable[[Desk, pytest.MonkeyPatch], object]] = [
    lambda desk, _: desk.set_policy(removal_limit_percent=Decimal(7)),
    lambda desk, _: desk.clock.pass_days(1),
    lambda _, patch: patch.setattr(circumstances, "__version__", "another"),
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
    told = circumstances._plain({"b": {3, 1, 2}, "a": [frozenset({"y", "x"}), ("z", None)]})
    assert told == circumstances._plain({"a": [frozenset({"x", "y"}), ("z", None)], "b": {2, 3, 1}})
    assert told != circumstances._plain({"a": [frozenset({"x"}), ("z", None)], "b": {2, 3, 1}})
