"""The parts of a unit of work in memory, one for each port."""

import hashlib
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, TypeVar

from cmxero_desktop.domain.belonging import KnownDatabase
from cmxero_desktop.domain.copying import CopyTime
from cmxero_desktop.domain.desk_notes import DeskNote
from cmxero_desktop.domain.doubts import Doubts
from cmxero_desktop.domain.errors import NotAllowedError, StoreError
from cmxero_desktop.domain.identifiers import CasePaymentId, Fingerprint, ProposalId, XeroInvoiceId, XeroPaymentId
from cmxero_desktop.domain.memory import AcceptedSet, EndedPair, Explanation, NumberSaid, RememberedPair
from cmxero_desktop.domain.office import Office
from cmxero_desktop.domain.other_writer import ForeignCopy
from cmxero_desktop.domain.proposals import OPEN_STATES, ProposalState
from cmxero_desktop.domain.records import Account, UnreadableRow, XeroInvoice, XeroPayment
from cmxero_desktop.domain.refunds import is_refund
from cmxero_desktop.domain.scope import folded
from cmxero_desktop.domain.sor.alerts import SorAlert
from cmxero_desktop.domain.sor.board import ClearingBalance
from cmxero_desktop.domain.sor.notices import NoticeWay, SorNotice
from cmxero_desktop.domain.sor.schedules import SorSchedule
from cmxero_desktop.domain.xero_history import ToldHistory
from cmxero_desktop.services.records.alerts import Alert
from cmxero_desktop.services.records.audit import AuditEntry, AuditEvent
from cmxero_desktop.services.records.decisions import StoredProposal
from cmxero_desktop.services.records.epochs import StoreEpoch
from cmxero_desktop.services.records.intents import Intent, IntentState
from cmxero_desktop.services.records.mail import MailSent
from cmxero_desktop.services.records.readings import CaseMarks
from cmxero_desktop.services.records.rested import LeftChanges, LeftComparison, LeftHead
from cmxero_desktop.services.records.results import InvoiceResult, TrackedInvoice
from cmxero_desktop.services.records.runs import (
    LONGEST_LEASE,
    LONGEST_WRITING,
    Allowance,
    Cursors,
    LastComparison,
    Lease,
    PinnedOrganisation,
    PollRun,
    PollState,
    SignInAge,
)
from cmxero_desktop.services.records.totals import FirmTotals

if TYPE_CHECKING:
    from tests.services.fake_store import MemoryUnit

GENESIS = "0" * 64
_NO_TIME = datetime(1, 1, 1, tzinfo=UTC)


class Part:
    """One part over the rows of its unit."""

    def __init__(self, unit: "MemoryUnit") -> None:
        self._unit = unit

    def _mark_changed(self) -> None:
        versions = self._unit.writable.versions
        versions["facts"] = versions.get("facts", 0) + 1


class Facts(Part):
    """Payments and invoices: the newest fact wins, and only content counts as a change."""

    def save_payments(self, payments: Iterable[XeroPayment], answered_at: datetime | None = None) -> int:
        before, rows = dict(self._unit.writable.payments), self._unit.writable
        current: dict[str, None] = {}
        firsts = {key: stored.entered_at for key, stored in before.items()}
        facts = sorted(payments, key=lambda p: (p.updated_at, not p.is_live))
        for payment in facts:
            key = payment.payment_id.lower()
            stored = rows.payments.get(key)
            first = firsts.setdefault(key, payment.entered_at)
            if stored is None or not self._is_older(key, payment, stored, answered_at):
                rows.payments[key] = replace(payment, first_updated_at=first if first != payment.updated_at else None)
                current[key] = None
        written = [key for key in current if rows.payments[key] != before.get(key)]
        rows.answered.update(dict.fromkeys(written, answered_at))
        if Gaps(self._unit).closed(current) or written:
            self._mark_changed()
        return sum(key not in before or _content(rows.payments[key]) != _content(before[key]) for key in written)

    def _is_older(
        self, key: str, fact: XeroPayment | XeroInvoice, stored: XeroPayment | XeroInvoice, answered_at: datetime | None
    ) -> bool:
        """Order by Xero's change, then by its answer; of answers of one instant a deletion is the last word."""
        if fact.updated_at != stored.updated_at:
            return fact.updated_at < stored.updated_at
        known = self._unit.rows.answered.get(key)
        if answered_at is not None and known is not None and answered_at != known:
            return answered_at < known
        if isinstance(fact, XeroPayment) and isinstance(stored, XeroPayment):
            return fact.is_live and not stored.is_live
        return False

    def payments_by_id(self, payment_ids: Collection[XeroPaymentId]) -> Mapping[XeroPaymentId, XeroPayment]:
        found = self._unit.rows.payments
        return {i: self._with_account(found[i.lower()]) for i in payment_ids if i.lower() in found}

    def payments_of_tracked(
        self, among: Collection[XeroInvoiceId] | None = None
    ) -> Mapping[XeroInvoiceId, tuple[XeroPayment, ...]]:
        found: dict[XeroInvoiceId, tuple[XeroPayment, ...]] = {}
        for _, payment in sorted(self._unit.rows.payments.items()):
            if payment.invoice_id in self.tracked(among):
                found[payment.invoice_id] = (*found.get(payment.invoice_id, ()), self._with_account(payment))
        return found

    def payments_stored(self) -> int:
        return len(self._unit.rows.payments)

    def refunds(self) -> tuple[XeroPayment, ...]:
        found = (payment for _, payment in sorted(self._unit.rows.payments.items()))
        return tuple(self._with_account(p) for p in found if is_refund(p))

    def save_accounts(self, accounts: Iterable[Account]) -> None:
        before, rows = dict(self._unit.writable.accounts), self._unit.writable
        rows.accounts.update({a.account_id.lower(): a for a in accounts})
        if rows.accounts != before:
            self._mark_changed()

    def accounts(self) -> Mapping[str, Account]:
        return dict(self._unit.rows.accounts)

    def accounts_paid_to(self) -> frozenset[str]:
        stored = self.payments_of_tracked().values()
        return frozenset(p.account_id.lower() for payments in stored for p in payments if p.account_id)

    def _with_account(self, payment: XeroPayment) -> XeroPayment:
        account = self._unit.rows.accounts.get(payment.account_id.lower(), Account(account_id=""))
        return replace(
            payment,
            account_name=payment.account_name or account.name,
            account_code=payment.account_code or account.code,
            account_type=account.account_type,
        )

    def save_invoices(self, invoices: Iterable[XeroInvoice], answered_at: datetime | None = None) -> int:
        before, rows = dict(self._unit.writable.invoices), self._unit.writable
        for invoice in invoices:
            stored = rows.invoices.get(invoice.invoice_id)
            if stored is None or not self._is_older(invoice.invoice_id, invoice, stored, answered_at):
                rows.invoices[invoice.invoice_id] = invoice
                self._unit.gaps.closed_invoices({invoice.invoice_id.lower()})
        written = [key for key, invoice in rows.invoices.items() if invoice != before.get(key)]
        rows.answered.update(dict.fromkeys(written, answered_at))
        if written:
            self._mark_changed()
        return sum(
            key not in before or replace(rows.invoices[key], updated_at=before[key].updated_at) != before[key]
            for key in written
        )

    def invoices_of_tracked(
        self, among: Collection[XeroInvoiceId] | None = None
    ) -> Mapping[XeroInvoiceId, XeroInvoice]:
        return {key: invoice for key, invoice in self._unit.rows.invoices.items() if key in self.tracked(among)}

    def track(self, invoices: Iterable[TrackedInvoice]) -> None:
        known = self._unit.writable.tracked
        new = {i.xero_invoice_id: i for i in invoices if i.xero_invoice_id not in known}
        known.update(new)
        if new:
            self._mark_changed()

    def tracked(self, among: Collection[XeroInvoiceId] | None = None) -> Mapping[XeroInvoiceId, TrackedInvoice]:
        return {key: one for key, one in self._unit.rows.tracked.items() if among is None or key in among}

    def tracked_among(self, invoice_ids: Collection[XeroInvoiceId]) -> frozenset[XeroInvoiceId]:
        return frozenset(self.tracked(invoice_ids))


class Gaps(Part):
    """Unreadable rows by id or place, and unknown ids in lower case."""

    def save_unreadable(self, rows: Iterable[UnreadableRow]) -> None:
        known = self._unit.writable.unreadable
        new = {_row_key(row): row for row in rows}
        if any(known.get(key) != row for key, row in new.items()):
            self._mark_changed()
        known.update(new)
        for key in {row.xero_payment_id.lower() for row in new.values() if row.xero_payment_id}:
            if self._unit.writable.unknown_ids.pop(XeroPaymentId(key), self) is None:
                self._mark_changed()

    def unreadable(self) -> tuple[UnreadableRow, ...]:
        rows = self._unit.rows
        known = (row for _, row in sorted(rows.unreadable.items()))
        return tuple(row for row in known if (row.xero_payment_id or "").lower() not in rows.unknown_ids)

    def forget(self, ids: Collection[str]) -> None:
        keys = {i.lower() for i in ids}
        rows = self._unit.writable.unreadable
        self._forget_rows([k for k in rows if k[0] in {"payment", "invoice"} and k[1] in keys])

    def forget_places(self, kept: Collection[str], *, of_invoices: bool) -> None:
        kind = "place of an invoice" if of_invoices else "place"
        self._forget_rows([k for k in self._unit.rows.unreadable if k[0] == kind and k[1] not in kept])

    def closed_invoices(self, keys: Collection[str]) -> None:
        """Forget that invoices were unreadable or unknown."""
        unreadable, unknown = self._unit.writable.unreadable, self._unit.writable.unknown_ids
        for key in [key for key in unknown if key in keys]:
            del unknown[key]
            self._mark_changed()
        self._forget_rows([k for k in unreadable if k[0] == "invoice" and k[1] in keys])

    def save_unknown(self, ids: Iterable[str]) -> None:
        known = self._unit.writable.unknown_ids
        new = {XeroPaymentId(i.lower()) for i in ids} - known.keys()
        known.update(dict.fromkeys(new))
        if new:
            self._mark_changed()

    def unknown_ids(self) -> frozenset[XeroPaymentId]:
        return frozenset(self._unit.rows.unknown_ids)

    def closed(self, keys: Collection[str]) -> bool:
        """Forget that payments were unreadable or unknown; say whether any was."""
        rows = self._unit.writable
        unknown = [key for key in rows.unknown_ids if key in keys]
        for key in unknown:
            del rows.unknown_ids[key]
        return self._forget_rows([k for k in rows.unreadable if k[0] == "payment" and k[1] in keys]) or bool(unknown)

    def _forget_rows(self, gone: Collection[tuple[str, str]]) -> bool:
        for key in gone:
            del self._unit.writable.unreadable[key]
        if gone:
            self._mark_changed()
        return bool(gone)


class Results(Part):
    """The last correlation of each invoice; `as_of` is when it first said so."""

    def save(self, results: Iterable[InvoiceResult], *, replace_all: bool) -> None:
        known = self._unit.writable.results
        new = {result.snapshot.number: result for result in results}
        for number in [number for number in known if replace_all and number not in new]:
            del known[number]
        for number, result in new.items():
            if number not in known or known[number] != result:
                known[number] = result

    def forget(self, numbers: Collection[str]) -> None:
        for number in numbers:
            self._unit.writable.results.pop(number, None)

    def latest(self, numbers: Collection[str] | None = None) -> tuple[InvoiceResult, ...]:
        found = self._unit.rows.results
        return tuple(found[number] for number in sorted(found) if numbers is None or number in numbers)

    def shown(self) -> tuple[InvoiceResult, ...]:
        return self.latest()

    def count(self) -> int:
        return len(self._unit.rows.results)


class Pairs(Part):
    """Known copies and foreign ones."""

    def copies(self) -> frozenset[CasePaymentId]:
        return frozenset(self._unit.rows.copies)

    def copies_among(self, payment_ids: Collection[CasePaymentId]) -> frozenset[CasePaymentId]:
        return self.copies() & frozenset(payment_ids)

    def add_copies(self, payment_ids: Iterable[CasePaymentId]) -> None:
        self._unit.writable.copies.update(dict.fromkeys(payment_ids))

    def forget_copies(self, payment_ids: Iterable[CasePaymentId]) -> None:
        for payment_id in payment_ids:
            self._unit.writable.copies.pop(payment_id, None)

    def foreign(self) -> tuple[ForeignCopy, ...]:
        return tuple(sorted(self._unit.rows.foreign.values(), key=lambda copy: copy.case_id))

    def add_foreign(self, copies: Iterable[ForeignCopy]) -> None:
        for copy in copies:
            self._unit.writable.foreign.setdefault(copy.case_id, copy)

    def forget_foreign(self, payment_ids: Iterable[CasePaymentId]) -> None:
        for payment_id in payment_ids:
            self._unit.writable.foreign.pop(payment_id, None)

    def copy_times(self) -> Mapping[XeroPaymentId, CopyTime]:
        return dict(self._unit.rows.copy_times)

    def save_copy_times(self, times: Iterable[CopyTime]) -> None:
        self._unit.writable.copy_times.update({folded(time.xero_id): time for time in times})

    def forget_copy_times(self, payment_ids: Iterable[XeroPaymentId]) -> None:
        for payment_id in payment_ids:
            self._unit.writable.copy_times.pop(payment_id, None)


class Memory(Part):
    """Pairs, parted pairs, accepted sets and explanations; what has ended is kept apart."""

    def pairs(self, among: Collection[str] | None = None) -> tuple[RememberedPair, ...]:
        return tuple(p for p in self._unit.rows.pairs.values() if among is None or p.invoice_number in among)

    def keep(self, pairs: Iterable[RememberedPair]) -> None:
        born = self._unit.kept[-1][0].number + 1 if self._unit.kept else 1
        for pair in pairs:
            known = self._unit.writable.pairs.get(_pair_key(pair))
            self._unit.writable.pairs[_pair_key(pair)] = replace(pair, born=known.born if known else born)

    def end(self, pairs: Iterable[RememberedPair], at: datetime, why: str) -> None:
        rows = self._unit.writable
        for pair in pairs:
            gone = rows.pairs.pop(_pair_key(pair), None)
            if gone is not None:
                rows.ended_pairs[len(rows.ended_pairs)] = EndedPair(pair=gone, at=at, why=why)

    def ended(self) -> tuple[EndedPair, ...]:
        return tuple(sorted(self._unit.rows.ended_pairs.values(), key=lambda ended: ended.at))

    def baseline(self) -> frozenset[XeroPaymentId]:
        pairs = (*self._unit.rows.pairs.values(), *(ended.pair for ended in self._unit.rows.ended_pairs.values()))
        return frozenset(folded(pair.xero_id) for pair in pairs if pair.is_baseline)

    def part(self, xero_id: XeroPaymentId, case_id: CasePaymentId) -> None:
        self._unit.writable.parted[folded(xero_id), case_id] = None

    def apart(self) -> frozenset[tuple[XeroPaymentId, CasePaymentId]]:
        return frozenset(self._unit.rows.parted)

    def accept(self, number: str, accepted: AcceptedSet) -> None:
        self.reopen(accepted)
        self._unit.writable.accepted[accepted.members] = (number, accepted)

    def reopen(self, accepted: AcceptedSet) -> None:
        self._unit.writable.accepted.pop(accepted.members, None)

    def accepted(self) -> Mapping[str, tuple[AcceptedSet, ...]]:
        return _by_number(self._unit.rows.accepted.values())

    def explain(self, number: str, explanation: Explanation) -> None:
        self.forget_explanation(explanation.case_id)
        self._unit.writable.explained[explanation.case_id] = (number, explanation)

    def forget_explanation(self, case_id: CasePaymentId) -> None:
        self._unit.writable.explained.pop(case_id, None)

    def explained(self) -> Mapping[str, tuple[Explanation, ...]]:
        return _by_number(self._unit.rows.explained.values())

    def say_number(self, said: NumberSaid) -> None:
        self._unit.writable.numbers_said[said.xero_invoice_id] = said

    def numbers_said(self) -> Mapping[XeroInvoiceId, NumberSaid]:
        return dict(self._unit.rows.numbers_said)


class Notes(Part):
    """Notes on payments; what has ended is kept apart."""

    def standing(self) -> tuple[DeskNote, ...]:
        return tuple(self._unit.rows.notes[place] for place in sorted(self._unit.rows.notes))

    def keep(self, note: DeskNote) -> None:
        rows = self._unit.writable
        place = 1 + len(rows.notes) + len(rows.ended_notes)
        rows.notes[place] = replace(note, place=place)

    def renew(self, note: DeskNote) -> None:
        self._unit.writable.notes[note.place] = note

    def end(self, notes: Iterable[DeskNote]) -> None:
        for note in notes:
            self._unit.writable.ended_notes[note.place] = self._unit.writable.notes.pop(note.place, note)


_Said = TypeVar("_Said")


def _by_number(said: Iterable[tuple[str, _Said]]) -> dict[str, tuple[_Said, ...]]:
    found: dict[str, tuple[_Said, ...]] = {}
    for number, each in said:
        found[number] = (*found.get(number, ()), each)
    return found


def _pair_key(pair: RememberedPair) -> tuple[XeroPaymentId, CasePaymentId]:
    return folded(pair.xero_id), pair.case_id


class Proposals(Part):
    """Proposals, which move only from the state that was seen."""

    def add(self, proposals: Iterable[StoredProposal]) -> None:
        for stored in proposals:
            if stored.fingerprint in self._unit.writable.proposals:
                raise self._unit.refused(f"holds {stored.fingerprint} already")
            self._unit.writable.proposals[stored.fingerprint] = replace(stored, deed=self._moment)

    @property
    def _moment(self) -> int:
        return self._unit.kept[-1][0].number + 1 if self._unit.kept else 1

    def update(self, proposals: Iterable[tuple[StoredProposal, ProposalState]]) -> None:
        for stored, expected in proposals:
            now = self._unit.writable.proposals.get(stored.fingerprint)
            name = f"Proposal {stored.proposal_id} of invoice {stored.proposal.invoice_number}"
            if now is None:
                raise NotAllowedError(f"{name} is not in the store.", "Check Xero again, then look at Review.")
            if now.state is not expected:
                message = f"{name} is {now.state.value} by now, no longer {expected.value}: someone else was faster."
                raise NotAllowedError(message, "Look at it again in Review or History before you decide anew.")
            stamped = stored if stored.state is expected else replace(stored, deed=self._moment)
            self._unit.writable.proposals[stored.fingerprint] = stamped

    def count(self, state: ProposalState) -> int:
        return len(self.in_states({state}))

    def of_invoices(self, numbers: Collection[str], states: Collection[ProposalState]) -> tuple[StoredProposal, ...]:
        return tuple(stored for stored in self.in_states(states) if stored.proposal.invoice_number in numbers)

    def in_states(self, states: Collection[ProposalState]) -> tuple[StoredProposal, ...]:
        found = [stored for stored in self._unit.rows.proposals.values() if stored.state in states]
        return tuple(sorted(found, key=lambda s: (s.proposal.invoice_number, s.first_seen_at, s.fingerprint)))

    def of_decisions(
        self, decisions: Collection[Fingerprint], states: Collection[ProposalState]
    ) -> tuple[StoredProposal, ...]:
        return tuple(stored for stored in self.in_states(states) if stored.proposal.decision in decisions)

    def limited(self) -> tuple[StoredProposal, ...]:
        return tuple(stored for stored in self.in_states(OPEN_STATES) if stored.is_limited)

    def by_fingerprint(self, fingerprints: Collection[Fingerprint]) -> Mapping[Fingerprint, StoredProposal]:
        return {key: stored for key, stored in self._unit.rows.proposals.items() if key in fingerprints}

    def by_id(self, proposal_ids: Collection[str]) -> Mapping[str, StoredProposal]:
        found: dict[str, StoredProposal] = {}
        for stored in self._unit.rows.proposals.values():
            if stored.proposal_id in found:
                raise NotAllowedError(f"The name {stored.proposal_id} stands for two proposals.", "Contact support.")
            if stored.proposal_id in proposal_ids:
                found[stored.proposal_id] = stored
        return found


class Intents(Part):
    """Intents, oldest first."""

    def open(self, intents: Iterable[Intent]) -> None:
        for intent in intents:
            if intent.intent_id in self._unit.writable.intents:
                raise self._unit.refused(f"holds {intent.intent_id} already")
            self._unit.writable.intents[intent.intent_id] = intent

    def claim(self, intents: Iterable[Intent]) -> None:
        for intent in intents:
            if self._unit.writable.intents[intent.intent_id].state is not IntentState.PLANNED:
                message = f"What was planned for invoice {intent.invoice_number} was given up by another desktop."
                raise NotAllowedError(message, "Look at it again.")
            self._unit.writable.intents[intent.intent_id] = intent

    def close(self, intents: Iterable[Intent]) -> None:
        for intent in intents:
            if intent.intent_id not in self._unit.writable.intents:
                message = f"The store does not know the write {intent.intent_id} of {intent.invoice_number}."
                raise StoreError(message, "Run `cmxero verify`, and compare the invoice with Xero.")
            self._unit.writable.intents[intent.intent_id] = intent

    def still_open(self) -> tuple[Intent, ...]:
        return tuple(i for i in self._unit.rows.intents.values() if i.state in {IntentState.OPEN, IntentState.PLANNED})

    def by_id(self, intent_ids: Collection[str]) -> Mapping[str, Intent]:
        return {key: intent for key, intent in self._unit.rows.intents.items() if key in intent_ids}

    def every(self) -> Iterable[Intent]:
        return iter(self._unit.rows.intents.values())


class Audit(Part):
    """Entries that are only ever added to, each with a hash over the one before."""

    def append(self, events: Iterable[AuditEvent]) -> None:
        entries = self._unit.writable.audit
        for event in events:
            number, before = len(entries) + 1, entries[len(entries)].entry_hash if entries else GENESIS
            entries[number] = AuditEntry(
                sequence=number, event=event, previous_hash=before, entry_hash=_hash(number, event, before)
            )

    def entries(self, *, newest: int | None = None) -> tuple[AuditEntry, ...]:
        return tuple(reversed(self._unit.rows.audit.values()))[:newest]

    def shown(self) -> tuple[AuditEntry, ...]:
        return self.entries()

    def entry(self, sequence: int) -> AuditEntry | None:
        return self._unit.rows.audit.get(sequence)

    def last_of(
        self, proposal_ids: Collection[str], is_wanted: Callable[[AuditEvent], bool]
    ) -> Mapping[ProposalId, AuditEvent]:
        events = [entry.event for entry in self._unit.rows.audit.values()]
        return {e.proposal_id: e for e in events if e.proposal_id in proposal_ids and is_wanted(e) and e.proposal_id}

    def first_broken(self) -> int | None:
        before = GENESIS
        for number, entry in self._unit.rows.audit.items():
            if entry.previous_hash != before or entry.entry_hash != _hash(number, entry.event, before):
                return number
            before = entry.entry_hash
        return None


class Polling(Part):
    """Runs, requests, and where polling stands."""

    def save_run(self, run: PollRun) -> None:
        self._unit.writable.runs[run.run_id] = run

    def runs(self, newest: int) -> tuple[PollRun, ...]:
        return tuple(reversed(self._unit.rows.runs.values()))[:newest]

    def state(self) -> PollState:
        return PollState(**self._unit.rows.states)

    def save_organisation(self, organisation: PinnedOrganisation) -> None:
        self._unit.writable.states["organisation"] = organisation

    def save_database(self, database: KnownDatabase) -> None:
        self._unit.writable.states["database"] = database

    def save_epoch(self, epoch: StoreEpoch) -> None:
        self._unit.writable.states["epoch"] = epoch

    def save_cursors(self, cursors: Cursors) -> None:
        self._unit.writable.states["cursors"] = cursors

    def save_comparison(self, comparison: LastComparison) -> None:
        self._unit.writable.states["comparison"] = comparison

    def save_allowance(self, allowance: Allowance) -> None:
        self._unit.writable.states["allowance"] = allowance

    def save_sign_in(self, sign_in: SignInAge) -> None:
        self._unit.writable.states["sign_in"] = sign_in

    def save_totals(self, totals: FirmTotals) -> None:
        self._unit.writable.states["totals"] = totals

    def save_doubts(self, doubts: Doubts) -> None:
        self._unit.writable.states["doubts"] = doubts

    def save_office(self, office: Office | None) -> None:
        self._unit.writable.states["office"] = office

    def count_requests(self, on: date, made: int) -> None:
        self._unit.writable.requests[on] = self.requests_on(on) + made

    def requests_on(self, on: date) -> int:
        return self._unit.rows.requests.get(on, 0)


class Sharing(Part):
    """The lease, by the store's own time, and the version of everything."""

    def take_lease(self, holder: str, label: str, hold_for: timedelta) -> Lease:
        standing = self.lease()
        if standing is not None and standing.holder != holder:
            return standing
        last = self._unit.rows.leases.get("polling")
        number = 1 if last is None else last.number + (last.holder != holder)
        taken = Lease(holder=holder, label=label, until=self._unit.now + hold_for, number=number)
        self._unit.writable.leases["polling"] = taken
        return taken

    def lease(self) -> Lease | None:
        lease = self._unit.rows.leases.get("polling")
        now = self._unit.now
        return lease if lease is not None and now < lease.until <= now + LONGEST_LEASE else None

    def is_last_lease(self, number: int) -> bool:
        last = self._unit.rows.leases.get("polling")
        return last is not None and last.number == number

    def begin_writing(self, holder: str, hold_for: timedelta) -> int:
        number = len(self._unit.rows.writers) + 1
        self._unit.writable.writers[number] = (holder, self._unit.now + hold_for)
        return number

    def go_on_writing(self, number: int, hold_for: timedelta) -> bool:
        holder, until = self._unit.rows.writers.get(number, ("", None))
        if until is None:
            return False
        self._unit.writable.writers[number] = (holder, self._unit.now + hold_for)
        return True

    def end_writing(self, numbers: Collection[int]) -> None:
        writers = self._unit.writable.writers
        writers.update({number: (writers[number][0], None) for number in numbers if number in writers})

    def writing_elsewhere(self, holder: str) -> frozenset[int]:
        writers, now = self._unit.rows.writers, self._unit.now
        others = {n: until for n, (other, until) in writers.items() if other != holder and until is not None}
        return frozenset(n for n, until in others.items() if now < until <= now + LONGEST_WRITING)

    def version(self) -> str:
        return f"{self._unit.rows.versions.get('facts', 0)}:{len(self._unit.rows.audit)}"


class Left(Part):
    """What the last comparison left."""

    def head(self) -> LeftHead | None:
        return self._unit.rows.left_head.get("head")

    def read(self, head: LeftHead) -> LeftComparison:
        marks = self._unit.rows.left_marks
        return LeftComparison(
            head=head,
            invoices=dict(self._unit.rows.left_invoices),
            marks=CaseMarks(
                by_key={key: bytes.fromhex(mark) for key, (mark, _) in marks.items()},
                numbers={key: number for key, (_, number) in marks.items()},
            ),
        )

    def save(self, head: LeftHead, changes: LeftChanges) -> None:
        rows = self._unit.writable
        if changes.is_all:
            rows.left_invoices.clear()
            rows.left_marks.clear()
        rows.left_invoices.update(changes.invoices)
        for key, seen in changes.marks.items():
            rows.left_marks.pop(key, None)
            rows.left_marks.update({key: seen} if seen is not None else {})
        rows.left_head["head"] = head


class Alerts(Part):
    """Alerts by key, which keep the time when they were first raised."""

    def raise_new(self, alerts: Iterable[Alert]) -> tuple[Alert, ...]:
        known = self._unit.writable.alerts
        raised = {alert.key: alert for alert in alerts}
        new = tuple(alert for key, alert in raised.items() if key not in known)
        for key, alert in raised.items():
            known[key] = replace(alert, raised_at=known[key].raised_at) if key in known else alert
        return new

    def clear(self, keys: Iterable[str]) -> None:
        for key in keys:
            self._unit.writable.alerts.pop(key, None)

    def standing(self) -> tuple[Alert, ...]:
        return tuple(self._unit.rows.alerts.values())


def _content(payment: XeroPayment) -> XeroPayment:
    timeless = replace(payment, updated_at=_NO_TIME, first_updated_at=None)
    return replace(timeless, payment_id=XeroPaymentId(""), is_bank_reconciled=False)


def _row_key(row: UnreadableRow) -> tuple[str, str]:
    if row.xero_payment_id:
        return ("payment", row.xero_payment_id.lower())
    if row.is_invoice:
        return ("invoice", row.xero_invoice_id.lower()) if row.xero_invoice_id else ("place of an invoice", row.place)
    return ("place", row.place)


def _hash(number: int, event: AuditEvent, before: str) -> str:
    return hashlib.sha256(repr((number, event, before)).encode()).hexdigest()


class Sor(Part):
    """Schedules, alerts and notices of the SOR watch."""

    def schedules(self) -> tuple[SorSchedule, ...]:
        return tuple(self._unit.rows.sor_schedules.values())

    def save_schedules(self, schedules: Iterable[SorSchedule]) -> None:
        self._unit.writable.sor_schedules.update({each.schedule_id: each for each in schedules})

    def forget_schedules(self, schedule_ids: Collection[str]) -> None:
        for each in schedule_ids:
            self._unit.writable.sor_schedules.pop(each, None)

    def alerts(self) -> tuple[SorAlert, ...]:
        return tuple(self._unit.rows.sor_alerts.values())

    def save_alerts(self, alerts: Iterable[SorAlert]) -> None:
        self._unit.writable.sor_alerts.update({each.key: each for each in alerts})

    def told_history(self, payment_id: XeroPaymentId) -> ToldHistory | None:
        return self._unit.rows.told_histories.get(folded(payment_id))

    def save_told_history(self, told: ToldHistory) -> None:
        self._unit.writable.told_histories[folded(told.payment_id)] = told

    def balance(self) -> ClearingBalance | None:
        return self._unit.rows.sor_balance.get("")

    def save_balance(self, balance: ClearingBalance) -> None:
        self._unit.writable.sor_balance[""] = balance

    def mail_sent(self) -> MailSent | None:
        return self._unit.rows.mails_sent.get("")

    def save_mail_sent(self, sent: MailSent) -> None:
        self._unit.writable.mails_sent[""] = sent

    def post(self, notices: Iterable[SorNotice]) -> None:
        for notice in notices:
            self._unit.writable.sor_notices.setdefault(notice.key, notice)

    def take(
        self, way: NoticeWay, holder: str, now: datetime, until: datetime, is_wanted: Callable[[SorNotice], bool]
    ) -> tuple[SorNotice, ...]:
        rows, found = self._unit.writable, []
        for key, notice in rows.sor_notices.items():
            who, till, said_at = rows.sor_sayings.get((key, way), (holder, now, None))
            is_free = said_at is None and (who == holder or not now < till <= until + (until - now))
            if is_free and is_wanted(notice):
                rows.sor_sayings[key, way] = (holder, until, None)
                found.append(notice)
        return tuple(found)

    def said(self, way: NoticeWay, keys: Collection[str], at: datetime) -> None:
        self._unit.writable.sor_sayings.update({(key, way): ("", at, at) for key in keys})
