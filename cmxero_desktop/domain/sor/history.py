"""What Xero's History and Notes say of the record that an alert speaks of: asked once, taken for no more (S3)."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from cmxero_desktop.domain.records import Side
from cmxero_desktop.domain.sor.alerts import SorAlert, SorKind
from cmxero_desktop.domain.sor.schedules import SorSchedule
from cmxero_desktop.domain.xero_history import HistoryKind, HistoryLine, HistoryOf

# Xero stamps a record and its line of history together; another line that far away speaks of something else.
_TOGETHER = timedelta(minutes=2)
_ENTERED = frozenset({SorKind.OTHER_PAYMENT, SorKind.DISBURSEMENT})
_OF_PAYMENTS = _ENTERED | {SorKind.INSTALMENT_DELETED}
_UNASKABLE = frozenset({SorKind.TOO_MUCH})


def history_to_ask(alert: SorAlert, schedules: Iterable[SorSchedule]) -> HistoryOf | None:
    """Say what Xero may be asked about an alert, None where there is nothing or it was asked enough.

    What happened to an invoice, a credit that was applied among it, stands in the invoice's own history.
    """
    seen = alert.evidence
    is_done = alert.history.is_over or not alert.is_standing
    if is_done or seen.side is not Side.XERO or alert.kind in _UNASKABLE or seen.changed_at is None:
        return None
    if alert.kind in _OF_PAYMENTS:
        return HistoryOf(HistoryKind.PAYMENT, seen.record_id)
    own = (s for s in schedules if s.schedule_id == alert.schedule_id)
    ids = (i.invoice_id for s in own for i in s.invoices if i.number == alert.invoice_number and i.invoice_id)
    invoice_id = next(ids, None)
    return HistoryOf(HistoryKind.INVOICE, invoice_id) if invoice_id else None


def with_answer(alert: SorAlert, lines: Iterable[HistoryLine] | None) -> SorAlert:
    """Return an alert with what Xero said, be it nothing.

    Of what was entered it is the first line, for a bank reconciliation writes others; of what was changed or deleted
    the line that was written then.
    """
    named = [line for line in lines or () if line.who and not line.is_note]
    if alert.kind in _ENTERED:
        line = min(named, key=lambda each: each.at, default=None)
    else:
        line = _line_at(alert.evidence.changed_at, named)
    return replace(alert, history=replace(alert.history, is_answered=True, line=line))


def without_answer(alert: SorAlert) -> SorAlert:
    """Return an alert of which Xero gave no answer this time."""
    return replace(alert, history=replace(alert.history, tries=alert.history.tries + 1))


def _line_at(changed_at: datetime | None, lines: Iterable[HistoryLine]) -> HistoryLine | None:
    near = (line for line in lines if changed_at is not None and abs(line.at - changed_at) <= _TOGETHER)
    return min(near, key=lambda line: (abs(line.at - (changed_at or line.at)), line.what, line.who), default=None)
