"""Two persons' yes: whatever is written was wanted by two who pressed for it since it changed last."""

from collections import defaultdict
from contextlib import suppress
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from cmxero_desktop.adapters.settings_file.texts import texts_of, with_texts
from cmxero_desktop.domain.errors import NotAllowedError
from cmxero_desktop.domain.identifiers import ProposalId
from cmxero_desktop.domain.office import ONE_DESKTOP, SELF_APPROVED
from cmxero_desktop.domain.people import SecondRule
from cmxero_desktop.domain.proposals import Flag, Proposal, ProposalKind, ProposalState
from cmxero_desktop.services.deciding.changing_settings import change_settings
from cmxero_desktop.services.deciding.deciding import HALF_APPROVED
from cmxero_desktop.services.ports.computer import SettingForms
from cmxero_desktop.services.records.audit import AuditWhat
from cmxero_desktop.services.records.decisions import FirstYes, StoredProposal
from cmxero_desktop.services.records.reports import RowOutcome
from cmxero_desktop.services.records.settings import Settings
from cmxero_desktop.services.viewing.changes_report import changes_of
from cmxero_desktop.services.writing.applying import Applying
from cmxero_desktop.services.writing.asking_to_undo import ASKED, withdraw_wish
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
from tests.services.desk import NOV_1, Desk, FakeSettingsFile, nov
from tests.services.fake_store import MemoryStore

_P = ProposalState


def test_the_first_of_two_writes_nothing_and_cannot_be_the_second(desk: Desk) -> None:
    add = added(desk)
    set_people(desk, SecondRule.ALL)
    assert approve(desk, add, ANN) == "half"
    assert desk.again(add).state is _P.PROPOSED
    assert write(desk) == []
    report = desk.deciding.approve([add.proposal_id], by=" ann ")
    assert "needs the yes of two persons" in report.held_back[0].reason
    assert desk.case.payments("100") == []
    assert approve(desk, add, BOB) == "done"
    assert write(desk) == [add.proposal_id]
    assert desk.paid() == ["400.00"]
    assert desk.is_good()
    said = [(e.event.what, e.event.by) for e in desk.history() if e.event.proposal_id == add.proposal_id]
    assert said == [(AuditWhat.APPROVED_FIRST, ANN), (AuditWhat.APPROVED, BOB), (AuditWhat.APPLIED, ANN)]
    (change,) = changes_of(desk.history(), lambda at: at.date())
    assert change.approved_by == "Ann, Bob"


def test_a_first_yes_says_that_another_person_is_needed(desk: Desk) -> None:
    add = added(desk)
    set_people(desk, SecondRule.ALL)
    report = desk.deciding.approve([add.proposal_id], by=ANN)
    assert report.half == (RowOutcome(add.proposal_id, HALF_APPROVED),)
    assert desk.again(add).yes_by == (ANN,)


@pytest.mark.parametrize("what", ["hold", "put back", "reject", "change", "gone and back"])
def test_a_first_yes_lapses_with_whatever_happens_to_the_row(desk: Desk, what: str) -> None:
    add = added(desk)
    set_people(desk, SecondRule.ALL)
    approve(desk, add, ANN)
    payment = next(iter(desk.xero.payments))
    if what == "hold":
        desk.deciding.hold([add.proposal_id], by=CID)
        desk.deciding.reopen([add.proposal_id], by=CID, reason="r")
    elif what == "put back":
        set_people(desk, SecondRule.OFF)
        approve(desk, add, BOB)
        desk.deciding.reopen([add.proposal_id], by=BOB, reason="r")
        set_people(desk, SecondRule.ALL)
    elif what == "reject":
        desk.deciding.reject([add.proposal_id], by=CID, reason="r")
        desk.deciding.reopen([add.proposal_id], by=CID, reason="r")
    elif what == "change":
        desk.xero.edit(payment, "410.00")
        desk.poll()
        add = desk.proposal(ProposalKind.ADD)
    else:
        key = desk.case.type_in("100", "400.00", NOV_1)
        desk.poll()
        assert desk.again(add).state is _P.SUPERSEDED
        del desk.case.rows[key]
        desk.poll()
    assert desk.again(add).yes_by == ()
    assert approve(desk, add, BOB) == "half"


def test_a_flag_that_came_after_the_first_yes_was_not_seen_by_it(desk: Desk) -> None:
    desk.bill(amount="99000.00")
    for _ in range(2):
        desk.xero.pay("CM-100", "400.00", NOV_1)
    desk.poll()
    set_people(desk, SecondRule.ALL)
    one, other = desk.proposals()
    for row in (one, other):
        assert approve(desk, row, ANN) == "half"
    assert approve(desk, other, BOB) == "done"
    write(desk)
    desk.poll()
    again = desk.again(one)
    assert (again.state, again.fingerprint) == (_P.PROPOSED, one.fingerprint)
    assert Flag.TWIN in again.proposal.flags
    assert again.yes_by == ()
    assert approve(desk, one, BOB) == "half"


def test_what_was_approved_before_the_rule_is_not_written_by_one(desk: Desk) -> None:
    add = added(desk)
    approve(desk, add, ANN)
    set_people(desk, SecondRule.ALL)
    report = Applying(desk.outside).apply(None, ANN)
    assert report.applied == ()
    assert "Ann alone approved it" in report.held_back[0].reason
    assert desk.again(add).state is _P.APPROVED
    assert approve(desk, add, ANN) == "held back"
    assert approve(desk, add, BOB) == "done"
    assert desk.again(add).yes_by == (ANN, BOB)
    assert write(desk, CID) == [add.proposal_id]
    assert desk.is_good()


def test_the_rule_turned_on_while_it_is_written_is_kept(desk: Desk) -> None:
    add = added(desk)
    approve(desk, add, ANN)
    lenient = desk.settings.settings
    set_people(desk, SecondRule.ALL)
    answers = iter([lenient, lenient])

    class Turning(FakeSettingsFile):
        def load(self) -> Settings:
            return next(answers, self.settings)

    desk.settings = Turning(desk.settings.settings)
    report = Applying(desk.outside).apply(None, ANN)
    assert next(answers, None) is None, "it was asked again after the first two looks"
    assert (report.applied, desk.case.payments("100")) == ((), [])
    assert "Ann alone approved it" in report.held_back[0].reason


@pytest.mark.parametrize(
    ("rule", "amount", "expected"),
    [
        (SecondRule.OFF, "9000.00", "done"),
        (SecondRule.LARGE, "5000.00", "done"),
        (SecondRule.LARGE, "5000.01", "half"),
        (SecondRule.ALL, "0.01", "half"),
    ],
)
def test_the_rule_says_which_additions_need_two(desk: Desk, rule: SecondRule, amount: str, expected: str) -> None:
    add = added(desk, amount)
    set_people(desk, rule)
    assert approve(desk, add, ANN) == expected


def test_removals_need_two_however_small(desk: Desk) -> None:
    add = added(desk, "1.00")
    approve(desk, add, ANN)
    write(desk)
    desk.case.type_in("100", "7.00", nov(9))
    desk.xero.delete(next(iter(desk.xero.payments)))
    desk.poll()
    set_people(desk, SecondRule.LARGE)
    removal = desk.proposal(ProposalKind.REMOVE)
    release = "looked at all" if Flag.OVER_LIMIT in removal.proposal.flags else ""
    assert approve(desk, removal, ANN, release) == "half"
    assert approve(desk, removal, BOB, release) == "done"
    assert write(desk) == [removal.proposal_id]
    assert desk.is_good()


def test_a_removal_over_the_limit_is_released_by_both(desk: Desk) -> None:
    desk.set_policy(removal_limit_count=0)
    add = added(desk, "1.00")
    approve(desk, add, ANN)
    write(desk)
    desk.case.type_in("100", "7.00", nov(9))
    desk.xero.delete(next(iter(desk.xero.payments)))
    desk.poll()
    set_people(desk, SecondRule.LARGE)
    removal = desk.proposal(ProposalKind.REMOVE)
    assert Flag.OVER_LIMIT in removal.proposal.flags
    assert approve(desk, removal, ANN, "deleted by the bank") == "half"
    assert approve(desk, removal, BOB) == "held back", "the limit is lifted by each of them, with a reason"
    assert approve(desk, removal, BOB, "I asked the bank too") == "done"
    assert write(desk) == [removal.proposal_id]
    reasons = [e.event.reason for e in desk.history() if e.event.what is AuditWhat.APPROVED_FIRST]
    assert reasons == ["deleted by the bank"]


def test_a_move_gets_the_yes_of_two_as_a_whole(desk: Desk) -> None:
    halves = moved(desk)
    set_people(desk, SecondRule.LARGE)
    ids = [row.proposal_id for row in halves]
    assert len(desk.deciding.approve(ids, by=ANN).half) == 2
    assert write(desk) == []
    # One half loses its yes: then neither goes with the other's alone.
    desk.deciding.hold(ids[:1], by=CID)
    desk.deciding.reopen(ids[:1], by=CID, reason="r")
    assert len(desk.deciding.approve(ids, by=BOB).half) == 2
    assert write(desk) == []
    assert len(desk.deciding.approve(ids, by=ANN).done) == 2
    assert sorted(write(desk)) == sorted(ids)
    assert (desk.paid("100"), desk.paid("200")) == ([], ["400.00"])
    assert desk.is_good()


def test_an_undo_needs_two_as_well(desk: Desk) -> None:
    add = applied_add(desk)
    set_people(desk, SecondRule.LARGE)
    first = desk.undoing.undo([add.proposal_id], by=ANN, reason="typed twice")
    assert first.half == (RowOutcome(add.proposal_id, ASKED),)
    assert desk.paid() == ["400.00"]
    again = desk.undoing.undo([add.proposal_id], by=ANN, reason="typed twice")
    assert "takes two persons" in again.failed[0].reason
    assert desk.paid() == ["400.00"]
    sit(desk, BOB)
    second = desk.undoing.undo([add.proposal_id], by=BOB, reason="yes, typed twice")
    assert [row.row_id for row in second.applied] == [add.proposal_id]
    assert desk.paid() == []
    assert desk.is_good()
    undone = next(e.event for e in desk.history() if e.event.what is AuditWhat.UNDONE)
    assert (undone.by, undone.reason) == (BOB, "yes, typed twice (Ann asked for it: typed twice)")
    assert [change.approved_by for change in changes_of(desk.history(), lambda at: at.date())] == [ANN, ANN]


def test_a_wish_to_undo_can_be_withdrawn_and_lapses_with_the_undo(desk: Desk) -> None:
    add = applied_add(desk)
    set_people(desk, SecondRule.ALL)
    desk.undoing.undo([add.proposal_id], by=ANN, reason="typed twice")
    assert desk.again(add).undo_by == ANN
    assert withdraw_wish(desk.outside, [add.proposal_id], by=CID, reason="it was not").done
    assert desk.again(add).undo_by == ""
    assert withdraw_wish(desk.outside, [add.proposal_id, "p-none"], by=CID, reason="it was not").done == ()
    with pytest.raises(NotAllowedError, match="A reason is needed"):
        withdraw_wish(desk.outside, [add.proposal_id], by=CID, reason=" ")
    assert desk.undoing.undo([add.proposal_id], by=BOB, reason="typed twice").half
    assert desk.paid() == ["400.00"]


def test_a_wish_of_a_life_that_ended_is_none(desk: Desk) -> None:
    add = applied_add(desk)
    set_people(desk, SecondRule.ALL)
    desk.undoing.undo([add.proposal_id], by=ANN, reason="r")
    desk.undoing.undo([add.proposal_id], by=BOB, reason="s")
    desk.poll()
    assert desk.deciding.reopen([add.proposal_id], by=ANN, reason="it was right").done
    approve(desk, add, ANN)
    approve(desk, add, BOB)
    assert write(desk) == [add.proposal_id]
    assert desk.again(add).undo_by == ""
    assert desk.undoing.undo([add.proposal_id], by=BOB, reason="r").half
    assert desk.paid() == ["400.00"]


def test_the_wish_to_undo_a_move_is_withdrawn_as_a_whole(desk: Desk) -> None:
    halves = moved(desk)
    ids = [row.proposal_id for row in halves]
    desk.deciding.approve(ids, by=ANN)
    write(desk)
    set_people(desk, SecondRule.LARGE)
    desk.undoing.undo(ids, by=ANN, reason="r")
    assert withdraw_wish(desk.outside, ids[:1], by=BOB, reason="no").done
    assert [desk.again(row).undo_by for row in halves] == ["", ""]
    assert desk.is_good()


def test_a_move_is_undone_by_two_as_a_whole(desk: Desk) -> None:
    halves = moved(desk)
    ids = [row.proposal_id for row in halves]
    desk.deciding.approve(ids, by=ANN)
    write(desk)
    set_people(desk, SecondRule.LARGE)
    assert len(desk.undoing.undo(ids[:1], by=ANN, reason="r").half) == 2
    assert (desk.paid("100"), desk.paid("200")) == ([], ["400.00"])
    assert len(desk.undoing.undo(ids[1:], by=BOB, reason="r").applied) == 2
    assert (desk.paid("100"), desk.paid("200")) == (["400.00"], [])


def test_where_one_person_approves_it_is_marked_and_never_silent(desk: Desk) -> None:
    add = added(desk)
    set_people(desk, SecondRule.ALL, [ANN])
    assert approve(desk, add, ANN) == "done"
    assert write(desk) == [add.proposal_id]
    event = next(e.event for e in desk.history() if e.event.what is AuditWhat.APPROVED)
    assert event.reason == SELF_APPROVED
    (change,) = changes_of(desk.history(), lambda at: at.date())
    assert change.approved_by == "Ann (self-approved)"
    desk.undoing.undo([add.proposal_id], by=ANN, reason="typed twice")
    undone = next(e.event for e in desk.history() if e.event.what is AuditWhat.UNDONE)
    assert undone.reason == f"typed twice {SELF_APPROVED}"
    assert desk.is_good()


def test_a_first_yes_is_taken_back_as_an_approval_is(desk: Desk) -> None:
    add = added(desk)
    set_people(desk, SecondRule.ALL)
    assert desk.deciding.reopen([add.proposal_id], by=ANN, reason="r").refused, "nobody said yes to it"
    approve(desk, add, ANN)
    assert desk.deciding.reopen([add.proposal_id], by=ANN, reason="r").done
    assert desk.again(add).yes_by == ()
    assert desk.is_good()
    assert approve(desk, add, BOB) == "half"


def test_two_names_from_one_desktop_are_marked(desk: Desk) -> None:
    add = added(desk)
    set_people(desk, SecondRule.ALL)
    approve(desk, add, ANN, at="reception")
    approve(desk, add, BOB, at="reception")
    write(desk)
    (change,) = changes_of(desk.history(), lambda at: at.date())
    assert change.approved_by == "Ann, Bob (one desktop)"
    desk.undoing.undo([add.proposal_id], by=ANN, reason="r")
    desk.undoing.undo([add.proposal_id], by=BOB, reason="s")
    undone = next(e.event for e in desk.history() if e.event.what is AuditWhat.UNDONE)
    assert undone.reason == f"s (Ann asked for it: r) {ONE_DESKTOP}"


def test_the_people_are_changed_by_those_who_approve(desk: Desk) -> None:
    set_people(desk, SecondRule.ALL, [ANN, BOB])
    texts = {"people.second_approver": "off"}
    with pytest.raises(NotAllowedError, match="Cid may not do this"):
        change_settings(desk.outside, SettingForms(texts_of, with_texts), texts, CID)
    assert desk.settings.settings.people.second_approver is SecondRule.ALL
    change_settings(desk.outside, SettingForms(texts_of, with_texts), {"poll.interval_min": "15"}, CID)
    change_settings(desk.outside, SettingForms(texts_of, with_texts), texts, ANN)
    assert desk.settings.settings.people.approvers == (ANN, BOB)
    assert desk.settings.settings.people.second_approver.value == "off"


def test_whoever_does_not_approve_prepares(desk: Desk) -> None:
    add = added(desk)
    set_people(desk, SecondRule.OFF, [ANN, BOB])
    with pytest.raises(NotAllowedError, match="Cid may not do this"):
        approve(desk, add, CID)
    desk.deciding.hold([add.proposal_id], by=CID)
    desk.deciding.reopen([add.proposal_id], by=CID, reason="r")
    assert approve(desk, add, "BOB") == "done"
    with pytest.raises(NotAllowedError, match="Cid may not do this"):
        write(desk, CID)
    write(desk, ANN)
    with pytest.raises(NotAllowedError, match="Cid may not do this"):
        desk.undoing.undo([add.proposal_id], by=CID, reason="r")
    assert desk.paid() == ["400.00"]


def test_a_first_yes_that_nobody_gave_is_none(desk: Desk) -> None:
    add = added(desk)
    set_people(desk, SecondRule.ALL)
    stored = desk.again(add)
    edited(desk, add, first=FirstYes(by=BOB, at=stored.changed_at))
    assert approve(desk, add, ANN) == "held back"
    assert write(desk) == []


def test_a_first_yes_in_another_name_or_taken_back_is_none(desk: Desk) -> None:
    add = added(desk)
    set_people(desk, SecondRule.ALL)
    approve(desk, add, ANN)
    given = desk.again(add).first
    assert given is not None
    edited(desk, add, first=replace(given, by=CID))
    assert approve(desk, add, ANN) == "held back"
    assert not desk.is_good()
    edited(desk, add, first=given)
    assert desk.is_good()
    desk.deciding.reopen([add.proposal_id], by=ANN, reason="r")
    edited(desk, add, first=replace(given, at=desk.again(add).changed_at))
    assert approve(desk, add, BOB) == "held back"
    assert not desk.is_good()


def test_a_second_yes_that_nobody_gave_writes_nothing(desk: Desk) -> None:
    add = added(desk)
    approve(desk, add, ANN)
    edited(desk, add, first=FirstYes(by=BOB, at=desk.again(add).changed_at))
    set_people(desk, SecondRule.ALL)
    assert write(desk) == []
    assert desk.case.payments("100") == []


def test_a_wish_that_nobody_had_undoes_nothing(desk: Desk) -> None:
    add = applied_add(desk)
    set_people(desk, SecondRule.ALL)
    stored = desk.again(add)
    edited(desk, add, undo_asked=FirstYes(by=BOB, at=stored.changed_at, deed=stored.deed))
    assert desk.again(add).undo_by == BOB
    assert desk.undoing.undo([add.proposal_id], by=ANN, reason="r").failed
    assert desk.paid() == ["400.00"]


# The truth: the test itself keeps who pressed for what

ANY = st.integers(min_value=0, max_value=5)
PEOPLE_ALL = (ANN, BOB, CID)
PEOPLE = st.sampled_from(PEOPLE_ALL)
ANYBODY: tuple[str, ...] = ()
NUMBERS = ("100", "200")


class Office(RuleBasedStateMachine):
    """Three persons, two invoices, a rule and a list of who approves, which change now and then."""

    def __init__(self) -> None:
        super().__init__()
        self.desk = Desk(MemoryStore())
        self.desk.set_policy(removal_limit_count=100, removal_limit_percent=Decimal(100))
        for number in NUMBERS:
            self.desk.bill(number, "9000.00")
            for amount in ("10.00", "700.00"):
                self.desk.xero.pay(f"CM-{number}", amount, NOV_1)
        self.rule, self.approvers = SecondRule.ALL, ANYBODY
        self.yes: dict[ProposalId, set[str]] = defaultdict(set)
        self.no: dict[ProposalId, set[str]] = defaultdict(set)
        set_people(self.desk, self.rule, above="500.00")
        self.check()

    def needs_two(self, proposal: Proposal, *, undone: bool = False) -> bool:
        if self.rule is SecondRule.OFF or proposal.kind is ProposalKind.ACCEPT or len(self.approvers) == 1:
            return False
        if self.rule is SecondRule.ALL:
            return True
        lowers = (proposal.kind is ProposalKind.ADD) if undone else (proposal.kind is ProposalKind.REMOVE)
        sums = [side.amount.amount for side in (proposal.before, proposal.after) if side is not None]
        is_large = proposal.kind is not ProposalKind.LINK and (max(sums) > 500 or bool(proposal.move_id))
        return lowers or is_large

    def said(self, *people: str) -> int:
        """Count those of the persons who approve by now."""
        return len({*people} & {*(self.approvers or PEOPLE_ALL)})

    def check(self) -> None:
        self.desk.poll()
        standing = {row.proposal_id for row in self.desk.proposals(*_P) if row.state in {_P.PROPOSED, _P.APPROVED}}
        for row_id in list(self.yes):
            if row_id not in standing:
                del self.yes[row_id]

    def rows(self, *states: ProposalState) -> list[StoredProposal]:
        return sorted(self.desk.proposals(*states), key=lambda row: row.proposal_id)

    @rule(what=st.sampled_from(["pay", "edit", "delete", "type"]), at=ANY, amount=st.sampled_from(["10.00", "700.00"]))
    def outside(self, what: str, at: int, amount: str) -> None:
        live = [p.payment_id for p in self.desk.xero.payments.values() if p.is_live]
        if what == "edit" and live:
            self.desk.xero.edit(live[at % len(live)], amount, nov(3))
        elif what == "delete" and live:
            self.desk.xero.delete(live[at % len(live)])
        elif what == "type":
            self.desk.case.type_in(NUMBERS[at % 2], amount, nov(4))
        else:
            self.desk.xero.pay(f"CM-{NUMBERS[at % 2]}", amount, nov(2))
        self.check()

    @rule(by=PEOPLE, at=ANY, whole=st.booleans())
    def approve(self, by: str, at: int, *, whole: bool) -> None:
        rows = self.rows(_P.PROPOSED, _P.APPROVED)
        if not rows:
            return
        row = rows[at % len(rows)]
        asked = [r for r in rows if r.proposal.move_id and r.proposal.move_id == row.proposal.move_id] or [row]
        asked = asked if whole else [row]
        try:
            report = self.desk.deciding.approve([r.proposal_id for r in asked], by=by)
        except NotAllowedError:
            assert not self.said(by)
            return
        for outcome in (*report.done, *report.half):
            self.yes[ProposalId(outcome.row_id)].add(by)

    @rule(by=PEOPLE, at=ANY, what=st.sampled_from(["hold", "reopen", "reject"]))
    def decide(self, by: str, at: int, what: str) -> None:
        rows = self.rows(_P.PROPOSED, _P.APPROVED, _P.HELD, _P.REJECTED)
        if not rows:
            return
        row_id = rows[at % len(rows)].proposal_id
        deciding = self.desk.deciding
        if what == "hold":
            report = deciding.hold([row_id], by=by)
        elif what == "reject":
            report = deciding.reject([row_id], by=by, reason="r")
        else:
            report = deciding.reopen([row_id], by=by, reason="r")
        if report.done:
            self.yes.pop(row_id, None)

    @rule(by=PEOPLE)
    def write(self, by: str) -> None:
        before = dict(self.desk.case.rows)
        known = {row.proposal_id: row for row in self.desk.proposals(*_P)}
        try:
            report = Applying(self.desk.outside).apply(None, by)
        except NotAllowedError:
            assert not self.said(by)
            return
        for outcome in report.applied:
            row_id = ProposalId(outcome.row_id)
            proposal = known[row_id].proposal
            assert self.yes[row_id]
            assert not self.needs_two(proposal) or self.said(*self.yes[row_id]) >= 2, (self.rule, proposal)
        if not report.applied:
            assert before == self.desk.case.rows
        for outcome in (*report.applied, *report.stale, *report.failed, *report.held_back):
            row_id = ProposalId(outcome.row_id)
            if self.desk.again(known[row_id]).state is not _P.APPROVED:
                self.yes.pop(row_id, None)
                self.no.pop(row_id, None)
        self.check()

    @rule(by=PEOPLE, at=ANY)
    def undo(self, by: str, at: int) -> None:
        rows = self.rows(_P.APPLIED)
        if not rows:
            return
        row = rows[at % len(rows)]
        before = dict(self.desk.case.rows)
        try:
            report = self.desk.undoing.undo([row.proposal_id], by=by, reason="r")
        except NotAllowedError:
            assert not self.said(by)
            return
        for outcome in report.half:
            self.no[ProposalId(outcome.row_id)].add(by)
        known = {r.proposal_id: r.proposal for r in rows}
        for outcome in report.applied:
            row_id = ProposalId(outcome.row_id)
            wanted = self.said(*self.no.pop(row_id, ()), by)
            assert wanted >= (2 if self.needs_two(known[row_id], undone=True) else 1)
        if not report.applied:
            assert before == self.desk.case.rows
        self.check()

    @rule(by=PEOPLE, at=ANY)
    def withdraw(self, by: str, at: int) -> None:
        rows = self.rows(_P.APPLIED)
        if rows:
            row_id = rows[at % len(rows)].proposal_id
            if withdraw_wish(self.desk.outside, [row_id], by=by, reason="r").done:
                self.no.pop(row_id, None)

    @rule(rule=st.sampled_from([SecondRule.ALL, SecondRule.ALL, SecondRule.LARGE, SecondRule.OFF]))
    def change_the_rule(self, rule: SecondRule) -> None:
        self.rule = rule
        set_people(self.desk, rule, self.approvers, above="500.00")

    @rule(who=st.sampled_from([ANYBODY, ANYBODY, (ANN, BOB), (BOB, CID), (ANN,)]))
    def change_who_approves(self, who: tuple[str, ...]) -> None:
        self.approvers = who
        set_people(self.desk, self.rule, who, above="500.00")

    def teardown(self) -> None:
        with suppress(NotAllowedError):
            assert self.desk.is_good()


def test_whatever_is_written_was_wanted_by_as_many_as_the_rule_asks() -> None:
    run_state_machine_as_test(
        Office,
        settings=settings(
            max_examples=60, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
