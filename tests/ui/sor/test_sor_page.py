"""The SOR watch shows what happened, by when it has to be gone, and what to do (S4 to S9)."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from cmxero_desktop.domain.money import Money
from cmxero_desktop.domain.records import Side
from cmxero_desktop.domain.sor.alerts import DebitDateIs, SorAlert, SorAlertState, SorKind, XeroHistory
from cmxero_desktop.domain.sor.board import NO_BOARD, ClearingCheck, SorBoard
from cmxero_desktop.domain.sor.notices import SorNotice, SorNoticeKind
from cmxero_desktop.domain.sor.schedules import ScheduleSource, ScheduleState
from cmxero_desktop.domain.xero_history import HistoryLine
from cmxero_desktop.ui.sor.card import _briefly, evidence_words
from cmxero_desktop.ui.sor.columns import sor_columns, sor_sentence
from cmxero_desktop.ui.sor.page import clearing_text
from cmxero_desktop.ui.sor.words import banner_text, status_badges, status_words, summary_text, tray_notice
from tests.ui.conftest import MakeStage, Stage
from tests.ui.sor_boards import OUTSIDE, TYPED, aud, sor_board
from tests.ui.views import firm_view

SOR = 4
PASSED = replace(OUTSIDE, key="passed", state=SorAlertState.PASSED, invoice_number="CM-22009")


@pytest.fixture
def watched(make_stage: MakeStage) -> Stage:
    """Return a window on the board, with its page in front."""
    stage = make_stage(replace(firm_view(), sor=sor_board()))
    stage.window.tabs.setCurrentIndex(SOR)
    return stage


def board_of(*alerts: SorAlert) -> SorBoard:
    return replace(sor_board(), alerts=alerts)


def shown(board: SorBoard, place: int = 0) -> dict[str, str]:
    return {column.key: column.text(board.rows[place]) for column in sor_columns(lambda: board.today)}


def test_the_tab_counts_what_stands_and_the_first_row_is_told(watched: Stage) -> None:
    page = watched.window.tabs.sor
    assert watched.window.tabs.tabText(SOR) == "SOR watch  1 alert"
    assert page.summary.text() == (
        "1 schedule running, 1 ended (2 invoices) - 1 alert to look at - 1 step left to do since schedule SOR-7 ended"
    )
    said = page.card.text
    assert "CM-22002 Acme: Another payment, 1,200.00" in said
    assert "Day 3 of 7. Debit date 29 Nov 2026, estimated: seven days after it was first seen; the last" in said
    assert said.count("1,200.00 back from the firm") == 1
    assert "By 28 Nov 2026: take it off the invoice in Xero, and either refund it to the client, or keep it as" in said
    assert "Done when\nThe next check finds it gone and ends the alert by itself: cleared in time." in said
    assert "cleared in time. Then it is out of the red band and of Outside. If it stays: when you" in said
    assert "What it comes to is not known: only payments tell of it." in said
    assert "1,500.00 in Xero: 100.00 in 1 instalment + 1,200.00 paid or credited otherwise + 200.00 still owed." in said
    assert "reference “Client paid direct”, id p9" in said
    assert watched.window.tabs.shown_invoice() == "CM-22002"
    assert watched.window.tabs.table() is page.table


def test_a_row_says_what_stands_and_what_is_over() -> None:
    board = sor_board()
    first = shown(board)
    assert (first["day"], first["debit"], first["at_risk"]) == ("3 of 7", "29 Nov 2026 (est.)", "1,200.00")
    assert (first["outside"], first["others"], first["written"]) == ("1,200.00", "", "100.00 in 1")
    assert first["total"] == "not known"
    assert (first["status"], first["source"]) == ("look at it: another payment", "paid to the clearing account")
    ended = shown(board, 1)
    assert (ended["day"], ended["debit"], ended["at_risk"], ended["first_seen"]) == ("", "", "", "")
    assert (ended["status"], ended["total"], ended["schedule"]) == ("cancelled", "300.00 over 2 invoices", "SOR-7")
    assert "1,200.00 at risk. Debit date 29 Nov 2026 (est.)" in sor_sentence(board.rows[0])
    assert sor_sentence(board.rows[2]).endswith("cancelled, nothing written.")
    keys = [column.key_of(board.rows[0]) for column in sor_columns(lambda: None)]
    assert len(keys) == len(first)


def test_an_entered_date_is_not_called_estimated() -> None:
    board = sor_board()
    row = replace(board.rows[0], alerts=(replace(OUTSIDE, debit_date_is=DebitDateIs.ENTERED),))
    assert shown(replace(board, rows=(row,)))["debit"] == "29 Nov 2026"


def test_a_date_that_passed_and_a_schedule_in_trouble_have_words_of_their_own() -> None:
    row = replace(sor_board().rows[0], alerts=(PASSED,))
    failed = replace(row, schedule=replace(row.schedule, state=ScheduleState.FAILED))
    assert status_words(row) == "debit date passed"
    assert [badge.text for badge in status_badges(failed)] == ["debit date passed", "instalment failed"]


def test_the_evidence_says_when_and_by_whom_where_xero_says_so() -> None:
    seen = replace(
        OUTSIDE.evidence, contact="Acme", changed_at=datetime(2026, 11, 22, tzinfo=UTC), reference="", on=None
    )
    line = HistoryLine(at=datetime(2026, 11, 21, 23, tzinfo=UTC), who="R. Patel", what="Created")
    asked = replace(OUTSIDE, evidence=seen, history=XeroHistory(is_answered=True, line=line))
    words = evidence_words(asked)
    assert ", contact Acme. Xero's history: Created by R. Patel, " in words
    assert words.index("R. Patel") < words.index(". First seen ")
    silent = evidence_words(replace(asked, history=XeroHistory(is_answered=True)))
    assert "Xero did not say who did it. First seen " in silent
    typed = replace(OUTSIDE, evidence=replace(OUTSIDE.evidence, side=Side.CASE_MANAGER, record_id="", name="payment"))
    assert evidence_words(typed).startswith("Payment in Case Manager, dated 21 Nov 2026")


def test_a_row_says_what_all_that_stands_puts_at_risk_together() -> None:
    other = replace(OUTSIDE, key="b", amount=aud("90.00"), at_risk=aud("90.00"))
    foreign = replace(OUTSIDE, key="c", at_risk=Money.of("7.00", "USD"))
    row = replace(sor_board().rows[0], alerts=(OUTSIDE, other, replace(TYPED, key="d")), home="AUD")
    (column,) = (c for c in sor_columns(lambda: None) if c.key == "at_risk")
    assert column.text(row) == "1,290.00"
    assert column.text(replace(row, alerts=(OUTSIDE, foreign))) == "1,200.00 and 7.00 USD"
    assert column.text(replace(row, alerts=())) == ""


def test_a_failed_instalment_says_by_when_and_what_follows(watched: Stage) -> None:
    card, row = watched.window.tabs.sor.card, sor_board().rows[0]
    failed = replace(
        row, alerts=(), schedule=replace(row.schedule, state=ScheduleState.FAILED, retry_on=date(2026, 12, 4))
    )
    card.show_row(failed, date(2026, 12, 4))
    assert card.title.text().endswith(": instalment failed")
    assert "Apxium tries again on 4 Dec 2026." in card.text
    assert "and debits the firm with what is outstanding: in Xero CM-22002 owes 200.00." in card.text
    card.show_row(failed, date(2026, 12, 5))
    assert "was to try again on 4 Dec 2026, and no instalment was written since." in card.text
    undated = replace(failed, due=None, schedule=replace(failed.schedule, retry_on=None))
    card.show_row(undated, date(2026, 12, 5))
    assert "on a day that it did not say" in card.text
    assert "outstanding." in card.text


def test_a_schedule_that_ended_says_what_is_left_to_do(watched: Stage) -> None:
    page = watched.window.tabs.sor
    page.go_to_invoice("CM-22003")
    assert page.card.title.text() == "CM-22003 Acme: cancelled, 1 step left to do"
    assert "What to do\n200.00: Owed again." in page.card.text
    assert "Done when\nEach step is ticked under What is left to do" in page.card.text
    assert "Also on this invoice: a payment typed in Case Manager of 90.00, closed." in page.card.text
    page.go_to_invoice("CM-22004")
    assert page.card.title.text() == "CM-22004 Acme: cancelled, nothing left to do on this invoice"
    assert "Nothing on this invoice; what is left to do of the schedule stands at CM-22003." in page.card.text
    page.go_to_invoice("CM-22003")
    page.card.show_row(page.table.current_row(), page.board.today)
    assert page.card.title.text() == "CM-22003 Acme: cancelled"


def test_another_alert_says_where_what_it_speaks_of_stands() -> None:
    closed = replace(OUTSIDE, state=SorAlertState.CLOSED)
    assert _briefly(closed) == (
        "another payment of 1,200.00 dated 21 Nov 2026, closed: if it still stands in Xero, it is in Matched, "
        "Unmatched or Skipped"
    )
    cleared = replace(OUTSIDE, state=SorAlertState.CLEARED, ended_on=date(2026, 11, 24))
    assert _briefly(cleared).endswith("cleared in time: gone since 24 Nov 2026")
    assert _briefly(replace(closed, kind=SorKind.NUMBER_CHANGED)).endswith("closed")


def test_each_button_can_be_pressed_where_it_can_be_done_and_else_says_why(watched: Stage) -> None:
    page = watched.window.tabs.sor
    card = page.card
    assert card.debit_button.isEnabled()
    assert card.calendar_button.isEnabled()
    assert card.end_button.isEnabled()
    assert not card.left_button.isVisible()
    page.go_to_invoice("CM-22003")
    assert "closed" in card.text
    assert not card.close_button.isEnabled()
    assert card.close_button.toolTip() == "No alert stands on this invoice."
    assert card.end_button.toolTip() == "The schedule has ended."
    assert card.left_button.isVisible()
    marked = replace(
        sor_board().rows[0],
        schedule=replace(
            sor_board().rows[0].schedule,
            source=ScheduleSource.MARKED,
            state=ScheduleState.FAILED,
            retry_on=date(2026, 12, 1),
        ),
        alerts=(replace(OUTSIDE, debit_on=None, debit_date_is=None), *[OUTSIDE] * 7),
    )
    card.show_row(marked, None)
    assert card.unmark_button.isVisible()
    assert card.calendar_button.toolTip() == "No debit date is known."
    assert "Apxium tries again on 1 Dec 2026." in card.text
    assert "and 2 more." in card.text
    changed = replace(OUTSIDE, kind=SorKind.REFERENCE_CHANGED, amount=aud("0"))
    card.show_row(replace(marked, alerts=(changed,)), None)
    assert card.title.text().endswith("Its reference, changed")
    card.show_row(None, None)
    assert card.debit_button.toolTip() == "Select a row first."


def test_the_search_hides_rows_and_is_cleared_from_the_page(watched: Stage) -> None:
    page = watched.window.tabs.sor
    watched.window.header.search.setText("22003")
    assert [row.invoice_number for row in page.model.shown_rows()] == ["CM-22003"]
    watched.window.header.search.setText("nothing")
    page.body.empty.findChild(QPushButton).click()  # type: ignore[union-attr] # the button is there
    assert len(page.model.shown_rows()) == 3


def test_where_nothing_is_known_it_says_how_schedules_become_known(make_stage: MakeStage) -> None:
    stage = make_stage()
    page = stage.window.tabs.sor
    assert "whose name contains “SOR Clearing”" in page.body.empty.text
    assert (page.summary.text(), page.clearing.text()) == ("", "")
    assert not page.card.isVisibleTo(page)
    assert stage.window.tabs.tabText(SOR) == "SOR watch  0 alerts"


def test_the_band_says_what_is_due_first_and_leads_to_the_tab(watched: Stage) -> None:
    window = watched.window
    window.tabs.setCurrentIndex(0)
    (band,) = window.bands.bands
    assert band.text == (
        "SOR invoice CM-22002 has 1 change outside the schedule, 1,200.00 at risk - day 3 of 7 - "
        "last safe day Sat 28 Nov."
    )
    band.pressed.emit()
    assert window.tabs.currentWidget() is window.tabs.sor
    content = window.desk.content
    assert content is not None
    window.show_content(replace(content, view=replace(content.view, sor=NO_BOARD)))
    assert window.bands.bands == []


def test_the_band_adds_up_several_and_names_what_has_passed() -> None:
    text = banner_text(board_of(OUTSIDE, PASSED))
    assert text == (
        "2 SOR invoices have 2 changes outside the schedule, 2,400.00 at risk - 1 debit date has passed - "
        "day 3 of 7 - last safe day Sat 28 Nov."
    )
    undated = replace(OUTSIDE, debit_on=None, debit_date_is=None)
    assert banner_text(board_of(undated)).endswith("1,200.00 at risk.")
    assert banner_text(NO_BOARD) == ""


def test_the_tray_names_no_invoice_and_no_amount() -> None:
    def notice(key: str) -> SorNotice:
        return SorNotice(
            key=key,
            kind=SorNoticeKind.FOUND,
            schedule_id="A",
            invoice_number="CM-22002",
            on=date(2026, 11, 24),
            title="SOR invoice CM-22002",
            text="1,200.00",
            alert_key=key,
        )

    cleared = replace(OUTSIDE, key="cleared", state=SorAlertState.CLEARED)
    board = board_of(OUTSIDE, PASSED, cleared)
    titles = {key: tray_notice([notice(key)], board).title for key in (OUTSIDE.key, "passed", "cleared", "")}
    assert titles == {
        OUTSIDE.key: "SOR invoice: another payment, day 3 of 7",
        "passed": "SOR invoice: the debit date has passed",
        "cleared": "SOR invoice: cleared in time",
        "": "SOR watch: looked again after a cancellation",
    }
    assert tray_notice([notice("a"), notice("b")], board).title == "2 notices of the SOR watch"
    other = replace(OUTSIDE, debit_on=None, debit_date_is=None)
    silent = tray_notice([notice(OUTSIDE.key)], replace(board, alerts=(other,)))
    assert silent.text == "Apxium does not sync it. Open to see what to do."


def test_the_tray_says_that_a_second_try_brought_nothing() -> None:
    notice = SorNotice(
        key="n",
        kind=SorNoticeKind.NOT_RETRIED,
        schedule_id="SR",
        invoice_number="CM-1",
        on=date(2026, 12, 8),
        title="t",
        text="t",
    )
    assert tray_notice([notice], sor_board()).title == "SOR schedule: no instalment after the second try"


def test_the_clearing_account_in_one_line() -> None:
    clearing = sor_board().clearing
    assert clearing is not None
    assert clearing_text(clearing) == (
        "Clearing account: the schedules leave 200.00 as far as is known - Xero showed 210.00 on 23 Nov 2026 - "
        "1 payment parked as not allocated"
    )
    bare = ClearingCheck(lines=(), expected=aud("200"), is_complete=True, difference=aud("10"))
    assert clearing_text(bare).endswith("200.00 - its balance in Xero was not entered yet - difference 10.00")


def test_a_board_without_alerts_is_told_shortly() -> None:
    assert summary_text(replace(sor_board(), alerts=(), endings=())) == "1 schedule running, 1 ended (2 invoices)"


def test_a_head_that_nobody_can_guess_is_explained_in_sight_and_by_the_mouse(make_stage: MakeStage) -> None:
    page = make_stage(replace(firm_view(), sor=sor_board())).window.tabs.sor
    heads = {
        page.model.headerData(at, Qt.Orientation.Horizontal): page.model.headerData(
            at, Qt.Orientation.Horizontal, Qt.ItemDataRole.ToolTipRole
        )
        for at in range(page.model.columnCount())
    }
    for head in ("Outside", "Other changes", "Day n of 7", "At risk"):
        assert f"{head}: " in page.legend.text()
        assert heads[head] in page.legend.text()
