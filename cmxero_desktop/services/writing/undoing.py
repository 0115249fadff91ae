"""Take applied changes back by compensating changes, each with its own intent and audit entry (R31)."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from cmxero_desktop.domain.correlation.balance import balance_of, would_overpay
from cmxero_desktop.domain.correlation.matching import is_locked
from cmxero_desktop.domain.decisions import Action, Situation, may
from cmxero_desktop.domain.identifiers import CaseInvoiceId, CasePaymentId, Fingerprint, XeroInvoiceId
from cmxero_desktop.domain.money import Money
from cmxero_desktop.domain.people import Person
from cmxero_desktop.domain.policy import Policy
from cmxero_desktop.domain.proposals import PaymentValues, ProposalKind, ProposalState
from cmxero_desktop.domain.records import CasePayment
from cmxero_desktop.domain.refusals import Refused, Why, refused
from cmxero_desktop.domain.wording import NOT_RESTORED
from cmxero_desktop.services.correlation.correlating import correlate_afterwards
from cmxero_desktop.services.correlation.moment import Moment, current_moment
from cmxero_desktop.services.correlation.situations import demand, office_of, situation_of
from cmxero_desktop.services.correlation.snapshots import read_known
from cmxero_desktop.services.ports.outside import Outside
from cmxero_desktop.services.ports.store import UnitOfWork
from cmxero_desktop.services.records.audit import AuditWhat
from cmxero_desktop.services.records.decisions import StoredProposal
from cmxero_desktop.services.records.epochs import StoreEpoch
from cmxero_desktop.services.records.intents import Intent, IntentPurpose, IntentState
from cmxero_desktop.services.records.readings import CaseInvoiceSide, WriteKind
from cmxero_desktop.services.records.reports import ApplyReport, RowOutcome
from cmxero_desktop.services.records.trail import unbacked_writes
from cmxero_desktop.services.writing.accepting import take_back_accepted
from cmxero_desktop.services.writing.asking_to_undo import proposal_of, too_few_now, wanted_by_all, why_undone
from cmxero_desktop.services.writing.invoice_writer import InvoiceWriter, Sides, why_stopped
from cmxero_desktop.services.writing.joining import lone_halves, together
from cmxero_desktop.services.writing.outcomes import Outcomes
from cmxero_desktop.services.writing.settling import INTERRUPTED, settle_open_intents
from cmxero_desktop.services.writing.watched import UNWATCHED, Watched

_UNDO_KINDS = {
    ProposalKind.ADD: WriteKind.DELETE,
    ProposalKind.LINK: WriteKind.UPDATE,
    ProposalKind.CHANGE: WriteKind.UPDATE,
    ProposalKind.REMOVE: WriteKind.INSERT,
}

_STOPPED = "Somebody stopped it before this was taken back; it stands as it was."


class Undoing:
    """The use case "Undo"."""

    def __init__(self, outside: Outside, *, watched: Watched = UNWATCHED) -> None:
        """Keep the ports."""
        self._outside = outside
        self._writer = InvoiceWriter(outside)
        self._watched = watched

    def undo(self, ids: Sequence[str], *, by: str, reason: str) -> ApplyReport:
        """Undo applied proposals by id, or by the number of a history entry (`h-12`); every row gets an outcome.

        Where two persons have to want it, the first one's wish is kept, and the second one's undoes it.

        Raises NotAllowedError without a reason or in observe mode, CaseManagerError where nothing can be read.
        """
        self._watched.tell("Reading Case Manager again")
        try:
            return self._undo(ids, by, reason)
        finally:
            self._watched.tell("")

    def _undo(self, ids: Sequence[str], by: str, reason: str) -> ApplyReport:
        with self._outside.store.read() as unit:
            demand(Action.UNDO, by, self._situation(unit), reason=reason)
        outcomes = Outcomes(self._outside.new_id())
        settle_open_intents(self._outside, why=INTERRUPTED)
        applied = wanted_by_all(self._outside, self._undoable(ids, by, outcomes), by, reason, outcomes)
        if not applied:
            return outcomes.report()
        moment, begun = current_moment(self._outside), 0
        for group in together(applied):
            if self._watched.is_stopped():
                outcomes.failed += [RowOutcome(stored.proposal_id, _STOPPED) for stored in group]
                continue
            self._watched.tell(f"Taking back {begun + 1} of {len(applied)}, {group[0].proposal.invoice_number}")
            begun += len(group)
            self._undo_together(group, by, reason, moment, outcomes)
        correlate_afterwards(self._outside, moment, {stored.proposal.invoice_number for stored in applied})
        return outcomes.report()

    def _situation(self, unit: UnitOfWork) -> Situation:
        return situation_of(unit, self._outside.settings_file.load(), self._outside.clock())

    def _undoable(self, ids: Sequence[str], by: str, outcomes: Outcomes) -> list[StoredProposal]:
        """Return the applied proposals, of a move both halves; say of every other id why it cannot be undone."""
        chosen: dict[Fingerprint, StoredProposal] = {}
        with self._outside.store.read() as unit:
            names = {row_id: proposal_of(unit, row_id) for row_id in dict.fromkeys(ids)}
            found = unit.proposals.by_id([name for name in names.values() if name])
            now = self._situation(unit)
        for row_id, name in names.items():
            stored = found.get(name)
            if stored is None:
                outcomes.failed.append(RowOutcome(row_id, f"Nothing that was applied has the id {row_id}."))
                continue
            (answer,) = may(Action.UNDO, [stored], Person(by), now).rows
            if isinstance(answer, Refused):
                outcomes.failed.append(RowOutcome(row_id, str(answer)))
            else:
                chosen[stored.fingerprint] = stored
        return self._with_other_halves(chosen)

    def _with_other_halves(self, chosen: dict[Fingerprint, StoredProposal]) -> list[StoredProposal]:
        """Add the other half of each move: alone, either half would leave the money on two invoices or on none."""
        moves = {(stored.proposal.move_id, stored.batch_id) for stored in chosen.values() if stored.proposal.move_id}
        if moves:
            with self._outside.store.read() as unit:
                applied = unit.proposals.in_states({ProposalState.APPLIED})
            chosen |= {s.fingerprint: s for s in applied if (s.proposal.move_id, s.batch_id) in moves}
        return list(chosen.values())

    def _undo_together(
        self, group: Sequence[StoredProposal], by: str, reason: str, moment: Moment, outcomes: Outcomes
    ) -> None:
        """Take back what was written on one invoice, or by one move, in one Case Manager transaction."""
        refused: dict[Fingerprint, str] = {}
        to_write = [stored for stored in group if stored.proposal.kind is not ProposalKind.ACCEPT]

        def plan(sides: Sides) -> Sequence[Intent]:
            refused.update(self._not_to_undo(group, by))
            intents = self._planned(to_write, sides, by, reason, moment, outcomes.batch_id, refused)
            halves = lone_halves([stored for stored in to_write if stored.fingerprint not in refused])
            refused.update(halves)
            return [intent for intent in intents if intent.fingerprint not in refused]

        invoice_ids = {stored.proposal.case_invoice_id for stored in group}
        written = self._writer.write(invoice_ids, moment.policy.currency, plan, what=AuditWhat.UNDONE)
        accepts = [s for s in group if s.proposal.kind is ProposalKind.ACCEPT and s.fingerprint not in refused]
        self._take_back_accepted(accepts, by, reason, outcomes)
        taken_back = {stored.fingerprint for stored in accepts}
        for stored in group:
            if stored.fingerprint in taken_back:
                continue
            if stored.fingerprint in refused:
                outcomes.failed.append(RowOutcome(stored.proposal_id, refused[stored.fingerprint]))
            elif written.state_of(stored.fingerprint) is IntentState.WRITTEN:
                outcomes.applied.append(RowOutcome(stored.proposal_id, written.not_noted or _done(stored)))
            else:
                outcomes.failed.append(RowOutcome(stored.proposal_id, written.failure))

    def _planned(
        self,
        group: Sequence[StoredProposal],
        sides: Sides,
        by: str,
        reason: str,
        moment: Moment,
        batch_id: str,
        refused: dict[Fingerprint, str],
    ) -> list[Intent]:
        """Return what to write, what lowers a payment first; say in `refused` of every other one why not."""
        homes = {key: _Home(side, moment.policy) for key, side in sides.items() if side is not None}
        numbers = self._numbers_of(group, moment)
        planned: dict[CaseInvoiceId, list[Intent]] = defaultdict(list)
        with self._outside.store.read() as unit:
            office = office_of(unit.polling.state(), self._outside.settings_file.load())
        for stored in sorted(group, key=lambda p: (_raises(p), p.proposal_id)):
            home = homes.get(stored.proposal.case_invoice_id)
            why = refused.get(stored.fingerprint) or (
                home.why_not(stored, numbers[stored.proposal.xero_invoice_id])
                if home
                else "The invoice is not in Case Manager any more."
            )
            if why or home is None:
                refused[stored.fingerprint] = why
                continue
            intent = self._intent(stored, by, why_undone(stored, by, reason, office, self._outside.holder), batch_id)
            home.free(intent)
            planned[intent.case_invoice_id].append(intent)
        return [intent for intents in planned.values() for intent in intents]

    def _take_back_accepted(
        self,
        accepts: Sequence[StoredProposal],
        by: str,
        reason: str,
        outcomes: Outcomes,
    ) -> None:
        """End what was accepted; nothing was ever written for it."""
        for stored in accepts:
            try:
                with self._outside.store.begin() as unit:
                    take_back_accepted(unit, stored, by=by, at=self._outside.clock(), reason=reason)
                    unit.commit()
            except Exception as error:  # noqa: BLE001 - some may be written: that is reported, whatever happens here
                outcomes.failed.append(RowOutcome(stored.proposal_id, why_stopped(error)))
            else:
                outcomes.applied.append(RowOutcome(stored.proposal_id, "Undone: it is not the same money any more."))

    def _numbers_of(self, group: Sequence[StoredProposal], moment: Moment) -> Mapping[XeroInvoiceId, frozenset[str]]:
        """Return Case Manager's numbers that each invoice of Xero's may have by now."""
        prefix = moment.policy.invoice_prefix
        ids = {stored.proposal.xero_invoice_id for stored in group}
        with self._outside.store.read() as unit:
            known = read_known(unit, prefix, moment.today, among=ids)
        found: dict[XeroInvoiceId, frozenset[str]] = dict.fromkeys(ids, frozenset())
        for xero in known.sides.values():
            for invoice in xero.invoices:
                found[invoice.xero_invoice_id] = frozenset(known.numbers_of(xero, invoice, prefix))
        return found

    def _not_to_undo(self, group: Sequence[StoredProposal], by: str) -> dict[Fingerprint, str]:
        """Return those that may not be undone any more, by what our store says now that their invoices are locked.

        Another desk may have undone them meanwhile, or be undoing them: a removal put back twice is doubled.
        """
        with self._outside.store.read() as unit:
            present = tuple(unit.proposals.by_fingerprint([stored.fingerprint for stored in group]).values())
            now = self._situation(unit)
            answer = may(Action.UNDO, present, Person(by), now)
            unwanted = too_few_now(present, Person(by), now.office)
            altered = unbacked_writes(unit.audit.last_of, present)
            lacking = _undone_in_what_is_missing(present, unit.polling.state().epoch)
        return {fingerprint: str(why) for fingerprint, why in {**unwanted, **altered, **lacking}.items()} | {
            stored.fingerprint: f"{refusal.reason} Someone else was faster."
            for stored, refusal in zip(present, answer.rows, strict=True)
            if isinstance(refusal, Refused)
        }

    def _intent(self, stored: StoredProposal, by: str, reason: str, batch_id: str) -> Intent:
        proposal = stored.proposal
        is_insert = proposal.kind is ProposalKind.REMOVE
        return Intent(
            intent_id=self._outside.new_id(),
            purpose=IntentPurpose.UNDO,
            fingerprint=stored.fingerprint,
            invoice_number=proposal.invoice_number,
            case_invoice_id=proposal.case_invoice_id,
            kind=_UNDO_KINDS[proposal.kind],
            payment_id=None if is_insert else _written_id(stored),
            before=proposal.after,
            after=proposal.before,
            xero_payment_id=proposal.xero_payment_id,
            by=by,
            reason=reason,
            batch_id=batch_id,
        )


def _undone_in_what_is_missing(applied: Sequence[StoredProposal], epoch: StoreEpoch) -> dict[Fingerprint, Refused]:
    """Return the removals of a life of the store that ended: put back twice, the money would be doubled (R35)."""
    return {
        stored.fingerprint: refused(Why.STORE_LACKS)
        for stored in applied
        if stored.proposal.kind is ProposalKind.REMOVE and stored.deed <= epoch.after_deed and epoch.why
    }


def _written_id(stored: StoredProposal) -> CasePaymentId | None:
    copy = stored.proposal.case
    return stored.result_id or (copy.payment_id if copy else None)


def _raises(stored: StoredProposal) -> int:
    """Sort what lowers the invoice's payments before what raises them."""
    return -stored.proposal.effect.minor


class _Home:
    """A locked invoice as an undo finds it, and how much of its balance what is planned so far leaves."""

    def __init__(self, side: CaseInvoiceSide, policy: Policy) -> None:
        """Arrange its payments by their keys."""
        self._number, self._policy = side.invoice.number, policy
        self._payments = {payment.payment_id: payment for payment in side.payments}
        self._balance = balance_of(side.invoice, side.payments)

    def why_not(self, stored: StoredProposal, numbers: Collection[str]) -> str:
        """Say why an applied change cannot be taken back, or nothing; `numbers` are those that its invoice may have.

        An invoice of Xero's that got another number, or of which a person said another one since, is still that one;
        where the key belongs to an invoice with another number by now, no money may go there.
        """
        proposal = stored.proposal
        if self._number not in {*numbers, proposal.invoice_number.removeprefix(self._policy.invoice_prefix)}:
            return f"The invoice is number {self._number} in Case Manager by now."
        if proposal.kind is not ProposalKind.REMOVE:
            key = _written_id(stored)
            present = self._payments.get(key) if key is not None else None
            if why := _why_not_touch(present, proposal.after, self._policy):
                return why
        if would_overpay(self._balance, -proposal.effect, self._policy.total_tolerance):
            return "Putting it back would overpay the invoice."
        return ""

    def free(self, intent: Intent) -> None:
        """Count that an intent will be written."""
        self._balance += Money.from_minor(_lowered(intent), self._balance.currency)


def _why_not_touch(present: CasePayment | None, expected: PaymentValues | None, policy: Policy) -> str:
    if present is None:
        return "The payment was removed from Case Manager since."
    if is_locked(present, policy):
        journal = f" ({present.journal_number})" if present.journal_number else ""
        return f"It was journalled since{journal}; correct it in Case Manager with a refund or adjustment."
    if present.is_multi_invoice:
        return "It is part of a multi-invoice payment by now, which cannot be changed."
    if PaymentValues.of(present) != expected:
        return "It was edited in Case Manager since."
    return ""


def _lowered(intent: Intent) -> int:
    """Return by how many cents an intent of this undo lowers the invoice's payments."""
    return (intent.before.amount.minor if intent.before else 0) - (intent.after.amount.minor if intent.after else 0)


def _done(stored: StoredProposal) -> str:
    if stored.proposal.kind is ProposalKind.REMOVE:
        return f"Undone: the payment was put back under a new number. {NOT_RESTORED}"
    return "Undone."
