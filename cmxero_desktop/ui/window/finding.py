"""Connect what a person looks for, the words, the period and the selection, with the pages that show it."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut

from cmxero_desktop.ui.window.header import Header
from cmxero_desktop.ui.window.pages import Pages
from cmxero_desktop.ui.window.strip import CompletenessStrip


def connect_finding(header: Header, pages: Pages, strip: CompletenessStrip, leave: Callable[[], object]) -> None:
    """Let every table follow search and period, and the foot say what the selected rows come to; Esc leaves."""
    QShortcut(QKeySequence(Qt.Key.Key_Escape), header.search, leave, Qt.ShortcutContext.WidgetShortcut)
    header.search_changed.connect(pages.set_search)
    header.period.changed.connect(lambda: pages.set_days(header.period.days))
    pages.filters_cleared.connect(header.clear_filters)
    pages.selection_changed.connect(lambda: strip.show_selection(pages.selection_text()))
