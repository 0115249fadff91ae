"""SOR schedules as frozen records: how each is known, where it stands, how its invoices stood at first sight (S1)."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType

from cmxero_desktop.domain.identifiers import XeroInvoiceId, XeroPaymentId
from cmxero_desktop.domain.money import Money, total


class FirmType(StrEnum):
    """What the firm's practice software is: Apxium counts down to a debit for Xero firms alone (S4)."""

    XERO = "xero"
    OTHER = "other"


class ScheduleSource(StrEnum):
    """How a schedule is known (S1); a later one in `STRONGER_LAST` knows more than an earlier one."""

    CLEARING_ACCOUNT = "clearing account"
    MARKED = "marked by hand"
    ENTERED = "entered by hand"
    LIST = "imported list"


STRONGER_LAST = tuple(ScheduleSource)


class ScheduleState(StrEnum):
    """Where a schedule stands; FAILED is an instalment that Apxium tries again, CLOSED what a person ended."""

    ACTIVE = "active"
    FAILED = "failed"
    DEFAULTED = "defaulted"
    CANCELLED = "cancelled"
    COMPLETED = "completed"
    CLOSED = "closed"


RUNNING = frozenset({ScheduleState.ACTIVE, ScheduleState.FAILED})
"""While a schedule is in one of these, its invoices are watched and flagged (S3, S10)."""

ENDED_EARLY = frozenset({ScheduleState.DEFAULTED, ScheduleState.CANCELLED})
"""What is left is recouped and outstanding again (S9)."""


class InstalmentState(StrEnum):
    """What a list says of an instalment; whether it was written is told by Xero alone."""

    DUE = "due"
    PAID = "paid"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Instalment:
    """One instalment of a schedule. `invoice_number` is empty where it is not said to which invoice it belongs."""

    due_on: date
    amount: Money
    invoice_number: str = ""
    state: InstalmentState = InstalmentState.DUE
    retry_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstSight:
    """How an invoice stood when the watch first saw it: what differs from it later happened while it watched.

    `before` are the keys of what had reduced it before its schedule began, and is no outside allocation.
    `adjustments` is None where Case Manager's are not known.
    """

    seen_at: datetime
    number: str
    reference: str = ""
    adjustments: Money | None = None
    before: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduledInvoice:
    """An invoice under a schedule, by the CM number under which it became known, then by Xero's id for good.

    `goes_by` is the number that it was last compared by, empty while it was not yet.

    `instalments` are the Xero payments, by folded id, that were ever seen to go to the clearing account, those that
    were deleted too. `debit_on` is the debit date that a person entered from Apxium's mail.
    """

    number: str
    invoice_id: XeroInvoiceId | None = None
    goes_by: str = ""
    first_sight: FirstSight | None = None
    instalments: frozenset[XeroPaymentId] = frozenset()
    debit_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """That somebody has done something of the list after the end (S9).

    `on` is the firm's own day of it, None where an older version kept none: the instant may be another day's elsewhere.
    """

    by: str
    at: datetime
    on: date | None = None

    @property
    def day(self) -> date:
        """The day on which it was done."""
        return self.on or self.at.date()


@dataclass(frozen=True, slots=True, kw_only=True)
class SorSchedule:
    """An SOR schedule. `schedule_id` is its name in the list or in Apxium, else the number of its first invoice.

    `total` is what its instalments add up to, None where only payments tell of it. `ended_by` is "program" where every
    instalment was written, else a person. `look_again_at` is when Apxium should have synced after a cancellation (S6).
    `retry_on` stays with one that a person ended, in case that is taken back.
    """

    schedule_id: str
    source: ScheduleSource
    known_at: datetime
    invoices: tuple[ScheduledInvoice, ...]
    state: ScheduleState = ScheduleState.ACTIVE
    instalments: tuple[Instalment, ...] = ()
    total: Money | None = None
    started_on: date | None = None
    retry_on: date | None = None
    disbursed: Money | None = None
    payer: str = ""
    said_by: str = ""
    reason: str = ""
    ended_at: datetime | None = None
    ended_by: str = ""
    look_again_at: datetime | None = None
    ticks: Mapping[str, Tick] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def is_running(self) -> bool:
        """Whether its invoices are watched and flagged."""
        return self.state in RUNNING

    @property
    def tried_again_on(self) -> date | None:
        """The day on which Apxium tries a failed instalment again, while that is still to come of it."""
        return self.retry_on if self.state is ScheduleState.FAILED else None

    @property
    def numbers(self) -> tuple[str, ...]:
        """The numbers under which its invoices became known."""
        return tuple(invoice.number for invoice in self.invoices)

    def knows_share_of(self, number: str) -> bool:
        """Say whether one knows which part of it an invoice of its has."""
        return len(self.invoices) == 1 or any(i.invoice_number == number for i in self.instalments)

    def share_of(self, number: str) -> Money | None:
        """Return what it brings to one of its invoices, as far as its instalments say so; else its total."""
        if self.total is None:
            return None
        own = [i.amount for i in self.instalments if i.invoice_number == number]
        return total(own, self.total.currency) if own else self.total

    def with_invoice(self, invoice: ScheduledInvoice) -> "SorSchedule":
        """Return it with what is known of one of its invoices by now."""
        changed = tuple(invoice if each.number == invoice.number else each for each in self.invoices)
        return self if changed == self.invoices else replace(self, invoices=changed)
