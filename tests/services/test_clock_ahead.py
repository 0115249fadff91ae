"""A clock that was wrong leaves nothing behind: deeds are ordered by the store's own counter, by no clock (R35)."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from cmxero_desktop.domain.errors import NotAllowedError
from cmxero_desktop.domain.proposals import ProposalKind, ProposalState
from cmxero_desktop.services.correlation.correlating import correlate_afterwards
from cmxero_desktop.services.correlation.moment import current_moment
from cmxero_desktop.services.correlation.proposing import store_proposals
from cmxero_desktop.services.deciding.changing_mode import change_mode
from cmxero_desktop.services.deciding.saying import Saying
from cmxero_desktop.services.records.settings import Mode
from cmxero_desktop.services.viewing.showing import Showing
from tests.services.desk import ANN, NOV_1, Desk, nov
from tests.services.fake_store import MemoryStore

YEAR = timedelta(days=365).total_seconds()


def mode_of(desk: Desk) -> Mode:
    return desk.settings.settings.mode


def added(desk: Desk) -> None:
    desk.bill()
    desk.xero.pay("CM-100", "400.00", NOV_1)
    desk.poll()


def test_what_was_applied_a_year_ahead_comes_back_when_its_copy_is_gone(desk: Desk) -> None:
    """The same addition is right again, and for a year nobody was told."""
    added(desk)
    desk.clock.set_wall(YEAR)
    desk.poll()
    add = desk.proposal(ProposalKind.ADD)
    desk.approve_and_apply(add)
    desk.clock.set_wall(-YEAR)
    (key,) = desk.case.rows
    del desk.case.rows[key]
    desk.poll(is_full=True)
    assert desk.again(add).state is ProposalState.PROPOSED
    desk.approve_and_apply(desk.again(add))
    assert desk.paid() == ["400.00"]
    assert desk.is_good()


def test_what_was_decided_last_counts_whatever_the_clock_said(desk: Desk) -> None:
    added(desk)
    add = desk.proposal(ProposalKind.ADD)
    desk.clock.set_wall(YEAR)
    desk.poll()
    desk.deciding.reject([add.proposal_id], by=ANN, reason="not ours")
    desk.clock.set_wall(-YEAR)
    desk.deciding.reopen([add.proposal_id], by=ANN, reason="it is ours")
    # Other evidence, the same decision: a new reference in Xero makes another proposal of it.
    (payment,) = desk.xero.payments
    desk.xero.change(payment, reference="TT 8")
    desk.poll(is_full=True)
    assert desk.proposal(ProposalKind.ADD).state is ProposalState.PROPOSED


def test_what_is_applied_while_a_check_runs_is_newer_than_the_check(desk: Desk) -> None:
    """Also with a clock that stands still."""
    added(desk)
    add = desk.proposal(ProposalKind.ADD)
    desk.approve(add)
    desk.steps.act_at("read", desk.apply)
    desk.poll(is_full=True)
    assert desk.again(add).state is ProposalState.APPLIED
    desk.poll()
    assert desk.again(add).state is ProposalState.APPLIED
    assert desk.paid() == ["400.00"]


def test_what_was_applied_since_a_comparison_began_stays_in_the_record_as_it_was_written(desk: Desk) -> None:
    added(desk)
    add = desk.proposal(ProposalKind.ADD)
    desk.approve(add)
    earlier = current_moment(desk.outside)
    desk.apply()
    applied = desk.again(add)
    with desk.store.begin() as unit:
        older = replace(add.proposal, explanation="As it was seen before.")
        store_proposals(unit, [older], {"CM-100"}, moment=earlier)
        unit.commit()
    assert desk.again(add) == applied


@pytest.mark.parametrize("ahead", [YEAR, -YEAR])
def test_a_quiet_check_after_a_wrong_clock_is_enough_to_approve_again(desk: Desk, ahead: float) -> None:
    """The other writer was seen by a wrong clock; whether a check came after that does not depend on it."""
    desk.bill("100", "99000.00")
    desk.poll()
    desk.clock.set_wall(ahead)
    for day in (1, 2, 3):
        payment_id = desk.xero.pay("CM-100", f"{day}00.00", nov(day))
        desk.case.type_in("100", f"{day}00.00", nov(day), notes=f"Xero payment {payment_id}")
    desk.poll()
    assert mode_of(desk) is Mode.OBSERVE
    desk.clock.set_wall(-ahead)
    said = Saying(by=ANN, reason="the link is off")
    with pytest.raises(NotAllowedError, match="still found a new copy"):
        change_mode(desk.outside, Mode.APPROVE, said)
    desk.poll()
    change_mode(desk.outside, Mode.APPROVE, said)
    assert mode_of(desk) is Mode.APPROVE


@pytest.mark.parametrize("ahead", [0, YEAR, -YEAR])
def test_only_what_the_first_check_paired_is_the_baseline_whatever_its_clock_said(desk: Desk, ahead: float) -> None:
    """Old cash was applied after the first check and added; when its copy is lost, it is proposed again (R5)."""
    desk.set_policy(start_date=date(2026, 7, 1))
    early = date(2026, 6, 3)
    desk.clock.now = datetime(2026, 5, 20, 2, 0, tzinfo=UTC)
    desk.bill("99")
    desk.xero.pay("CM-99", "400.00", early)
    old = desk.case.type_in("99", "400.00", early)
    desk.clock.now = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
    desk.clock.set_wall(ahead)
    desk.poll()
    desk.clock.set_wall(-ahead)
    desk.clock.pass_days(1)
    desk.bill()
    desk.xero.pay("CM-100", "410.00", early)
    desk.poll()
    desk.approve_and_apply(desk.proposal(ProposalKind.ADD))
    desk.poll()
    for key in set(desk.case.rows) - {old}:
        del desk.case.rows[key]
    desk.poll(is_full=True)
    del desk.case.rows[old]
    desk.poll(is_full=True)
    assert [p.proposal.invoice_number for p in desk.proposals()] == ["CM-100"]


def test_a_store_that_was_told_the_year_9999_by_an_older_release_is_approved_by_and_mended(desk: Desk) -> None:
    """There an approval crashed, for no date lies beyond that year in Sydney."""
    added(desk)
    with desk.store.begin() as unit:
        cursors = unit.polling.state().cursors
        unit.polling.save_cursors(replace(cursors, as_of=datetime.max.replace(tzinfo=UTC)))
        unit.commit()
    desk.approve_and_apply(desk.proposal(ProposalKind.ADD))
    assert desk.paid() == ["400.00"]
    desk.poll()
    as_of = desk.state().cursors.as_of
    assert as_of is not None
    assert as_of.year == 2026


class XerosClock:
    """A clock that is right while this computer's is not."""

    def __init__(self, desk: Desk) -> None:
        self.clock = desk.clock

    def __call__(self) -> datetime:
        return self.clock() - self.clock.set_by


@pytest.mark.parametrize("ahead", [0, YEAR, -YEAR])
def test_what_was_found_since_the_last_check_accounts_for_nothing_whatever_its_clock_said(
    desk: Desk, ahead: float
) -> None:
    """Somebody decides something on the invoice, so that memory has the pairs, from the strange notes themselves."""
    desk.xero.clock = XerosClock(desk)  # type: ignore[assignment]  # it is only ever asked
    desk.bill("100", "99000.00")
    paid = [desk.xero.pay("CM-100", f"{day}00.00", nov(day)) for day in (1, 2, 3)]
    desk.clock.set_wall(ahead)
    desk.poll()
    desk.clock.set_wall(-ahead)
    for day, payment_id in enumerate(paid, 1):
        desk.case.type_in("100", f"{day}00.00", nov(day), notes=f"Xero payment {payment_id}")
    correlate_afterwards(desk.outside, current_moment(desk.outside), {"CM-100"})
    with desk.store.read() as unit:
        assert len(unit.memory.pairs()) == 3
    desk.poll()
    assert mode_of(desk) is Mode.OBSERVE


@pytest.mark.parametrize("ahead", [0, YEAR, -YEAR])
def test_others_are_watched_from_the_first_check_on_whatever_its_clock_said(desk: Desk, ahead: float) -> None:
    desk.xero.clock = XerosClock(desk)  # type: ignore[assignment]  # it is only ever asked
    desk.bill("100", "99000.00")
    old = desk.xero.pay("CM-100", "50.00", NOV_1)
    desk.clock.set_wall(ahead)
    desk.poll()
    desk.clock.set_wall(-ahead)
    desk.clock.pass_days(1)
    new = desk.xero.pay("CM-100", "60.00", NOV_1)
    desk.poll()
    for amount in ("50.00", "60.00"):
        desk.case.type_in("100", amount, NOV_1)
    desk.poll()
    with desk.store.read() as unit:
        times = unit.pairs.copy_times()
    assert (old in times, new in times) == (False, True)


@pytest.mark.parametrize("ahead", [YEAR, -YEAR])
def test_what_a_wrong_clock_kept_hides_and_misdates_nothing_that_came_later(
    desk: Desk, memory: MemoryStore, ahead: float
) -> None:
    """An instant is asked for once the clock is right and another check has come (R34)."""
    memory.clock = lambda: desk.clock.now
    desk.xero.clock = XerosClock(desk)  # type: ignore[assignment]  # it is only ever asked
    desk.bill("100", "99000.00")
    for amount in ("10.00", "20.00", "30.00"):
        desk.xero.pay("CM-100", amount, NOV_1)
        desk.poll()
    desk.clock.set_wall(ahead)
    desk.xero.pay("CM-100", "40.00", NOV_1)
    desk.poll()
    desk.clock.set_wall(-ahead)
    desk.xero.pay("CM-100", "50.00", NOV_1)
    desk.poll()
    right = desk.clock()
    desk.clock.pass_days(1)
    desk.xero.pay("CM-100", "60.00", NOV_1)
    desk.poll()
    history = Showing(desk.outside, ZoneInfo("Australia/Sydney")).show("CM-100", right)
    assert [str(seen.fact.amount) for seen in history.xero_payments] == ["10.00", "20.00", "30.00", "40.00", "50.00"]
    assert all(seen.since is not None and seen.since <= right for seen in history.xero_payments)
    assert history.checked_at is not None
    assert timedelta(0) <= right - history.checked_at < timedelta(minutes=5)
