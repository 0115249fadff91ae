"""Apply approved proposals: read both sides again, write invoice by invoice, give every row an outcome (R21, R30)."""

import logging
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import chain

from cmxero_desktop.domain.decisions import Action, may
from cmxero_desktop.domain.errors import DeskError, NotAllowedError
from cmxero_desktop.domain.identifiers import CaseInvoiceId, Fingerprint
from cmxero_desktop.domain.people import Person
from cmxero_desktop.domain.proposals import Proposal, ProposalKind, ProposalState, moved
from cmxero_desktop.domain.refusals import Refused, Why, refused
from cmxero_desktop.services.correlation.correlating import correlate_afterwards
from cmxero_desktop.services.correlation.moment import current_moment
from cmxero_desktop.services.correlation.proposal_events import event_of
from cmxero_desktop.services.correlation.situations import demand, error_of, may_write, situation_of
from cmxero_desktop.services.ports.outside import Outside
from cmxero_desktop.services.records.audit import AuditWhat
from cmxero_desktop.services.records.decisions import StoredProposal
from cmxero_desktop.services.records.intents import Intent, IntentPurpose, IntentState
from cmxero_desktop.services.records.readings import WriteKind
from cmxero_desktop.services.records.reports import ApplyReport, RowOutcome
from cmxero_desktop.services.writing.accepting import keep_accepted
from cmxero_desktop.services.writing.invoice_writer import InvoiceWriter, Sides, Written, unforeseen
from cmxero_desktop.services.writing.joining import together
from cmxero_desktop.services.writing.outcomes import Outcomes
from cmxero_desktop.services.writing.reading_again import LATE, XeroAgain
from cmxero_desktop.services.writing.rechecking import Beginning, Rechecked, begin, is_changed, recheck_together
from cmxero_desktop.services.writing.settling import INTERRUPTED, settle_open_intents

WRITE_KINDS: Mapping[ProposalKind, WriteKind] = {
    ProposalKind.ADD: WriteKind.INSERT,
    ProposalKind.LINK: WriteKind.UPDATE,
    ProposalKind.CHANGE: WriteKind.UPDATE,
    ProposalKind.REMOVE: WriteKind.DELETE,
}
_STAYS = "It stays approved."
# Xero may make us wait while it is read again, so the reading is old when it ends.
_READINGS_AT_MOST = 3
_NOT_KEPT = "It could not be kept; approve it again."
_STALE = "It changed in Xero or in Case Manager after it was shown; look at it again."

_log = logging.getLogger(__name__)


class Applying:
    """The use case "Apply to Case Manager"."""

    def __init__(self, outside: Outside) -> None:
        """Keep the ports."""
        self._outside = outside
        self._writer = InvoiceWriter(outside)

    def apply(self, ids: Sequence[str] | None, by: str) -> ApplyReport:
        """Apply approved proposals (None: all of them) and return every row's outcome.

        Raises NotAllowedError in observe mode and on data that is too old, and XeroUnavailableError, SignInError or
        CaseManagerError where either side cannot be read at the beginning: then nothing was written and the approvals
        stand. Where one cannot be read any more in the middle, what was written is reported, and the rest stays
        approved.
        """
        self.ensure_open(by)
        outcomes = Outcomes(self._outside.new_id())
        settle_open_intents(self._outside, why=INTERRUPTED)
        approved = self._approved(ids, by, outcomes)
        if not approved:
            return outcomes.report()
        moment = current_moment(self._outside)
        xero = XeroAgain(self._outside, moment)
        xero.read(approved)
        numbers = {stored.proposal.invoice_number for stored in approved}
        beginning = begin(self._outside, moment, numbers)
        groups = together(approved)
        for place, group in enumerate(groups):
            try:
                beginning = self._still_open(xero, beginning, groups[place:], numbers)
            except Exception as error:  # noqa: BLE001 - some of it may be written: that is reported, whatever happened
                why = _why_stopped(error)
                left = chain.from_iterable(groups[place:])
                outcomes.held_back += [RowOutcome(stored.proposal_id, f"{why} {_STAYS}") for stored in left]
                break
            self._apply_together(group, by, beginning, xero, outcomes)
        correlate_afterwards(self._outside, beginning.moment, numbers)
        return outcomes.report()

    def _still_open(
        self,
        xero: XeroAgain,
        beginning: Beginning,
        groups: Sequence[Sequence[StoredProposal]],
        numbers: Collection[str],
    ) -> Beginning:
        """Return both sides as they are now, where it is due read and judged again for the `groups` that are left.

        Raises DeskError where the mode is Observe by now, where either side cannot be read any more, or where reading
        takes longer than a reading may be old.
        """
        with self._outside.store.read() as unit:
            is_open = may_write(self._outside.settings_file.load(), unit.alerts.standing())
        if not is_open:
            raise error_of(refused(Why.OBSERVE))
        for _ in range(_READINGS_AT_MOST):
            if not xero.is_due:
                return beginning
            if xero.refresh(list(chain.from_iterable(groups))) or is_changed(self._outside, beginning):
                beginning = begin(self._outside, current_moment(self._outside), numbers)
        if xero.is_late:
            raise NotAllowedError(LATE)
        return beginning

    def ensure_open(self, by: str) -> None:
        """Raise NotAllowedError where nothing at all may be applied now: whoever approves to apply asks first."""
        with self._outside.store.read() as unit:
            demand(Action.APPLY, by, situation_of(unit, self._outside.settings_file.load(), self._outside.clock()))

    def _approved(self, ids: Sequence[str] | None, by: str, outcomes: Outcomes) -> tuple[StoredProposal, ...]:
        """Return the approved proposals; say of every other id that was asked for why it is not applied."""
        with self._outside.store.read() as unit:
            if ids is None:
                return unit.proposals.in_states({ProposalState.APPROVED})
            found = unit.proposals.by_id(ids)
            now = situation_of(unit, self._outside.settings_file.load(), self._outside.clock())
        approved = []
        for row_id in dict.fromkeys(ids):
            stored = found.get(row_id)
            if stored is None:
                outcomes.failed.append(RowOutcome(row_id, f"No proposal has the id {row_id}."))
                continue
            (answer,) = may(Action.APPLY, [stored], Person(by), now).rows
            if isinstance(answer, Refused):
                outcomes.refuse(row_id, answer)
            else:
                approved.append(stored)
        return tuple(approved)

    def _apply_together(
        self,
        group: Sequence[StoredProposal],
        by: str,
        beginning: Beginning,
        xero: XeroAgain,
        outcomes: Outcomes,
    ) -> None:
        """Write what is still true of these proposals in one Case Manager transaction: of an invoice, or of a move."""
        rechecked = Rechecked((), (), {})
        numbers: dict[CaseInvoiceId, str] = {}

        def plan(sides: Sides) -> Sequence[Intent]:
            nonlocal rechecked
            numbers.update((key, side.invoice.number) for key, side in sides.items() if side is not None)
            rechecked = recheck_together(self._outside.store, beginning, sides, group, doubts=xero.doubts)
            return [
                self._intent(stored, by, outcomes.batch_id)
                for stored in rechecked.true
                if stored.proposal.kind is not ProposalKind.ACCEPT
            ]

        invoice_ids = {stored.proposal.case_invoice_id for stored in group}
        currency = beginning.moment.policy.currency
        written = self._writer.write(invoice_ids, currency, plan, what=AuditWhat.APPLIED, confirm=xero.demand_fresh)
        accepted = {
            s.fingerprint: (s.proposal, numbers[s.proposal.case_invoice_id])
            for s in rechecked.true
            if s.proposal.kind is ProposalKind.ACCEPT and not written.failure
        }
        try:
            self._store_unwritten(group, rechecked, written, accepted, by, outcomes.batch_id)
        except Exception as error:  # noqa: BLE001 - the approvals stand then; what is reported is true all the same
            _log.info("What was not written could not be stored: %s", _why_stopped(error))
            accepted = {}
        for stored in group:
            _note(stored, rechecked, written, accepted, outcomes)

    def _intent(self, stored: StoredProposal, by: str, batch_id: str) -> Intent:
        proposal = stored.proposal
        return Intent(
            intent_id=self._outside.new_id(),
            purpose=IntentPurpose.APPLY,
            fingerprint=stored.fingerprint,
            invoice_number=proposal.invoice_number,
            case_invoice_id=proposal.case_invoice_id,
            kind=WRITE_KINDS[proposal.kind],
            payment_id=proposal.case.payment_id if proposal.case else None,
            before=proposal.before,
            after=proposal.after,
            xero_payment_id=proposal.xero.payment_id if proposal.xero else None,
            by=by,
            reason="",
            batch_id=batch_id,
        )

    def _store_unwritten(
        self,
        group: Iterable[StoredProposal],
        rechecked: Rechecked,
        written: Written,
        accepted: Mapping[Fingerprint, tuple[Proposal, str]],
        by: str,
        batch_id: str,
    ) -> None:
        """Keep what was accepted, and move what was never intended: stale, blocked for now, or failed before."""
        now = self._outside.clock()
        with self._outside.store.begin() as unit:
            present = unit.proposals.by_fingerprint([p.fingerprint for p in group])
            for stored in present.values():
                if stored.state is not ProposalState.APPROVED:
                    continue
                if stored.fingerprint in accepted:
                    proposal, number = accepted[stored.fingerprint]
                    keep_accepted(unit, replace(stored, proposal=proposal), number, by=by, at=now, batch_id=batch_id)
                    continue
                state, what, why = _fate(stored.fingerprint, rechecked, written)
                ended = replace(stored, state=moved(stored.state, state), changed_at=now, outcome=why)
                unit.proposals.update([(ended, stored.state)])
                unit.audit.append([event_of(ended, what, at=now, by="program", reason=why)])
            unit.commit()


def _why_stopped(error: Exception) -> str:
    if isinstance(error, DeskError):
        return str(error)
    _log.error("Applying met something that nobody foresaw", exc_info=error)
    return unforeseen(error)


def _fate(fingerprint: Fingerprint, rechecked: Rechecked, written: Written) -> tuple[ProposalState, AuditWhat, str]:
    if fingerprint in rechecked.blocked:
        return ProposalState.PROPOSED, AuditWhat.REOPENED, rechecked.blocked[fingerprint]
    if rechecked.is_stale(fingerprint):
        return ProposalState.STALE, AuditWhat.STALE, _STALE
    return ProposalState.FAILED, AuditWhat.FAILED, written.failure


def _note(
    stored: StoredProposal,
    rechecked: Rechecked,
    written: Written,
    accepted: Collection[Fingerprint],
    outcomes: Outcomes,
) -> None:
    """Say what became of one row."""
    row_id, fingerprint = stored.proposal_id, stored.fingerprint
    if fingerprint in rechecked.blocked:
        outcomes.held_back.append(RowOutcome(row_id, rechecked.blocked[fingerprint]))
    elif rechecked.is_stale(fingerprint):
        outcomes.stale.append(RowOutcome(row_id, _STALE))
    elif fingerprint in accepted:
        outcomes.applied.append(RowOutcome(row_id, "Accepted as the same money; nothing was written."))
    elif written.state_of(fingerprint) is IntentState.WRITTEN:
        outcomes.applied.append(RowOutcome(row_id, written.not_noted or "Applied to Case Manager."))
    else:
        outcomes.failed.append(RowOutcome(row_id, written.failure or _NOT_KEPT))
