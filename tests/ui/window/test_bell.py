"""The bell: what waits is listed until its cause is gone, after a restart too; a line opens its rows."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from cmxero_desktop.domain.errors import CaseManagerAwayError
from cmxero_desktop.domain.proposals import ProposalKind, ProposalState
from cmxero_desktop.domain.rules import Rule
from cmxero_desktop.domain.sor.alerts import SorAlertState, SorKind
from cmxero_desktop.services.records.alerts import Alert, AlertKind
from cmxero_desktop.services.records.releases import UpdatesSeen
from cmxero_desktop.services.records.runs import PollOutcome
from cmxero_desktop.services.verbs.commands.diagnosing import ReadHealth
from cmxero_desktop.services.viewing.desk_view import DeskView
from cmxero_desktop.ui.desk.bell import TROUBLE, BellItem, items_of, sor_title
from cmxero_desktop.ui.desk.desk import Trouble
from cmxero_desktop.ui.desk.notices import NOT_CHECKING, REMOVALS, SOR, TO_APPROVE, Notice
from cmxero_desktop.ui.sheets.bell_sheet import BellSheet
from cmxero_desktop.ui.widgets.row_delegate import MARGIN
from cmxero_desktop.ui.window.pages import PAGES
from tests.domain.test_releases import RELEASE
from tests.ui.conftest import MakeStage, Stage
from tests.ui.desk.test_failing import Stopped, failing
from tests.ui.fake_desk import HEALTH
from tests.ui.screens import a_screen
from tests.ui.sor_boards import sor_board
from tests.ui.views import NOW, aud, firm_view

VOIDED = Alert(
    key="voided:1",
    kind=AlertKind.SIGN_IN,
    rule=Rule.R2,
    explanation="The sign-in to Xero ends in 5 days.",
    next_step="Sign in again.",
    raised_at=NOW - timedelta(days=1),
)


def opened(stage: Stage) -> BellSheet:
    stage.window.header.bell_button.click()
    QApplication.processEvents()
    sheet = stage.sheet()
    assert isinstance(sheet, BellSheet)
    return sheet


def items(stage: Stage) -> dict[str, BellItem]:
    content = stage.window.desk.content
    assert content is not None
    return {item.about: item for item in items_of(content)}


def page(stage: Stage) -> str:
    return PAGES[stage.window.tabs.currentIndex()]


def test_the_line_that_is_stood_on_is_told_in_full_where_it_is_cut(stage: Stage) -> None:
    stage.fake.desk_view = replace(
        firm_view(), alerts=(replace(VOIDED, next_step="Sign in again, since without it nothing is read. " * 9),)
    )
    stage.window.desk.refresh()
    stage.settle()
    sheet = opened(stage)
    sheet.resize(900, 420)
    QApplication.processEvents()
    first = sheet.model.row_at(0)
    assert first is not None
    assert sheet.whole.text() == f"{first.title} {first.text}", "one full stop between both"
    sheet.table.go_to(1)
    assert sheet.whole.text() == "", "what has room stands in its line alone"


def with_alert(view: DeskView) -> DeskView:
    return replace(view, alerts=(*view.alerts, VOIDED))


def test_all_that_waits_is_listed_with_its_cause_and_its_step(make_stage: MakeStage) -> None:
    stage = make_stage(with_alert(replace(firm_view(), sor=sor_board())))
    found = items(stage)
    review = stage.fake.desk_view.review
    proposed = [row.stored.proposal.kind for row in review if row.stored.state is ProposalState.PROPOSED]
    removals = proposed.count(ProposalKind.REMOVE)
    assert found[REMOVALS].title == f"{removals} removal to approve"
    # The tab, Health, the notices and the bell count the same rows, and the bell says which of them no yes can move.
    assert found[TO_APPROVE].title == f"{len(proposed)} payments to approve"
    assert found[TO_APPROVE].text == "4 additions, 1 change, 1 removal; 2 of them cannot be approved as they stand."
    assert (
        found[REMOVALS].text
        == f"Deleted in Xero; nothing is removed yet. Counted among the {len(proposed)} to approve."
    )
    assert stage.window.tabs.tabText(0) == f"Review  {len(proposed)}"
    # When a warning of the watch was seen first, as its page says it.
    assert found[SOR].since == stage.fake.desk_view.sor.standing[0].first_seen_at
    assert found["alert voided:1"].title == VOIDED.explanation
    assert found["alert voided:1"].text == VOIDED.next_step
    assert found[SOR].title.startswith("SOR invoice CM-")
    assert stage.window.header.bell_button.text() == str(len(stage.window.bell.items))


def test_what_is_to_be_done_is_whole_where_the_screen_has_room_for_it(
    make_stage: MakeStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = a_screen(1366, 728)
    monkeypatch.setattr(BellSheet, "screen", lambda _: screen)
    long = replace(VOIDED, next_step=f"Sign in again{', or ask whoever may' * 7}.")
    stage = make_stage(replace(firm_view(), alerts=(long,)))
    table = opened(stage).table
    QApplication.processEvents()
    needed = table.fontMetrics().horizontalAdvance(long.next_step)
    assert needed > 900
    assert needed <= table.room_below(0)[1] - 2 * MARGIN


def test_what_was_seen_is_no_news_after_a_restart_but_stays_listed(make_stage: MakeStage) -> None:
    first = make_stage(with_alert(firm_view()))
    assert first.window.header.bell_button.accessibleName().endswith(" 3 new")
    opened(first)
    assert first.window.header.bell_button.accessibleName().endswith(" 0 new")
    again = make_stage(with_alert(firm_view()), preferences=first.preferences)
    assert again.window.header.bell_button.accessibleName() == "3 notices, 0 new"


def test_a_line_goes_with_its_cause_and_is_news_when_it_comes_back(make_stage: MakeStage) -> None:
    stage = make_stage(with_alert(firm_view()))
    opened(stage).reject()
    stage.fake.desk_view = firm_view()
    stage.window.desk.refresh()
    stage.settle()
    assert stage.window.header.bell_button.accessibleName() == "2 notices, 0 new"
    stage.fake.desk_view = with_alert(firm_view())
    stage.window.desk.refresh()
    stage.settle()
    assert stage.window.header.bell_button.accessibleName() == "3 notices, 1 new"


def test_enter_on_a_line_opens_the_very_rows(stage: Stage) -> None:
    stage.window.tabs.setCurrentIndex(4)
    stage.window.header.search.setText("hidden")
    sheet = opened(stage)
    row = next(at for at, item in enumerate(sheet.model.shown_rows()) if item.about == REMOVALS)
    sheet.table.go_to(row)
    QTest.keyClick(sheet.table, Qt.Key.Key_Return)
    QApplication.processEvents()
    assert not stage.has_sheet()
    assert page(stage) == "Review"
    shown = stage.window.review.model.shown_rows()
    assert shown
    assert {row.stored.proposal.kind for row in shown} == {ProposalKind.REMOVE}


@pytest.mark.parametrize(("about", "expected"), [(TO_APPROVE, "Review"), (SOR, "SOR watch"), (REMOVALS, "Review")])
def test_a_click_on_a_notice_opens_its_rows(make_stage: MakeStage, about: str, expected: str) -> None:
    stage = make_stage(replace(firm_view(), sor=sor_board()))
    stage.window.tabs.setCurrentIndex(6)
    stage.window.tray.tell(Notice("Something waits", "Open to see it.", about))
    stage.window.tray.icon.messageClicked.emit()
    QApplication.processEvents()
    assert stage.window.isVisible()
    assert page(stage) == expected
    assert stage.window.tabs.shown_invoice()


def test_a_click_on_a_notice_whose_cause_is_gone_only_brings_the_window(stage: Stage) -> None:
    stage.window.tabs.setCurrentIndex(1)
    stage.window.tray.notice_clicked.emit(Notice("Gone", "", "alert gone"))
    stage.window.tray.notice_clicked.emit(None)
    assert page(stage) == "Matched"


def test_checks_that_fail_are_listed_until_one_works(make_stage: MakeStage) -> None:
    view = firm_view()
    run = view.runs[0]
    failed = [
        replace(
            run,
            outcome=PollOutcome.OFFLINE,
            reason="No connection.",
            started_at=run.started_at + timedelta(minutes=at),
            finished_at=run.finished_at + timedelta(minutes=at),
        )
        for at in (10, 20)
    ]
    stage = make_stage(replace(view, runs=(*failed, *view.runs)))
    item = items(stage)[NOT_CHECKING]
    assert item.text == "No connection."
    assert item.since == failed[0].started_at
    stage.window.bell.show_rows(item)
    assert page(stage) == "Health"
    stage.fake.desk_view = view
    stage.window.desk.refresh()
    stage.settle()
    assert NOT_CHECKING not in items(stage)


def test_a_newer_version_is_a_line_that_leads_to_health(make_stage: MakeStage) -> None:
    stage = make_stage(firm_view())
    updates = UpdatesSeen(is_on=True, own_version="1.3.0", place="https://its.example", release=RELEASE, is_newer=True)
    stage.fake.answer(ReadHealth.handled_by(lambda _: replace(HEALTH, updates=updates)))
    stage.window.desk.refresh()
    stage.settle()
    item = items(stage)["update"]
    assert item.title == "Version 1.4.0 is there"
    stage.window.bell.show_rows(item)
    assert page(stage) == "Health"
    money = len(items(stage)) - 1
    assert stage.window.health.summary.text().endswith(f"has {money} notices about the money in the bell (F8).")
    assert "New: Holidays are quiet." in stage.window.health.lines["Updates"].text()
    stage.fake.answer(ReadHealth.handled_by(lambda _: replace(HEALTH, updates=replace(updates, is_newer=False))))
    stage.window.desk.refresh()
    stage.settle()
    assert "update" not in items(stage)


def test_rows_that_failed_or_changed_are_lines_of_their_own(make_stage: MakeStage) -> None:
    view = firm_view()
    first, second, *rest = view.review
    changed = (
        replace(first, stored=replace(first.stored, state=ProposalState.FAILED)),
        replace(second, stored=replace(second.stored, state=ProposalState.STALE)),
    )
    stage = make_stage(replace(view, review=(*changed, *rest)))
    found = items(stage)
    assert found["failed"].title == "1 row failed"
    assert found["changed"].title == "1 row changed since approval"
    stage.window.bell.show_rows(found["failed"])
    assert page(stage) == "Review"


def test_nothing_waits_says_so(make_stage: MakeStage) -> None:
    stage = make_stage(replace(firm_view(), review=(), alerts=()))
    assert stage.window.header.bell_button.accessibleName() == "No notices"
    sheet = opened(stage)
    assert sheet.list.is_empty
    assert not sheet.show_button.isEnabled()


def test_what_a_band_says_is_counted_by_the_bell_and_goes_with_it(stage: Stage) -> None:
    """A bell that counts less than the bands above it tells whoever looks at it alone that all is well."""
    window, before = stage.window, len(stage.window.bell.items)
    window.desk.tell_uncaught(CaseManagerAwayError("SRV02 does not answer.", "Check again when it is there."))
    stage.settle()
    assert window.header.bell_button.text() == str(before + 1)
    (item,) = [item for item in window.bell.items if item.about == TROUBLE]
    assert item.title == "Case Manager cannot be reached"
    assert item.text == "SRV02 does not answer. Check again when it is there."
    assert item.since == NOW
    window.bell.show_rows(item)
    assert stage.sheet().windowTitle() == item.title
    stage.sheet().reject()
    window.desk.check()
    stage.settle()
    assert len(window.bell.items) == before


def test_a_schedule_that_stands_still_is_in_the_bell(make_stage: MakeStage) -> None:
    stage = make_stage(firm_view(), schedule=Stopped())
    (item,) = [item for item in stage.window.bell.items if item.about == NOT_CHECKING]
    assert item.since == Stopped().still_since
    assert "quit and start again" in item.text
    stage.window.bell.show_rows(item)
    assert page(stage) == "Health"


def test_a_failed_check_is_not_listed_twice(make_stage: MakeStage) -> None:
    stage = make_stage(failing(firm_view(), PollOutcome.AWAY))
    stage.window.desk.troubled.emit(Trouble("Case Manager cannot be reached", "Gone.", "", is_of_check=True))
    (item,) = [item for item in stage.window.bell.items if item.about in {NOT_CHECKING, TROUBLE}]
    assert item.about == NOT_CHECKING


def test_a_line_of_the_sor_watch_says_how_much_and_the_last_day_on_which_it_is_in_time() -> None:
    (alert, *_) = (one for one in sor_board().standing if one.invoice_number == "CM-22002")
    sunday = replace(alert, amount=aud("1200.00"), debit_on=date(2026, 11, 30), state=SorAlertState.OPEN)
    assert sor_title(replace(sunday, kind=SorKind.OTHER_PAYMENT)) == (
        "SOR invoice CM-22002: 1,200.00 outside the schedule, last safe day Sun 29 Nov (weekday before: Fri 27 Nov)"
    )
    thursday = replace(sunday, debit_on=date(2026, 11, 27), kind=SorKind.NUMBER_CHANGED, at_risk=aud("300.00"))
    assert sor_title(thursday) == (
        "SOR invoice CM-22002: changed outside the schedule, 300.00 at risk, last safe day Thu 26 Nov"
    )
    passed = replace(sunday, state=SorAlertState.PASSED)
    assert sor_title(passed) == ("SOR invoice CM-22002: 1,200.00 outside the schedule, the debit date 30 Nov has come")
    assert sor_title(replace(sunday, debit_on=None)) == "SOR invoice CM-22002: 1,200.00 outside the schedule"
