"""The window on a desk in memory, with a worker that the test drives step by step."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from cmxero_desktop.services.records.settings import Mode
from cmxero_desktop.services.viewing.desk_view import DeskView
from cmxero_desktop.ui.application.application import OpenWindow, application, open_window
from cmxero_desktop.ui.desk.preferences import MemoryPreferences
from cmxero_desktop.ui.desk.schedule import NoSchedule
from cmxero_desktop.ui.theme import zones
from cmxero_desktop.ui.widgets.sheet import Sheet
from cmxero_desktop.ui.window.window import DeskWindow
from tests.support.patience import HUNG_MS
from tests.ui.fake_desk import FakeDesk, StepWorker
from tests.ui.keys import assert_every_button_has_a_key
from tests.ui.views import NOW, firm_offset, firm_view


@dataclass
class Stage:
    """A window under test and everything around it."""

    opened: OpenWindow
    fake: FakeDesk
    worker: StepWorker
    preferences: MemoryPreferences
    schedule: NoSchedule

    @property
    def window(self) -> DeskWindow:
        return self.opened.window

    def settle(self) -> None:
        """Let the worker work and its results arrive."""
        self.worker.run()
        QApplication.processEvents()
        self.worker.run()
        QApplication.processEvents()

    def sheet(self) -> Sheet:
        """Return the sheet that is open, as it lies once what was shown in it has taken its room."""
        QApplication.processEvents()
        sheet = next(child for child in reversed(self.window.findChildren(Sheet)) if child.isVisible())
        cut = [b.text() for b in _buttons_of(sheet) if b.width() < b.sizeHint().width()]
        assert not cut, f"{sheet.windowTitle()}: the words of these buttons are cut: {cut}"
        assert_every_button_has_a_key(sheet)
        return sheet

    def has_sheet(self) -> bool:
        return any(child.isVisible() for child in self.window.findChildren(Sheet))

    def press(self, text: str) -> None:
        """Press a button of the open sheet by the beginning of its text."""
        found = [b for b in self.sheet().findChildren(QPushButton) if b.text().replace("&", "").startswith(text)]
        found[0].click()
        QApplication.processEvents()

    def type_reason(self, text: str) -> None:
        field = self.sheet().findChild(QLineEdit)
        assert field is not None
        field.setText(text)

    def tick(self, *numbers: str) -> None:
        """Tick rows of Review by invoice number."""
        rows = self.window.review.model.shown_rows()
        wanted = [i for i, row in enumerate(rows) if row.stored.proposal.invoice_number in numbers]
        self.window.review.model.set_ticked(wanted, is_ticked=True)

    def go_to(self, number: str) -> None:
        """Stand on a row of Review by invoice number."""
        rows = self.window.review.model.shown_rows()
        at = next(i for i, row in enumerate(rows) if row.stored.proposal.invoice_number == number)
        self.window.review.table.go_to(at)
        QApplication.processEvents()

    def ids(self, *numbers: str) -> tuple[str, ...]:
        """Return the proposal ids of invoices, in the order of the view."""
        review = self.fake.desk_view.review
        return tuple(row.row_id for row in review if row.stored.proposal.invoice_number in numbers)


def _buttons_of(sheet: Sheet) -> list[QPushButton]:
    return [button for button in sheet.findChildren(QPushButton) if button.isVisible()]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let the offscreen platform say that it has no window manager; it says so for every window and menu."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.qt_log_ignore("This plugin does not support"))


@pytest.fixture(autouse=True)
def _running() -> None:
    """Have Qt running before any test makes a widget, whichever is the first one in its process: it aborts without."""
    application()


@pytest.fixture(autouse=True)
def _at_the_firms_place(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let this computer's clock show the firm's time of day, as in an office it does."""
    monkeypatch.setattr(zones, "offset_here", firm_offset)


MakeStage = Callable[..., Stage]


@pytest.fixture
def make_stage(qtbot: QtBot) -> Iterator[MakeStage]:
    application()
    stages: list[Stage] = []

    def make(
        view: DeskView | None = None,
        *,
        mode: Mode = Mode.APPROVE,
        is_demo: bool = True,
        preferences: MemoryPreferences | None = None,
        schedule: NoSchedule | None = None,
    ) -> Stage:
        fake = FakeDesk(view or firm_view(), mode=mode)
        worker, preferences, schedule = StepWorker(), preferences or MemoryPreferences(), schedule or NoSchedule()
        opened = open_window(
            fake,
            on_worker=worker,
            approver="J. Wu",
            schedule=schedule,
            preferences=preferences,
            is_demo=is_demo,
            demo_actions=[("Payment deleted", lambda: fake.calls.append(("happened",)))] if is_demo else (),
            now=lambda: NOW,
        )
        stage = Stage(opened, fake, worker, preferences, schedule)
        stages.append(stage)
        stage.settle()
        opened.window.show()
        qtbot.waitExposed(opened.window, timeout=HUNG_MS)
        return stage

    yield make
    for stage in stages:
        stage.opened.close()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    QApplication.processEvents()
    assert [w for w in QApplication.topLevelWidgets() if isinstance(w, DeskWindow)] == []


@pytest.fixture
def stage(make_stage: MakeStage) -> Stage:
    return make_stage()
