"""A clock that was wrong leaves nothing behind: deeds are ordered by the store's own counter, by no clock (R35)."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from cmxero_desktop.domain.errors import NotAllowedError
from cmxero_desktop.domain.proposals import ProposalKind, ProposalState
from cmxero_desktop.services.deciding.changing_mode import change_mode
from cmxero_desktop.services.deciding.saying import Saying
from cmxero_desktop.services.records.settings import Mode
from tests.services.desk import ANN, NOV_1, Desk, nov

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
