"""Write approved proposals transaction by transaction, and say what became of every row (R16b, R21, R30)."""

import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from cmxero_desktop.domain.identifiers import CaseInvoiceId, Fingerprint
from cmxero_desktop.domain.proposals import Proposal, ProposalKind, ProposalState, moved
from cmxero_desktop.services.correlation.proposal_events import event_of
from cmxero_desktop.services.ports.outside import Outside
from cmxero_desktop.services.records.audit import AuditWhat
from cmxero_desktop.services.records.decisions import StoredProposal
from cmxero_desktop.services.records.intents import Intent, IntentPurpose, IntentState
from cmxero_desktop.services.records.readings import WriteKind
from cmxero_desktop.services.records.reports import RowOutcome
from cmxero_desktop.services.writing.accepting import keep_accepted
from cmxero_desktop.services.writing.invoice_writer import InvoiceWriter, Sides, Written, why_stopped
from cmxero_desktop.services.writing.outcomes import Outcomes
from cmxero_desktop.services.writing.planning_ahead import PlannedAhead
from cmxero_desktop.services.writing.rechecking import Beginning, Rechecked, recheck_together, what_store_says

WRITE_KINDS: Mapping[ProposalKind, WriteKind] = {
    ProposalKind.ADD: WriteKind.INSERT,
    ProposalKind.LINK: WriteKind.UPDATE,
    ProposalKind.CHANGE: WriteKind.UPDATE,
    ProposalKind.REMOVE: WriteKind.DELETE,
}
_NOT_KEPT = "It could not be kept; approve it again."
_STALE = "It changed in Xero or in Case Manager after it was shown; look at it again."

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Ended:
    """One transaction and what became of it."""

    group: Sequence[StoredProposal]
    rechecked: Rechecked
    written: Written
    accepted: Collection[Fingerprint]


class Transactions:
    """The transactions of one apply: `by` is who applies, `outcomes` collects what became of each row."""

    def __init__(self, outside: Outside, by: str, outcomes: Outcomes) -> None:
        """Keep the ports; nothing is planned or written yet."""
        self._outside = outside
        self._by = by
        self._outcomes = outcomes
        self._writer = InvoiceWriter(outside)
        self._ahead = PlannedAhead(outside)
        self._ended: list[_Ended] = []

    def plan(
        self, groups: Sequence[Sequence[StoredProposal]], beginning: Beginning, doubts: Collection[Fingerprint]
    ) -> None:
        """Plan several transactions ahead; what each writes is decided when its invoices are locked."""
        self._ahead.plan(groups, beginning, doubts, lambda stored: self._intent(stored, None))

    def write(
        self,
        group: Sequence[StoredProposal],
        beginning: Beginning,
        doubts: Mapping[Fingerprint, str],
        confirm: Callable[[], None],
    ) -> None:
        """Write what is still true of these proposals in one Case Manager transaction: of an invoice, or of a move."""
        rechecked = Rechecked((), (), {})
        numbers: dict[CaseInvoiceId, str] = {}

        def plan(sides: Sides) -> Sequence[Intent]:
            nonlocal rechecked
            numbers.update((key, side.invoice.number) for key, side in sides.items() if side is not None)
            with self._outside.store.read() as unit:
                planned = self._ahead.standing(unit, group)
                said = what_store_says(unit, group, beginning.office, planned)
            rechecked = recheck_together(self._outside.store, beginning, sides, group, doubts=doubts, said=said)
            return [
                self._intent(stored, planned.get(stored.fingerprint))
                for stored in rechecked.true
                if stored.proposal.kind is not ProposalKind.ACCEPT
            ]

        invoice_ids = {stored.proposal.case_invoice_id for stored in group}
        currency = beginning.moment.policy.currency
        written = self._writer.write(
            invoice_ids,
            currency,
            plan,
            what=AuditWhat.APPLIED,
            confirm=confirm,
            is_noted_later=self._ahead.is_any,
        )
        accepted = {
            s.fingerprint: (s.proposal, numbers[s.proposal.case_invoice_id])
            for s in rechecked.true
            if s.proposal.kind is ProposalKind.ACCEPT and not written.failure
        }
        unwritten = [s for s in group if written.state_of(s.fingerprint) is not IntentState.WRITTEN]
        try:
            self._store_unwritten(unwritten, rechecked, written, accepted)
        except Exception as error:  # noqa: BLE001 - the approvals stand then; what is reported is true all the same
            _log.info("What was not written could not be stored: %s", why_stopped(error))
            accepted = {}
        self._ended.append(_Ended(group, rechecked, written, accepted.keys()))

    def note(self) -> None:
        """Store how everything so far ended that was to be stored together, and report it."""
        not_noted = self._writer.note(AuditWhat.APPLIED)
        for ended in self._ended:
            for stored in ended.group:
                _report(stored, ended, not_noted, self._outcomes)
        self._ended.clear()

    def end(self) -> None:
        """Note what is left to note, and give up what was planned and did not begin."""
        self.note()
        self._ahead.end()

    def _intent(self, stored: StoredProposal, planned: Intent | None) -> Intent:
        """Make the intent of a write; one that was planned keeps its name, and all else is as it is now."""
        proposal = stored.proposal
        return Intent(
            intent_id=planned.intent_id if planned else self._outside.new_id(),
            purpose=IntentPurpose.APPLY,
            fingerprint=stored.fingerprint,
            invoice_number=proposal.invoice_number,
            case_invoice_id=proposal.case_invoice_id,
            kind=WRITE_KINDS[proposal.kind],
            payment_id=proposal.case.payment_id if proposal.case else None,
            before=proposal.before,
            after=proposal.after,
            xero_payment_id=proposal.xero.payment_id if proposal.xero else None,
            by=self._by,
            reason="",
            batch_id=self._outcomes.batch_id,
            lease=planned.lease if planned else 0,
        )

    def _store_unwritten(
        self,
        unwritten: Sequence[StoredProposal],
        rechecked: Rechecked,
        written: Written,
        accepted: Mapping[Fingerprint, tuple[Proposal, str]],
    ) -> None:
        """Keep what was accepted, and move what was never intended: stale, blocked for now, or failed before."""
        if not unwritten:
            return
        now = self._outside.clock()
        with self._outside.store.begin() as unit:
            present = unit.proposals.by_fingerprint([p.fingerprint for p in unwritten])
            planned = self._ahead.standing(unit, unwritten)
            unit.intents.close(replace(intent, state=IntentState.NOT_WRITTEN) for intent in planned.values())
            for stored in present.values():
                if stored.state is not ProposalState.APPROVED and stored.fingerprint not in planned:
                    continue
                if stored.fingerprint in accepted:
                    proposal, number = accepted[stored.fingerprint]
                    kept = replace(stored, proposal=proposal)
                    keep_accepted(unit, kept, number, by=self._by, at=now, batch_id=self._outcomes.batch_id)
                    continue
                state, what, why = _fate(stored.fingerprint, rechecked, written)
                # A release was given for one approval; what goes back to review needs a new one (R27).
                release = None if what is AuditWhat.REOPENED else stored.release
                ended = replace(stored, state=moved(stored.state, state), changed_at=now, outcome=why, release=release)
                unit.proposals.update([(ended, stored.state)])
                unit.audit.append([event_of(ended, what, at=now, by="program", reason=why)])
            unit.commit()


def _fate(fingerprint: Fingerprint, rechecked: Rechecked, written: Written) -> tuple[ProposalState, AuditWhat, str]:
    if fingerprint in rechecked.blocked:
        return ProposalState.PROPOSED, AuditWhat.REOPENED, rechecked.blocked[fingerprint]
    if rechecked.is_stale(fingerprint):
        return ProposalState.STALE, AuditWhat.STALE, _STALE
    return ProposalState.FAILED, AuditWhat.FAILED, written.failure


def _report(stored: StoredProposal, ended: _Ended, not_noted: str, outcomes: Outcomes) -> None:
    """Say what became of one row."""
    row_id, fingerprint, rechecked, written = stored.proposal_id, stored.fingerprint, ended.rechecked, ended.written
    if fingerprint in rechecked.blocked:
        outcomes.held_back.append(RowOutcome(row_id, rechecked.blocked[fingerprint]))
    elif rechecked.is_stale(fingerprint):
        outcomes.stale.append(RowOutcome(row_id, _STALE))
    elif fingerprint in ended.accepted:
        outcomes.applied.append(RowOutcome(row_id, "Accepted as the same money; nothing was written."))
    elif written.state_of(fingerprint) is IntentState.WRITTEN:
        outcomes.applied.append(RowOutcome(row_id, written.not_noted or not_noted or "Applied to Case Manager."))
    else:
        outcomes.failed.append(RowOutcome(row_id, written.failure or _NOT_KEPT))
