"""What stands in the window's menus."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from PySide6.QtWidgets import QMainWindow

from cmxero_desktop.domain.transition_steps import Step
from cmxero_desktop.services.records.runs import PollAsk
from cmxero_desktop.ui.desk.desk import WindowDesk
from cmxero_desktop.ui.sheets.changes_sheet import open_changes
from cmxero_desktop.ui.sheets.flows import Flows
from cmxero_desktop.ui.sheets.settings_sheet import open_settings
from cmxero_desktop.ui.sheets.transition_sheet import open_transition
from cmxero_desktop.ui.widgets.density import Density
from cmxero_desktop.ui.window.actions import WindowActions
from cmxero_desktop.ui.window.demo_story import DemoStory
from cmxero_desktop.ui.window.menus import Entry, Verb, add_menu
from cmxero_desktop.ui.window.pages import PAGES
from cmxero_desktop.ui.window.place import WindowPlace
from cmxero_desktop.ui.window.possible import Possible
from cmxero_desktop.ui.window.strip import BACK_KEY
from cmxero_desktop.ui.window.tray import Tray

_SEPARATOR = Entry("")
_ROWS = {Density.COMPACT: "Co&mpact", Density.NORMAL: "N&ormal", Density.ROOMY: "&Roomy"}


@dataclass(frozen=True, slots=True)
class Ways:
    """What the window itself does when a menu asks for it."""

    leave: Callable[[], object]
    show_step: Callable[[Step], object]
    show_manual: Callable[[], object]
    tray: Tray


def fill_menus(
    bar: QMainWindow,
    wishes: WindowActions,
    desk: WindowDesk,
    flows: Flows,
    story: DemoStory | None,
    *,
    place: WindowPlace,
    ways: Ways,
    possible: Possible,
    now: Callable[[], datetime],
) -> None:
    """Fill the menu bar; what can happen in the demo is in a menu of its own."""
    verbs: list[Verb] = []
    groups = possible.views.groups
    settings = partial(
        open_settings, bar, desk, place.look, now=now, change_mode=wishes.change_mode, said=flows.said.emit
    )
    ways.tray.settings_asked.connect(settings)
    file = (
        Entry("&Check Xero", "F5", desk.check),
        Entry("Compare &everything", "Shift+F5", lambda: desk.check(PollAsk(is_full=True))),
        _SEPARATOR,
        Entry("Connection to Xe&ro…", "Ctrl+Shift+X", wishes.show_connection),
        Entry("&Settings…", "Ctrl+,", settings),
        Entry("&Mode…", "Ctrl+Shift+M", wishes.change_mode),
        Entry("Save as E&xcel…", "Ctrl+E", flows.writing.export),
        Entry("&Tie-out as PDF…", "Ctrl+P", flows.writing.export_statement),
        Entry("For the a&uditor…", "Ctrl+Shift+P", flows.writing.export_for_auditor),
        Entry("What was &written…", "Ctrl+Shift+R", partial(open_changes, bar, desk, now, flows.said.emit)),
        Entry("Save this &list as Excel…", "Ctrl+Shift+E", wishes.export_list),
        _SEPARATOR,
        Entry("&Quit", "Ctrl+Q", ways.leave),
    )
    edit = (
        Entry("&Find", "Ctrl+F", wishes.focus_search),
        Entry("&Undo applied changes…", "Ctrl+Z", wishes.open_undo),
        Entry("&Take back what was just done", BACK_KEY, possible.strip.take_back, possible.why_not_take_back),
        _SEPARATOR,
        Entry("&Do…", "Ctrl+K", lambda: possible.open_palette(bar, verbs)),
        Entry("&Your name…", "Ctrl+Shift+N", flows.ask_for_name),
    )
    pages = (
        *(
            Entry(f"&{number} {name}", f"Ctrl+{number}", partial(wishes.go_to_page, number - 1))
            for number, name in enumerate(PAGES, start=1)
        ),
        _SEPARATOR,
        Entry("Next &pane", "F6", wishes.cycle_panes),
    )
    rows = tuple(Entry(f"{_ROWS[density]} rows", "", partial(place.use_density, density)) for density in Density)
    # On a Full HD screen at 200 % a menu has room for some seventeen entries.
    view = (
        Entry("&Pages", below=pages),
        _SEPARATOR,
        Entry("Sa&ved views", "Ctrl+Shift+V", possible.views.open, possible.views.why_not),
        Entry("&Save view as…", "Ctrl+S", possible.views.save, possible.views.why_not),
        Entry("&Group rows by…", "Ctrl+Shift+B", groups.open, groups.why_not),
        Entry("&Fold all groups", "Ctrl+Shift+Left", groups.fold_all, groups.why_not_fold),
        Entry("&Unfold all groups", "Ctrl+Shift+Right", groups.unfold_all, groups.why_not_fold),
        Entry("&Columns…", "Ctrl+Shift+C", wishes.choose_columns),
        Entry("&Add up…", "Ctrl+Shift+G", wishes.add_up),
        Entry("&Rows", below=rows),
        Entry("&Tie-out", "Ctrl+T", lambda: flows.writing.tie_out(desk.content)),
        Entry("Copied b&y others…", "Ctrl+Shift+O", wishes.show_copying),
        Entry("Trans&ition…", "Ctrl+Shift+T", partial(open_transition, bar, desk, ways.show_step)),
        Entry("&History of this invoice…", "Ctrl+I", wishes.show_invoice),
    )
    decide = (
        Entry("Appr&ove this row…", "Ctrl+D", wishes.approve_shown, possible.why_not_approve_shown),
        Entry("&Approve ticked", "Ctrl+Return", wishes.approve_current_or_ticked, possible.why_not_approve),
        Entry("Approve this &group", "Ctrl+G", wishes.approve_group, possible.why_not_approve_group),
        Entry("App&ly approved…", "Ctrl+Shift+Return", wishes.open_apply, possible.why_not_apply),
        _SEPARATOR,
        Entry("&Hold…", "Ctrl+H", wishes.hold_shown, possible.why_not_hold),
        Entry("Hold &ticked…", "Ctrl+Shift+H", wishes.hold_ticked, possible.why_not_hold_ticked),
        Entry("&Reject…", "Ctrl+R", wishes.reject_shown, possible.why_not_reject),
        Entry("Put &back to Review", "Ctrl+B", wishes.put_back_chosen, possible.why_not_put_back),
        Entry("Sa&me payment…", "Ctrl+L", wishes.link_shown, possible.why_not_link),
        Entry("&Say what it is…", "Ctrl+Y", wishes.say_of_shown, possible.why_not_say),
        Entry("Not&e…", "Ctrl+M", wishes.note_shown, possible.why_not_note),
        _SEPARATOR,
        Entry("&Which invoice it is…", "Ctrl+Shift+I", wishes.ask_which_invoice),
        Entry("What an a&ccount is…", "Ctrl+Shift+A", wishes.ask_about_account),
        Entry("Clean &up old leftovers…", "Ctrl+U", wishes.clean_up),
        _SEPARATOR,
        Entry("&Previous row", "Alt+Left", lambda: wishes.go_to_next(-1)),
        Entry("&Next row", "Alt+Right", lambda: wishes.go_to_next(1)),
    )
    menus = [("&File", file), ("&Edit", edit), ("&View", view), ("&Decide", decide)]
    if story is not None:
        entries = tuple(Entry(title, "", partial(story.happen, title, run)) for title, run in story.actions)
        menus.append(("De&mo", (*entries, _SEPARATOR, Entry("&Start over", "", story.start_over))))
    menus.append(("&Help", (Entry("&Manual", "F1", ways.show_manual), Entry("&Keys", "Ctrl+/", wishes.show_keys))))
    for title, entries in menus:
        verbs += add_menu(bar, title, entries, flows.said.emit)[1]
