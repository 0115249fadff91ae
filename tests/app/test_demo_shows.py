"""Whatever happens at the demo's firm, Show opens rows that are in sight, or the sheet in which it is mended."""

from collections.abc import Callable, Iterator
from functools import partial

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication

from cmxero_desktop.app.demo import Demo, open_demo
from cmxero_desktop.sandbox.firm.happenings import Event
from cmxero_desktop.sandbox.xero.messages import Json
from cmxero_desktop.services.verbs.commands.connecting import Pin, SignIn
from cmxero_desktop.ui.application.application import OpenWindow, application, open_window
from cmxero_desktop.ui.desk.preferences import MemoryPreferences
from cmxero_desktop.ui.widgets.sheet import Sheet
from cmxero_desktop.ui.widgets.table_view import DeskTable
from tests.ui.fake_desk import StepWorker

# Of these nothing stands in any table: what keeps Xero from being checked is in Health, and asked for in a sheet.
ELSEWHERE = {"sign_in_expired"}


def settle(worker: StepWorker) -> None:
    while worker.jobs:
        worker.run()
        QApplication.processEvents()


@pytest.fixture
def demo() -> Iterator[Demo]:
    with open_demo() as opened:
        yield opened


@pytest.fixture
def seat(demo: Demo) -> Iterator[tuple[OpenWindow, StepWorker, list[Event]]]:
    application()
    worker = StepWorker()
    events = list(demo.firm.happenings.events())
    opened = open_window(
        demo.opened.desk,
        on_worker=worker,
        approver="Ann",
        preferences=MemoryPreferences(),
        is_demo=True,
        now=demo.firm.xero.clock.now,
    )
    settle(worker)
    opened.window.resize(1440, 1000)
    opened.window.show()
    yield opened, worker, events
    opened.close()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    QApplication.processEvents()


@pytest.mark.allow_log
@pytest.mark.qt_log_ignore("This plugin does not support")
def test_show_after_every_event_has_what_came_of_it_in_sight(
    demo: Demo, seat: tuple[OpenWindow, StepWorker, list[Event]]
) -> None:
    opened, worker, events = seat
    window, story = opened.window, opened.window.story
    assert story is not None
    for event in events:
        window.header.search.setText("hides all of them")
        window.tabs.setCurrentIndex(6)
        story.happen(event.label, partial(number_of, event.happen))
        settle(worker)
        story.card.show_asked.emit()
        settle(worker)
        sheet = next((one for one in window.findChildren(Sheet) if one.isVisible()), None)
        if sheet is not None:
            assert event.name in ELSEWHERE, f"{event.label}: {sheet.windowTitle()}"
            sheet.reject()
            # What happens next is read again.
            demo.opened.desk.run(SignIn())
            demo.opened.desk.run(Pin(tenant_id=demo.firm.xero.tenant_id, by="Ann"))
            continue
        assert event.name not in ELSEWHERE, event.label
        assert_in_sight(opened, event.label, story.told_number)


def number_of(happen: Callable[[], Json]) -> str:
    return str(happen().get("invoice_number", ""))


def assert_in_sight(opened: OpenWindow, label: str, number: str) -> None:
    QApplication.processEvents()
    tabs = opened.window.tabs
    folds = [fold.table for fold in tabs.unmatched.folds if fold.table.isVisible()]
    table = folds[0] if folds else tabs.table()
    assert table is not None, label
    assert table.model().rowCount(), f"{label}: an empty list is shown"
    if table is tabs.health.runs:
        return
    assert isinstance(table, DeskTable)
    row = table.current_row()
    assert row is not None, f"{label}: no row is stood on"
    assert table.viewport().rect().contains(table.visualRect(table.currentIndex()).center()), label
    assert number.rstrip("AB") in str(row), f"{label}: {number} is not in {str(row)[:300]}"
