"""Stand on each row of the pages, one after the other: its evidence is what a person reads before deciding."""

from collections.abc import Iterator
from typing import Any

from cmxero_desktop.ui.widgets.table_model import RowsModel
from cmxero_desktop.ui.widgets.table_view import DeskTable
from cmxero_desktop.ui.window.window import DeskWindow
from tests.ui.gallery import Shown, pictured_desk, settle, slug, stand_on, window_on
from tests.ui.story import story_view

# Rows further down are of the kinds above them.
_MOST = {"matched": 3, "history": 4}


def each_row(size: tuple[int, int]) -> Iterator[Shown]:
    """Yield the window on each row of the story's pages, and Review with what was decided in it."""
    opened = window_on(pictured_desk(story_view()), size)
    window = opened.window
    yield from _rows_of(window, "review", window.tabs.review.table)
    for view in ("Approved", "On hold"):
        window.tabs.review.view_box.setCurrentText(view)
        yield from _rows_of(window, f"review_{slug(view)}", window.tabs.review.table)
    for name, table in (
        ("matched", window.tabs.matched.table),
        ("unmatched", window.tabs.unmatched.table),
        ("skipped", window.tabs.skipped.table),
        ("sor_watch", window.tabs.sor.table),
        ("history", window.tabs.history.table),
    ):
        yield from _rows_of(window, name, table)
    opened.close()


def _rows_of(window: DeskWindow, name: str, table: DeskTable[Any]) -> Iterator[Shown]:
    pages = [window.tabs.widget(at) for at in range(window.tabs.count())]
    stand_on(window, next(at for at, page in enumerate(pages) if page is not None and page.isAncestorOf(table)))
    model: RowsModel[Any] = table.rows
    number = 0
    for position in range(model.rowCount()):
        if model.row_at(position) is None or number == _MOST.get(name.partition("_")[0], position + 1):
            continue
        number += 1
        table.go_to(position)
        settle()
        yield f"row_{name}_{number}_{_called(model, position)}", window


def _called(model: RowsModel[Any], position: int) -> str:
    texts = [str(model.index(position, at).data() or "") for at in range(model.columnCount())]
    return slug(next((text for text in texts if text.startswith("CM-")), "firm"))
