"""Connect the buttons beside a row with the questions that each asks before it is done."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from cmxero_desktop.domain.records import XeroPayment
from cmxero_desktop.services.verbs.commands.checking import AskHistory
from cmxero_desktop.services.viewing.desk_view import PaymentRow, ReviewRow
from cmxero_desktop.ui.desk.desk import WindowDesk
from cmxero_desktop.ui.evidence.pane import EvidencePane
from cmxero_desktop.ui.sheets.flows import Flows
from cmxero_desktop.ui.sheets.note_sheet import ask_note
from cmxero_desktop.ui.window.actions import WindowActions
from cmxero_desktop.ui.window.folders import open_in_xero
from cmxero_desktop.ui.window.pages import Pages

_NO_PAGES = "The demo's Xero is on this computer and has no pages to open."


def connect_evidence(
    evidence: EvidencePane,
    flows: Flows,
    wishes: WindowActions,
    pages: Pages,
    now: Callable[[], datetime],
    desk: WindowDesk,
    *,
    is_demo: bool,
) -> None:
    """Let each button of the pane ask its question; the demo's Xero has no pages to open."""
    evidence.approve_asked.connect(flows.approve_one)
    evidence.hold_asked.connect(lambda stored: flows.hold([stored], now().astimezone().date()))
    evidence.ticks_of = pages.review.other_ticks
    pages.review.model.ticks_changed.connect(evidence.say_what_is_ticked)
    evidence.reject_asked.connect(flows.reject)
    evidence.reopen_asked.connect(lambda stored: flows.reopen([stored]))
    evidence.link_asked.connect(flows.linking.link)
    evidence.say_asked.connect(flows.say)

    def write_note(row: ReviewRow | PaymentRow | None) -> None:
        if row is not None:
            today = now().astimezone().date()
            flows.named(lambda: ask_note(pages.window(), desk, row, today, flows.said.emit))

    evidence.body.note_asked.connect(write_note)
    evidence.number_asked.connect(wishes.ask_which_invoice)
    evidence.body.history_asked.connect(wishes.show_invoice)
    who = evidence.body.who

    def ask_who(payment: XeroPayment) -> None:
        then, otherwise = partial(who.show_answer, payment), partial(who.show_trouble, payment)
        desk.ask(AskHistory(payment.payment_id), "Asking Xero…", then, otherwise)

    who.asked.connect(ask_who)
    evidence.body.xero_asked.connect((lambda _: flows.said.emit(_NO_PAGES)) if is_demo else open_in_xero)
