"""What the window asks and says around decisions: nothing to do, verification, the workbook, the keys."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QAbstractButton, QApplication, QFileDialog, QLabel, QMenu

from cmxero_desktop.services.records.decisions import flags_seen
from cmxero_desktop.services.records.reports import DecisionReport, VerifyReport
from cmxero_desktop.services.verbs.commands.deciding import Approve
from cmxero_desktop.services.verbs.commands.diagnosing import Verify
from cmxero_desktop.ui.sheets.shortcut_sheet import ShortcutSheet
from tests.ui.conftest import MakeStage, Stage
from tests.ui.views import view_of


def _words(stage: Stage) -> str:
    return "\n".join(label.text() for label in stage.sheet().findChildren(QLabel))


def test_nothing_to_do_opens_nothing_and_asks_nothing(make_stage: MakeStage) -> None:
    stage = make_stage(view_of((), (), polled_at=None))
    flows, content = stage.window.flows, stage.window.desk.content
    assert content is not None
    flows.approve_ticked([])
    flows.writing.apply(content)
    flows.writing.undo([])
    flows.writing.tie_out(content)
    flows.writing.tie_out(None)
    stage.settle()
    assert not stage.has_sheet()
    assert stage.fake.calls == []


def test_verification_says_that_everything_holds(stage: Stage) -> None:
    stage.window.flows.writing.verify()
    stage.settle()
    assert "6 audit entries and 55 invoices were verified: nothing altered was found." in _words(stage)


def test_verification_that_found_something_says_what_to_do(stage: Stage) -> None:
    report = VerifyReport(audit_entries=6, invoices=55, findings=("Entry 4 was changed.", "Entry 5 is missing."))
    stage.fake.answer(Verify.handled_by(lambda _: report))
    stage.window.flows.writing.verify()
    stage.settle()
    assert "- Entry 4 was changed.\n- Entry 5 is missing." in _words(stage)
    assert "Approve nothing; contact support." in _words(stage)


def test_the_workbook_goes_where_the_person_says_and_the_window_says_so(stage: Stage, tmp_path: Path) -> None:
    said: list[str] = []
    stage.window.flows.said.connect(said.append)
    stage.window.flows.writing.export()
    dialog = stage.window.findChild(QFileDialog)
    assert dialog is not None
    dialog.fileSelected.emit(str(tmp_path / "out.xlsx"))
    dialog.close()
    QApplication.processEvents()
    stage.settle()
    assert stage.fake.calls == [("export", tmp_path / "out.xlsx")]
    assert said == [f"Saved {tmp_path / 'out.xlsx'}"]


@pytest.mark.parametrize(("title", "name"), [("Tie-out as PDF…", "tie-out.pdf"), ("For the auditor…", "auditor.zip")])
def test_the_statement_and_the_auditor_s_bundle_go_where_the_person_says(
    stage: Stage, tmp_path: Path, title: str, name: str
) -> None:
    entries = [action for menu in stage.window.menuBar().findChildren(QMenu) for action in menu.actions()]
    entry = next(action for action in entries if action.text().replace("&", "") == title)
    entry.trigger()
    dialog = stage.window.findChild(QFileDialog)
    assert dialog is not None
    assert dialog.defaultSuffix() == name[-3:]
    dialog.fileSelected.emit(str(tmp_path / name))
    dialog.close()
    QApplication.processEvents()
    stage.settle()
    assert stage.fake.calls == [("export", tmp_path / name)]


def test_the_sheet_of_keys_is_made_of_the_menus(stage: Stage) -> None:
    stage.window.wishes.show_keys()
    sheet = stage.sheet()
    assert isinstance(sheet, ShortcutSheet)
    keys = dict(sheet.lines)
    assert keys["Space"] == "Tick the row"
    assert len(keys) == len(sheet.lines), "two things on one key"
    assert any(does.startswith("Undo") for does in keys.values())
    assert not [does for does in keys.values() if "&" in does]
    # Keys that stand on buttons alone are among them, and no word of what a key does is cut.
    buttons = [b.shortcut().toString() for b in stage.window.findChildren(QAbstractButton) if b.isVisible()]
    on_buttons = [key for key in buttons if key and not key.startswith("Alt+")]
    assert on_buttons
    assert {key for key in on_buttons if key not in keys} == set()
    words = [made for made in sheet.findChildren(QLabel) if made.text() in keys.values()]
    assert len(words) >= len(keys)
    assert [made.text() for made in words if made.width() < made.fontMetrics().horizontalAdvance(made.text())] == []
    assert sheet.width() <= 960
    stage.press("Close")
    assert not stage.has_sheet()


def test_a_name_may_be_corrected_without_a_decision(stage: Stage) -> None:
    stage.window.flows.ask_for_name()
    stage.type_reason("R. Patel")
    stage.press("That is me")
    stage.go_to("CM-10234")
    stage.window.evidence.approve_button.click()
    stage.settle()
    assert stage.fake.calls == [("approve", stage.ids("CM-10234"), "R. Patel", "")]


def test_a_yes_says_which_flags_stood_on_screen(stage: Stage) -> None:
    """So that what a check finds while a question is open is never approved unseen."""
    asked: list[Approve] = []

    def approve(command: Approve) -> DecisionReport:
        asked.append(command)
        return DecisionReport()

    stage.fake.answer(Approve.handled_by(approve))
    stage.go_to("CM-10160")
    stage.window.evidence.approve_button.click()
    stage.press("Approve addition")
    stage.settle()
    (row,) = (row.stored for row in stage.fake.desk_view.review if row.row_id in stage.ids("CM-10160"))
    assert row.proposal.remarks
    assert [command.seen for command in asked] == [flags_seen([row])]


def test_a_batch_that_the_view_lost_is_undone_in_history(stage: Stage) -> None:
    stage.window.flows.writing.undo_batch(["p-gone"])
    assert not stage.has_sheet()
    assert "undo them in History" in stage.window.strip.busy.text()
