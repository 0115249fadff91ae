"""What belongs together because it was found so or a person said so, and for how long that holds (R7a, R19a)."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from cmxero_desktop.domain.identifiers import CasePaymentId, XeroInvoiceId, XeroPaymentId
from cmxero_desktop.domain.money import Money


class PairedHow(StrEnum):
    """How a pair was found."""

    NAMED = "named"
    EQUAL = "equal"
    SAID = "said by a person"


class Explained(StrEnum):
    """What a person said of a case payment that matches nothing in Xero (R17, R19a).

    What is set aside is from before and stays as it stands: it is off the list of what is to be looked at, and that is
    all. It goes on flagging whatever may be the same money, so it is the one thing that may be said of many at once.
    """

    ALLOCATION = "allocation"
    OTHER = "other"
    TO_CORRECT = "to-correct"
    CORRECTED = "corrected"
    SET_ASIDE = "set-aside"


# With these words a case payment is no longer the money of any payment in Xero; one to correct still is.
SETTLED = frozenset({Explained.ALLOCATION, Explained.OTHER, Explained.CORRECTED})


@dataclass(frozen=True, slots=True, kw_only=True)
class RememberedPair:
    """A pair that was found once: both ids, and the case payment's amount and date at that time (R7a).

    Only pairs that have not ended are given to correlation. `since` is aware UTC. `is_baseline` says that the very
    first comparison found it (R5). `born` is the moment of the store's own counter in which it was kept first, 0 where
    an older version kept none: what was there before what is told by that, never by a clock (R35).
    """

    xero_id: XeroPaymentId
    case_id: CasePaymentId
    invoice_number: str
    amount: Money
    paid_on: date
    how: PairedHow
    since: datetime | None = None
    is_baseline: bool = False
    born: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class EndedPair:
    """A pair that is kept for good and never used again: when it ended (aware UTC), and why, in a sentence (R7a)."""

    pair: RememberedPair
    at: datetime
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One payment of an accepted set, with the values that it had when a person accepted it."""

    amount: Money
    paid_on: date
    xero_id: XeroPaymentId | None = None
    case_id: CasePaymentId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptedSet:
    """Payments of both sides that a person called the same money; one that changes reopens the set (R19a, R19b)."""

    members: tuple[Member, ...]
    by: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberSaid:
    """What a person said of an invoice of Xero's: that it is this one of Case Manager's, by that one's number (R1).

    It holds while Xero shows the number that it showed then, or the one of that very invoice. `shown` may be empty;
    `at` is aware UTC.
    """

    xero_invoice_id: XeroInvoiceId
    shown: str
    number: str
    by: str = ""
    reason: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """What a person said of one case payment; it holds while amount and date are what they were (R19a).

    `act` names the clean-up in which it was said of several, by which it is taken back; empty where it was said
    alone, and None where that was not kept yet.
    """

    case_id: CasePaymentId
    what: Explained
    amount: Money
    paid_on: date
    by: str = ""
    reason: str = ""
    act: str | None = None
