"""What needs somebody's attention, apart from proposals."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from cmxero_desktop.domain.accounts import AccountQuestion
from cmxero_desktop.domain.identifiers import (
    CasePaymentId,
    XeroPaymentId,
)
from cmxero_desktop.domain.money import Money
from cmxero_desktop.domain.rules import Rule

OTHER_WRITER_KEY = "other-writer"
"""The one alert about another writer, whatever it wrote (R29)."""


QUICK_COPIES_KEY = "quick-copies"
"""The one warning that somebody copies as quickly as a program (R29)."""


class AlertKind(StrEnum):
    """What an alert warns of."""

    OTHER_WRITER = "other_writer"
    QUICK_COPIES = "quick_copies"
    RENUMBERED = "renumbered"
    REMOVAL_LIMIT = "removal_limit"
    NOT_EXPLAINED = "not_explained"
    UNREADABLE = "unreadable"
    SIGN_IN = "sign_in"
    LOOKS_LIKE_CM = "looks_like_cm"
    VOIDED = "voided"
    NUMBER_SHARED = "number_shared"
    ACCOUNT = "account"
    TOTALS = "totals"
    DATABASE_MOVED = "database_moved"
    OTHER_BOOKS = "other_books"
    STORE_RESTORED = "store_restored"
    STORE_CAME = "store_came"
    MAIL = "mail"


OTHER_BOOKS = frozenset({AlertKind.DATABASE_MOVED, AlertKind.OTHER_BOOKS})
"""The settings lead to what the records do not belong to; where the database moved, a person may say so (R35)."""

STORE_KEY = "store"
"""The one alert about the store itself: it was put back, or came from another computer (R35)."""

STORE_IN_DOUBT = frozenset({AlertKind.STORE_RESTORED, AlertKind.STORE_CAME})

TOTALS_KEY = "totals"
"""The key of the one alert about the firm's totals."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """A warning that stays until its cause is gone. The same `key` is the same alert.

    `account` is what a person is asked about, where the alert is a question of that kind (R3).
    """

    key: str
    kind: AlertKind
    rule: Rule
    explanation: str
    next_step: str
    raised_at: datetime
    invoice_number: str = ""
    amount: Money | None = None
    xero_payment_id: XeroPaymentId | None = None
    case_payment_id: CasePaymentId | None = None
    on: date | None = None
    account: AccountQuestion | None = None


def is_held_by_other_writer(alerts: Iterable[Alert]) -> bool:
    """Say whether nothing may be written because another program writes, whatever a settings file says (R29)."""
    return any(alert.key == OTHER_WRITER_KEY for alert in alerts)
