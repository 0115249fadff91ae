"""Measure the Review page's table with many rows, beside Qt's own sorting and filtering model on the same texts.

    python -m benchmarks.bench_table [--rows 10000 100000 1000000] [--peer-up-to 100000]

The peer is a `QSortFilterProxyModel` over the quickest list of tuples that PySide6 allows, in a `QTableView`; it shows,
sorts and searches. Ours is the whole window: it also draws badges, keeps ticks, place and counts, and fills the other
pages. Each figure is the CPU time of the window's thread until Qt has nothing left to do, offscreen, and beside it the
power of the number of rows with which it grows from the size before. What the worker makes is told apart.
"""

import argparse
import gc
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from math import log

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QSortFilterProxyModel, Qt
from PySide6.QtWidgets import QApplication, QTableView

from cmxero_desktop.ui.application.application import application, open_window
from cmxero_desktop.ui.desk.preferences import MemoryPreferences
from tests.ui.fake_desk import FakeDesk, StepWorker
from tests.ui.views import NOW, many_view

_UP, _DOWN = Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder
_AMOUNT, _TEXT = 6, 3
_Index = QModelIndex | QPersistentModelIndex
_Figures = dict[str, float]


class PlainTable(QAbstractTableModel):
    """Texts, as the shortest tutorial has them."""

    def __init__(self, rows: Sequence[tuple[str, ...]]) -> None:
        """Keep the rows."""
        super().__init__()
        self._rows = rows

    def rowCount(self, _parent: _Index | None = None) -> int:  # noqa: N802 - Qt's own name
        """Return how many rows there are."""
        return len(self._rows)

    def columnCount(self, _parent: _Index | None = None) -> int:  # noqa: N802 - as above
        """Return how many columns there are."""
        return len(self._rows[0])

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> str | None:
        """Return a text."""
        return self._rows[index.row()][index.column()] if role == Qt.ItemDataRole.DisplayRole else None


def main() -> None:
    """Measure both at every size and print the figures with their ratios and exponents."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--peer-up-to", type=int, default=100_000)
    options = parser.parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.environ.setdefault("QT_LOGGING_RULES", "default.warning=false")
    application()
    before: tuple[int, _Figures] | None = None
    for rows in sorted(options.rows):
        ours, texts = _ours(rows, with_texts=rows <= options.peer_up_to)
        _print(rows, ours, _peer(texts) if texts else {}, before)
        before = (rows, ours)


def _print(rows: int, ours: _Figures, peer: _Figures, before: tuple[int, _Figures] | None) -> None:
    print(f"{rows:>9,} rows{'':<12}{'ours ms':>10}{'Qt ms':>10}{'ratio':>8}{'power':>8}")
    for name, taken in ours.items():
        beside = f"{peer[name]:>10.1f}{taken / peer[name]:>8.3f}" if name in peer else f"{'':>18}"
        power = f"{log(taken / before[1][name]) / log(rows / before[0]):>8.2f}" if before else ""
        print(f"{name:<24}{taken:>10.1f}{beside}{power}")


def _ours(count: int, *, with_texts: bool) -> tuple[_Figures, list[tuple[str, ...]]]:
    worker = StepWorker()
    opened = open_window(
        FakeDesk(many_view(count)),
        on_worker=worker,
        approver="benchmark",
        preferences=MemoryPreferences(),
        now=lambda: NOW,
    )
    for _ in range(2):
        worker.run()
        QApplication.processEvents()
    window = opened.window
    window.show()
    QApplication.processEvents()
    # What is collected of the invented rows is no question of the table's.
    gc.collect()
    gc.freeze()
    content, review = window.desk.content, window.review
    assert content is not None
    shown = replace(content, pages=None)
    figures = {"made on the worker": _timed(lambda: setattr(window, "made", window.tabs.tables_of(shown)))}
    fresh = replace(content, pages=window.made)  # type: ignore[attr-defined] # set a line above
    figures |= {
        "show": _timed(lambda: window.show_content(fresh)),
        "sort by amount": _timed(lambda: review.table.sort_by(_AMOUNT, _UP)),
        "sort again": _timed(lambda: review.table.sort_by(_AMOUNT, _DOWN)),
        "sort by text": _timed(lambda: review.table.sort_by(_TEXT, _UP)),
        "first search": _timed(lambda: window.header.search.setText("r")),
        "next search": _timed(lambda: window.header.search.setText("ref499")),
        "clear search": _timed(window.header.search.clear),
        "filter": _timed(lambda: review.kind_box.setCurrentText("Add")),
        "tick all": _timed(review.table.tick_all_shown),
        "tick one": _timed(lambda: review.model.set_ticked([7], is_ticked=False)),
        "scroll": _timed(review.table.scrollToBottom),
    }
    assert (review.model.rowCount(), len(review.ticked())) == (count, count - 1)
    rows = review.model.shown_rows() if with_texts else []
    texts = [tuple(column.text(row) for column in review.model.columns) for row in rows]
    opened.close()
    gc.unfreeze()
    return figures, texts


def _peer(texts: list[tuple[str, ...]]) -> _Figures:
    proxy, view = QSortFilterProxyModel(), QTableView()
    proxy.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
    proxy.setFilterKeyColumn(-1)
    view.setModel(proxy)
    view.resize(1_380, 600)
    view.show()
    plain = PlainTable(texts)
    return {
        "show": _timed(lambda: proxy.setSourceModel(plain)),
        "sort by amount": _timed(lambda: proxy.sort(_AMOUNT, _UP)),
        "sort again": _timed(lambda: proxy.sort(_AMOUNT, _DOWN)),
        "sort by text": _timed(lambda: proxy.sort(_TEXT, _UP)),
        "first search": _timed(lambda: proxy.setFilterFixedString("r")),
        "next search": _timed(lambda: proxy.setFilterFixedString("ref499")),
        "clear search": _timed(lambda: proxy.setFilterFixedString("")),
        "scroll": _timed(view.scrollToBottom),
    }


def _timed(work: Callable[[], object]) -> float:
    began = time.thread_time()
    work()
    QApplication.processEvents()
    return (time.thread_time() - began) * 1000


if __name__ == "__main__":
    main()
