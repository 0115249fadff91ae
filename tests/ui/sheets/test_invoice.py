"""The history of one invoice: asked for from any of its rows, now or at an instant, not confused by other trouble."""

from dataclasses import replace
from datetime import datetime

import pytest
from PySide6.QtCore import QDateTime
from PySide6.QtWidgets import QApplication

from cmxero_desktop.domain.errors import DeskError
from cmxero_desktop.domain.proposals import ProposalKind
from cmxero_desktop.services.verbs.commands.viewing import ShowInvoice
from cmxero_desktop.ui.desk.desk import Trouble
from cmxero_desktop.ui.sheets.invoice_columns import (
    entry_columns,
    entry_sentence,
    payment_columns,
    payment_sentence,
    proposal_columns,
    proposal_sentence,
)
from cmxero_desktop.ui.sheets.invoice_sheet import InvoiceSheet, invoice_sheet
from cmxero_desktop.ui.widgets.table_view import DeskTable
from tests.ui.conftest import Stage
from tests.ui.histories import empty_history, history


@pytest.fixture
def sheet(stage: Stage) -> InvoiceSheet:
    opened = invoice_sheet(stage.window.desk, "CM-10234", stage.window.now, stage.window)
    opened.show()
    stage.settle()
    return opened


def test_it_opens_with_the_invoice_as_it_stands(stage: Stage, sheet: InvoiceSheet) -> None:
    assert stage.fake.calls[-1] == ("show", "CM-10234", None)
    assert sheet.sentence.text() == history().sentence
    assert sheet.sides.text().splitlines() == [
        "Xero: CM-10234, authorised, total 2,000.00, paid 1,200.00, credited 0.00, due 800.00.",
        "Case Manager: 10234, total 2,000.00, adjustments -10.00, refunds 0.00.",
    ]
    titles = [sheet.parts.tabText(index).replace("&", "") for index in range(sheet.parts.count())]
    assert titles == ["Payments  4", "Proposals  2", "What was done  2"]


def test_an_instant_is_asked_for_as_local_time(stage: Stage, sheet: InvoiceSheet) -> None:
    chosen = datetime(2026, 10, 31, 17, 0).astimezone()
    sheet.instant.setDateTime(QDateTime.fromSecsSinceEpoch(int(chosen.timestamp())))
    sheet.show_button.click()
    assert sheet.sentence.text() == "Reading…"
    stage.settle()
    sheet.now_button.click()
    stage.settle()
    assert stage.fake.calls[-2:] == [("show", "CM-10234", chosen), ("show", "CM-10234", None)]


def test_an_instant_of_which_nothing_is_known_says_so_and_shows_nothing(stage: Stage, sheet: InvoiceSheet) -> None:
    def refuse(_command: ShowInvoice) -> object:
        raise DeskError("What stood where then is not known.", "Choose a later instant.")

    stage.fake.answer(ShowInvoice.handled_by(refuse))  # type: ignore[arg-type]  # it never returns
    sheet.show_button.click()
    stage.settle()
    assert sheet.sentence.text() == "What stood where then is not known. Choose a later instant."
    assert not sheet.sides.isVisible()
    assert sheet.payments.rowCount() == sheet.proposals.rowCount() == sheet.entries.rowCount() == 0
    assert sheet.parts.tabText(0) == "&Payments"


def test_trouble_of_something_else_leaves_what_is_shown(stage: Stage, sheet: InvoiceSheet) -> None:
    stage.window.desk.troubled.emit(Trouble("No connection to Xero", "It is gone.", "Wait."))
    assert sheet.sentence.text() == history().sentence
    assert sheet.payments.rowCount() == 4


def test_an_answer_that_comes_too_late_is_left_aside(stage: Stage) -> None:
    opened = invoice_sheet(stage.window.desk, "CM-10234", stage.window.now, stage.window)
    opened.show()
    opened.close()
    stage.settle()


def test_an_invoice_that_only_xero_has_says_nothing_of_the_other_side(stage: Stage) -> None:
    stage.fake.history = empty_history()
    opened = invoice_sheet(stage.window.desk, "CM-10234", stage.window.now, stage.window)
    opened.show()
    stage.settle()
    assert "Case Manager" not in opened.sides.text()
    assert opened.parts.tabText(1) == "Pr&oposals  0"


def test_the_selected_row_says_which_invoice_is_meant(stage: Stage) -> None:
    window = stage.window
    for page in (window.tabs.review, window.tabs.matched, window.tabs.unmatched, window.tabs.history):
        window.tabs.setCurrentWidget(page)
        table = window.tabs.table()
        assert table is not None
        table.selectRow(0)
        number = window.tabs.shown_invoice()
        window.wishes.show_invoice()
        stage.settle()
        if number:
            assert stage.fake.calls[-1] == ("show", number, None)
            stage.sheet().close()


def test_without_a_row_the_window_says_what_to_do(stage: Stage) -> None:
    stage.window.tabs.setCurrentWidget(stage.window.tabs.health)
    stage.window.wishes.show_invoice()
    stage.settle()
    assert not [call for call in stage.fake.calls if call[0] == "show"]
    assert stage.window.tabs.shown_invoice() == ""


def test_every_column_and_sentence_says_what_it_is_called_after() -> None:
    told = history()
    rows = [[column.text(line) for column in payment_columns()] for line in told.payments]
    assert rows[0][:5] == ["Xero", "1 Oct 2026", "1,200.00", "Bank reconciled", "EFT 7"]
    assert (rows[0][-1], rows[3][-1]) == ("Matched: Linked earlier", "Skipped: Journalled - Xero changed")
    assert rows[3][3:5] == ["Journalled 1042", "EFT 7"]
    badges = [[column.badges(line) for column in payment_columns() if column.badges] for line in told.payments]
    assert [bool(each[0]) for each in badges] == [True, True, False, True]
    keys = [[column.key_of(line) for column in payment_columns()] for line in told.payments]
    assert keys[0][5] == (0, "")
    assert keys[1][5] > (0, "")
    assert payment_sentence(told.payments[0]) == (
        "Xero: 1,200.00 on 1 Oct 2026, Bank reconciled. Matched: Linked earlier."
    )
    assert payment_sentence(told.payments[1]) == "Xero: 77.00 on 1 Oct 2026, Deleted."
    assert payment_sentence(told.payments[2]).startswith("Case Manager: 1,200.00 on 1 Oct 2026, as entered. ")
    proposals = [[column.text(seen) for column in proposal_columns()] for seen in told.proposals]
    assert [row[:4] for row in proposals] == [["Add", "To approve", "50.00", ""], ["Add", "Rejected", "50.00", "Ann"]]
    assert told.proposals[0].fact.proposal.kind is ProposalKind.ADD
    assert proposal_sentence(told.proposals[1]) == "Add 50.00, Rejected."
    entries = [[column.text(entry) for column in entry_columns()] for entry in told.entries]
    assert [row[1:] for row in entries] == [
        ["Ann", entries[0][2], "Add", "50.00", "Asked the client."],
        ["program", entries[1][2], "", "", "It changed."],
    ]
    assert next(column.key_of(told.entries[0]) for column in entry_columns()) == (12, "")
    assert entry_sentence(told.entries[0]).endswith("add 50.00 Asked the client.")


def test_a_long_reason_takes_the_room_that_other_columns_have_no_use_for(sheet: InvoiceSheet) -> None:
    told = history().proposals
    long = replace(told[0].fact.proposal, explanation="Xero has more than one line can hold. " * 9)
    sheet.show_history(replace(history(), proposals=(replace(told[0], fact=replace(told[0].fact, proposal=long)),)))
    sheet.parts.setCurrentIndex(1)
    (table,) = [t for t in sheet.findChildren(DeskTable) if t.rows is sheet.proposals]
    QApplication.processEvents()
    widths = {column.key: table.columnWidth(at) for at, column in enumerate(proposal_columns())}
    assert widths["kind"] < widths["state"] < widths["since"]
    assert widths["until"] < widths["since"], "nothing stands in it"
    assert widths["why"] > sum(widths.values()) // 3
