"""What the watch says comes true: its sums add up, and what it says to do ends the alert in time (S4 to S8)."""

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmxero_desktop.domain.money import Money
from cmxero_desktop.domain.records import InvoiceSnapshot, Settlement, SettlementKind
from cmxero_desktop.domain.sor.alerts import SorAlertState, SorKind
from cmxero_desktop.domain.sor.board import EndingItem, SorRow
from cmxero_desktop.domain.sor.boarding import Shown, board_of
from cmxero_desktop.domain.sor.schedules import Instalment, ScheduledInvoice, ScheduleState
from cmxero_desktop.domain.sor.sums import invoice_sums, schedule_sums
from cmxero_desktop.domain.sor.watching import SorMemory, SorWatch
from cmxero_desktop.domain.sor.words import done_words, due_words, quiet_words, risk_words, safe_day_words, to_do_words
from cmxero_desktop.domain.wording import day
from tests.domain.support import POLICY, aud, case, nov, snapshot, xero
from tests.domain.test_sor_board import watched
from tests.domain.test_sor_watch import at, instalment, listed, look

_FIGURE = re.compile(r"-?[\d,]+\.\d\d")
CENTS = st.integers(0, 10**7)


def figures(said: str) -> list[int]:
    """Return the figures of a sentence in cents, those after a minus as what they take off."""
    return [round(float(found.replace(",", "")) * 100) for found in _FIGURE.findall(said.replace(" - ", " -"))]


def row_of(**values: object) -> SorRow:
    row = SorRow(
        schedule=listed("1000"),
        invoice_number="CM-100",
        bill_to="Acme",
        total=aud("1000"),
        written=aud("100"),
        written_count=1,
        outside=aud("0"),
        other_changes=0,
        due=aud("900"),
        invoice_total=aud("1000"),
    )
    return replace(row, **values)  # type: ignore[arg-type]  # by name


def cents(minor: int) -> Money:
    return Money.from_minor(minor, "AUD")


@given(whole=CENTS, written=CENTS, due=CENTS, total=CENTS)
def test_what_an_invoice_and_its_schedule_are_made_of_adds_up(whole: int, written: int, due: int, total: int) -> None:
    row = row_of(invoice_total=cents(whole), written=cents(written), due=cents(due), total=cents(total))
    first, *parts = figures(invoice_sums(row))
    assert first == whole == sum(parts)
    of_schedule, *rest = figures(schedule_sums(row, None))
    assert of_schedule == total == sum(rest)


def test_the_sums_say_what_they_are() -> None:
    assert invoice_sums(row_of(due=aud("600"))) == (
        "1,000.00 in Xero: 100.00 in 1 instalment + 300.00 paid or credited otherwise + 600.00 still owed."
    )
    assert invoice_sums(row_of(written=aud("0"), written_count=0, due=aud("1000"))) == (
        "1,000.00 in Xero: 0.00 in no instalments + 1,000.00 still owed."
    )
    coming = listed("1000", instalments=(Instalment(due_on=nov(20), amount=aud("100")),))
    assert schedule_sums(row_of(schedule=coming), nov(3)) == (
        "1,000.00: 100.00 written + 900.00 still to come. The next is 100.00 on 20 Nov 2026."
    )
    over = listed("1000", state=ScheduleState.CANCELLED)
    assert schedule_sums(row_of(schedule=over), nov(3)).endswith("+ 900.00 was not paid when it ended.")


@pytest.mark.parametrize("state", ScheduleState)
def test_what_was_written_beyond_the_schedule_is_not_still_to_come(state: ScheduleState) -> None:
    said = schedule_sums(row_of(schedule=listed("1000", state=state), written=aud("1050")), nov(3))
    assert said.startswith("1,000.00: 1,050.00 written - 50.00 too much.")


def test_where_figures_are_missing_or_of_two_currencies_no_sum_is_said() -> None:
    other = replace(aud("5"), currency="NZD")
    assert invoice_sums(row_of(invoice_total=None)) == invoice_sums(row_of(due=other)) == ""
    assert schedule_sums(row_of(total=None), None).startswith("What it comes to is not known")
    assert schedule_sums(row_of(total=other, home="AUD"), None).endswith("in all.")


def test_of_a_total_for_several_invoices_the_instalments_of_all_count() -> None:
    both = listed("1000", invoices=(ScheduledInvoice(number="CM-100"), ScheduledInvoice(number="CM-101")))
    other = replace(instalment("I2", "40"), invoice_id=snapshot(number=101).xero_invoice_id)
    facts = snapshot([instalment()]), snapshot([other], number=101)
    shown = Shown(invoices=watched(*facts), balance=None, policy=POLICY, today=nov(3))
    rows = board_of(SorMemory(schedules=(both,)), shown).rows
    assert {schedule_sums(row, None) for row in rows} == {
        "1,000.00 for CM-100 and CM-101 together: 140.00 written + 860.00 still to come."
    }
    named = replace(both, instalments=(Instalment(due_on=nov(1), amount=aud("300"), invoice_number="CM-100"),))
    first, *_ = board_of(SorMemory(schedules=(named,)), shown).rows
    assert (
        schedule_sums(first, None)
        == "300.00 of the schedule's 1,000.00 over 2 invoices: 100.00 written + 200.00 still to come."
    )


# What to do, done


def note(kind: SettlementKind) -> InvoiceSnapshot:
    credit = Settlement(kind=kind, number="N-1", amount=aud("150"), settled_on=nov(3), document_id="n-1")
    return snapshot([instalment()], settlements=[credit], credited="150")


def with_reference(reference: str, number: str = "CM-100") -> InvoiceSnapshot:
    base = snapshot([instalment()])
    assert base.xero_invoice is not None
    return replace(base, xero_invoice=replace(base.xero_invoice, reference=reference, number=number))


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What was seen, what it says to do, and how the invoice is once that was done."""

    kind: SorKind
    seen: InvoiceSnapshot
    do: str
    done: InvoiceSnapshot


CLEAN = snapshot([instalment()])
TOLD = [
    Told(
        kind=SorKind.OTHER_PAYMENT,
        seen=snapshot([instalment(), xero("P1", "300", nov(3))]),
        do="either refund it to the client, or keep it as the client's credit",
        done=snapshot([instalment(), xero("P1", "300", nov(3), deleted=True)]),
    ),
    Told(
        kind=SorKind.DISBURSEMENT,
        seen=snapshot([instalment(), xero("P1", "500", nov(3), reference="APX SOR Disbursement 7")]),
        do="better reverse it and let the instalments come",
        done=snapshot([instalment(), xero("P1", "500", nov(3), deleted=True)]),
    ),
    Told(kind=SorKind.CREDIT_NOTE, seen=note(SettlementKind.CREDIT_NOTE), do="take the credit note off", done=CLEAN),
    Told(kind=SorKind.OVERPAYMENT, seen=note(SettlementKind.OVERPAYMENT), do="take the overpayment off", done=CLEAN),
    Told(kind=SorKind.PREPAYMENT, seen=note(SettlementKind.PREPAYMENT), do="take the prepayment off", done=CLEAN),
    Told(kind=SorKind.NUMBER_CHANGED, seen=with_reference("", "CM-9"), do="its old number again", done=CLEAN),
    Told(kind=SorKind.REFERENCE_CHANGED, seen=with_reference("PO 7"), do="its old reference again", done=CLEAN),
    Told(
        kind=SorKind.CASE_PAYMENT,
        seen=snapshot([instalment()], [case(7, "90", nov(3))]),
        do="else take it out of Case Manager until the schedule ends",
        done=CLEAN,
    ),
    Told(
        kind=SorKind.CASE_PAYMENT,
        seen=snapshot([instalment()], [case(7, "90", nov(3))]),
        do="if it is an instalment, link it to Xero's",
        done=snapshot([instalment()], [case(7, "100", nov(1))]),
    ),
    Told(
        kind=SorKind.CASE_ADJUSTMENT,
        seen=snapshot([instalment()], adjustments="-40"),
        do="take the adjustment back in Case Manager",
        done=CLEAN,
    ),
    Told(
        kind=SorKind.TOO_MUCH,
        seen=snapshot([instalment()], invoice_total="950"),
        do="compare the schedule in Apxium with the invoice",
        done=CLEAN,
    ),
    Told(
        kind=SorKind.INSTALMENT_DELETED,
        seen=snapshot([instalment(deleted=True)]),
        do="enter the instalment again in Xero as Apxium wrote it, into the SOR clearing account",
        done=snapshot([instalment(deleted=True), instalment("I9")]),
    ),
]


def found(told: Told) -> SorWatch:
    first = look(CLEAN, 2, SorMemory(schedules=(listed("1000"),)))
    return look(told.seen, 3, first)


@pytest.mark.parametrize("told", TOLD, ids=(f"{at_}-{told.kind.value}" for at_, told in enumerate(TOLD)))
def test_what_it_says_to_do_by_the_last_safe_day_ends_the_alert_in_time(told: Told) -> None:
    seen = found(told)
    (alert,) = seen.memory.alerts
    assert alert.kind is told.kind
    assert alert.last_safe_day == nov(9)
    assert to_do_words(alert).startswith("By 9 Nov 2026: ")
    assert told.do in to_do_words(alert)
    assert "the last safe day is 9 Nov 2026" in due_words(alert, nov(3))
    (cleared,) = look(told.done, 9, seen).memory.alerts
    assert cleared.state is SorAlertState.CLEARED
    assert done_words(alert).startswith("The next check finds it gone and ends the alert by itself: cleared in time.")
    (passed,) = look(told.seen, 10, seen).memory.alerts
    assert passed.state is SorAlertState.PASSED
    assert due_words(passed, nov(10)) == "The debit date 10 Nov 2026 has come."
    assert "See whether Apxium has debited" in to_do_words(passed)
    assert done_words(passed) == "You close the alert: nothing ends it by itself any more."
    (late,) = look(told.done, 11, look(told.seen, 10, seen)).memory.alerts
    assert to_do_words(late) == f"See whether Apxium has debited {late.risk_words}, then close this alert."


def test_a_void_cannot_be_undone_and_every_other_kind_was_done() -> None:
    """A void invoice cannot be brought back: it is asked about, and its alert ends with the schedule (S9)."""
    assert {told.kind for told in TOLD} == set(SorKind) - {SorKind.VOIDED}
    assert CLEAN.xero_invoice is not None
    void = replace(CLEAN, xero_invoice=replace(CLEAN.xero_invoice, status="VOIDED"))
    seen = look(void, 3, look(CLEAN, 2, SorMemory(schedules=(listed("1000"),))))
    (alert,) = seen.memory.alerts
    assert to_do_words(alert).startswith("By 9 Nov 2026: ask Apxium at once")
    assert done_words(alert) == "You say how the schedule ended, or close the alert."
    schedule = replace(seen.memory.schedules[0], state=ScheduleState.CANCELLED, ended_at=at(4).at, ended_by="Ann")
    (over,) = look(void, 4, replace(seen.memory, schedules=(schedule,))).memory.alerts
    assert over.state is SorAlertState.CLOSED


@pytest.mark.parametrize("told", TOLD, ids=(f"{at_}-{told.kind.value}" for at_, told in enumerate(TOLD)))
def test_what_is_at_risk_is_said_once(told: Told) -> None:
    (alert,) = found(told).memory.alerts
    assert risk_words(alert).count(alert.risk_words) == 1
    assert "the schedule" in risk_words(alert)
    bare = replace(alert, consequence="Apxium does not sync it.")
    assert risk_words(bare) == f"{alert.risk_words}. Apxium does not sync it."


def test_where_nothing_stands_it_says_what_not_to_do() -> None:
    assert "put no other payment, credit or change on the invoice" in quiet_words(listed("1000"), "CM-100", ())
    over = listed("1000", state=ScheduleState.COMPLETED)
    assert quiet_words(over, "CM-100", ()) == "Nothing: the schedule has ended."


def test_what_is_left_after_an_end_is_told_at_the_invoice_that_it_is_about_s9() -> None:
    over = listed("1000", state=ScheduleState.CANCELLED)
    owed = EndingItem(key="a", invoice_number="CM-100", words="Collect it.", amount=aud("200"))
    debit = EndingItem(key="b", invoice_number="CM-100", words="Enter its debit.")
    assert quiet_words(over, "CM-100", (owed, debit)) == "200.00: Collect it. Enter its debit."
    other = quiet_words(over, "CM-101", (owed, debit))
    assert other == "Nothing on this invoice; what is left to do of the schedule stands at CM-100."


def test_many_invoices_that_share_a_total_are_counted_and_few_are_named() -> None:
    numbers = [f"CM-{number}" for number in range(100, 105)]
    whole = aud("1000")

    def said(count: int) -> str:
        schedule = listed("1000", invoices=tuple(ScheduledInvoice(number=number) for number in numbers[:count]))
        return schedule_sums(row_of(schedule=schedule, total=whole, is_shared=True), None)

    assert said(3).startswith("1,000.00 for CM-100, CM-101 and CM-102 together: ")
    assert said(5).startswith("1,000.00 for its 5 invoices together: ")


@given(st.dates(date(2026, 1, 1), date(2030, 12, 31)))
def test_a_last_safe_day_in_a_weekend_names_the_friday_before_it_s4(last: date) -> None:
    said = safe_day_words(last)
    friday = max(last - timedelta(days=n) for n in range(7) if (last - timedelta(days=n)).isoweekday() == 5)
    assert said.startswith(day(last))
    assert (day(friday) in said) is (last.isoweekday() >= 5)
    assert ("a Saturday" in said, "a Sunday" in said) == (last.isoweekday() == 6, last.isoweekday() == 7)


@pytest.mark.parametrize(
    ("last", "said"),
    [
        (date(2026, 11, 27), "27 Nov 2026"),
        (date(2026, 11, 28), "28 Nov 2026 (a Saturday; the last weekday is 27 Nov 2026)"),
        (date(2026, 11, 29), "29 Nov 2026 (a Sunday; the last weekday is 27 Nov 2026)"),
    ],
)
def test_how_a_last_safe_day_is_named_s4(last: date, said: str) -> None:
    assert safe_day_words(last) == said
