"""A person's decisions about proposals: approve, hold, reject, put back, name the counterpart; nothing is written."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from cmxero_desktop.domain.correlation.matching import is_locked
from cmxero_desktop.domain.errors import NotAllowedError
from cmxero_desktop.domain.identifiers import CasePaymentId
from cmxero_desktop.domain.placements import Placement
from cmxero_desktop.domain.proposals import (
    APPROVABLE_STATES,
    Flag,
    ProposalKind,
    ProposalState,
    moved,
)
from cmxero_desktop.services.correlation.modes import require_approve_mode
from cmxero_desktop.services.correlation.proposal_events import event_of
from cmxero_desktop.services.ports.computer import Clock, SettingsFile
from cmxero_desktop.services.ports.store import Store, UnitOfWork
from cmxero_desktop.services.records.audit import AuditWhat
from cmxero_desktop.services.records.decisions import Decision, StoredProposal
from cmxero_desktop.services.records.reports import DecisionReport, RowOutcome

_NO_LONGER = frozenset({ProposalState.SUPERSEDED, ProposalState.STALE})
_LIST = "Run the list of proposals again and use an id from it."


class Deciding:
    """The decisions. Each row gets its own outcome; one that cannot be decided never stops the others."""

    def __init__(self, *, store: Store, settings_file: SettingsFile, clock: Clock) -> None:
        """Keep the ports."""
        self._store = store
        self._settings_file = settings_file
        self._clock = clock

    def approve(self, ids: Sequence[str], *, by: str, release_reason: str = "") -> DecisionReport:
        """Approve proposals by id, exactly as stored. Raises NotAllowedError in observe mode."""
        require_approve_mode(self._settings_file)
        report = _Report()
        with self._store.begin() as unit:
            found = unit.proposals.by_id(ids)
            for row_id in dict.fromkeys(ids):
                stored = found.get(row_id)
                if stored is None:
                    report.held_or_unknown(row_id, _blocked_row(unit, row_id))
                else:
                    self._approve_one(unit, stored, by, release_reason, report)
            unit.commit()
        return report.made()

    def approve_all(self, by: str) -> DecisionReport:
        """Approve everything that may be approved in bulk; the rest is held back, with the reason (R26)."""
        require_approve_mode(self._settings_file)
        report = _Report()
        with self._store.begin() as unit:
            for stored in unit.proposals.in_states(APPROVABLE_STATES):
                why = _why_not_in_bulk(stored)
                if why:
                    report.held_back.append(RowOutcome(stored.proposal_id, why))
                else:
                    self._approve_one(unit, stored, by, "", report)
            unit.commit()
        return report.made()

    def hold(self, ids: Sequence[str], *, by: str, reason: str = "", until: date | None = None) -> DecisionReport:
        """Put proposals on hold until a date, or until someone decides."""
        return self._decide(ids, ProposalState.HELD, AuditWhat.HELD, by, reason, until)

    def reject(self, ids: Sequence[str], *, by: str, reason: str) -> DecisionReport:
        """Reject proposals: they do not come back before the facts change (R31)."""
        _require_reason(reason)
        return self._decide(ids, ProposalState.REJECTED, AuditWhat.REJECTED, by, reason, None)

    def reopen(self, ids: Sequence[str], *, by: str, reason: str) -> DecisionReport:
        """Put proposals back to review that someone held, rejected or undid, or whose approval is withdrawn."""
        return self._decide(ids, ProposalState.PROPOSED, AuditWhat.REOPENED, by, reason, None)

    def choose_link(self, proposal_id: str, case_payment_id: CasePaymentId, by: str) -> StoredProposal:
        """Remember that the near double of an add is the same money (R23). Raises NotAllowedError where it is not near.

        The change that takes the place of the add appears with the next correlation of the invoice.
        """
        require_approve_mode(self._settings_file)
        with self._store.begin() as unit:
            stored = unit.proposals.by_id([proposal_id]).get(proposal_id)
            is_add = stored is not None and stored.proposal.kind is ProposalKind.ADD
            if stored is None or not is_add or stored.state not in APPROVABLE_STATES or stored.proposal.xero is None:
                message = f"{proposal_id} is no addition that waits for review."
                raise NotAllowedError(message, _LIST)
            near = {payment.payment_id: payment for payment in stored.proposal.near}
            if case_payment_id not in near:
                message = f"Payment {case_payment_id} is not one of the close payments of {proposal_id}."
                raise NotAllowedError(message, "Choose one of those that are shown beside it.")
            policy = unit.polling.state().policy
            if near[case_payment_id].is_multi_invoice or (policy and is_locked(near[case_payment_id], policy)):
                message = f"Payment {case_payment_id} is locked in Case Manager, so it cannot be changed."
                raise NotAllowedError(message, "Add the payment, hold it, or reject it.")
            unit.pairs.choose(stored.proposal.xero.payment_id, case_payment_id)
            reason = f"Payment {case_payment_id} is the same money."
            unit.audit.append([event_of(stored, AuditWhat.LINK_CHOSEN, at=self._clock(), by=by, reason=reason)])
            unit.commit()
        return stored

    def _approve_one(
        self, unit: UnitOfWork, stored: StoredProposal, by: str, release_reason: str, report: "_Report"
    ) -> None:
        row_id = stored.proposal_id
        if stored.state in _NO_LONGER:
            report.stale.append(RowOutcome(row_id, "The facts changed after it was shown; look at the new proposal."))
        elif stored.state not in APPROVABLE_STATES:
            report.refused.append(RowOutcome(row_id, f"It is {stored.state} and cannot be approved now."))
        elif why := _why_blocked(stored, release_reason):
            report.held_back.append(RowOutcome(row_id, why))
        else:
            self._store_approval(unit, stored, by, release_reason)
            report.done.append(RowOutcome(row_id, "Approved."))

    def _store_approval(self, unit: UnitOfWork, stored: StoredProposal, by: str, release_reason: str) -> None:
        now = self._clock()
        is_release = Flag.OVER_LIMIT in stored.proposal.flags and bool(release_reason.strip())
        approved = replace(
            stored,
            state=_approved_from(stored.state),
            changed_at=now,
            decision=Decision(by=by, at=now),
            release=Decision(by=by, at=now, reason=release_reason) if is_release else stored.release,
            outcome="",
        )
        unit.proposals.update([(approved, stored.state)])
        events = [event_of(approved, AuditWhat.APPROVED, at=now, by=by)]
        if is_release:
            events.insert(0, event_of(approved, AuditWhat.RELEASED, at=now, by=by, reason=release_reason))
        unit.audit.append(events)

    def _decide(
        self, ids: Sequence[str], state: ProposalState, what: AuditWhat, by: str, reason: str, until: date | None
    ) -> DecisionReport:
        report = _Report()
        with self._store.begin() as unit:
            found = unit.proposals.by_id(ids)
            for row_id in dict.fromkeys(ids):
                stored = found.get(row_id)
                if stored is None:
                    report.held_or_unknown(row_id, _blocked_row(unit, row_id))
                elif not _can_move(stored.state, state):
                    report.refused.append(RowOutcome(row_id, f"It is {stored.state}; that cannot become {state}."))
                else:
                    self._store_decision(
                        unit, stored, state, what, Decision(by=by, at=self._clock(), reason=reason, until=until)
                    )
                    report.done.append(RowOutcome(row_id, f"{what.capitalize()}."))
            unit.commit()
        return report.made()

    @staticmethod
    def _store_decision(
        unit: UnitOfWork, stored: StoredProposal, state: ProposalState, what: AuditWhat, decision: Decision
    ) -> None:
        # A release was given for one approval; what goes back to review needs a new one (R27).
        release = None if state is ProposalState.PROPOSED else stored.release
        state_now = moved(stored.state, state)
        decided = replace(stored, state=state_now, changed_at=decision.at, decision=decision, release=release)
        unit.proposals.update([(decided, stored.state)])
        unit.audit.append([event_of(decided, what, at=decision.at, by=decision.by, reason=decision.reason)])
        proposal = stored.proposal
        if state is ProposalState.REJECTED and proposal.rule == "R23" and proposal.xero and proposal.case:
            # Whoever rejects the change takes back that both are the same money: the add is proposed again.
            unit.pairs.forget(proposal.xero.payment_id, proposal.case.payment_id)


class _Report:
    """Collects the outcome of each row."""

    def __init__(self) -> None:
        self.done: list[RowOutcome] = []
        self.refused: list[RowOutcome] = []
        self.stale: list[RowOutcome] = []
        self.held_back: list[RowOutcome] = []

    def held_or_unknown(self, row_id: str, why_blocked: str) -> None:
        """Note an id that is no proposal: a blocked row, or nothing that we know."""
        if why_blocked:
            self.held_back.append(RowOutcome(row_id, why_blocked))
        else:
            self.refused.append(RowOutcome(row_id, f"No proposal has the id {row_id}. {_LIST}"))

    def made(self) -> DecisionReport:
        """Return the report."""
        return DecisionReport(
            done=tuple(self.done),
            refused=tuple(self.refused),
            stale=tuple(self.stale),
            held_back=tuple(self.held_back),
        )


def _blocked_row(unit: UnitOfWork, row_id: str) -> str:
    """Return why a row that is no proposal cannot be decided, or nothing where there is no such row."""
    for result in unit.results.latest():
        for placement in result.correlation.placements:
            if placement.row_id == row_id:
                return _why_blocked_row(unit, placement)
    return ""


def _why_blocked_row(unit: UnitOfWork, placement: Placement) -> str:
    carried = unit.proposals.by_fingerprint([placement.fingerprint] if placement.fingerprint else [])
    if not carried:
        return f"Nothing is proposed for this row: {placement.explanation}"
    ids = ", ".join(stored.proposal_id for stored in carried.values())
    return f"What is proposed for this row has an id of its own: {ids}."


def _approved_from(state: ProposalState) -> ProposalState:
    return state if state is ProposalState.APPROVED else moved(state, ProposalState.APPROVED)


def _can_move(now: ProposalState, wanted: ProposalState) -> bool:
    try:
        moved(now, wanted)
    except ValueError:
        return False
    # A proposal that was applied or replaced comes back only through the facts, not through a wish.
    return not (
        wanted is ProposalState.PROPOSED and now in {ProposalState.APPLIED, *_NO_LONGER, ProposalState.APPLYING}
    )


def _why_blocked(stored: StoredProposal, release_reason: str) -> str:
    flags = stored.proposal.blocking_flags
    if Flag.WOULD_OVERPAY in flags:
        return f"It would overpay the invoice: the balance would be {stored.proposal.balance_after}."
    if Flag.OVER_LIMIT in flags and stored.release is None and not release_reason.strip():
        return "Held by the safety limit for removals. Release it by name and with a reason."
    return ""


def _why_not_in_bulk(stored: StoredProposal) -> str:
    if stored.state is ProposalState.HELD:
        return "On hold."
    if stored.proposal.kind is ProposalKind.REMOVE:
        return "A removal is approved on its own, by id."
    if stored.proposal.flags:
        flags = ", ".join(sorted(flag.value for flag in stored.proposal.flags))
        return f"Flagged {flags}: it is approved on its own, by id."
    return ""


def _require_reason(reason: str) -> None:
    if not reason.strip():
        message = "A reason is needed."
        raise NotAllowedError(message, "Say in a few words why.")
