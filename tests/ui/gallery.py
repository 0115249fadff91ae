"""Open everything that the window and the wizard can show, one after the other: for pictures, and for whoever looks."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from unittest.mock import patch

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtGui import QAction, QDesktopServices
from PySide6.QtWidgets import QApplication, QFileDialog, QMenu, QPushButton, QTabWidget, QWidget

from cmxero_desktop.domain.errors import CaseManagerAwayError
from cmxero_desktop.domain.periods import Days
from cmxero_desktop.domain.proposals import ProposalKind
from cmxero_desktop.services.records.settings import Mode
from cmxero_desktop.services.viewing.desk_view import DeskView
from cmxero_desktop.ui.application.application import OpenWindow, open_window
from cmxero_desktop.ui.desk.content import load_content
from cmxero_desktop.ui.desk.jobs import JobBridge
from cmxero_desktop.ui.sheets.apply_sheet import ApplySheet
from cmxero_desktop.ui.sheets.cleanup_sheet import CleanupSheet
from cmxero_desktop.ui.sheets.connection_sheet import ConnectionSheet
from cmxero_desktop.ui.sheets.whole_sheet import WholeSheet
from cmxero_desktop.ui.theme import zones
from cmxero_desktop.ui.widgets.period_box import DaysSheet
from cmxero_desktop.ui.widgets.sheet import Sheet
from cmxero_desktop.ui.window.window import DeskWindow
from cmxero_desktop.ui.wizard.wizard import Wizard
from tests.ui.fake_desk import FakeDesk
from tests.ui.fake_setup import FakeSetup
from tests.ui.story import (
    READ,
    empty_view,
    failing_view,
    limited_view,
    observing_view,
    stale_view,
    story_desk,
    story_view,
    taken_from_list,
    totals_view,
)
from tests.ui.story_two import two_persons_desk
from tests.ui.views import NOW, firm_offset, view_of

Shown = tuple[str, QWidget]
"""A picture's name, and what it is to be taken of, which is shown until the next one is asked for."""

# They end or change what the pictures are of; the demo's events have nothing to show by themselves.
_LEFT_ALONE = {"Quit", "Start over", "Payment deleted in Xero", "Manual"}


def everything(size: tuple[int, int], *, is_brief: bool = False) -> Iterator[Shown]:
    """Yield all that can be seen: pages, their sheets, menus, empty and trouble states, and the wizard.

    Where it `is_brief`, what the menus open is opened from one page, and the states are left out.
    """
    with _nothing_outside():
        yield from _window_full(size, is_brief=is_brief)
        if is_brief:
            yield from _wizard()
            return
        yield from _states(size)
        yield from _who_did_it(size)
        yield from _wizard()


def settle() -> None:
    """Let layouts settle: a page's size is only known once its texts are wrapped.

    What was closed goes first, as it does where a loop runs: all of it would be dressed, laid out and looked through
    again with each window that comes.
    """
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    for _ in range(4):
        QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
        QApplication.processEvents()


def _window_full(size: tuple[int, int], *, is_brief: bool) -> Iterator[Shown]:
    desk = pictured_desk(story_view())
    opened = window_on(desk, size)
    window = opened.window
    for index in range(window.tabs.count()):
        stand_on(window, index)
        name = slug(window.tabs.tabText(index))
        yield f"page_{name}", window
        if window.tabs.look_button.isVisible():
            window.tabs.look_button.click()
            settle()
            yield f"looked_at_{name}", window
            window.side.go_back()
    stand_on(window, 0)
    for name, menu in _menus_of(window):
        # Not larger than a part of the screen is what Qt takes for one that is not popped up.
        menu.resize(menu.sizeHint())
        yield f"menu_{name}", menu
    window.tray.menu.resize(window.tray.menu.sizeHint())
    yield "menu_tray", window.tray.menu
    window.manual.open_at("The day")
    if window.manual.window is not None:
        settle()
        yield "manual", window.manual.window
    window.manual.close()
    seen: set[str] = set()
    for index in range(window.tabs.count()):
        yield from _fresh(_sheets_of_page(window, index, desk, with_menus=not (is_brief and index)), seen)
    yield from _fresh(_sheets_by_other_ways(window, desk), seen)
    opened.close()


def _sheets_of_page(window: DeskWindow, index: int, desk: FakeDesk, *, with_menus: bool) -> Iterator[Shown]:
    """Yield each sheet that a menu's entry or a button opens from a page, before anything was done."""
    untouched = desk.desk_view
    ways: list[Callable[[], object]] = [
        action.trigger for action in _actions_of(window) if action.isEnabled() and not action.isCheckable()
    ]
    for way in ways if with_menus else ():
        # What one way to a sheet filtered is not what the next one is pictured with.
        window.history.clear_filters()
        stand_on(window, index)
        way()
        yield from _open_sheets()
        _put_back(window, desk, untouched)
    stand_on(window, index)
    page = window.tabs.widget(index)
    for button in page.findChildren(QPushButton) if page is not None else ():
        stand_on(window, index)
        if button.isVisible() and button.isEnabled() and button.text():
            button.click()
            yield from _open_sheets()
            _put_back(window, desk, untouched)


def _put_back(window: DeskWindow, desk: FakeDesk, view: DeskView) -> None:
    """Take back what an entry without a sheet did, so that all pictures are of the same rows."""
    if desk.desk_view is not view:
        desk.desk_view = view
        window.desk.refresh()
        settle()


def _sheets_by_other_ways(window: DeskWindow, desk: FakeDesk) -> Iterator[Shown]:
    """Yield the sheets that need a row of their own kind, a list, or another sheet before them."""
    content = window.desk.content
    assert content is not None
    stand_on(window, 0)
    window.bell.open()
    yield from _open_sheets()
    for row in content.view.review:
        window.flows.linking.link(row.stored)
        yield from _open_sheets()
    adds = [row for row in content.to_approve if row.stored.proposal.kind is ProposalKind.ADD]
    window.flows.hold([row.stored for row in adds], NOW.date(), is_ticked=True)
    yield from _open_sheets()
    for index in (0, 3):
        stand_on(window, index)
        window.wishes.note_shown()
        yield from _open_sheets()
    stand_on(window, 0)
    for alert in content.view.alerts:
        window.wishes.show_alert(alert)
        yield from _open_sheets()
    for schedule in content.view.sor.rows:
        window.sor_flows.show_left(schedule)
        yield from _open_sheets()
    window.wishes.show_connection()
    settle()
    for connection in [each for each in _sheets() if isinstance(each, ConnectionSheet)]:
        connection.disconnect_button.click()
    yield from _open_sheets()
    desk.schedule_list, desk.schedules_taken = READ, taken_from_list()
    window.sor_flows.read_list(Path("list.csv"))
    yield from _open_sheets()
    DaysSheet(Days(date(2026, 11, 1), NOW.date()), window).open()
    yield from _open_sheets()
    window.wishes.clean_up()
    settle()
    for sheet in [each for each in _sheets() if isinstance(each, CleanupSheet)]:
        yield from _of_one(sheet)
        sheet.agreed.emit(frozenset(group.group for group in desk.cleanup.groups), frozenset(), "From before.")
        sheet.reject()
    yield from _open_sheets()
    window.wishes.open_apply()
    settle()
    for asked in [each for each in _sheets() if isinstance(each, ApplySheet)]:
        asked.accept()
    yield from _open_sheets()


def _states(size: tuple[int, int]) -> Iterator[Shown]:
    """Yield the window where there is nothing, nothing yet, or trouble."""
    alone = ("SRV02 does not answer.", "The approvals stay. Check again when the server is there.")
    views = {
        "first_run": view_of((), (), polled_at=None, runs=()),
        "empty": empty_view(),
        "empty_and_stale": empty_view(NOW - timedelta(hours=2)),
        "stale": stale_view(),
        "not_checking": failing_view(),
        "limit": limited_view(),
        "warning": totals_view(),
    }
    for name, view in views.items():
        # A fresh installation only observes until somebody says otherwise.
        opened = window_on(pictured_desk(view, Mode.OBSERVE if name == "first_run" else Mode.APPROVE), size)
        for index in range(opened.window.tabs.count() if name in {"first_run", "empty"} else 1):
            stand_on(opened.window, index)
            yield f"state_{name}_{slug(opened.window.tabs.tabText(index))}", opened.window
        if name == "limit":
            yield from _release(opened.window)
        opened.close()
    yield from _two_persons(size)
    opened = window_on(pictured_desk(observing_view(), mode=Mode.OBSERVE), size)
    yield "state_observe_only", opened.window
    opened.window.header.search.setText("nothing is called so")
    settle()
    yield "state_filter_hides_all", opened.window
    opened.window.header.search.clear()
    opened.window.desk.tell_uncaught(CaseManagerAwayError(*alone))
    settle()
    yield "state_trouble", opened.window
    opened.close()


def _two_persons(size: tuple[int, int]) -> Iterator[Shown]:
    """Yield Review where two persons have to say yes: what a colleague did, and the sheet of an undo."""
    opened = window_on(two_persons_desk(), size)
    window = opened.window
    stand_on(window, 0)
    row = next(row for row in window.review.model.shown_rows() if row.stored.half_by)
    window.review.table.go_to(window.review.model.position_of(row.row_id))
    settle()
    yield "state_two_persons", window
    window.wishes.rows.undo_wishes()
    settle()
    yield "state_two_persons_undo", window
    window.history.undo_button.click()
    yield from ((f"two_persons_{name}", sheet) for name, sheet in _open_sheets())
    opened.close()


def _who_did_it(size: tuple[int, int]) -> Iterator[Shown]:
    """Yield the row of a deleted payment after Xero was asked who deleted it."""
    opened = window_on(pictured_desk(story_view()), size)
    stand_on(opened.window, 0)
    opened.window.evidence.body.who.button.click()
    settle()
    yield "state_who_did_it", opened.window
    opened.close()


def _release(window: DeskWindow) -> Iterator[Shown]:
    """Yield the sheet that releases what a limit holds."""
    content = window.desk.content
    assert content is not None
    WholeSheet(content.to_approve, needs_reason=True, limit=content.removal_limit, parent=window).open()
    yield from _open_sheets()


def _wizard() -> Iterator[Shown]:
    bridge = JobBridge(lambda job: job())
    wizard = Wizard(FakeSetup(), bridge, date(2026, 11, 25))
    wizard.show()
    for at, page in enumerate(wizard.pages):
        if at:
            wizard._go(at)
        settle()
        yield f"wizard_{at + 1}_{slug(page.title)}", wizard
    wizard._go(2)
    wizard.database.server.setText("SRV02")
    wizard.database.database.setText("casemanager")
    wizard.database.suggest_button.click()
    yield from _open_sheets()
    bridge.close()
    wizard.hide()
    wizard.deleteLater()
    settle()


def pictured_desk(view: DeskView, mode: Mode = Mode.APPROVE) -> FakeDesk:
    """Return a desk whose every sheet tells of the same firm."""
    return story_desk(view, mode)


def pictured_window(desk: FakeDesk) -> OpenWindow:
    """Open the demo's window on a desk, at the moment that all pictures show."""
    return open_window(
        desk,
        on_worker=lambda job: job(),
        approver="J. Wu",
        is_demo=True,
        demo_actions=[("Payment deleted in Xero", lambda: None)],
        now=lambda: NOW,
        content=load_content(desk),
    )


def window_on(desk: FakeDesk, size: tuple[int, int]) -> OpenWindow:
    opened = pictured_window(desk)
    opened.window.resize(*size)
    opened.window.show()
    settle()
    return opened


def stand_on(window: DeskWindow, index: int) -> None:
    window.tabs.setCurrentIndex(index)
    window.wishes.focus_table()
    settle()


def _sheets() -> list[Sheet]:
    return [each for each in QApplication.topLevelWidgets() if isinstance(each, Sheet) and each.isVisible()]


def _open_sheets() -> Iterator[Shown]:
    """Yield what is open, and close it when it was looked at."""
    settle()
    while sheets := _sheets():
        # One that asks something stands above the one that asked for it, and would go with it.
        below = {sheet.parent() for sheet in sheets}
        sheet = next(each for each in sheets if each not in below)
        yield from _of_one(sheet)
        sheet.reject()
        settle()


def _of_one(sheet: Sheet) -> Iterator[Shown]:
    """Yield a sheet, with each of its tabs."""
    name = f"sheet_{slug(type(sheet).__name__)}_{slug(sheet.windowTitle())}"
    tabs = sheet.findChild(QTabWidget)
    for at in range(tabs.count() if tabs is not None else 1):
        if tabs is not None:
            tabs.setCurrentIndex(at)
        settle()
        yield name if tabs is None else f"{name}_{at + 1}_{slug(tabs.tabText(at))}", sheet


def _fresh(shown: Iterator[Shown], seen: set[str]) -> Iterator[Shown]:
    """Leave out what was shown before, also where it speaks of another row."""
    for name, widget in shown:
        kind = re.sub(r"\d+", "", name)
        if kind not in seen:
            seen.add(kind)
            yield name, widget


def _menus_of(window: DeskWindow) -> Iterator[tuple[str, QMenu]]:
    """Yield each menu of the bar, and each that one of its entries opens."""
    actions = list(window.menuBar().actions())
    while actions:
        action = actions.pop(0)
        menu = action.menu()
        if isinstance(menu, QMenu):
            yield slug(action.text()), menu
            actions += menu.actions()


def _actions_of(window: DeskWindow) -> Iterator[QAction]:
    """Yield each entry of the menus that does something."""
    for _, menu in _menus_of(window):
        for action in menu.actions():
            if action.menu() is None and not action.isSeparator() and _plain(action.text()) not in _LEFT_ALONE:
                yield action


@contextmanager
def _nothing_outside() -> Iterator[None]:
    """Open no dialogue about files, which waits for a person, and no browser."""
    with (
        patch.object(QFileDialog, "open", lambda *_: None),
        patch.object(QFileDialog, "getSaveFileName", lambda *_: ("", "")),
        patch.object(QFileDialog, "getOpenFileName", lambda *_: ("", "")),
        patch.object(QDesktopServices, "openUrl", lambda *_: True),
        # The firm's office has the firm's time, whatever the computer has on which the pictures are taken.
        patch.object(zones, "offset_here", firm_offset),
    ):
        yield


def _plain(text: str) -> str:
    return text.replace("&", "").partition("\t")[0].rstrip("…").strip()


def slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", _plain(text).lower()).strip("_")[:60]
