"""What persons say of schedules is asked first, then kept; a list is shown before anything of it is taken."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QDate
from PySide6.QtWidgets import QDateEdit, QFileDialog, QLabel, QLineEdit, QPlainTextEdit, QPushButton, QRadioButton

from cmxero_desktop.domain.errors import MailError
from cmxero_desktop.domain.money import Money
from cmxero_desktop.domain.rules import Rule
from cmxero_desktop.domain.sor.alerts import DebitDateIs, SorKind
from cmxero_desktop.domain.sor.cells import NotUnderstoodError
from cmxero_desktop.domain.sor.importing import BadLine, ListLine, SorImport
from cmxero_desktop.domain.sor.knowing import PROGRAM
from cmxero_desktop.domain.sor.notices import NoticeWay, SorNotice, SorNoticeKind
from cmxero_desktop.domain.sor.schedules import ScheduleSource, ScheduleState
from cmxero_desktop.domain.sor.tables import ListColumn
from cmxero_desktop.services.records.alerts import Alert, AlertKind
from cmxero_desktop.services.records.settings import Encryption, MailSettings, NoticeSettings, Settings, SorSettings
from cmxero_desktop.services.records.sor_lists import ScheduleList
from cmxero_desktop.services.verbs.commands.command import Command
from cmxero_desktop.services.verbs.commands.computer import SendTestMail
from cmxero_desktop.services.verbs.commands.sor import (
    CloseSorAlert,
    EndSchedule,
    FailInstalment,
    KeepHeadings,
    MailSorNotices,
    MarkSchedule,
    ReadScheduleList,
    ReopenSchedule,
    SaidSorNotices,
    SayClearingBalance,
    SayDisbursed,
    SetDebitDate,
    TakeSchedules,
    TakeSorNotices,
    TickEnding,
    UnmarkSchedule,
    WriteCalendar,
)
from cmxero_desktop.ui.sheets.mail_sheet import MailSheet
from cmxero_desktop.ui.sheets.sor_import_sheet import ImportSheet, preview_lines, summary_of
from cmxero_desktop.ui.sheets.sor_list_sheets import ClearingSheet, EndingSheet, _findings, _together
from cmxero_desktop.ui.sheets.sor_questions import typed_amount, typed_lines
from tests.ui.conftest import MakeStage, Stage
from tests.ui.keys import plain
from tests.ui.sor_boards import ENDED, OUTSIDE, aud, sor_board
from tests.ui.story import story_view
from tests.ui.views import firm_view

WHO = "J. Wu"
LINES = tuple(
    ListLine(line=number, schedule=name, invoice=invoice, due_on=date(2026, 12, number), amount=aud("10.00"))
    for number, name, invoice in ((2, "SR-1", "CM-1"), (3, "SR-2", "CM-9"), (4, "SR-2", "CM-2"), (5, "SR-0", "CM-3"))
)
READ = ScheduleList(
    name="list.csv",
    headings=("Schedule", "Our no", "When", "Amount"),
    columns={ListColumn.SCHEDULE: 0, ListColumn.INVOICE: 1, ListColumn.DUE_ON: 2, ListColumn.AMOUNT: 3},
    missing=(),
    samples=(),
    lines=LINES,
    notes=("Dates are read with the day first.",),
)
FOUND = SorImport(
    accepted=(ENDED,),
    unchanged=("SR-0",),
    refused=("SR-2",),
    bad=(
        BadLine(line=3, schedule="SR-2", why="Xero has no invoice CM-9."),
        BadLine(line=0, schedule="SR-2", why="Its lines name two payers."),
    ),
)
MAIL = MailSettings(host="smtp.firm.example", sender="desk@firm.example", recipients=("ann@firm.example",))


@pytest.fixture
def watched(make_stage: MakeStage) -> Stage:
    """Return a window on the board, with its page in front."""
    stage = make_stage(replace(firm_view(), sor=sor_board()))
    stage.window.tabs.setCurrentIndex(4)
    stage.fake.calls.clear()
    return stage


def commands(stage: Stage) -> list[object]:
    """Return what the desk was asked, as commands."""
    stage.settle()
    return [call[0] for call in stage.fake.calls if len(call) == 1 and isinstance(call[0], Command)]


def field(stage: Stage, name: str) -> QLineEdit:
    return next(f for f in stage.sheet().findChildren(QLineEdit) if f.accessibleName() == name)


def accept_of(stage: Stage, text: str) -> QPushButton:
    return next(b for b in stage.sheet().findChildren(QPushButton) if b.text().replace("&", "").startswith(text))


def press_on_page(stage: Stage, text: str) -> None:
    page = stage.window.tabs.sor
    next(b for b in page.findChildren(QPushButton) if b.text().replace("&", "").startswith(text)).click()
    stage.settle()


def test_an_invoice_is_marked_by_its_number(watched: Stage) -> None:
    press_on_page(watched, "Mark invoice")
    assert accept_of(watched, "Mark it").toolTip() == "Enter its number."
    field(watched, "Invoice number").setText(" CM-102 ")
    watched.press("Mark it")
    assert commands(watched) == [MarkSchedule(invoice="CM-102", by=WHO)]


def test_a_debit_date_comes_from_apxiums_mail(watched: Stage) -> None:
    press_on_page(watched, "Set debit date")
    day = watched.sheet().findChild(QDateEdit)
    assert day is not None
    assert day.text() == "choose a day", "an estimate that is kept unread would be a fact"
    assert day.minimumDate() == QDate(2026, 11, 24)
    assert accept_of(watched, "Set the date").toolTip() == "Choose the day that Apxium's mail names."
    day.setDate(QDate(2026, 12, 1))
    assert any("Last safe day: Mon 30 Nov 2026" in label for label in labels(watched))
    watched.press("Set the date")
    assert commands(watched) == [SetDebitDate(invoice="CM-22002", on=date(2026, 12, 1), by=WHO)]


def labels(stage: Stage) -> list[str]:
    return [label.text() for label in stage.sheet().findChildren(QLabel)]


@pytest.mark.parametrize("is_entered", [True, False])
def test_a_day_is_there_already_only_where_a_mail_named_it(watched: Stage, is_entered: bool) -> None:  # noqa: FBT001
    row = sor_board().rows[0]
    (alert, *_) = row.alerts
    said = replace(alert, debit_on=date(2026, 12, 4), debit_date_is=DebitDateIs.ENTERED)
    watched.window.sor_flows.set_debit_date(replace(row, alerts=(said,) if is_entered else ()))
    day = watched.sheet().findChild(QDateEdit)
    assert day is not None
    assert day.text() == ("Fri 4 Dec 2026" if is_entered else "choose a day")


def test_a_failed_instalment_is_kept_with_the_day_of_the_next_try(watched: Stage) -> None:
    press_on_page(watched, "Failed, retry")
    day = watched.sheet().findChild(QDateEdit)
    assert day is not None
    assert day.text() == "choose a day"
    watched.press("Keep it")
    assert commands(watched) == []
    day.setDate(QDate(2026, 12, 3))
    watched.press("Keep it")
    assert commands(watched) == [FailInstalment(invoice="CM-22002", retry_on=date(2026, 12, 3), by=WHO)]


def test_what_apxium_paid_out_is_an_amount(watched: Stage) -> None:
    press_on_page(watched, "Paid out")
    accept = accept_of(watched, "Keep it")
    paid_out = field(watched, "Paid out")
    paid_out.setText("a lot")
    assert accept.toolTip() == "Enter an amount."
    paid_out.setText("$1,250.50")
    watched.press("Keep it")
    assert commands(watched) == [SayDisbursed(invoice="CM-22002", amount=aud("1250.50"), by=WHO)]


def test_without_anything_read_nobody_is_asked_what_was_paid_out(
    watched: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watched.window.desk, "content", None)
    watched.window.sor_flows.say_paid_out(sor_board().rows[0])
    assert commands(watched) == []


def test_no_two_buttons_of_the_page_have_one_key(watched: Stage) -> None:
    page, header = watched.window.tabs.sor, watched.window.header
    menus = [action.text() for action in watched.window.menuBar().actions()]
    buttons = [b.text() for part in (page, header) for b in part.findChildren(QPushButton)]
    keys = [text[text.index("&") + 1].lower() for text in (*menus, *buttons) if "&" in text]
    assert sorted(keys) == sorted(set(keys))


def test_an_end_needs_how_and_why(watched: Stage) -> None:
    press_on_page(watched, "Schedule ended")
    choices = watched.sheet().findChildren(QRadioButton)
    next(c for c in choices if c.text().startswith("Cancelled")).setChecked(True)
    field(watched, "Reason").setText("Apxium's mail")
    watched.press("Keep it")
    assert commands(watched) == [
        EndSchedule(invoice="CM-22002", state=ScheduleState.CANCELLED, by=WHO, reason="Apxium's mail")
    ]


def test_how_a_schedule_ended_is_taken_back_with_a_reason_where_a_person_said_it(make_stage: MakeStage) -> None:
    stage = make_stage(story_view())
    stage.window.wishes.go_to_page(4)
    card = stage.window.tabs.sor.card
    seen = {}
    for row in stage.window.tabs.sor.model.shown_rows():
        card.show_row(row, None)
        buttons = (card.debit_button, card.failed_button, card.end_button, card.reopen_button)
        seen[row.invoice_number] = [not one.isHidden() for one in buttons]
        card.show_row(replace(row, schedule=replace(row.schedule, ended_by=PROGRAM)), None)
        assert card.reopen_button.isHidden()
    assert seen == {
        "CM-22002": [True, True, True, False],
        "CM-22003": [False, False, False, True],
        "CM-22004": [False, False, False, True],
    }
    card.reopen_asked.emit(next(r for r in stage.window.tabs.sor.model.shown_rows() if r.invoice_number == "CM-22003"))
    stage.type_reason("it was another one")
    stage.press("Watch it on")
    assert commands(stage) == [
        ReopenSchedule(invoice="CM-22003", schedule_id="SOR-7", by=WHO, reason="it was another one")
    ]


def test_an_alert_is_closed_and_a_mark_taken_back_with_a_reason(watched: Stage) -> None:
    press_on_page(watched, "Close the alert")
    assert "its amount leaves Outside and At risk" in " ".join(labels(watched))
    watched.type_reason("Refunded")
    watched.press("Close it")
    watched.window.sor_flows.unmark(sor_board().rows[0])
    watched.type_reason("A slip")
    watched.press("Take it back")
    assert commands(watched) == [
        CloseSorAlert(key=OUTSIDE.key, by=WHO, reason="Refunded"),
        UnmarkSchedule(invoice="CM-22002", by=WHO, reason="A slip"),
    ]


def test_closing_an_alert_without_money_speaks_of_no_sum(watched: Stage) -> None:
    watched.window.sor_flows.close_alert(replace(OUTSIDE, kind=SorKind.REFERENCE_CHANGED))
    said = " ".join(labels(watched))
    assert "you will not be warned about this again. Closing it does not stop Apxium" in said
    watched.sheet().reject()


def test_a_debit_date_is_saved_for_a_calendar(watched: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    names = iter(["/tmp/dates.ics", ""])  # noqa: S108 - nothing is written here
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (next(names), ""))
    press_on_page(watched, "Put into a calendar")
    press_on_page(watched, "Put into a calendar")
    assert commands(watched) == [WriteCalendar(path=Path("/tmp/dates.ics"), keys=(OUTSIDE.key,))]  # noqa: S108


def test_what_is_left_to_do_is_ticked(watched: Stage) -> None:
    page = watched.window.tabs.sor
    page.go_to_invoice("CM-22003")
    page.card.left_button.click()
    sheet = watched.sheet()
    assert isinstance(sheet, EndingSheet)
    assert sheet.left.text() == "1 of 2 steps left to do"
    assert [plain(box.text()) for box in sheet.boxes.values()] == ["CM-22003, 200.00", "Schedule SOR-7"]
    sheet.boxes["outstanding:CM-22003"].setChecked(True)
    assert sheet.left.text() == "All of it is done."
    sheet.boxes["recouped"].setChecked(False)
    watched.press("Close")
    assert commands(watched) == [
        TickEnding(schedule_id="SOR-7", key="outstanding:CM-22003", by=WHO),
        TickEnding(schedule_id="SOR-7", key="recouped", by=WHO, is_done=False),
    ]
    watched.window.sor_flows.show_left(sor_board().rows[0])
    assert not watched.has_sheet()


def test_the_balance_of_the_clearing_account_is_kept(watched: Stage) -> None:
    press_on_page(watched, "Clearing account")
    sheet = watched.sheet()
    assert isinstance(sheet, ClearingSheet)
    assert not sheet.keep.isEnabled()
    assert "Taken back" in {found.text() for found in sheet.findChildren(QLabel)}
    sheet.balance.setText("nothing")
    assert not sheet.keep.isEnabled()
    sheet.balance.setText("$1,234.50")
    watched.press("Keep the balance")
    assert commands(watched) == [SayClearingBalance(amount=aud("1234.50"), on=date(2026, 11, 24), by=WHO)]


def test_a_schedule_is_typed_in_as_apxium_shows_it(watched: Stage) -> None:
    press_on_page(watched, "Enter schedule")
    assert accept_of(watched, "Take the schedule").toolTip() == "Enter what Apxium calls it."
    field(watched, "What Apxium calls the schedule").setText("SR-1")
    assert accept_of(watched, "Take the schedule").toolTip() == "Enter name and instalments."
    lines = watched.sheet().findChild(QPlainTextEdit)
    assert lines is not None
    lines.setPlainText("soon 300")
    assert "Line 1 is no instalment" in accept_of(watched, "Take the schedule").toolTip()
    lines.setPlainText("1 Dec 2026  300.00\n1/1/2027\t$300.00 CM-103")
    field(watched, "Invoice number").setText("CM-102")
    assert "2 instalments, 600.00 together." in labels(watched)
    watched.press("Take the schedule")
    (taken,) = commands(watched)
    assert isinstance(taken, TakeSchedules)
    assert (taken.source, [line.invoice for line in taken.lines]) == (ScheduleSource.ENTERED, ["CM-102", "CM-103"])


def test_typed_lines_are_read_or_refused_by_number() -> None:
    lines = typed_lines("\n2026-12-01 300\n", " SR ", " CM-1 ", "AUD", "900")
    assert [(line.line, line.schedule, line.invoice) for line in lines] == [(2, "SR", "CM-1")]
    assert lines[0].disbursed == Money.of(900, "AUD")
    with pytest.raises(NotUnderstoodError, match="Line 2 is no instalment"):
        typed_lines("1/12/2026 3\n1/12/2026", "SR", "", "AUD")
    assert typed_amount("a lot", "AUD") is None


def open_import(stage: Stage, read: ScheduleList = READ, found: SorImport = FOUND) -> ImportSheet:
    stage.fake.schedule_list, stage.fake.schedules_taken = read, found
    stage.window.sor_flows.read_list(Path("list.csv"))
    stage.settle()
    stage.settle()
    sheet = stage.sheet()
    assert isinstance(sheet, ImportSheet)
    return sheet


def test_a_list_is_shown_before_it_is_taken(watched: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    watched.fake.schedule_list, watched.fake.schedules_taken = READ, FOUND
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: ("list.csv", ""))
    press_on_page(watched, "Import list")
    watched.settle()
    sheet = watched.sheet()
    assert isinstance(sheet, ImportSheet)
    assert sheet.summary.text() == (
        "4 lines: 1 schedule to take (SOR-7 300.00), 1 known already, of which nothing changes, "
        "1 not taken until the list is corrected (SR-2)."
    )
    first, *_ = sheet.model.shown_rows()
    # What is wrong with the schedule as a whole stands beside its first line.
    assert (first.line.line, first.why) == (3, "Xero has no invoice CM-9. Its lines name two payers.")
    what = {row.line.line: sheet.model.columns[-1].text(row) for row in sheet.model.shown_rows()}
    assert list(what) == [3, 2, 4, 5]
    assert (what[2], what[5]) == ("taken by the button below", "nothing: it is known already, and stays as it is")
    assert what[4] == "nothing here: it waits for the other lines of its schedule"
    assert sheet.first_lines.isHidden()
    watched.press("Take 1 schedule")
    read, preview, taken = commands(watched)
    assert read == ReadScheduleList(path=Path("list.csv"))
    assert (preview, taken) == (
        TakeSchedules(lines=LINES, by=WHO, is_preview=True),
        TakeSchedules(lines=LINES, by=WHO),
    )
    # What was not taken is told, with every line.
    assert any("Line 3: Xero has no invoice CM-9." in words for words in labels(watched))


def test_no_file_is_no_import(watched: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: ("", ""))
    press_on_page(watched, "Import list")
    assert not watched.has_sheet()


def test_another_column_reads_the_list_anew_and_is_kept(watched: Stage) -> None:
    sheet = open_import(watched)
    sheet.choices[ListColumn.SCHEDULE].setCurrentIndex(0)
    watched.settle()
    watched.settle()
    again = watched.sheet()
    assert isinstance(again, ImportSheet)
    assert again is not sheet
    chosen = {ListColumn.INVOICE: "Our no", ListColumn.DUE_ON: "When", ListColumn.AMOUNT: "Amount"}
    assert ReadScheduleList(path=Path("list.csv"), columns=chosen, is_whole=True) in commands(watched)
    watched.press("Take 1 schedule")
    kept = {"Our no": ListColumn.INVOICE, "When": ListColumn.DUE_ON, "Amount": ListColumn.AMOUNT}
    assert KeepHeadings(kept) in commands(watched)


def test_a_list_of_which_nothing_can_be_taken_says_why(watched: Stage) -> None:
    samples = (("SR-1", "CM-1", "soon", ""), ("SR-1", "CM-1", "later", "10"))
    lacking = replace(READ, missing=(ListColumn.DUE_ON,), lines=(), samples=samples)
    sheet = open_import(watched, lacking, SorImport())
    # Without the cells nobody could say which column holds what.
    assert sheet.first_lines.text().splitlines() == [
        "Schedule | Our no | When | Amount",
        "SR-1 | CM-1 | soon | -",
        "SR-1 | CM-1 | later | 10",
    ]
    assert sheet.summary.text() == "Say above which column holds: due date."
    assert sheet.take.toolTip() == "Say first which column holds what."
    sheet.reject()
    assert watched.window.sor_flows.sheet is None
    known = open_import(watched, READ, SorImport(unchanged=("SR-1",)))
    assert known.take.toolTip() == "All of it is known already."
    known.reject()
    wrong = open_import(watched, READ, SorImport(refused=("SR-1",)))
    assert wrong.take.toolTip().startswith("Correct the lines")
    assert preview_lines(READ, FOUND)[2].is_refused
    many = SorImport(refused=tuple("abcdef"))
    assert summary_of(READ, many).endswith("(a, b, c, d…).")
    taken = SorImport(accepted=tuple(replace(ENDED, schedule_id=name, total=aud("5")) for name in "abcdef"))
    assert "6 schedules to take (a 5.00, b 5.00, c 5.00, d 5.00…)" in summary_of(READ, taken)


def test_the_clearing_account_of_many_schedules_leaves_its_field_in_view(watched: Stage) -> None:
    board = sor_board()
    assert board.clearing is not None
    many = replace(board.clearing, lines=tuple(board.clearing.lines[1] for _ in range(300)))
    sheet = ClearingSheet(many, "AUD", date(2026, 11, 24), lambda *_: None, watched.window)
    sheet.open()
    watched.settle()
    assert sheet.height() < 900
    assert sheet.balance.visibleRegion().boundingRect().height() > 10
    sheet.reject()


def test_many_bad_lines_are_told_in_short(watched: Stage) -> None:
    bad = tuple(BadLine(line=n, schedule="SR-2", why="Its lines name two payers.") for n in range(9))
    watched.fake.schedules_taken = SorImport(refused=("SR-2",), bad=bad)
    watched.window.sor_flows._taken(watched.fake.schedules_taken)
    assert any("And 3 more." in words for words in labels(watched))


def test_a_mail_server_is_set_up_and_tried(watched: Stage) -> None:
    press_on_page(watched, "Mail")
    sheet = watched.sheet()
    assert isinstance(sheet, MailSheet)
    assert sheet.save.toolTip() == "Enter server, sender and recipients."
    sheet.host.setText("smtp.firm.example")
    sheet.kind.setCurrentIndex(1)
    sheet.port.setText("2465")
    sheet.login.setText("desk")
    sheet.password.setText("s3cret")
    sheet.from_.setText("desk@firm.example")
    sheet.recipients.setText("ann@firm.example; bob@firm.example, ann@firm.example")
    watched.press("Keep and send a test")
    watched.settle()
    watched.settle()
    kept = MailSettings(
        host="smtp.firm.example",
        port=2465,
        encryption=Encryption.TLS,
        login="desk",
        sender="desk@firm.example",
        recipients=("ann@firm.example", "bob@firm.example"),
    )
    assert watched.fake.calls == [("set_mail", kept, "s3cret"), ("send_test_mail",)]
    assert (sheet.told.text(), sheet.password.text()) == ("Kept.", "")
    sheet.save.click()
    watched.settle()
    assert watched.fake.calls[-1] == ("set_mail", kept, None)
    assert not watched.has_sheet()


def test_mails_are_switched_off_and_trouble_with_them_leads_here(make_stage: MakeStage) -> None:
    alert = Alert(
        key="mail-passing",
        kind=AlertKind.MAIL,
        rule=Rule.S4,
        explanation="1 warning was not sent.",
        next_step="It is tried again.",
        raised_at=datetime(2026, 11, 24, tzinfo=UTC),
    )
    stage = make_stage(replace(firm_view(), alerts=(alert,)))
    stage.fake.settings = Settings(mail=MAIL)
    stage.window.desk.refresh()
    stage.settle()
    stage.fake.calls.clear()
    (band,) = stage.window.bands.bands
    assert [b.text() for b in band.findChildren(QPushButton)] == ["Mail…"]
    band.pressed.emit()
    stage.press("Send no mails any more")
    stage.settle()
    assert stage.fake.calls == [("set_mail", MailSettings(), None)]


def test_a_test_that_fails_says_so_in_the_window(watched: Stage) -> None:
    press_on_page(watched, "Mail")
    sheet = watched.sheet()
    assert isinstance(sheet, MailSheet)

    def refuse(_: object) -> str:
        raise MailError("The mail server refused the login.", "Look at the password.")

    watched.fake.answer(SendTestMail.handled_by(refuse))
    sheet.host.setText("smtp.firm.example")
    sheet.from_.setText("desk@firm.example")
    sheet.recipients.setText("ann@firm.example")
    watched.press("Keep and send a test")
    watched.settle()
    watched.settle()
    assert any("refused the login" in band.text for band in watched.window.bands.bands)


def test_the_tray_says_notices_after_a_check_where_there_is_a_tray(
    watched: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    notice = SorNotice(
        key="n1",
        kind=SorNoticeKind.FOUND,
        schedule_id="A",
        invoice_number="CM-22002",
        on=date(2026, 11, 24),
        title="t",
        text="t",
        alert_key=OUTSIDE.key,
    )
    watched.fake.sor_notices = (notice,)
    watched.window.desk.check()
    watched.settle()
    assert commands(watched) == []
    monkeypatch.setattr(type(watched.window.tray), "is_there", property(lambda _: True))
    for _ in range(2):
        watched.window.desk.check()
        watched.settle()
        watched.settle()
    asked = [c for c in commands(watched) if isinstance(c, TakeSorNotices)]
    assert [c.way for c in asked] == [NoticeWay.TRAY] * 2
    assert SaidSorNotices(way=NoticeWay.TRAY, keys=("n1",)) in commands(watched)
    last = watched.window.tray.last_notice
    assert last is not None
    assert last.title == "SOR invoice: another payment, day 3 of 7"
    assert [c.is_quiet for c in asked] == [False, False]


def test_a_reminder_is_due_whether_or_not_xero_is_checked(watched: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """Checks may be paused for days, or made in working hours only."""
    hourly = watched.window.teller.hourly
    assert (hourly.isActive(), hourly.interval()) == (True, 3_600_000)
    hourly.timeout.emit()
    assert commands(watched) == []
    monkeypatch.setattr(type(watched.window.tray), "is_there", property(lambda _: True))
    watched.fake.settings = replace(watched.fake.settings, mail=MAIL)
    watched.window.desk.refresh()
    watched.settle()
    hourly.timeout.emit()
    watched.settle()
    assert commands(watched) == [TakeSorNotices(way=NoticeWay.TRAY), MailSorNotices()]
    quiet = replace(firm_view(), sor=replace(sor_board(), alerts=()))
    watched.fake.desk_view = quiet
    watched.window.desk.refresh()
    watched.settle()
    watched.fake.calls.clear()
    hourly.timeout.emit()
    assert commands(watched) == []


def test_the_watch_is_asked_as_in_quiet_hours_where_they_are_set(
    watched: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type(watched.window.tray), "is_there", property(lambda _: True))
    notices = NoticeSettings(quiet_from=time(0), quiet_to=time(23, 59))
    watched.fake.settings = replace(watched.fake.settings, notices=notices)
    watched.window.desk.refresh()
    watched.settle()
    watched.window.desk.check()
    watched.settle()
    watched.settle()
    assert [c.is_quiet for c in commands(watched) if isinstance(c, TakeSorNotices)] == [True]


def test_what_waited_for_the_end_of_quiet_time_stood_in_the_summary(
    watched: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the watch keeps quiet hours, one notice says in the morning what came; the watch does not say it again."""
    monkeypatch.setattr(type(watched.window.tray), "is_there", property(lambda _: True))
    watched.fake.settings = replace(watched.fake.settings, sor=SorSettings(breaks_quiet_hours=False))
    plain = SorNotice(
        key="n1",
        kind=SorNoticeKind.REMINDER,
        schedule_id="A",
        invoice_number="CM-22002",
        on=date(2026, 11, 25),
        title="",
        text="",
        alert_key=OUTSIDE.key,
    )
    tray, now = watched.window.tray, watched.window.now()
    board = tray.board
    assert not board.has_summed_up(plain, now)
    board.quiet_on = now.astimezone().date()
    watched.window.desk.refresh()
    watched.settle()
    board.quiet_on = None
    assert board.summary(now + timedelta(hours=1)) is None
    assert board.summary(now + timedelta(hours=2)) is None, "the standing one is no news on the same day"
    assert not board.has_summed_up(plain, now), "nothing was said, so the watch says it"
    later = [now]
    for clock in (watched.window.teller, tray):
        monkeypatch.setattr(clock, "_now", lambda: later[-1])
    for hours in (24, 25):
        later.append(now + timedelta(hours=hours))
        tray.show_state(watched.window.desk.content)
    assert tray.last_notice is not None
    assert "1 invoice of the SOR watch" in tray.last_notice.title
    passed = replace(plain, key="n2", kind=SorNoticeKind.PASSED)
    watched.fake.sor_notices = (plain,)
    tray.last_notice = None
    watched.window.desk.check()
    watched.settle()
    watched.settle()
    assert tray.last_notice is None
    assert SaidSorNotices(way=NoticeWay.TRAY, keys=("n1",)) in commands(watched)
    watched.fake.sor_notices = (plain, passed)
    watched.window.desk.check()
    watched.settle()
    watched.settle()
    assert tray.last_notice is not None


def test_the_newest_hash_is_mailed_from_the_mail_sheet_once_a_server_is_set_up(watched: Stage) -> None:
    watched.fake.settings = replace(watched.fake.settings, mail=MAIL)
    watched.window.desk.refresh()
    watched.settle()
    press_on_page(watched, "Mail")
    watched.press("Mail the audit hash")
    watched.settle()
    assert watched.fake.calls[-1] == ("send_hash",)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (
            {},
            "10.00 more than the 200.00 that is expected. CM-22002 is not counted, because it is not known what",
        ),
        (
            {"is_complete": True, "expected_then": Money.of("250.00", "AUD")},
            "40.00 less than the schedules left by then",
        ),
        ({"is_complete": True, "expected_then": Money.of("210.00", "AUD")}, "as much as the schedules left by then."),
        ({"expected": Money.of("200.00", "NZD")}, "another currency, so it is not compared."),
    ],
)
def test_the_clearing_account_says_by_how_much_it_is_apart(changes: dict[str, Any], said: str) -> None:
    clearing = sor_board().clearing
    assert clearing is not None
    assert said in " ".join(_findings(replace(clearing, **changes)))
    assert (
        "15.00 of 20 Nov 2026, which pays CM-22002 in Xero from another account and is in none of these figures"
        in " ".join(_findings(clearing))
    )


def test_what_is_added_up_without_all_schedules_names_them() -> None:
    clearing = sor_board().clearing
    assert clearing is not None
    unknown, known = clearing.lines
    assert _together(clearing) == "Together, without CM-22002"
    assert _together(replace(clearing, lines=(known,))) == "Together"
    assert _together(replace(clearing, lines=(unknown,) * 3)) == "Together, without 3 that are not known"
