"""Ask Xero again about invoices whose payments do not add up to what it says was paid, each in its turn (R22)."""

import logging
from collections.abc import Callable, Collection, Iterable
from datetime import UTC, datetime

from cmxero_desktop.domain.control_total import control_total_of
from cmxero_desktop.domain.doubts import Doubt, Doubts, answer_of
from cmxero_desktop.domain.identifiers import XeroInvoiceId
from cmxero_desktop.domain.policy import Policy
from cmxero_desktop.domain.records import InvoiceSnapshot
from cmxero_desktop.services.correlation.moment import Moment
from cmxero_desktop.services.correlation.snapshots import XeroSide
from cmxero_desktop.services.ports.outside import Outside

_log = logging.getLogger(__name__)

# One check reads at most this many doubtful invoices again; the others stay skipped and get their turn at the next.
_REREAD_AT_MOST = 400


def ask_about_doubts(
    outside: Outside,
    found: Collection[Doubt],
    moment: Moment,
    *,
    is_any_unknown: bool,
    read: Callable[[Collection[XeroInvoiceId]], Collection[Doubt]],
) -> bool:
    """Ask Xero about the doubtful invoices whose turn it is; say whether what is known of Xero may have changed.

    `found` are those that are doubtful now, and `read` reads again what is known, of these invoices at least, and says
    which are doubtful by then. `is_any_unknown` says that some row could not be read, or that Xero did not know it: one
    that could be read again is news too, although its content may be what it was.
    """
    doubts = _stored(outside).renewed(found)
    asked = doubts.due(moment.now, _REREAD_AT_MOST)
    is_news = False
    if asked:
        ids = [doubt.invoice_id for doubt in asked]
        is_news = read_invoices_again(outside, ids) or is_any_unknown
        if is_news:
            found = read(ids)
        doubts = _answered(doubts, asked, found, moment.now)
    _save(outside, doubts, asked)
    return is_news


def ask_again_about_doubts(outside: Outside) -> None:
    """Ask Xero about the doubtful invoices whose turn it is, where nothing else has changed since they were found.

    What is stored then is news, and whoever compares again sees it; else Xero gave the same answer once more.
    """
    doubts, now = _stored(outside), outside.clock()
    asked = doubts.due(now, _REREAD_AT_MOST)
    if not asked:
        return
    has_changed = read_invoices_again(outside, [doubt.invoice_id for doubt in asked])
    if not has_changed:
        _save(outside, _answered(doubts, asked, asked, now), asked)


def is_doubtful(side: XeroSide, policy: Policy) -> bool:
    """Say whether the payments known of an invoice do not add up to Xero's AmountPaid."""
    snapshot = InvoiceSnapshot(
        number=side.number,
        as_of=datetime.min.replace(tzinfo=UTC),
        xero_invoice_id=side.invoice_id,
        xero_invoice=side.invoice,
        case_invoice=None,
        xero_payments=side.payments,
    )
    return not control_total_of(snapshot, policy.currency).holds


def doubts_of(side: XeroSide, policy: Policy) -> tuple[Doubt, ...]:
    """Return the doubt about each invoice that goes by a number, where its payments do not add up."""
    if not is_doubtful(side, policy):
        return ()
    answer = answer_of(side.facts, side.payments)
    return tuple(Doubt(invoice_id=i.xero_invoice_id, number=side.number, answer=answer) for i in side.invoices)


def read_invoices_again(outside: Outside, invoice_ids: Collection[XeroInvoiceId]) -> bool:
    """Read invoices and all their payments from Xero and store both; say whether anything differs from before."""
    invoices = outside.xero.invoices_by_id(invoice_ids)
    payments = outside.xero.payments_of(invoice_ids)
    with outside.store.begin() as unit:
        changed = unit.facts.save_invoices(invoices.invoices, invoices.as_of)
        changed += unit.facts.save_payments(payments.payments, payments.as_of)
        unit.gaps.save_unreadable((*invoices.unreadable, *payments.unreadable))
        unit.gaps.save_unknown(invoices.unknown)
        unit.commit()
    return bool(changed or invoices.unreadable or invoices.unknown or payments.unreadable)


def _stored(outside: Outside) -> Doubts:
    with outside.store.read() as unit:
        return unit.polling.state().doubts


def _answered(doubts: Doubts, asked: Iterable[Doubt], found: Iterable[Doubt], now: datetime) -> Doubts:
    """Keep what Xero answered; an invoice that adds up by now is no doubt any more."""
    answers, ids = {doubt.invoice_id: doubt.answer for doubt in found}, {doubt.invoice_id for doubt in asked}
    still = Doubts(each=tuple(d for d in doubts.each if d.invoice_id in answers or d.invoice_id not in ids))
    return still.answered({i: answers[i] for i in ids & answers.keys()}, now)


def _save(outside: Outside, doubts: Doubts, asked: Collection[Doubt]) -> None:
    """Store the doubts where they are others than before, and say in the log how many wait for a later check."""
    if doubts != _stored(outside):
        with outside.store.begin() as unit:
            unit.polling.save_doubts(doubts)
            unit.commit()
    if doubts.each:
        seldom = sum(doubt.is_seldom_asked for doubt in doubts.each)
        _log.info(
            "%d invoices do not add up in Xero; asked again about %d, and %d are asked about less often by now",
            len(doubts.each),
            len(asked),
            seldom,
        )
