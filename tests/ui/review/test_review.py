"""Ticking, filtering, approving and deciding in Review."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from PySide6.QtCore import QDate, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDateEdit, QLabel

from cmxero_desktop.domain.bulk import may_be_in_bulk
from cmxero_desktop.domain.errors import CaseManagerAwayError, NotAllowedError
from cmxero_desktop.domain.money import total
from cmxero_desktop.domain.proposals import Flag, ProposalState
from cmxero_desktop.domain.sor.alerts import SorAlertState
from cmxero_desktop.domain.sor.board import SorBoard
from cmxero_desktop.domain.wording import day
from cmxero_desktop.services.records.reports import DecisionReport, RowOutcome
from cmxero_desktop.services.records.runs import PollOutcome
from cmxero_desktop.services.records.settings import Mode
from cmxero_desktop.services.verbs.commands.diagnosing import ReadHealth
from cmxero_desktop.ui.widgets.ticks import TickBox
from tests.ui.conftest import MakeStage, Stage
from tests.ui.fake_desk import HEALTH
from tests.ui.sor_boards import OUTSIDE
from tests.ui.story import observing_view, story_view
from tests.ui.views import POLICY, firm, firm_states, firm_view, many_view, results_of, stored_of, view_of


def test_review_shows_what_waits_and_counts_it_on_the_tab(stage: Stage) -> None:
    assert stage.window.review.model.rowCount() == 6
    assert stage.window.tabs.tabText(0) == "Review  6"


def test_status_bar_counts_and_adds_up_the_ticked_rows(stage: Stage) -> None:
    stage.tick("CM-10234", "CM-10155")
    bar = stage.window.review.bar
    assert bar.status.text() == "2 ticked: 1 addition, 1 change - Case Manager +1,525.00"
    assert bar.approve_button.text() == "A&pprove 1 change - Case Manager +25.00"
    assert bar.reason.text() == "Then: 1 addition - Case Manager +1,500.00."


def test_ticked_rows_are_approved_one_kind_after_the_other(stage: Stage) -> None:
    stage.tick("CM-10234", "CM-10155", "CM-10101")
    bar = stage.window.review.bar
    assert (
        bar.reason.text()
        == "Then: 1 addition - Case Manager +1,500.00. 1 ticked row needs a look of its own and stays out."
    )
    bar.approve_button.click()
    stage.settle()
    assert bar.approve_button.text() == "A&pprove 1 addition - Case Manager +1,500.00"
    bar.approve_button.click()
    stage.settle()
    assert [call[1] for call in stage.fake.calls] == [stage.ids("CM-10155"), stage.ids("CM-10234")]


def test_the_sum_of_what_is_ticked_is_the_sum_of_what_approving_it_brings(stage: Stage) -> None:
    """What is blocked, and what is approved one by one, is counted: its money is no part of what the button does."""
    rows = stage.window.review.model.shown_rows()
    proposals = [row.stored.proposal for row in rows]
    stage.window.review.model.set_ticked(range(len(rows)), is_ticked=True)
    never = [p for p in proposals if p.blocking_flags]
    here = [p for p in proposals if may_be_in_bulk(p, POLICY)]
    assert never
    assert total((p.effect for p in here), "AUD") != total((p.effect for p in proposals), "AUD")
    alone = len(proposals) - len(never) - len(here)
    bar = stage.window.review.bar
    assert bar.status.text() == (
        f"{len(rows)} ticked: 1 addition, 1 change - Case Manager +{total((p.effect for p in here), 'AUD')}, "
        f"{alone} one by one, {len(never)} cannot be approved"
    )
    assert "a look of their own and stay out." in bar.reason.text()


def test_approve_takes_only_what_may_be_approved_together(stage: Stage) -> None:
    stage.tick("CM-10234", "CM-10101", "CM-10160")
    assert "2 ticked rows need a look" in stage.window.review.bar.reason.text()
    stage.window.review.bar.approve_button.click()
    stage.settle()
    assert stage.fake.calls == [("approve", stage.ids("CM-10234"), "J. Wu", "")]
    assert stage.window.review.model.rowCount() == 5


def test_ticks_hidden_by_a_filter_are_not_approved(stage: Stage) -> None:
    stage.tick("CM-10234", "CM-10155")
    stage.window.review.kind_box.setCurrentText("Add")
    assert (
        stage.window.review.bar.status.text()
        == "1 ticked: 1 addition - Case Manager +1,500.00  |  1 tick hidden by filters"
    )
    stage.window.wishes.approve_current_or_ticked()
    stage.settle()
    assert stage.fake.calls[0][1] == stage.ids("CM-10234")


def test_nothing_ticked_says_why_approve_is_closed(stage: Stage) -> None:
    button = stage.window.review.bar.approve_button
    assert not button.isEnabled()
    assert button.toolTip() == "Nothing is chosen. Tick or select rows first (Space)."


def test_flag_filter_and_its_way_back(stage: Stage) -> None:
    review = stage.window.review
    review.flag_box.setCurrentText("second equal payment")
    assert [r.stored.proposal.invoice_number for r in review.model.shown_rows()] == ["CM-10160"]
    review.flag_box.setCurrentText("SOR")
    assert review.body.is_empty
    assert review.body.empty.text.startswith("0 of 6 shown")
    review.body.filters_cleared.emit()
    assert review.model.rowCount() == 6


def test_search_that_hides_everything_is_cleared_by_the_button(stage: Stage) -> None:
    stage.window.header.search.setText("no such thing")
    assert stage.window.review.body.is_empty
    stage.window.review.body.filters_cleared.emit()
    assert stage.window.header.search.text() == ""
    assert stage.window.review.model.rowCount() == 6


def test_removal_is_approved_alone_after_a_plain_question(stage: Stage) -> None:
    stage.go_to("CM-10101")
    stage.window.evidence.approve_button.click()
    assert stage.sheet().windowTitle() == "Approve removal?"
    assert stage.fake.calls == []
    stage.press("Approve removal")
    stage.settle()
    assert stage.fake.calls == [("approve", stage.ids("CM-10101"), "J. Wu", "")]


def test_cancel_is_the_default_of_a_removal(stage: Stage) -> None:
    stage.go_to("CM-10101")
    stage.window.evidence.approve_button.click()
    QTest.keyClick(stage.sheet(), Qt.Key.Key_Return)
    stage.settle()
    assert stage.fake.calls == []


def test_would_overpay_cannot_be_approved_and_says_so(stage: Stage) -> None:
    stage.go_to("CM-10166")
    button = stage.window.evidence.approve_button
    assert not button.isEnabled()
    assert not button.isVisible()
    assert "It cannot be approved." in stage.window.evidence.effects.text()


def test_near_double_is_linked_to_the_payment_beside_it(stage: Stage) -> None:
    stage.go_to("CM-10240")
    assert stage.window.evidence.link_button.isVisible()
    shown = stage.window.evidence.stored
    assert shown is not None
    near = shown.proposal.near
    stage.window.wishes.link_shown()
    stage.press("Same payment")
    stage.settle()
    assert stage.fake.calls == [("choose_link", *stage.ids("CM-10240"), near[0].payment_id, "J. Wu")]


def test_removal_held_by_the_limit_needs_a_reason(make_stage: MakeStage) -> None:
    view = firm_view()
    rows = tuple(
        replace(
            row,
            stored=replace(row.stored, proposal=replace(row.stored.proposal, flags=frozenset({Flag.OVER_LIMIT}))),
        )
        if row.stored.proposal.invoice_number == "CM-10101"
        else row
        for row in view.review
    )
    stage = make_stage(replace(view, review=rows))
    stage.go_to("CM-10101")
    said = stage.window.evidence.effects.text()
    assert "cannot be approved" not in said, "a release is a way to approve it"
    assert "Approve removal… opens the release of this removal alone, and asks for a reason." in said
    assert "To release all" not in said
    stage.window.evidence.approve_button.click()
    stage.press("Release and approve")
    assert stage.has_sheet(), "without a reason the button does nothing"
    stage.type_reason("the client closed the account")
    stage.press("Release and approve")
    stage.settle()
    assert stage.fake.calls[0][2:] == ("J. Wu", "the client closed the account")


def test_a_hold_beyond_the_last_safe_day_of_an_sor_alert_says_so(make_stage: MakeStage) -> None:
    stage = make_stage(firm_view())
    rows = [row.stored for row in stage.fake.desk_view.review if row.stored.proposal.invoice_number == "CM-10101"]
    alert = replace(OUTSIDE, invoice_number="CM-10101", debit_on=date(2026, 11, 29))
    board = SorBoard(alerts=(alert,))
    stage.fake.desk_view = replace(stage.fake.desk_view, sor=board)
    stage.window.desk.refresh()
    stage.settle()
    stage.window.flows.hold(rows, date(2026, 11, 25))
    warned = stage.sheet().findChild(QLabel, "warned")
    until = stage.sheet().findChild(QDateEdit)
    box = stage.sheet().findChild(TickBox)
    assert warned is not None
    assert until is not None
    assert box is not None
    assert (until.date(), warned.text()) == (QDate(2026, 11, 27), ""), "the Friday before, since the 28th is a Saturday"
    until.setDate(QDate(2026, 11, 28))
    assert warned.text() == ""
    until.setDate(QDate(2026, 11, 29))
    assert warned.text().startswith("Too late for an SOR alert: the money has to be off the invoice by 28 Nov 2026 for")
    box.setChecked(False)
    assert "CM-10101" in warned.text(), "without a day it does not come back in time either"


@pytest.mark.parametrize(
    ("today", "debits", "expected"),
    [
        (date(2026, 11, 27), [date(2026, 11, 29)], QDate(2026, 11, 28)),
        (date(2026, 11, 28), [date(2026, 11, 30)], QDate(2026, 11, 29)),
        (date(2026, 11, 23), [date(2026, 11, 26), date(2026, 11, 28)], QDate(2026, 11, 25)),
        (date(2026, 11, 23), [date(2026, 11, 24)], QDate(2026, 11, 30)),
    ],
    ids=["on Friday", "on Saturday", "the soonest of two", "on the last safe day itself"],
)
def test_a_hold_proposes_the_last_day_on_which_an_sor_alert_is_still_helped(
    make_stage: MakeStage, today: date, debits: list[date], expected: QDate
) -> None:
    stage = make_stage(firm_view())
    rows = [row.stored for row in stage.fake.desk_view.review if row.stored.proposal.invoice_number == "CM-10101"]
    own = replace(OUTSIDE, invoice_number="CM-10101")
    alerts = [replace(own, key=f"one#{on}", debit_on=on) for on in debits]
    passed = replace(own, key="passed", state=SorAlertState.PASSED, debit_on=date(2026, 11, 20))
    stage.fake.desk_view = replace(stage.fake.desk_view, sor=SorBoard(alerts=(*alerts, passed)))
    stage.window.desk.refresh()
    stage.settle()
    stage.window.flows.hold(rows, today)
    until, warned = stage.sheet().findChild(QDateEdit), stage.sheet().findChild(QLabel, "warned")
    assert until is not None
    assert warned is not None
    assert until.date() == expected
    told = " ".join(one.text() for one in stage.sheet().findChildren(QLabel))
    assert ("in time for the SOR alert of CM-10101" in told) is (warned.text() == ""), "said only where it is so"
    until.setDate(QDate(2026, 12, 24))
    assert f"by {day(debits[0] - timedelta(days=1))} for CM-10101, or" in warned.text()


def test_hold_reject_and_put_back(stage: Stage) -> None:
    stage.go_to("CM-10234")
    stage.window.evidence.hold_button.click()
    stage.type_reason("waiting")
    stage.press("Put on hold")
    stage.settle()
    stage.go_to("CM-10155")
    stage.window.evidence.reject_button.click()
    stage.type_reason("ours is right")
    stage.press("Reject")
    stage.settle()
    stage.window.review.view_box.setCurrentText("On hold")
    stage.go_to("CM-10234")
    stage.window.evidence.reopen_button.click()
    stage.settle()
    assert [call[0] for call in stage.fake.calls] == ["hold", "reject", "reopen"]
    assert stage.fake.calls[0][3] == "waiting"
    assert str(stage.fake.calls[0][4]) == "2026-12-02"


def test_rows_that_could_not_be_decided_are_told(stage: Stage) -> None:
    stage.fake.decision_report = DecisionReport(stale=(RowOutcome("p-1", "The facts changed after it was shown."),))
    stage.tick("CM-10234")
    stage.window.wishes.approve_current_or_ticked()
    stage.settle()
    assert "The facts changed" in stage.sheet().accessibleDescription()


def test_observe_mode_closes_every_decision_and_says_why(make_stage: MakeStage) -> None:
    stage = make_stage(mode=Mode.OBSERVE)
    stage.tick("CM-10234")
    bar = stage.window.review.bar
    assert not bar.approve_button.isEnabled()
    assert not bar.apply_button.isEnabled()
    assert bar.reason.text().startswith("The mode is Observe only: nothing may be approved or written. Once nobody")
    assert stage.window.header.mode.toolTip() == "Mode: Observe only"


def test_the_bar_names_all_that_keeps_apply_closed_the_first_to_mend_first(make_stage: MakeStage) -> None:
    """Whoever sets the mode, as the only reason says, and then reads the next one has been sent about for nothing."""
    story = observing_view()
    stage = make_stage(story, mode=Mode.OBSERVE)
    stage.window.desk.tell_uncaught(CaseManagerAwayError("SRV02 does not answer.", "Check again."))
    stage.settle()
    bar = stage.window.review.bar
    said = bar.reason.text()
    assert said.startswith("First: Case Manager cannot be reached, so nothing can be written. ")
    assert "Then: The mode is Observe only" in said
    assert bar.apply_button.toolTip() == said


def test_apply_stays_closed_while_case_manager_is_away_and_opens_when_it_was_read_again(make_stage: MakeStage) -> None:
    stage = make_stage(story_view())
    bar = stage.window.review.bar
    assert bar.apply_button.isEnabled()
    stage.window.desk.tell_uncaught(CaseManagerAwayError("SRV02 does not answer.", "Check again."))
    stage.settle()
    assert not bar.apply_button.isEnabled()
    stage.fake.desk_view = replace(stage.fake.desk_view, runs=())
    stage.window.desk.check()
    stage.settle()
    assert bar.apply_button.isEnabled()
    assert not stage.window.bands.is_troubled


def test_apply_opens_again_once_the_desktop_that_checks_for_all_has_read_case_manager(make_stage: MakeStage) -> None:
    stage = make_stage(story_view())
    bar, desk = stage.window.review.bar, stage.window.desk
    desk.tell_uncaught(CaseManagerAwayError("SRV02 does not answer.", "Check again."))
    stage.settle()
    stage.fake.poll_run = replace(stage.fake.poll_run, outcome=PollOutcome.ELSEWHERE, reason="SRV03 checks for all.")
    desk.check()
    stage.settle()
    assert not bar.apply_button.isEnabled(), "nobody has read it since"
    assert stage.window.bands.is_troubled
    view = stage.fake.desk_view
    theirs = replace(
        view.runs[0],
        run_id="theirs",
        outcome=PollOutcome.DONE,
        finished_at=view.runs[0].finished_at + timedelta(minutes=5),
    )
    stage.fake.desk_view = replace(view, runs=(theirs, *view.runs))
    desk.check()
    stage.settle()
    assert bar.apply_button.isEnabled()
    assert not stage.window.bands.is_troubled


@pytest.mark.parametrize(("made_by", "is_open"), [("SRV03:/desk", True), ("here", False), ("", False)])
def test_what_another_desktop_did_not_reach_closes_nothing_here(
    make_stage: MakeStage, made_by: str, *, is_open: bool
) -> None:
    view = story_view()
    away = replace(
        view.runs[0],
        run_id="theirs",
        outcome=PollOutcome.AWAY,
        finished_at=view.runs[0].finished_at + timedelta(minutes=5),
        desktop=made_by,
    )
    stage = make_stage(replace(view, runs=(away, *view.runs)))
    stage.fake.answer(ReadHealth.handled_by(lambda _: replace(HEALTH, desktop="here")))
    stage.window.desk.refresh()
    stage.settle()
    assert stage.window.review.bar.apply_button.isEnabled() is is_open


def test_name_is_asked_once_before_the_first_decision(make_stage: MakeStage) -> None:
    stage = make_stage(is_demo=False)
    stage.tick("CM-10234")
    stage.window.wishes.approve_current_or_ticked()
    stage.type_reason("R. Patel")
    stage.press("That is me")
    stage.settle()
    assert stage.fake.calls[0][2] == "R. Patel"
    assert stage.preferences.get("approver") == "R. Patel"
    stage.tick("CM-10155")
    stage.window.wishes.approve_current_or_ticked()
    assert not stage.has_sheet()


def _stage_with(make_stage: MakeStage, number: str, state: ProposalState) -> Stage:
    results = results_of(firm())
    return make_stage(view_of(results, stored_of(results, lambda n: state if n == number else firm_states(n))))


def test_an_approved_row_may_be_held_rejected_or_put_back_at_once(stage: Stage) -> None:
    stage.window.review.view_box.setCurrentText("Approved")
    stage.go_to("CM-10236")
    pane = stage.window.evidence
    assert not pane.approve_button.isVisible()
    assert pane.hold_button.isEnabled()
    assert pane.reject_button.isEnabled()
    assert pane.reopen_button.isEnabled()


def test_a_row_that_changed_since_its_approval_offers_nothing(make_stage: MakeStage) -> None:
    stage = _stage_with(make_stage, "CM-10234", ProposalState.STALE)
    stage.go_to("CM-10234")
    pane = stage.window.evidence
    shown = (pane.link_button, pane.approve_button, pane.hold_button, pane.reject_button, pane.reopen_button)
    assert not any(button.isVisible() for button in shown)


def test_what_was_rejected_is_put_back_where_its_payment_stands(make_stage: MakeStage) -> None:
    stage = _stage_with(make_stage, "CM-10234", ProposalState.REJECTED)
    stage.window.wishes.go_to_page(2)
    half = stage.window.tabs.unmatched.table
    at = next(i for i, row in enumerate(half.rows.shown_rows()) if row.placement.invoice_number == "CM-10234")
    half.go_to(at)
    QApplication.processEvents()
    pane = stage.window.evidence
    assert pane.reopen_button.isVisible()
    assert not pane.approve_button.isVisible()
    stage.window.wishes.put_back_chosen()
    stage.settle()
    assert [call[0] for call in stage.fake.calls] == ["reopen"]


def test_the_key_that_puts_back_does_nothing_where_there_is_nothing(stage: Stage) -> None:
    stage.go_to("CM-10234")
    stage.window.wishes.put_back_chosen()
    stage.settle()
    assert stage.fake.calls == []


def test_what_a_flag_means_is_said_once_with_its_figures(stage: Stage) -> None:
    table = stage.window.tabs.review.table
    rows = stage.window.tabs.review.model.shown_rows()
    at = next(i for i, row in enumerate(rows) if Flag.BESIDE_UNMATCHED in row.stored.proposal.flags)
    table.go_to(at)
    stage.settle()
    words = " ".join(label.text() for label in stage.window.evidence.findChildren(QLabel))
    assert words.count("It may be this money.") == 1


def test_decisions_one_after_the_other_go_down_the_list(make_stage: MakeStage) -> None:
    """Three presses of a key approve three rows that stood below each other, and no row that was not looked at."""
    stage = make_stage(many_view(6))
    shown = [row.row_id for row in stage.window.review.model.shown_rows()]
    stage.window.review.table.go_to(2)
    for _ in range(3):
        looked_at = stage.window.evidence.stored
        assert looked_at is not None
        stage.window.evidence.approve_button.click()
        stage.settle()
        assert stage.fake.calls[-1][1] == (looked_at.proposal_id,)
    assert [call[1] for call in stage.fake.calls] == [(name,) for name in shown[2:5]]


def test_keys_that_are_quicker_than_the_worker_take_the_next_row_each(make_stage: MakeStage) -> None:
    stage = make_stage(many_view(6))
    review = stage.window.review
    shown = [row.row_id for row in review.model.shown_rows()]
    review.table.go_to(1)
    for _ in range(3):
        stage.window.evidence.approve_button.click()
    assert [review.model.waits_for(name) for name in shown] == ["", *["Approving…"] * 3, "", ""]
    current = review.table.current_row()
    assert current is not None
    assert current.row_id == shown[4]
    for _ in range(3):
        stage.settle()
    assert [call[1] for call in stage.fake.calls] == [(name,) for name in shown[1:4]]
    assert [row.row_id for row in review.model.shown_rows()] == [shown[0], *shown[4:]]
    assert not any(review.model.waits_for(name) for name in shown)


def test_what_is_being_decided_can_neither_be_ticked_nor_decided_again(make_stage: MakeStage) -> None:
    stage = make_stage(many_view(3))
    review = stage.window.review
    review.table.go_to(0)
    stage.window.evidence.approve_button.click()
    review.table.go_to(0)
    QApplication.processEvents()
    assert not stage.window.evidence.approve_button.isEnabled()
    review.model.set_ticked([0], is_ticked=True)
    assert review.ticked() == []
    stage.window.wishes.hold_shown()
    assert not stage.has_sheet()
    why = [column.key for column in review.model.columns].index("why")
    assert review.model.index(0, why).data() == "Approving…"
    assert str(review.model.index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole)).startswith("Approving… ")


def test_a_decision_that_fails_gives_its_row_back(make_stage: MakeStage) -> None:
    stage = make_stage(many_view(3))
    stage.fake.error = NotAllowedError("Somebody else is writing.")
    stage.window.review.table.go_to(0)
    stage.window.evidence.approve_button.click()
    stage.settle()
    assert not stage.window.review.model.waits_for(stage.window.review.model.name_at(0))
    assert stage.window.review.model.rowCount() == 3


def test_ticks_do_not_outlive_what_was_ticked(make_stage: MakeStage) -> None:
    """What another desktop approved meanwhile is neither ticked any more nor counted as hidden."""
    stage = make_stage(many_view(6))
    review = stage.window.review
    review.model.set_ticked(range(6), is_ticked=True)
    rows = stage.fake.desk_view.review
    taken = [replace(row, stored=replace(row.stored, state=ProposalState.APPROVED)) for row in rows[:4]]
    stage.fake.desk_view = replace(stage.fake.desk_view, review=(*taken, *rows[4:]))
    stage.window.desk.refresh()
    stage.settle()
    assert {row.row_id for row in review.ticked()} == {row.row_id for row in rows[4:]}
    assert review.model.hidden_ticks == 0


def test_each_view_says_what_is_in_it_and_what_the_others_have(stage: Stage) -> None:
    """A row on hold that no view spoke of would be forgotten."""
    page = stage.window.review
    row = stage.fake.desk_view.review[0]
    held = replace(row, stored=replace(row.stored, state=ProposalState.HELD))
    rejected = replace(row, stored=replace(row.stored, state=ProposalState.REJECTED))
    rest = stage.fake.desk_view.review[1:]
    stage.fake.desk_view = replace(stage.fake.desk_view, review=(held, *rest), rejected=(rejected,))
    stage.window.desk.refresh()
    stage.settle()
    said = {}
    for view in ("To approve", "On hold", "Rejected", "All"):
        page.view_box.setCurrentText(view)
        said[view] = (page.shown_label.text(), page.elsewhere.text())
    assert said == {
        "To approve": ("5 shown", "Under View: 2 approved, 2 on hold, 1 rejected"),
        "On hold": ("2 shown", "Under View: 5 to approve, 2 approved, 1 rejected"),
        "Rejected": ("1 shown", "Under View: 5 to approve, 2 approved, 2 on hold"),
        "All": ("10 shown", ""),
    }
