"""The rows that results give and what they add up to, of which only those of changed results are made anew."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from cmxero_desktop.domain.cleanup import left_on
from cmxero_desktop.domain.completeness import NOTHING_KNOWN, Completeness, PaymentsCounted
from cmxero_desktop.domain.desk_notes import DeskNote, notes_on, payments_of_row
from cmxero_desktop.domain.identifiers import CaseInvoiceId, Fingerprint, XeroInvoiceId, XeroPaymentId
from cmxero_desktop.domain.placements import Bucket
from cmxero_desktop.domain.policy import Policy
from cmxero_desktop.domain.tie_out import MoneyCounted, TieOut
from cmxero_desktop.services.records.decisions import StoredProposal
from cmxero_desktop.services.records.results import InvoiceResult
from cmxero_desktop.services.viewing.desk_view import PaymentRow, SettlementRow
from cmxero_desktop.services.viewing.piles import Concerned, Pile


@dataclass(frozen=True, slots=True)
class CheckedBy:
    """By what the last check judged: the policy, None before the first one, and the day from which ages are counted.

    `epoch` is the life of the store: one that was put back begins another, whatever is stored in it since.
    """

    policy: Policy | None
    day: date | None
    epoch: str = ""


class ShownResults:
    """All results by CM number, their rows, and what they come to."""

    def __init__(self, by: CheckedBy) -> None:
        """Begin without any."""
        self.by_number: dict[str, InvoiceResult] = {}
        self.placed: Mapping[Bucket, Pile[PaymentRow]] = {bucket: Pile() for bucket in Bucket}
        self.settled: Pile[SettlementRow] = Pile()
        self.out_of_scope = 0
        self.old_leftovers = 0
        self._by = by
        self._payments = PaymentsCounted(by.policy) if by.policy is not None else None
        self._money = MoneyCounted(by.policy) if by.policy is not None else None
        self._standing: Counter[Fingerprint] = Counter()
        self._naming: Concerned[Fingerprint] = Concerned()
        self._homes: Concerned[CaseInvoiceId] = Concerned()
        self._refunded: Concerned[XeroPaymentId] = Concerned()
        self._in_xero: Concerned[XeroInvoiceId] = Concerned()

    def put(self, number: str, now: InvoiceResult | None) -> None:
        """Let this be what was found of an invoice; None: nothing is. Its rows are made by `place`."""
        before = self.by_number.pop(number, None)
        if before is not None:
            self._count(before, -1)
        if now is not None:
            self.by_number[number] = now
            self._count(now, 1)
        self._naming.move(number, _named_in(before), _named_in(now))
        self._homes.move(number, home_of(before), home_of(now))
        self._refunded.move(number, _refunds_in(before), _refunds_in(now))
        self._in_xero.move(number, _xero_id_of(before), _xero_id_of(now))
        self.settled.put(number, tuple(_settlements(now)))

    def place(
        self, number: str, stored: Mapping[Fingerprint, StoredProposal], noted: Collection[DeskNote] = ()
    ) -> None:
        """Make the rows of an invoice, each with the proposal that it carries and what was noted on it."""
        rows: dict[Bucket, list[PaymentRow]] = defaultdict(list)
        if (result := self.by_number.get(number)) is not None:
            for placement in result.correlation.placements:
                proposal = stored.get(placement.fingerprint) if placement.fingerprint else None
                notes = notes_on(noted, payments_of_row(placement)) if noted else ()
                row = PaymentRow(placement=placement, result=result, proposal=proposal, notes=notes)
                rows[placement.bucket].append(row)
        for bucket, pile in self.placed.items():
            pile.put(number, rows[bucket])

    @property
    def standing(self) -> frozenset[Fingerprint]:
        """The proposals that the last correlation gave."""
        return frozenset(self._standing)

    @property
    def tie_out(self) -> TieOut | None:
        """The statement over all invoices, None before the first check."""
        return self._money.statement if self._money is not None else None

    @property
    def completeness(self) -> Completeness:
        """How many payments of each side have their one place, counted from the facts."""
        judged = ((result.snapshot, result.correlation) for result in self.by_number.values())
        return self._payments.told(judged) if self._payments is not None else NOTHING_KNOWN

    def naming(self, fingerprints: Iterable[Fingerprint]) -> Iterator[str]:
        """Yield the invoices with a row that carries any of these proposals."""
        return (number for fingerprint in fingerprints for number in self._naming.by(fingerprint))

    def home(self, key: CaseInvoiceId) -> InvoiceResult | None:
        """Return what was found of Case Manager's invoice, None where it is no invoice of ours."""
        number = self._homes.last(key)
        return self.by_number[number] if number is not None else None

    def has_refunds(self, number: str) -> bool:
        """Say whether money went back that belongs to an invoice."""
        result = self.by_number.get(number)
        return result is not None and bool(result.snapshot.refunded)

    def refunded_on(self, payment_id: XeroPaymentId) -> str:
        """Return the number of the invoice that a refund belongs to, or nothing."""
        return self._refunded.last(payment_id) or ""

    def among(self, names: Collection[str]) -> list[InvoiceResult]:
        """Return the results of the invoices that go by any of these names, CM numbers or Xero's ids, in order."""
        numbers = {number for name in names for number in (name, *self._in_xero.by(XeroInvoiceId(name)))}
        return [self.by_number[number] for number in sorted(numbers & self.by_number.keys())]

    def _count(self, result: InvoiceResult, by: int) -> None:
        snapshot, correlation = result.snapshot, result.correlation
        self.out_of_scope += by * correlation.out_of_scope
        for proposal in correlation.proposals:
            self._standing[proposal.fingerprint] += by
            if not self._standing[proposal.fingerprint]:
                del self._standing[proposal.fingerprint]
        if self._payments is not None and self._money is not None:
            self._payments.count(snapshot, correlation, by)
            self._money.count(snapshot, correlation, by)
        if self._by.policy is not None and self._by.day is not None:
            self.old_leftovers += by * left_on(snapshot, correlation, self._by.policy, self._by.day)


def home_of(result: InvoiceResult | None) -> tuple[CaseInvoiceId, ...]:
    """Return the key of the invoice in Case Manager, where a result has one."""
    invoice = result.snapshot.case_invoice if result is not None else None
    return (invoice.invoice_id,) if invoice is not None else ()


def _named_in(result: InvoiceResult | None) -> set[Fingerprint]:
    rows = result.correlation.placements if result is not None else ()
    return {row.fingerprint for row in rows if row.fingerprint is not None}


def _refunds_in(result: InvoiceResult | None) -> set[XeroPaymentId]:
    return {refund.payment_id for refund in result.snapshot.refunded} if result is not None else set()


def _xero_id_of(result: InvoiceResult | None) -> tuple[XeroInvoiceId, ...]:
    xero_id = result.snapshot.xero_invoice_id if result is not None else None
    return (xero_id,) if xero_id is not None else ()


def _settlements(result: InvoiceResult | None) -> Iterator[SettlementRow]:
    invoice = result.snapshot.xero_invoice if result is not None else None
    if result is not None and invoice is not None:
        for settlement in invoice.settlements:
            yield SettlementRow(
                invoice_number=result.snapshot.number, contact_name=invoice.contact_name, settlement=settlement
            )
