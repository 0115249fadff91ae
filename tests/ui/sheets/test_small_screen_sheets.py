"""On a laptop at 200 % a sheet shows without scrolling what is decided about: rows, reasons, sums and buttons."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date

import pytest
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QLabel, QRadioButton, QTableView, QWidget

from cmxero_desktop.domain.proposals import ProposalState
from cmxero_desktop.services.records.reports import ApplyReport, RowOutcome
from cmxero_desktop.ui.sheets.account_sheet import AccountSheet
from cmxero_desktop.ui.sheets.apply_sheet import ApplySheet
from cmxero_desktop.ui.sheets.cause_chips import CauseChoice
from cmxero_desktop.ui.sheets.changes_sheet import ChangesSheet, open_changes
from cmxero_desktop.ui.sheets.questions import ask_choice
from cmxero_desktop.ui.sheets.result_sheet import ResultSheet
from cmxero_desktop.ui.sheets.sor_list_sheets import ClearingSheet
from cmxero_desktop.ui.sheets.tie_out_sheet import TieOutSheet
from cmxero_desktop.ui.sheets.transition_sheet import TransitionSheet, open_transition
from cmxero_desktop.ui.sheets.undo_sheet import UndoSheet
from cmxero_desktop.ui.widgets.sheet import Sheet
from cmxero_desktop.ui.widgets.shown_whole import ShownWhole
from tests.ui.conftest import MakeStage, Stage
from tests.ui.cut_texts import cut_texts
from tests.ui.find_cut_texts import rows_in_sight
from tests.ui.gallery import settle
from tests.ui.screens import a_screen
from tests.ui.sor_boards import sor_board
from tests.ui.story import story_account_alert, story_desk, story_view
from tests.ui.views import NOW, firm, firm_states, results_of, stored_of, view_of

# 1366 x 768 and 1440 x 900 at 200 %, less the panel of the system.
SCREENS = [(683, 364), (720, 430)]
WIDE = (1_366, 728)
FRAME = QSize(16, 40)
ALL_KINDS = {"CM-10101", "CM-10155", "CM-10234", "CM-10236", "CM-10190"}


@pytest.fixture(params=SCREENS, ids=["1366x768", "1440x900"])
def low(request: pytest.FixtureRequest, make_stage: MakeStage, monkeypatch: pytest.MonkeyPatch) -> Stage:
    monkeypatch.setattr(QWidget, "screen", lambda _: a_screen(*request.param))
    results = results_of(firm())
    stored = stored_of(results, lambda number: ProposalState.APPROVED if number in ALL_KINDS else firm_states(number))
    stage = make_stage(view_of(results, stored))
    told = story_desk(story_view())
    stage.fake.changes, stage.fake.transition, stage.fake.debtors = told.changes, told.transition, told.debtors
    return stage


def is_in_sight(part: QWidget) -> bool:
    """Say whether all of a widget is seen, wherever what holds it is scrolled to."""
    return part.isVisible() and part.visibleRegion().boundingRect() == part.rect()


def assert_nothing_is_scrolled(sheet: Sheet) -> None:
    settle()
    screen = sheet.screen().availableSize() - FRAME
    assert sheet.width() <= screen.width()
    assert sheet.height() <= screen.height()
    areas = sheet.findChildren(ShownWhole)
    over = [
        (area.lines.minimumSize().height(), area.height()) for area in areas if area.verticalScrollBar().isVisible()
    ]
    assert over == []
    sideways = [one for one in sheet.findChildren(QTableView) if one.isVisible()]
    assert not any(table.horizontalScrollBar().isVisible() for table in sideways)
    assert cut_texts(sheet) == []


def said_in(sheet: Sheet) -> Iterable[str]:
    return [label.text() for label in sheet.findChildren(QLabel) if is_in_sight(label)]


def test_before_applying_rows_sums_warnings_and_both_buttons_are_seen(low: Stage) -> None:
    low.window.wishes.open_apply()
    sheet = low.sheet()
    assert isinstance(sheet, ApplySheet)
    assert_nothing_is_scrolled(sheet)
    assert sheet.table.model().rowCount() == 5
    assert rows_in_sight(sheet.table) >= 3
    for part in (sheet.apply, sheet.cancel, sheet.follows, sheet.place):
        assert is_in_sight(part)
    assert sheet.warnings
    said = said_in(sheet)
    assert all(any(warning in words for words in said) for warning in sheet.warnings)
    assert any("+975.00" in words and words.startswith("Case Manager:") for words in said)


def test_before_taking_back_rows_effect_reason_and_both_buttons_are_seen(low: Stage) -> None:
    approved = [row.stored for row in low.fake.desk_view.review if row.stored.proposal.invoice_number in ALL_KINDS]
    low.window.flows.writing.undo([(replace(stored, state=ProposalState.APPLIED), "") for stored in approved])
    sheet = low.sheet()
    assert isinstance(sheet, UndoSheet)
    assert_nothing_is_scrolled(sheet)
    assert rows_in_sight(sheet.table) >= 3
    for part in (sheet.undo, sheet.effect, sheet.findChild(QWidget, "reason")):
        assert part is not None
        assert is_in_sight(part)
    # A removal comes back under another number: no mere explanation.
    assert sheet.more is not None
    assert any("new number" in words for words in said_in(sheet))
    assert not any("proposed again by itself" in words for words in said_in(sheet))


def test_after_applying_the_outcome_of_rows_and_the_way_back_are_seen(low: Stage) -> None:
    outcomes = tuple(RowOutcome(str(number), "Applied.") for number in range(4))
    failed = (RowOutcome("9", "Case Manager does not answer. Try again when the server is there."),)
    report = ApplyReport(applied=outcomes, failed=failed)
    about = {str(number): f"Add 330.00 dated 23 Nov 2026 to CM-1000{number}" for number in range(10)}
    sheet = ResultSheet(report, about, parent=low.window)
    sheet.show()
    assert_nothing_is_scrolled(sheet)
    assert rows_in_sight(sheet.table) == 5
    # What failed comes first, and what to do about it is read whole.
    assert sheet.whole.text() == failed[0].reason
    assert is_in_sight(sheet.whole)
    sheet.table.go_to(4)
    assert sheet.whole.isHidden() or sheet.whole.text() == sheet.rows[4].reason
    assert is_in_sight(sheet.undo)
    assert is_in_sight(sheet.close_button)
    sheet.reject()


def test_what_was_written_has_rows_and_sums_without_moving_it_sideways(low: Stage) -> None:
    open_changes(low.window, low.window.desk, lambda: NOW, lambda _: None)
    low.settle()
    sheet = low.sheet()
    assert isinstance(sheet, ChangesSheet)
    assert_nothing_is_scrolled(sheet)
    assert rows_in_sight(sheet.table) >= 3
    assert is_in_sight(sheet.sentence)
    assert is_in_sight(sheet.sums)
    # What has no room is copied all the same.
    assert {"before", "reason"} <= {column.key for column in sheet.table.columns_in_sight()}


def test_the_transition_has_weeks_and_what_was_typed_in_one_tab_and_the_steps_in_another(low: Stage) -> None:
    open_transition(low.window, low.window.desk, low.window.steps.show)
    low.settle()
    sheet = low.sheet()
    assert isinstance(sheet, TransitionSheet)
    assert_nothing_is_scrolled(sheet)
    assert rows_in_sight(sheet.weeks_table) >= 3
    assert rows_in_sight(sheet.typed_table) >= 2
    assert is_in_sight(sheet.typed_title)


def test_the_clearing_account_has_its_figures_findings_and_field(low: Stage) -> None:
    clearing = sor_board().clearing
    assert clearing is not None
    sheet = ClearingSheet(clearing, "AUD", date(2026, 11, 24), lambda *_: None, low.window)
    sheet.show()
    assert_nothing_is_scrolled(sheet)
    assert is_in_sight(sheet.balance)
    assert is_in_sight(sheet.keep)
    assert any(words.startswith("Together") for words in said_in(sheet))
    sheet.reject()


def test_the_debtors_have_rows_the_reason_and_the_entry(low: Stage) -> None:
    low.window.flows.writing.tie_out(low.window.desk.content)
    sheet = low.sheet()
    assert isinstance(sheet, TieOutSheet)
    assert_nothing_is_scrolled(sheet)
    sheet.look_at_debtors()
    low.settle()
    assert_nothing_is_scrolled(sheet)
    part = sheet.debtors
    assert rows_in_sight(part.table) >= 3
    for said in (part.sentence, part.totals, part.entry, sheet.rows_button, sheet.close_button):
        assert is_in_sight(said)
    line = part.table.current_row()
    assert line is not None
    assert line.reasons[0].entry in part.entry.text()
    titles = [column.title for column in part.table.columns_in_sight()]
    assert {"Due in Xero", "In CM", "Difference", "Why", "Entry to make"} <= set(titles)


def test_a_cause_is_chosen_from_a_list(low: Stage) -> None:
    low.window.flows.writing.tie_out(low.window.desk.content)
    sheet = low.sheet()
    assert isinstance(sheet, TieOutSheet)
    sheet.look_at_debtors()
    low.settle()
    part, lists = sheet.debtors, sheet.debtors.lists
    assert lists is not None
    assert isinstance(part.chips, CauseChoice)
    chosen = lists.causes[0]
    part.chips.choice.setCurrentIndex(1)
    assert set(part.model.shown_rows()) == set(lists.with_cause(chosen.cause))
    part.chips.choice.setCurrentIndex(0)
    assert len(part.model.shown_rows()) == len(lists.lines)


@pytest.mark.parametrize("ask", ["account", "choice"])
def test_a_question_with_choices_is_seen_whole(low: Stage, ask: str) -> None:
    opened: dict[str, Callable[[], Sheet]] = {"account": lambda: _ask_account(low), "choice": lambda: _ask_choice(low)}
    sheet = opened[ask]()
    assert_nothing_is_scrolled(sheet)
    choices = sheet.findChildren(QRadioButton)
    assert choices
    assert all(is_in_sight(choice) for choice in choices)
    sheet.reject()


def _ask_account(stage: Stage) -> Sheet:
    question = story_account_alert().account
    assert question is not None
    sheet = AccountSheet(question, ("EFT",), lambda *_: None, stage.window)
    sheet.show()
    return sheet


def _ask_choice(stage: Stage) -> Sheet:
    words = (
        "These two are not the same money: never paired again, a link that waits is dropped, each is judged anew",
    ) * 2
    text = "CM-10190, Harbour Legal: Xero 620.00 of 12 Nov 2026; Case Manager 620.00 of 12 Nov 2026 (no. 502)\nNo more."
    return ask_choice(stage.window, "What is it?", text, words, lambda *_: None)


def test_what_only_explains_stands_behind_a_button_and_is_found_by_the_mouse(low: Stage) -> None:
    low.window.wishes.open_apply()
    sheet = low.sheet()
    assert sheet.more is not None
    explained = "Each invoice is read again on both sides first. What changed since it was approved is not written."
    assert explained in sheet.more.toolTip()
    assert explained not in said_in(sheet)
    low.press("More")
    settle()
    assert explained in said_in(sheet)
    low.press("Less")
    settle()
    assert explained not in said_in(sheet)


def test_on_a_larger_screen_the_explanation_is_there_and_no_button(
    make_stage: MakeStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QWidget, "screen", lambda _: a_screen(*WIDE))
    stage = make_stage(story_view())
    stage.window.wishes.open_apply()
    sheet = stage.sheet()
    assert sheet.more is None
    assert any(words.startswith("Each invoice is read again") for words in said_in(sheet))
