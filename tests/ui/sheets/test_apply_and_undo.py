"""Applying what was approved, looking at the outcome, and taking it back."""

from dataclasses import replace
from datetime import timedelta

from PySide6.QtWidgets import QApplication

from cmxero_desktop.domain.proposals import ProposalState
from cmxero_desktop.services.records.reports import ApplyReport, RowOutcome
from cmxero_desktop.ui.sheets.apply_sheet import ApplySheet, plan_code
from cmxero_desktop.ui.sheets.result_sheet import ResultSheet
from tests.ui.conftest import MakeStage, Stage
from tests.ui.views import NOW, firm, firm_states, results_of, stored_of, view_of


def test_apply_writes_exactly_what_the_sheet_showed(stage: Stage) -> None:
    button = stage.window.review.bar.apply_button
    assert button.text() == "Appl&y 2 approved - 950.00…"
    button.click()
    sheet = stage.sheet()
    assert isinstance(sheet, ApplySheet)
    assert "casemanager on SRV02" in sheet.place.text()
    assert sheet.apply.isDefault()
    ids = stage.ids("CM-10236", "CM-10190")
    stage.press("Apply 2")
    stage.settle()
    assert stage.fake.calls == [("apply", ids, "J. Wu")]


def test_cancel_applies_nothing(stage: Stage) -> None:
    stage.window.wishes.open_apply()
    stage.press("Cancel")
    stage.settle()
    assert stage.fake.calls == []


def test_removal_makes_cancel_the_default_and_stands_first(make_stage: MakeStage) -> None:
    results = results_of(firm())
    stored = stored_of(results, lambda number: ProposalState.APPROVED if number == "CM-10101" else firm_states(number))
    stage = make_stage(view_of(results, stored))
    stage.window.wishes.open_apply()
    sheet = stage.sheet()
    assert isinstance(sheet, ApplySheet)
    assert sheet.cancel.isDefault()
    assert sheet.warnings[0] == "1 payment of 880.00 is deleted from Case Manager."


def test_full_list_unfolds(stage: Stage) -> None:
    stage.window.wishes.open_apply()
    sheet = stage.sheet()
    assert isinstance(sheet, ApplySheet)
    assert not sheet.table.isVisible()
    sheet.fold.click()
    assert sheet.table.isVisible()
    assert sheet.table.rows.rowCount() == 2


def test_plan_code_is_of_the_content_and_not_of_the_order(stage: Stage) -> None:
    proposals = [row.stored.proposal for row in stage.fake.desk_view.review]
    assert plan_code(proposals) == plan_code(proposals[::-1])
    assert plan_code(proposals) != plan_code(proposals[1:])


def test_old_data_closes_apply_and_says_why(make_stage: MakeStage) -> None:
    results = results_of(firm())
    view = view_of(results, stored_of(results, firm_states), polled_at=NOW - timedelta(minutes=21))
    stage = make_stage(view)
    button = stage.window.review.bar.apply_button
    assert not button.isEnabled()
    assert "too old to apply" in button.toolTip()
    stage.window.wishes.open_apply()
    assert not stage.has_sheet()
    assert "Not checked since 10:24" in stage.window.header.freshness.text()


def test_result_names_every_row_and_the_batch_can_be_undone(stage: Stage) -> None:
    first, second = stage.ids("CM-10236", "CM-10190")
    stage.fake.apply_report = ApplyReport(
        batch_id="b-2", applied=(RowOutcome(first, "Applied."),), failed=(RowOutcome(second, "Locked. Try again."),)
    )
    stage.window.wishes.open_apply()
    stage.press("Apply 2")
    stage.settle()
    sheet = stage.sheet()
    assert isinstance(sheet, ResultSheet)
    assert [row.badge.text for row in sheet.rows] == ["Failed", "Applied"]
    assert "CM-10" in sheet.rows[0].about
    stage.press("Undo this batch")
    QApplication.processEvents()
    stage.type_reason("wrong client")
    stage.press("Undo")
    stage.settle()
    assert stage.fake.calls[-1] == ("undo", (first,), "J. Wu", "wrong client")


def test_history_says_what_can_be_undone_and_why_the_rest_cannot(stage: Stage) -> None:
    stage.window.tabs.setCurrentWidget(stage.window.history)
    history = stage.window.history
    assert not history.undo_button.isEnabled()
    assert "Only a change that was applied" in history.status.text()
    stage.window.wishes.open_undo()
    assert history.undo_button.text() == "&Undo 1 selected…"
    history.undo_button.click()
    stage.type_reason("double entry")
    stage.press("Undo")
    stage.settle()
    assert stage.fake.calls[-1][0] == "undo"
    assert not history.undo_button.isEnabled()
    assert "undone already" in history.status.text()


def test_undone_removal_says_that_the_number_is_new(make_stage: MakeStage) -> None:
    results = results_of(firm())
    stored = stored_of(results, lambda number: ProposalState.APPLIED if number == "CM-10101" else firm_states(number))
    stage = make_stage(view_of(results, stored))
    removed = next(s for s in stored if s.proposal.invoice_number == "CM-10101")
    stage.window.flows.undo([removed.proposal_id])
    assert "new number" in stage.sheet().accessibleDescription()


def test_view_after_apply_replaces_the_one_before(stage: Stage) -> None:
    before = stage.fake.desk_view
    stage.window.wishes.open_apply()
    stage.press("Apply 2")
    stage.settle()
    assert stage.window.desk.content is not None
    assert stage.window.desk.content.view != replace(before)
    assert stage.window.review.bar.apply_button.text() == "Appl&y approved…"
