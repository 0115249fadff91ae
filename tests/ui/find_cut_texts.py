"""Print what is cut of all that can be seen on the screen there is: `run_on_screen` starts it on another.

With `brief` behind it, what the menus open is opened from one page, and the states of the window are left out.
"""

import sys
from collections.abc import Iterator

from PySide6.QtCore import QPoint, QRect, QSize
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLineEdit, QMenu, QPushButton, QTableView, QWidget

from cmxero_desktop.ui.application.application import application
from cmxero_desktop.ui.widgets.sheet import Sheet
from cmxero_desktop.ui.widgets.shown_whole import ShownWhole
from cmxero_desktop.ui.window.window import DeskWindow
from tests.ui.cut_texts import cut_texts
from tests.ui.gallery import everything

# What a frame with a title takes of a screen; the panel of the system is to be left out of it already.
_FRAME = QSize(16, 40)
_LEAST_ROWS = 2


def lines(*, is_brief: bool = False) -> Iterator[str]:
    """Yield a line for each text that is cut, and for what is larger than the screen."""
    application()
    room = QGuiApplication.primaryScreen().availableSize()
    inside = room - _FRAME
    for name, shown in everything((inside.width(), inside.height()), is_brief=is_brief):
        most = room if isinstance(shown, QMenu) else inside
        if shown.width() > most.width() or shown.height() > most.height():
            yield f"{name}: {shown.width()} x {shown.height()} is larger than {most.width()} x {most.height()}"
        yield from (f"{name}: {line}" for line in _out_of_reach(shown))
        yield from dict.fromkeys(f"{name}: {line}" for line in cut_texts(shown))


def rows_in_sight(table: QTableView) -> int:
    """Count the rows that are seen whole."""
    seen = table.viewport().visibleRegion().boundingRect()
    places = ((table.rowViewportPosition(at), table.rowHeight(at)) for at in range(table.model().rowCount()))
    return sum(seen.contains(QRect(0, top, 1, height)) for top, height in places)


def _is_form(sheet: Sheet) -> bool:
    """Say whether a sheet has nothing but fields, which are scrolled to as they are filled in."""
    return not sheet.findChildren(QTableView) and len(sheet.findChildren(QLineEdit)) > 1


def _scrolled(sheet: Sheet) -> Iterator[str]:
    """Find what is seen only once somebody scrolls: all of a sheet, or more than the first rows of its tables."""
    if any(area.verticalScrollBar().isVisible() for area in sheet.findChildren(ShownWhole)) and not _is_form(sheet):
        yield "its body has to be scrolled"
    for table in (each for each in sheet.findChildren(QTableView) if each.isVisible()):
        if rows_in_sight(table) < min(table.model().rowCount(), _LEAST_ROWS):
            yield f"only {rows_in_sight(table)} rows of {table.accessibleName()} are seen"


def _out_of_reach(shown: QWidget) -> Iterator[str]:
    """Find buttons of a sheet's foot that lie outside of it, what must be moved, and tables without rows."""
    if isinstance(shown, Sheet):
        places = (shown.foot.itemAt(at) for at in range(shown.foot.count()))
        buttons = (each for place in places if place and isinstance(each := place.widget(), QPushButton))
        for button in (each for each in buttons if not each.isHidden()):
            if not shown.rect().contains(QRect(button.mapTo(shown, QPoint(0, 0)), button.size())):
                yield f"beyond the sheet: {button.text()}"
        if any(area.horizontalScrollBar().isVisible() for area in shown.findChildren(ShownWhole)):
            yield "its body has to be moved sideways"
        yield from _scrolled(shown)
    if isinstance(shown, DeskWindow) and (table := shown.tabs.table()) is not None and table.isVisible():
        if table.viewport().height() < table.rowHeight(0):
            yield f"not one row of {table.accessibleName()} is seen whole"
        apply = shown.review.bar.apply_button
        if shown.tabs.currentWidget() is shown.review and not apply.isVisible():
            yield "Apply is not seen"


if __name__ == "__main__":
    for found in lines(is_brief="brief" in sys.argv):
        sys.stdout.buffer.write(f"{found}\n".encode())
        sys.stdout.buffer.flush()
