"""Views of the tables that a person saved under a name: columns, order, sort, search, period and filters of a page."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from cmxero_desktop.ui.desk.preferences import Preferences
from cmxero_desktop.ui.widgets.shown_columns import Arrangement

_VIEWS = "views_"


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedView:
    """How one page shows its rows. Periods have their names, so that *This month* is always the month that it is.

    `filters` is what stands in the boxes of the page, by their lasting names, where anything was chosen.
    """

    arrangement: Arrangement = field(default_factory=Arrangement)
    search: str = ""
    period: str = ""
    filters: Mapping[str, str] = field(default_factory=dict)


class SavedViews:
    """The views of every page by their names, kept in the preferences of one person on one computer."""

    def __init__(self, preferences: Preferences) -> None:
        """Keep where they are kept."""
        self._preferences = preferences

    def of(self, page: str) -> dict[str, SavedView]:
        """Return a page's views by their names, in the order of these; of what cannot be read nothing is taken."""
        try:
            told = json.loads(self._preferences.get(_name_of(page)) or "{}")
        except ValueError:
            return {}
        names = sorted(told, key=str.casefold) if isinstance(told, dict) else ()
        # One that is odd costs no other: whoever saves a view writes all of them.
        found = ((name, _from_told(told[name])) for name in names)
        return {name: view for name, view in found if view is not None}

    def save(self, page: str, name: str, view: SavedView) -> None:
        """Keep a view of a page; one of that name is replaced."""
        self._keep(page, self.of(page) | {name: view})

    def rename(self, page: str, name: str, new: str) -> None:
        """Call a view otherwise; one that was called so before is replaced."""
        views = self.of(page)
        if name in views:
            view = views.pop(name)
            self._keep(page, views | {new: view})

    def remove(self, page: str, name: str) -> None:
        """Forget a view."""
        self._keep(page, {one: view for one, view in self.of(page).items() if one != name})

    def _keep(self, page: str, views: Mapping[str, SavedView]) -> None:
        told = {name: _as_told(view) for name, view in views.items()}
        self._preferences.set(_name_of(page), json.dumps(told) if told else "")


def _name_of(page: str) -> str:
    return _VIEWS + page.lower().replace(" ", "_")


def _as_told(view: SavedView) -> dict[str, object]:
    return {
        "arrangement": view.arrangement.as_text(),
        "search": view.search,
        "period": view.period,
        "filters": dict(view.filters),
    }


def _from_told(told: object) -> SavedView | None:
    filters = told.get("filters") if isinstance(told, dict) else None
    if not isinstance(told, dict) or not isinstance(filters, dict):
        return None
    return SavedView(
        arrangement=Arrangement.from_text(str(told.get("arrangement", ""))),
        search=str(told.get("search", "")),
        period=str(told.get("period", "")),
        filters={str(name): str(text) for name, text in filters.items()},
    )
