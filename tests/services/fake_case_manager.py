"""A Case Manager that keeps rows in dicts and keeps the promises of its port, with steps at which it can fail."""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import count
from typing import TypeVar

from cmxero_desktop.domain.belonging import DatabasePlace
from cmxero_desktop.domain.errors import CaseManagerError
from cmxero_desktop.domain.identifiers import CaseInvoiceId, CasePaymentId
from cmxero_desktop.domain.money import Money
from cmxero_desktop.domain.notes import read_mark
from cmxero_desktop.domain.proposals import PaymentValues
from cmxero_desktop.domain.records import CaseInvoice, CasePayment, UnreadableRow
from cmxero_desktop.services.ports.case_manager import Confirm, ConnectedDatabase
from cmxero_desktop.services.records.abilities import Ability, Able, Rehearsal
from cmxero_desktop.services.records.readings import (
    NOT_COMPARED,
    CaseInvoiceSide,
    CaseManagerFacts,
    CaseMarks,
    CaseReading,
    CaseWrite,
    WriteKind,
    changed_since,
)
from cmxero_desktop.services.records.server_seen import ServerSeen
from tests.services.fake_time import Steps

AUD = "AUD"
CASE_DB = DatabasePlace(name="case.db in /srv", mark="case.db")
A_FILE = ServerSeen(kind="SQLite", version=(3, 46, 1))
ALL_GOES = Rehearsal(abilities=(Ability(name="add a payment", able=Able.YES),))
Answer = TypeVar("Answer")
_Rows = dict[CasePaymentId, CasePayment]


@dataclass(slots=True)
class FakeCaseManager:
    """The port CaseManager; a removed key is given to the next row, as SQLite does."""

    steps: Steps
    invoices: dict[CaseInvoiceId, CaseInvoice] = field(default_factory=dict)
    rows: _Rows = field(default_factory=dict)
    unreadable: list[UnreadableRow] = field(default_factory=list)
    is_down: bool = False
    forward_dating_days: int | None = 5
    is_journalled_locked: bool = True
    notes_limit: int | None = 500
    place: DatabasePlace = CASE_DB
    confirm: Confirm = lambda _: None
    rehearsal: Rehearsal = ALL_GOES
    tried_types: tuple[str, ...] = ()
    server: ServerSeen = A_FILE

    def rehearse(self, payment_types: Collection[str]) -> Rehearsal:
        self._require_up()
        self.tried_types = tuple(payment_types)
        return self.rehearsal

    def look_at_server(self) -> ServerSeen:
        self._require_up()
        return self.server

    # What people do in Case Manager

    def bill(self, number: str, amount: str = "1000.00") -> CaseInvoiceId:
        invoice_id = next(key for key in map(CaseInvoiceId, count(1)) if key not in self.invoices)
        zero = Money.zero(AUD)
        self.invoices[invoice_id] = CaseInvoice(
            invoice_id=invoice_id, number=number, total=Money.of(amount, AUD), adjustments=zero, refunds=zero
        )
        return invoice_id

    def bill_others(self) -> None:
        """Make invoices of other keys that nobody touches: without them, what is lost would be the whole database."""
        for key in map(CaseInvoiceId, range(101, 121)):
            zero = Money.zero(AUD)
            self.invoices[key] = CaseInvoice(
                invoice_id=key, number=f"9{key}", total=zero, adjustments=zero, refunds=zero
            )

    def type_in(self, number: str, amount: str, paid_on: date, notes: str = "", reference: str = "") -> CasePaymentId:
        invoice = next(i for i in self.invoices.values() if i.number == number)
        key = self._next_key(self.rows)
        self.rows[key] = CasePayment(
            payment_id=key,
            invoice_id=invoice.invoice_id,
            paid_on=paid_on,
            amount=Money.of(amount, AUD),
            payment_type="Cheque",
            reference=reference,
            notes=notes,
        )
        return key

    def edit(self, key: CasePaymentId, **values: object) -> None:
        self.rows[key] = replace(self.rows[key], **values)  # type: ignore[arg-type]  # by name

    def refund(self, invoice_id: CaseInvoiceId, amount: str) -> None:
        self.invoices[invoice_id] = replace(self.invoices[invoice_id], refunds=Money.of(amount, AUD))

    def journal(self, key: CasePaymentId, number: str = "J-7") -> None:
        self.edit(key, is_journalled=True, journal_number=number)

    def payments(self, number: str) -> list[CasePayment]:
        return [p for p in self.rows.values() if self.invoices[p.invoice_id].number == number]

    # The database at the other end

    def numbers_of(self, invoice_ids: Collection[CaseInvoiceId]) -> Mapping[CaseInvoiceId, str]:
        return {key: invoice.number for key, invoice in self.invoices.items() if key in invoice_ids}

    def oldest(self, count: int) -> Mapping[CaseInvoiceId, str]:
        return {key: self.invoices[key].number for key in sorted(self.invoices)[:count]}

    # The port

    def identify(self, look: Callable[[ConnectedDatabase], Answer]) -> Answer:
        self._require_up()
        return look(self)

    def check(self) -> CaseManagerFacts:
        self._require_up()
        return CaseManagerFacts(
            label="case.db on this computer",
            invoices=len(self.invoices),
            payments=len(self.rows),
            forward_dating_days=self.forward_dating_days,
            is_journalled_locked=self.is_journalled_locked,
            notes_limit=self.notes_limit,
            reference_limit=50,
            payment_type="EFT",
            imported_text="Imported from Xero",
        )

    def read(
        self,
        numbers: Collection[str],
        currency: str,
        *,
        with_unpaid: bool = False,
        unlike: CaseMarks | None = None,
        also: Collection[str] = (),
    ) -> CaseReading:
        assert currency == AUD
        self._require_up()
        self.steps.take("read")
        self.confirm(self)
        every = [side for key in self.invoices if (side := self._side(key)) is not None]
        sides = {side.invoice.number: side for side in every if side.invoice.number in numbers}
        others = [side for side in every if side.invoice.number not in numbers and (side.payments or with_unpaid)]
        there = frozenset(side.invoice.number for side in every)
        digest = f"{sorted(sides.items())} {others} {sorted(there)}"
        marks = CaseMarks(
            {side.invoice.invoice_id.value: repr(side).encode() for side in every},
            {side.invoice.invoice_id.value: side.invoice.number for side in every},
        )
        changed = changed_since(unlike, marks, also) if unlike is not None else NOT_COMPARED
        if unlike is not None:
            sides = {number: side for number, side in sides.items() if number in changed.numbers}
            others = [side for side in others if side.invoice.invoice_id.value in changed.keys]
        return CaseReading(
            sides=sides, others=tuple(others), numbers=there, digest=digest, marks=marks, changed=changed
        )

    def sides_of(self, invoice_ids: Collection[CaseInvoiceId], currency: str) -> tuple[CaseInvoiceSide, ...]:
        assert currency == AUD
        self._require_up()
        self.confirm(self)
        return tuple(side for key in invoice_ids if (side := self._side(key)) is not None)

    def change_invoice(
        self,
        invoice_id: CaseInvoiceId,
        currency: str,
        decide: Callable[[CaseInvoiceSide | None], Sequence[CaseWrite]],
    ) -> Mapping[str, CasePaymentId]:
        return self.change_invoices((invoice_id,), currency, lambda sides: decide(sides[invoice_id]))

    def change_invoices(
        self,
        invoice_ids: Collection[CaseInvoiceId],
        currency: str,
        decide: Callable[[Mapping[CaseInvoiceId, CaseInvoiceSide | None]], Sequence[CaseWrite]],
        confirm: Callable[[], None] = lambda: None,
    ) -> Mapping[str, CasePaymentId]:
        assert currency == AUD
        self._require_up()
        self.steps.take("lock")
        self.confirm(self)
        writes = decide({key: self._side(key) for key in sorted(set(invoice_ids))})
        self.steps.take("decided")
        after = dict(self.rows)
        keys = {}
        for write in writes:
            assert write.invoice_id is not None
            assert write.invoice_id in invoice_ids
            keys[write.intent_id] = self._write(after, write.invoice_id, write)
            self.steps.take("written")
        self._refuse_doubles(after, invoice_ids)
        if writes:
            confirm()
        self.rows = after
        self.steps.take("committed")
        return keys

    def _write(self, rows: _Rows, invoice_id: CaseInvoiceId, write: CaseWrite) -> CasePaymentId:
        if write.kind is WriteKind.INSERT:
            assert write.after is not None
            key = self._next_key(rows)
            rows[key] = _row(key, invoice_id, write.after)
            return key
        present = rows.get(write.payment_id) if write.payment_id else None
        if present is None or present.invoice_id != invoice_id or PaymentValues.of(present) != write.before:
            raise CaseManagerError(f"case.db: Payment {write.payment_id} was changed meanwhile.")
        if write.after is None:
            del rows[present.payment_id]
        else:
            rows[present.payment_id] = replace(
                present,
                paid_on=write.after.paid_on,
                amount=write.after.amount,
                reference=write.after.reference,
                notes=write.after.notes,
            )
        return present.payment_id

    def _refuse_doubles(self, after: _Rows, invoice_ids: Collection[CaseInvoiceId]) -> None:
        """Refuse a second copy on the locked invoices, as the database does: of the others it has read nothing."""
        was, will_be = _named(self.rows, invoice_ids), _named(after, invoice_ids)
        if any(count > max(1, was[name]) for name, count in will_be.items()):
            raise CaseManagerError("case.db: It would be there twice.")

    def _side(self, invoice_id: CaseInvoiceId) -> CaseInvoiceSide | None:
        invoice = self.invoices.get(invoice_id)
        if invoice is None:
            return None
        return CaseInvoiceSide(
            invoice=invoice,
            payments=tuple(p for p in self.rows.values() if p.invoice_id == invoice_id),
            unreadable=tuple(row for row in self.unreadable if row.invoice_number == invoice.number),
        )

    def _require_up(self) -> None:
        if self.is_down:
            raise CaseManagerError("case.db: it cannot be reached.", "Check the network.")

    @staticmethod
    def _next_key(rows: _Rows) -> CasePaymentId:
        return CasePaymentId(max((int(key.value) for key in rows), default=0) + 1)


def _row(key: CasePaymentId, invoice_id: CaseInvoiceId, values: PaymentValues) -> CasePayment:
    return CasePayment(
        payment_id=key,
        invoice_id=invoice_id,
        paid_on=values.paid_on,
        amount=values.amount,
        payment_type=values.payment_type,
        reference=values.reference,
        notes=values.notes,
    )


def _named(rows: _Rows, invoice_ids: Collection[CaseInvoiceId]) -> Counter[str]:
    marks = (read_mark(p.notes, "").payment_id for p in rows.values() if p.invoice_id in invoice_ids)
    return Counter(mark for mark in marks if mark is not None)
