"""Open the very rows that a warning, a notice or an event is about, in sight, whatever filtered them away."""

from collections.abc import Callable, Iterable
from string import ascii_uppercase
from typing import Any

from cmxero_desktop.domain.placements import Reason
from cmxero_desktop.domain.proposals import Flag, ProposalKind, ProposalState
from cmxero_desktop.services.records.alerts import Alert, AlertKind
from cmxero_desktop.services.records.runs import PollOutcome
from cmxero_desktop.services.viewing.desk_view import DeskView, PaymentRow, ReviewRow
from cmxero_desktop.services.viewing.groups import with_parts
from cmxero_desktop.ui.desk.desk import WindowDesk
from cmxero_desktop.ui.desk.freshness import last_run
from cmxero_desktop.ui.payments.pages import PaymentPage
from cmxero_desktop.ui.payments.unmatched_page import UnmatchedPage
from cmxero_desktop.ui.review.page import VIEWS
from cmxero_desktop.ui.widgets.arranged import TheseRows
from cmxero_desktop.ui.widgets.table_view import DeskTable
from cmxero_desktop.ui.window.header import Header
from cmxero_desktop.ui.window.pages import Pages

_FAILED = frozenset({PollOutcome.OFFLINE, PollOutcome.AWAY, PollOutcome.BROKEN, PollOutcome.FAILED})
_WAITING = VIEWS["To approve"]


class RowShower:
    """Goes to rows by what they are about; where there are none it says so, and never shows an empty list."""

    def __init__(self, pages: Pages, header: Header, desk: WindowDesk, uncover: Callable[[], object]) -> None:
        """Keep the parts; `uncover` brings the rows where a small screen shows the evidence in their place."""
        self._pages, self._header, self._desk, self._uncover = pages, header, desk, uncover

    @property
    def _view(self) -> DeskView | None:
        return self._desk.content.view if self._desk.content is not None else None

    def is_in_review(self, number: str) -> bool:
        """Say whether anything is proposed on an invoice."""
        rows = self._view.review if self._view is not None else ()
        return any(row.stored.proposal.invoice_number == number for row in rows)

    def waiting(self) -> None:
        """Show all that waits in Review, standing on its first row."""
        self._open_review("To approve")
        self._stand(self._pages.review.table)

    def in_state(self, state: ProposalState, why: str) -> bool:
        """Show the rows of Review in a state."""
        return self._show_review((row for row in self._review() if row.stored.state is state), why)

    def removals(self) -> bool:
        """Show the removals that wait: those that a limit holds, where it holds any (R27)."""
        rows = [row for row in self._review() if row.stored.state in _WAITING]
        gone = [row for row in rows if row.stored.proposal.kind is ProposalKind.REMOVE]
        held = [row for row in rows if Flag.OVER_LIMIT in row.stored.proposal.flags]
        return self._show_review(held or gone, "removals held by the limit" if held else "removals")

    def of_invoice(self, number: str) -> bool:
        """Show the rows of an invoice on the first page that has any, Review first."""
        view, why = self._view, f"of {number}"
        if view is None or not number:
            return False
        in_review = [row for row in self._review() if row.stored.proposal.invoice_number == number]
        if self._show_review(in_review, why):
            return True
        placed: tuple[tuple[PaymentPage | UnmatchedPage, Iterable[PaymentRow]], ...] = (
            (self._pages.skipped, with_parts(view)),
            (self._pages.unmatched, view.unmatched),
            (self._pages.matched, view.matched),
        )
        for page, rows in placed:
            if self._show_placed(page, (row for row in rows if row.placement.invoice_number == number), why):
                return True
        return self._show_folded(number) or self.sor(number)

    def unreadable(self) -> bool:
        """Show the rows that could not be read."""
        rows = self._view.skipped if self._view is not None else ()
        unread = (row for row in rows if row.placement.reason is Reason.UNREADABLE)
        return self._show_placed(self._pages.skipped, unread, "could not be read")

    def due(self, names: frozenset[str], *, is_skipped: bool) -> bool:
        """Show the very rows whose day of follow-up has come, and no others of their list."""
        page = self._pages.skipped if is_skipped else self._pages.unmatched
        self._open(page)
        page.show_named(TheseRows(names, "what is to be followed up today"))
        return self._stand(page.table)

    def warned(self, alert: Alert) -> bool:
        """Show the row of a warning in the fold of Unmatched that lists such invoices."""
        page = self._pages.unmatched
        fold = {AlertKind.LOOKS_LIKE_CM: page.looks_like, AlertKind.VOIDED: page.voided}.get(alert.kind)
        if fold is None or alert not in fold.model.all_rows:
            return False
        self._open(page)
        fold.button.setChecked(True)
        return self._stand(fold.table, alert.key)

    def sor(self, number: str = "") -> bool:
        """Show an invoice in the SOR watch, else the first one that has an alert."""
        page = self._pages.sor
        standing = page.board.standing
        wanted = number or (standing[0].invoice_number if standing else "")
        row = next((row for row in page.board.rows if row.invoice_number == wanted), None)
        if row is None and number:
            return False
        self._open(page)
        page.go_to_invoice(wanted)
        page.table.setFocus()
        return row is not None

    def of_event(self, number: str) -> None:
        """Show what came of something that happened: an SOR alert first, then the invoice's rows, else the check."""
        standing = self._view.sor.standing if self._view is not None and number else ()
        # One that was given another number stands where the schedule has it, by the number that it had.
        numbers = (number, number.rstrip(ascii_uppercase))
        alert = next((one for one in standing if one.invoice_number in numbers), None)
        if alert is not None:
            self.sor(alert.invoice_number)
        elif not any(map(self.of_invoice, numbers)):
            run = last_run(self._desk.content) if self._desk.content is not None else None
            if run is not None and run.outcome in _FAILED:
                self.checks()
            elif not self.removals():
                self.waiting()

    def undo_wishes(self) -> None:
        """Show in History what one person asked to undo."""
        self._open(self._pages.history)
        self._pages.history.show_wishes()

    def checks(self) -> None:
        """Show how the last checks went."""
        self._pages.setCurrentWidget(self._pages.health)
        self._pages.health.runs.setFocus()

    def _review(self) -> tuple[ReviewRow, ...]:
        return (*self._view.review, *self._view.rejected) if self._view is not None else ()

    def _show_review(self, rows: Iterable[ReviewRow], why: str) -> bool:
        found = list(rows)
        if not found:
            return False
        is_waiting = all(row.stored.state in _WAITING for row in found)
        self._open_review("To approve" if is_waiting else "All")
        self._pages.review.model.set_named(TheseRows(frozenset(row.row_id for row in found), why))
        return self._stand(self._pages.review.table)

    def _open_review(self, view: str) -> None:
        review = self._pages.review
        self._open(review)
        review.view_box.setCurrentText(view)
        review.clear_filters()

    def _show_placed(self, page: PaymentPage | UnmatchedPage, rows: Iterable[PaymentRow], why: str) -> bool:
        found = list(rows)
        if not found:
            return False
        self._open(page)
        page.show_named(TheseRows(frozenset(row.row_id for row in found), why))
        if isinstance(page, UnmatchedPage) and all(row.is_set_aside for row in found):
            page.aside_box.setChecked(True)
        return self._stand(page.table)

    def _show_folded(self, number: str) -> bool:
        alerts = self._view.alerts if self._view is not None else ()
        return any(self.warned(alert) for alert in alerts if alert.invoice_number == number)

    def _open(self, page: Any) -> None:  # noqa: ANN401 - any page of the window
        """Show a page with all of its rows: nothing that was looked for before hides what is wanted now."""
        self._uncover()
        self._header.clear_filters()
        self._pages.setCurrentWidget(page)
        table = self._pages.table()
        if isinstance(table, DeskTable):
            table.rows.show_every()
            # A group of one's own may be folded.
            table.folding.fold_all(are_folded=False)

    @staticmethod
    def _stand(table: DeskTable[Any], name: str = "") -> bool:
        """Stand on the row of that name, else on the first one, and let keys act there."""
        rows = range(table.rows.rowCount())
        first = next((at for at in rows if table.rows.line_at(at) is None), -1)
        place = table.rows.position_of(name) if name else first
        table.go_to(place)
        table.scrollTo(table.currentIndex())
        table.setFocus()
        return place >= 0
