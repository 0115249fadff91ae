"""Judge the firm anew from what our store and Case Manager hold, and keep the results."""

import logging
from collections.abc import Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass, replace

from cmxero_desktop.domain.correlation.judging_memo import Memo
from cmxero_desktop.domain.doubts import Doubt
from cmxero_desktop.domain.errors import CaseManagerError, StoreError
from cmxero_desktop.domain.identifiers import XeroInvoiceId, XeroPaymentId
from cmxero_desktop.domain.policy import Policy
from cmxero_desktop.domain.proposals import OPEN_STATES, Proposal
from cmxero_desktop.domain.scope import folded
from cmxero_desktop.services.correlation.changing import EverythingError, correlate_changed
from cmxero_desktop.services.correlation.claiming import CaseSides
from cmxero_desktop.services.correlation.correlated import BothSides, Correlated
from cmxero_desktop.services.correlation.doubting import ask_about_doubts, doubts_of
from cmxero_desktop.services.correlation.firm import firm_of, results_of
from cmxero_desktop.services.correlation.keeping_notes import keep_notes
from cmxero_desktop.services.correlation.kept_firm import keep
from cmxero_desktop.services.correlation.left_firm import given_up_where_it_fails, kept_by
from cmxero_desktop.services.correlation.memorising import remember, remember_strays
from cmxero_desktop.services.correlation.moment import Moment
from cmxero_desktop.services.correlation.proposing import store_proposals
from cmxero_desktop.services.correlation.snapshots import Known, named_ids, read_known
from cmxero_desktop.services.ports.outside import Outside
from cmxero_desktop.services.ports.store import Store, UnitOfWork
from cmxero_desktop.services.records.decisions import StoredProposal
from cmxero_desktop.services.records.readings import CaseReading
from cmxero_desktop.services.records.results import InvoiceResult

_log = logging.getLogger(__name__)

# Each that Xero does not know costs a call of its own; the others get their turn at the next check.
_NAMED_AT_MOST = 100


def read_both_sides(outside: Outside, moment: Moment) -> BothSides:
    """Read both sides, asking Xero again about whatever is doubtful or missing."""
    policy, known = moment.policy, _known(outside.store, moment)
    is_any_unknown = bool(known.unknown_ids) or known.has_unreadable
    found = _doubts(known, policy)

    def read_again(_ids: Collection[XeroInvoiceId]) -> list[Doubt]:
        nonlocal known
        known = _renewed(outside.store, known, moment)
        return _doubts(known, policy)

    ask_about_doubts(outside, found, moment, is_any_unknown=is_any_unknown, read=read_again)
    reading = outside.case_manager.read(known.case_numbers(policy.invoice_prefix), policy.currency)
    asked = _ask_about_named(outside, known, reading, policy)
    if asked.is_any:
        known = _renewed(outside.store, known, moment)
    return BothSides(known, reading, is_answered=asked.are_answered)


def _doubts(known: Known, policy: Policy) -> list[Doubt]:
    return [doubt for side in known.sides.values() for doubt in doubts_of(side, policy)]


def _known(store: Store, moment: Moment) -> Known:
    with store.read() as unit:
        return read_known(unit, moment.policy.invoice_prefix, moment.today)


def _renewed(store: Store, known: Known, moment: Moment) -> Known:
    """Return what is known by now; where nothing was stored since it was read, that is the same."""
    with store.read() as unit:
        if not unit.touches.since(known.generation).is_anything:
            return known
    return _known(store, moment)


@dataclass(frozen=True, slots=True)
class _Asked:
    """Whether Xero was asked about any payment, and whether nothing is left to ask for."""

    is_any: bool
    are_answered: bool


def _ask_about_named(outside: Outside, known: Known, reading: CaseReading, policy: Policy) -> _Asked:
    """Ask Xero about payments that copies name and our store does not know, so that R15 and R20 can tell them apart."""
    with outside.store.read() as unit:
        missing = _missing(unit, known, reading, policy)
        unread = {folded(row.xero_payment_id) for row in unit.gaps.unreadable() if row.xero_payment_id}
    if missing:
        # One that could not be read stays missing: whoever was not asked about yet comes before it.
        turn = sorted(missing, key=lambda i: (folded(i) in unread, i))[:_NAMED_AT_MOST]
        answer = outside.xero.payments_by_id(turn)
        with outside.store.begin() as unit:
            unit.facts.save_payments(answer.payments, answer.as_of)
            unit.gaps.save_unknown(answer.unknown)
            unit.gaps.save_unreadable(answer.unreadable)
            unit.commit()
        missing -= {folded(payment.payment_id) for payment in answer.payments} | answer.unknown
        return _Asked(is_any=True, are_answered=not missing)
    return _Asked(is_any=False, are_answered=True)


def _missing(unit: UnitOfWork, known: Known, reading: CaseReading, policy: Policy) -> frozenset[XeroPaymentId]:
    named: set[XeroPaymentId] = set()
    for side in reading.sides.values():
        named |= named_ids(side, policy)
    stored = {folded(i) for i in unit.facts.payments_by_id(named)} if named else set()
    return frozenset(named - stored - known.unknown_ids)


def correlate_all(store: Store, both: BothSides, moment: Moment) -> Correlated:
    """Judge every tracked invoice together and store results and proposals in one transaction."""
    known, reading = both.known, both.reading
    with store.begin() as unit:
        before, memo = unit.touches.since(known.generation), Memo()
        firm = firm_of(unit, known, reading, moment)
        judgement = firm.judged(moment, memo=memo)
        results = results_of(firm, judgement)
        unit.results.save(results, replace_all=True)
        remembered = remember(unit, results, known.memory, moment)
        remember_strays(unit, firm.sides.values(), reading, known.memory, moment)
        keep_notes(unit, results, moment)
        unit.polling.save_comparison(replace(unit.polling.state().comparison, other_payments=reading.other_payments))
        merged = store_proposals(unit, _proposals(results), None, moment=moment)
        # What somebody else stored since the facts were read is looked at again; what this very unit stores is not.
        generation = known.generation if before.is_anything else unit.touches.generation()
        unit.commit()
    kept = keep(
        known,
        reading,
        CaseSides(sides=firm.sides, rivals=firm.rivals),
        results,
        moment,
        memo=memo,
        generation=generation,
        pending=remembered | merged.decided,
    )
    return Correlated(results=results, merged=merged, breach=judgement.breach, kept=kept)


def correlate_whole(outside: Outside, moment: Moment) -> Correlated:
    """Judge the firm again without asking Xero, and store everything anew: invoices may go by other numbers now."""
    known = _known(outside.store, moment)
    reading = outside.case_manager.read(known.case_numbers(moment.policy.invoice_prefix), moment.policy.currency)
    return correlate_all(outside.store, BothSides(known, reading, is_answered=True), moment)


def correlate_again(outside: Outside, moment: Moment, numbers: Collection[str]) -> None:
    """Judge the firm again after `numbers` were written to or decided about, without asking Xero.

    What is stored anew are these invoices and those whose proposals differ because of them.
    """
    left = kept_by(outside, moment)
    if left is not None:
        with suppress(EverythingError), given_up_where_it_fails(outside):
            correlate_changed(outside, left, moment, numbers)
            return
    known = _known(outside.store, moment)
    reading = outside.case_manager.read(known.case_numbers(moment.policy.invoice_prefix), moment.policy.currency)
    with outside.store.begin() as unit:
        waiting = unit.proposals.in_states(OPEN_STATES)
        # One that has no payment any more is kept too, because it takes the place of what was stored about it.
        kept = {*numbers, *(stored.proposal.invoice_number for stored in waiting)}
        firm = firm_of(unit, known, reading, moment, kept=kept)
        results = results_of(firm, firm.judged(moment))
        touched = {*numbers, *_changed(unit, waiting, results)}
        renewed = [result for result in results if result.snapshot.number in touched]
        unit.results.save(renewed, replace_all=False)
        remember(unit, renewed, known.memory, moment)
        keep_notes(unit, renewed, moment)
        store_proposals(unit, _proposals(renewed), touched, moment=moment)
        unit.commit()


def correlate_afterwards(outside: Outside, moment: Moment, numbers: Collection[str]) -> None:
    """Judge again what was written to; where that fails, the outcomes still count and the next check catches up."""
    try:
        correlate_again(outside, moment, numbers)
    except (CaseManagerError, StoreError) as error:
        _log.info("The invoices that were written to could not be compared again: %s", error)
    except Exception:  # noqa: BLE001 - what was written is reported, whatever comes after it
        _log.exception("Comparing again what was written to met something that nobody foresaw")


def _proposals(results: Iterable[InvoiceResult]) -> list[Proposal]:
    return [proposal for result in results for proposal in result.correlation.proposals]


def _changed(unit: UnitOfWork, waiting: Iterable[StoredProposal], results: Iterable[InvoiceResult]) -> Iterable[str]:
    """Return the invoices whose proposals are not those that are stored."""
    judged = {p.fingerprint: p.invoice_number for p in _proposals(results)}
    stored = unit.proposals.by_fingerprint(judged.keys())
    yield from (s.proposal.invoice_number for s in waiting if s.fingerprint not in judged)
    yield from (number for fingerprint, number in judged.items() if fingerprint not in stored)
