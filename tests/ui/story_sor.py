"""The SOR watch of the story: three invoices of the firm's own lists, watched by the real watch from day to day."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import cache

from cmxero_desktop.domain.correlation.judging import judge
from cmxero_desktop.domain.records import InvoiceSnapshot
from cmxero_desktop.domain.sor.alerts import SorAlert, XeroHistory
from cmxero_desktop.domain.sor.board import ClearingBalance, SorBoard
from cmxero_desktop.domain.sor.boarding import Shown, board_of
from cmxero_desktop.domain.sor.importing import ListLine
from cmxero_desktop.domain.sor.knowing import PROGRAM, Now
from cmxero_desktop.domain.sor.listing import ListedBy, check_list, schedules_by_number, taken_over
from cmxero_desktop.domain.sor.schedules import (
    FirmType,
    InstalmentState,
    ScheduleSource,
    ScheduleState,
    SorSchedule,
    Tick,
)
from cmxero_desktop.domain.sor.sighting import WatchedInvoice, watched_of
from cmxero_desktop.domain.sor.watching import SorMemory, watch
from cmxero_desktop.domain.sor.words import STATE_WORDS
from cmxero_desktop.domain.xero_history import HistoryLine
from cmxero_desktop.services.records.audit import AuditEvent, AuditWhat
from cmxero_desktop.services.sor.listing import TAKEN
from cmxero_desktop.services.sor.saying import SYNCED_AFTER, item_words
from cmxero_desktop.services.sor.watching import balance_event, schedule_event
from tests.ui.story_times import (
    BEGUN,
    CHECKED,
    CLEARING,
    PARKED_AT,
    PARKING,
    PAST_SCHEDULE,
    PAST_SCHEDULE_AT,
    as_it_stood,
    seen_by,
)
from tests.ui.views import POLICY, TODAY, C, X, aud, day, snapshot

Watched = tuple[InvoiceSnapshot, ...]
_FIRST_LINE = 2
_CANCELLED_WHY = "Apxium cancelled it: the instalment of 1 Nov was not paid."


def sor_facts() -> tuple[InvoiceSnapshot, ...]:
    """Return the invoices under schedules: one with a payment past it, and two whose schedule was cancelled."""
    return (
        _at_apxium(
            snapshot(
                "CM-22002",
                "Acme Insurance",
                "4601 Quinn, A",
                "1500.00",
                [
                    X(name="s1", amount="100.00", on=day(20, 10), reference="SOR 1/15"),
                    X(name=PAST_SCHEDULE, amount="1200.00", on=day(21), reference="Client paid direct"),
                ],
                [C(number=521, amount="100.00", on=day(20, 10), xero="s1", reference="SOR 1/15")],
            ),
            {"s1": CLEARING},
        ),
        _at_apxium(
            snapshot(
                "CM-22003",
                "Acme Insurance",
                "4602 Reid, B",
                "300.00",
                [
                    X(name="s4", amount="100.00", on=day(1, 10), reference="SOR-7 1/3"),
                    X(name="s5", amount="15.00", on=day(20), reference="APX 4471"),
                ],
                [
                    C(number=522, amount="100.00", on=day(1, 10), xero="s4", reference="SOR-7 1/3"),
                    C(number=523, amount="15.00", on=day(20), xero="s5", reference="APX 4471"),
                ],
            ),
            {"s4": CLEARING, "s5": PARKING},
        ),
        snapshot("CM-22004", "Acme Insurance", "4602 Reid, B", "40.00"),
    )


IMPORTED_AT = datetime(2026, 11, 16, 11, 20, tzinfo=UTC)
ENDED_AT = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
TICKED_AT = datetime(2026, 11, 24, 9, 10, tzinfo=UTC)
KEEPER = "Ann"
"""Who keeps the schedules."""

BALANCE = ClearingBalance(amount=aud("1400.00"), on=day(24), by=KEEPER)
"""What the clearing account held, read in Xero."""

LISTED = tuple(
    ListLine(
        line=line,
        schedule="SOR-7",
        invoice=number,
        due_on=due,
        amount=aud(amount),
        state=InstalmentState.PAID if line == _FIRST_LINE else InstalmentState.DUE,
        disbursed=aud("340.00"),
    )
    for line, number, due, amount in (
        (_FIRST_LINE, "CM-22003", date(2026, 10, 1), "100.00"),
        (3, "CM-22003", date(2026, 11, 1), "100.00"),
        (4, "CM-22003", date(2026, 12, 1), "100.00"),
        (5, "CM-22004", date(2026, 12, 1), "40.00"),
    )
)
"""The list of Apxium's that was imported after the first check."""


@dataclass(frozen=True, slots=True)
class SorStory:
    """What the watch remembers in the end, and what History says of it."""

    memory: SorMemory
    events: tuple[AuditEvent, ...]

    def watched(self, facts: Watched, at: datetime) -> "SorStory":
        """Return it after a check at an instant."""
        known = {each.schedule_id for each in self.memory.schedules}
        seen = watch(self.memory, _watched(facts, at), POLICY, FirmType.XERO, _now(at))
        new = [each for each in seen.memory.schedules if each.schedule_id not in known]
        found = (schedule_event(each, at, PROGRAM, "found by its instalments") for each in new)
        alerts = (_alert_event(each, at) for each in (*seen.opened, *seen.ended))
        return SorStory(seen.memory, (*self.events, *found, *alerts))

    def imported(self, facts: Watched) -> "SorStory":
        """Return it after the list was imported, whose schedule takes the place of one that was only found."""
        taken = check_list(LISTED, listed_by(self.memory, facts, IMPORTED_AT)).accepted
        gone = [old for new in taken for old in taken_over(new, schedules_by_number(self.memory.schedules))]
        kept = tuple(each for each in self.memory.schedules if each not in gone)
        events = (schedule_event(each, IMPORTED_AT, KEEPER, "", TAKEN) for each in taken)
        return SorStory(replace(self.memory, schedules=(*kept, *taken)), (*self.events, *events))

    def said(
        self, at: datetime, change: Callable[[SorSchedule], SorSchedule], reason: str = "", what: str = ""
    ) -> "SorStory":
        """Return it after the keeper said something of the imported schedule."""
        schedules = tuple(
            change(each) if each.schedule_id == LISTED[0].schedule else each for each in self.memory.schedules
        )
        events = (
            schedule_event(each, at, KEEPER, reason, what) for each in schedules if each not in self.memory.schedules
        )
        return SorStory(replace(self.memory, schedules=schedules), (*self.events, *events))


@cache
def sor_story() -> SorStory:
    """Tell it from check to check: found, imported, cancelled, a payment past a schedule, and a step that was done."""
    facts = sor_facts()
    story = SorStory(SorMemory(), ()).watched(facts, BEGUN).imported(facts).watched(facts, IMPORTED_AT)
    story = story.said(ENDED_AT, _cancelled, _CANCELLED_WHY).watched(facts, ENDED_AT).watched(facts, seen_by(PARKED_AT))
    story = (
        story.watched(facts, seen_by(PAST_SCHEDULE_AT))
        .said(TICKED_AT, _ticked, what=item_words("recouped", is_done=True))
        .watched(facts, CHECKED)
    )
    alerts = tuple(_with_history(each) for each in story.memory.alerts)
    read = balance_event(BALANCE.amount, BALANCE.on, TICKED_AT, KEEPER, "")
    return SorStory(replace(story.memory, alerts=alerts), (*story.events, read))


def story_board() -> SorBoard:
    """Return the board as it is after the last check."""
    shown = Shown(invoices=_watched(sor_facts(), CHECKED), balance=BALANCE, policy=POLICY, today=TODAY)
    return board_of(sor_story().memory, shown)


def listed_by(memory: SorMemory, facts: Watched, at: datetime) -> ListedBy:
    """Return what a list is held against at an instant."""
    return ListedBy(
        source=ScheduleSource.LIST,
        by=KEEPER,
        at=at,
        schedules=memory.schedules,
        invoices={each.number: each.xero_invoice for each in facts},
        policy=POLICY,
    )


def _cancelled(schedule: SorSchedule) -> SorSchedule:
    return replace(
        schedule,
        state=ScheduleState.CANCELLED,
        ended_at=ENDED_AT,
        ended_by=KEEPER,
        look_again_at=ENDED_AT + SYNCED_AFTER,
        reason=_CANCELLED_WHY,
    )


def _ticked(schedule: SorSchedule) -> SorSchedule:
    return replace(schedule, ticks={"recouped": Tick(by=KEEPER, at=TICKED_AT)})


def _alert_event(alert: SorAlert, at: datetime) -> AuditEvent:
    return AuditEvent(
        at=at,
        by=alert.closed_by or PROGRAM,
        what=AuditWhat.ALERT,
        invoice_number=alert.invoice_number,
        reason=alert.explanation,
        rule=alert.rule,
        evidence={"alert": alert.key, "state": STATE_WORDS[alert.state]},
    )


def _at_apxium(facts: InvoiceSnapshot, accounts: dict[str, str]) -> InvoiceSnapshot:
    payments = (replace(p, account_name=accounts.get(p.payment_id, p.account_name)) for p in facts.xero_payments)
    return replace(facts, xero_payments=tuple(payments))


def _watched(facts: Watched, at: datetime) -> tuple[WatchedInvoice, ...]:
    stood = tuple(as_it_stood(each, at) for each in facts)
    found = judge(stood, POLICY, at.date()).correlations
    return tuple(watched_of(each, found[each.number], POLICY) for each in stood)


def _now(at: datetime) -> Now:
    return Now(at=at, today=at.date(), day_of=lambda instant: instant.date())


def _with_history(alert: SorAlert) -> SorAlert:
    """Let Xero's history say who entered it."""
    line = HistoryLine(at=PAST_SCHEDULE_AT, who="R. Patel", what="Created")
    return replace(alert, history=XeroHistory(is_answered=True, line=line))
