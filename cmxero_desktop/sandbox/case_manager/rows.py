"""The rows of Case Manager's reference schema as plain tuples, for any database to load."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import NamedTuple

REFERENCE_DDL = (
    """CREATE TABLE invoices (
  invoice_id INTEGER PRIMARY KEY,
  invoice_number VARCHAR(20) NOT NULL UNIQUE,
  bill_to VARCHAR(120) NOT NULL, case_name VARCHAR(120),
  invoice_date DATE NOT NULL, due_date DATE,
  total NUMERIC(12,2) NOT NULL,
  adjustments NUMERIC(12,2) NOT NULL DEFAULT 0,
  refunds NUMERIC(12,2) NOT NULL DEFAULT 0
)""",
    """CREATE TABLE payments (
  payment_id INTEGER PRIMARY KEY,
  invoice_id INTEGER NOT NULL REFERENCES invoices (invoice_id),
  payment_date DATE NOT NULL,
  amount NUMERIC(12,2) NOT NULL,
  payment_type VARCHAR(20) NOT NULL,
  reference_number VARCHAR(50),
  notes VARCHAR(500),
  journal_number VARCHAR(20),
  payment_group INTEGER
)""",
    "CREATE TABLE system_settings (name VARCHAR(60) PRIMARY KEY, value VARCHAR(200))",
)
FORWARD_DATING_DAYS = 5


class CaseInvoiceRow(NamedTuple):
    """One row of `invoices`, in the order of its columns."""

    invoice_id: int
    invoice_number: str
    bill_to: str
    case_name: str | None
    invoice_date: date
    due_date: date | None
    total: Decimal
    adjustments: Decimal = Decimal(0)
    refunds: Decimal = Decimal(0)


class CasePaymentRow(NamedTuple):
    """One row of `payments`, in the order of its columns."""

    payment_id: int
    invoice_id: int
    payment_date: date
    amount: Decimal
    payment_type: str
    reference_number: str | None = None
    notes: str | None = None
    journal_number: str | None = None
    payment_group: int | None = None


class SystemSettingRow(NamedTuple):
    """One row of `system_settings`."""

    name: str
    value: str | None


@dataclass(slots=True)
class CaseRows:
    """Everything that the firm's Case Manager holds; `row._asdict()` gives a row by column name."""

    invoices: list[CaseInvoiceRow] = field(default_factory=list)
    payments: list[CasePaymentRow] = field(default_factory=list)
    settings: list[SystemSettingRow] = field(
        default_factory=lambda: [SystemSettingRow("forward_dating_days", str(FORWARD_DATING_DAYS))]
    )

    def invoice(self, invoice_number: str) -> CaseInvoiceRow:
        """Return an invoice by its number, with or without Xero's prefix."""
        number = invoice_number.removeprefix("CM-")
        return next(row for row in self.invoices if row.invoice_number == number)

    def payments_on(self, invoice_number: str) -> list[CasePaymentRow]:
        """Return an invoice's payments by its number, with or without Xero's prefix."""
        invoice_id = self.invoice(invoice_number).invoice_id
        return [row for row in self.payments if row.invoice_id == invoice_id]


def import_note(payment_id: str, before: str | None = None) -> str:
    """Return Notes that name a Xero payment on a line of their own, behind what a person wrote."""
    line = f"Xero payment {payment_id}"
    return f"{before}\n{line}" if before else line
