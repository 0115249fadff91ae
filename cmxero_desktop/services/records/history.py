"""What was: facts with the time in which they were seen, and all that the desk knew of one invoice at an instant."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from cmxero_desktop.domain.identifiers import CasePaymentId, XeroPaymentId
from cmxero_desktop.domain.memory import AcceptedSet, Explanation, RememberedPair
from cmxero_desktop.domain.placements import Bucket, MatchedHow, Placement, Reason
from cmxero_desktop.domain.records import Account, CaseInvoice, CasePayment
from cmxero_desktop.domain.rules import Rule
from cmxero_desktop.domain.words_of_rules import REASON_WORDS

Fact = TypeVar("Fact", covariant=True)  # noqa: PLC0105 - the fact is the parameter


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreMoment:
    """A point of our store's own counter: its time (aware UTC), and how long the audit trail was."""

    number: int
    at: datetime
    entries: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen(Generic[Fact]):
    """A fact as it stood at a moment, and between which instants (aware UTC) it stood so.

    `since` is None where it stood so before anything was kept, `until` where it still does.
    """

    fact: Fact
    since: datetime | None
    until: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RowPlace:
    """Where a payment stood: the row's payments, and why it stood there."""

    bucket: Bucket
    rule: Rule
    xero_id: XeroPaymentId | None = None
    case_id: CasePaymentId | None = None
    reason: Reason | None = None
    matched_how: MatchedHow | None = None

    @classmethod
    def of(cls, placement: Placement) -> "RowPlace":
        """Take from a row what says where it stands; a row that cannot be read has at most ids."""
        row = placement.unreadable
        xero_id, case_id = (row.xero_payment_id, row.case_payment_id) if row else (None, None)
        return cls(
            bucket=placement.bucket,
            rule=placement.rule,
            xero_id=placement.xero.payment_id if placement.xero else xero_id,
            case_id=placement.case.payment_id if placement.case else case_id,
            reason=placement.reason,
            matched_how=placement.matched_how,
        )

    @property
    def words(self) -> str:
        """Where it stood and why, in the words of the lists."""
        why = REASON_WORDS[self.reason].short if self.reason else self.matched_how or ""
        return f"{self.bucket.capitalize()}: {why}" if why else self.bucket.capitalize()


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseSide:
    """Case Manager's side of one invoice as it was read, and where each payment of both sides stood."""

    invoice: Seen[CaseInvoice] | None = None
    payments: tuple[Seen[CasePayment], ...] = ()
    places: tuple[RowPlace, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Remembered:
    """What was remembered of one invoice: pairs, and what persons said of its payments."""

    pairs: tuple[Seen[RememberedPair], ...] = ()
    accepted: tuple[Seen[AcceptedSet], ...] = ()
    explained: tuple[Seen[Explanation], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseSightings:
    """When the checks first saw what Case Manager has (aware UTC), as far as it was kept.

    `invoices` are the first comparisons of invoices, by CM number; `payments` came after the first of their invoice;
    `locked` were seen before they were journalled, and then journalled.
    """

    invoices: Mapping[str, datetime]
    payments: Mapping[CasePaymentId, datetime]
    locked: Mapping[CasePaymentId, datetime]


Accounts = Mapping[str, Account]
"""Accounts by their id in lower case."""
