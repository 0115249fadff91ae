"""A person's decisions about proposals: approve, hold, reject, put back; nothing is written."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date

from cmxero_desktop.domain.approving import approval_act
from cmxero_desktop.domain.decisions import Action, Situation, Verdict, approval_of, may
from cmxero_desktop.domain.office import SELF_APPROVED, Office
from cmxero_desktop.domain.people import Person, is_same_person
from cmxero_desktop.domain.placements import Placement
from cmxero_desktop.domain.proposals import OPEN_STATES, ProposalKind, ProposalState, is_intact, moved
from cmxero_desktop.domain.refusals import Nature, Refused, Why, refused
from cmxero_desktop.domain.rules import Rule
from cmxero_desktop.domain.seconding import first_yes_only
from cmxero_desktop.services.correlation.proposal_events import event_of
from cmxero_desktop.services.correlation.situations import demand, error_of, situation_of
from cmxero_desktop.services.ports.outside import Outside
from cmxero_desktop.services.ports.store import UnitOfWork
from cmxero_desktop.services.records.audit import AuditWhat
from cmxero_desktop.services.records.decisions import (
    Decision,
    FirstYes,
    StoredProposal,
    figures_of,
    flags_seen,
    why_marked,
)
from cmxero_desktop.services.records.reports import DecisionReport, RowOutcome
from cmxero_desktop.services.records.trail import unbacked_firsts, unbacked_releases

HALF_APPROVED = "Approved by the first of two persons: another one who approves has to approve it too."
"""What became of a row that needs the yes of two persons and got the first."""

_LIST = "Run the list of proposals again and use an id from it."
_OUTCOMES = {
    Action.HOLD: (ProposalState.HELD, AuditWhat.HELD),
    Action.REJECT: (ProposalState.REJECTED, AuditWhat.REJECTED),
    Action.PUT_BACK: (ProposalState.PROPOSED, AuditWhat.REOPENED),
}


class Deciding:
    """The decisions. Each row gets its own outcome; one that cannot be decided never stops the others."""

    def __init__(self, outside: Outside) -> None:
        """Keep the ports."""
        self._outside = outside

    def approve(
        self, ids: Sequence[str], *, by: str, release_reason: str = "", seen: frozenset[str] | None = None
    ) -> DecisionReport:
        """Approve proposals by id, exactly as stored, in one act.

        `seen` are the flags that stood on screen: where another one stands by now, all is to be looked at again.

        Raises NotAllowedError in observe mode, and where the rows do not go into one approval (R26).
        """
        report = _Report()
        with self._outside.store.begin() as unit:
            found = unit.proposals.by_id(ids)
            asked = tuple(dict.fromkeys(ids))
            rows = [found[row_id] for row_id in asked if row_id in found]
            now = self._situation(unit, rows=rows)
            demand(Action.APPROVE, by, now)
            action = approval_act(rows, now.office, is_release=bool(release_reason.strip()))
            if isinstance(action, Refused):
                raise error_of(action)
            for row_id in asked:
                if row_id not in found:
                    report.held_or_unknown(row_id, _blocked_row(unit, row_id))
            # In bulk a row that is flagged is left out anyway.
            if seen is not None and action is not Action.APPROVE_IN_BULK and not flags_seen(rows) <= seen:
                for stored in rows:
                    report.refuse(stored.proposal_id, refused(Why.FLAGGED_SINCE))
                return report.made()
            self._approve(unit, may(action, rows, Person(by), now), rows, by, now.office, release_reason, report)
            unit.commit()
        return report.made()

    def approve_all(self, by: str, kind: ProposalKind) -> DecisionReport:
        """Approve everything of one kind that may be approved in bulk; the rest is held back, with the reason (R26)."""
        report = _Report()
        with self._outside.store.begin() as unit:
            rows = [row for row in unit.proposals.in_states(OPEN_STATES) if row.proposal.kind is kind]
            now = self._situation(unit, rows=rows)
            demand(Action.APPROVE_IN_BULK, by, now)
            verdict = may(Action.APPROVE_IN_BULK, rows, Person(by), now)
            self._approve(unit, verdict, rows, by, now.office, "", report)
            unit.commit()
        # What is being written, or is no longer what was shown, is no part of "all".
        report.refused.clear()
        report.stale.clear()
        return report.made()

    def hold(self, ids: Sequence[str], *, by: str, reason: str = "", until: date | None = None) -> DecisionReport:
        """Put proposals on hold until a date, or until someone decides."""
        return self._decide(ids, Action.HOLD, by, reason, until)

    def reject(self, ids: Sequence[str], *, by: str, reason: str) -> DecisionReport:
        """Reject proposals: they do not come back before the facts change (R31)."""
        return self._decide(ids, Action.REJECT, by, reason, None)

    def reopen(self, ids: Sequence[str], *, by: str, reason: str) -> DecisionReport:
        """Put proposals back to review that someone held, rejected or undid, or whose approval is withdrawn."""
        return self._decide(ids, Action.PUT_BACK, by, reason, None)

    def _situation(
        self, unit: UnitOfWork, numbers: Collection[str] = (), rows: Sequence[StoredProposal] = ()
    ) -> Situation:
        return situation_of(unit, self._outside.settings_file.load(), self._outside.clock(), numbers, rows)

    def _approve(
        self,
        unit: UnitOfWork,
        verdict: Verdict,
        rows: Sequence[StoredProposal],
        by: str,
        office: Office,
        release_reason: str,
        report: "_Report",
    ) -> None:
        last_of = unit.audit.last_of
        unbacked = {**unbacked_releases(last_of, rows), **unbacked_firsts(last_of, rows)}
        allowed = [s for s, answer in zip(rows, verdict.rows, strict=True) if not isinstance(answer, Refused)]
        firsts = first_yes_only(allowed, Person(by), office)
        for stored, answer in zip(rows, verdict.rows, strict=True):
            if isinstance(answer, Refused):
                report.refuse(stored.proposal_id, answer)
            elif not is_intact(stored.proposal) or stored.fingerprint in unbacked:
                report.refuse(stored.proposal_id, refused(Why.ALTERED))
            else:
                # Only what the limit holds is released, not the other half of its move.
                release = release_reason if approval_of(stored) is Action.RELEASE else ""
                if stored.proposal_id in firsts:
                    self._store_first_yes(unit, stored, by, release)
                    report.half.append(RowOutcome(stored.proposal_id, HALF_APPROVED))
                else:
                    self._store_approval(unit, stored, by, release, office)
                    report.done.append(RowOutcome(stored.proposal_id, "Approved."))

    def _store_first_yes(self, unit: UnitOfWork, stored: StoredProposal, by: str, reason: str) -> None:
        """Keep the first of two approvals; the row waits in Review as before, also one that was on hold."""
        now = self._outside.clock()
        state = moved(stored.state, ProposalState.PROPOSED)
        desktop = self._outside.holder
        first = FirstYes(by=by, at=now, reason=reason, flags=figures_of(stored), desktop=desktop)
        said = replace(stored, state=state, changed_at=now, first=first, decision=None, release=None, outcome="")
        unit.proposals.update([(said, stored.state)])
        unit.audit.append([event_of(said, AuditWhat.APPROVED_FIRST, at=now, by=by, reason=reason)])

    def _store_approval(
        self, unit: UnitOfWork, stored: StoredProposal, by: str, release_reason: str, office: Office
    ) -> None:
        now = self._outside.clock()
        approved = replace(
            stored,
            state=moved(stored.state, ProposalState.APPROVED),
            changed_at=now,
            decision=Decision(by=by, at=now),
            release=Decision(by=by, at=now, reason=release_reason) if release_reason else stored.release,
            outcome="",
            first=_yes_before(stored, by, office),
        )
        unit.proposals.update([(approved, stored.state)])
        is_alone = office.is_alone_with(stored.proposal)
        said = SELF_APPROVED if is_alone else why_marked(approved.first, self._outside.holder)
        events = [event_of(approved, AuditWhat.APPROVED, at=now, by=by, reason=said)]
        if release_reason:
            events.insert(0, event_of(approved, AuditWhat.RELEASED, at=now, by=by, reason=release_reason))
        unit.audit.append(events)

    def _decide(self, ids: Sequence[str], action: Action, by: str, reason: str, until: date | None) -> DecisionReport:
        report = _Report()
        with self._outside.store.begin() as unit:
            found = unit.proposals.by_id(ids)
            now = self._situation(unit, {stored.proposal.invoice_number for stored in found.values()})
            demand(action, by, now, reason=reason)
            state, what = _OUTCOMES[action]
            for row_id in dict.fromkeys(ids):
                stored = found.get(row_id)
                if stored is None:
                    report.held_or_unknown(row_id, _blocked_row(unit, row_id))
                    continue
                (answer,) = may(action, [stored], Person(by), now).rows
                if isinstance(answer, Refused):
                    report.refuse(row_id, answer)
                else:
                    decision = Decision(by=by, at=self._outside.clock(), reason=reason, until=until)
                    self._store_decision(unit, stored, state, what, decision)
                    report.done.append(RowOutcome(row_id, f"{what.capitalize()}."))
            unit.commit()
        return report.made()

    @staticmethod
    def _store_decision(
        unit: UnitOfWork, stored: StoredProposal, state: ProposalState, what: AuditWhat, decision: Decision
    ) -> None:
        # A release was given for one approval; what goes back to review needs a new one (R27).
        release = None if what is AuditWhat.REOPENED else stored.release
        state_now = moved(stored.state, state)
        decided = replace(
            stored, state=state_now, changed_at=decision.at, decision=decision, release=release, first=None
        )
        unit.proposals.update([(decided, stored.state)])
        unit.audit.append([event_of(decided, what, at=decision.at, by=decision.by, reason=decision.reason)])
        proposal = stored.proposal
        if what is AuditWhat.REJECTED and proposal.rule is Rule.R23 and proposal.xero and proposal.case:
            # Whoever rejects the change takes back that both are the same money: the add is proposed again.
            pair = (proposal.xero.payment_id, proposal.case.payment_id)
            said = [p for p in unit.memory.pairs() if (p.xero_id, p.case_id) == pair]
            unit.memory.end(said, decision.at, "A person rejected the link.")


def _yes_before(stored: StoredProposal, by: str, office: Office) -> FirstYes | None:
    """Return another person's yes that stands before this one: the first of two, or one that was enough then."""
    others = (said for said in stored.yeses if office.lets_approve(said.by) and not is_same_person(said.by, by))
    return next(others, None)


class _Report:
    """Collects the outcome of each row."""

    def __init__(self) -> None:
        self.done: list[RowOutcome] = []
        self.half: list[RowOutcome] = []
        self.refused: list[RowOutcome] = []
        self.stale: list[RowOutcome] = []
        self.held_back: list[RowOutcome] = []

    def refuse(self, row_id: str, refusal: Refused) -> None:
        """Sort a refusal by what it means for the row."""
        lists = {
            Nature.REFUSED: self.refused,
            Nature.CHANGED: self.stale,
            Nature.HELD_BACK: self.held_back,
            Nature.ALREADY: self.done,
        }
        lists[refusal.nature].append(RowOutcome(row_id, str(refusal)))

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
            half=tuple(self.half),
            refused=tuple(self.refused),
            stale=tuple(self.stale),
            held_back=tuple(self.held_back),
        )


def _blocked_row(unit: UnitOfWork, row_id: str) -> str:
    """Return why a row that is no proposal cannot be decided, or nothing where there is no such row."""
    for result in unit.results.shown():
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
