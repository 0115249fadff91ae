"""What is on hold says until when, comes back to be looked at, and tells in every place that it was."""

from dataclasses import replace
from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from cmxero_desktop.domain.proposals import ProposalState
from cmxero_desktop.services.records.audit import AuditWhat
from cmxero_desktop.services.records.decisions import Decision
from cmxero_desktop.services.viewing.desk_view import DeskView
from cmxero_desktop.ui.review.groups import GROUPS
from cmxero_desktop.ui.theme.words import reason_of
from cmxero_desktop.ui.widgets.shown_columns import Arrangement
from tests.ui.conftest import MakeStage, Stage
from tests.ui.views import HELD_BECAUSE, NOW, entry, firm_view

DEC_2 = date(2026, 12, 2)


def held_view(days: dict[str, date | None], state: ProposalState = ProposalState.HELD) -> DeskView:
    view = firm_view()
    rows = tuple(
        replace(
            row,
            stored=replace(
                row.stored,
                state=state,
                decision=Decision(by="R. Patel", at=NOW, reason="ask first", until=days[number]),
            ),
        )
        if (number := row.stored.proposal.invoice_number) in days
        else row
        for row in view.review
    )
    return replace(view, review=rows)


def shown_columns(stage: Stage) -> list[str]:
    table = stage.window.review.table
    return [column.key for at, column in enumerate(table.rows.columns) if not table.isColumnHidden(at)]


def text(stage: Stage, number: str, key: str) -> str:
    model = stage.window.review.model
    column = next(column for column in model.columns if column.key == key)
    (row,) = (row for row in model.shown_rows() if row.stored.proposal.invoice_number == number)
    return column.text(row)


@pytest.mark.parametrize("width", [1366, 1920])
def test_the_view_of_what_is_on_hold_has_a_column_of_its_days(stage: Stage, width: int) -> None:
    stage.window.resize(width, 768)
    QApplication.processEvents()
    usual = shown_columns(stage)
    assert "until" not in usual
    stage.window.review.view_box.setCurrentText("On hold")
    assert shown_columns(stage)[:8] == ["tick", "change", "invoice", "bill_to", "side", "paid_on", "amount", "until"]
    assert text(stage, "CM-10238", "until") == "2 Dec 2026"
    stage.window.review.view_box.setCurrentText("To approve")
    assert shown_columns(stage) == usual


def test_a_person_may_leave_the_days_out_or_keep_them_everywhere(stage: Stage) -> None:
    review = stage.window.review
    review.table.arrange(Arrangement(shown={"until": False}))
    review.view_box.setCurrentText("On hold")
    assert "until" not in shown_columns(stage)
    review.table.arrange(Arrangement(shown={"until": True}))
    review.view_box.setCurrentText("All")
    assert "until" in shown_columns(stage)
    assert text(stage, "CM-10234", "until") == ""
    review.table.arrange(Arrangement())
    assert "until" not in shown_columns(stage)


def test_holds_are_sorted_by_their_day_and_what_waits_for_none_comes_last(make_stage: MakeStage) -> None:
    stage = make_stage(held_view({"CM-10234": None, "CM-10155": date(2026, 11, 27), "CM-10101": date(2027, 1, 4)}))
    review = stage.window.review
    review.view_box.setCurrentText("On hold")
    until = [column.key for column in review.model.columns].index("until")
    review.table.sort_by(until, Qt.SortOrder.AscendingOrder)
    said = [review.model.columns[until].text(row) for row in review.model.shown_rows()]
    assert said == ["27 Nov 2026", "2 Dec 2026", "4 Jan 2027", "no day"]


def test_a_hold_that_ended_needs_a_look_and_says_whose_it_was(make_stage: MakeStage) -> None:
    stage = make_stage(held_view({"CM-10234": date(2026, 11, 25)}, ProposalState.PROPOSED))
    model = stage.window.review.model
    needs_a_look = next(block for block in model.blocks if GROUPS[block.group] is None)
    assert "CM-10234" in [row.stored.proposal.invoice_number for row in model.rows_of(needs_a_look)()]
    assert "hold ended 25 Nov" in [
        badge.text
        for column in model.columns
        if column.badges_below
        for badge in column.badges_below(
            next(r for r in model.shown_rows() if r.stored.proposal.invoice_number == "CM-10234")
        )
    ]
    stage.go_to("CM-10234")
    said = stage.window.evidence.as_text()
    assert "Was on hold: until 25 Nov 2026, by R. Patel: ask first" in said
    assert "On hold:" not in said


def test_a_hold_without_a_reason_says_the_rest(make_stage: MakeStage) -> None:
    view = held_view({"CM-10234": DEC_2}, ProposalState.PROPOSED)
    rows = tuple(
        replace(r, stored=replace(r.stored, decision=replace(r.stored.decision, reason="")))
        if r.stored.decision is not None
        else r
        for r in view.review
    )
    stage = make_stage(replace(view, review=rows))
    stage.go_to("CM-10234")
    assert "Was on hold: until 2 Dec 2026, by R. Patel." in stage.window.evidence.as_text()


def test_history_says_until_when_something_was_held(make_stage: MakeStage) -> None:
    held = entry(9, AuditWhat.HELD, by="R. Patel", at=NOW, stored=firm_view().review[0].stored, why=HELD_BECAUSE)
    dated = replace(held, event=replace(held.event, evidence={"until": "2026-12-02"}))
    stage = make_stage(replace(firm_view(), history=(held, dated)))
    assert [reason_of(one) for one in (held, dated)] == [HELD_BECAUSE, f"until 2 Dec 2026: {HELD_BECAUSE}"]
    model = stage.window.history.model
    reason = next(column for column in model.columns if column.key == "reason")
    assert f"until 2 Dec 2026: {HELD_BECAUSE}" in [reason.text(row) for row in model.shown_rows()]
    assert reason_of(replace(dated, event=replace(dated.event, reason=""))) == "until 2 Dec 2026"


def test_a_row_that_cannot_be_approved_says_what_has_to_happen_first(stage: Stage) -> None:
    stage.go_to("CM-10166")
    assert "It can be approved when the balance can take it." in stage.window.evidence.as_text()
    stage.go_to("CM-10234")
    said = stage.window.evidence.as_text()
    assert "Leaves this list: When it is approved, rejected or on hold, or its facts change.\n" in said
    assert "What to do: Approve it if the payment belongs to this invoice." in said
