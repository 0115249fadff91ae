"""Decodes one row at a time into an invoice or a payment, or into what was wrong with it and what to do (R30)."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from cmxero_desktop.adapters.casemanager.decoding import (
    ForeignValueError,
    amount_of,
    date_of,
    key_of,
    text_of,
)
from cmxero_desktop.adapters.casemanager.mapping import Constant, Tell, Told
from cmxero_desktop.adapters.casemanager.schema import CheckedSchema, CheckedTable
from cmxero_desktop.domain.identifiers import CaseInvoiceId, CasePaymentId
from cmxero_desktop.domain.money import Money
from cmxero_desktop.domain.records import CaseInvoice, CasePayment, Side, UnreadableRow

INVOICE_FIELDS = (
    "key",
    "number",
    "total",
    "adjustments",
    "refunds",
    "bill_to",
    "case_name",
    "invoice_date",
    "due_date",
)
PAYMENT_FIELDS = (
    "key",
    "invoice",
    "paid_on",
    "amount",
    "payment_type",
    "reference",
    "notes",
    "journal_number",
    "journalled",
    "multi_invoice",
)
_REMEDY = "Correct it in Case Manager."

Key = int | str
Row = Sequence[Any]


class _Decoder:
    """What invoices and payments have in common."""

    def __init__(self, table: CheckedTable, currency: str) -> None:
        self._table = table
        self._currency = currency
        self._trims = {
            field: _trimmed if column.is_padded else _as_it_is for field, column in table.columns.items()
        }

    def trim(self, field: str) -> Callable[[Any], Any]:
        """Return what takes away the spaces that a column of fixed width adds."""
        return self._trims.get(field, _as_it_is)

    def _place(self, key: object) -> str:
        column = self._table.columns["key"].name
        return (
            f"{self._table.table} row without {column}"
            if key is None
            else f"{self._table.table} row {key} ({column})"
        )


class InvoiceDecoder(_Decoder):
    """Decodes rows of INVOICE_FIELDS."""

    def __init__(self, schema: CheckedSchema, currency: str) -> None:
        """Keep the table that the rows are of."""
        super().__init__(schema.invoices, currency)

    def number_of(self, row: Row) -> str | None:
        """Return the invoice's number, or None where it has none that can be read."""
        try:
            return text_of(self.trim("number")(row[1]), "number") or None
        except ForeignValueError:
            return None

    def decode(self, row: Row, number: str) -> tuple[CaseInvoice, list[UnreadableRow]]:
        """Return the invoice, and what could not be read of it; that is 0.00, empty or no date in the invoice."""
        problems: list[str] = []

        def take(read: Callable[[Any, str], Any], value: object, what: str, instead: object) -> Any:  # noqa: ANN401
            try:
                return read(value, what)
            except ForeignValueError as error:
                problems.append(f"{error}.")
                return instead

        key, _, total, adjustments, refunds, bill_to, case_name, invoice_date, due_date = row
        invoice = CaseInvoice(
            invoice_id=CaseInvoiceId(take(lambda value, _: key_of(value), self.trim("key")(key), "", "")),
            number=number,
            total=self._money(take(amount_of, total, "total", Decimal(0))),
            adjustments=self._money(take(amount_of, adjustments or 0, "sum of adjustments", Decimal(0))),
            refunds=self._money(take(amount_of, refunds or 0, "sum of refunds", Decimal(0))),
            bill_to=take(text_of, self.trim("bill_to")(bill_to), "bill-to name", ""),
            case_name=take(text_of, self.trim("case_name")(case_name), "case name", ""),
            invoice_date=None if invoice_date is None else take(date_of, invoice_date, "invoice date", None),
            due_date=None if due_date is None else take(date_of, due_date, "due date", None),
        )
        if not problems:
            return invoice, []
        problem = " ".join((*problems, _REMEDY))
        place = self._place(key)
        return invoice, [
            UnreadableRow(side=Side.CASE_MANAGER, place=place, problem=problem, invoice_number=number)
        ]

    def _money(self, amount: Decimal) -> Money:
        return Money.of(amount, self._currency)


class PaymentDecoder(_Decoder):
    """Decodes rows of PAYMENT_FIELDS."""

    def __init__(self, schema: CheckedSchema, currency: str) -> None:
        """Prepare what the mapping says about signs and marks."""
        super().__init__(schema.payments, currency)
        payments = schema.mapping.payments
        self._is_negative = payments.are_amounts_negative
        self._is_journalled = _teller(payments.journalled, self.trim("journalled"))
        self._multi = payments.multi_invoice
        self._is_multi = _teller(payments.multi_invoice, self.trim("multi_invoice"))

    def group_of(self, value: object) -> object | None:
        """Return the group that a stored value names, None where it names none."""
        value = self.trim("multi_invoice")(value)
        if _is_blank(value) or (self._multi.none is not None and _is_same(value, self._multi.none)):
            return None
        return value

    def decode(
        self, rows: Iterable[Row], shared: frozenset[object], numbers: Mapping[Key, str]
    ) -> tuple[list[CasePayment], list[UnreadableRow]]:
        """Decode rows of the invoices in `numbers`; `shared` are the groups that several payments have."""
        payments: list[CasePayment] = []
        unreadable: list[UnreadableRow] = []
        for row in rows:
            try:
                payments.append(self._payment(row, shared))
            except ForeignValueError:
                unreadable.append(self._unreadable(row, numbers))
        return payments, unreadable

    def _payment(self, row: Row, shared: frozenset[object]) -> CasePayment:
        key, invoice, paid_on, amount, payment_type, reference, notes, journal_number, journalled, multi = row
        group = self.group_of(multi)
        is_multi = group in shared if self._multi.told is Told.SHARED else self._is_multi(multi)
        return CasePayment(
            payment_id=CasePaymentId(key_of(self.trim("key")(key))),
            invoice_id=CaseInvoiceId(key_of(self.trim("invoice")(invoice))),
            paid_on=date_of(paid_on, "payment date"),
            amount=Money(self._amount(amount), self._currency),
            payment_type=text_of(self.trim("payment_type")(payment_type), "payment type"),
            reference=text_of(self.trim("reference")(reference), "reference"),
            notes=text_of(self.trim("notes")(notes), "notes"),
            is_journalled=self._is_journalled(journalled),
            journal_number=text_of(self.trim("journal_number")(journal_number), "journal number"),
            is_multi_invoice=is_multi,
            group=str(group) if is_multi else "",
        )

    def _amount(self, stored: object) -> Decimal:
        cents = amount_of(stored, "amount")
        amount = -cents if self._is_negative else cents
        if amount > 0:
            return amount
        if not amount:
            message = "The amount is 0.00, and a payment is never nothing"
        else:
            usual = "negative" if self._is_negative else "positive"
            message = f"The amount {cents} has the opposite sign of a payment (the mapping says that they are {usual})"
        raise ForeignValueError(message)

    def _unreadable(self, row: Row, numbers: Mapping[Key, str]) -> UnreadableRow:
        """Name everything that is wrong with a row, and keep what can still be made out."""
        problems: list[str] = []

        def made_out(read: Callable[[], Any]) -> Any:  # noqa: ANN401  # each field has its own type
            try:
                return read()
            except ForeignValueError as error:
                problems.append(f"{error}.")
                return None

        key, invoice, paid_on, amount, payment_type, reference, notes, journal_number, *_ = row
        payment_id = made_out(lambda: CasePaymentId(key_of(self.trim("key")(key))))
        day: date | None = made_out(lambda: date_of(paid_on, "payment date"))
        cents = made_out(lambda: self._amount(amount))
        texts = {
            "payment type": payment_type,
            "reference": reference,
            "notes": notes,
            "journal number": journal_number,
        }
        for what, value in texts.items():
            made_out(lambda what=what, value=value: text_of(value, what))  # type: ignore[misc]  # bound in the loop
        return UnreadableRow(
            side=Side.CASE_MANAGER,
            place=self._place(key),
            problem=" ".join((*problems, _REMEDY)),
            case_payment_id=payment_id,
            invoice_number=numbers[key_of(self.trim("invoice")(invoice))],
            amount=Money(cents, self._currency) if cents else None,
            paid_on=day,
        )


def _teller(tell: Tell, trim: Callable[[Any], Any]) -> Callable[[Any], bool]:
    """Return what reads the mark from a stored value."""
    if tell.told is Told.NOT_NULL:
        return lambda value: not _is_blank(value)
    if tell.told is Told.EQUALS and tell.value is not None:
        wanted = tell.value
        return lambda value: _is_same(trim(value), wanted)
    return lambda _: False


def _is_blank(value: object) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _is_same(stored: object, constant: Constant) -> bool:
    """Compare as a person would: databases give true as 1, as a bit string, or as a number with decimals."""
    if isinstance(stored, bytes):
        stored = int.from_bytes(stored)
    if isinstance(stored, int | Decimal | float) and isinstance(constant, int | Decimal):
        return stored == constant
    return str(stored) == str(constant)


def _trimmed(value: Any) -> Any:  # noqa: ANN401  # whatever the driver gave
    return value.rstrip(" ") if isinstance(value, str) else value


def _as_it_is(value: Any) -> Any:  # noqa: ANN401  # whatever the driver gave
    return value
