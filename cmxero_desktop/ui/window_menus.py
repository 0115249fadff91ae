"""What stands in the window's menus."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from cmxero_desktop.ui.menus import Entry, add_menu

if TYPE_CHECKING:  # the window imports this module to fill its menus
    from cmxero_desktop.ui.window import DeskWindow

_SEPARATOR = Entry("")


def fill_menus(window: "DeskWindow", demo_actions: Sequence[tuple[str, Callable[[], object]]]) -> None:
    """Fill the menu bar; the demo's actions are in a menu of their own."""
    desk, flows = window.desk, window.flows
    file = (
        Entry("&Check Xero", "F5", desk.check),
        Entry("Compare &everything", "", lambda: desk.check(is_full=True)),
        _SEPARATOR,
        Entry("Save as E&xcel…", "Ctrl+E", flows.export),
        _SEPARATOR,
        Entry("&Quit", "Ctrl+Q", window.leave),
    )
    edit = (
        Entry("&Find", "Ctrl+F", lambda: _focus(window.header.search)),
        Entry("&Undo applied changes…", "Ctrl+Z", window.open_undo),
        _SEPARATOR,
        Entry("&Your name…", "", flows.ask_for_name),
    )
    view = (
        *(
            Entry(f"&{number} {name}", f"Ctrl+{number}", lambda index=number - 1: window.tabs.setCurrentIndex(index))
            for number, name in enumerate(
                ("Review", "Matched", "Unmatched", "Skipped", "SOR watch", "History", "Health"), start=1
            )
        ),
        _SEPARATOR,
        Entry("&Columns…", "Ctrl+Shift+C", window.choose_columns),
        Entry("&Tie-out", "Ctrl+T", lambda: flows.tie_out(desk.content)),
        Entry("Next &pane", "F6", window.cycle_panes),
    )
    decide = (
        Entry("&Approve ticked", "Ctrl+Return", window.approve_current_or_ticked),
        Entry("App&ly approved…", "Ctrl+Shift+Return", window.open_apply),
        _SEPARATOR,
        Entry("&Hold…", "Ctrl+H", window.hold_chosen),
        Entry("Lin&k to the shown payment…", "Ctrl+L", window.link_shown),
        _SEPARATOR,
        Entry("&Previous row", "Alt+Left", lambda: window.go_to_next(-1)),
        Entry("&Next row", "Alt+Right", lambda: window.go_to_next(1)),
    )
    add_menu(window, "&File", file)
    add_menu(window, "&Edit", edit)
    add_menu(window, "&View", view)
    add_menu(window, "&Decide", decide)
    if demo_actions:
        entries = tuple(Entry(title, "", lambda run=run: desk.check(first=run)) for title, run in demo_actions)
        add_menu(window, "&Make something happen", entries)
    add_menu(window, "&Help", (Entry("&Keys", "Ctrl+/", window.show_keys),))


def _focus(field: QWidget) -> None:
    field.setFocus(Qt.FocusReason.ShortcutFocusReason)
