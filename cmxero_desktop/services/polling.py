"""One poll of Xero: read what changed, store the facts before the cursor moves, correlate, and say how it went."""

import logging
from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from cmxero_desktop.domain.errors import (
    CaseManagerError,
    DeskError,
    SignInError,
    XeroPausedError,
    XeroUnavailableError,
)
from cmxero_desktop.domain.identifiers import XeroInvoiceId
from cmxero_desktop.domain.policy import Policy
from cmxero_desktop.domain.records import UnreadableRow, XeroInvoice, XeroPayment
from cmxero_desktop.domain.scope import is_cm_invoice, is_customer_payment
from cmxero_desktop.services.alerting import raise_poll_alerts
from cmxero_desktop.services.clockwork import local_date
from cmxero_desktop.services.correlating import Moment, correlate_all, read_both_sides
from cmxero_desktop.services.desk_view import count_results
from cmxero_desktop.services.policies import policy_of
from cmxero_desktop.services.ports import CaseManager, Clock, SettingsFile, Store, XeroReader
from cmxero_desktop.services.records import (
    Counts,
    InvoicesPage,
    PaymentsPage,
    PollOutcome,
    PollRun,
    PollState,
    TrackedInvoice,
)
from cmxero_desktop.services.settings import Settings
from cmxero_desktop.services.settling import INTERRUPTED, settle_open_intents

# Xero's If-Modified-Since is accurate to the second, its boundary is not documented, and rows move between pages.
OVERLAP = timedelta(minutes=2)

_log = logging.getLogger(__name__)


class Polling:
    """The use case "Check Xero". One instance is used by one thread at a time."""

    def __init__(
        self,
        *,
        xero: XeroReader,
        case_manager: CaseManager,
        store: Store,
        settings_file: SettingsFile,
        clock: Clock,
        new_id: Callable[[], str],
    ) -> None:
        """Keep the ports."""
        self._xero = xero
        self._case_manager = case_manager
        self._store = store
        self._settings_file = settings_file
        self._clock = clock
        self._new_id = new_id

    def poll(self, *, is_full: bool = False) -> PollRun:
        """Poll once and return the stored run; what goes wrong outside is an outcome of the run, not an exception."""
        started_at, requests_before = self._clock(), self._xero.requests_made
        fetched, counts, reason, outcome = 0, Counts(), "", PollOutcome.DONE
        try:
            settings = self._settings_file.load()
            state = self._with_organisation(settings, is_full=is_full)
            fetched, state = self._fetch(state, settings, is_full=is_full)
            counts = self._correlate(state, settings)
        except (XeroUnavailableError, SignInError, CaseManagerError) as error:
            outcome, reason = _outcome_of(error), str(error)
            _log.info("The check ended early: %s", reason)
        run = PollRun(
            run_id=self._new_id(),
            started_at=started_at,
            finished_at=self._clock(),
            is_full=is_full,
            outcome=outcome,
            fetched=fetched,
            requests=self._xero.requests_made - requests_before,
            counts=counts,
            reason=reason,
        )
        with self._store.begin() as unit:
            unit.save_run(run)
            unit.commit()
        return run

    def _with_organisation(self, settings: Settings, *, is_full: bool) -> PollState:
        """Return the state with the organisation in it: read once, and again with each full poll."""
        with self._store.read() as unit:
            state = unit.poll_state()
        _require_same(state, settings.xero.tenant_id)
        if state.organisation_id and not is_full:
            return state
        organisation = self._xero.organisation()
        _require_same(state, organisation.organisation_id)
        state = replace(
            state,
            organisation_id=organisation.organisation_id,
            organisation_name=organisation.name,
            currency=organisation.currency,
            time_zone=organisation.time_zone,
        )
        self._save(state)
        return state

    def _fetch(self, state: PollState, settings: Settings, *, is_full: bool) -> tuple[int, PollState]:
        """Store what changed in Xero, page by page; move each cursor only when all its pages are stored."""
        prefix = Policy(currency=state.currency, invoice_prefix=settings.policy.invoice_prefix)
        with self._store.read() as unit:
            tracked = set(unit.tracked_invoices())
        invoices_since = None if is_full else _since(state.invoices_cursor)
        cursor = state.invoices_cursor
        for number, page in enumerate(self._xero.changed_invoices(invoices_since)):
            self._store_invoices(page, prefix, tracked)
            cursor = _cursor(cursor, page.as_of if number == 0 else None, (i.updated_at for i in page.invoices))
        state = replace(state, invoices_cursor=cursor)
        payments_since = None if is_full else _since(state.payments_cursor)
        cursor, as_of, fetched = state.payments_cursor, None, 0
        places: set[str] = set()
        for number, payments in enumerate(self._xero.changed_payments(payments_since)):
            fetched += len(payments.payments) + len(payments.unreadable)
            self._store_payments(payments, prefix, tracked)
            places.update(row.place for row in payments.unreadable)
            as_of = _later(payments.as_of, state.payments_cursor) or as_of
            cursor = _cursor(cursor, payments.as_of if number == 0 else None, (p.updated_at for p in payments.payments))
        now = self._clock()
        state = replace(
            state,
            payments_cursor=cursor,
            as_of=as_of or now,
            last_full_at=now if is_full or payments_since is None else state.last_full_at,
        )
        with self._store.begin() as unit:
            if payments_since is None:
                unit.forget_places(places)
            unit.save_poll_state(state)
            unit.commit()
        return fetched, state

    def _store_invoices(self, page: InvoicesPage, policy: Policy, tracked: set[XeroInvoiceId]) -> None:
        """Store the CM invoices of a page, and add to `tracked` those that are new."""
        found = [i for i in page.invoices if i.invoice_id in tracked or is_cm_invoice(i.number, policy)]
        tracked.update(invoice.invoice_id for invoice in found)
        with self._store.begin() as unit:
            unit.track_invoices(_tracked(found, self._clock()))
            unit.save_invoices(found)
            unit.commit()

    def _store_payments(self, page: PaymentsPage, policy: Policy, tracked: set[XeroInvoiceId]) -> None:
        """Store the payments of CM invoices of a page, and add to `tracked` the invoices that are new."""
        found = [
            p
            for p in page.payments
            if is_customer_payment(p) and (p.invoice_id in tracked or is_cm_invoice(p.invoice_number, policy))
        ]
        new = [p for p in found if p.invoice_id not in tracked]
        tracked.update(payment.invoice_id for payment in new)
        with self._store.begin() as unit:
            unit.track_invoices(_tracked_by_payment(new, self._clock()))
            unit.save_payments(found)
            unit.save_unreadable(row for row in page.unreadable if _may_matter(row, tracked, policy))
            unit.commit()

    def _correlate(self, state: PollState, settings: Settings) -> Counts:
        """Correlate everything, keep the outcome, raise alerts."""
        facts = self._case_manager.check()
        settle_open_intents(self._store, self._case_manager, self._clock, why=INTERRUPTED)
        policy = policy_of(settings.policy, facts, state.currency)
        # Taken before both sides are read: what is applied meanwhile is newer than this correlation.
        now, as_of = self._clock(), state.as_of or self._clock()
        both = read_both_sides(self._xero, self._store, self._case_manager, policy)
        moment = Moment(policy=policy, today=local_date(as_of, state.time_zone), as_of=as_of, now=now)
        correlated = correlate_all(self._store, both, moment)
        raise_poll_alerts(self._store, self._settings_file, correlated, state, policy, now)
        self._save(
            replace(
                state,
                first_polled_at=state.first_polled_at or now,
                last_polled_at=now,
                today=moment.today,
                policy=policy,
                case_manager_label=facts.label,
            )
        )
        with self._store.read() as unit:
            return count_results(unit, correlated.results)

    def _save(self, state: PollState) -> None:
        with self._store.begin() as unit:
            unit.save_poll_state(state)
            unit.commit()


def _require_same(state: PollState, organisation_id: str) -> None:
    """Raise SignInError where Xero's answers would be another organisation's: their payments must never mix."""
    if state.organisation_id and organisation_id and organisation_id != state.organisation_id:
        message = f"This home folder holds the payments of {state.organisation_name}, not of {organisation_id}."
        raise SignInError(message, "Connect the same organisation again, or use a home folder of its own.")


def _since(cursor: datetime | None) -> datetime | None:
    return cursor - OVERLAP if cursor else None


def _later(as_of: datetime | None, known: datetime | None) -> datetime | None:
    """Return Xero's instant unless it lies before what Xero itself said earlier: then its clock cannot be meant."""
    return None if as_of is None or (known is not None and as_of < known) else as_of


def _cursor(now: datetime | None, as_of: datetime | None, updated: Iterable[datetime]) -> datetime | None:
    """Move the cursor on Xero's clock, never on this computer's: to the first page's instant, else the newest row."""
    newest = max((i for i in (now, as_of) if i is not None), default=None)
    if as_of is not None:
        return newest
    return max((i for i in (newest, *updated) if i is not None), default=None) if newest is None else newest


def _tracked(invoices: Iterable[XeroInvoice], now: datetime) -> list[TrackedInvoice]:
    return [TrackedInvoice(xero_invoice_id=i.invoice_id, number=i.number, first_seen_at=now) for i in invoices]


def _tracked_by_payment(payments: Iterable[XeroPayment], now: datetime) -> list[TrackedInvoice]:
    numbers = {p.invoice_id: p.invoice_number for p in payments}
    return [TrackedInvoice(xero_invoice_id=i, number=n, first_seen_at=now) for i, n in numbers.items()]


def _may_matter(row: UnreadableRow, tracked: Collection[XeroInvoiceId], policy: Policy) -> bool:
    """Say whether an unreadable row may belong to a CM invoice; one that surely does not is left out like its kind."""
    if row.xero_invoice_id is not None and row.xero_invoice_id in tracked:
        return True
    return not row.invoice_number or is_cm_invoice(row.invoice_number, policy)


def _outcome_of(error: DeskError) -> PollOutcome:
    if isinstance(error, XeroPausedError):
        return PollOutcome.PAUSED
    if isinstance(error, XeroUnavailableError):
        return PollOutcome.OFFLINE
    return PollOutcome.SIGNED_OUT if isinstance(error, SignInError) else PollOutcome.FAILED
