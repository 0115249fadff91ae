"""Connect what a person looks for, the words, the period and the selection, with the pages that show it."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut

from cmxero_desktop.ui.window.header import Header
from cmxero_desktop.ui.window.pages import Pages
from cmxero_desktop.ui.window.strip import CompletenessStrip


def connect_finding(
    header: Header, pages: Pages, strip: CompletenessStrip, *, leave: Callable[[], object], go: Callable[[], object]
) -> None:
    """Let every table follow search and period, and the foot say what the selected rows come to.

    Enter and Down go to what was found, where keys act on rows again; Esc leaves.
    """
    header.search.returnPressed.connect(go)
    for key, act in ((Qt.Key.Key_Down, go), (Qt.Key.Key_Escape, leave)):
        shortcut = QShortcut(QKeySequence(key), header.search)
        # Said where it is made, the context would be lost, and the key be taken from every other part of the window.
        shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
        shortcut.activated.connect(act)
    header.search_changed.connect(pages.set_search)
    header.period.changed.connect(lambda: pages.set_days(header.period.days))
    pages.filters_cleared.connect(header.clear_filters)
    pages.selection_changed.connect(lambda: strip.show_selection(pages.selection_text()))
