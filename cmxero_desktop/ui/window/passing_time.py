"""Let what depends on the time of day follow it: how fresh all of it is, what may be applied, Health, and the tray."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from cmxero_desktop.ui.desk.desk import WindowDesk
from cmxero_desktop.ui.desk.failing import unchecked
from cmxero_desktop.ui.desk.freshness import Freshness, freshness_of, unsure_as_of
from cmxero_desktop.ui.desk.schedule import ScheduleView
from cmxero_desktop.ui.desk.staleness import too_old
from cmxero_desktop.ui.theme.zones import zone_note
from cmxero_desktop.ui.window.bands import Bands
from cmxero_desktop.ui.window.header import Header
from cmxero_desktop.ui.window.pages import Pages
from cmxero_desktop.ui.window.strip import CompletenessStrip
from cmxero_desktop.ui.window.tray import Tray


class PassingTime:
    """Shows of one window what becomes another thing by waiting; it is asked every few seconds."""

    def __init__(
        self,
        desk: WindowDesk,
        schedule: ScheduleView,
        now: Callable[[], datetime],
        *,
        header: Header,
        bands: Bands,
        pages: Pages,
        strip: CompletenessStrip,
        tray: Tray,
    ) -> None:
        """Keep the parts of the window that the time of day changes."""
        self._desk, self._schedule, self.now = desk, schedule, now
        self._header, self._bands, self._pages, self._strip, self._tray = header, bands, pages, strip, tray

    @property
    def freshness(self) -> Freshness:
        """How fresh what is shown is now."""
        return freshness_of(
            self._desk.content,
            self._schedule,
            self.now(),
            is_checking=self._desk.is_checking,
            is_troubled=self._bands.is_troubled,
        )

    def tick(self) -> None:
        """Show what it is now, and see that the schedule goes on."""
        self._schedule.watch()
        content, freshness, now = self._desk.content, self.freshness, self.now()
        zone = content.view.state.organisation.time_zone if content is not None else ""
        self._header.show_freshness(replace(freshness, note=zone_note(zone, now)))
        self._strip.show_age(unsure_as_of(content, freshness, now))
        self._pages.review.set_freshness(is_fresh=freshness.is_fresh)
        self._bands.show_unchecked(unchecked(content, self._schedule, now))
        self._bands.show_old(None if self._desk.is_checking else too_old(content, self._schedule, now))
        if content is not None:
            self._pages.health.show_facts(content, self._schedule, now)
        self._tray.is_troubled = self._bands.is_troubled
        self._tray.appear()
        self._tray.show_state(content)
