"""The seven pages as tabs with counts: they share one content, one search, and one row that the evidence follows."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QTableView, QTabWidget, QWidget

from cmxero_desktop.domain.periods import Days
from cmxero_desktop.services.records.audit import AuditEntry
from cmxero_desktop.services.viewing.desk_view import DeskView, PaymentRow, ReviewRow
from cmxero_desktop.services.viewing.groups import with_parts
from cmxero_desktop.ui.desk.content import DeskContent
from cmxero_desktop.ui.desk.desk import Trouble
from cmxero_desktop.ui.health.page import HealthPage
from cmxero_desktop.ui.history.page import HistoryPage
from cmxero_desktop.ui.payments.columns import matched_columns, skipped_columns
from cmxero_desktop.ui.payments.pages import PaymentPage
from cmxero_desktop.ui.payments.placed_filters import MatchedFilters, SkippedFilters
from cmxero_desktop.ui.payments.unmatched_page import NOTHING_UNMATCHED, UnmatchedPage, UnmatchedTables
from cmxero_desktop.ui.review.page import ReviewPage
from cmxero_desktop.ui.sor.page import SorPage
from cmxero_desktop.ui.theme.formatting import count, plural, signed_sums, sums
from cmxero_desktop.ui.theme.icons import Shape
from cmxero_desktop.ui.widgets.arranged import Arranged
from cmxero_desktop.ui.widgets.parts import button
from cmxero_desktop.ui.widgets.table_or_empty import NOT_KNOWN, EmptyText, use_margins
from cmxero_desktop.ui.widgets.table_view import DeskTable
from cmxero_desktop.ui.window.tab_corner import TabCorner
from cmxero_desktop.ui.window.tab_titles import TabTitles

PAGES = ("Review", "Matched", "Unmatched", "Skipped", "SOR watch", "History", "Health")
ViewedPage = ReviewPage | PaymentPage | UnmatchedPage | HistoryPage
"""A page whose table and filters a person may save as a view."""

_NOTHING_MATCHED = EmptyText("Nothing is matched yet")
_NOTHING_SKIPPED = EmptyText("No payments are skipped", "", Shape.TICK)
_LOWEST, _LOWEST_IF_SMALL = 240, 110
_NARROWEST, _NARROWEST_IF_SMALL = 660, 600


@dataclass(frozen=True, slots=True, kw_only=True)
class PageTables:
    """The rows of all pages' tables, made on the worker so that the window only shows them."""

    review: Arranged[ReviewRow]
    matched: Arranged[PaymentRow]
    unmatched: UnmatchedTables
    skipped: Arranged[PaymentRow]
    history: Arranged[AuditEntry]

    def prepare(self) -> None:
        """Make what a person may soon ask of any of them."""
        for part in (self.review, self.matched, self.unmatched, self.skipped, self.history):
            part.prepare()


class Pages(QTabWidget):
    """Holds the pages and says which row the person looks at."""

    row_changed = Signal()
    filters_cleared = Signal()
    selection_changed = Signal()
    look_asked = Signal()

    def __init__(self, now: Callable[[], datetime], parent: QWidget | None = None) -> None:
        """Build the pages; ages are counted from `now`."""
        super().__init__(parent)
        self.setObjectName("pages")
        self.setDocumentMode(True)
        # The tallest page would otherwise push the evidence off a small screen while another page is shown.
        self.setMinimumHeight(_LOWEST)
        # And the widest one would make the window wider than a small screen, whichever page is shown.
        self.setMinimumWidth(_NARROWEST)
        self.setAccessibleName("Pages")
        self.review = ReviewPage(now)
        self.matched = PaymentPage(
            "Matched",
            "Equal on both sides. A linked one names Xero's payment in its Notes.",
            matched_columns(),
            MatchedFilters(),
            _NOTHING_MATCHED,
        )
        self.unmatched = UnmatchedPage()
        self.skipped = PaymentPage(
            "Skipped",
            "The rules leave these undisturbed; each says why and what to do.",
            skipped_columns(),
            SkippedFilters(),
            _NOTHING_SKIPPED,
            has_signs=True,
        )
        self.sor = SorPage(now)
        self.history = HistoryPage(now)
        self.health = HealthPage()
        pages = (self.review, self.matched, self.unmatched, self.skipped, self.sor, self.history, self.health)
        for name, page in zip(PAGES, pages, strict=True):
            self.addTab(page, name)
        self.titles = TabTitles(self, PAGES)
        self.look_button = button(
            "&Look…", self.look_asked.emit, "small", tip="Show both sides of this row, and decide (Enter)"
        )
        self.look_button.hide()
        self.corner = TabCorner(self.look_button)
        self.setCornerWidget(self.corner, Qt.Corner.TopRightCorner)
        self.review.applied_asked.connect(self.show_applied)
        for follower in (self.review, self.matched, self.unmatched, self.skipped):
            follower.current_changed.connect(partial(self._pass_on, follower))
        for filtered in (self.matched, self.unmatched, self.skipped, self.review.body, self.sor, self.history.body):
            filtered.filters_cleared.connect(self.filters_cleared)
        self.filters_cleared.connect(self._show_whole_columns)
        for table in self.findChildren(DeskTable):
            table.selectionModel().selectionChanged.connect(lambda *_: self.selection_changed.emit())
            table.current_changed.connect(self.selection_changed)
        self.currentChanged.connect(lambda _: self.selection_changed.emit())

    def tables_of(self, content: DeskContent) -> PageTables:
        """Return content as rows for every table, with what sorting and searching needs; any thread may ask."""
        view = content.view
        tables = PageTables(
            review=self.review.arranged(content),
            matched=self.matched.model.arranged(view.matched),
            unmatched=self.unmatched.arranged(view),
            skipped=self.skipped.model.arranged(with_parts(view)),
            history=self.history.arranged(view),
        )
        tables.prepare()
        return tables

    def show_content(self, content: DeskContent, *, is_fresh: bool, next_check_at: datetime | None) -> None:
        """Give every page its part of new content."""
        tables = content.pages if isinstance(content.pages, PageTables) else self.tables_of(content)
        self.review.show_content(content, tables.review, is_fresh=is_fresh, next_check_at=next_check_at)
        self.matched.show_rows(tables.matched)
        self.unmatched.show_tables(tables.unmatched)
        self.skipped.show_rows(tables.skipped)
        self._say_when_empty(content, is_fresh=is_fresh)
        self.sor.show_content(content)
        self.history.show_content(content, tables.history)
        self.health.show_content(content)
        self._say_counts(content)
        self._make_room()

    def _say_counts(self, content: DeskContent) -> None:
        view, whole = content.view, content.completeness.xero
        for index, rows, said in ((0, content.to_approve, "to approve"), (1, view.matched, "matched")):
            self.titles.say(index, count(len(rows)), count(len(rows)), f"{count(len(rows))} {said}")
        # Its rows are invoices, of which most have nothing that anybody must do.
        alerts = plural(len(view.sor.standing), "alert")
        self.titles.say(4, alerts, count(len(view.sor.standing)), alerts)
        for page, in_xero, placed in ((2, whole.unmatched, view.unmatched), (3, whole.skipped, view.skipped)):
            # As the strip counts them: what Xero has, and beside it what only Case Manager has.
            only_case = len(placed) - in_xero
            both = f"{count(in_xero)} + {count(only_case)} CM" if only_case else count(in_xero)
            brief = f"{count(in_xero)}+{count(only_case)}" if only_case else count(in_xero)
            tip = f"{count(in_xero)} payments of Xero, {count(only_case)} only in Case Manager"
            self.titles.say(page, both, brief, tip)

    def say_unread(self, trouble: Trouble, content: DeskContent | None) -> None:
        """Say on every page, where none has anything to show, why nothing could be read."""
        if content is not None:
            return
        text = EmptyText(trouble.title, f"{trouble.message} {trouble.remedy}".strip())
        for page in (self.review, self.matched, self.unmatched, self.skipped, self.sor, self.history):
            page.body.say_when_empty(text)

    def _say_when_empty(self, content: DeskContent, *, is_fresh: bool) -> None:
        """Praise nothing where nothing was looked at, nor where that was too long ago."""
        old = EmptyText("Nothing in what we know", "Xero was not checked lately, so this may be incomplete.")
        instead = NOT_KNOWN if content.is_first_run else None if is_fresh else old
        self.matched.body.say_when_empty(instead or _NOTHING_MATCHED)
        self.unmatched.body.say_when_empty(instead or NOTHING_UNMATCHED)
        self.skipped.body.say_when_empty(instead or _NOTHING_SKIPPED)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave the corner to the tabs where there is no room for both."""
        super().resizeEvent(event)
        self._make_room()

    def _make_room(self) -> None:
        self.titles.fit(self.corner.least())
        self.corner.fit(self.width() - self.titles.needed())

    def use_small(self, *, is_small: bool) -> None:
        """Give more of a small screen to the rows."""
        self.setMinimumSize(_NARROWEST_IF_SMALL if is_small else _NARROWEST, _LOWEST_IF_SMALL if is_small else _LOWEST)
        for page in (self.review, self.matched, self.skipped, self.history):
            use_margins(page, is_small=is_small)
        self._make_room()

    def offer_to_look(self, *, is_offered: bool) -> None:
        """Offer to look at the row where its evidence is not beside it."""
        self.look_button.setVisible(is_offered)
        self._make_room()

    def show_page_of(self, number: str, view: DeskView) -> None:
        """Show the first page on which something of that invoice waits or stands, Review where nothing does."""
        waiting = {row.stored.proposal.invoice_number for row in view.review}
        others = ((self.skipped, view.skipped), (self.unmatched, view.unmatched), (self.matched, view.matched))
        found = (page for page, rows in others if any(row.placement.invoice_number == number for row in rows))
        self.setCurrentWidget(self.review if number in waiting else next(found, self.review))

    def show_applied(self) -> None:
        """Show what was written and can be undone, standing on what was written last."""
        is_new = self.currentWidget() is not self.history
        self.setCurrentWidget(self.history)
        self.history.show_applied(is_new=is_new)

    def set_search(self, text: str) -> None:
        """Show in every table the rows in which the words are found."""
        for page in (self.review, self.matched, self.unmatched, self.skipped, self.sor, self.history):
            page.set_search(text)

    def set_days(self, days: Days | None) -> None:
        """Show in every table the rows of a period; None shows those of all dates."""
        for table in self.findChildren(DeskTable):
            table.rows.set_days(days)

    def _pass_on(self, page: QWidget) -> None:
        """Say that the row is another one, if its page is shown: new content moves the rows of all pages, unseen."""
        if page is self.currentWidget():
            self.row_changed.emit()

    @property
    def has_evidence(self) -> bool:
        """Whether the page that is shown has rows with two sides."""
        return self.currentWidget() in {self.review, self.matched, self.unmatched, self.skipped}

    def shown_row(self) -> ReviewRow | PaymentRow | None:
        """Return the row that the person stands on, or None."""
        page = self.currentWidget()
        if page is self.review:
            return self.review.table.current_row()
        return page.table.current_row() if isinstance(page, PaymentPage | UnmatchedPage) else None

    def shown_invoice(self) -> str:
        """Return the number of the invoice of the row that the person stands on, or nothing."""
        if self.currentWidget() is self.history:
            entry = self.history.table.current_row()
            return entry.event.invoice_number if entry else ""
        if self.currentWidget() is self.sor:
            watched = self.sor.table.current_row()
            return watched.invoice_number if watched else ""
        row = self.shown_row()
        if isinstance(row, ReviewRow):
            return row.stored.proposal.invoice_number
        return row.placement.invoice_number if row else ""

    def _show_whole_columns(self) -> None:
        for table in self.findChildren(DeskTable):
            table.rows.show_every()

    def table(self) -> QTableView | None:
        """Return the table of the page that is shown."""
        page = self.currentWidget()
        if page is self.health:
            return self.health.runs
        if isinstance(page, ReviewPage | PaymentPage | UnmatchedPage | SorPage | HistoryPage):
            return page.table
        return None

    def viewed_page(self) -> ViewedPage | None:
        """Return the page that is shown, if what it shows may be saved as a view."""
        page = self.currentWidget()
        return page if isinstance(page, ViewedPage) else None

    def viewed_table(self) -> DeskTable[Any] | None:
        """Return the table of such a page, if one is shown."""
        page = self.viewed_page()
        return page.table if page is not None else None

    def name_of_page(self) -> str:
        """Return the name of the page that is shown."""
        return PAGES[self.currentIndex()]

    def selection_text(self) -> str:
        """Say how many rows are selected and what they come to; nothing of one row, which says it itself."""
        table = self.table()
        positions = table.selected_positions() if isinstance(table, DeskTable) else []
        if len(positions) <= 1 or not isinstance(table, DeskTable):
            return ""
        if table is self.unmatched.table:
            return self.unmatched.selection_text(self.unmatched.table.selected_rows())
        said, title = f"{count(len(positions))} selected", table.rows.sum_title
        if table.rows.amount_of is None:
            return said
        amounts, left_out = table.rows.sums_at(positions), table.rows.uncounted_at(positions)
        rest = f"; {count(left_out)} {table.rows.uncounted}" if left_out else ""
        return f"{said}, {title} {signed_sums(amounts)}{rest}" if title else f"{said}, {sums(amounts)} in all"

    def choose_columns(self) -> None:
        """Open the column chooser of the page's table."""
        table = self.table()
        if isinstance(table, DeskTable):
            table.choose_columns()
