"""Hold what the program did against the truth: nothing twice, nothing forgotten, and how much went in bulk."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal

from cmxero_desktop.domain.identifiers import CaseInvoiceId, CasePaymentId, XeroPaymentId
from cmxero_desktop.domain.placements import Bucket, Placement
from cmxero_desktop.domain.proposals import Proposal, ProposalKind
from cmxero_desktop.domain.records import XeroPayment
from tests.truth.driving import Seen, Write
from tests.truth.firms import Firm
from tests.truth.scenes import scene

_RAISING = frozenset({ProposalKind.ADD, ProposalKind.CHANGE})
_BULK_LIMIT = Decimal(5_000)
_SLACK_CENTS = 100
_EDIT = timedelta(days=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing that went wrong: in which story, at which check, and by which write."""

    story: str
    receipt: int
    check: int
    words: str


@dataclass(slots=True)
class Judge:
    """Collects the faults of one run."""

    firm: Firm
    doubled: dict[int, Fault] = field(default_factory=dict)
    across: dict[int, Fault] = field(default_factory=dict)
    lost: dict[int, Fault] = field(default_factory=dict)
    merged: dict[int, Fault] = field(default_factory=dict)
    forgotten: dict[int, Fault] = field(default_factory=dict)
    unseen: dict[int, Fault] = field(default_factory=dict)
    misplaced: dict[int, Fault] = field(default_factory=dict)
    restless: int = 0
    bulk: set[XeroPaymentId] = field(default_factory=set)
    by_hand: set[XeroPaymentId] = field(default_factory=set)
    _raised: Counter[int] = field(default_factory=Counter)
    _overwritten: dict[int, Fault] = field(default_factory=dict)
    _equals: dict[XeroPaymentId, set[CasePaymentId]] = field(default_factory=dict)

    # What the program wrote

    def judge(self, writes: Iterable[Write], *, is_bulk: bool) -> None:
        """Look at the receipts of everything that one act wrote."""
        writes = tuple(writes)
        for write in writes if is_bulk else ():
            self._raised.update(dict(write.after))
            self._raised.subtract(dict(write.before))
        for write in writes:
            paid = write.proposal.xero
            if paid is not None and write.proposal.kind in _RAISING:
                (self.bulk if is_bulk else self.by_hand).add(paid.payment_id)
            if is_bulk and write.proposal.kind in _RAISING:
                self._judge_place(write)
                self._judge_raising(write)

    def _judge_place(self, write: Write) -> None:
        """Note money that was entered on another invoice than the one which it was paid for."""
        for number in {receipt for receipt, _ in write.after} - {receipt for receipt, _ in write.before}:
            if not self.firm.books.alive(number, write.proposal.case_invoice_id):
                self.misplaced.setdefault(number, self._fault(number, write))

    def _judge_raising(self, write: Write) -> None:
        books = self.firm.books
        after = {receipt for receipt, _ in write.after}
        for number in after:
            # What stands too often although bulk brought no more of it stood so before: somebody else's mistake.
            if self._raised[number] <= _SLACK_CENTS:
                continue
            receipt = books.receipts[number]
            limit = receipt.cents if receipt.is_entered_twice else max(receipt.cents, books.alive(number))
            if books.standing(number) > limit + max(_SLACK_CENTS, limit // 100):
                home = write.proposal.case_invoice_id
                is_own = (
                    receipt.is_entered_twice or books.standing(number, home) > books.alive(number, home) + _SLACK_CENTS
                )
                if is_own and not receipt.is_entered_twice and self._mirrors_xero(home):
                    continue
                (self.doubled if is_own else self.across).setdefault(number, self._fault(number, write))
        for number, _ in write.before:
            if number in after:
                continue
            if books.receipts[number].cents:
                self._overwritten.setdefault(number, self._fault(number, write))
            elif _is_no_edit(write.proposal):
                self.merged.setdefault(number, self._fault(number, write))

    def _mirrors_xero(self, case: CaseInvoiceId) -> bool:
        """Say whether an invoice has exactly the rows that Xero has: then two receipts changed places at most.

        A row that was given another receipt's amount and date before the program ever saw it is that receipt's.
        """
        books = self.firm.books
        live = (books.xero_payments[i] for bill in books.bills_of[case] for i in books.payments_of[bill])
        rows = (books.rows[key] for key in books.rows_of[case])
        return Counter((p.amount, p.paid_on) for p in live if p.is_live) == Counter(
            (row.amount, row.paid_on) for row in rows
        )

    def note_lost(self, seen: Seen) -> None:
        """Note, once all of bulk is written, the money that was overwritten, stands nowhere and is not proposed."""
        books = self.firm.books
        waiting = {p.xero.payment_id for p in seen.proposals if p.xero is not None}
        for number, fault in self._overwritten.items():
            is_proposed = any(p.is_live and p.payment_id in waiting for p in books.payments_with(number))
            if books.standing(number) < books.receipts[number].cents and not is_proposed:
                self.lost.setdefault(number, fault)
        self._overwritten.clear()
        self._raised.clear()
        for number, fault in self.across.items():
            if not self._shows(number):
                self.unseen.setdefault(number, fault)

    def _shows(self, receipt: int) -> bool:
        """Say whether the debtor lists of both sides differ on any invoice on which this money stands."""
        books = self.firm.books
        cases = {row.invoice_id for row in books.rows_with(receipt)}
        stands_twice = books.standing(receipt) > max(books.receipts[receipt].cents, books.alive(receipt))
        return not stands_twice or any(
            books.owed(case) != sum(books.due(bill) for bill in books.bills_of[case]) for case in cases
        )

    def _fault(self, receipt: int, write: Write) -> Fault:
        proposal, check = write.proposal, self.firm.world.stage
        what = f"{proposal.kind} ({proposal.rule}) wrote row {write.key} on {proposal.invoice_number}"
        return Fault(
            story=self.firm.books.receipts[receipt].story,
            receipt=receipt,
            check=check,
            words=f"{what} at check {check + 1}; after it:\n{scene(self.firm.books, receipt)}",
        )

    # What the program remembers

    def note_equals(self) -> None:
        """Note, before each check, which payments in Xero have their equal in Case Manager."""
        books = self.firm.books
        for payment in books.xero_payments.values():
            for key in self._equal_rows(payment):
                self._equals.setdefault(payment.payment_id, set()).add(key)

    def _equal_rows(self, payment: XeroPayment) -> list[CasePaymentId]:
        books = self.firm.books
        receipts = {receipt for receipt, _ in books.xero_money[payment.payment_id]}
        return [
            key
            for key in books.rows_of[books.case_of[payment.invoice_id]]
            if (books.rows[key].amount, books.rows[key].paid_on) == (payment.amount, payment.paid_on)
            and not receipts.isdisjoint(r for r, _ in books.case_money[key])
        ]

    def note_forgotten(self, seen: Seen) -> None:
        """Note each payment that was deleted in Xero, whose equal still stands, and of which nothing is said."""
        books = self.firm.books
        told = {key for c in seen.correlations for p in c.placements for key in _told(p)}
        told |= {p.case.payment_id for p in seen.proposals if p.case is not None}
        told |= {near.payment_id for p in seen.proposals for near in p.near}
        for payment_id, keys in self._equals.items():
            payment = books.xero_payments[payment_id]
            still = [key for key in self._equal_rows(payment) if key in keys] if self._must_be_told(payment) else []
            for key in still:
                if key not in told:
                    number = books.xero_money[payment_id][0][0]
                    self.forgotten[number] = Fault(
                        story=books.receipts[number].story,
                        receipt=number,
                        check=self.firm.world.stage,
                        words=f"nothing says anything of row {key}, the equal of {payment_id}:\n{scene(books, number)}",
                    )

    def _must_be_told(self, payment: XeroPayment) -> bool:
        """Say whether a payment is deleted, and neither the start date nor an equal one hides it."""
        start = self.firm.style.start_date
        is_old = start is not None and payment.paid_on < start and payment.updated_at.date() < start
        return not payment.is_live and not is_old and not self._is_replaced_by_its_like(payment)

    def _is_replaced_by_its_like(self, payment: XeroPayment) -> bool:
        """Say whether a live payment of the same invoice has the same values, so that the copy is its equal."""
        books = self.firm.books
        others = (i for bill in books.bills_of[books.case_of[payment.invoice_id]] for i in books.payments_of[bill])
        return any(
            (p.amount, p.paid_on) == (payment.amount, payment.paid_on)
            for p in (books.xero_payments[i] for i in others)
            if p.is_live
        )

    # What went in bulk

    def clean_additions(self, *, without_strays: bool) -> set[XeroPaymentId]:
        """Return the payments that had to be added, and on whose invoice, payer and batch nothing went wrong."""
        world, books = self.firm.world, self.firm.books
        start = self.firm.style.start_date
        found = set()
        for key in world.clean_payments:
            payment = books.xero_payments[key]
            is_clean = (
                payment.invoice_id not in world.marked_invoices
                and payment.contact_name not in world.marked_payers
                and payment.amount.amount <= _BULK_LIMIT
                and not (without_strays and payment.amount.minor in world.stray_cents)
                and (start is None or payment.paid_on >= start)
            )
            was_added = key in self.bulk or key in self.by_hand
            if is_clean and (was_added or not books.standing(books.xero_money[key][0][0])):
                found.add(key)
        return found

    def stories(self) -> Counter[str]:
        """Return how many receipts each story has."""
        return Counter(receipt.story for receipt in self.firm.books.receipts)


def _is_no_edit(proposal: Proposal) -> bool:
    """Say whether a change joins a deletion and a new payment that lie too far apart to be one edit (R16)."""
    old, new = proposal.replaced, proposal.xero
    return old is None or new is None or abs(old.updated_at - new.updated_at) > _EDIT


def _told(placement: Placement) -> list[CasePaymentId]:
    """Return the case payment of a row that says something: one matched, skipped, or with a proposal."""
    if placement.case is None or (placement.bucket is Bucket.UNMATCHED and placement.fingerprint is None):
        return []
    return [placement.case.payment_id]
