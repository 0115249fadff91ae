"""Correlate the invoices anew from what our store and Case Manager hold, and keep the results."""

import logging
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import islice

from cmxero_desktop.domain.control_total import control_total_of
from cmxero_desktop.domain.correlation.correlate import correlate
from cmxero_desktop.domain.correlation.removal_limits import LimitBreach, with_removal_limits
from cmxero_desktop.domain.errors import CaseManagerError, StoreError
from cmxero_desktop.domain.identifiers import CasePaymentId, XeroInvoiceId, XeroPaymentId
from cmxero_desktop.domain.notes import read_mark
from cmxero_desktop.domain.policy import Policy
from cmxero_desktop.domain.proposals import OPEN_STATES, Flag, Proposal, ProposalKind, ProposalState
from cmxero_desktop.domain.records import InvoiceSnapshot
from cmxero_desktop.domain.scope import folded
from cmxero_desktop.services.correlation.moment import Moment
from cmxero_desktop.services.correlation.proposing import Merged, store_proposals
from cmxero_desktop.services.correlation.snapshots import (
    Known,
    XeroSide,
    loose_snapshot,
    named_ids,
    read_known,
    side_for,
    snapshot_of,
)
from cmxero_desktop.services.ports.case_manager import CaseManager
from cmxero_desktop.services.ports.store import Store, UnitOfWork
from cmxero_desktop.services.ports.xero import XeroReader
from cmxero_desktop.services.records.decisions import StoredProposal
from cmxero_desktop.services.records.readings import CaseReading
from cmxero_desktop.services.records.results import InvoiceResult

_log = logging.getLogger(__name__)

# One poll reads at most this many doubtful invoices again; the others stay skipped and get their turn at the next.
_REREAD_AT_MOST = 400
_SAID_NO = frozenset({ProposalState.REJECTED, ProposalState.UNDONE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Correlated:
    """What a correlation of all invoices found, and what it knew of Xero."""

    known: Known
    results: tuple[InvoiceResult, ...]
    merged: Merged
    breach: LimitBreach | None
    copies: frozenset[CasePaymentId]


@dataclass(frozen=True, slots=True)
class BothSides:
    """What our store knows of Xero, and what Case Manager holds: read once for a whole poll.

    `doubtful` are the invoices that were asked for again; `is_answered` says whether nothing that copies name had to
    be asked for.
    """

    known: Known
    reading: CaseReading
    doubtful: tuple[XeroInvoiceId, ...]
    is_answered: bool


def read_both_sides(xero: XeroReader, store: Store, case_manager: CaseManager, moment: Moment) -> BothSides:
    """Read both sides, asking Xero again about whatever is doubtful or missing."""
    policy, known = moment.policy, _known(store, moment)
    doubtful = _doubtful(known, policy)
    if doubtful and (read_invoices_again(xero, store, doubtful) or bool(known.unknown_ids) or known.has_unreadable):
        # A row that could be read again is news too, although its content may be what it was.
        known = _known(store, moment)
    reading = case_manager.read(known.case_numbers(policy.invoice_prefix), policy.currency)
    has_asked = _ask_about_named(xero, store, known, reading, policy)
    if has_asked:
        known = _known(store, moment)
    return BothSides(known, reading, doubtful, is_answered=not has_asked)


def _known(store: Store, moment: Moment) -> Known:
    with store.read() as unit:
        return read_known(unit, moment.policy.invoice_prefix, moment.today)


def _ask_about_named(xero: XeroReader, store: Store, known: Known, reading: CaseReading, policy: Policy) -> bool:
    """Ask Xero about payments that copies name and our store does not know, so that R15 and R20 can tell them apart."""
    with store.read() as unit:
        missing = _missing(unit, known, reading, policy)
    if missing:
        answer = xero.payments_by_id(missing)
        with store.begin() as unit:
            unit.facts.save_payments(answer.payments)
            unit.gaps.save_unknown(answer.unknown)
            unit.gaps.save_unreadable(answer.unreadable)
            unit.commit()
    return bool(missing)


def _missing(unit: UnitOfWork, known: Known, reading: CaseReading, policy: Policy) -> frozenset[XeroPaymentId]:
    named: set[XeroPaymentId] = set()
    for side in reading.sides.values():
        named |= named_ids(side, policy)
    stored = {folded(i) for i in unit.facts.payments_by_id(named)} if named else set()
    return frozenset(named - stored - known.unknown_ids)


def _doubtful(known: Known, policy: Policy) -> tuple[XeroInvoiceId, ...]:
    """Return the invoices whose payments do not add up to Xero's AmountPaid (R22), as many as are asked for at once."""
    found = (
        invoice.xero_invoice_id
        for side in known.sides.values()
        if is_doubtful(side, policy)
        for invoice in side.invoices
    )
    return tuple(islice(found, _REREAD_AT_MOST))


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


def read_invoices_again(xero: XeroReader, store: Store, invoice_ids: Collection[XeroInvoiceId]) -> bool:
    """Read invoices and all their payments from Xero and store both; say whether anything differs from before."""
    invoices = xero.invoices_by_id(invoice_ids)
    payments = xero.payments_of(invoice_ids)
    with store.begin() as unit:
        changed = unit.facts.save_invoices(invoices.invoices) + unit.facts.save_payments(payments.payments)
        unit.gaps.save_unreadable(payments.unreadable)
        unit.commit()
    return bool(changed or payments.unreadable)


def correlate_all(store: Store, both: BothSides, moment: Moment) -> Correlated:
    """Correlate every tracked invoice and store results and proposals in one transaction."""
    known, reading = both.known, both.reading
    with store.begin() as unit:
        results = _results(unit, known, reading, moment, None)
        proposals, breach = _limited(unit, results, reading, moment)
        unit.results.save(results, replace_all=True)
        unit.polling.save_state(replace(unit.polling.state(), other_payments=reading.other_payments))
        merged = store_proposals(unit, proposals, None, today=moment.today, now=moment.now)
        unit.commit()
    return Correlated(
        known=known, results=results, merged=merged, breach=breach, copies=_copies(reading, moment.policy)
    )


def correlate_some(
    store: Store, case_manager: CaseManager, moment: Moment, numbers: Collection[str]
) -> tuple[InvoiceResult, ...]:
    """Correlate a few invoices again after they were written to, without asking Xero."""
    known = _known(store, moment)
    known = replace(known, sides={n: s for n, s in known.sides.items() if n in numbers}, loose_unreadable=())
    case_numbers = known.case_numbers(moment.policy.invoice_prefix)
    reading = case_manager.read(case_numbers, moment.policy.currency, with_others=False)
    with store.begin() as unit:
        results = _results(unit, known, reading, moment, numbers)
        proposals = _with_older_limits(unit, results)
        unit.results.save(results, replace_all=False)
        store_proposals(unit, proposals, numbers, today=moment.today, now=moment.now)
        unit.commit()
    return results


def correlate_afterwards(store: Store, case_manager: CaseManager, moment: Moment, numbers: Collection[str]) -> None:
    """Correlate again what was written to; where that fails, the outcomes still count and the next check catches up."""
    try:
        correlate_some(store, case_manager, moment, numbers)
    except (CaseManagerError, StoreError) as error:
        _log.info("The invoices that were written to could not be compared again: %s", error)


def _results(
    unit: UnitOfWork, known: Known, reading: CaseReading, moment: Moment, numbers: Collection[str] | None
) -> tuple[InvoiceResult, ...]:
    policy = moment.policy
    named = {i for side in reading.sides.values() for i in named_ids(side, policy)}
    elsewhere = {folded(i): p for i, p in unit.facts.payments_by_id(named).items()} if named else {}
    snapshots = [
        snapshot_of(side, side_for(side, reading, known.numbers, policy), known, elsewhere, policy, moment.as_of)
        for side in known.sides.values()
    ]
    loose = loose_snapshot(known, moment.as_of)
    # Of a few invoices even an empty one is kept, because it takes the place of what was stored about it.
    kept = [s for s in snapshots if numbers is not None or is_worth_keeping(s)] + ([loose] if loose else [])
    return tuple(_result_of(snapshot, moment) for snapshot in kept)


def _result_of(snapshot: InvoiceSnapshot, moment: Moment) -> InvoiceResult:
    """Correlate one invoice; a no that was said of what is not proposed any more is no part of what was found."""
    correlation = correlate(snapshot, moment.policy, moment.today)
    proposed = {d for p in correlation.proposals for d in (p.decision, *p.passes_on)}
    decisions = replace(snapshot.decisions, declined=snapshot.decisions.declined & proposed)
    return InvoiceResult(snapshot=replace(snapshot, decisions=decisions), correlation=correlation)


def is_worth_keeping(snapshot: InvoiceSnapshot) -> bool:
    """Say whether there is anything to show: most invoices have no payment yet."""
    settlements = snapshot.xero_invoice.settlements if snapshot.xero_invoice else ()
    return bool(snapshot.xero_payments or snapshot.case_payments or snapshot.unreadable or settlements)


def _limited(
    unit: UnitOfWork, results: Iterable[InvoiceResult], reading: CaseReading, moment: Moment
) -> tuple[Sequence[Proposal], LimitBreach | None]:
    """Apply the removal limits over all open removals (R27).

    Checking twice lifts nothing, and neither does releasing some: what was held stays held until it is released
    itself, unless a person changed the limits.
    """
    proposals = [p for result in results for p in result.correlation.proposals]
    removals = [p.fingerprint for p in proposals if p.kind is ProposalKind.REMOVE]
    stored = unit.proposals.by_fingerprint(removals)
    settled = {f for f, s in stored.items() if _is_released(s) or s.state in _SAID_NO}
    limited, breach = with_removal_limits(
        proposals,
        imported_copies=len(_copies(reading, moment.policy)),
        limits=moment.policy.removal_limits,
        released=frozenset(settled),
        currency=moment.policy.currency,
    )
    before = unit.polling.state().policy
    if before is None or before.removal_limits != moment.policy.removal_limits:
        return limited, breach
    held = {f: s.proposal for f, s in stored.items() if f not in settled and Flag.OVER_LIMIT in s.proposal.flags}
    kept = [with_circumstances(p, held[p.fingerprint]) if p.fingerprint in held else p for p in limited]
    return kept, breach or (LimitBreach(f"{len(held)} removals of an earlier check still wait") if held else None)


def _is_released(stored: StoredProposal) -> bool:
    """Say whether a release still counts: it was given for what was open then, not for the same facts come back."""
    return stored.release is not None and stored.state in OPEN_STATES


def _with_older_limits(unit: UnitOfWork, results: Iterable[InvoiceResult]) -> list[Proposal]:
    """Keep the `over_limit` flag that the last full correlation gave."""
    proposals = [p for result in results for p in result.correlation.proposals]
    stored = unit.proposals.by_fingerprint([p.fingerprint for p in proposals])
    return [with_circumstances(p, stored[p.fingerprint].proposal) if p.fingerprint in stored else p for p in proposals]


def with_circumstances(proposal: Proposal, older: Proposal) -> Proposal:
    """Take over the flag that depends on other invoices from an older judgement of the same proposal."""
    return replace(proposal, flags=proposal.flags | (older.flags & {Flag.OVER_LIMIT}))


def _copies(reading: CaseReading, policy: Policy) -> frozenset[CasePaymentId]:
    return frozenset(
        payment.payment_id
        for side in reading.sides.values()
        for payment in side.payments
        if read_mark(payment.notes, policy.imported_text).is_imported
    )
