"""The window shows what others copied late, missed or doubled, and the way back to approving beside it."""

from dataclasses import replace

from PySide6.QtWidgets import QPushButton

from cmxero_desktop.domain.copying import CopyingByOthers, CopyingRow, Fault, Good
from cmxero_desktop.domain.identifiers import CasePaymentId, XeroPaymentId
from cmxero_desktop.services.records.alerts import QUICK_COPIES_KEY, AlertKind
from cmxero_desktop.services.records.settings import Mode
from cmxero_desktop.ui.sheets.copying_sheet import CopyingSheet
from tests.ui.conftest import MakeStage, Stage
from tests.ui.sheets.test_mode import WRITER
from tests.ui.views import aud, day, firm_view

ROWS = tuple(
    CopyingRow(
        what=fault,
        invoice_number=f"CM-1016{number}",
        amount=aud("400.00"),
        paid_on=day(20),
        explanation="Entered in Xero on 20 Nov 2026, and not in Case Manager a day later.",
        xero_id=XeroPaymentId("P1") if fault is not Fault.DOUBLED else None,
        case_id=CasePaymentId(7),
    )
    for number, fault in enumerate(Fault)
)
GOOD = tuple(replace(ROWS[1], what=what, xero_id=XeroPaymentId(f"G{what}")) for what in Good)
REPORT = CopyingByOthers(rows=ROWS, good=GOOD)


def opened(stage: Stage) -> CopyingSheet:
    stage.window.wishes.show_copying()
    stage.settle()
    sheet = stage.sheet()
    assert isinstance(sheet, CopyingSheet)
    return sheet


def test_figures_and_rows_are_shown(stage: Stage) -> None:
    stage.fake.copying = REPORT
    sheet = opened(stage)
    assert sheet.figures.text() == "2 copied by others, 1 of them late; 1 may still come; 1 missed, 1 doubled."
    assert [row.what for row in sheet.model.shown_rows()] == list(Fault)
    for column in range(sheet.model.columnCount()):
        sheet.model.sort(column)
    assert not any(b.text().startswith("Go back") for b in sheet.findChildren(QPushButton)), "nothing to go back from"


def test_the_payments_behind_each_figure_are_listed(stage: Stage) -> None:
    stage.fake.copying = REPORT
    sheet = opened(stage)
    listed: dict[str, list[str]] = {}
    for at in range(sheet.which.count()):
        sheet.which.setCurrentIndex(at)
        listed[sheet.which.itemText(at)] = [row.what.value for row in sheet.model.shown_rows()]
    assert listed == {
        "What went wrong (3)": ["late", "missed", "doubled"],
        "Copied by others (2)": ["late", "in time"],
        "May still come (1)": ["may still come"],
        "All of it (5)": ["late", "missed", "doubled", "in time", "may still come"],
    }


def test_a_warning_about_another_writer_leads_there_and_on_to_the_way_back(make_stage: MakeStage) -> None:
    view = firm_view()
    stage = make_stage(replace(view, alerts=(WRITER, *view.alerts)))
    stage.window.wishes.show_alert(WRITER)
    stage.settle()
    assert isinstance(stage.sheet(), CopyingSheet)
    stage.press("Go back to approving")
    assert stage.sheet().windowTitle() == "Go back to approving?"


def test_health_says_it_while_the_desk_only_observes(make_stage: MakeStage, stage: Stage) -> None:
    assert "Copied by others" not in stage.window.health.lines
    observing = make_stage(mode=Mode.OBSERVE)
    assert observing.window.health.lines["Copied by others"].text().startswith("0 copied by others")
    observing.fake.copying = REPORT
    observing.window.desk.check()
    observing.settle()
    assert observing.window.health.lines["Copied by others"].text().endswith("The rows: View, Copied by others.")


def test_a_warning_of_quick_copies_leads_there_and_a_person_can_answer_it(make_stage: MakeStage) -> None:
    quick = replace(WRITER, key=QUICK_COPIES_KEY, kind=AlertKind.QUICK_COPIES)
    stage = make_stage(replace(firm_view(), alerts=(quick,)))
    assert stage.window.header.mode.toolTip() == "Mode: Approve", "it only warns"
    stage.window.wishes.show_alert(quick)
    stage.settle()
    assert isinstance(stage.sheet(), CopyingSheet)
    stage.press("A person types them")
    stage.settle()
    assert ("typed", "J. Wu", "") in stage.fake.calls
