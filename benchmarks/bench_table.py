"""Measure the Review page's table with many rows, beside Qt's own sorting and filtering model on the same texts.

    python -m benchmarks.bench_table [--rows 50000]

The peer is a `QSortFilterProxyModel` over the quickest list of tuples that PySide6 allows, in a `QTableView`; it shows,
sorts and searches. Ours is the whole window: it also draws badges, keeps ticks, place and counts, and fills the other
pages. Each figure is the time until Qt has nothing left to do, offscreen.
"""

import argparse
import os
import time
from collections.abc import Callable, Sequence

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QSortFilterProxyModel, Qt
from PySide6.QtWidgets import QApplication, QTableView

from cmxero_desktop.ui.application.application import application, open_window
from cmxero_desktop.ui.desk.preferences import MemoryPreferences
from tests.ui.fake_desk import FakeDesk, StepWorker
from tests.ui.views import NOW, many_view

_UP, _DOWN = Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder
_AMOUNT, _TEXT = 5, 3
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
    """Measure both and print the figures with their ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=50_000)
    rows = parser.parse_args().rows
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.environ.setdefault("QT_LOGGING_RULES", "default.warning=false")
    application()
    ours, texts = _ours(rows)
    peer = _peer(texts)
    print(f"{rows:,} rows{'':<14}{'ours ms':>10}{'Qt ms':>10}{'ratio':>8}")
    for name, taken in ours.items():
        beside = f"{peer[name]:>10.0f}{taken / peer[name]:>8.2f}" if name in peer else ""
        print(f"{name:<20}{taken:>12.0f}{beside}")


def _ours(count: int) -> tuple[_Figures, list[tuple[str, ...]]]:
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
    content, review = window.desk.content, window.review
    assert content is not None
    figures = {
        "show": _timed(lambda: window.show_content(content)),
        "sort by amount": _timed(lambda: review.table.sort_by(_AMOUNT, _UP)),
        "sort again": _timed(lambda: review.table.sort_by(_AMOUNT, _DOWN)),
        "sort by text": _timed(lambda: review.table.sort_by(_TEXT, _UP)),
        "first search": _timed(lambda: window.header.search.setText("ref49")),
        "next search": _timed(lambda: window.header.search.setText("ref499")),
        "clear search": _timed(window.header.search.clear),
        "filter": _timed(lambda: review.kind_box.setCurrentText("Add")),
        "tick all": _timed(review.table.tick_all_shown),
        "tick one": _timed(lambda: review.model.set_ticked([7], is_ticked=False)),
        "scroll": _timed(review.table.scrollToBottom),
    }
    assert (review.model.rowCount(), len(review.ticked())) == (count, count - 1)
    texts = [tuple(column.text(row) for column in review.model.columns) for row in review.model.shown_rows()]
    opened.close()
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
        "first search": _timed(lambda: proxy.setFilterFixedString("ref49")),
        "next search": _timed(lambda: proxy.setFilterFixedString("ref499")),
        "clear search": _timed(lambda: proxy.setFilterFixedString("")),
        "scroll": _timed(view.scrollToBottom),
    }


def _timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    QApplication.processEvents()
    return (time.perf_counter() - began) * 1000


if __name__ == "__main__":
    main()
