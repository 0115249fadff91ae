"""Find the imported payments that nothing we ever did accounts for (R29)."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from cmxero_desktop.domain.identifiers import CaseInvoiceId, CasePaymentId, XeroPaymentId
from cmxero_desktop.domain.notes import read_mark
from cmxero_desktop.domain.other_writer import ForeignCopy, Sign
from cmxero_desktop.domain.records import CaseInvoice, CasePayment
from cmxero_desktop.domain.scope import folded
from cmxero_desktop.services.correlation.correlated import BothSides
from cmxero_desktop.services.correlation.moment import Moment
from cmxero_desktop.services.ports.store import UnitOfWork
from cmxero_desktop.services.records.intents import Intent, IntentState
from cmxero_desktop.services.records.readings import CaseInvoiceSide
from cmxero_desktop.services.records.runs import LastComparison

_Named = set[XeroPaymentId | None]


@dataclass(frozen=True, slots=True)
class Strangers:
    """Imported payments that no check saw before: those that are accounted for, and those that are foreign.

    `gone` are foreign ones of earlier checks that do not stand any more.
    """

    known: frozenset[CasePaymentId]
    foreign: tuple[ForeignCopy, ...]
    gone: frozenset[CasePaymentId]


@dataclass(frozen=True, slots=True)
class _Row:
    """An imported payment, its invoice, and the payment that a line of ours in its Notes names, if one does."""

    payment: CasePayment
    invoice: CaseInvoice
    named: XeroPaymentId | None

    @property
    def sign(self) -> Sign:
        return Sign.CASE_MANAGER_TEXT if self.named is None else Sign.OUR_LINE


def find_strangers(unit: UnitOfWork, both: BothSides, last: LastComparison, moment: Moment) -> Strangers:
    """Find them before the results of this check are stored, which would account for everything.

    Whatever stands at the first check is no stranger, and neither is what stands on an invoice that Xero does not have:
    if Xero has it one day, its payments come with it.
    """
    reading, imported_text = both.reading, moment.policy.imported_text
    recorded = {copy.case_id for copy in unit.pairs.foreign()}
    # After a comparison of what changed the reading is a small one, and so is the question.
    is_small = both.is_part
    keys = (p.payment_id for s in (*reading.sides.values(), *reading.others) for p in s.payments)
    seen = (unit.pairs.copies_among(list(keys)) if is_small else unit.pairs.copies()) | recorded
    here = list(_imported(reading.sides.values(), seen, imported_text))
    elsewhere = [row.payment.payment_id for row in _imported(reading.others, seen, imported_text)]
    judged = here if last.first_polled_at is not None else []
    accounted_for = set(_accounted_for(unit, judged, both, last, moment))
    foreign = [row for row in judged if row.payment.payment_id not in accounted_for]
    present = {p.payment_id for s in (*reading.sides.values(), *reading.others) for p in s.payments} if recorded else ()
    return Strangers(
        known=frozenset(elsewhere)
        | ({row.payment.payment_id for row in here} - {r.payment.payment_id for r in foreign}),
        foreign=tuple(_foreign_copy(row, last.checks + 1, moment) for row in foreign),
        gone=frozenset() if is_small else frozenset(recorded.difference(present)),
    )


def _imported(sides: Iterable[CaseInvoiceSide], seen: Collection[CasePaymentId], imported_text: str) -> Iterator[_Row]:
    for side in sides:
        for payment in side.payments:
            if payment.notes and payment.payment_id not in seen and read_mark(payment.notes, imported_text).is_imported:
                yield _Row(payment, side.invoice, _our_line(payment.notes))


def _our_line(notes: str) -> XeroPaymentId | None:
    return read_mark(notes, "").payment_id


def _foreign_copy(row: _Row, check: int, moment: Moment) -> ForeignCopy:
    return ForeignCopy(
        case_id=row.payment.payment_id,
        invoice_number=f"{moment.policy.invoice_prefix}{row.invoice.number}",
        amount=row.payment.amount,
        paid_on=row.payment.paid_on,
        sign=row.sign,
        seen_at=moment.now,
        seen_on=moment.today,
        seen_by=check,
    )


def _accounted_for(
    unit: UnitOfWork, rows: Sequence[_Row], both: BothSides, last: LastComparison, moment: Moment
) -> Iterator[CasePaymentId]:
    """Return the rows that memory, an intent or the last check accounts for.

    Intents hold all that the audit trail says of writes, open ones too: each is stored before its row is written, and
    they are read here after the rows were.
    """
    if not rows:
        return
    ours, under_way = _written(unit.intents.every())
    known = _remembered(both, last)
    manual = _manual_before(unit, rows, moment)
    for row in rows:
        key = row.payment.payment_id
        is_older = row.named is None and key in manual
        is_ours = row.named in ours.get(key, ()) or (row.invoice.invoice_id, row.named) in under_way
        if is_older or is_ours or row.named in known.get(key, ()):
            yield key


def _remembered(both: BothSides, last: LastComparison) -> Mapping[CasePaymentId, _Named]:
    """Return what each payment was known to be the copy of when the last check ended, or that it was known at all.

    What was found since then, when something was applied or decided, may rest on the foreign row itself.
    """
    known: dict[CasePaymentId, _Named] = {}
    for pair in (pair for some in both.known.memory.pairs.values() for pair in some):
        if pair.born <= last.deeds if last.deeds else _is_not_after(pair.since, last.last_polled_at):
            known.setdefault(pair.case_id, {None}).add(folded(pair.xero_id))
    return known


def _is_not_after(since: datetime | None, checked_at: datetime | None) -> bool:
    """Compare by clocks what an older version kept without the store's counter."""
    return since is None or checked_at is None or since <= checked_at


def _manual_before(unit: UnitOfWork, rows: Iterable[_Row], moment: Moment) -> frozenset[CasePaymentId]:
    """Return the payments of these rows' invoices that stood there unmarked: a person has put the text to them."""
    results = unit.results.latest({f"{moment.policy.invoice_prefix}{row.invoice.number}" for row in rows})
    return frozenset(
        payment.payment_id
        for result in results
        for payment in result.snapshot.case_payments
        if not read_mark(payment.notes, moment.policy.imported_text).is_imported
    )


def _written(
    intents: Iterable[Intent],
) -> tuple[Mapping[CasePaymentId, _Named], frozenset[tuple[CaseInvoiceId, XeroPaymentId | None]]]:
    """Return what our writes named, by row, and what those that are still under way name, by invoice."""
    rows: dict[CasePaymentId, _Named] = {}
    under_way: set[tuple[CaseInvoiceId, XeroPaymentId | None]] = set()
    for intent in intents:
        if intent.state in {IntentState.PLANNED, IntentState.NOT_WRITTEN}:
            continue
        named = {_our_line(values.notes) for values in (intent.before, intent.after) if values is not None}
        for key in (intent.payment_id, intent.result_id):
            if key is not None:
                rows.setdefault(key, set()).update(named)
        if intent.state is IntentState.OPEN:
            under_way.update((intent.case_invoice_id, xero_id) for xero_id in named - {None})
    return rows, frozenset(under_way)
