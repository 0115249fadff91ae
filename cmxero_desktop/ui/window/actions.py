"""What menus, keys and buttons of the window do that is no verb of the desk: where to stand, what to open."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from cmxero_desktop.domain.wording_accounts import ACCOUNTS_KNOWN
from cmxero_desktop.services.records.alerts import OTHER_BOOKS, STORE_IN_DOUBT, Alert, AlertKind
from cmxero_desktop.services.records.runs import PollAsk, PollOutcome
from cmxero_desktop.ui.desk.desk import WindowDesk
from cmxero_desktop.ui.desk.freshness import Offer, last_run
from cmxero_desktop.ui.evidence.pane import EvidencePane
from cmxero_desktop.ui.sheets.belonging_sheet import ask_to_confirm_store, show_other_books
from cmxero_desktop.ui.sheets.cleanup_sheet import open_cleanup
from cmxero_desktop.ui.sheets.connection_sheet import ConnectionSheet
from cmxero_desktop.ui.sheets.copying_sheet import show_copying
from cmxero_desktop.ui.sheets.flows import Flows
from cmxero_desktop.ui.sheets.invoice_sheet import invoice_sheet
from cmxero_desktop.ui.sheets.mail_sheet import show_mail
from cmxero_desktop.ui.sheets.mode_sheet import ask_mode
from cmxero_desktop.ui.sheets.number_sheet import ask_which_invoice
from cmxero_desktop.ui.sheets.questions import ask_to_accept_totals
from cmxero_desktop.ui.sheets.shortcut_sheet import ShortcutSheet
from cmxero_desktop.ui.sheets.subtotals_sheet import SubtotalsSheet, may_add_up
from cmxero_desktop.ui.widgets.table_view import DeskTable
from cmxero_desktop.ui.window.header import Header
from cmxero_desktop.ui.window.pages import Pages
from cmxero_desktop.ui.window.showing_rows import RowShower
from cmxero_desktop.ui.window.strip import CompletenessStrip


class WindowActions:
    """Acts on the parts of one window, which keeps it as `wishes`, since `actions` is a word of Qt's own."""

    def __init__(
        self,
        window: QWidget,
        desk: WindowDesk,
        flows: Flows,
        *,
        header: Header,
        pages: Pages,
        evidence: EvidencePane,
        strip: CompletenessStrip,
        now: Callable[[], datetime],
    ) -> None:
        """Keep the parts."""
        self._window = window
        self._desk = desk
        self._flows = flows
        self._header = header
        self._pages = pages
        self._evidence = evidence
        self._strip = strip
        self._now = now
        header.mode_asked.connect(self.change_mode)
        self.show_rows: Callable[[], object] = lambda: None
        self.rows = RowShower(pages, header, desk, uncover=lambda: self.show_rows())  # noqa: PLW0108 - the window sets it later

    def approve_current_or_ticked(self) -> None:
        """Approve the ticked rows (Ctrl+Enter)."""
        self._flows.approve_ticked(self._pages.review.ticked())

    def approve_group(self) -> None:
        """Approve the group of the row that the person stands on (Ctrl+G)."""
        self._strip.say(self._pages.review.group_key.press())

    def open_apply(self) -> None:
        """Open the apply sheet where applying is possible; say why where it is not."""
        button = self._pages.review.bar.apply_button
        if button.isEnabled() and self._desk.content is not None:
            self._flows.writing.apply(self._desk.content)
        else:
            self._strip.say(button.toolTip())

    def approve_shown(self) -> None:
        """Approve the row that is shown (Ctrl+D)."""
        self._evidence.approve_button.click()

    def hold_shown(self) -> None:
        """Put the row that is shown on hold, as the button beside it does, whatever is ticked (Ctrl+H)."""
        if self._is_offered(self._evidence.hold_button):
            self._evidence.hold_button.click()

    def hold_ticked(self) -> None:
        """Put the ticked rows on hold (Ctrl+Shift+H)."""
        rows = [row.stored for row in self._pages.review.ticked()]
        if rows:
            self._flows.hold(rows, self._now().astimezone().date(), is_ticked=True)

    def put_back_chosen(self) -> None:
        """Put back to review what is selected in History, or the row that is shown (Ctrl+B)."""
        history, button = self._pages.history, self._evidence.reopen_button
        if self._pages.currentWidget() is history:
            history.put_back_button.click()
        elif self._is_offered(button):
            button.click()

    def link_shown(self) -> None:
        """Link to the payment that is shown beside the row (Ctrl+L)."""
        button, stored = self._evidence.link_button, self._evidence.stored
        if self._is_offered(button) and button.isEnabled() and stored:
            self._flows.linking.link(stored)

    def _is_offered(self, button: QWidget) -> bool:
        """Say whether a button stands in the evidence, also where that takes turns with the rows."""
        return button.isVisibleTo(self._evidence)

    def reject_shown(self) -> None:
        """Reject the row that is shown (Ctrl+R)."""
        self._evidence.reject_button.click()

    def say_of_shown(self) -> None:
        """Say what the payment is that is shown (Ctrl+Y)."""
        self._evidence.say_button.click()

    def note_shown(self) -> None:
        """Write a note on the payment that is shown (Ctrl+M)."""
        self._evidence.body.note_button.click()

    def open_undo(self) -> None:
        """Open the list of what can be undone (Ctrl+Z)."""
        self._pages.show_applied()

    def go_to_next(self, step: int) -> None:
        """Stand on the next or previous row that needs a decision."""
        self._pages.setCurrentWidget(self._pages.review)
        self._pages.review.go_to_next(step)

    def cycle_panes(self) -> None:
        """Move the focus from the table to the evidence, the strip, the search, and back (F6)."""
        stops = [self._pages.table(), self._evidence.first_button(), self._strip, self._header.search]
        able = [stop for stop in stops if stop is not None and stop.isVisible() and stop.isEnabled()]
        at = next((i for i, stop in enumerate(able) if stop.hasFocus()), -1)
        able[(at + 1) % len(able)].setFocus(Qt.FocusReason.ShortcutFocusReason)

    def focus_search(self) -> None:
        """Stand in the search (Ctrl+F)."""
        self._header.search.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def leave_search(self) -> None:
        """Clear the search and go back to the table (Esc)."""
        self._header.search.clear()
        self.focus_table()

    def go_to_page(self, index: int) -> None:
        """Show a page and stand in its table (Ctrl+1 to Ctrl+7)."""
        self._pages.setCurrentIndex(index)
        self.focus_table()

    def focus_table(self) -> None:
        """Stand in the table of the page."""
        page = self._pages.table()
        self.show_rows()
        if page is not None:
            page.setFocus(Qt.FocusReason.OtherFocusReason)

    def choose_columns(self) -> None:
        """Open the column chooser of the page's table."""
        self._pages.choose_columns()

    def add_up(self) -> None:
        """Add up what the page's table shows, by one of its columns (Ctrl+Shift+G)."""
        table = self._pages.table()
        if isinstance(table, DeskTable) and may_add_up(table):
            SubtotalsSheet(table, self._desk, self._window).open()
        else:
            self._strip.say("There is nothing to add up on this page.")

    def export_list(self) -> None:
        """Save what the page's table shows as a workbook (Ctrl+Shift+E)."""
        table = self._pages.table()
        if isinstance(table, DeskTable):
            self._flows.writing.export_list(table)
        else:
            self._strip.say("There is no list on this page.")

    def show_keys(self) -> None:
        """Open the sheet of all keys."""
        ShortcutSheet(self._window.actions(), self._window).open()

    def show_connection(self) -> None:
        """Open the sheet about the connection to Xero."""
        ConnectionSheet(self._desk, self._desk.content, self._window).open()

    def show_copying(self) -> None:
        """Open the sheet about what others copied."""
        show_copying(self._window, self._desk, self.change_mode, self._strip.say)

    def change_mode(self) -> None:
        """Ask for the other mode."""
        self._flows.named(lambda: ask_mode(self._window, self._desk, self._strip.say, self._now()))

    def clean_up(self) -> None:
        """Open the clean-up of old leftovers."""
        self._flows.named(lambda: open_cleanup(self._window, self._desk, self._strip.say))

    def take_offer(self, offer: Offer) -> None:
        """Do what the button beside the freshness line offers."""
        if offer is Offer.STOP_WAITING:
            self._desk.waits.stop_waiting()
        elif offer is Offer.CHECK_ANYWAY:
            self._desk.check(PollAsk(ends_pause=True))
        elif offer is Offer.SIGN_IN:
            self.show_connection()

    def ask_about_account(self) -> None:
        """Ask about the first account that nobody has spoken of; say so where there is none."""
        alerts = self._desk.content.view.alerts if self._desk.content is not None else ()
        question = next((alert.account for alert in alerts if alert.account is not None), None)
        if question is not None:
            self._flows.ask_about_account(question)
        else:
            self._strip.say(ACCOUNTS_KNOWN)

    def ask_which_invoice(self, number: str = "") -> None:
        """Ask which invoice of Case Manager one of Xero's is: of this number, else that of the shown row."""
        asked = number or self._evidence.invoice_number
        if asked:
            self._flows.named(lambda: ask_which_invoice(self._window, self._desk, asked, self._strip.say))
        else:
            self._strip.say("Choose a row of the invoice first.")

    def show_alert(self, alert: Alert) -> None:
        """Go to the rows that a warning is about."""
        if alert.kind in {AlertKind.SIGN_IN, AlertKind.MAIL}:
            self._show_connection_of(alert)
        elif alert.account is not None:
            self._flows.ask_about_account(alert.account)
        elif alert.kind is AlertKind.TOTALS:
            self._flows.named(lambda: ask_to_accept_totals(self._window, self._desk, alert, self._strip.say))
        elif alert.kind in {AlertKind.OTHER_WRITER, AlertKind.QUICK_COPIES}:
            self.show_copying()
        elif alert.kind in OTHER_BOOKS | STORE_IN_DOUBT:
            _ask_what_is_right(self._window, self._desk, self._flows, alert, self._strip.say)
        elif alert.kind is AlertKind.RENUMBERED:
            self.ask_which_invoice(alert.invoice_number)
        elif alert.kind is AlertKind.VOIDED and not self.rows.is_in_review(alert.invoice_number):
            self._flows.writing.tie_out(self._desk.content, at=alert.invoice_number)
        elif alert.kind is AlertKind.NOT_EXPLAINED:
            self._flows.writing.tie_out(self._desk.content)
        else:
            self._show_rows_of(alert)

    def show_event(self, number: str) -> None:
        """Show what came of something that happened: its rows, or where it is mended that nothing is read any more."""
        content = self._desk.content
        run = last_run(content) if content is not None else None
        if run is not None and run.outcome is PollOutcome.SIGNED_OUT:
            self.show_connection()
        else:
            self.rows.of_event(number)

    def _show_rows_of(self, alert: Alert) -> None:
        """Show the rows that a warning is about; where no page has any, what is known of its invoice."""
        number, rows = alert.invoice_number, self.rows
        if alert.kind is AlertKind.LOOKS_LIKE_CM:
            is_shown = rows.warned(alert)
        elif alert.kind is AlertKind.REMOVAL_LIMIT:
            is_shown = rows.removals()
        else:
            is_shown = rows.of_invoice(number) if number else rows.unreadable()
        if not is_shown and number:
            invoice_sheet(self._desk, number, self._now, self._window).open()
        elif not is_shown:
            rows.waiting()

    def _show_connection_of(self, alert: Alert) -> None:
        """Open what a warning about the way to Xero, or to the mail server, is mended in."""
        if alert.kind is AlertKind.MAIL:
            show_mail(self._window, self._desk, self._strip.say)
        else:
            self.show_connection()

    def show_invoice(self) -> None:
        """Open the history of the invoice whose row is selected (Ctrl+I)."""
        number = self._pages.shown_invoice()
        if number:
            invoice_sheet(self._desk, number, self._now, self._window).open()
        else:
            self._strip.say("Select a row of the invoice whose history you want to see.")


def _ask_what_is_right(
    window: QWidget, desk: WindowDesk, flows: Flows, alert: Alert, say: Callable[[str], object]
) -> None:
    """Say what to do; whoever may adopt a database or confirm the store gives the name first."""
    ask = ask_to_confirm_store if alert.kind in STORE_IN_DOUBT else show_other_books
    show = partial(ask, window, desk, alert, say)
    if alert.kind is not AlertKind.OTHER_BOOKS:
        flows.named(show)
    else:
        show()
