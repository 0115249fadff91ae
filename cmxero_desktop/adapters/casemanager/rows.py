"""Decodes one row at a time into an invoice or a payment, or into what was wrong with it and what to do (R30)."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any, TypeVar

from cmxero_desktop.adapters.casemanager.decoding import (
    HALF_CHARACTER,
    ForeignValueError,
    amount_of,
    date_of,
    key_of,
    text_of,
)
from cmxero_desktop.adapters.casemanager.mapping import COMPARED, Tell, Told
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
    "payer",
    "entered_by",
    "journalled",
    "multi_invoice",
)
SHOWN = frozenset({"bill_to", "case_name", "invoice_date", "due_date", "journal_number", "entered_by"})
"""Fields that are only shown: what of them cannot be read is left empty, and stops no money."""
_Value = TypeVar("_Value")
_REMEDY = "Correct it in Case Manager."

Key = int | str
Row = Sequence[Any]


class InvoiceDecoder:
    """Decodes rows of INVOICE_FIELDS."""

    def __init__(self, schema: CheckedSchema, currency: str) -> None:
        self._table = schema.invoices
        self._currency = currency
        self._are_adjustments_known = schema.mapping.are_adjustments_known

    def number_of(self, row: Row) -> str | None:
        """Return the invoice's number without blanks around it (R1), or None where it has none that can be read."""
        try:
            number = text_of(row[1], "number").strip(" ")
        except ForeignValueError:
            return None
        # A NUL is kept by some databases and refused by others, our own store among them.
        return None if "\0" in number else number or None

    def decode(self, row: Row, number: str) -> tuple[CaseInvoice, list[UnreadableRow]]:
        """Return the invoice and what of it could not be read, which is 0.00 or empty in the invoice."""
        key, _, total, adjustments, refunds, bill_to, case_name, invoice_date, due_date = row
        problems: list[str] = []
        invoice = CaseInvoice(
            invoice_id=CaseInvoiceId(_made_out(problems, key_of, key) or ""),
            number=number,
            total=self._money(problems, total, "total"),
            adjustments=self._money(problems, adjustments or 0, "sum of adjustments"),
            refunds=self._money(problems, refunds or 0, "sum of refunds"),
            bill_to=_shown_text(bill_to, "bill-to name"),
            case_name=_shown_text(case_name, "case name"),
            invoice_date=_made_out([], date_of, invoice_date, "invoice date"),
            due_date=_made_out([], date_of, due_date, "due date"),
            are_adjustments_known=self._are_adjustments_known,
        )
        if not problems:
            return invoice, []
        return invoice, [
            UnreadableRow(
                side=Side.CASE_MANAGER,
                place=_place(self._table, key),
                problem=" ".join((*problems, _REMEDY)),
                invoice_number=number,
                is_invoice=True,
            )
        ]

    def _money(self, problems: list[str], value: object, what: str) -> Money:
        cents = _made_out(problems, amount_of, value, what)
        return Money.zero(self._currency) if cents is None else Money(cents, self._currency)


class PaymentDecoder:
    """Decodes rows of PAYMENT_FIELDS."""

    def __init__(self, schema: CheckedSchema, currency: str) -> None:
        payments = schema.mapping.payments
        self._table = schema.payments
        self._currency = currency
        self._is_negative = payments.are_amounts_negative
        self._is_journalled = teller(payments.journalled)
        self._multi = payments.multi_invoice
        self._is_multi = teller(payments.multi_invoice)

    def decode(self, row: Row, shared: frozenset[object], number: str) -> CasePayment | UnreadableRow:
        """Decode a row of the invoice of this number; `shared` are the groups that several payments have."""
        try:
            return self._payment(row, shared)
        except ForeignValueError:
            return self._unreadable(row, number)

    def _payment(self, row: Row, shared: frozenset[object]) -> CasePayment:
        key, invoice, paid_on, amount, payment_type, reference, notes, journal, payer, entered, journalled, multi = row
        group = group_of(multi)
        is_multi = group in shared if self._multi.told is Told.SHARED else self._is_multi(multi)
        return CasePayment(
            payment_id=CasePaymentId(key_of(key)),
            invoice_id=CaseInvoiceId(key_of(invoice)),
            paid_on=date_of(paid_on, "payment date"),
            amount=Money(self._amount(amount), self._currency),
            payment_type=text_of(payment_type, "payment type"),
            reference=text_of(reference, "reference"),
            notes=text_of(notes, "notes"),
            is_journalled=self._is_journalled(journalled),
            journal_number=_shown_text(journal, "journal number"),
            payer=text_of(payer, "payer"),
            entered_by=_shown_text(entered, "name of who entered it").strip(),
            is_multi_invoice=is_multi,
            group=text_of(str(group), "group") if is_multi else "",
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

    def _unreadable(self, row: Row, number: str) -> UnreadableRow:
        """Name everything that is wrong with a row, and keep what can still be made out."""
        key, invoice, paid_on, amount, payment_type, reference, notes, _, payer, _, _, multi = row
        problems: list[str] = []
        payment_id = _made_out(problems, key_of, key)
        _made_out(problems, key_of, invoice, "invoice's key")
        day = _made_out(problems, date_of, paid_on, "payment date")
        cents = _made_out(problems, self._amount, amount)
        texts = {
            "payment type": payment_type,
            "reference": reference,
            "notes": notes,
            "payer": payer,
            "group": multi if isinstance(multi, str) else "",
        }
        for what, value in texts.items():
            _made_out(problems, text_of, value, what)
        return UnreadableRow(
            side=Side.CASE_MANAGER,
            place=_place(self._table, key),
            problem=" ".join((*problems, _REMEDY)),
            case_payment_id=None if payment_id is None else CasePaymentId(payment_id),
            invoice_number=number,
            amount=None if cents is None else Money(cents, self._currency),
            paid_on=day,
        )


def _made_out(problems: list[str], read: Callable[..., _Value], value: object, *what: str) -> _Value | None:
    """Return what can be read, or None with the problem added."""
    try:
        return read(value, *what)
    except ForeignValueError as error:
        problems.append(f"{error}.")
        return None


def _shown_text(value: object, what: str) -> str:
    """Return text that is only shown, whatever of it can be made out."""
    if isinstance(value, str):
        return HALF_CHARACTER.sub("\ufffd", value)
    return _made_out([], text_of, value, what) or ""


def _place(table: CheckedTable, key: object) -> str:
    column = table.columns["key"].name
    return f"{table.table} row without {column}" if key is None else f"{table.table} row {key} ({column})"


def teller(tell: Tell) -> Callable[[Any], bool]:
    """Return what reads the mark from what was selected: what is compared, the database compared (see `schema`)."""
    if tell.told is Told.NOT_NULL:
        return lambda value: not _is_blank(value)
    if tell.told in COMPARED:
        return bool
    return lambda _: False


def group_of(value: object) -> object | None:
    """Return the group that a value names, None where it names none."""
    return None if _is_blank(value) else value


def _is_blank(value: object) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())
