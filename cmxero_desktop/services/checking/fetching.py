"""Read what changed in Xero page by page, and store the facts before any cursor moves."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from cmxero_desktop.domain.freshness import OVERLAP
from cmxero_desktop.domain.identifiers import XeroInvoiceId
from cmxero_desktop.domain.policy import Policy
from cmxero_desktop.domain.records import UnreadableRow, XeroInvoice, XeroPayment
from cmxero_desktop.domain.room import Room, demand_room
from cmxero_desktop.domain.scope import DEAD, DELETED, folded, is_cm_invoice, is_customer_payment
from cmxero_desktop.services.checking.lookalikes import forget_lookalikes, tell_lookalikes
from cmxero_desktop.services.ports.outside import Outside
from cmxero_desktop.services.records.readings import InvoicesPage, PaymentsPage
from cmxero_desktop.services.records.results import TrackedInvoice
from cmxero_desktop.services.records.runs import Cursors, PollState

IdT = TypeVar("IdT", bound=str)

# One full comparison asks for at most this many payments that Xero's list lacks; the others get their turn another day.
_ASKED_AT_MOST = 300


class Met:
    """What a reading of a whole list met: which ids could be read, which could not, and the places of the latter."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.places: set[str] = set()
        self._read: set[str] = set()
        self._unread: set[str] = set()

    def add(self, read: Iterable[str], unreadable: Iterable[UnreadableRow]) -> None:
        """Add the rows of a page."""
        self._read.update(i.lower() for i in read)
        for row in unreadable:
            self.places.add(row.place)
            self._unread.add((row.xero_payment_id or row.xero_invoice_id or "").lower())

    def has(self, row_id: str) -> bool:
        """Say whether the list had the row."""
        return row_id.lower() in self._read or row_id.lower() in self._unread

    @property
    def count(self) -> int:
        """How many rows the list had."""
        return len(self._read | self._unread)

    def mended(self, unread: Iterable[str]) -> list[str]:
        """Return those of rows that could not be read before that can be read by now, wherever they belong."""
        return [i for i in unread if i.lower() in self._read and i.lower() not in self._unread]


class Fetching:
    """One reading of Xero. `renew` is called before each page is stored, and may raise to end the reading.

    `room` says what is free on this computer. `paid_to` are the accounts, by id in lower case, that the payments it
    stored went to.
    """

    def __init__(
        self,
        outside: Outside,
        renew: Callable[[], object],
        tell: Callable[[str], None],
        room: Callable[[], Room] = Room,
    ) -> None:
        """Keep the ports; `tell` says on screen how far the reading is."""
        self._outside = outside
        self._renew = renew
        self._room = room
        self._share_of_ours = 0.0
        self._tell = tell
        self.fetched = 0
        self.paid_to: set[str] = set()
        self._lookalikes: set[str] = set()

    def fetch(self, state: PollState, prefix: str, *, is_full: bool) -> PollState:
        """Store what changed; move each cursor, and store it, only when all pages of its list are stored."""
        policy = Policy(currency=state.organisation.currency, invoice_prefix=prefix)
        # Which of a page's invoices are tracked is asked page by page: a check mostly reads one of a few rows.
        tracked: set[XeroInvoiceId] = set()
        # A full reading of each list is one that nothing was left out of, whichever way it came about.
        state = self._invoices(state, policy, tracked, None if is_full else _since(state.cursors.invoices))
        return self._payments(state, policy, tracked, None if is_full else _since(state.cursors.payments))

    def _invoices(
        self, state: PollState, policy: Policy, tracked: set[XeroInvoiceId], since: datetime | None
    ) -> PollState:
        cursor, met = state.cursors.invoices, Met()
        for number, page in enumerate(self._outside.xero.changed_invoices(since)):
            if number == 0 and _is_asked_ahead(since, page.as_of):
                cursor = _credible(cursor, page.as_of, self._outside.clock())
                state = replace(state, cursors=replace(state.cursors, invoices=cursor))
                return self._invoices(state, policy, tracked, None)
            self._renew()
            self._store_invoices(page, policy, tracked)
            met.add((i.invoice_id for i in page.invoices), page.unreadable)
            self._tell(f"Reading invoices from Xero: page {number + 1}")
            cursor = _moved(cursor, page.as_of if number == 0 else None, (i.updated_at for i in page.invoices))
        if since is None:
            self._share_of_ours = min(1.0, len(tracked) / max(1, met.count))
            with self._outside.store.begin() as unit:
                forget_lookalikes(unit, self._lookalikes)
                unit.gaps.forget_places(met.places, of_invoices=True)
                unit.commit()
            self._ask_about_invoices(met, policy, tracked)
        # Stored at once: where the payments cannot be read any more, the next check need not begin with these again.
        return self._saved(lambda cursors: replace(cursors, invoices=cursor))

    def _payments(
        self, state: PollState, policy: Policy, tracked: set[XeroInvoiceId], since: datetime | None
    ) -> PollState:
        cursor, as_of = state.cursors.payments, None
        met = Met()
        for number, page in enumerate(self._outside.xero.changed_payments(since)):
            if number == 0 and _is_asked_ahead(since, page.as_of):
                cursor = _credible(cursor, page.as_of, self._outside.clock())
                state = replace(state, cursors=replace(state.cursors, payments=cursor))
                return self._payments(state, policy, tracked, None)
            if number == 0 and since is None:
                self._demand_room(page.total or 0)
            self._renew()
            self.fetched += len(page.payments) + len(page.unreadable)
            self._store_payments(page, policy, tracked)
            self._tell(f"Reading payments from Xero: {self.fetched:,} so far")
            met.add((p.payment_id for p in page.payments), page.unreadable)
            as_of = _later(page.as_of, state.cursors.payments) or as_of
            cursor = _moved(cursor, page.as_of if number == 0 else None, (p.updated_at for p in page.payments))
        if since is None:
            self._ask_about_absent(met)
        now = self._outside.clock()

        def moved(cursors: Cursors) -> Cursors:
            last_full_at = now if since is None else cursors.last_full_at
            return replace(cursors, payments=cursor, as_of=as_of or now, seen_at=now, last_full_at=last_full_at)

        return self._saved(moved, places=met.places if since is None else None)

    def _demand_room(self, listed: int) -> None:
        """Raise StoreError where this computer has no room for what Xero lists: before, never in the middle.

        Of the payments there are as many ours as of the invoices; where those were read before, nobody knows how many.
        """
        expected = round(listed * self._share_of_ours)
        if expected:
            with self._outside.store.read() as unit:
                stored = unit.facts.payments_stored()
            demand_room(self._room(), stored=stored, expected=expected)

    def _ask_about_absent(self, met: Met) -> None:
        """Ask by id about payments that a full list lacks: a row that is missing there is no proof of anything.

        So is one that could not be read before: a 404 makes it gone, or nobody would ever hear of it again (R30).
        """
        with self._outside.store.begin() as unit:
            stored = [p for payments in unit.facts.payments_of_tracked().values() for p in payments]
            unread = [r.xero_payment_id for r in unit.gaps.unreadable() if r.xero_payment_id]
            unknown = {folded(i) for i in unit.gaps.unknown_ids()}
            unit.gaps.forget(met.mended(unread))
            unit.commit()
        live = [p.payment_id for p in stored if p.is_live and folded(p.payment_id) not in unknown]
        absent = {folded(i): i for i in (*live, *unread) if not met.has(i)}
        if absent:
            answer = self._outside.xero.payments_by_id(_turn_of(sorted(absent.values()), self._outside.clock()))
            with self._outside.store.begin() as unit:
                tracked = unit.facts.tracked_among([p.invoice_id for p in answer.payments])
                unit.facts.save_payments((p for p in answer.payments if p.invoice_id in tracked), answer.as_of)
                unit.gaps.forget([p.payment_id for p in answer.payments])
                unit.gaps.save_unknown(answer.unknown)
                unit.gaps.save_unreadable(answer.unreadable)
                unit.commit()

    def _ask_about_invoices(self, met: Met, policy: Policy, tracked: set[XeroInvoiceId]) -> None:
        """Ask by id about invoices that a full list lacks: those that could not be read before, and unpaid ones.

        An id that lost a letter on the way once stands as an invoice of its own beside the right one. A 404 makes it
        deleted, as if Xero had said so; one with payments stays what it was, whatever a server says of it.
        """
        with self._outside.store.begin() as unit:
            unread = [r.xero_invoice_id for r in unit.gaps.unreadable() if r.is_invoice and r.xero_invoice_id]
            unit.gaps.forget(met.mended(unread))
            paid = {invoice_id for invoice_id, payments in unit.facts.payments_of_tracked().items() if payments}
            known = unit.facts.invoices_of_tracked()
            unit.commit()
        unpaid = {i: known[i] for i in known.keys() - paid if known[i].status not in DEAD}
        absent = {i for i in (*unread, *unpaid) if not met.has(i)}
        if absent:
            answer = self._outside.xero.invoices_by_id(_turn_of(sorted(absent), self._outside.clock()))
            self._store_invoices(answer, policy, tracked)
            with self._outside.store.begin() as unit:
                unit.gaps.forget([*answer.unknown, *(i.invoice_id for i in answer.invoices)])
                gone = (unpaid[i] for i in answer.unknown & unpaid.keys())
                unit.facts.save_invoices([replace(each, status=DELETED) for each in gone], answer.as_of)
                unit.commit()

    def _saved(self, change: Callable[[Cursors], Cursors], *, places: Collection[str] | None = None) -> PollState:
        """Store where polling stands; `places` are those of the unreadable rows that a full reading met."""
        with self._outside.store.begin() as unit:
            if places is not None:
                unit.gaps.forget_places(places, of_invoices=False)
            state = unit.polling.state()
            state = replace(state, cursors=change(state.cursors))
            unit.polling.save_cursors(state.cursors)
            unit.commit()
        return state

    def _store_invoices(self, page: InvoicesPage, policy: Policy, tracked: set[XeroInvoiceId]) -> None:
        """Store the CM invoices of a page, and add to `tracked` those that are new."""
        with self._outside.store.begin() as unit:
            named = [*(i.invoice_id for i in page.invoices), *_named(page.unreadable)]
            tracked.update(unit.facts.tracked_among(named))
            found = [i for i in page.invoices if i.invoice_id in tracked or is_cm_invoice(i.number, policy)]
            tracked.update(invoice.invoice_id for invoice in found)
            unit.facts.track(_tracked(found, self._outside.clock()))
            unit.facts.save_invoices(found, page.as_of)
            unit.gaps.save_unreadable(row for row in page.unreadable if _may_matter(row, tracked, policy))
            self._lookalikes |= tell_lookalikes(unit, page.invoices, tracked, policy, self._outside.clock())
            unit.commit()

    def _store_payments(self, page: PaymentsPage, policy: Policy, tracked: set[XeroInvoiceId]) -> None:
        """Store the payments of CM invoices of a page, and add to `tracked` the invoices that are new."""
        with self._outside.store.begin() as unit:
            named = [*(p.invoice_id for p in page.payments), *_named(page.unreadable)]
            tracked.update(unit.facts.tracked_among(named))
            found = [
                p
                for p in page.payments
                if is_customer_payment(p) and (p.invoice_id in tracked or is_cm_invoice(p.invoice_number, policy))
            ]
            self.paid_to.update(p.account_id.lower() for p in found if p.account_id)
            new = [p for p in found if p.invoice_id not in tracked]
            tracked.update(payment.invoice_id for payment in new)
            unit.facts.track(_tracked_by_payment(new, self._outside.clock()))
            unit.facts.save_payments(found, page.as_of)
            unit.gaps.save_unreadable(row for row in page.unreadable if _may_matter(row, tracked, policy))
            unit.commit()


def _turn_of(absent: Sequence[IdT], now: datetime) -> Sequence[IdT]:
    """Return those whose turn it is: others from day to day, since some stay absent however often they are asked."""
    start = now.toordinal() * _ASKED_AT_MOST % len(absent)
    return [*absent[start:], *absent[:start]][:_ASKED_AT_MOST]


def _since(cursor: datetime | None) -> datetime | None:
    return cursor - OVERLAP if cursor else None


def _is_asked_ahead(since: datetime | None, as_of: datetime | None) -> bool:
    """Say whether Xero was asked for changes since an instant that lies ahead of its own clock: it knows of none then.

    Its clock was wrong, now or when the cursor was taken; either way only a full list leaves nothing out.
    """
    return since is not None and as_of is not None and as_of < since


def _credible(cursor: datetime | None, as_of: datetime | None, now: datetime) -> datetime | None:
    """Return which of two instants that Xero told is the right one: the one nearer to this computer's clock."""
    return min((i for i in (cursor, as_of) if i is not None), key=lambda i: abs(i - now), default=None)


def _later(as_of: datetime | None, known: datetime | None) -> datetime | None:
    """Return Xero's instant unless it lies before what Xero itself said earlier: then its clock cannot be meant."""
    return None if as_of is None or (known is not None and as_of < known) else as_of


def _moved(now: datetime | None, as_of: datetime | None, updated: Iterable[datetime]) -> datetime | None:
    """Move the cursor on Xero's clock, never on this computer's: to the first page's instant.

    Where Xero never tells the time, a first reading takes the newest row's, and the cursor stays there.
    """
    told = [instant for instant in (now, as_of) if instant is not None]
    return max(told) if told else max(updated, default=None)


def _tracked(invoices: Iterable[XeroInvoice], now: datetime) -> list[TrackedInvoice]:
    return [TrackedInvoice(xero_invoice_id=i.invoice_id, number=i.number, first_seen_at=now) for i in invoices]


def _tracked_by_payment(payments: Iterable[XeroPayment], now: datetime) -> list[TrackedInvoice]:
    numbers = {p.invoice_id: p.invoice_number for p in payments}
    return [TrackedInvoice(xero_invoice_id=i, number=n, first_seen_at=now) for i, n in numbers.items()]


def _named(rows: Iterable[UnreadableRow]) -> Iterable[XeroInvoiceId]:
    return (row.xero_invoice_id for row in rows if row.xero_invoice_id is not None)


def _may_matter(row: UnreadableRow, tracked: Collection[XeroInvoiceId], policy: Policy) -> bool:
    """Say whether an unreadable row may belong to a CM invoice; one that surely does not is left out like its kind."""
    if row.xero_invoice_id is not None and row.xero_invoice_id in tracked:
        return True
    return not row.invoice_number or is_cm_invoice(row.invoice_number, policy)
