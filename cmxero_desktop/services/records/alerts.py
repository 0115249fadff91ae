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
    """What an alert warns of, the most urgent first: what makes all else doubtful, then money, then what can wait."""

    OTHER_BOOKS = "other_books"
    DATABASE_MOVED = "database_moved"
    STORE_RESTORED = "store_restored"
    STORE_CAME = "store_came"
    OTHER_WRITER = "other_writer"
    SIGN_IN = "sign_in"
    NOT_EXPLAINED = "not_explained"
    REMOVAL_LIMIT = "removal_limit"
    VOIDED = "voided"
    RENUMBERED = "renumbered"
    NUMBER_SHARED = "number_shared"
    UNREADABLE = "unreadable"
    QUICK_COPIES = "quick_copies"
    TOTALS = "totals"
    ACCOUNT = "account"
    MAIL = "mail"
    LOOKS_LIKE_CM = "looks_like_cm"


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


_URGENCY = {kind: place for place, kind in enumerate(AlertKind)}


def by_urgency(alerts: Iterable[Alert]) -> tuple[Alert, ...]:
    """Return alerts in the order in which a person should see them; of one kind those that came first, first."""
    return tuple(sorted(alerts, key=lambda alert: _URGENCY[alert.kind]))


def is_held_by_other_writer(alerts: Iterable[Alert]) -> bool:
    """Say whether nothing may be written because another program writes, whatever a settings file says (R29)."""
    return any(alert.key == OTHER_WRITER_KEY for alert in alerts)
