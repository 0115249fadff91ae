"""The demo's card: its steps lead to the rows, are ticked by what History tells, and each event has its Show."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cmxero_desktop.domain.proposals import ProposalKind
from cmxero_desktop.services.records.audit import AuditEntry, AuditWhat
from cmxero_desktop.ui.application.application import open_window
from cmxero_desktop.ui.window.demo_card import APPLY, APPROVE, DELETE, LINK, UNDO, DemoCard, done_steps
from cmxero_desktop.ui.window.demo_story import DemoStory
from tests.support.patience import HUNG_MS
from tests.ui.conftest import MakeStage, Stage
from tests.ui.fake_desk import FakeDesk
from tests.ui.views import NOW, entry, firm, firm_view, results_of, stored_of, view_of


def story_of(stage: Stage) -> DemoStory:
    assert stage.window.story is not None
    return stage.window.story


def press(stage: Stage, step: int) -> None:
    QTest.mouseClick(story_of(stage).card.steps[step], Qt.MouseButton.LeftButton)
    stage.settle()


def test_a_firm_has_no_story(make_stage: MakeStage) -> None:
    assert make_stage(is_demo=False).window.story is None


def told(*whats: AuditWhat) -> list[AuditEntry]:
    (addition, *_) = (s for s in stored_of(results_of(firm())) if s.proposal.kind is ProposalKind.ADD)
    return [entry(n, what, by="demo", at=NOW, stored=addition) for n, what in enumerate(whats, start=1)]


def test_each_step_is_ticked_by_what_was_done() -> None:
    assert done_steps([], is_deleted=False) == frozenset()
    assert done_steps(told(AuditWhat.LINK_CHOSEN), is_deleted=False) == {LINK}
    assert done_steps(told(AuditWhat.APPROVED), is_deleted=False) == {APPROVE}
    assert done_steps(told(AuditWhat.APPLIED), is_deleted=True) == {APPLY, DELETE}
    assert done_steps(told(AuditWhat.UNDONE), is_deleted=False) == {UNDO}


def test_the_card_shows_ticks_and_lets_the_next_step_stand_out(make_stage: MakeStage) -> None:
    results = results_of(firm())
    view = view_of(results, stored_of(results), history=told(AuditWhat.LINK_CHOSEN))
    stage = make_stage(view)
    card = story_of(stage).card
    assert [text[0] for text in card.texts()] == ["✓", "2", "3", "4", "5"]
    assert [step.property("role") for step in card.steps] == ["step", "small", "step", "step", "step"]
    assert card.steps[LINK].accessibleDescription() == "done"


def test_the_card_says_what_to_do_at_the_next_step_and_when_all_are_gone(make_stage: MakeStage) -> None:
    """Whoever sees the window for the first time knows where to begin before pressing anything."""
    results = results_of(firm())
    whats: tuple[AuditWhat, ...] = ()
    card = DemoCard()
    for what, hint in (
        (None, "Press 1, compare both sides, then press Same payment (Ctrl+L)"),
        (AuditWhat.LINK_CHOSEN, "Press 2, then Approve in the head of the group (Ctrl+G)"),
        (AuditWhat.APPROVED, "Press 3, look once more at what is approved, and write it"),
        (AuditWhat.APPLIED, "Press 4: a removal comes to Review and waits for you"),
    ):
        whats = (*whats, what) if what is not None else whats
        card = story_of(make_stage(view_of(results, stored_of(results), history=told(*whats)))).card
        assert card.told.text() == hint
        assert not card.show_button.isVisible()
    card.show_done(frozenset({LINK, APPROVE, APPLY, DELETE}))
    assert card.told.text() == "Press 5, choose what was written, and take it back with a reason"
    card.show_done(frozenset({LINK, APPROVE, APPLY, DELETE, UNDO}))
    assert card.told.text() == "That was the minute; the menu Demo has more that can happen"


def test_the_steps_lead_to_their_rows(stage: Stage) -> None:
    review = stage.window.review
    view = stage.fake.desk_view
    # One whose link would be open: what would overpay may be linked all the same.
    press(stage, LINK)
    current = review.table.current_row()
    assert current is not None
    assert current.stored.proposal.near_here
    assert stage.window.evidence.link_button.isVisible()
    stage.window.header.search.setText("nothing like it")
    review.view_box.setCurrentText("All")
    press(stage, APPROVE)
    current = review.table.current_row()
    assert current is not None
    assert current.stored.proposal.invoice_number == "CM-10234"
    assert "Ctrl+G" in stage.window.strip.busy.text()
    press(stage, APPLY)
    assert stage.sheet().windowTitle() == "Apply 2 changes to Case Manager"
    stage.press("Cancel")
    press(stage, UNDO)
    assert stage.window.tabs.currentWidget() is stage.window.history
    assert view is stage.fake.desk_view


@pytest.mark.parametrize(
    ("number", "page"),
    [
        ("CM-10101", "review"),
        ("CM-10120", "skipped"),
        ("CM-10115", "unmatched"),
        ("CM-10001", "matched"),
        ("", "review"),
    ],
)
def test_what_happened_is_told_and_shown(stage: Stage, number: str, page: str) -> None:
    story = story_of(stage)
    story.actions = (("A payment is deleted", lambda: number),)
    stage.window.tabs.setCurrentIndex(6)
    press(stage, DELETE)
    assert story.card.told.text() == (f"A payment is deleted: {number}" if number else "A payment is deleted")
    assert story.card.texts()[DELETE].startswith("✓")
    assert story.card.show_button.isVisible()
    QTest.mouseClick(story.card.show_button, Qt.MouseButton.LeftButton)
    assert story.card.told.text().startswith("Press 1, compare both sides"), "and the story goes on"
    assert not story.card.show_button.isVisible()
    assert stage.window.tabs.currentWidget() is getattr(stage.window.tabs, page)
    assert number in str(stage.window.tabs.shown_row())


def test_a_check_by_itself_tells_nothing(stage: Stage) -> None:
    stage.window.desk.check()
    stage.settle()
    assert not story_of(stage).card.show_button.isVisible()


def test_where_nothing_can_be_deleted_the_step_does_nothing(make_stage: MakeStage) -> None:
    stage = make_stage()
    story_of(stage).actions = ()
    press(stage, DELETE)
    assert not story_of(stage).card.show_button.isVisible()


def test_where_no_row_is_left_for_a_step_it_stands_nowhere(make_stage: MakeStage) -> None:
    stage = make_stage(replace(firm_view(), review=()))
    press(stage, LINK)
    press(stage, APPROVE)
    assert stage.window.review.table.current_row() is None


def test_the_menu_is_called_demo_and_starts_over(stage: Stage) -> None:
    menu = next(action for action in stage.window.menuBar().actions() if action.text() == "De&mo")
    entries = menu.menu()
    assert entries is not None
    texts = [action.text() for action in entries.actions()]  # type: ignore[attr-defined]  # its stub is an object
    assert texts == ["Payment deleted", "", "&Start over"]
    # Without somebody who opens it again the window stays.
    story_of(stage).card.start_over.click()
    QApplication.processEvents()
    assert stage.window.isVisible()


def test_starting_over_closes_the_window_for_whoever_opens_the_next(qtbot: QtBot) -> None:
    wished: list[str] = []
    opened = open_window(
        FakeDesk(firm_view()),
        on_worker=lambda job: job(),
        approver="J. Wu",
        is_demo=True,
        start_over=lambda: wished.append("again"),
        now=lambda: NOW,
    )
    with qtbot.waitSignal(opened.window.quit_asked, timeout=HUNG_MS):
        story = opened.window.story
        assert story is not None
        story.card.start_over.click()
    assert wished == ["again"]
    opened.close()
