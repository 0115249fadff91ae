"""What is kept of the SOR watch: records by their keys, and notices that are said once, whoever says them."""

from dataclasses import replace
from datetime import date, timedelta

from cmxero_desktop.domain.identifiers import XeroInvoiceId, XeroPaymentId
from cmxero_desktop.domain.money import Money
from cmxero_desktop.domain.records import Side
from cmxero_desktop.domain.rules import Rule
from cmxero_desktop.domain.sor.alerts import DebitDateIs, SorAlert, SorAlertState, SorEvidence, SorKind
from cmxero_desktop.domain.sor.board import ClearingBalance
from cmxero_desktop.domain.sor.notices import NoticeWay, SorNotice, SorNoticeKind
from cmxero_desktop.domain.sor.schedules import (
    FirstSight,
    Instalment,
    ScheduledInvoice,
    ScheduleSource,
    ScheduleState,
    SorSchedule,
    Tick,
)
from cmxero_desktop.domain.xero_history import HistoryLine, ToldHistory
from cmxero_desktop.services.ports.store import Store
from cmxero_desktop.services.records.mail import MailSent
from tests.adapters.store.examples import NOON

A_DAY = date(2026, 11, 22)
AMOUNT = Money.of("300.00", "AUD")
TEN_MINUTES = timedelta(minutes=10)
SCHEDULE = SorSchedule(
    schedule_id="SOR-1",
    source=ScheduleSource.LIST,
    known_at=NOON,
    invoices=(
        ScheduledInvoice(
            number="CM-100",
            invoice_id=XeroInvoiceId("invoice-1"),
            first_sight=FirstSight(seen_at=NOON, number="CM-100", before=frozenset({"payment:p1"}), adjustments=AMOUNT),
            instalments=frozenset({XeroPaymentId("p2"), XeroPaymentId("p3")}),
            debit_on=A_DAY,
        ),
        ScheduledInvoice(number="CM-101"),
    ),
    instalments=(Instalment(due_on=A_DAY, amount=AMOUNT),),
    total=AMOUNT,
    ticks={"recouped": Tick(by="Ann", at=NOON, on=NOON.date())},
)
ALERT = SorAlert(
    key="payment:p9#1",
    sighting="payment:p9",
    schedule_id="SOR-1",
    invoice_number="CM-100",
    kind=SorKind.OTHER_PAYMENT,
    rule=Rule.S3,
    amount=AMOUNT,
    at_risk=AMOUNT,
    first_seen_at=NOON,
    first_seen_on=A_DAY,
    evidence=SorEvidence(side=Side.XERO, name="payment of 300.00", record_id="p9", on=A_DAY),
    explanation="Another payment.",
    consequence="Apxium takes it back.",
    next_step="Refund it.",
    debit_on=A_DAY,
    debit_date_is=DebitDateIs.ESTIMATED,
)


def notice(key: str) -> SorNotice:
    return SorNotice(
        key=key,
        kind=SorNoticeKind.REMINDER,
        schedule_id="SOR-1",
        invoice_number="CM-100",
        on=A_DAY,
        title="t",
        text=key,
    )


def post(store: Store, *keys: str) -> None:
    with store.begin() as unit:
        unit.sor.post(notice(key) for key in keys)
        unit.commit()


def take(
    store: Store, holder: str, way: NoticeWay = NoticeWay.MAIL, after: timedelta = timedelta(0), but: str = ""
) -> list[str]:
    now = NOON + after
    with store.begin() as unit:
        found = [each.key for each in unit.sor.take(way, holder, now, now + TEN_MINUTES, lambda n: n.key != but)]
        unit.commit()
    return found


def say(store: Store, *keys: str, way: NoticeWay = NoticeWay.MAIL) -> None:
    with store.begin() as unit:
        unit.sor.said(way, keys, NOON)
        unit.commit()


def test_a_new_store_knows_of_no_schedule_s1(store: Store) -> None:
    with store.read() as unit:
        assert (unit.sor.schedules(), unit.sor.alerts(), unit.sor.balance()) == ((), (), None)


def test_schedules_and_alerts_come_back_as_they_were_in_their_order(store: Store) -> None:
    other = replace(SCHEDULE, schedule_id="A", invoices=(), ticks={})
    ended, cleared = replace(SCHEDULE, state=ScheduleState.CANCELLED), replace(ALERT, state=SorAlertState.CLEARED)
    with store.begin() as unit:
        unit.sor.save_schedules([SCHEDULE, other])
        unit.sor.save_alerts([ALERT, replace(ALERT, key="other")])
        unit.sor.save_schedules([ended])
        unit.sor.save_alerts([cleared])
        unit.sor.save_schedules([])
        unit.commit()
    with store.read() as unit:
        assert unit.sor.schedules() == (ended, other)
        assert unit.sor.alerts() == (cleared, replace(ALERT, key="other"))


def test_a_schedule_that_was_marked_by_mistake_is_forgotten(store: Store) -> None:
    with store.begin() as unit:
        unit.sor.save_schedules([SCHEDULE, replace(SCHEDULE, schedule_id="B")])
        unit.sor.save_alerts([replace(ALERT, key="SOR-1")])
        unit.sor.forget_schedules(["SOR-1", "C"])
        unit.commit()
    with store.read() as unit:
        assert [each.schedule_id for each in unit.sor.schedules()] == ["B"]
        assert len(unit.sor.alerts()) == 1


def test_the_last_balance_that_a_person_read_counts(store: Store) -> None:
    first = ClearingBalance(amount=AMOUNT, on=A_DAY, by="Ann")
    with store.begin() as unit:
        unit.sor.save_balance(first)
        unit.sor.save_balance(replace(first, by="Bob"))
        unit.commit()
    with store.read() as unit:
        assert unit.sor.balance() == replace(first, by="Bob")


def test_a_notice_is_posted_once_and_taken_in_order(store: Store) -> None:
    post(store, "b", "a")
    post(store, "a", "c")
    post(store)
    assert take(store, "one") == ["b", "a", "c"]


def test_a_notice_that_was_said_is_never_said_again_in_this_way(store: Store) -> None:
    post(store, "a", "b")
    assert take(store, "one") == ["a", "b"]
    say(store, "a")
    say(store)
    assert take(store, "one") == ["b"]
    assert take(store, "one", after=2 * TEN_MINUTES) == ["b"]
    assert take(store, "one", NoticeWay.TRAY) == ["a", "b"]


def test_two_desktops_never_say_the_same_at_once_and_one_takes_over_from_one_that_ended(store: Store) -> None:
    post(store, "a")
    assert take(store, "one") == ["a"]
    assert take(store, "two", after=TEN_MINUTES / 2) == []
    assert take(store, "two", after=TEN_MINUTES) == ["a"]
    assert take(store, "one", after=TEN_MINUTES) == []


def test_what_was_taken_by_a_clock_a_year_ahead_is_free_once_it_is_right(store: Store) -> None:
    post(store, "a")
    assert take(store, "one", after=timedelta(days=365)) == ["a"]
    assert take(store, "two") == ["a"]


def test_a_desktop_whose_clock_is_a_little_ahead_keeps_what_it_took(store: Store) -> None:
    post(store, "a")
    assert take(store, "one", after=TEN_MINUTES / 2) == ["a"]
    assert take(store, "two") == []


def test_the_newest_mail_takes_the_place_of_the_one_before(store: Store) -> None:
    for subject in ("first", "second"):
        with store.begin() as unit:
            unit.sor.save_mail_sent(MailSent(NOON, subject))
            unit.commit()
    with store.read() as unit:
        assert unit.sor.mail_sent() == MailSent(NOON, "second")


def test_what_a_desktop_does_not_want_is_left_to_the_others(store: Store) -> None:
    post(store, "a", "b")
    assert take(store, "one", but="a") == ["b"]
    assert take(store, "two") == ["a"]


def test_what_xero_said_of_a_payment_is_kept_by_its_id_in_either_case(store: Store) -> None:
    lines = (HistoryLine(at=NOON, who="R. Patel", what="Created"),)
    told = ToldHistory(payment_id=XeroPaymentId("P9"), changed_at=NOON, asked_at=NOON, lines=lines)
    with store.begin() as unit:
        assert unit.sor.told_history(XeroPaymentId("p9")) is None
        unit.sor.save_told_history(told)
        unit.commit()
    newer = replace(told, lines=None, asked_at=NOON + TEN_MINUTES)
    with store.begin() as unit:
        assert unit.sor.told_history(XeroPaymentId("p9")) == told
        unit.sor.save_told_history(newer)
        unit.commit()
    with store.read() as unit:
        assert unit.sor.told_history(XeroPaymentId("P9")) == newer
        assert unit.sor.alerts() == ()
