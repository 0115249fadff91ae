"""Verify that everything holds: the audit chain, the control totals, the tie-out, and that no intent is open."""

from collections.abc import Iterable

from cmxero_desktop.domain.control_total import control_total_of
from cmxero_desktop.domain.notes import read_mark
from cmxero_desktop.domain.other_writer import ENOUGH_LINES
from cmxero_desktop.domain.proposals import OPEN_STATES, ProposalState, is_intact
from cmxero_desktop.domain.refusals import Why, refused
from cmxero_desktop.services.ports.store import Store, UnitOfWork
from cmxero_desktop.services.records.reports import VerifyReport
from cmxero_desktop.services.records.results import InvoiceResult
from cmxero_desktop.services.records.runs import PollState
from cmxero_desktop.services.records.trail import (
    approvals_of,
    is_as_made,
    unbacked_approvals,
    unbacked_firsts,
    unbacked_releases,
    unbacked_wishes,
    unbacked_writes,
    unrecorded_writes,
)
from cmxero_desktop.services.viewing.desk_view import tie_out_of, whole_of


def verify(store: Store) -> VerifyReport:
    """Check everything and return each finding as a sentence."""
    with store.read() as unit:
        broken = unit.audit.first_broken()
        results, state = unit.results.latest(), unit.polling.state()
        open_intents = unit.intents.still_open()
        entries = unit.audit.entries(newest=1)
        altered = tuple(_altered(unit))
        missing = tuple(_missing(unit, results))
    findings = []
    if state.epoch.why_closed:
        findings.append(f"Store: {state.epoch.why_closed} Put the newer one back, or confirm this one.")
    if broken is not None:
        findings.append(f"Audit trail: entry {broken} does not fit the chain; it was changed or removed.")
    findings += missing
    findings += altered
    findings += _totals(results, state)
    findings += [
        f"Invoice {intent.invoice_number}: whether a payment was written is not settled yet. Check Xero to settle it."
        for intent in open_intents
    ]
    statement = tie_out_of(results, state.comparison.policy)
    if statement is not None and not statement.is_explained:
        findings.append(f"Tie-out: {statement.difference} is not explained by any row.")
    findings += _incomplete(results, state)
    return VerifyReport(
        audit_entries=entries[0].sequence if entries else 0,
        newest_hash=entries[0].entry_hash if entries else "",
        invoices=len(results),
        findings=tuple(findings),
    )


def _missing(unit: UnitOfWork, results: Iterable[InvoiceResult]) -> Iterable[str]:
    """Say what the audit trail should tell of and does not: it may hold in itself and be shorter than it was."""
    intents = tuple(unit.intents.every())
    proposals = unit.proposals.by_fingerprint({intent.fingerprint for intent in intents})
    lost = unrecorded_writes(unit.audit.last_of, intents, proposals)
    if lost:
        yield (
            f"Audit trail: of {len(lost)} writes to Case Manager that the store made it has no entry, first on invoice "
            f"{lost[0].invoice_number}: its end was cut off, or it was written anew. Compare its newest hash with the "
            "one in an older workbook or diagnostics bundle."
        )
    ours = unit.pairs.copies() | {key for i in intents for key in (i.payment_id, i.result_id) if key is not None}
    strange = [
        result.snapshot.number
        for result in results
        for payment in result.snapshot.case_payments
        if payment.payment_id not in ours and read_mark(payment.notes, "").payment_id is not None
    ]
    # A single one may be a line that somebody typed (R29).
    if len(strange) >= ENOUGH_LINES:
        yield (
            f"Case Manager: {len(strange)} payments bear a line of this program's that its own records tell nothing "
            f"of, first on invoice {strange[0]}: another home folder writes there, or these records were put back "
            "from a backup."
        )


def _altered(unit: UnitOfWork) -> Iterable[str]:
    """Say which records are not what they were made as, were never approved, or were written otherwise."""
    waiting = unit.proposals.in_states(OPEN_STATES)
    ended = unit.proposals.in_states(set(ProposalState) - OPEN_STATES)
    approved = unit.proposals.in_states({ProposalState.APPROVED})
    applied = unit.proposals.in_states({ProposalState.APPLIED})
    edited = [*(s for s in waiting if not is_intact(s.proposal)), *(s for s in ended if not is_as_made(s))]
    unbacked = {
        **unbacked_releases(unit.audit.last_of, waiting),
        **unbacked_approvals(approvals_of(unit.audit.last_of, approved), approved),
        **unbacked_firsts(unit.audit.last_of, [s for s in waiting if s.first is not None]),
        **unbacked_wishes(unit.audit.last_of, applied),
        **unbacked_writes(unit.audit.last_of, applied),
        **{stored.fingerprint: refused(Why.ALTERED) for stored in edited},
    }
    for stored in (*waiting, *ended):
        if stored.fingerprint in unbacked:
            name = f"Proposal {stored.proposal_id} of invoice {stored.proposal.invoice_number}"
            yield f"{name}: {unbacked[stored.fingerprint]}"


def _incomplete(results: Iterable[InvoiceResult], state: PollState) -> Iterable[str]:
    whole = whole_of(results, state.comparison.policy)
    for name, side in (("Xero", whole.xero), ("Case Manager", whole.case_manager)):
        for what, keys in (("no row", side.missing), ("more than one row", side.double)):
            if keys:
                yield f"Completeness: {len(keys)} payments of {name} have {what}: {', '.join(keys)}."
        if side.strange:
            yield f"Completeness: {len(side.strange)} rows show no payment of {name}: {', '.join(side.strange)}."


def _totals(results: Iterable[InvoiceResult], state: PollState) -> list[str]:
    findings = []
    for result in results:
        if not result.snapshot.number:
            continue
        control = control_total_of(result.snapshot, state.organisation.currency)
        if not control.holds:
            stated = control.stated if control.stated is not None else "nothing that could be read"
            findings.append(
                f"Invoice {result.snapshot.number}: its payments add up to {control.added_up}, "
                f"Xero's AmountPaid is {stated}."
            )
    return findings
