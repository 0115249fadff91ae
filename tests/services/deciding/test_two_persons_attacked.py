"""Ways around two persons' yes: another spelling, another clock, a rule or a name that came between, a crash."""

from contextlib import suppress
from dataclasses import replace
from decimal import Decimal

import pytest

from cmxero_desktop.adapters.settings_file.texts import texts_of, with_texts
from cmxero_desktop.domain.errors import NotAllowedError
from cmxero_desktop.domain.office import ONE_DESKTOP, Office
from cmxero_desktop.domain.people import Person, SecondRule, is_same_person
from cmxero_desktop.domain.proposals import Flag, ProposalKind, ProposalState
from cmxero_desktop.services.deciding.changing_settings import change_settings
from cmxero_desktop.services.ports.computer import SettingForms
from cmxero_desktop.services.records.audit import AuditWhat
from cmxero_desktop.services.records.decisions import FirstYes, StoredProposal
from cmxero_desktop.services.viewing.changes_report import changes_of
from cmxero_desktop.services.writing.applying import Applying
from cmxero_desktop.services.writing.asking_to_undo import withdraw_wish
from cmxero_desktop.services.writing.undoing import Undoing
from tests.services.deciding.pressing import (
    ANN,
    BOB,
    CID,
    added,
    applied_add,
    approve,
    edited,
    moved,
    set_people,
    sit,
    write,
)
from tests.services.desk import NOV_1, Desk, QueuedStore, nov
from tests.services.fake_time import Crash

_P = ProposalState


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("José", "Jose\u0301"),
        ("Ann Lee", "ann\u00a0 lee "),
        ("Ann", "Ann\u200b"),
        ("Ann", "\ufeffAnn"),
        ("Ann", "\uff21\uff4e\uff4e"),
        ("J. Weiß", "J. WEISS"),
    ],
)
def test_what_looks_like_one_name_is_one_person(one: str, other: str) -> None:
    assert is_same_person(one, other)
    assert Office(approvers=(one, other)).is_one_person
    assert Person(one).is_one_of([other])


@pytest.mark.parametrize("nobody", ["", "  ", "\u200b"])
def test_nobody_is_no_person(desk: Desk, nobody: str) -> None:
    add = applied_add(desk)
    set_people(desk, SecondRule.ALL, [ANN, BOB])
    desk.undoing.undo([add.proposal_id], by=ANN, reason="r")
    forms = SettingForms(texts_of, with_texts)
    for act in (
        lambda: desk.undoing.undo([add.proposal_id], by=nobody, reason="r"),
        lambda: withdraw_wish(desk.outside, [add.proposal_id], by=nobody, reason="r"),
        lambda: desk.deciding.approve([add.proposal_id], by=nobody),
        lambda: desk.deciding.approve_all(nobody, ProposalKind.ADD),
        lambda: Applying(desk.outside).apply(None, nobody),
        lambda: change_settings(desk.outside, forms, {"people.second_approver": "off"}, nobody),
    ):
        with pytest.raises(NotAllowedError, match="A name is needed"):
            act()
    assert desk.paid() == ["400.00"]


def removal_over_the_limit(desk: Desk, rule: SecondRule, *by: str) -> StoredProposal:
    """Have a removal approved by these persons, and then held by a limit that came after."""
    add = added(desk, "1.00")
    approve(desk, add, ANN)
    write(desk)
    desk.case.type_in("100", "7.00", nov(9))
    desk.xero.delete(next(iter(desk.xero.payments)))
    desk.set_policy(removal_limit_count=100, removal_limit_percent=Decimal(100))
    desk.poll()
    removal = desk.proposal(ProposalKind.REMOVE)
    set_people(desk, rule)
    for name in by:
        approve(desk, removal, name)
    desk.set_policy(removal_limit_count=0)
    desk.poll()
    held = desk.again(removal)
    assert Flag.OVER_LIMIT in held.proposal.flags
    assert held.state is _P.APPROVED
    return held


def test_one_person_who_approves_and_releases_is_one_person(desk: Desk) -> None:
    removal = removal_over_the_limit(desk, SecondRule.OFF, ANN)
    assert approve(desk, removal, ANN, "asked the bank") == "done"
    assert desk.again(removal).yes_by == (ANN,)
    set_people(desk, SecondRule.LARGE)
    assert write(desk) == []
    assert desk.again(removal).state is _P.APPROVED
    assert approve(desk, removal, BOB) == "done"
    assert write(desk) == [removal.proposal_id]
    assert desk.is_good()


def test_who_approved_before_the_limit_releases_from_it_after(desk: Desk) -> None:
    removal = removal_over_the_limit(desk, SecondRule.LARGE, ANN, BOB)
    assert removal.yes_by == (), "neither saw that the limit holds it"
    assert approve(desk, removal, ANN, "asked the bank") == "half"
    assert approve(desk, removal, ANN, "asked the bank") == "held back"
    assert approve(desk, removal, BOB, "so did I") == "done"
    assert write(desk) == [removal.proposal_id]
    assert desk.is_good()


def test_one_person_who_says_yes_twice_is_told_as_one(desk: Desk) -> None:
    add = added(desk)
    set_people(desk, SecondRule.ALL)
    approve(desk, add, ANN, at="reception")
    set_people(desk, SecondRule.OFF)
    assert approve(desk, add, ANN, at="reception") == "done"
    assert desk.again(add).yes_by == (ANN,)
    said = [e.event for e in desk.history() if e.event.what is AuditWhat.APPROVED]
    assert [(event.reason, event.evidence.get("first_by")) for event in said] == [("", None)]
    set_people(desk, SecondRule.ALL)
    assert write(desk) == []
    assert approve(desk, add, BOB) == "done"
    assert write(desk) == [add.proposal_id]


@pytest.mark.parametrize("half", [True, False])
def test_a_yes_of_somebody_who_does_not_approve_any_more_is_none_of_the_two(desk: Desk, *, half: bool) -> None:
    add = added(desk)
    set_people(desk, SecondRule.ALL)
    assert approve(desk, add, CID) == "half"
    if not half:
        assert approve(desk, add, ANN) == "done"
    set_people(desk, SecondRule.ALL, [ANN, BOB])
    if half:
        assert approve(desk, add, ANN) == "half"
    assert write(desk) == []
    assert desk.case.payments("100") == []
    assert approve(desk, add, BOB) == "done"
    assert write(desk) == [add.proposal_id]
    assert desk.is_good()
    (change,) = changes_of(desk.history(), lambda at: at.date())
    assert change.approved_by == "Ann, Bob"


def test_a_wish_of_somebody_who_does_not_approve_any_more_is_none_of_the_two(desk: Desk) -> None:
    add = applied_add(desk)
    set_people(desk, SecondRule.ALL)
    assert desk.undoing.undo([add.proposal_id], by=CID, reason="r").half
    set_people(desk, SecondRule.ALL, [ANN, BOB])
    assert desk.undoing.undo([add.proposal_id], by=ANN, reason="r").half
    assert desk.paid() == ["400.00"]
    assert desk.undoing.undo([add.proposal_id], by=BOB, reason="r").applied


@pytest.mark.parametrize("minutes", [-10, 10])
def test_a_wish_counts_by_whatever_clock_it_was_made(desk: Desk, minutes: int) -> None:
    add = applied_add(desk)
    set_people(desk, SecondRule.ALL)
    desk.clock.set_wall(60.0 * minutes)
    assert desk.undoing.undo([add.proposal_id], by=ANN, reason="r").half
    desk.clock.set_wall(-60.0 * minutes)
    assert desk.again(add).undo_by == ANN
    assert desk.undoing.undo([add.proposal_id], by=BOB, reason="r").applied
    assert desk.again(add).undo_by == ""
    desk.poll()
    assert desk.deciding.reopen([add.proposal_id], by=ANN, reason="it was right").done
    approve(desk, add, ANN)
    approve(desk, add, BOB)
    assert write(desk) == [add.proposal_id]
    assert desk.again(add).undo_by == "", "a wish of the life before"
    assert desk.undoing.undo([add.proposal_id], by=BOB, reason="r").half
    assert desk.paid() == ["400.00"]
    assert desk.is_good()


def test_a_wish_withdrawn_while_the_second_undoes_is_none(desk: Desk) -> None:
    add = applied_add(desk)
    set_people(desk, SecondRule.ALL)
    desk.undoing.undo([add.proposal_id], by=ANN, reason="r")
    desk.steps.act_at("lock", lambda: withdraw_wish(desk.outside, [add.proposal_id], by=ANN, reason="it was right"))
    report = desk.undoing.undo([add.proposal_id], by=BOB, reason="r")
    assert (report.applied, desk.paid()) == ((), ["400.00"])
    assert "two persons" in report.failed[0].reason


def test_what_two_others_undid_meanwhile_is_not_asked_for(desk: Desk) -> None:
    add = applied_add(desk)
    set_people(desk, SecondRule.ALL)
    others = desk.undoing
    store = QueuedStore(
        desk.store, lambda: [others.undo([add.proposal_id], by=name, reason="r") for name in (ANN, BOB)]
    )
    report = Undoing(replace(desk.outside, store=store)).undo([add.proposal_id], by=CID, reason="r")
    assert (report.half, report.applied, desk.paid()) == ((), (), [])
    assert "Someone else was faster" in report.failed[0].reason
    assert desk.again(add).undo_by == ""
    assert desk.is_good()


def test_the_rule_turned_on_between_two_writes_is_kept_for_the_second(desk: Desk) -> None:
    for number in ("100", "200"):
        desk.bill(number)
        desk.xero.pay(f"CM-{number}", "40.00", NOV_1)
    desk.poll()
    rows = desk.proposals()
    for row in rows:
        approve(desk, row, ANN)

    desk.steps.act_at("committed", lambda: set_people(desk, SecondRule.ALL))
    report = Applying(desk.outside).apply(None, ANN)
    assert len(report.applied) == 1
    assert len(desk.case.payments("100")) + len(desk.case.payments("200")) == 1
    assert "Ann alone approved it" in report.held_back[0].reason


@pytest.mark.parametrize("number", range(1, 12))
def test_a_wish_stands_after_an_undo_that_a_crash_prevented(desk: Desk, number: int) -> None:
    add = applied_add(desk)
    set_people(desk, SecondRule.ALL)
    desk.undoing.undo([add.proposal_id], by=ANN, reason="r")
    desk.steps.crash_at(number)
    with suppress(Crash):
        desk.undoing.undo([add.proposal_id], by=BOB, reason="r")
    desk.steps.trouble = None
    desk.settle()
    assert desk.is_good()
    if desk.paid():
        assert desk.again(add).undo_by == ANN
        assert desk.undoing.undo([add.proposal_id], by=BOB, reason="r").applied
    assert desk.paid() == []


def test_one_person_alone_is_not_told_as_two_of_an_undo(desk: Desk) -> None:
    add = applied_add(desk)
    set_people(desk, SecondRule.ALL)
    sit(desk, "reception")
    desk.undoing.undo([add.proposal_id], by=ANN, reason="typed twice")
    set_people(desk, SecondRule.OFF)
    assert desk.undoing.undo([add.proposal_id], by=ANN, reason="typed twice, I am sure").applied
    undone = next(e.event for e in desk.history() if e.event.what is AuditWhat.UNDONE)
    assert ONE_DESKTOP not in undone.reason
    assert undone.reason == "typed twice, I am sure"


def test_a_wish_is_withdrawn_by_the_number_of_its_entry(desk: Desk) -> None:
    add = applied_add(desk)
    set_people(desk, SecondRule.ALL)
    applied = next(e for e in desk.history() if e.event.what is AuditWhat.APPLIED)
    assert desk.undoing.undo([f"h-{applied.sequence}"], by=ANN, reason="r").half
    assert withdraw_wish(desk.outside, [f"h-{applied.sequence}"], by=ANN, reason="r").done
    assert len(withdraw_wish(desk.outside, ["h-0", "h-99999", "h-one"], by=ANN, reason="r").refused) == 3
    assert desk.again(add).undo_by == ""


def test_a_first_name_on_an_approved_record_that_the_trail_does_not_hold_is_found(desk: Desk) -> None:
    add = added(desk)
    approve(desk, add, ANN)
    edited(desk, add, first=FirstYes(by=BOB, at=desk.again(add).changed_at))
    assert not desk.is_good()


def test_a_half_of_a_move_that_lacks_a_yes_keeps_the_other_approved(desk: Desk) -> None:
    halves = moved(desk)
    ids = [row.proposal_id for row in halves]
    desk.deciding.approve(ids, by=ANN)
    set_people(desk, SecondRule.LARGE)
    assert len(desk.deciding.approve(ids[:1], by=BOB).done) == 1
    assert write(desk) == []
    assert [desk.again(row).state for row in halves] == [_P.APPROVED, _P.APPROVED]
    assert len(desk.deciding.approve(ids[1:], by=BOB).done) == 1
    assert sorted(write(desk)) == sorted(ids)
