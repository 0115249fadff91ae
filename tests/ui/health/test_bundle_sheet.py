"""A diagnostics bundle is read before it is saved, and saved exactly as it was read."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QFileDialog

from cmxero_desktop.domain.errors import StoreError
from cmxero_desktop.services.records.reports import Bundle, BundleChoice, BundlePart
from cmxero_desktop.services.verbs.commands.diagnosing import MakeBundle
from cmxero_desktop.ui.health.bundle_sheet import BundleFlow, BundleSheet
from tests.ui.conftest import Stage


@pytest.fixture
def flow(stage: Stage) -> BundleFlow:
    return BundleFlow(stage.window.desk, stage.window)


@pytest.fixture
def sheet(stage: Stage, flow: BundleFlow) -> BundleSheet:
    flow.open()
    opened = stage.sheet()
    assert isinstance(opened, BundleSheet)
    return opened


def made(stage: Stage) -> list[object]:
    return [call[1] for call in stage.fake.calls if call[0] == "bundle"]


def test_nothing_is_ticked_and_nothing_can_be_saved_before_it_is_shown(stage: Stage, sheet: BundleSheet) -> None:
    assert not sheet.names.isChecked()
    assert not sheet.amounts.isChecked()
    assert not sheet.save.isEnabled()
    assert sheet.save.toolTip() == "The bundle is being made."
    stage.settle()
    assert made(stage) == [BundleChoice()]
    assert sheet.save.isEnabled()
    assert [sheet.files.item(row).text() for row in range(sheet.files.count())] == ["about.txt", "log.txt"]
    assert sheet.text.toPlainText() == "Passwords: never.\n"


def test_each_file_can_be_read_in_full(stage: Stage, sheet: BundleSheet) -> None:
    stage.settle()
    sheet.files.setCurrentRow(1)
    assert sheet.text.toPlainText() == "[name] paid [amount]\n"


def test_a_tick_makes_it_anew_and_stays_with_the_file_that_is_read(stage: Stage, sheet: BundleSheet) -> None:
    stage.settle()
    sheet.files.setCurrentRow(1)
    sheet.names.click()
    assert not sheet.save.isEnabled(), "what is shown is not what would be saved"
    stage.settle()
    assert made(stage)[-1] == BundleChoice(has_names=True)
    assert sheet.text.toPlainText() == "Brightside paid [amount]\n"
    sheet.amounts.click()
    stage.settle()
    assert sheet.text.toPlainText() == "Brightside paid 1,500.00\n"
    assert sheet.save.isEnabled()


def test_a_bundle_that_was_overtaken_by_a_tick_is_not_shown(stage: Stage, sheet: BundleSheet) -> None:
    stage.settle()
    sheet.amounts.click()
    sheet.show_bundle(Bundle((BundlePart("old.txt", "old"),)), BundleChoice())
    assert not sheet.save.isEnabled()
    stage.settle()
    assert sheet.files.item(0).text() == "about.txt"


def test_what_is_saved_is_what_was_read(
    stage: Stage, flow: BundleFlow, sheet: BundleSheet, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "open", lambda self: self.fileSelected.emit(str(tmp_path / "d.zip")))
    said: list[str] = []
    flow.said.connect(said.append)
    stage.settle()
    shown = stage.fake.run(MakeBundle(BundleChoice()))
    sheet.save.click()
    stage.settle()
    assert stage.fake.calls[-1] == ("write_bundle", shown, tmp_path / "d.zip")
    assert said == [f"Saved {tmp_path / 'd.zip'}"]
    assert not stage.has_sheet()


def test_a_bundle_that_could_not_be_written_leaves_the_sheet_open(
    stage: Stage, sheet: BundleSheet, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "open", lambda self: self.fileSelected.emit(str(tmp_path / "d.zip")))
    stage.settle()
    stage.fake.error = StoreError("The disk is full.", "Make room.")
    sheet.save.click()
    stage.settle()
    assert sheet.isVisible()


def test_a_bundle_that_comes_after_the_sheet_was_closed_is_shown_nowhere(stage: Stage, sheet: BundleSheet) -> None:
    sheet.cancel.click()
    stage.settle()
    QApplication.processEvents()
    assert not stage.has_sheet()


def test_the_focus_stands_on_cancel_and_every_control_has_a_name(sheet: BundleSheet) -> None:
    assert sheet.cancel.isDefault()
    assert sheet.files.accessibleName()
    assert sheet.text.accessibleName()
    assert "never a password" in sheet.accessibleDescription()
