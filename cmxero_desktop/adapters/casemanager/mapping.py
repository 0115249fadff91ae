"""What a mapping file says about the firm's Case Manager schema, as frozen records."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import Literal

Constant = str | int | Decimal | bool | date
"""A value that a mapping file can hold for a column."""


class Told(StrEnum):
    """How a column tells that a payment is journalled, part of a multi-invoice payment, or counts at all."""

    NEVER = "never"
    NULL = "null"
    NOT_NULL = "not_null"
    EQUALS = "equals"
    NOT_EQUALS = "not_equals"
    SHARED = "shared"


COMPARED = frozenset({Told.EQUALS, Told.NOT_EQUALS})
"""What is told by comparing a column with values of the mapping."""


class KeySource(StrEnum):
    """Where the key of a new payment comes from."""

    GENERATED = "generated"
    NEXT_NUMBER = "next_number"
    UUID = "uuid"


@dataclass(frozen=True, slots=True, kw_only=True)
class TableName:
    """A table, in the login's default schema where `schema` is None."""

    name: str
    schema: str | None = None

    def __str__(self) -> str:
        """Return the name as a person reads it."""
        return f"{self.schema}.{self.name}" if self.schema else self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class Tell:
    """A column and how it is read: (not) null, (not) equal to one of `values`, or a group that other payments share.

    `none` are group values that mean "no group", such as 0.
    """

    told: Told
    column: str = ""
    values: tuple[Constant, ...] = ()
    none: tuple[Constant, ...] = ()


NEVER = Tell(told=Told.NEVER)
"""Nothing tells; where it stands for which rows count, every row does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sum:
    """A table whose rows add up to a figure of an invoice; `invoice` refers to the key of the invoices.

    `where` tells which rows count. `is_negative` says that what is 50.00 in the figure is stored as -50.00.
    """

    table: TableName
    amount: str
    invoice: str
    where: Tell = NEVER
    is_negative: bool = False


Figure = str | Sum | Literal[0] | None
"""Where a figure of an invoice stands: a column, a sum; 0 where there never is any, None where nobody knows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceColumns:
    """The invoices table and its columns; those that may be None are not in every schema.

    `only` tells which rows count at all.
    """

    table: TableName
    key: str
    number: str
    total: str
    adjustments: Figure = None
    refunds: Figure = None
    bill_to: str | None = None
    case_name: str | None = None
    invoice_date: str | None = None
    due_date: str | None = None
    only: Tell = NEVER


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentColumns:
    """The payments table, its columns, and what an insert must fill.

    `are_amounts_negative` says that a payment of 100.00 is stored as -100.00. `only` tells which rows count at all.
    """

    table: TableName
    key: str
    invoice: str
    paid_on: str
    amount: str
    payment_type: str
    reference: str
    notes: str
    journal_number: str | None = None
    payer: str | None = None
    entered_by: str | None = None
    key_source: KeySource = KeySource.GENERATED
    are_amounts_negative: bool = False
    added_payment_type: str = "EFT"
    imported_text: str = "Xero payment"
    journalled: Tell = NEVER
    multi_invoice: Tell = NEVER
    only: Tell = NEVER
    constants: Mapping[str, Constant] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingsRows:
    """The table of name and value pairs, and the names of the rows that matter here."""

    table: TableName
    name: str
    value: str
    forward_dating_days: str | None = None
    journalled_row: str | None = None
    journalled_unlocked: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseMapping:
    """One mapping file; `source` is what a person calls it."""

    source: str
    invoices: InvoiceColumns
    payments: PaymentColumns
    settings: SettingsRows | None = None

    @property
    def sums(self) -> Mapping[str, Sum]:
        """The figures of an invoice that are sums over a table of their own."""
        figures = {"adjustments": self.invoices.adjustments, "refunds": self.invoices.refunds}
        return {name: figure for name, figure in figures.items() if isinstance(figure, Sum)}

    @property
    def are_adjustments_known(self) -> bool:
        """Whether it is known where adjustments and refunds stand, or that there are none (R24a)."""
        return self.invoices.adjustments is not None and self.invoices.refunds is not None
