"""What stands in the window's menus."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Protocol

from PySide6.QtWidgets import QMainWindow

from cmxero_desktop.services.records.runs import PollAsk
from cmxero_desktop.ui.desk.desk import Desk
from cmxero_desktop.ui.sheets.flows import Flows
from cmxero_desktop.ui.window.menus import Entry, add_menu

_SEPARATOR = Entry("")


PAGES = ("Review", "Matched", "Unmatched", "Skipped", "SOR watch", "History", "Health")


class WindowWishes(Protocol):
    """What the menus ask of the window itself."""

    def approve_current_or_ticked(self) -> None:
        """Approve the ticked rows."""

    def choose_columns(self) -> None:
        """Open the column chooser."""

    def cycle_panes(self) -> None:
        """Move the focus on."""

    def focus_search(self) -> None:
        """Stand in the search."""

    def go_to_next(self, step: int) -> None:
        """Stand on another row of Review."""

    def go_to_page(self, index: int) -> None:
        """Show a page."""

    def hold_chosen(self) -> None:
        """Put rows on hold."""

    def leave(self) -> None:
        """Close for good."""

    def link_shown(self) -> None:
        """Link to the shown payment."""

    def open_apply(self) -> None:
        """Open the apply sheet."""

    def open_undo(self) -> None:
        """Open the list of what can be undone."""

    def show_connection(self) -> None:
        """Open the sheet about the connection to Xero."""

    def show_keys(self) -> None:
        """Open the sheet of all keys."""


def fill_menus(
    bar: QMainWindow,
    window: WindowWishes,
    desk: Desk,
    flows: Flows,
    demo_actions: Sequence[tuple[str, Callable[[], object]]],
) -> None:
    """Fill the menu bar; the demo's actions are in a menu of their own."""
    file = (
        Entry("&Check Xero", "F5", desk.check),
        Entry("Compare &everything", "", lambda: desk.check(PollAsk(is_full=True))),
        _SEPARATOR,
        Entry("Connection to Xe&ro…", "", window.show_connection),
        Entry("Save as E&xcel…", "Ctrl+E", flows.export),
        _SEPARATOR,
        Entry("&Quit", "Ctrl+Q", window.leave),
    )
    edit = (
        Entry("&Find", "Ctrl+F", window.focus_search),
        Entry("&Undo applied changes…", "Ctrl+Z", window.open_undo),
        _SEPARATOR,
        Entry("&Your name…", "", flows.ask_for_name),
    )
    view = (
        *(
            Entry(f"&{number} {name}", f"Ctrl+{number}", partial(window.go_to_page, number - 1))
            for number, name in enumerate(PAGES, start=1)
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
    add_menu(bar, "&File", file)
    add_menu(bar, "&Edit", edit)
    add_menu(bar, "&View", view)
    add_menu(bar, "&Decide", decide)
    if demo_actions:
        entries = tuple(Entry(title, "", partial(desk.check, first=run)) for title, run in demo_actions)
        add_menu(bar, "&Make something happen", entries)
    add_menu(bar, "&Help", (Entry("&Keys", "Ctrl+/", window.show_keys),))
