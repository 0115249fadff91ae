"""The watch case by case: what is an outside allocation, when an alert ends, which schedules are known (S1 to S8)."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from cmxero_desktop.domain.identifiers import XeroPaymentId
from cmxero_desktop.domain.placements import Bucket, Correlation, Placement
from cmxero_desktop.domain.records import InvoiceSnapshot, Settlement, SettlementKind, Side, XeroPayment
from cmxero_desktop.domain.rules import Rule
from cmxero_desktop.domain.sor.alerts import DebitDateIs, SorAlert, SorAlertState, SorKind
from cmxero_desktop.domain.sor.knowing import PROGRAM, Now, under_schedules
from cmxero_desktop.domain.sor.notices import SorNoticeKind
from cmxero_desktop.domain.sor.reminding import is_worth_saying, notice_of, reminders
from cmxero_desktop.domain.sor.schedules import (
    FirmType,
    Instalment,
    ScheduledInvoice,
    ScheduleSource,
    ScheduleState,
    SorSchedule,
)
from cmxero_desktop.domain.sor.sighting import WatchedInvoice, watched_of
from cmxero_desktop.domain.sor.watching import SorMemory, SorWatch, dated, watch
from tests.domain.support import AUD, POLICY, aud, case, nov, run, snapshot, unreadable, xero

CLEARING = "Apxium/Onebox SOR Clearing Account"
START = datetime(2026, 11, 1, 3, tzinfo=UTC)


def at(day: int) -> Now:
    moment = START + timedelta(days=day - 1)
    return Now(at=moment, today=moment.date(), day_of=lambda instant: instant.date())


def instalment(name: str = "I1", amount: str = "100", day: int = 1, *, deleted: bool = False) -> XeroPayment:
    return xero(name, amount, nov(day), account=CLEARING, deleted=deleted)


def look(
    facts: InvoiceSnapshot | Iterable[InvoiceSnapshot],
    day: int,
    before: SorWatch | SorMemory | None = None,
    firm: FirmType = FirmType.XERO,
) -> SorWatch:
    """Watch on a day of November, after what was seen before."""
    invoices = [facts] if isinstance(facts, InvoiceSnapshot) else list(facts)
    memory = before.memory if isinstance(before, SorWatch) else before or SorMemory()
    return watch(memory, [watched_of(s, run(s), POLICY) for s in invoices], POLICY, firm, at(day))


def kinds(seen: SorWatch) -> list[SorKind]:
    return [alert.kind for alert in seen.memory.alerts]


def only(seen: SorWatch) -> SorAlert:
    (alert,) = seen.memory.alerts
    return alert


def listed(total: str | None = "1000", **values: object) -> SorSchedule:
    schedule = SorSchedule(
        schedule_id="S",
        source=ScheduleSource.LIST,
        known_at=START,
        invoices=(ScheduledInvoice(number="CM-100"),),
        instalments=(Instalment(due_on=nov(1), amount=aud("100")),),
        total=aud(total) if total else None,
        started_on=nov(1),
    )
    return replace(schedule, **values)  # type: ignore[arg-type]  # by name


# Which schedules are known


def test_a_payment_to_the_clearing_account_derives_a_schedule_a_deleted_one_too_s1() -> None:
    for deleted in (False, True):
        (schedule,) = look(snapshot([instalment(deleted=deleted)]), 2).memory.schedules
        assert (schedule.schedule_id, schedule.source) == ("CM-100", ScheduleSource.CLEARING_ACCOUNT)
        assert schedule.started_on == nov(1)


def test_what_xero_forgets_is_remembered_and_its_payments_stay_instalments_s1_s2() -> None:
    first = look(snapshot([instalment()]), 2)
    forgotten = replace(instalment(), account_name="")
    again = look(snapshot([forgotten]), 3, first)
    assert again.memory.schedules[0].is_running
    assert again.memory.alerts == ()
    assert look(snapshot([]), 3, first).memory.schedules[0].is_running


def test_an_ordinary_invoice_is_not_watched() -> None:
    seen = look(snapshot([xero("P1", "400", nov(5))]), 6)
    assert seen.memory == SorMemory()
    assert seen.notices == ()


def test_under_which_schedules_an_invoice_is_told_by_number_and_by_id_s10() -> None:
    seen = look(snapshot([instalment()]), 2).memory.schedules
    ended = [replace(s, state=ScheduleState.CANCELLED, schedule_id="old") for s in seen]
    assert under_schedules([*ended, *seen]) == {"CM-100": True, "INV-100": True}
    assert under_schedules(ended) == {"CM-100": False, "INV-100": False}
    assert under_schedules([listed()]) == {"CM-100": True}


def test_a_new_instalment_after_a_person_ended_the_schedule_is_a_new_one_s1() -> None:
    first = look(snapshot([instalment()]), 2)
    ended = replace(first.memory.schedules[0], state=ScheduleState.CANCELLED, ended_at=at(3).at, ended_by="Ann")
    memory = SorMemory(schedules=(ended,))
    assert len(look(snapshot([instalment()]), 5, memory).memory.schedules) == 1
    second = look(snapshot([instalment(), instalment("I2", day=20)]), 20, memory).memory.schedules
    assert [(s.schedule_id, s.is_running) for s in second] == [("CM-100", False), ("CM-100/2", True)]
    unended = replace(ended, ended_at=None)
    assert (
        len(
            look(
                snapshot([instalment(), instalment("I2", day=20)]), 20, SorMemory(schedules=(unended,))
            ).memory.schedules
        )
        == 2
    )


def test_a_schedule_is_complete_once_all_is_written_and_runs_again_when_it_is_not_s1_s8() -> None:
    whole = [instalment("I1", "600"), instalment("I2", "400", 20)]
    first = look(snapshot(whole[:1]), 2, SorMemory(schedules=(listed(),)))
    assert first.memory.schedules[0].is_running
    done = look(snapshot(whole), 20, first)
    assert (done.memory.schedules[0].state, done.memory.schedules[0].ended_by) == (ScheduleState.COMPLETED, PROGRAM)
    broken = snapshot([whole[0], replace(whole[1], status=instalment(deleted=True).status)])
    # Nothing is taken back by what cannot be read, or is not there to be read.
    unsure = replace(broken, unreadable=(unreadable(Side.XERO),))
    assert not look(unsure, 21, done).memory.schedules[0].is_running
    assert not look([], 21, done).memory.schedules[0].is_running
    again = look(broken, 21, done)
    assert again.memory.schedules[0].is_running
    assert kinds(again) == [SorKind.INSTALMENT_DELETED]


def test_a_schedule_without_instalments_is_never_complete_and_a_derived_one_by_its_invoice() -> None:
    paid_before = snapshot([xero("P0", "1000", date(2026, 10, 1))])
    marked = listed(None, source=ScheduleSource.MARKED)
    assert look(paid_before, 2, SorMemory(schedules=(marked,))).memory.schedules[0].is_running
    derived = look(snapshot([xero("P0", "900", date(2026, 10, 1)), instalment()]), 2)
    assert derived.memory.schedules[0].state is ScheduleState.COMPLETED
    short = look(snapshot([instalment("I1", "1000")]), 2, SorMemory(schedules=(listed("1200"),)))
    assert short.memory.schedules[0].is_running


def test_a_failed_instalment_runs_on_once_it_is_written_s1() -> None:
    failed = listed(state=ScheduleState.FAILED, retry_on=nov(9))
    first = look(snapshot([instalment()]), 2, SorMemory(schedules=(failed,)))
    assert first.memory.schedules[0].state is ScheduleState.FAILED
    tried = look(snapshot([instalment(), instalment("I2", day=9)]), 9, first)
    assert (tried.memory.schedules[0].state, tried.memory.schedules[0].retry_on) == (ScheduleState.ACTIVE, None)


def test_a_second_try_that_brings_no_instalment_is_told_once_it_should_have_cleared_s9() -> None:
    failed = listed(state=ScheduleState.FAILED, retry_on=nov(9))
    first = look(snapshot([instalment()]), 2, SorMemory(schedules=(failed,)))
    assert look(snapshot([instalment()]), 12, first).notices == ()
    (notice,) = look(snapshot([instalment()]), 13, first).notices
    assert (notice.kind, notice.on, notice.invoice_number) == (SorNoticeKind.NOT_RETRIED, nov(13), "CM-100")
    assert "debits the firm with what is outstanding: in Xero CM-100 owes 900.00." in notice.text
    assert notice.key == look(snapshot([instalment()]), 20, first).notices[0].key, "it is posted once"
    assert look(snapshot([instalment(), instalment("I2", day=9)]), 13, first).notices == ()
    lost = look([], 13, SorMemory(schedules=(replace(failed, invoices=()),)))
    assert lost.notices[0].text.count("outstanding.") == 1


def test_an_invoice_is_found_by_its_id_when_it_goes_by_another_number() -> None:
    first = look(snapshot([instalment()]), 2)
    moved = replace(snapshot([instalment(), xero("P9", "300", nov(3))]), number="CM-100B")
    seen = look(moved, 3, first)
    assert [s.schedule_id for s in seen.memory.schedules] == ["CM-100"]
    assert only(seen).invoice_number == "CM-100"
    assert seen.memory.schedules[0].invoices[0].goes_by == "CM-100B"


# What is an outside allocation


def outside(kind: SettlementKind, document: str = "D1", amount: str = "150", on: date | None = None) -> Settlement:
    return Settlement(kind=kind, number="N-1", amount=aud(amount), document_id=document, settled_on=on)


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (SettlementKind.CREDIT_NOTE, SorKind.CREDIT_NOTE),
        (SettlementKind.OVERPAYMENT, SorKind.OVERPAYMENT),
        (SettlementKind.PREPAYMENT, SorKind.PREPAYMENT),
    ],
)
def test_each_kind_of_credit_is_an_alert_and_a_document_counts_once_s3(kind: SettlementKind, expected: SorKind) -> None:
    first = look(snapshot([instalment()]), 2)
    credit = snapshot([instalment()], settlements=[outside(kind), outside(kind)], credited="300")
    seen = look(credit, 3, first)
    assert (only(seen).kind, only(seen).at_risk, only(seen).rule) == (expected, aud("300"), Rule.S3)
    more = look(snapshot([instalment()], settlements=[outside(kind, amount="400")], credited="400"), 4, seen)
    assert (only(more).at_risk, only(more).key) == (aud("400"), only(seen).key)


def test_what_was_there_before_the_schedule_is_no_alert_and_what_is_back_dated_later_is_one_s3() -> None:
    old = xero("P0", "200", date(2026, 10, 20))
    note = outside(SettlementKind.CREDIT_NOTE, on=date(2026, 10, 25))
    before = snapshot([old, instalment()], [case(1, "30", date(2026, 10, 1))], settlements=[note], credited="150")
    first = look(before, 2)
    assert first.memory.alerts == ()
    later = xero("P1", "50", date(2026, 10, 21))
    assert kinds(look(snapshot([old, later, instalment()], credited="0"), 3, first)) == [SorKind.OTHER_PAYMENT]


def test_another_payment_in_full_and_in_part_names_another_next_step_s6() -> None:
    first = look(snapshot([instalment()]), 2)
    part = only(look(snapshot([instalment(), xero("P1", "300", nov(3))]), 3, first))
    full = only(look(snapshot([instalment(), xero("P1", "900", nov(3))]), 3, first))
    assert part.next_step.startswith("Take it off the invoice in Xero, and either refund it")
    assert "have Apxium cancel the schedule" in full.next_step
    assert part.explanation == (
        "Another payment, outside the SOR schedule of CM-100: payment of 300.00 dated 3 Nov 2026, in Xero."
    )
    assert "Apxium takes 300.00 back" in part.consequence


def test_the_firms_own_receipt_of_the_disbursement_is_told_by_words_or_by_its_amount_s6() -> None:
    memory = SorMemory(schedules=(listed("1000", disbursed=aud("980")),))
    first = look(snapshot([instalment()]), 2, memory)
    by_words = xero("P1", "500", nov(3), reference="APX SOR Disbursement 7")
    by_amount = xero("P1", "980", nov(3))
    for payment in (by_words, by_amount):
        alert = only(look(snapshot([instalment(), payment], invoice_total="3000"), 3, first))
        assert alert.kind is SorKind.DISBURSEMENT
        assert "written back" in alert.next_step


def test_money_that_is_no_payment_of_the_invoice_is_not_seen() -> None:
    refund = xero("P1", "300", nov(3), payment_type="ARCREDITPAYMENT")
    assert look(snapshot([instalment(), refund]), 3, look(snapshot([instalment()]), 2)).memory.alerts == ()


def test_a_void_another_number_and_another_reference_are_alerts_of_their_own_s3() -> None:
    base = snapshot([instalment()])
    first = look(base, 2)
    assert base.xero_invoice is not None
    changed = replace(base, xero_invoice=replace(base.xero_invoice, number="", reference="PO 7"))
    assert kinds(look(changed, 3, first)) == [SorKind.NUMBER_CHANGED, SorKind.REFERENCE_CHANGED]
    void = snapshot([instalment(deleted=True)])
    assert void.xero_invoice is not None
    void = replace(void, xero_invoice=replace(void.xero_invoice, status="VOIDED"))
    assert set(kinds(look(void, 3, first))) == {SorKind.VOIDED, SorKind.INSTALMENT_DELETED}


def test_a_reference_that_changes_again_stays_one_alert_and_one_that_was_closed_is_asked_about_anew() -> None:
    base = snapshot([instalment()])
    assert base.xero_invoice is not None
    one = replace(base, xero_invoice=replace(base.xero_invoice, reference="PO 7"))
    two = replace(base, xero_invoice=replace(base.xero_invoice, reference="PO 8"))
    seen = look(one, 3, look(base, 2))
    assert len(look(two, 4, seen).memory.alerts) == 1
    closed = replace(only(seen), state=SorAlertState.CLOSED, ended_on=nov(3))
    memory = SorMemory(schedules=seen.memory.schedules, alerts=(closed,))
    assert len(look(one, 4, memory).memory.alerts) == 1
    assert len(look(two, 4, memory).memory.alerts) == 2


def test_what_was_deleted_or_voided_long_before_the_first_sight_is_history_s8() -> None:
    old = replace(instalment(deleted=True), updated_at=START - timedelta(days=60))
    assert look(snapshot([instalment("I2"), old]), 2).memory.alerts == ()
    recent = replace(old, updated_at=START - timedelta(days=3))
    assert kinds(look(snapshot([instalment("I2", "70"), recent]), 2)) == [SorKind.INSTALMENT_DELETED]


def test_a_deleted_instalment_clears_when_it_is_written_again_one_for_one_s8() -> None:
    both = [instalment("I1", day=1), instalment("I2", day=2)]
    first = look(snapshot(both), 2)
    gone = [replace(p, status=instalment(deleted=True).status) for p in both]
    broken = look(snapshot(gone), 3, first)
    assert kinds(broken) == [SorKind.INSTALMENT_DELETED] * 2
    again = look(snapshot([*gone, instalment("I3", day=4)]), 4, broken)
    assert sorted(a.state.value for a in again.memory.alerts) == ["cleared", "open"]
    # The next regular instalment, a month later, is none of them.
    later = look(snapshot([*gone, instalment("I4", day=28)]), 5, broken)
    assert {a.state for a in later.memory.alerts} == {SorAlertState.OPEN}


def test_on_case_managers_side_a_typed_payment_and_an_adjustment_are_alerts_s3() -> None:
    base = snapshot([instalment()], adjustments="-10")
    first = look(base, 2)
    typed = snapshot([instalment()], [case(7, "90", nov(3))], adjustments="-10")
    assert only(look(typed, 3, first)).kind is SorKind.CASE_PAYMENT
    linked = snapshot([instalment()], [case(7, "100", nov(1))], adjustments="-10")
    assert look(linked, 3, first).memory.alerts == ()
    imported = snapshot([instalment()], [case(7, "90", nov(3), names="P77")], adjustments="-10")
    assert look(imported, 3, first).memory.alerts == ()
    lowered = look(snapshot([instalment()], adjustments="-40"), 3, first)
    assert (only(lowered).kind, only(lowered).at_risk) == (SorKind.CASE_ADJUSTMENT, aud("30"))
    assert "If it goes on to Xero" in only(lowered).consequence
    assert look(snapshot([instalment()], adjustments="5"), 3, first).memory.alerts == ()


def test_adjustments_count_from_when_they_are_known() -> None:
    base = snapshot([instalment()], adjustments="-10")
    assert base.case_invoice is not None
    unknown = replace(base, case_invoice=replace(base.case_invoice, are_adjustments_known=False))
    first = look(unknown, 2)
    assert look(unknown, 3, first).memory.alerts == ()
    second = look(base, 3, first)
    assert second.memory.alerts == ()
    assert kinds(look(snapshot([instalment()], adjustments="-40"), 4, second)) == [SorKind.CASE_ADJUSTMENT]


def test_too_much_is_told_beyond_what_was_seen_outside_and_only_where_it_is_known_s7() -> None:
    memory = SorMemory(schedules=(listed("1000"),))
    first = look(snapshot([instalment()]), 2, memory)
    assert first.memory.alerts == ()
    lower = look(snapshot([instalment()], invoice_total="950"), 3, first)
    assert (only(lower).kind, only(lower).at_risk, only(lower).rule) == (SorKind.TOO_MUCH, aud("50"), Rule.S7)
    explained = look(snapshot([instalment(), xero("P1", "300", nov(3))]), 3, first)
    assert kinds(explained) == [SorKind.OTHER_PAYMENT]
    cents = look(snapshot([instalment()], invoice_total="999.95"), 3, first)
    assert cents.memory.alerts == ()
    other = replace(listed("1000"), total=replace(aud("1000"), currency="NZD"))
    assert look(snapshot([instalment()], invoice_total="950"), 3, SorMemory(schedules=(other,))).memory.alerts == ()
    two = listed("1000", invoices=(ScheduledInvoice(number="CM-100"), ScheduledInvoice(number="CM-101")))
    half = look(snapshot([instalment()], invoice_total="500"), 3, SorMemory(schedules=(two,)))
    assert half.memory.alerts == ()
    unread = replace(snapshot([], number=101), xero_invoice=None)
    assert (
        look([snapshot([instalment()], invoice_total="500"), unread], 3, SorMemory(schedules=(two,))).memory.alerts
        == ()
    )


def test_money_in_another_currency_is_seen_and_never_added_up_s7() -> None:
    first = look(snapshot([instalment()]), 2, SorMemory(schedules=(listed("1000"),)))
    foreign = [xero("P1", "300", nov(3), currency="NZD"), xero("I2", "5", nov(3), currency="NZD", account=CLEARING)]
    assert kinds(look(snapshot([instalment(), *foreign]), 3, first)) == [SorKind.OTHER_PAYMENT]


# When an alert ends


def paid(day: int, *, deleted: bool = False) -> XeroPayment:
    payment = xero("P1", "300", nov(3), deleted=deleted)
    return replace(payment, updated_at=at(day).at)


def test_removed_in_time_is_cleared_and_the_same_money_again_is_another_alert_s4() -> None:
    found = look(snapshot([instalment(), paid(3)]), 3, look(snapshot([instalment()]), 2))
    assert (only(found).debit_on, only(found).debit_date_is) == (nov(10), DebitDateIs.ESTIMATED)
    cleared = look(snapshot([instalment(), paid(9, deleted=True)]), 9, found)
    assert (only(cleared).state, only(cleared).ended_on) == (SorAlertState.CLEARED, nov(9))
    again = look(snapshot([instalment(), paid(12)]), 12, cleared)
    assert [a.key.rpartition("#")[2] for a in again.memory.alerts] == ["1", "2"]
    assert look(snapshot([instalment(), paid(12)]), 13, again).notices == ()


def test_still_there_on_the_debit_date_has_passed_and_stays_until_it_is_closed_s4() -> None:
    found = look(snapshot([instalment(), paid(3)]), 3, look(snapshot([instalment()]), 2))
    passed = look(snapshot([instalment(), paid(3)]), 10, found)
    assert (only(passed).state, only(passed).passed_on) == (SorAlertState.PASSED, nov(10))
    gone = look(snapshot([instalment(), paid(12, deleted=True)]), 12, passed)
    assert (only(gone).state, only(gone).removed_on) == (SorAlertState.PASSED, nov(12))
    assert look(snapshot([instalment(), paid(12, deleted=True)]), 13, gone).memory == gone.memory
    back = look(snapshot([instalment(), paid(14)]), 14, gone)
    assert only(back).removed_on is None


@pytest.mark.parametrize(("removed", "state"), [(9, SorAlertState.CLEARED), (10, SorAlertState.PASSED)])
def test_a_computer_that_slept_over_the_debit_date_asks_xero_when_it_was_removed_s4(
    removed: int, state: SorAlertState
) -> None:
    found = look(snapshot([instalment(), paid(3)]), 3, look(snapshot([instalment()]), 2))
    woke = look(snapshot([instalment(), paid(removed, deleted=True)]), 25, found)
    assert (only(woke).state, only(woke).removed_on) == (state, nov(removed))


def test_what_cannot_be_read_is_no_proof_that_it_is_gone_s4() -> None:
    found = look(snapshot([instalment(), paid(3)]), 3, look(snapshot([instalment()]), 2))
    hidden = snapshot([instalment()], amount_paid="400")
    assert only(look(hidden, 5, found)).state is SorAlertState.OPEN
    assert only(look([], 15, found)).state is SorAlertState.OPEN
    blank = replace(snapshot([instalment()]), xero_invoice=None)
    assert only(look(blank, 5, found)).state is SorAlertState.OPEN


def test_a_typed_payment_that_is_taken_out_is_gone_on_the_day_that_sees_it() -> None:
    first = look(snapshot([instalment()]), 2)
    found = look(snapshot([instalment()], [case(7, "90", nov(3))]), 3, first)
    assert only(look(snapshot([instalment()]), 9, found)).state is SorAlertState.CLEARED
    assert only(look(snapshot([instalment()]), 10, found)).state is SorAlertState.PASSED


def test_the_debit_date_of_apxiums_mail_counts_where_it_lies_ahead_s4() -> None:
    first = look(snapshot([instalment()]), 2)
    schedule = first.memory.schedules[0]
    entered = schedule.with_invoice(replace(schedule.invoices[0], debit_on=nov(20)))
    memory = SorMemory(schedules=(entered,))
    alert = only(look(snapshot([instalment(), paid(3)]), 3, memory))
    assert (alert.debit_on, alert.debit_date_is) == (nov(20), DebitDateIs.ENTERED)
    late = only(look(snapshot([instalment(), paid(20)]), 20, memory))
    assert (late.debit_on, late.debit_date_is) == (nov(27), DebitDateIs.ESTIMATED)


def test_a_later_date_brings_an_alert_that_passed_back() -> None:
    found = look(snapshot([instalment(), paid(3)]), 3, look(snapshot([instalment()]), 2))
    passed = dated(only(found), nov(10))
    assert passed.state is SorAlertState.PASSED
    assert dated(replace(passed, debit_on=nov(20)), nov(11)).state is SorAlertState.OPEN
    assert dated(passed, nov(11)) is passed


def test_other_practice_software_has_alerts_without_a_countdown_s4() -> None:
    first = look(snapshot([instalment()]), 2, firm=FirmType.OTHER)
    found = look(snapshot([instalment(), paid(3)]), 3, first, FirmType.OTHER)
    assert (only(found).debit_on, only(found).debit_date_is, only(found).last_safe_day) == (None, None, None)
    assert "does not sync" in only(found).consequence
    assert "names no debit date" in found.notices[0].text
    assert found.notices[0].title == "SOR invoice CM-100: another payment"
    still = look(snapshot([instalment(), paid(3)]), 30, found, FirmType.OTHER)
    assert only(still).state is SorAlertState.OPEN
    cleared = look(snapshot([instalment(), paid(30, deleted=True)]), 30, still, FirmType.OTHER)
    assert only(cleared).state is SorAlertState.CLEARED


def test_alerts_end_with_their_schedule_and_it_looks_again_once_s6() -> None:
    found = look(snapshot([instalment(), paid(3)]), 3, look(snapshot([instalment()]), 2))
    ended = replace(
        found.memory.schedules[0],
        state=ScheduleState.CANCELLED,
        ended_at=at(4).at,
        ended_by="Ann",
        look_again_at=at(4).at + timedelta(hours=2),
    )
    memory = SorMemory(schedules=(ended,), alerts=found.memory.alerts)
    over = look(snapshot([instalment(), paid(3)]), 4, memory)
    assert (only(over).state, only(over).closed_by, only(over).closed_why) == (
        SorAlertState.CLOSED, "Ann", "The schedule is cancelled.",
    )  # fmt: skip
    assert over.notices == ()
    later = look(snapshot([instalment(), paid(3)]), 5, over)
    (looked,) = later.notices
    assert looked.kind is SorNoticeKind.LOOKED_AGAIN
    assert looked.text == (
        "What was paid outside it should have reached Apxium by now. In Xero CM-100 owes 600.00. "
        "See that Apxium shows the same: what had no room on the invoice did not go through."
    )
    assert look(snapshot([instalment(), paid(3)]), 6, later).notices == ()
    lost = look([], 5, SorMemory(schedules=(replace(ended, invoices=()),)))
    assert "nothing is known" in lost.notices[0].text
    silent = look(
        [], 5, SorMemory(schedules=(replace(ended, ended_at=None, look_again_at=None),), alerts=found.memory.alerts)
    )
    assert only(silent).ended_on == nov(5)


# What is said


def test_notices_say_what_it_is_by_when_and_what_to_do_s4_s5() -> None:
    found = look(snapshot([instalment(), paid(3)]), 3, look(snapshot([instalment()]), 2))
    (notice,) = found.notices
    title = "SOR invoice CM-100: another payment, day 1 of 7, last safe day 9 Nov 2026"
    assert (notice.kind, notice.title) == (SorNoticeKind.FOUND, title)
    by_when = "Debit date 10 Nov 2026, estimated: seven days after it was first seen; the last safe day is 9 Nov 2026."
    assert by_when in notice.text
    assert "What to do: By 9 Nov 2026: take it off the invoice in Xero, and either refund it" in notice.text
    entered = replace(only(found), debit_date_is=DebitDateIs.ENTERED)
    assert "as entered from Apxium's mail" in notice_of(entered, SorNoticeKind.REMINDER, nov(4)).text
    assert "Xero was not checked since" in notice_of(entered, SorNoticeKind.REMINDER, nov(10)).text
    passed = look(snapshot([instalment(), paid(3)]), 10, found)
    assert "See whether Apxium has debited 300.00" in passed.notices[0].text
    assert passed.notices[0].title.endswith("debit date passed")
    late = look(snapshot([instalment(), paid(11, deleted=True)]), 25, found)
    assert "It was removed on 11 Nov 2026, too late." in late.notices[0].text
    undated = replace(only(passed), debit_on=None)
    assert "The debit date" not in notice_of(undated, SorNoticeKind.PASSED, nov(12)).text
    cleared = look(snapshot([instalment(), paid(5, deleted=True)]), 5, found)
    assert "It is gone in time" in cleared.notices[0].text


def test_what_cannot_be_removed_is_not_asked_to_be_s5() -> None:
    base = snapshot([instalment()])
    first = look(base, 2, SorMemory(schedules=(listed("1000"),)))
    assert base.xero_invoice is not None
    changed = replace(base, xero_invoice=replace(base.xero_invoice, number="CM-9", reference="PO 7"))
    number, reference = look(changed, 3, first).memory.alerts
    assert "unless it has its old number again" in number.consequence
    assert "unless it has its old reference again" in reference.consequence
    (gone,) = look(snapshot([instalment(deleted=True)]), 3, first).memory.alerts
    assert "unless it is entered again" in gone.consequence
    # The day that an instalment bears is not the one on which it was deleted.
    assert gone.explanation.startswith(
        "An instalment, deleted from the SOR schedule of CM-100: deleted instalment of 100.00 dated 1 Nov 2026"
    )
    lower = only(look(snapshot([instalment()], invoice_total="950"), 3, first))
    assert "50.00 of its instalments has no room" in lower.consequence
    void = snapshot()
    assert void.xero_invoice is not None
    void = replace(void, xero_invoice=replace(void.xero_invoice, status="VOIDED"))
    voided = only(look(void, 3, first))
    assert "back from the firm, and it may cancel" in voided.consequence


def test_a_reminder_is_for_its_own_day_and_from_the_day_after_the_first_s4() -> None:
    found = look(snapshot([instalment(), paid(3)]), 3, look(snapshot([instalment()]), 2))
    alerts = found.memory.alerts
    assert reminders(alerts, nov(3)) == ()
    (notice,) = reminders(alerts, nov(4))
    standing = frozenset({only(found).key})
    assert is_worth_saying(notice, standing, nov(4))
    assert not is_worth_saying(notice, standing, nov(5))
    assert not is_worth_saying(notice, frozenset(), nov(4))
    first = found.notices[0]
    assert is_worth_saying(first, standing, nov(9))
    assert not is_worth_saying(first, standing, nov(10))
    assert not is_worth_saying(first, frozenset(), nov(4))
    cleared = notice_of(only(found), SorNoticeKind.CLEARED, nov(5))
    assert is_worth_saying(cleared, frozenset(), nov(6))


def test_only_what_matches_nothing_in_xero_was_typed_by_hand() -> None:
    facts = snapshot([instalment()], [case(7, "90", nov(3))])
    matched = Correlation(
        placements=(
            Placement(
                bucket=Bucket.MATCHED,
                invoice_number="CM-100",
                rule=Rule.R19A,
                explanation="",
                case=facts.case_payments[0],
            ),
        )
    )
    assert watched_of(facts, matched, POLICY) == WatchedInvoice(snapshot=facts)
    assert XeroPaymentId("i1") in look(facts, 2).memory.schedules[0].invoices[0].instalments
    assert facts.case_payments[0].amount.currency == AUD
