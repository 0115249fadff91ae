"""What is shown of the watch: a row for each invoice, the clearing check, and the lists after an end (S6, S9)."""

from dataclasses import dataclass
from datetime import date, datetime

from cmxero_desktop.domain.money import Money
from cmxero_desktop.domain.sor.alerts import SorAlert
from cmxero_desktop.domain.sor.schedules import SorSchedule, Tick


@dataclass(frozen=True, slots=True, kw_only=True)
class SorRow:
    """An invoice under a schedule, as the tab lists it; `alerts` are its own, standing ones first.

    `total` is None where only payments tell of the schedule; `written` are its instalments in Xero, `outside` what
    other money counts on it, `other_changes` how many other things happened to it. `home` is as in an alert.
    `invoice_total` is Xero's, None where it is not known. Where the schedule's total is one for several invoices,
    `is_shared`, and `schedule_written` are the instalments of all of them. `written_for_others` are the instalments of
    other schedules of the invoice. Nothing is due on one that `is_void` in Xero.
    """

    schedule: SorSchedule
    invoice_number: str
    bill_to: str
    total: Money | None
    written: Money
    written_count: int
    outside: Money
    other_changes: int
    due: Money | None
    alerts: tuple[SorAlert, ...] = ()
    home: str = ""
    invoice_total: Money | None = None
    schedule_written: Money | None = None
    is_shared: bool = False
    written_for_others: Money | None = None
    is_void: bool = False

    @property
    def row_id(self) -> str:
        """The row's name."""
        return f"{self.schedule.schedule_id}:{self.invoice_number}"

    @property
    def at_risk(self) -> tuple[Money, ...]:
        """What all alerts that stand put at risk together, by currency, the leading one's first."""
        sums: dict[str, Money] = {}
        for alert in self.alerts:
            if alert.is_standing:
                risk = alert.at_risk
                sums[risk.currency] = sums.get(risk.currency, Money.zero(risk.currency)) + risk
        return tuple(sums.values())

    @property
    def leading(self) -> SorAlert | None:
        """The alert that the row speaks of first: the standing one whose debit is next, else the newest."""
        return self.alerts[0] if self.alerts else None


@dataclass(frozen=True, slots=True, kw_only=True)
class EndingItem:
    """Something to do in the firm's own books after a schedule ended early (S9); `tick` says who did it."""

    key: str
    invoice_number: str
    words: str
    amount: Money | None = None
    tick: Tick | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """The list of one schedule that ended early."""

    schedule: SorSchedule
    items: tuple[EndingItem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClearingLine:
    """What a schedule should have left on the clearing account: `disbursed` (None: not known) less `written`.

    Nothing is left of one that `is_settled`: it is over, and what was not written was taken back.
    """

    schedule_id: str
    written: Money
    disbursed: Money | None = None
    is_settled: bool = False
    finding: str = ""

    @property
    def taken_back(self) -> Money | None:
        """What Apxium took back of one that is over; None where that is not known."""
        if self.disbursed is None:
            return None
        rest = self.disbursed - self.written
        return rest if self.is_settled else Money.zero(self.written.currency)

    @property
    def expected(self) -> Money | None:
        """What should be left."""
        if self.is_settled:
            return Money.zero(self.written.currency)
        return None if self.disbursed is None else self.disbursed - self.written


@dataclass(frozen=True, slots=True, kw_only=True)
class ParkedPayment:
    """A payment that stands in the account for what Apxium could not allocate."""

    invoice_number: str
    record_id: str
    paid_on: date
    amount: Money
    reference: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClearingBalance:
    """The balance of the clearing account as a person read it in Xero."""

    amount: Money
    on: date
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClearingCheck:
    """The clearing account: what each schedule should have left there, and what is there.

    `expected_then` is what they should have left on the day of the balance, with which it is compared.
    """

    lines: tuple[ClearingLine, ...]
    expected: Money
    is_complete: bool
    balance: ClearingBalance | None = None
    expected_then: Money | None = None
    difference: Money | None = None
    findings: tuple[str, ...] = ()
    parked: tuple[ParkedPayment, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SorBoard:
    """Everything that the tab, the banner and the lists show; `today` is the firm's day at the last check.

    `alerts` are all that are known, standing ones first, the soonest debit first.
    """

    today: date | None = None
    rows: tuple[SorRow, ...] = ()
    alerts: tuple[SorAlert, ...] = ()
    clearing: ClearingCheck | None = None
    endings: tuple[Ending, ...] = ()

    @property
    def standing(self) -> tuple[SorAlert, ...]:
        """The alerts that still have to be looked at."""
        return tuple(alert for alert in self.alerts if alert.is_standing)

    def left_after(self, schedule: SorSchedule) -> tuple[EndingItem, ...]:
        """Return what is left to do after a schedule ended early (S9)."""
        own = (ending for ending in self.endings if ending.schedule.schedule_id == schedule.schedule_id)
        return tuple(item for ending in own for item in ending.items if item.tick is None)

    @property
    def look_again_at(self) -> datetime | None:
        """When the watch wants to look again, after a cancellation (S6); None where it does not."""
        return min((at for row in self.rows if (at := row.schedule.look_again_at) is not None), default=None)


NO_BOARD = SorBoard()
