"""The menu of saved views beside the tabs: choose one, keep what is shown as one, call it otherwise, or forget it."""

from collections.abc import Callable, Iterator
from functools import partial

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QMenu, QWidget

from cmxero_desktop.ui.desk.preferences import Preferences
from cmxero_desktop.ui.sheets.palette_sheet import Listed
from cmxero_desktop.ui.sheets.view_name_sheet import ViewNameSheet, ask_to_forget_view
from cmxero_desktop.ui.theme.strangers import on_button
from cmxero_desktop.ui.widgets.parts import allow, button
from cmxero_desktop.ui.window.group_menu import GroupMenu
from cmxero_desktop.ui.window.header import Header
from cmxero_desktop.ui.window.pages import Pages, ViewedPage
from cmxero_desktop.ui.window.saved_views import SavedView, SavedViews

NO_TABLE = "This page has no views to save."
NO_VIEW = "Choose a saved view of this page first."
_TIP = "Saved views of this page (Ctrl+Shift+V)"


class ViewsMenu:
    """Acts on the page that is shown. A view is the current one for as long as the page shows what it says."""

    def __init__(
        self, window: QWidget, pages: Pages, header: Header, preferences: Preferences, say: Callable[[str], object]
    ) -> None:
        """Put the button beside the tabs; `say` tells what was done."""
        self._window, self._pages, self._header, self._say = window, pages, header, say
        self._views = SavedViews(preferences)
        self.button = button("Views", self.open, "small", tip=_TIP)
        self.groups = GroupMenu(window, pages, say)
        pages.corner.add(self.groups.button, self.button)
        pages.currentChanged.connect(lambda _: self._allow())
        self._allow()

    def why_not(self) -> str:
        """Say why nothing can be saved here."""
        return "" if self._page() is not None else NO_TABLE

    def why_not_change(self) -> str:
        """Say why no view can be called otherwise, or be forgotten."""
        return self.why_not() or ("" if self.current() else NO_VIEW)

    def names(self) -> tuple[str, ...]:
        """Return the names of the views of the page that is shown."""
        return tuple(self._views.of(self._name())) if self._page() is not None else ()

    def current(self) -> str:
        """Return the name of the view that the page shows as it was saved, or nothing."""
        now = self._as_shown()
        return next((name for name, view in self._views.of(self._name()).items() if view == now), "")

    def open(self) -> QMenu | None:
        """Open the menu below its button."""
        if self._page() is None:
            self._say(NO_TABLE)
            return None
        menu, current = QMenu("Views", self._window), self.current()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for name in self.names():
            action = menu.addAction(on_button(name))
            action.setCheckable(True)
            action.setChecked(name == current)
            action.triggered.connect(partial(self.use, name))
        menu.addSeparator()
        menu.addAction("&Save as…\tCtrl+S").triggered.connect(self.save)
        for title, run in ((f"Re&name{_quoted(current)}…", self.rename), (f"&Remove{_quoted(current)}…", self.remove)):
            action = menu.addAction(title)
            action.setEnabled(bool(current))
            action.triggered.connect(run)
        menu.addAction("&As it was at first").triggered.connect(self.use_first)
        menu.popup(self.button.mapToGlobal(QPoint(0, self.button.height())))
        return menu

    def use(self, name: str, _is_checked: bool = False) -> None:  # noqa: FBT001, FBT002 - Qt's triggered signal adds it
        """Show the page as a view says."""
        view = self._views.of(self._name()).get(name)
        if view is not None:
            self._show(view)
            self._say(f"View “{name}”.")

    def use_first(self) -> None:
        """Show the page as it was before anything was changed."""
        if self._page() is None:
            self._say(NO_TABLE)
        else:
            self._show(SavedView())

    def save(self) -> None:
        """Ask for a name, and keep under it what is shown (Ctrl+S)."""
        page = self._name()
        if self._page() is None:
            self._say(NO_TABLE)
            return
        text = f"Keeps for {page}: columns, order, widths and sorting, search, period and filters. Ticks are no part."
        view, known = self._as_shown(), self.names()

        def keep(name: str) -> None:
            self._views.save(page, name, view)
            self._say(f"Saved as view “{name}”.")

        ViewNameSheet("Save view", text, known, keep, self._window).open()

    def rename(self) -> None:
        """Ask for another name of the view that is shown."""
        page, name = self._name(), self.current()
        if not name:
            self._say(self.why_not_change())
            return
        others = [other for other in self.names() if other != name]
        text = f"The view “{name}” of {page} gets another name."
        ViewNameSheet("Rename view", text, others, partial(self._views.rename, page, name), self._window, name).open()

    def remove(self) -> None:
        """Ask whether the view that is shown is to be forgotten."""
        page, name = self._name(), self.current()
        if name:
            ask_to_forget_view(self._window, name, partial(self._views.remove, page, name))
        else:
            self._say(self.why_not_change())

    def listed(self) -> Iterator[Listed]:
        """Yield what the palette has of this page: each view by its name, and what can be done with the current one."""
        place = self._name()
        for name in self.names():
            yield Listed(f"View: {name}", place, "", "", partial(self.use, name))
        yield from self.groups.listed()
        yield Listed("Rename view…", place, "", self.why_not_change(), self.rename)
        yield Listed("Remove view…", place, "", self.why_not_change(), self.remove)
        yield Listed("View as it was at first", place, "", self.why_not(), self.use_first)

    def _page(self) -> ViewedPage | None:
        return self._pages.viewed_page()

    def _name(self) -> str:
        return self._pages.name_of_page()

    def _as_shown(self) -> SavedView:
        page = self._page()
        if page is None:
            return SavedView()
        return SavedView(
            arrangement=page.table.arrangement(),
            search=self._header.search.text(),
            period=self._header.period.as_text,
            filters=page.boxes.chosen(),
        )

    def _show(self, view: SavedView) -> None:
        page = self._page()
        if page is not None:
            page.table.rows.show_every()
            page.boxes.choose(view.filters)
            self._header.search.setText(view.search)
            self._header.period.take(view.period)
            page.table.arrange(view.arrangement)

    def _allow(self) -> None:
        allow(self.button, self.why_not(), _TIP)


def _quoted(name: str) -> str:
    return f" “{on_button(name)}”" if name else ""
