"""A clean-up of old leftovers is one act: seen, said, reported, taken back; what changed is left out and named."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from cmxero_desktop.domain.cleanup import GROUP_WORDS, Cleanup, Group
from cmxero_desktop.domain.errors import DeskError, NotAllowedError
from cmxero_desktop.domain.identifiers import CasePaymentId
from cmxero_desktop.domain.memory import Explained
from cmxero_desktop.domain.money import Money
from cmxero_desktop.domain.placements import Bucket
from cmxero_desktop.domain.proposals import Flag, ProposalKind, ProposalState
from cmxero_desktop.services.deciding.saying import Saying, explain
from cmxero_desktop.services.records.audit import AuditWhat
from cmxero_desktop.services.records.reports import CleanupReport
from cmxero_desktop.services.records.settings import Mode
from cmxero_desktop.services.viewing.cleanup_report import cleanup_report_text, cleanup_state_text, last_cleanup
from cmxero_desktop.services.writing.cleaning_up import (
    CleanupAct,
    clean_up_at_once,
    find_cleanup,
    take_back_cleanup,
)
from tests.services.desk import ANN, NOV_1, Desk, QueuedStore, nov

JUNE = date(2026, 6, 3)
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
WHY = "from before the first day"


@pytest.fixture
def firm(desk: Desk) -> Desk:
    """One accept, one payment on a settled invoice, one on an invoice that Xero does not have, and an open one."""
    desk.bill()
    desk.xero.pay("CM-100", "400.00", NOV_1)
    desk.case.type_in("100", "400.00", nov(2))
    desk.bill("101")
    desk.case.type_in("101", "1000.00", JUNE)
    credited = next(key for key, invoice in desk.xero.invoices.items() if invoice.number == "CM-101")
    desk.xero.credit(credited, "1000.00")
    desk.case.bill("300")
    desk.case.type_in("300", "77.00", JUNE)
    desk.poll(is_full=True)
    return desk


def names(found: Cleanup) -> dict[str, list[str]]:
    return {g.group.value: [one.row_id for one in g.members] for g in found.groups}


def act(desk: Desk, *groups: Group, shown: frozenset[str] | None = None, reason: str = WHY) -> CleanupReport:
    """Say it of what is shown now, unless another list was shown."""
    chosen = frozenset(groups or Group)
    seen = frozenset(one.row_id for one in find_cleanup(desk.outside).members_of(chosen)) if shown is None else shown
    said = CleanupAct(groups=chosen, by=ANN, reason=reason, shown=seen)
    return clean_up_at_once(desk.outside, said)


def key_of(desk: Desk, amount: str) -> CasePaymentId:
    return next(row.payment_id for row in desk.case.rows.values() if str(row.amount) == amount)


def what_is_left(desk: Desk) -> Cleanup:
    return replace(find_cleanup(desk.outside), said=())


def test_the_report_has_every_payment_that_was_explained_with_who_and_why(firm: Desk) -> None:
    assert find_cleanup(firm.outside).said == ()
    act(firm)
    firm.bill("104")
    firm.case.type_in("104", "12.50", JUNE)
    firm.poll(is_full=True)
    before = find_cleanup(firm.outside)
    assert before.left == 1
    told = cleanup_state_text(before, NOON)
    assert "1 old payment left to be explained." in told
    assert told[told.index("To be looked at one by one: 1") :].split()[-3:] == ["Jun", "2026", "12.50"]
    explain(firm.outside, key_of(firm, "12.50"), Explained.OTHER, Saying(by="Bea", reason="paid at the counter"))
    found = find_cleanup(firm.outside)
    assert [(one.leftover.number, str(one.leftover.amount), one.what, one.by, one.reason) for one in found.said] == [
        ("CM-101", "1,000.00", Explained.SET_ASIDE, ANN, WHY),
        ("CM-104", "12.50", Explained.OTHER, "Bea", "paid at the counter"),
        ("CM-300", "77.00", Explained.SET_ASIDE, ANN, WHY),
        ("CM-100", "400.00", None, ANN, WHY),
    ]
    text = cleanup_state_text(found, NOON)
    assert "Nothing old is left unexplained." in text
    assert "Other money, which Xero does not have: 1, 12.50" in text
    assert "Set aside: from before, it stays as it stands: 2, 1,077.00" in text
    assert "by Bea: paid at the counter" in text


def test_the_report_names_what_is_left_group_by_group(firm: Desk) -> None:
    found = find_cleanup(firm.outside)
    told = cleanup_state_text(found, NOON)
    for group in found.groups:
        (member,) = group.members
        after = told[told.index(GROUP_WORDS[group.group].title) :].split("\n\n")[0]
        assert member.number in after
        assert str(member.amount) in after


def test_all_groups_are_said_in_one_act_and_none_of_them_is_left(firm: Desk) -> None:
    before, rows = find_cleanup(firm.outside), dict(firm.case.rows)
    assert [group.group for group in before.groups] == list(Group)
    report = act(firm)
    assert [(g.group, len(g.members)) for g in report.done] == [(group, 1) for group in Group]
    assert report.left_out == ()
    assert firm.case.rows == rows
    assert what_is_left(firm) == Cleanup()
    firm.restart()
    firm.poll(is_full=True)
    assert what_is_left(firm) == Cleanup()
    (accepted,) = firm.proposals(ProposalState.APPLIED)
    assert accepted.batch_id == report.act
    assert Bucket.MATCHED in {row.placement.bucket for row in firm.view().matched}
    assert firm.is_good()
    last = last_cleanup(firm.history())
    assert last is not None
    assert last.batch_id == report.act


def test_history_has_the_act_and_each_member_by_one_name(firm: Desk) -> None:
    report = act(firm)
    told = [entry.event for entry in firm.history() if entry.event.batch_id == report.act]
    assert [event.what for event in told] == [
        AuditWhat.APPROVED,
        AuditWhat.APPLIED,
        AuditWhat.EXPLAINED,
        AuditWhat.EXPLAINED,
        AuditWhat.CLEANED_UP,
    ]
    assert {(event.by, event.reason) for event in told if event.what is not AuditWhat.APPLIED} == {(ANN, WHY)}
    assert told[-1].evidence == {
        "same-money": "1, 400.00",
        "settled": "1, 1,000.00",
        "not-in-xero": "1, 77.00",
        "left out": "0",
    }


def test_what_changed_since_it_was_shown_is_left_out_and_named(firm: Desk) -> None:
    shown = frozenset(one.row_id for group in find_cleanup(firm.outside).groups for one in group.members)
    stray = next(p for p in firm.case.rows.values() if str(p.amount) == "77.00")
    firm.case.edit(stray.payment_id, paid_on=date(2026, 6, 4))
    accept = firm.proposal(ProposalKind.ACCEPT)
    firm.deciding.hold([accept.proposal_id], by=ANN)
    report = act(firm, shown=shown)
    assert [group.group for group in report.done] == [Group.SETTLED]
    left = {row.row_id for row in report.left_out}
    assert left == {accept.proposal_id, f"c-{stray.payment_id} 77.00 2026-06-03"}
    text = cleanup_report_text(report)
    assert "1 said in one act, 2 left out" in text
    assert f"  {accept.proposal_id}: It is not what it was" in text
    assert "paid on 3 Jun 2026" in text


def test_what_somebody_said_while_case_manager_was_read_stands(firm: Desk) -> None:
    key = key_of(firm, "77.00")

    def meanwhile() -> None:
        explain(firm.outside, key, Explained.TO_CORRECT, Saying(by="Bob", reason="the money of CM-512"))

    outside = replace(firm.outside, store=QueuedStore(firm.store, meanwhile))
    shown = frozenset(one.row_id for one in find_cleanup(firm.outside).members_of(frozenset(Group)))
    report = clean_up_at_once(outside, CleanupAct(groups=frozenset(Group), by=ANN, reason=WHY, shown=shown))
    assert [row.row_id for row in report.left_out] == [f"c-{key} 77.00 2026-06-03"]
    with firm.store.read() as unit:
        (said,) = (one for some in unit.memory.explained().values() for one in some if one.case_id == key)
    assert (said.what, said.by) == (Explained.TO_CORRECT, "Bob")


def test_what_was_said_of_a_payment_before_it_changed_keeps_nobody_from_saying_it_anew(firm: Desk) -> None:
    key = key_of(firm, "77.00")
    explain(firm.outside, key, Explained.OTHER, Saying(by="Bob", reason="asked the client"))
    firm.case.edit(key, amount=Money.of("78.00", "AUD"))
    report = act(firm, Group.NOT_IN_XERO)
    assert [str(group.total) for group in report.done] == ["78.00"]


def test_what_nobody_saw_is_not_said(firm: Desk) -> None:
    (first, *_) = find_cleanup(firm.outside).groups
    report = act(firm, shown=frozenset(one.row_id for one in first.members))
    assert [group.group for group in report.done] == [Group.SAME_MONEY]


def test_an_accept_that_is_judged_but_not_stored_yet_is_left_out(firm: Desk) -> None:
    """Somebody typed it after the check: at the next one it is proposed."""
    firm.xero.bill("CM-102", "1000.00")
    firm.case.bill("102")
    firm.xero.pay("CM-102", "50.00", NOV_1)
    firm.poll()
    firm.case.type_in("102", "50.00", nov(2))
    report = act(firm, Group.SAME_MONEY)
    assert len(report.left_out) == 1


def test_where_nothing_is_left_to_say_there_is_no_act(firm: Desk) -> None:
    act(firm)
    events = len(firm.history())
    report = act(firm)
    assert (report.act, report.done, report.left_out) == ("", (), ())
    assert "0 said in one act" in cleanup_report_text(report)
    assert len(firm.history()) == events


def test_it_is_taken_back_as_one_act(firm: Desk) -> None:
    before = names(find_cleanup(firm.outside))
    report = act(firm)
    sentence = take_back_cleanup(firm.outside, report.act, by=ANN, reason="too early")
    assert sentence == "Taken back: 1 accepted, 2 set aside."
    assert last_cleanup(firm.history()) is None
    # What was accepted is to be looked at now, each payment by itself (R19b).
    after = names(find_cleanup(firm.outside))
    assert after == {name: members for name, members in before.items() if name != "same-money"}
    assert Flag.NEAR_DOUBLE in firm.proposal(ProposalKind.ADD).proposal.flags
    undone = [entry.event for entry in firm.history() if entry.event.what is AuditWhat.UNDONE]
    assert undone[-1].evidence == {"accepted": "1", "set aside": "2"}
    assert firm.is_good()
    with pytest.raises(NotAllowedError, match="Nothing that was said"):
        take_back_cleanup(firm.outside, report.act, by=ANN, reason="again")


def test_what_was_said_of_a_member_since_stays(firm: Desk) -> None:
    report = act(firm, Group.NOT_IN_XERO)
    key = next(p.payment_id for p in firm.case.rows.values() if str(p.amount) == "77.00")
    explain(firm.outside, key, Explained.OTHER, Saying(by=ANN, reason="asked the client"))
    with pytest.raises(NotAllowedError, match="stands any more"):
        take_back_cleanup(firm.outside, report.act, by=ANN, reason="too early")


def test_what_the_same_person_said_in_the_same_words_since_stays(firm: Desk) -> None:
    report = act(firm, Group.NOT_IN_XERO)
    key = key_of(firm, "77.00")
    explain(firm.outside, key, Explained.TO_CORRECT, Saying(by="Bob", reason="hm"))
    explain(firm.outside, key, Explained.SET_ASIDE, Saying(by=ANN, reason=WHY))
    with pytest.raises(NotAllowedError, match="stands any more"):
        take_back_cleanup(firm.outside, report.act, by=ANN, reason="too early")


def test_what_was_set_aside_before_acts_were_kept_is_taken_back(firm: Desk) -> None:
    report = act(firm, Group.NOT_IN_XERO)
    with firm.store.begin() as unit:
        ((number, (said,)),) = unit.memory.explained().items()
        unit.memory.explain(number, replace(said, act=None))
        unit.commit()
    assert take_back_cleanup(firm.outside, report.act, by=ANN, reason="x") == "Taken back: 0 accepted, 1 set aside."


@pytest.mark.parametrize("name", ["", "nothing"])
def test_only_an_act_is_taken_back(firm: Desk, name: str) -> None:
    with pytest.raises(NotAllowedError, match="No clean-up is called"):
        take_back_cleanup(firm.outside, name, by=ANN, reason="too early")


def test_it_needs_a_reason_and_accepts_need_the_mode_approve(firm: Desk) -> None:
    with pytest.raises(NotAllowedError, match="reason"):
        act(firm, reason=" ")
    firm.set_mode(Mode.OBSERVE)
    with pytest.raises(NotAllowedError, match="bserve"):
        act(firm)
    report = act(firm, Group.SETTLED, Group.NOT_IN_XERO)
    assert len(report.done) == 2
    take_back_cleanup(firm.outside, report.act, by=ANN, reason="too early")


def test_before_the_first_check_there_is_nothing_to_clean_up(desk: Desk) -> None:
    with pytest.raises(DeskError, match="Nothing was compared yet"):
        find_cleanup(desk.outside)


def test_a_payment_that_is_set_aside_flags_what_comes_later(firm: Desk) -> None:
    act(firm)
    firm.bill("103")
    firm.xero.pay("CM-103", "77.00", JUNE)
    firm.poll()
    add = firm.proposal(ProposalKind.ADD).proposal
    assert add.flags == {Flag.LEFTOVER_ELSEWHERE}
    assert [p.payment_id for p in add.near] == [
        key for key, row in firm.case.rows.items() if str(row.amount) == "77.00"
    ]
    assert isinstance(add.near[0].payment_id, CasePaymentId)


def test_the_view_says_how_many_there_are_and_which_are_set_aside(firm: Desk) -> None:
    """The payment on an invoice that Xero does not have is on no list of the view."""
    assert firm.view().old_leftovers == 2
    act(firm)
    view = firm.view()
    assert view.old_leftovers == 0
    assert [(str(row.amount), row.is_set_aside) for row in view.unmatched] == [("1,000.00", True)]


def test_before_the_first_check_the_view_knows_of_none(desk: Desk) -> None:
    assert desk.view().old_leftovers == 0
