"""What happened outside a schedule, as alerts that last: evidence, days, amount at risk, and words (S3 to S8)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from cmxero_desktop.domain.money import Money, named_money
from cmxero_desktop.domain.records import Side
from cmxero_desktop.domain.rules import Rule
from cmxero_desktop.domain.xero_history import HistoryLine

DAYS_TO_DEBIT = 7
"""How long Apxium's mail warns before it debits, where the date is not entered (S4)."""

MOST_TRIES = 3
"""How often Xero is asked for the history of one record, where it gives no answer."""


class SorKind(StrEnum):
    """What happened; each is a kind of alert."""

    OTHER_PAYMENT = "sor_other_payment"
    DISBURSEMENT = "sor_disbursement"
    CREDIT_NOTE = "sor_credit_note"
    OVERPAYMENT = "sor_overpayment"
    PREPAYMENT = "sor_prepayment"
    VOIDED = "sor_voided"
    NUMBER_CHANGED = "sor_number_changed"
    REFERENCE_CHANGED = "sor_reference_changed"
    CASE_PAYMENT = "sor_case_payment"
    CASE_ADJUSTMENT = "sor_case_adjustment"
    TOO_MUCH = "sor_too_much"
    INSTALMENT_DELETED = "sor_instalment_deleted"


class SorAlertState(StrEnum):
    """OPEN stands; CLEARED was removed before the debit date; PASSED was not; CLOSED a person ended."""

    OPEN = "open"
    CLEARED = "cleared"
    PASSED = "passed"
    CLOSED = "closed"


STANDING = frozenset({SorAlertState.OPEN, SorAlertState.PASSED})
"""What goes on to be said each day (S4)."""


class DebitDateIs(StrEnum):
    """Where the debit date comes from."""

    ENTERED = "entered"
    ESTIMATED = "estimated"


@dataclass(frozen=True, slots=True, kw_only=True)
class SorEvidence:
    """The record that an alert speaks of: which, and when it was changed.

    `name` is a sentence's subject such as "payment of 300.00"; `record_id` is the record's own id in its system, and
    `contact` who pays or is billed. By whom it was changed is told by Xero's history alone.
    """

    side: Side
    name: str
    record_id: str = ""
    reference: str = ""
    on: date | None = None
    changed_at: datetime | None = None
    contact: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class XeroHistory:
    """Whether Xero was asked who did it, and what it said; without a `line` in its answer it did not say."""

    tries: int = 0
    is_answered: bool = False
    line: HistoryLine | None = None

    @property
    def is_over(self) -> bool:
        """Whether Xero is not asked any more."""
        return self.is_answered or self.tries >= MOST_TRIES


@dataclass(frozen=True, slots=True, kw_only=True)
class SorAlert:
    """One alert of the watch; the same `key` is the same alert, also across restarts and desktops.

    `sighting` names what was seen, and `family` the record that it was seen on: where that goes and comes again, it is
    another alert of the same sighting. `removed_on` is told of one that passed and went away afterwards.
    `debit_on` is None where no debit has a date: for firms whose practice software is not Xero. `home` is the
    organisation's currency, beside which another one is named.
    """

    key: str
    sighting: str
    schedule_id: str
    invoice_number: str
    kind: SorKind
    rule: Rule
    amount: Money
    at_risk: Money
    first_seen_at: datetime
    first_seen_on: date
    evidence: SorEvidence
    explanation: str
    consequence: str
    next_step: str
    state: SorAlertState = SorAlertState.OPEN
    debit_on: date | None = None
    debit_date_is: DebitDateIs | None = None
    family: str = ""
    passed_on: date | None = None
    removed_on: date | None = None
    ended_on: date | None = None
    closed_by: str = ""
    closed_why: str = ""
    home: str = ""
    history: XeroHistory = XeroHistory()

    @property
    def risk_words(self) -> str:
        """What is at risk, in words."""
        return named_money(self.at_risk, self.home)

    @property
    def is_standing(self) -> bool:
        """Whether it still has to be looked at."""
        return self.state in STANDING

    @property
    def last_safe_day(self) -> date | None:
        """The last day on which removing it is in time: the one before the debit (S4)."""
        return None if self.debit_on is None else self.debit_on - timedelta(days=1)

    def day_on(self, today: date) -> int | None:
        """Return the day n of 7 that `today` is; it stays at 7 afterwards, and None is no countdown."""
        if self.debit_on is None:
            return None
        return min(DAYS_TO_DEBIT, max(1, (min(today, self.ended_on or today) - self.first_seen_on).days + 1))
