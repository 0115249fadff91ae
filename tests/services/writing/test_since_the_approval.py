"""What came up after an approval was not shown to whoever gave it, also where a check has seen it since (R24b)."""

from datetime import UTC, datetime

import pytest

from cmxero_desktop.domain.proposals import Flag, ProposalKind, ProposalState, Remark
from cmxero_desktop.services.records.audit import AuditEvent, AuditWhat
from cmxero_desktop.services.records.decisions import StoredProposal, flags_seen
from cmxero_desktop.services.records.reports import DecisionReport
from cmxero_desktop.services.records.trail import was_shown
from tests.services.desk import ANN, NOV_1, Desk, nov

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
CHECKED = pytest.mark.parametrize("is_checked", [True, False], ids=["checked since", "not checked since"])


def refund(desk: Desk, amount: str) -> None:
    """Pay money back in Case Manager, which Xero knows nothing of."""
    desk.case.refund(next(iter(desk.case.invoices)), amount)


def added(desk: Desk) -> StoredProposal:
    desk.bill()
    desk.xero.pay("CM-100", "400.00", NOV_1)
    desk.poll()
    return desk.proposal(ProposalKind.ADD)


def held_back(desk: Desk) -> str:
    """Apply, see that nothing is written, and return why."""
    before = dict(desk.case.rows)
    report = desk.apply()
    assert report.applied == ()
    assert desk.case.rows == before
    (row,) = report.held_back
    return row.reason


@CHECKED
def test_a_balance_that_differs_since_is_looked_at_again(desk: Desk, *, is_checked: bool) -> None:
    add = added(desk)
    assert add.proposal.flags == frozenset()
    desk.approve(add)
    refund(desk, "400.00")
    if is_checked:
        desk.poll()
    assert "It was not so when it was approved" in held_back(desk)
    assert desk.again(add).state is ProposalState.PROPOSED
    desk.poll()
    again = desk.proposal(ProposalKind.ADD)
    assert Flag.BALANCE_DIFFERS in again.proposal.flags
    desk.approve_and_apply(again)
    assert desk.paid() == ["400.00"]


@CHECKED
def test_a_balance_that_differs_by_another_sum_is_looked_at_again(desk: Desk, *, is_checked: bool) -> None:
    added(desk)
    refund(desk, "5.00")
    desk.poll()
    desk.approve(desk.proposal(ProposalKind.ADD))
    refund(desk, "405.00")
    if is_checked:
        desk.poll()
    assert "405.00" in held_back(desk)


def test_what_is_decided_about_another_row_of_the_invoice_changes_nothing_of_the_sum(desk: Desk) -> None:
    add = added(desk)
    desk.xero.pay("CM-100", "100.00", nov(9))
    refund(desk, "5.00")
    desk.poll()
    other = next(row for row in desk.proposals() if row.fingerprint != add.fingerprint)
    desk.approve(desk.again(add))
    desk.deciding.reject([other.proposal_id], by=ANN, reason="not ours")
    desk.poll()
    assert len(desk.apply().applied) == 1
    assert desk.paid() == ["400.00"]


@CHECKED
def test_what_covered_a_locked_counterpart_is_gone(desk: Desk, *, is_checked: bool) -> None:
    """The money would stand twice (R17)."""
    desk.bill()
    paid = desk.xero.pay("CM-100", "400.00", NOV_1)
    desk.case.journal(desk.case.type_in("100", "400.00", NOV_1, notes=f"Xero payment {paid}"))
    desk.poll()
    desk.xero.edit(paid, "450.00")
    refund(desk, "400.00")
    desk.poll()
    desk.approve(desk.proposal(ProposalKind.ADD))
    refund(desk, "0.00")
    if is_checked:
        desk.poll()
    held_back(desk)
    assert desk.paid() == ["400.00"]


def test_only_the_audit_trail_says_what_was_shown(desk: Desk) -> None:
    """A record that was edited to bear the flag, as if it had been approved with it."""
    add = added(desk)
    desk.approve(add)
    refund(desk, "400.00")
    desk.poll()
    assert Flag.BALANCE_DIFFERS in desk.again(add).proposal.flags
    assert "It was not so when it was approved" in held_back(desk)


@pytest.mark.parametrize(
    ("evidence", "was"),
    [
        ({"flags": "balance_differs, twin"}, True),
        ({"flags": "twin"}, False),
        ({"flags": "balance_differs", "figures": "balance_differs 500"}, True),
        ({"flags": "balance_differs", "figures": "balance_differs 50, twin None"}, False),
        ({}, False),
    ],
)
def test_an_entry_of_an_older_version_tells_the_flag_and_no_sum(evidence: dict[str, str], *, was: bool) -> None:
    approval = AuditEvent(at=NOON, by=ANN, what=AuditWhat.APPROVED, evidence=evidence)
    assert was_shown(approval, Remark(Flag.BALANCE_DIFFERS, "It differs by 5.00.", 500)) is was


# Between what is on screen and the yes


def approved_as_seen(desk: Desk, *seen: StoredProposal) -> DecisionReport:
    """Say yes to rows as they were when they came on screen."""
    ids = [row.proposal_id for row in seen]
    return desk.deciding.approve(ids, by=ANN, seen=flags_seen(seen))


def test_what_a_check_has_found_since_it_came_on_screen_is_looked_at_first(desk: Desk) -> None:
    seen = added(desk)
    refund(desk, "400.00")
    desk.poll()
    report = approved_as_seen(desk, seen)
    assert report.done == ()
    assert "since it was shown" in report.stale[0].reason
    assert desk.again(seen).state is ProposalState.PROPOSED
    assert approved_as_seen(desk, desk.again(seen)).done


def test_another_sum_is_looked_at_first(desk: Desk) -> None:
    added(desk)
    refund(desk, "5.00")
    desk.poll()
    seen = desk.proposal(ProposalKind.ADD)
    refund(desk, "405.00")
    desk.poll()
    assert len(approved_as_seen(desk, seen).stale) == 1


def test_one_yes_to_what_goes_together_is_none_where_a_part_is_flagged_since(desk: Desk) -> None:
    for number in ("100", "200"):
        desk.bill(number)
    paid = desk.xero.pay("CM-100", "400.00", NOV_1)
    desk.case.type_in("100", "400.00", NOV_1, notes=f"Xero payment {paid}")
    desk.poll()
    desk.xero.delete(paid)
    desk.xero.pay("CM-200", "400.00", NOV_1)
    desk.poll()
    halves = desk.proposals()
    desk.case.refund(list(desk.case.invoices)[1], "400.00")
    desk.poll()
    assert len(approved_as_seen(desk, *halves).stale) == 2
    assert desk.proposals(ProposalState.APPROVED) == []


def test_in_bulk_only_what_is_flagged_since_is_left_out(desk: Desk) -> None:
    for number in ("100", "200"):
        desk.bill(number)
        desk.xero.pay(f"CM-{number}", "400.00", NOV_1)
    desk.poll()
    rows = desk.proposals()
    refund(desk, "400.00")
    desk.poll()
    report = approved_as_seen(desk, *rows)
    assert (len(report.done), len(report.held_back)) == (1, 1)


def test_a_command_line_saw_nothing_and_is_taken_at_its_word(desk: Desk) -> None:
    add = added(desk)
    refund(desk, "400.00")
    desk.poll()
    assert desk.deciding.approve([add.proposal_id], by=ANN).done
