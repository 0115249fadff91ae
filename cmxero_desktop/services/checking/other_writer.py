"""Say once that another program writes to Case Manager, drop to observe, and watch how it copies (R29)."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from functools import partial

from cmxero_desktop.domain.copying import (
    QUICK_DAYS,
    QUICK_NEXT_STEP,
    QUICK_WITHIN,
    Checks,
    quick_days,
    quick_words,
    times_after,
)
from cmxero_desktop.domain.identifiers import CasePaymentId
from cmxero_desktop.domain.other_writer import NEXT_STEP, ForeignCopy, is_other_writer, other_writer_words
from cmxero_desktop.domain.rules import Rule
from cmxero_desktop.services.checking.strangers import Strangers
from cmxero_desktop.services.correlation.alert_events import alert_event
from cmxero_desktop.services.correlation.moment import Moment
from cmxero_desktop.services.correlation.organisation_day import local_date
from cmxero_desktop.services.correlation.snapshots import Known
from cmxero_desktop.services.ports.computer import SettingsFile
from cmxero_desktop.services.ports.store import UnitOfWork
from cmxero_desktop.services.records.alerts import (
    OTHER_WRITER_KEY,
    QUICK_COPIES_KEY,
    Alert,
    AlertKind,
    is_held_by_other_writer,
)
from cmxero_desktop.services.records.audit import AuditEvent, AuditWhat
from cmxero_desktop.services.records.results import InvoiceResult
from cmxero_desktop.services.records.runs import LastComparison
from cmxero_desktop.services.records.settings import Mode

Rows = frozenset[CasePaymentId]
"""Payments of Case Manager."""


def watch_other_writer(unit: UnitOfWork, settings_file: SettingsFile, strangers: Strangers, now: datetime) -> None:
    """Record what this check found; where it is enough, raise the one alert and drop to observe.

    Below that many copies nothing is said: each stands in its list, matched or not. One that we noted ourselves
    meanwhile, by an approved link, was foreign all the same; while the alert stands, so is one that is gone. It stands
    until a person goes back to approving; a settings file that says so already, on another desktop or edited by hand,
    follows it.
    """
    settings = settings_file.load()
    is_standing = is_held_by_other_writer(unit.alerts.standing())
    _record(unit, strangers, keep_gone=is_standing)
    foreign = unit.pairs.foreign()
    if not is_standing and not is_other_writer(foreign):
        return
    new = unit.alerts.raise_new([_alert(foreign, now)])
    unit.audit.append(alert_event(alert, now) for alert in new)
    if settings.mode is Mode.APPROVE:
        unit.audit.append([_mode_event(now)])
        # Before anything is committed: if the program ends between the two, the next check sees the copies again.
        settings_file.save(replace(settings, mode=Mode.OBSERVE))


def rows_of_new_payments(unit: UnitOfWork, known: Known, last: LastComparison, as_of: datetime) -> Rows:
    """Return what the last check saw in Case Manager on the invoices of what Xero got within the last minutes.

    It has to be read before this check's results are stored. A row that stood there already is nobody's quick copy.
    """
    first = last.first_on_xero
    if first is None:
        return frozenset()
    since = max(first, as_of - QUICK_WITHIN)
    numbers = {n for n, side in known.sides.items() if any(p.entered_at > since for p in side.payments)}
    results = unit.results.latest(numbers) if numbers else ()
    return frozenset(payment.payment_id for result in results for payment in result.snapshot.case_payments)


def watch_copying(
    unit: UnitOfWork,
    results: Collection[InvoiceResult],
    last: LastComparison,
    rows_before: Rows,
    moment: Moment,
    *,
    is_part: bool,
) -> None:
    """Keep what this check saw of how others copy; what stood at the first check says nothing.

    A check that `is_part` looked at some of the invoices only; nothing has changed on the others.
    """
    first, before = last.first_on_xero, last.last_on_xero
    if first is None or before is None:
        return
    keys = (p.payment_id for r in results for p in r.snapshot.case_payments) if is_part else ()
    copies = unit.pairs.copies_among(list(keys)) if is_part else unit.pairs.copies()
    ours = copies - {copy.case_id for copy in unit.pairs.foreign()}
    checks = Checks(first=first, before=before, now=moment.as_of, rows_before=rows_before)
    judged = ((result.snapshot, result.correlation) for result in results)
    times = times_after(unit.pairs.copy_times(), judged, ours, checks, is_part=is_part)
    unit.pairs.save_copy_times(times.changed)
    unit.pairs.forget_copy_times(times.gone)
    _warn_of_quick_copies(unit, moment)


def _warn_of_quick_copies(unit: UnitOfWork, moment: Moment) -> None:
    """Warn of copies as quick as a program's, and stop nothing: a diligent typist looks just so."""
    state = unit.polling.state()
    day_of = partial(local_date, time_zone=state.organisation.time_zone)
    days = quick_days(unit.pairs.copy_times().values(), day_of, moment.today)
    is_known = state.comparison.are_copies_typed or is_held_by_other_writer(unit.alerts.standing())
    if len(days) < QUICK_DAYS or is_known:
        unit.alerts.clear([QUICK_COPIES_KEY])
        return
    warning = Alert(
        key=QUICK_COPIES_KEY,
        kind=AlertKind.QUICK_COPIES,
        rule=Rule.R29,
        explanation=quick_words(days),
        next_step=QUICK_NEXT_STEP,
        raised_at=moment.now,
    )
    unit.audit.append(alert_event(alert, moment.now) for alert in unit.alerts.raise_new([warning]))


def _record(unit: UnitOfWork, strangers: Strangers, *, keep_gone: bool) -> None:
    known = unit.pairs.copies() if strangers.foreign else frozenset()
    unit.pairs.add_copies(strangers.known)
    # Another desktop of this store may have written down meanwhile that a row is its own.
    unit.pairs.add_foreign(copy for copy in strangers.foreign if copy.case_id not in known)
    if not keep_gone:
        unit.pairs.forget_foreign(strangers.gone)


def _alert(foreign: Collection[ForeignCopy], now: datetime) -> Alert:
    first = min(foreign, key=lambda copy: (copy.seen_at, copy.case_id))
    return Alert(
        key=OTHER_WRITER_KEY,
        kind=AlertKind.OTHER_WRITER,
        rule=Rule.R29,
        explanation=other_writer_words(foreign),
        next_step=NEXT_STEP,
        raised_at=now,
        invoice_number=first.invoice_number,
        case_payment_id=first.case_id,
    )


def _mode_event(now: datetime) -> AuditEvent:
    reason = "Another program writes imported payments, so this one only observes."
    return AuditEvent(at=now, by="program", what=AuditWhat.MODE_CHANGED, reason=reason, rule=Rule.R29)
