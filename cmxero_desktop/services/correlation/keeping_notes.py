"""Keep the notes on payments in step with what each judgement finds: they end with their payments, and say so."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from cmxero_desktop.domain.desk_notes import DeskNote, in_words, kept_of, payments_of_row
from cmxero_desktop.domain.identifiers import XeroPaymentId
from cmxero_desktop.services.correlation.moment import Moment
from cmxero_desktop.services.ports.store import UnitOfWork
from cmxero_desktop.services.records.audit import AuditEvent, AuditWhat
from cmxero_desktop.services.records.results import InvoiceResult

_GONE = "Its payment is not in Case Manager any more, or another one has its number."
_LEFT = "The row left: its payment is neither skipped nor unmatched any more."


def keep_notes(unit: UnitOfWork, results: Sequence[InvoiceResult], moment: Moment) -> None:
    """End what a judgement ended; what it did not look at stays as it is."""
    standing = unit.notes.standing()
    if not standing:
        return
    wanted = {xero_id for note in standing for xero_id in note.xero_ids}
    by_number = {result.snapshot.number: result for result in results}
    by_payment = dict(_homes(results, wanted))
    for note in standing:
        homes = [by_payment[xero_id] for xero_id in note.xero_ids if xero_id in by_payment]
        result = homes[0] if homes else by_number.get(note.invoice_number)
        if result is not None:
            _keep(unit, note, result, moment)


def _homes(
    results: Iterable[InvoiceResult], wanted: set[XeroPaymentId]
) -> Iterable[tuple[XeroPaymentId, InvoiceResult]]:
    """Yield on which invoice a payment of Xero's has its row: an invoice may have another number by now (R1)."""
    for result in results:
        for placement in result.correlation.placements:
            for xero_id in payments_of_row(placement).xero_ids & wanted:
                yield xero_id, result


def _keep(unit: UnitOfWork, note: DeskNote, result: InvoiceResult, moment: Moment) -> None:
    left = kept_of(note, result.snapshot, result.correlation.placements)
    if left == note:
        return
    is_gone = not (left.xero_ids or left.copies)
    if is_gone or left.is_empty:
        unit.notes.end([note])
    else:
        unit.notes.renew(left)
    if is_gone:
        unit.audit.append([_event(note, AuditWhat.NOTE_REMOVED, moment, why=_GONE)])
    elif note.has_follow_up and not left.has_follow_up:
        unit.audit.append([_event(note, AuditWhat.FOLLOW_UP_ENDED, moment, why=_LEFT)])


def _event(note: DeskNote, what: AuditWhat, moment: Moment, *, why: str) -> AuditEvent:
    ended = note if what is AuditWhat.NOTE_REMOVED else replace(note, text="")
    return AuditEvent(
        at=moment.now,
        by="program",
        what=what,
        invoice_number=note.invoice_number,
        xero_payment_id=next(iter(note.xero_ids), None),
        case_payment_id=next((copy.case_id for copy in note.copies), None),
        reason=why,
        evidence={"before": in_words(ended)},
    )
