"""Drive the rules alone, without any store or server: snapshots of the books in, approved changes into the books."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import cast

from cmxero_desktop.domain.bulk import may_be_in_bulk
from cmxero_desktop.domain.cleanup import clean_up
from cmxero_desktop.domain.correlation.judging import judge
from cmxero_desktop.domain.correlation.judging_memo import Memo
from cmxero_desktop.domain.correlation.stray_payments import StrayPayment
from cmxero_desktop.domain.identifiers import CaseInvoiceId, CasePaymentId, XeroInvoiceId, XeroPaymentId
from cmxero_desktop.domain.memory import (
    AcceptedSet,
    Explained,
    Explanation,
    Member,
    NumberSaid,
    PairedHow,
    RememberedPair,
)
from cmxero_desktop.domain.notes import read_mark
from cmxero_desktop.domain.placements import Bucket, Correlation, MatchedHow, Placement
from cmxero_desktop.domain.policy import Policy
from cmxero_desktop.domain.proposals import Proposal, ProposalKind
from cmxero_desktop.domain.records import (
    CasePayment,
    Decisions,
    InvoiceSnapshot,
    UnreadableRow,
    XeroInvoice,
    XeroPayment,
)
from cmxero_desktop.domain.scope import folded
from cmxero_desktop.domain.sor.schedules import SorSchedule
from cmxero_desktop.services.correlation.claiming import case_sides
from cmxero_desktop.services.correlation.memorising import MemoryOfFirm
from cmxero_desktop.services.correlation.snapshots import named_ids, read_known, snapshot_of
from cmxero_desktop.services.ports.store import UnitOfWork
from cmxero_desktop.services.records.decisions import StoredProposal
from cmxero_desktop.services.records.readings import CaseInvoiceSide, CaseReading
from cmxero_desktop.services.records.results import TrackedInvoice
from cmxero_desktop.services.records.runs import PollState
from tests.truth.books import PREFIX, Books
from tests.truth.driving import Seen, Write
from tests.truth.story import CHECKS


@dataclass(slots=True)
class _Unit:
    """What snapshots read from a store: every part of it is this one thing."""

    books: Books
    seen: dict[XeroInvoiceId, TrackedInvoice] = field(default_factory=dict)
    said: dict[XeroInvoiceId, NumberSaid] = field(default_factory=dict)

    def __getattr__(self, part: str) -> "_Unit":
        """Stand in for each part of the store; what a part lacks here is named, not taken for a part."""
        if not hasattr(UnitOfWork, part):
            raise AttributeError(f"The store of the truth tests lacks {part}()")
        return self

    def tracked(self, _among: None = None) -> Mapping[XeroInvoiceId, TrackedInvoice]:
        return self.seen

    def payments_of_tracked(self, _among: None = None) -> Mapping[XeroInvoiceId, tuple[XeroPayment, ...]]:
        books = self.books
        return {i: tuple(books.xero_payments[p] for p in books.payments_of[i]) for i in self.seen}

    def invoices_of_tracked(self, _among: None = None) -> Mapping[XeroInvoiceId, XeroInvoice]:
        return self.books.xero_invoices

    def generation(self) -> int:
        return 0

    def payments_stored(self) -> int:
        return len(self.books.xero_payments)

    def refunds(self) -> tuple[XeroPayment, ...]:
        return ()

    def unreadable(self) -> tuple[UnreadableRow, ...]:
        return ()

    def unknown_ids(self) -> frozenset[XeroPaymentId]:
        return frozenset()

    def state(self) -> PollState:
        return PollState()

    def pairs(self, _among: None = None) -> tuple[RememberedPair, ...]:
        """Return nothing: the driver has a memory of its own."""
        return ()

    def baseline(self) -> frozenset[XeroPaymentId]:
        """Return nothing: the driver keeps the baseline itself, too."""
        return frozenset()

    def accepted(self) -> Mapping[str, tuple[AcceptedSet, ...]]:
        return {}

    def explained(self) -> Mapping[str, tuple[Explanation, ...]]:
        return {}

    def numbers_said(self) -> Mapping[XeroInvoiceId, NumberSaid]:
        return self.said

    def apart(self) -> frozenset[tuple[XeroPaymentId, CasePaymentId]]:
        return frozenset()

    def schedules(self) -> tuple[SorSchedule, ...]:
        return ()

    def in_states(self, _states: object) -> tuple[StoredProposal, ...]:
        return ()


def _paired(correlations: Collection[Correlation]) -> frozenset[XeroPaymentId]:
    """Return what has its equal, listed or not: at the first check it is the baseline (R5)."""
    listed = (p.xero for c in correlations for p in c.placements if p.bucket is Bucket.MATCHED)
    hidden = (xero_id for c in correlations for xero_id, _ in c.hidden_pairs)
    return frozenset({*(folded(p.payment_id) for p in listed if p is not None), *map(folded, hidden)})


class InMemory:
    """The program as far as its rules go. Flags in `without` are never raised, as if their rules did not exist."""

    # What a clean-up says of the payments that it takes off the list.
    bulk_word = Explained.SET_ASIDE

    def __init__(self, books: Books, policy: Policy, without: Collection[str] = ()) -> None:
        self.books, self.policy = books, policy
        self._without = frozenset(without)
        self._unit = _Unit(books)
        self._now = CHECKS[0]
        self._memory: dict[tuple[XeroPaymentId, CasePaymentId], RememberedPair] = {}
        self._accepted: dict[str, list[AcceptedSet]] = {}
        self._explained: dict[CasePaymentId, Explanation] = {}
        self._baseline: frozenset[XeroPaymentId] | None = None
        self._old: tuple[StrayPayment, ...] = ()
        # As the program does it: what a check finds as the last one did is not judged anew.
        self._memo = Memo()
        self._last: dict[str, InvoiceSnapshot] = {}
        self.set_aside = 0

    @property
    def told(self) -> Collection[XeroInvoiceId]:
        """The invoices of which somebody said which they are."""
        return self._unit.said.keys()

    # The protocol

    def check(self, now: datetime) -> Seen:
        """Read both sides and correlate."""
        self._now = now
        for invoice in self.books.xero_invoices.values():
            if invoice.number.startswith(PREFIX) and invoice.invoice_id not in self._unit.seen:
                self._unit.seen[invoice.invoice_id] = TrackedInvoice(
                    xero_invoice_id=invoice.invoice_id, number=invoice.number, first_seen_at=now
                )
        return self._correlated()

    def approve_bulk(self, kinds: Collection[str]) -> tuple[Write, ...]:
        """Approve and write every proposal of these kinds that bulk allows."""
        return self._write([p for p in self._seen.proposals if p.kind in kinds and may_be_in_bulk(p, self.policy)])

    def approve(self, proposals: Sequence[Proposal]) -> tuple[Write, ...]:
        """Approve and write proposals that somebody looked at."""
        return self._write([p for p in proposals if not p.blocking_flags])

    def look(self) -> Seen:
        """Return what is shown now."""
        return self._seen

    def explain(self, said: Iterable[Explanation]) -> Seen:
        """Remember what somebody said of rows that match nothing (R19a)."""
        self._explained.update((one.case_id, one) for one in said)
        return self._correlated()

    def clean_up(self) -> tuple[Write, ...]:
        """Say in one act what may be said of all old leftovers at once (R19a)."""
        found = clean_up(self._facts(), self._old, self.policy, self._now.date())
        members = [one for group in found.groups for one in group.members]
        writes = tuple(self._accept(one.accept) for one in members if one.accept is not None)
        self.set_aside += len(members) - len(writes)
        self.explain(
            Explanation(case_id=c.payment_id, what=self.bulk_word, amount=c.amount, paid_on=c.paid_on)
            for c in (one.copy for one in members)
            if c is not None
        )
        return writes

    def _facts(self) -> list[tuple[InvoiceSnapshot, Correlation]]:
        return list(zip(self._seen.snapshots, self._seen.correlations, strict=True))

    def say_number(self, invoice: XeroInvoiceId, number: str) -> None:
        """Remember which invoice of Case Manager one of Xero's is (R1); the next check knows it."""
        shown = self.books.xero_invoices[invoice].number
        self._unit.said[invoice] = NumberSaid(xero_invoice_id=invoice, shown=shown, number=number)

    # Reading

    def _correlated(self) -> Seen:
        self._end_pairs()
        remembered = self._remembered()
        known = read_known(cast("UnitOfWork", self._unit), PREFIX, self._now.date())
        known = replace(known, memory=MemoryOfFirm(pairs={n: tuple(some) for n, some in remembered.items()}))
        reading = self._reading(known.case_numbers(PREFIX))
        today = self._now.date()
        found = case_sides(known, reading.sides, self.policy)
        claims = Counter(case.invoice.invoice_id for case in found.sides.values() if case is not None)
        snapshots: list[InvoiceSnapshot] = []
        for number, case in found.sides.items():
            side = known.sides[number]
            names = named_ids(case, self.policy)
            elsewhere = {folded(i): p for i in names if (p := self.books.xero_payments.get(i)) is not None}
            snapshot = snapshot_of(side, case, known, elsewhere, self.policy, self._now)
            snapshot = replace(
                snapshot, decisions=self._decisions(snapshot, remembered), rivals=found.rivals.get(number, ())
            )
            last = self._last.get(snapshot.number)
            snapshots.append(last if last == snapshot else snapshot)
        self._old = tuple(self._strays(claims))
        judgement = judge(snapshots, self.policy, today, strays=self._old, memo=self._memo)
        by_number = self._last = {snapshot.number: snapshot for snapshot in snapshots}
        doubted = {s.number for s in snapshots if s.renumbered_to or s.rivals}
        sure = (c for number, c in judgement.correlations.items() if number not in doubted)
        self._remember(p for c in sure for p in c.placements)
        if self._baseline is None:
            self._baseline = _paired(judgement.correlations.values())
        self._seen = Seen(
            snapshots=tuple(by_number[number] for number in judgement.correlations),
            correlations=tuple(judgement.correlations.values()),
            proposals=tuple(self._without_rules(p) for c in judgement.correlations.values() for p in c.proposals),
            today=today,
        )
        return self._seen

    def _strays(self, claims: Counter[CaseInvoiceId]) -> list[StrayPayment]:
        """Return the payments of the invoices that Xero does not have."""
        books = self.books
        return [
            StrayPayment(books.rows[row], invoice.number, invoice.bill_to, self._said_of(books.rows[row]))
            for key, invoice in books.case_invoices.items()
            if not claims[key]
            for row in sorted(books.rows_of[key])
        ]

    def _said_of(self, row: CasePayment) -> Explained | None:
        said = self._explained.get(row.payment_id)
        return said.what if said is not None and (said.amount, said.paid_on) == (row.amount, row.paid_on) else None

    # Memory

    def _end_pairs(self) -> None:
        """End every pair whose row is gone, on another invoice, or has neither amount nor date left (R7a)."""
        for key, pair in list(self._memory.items()):
            row = self.books.rows.get(pair.case_id)
            is_there = row is not None and self.books.case_invoices[row.invoice_id].number == pair.invoice_number
            if row is None or not is_there or (row.amount != pair.amount and row.paid_on != pair.paid_on):
                del self._memory[key]

    def _remembered(self) -> dict[str, list[RememberedPair]]:
        found: dict[str, list[RememberedPair]] = defaultdict(list)
        for pair in self._memory.values():
            found[pair.invoice_number].append(pair)
        return found

    def _decisions(self, snapshot: InvoiceSnapshot, remembered: Mapping[str, list[RememberedPair]]) -> Decisions:
        number = snapshot.case_invoice.number if snapshot.case_invoice else ""
        keys = (row.payment_id for row in snapshot.case_payments)
        return Decisions(
            memory=tuple(remembered.get(number, ())),
            accepted=tuple(self._accepted.get(number, ())),
            explained=tuple(self._explained[key] for key in keys if key in self._explained),
            baseline=self._baseline or frozenset(),
        )

    def _remember(self, placements: Iterable[Placement]) -> None:
        for placement in placements:
            if placement.bucket is Bucket.MATCHED and placement.xero and placement.case:
                if placement.matched_how is MatchedHow.ACCEPTED:
                    continue
                xero, row = placement.xero, placement.case
                self._memory[xero.payment_id, row.payment_id] = RememberedPair(
                    xero_id=xero.payment_id,
                    case_id=row.payment_id,
                    invoice_number=self.books.case_invoices[row.invoice_id].number,
                    amount=row.amount,
                    paid_on=row.paid_on,
                    how=PairedHow.EQUAL,
                    since=self._now,
                )

    def _reading(self, numbers: Collection[str]) -> CaseReading:
        books = self.books
        sides = {
            invoice.number: CaseInvoiceSide(
                invoice=invoice, payments=tuple(books.rows[k] for k in sorted(books.rows_of[key]))
            )
            for key, invoice in books.case_invoices.items()
            if invoice.number in numbers
        }
        return CaseReading(sides=sides)

    def _without_rules(self, proposal: Proposal) -> Proposal:
        """Take out the rules that are to be missing."""
        kept = frozenset(flag for flag in proposal.flags if flag.value not in self._without)
        return proposal if kept == proposal.flags else replace(proposal, flags=kept)

    # Writing

    def _write(self, proposals: Collection[Proposal]) -> tuple[Write, ...]:
        writes = tuple(self._written_one(proposal) for proposal in proposals)
        if writes:
            self._correlated()
        return writes

    def _written_one(self, proposal: Proposal) -> Write:
        books = self.books
        if proposal.kind is ProposalKind.ACCEPT:
            return self._accept(proposal)
        before = books.case_money[proposal.case.payment_id] if proposal.case else ()
        if proposal.after is None:
            assert proposal.case is not None
            books.remove(proposal.case.payment_id)
            return Write(proposal=proposal, key=None, before=before, after=())
        key = proposal.case.payment_id if proposal.case else books.next_key()
        row = _row(proposal, key)
        named = read_mark(row.notes, self.policy.imported_text).payment_id
        assert named is not None
        after = before if proposal.kind is ProposalKind.LINK else books.xero_money[named]
        books.put(row, after)
        return Write(proposal=proposal, key=key, before=before, after=after)

    def _accept(self, proposal: Proposal) -> Write:
        """Remember a set that somebody called the same money; nothing is written (R19b)."""
        members = (
            *(Member(amount=p.amount, paid_on=p.paid_on, xero_id=p.payment_id) for p in proposal.accepted),
            *(Member(amount=p.amount, paid_on=p.paid_on, case_id=p.payment_id) for p in proposal.accepted_as),
        )
        number = self.books.case_invoices[proposal.case_invoice_id].number
        self._accepted.setdefault(number, []).append(AcceptedSet(members=members))
        return Write(proposal=proposal, key=None, before=(), after=())


def _row(proposal: Proposal, key: CasePaymentId) -> CasePayment:
    assert proposal.after is not None
    values = proposal.after
    present = proposal.case or CasePayment(
        payment_id=key, invoice_id=proposal.case_invoice_id, paid_on=values.paid_on, amount=values.amount
    )
    return replace(
        present,
        paid_on=values.paid_on,
        amount=values.amount,
        reference=values.reference,
        notes=values.notes,
        payment_type=values.payment_type,
    )
