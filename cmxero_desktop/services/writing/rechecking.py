"""Check inside Case Manager's transaction whether approved proposals are still what was approved (R24b, R30, R31).

The firm is judged once when applying begins, from both sides read anew; inside the transaction only an invoice that
differs from what was read then is judged again.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property

from cmxero_desktop.domain.correlation.balance import balance_of, proposal_order, would_overpay
from cmxero_desktop.domain.correlation.judging import Judgement
from cmxero_desktop.domain.decisions import Action, Situation, may
from cmxero_desktop.domain.freshness import DataAge
from cmxero_desktop.domain.identifiers import CaseInvoiceId, Fingerprint
from cmxero_desktop.domain.office import Office
from cmxero_desktop.domain.people import Person
from cmxero_desktop.domain.policy import Policy
from cmxero_desktop.domain.proposals import BLOCKING_FLAGS, Flag, Proposal, ProposalState
from cmxero_desktop.domain.refusals import Refused, Why, refused
from cmxero_desktop.services.correlation.changing import EverythingError, judged_now
from cmxero_desktop.services.correlation.claiming import case_sides
from cmxero_desktop.services.correlation.firm import Firm, firm_of, snapshots_of
from cmxero_desktop.services.correlation.left_firm import given_up_where_it_fails, kept_by
from cmxero_desktop.services.correlation.moment import Moment
from cmxero_desktop.services.correlation.situations import office_of
from cmxero_desktop.services.correlation.snapshots import Known, read_known
from cmxero_desktop.services.ports.outside import Outside
from cmxero_desktop.services.ports.store import Store, UnitOfWork
from cmxero_desktop.services.records.alerts import is_held_by_other_writer
from cmxero_desktop.services.records.audit import AuditEvent
from cmxero_desktop.services.records.decisions import StoredProposal
from cmxero_desktop.services.records.readings import CaseInvoiceSide, CaseReading
from cmxero_desktop.services.records.trail import (
    approvals_of,
    unbacked_approvals,
    unbacked_releases,
    unbacked_seconds,
    was_shown,
)
from cmxero_desktop.services.writing.joining import lone_halves

# Who applies, the mode and the age of the data were judged when applying began.
_ANYBODY = Person("")
_ASKED_BEFORE = Situation(may_write=True, age=DataAge.FRESH)
# What is judged again from the rows that are there; what overpays is judged by the approved rows alone. That an invoice
# was renumbered since may be known only now, from what Xero was asked again.
_TESTED_AGAIN = BLOCKING_FLAGS - {Flag.WOULD_OVERPAY} | {Flag.BALANCE_DIFFERS, Flag.RENUMBERED}


@dataclass(frozen=True)
class Rechecked:
    """Which approved proposals still hold, which are stale, and which cannot be written now, with the reason.

    The proposals that hold are as this reading gives them.
    """

    true: tuple[StoredProposal, ...]
    stale: tuple[StoredProposal, ...]
    blocked: Mapping[Fingerprint, str]

    def is_stale(self, fingerprint: Fingerprint) -> bool:
        """Say whether an approved proposal is not what is proposed now."""
        return fingerprint in self._stale

    @cached_property
    def _stale(self) -> frozenset[Fingerprint]:
        return frozenset(stored.fingerprint for stored in self.stale)


@dataclass(frozen=True, slots=True, kw_only=True)
class Beginning:
    """Both sides as applying began, what the whole firm's judgement proposed then, and the firm's people."""

    known: Known
    reading: CaseReading
    firm: Firm
    judgement: Judgement
    moment: Moment
    office: Office


def begin(outside: Outside, moment: Moment, numbers: Collection[str]) -> Beginning:
    """Read both sides anew and judge the firm, for the invoices with these numbers. Raises CaseManagerError.

    After a check of this process only what changed since then is read and judged anew.
    """
    kept = kept_by(outside, moment)
    with outside.store.read() as unit:
        office = office_of(unit.polling.state(), outside.settings_file.load())
    if kept is not None:
        with suppress(EverythingError), given_up_where_it_fails(outside):
            known, reading, firm, judgement = judged_now(outside, kept, moment, numbers)
            return Beginning(known=known, reading=reading, firm=firm, judgement=judgement, moment=moment, office=office)
    with outside.store.read() as unit:
        known = read_known(unit, moment.policy.invoice_prefix, moment.today)
    reading = outside.case_manager.read(known.case_numbers(moment.policy.invoice_prefix), moment.policy.currency)
    with outside.store.read() as unit:
        firm = firm_of(unit, known, reading, moment)
    judgement = firm.judged(moment, numbers)
    return Beginning(known=known, reading=reading, firm=firm, judgement=judgement, moment=moment, office=office)


def is_changed(outside: Outside, beginning: Beginning) -> bool:
    """Say whether Case Manager is not what it was when applying began, or was judged again. Raises CaseManagerError."""
    policy = beginning.moment.policy
    numbers = beginning.known.case_numbers(policy.invoice_prefix)
    reading = outside.case_manager.read(numbers, policy.currency, unlike=beginning.reading.marks)
    return reading.digest != beginning.reading.digest


@dataclass(frozen=True, slots=True)
class StandingApprovals:
    """Why approved proposals may not be written by what our store says of them now, by fingerprint.

    `taken_back` counts whatever else is found; `unbacked` are records that were edited, or that nobody approved.
    `approvals` are the entries of the trail, which tell what was shown to whoever gave them.
    """

    taken_back: Mapping[Fingerprint, str]
    unbacked: Mapping[Fingerprint, str]
    approvals: Mapping[Fingerprint, AuditEvent]


def what_store_says(
    unit: UnitOfWork,
    approved: Sequence[StoredProposal],
    office: Office,
    planned: Collection[Fingerprint] = frozenset(),
) -> StandingApprovals:
    """Ask our store about approved proposals; those that are `planned` are being written by nobody but ourselves."""
    approvals = approvals_of(unit.audit.last_of, approved)
    unbacked = {
        **unbacked_releases(unit.audit.last_of, approved),
        **unbacked_seconds(approvals, approved, office),
        **unbacked_approvals(approvals, approved),
    }
    return StandingApprovals(
        taken_back=_taken_back(unit, approved, planned),
        unbacked={fingerprint: str(why) for fingerprint, why in unbacked.items()},
        approvals=approvals,
    )


def recheck_together(
    store: Store,
    beginning: Beginning,
    sides: Mapping[CaseInvoiceId, CaseInvoiceSide | None],
    approved: Sequence[StoredProposal],
    *,
    doubts: Mapping[Fingerprint, str],
    said: StandingApprovals,
) -> Rechecked:
    """Compare what the locked invoices give with what was approved on them; a move is written whole or not at all.

    `doubts` are reasons, by fingerprint, why the Xero side of a proposal could not be confirmed (R21).

    What still holds is returned in the order of its invoices' balances: what lowers a payment goes first (R24).
    """
    by_invoice: dict[CaseInvoiceId, list[StoredProposal]] = defaultdict(list)
    for stored in approved:
        by_invoice[stored.proposal.case_invoice_id].append(stored)
    left_out, as_approved = {**doubts, **said.taken_back}, {stored.fingerprint: stored for stored in approved}
    while True:
        each = [_recheck(store, beginning, sides[key], group, left_out, said) for key, group in by_invoice.items()]
        true = sorted((p for found in each for p in found.true), key=lambda p: proposal_order(p.proposal))
        # A move is what was approved as one: where its money was typed meanwhile, the other half calls itself none.
        halves = lone_halves([as_approved[p.fingerprint] for p in true])
        if not halves:
            break
        left_out |= halves
    return Rechecked(
        true=tuple(true),
        stale=tuple(p for found in each for p in found.stale),
        blocked={fingerprint: why for found in each for fingerprint, why in found.blocked.items()},
    )


def _recheck(
    store: Store,
    beginning: Beginning,
    side: CaseInvoiceSide | None,
    approved: Sequence[StoredProposal],
    left_out: Mapping[Fingerprint, str],
    said: StandingApprovals,
) -> Rechecked:
    """Compare what one locked invoice gives with what was approved on it, but for what is left out.

    What still holds is returned in the order in which it uses the balance (R24).
    """
    own = {p.fingerprint for p in approved}
    blocked = {f: why for f, why in left_out.items() if f in own}
    free = [p for p in approved if p.fingerprint not in blocked]
    current = _current(store, beginning, side, approved[0].proposal.invoice_number)
    stale = tuple(p for p in free if p.fingerprint not in current)
    true = sorted((p for p in free if p.fingerprint in current), key=lambda p: proposal_order(p.proposal))
    if side is None or not true:
        return Rechecked((), stale, blocked)
    policy = beginning.moment.policy
    blocked |= {p.fingerprint: said.unbacked[p.fingerprint] for p in true if p.fingerprint in said.unbacked}
    approvals = {p.fingerprint: said.approvals[p.fingerprint] for p in true if p.fingerprint in said.approvals}
    blocked |= {
        **_differing(approvals, current),
        **_overpaying(side, [current[p.fingerprint] for p in true], policy),
    }
    blocked |= _depending([current[p.fingerprint] for p in true if p.fingerprint not in blocked])
    # What is written comes from this very reading, never from the record that waited in the store.
    sure = (replace(p, proposal=current[p.fingerprint]) for p in true if p.fingerprint not in blocked)
    return Rechecked(tuple(sure), stale, blocked)


def _taken_back(
    unit: UnitOfWork, approved: Sequence[StoredProposal], planned: Collection[Fingerprint]
) -> dict[Fingerprint, str]:
    """Return those that somebody decided otherwise about since, or that a removal limit holds by now (R27).

    Where a check of another desktop saw another writer meanwhile, that is all of them (R29).
    """
    present = unit.proposals.by_fingerprint([p.fingerprint for p in approved])
    if is_held_by_other_writer(unit.alerts.standing()):
        return dict.fromkeys(present, str(refused(Why.OBSERVE)))
    found = {f: _why_taken_back(stored, is_planned=f in planned) for f, stored in present.items()}
    return {fingerprint: why for fingerprint, why in found.items() if why}


def _why_taken_back(stored: StoredProposal, *, is_planned: bool) -> str:
    # That it is being written is our own doing.
    row = replace(stored, state=ProposalState.APPROVED) if is_planned else stored
    (answer,) = may(Action.APPLY, [row], _ANYBODY, _ASKED_BEFORE).rows
    if not isinstance(answer, Refused):
        return ""
    return str(answer) if answer.why is Why.OVER_LIMIT else f"{answer.reason} Someone else was faster."


def _current(
    store: Store, beginning: Beginning, side: CaseInvoiceSide | None, number: str
) -> Mapping[Fingerprint, Proposal]:
    """Return what is proposed for the invoice at this moment, by fingerprint."""
    known, moment, judgement = beginning.known, beginning.moment, beginning.judgement
    if side is None:
        return {}
    if side != beginning.firm.sides.get(number):
        # The key may belong to another invoice by now, or its invoice may have got another number.
        others = (s for s in beginning.reading.sides.values() if s.invoice.invoice_id != side.invoice.invoice_id)
        found_now = case_sides(known, {s.invoice.number: s for s in (*others, side)}, moment.policy)
        if found_now.sides.get(number) != side:
            return {}
        with store.read() as unit:
            (snapshot,) = snapshots_of(unit, known, found_now, moment, [number])
        judgement = beginning.firm.with_snapshot(snapshot).judged(moment, {number})
    found = judgement.correlations.get(number)
    return {p.fingerprint: p for p in found.proposals} if found is not None else {}


def _differing(
    approvals: Mapping[Fingerprint, AuditEvent], current: Mapping[Fingerprint, Proposal]
) -> dict[Fingerprint, str]:
    """Return those of which a test ends otherwise than when they were approved (R17, R24a, R24b, R27).

    A check since may have put the flag on the stored record: what was shown, only the trail tells.
    """
    blocked: dict[Fingerprint, str] = {}
    for fingerprint, approval in approvals.items():
        for remark in current[fingerprint].remarks:
            if remark.flag in _TESTED_AGAIN and not was_shown(approval, remark):
                blocked.setdefault(fingerprint, f"{remark.sentence} It was not so when it was approved.")
    return blocked


def _depending(proposals: Sequence[Proposal]) -> dict[Fingerprint, str]:
    """Return those that are right only with another row that is not written in this act (R24b)."""
    together = {p.proposal_id for p in proposals}
    blocked: dict[Fingerprint, str] = {}
    for proposal in proposals:
        missing = [other for other in proposal.depends_on if other not in together]
        if missing:
            blocked[proposal.fingerprint] = (
                f"It is right only after {' and '.join(missing)} of this invoice: approve that first, or both together."
            )
    return blocked


def _overpaying(side: CaseInvoiceSide, proposals: Iterable[Proposal], policy: Policy) -> dict[Fingerprint, str]:
    """Return those that would overpay the invoice when only these are written, in the order of R24."""
    running = balance_of(side.invoice, side.payments)
    blocked: dict[Fingerprint, str] = {}
    for proposal in sorted(proposals, key=proposal_order):
        if would_overpay(running, proposal.effect, policy.total_tolerance):
            blocked[proposal.fingerprint] = (
                f"It would overpay the invoice: the balance is {running} now. "
                "Approve first what lowers the payments of this invoice, or correct the invoice."
            )
        else:
            running -= proposal.effect
    return blocked
