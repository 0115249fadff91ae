"""The wizard suggests a mapping: it asks what is open, checks the answers, and writes a file that it then takes."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from cmxero_desktop.domain.errors import CaseManagerError
from cmxero_desktop.services.records.mapping import MappingRequest, SuggestedMapping
from cmxero_desktop.ui.application.application import application
from cmxero_desktop.ui.desk.jobs import JobBridge
from cmxero_desktop.ui.widgets.parts import Choice
from cmxero_desktop.ui.wizard.database import DatabasePage
from cmxero_desktop.ui.wizard.mapping_sheet import MappingSheet
from tests.support.patience import HUNG_MS
from tests.ui.fake_desk import StepWorker
from tests.ui.fake_setup import FakeSetup
from tests.ui.keys import assert_every_button_has_a_key

ANSWERS = {
    "invoices.adjustments": "column:adjustments",
    "invoices.refunds": "none",
    "payments.journalled": "not_null:journal_no",
    "payments.multi_invoice": "shared:batch_id",
}


class Visit:
    """The page about the database with a sheet on it, and a person who works with it."""

    def __init__(self) -> None:
        application()
        self.setup, self.worker = FakeSetup(), StepWorker()
        self.bridge = JobBridge(self.worker)
        self.page = DatabasePage(self.setup, self.bridge)
        self.page.findChildren(Choice)[0].setCurrentIndex(3)
        self.page.file.setText("/srv/case.db")

    def settle(self) -> None:
        for _ in range(3):
            self.worker.run()
            QApplication.processEvents()

    def open(self) -> MappingSheet:
        self.page.suggest_button.click()
        self.settle()
        return self.sheet

    @property
    def sheet(self) -> MappingSheet:
        return self.page.findChildren(MappingSheet)[-1]

    def answer(self, answers: dict[str, str]) -> None:
        for key, answer in answers.items():
            self.sheet.blocks[key].choose(answer)
        self.sheet.check_button.click()
        self.settle()

    def requests(self) -> list[MappingRequest]:
        return [call[1] for call in self.setup.calls if isinstance(call[1], MappingRequest)]


@pytest.fixture
def visit(qtbot: QtBot) -> Iterator[Visit]:
    made = Visit()
    made.page.show()
    qtbot.waitExposed(made.page, timeout=HUNG_MS)
    yield made
    made.bridge.close()
    made.page.hide()
    made.page.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    QApplication.processEvents()


def test_what_is_open_is_asked_and_nothing_likely_is_taken(visit: Visit) -> None:
    sheet = visit.open()
    assert_every_button_has_a_key(sheet)
    assert list(sheet.blocks)[:4] == list(ANSWERS), "what is asked stands first"
    assert {sheet.blocks[key].answer for key in ANSWERS} == {""}
    assert sheet.blocks["invoices.adjustments"].reasons.text().startswith("Likely: the column adjustments of invoices")
    assert sheet.blocks["invoices.total"].answer == "total"
    assert sheet.write_button.toolTip() == "Answer what is asked first."
    assert sheet.check_button.toolTip() == "Nothing was answered since the last check."
    assert "4 questions to answer." in sheet.said.text()
    assert "The database fits with what is likely: 1,204 invoices" in sheet.said.text()


def test_answers_are_checked_without_reading_the_database_again_and_the_file_is_taken(
    visit: Visit, tmp_path: Path
) -> None:
    visit.open()
    first = visit.requests()[0]
    assert (first.url, first.schema) == ("sqlite:////srv/case.db", None)
    visit.sheet.blocks["invoices.refunds"].choose("none")
    assert visit.sheet.write_button.toolTip() == "Check the answers first."
    visit.answer(ANSWERS)
    assert visit.requests()[-1].answers == ANSWERS
    assert visit.requests()[-1].schema is not None
    assert visit.sheet.blocks["invoices.refunds"].answer == "none", "an answer stays where it was given"
    assert list(visit.sheet.blocks)[:4] == list(ANSWERS)
    visit.sheet.write_button.click()
    dialog = visit.sheet.findChildren(QFileDialog)[0]
    path = tmp_path / "firm.toml"
    dialog.fileSelected.emit(str(path))
    dialog.reject()
    visit.settle()
    name, made, asked = visit.setup.calls[-1]
    assert (name, asked) == ("write_mapping", path)
    assert isinstance(made, SuggestedMapping)
    assert made.suggestion.is_complete
    assert visit.page.mapping_name == str(path)
    assert visit.page.said.text() == f"{path} was written. Test the connection with it."
    assert visit.page.why_stay == "Test the database first."


def test_an_answer_of_ones_own_and_one_that_is_taken_back(visit: Visit) -> None:
    sheet = visit.open()
    block = sheet.blocks["payments.added_payment_type"]
    block.own_text.setText("Transfer")
    block.own_text.textEdited.emit("Transfer")
    assert block.answer == "Transfer"
    sheet.blocks["invoices.refunds"].choose("none")
    sheet.blocks["invoices.refunds"].choose("")
    visit.answer({})
    assert visit.requests()[-1].answers == {"payments.added_payment_type": "Transfer"}
    assert visit.sheet.blocks["payments.added_payment_type"].own_text.text() == "Transfer"
    visit.sheet.blocks["payments.added_payment_type"].choose("Cash")
    assert visit.sheet.blocks["payments.added_payment_type"].answer == "Cash"


def test_what_the_check_says_against_it_is_told(visit: Visit) -> None:
    visit.setup.problems = ("There is no table receipts.",)
    assert "The check says: There is no table receipts." in visit.open().said.text()


def test_a_database_that_cannot_be_read_is_said_and_leaves_nothing_to_write(visit: Visit) -> None:
    visit.setup.error = CaseManagerError("case.db cannot be opened.", "Check its name.")
    sheet = visit.open()
    assert sheet.said.text() == "case.db cannot be opened.\nCheck its name."
    assert sheet.write_button.toolTip() == "There is no mapping yet."
    assert sheet.check_button.isEnabled(), "it can be tried again"


def test_a_sheet_that_was_closed_meanwhile_hears_no_more(visit: Visit) -> None:
    visit.page.suggest_button.click()
    QApplication.processEvents()
    sheet = visit.sheet
    sheet.reject()
    visit.settle()
    assert visit.page.mapping.text() == ""


def test_there_is_nothing_to_suggest_for_before_a_database_is_named(visit: Visit) -> None:
    visit.page.file.setText("")
    assert not visit.page.suggest_button.isEnabled()
    assert visit.page.suggest_button.toolTip() == "Choose the database file."
