"""The verbs of the SOR watch: what each asks of the desk, and what a script and a person get."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from cmxero_desktop.domain.money import Money
from cmxero_desktop.domain.sor.board import NO_BOARD
from cmxero_desktop.domain.sor.importing import BadLine, SorImport
from cmxero_desktop.domain.sor.notices import NoticeWay, SorNotice, SorNoticeKind
from cmxero_desktop.domain.sor.schedules import ScheduleSource, ScheduleState
from cmxero_desktop.services.verbs.commands.command import Command
from cmxero_desktop.services.verbs.commands.sor import (
    CloseSorAlert,
    EndSchedule,
    FailInstalment,
    MarkSchedule,
    ReopenSchedule,
    SaidSorNotices,
    SayClearingBalance,
    SayDisbursed,
    SetDebitDate,
    TakeSchedules,
    TakeSorNotices,
    TickEnding,
    UnmarkSchedule,
)
from tests.cli.conftest import Office
from tests.ui.sor_boards import ENDED, sor_board

NOTICE = SorNotice(
    key="a:found",
    kind=SorNoticeKind.FOUND,
    schedule_id="A",
    invoice_number="CM-1",
    on=date(2026, 11, 22),
    title="Day 1 of 7",
    text="Refund it.",
)


@pytest.fixture
def asked(office: Office) -> list[Command[Any]]:
    """Let the desk know a board, answer each command of the watch, and note it."""
    office.desk.desk_view = replace(office.desk.desk_view, sor=sor_board())
    found: list[Command[Any]] = []

    def said(command: Command[str]) -> str:
        found.append(command)
        return "Said."

    for kind in (
        MarkSchedule,
        UnmarkSchedule,
        EndSchedule,
        ReopenSchedule,
        FailInstalment,
        SetDebitDate,
        CloseSorAlert,
        TickEnding,
        SayDisbursed,
        SayClearingBalance,
    ):
        office.desk.answer(kind.handled_by(said))

    def taken(command: TakeSchedules) -> SorImport:
        found.append(command)
        return SorImport(
            accepted=(ENDED,),
            unchanged=("B",),
            refused=("C",),
            bad=(BadLine(line=3, schedule="C", why="No."), BadLine(line=0, schedule="C", why="Does not add up.")),
        )

    office.desk.answer(TakeSchedules.handled_by(taken))
    return found


def test_where_no_schedule_is_known_the_lists_are_empty_s1(office: Office) -> None:
    office.desk.desk_view = replace(office.desk.desk_view, sor=NO_BOARD)
    assert office.json("sor", "list") == []
    assert office.run("sor", "list") == 0
    assert office.out == "No SOR schedule is known.\n"
    assert office.json("sor", "left") == []
    assert office.run("sor", "clearing") == 0
    assert "No SOR schedule is known" in office.err


@pytest.mark.usefixtures("asked")
def test_the_list_has_a_row_for_each_invoice_with_its_alerts(office: Office) -> None:
    first, second, third = office.json("sor", "list")
    assert (first["invoice_number"], first["source"], first["state"]) == ("CM-22002", "clearing account", "active")
    assert (first["total"], first["written"], first["outside"]) == (None, "100.00", "1200.00")
    assert (first["debit_date"], first["at_risk"]) == ("2026-11-29", "1200.00")
    assert [alert["state"] for alert in first["alerts"]] == ["open"]
    assert second["instalments"] == [{"due_on": "2026-10-01", "amount": "300.00", "invoice_number": None}]
    assert third["debit_date"] is None
    office.run("sor", "list")
    assert "CM-22002  active, known by its clearing account: 100.00 written in 1, 1,200.00 outside" in office.out
    assert "Another payment, 1,200.00 at risk, open, day 3 of 7, debit 2026-11-29" in office.out
    assert "A payment typed in Case Manager, 90.00 at risk, closed\n" in office.out


@pytest.mark.usefixtures("asked")
def test_alerts_of_the_watch_stand_in_the_list_of_alerts_s4(office: Office) -> None:
    rows = office.json("list", "alerts")
    alert = next(row for row in rows if row["id"] == "CM-22002:payment:p9#1")
    fields = ("kind", "since", "day", "debit_date", "debit_date_is", "last_safe_day", "at_risk", "state")
    assert [alert[name] for name in fields] == [
        "sor_other_payment",
        "2026-11-22",
        3,
        "2026-11-29",
        "estimated",
        "2026-11-28",
        "1200.00",
        "open",
    ]
    assert (alert["xero_payment_id"], alert["case_payment_id"]) == ("p9", None)
    assert (alert["record_id"], alert["currency"], alert["changed_at"]) == ("p9", "AUD", None)
    told = ("xero_history_by", "xero_history_at", "xero_history_what")
    assert [alert[name] for name in told] == ["R. Patel", "2026-11-22T01:00:00+00:00", "Created"]
    typed = next(row for row in rows if row["kind"] == "sor_case_payment")
    assert [typed[name] for name in told] == [None] * 3
    assert (typed["case_payment_id"], typed["day"], typed["closed_by"]) == ("12", None, "Ann")
    assert {*fields} <= {*(key for row in rows for key in row)}
    assert all({*fields} <= row.keys() for row in rows)


@pytest.mark.parametrize(
    ("words", "command"),
    [
        (("mark", "CM-1", "--by", "Ann"), MarkSchedule(invoice="CM-1", by="Ann")),
        (("unmark", "1", "--by", "Ann", "--reason", "slip"), UnmarkSchedule(invoice="1", by="Ann", reason="slip")),
        (
            ("set-debit-date", "CM-1", "2026-12-01", "--by", "Ann"),
            SetDebitDate(invoice="CM-1", on=date(2026, 12, 1), by="Ann"),
        ),
        (("close", "1", "--by", "Ann"), EndSchedule(invoice="1", state=ScheduleState.CLOSED, by="Ann")),
        (
            ("close", "1", "--as", "cancelled", "--by", "Ann"),
            EndSchedule(invoice="1", state=ScheduleState.CANCELLED, by="Ann"),
        ),
        (
            ("reopen", "1", "--reason", "a mistake", "--by", "Ann"),
            ReopenSchedule(invoice="1", by="Ann", reason="a mistake"),
        ),
        (
            ("reopen", "1", "--schedule", "CM-1/2", "--reason", "a mistake", "--by", "Ann"),
            ReopenSchedule(invoice="1", schedule_id="CM-1/2", by="Ann", reason="a mistake"),
        ),
        (
            ("close", "1", "--alert", "a#1", "--reason", "done", "--by", "Ann"),
            CloseSorAlert(key="a#1", by="Ann", reason="done"),
        ),
        (
            ("failed", "1", "--retry", "2026-12-01", "--by", "Ann"),
            FailInstalment(invoice="1", retry_on=date(2026, 12, 1), by="Ann"),
        ),
        (("tick", "A", "recouped", "--by", "Ann"), TickEnding(schedule_id="A", key="recouped", by="Ann")),
        (
            ("tick", "A", "recouped", "--undone", "--by", "Ann"),
            TickEnding(schedule_id="A", key="recouped", by="Ann", is_done=False),
        ),
        (
            ("disbursed", "1", "1,000.00", "--by", "Ann"),
            SayDisbursed(invoice="1", amount=Money.of("1000.00", "AUD"), by="Ann"),
        ),
        (
            ("balance", "200", "--on", "2026-11-23", "--by", "Ann"),
            SayClearingBalance(amount=Money.of("200.00", "AUD"), on=date(2026, 11, 23), by="Ann"),
        ),
    ],
)
def test_each_verb_asks_for_its_command(
    office: Office, asked: list[Command[Any]], words: tuple[str, ...], command: Command[str]
) -> None:
    assert office.json("sor", *words) == {"said": "Said."}
    assert asked == [command]


def test_a_schedule_is_entered_with_its_instalments_s1(office: Office, asked: list[Command[Any]]) -> None:
    words = ("sor", "enter", "S", "--invoice", "1", "--instalment", "2026-12-01=100.00")
    status = office.run(*words, "--instalment", "2026-12-01=50@2", "--disbursed", "150", "--preview")
    assert status == 3
    (command,) = asked
    assert isinstance(command, TakeSchedules)
    assert (command.source, command.is_preview) == (ScheduleSource.ENTERED, True)
    lines = [(one.line, one.schedule, one.invoice, one.due_on, one.amount) for one in command.lines]
    assert lines == [
        (1, "S", "1", date(2026, 12, 1), Money.of("100.00", "AUD")),
        (2, "S", "2", date(2026, 12, 1), Money.of("50.00", "AUD")),
    ]
    assert office.out.splitlines() == [
        "1 would be taken, 1 known already, 1 refused.",
        "Line 3: No.",
        "Schedule C: Does not add up.",
    ]
    assert office.err == "Not taken: C.\n"
    assert office.json(*words)["bad_lines"][1] == {"line": None, "schedule": "C", "reason": "Does not add up."}


def test_a_list_without_a_bad_line_is_simply_taken(office: Office) -> None:
    office.desk.answer(TakeSchedules.handled_by(lambda _: SorImport(accepted=(ENDED,))))
    assert office.run("sor", "enter", "S", "--invoice", "1", "--instalment", "2026-12-01=100.00") == 0
    assert office.out == "1 taken, 0 known already, 0 refused.\n"


@pytest.mark.parametrize("text", ["2026-13-01=100", "2026-12-01=x", "2026-12-01", "2026-12-01=1.005"])
def test_an_instalment_that_cannot_be_read_is_named(office: Office, text: str) -> None:
    assert office.run("sor", "enter", "S", "--invoice", "1", "--instalment", text) == 1
    assert f"{text} is no instalment" in office.err


def test_an_amount_that_is_none_is_wrong_usage(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    assert office.run("sor", "disbursed", "1", "much") == 2
    assert "much is not an amount of money" in capsys.readouterr().err


@pytest.mark.usefixtures("asked")
def test_what_is_left_after_an_end_is_listed_with_ticks_s9(office: Office) -> None:
    first, second = office.json("sor", "left")
    assert (first["id"], first["amount"], first["done"]) == ("outstanding:CM-22003", "200.00", False)
    assert (second["done"], second["done_by"]) == (True, "Ann")
    office.run("sor", "left")
    assert office.out.splitlines()[1] == "[x] SOR-7 recouped: Enter its debit."
    office.desk.desk_view = replace(office.desk.desk_view, sor=NO_BOARD)
    office.run("sor", "left")
    assert "Nothing is left to do" in office.out


@pytest.mark.usefixtures("asked")
def test_the_clearing_check_names_balance_findings_and_what_is_parked_s6(office: Office) -> None:
    document = office.json("sor", "clearing")
    assert (document["expected"], document["balance"], document["difference"]) == ("200.00", "210.00", None)
    assert [line["expected"] for line in document["schedules"]] == [None, "200.00"]
    assert document["parked"][0]["xero_payment_id"] == "p8"
    office.run("sor", "clearing")
    assert "The schedules leave 200.00 on the SOR clearing account." in office.out


def test_notices_are_taken_printed_and_said(office: Office) -> None:
    said: list[object] = []
    office.desk.answer(TakeSorNotices.handled_by(lambda c: (NOTICE,) if not c.is_quiet else ()))
    office.desk.answer(SaidSorNotices.handled_by(said.append))
    (row,) = office.json("sor", "notices", "--way", "tray")
    assert (row["id"], row["title"], row["kind"]) == ("a:found", "Day 1 of 7", "found")
    assert said == [SaidSorNotices(way=NoticeWay.TRAY, keys=("a:found",))]
    office.run("sor", "notices", "--quiet")
    assert office.out == "Nothing is to be said now.\n"
