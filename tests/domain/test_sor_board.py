"""What is shown of the watch: rows, the clearing check, and the list after an end (S6, S9)."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from cmxero_desktop.domain.money import Money
from cmxero_desktop.domain.records import InvoiceSnapshot, Side
from cmxero_desktop.domain.sor.alerts import SorAlert, SorAlertState, SorEvidence, SorKind
from cmxero_desktop.domain.sor.board import ClearingBalance, ClearingCheck, SorBoard
from cmxero_desktop.domain.sor.boarding import Shown, board_of
from cmxero_desktop.domain.sor.clearing import clearing_check
from cmxero_desktop.domain.sor.ending import ending_of
from cmxero_desktop.domain.sor.knowing import WatchedInvoices, watched_by
from cmxero_desktop.domain.sor.schedules import (
    Instalment,
    ScheduledInvoice,
    ScheduleSource,
    ScheduleState,
    SorSchedule,
    Tick,
)
from cmxero_desktop.domain.sor.sighting import WatchedInvoice
from cmxero_desktop.domain.sor.sums import schedule_sums
from cmxero_desktop.domain.sor.watching import SorMemory
from tests.domain.support import AS_OF, POLICY, TODAY, aud, nov, snapshot, xero
from tests.domain.test_sor_records import ALERT

CLEARING = "SOR Clearing"
SCHEDULE = SorSchedule(
    schedule_id="S",
    source=ScheduleSource.LIST,
    known_at=AS_OF,
    invoices=(ScheduledInvoice(number="CM-100"), ScheduledInvoice(number="CM-101")),
    instalments=(Instalment(due_on=nov(1), amount=aud("300"), invoice_number="CM-100"),),
    total=aud("500"),
    disbursed=aud("480"),
    payer="Acme",
)
FACTS = snapshot(
    [
        xero("I1", "100", nov(1), account=CLEARING),
        xero("P1", "40", nov(2)),
        xero("U1", "15", nov(3), account="APXUnalloc", reference="[Apxium:7]"),
        xero("U2", "16", nov(3), account="APXUnalloc", deleted=True),
    ]
)
OUTSIDE = replace(ALERT, schedule_id="S", amount=aud("40"), at_risk=aud("40"))


def watched(*facts: InvoiceSnapshot) -> tuple[WatchedInvoice, ...]:
    return tuple(WatchedInvoice(snapshot=each) for each in facts)


def board(memory: SorMemory, *facts: InvoiceSnapshot, balance: ClearingBalance | None = None) -> SorBoard:
    return board_of(memory, Shown(invoices=watched(*facts), balance=balance, policy=POLICY, today=TODAY))


def test_without_a_schedule_there_is_nothing_but_the_day() -> None:
    assert board(SorMemory(), FACTS) == SorBoard(today=TODAY)


def test_a_row_adds_up_what_was_written_and_what_stands_outside() -> None:
    changed = replace(OUTSIDE, key="b", kind=SorKind.REFERENCE_CHANGED)
    gone = replace(OUTSIDE, key="c", removed_on=nov(9), state=SorAlertState.PASSED)
    cleared = replace(OUTSIDE, key="d", state=SorAlertState.CLEARED, ended_on=nov(4))
    shown = board(SorMemory(schedules=(SCHEDULE,), alerts=(cleared, gone, changed, OUTSIDE)), FACTS)
    first, second = shown.rows
    assert (first.invoice_number, first.total, first.written, first.written_count) == (
        "CM-100",
        aud("300"),
        aud("100"),
        1,
    )
    assert (first.outside, first.other_changes, first.due) == (aud("40"), 1, aud("845"))
    assert [alert.state.value for alert in first.alerts] == ["open", "open", "passed", "cleared"]
    assert (second.invoice_number, second.bill_to, second.total, second.due) == ("CM-101", "Acme", aud("500"), None)
    assert shown.alerts == first.alerts


def test_what_stands_comes_first_then_what_runs_and_the_payer_is_whom_case_manager_bills() -> None:
    ended = replace(
        SCHEDULE, schedule_id="A", state=ScheduleState.CLOSED, total=None, invoices=(ScheduledInvoice(number="CM-1"),)
    )
    facts = snapshot([xero("P1", "40", nov(2))], bill_to="WorkSafe")
    shown = board(SorMemory(schedules=(ended, SCHEDULE), alerts=(OUTSIDE,)), facts)
    assert [row.invoice_number for row in shown.rows] == ["CM-100", "CM-101", "CM-1"]
    assert (shown.rows[0].bill_to, shown.rows[2].total) == ("WorkSafe", None)
    newest = [replace(OUTSIDE, key=str(day), state=SorAlertState.CLOSED, ended_on=nov(day)) for day in (3, 9, 5)]
    assert [a.key for a in board(SorMemory(schedules=(SCHEDULE,), alerts=tuple(newest))).alerts] == ["9", "5", "3"]


# The clearing check


def check(*schedules: SorSchedule, balance: str | None = None, currency: str = "AUD") -> ClearingCheck:
    read = ClearingBalance(amount=Money.of(balance, currency), on=TODAY, by="Ann") if balance else None
    return clearing_check(schedules, watched(FACTS), read, POLICY)


def test_disbursed_less_written_is_what_the_account_should_hold_s6() -> None:
    found = check(SCHEDULE, balance="380")
    assert [(line.schedule_id, line.written, line.expected) for line in found.lines] == [("S", aud("100"), aud("380"))]
    assert (found.expected, found.difference, found.findings, found.is_complete) == (aud("380"), aud("0"), (), True)
    assert [(p.record_id, p.amount, p.reference) for p in found.parked] == [("U1", aud("15"), "[Apxium:7]")]


def test_each_difference_is_named_s6() -> None:
    (finding,) = check(SCHEDULE, balance="400").findings
    assert finding == (
        "The clearing account held 400.00 on 22 Nov 2026, and the schedules left 380.00 by then: "
        "20.00 is not explained by any of them."
    )
    assert "60.00 more than was paid out" in check(replace(SCHEDULE, disbursed=aud("40"))).findings[0]
    done = replace(SCHEDULE, state=ScheduleState.COMPLETED)
    assert check(done).findings == ("Schedule S is completed, and 380.00 of it is left on the clearing account.",)
    unknown = check(replace(SCHEDULE, disbursed=None), balance="1")
    assert (unknown.is_complete, unknown.difference) == (False, None)
    assert unknown.findings[0] == "What Apxium paid out for schedule S is not known: enter it."
    assert check(SCHEDULE, balance="380", currency="NZD").difference is None
    foreign = replace(SCHEDULE, disbursed=Money.of("480", "NZD"))
    assert check(foreign).lines[0].disbursed is None


@pytest.mark.parametrize("held", ["-50", "0", "0.01", "380", "1400"])
def test_the_sum_that_would_leave_nothing_unexplained_does_so_once_it_is_entered_s6(held: str) -> None:
    """Of one schedule alone it is not known what was paid out; another one is known, and left 380.00."""
    other = replace(SCHEDULE, schedule_id="T", invoices=())
    unknown = check(replace(SCHEDULE, disbursed=None), other, balance=held)
    said = [finding for finding in unknown.findings if finding.startswith("If Apxium paid out ")]
    needed = aud(held) - aud("480") + aud("100")
    if needed.minor <= 0:
        assert not said, "nothing is paid out that is less than nothing"
        return
    (told,) = said
    assert told == (
        f"If Apxium paid out {needed} for schedule S, the {aud(held)} of 22 Nov 2026 is just what should be there; "
        "if another sum, the rest is missing or too much."
    )
    entered = check(replace(SCHEDULE, disbursed=needed), other, balance=held)
    assert entered.difference == aud("0")


def test_where_several_are_not_known_or_another_currency_is_held_no_sum_is_guessed_s6() -> None:
    one = replace(SCHEDULE, disbursed=None)
    two = replace(one, schedule_id="T", invoices=())
    for found in (check(one, two, balance="900"), check(one, balance="900", currency="NZD"), check(one)):
        assert not [finding for finding in found.findings if finding.startswith("If Apxium")]


def test_a_balance_is_compared_with_what_was_left_on_its_day_s6() -> None:
    """An instalment that came since is not missing on a balance that was read before."""
    later = snapshot([xero("I1", "100", nov(1), account=CLEARING), xero("I2", "100", nov(25), account=CLEARING)])
    read = ClearingBalance(amount=aud("380"), on=TODAY, by="Ann")
    found = clearing_check([SCHEDULE], watched(later), read, POLICY)
    assert (found.expected, found.expected_then, found.difference) == (aud("280"), aud("380"), aud("0"))
    debited = Tick(by="Ann", at=AS_OF + timedelta(days=3))
    ended = replace(SCHEDULE, state=ScheduleState.DEFAULTED, ticks={"recouped": debited})
    found = clearing_check([ended], watched(later), read, POLICY)
    assert (found.expected, found.expected_then, found.difference) == (aud("0"), aud("380"), aud("0"))


def test_what_is_long_over_is_not_asked_about_for_ever_s6() -> None:
    for state in (ScheduleState.COMPLETED, ScheduleState.CLOSED):
        old = replace(SCHEDULE, schedule_id="T", state=state, disbursed=None)
        found = check(SCHEDULE, old, balance="380")
        assert (found.is_complete, found.difference, found.findings) == (True, aud("0"), ())


def test_without_a_name_for_the_account_nothing_is_parked() -> None:
    policy = replace(POLICY, sor_unallocated_text=" ")
    assert clearing_check([SCHEDULE], watched(FACTS), None, policy).parked == ()


# After the end


def test_a_schedule_that_runs_or_is_complete_leaves_no_list() -> None:
    for state in (ScheduleState.ACTIVE, ScheduleState.COMPLETED, ScheduleState.CLOSED):
        assert ending_of(replace(SCHEDULE, state=state), {}, (), POLICY) is None


def test_after_an_early_end_all_that_is_to_do_is_listed_with_ticks_s9() -> None:
    tick = Tick(by="Ann", at=AS_OF)
    ended = replace(SCHEDULE, state=ScheduleState.DEFAULTED, ticks={"recouped": tick})
    closed = replace(OUTSIDE, state=SorAlertState.CLOSED)
    case_side = replace(closed, evidence=SorEvidence(side=Side.CASE_MANAGER, name="payment of 90.00"))
    alerts: list[SorAlert] = [
        replace(closed, key="a"),
        replace(closed, key="b", kind=SorKind.DISBURSEMENT),
        replace(case_side, key="c", kind=SorKind.CASE_PAYMENT),
        replace(case_side, key="d", kind=SorKind.CASE_ADJUSTMENT),
        replace(closed, key="e", state=SorAlertState.CLEARED),
        replace(closed, key="f", removed_on=nov(2)),
        replace(closed, key="g", schedule_id="another"),
    ]
    found = ending_of(ended, watched_by(ended, WatchedInvoices.of(watched(FACTS))), alerts, POLICY)
    assert found is not None
    items = {item.key: item for item in found.items}
    assert list(items) == ["outstanding:CM-100", "recouped", "outside:a", "outside:b", "outside:c", "outside:d"]
    assert (items["outstanding:CM-100"].amount, items["recouped"].amount) == (aud("845"), aud("380"))
    assert items["recouped"].tick == tick
    assert items["outside:a"].tick is None
    assert "now it may stay" in items["outside:a"].words
    assert "Reverse the firm's own receipt" in items["outside:b"].words
    assert "Link the payment typed" in items["outside:c"].words
    assert "adjustment" in items["outside:d"].words


def test_what_apxium_takes_back_may_be_unknown_or_nothing() -> None:
    ended = replace(SCHEDULE, state=ScheduleState.CANCELLED, disbursed=None, total=None, invoices=())
    found = ending_of(ended, {}, (), POLICY)
    assert found is not None
    assert [(item.key, item.amount) for item in found.items] == [("recouped", None)]
    paid = snapshot([xero("I1", "1000", nov(1), account=CLEARING)])
    whole = replace(SCHEDULE, state=ScheduleState.CANCELLED)
    over = ending_of(whole, watched_by(whole, WatchedInvoices.of(watched(paid))), (), POLICY)
    assert over is not None
    assert over.items == ()


def test_the_board_has_the_lists_of_all_schedules_that_ended_early() -> None:
    ended = replace(SCHEDULE, state=ScheduleState.DEFAULTED, ended_at=AS_OF + timedelta(days=1))
    shown = board(SorMemory(schedules=(ended, replace(SCHEDULE, schedule_id="T", started_on=date(2026, 1, 1)))), FACTS)
    assert [ending.schedule.schedule_id for ending in shown.endings] == ["S"]
    assert shown.clearing is not None


# Sums that differ, each with its reason


def _items(schedule: SorSchedule, *facts: InvoiceSnapshot) -> dict[str, tuple[str, Money | None]]:
    """Return what is left to do after a schedule was cancelled, by what it is."""
    ended = replace(schedule, state=ScheduleState.CANCELLED)
    found = ending_of(ended, watched_by(ended, WatchedInvoices.of(watched(*facts), [ended])), (), POLICY)
    assert found is not None
    return {item.key: (item.words, item.amount) for item in found.items}


def test_what_is_owed_again_and_what_is_taken_back_lead_from_one_to_the_other_s9() -> None:
    """300 by instalments, 100 of them came, 15 came otherwise: the client owes 185, and Apxium takes 200 back."""
    one = replace(SCHEDULE, invoices=SCHEDULE.invoices[:1], total=aud("300"), disbursed=None)
    facts = snapshot([xero("I1", "100", nov(1), account=CLEARING), xero("P1", "15", nov(2))], invoice_total="300")
    items = _items(one, facts)
    owed, amount = items["outstanding:CM-100"]
    assert amount == aud("185")
    assert "(200.00 of its instalments, less 15.00 paid or credited otherwise)" in owed
    taken, back = items["recouped"]
    assert back == aud("200")
    assert "(300.00 less 100.00 that came in instalments)" in taken


def test_what_was_in_no_instalment_is_owed_beside_them_s9() -> None:
    one = replace(SCHEDULE, invoices=SCHEDULE.invoices[:1], total=aud("300"), disbursed=None)
    (owed, amount), plain = (
        _items(one, snapshot([xero("I1", "100", nov(1), account=CLEARING)], invoice_total=total))["outstanding:CM-100"]
        for total in ("320", "300")
    )
    assert (amount, "(200.00 of its instalments, and 20.00 that was in none)" in owed) == (aud("220"), True)
    assert "of its instalments" not in plain[0]


@pytest.mark.parametrize(
    ("came", "invoice_total", "said"),
    [
        (aud("100"), "150", "(200.00 of its instalments, less 150.00 that the invoice does not owe)"),
        (aud("310"), "320", ""),
        (Money.of("100", "NZD"), "300", ""),
    ],
    ids=["more than the invoice", "more than the schedule", "another currency"],
)
def test_no_reason_is_named_that_does_not_lead_from_one_sum_to_the_other_s9(
    came: Money, invoice_total: str, said: str
) -> None:
    one = replace(SCHEDULE, invoices=SCHEDULE.invoices[:1], total=aud("300"), disbursed=None)
    payment = replace(xero("I1", "100", nov(1), account=CLEARING), amount=came)
    (words, _) = _items(one, snapshot([payment], invoice_total=invoice_total))["outstanding:CM-100"]
    assert said in words
    assert ("of its instalments" in words) is bool(said)


def test_where_nobody_knows_whose_part_is_what_nothing_is_said_to_lead_to_it_s9() -> None:
    facts = snapshot([xero("I1", "100", nov(1), account=CLEARING)], number=101, invoice_total="300")
    shared = replace(SCHEDULE, instalments=())
    assert "of its instalments" not in _items(shared, facts)["outstanding:CM-101"][0]
    none_came = _items(replace(SCHEDULE, disbursed=None), snapshot([], invoice_total="300"))["recouped"][0]
    assert "did not get: enter" in none_came


def test_a_part_of_a_schedule_names_the_whole_s1() -> None:
    parts = replace(
        SCHEDULE,
        instalments=(*SCHEDULE.instalments, Instalment(due_on=nov(1), amount=aud("200"), invoice_number="CM-101")),
    )
    first, second = board(SorMemory(schedules=(parts,)), FACTS).rows
    assert "300.00 of the schedule's 500.00 over 2 invoices: 100.00 written" in schedule_sums(first, TODAY)
    assert "200.00 of the schedule's 500.00" in schedule_sums(second, TODAY)
    alone = replace(SCHEDULE, invoices=SCHEDULE.invoices[:1], total=aud("300"))
    (row,) = board(SorMemory(schedules=(alone,)), FACTS).rows
    assert "of the schedule" not in schedule_sums(row, TODAY)


def test_a_payment_that_apxium_could_not_allocate_may_be_somebody_elses_s6_s9() -> None:
    """Who asks the client for 185.00 asks for too little, where the 15.00 that were paid are another client's."""
    one = replace(SCHEDULE, invoices=SCHEDULE.invoices[:1], total=aud("300"), disbursed=None)
    instalment = xero("I1", "100", nov(1), account=CLEARING)
    parked = snapshot([instalment, xero("U1", "15", nov(3), account="APXUnalloc")], invoice_total="300")
    paid = snapshot([instalment, xero("P1", "15", nov(3))], invoice_total="300")
    said = "15.00 of what is paid here is parked as not allocated: see first in Apxium whose it is; if"
    assert said in _items(one, parked)["outstanding:CM-100"][0]
    assert "parked" not in _items(one, paid)["outstanding:CM-100"][0]
