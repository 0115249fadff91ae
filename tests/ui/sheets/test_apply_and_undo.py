"""Applying what was approved, looking at the outcome, and taking it back."""

from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel

from cmxero_desktop.domain.proposals import ProposalKind, ProposalState
from cmxero_desktop.services.records.audit import AuditEntry, AuditWhat
from cmxero_desktop.services.records.reports import ApplyReport, RowOutcome
from cmxero_desktop.services.records.settings import Mode
from cmxero_desktop.services.viewing.desk_view import DeskView
from cmxero_desktop.ui.sheets.apply_sheet import ApplySheet, before_and_after, plan_code
from cmxero_desktop.ui.sheets.result_sheet import ResultSheet
from cmxero_desktop.ui.sheets.undo_sheet import UndoSheet, becomes
from cmxero_desktop.ui.theme.formatting import moment
from tests.ui.conftest import MakeStage, Stage
from tests.ui.keys import plain
from tests.ui.views import NOW, entry, firm, firm_states, firm_view, many_view, results_of, stored_of, view_of


def test_apply_writes_exactly_what_the_sheet_showed(stage: Stage) -> None:
    button = stage.window.review.bar.apply_button
    assert button.text() == "Appl&y 2 approved - Case Manager +330.00…"
    button.click()
    sheet = stage.sheet()
    assert isinstance(sheet, ApplySheet)
    assert "casemanager on SRV02" in sheet.place.text()
    assert "Written as: J. Wu" in sheet.place.text()
    assert sheet.follows.text() == "In Case Manager: paid +330.00, owed -330.00. Nothing is changed in Xero."
    assert sheet.fold.isChecked()
    assert sheet.table.isVisible()
    assert sheet.apply.isDefault()
    ids = stage.ids("CM-10236", "CM-10190")
    stage.press("Apply 2")
    stage.settle()
    assert stage.fake.calls == [("apply", ids, "J. Wu")]


def test_enter_writes_nothing_while_there_are_rows_that_nobody_sees(make_stage: MakeStage) -> None:
    rows = many_view(11, 400_000).review
    stage = make_stage()
    folded, open_ = (ApplySheet(some, "db", stage.window) for some in (rows, rows[:10]))
    assert not folded.fold.isChecked()
    assert folded.cancel.isDefault()
    assert open_.apply.isDefault()
    assert "Written as" not in open_.place.text()


def test_a_link_alone_moves_no_amount(stage: Stage) -> None:
    (link,) = (r for r in stage.fake.desk_view.review if r.stored.proposal.kind is ProposalKind.LINK)
    sheet = ApplySheet([link], "", stage.window)
    assert sheet.follows.text() == "No amount moves in Case Manager. Nothing is changed in Xero."


def test_the_sum_of_the_sheet_is_what_case_manager_will_have_more(make_stage: MakeStage) -> None:
    """The truth is in the values themselves: what stands after it, less what stood before it."""
    kinds = {"CM-10101", "CM-10155", "CM-10234", "CM-10236", "CM-10190"}
    results = results_of(firm())
    stored = stored_of(results, lambda number: ProposalState.APPROVED if number in kinds else firm_states(number))
    stage = make_stage(view_of(results, stored))
    approved = [s.proposal for s in stored if s.state is ProposalState.APPROVED]
    assert {p.kind for p in approved} >= {ProposalKind.ADD, ProposalKind.CHANGE, ProposalKind.REMOVE, ProposalKind.LINK}
    more = sum(
        (p.after.amount.amount if p.after else 0) - (p.before.amount.amount if p.before else 0) for p in approved
    )
    assert more == 975
    assert "Case Manager +975.00" in stage.window.review.bar.apply_button.text()
    stage.window.wishes.open_apply()
    assert [name.text() for name in stage.sheet().findChildren(QLabel) if name.text() == "+975.00"] == ["+975.00"]


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
    assert sheet.table.isVisible()
    sheet.fold.click()
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
    assert [row.reason for row in sheet.rows] == ["Locked. Try again.", ""]
    said = sheet.accessibleDescription()
    (written,) = [s for s in stage.fake.desk_view.proposals.values() if s.proposal_id == first]
    code = plan_code([written.proposal])
    assert said == (
        f"1 failed. In Case Manager: paid 0.00. Written as J. Wu on {moment(NOW)}, batch b-2. "
        f"Code of exactly these rows: {code}."
    )
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
    assert history.undo_button.text() == f"&Undo 1 of {moment(NOW - timedelta(days=1, hours=1))}…"
    history.undo_button.click()
    stage.type_reason("double entry")
    stage.press("Undo")
    stage.settle()
    assert stage.fake.calls[-1][0] == "undo"
    assert not history.undo_button.isEnabled()
    assert "undone already" in history.status.text()


def test_ctrl_z_stands_on_the_whole_batch_that_was_just_written(stage: Stage) -> None:
    """Whoever was in History before does not find an old change selected, ready to be undone."""
    history = stage.window.history
    stage.window.wishes.open_undo()
    (old,) = history.table.selected_rows()
    stage.window.tabs.setCurrentIndex(0)
    ids = stage.ids("CM-10236", "CM-10190")
    stage.window.wishes.open_apply()
    stage.press("Apply 2")
    stage.settle()
    stage.press("Close")
    stage.window.wishes.open_undo()
    selected = history.table.selected_rows()
    assert {entry.event.proposal_id for entry in selected} == set(ids)
    assert old not in selected
    assert history.undo_button.text() == f"&Undo 2 of {moment(NOW).rsplit(' ', 1)[1]}…"
    # Whoever chooses another one there keeps it, whatever they press.
    history.table.go_to(history.model.rowCount() - 1)
    stage.window.wishes.open_undo()
    assert history.table.selected_rows() == [old]
    history.table.select_positions(range(history.model.rowCount()))
    assert history.undo_button.text() == "&Undo 3 selected…"
    history.undo_button.click()
    assert stage.sheet().windowTitle() == "Undo 3 changes"


def test_what_is_written_without_a_batch_stands_alone(make_stage: MakeStage) -> None:
    results = results_of(firm())
    applied = [replace(s, state=ProposalState.APPLIED) for s in stored_of(results)[:2]]
    history = [entry(n, AuditWhat.APPLIED, by="J. Wu", at=NOW, stored=s) for n, s in enumerate(applied, start=1)]
    stage = make_stage(view_of(results, applied, history=history))
    stage.window.wishes.open_undo()
    assert [e.sequence for e in stage.window.history.table.selected_rows()] == [2]
    assert stage.window.history.undo_button.text() == "&Undo 1 selected…"
    stage.window.history.undo_button.click()
    assert stage.sheet().windowTitle().endswith(f"written {moment(NOW)} by J. Wu")


def test_history_says_which_change_it_was_and_what_is_only_decided_would_become(make_stage: MakeStage) -> None:
    results = results_of(firm())
    kinds = {s.proposal.kind: s for s in stored_of(results)}
    order = (ProposalKind.ADD, ProposalKind.LINK, ProposalKind.CHANGE, ProposalKind.REMOVE)
    history: list[AuditEntry] = []
    for kind in order:
        for what in (AuditWhat.APPROVED, AuditWhat.APPLIED):
            history.append(entry(len(history) + 1, what, by="J. Wu", at=NOW, stored=kinds[kind]))
    undone = entry(9, AuditWhat.UNDONE, by="J. Wu", at=NOW, stored=kinds[ProposalKind.ADD])
    event = replace(undone.event, before=undone.event.after, after=undone.event.before)
    link = entry(10, AuditWhat.UNDONE, by="J. Wu", at=NOW, stored=kinds[ProposalKind.LINK])
    missed = entry(11, AuditWhat.SKIPPED_RUN, by="program", at=NOW, stored=None)
    accept = entry(12, AuditWhat.APPROVED, by="J. Wu", at=NOW, stored=kinds[ProposalKind.ADD])
    accept = replace(accept, event=replace(accept.event, after=None))
    stage = make_stage(view_of(results, (), history=[*history, replace(undone, event=event), link, missed, accept]))
    model = stage.window.history.model
    text = {column.key: column.text for column in model.columns}
    told = {e.sequence: (text["change"](e), text["after"](e)) for e in model.shown_rows()}
    assert told == {
        1: ("Add", "would add 450.00 on 17 Nov 2026"),
        2: ("Add", "450.00 on 17 Nov 2026"),
        3: ("Link", "would be linked"),
        4: ("Link", "the same, linked"),
        5: ("Change", "would become 725.00 on 3 Nov 2026"),
        6: ("Change", "725.00 on 3 Nov 2026"),
        7: ("Remove", "would be deleted"),
        8: ("Remove", "deleted"),
        9: ("Add", "deleted"),
        10: ("Link", "the same, link taken out"),
        11: ("", ""),
        12: ("", ""),
    }
    badges = {column.key: column.badges for column in model.columns}["change"]
    assert badges is not None
    assert [[b.text for b in badges(e)] for e in model.shown_rows()[:2]] == [[], []]


def test_with_nothing_written_ctrl_z_selects_nothing_to_undo(make_stage: MakeStage) -> None:
    stage = make_stage(replace(firm_view(), history=()))
    stage.window.wishes.open_undo()
    assert not stage.window.history.undo_button.isEnabled()


def test_undone_removal_says_that_the_number_is_new(make_stage: MakeStage) -> None:
    results = results_of(firm())
    stored = stored_of(results, lambda number: ProposalState.APPLIED if number == "CM-10101" else firm_states(number))
    stage = make_stage(view_of(results, stored))
    removed = next(s for s in stored if s.proposal.invoice_number == "CM-10101")
    stage.window.flows.writing.undo([(removed, "")])
    sheet = stage.sheet()
    assert isinstance(sheet, UndoSheet)
    assert "because" not in {column.key for column in sheet.table.rows.columns}, "nothing here cannot be undone"
    assert "new number" in stage.sheet().accessibleDescription()


def test_view_after_apply_replaces_the_one_before(stage: Stage) -> None:
    before = stage.fake.desk_view
    stage.window.wishes.open_apply()
    stage.press("Apply 2")
    stage.settle()
    assert stage.window.desk.content is not None
    assert stage.window.desk.content.view != replace(before)
    assert stage.window.review.bar.apply_button.text() == "Appl&y approved…"


def _declined(state: ProposalState, *, is_standing: bool = True) -> DeskView:
    """Return a firm in which one addition was declined, with the entry that says so in History."""
    results = results_of(firm())
    stored = stored_of(results, lambda number: state if number == "CM-10234" else firm_states(number))
    row = next(s for s in stored if s.proposal.invoice_number == "CM-10234")
    what = {ProposalState.REJECTED: AuditWhat.REJECTED, ProposalState.UNDONE: AuditWhat.UNDONE}
    told = entry(1, what.get(state, AuditWhat.HELD), by="J. Wu", at=NOW, stored=row, why="not ours")
    missed = entry(2, AuditWhat.SKIPPED_RUN, by="program", at=NOW, stored=None)
    view = view_of(results, stored, history=[told, missed])
    return view if is_standing else replace(view, standing=frozenset())


def _select(stage: Stage, number: int) -> None:
    # Content that is still on its way would take the selection with it.
    stage.settle()
    stage.window.tabs.setCurrentWidget(stage.window.history)
    rows = stage.window.history.model.shown_rows()
    stage.window.history.table.go_to(next(i for i, row in enumerate(rows) if row.sequence == number))
    QApplication.processEvents()


@pytest.mark.parametrize("state", [ProposalState.REJECTED, ProposalState.UNDONE, ProposalState.HELD])
def test_what_was_declined_is_put_back_from_history(make_stage: MakeStage, state: ProposalState) -> None:
    stage = make_stage(_declined(state))
    _select(stage, 1)
    history = stage.window.history
    assert history.put_back_button.text() == "Put 1 &back to Review"
    assert history.status.text() == ""
    history.put_back_button.click()
    stage.settle()
    wanted = [row.proposal_id for row in stage.fake.desk_view.proposals.values() if row.state is ProposalState.PROPOSED]
    assert stage.fake.calls == [("reopen", stage.fake.calls[0][1], "J. Wu", "put back in the window")]
    assert set(stage.fake.calls[0][1]) <= set(wanted)  # type: ignore[call-overload]  # a call is a tuple of anything
    assert not history.put_back_button.isEnabled()
    assert history.put_back_button.toolTip() == "It waits in Review already."


def test_the_key_puts_back_what_is_selected_in_history(make_stage: MakeStage) -> None:
    stage = make_stage(_declined(ProposalState.REJECTED))
    _select(stage, 1)
    key = next(a for a in stage.window.actions() if a.shortcut().toString() == "Ctrl+B")
    key.trigger()
    stage.settle()
    assert [call[0] for call in stage.fake.calls] == ["reopen"]


def test_what_the_facts_have_left_behind_is_not_put_back_and_says_why(make_stage: MakeStage) -> None:
    stage = make_stage(_declined(ProposalState.REJECTED, is_standing=False))
    _select(stage, 1)
    history = stage.window.history
    assert not history.put_back_button.isEnabled()
    assert history.put_back_button.toolTip().startswith("The facts changed after it was shown.")
    assert history.status.text().startswith("Rejected: The facts changed")
    _select(stage, 2)
    assert history.put_back_button.toolTip().startswith("This entry is about no row.")


def test_a_decision_that_nothing_is_stored_for_any_more_was_replaced(make_stage: MakeStage) -> None:
    stage = make_stage(replace(_declined(ProposalState.REJECTED), proposals={}))
    _select(stage, 1)
    assert stage.window.history.put_back_button.toolTip().startswith("The facts changed")


def test_a_change_that_was_applied_again_is_undone_by_the_later_entry(make_stage: MakeStage) -> None:
    results = results_of(firm())
    stored = stored_of(results, lambda _: ProposalState.APPLIED)
    later = replace(stored[0], batch_id="b-2")
    told = entry(1, AuditWhat.APPLIED, by="J. Wu", at=NOW, stored=replace(later, batch_id="b-1"))
    stage = make_stage(view_of(results, [later, *stored[1:]], history=[told]))
    _select(stage, 1)
    assert stage.window.history.status.text() == "Applied: It was applied again later. Undo the later entry."


def test_observe_mode_undoes_nothing_but_puts_back(make_stage: MakeStage) -> None:
    stage = make_stage(_declined(ProposalState.REJECTED), mode=Mode.OBSERVE)
    _select(stage, 1)
    assert "Observe only" in stage.window.history.undo_button.toolTip()
    assert stage.window.history.put_back_button.isEnabled()


def test_the_list_before_writing_has_the_gravest_first_with_before_and_after(make_stage: MakeStage) -> None:
    results = results_of(firm())
    stored = stored_of(results, lambda _: ProposalState.APPROVED)
    stage = make_stage(view_of(results, stored))
    stage.window.wishes.open_apply()
    sheet = stage.sheet()
    assert isinstance(sheet, ApplySheet)
    assert sheet.table.isVisible()
    rows = sheet.table.rows.shown_rows()
    kinds = [row.stored.proposal.kind for row in rows]
    assert kinds[:2] == [ProposalKind.REMOVE, ProposalKind.CHANGE]
    is_flagged = [bool(row.stored.proposal.flags) for row in rows[2:]]
    assert is_flagged == sorted(is_flagged, reverse=True)
    said = {row.stored.proposal.kind: before_and_after(row.stored.proposal) for row in rows}
    assert said[ProposalKind.REMOVE] == ("880.00 on 30 Oct 2026, EFT", "deleted")
    assert said[ProposalKind.CHANGE] == (
        "700.00 on 2 Nov 2026, EFT, ref. TAC 9",
        "725.00 on 3 Nov 2026, EFT, ref. TAC 9",
    )
    assert said[ProposalKind.LINK] == ("620.00 on 12 Nov 2026", "the same, linked")
    assert said[ProposalKind.ADD][0] == "-"
    added = next(row.stored.proposal for row in rows if row.stored.proposal.invoice_number == "CM-10234")
    assert before_and_after(added) == ("-", "1,500.00 on 24 Nov 2026, EFT, ref. REM889")
    accept = replace(rows[0].stored.proposal, kind=ProposalKind.ACCEPT)
    assert before_and_after(accept) == ("-", "nothing is written")


def test_the_undo_sheet_names_each_change_and_says_why_some_cannot(stage: Stage) -> None:
    rows = {row.stored.proposal.kind: row.stored for row in stage.fake.desk_view.review}
    add, change = rows[ProposalKind.ADD], rows[ProposalKind.CHANGE]
    stage.window.flows.writing.undo([(add, ""), (change, "It is journalled since.")])
    sheet = stage.sheet()
    assert isinstance(sheet, UndoSheet)
    texts = [[column.text(line) for column in sheet.table.rows.columns] for line in sheet.table.rows.shown_rows()]
    assert texts[0][:2] == ["can", "Add"]
    assert texts[0][2] == add.proposal.invoice_number
    assert texts[0][3] == "Acme Insurance"
    assert texts[0][5] == "deleted"
    assert texts[1][0] == "cannot"
    assert texts[1][5:] == ["700.00 on 2 Nov 2026", "", "It is journalled since."]
    assert texts[0][6] == "0.00, then 330.00"
    assert "press Put back to Review (Ctrl+B)" in sheet.accessibleDescription()
    assert sheet.effect.text().startswith("In Case Manager: paid -")
    assert plain(sheet.undo.text()) == "Undo 1 change"
    spoken = [str(sheet.table.rows.index(at, 0).data(Qt.ItemDataRole.AccessibleTextRole)) for at in (0, 1)]
    assert spoken[0].endswith("Can be undone.")
    assert spoken[1].endswith("Cannot be undone: It is journalled since.")
    stage.type_reason("double entry")
    stage.press("Undo")
    stage.settle()
    assert stage.fake.calls == [("undo", (add.proposal_id,), "J. Wu", "double entry")]


def test_where_nothing_can_be_undone_the_sheet_says_why(stage: Stage) -> None:
    (row, *_) = stage.fake.desk_view.review
    stage.window.flows.writing.undo([])
    assert not stage.has_sheet()
    stage.window.flows.writing.undo([(row.stored, "It is journalled since.")])
    sheet = stage.sheet()
    assert isinstance(sheet, UndoSheet)
    assert not sheet.undo.isEnabled()
    assert sheet.undo.toolTip() == "It is journalled since."


def test_what_each_kind_becomes_when_it_is_taken_back() -> None:
    kinds = {p.kind: p for r in results_of(firm()) for p in r.correlation.proposals}
    assert becomes(kinds[ProposalKind.ADD]) == "deleted"
    assert becomes(kinds[ProposalKind.LINK]) == "the same, its link taken out"
    assert becomes(kinds[ProposalKind.REMOVE]) == "880.00 on 30 Oct 2026, with a new number"
    assert becomes(replace(kinds[ProposalKind.ADD], after=None, kind=ProposalKind.ACCEPT)) == "both sides apart again"


def test_history_tells_what_was_applied_from_what_was_undone_since(make_stage: MakeStage) -> None:
    results = results_of(firm())
    first, second = (replace(s, state=ProposalState.UNDONE) for s in stored_of(results)[:2])
    history = [
        entry(1, AuditWhat.APPLIED, by="J. Wu", at=NOW, stored=first),
        entry(2, AuditWhat.UNDONE, by="J. Wu", at=NOW, stored=first, why="double"),
        entry(3, AuditWhat.APPLIED, by="J. Wu", at=NOW, stored=first),
        entry(4, AuditWhat.APPLIED, by="J. Wu", at=NOW, stored=second),
        entry(5, AuditWhat.UNDONE, by="J. Wu", at=NOW, stored=second, why="double"),
    ]
    stage = make_stage(view_of(results, stored_of(results), history=history))
    model = stage.window.history.model
    what = [column.key for column in model.columns].index("what")
    told = {entry.sequence: model.columns[what].text(entry) for entry in model.shown_rows()}
    assert told == {1: "Applied, undone since", 2: "Undone", 3: "Applied", 4: "Applied, undone since", 5: "Undone"}
    stage.window.wishes.open_undo()
    assert [entry.sequence for entry in model.shown_rows()] == [3]
