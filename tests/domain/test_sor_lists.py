"""A list of schedules: each is taken whole or not at all, and every line that keeps it out is named (S1)."""

from dataclasses import replace
from datetime import date

import pytest

from cmxero_desktop.domain.money import Money
from cmxero_desktop.domain.records import XeroInvoice
from cmxero_desktop.domain.sor.importing import ListLine, SorImport
from cmxero_desktop.domain.sor.listing import ListedBy, check_list, schedules_by_number, taken_over
from cmxero_desktop.domain.sor.schedules import (
    InstalmentState,
    ScheduledInvoice,
    ScheduleSource,
    ScheduleState,
    SorSchedule,
    Tick,
)
from tests.domain.support import AS_OF, POLICY, aud, snapshot

FACT = snapshot([]).xero_invoice
assert FACT is not None


def invoice(number: str, status: str = "AUTHORISED", currency: str = "AUD") -> XeroInvoice:
    assert FACT is not None
    return replace(FACT, number=number, status=status, total=Money.of("1000", currency))


GIVEN = ListedBy(
    source=ScheduleSource.LIST,
    by="Ann",
    at=AS_OF,
    schedules=(),
    invoices={
        "CM-1": invoice("CM-1"),
        "CM-2": invoice("CM-2"),
        "CM-3": invoice("CM-3", "VOIDED"),
        "CM-4": invoice("CM-4", currency="NZD"),
        "CM-5": None,
    },
    policy=POLICY,
)


def line(place: int = 2, month: int = 1, number: str = "1", **values: object) -> ListLine:
    usual = ListLine(line=place, schedule="S", invoice=number, due_on=date(2026, month, 1), amount=aud("100"))
    return replace(usual, **values)  # type: ignore[arg-type]  # by name


def refused(*lines: ListLine, given: ListedBy = GIVEN) -> list[tuple[int, str]]:
    found = check_list(lines, given)
    assert found.accepted == ()
    assert found.refused == ("S",)
    return [(bad.line, bad.why) for bad in found.bad]


def test_a_good_schedule_is_taken_with_its_instalments_in_order() -> None:
    found = check_list([line(2, 2), line(3, 1, "cm-2", payer="Acme", disbursed=aud("190"))], GIVEN)
    (schedule,) = found.accepted
    assert (schedule.schedule_id, schedule.numbers, schedule.total) == ("S", ("CM-1", "CM-2"), aud("200"))
    assert [i.due_on for i in schedule.instalments] == [date(2026, 1, 1), date(2026, 2, 1)]
    assert (schedule.started_on, schedule.disbursed, schedule.payer) == (date(2026, 1, 1), aud("190"), "Acme")
    assert (schedule.state, schedule.said_by, schedule.known_at) == (ScheduleState.ACTIVE, "Ann", AS_OF)


def test_an_invoice_whose_facts_are_not_known_yet_is_taken() -> None:
    assert check_list([line(number="5")], GIVEN).refused == ()


def test_a_failed_instalment_makes_a_failed_schedule() -> None:
    failed = line(3, 2, state=InstalmentState.FAILED, retry_on=date(2026, 2, 8))
    (schedule,) = check_list([line(), failed], GIVEN).accepted
    assert (schedule.state, schedule.retry_on) == (ScheduleState.FAILED, date(2026, 2, 8))


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        (line(number="9"), "Xero has no invoice CM-9."),
        (line(number="3"), "Invoice CM-3 is voided in Xero."),
        (line(number="4"), "Invoice CM-4 is in NZD."),
        (line(number=" "), "There is no invoice number."),
        (line(due_on=None), "There is no due date."),
        (line(amount=None), "There is no amount."),
        (line(amount=aud("-5")), "The amount -5.00 is not above zero."),
        (line(amount=aud("0")), "The amount 0.00 is not above zero."),
        (line(amount=Money.of("5", "NZD")), "The amount is not in AUD."),
        (line(state=InstalmentState.FAILED), "A failed instalment needs the date on which Apxium tries again."),
        (line(due_on=None, problems=("31.2.2026 is no date.",)), "31.2.2026 is no date."),
        (line(amount=None, problems=("x is no amount.",)), "x is no amount."),
    ],
)
def test_a_bad_line_is_named_and_keeps_its_schedule_out(bad: ListLine, why: str) -> None:
    assert refused(line(7, 5), replace(bad, line=3)) == [(3, why)]


def test_a_schedule_without_a_name_is_refused() -> None:
    found = check_list([line(schedule=" ")], GIVEN)
    assert [(bad.line, bad.why) for bad in found.bad] == [(2, "The schedule has no name.")]


def test_the_same_instalment_twice_is_named_with_the_line_that_has_it() -> None:
    assert refused(line(2), line(3)) == [(3, "The instalment of 1 Jan 2026 on CM-1 stands in line 2 already.")]


def test_a_total_has_to_add_up_and_to_be_one() -> None:
    right = [line(2, 1, total=aud("200")), line(3, 2, total=aud("200"))]
    assert check_list(right, GIVEN).refused == ()
    wrong = [replace(each, total=aud("210")) for each in right]
    assert refused(*wrong) == [(0, "The instalments add up to 200.00, and the total is stated as 210.00.")]
    two = [right[0], replace(right[1], total=aud("210"))]
    assert refused(*two) == [(0, "The lines of the schedule state different totals.")]
    assert refused(right[0], replace(right[1], amount=None)) == [(3, "There is no amount.")]


def test_an_invoice_on_two_schedules_is_named_in_the_list_and_beside_what_is_known() -> None:
    found = check_list([line(), line(3, schedule="T")], GIVEN)
    assert [(bad.schedule, bad.why) for bad in found.bad] == [
        ("S", "Invoice CM-1 is on schedule T as well."),
        ("T", "Invoice CM-1 is on schedule S as well."),
    ]
    (known,) = check_list([line()], GIVEN).accepted
    given = replace(GIVEN, schedules=(known,))
    assert check_list([line(schedule="T")], given).bad[0].why == "Invoice CM-1 is on schedule S as well."
    over = replace(given, schedules=(replace(known, state=ScheduleState.CANCELLED),))
    assert check_list([line(schedule="T")], over).refused == ()


def test_one_bad_schedule_keeps_no_other_out() -> None:
    found = check_list([line(), line(3, number="2", schedule="T", amount=aud("-1"))], GIVEN)
    assert [s.schedule_id for s in found.accepted] == ["S"]
    assert found.refused == ("T",)


def test_the_same_list_twice_changes_nothing_and_another_one_goes_on_with_what_is_known() -> None:
    (first,) = check_list([line()], GIVEN).accepted
    seen = first.with_invoice(ScheduledInvoice(number="CM-1", goes_by="CM-1", debit_on=date(2026, 3, 1)))
    seen = replace(seen, ticks={"a": Tick(by="Ann", at=AS_OF)}, look_again_at=AS_OF, reason="why")
    given = replace(GIVEN, schedules=(seen,))
    assert check_list([line()], given) == SorImport(unchanged=("S",))
    (more,) = check_list([line(), line(3, 2)], given).accepted
    assert (more.invoices, more.ticks, more.state) == (seen.invoices, seen.ticks, ScheduleState.ACTIVE)
    ended = replace(seen, state=ScheduleState.CANCELLED, ended_at=AS_OF, ended_by="Ann")
    (again,) = check_list([line(), line(3, 2)], replace(GIVEN, schedules=(ended,))).accepted
    assert (again.state, again.ended_by) == (ScheduleState.CANCELLED, "Ann")


def test_a_listed_schedule_takes_the_place_of_one_that_was_only_derived_or_marked() -> None:
    derived = SorSchedule(
        schedule_id="CM-1",
        source=ScheduleSource.CLEARING_ACCOUNT,
        known_at=AS_OF,
        invoices=(ScheduledInvoice(number="CM-1", debit_on=date(2026, 3, 1)),),
    )
    other = replace(derived, schedule_id="CM-2", invoices=(ScheduledInvoice(number="CM-2"),))
    over = replace(derived, schedule_id="old", state=ScheduleState.CLOSED)
    given = replace(GIVEN, schedules=(derived, other, over))
    (schedule,) = check_list([line()], given).accepted
    assert schedule.invoices == derived.invoices
    assert taken_over(schedule, schedules_by_number(given.schedules)) == (derived,)
    listed = replace(derived, source=ScheduleSource.LIST)
    assert taken_over(schedule, schedules_by_number([listed, replace(derived, schedule_id="S")])) == ()


def test_five_thousand_lines_are_checked() -> None:
    invoices = {f"CM-{n}": invoice(f"CM-{n}") for n in range(1000)}
    lines = [line(n, n % 5 + 1, str(n // 5), schedule=f"S{n // 5}") for n in range(5000)]
    found = check_list(lines, replace(GIVEN, invoices=invoices))
    assert (len(found.accepted), found.bad) == (1000, ())
