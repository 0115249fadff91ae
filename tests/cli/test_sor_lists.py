"""Imports lists of schedules and writes calendars, without a window."""

from dataclasses import replace
from pathlib import Path

import pytest

from cmxero_desktop.domain.sor.importing import BadLine, ListLine, SorImport
from cmxero_desktop.domain.sor.tables import ListColumn
from cmxero_desktop.services.records.sor_lists import ScheduleList
from cmxero_desktop.services.verbs.commands.sor import KeepHeadings, ReadScheduleList, TakeSchedules, WriteCalendar
from tests.cli.conftest import Office
from tests.ui.sor_boards import ENDED, OUTSIDE, sor_board

LINE = ListLine(line=2, schedule="SOR-7", invoice="CM-1", due_on=None, amount=None)
READ = ScheduleList(
    name="list.csv",
    headings=("Our no", "Due", "Amount"),
    columns={},
    missing=(),
    samples=(),
    lines=(LINE,),
    notes=("Dates are read with the day first.",),
)


@pytest.fixture
def asked(office: Office) -> list[object]:
    """Return what the desk was asked to do with lists."""
    found: list[object] = []

    def read(command: ReadScheduleList) -> ScheduleList:
        found.append(command)
        return READ

    def taken(command: TakeSchedules) -> SorImport:
        found.append(command)
        return SorImport(
            accepted=(ENDED,), refused=("C",), bad=(BadLine(line=3, schedule="C", why="Xero has no invoice CM-9."),)
        )

    def written(command: WriteCalendar) -> Path:
        found.append(command)
        return command.path

    office.desk.answer(ReadScheduleList.handled_by(read))
    office.desk.answer(TakeSchedules.handled_by(taken))
    office.desk.answer(KeepHeadings.handled_by(found.append))
    office.desk.answer(WriteCalendar.handled_by(written))
    return found


def test_a_list_is_taken_and_each_bad_line_named(office: Office, asked: list[object]) -> None:
    assert office.run("sor", "import", "list.csv", "--by", "Ann") == 3
    assert asked == [ReadScheduleList(path=Path("list.csv")), TakeSchedules(lines=(LINE,), by="Ann")]
    assert office.out == (
        "Dates are read with the day first.\n1 taken, 0 known already, 1 refused.\nLine 3: Xero has no invoice CM-9.\n"
    )
    document = office.json("sor", "import", "list.csv", "--preview")
    assert (document["accepted"], document["preview"], document["notes"]) == (["SOR-7"], True, list(READ.notes))


def test_a_column_is_said_once_and_kept(office: Office, asked: list[object]) -> None:
    office.run("sor", "import", "list.csv", "--column", "invoice=Our no", "--by", "Ann")
    assert asked[0] == ReadScheduleList(path=Path("list.csv"), columns={ListColumn.INVOICE: "Our no"})
    assert asked[-1] == KeepHeadings({"Our no": ListColumn.INVOICE})
    asked.clear()
    office.run("sor", "import", "list.csv", "--column", "invoice=Our no", "--preview")
    assert not any(isinstance(command, KeepHeadings) for command in asked)


def test_a_column_that_nobody_said_is_asked_for(office: Office, asked: list[object]) -> None:
    lacking = ScheduleList(
        name="list.csv",
        headings=("Our no", "", "Amount"),
        columns={},
        missing=(ListColumn.INVOICE, ListColumn.DUE_ON),
        samples=(),
        lines=(),
    )
    office.desk.answer(ReadScheduleList.handled_by(lambda _: lacking))
    assert office.run("sor", "import", "list.csv") == 1
    assert "names no column as: invoice number, due date. It has: Our no, Amount." in office.err
    assert '--column invoice="HEADING"' in office.err
    assert asked == []


@pytest.mark.parametrize("words", ["number=Our no", "invoice", "invoice= "])
def test_a_column_is_one_that_a_list_can_have(office: Office, asked: list[object], words: str) -> None:
    assert office.run("sor", "import", "list.csv", "--column", words) == 2
    assert asked == []


def test_debit_dates_go_into_a_calendar(office: Office, asked: list[object]) -> None:
    office.desk.desk_view = replace(office.desk.desk_view, sor=sor_board())
    assert office.json("sor", "calendar", "dates.ics") == {"file": "dates.ics"}
    assert office.run("sor", "calendar", "dates.ics", "CM-22002") == 0
    assert asked == [
        WriteCalendar(path=Path("dates.ics")),
        WriteCalendar(path=Path("dates.ics"), keys=(OUTSIDE.key,)),
    ]
    assert office.run("sor", "calendar", "dates.ics", "CM-1") == 1
    assert "No alert stands for CM-1." in office.err
