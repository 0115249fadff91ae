"""How others copy, as far as checks can see: late, missed and doubled; nothing that is ours or may still come."""

from datetime import timedelta

import pytest

from cmxero_desktop.domain.copying import NOT_WATCHED, CopyingByOthers, Fault, Good
from cmxero_desktop.domain.memory import Explained
from cmxero_desktop.domain.money import Money
from cmxero_desktop.services.checking.copying_report import report_copying
from cmxero_desktop.services.deciding.saying import Saying, explain
from cmxero_desktop.services.records.settings import Mode
from tests.services.desk import NOV_1, Desk, nov
from tests.services.fake_xero import AUD

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@pytest.fixture
def watched(desk: Desk) -> Desk:
    """Return a desk that observes, after its first check, with one payment from before it."""
    for number in ("100", "101"):
        desk.bill(number, "9000.00")
    desk.xero.pay("CM-100", "50.00", NOV_1)
    desk.set_mode(Mode.OBSERVE)
    desk.poll()
    desk.clock.now += HOUR
    return desk


def report(desk: Desk) -> CopyingByOthers:
    return report_copying(desk.store)


def figures(desk: Desk) -> tuple[int, ...]:
    """Return how many are copied, may still come, are late, missed and doubled."""
    found = report(desk)
    return (found.copied, found.waiting, *(found.count(fault) for fault in Fault))


def copy(desk: Desk, amount: str, number: str = "100") -> None:
    desk.case.type_in(number, amount, NOV_1, "Imported from Xero")


def test_before_any_check_nothing_is_known(desk: Desk) -> None:
    assert report(desk) == NOT_WATCHED


def test_what_was_there_at_the_first_check_says_nothing(watched: Desk) -> None:
    watched.clock.now += 3 * DAY
    watched.poll()
    assert figures(watched) == (0, 0, 0, 0, 0)
    copy(watched, "50.00")
    watched.poll()
    assert figures(watched) == (0, 0, 0, 0, 0)


def test_copied_within_a_day_is_in_time_and_until_then_it_may_still_come(watched: Desk) -> None:
    watched.xero.pay("CM-100", "60.00", NOV_1)
    watched.poll()
    assert figures(watched) == (0, 1, 0, 0, 0)
    watched.clock.now += 20 * HOUR
    copy(watched, "60.00")
    watched.poll()
    assert figures(watched) == (1, 0, 0, 0, 0)
    assert report(watched).words == "1 copied by others, 0 of them late; 0 may still come; 0 missed, 0 doubled."


def test_missed_after_a_day_and_late_when_it_comes_at_last(watched: Desk) -> None:
    payment_id = watched.xero.pay("CM-100", "60.00", NOV_1)
    watched.poll()
    watched.clock.now += DAY + HOUR
    watched.poll()
    (row,) = report(watched).rows
    assert (row.what, row.xero_id, str(row.amount)) == (Fault.MISSED, payment_id, "60.00")
    assert row.explanation == "Entered in Xero on 22 Nov 2026, and not in Case Manager a day later."
    watched.clock.now += HOUR
    copy(watched, "60.00")
    watched.poll()
    (row,) = report(watched).rows
    assert (row.what, row.row_id) == (Fault.LATE, f"late-{payment_id}")
    assert row.explanation.endswith("and first seen there on 23 Nov 2026.")
    assert figures(watched) == (1, 0, 1, 0, 0)
    watched.poll(is_full=True)
    assert figures(watched) == (1, 0, 1, 0, 0)


def test_what_came_late_stays_late_whatever_becomes_of_its_copy(watched: Desk) -> None:
    payment_id = watched.xero.pay("CM-100", "60.00", NOV_1)
    watched.poll()
    watched.clock.now += DAY + HOUR
    watched.poll()
    watched.clock.now += HOUR
    key = watched.case.type_in("100", "60.00", NOV_1, "Imported from Xero")
    watched.poll()
    watched.case.edit(key, amount=Money.of("75.00", AUD), paid_on=nov(3))
    watched.poll(is_full=True)
    found = report(watched)
    assert [row.what for row in (*found.rows, *found.good) if row.xero_id == payment_id] == [Fault.LATE]
    assert found.copied == 1


def test_while_we_did_not_look_nobody_was_late(watched: Desk) -> None:
    """The program was off for a week; what was copied meanwhile may have come at once."""
    watched.xero.pay("CM-100", "60.00", NOV_1)
    watched.poll()
    copy(watched, "60.00")
    watched.xero.pay("CM-100", "70.00", NOV_1)
    copy(watched, "70.00")
    watched.clock.now += 7 * DAY
    watched.poll()
    assert figures(watched) == (2, 0, 0, 0, 0)


def test_a_check_that_found_nothing_new_saw_it_missing_too(watched: Desk) -> None:
    watched.xero.pay("CM-100", "60.00", NOV_1)
    watched.poll()
    watched.clock.now += 7 * HOUR
    watched.poll()
    for _ in range(2):
        watched.clock.now += 9 * HOUR
        watched.poll()
    copy(watched, "60.00")
    watched.poll()
    assert figures(watched)[2] == 1


def test_an_edit_in_xero_that_nobody_followed_is_missed(watched: Desk) -> None:
    payment_id = watched.xero.pay("CM-101", "60.00", NOV_1)
    watched.case.type_in("101", "60.00", NOV_1, f"Xero payment {payment_id}")
    watched.poll()
    watched.xero.edit(payment_id, "65.00")
    watched.poll()
    watched.clock.now += DAY + HOUR
    watched.poll()
    assert [(row.what, str(row.amount)) for row in report(watched).rows] == [(Fault.MISSED, "65.00")]


@pytest.mark.parametrize("number", ["100", "101"], ids=["another takes its place", "nothing does"])
def test_a_copy_that_outlives_its_payment_by_a_day_is_missed(watched: Desk, number: str) -> None:
    payment_id = watched.xero.pay(f"CM-{number}", "60.00", NOV_1)
    watched.case.type_in(number, "60.00", NOV_1, f"Xero payment {payment_id}")
    watched.poll()
    watched.xero.delete(payment_id)
    watched.poll()
    assert report(watched).rows == ()
    watched.clock.now += DAY + HOUR
    watched.poll()
    (row,) = report(watched).rows
    assert row.what is Fault.MISSED
    assert row.explanation == "Deleted in Xero on 22 Nov 2026, and still in Case Manager a day later."


def test_the_same_money_typed_and_copied_is_doubled_until_it_is_explained(watched: Desk) -> None:
    watched.xero.pay("CM-100", "60.00", NOV_1)
    copy(watched, "60.00")
    key = watched.case.type_in("100", "60.00", NOV_1)
    watched.case.type_in("100", "61.00", NOV_1)
    watched.poll()
    (row,) = report(watched).rows
    assert (row.what, row.case_id, row.row_id) == (Fault.DOUBLED, key, f"doubled-{key}")
    explain(watched.outside, key, Explained.OTHER, Saying(by="Ann", reason="another client's"))
    assert report(watched).rows == ()


def test_a_second_row_that_names_the_same_payment_is_doubled_whatever_it_says(watched: Desk) -> None:
    payment_id = watched.xero.pay("CM-100", "60.00", NOV_1)
    for number, amount, on in (("100", "60.00", NOV_1), ("101", "55.00", nov(3)), ("100", "58.00", nov(2))):
        watched.case.type_in(number, amount, on, f"Xero payment {payment_id.upper()}")
    watched.poll()
    assert [(row.what, row.invoice_number) for row in report(watched).rows if row.what is Fault.DOUBLED] == [
        (Fault.DOUBLED, "CM-100"),
        (Fault.DOUBLED, "CM-101"),
    ]


def test_what_we_wrote_ourselves_nobody_else_copied(watched: Desk) -> None:
    watched.set_mode(Mode.APPROVE)
    watched.xero.pay("CM-100", "60.00", NOV_1)
    watched.poll()
    watched.clock.now += 2 * DAY
    watched.poll()
    watched.approve_in_bulk()
    watched.apply()
    watched.poll()
    assert figures(watched)[0] == 0
    assert [row.what for row in report(watched).rows] == []


def test_a_row_that_others_typed_stays_theirs_although_we_noted_it(watched: Desk) -> None:
    watched.set_mode(Mode.APPROVE)
    watched.xero.pay("CM-100", "60.00", NOV_1)
    watched.case.type_in("100", "60.00", NOV_1)
    watched.poll()
    watched.approve_in_bulk()
    watched.apply()
    watched.poll()
    assert figures(watched) == (1, 0, 0, 0, 0)


def test_what_was_copied_is_forgotten_after_two_months(watched: Desk) -> None:
    watched.xero.pay("CM-100", "60.00", NOV_1)
    copy(watched, "60.00")
    watched.poll()
    watched.clock.now += 63 * DAY
    watched.poll()
    assert figures(watched) == (0, 0, 0, 0, 0)


def test_each_payment_that_a_figure_counts_is_listed_with_when_it_was_seen(watched: Desk) -> None:
    """Whoever answers for the copies must be able to look at those that went well too."""
    copied = watched.xero.pay("CM-100", "60.00", NOV_1)
    waiting = watched.xero.pay("CM-101", "70.00", NOV_1)
    watched.poll()
    copy(watched, "60.00")
    watched.poll()
    found = report(watched)
    assert [(row.what, row.xero_id, row.invoice_number) for row in found.good] == [
        (Good.IN_TIME, copied, "CM-100"),
        (Good.WAITING, waiting, "CM-101"),
    ]
    assert found.good[0].explanation == "Entered in Xero on 22 Nov 2026, and first seen in Case Manager on 22 Nov 2026."
    assert found.good[1].explanation.endswith("less than a day ago, and not in Case Manager yet.")
    watched.xero.delete(copied)
    watched.poll()
    assert [row.what for row in report(watched).good] == [Good.WAITING], "what is gone from Xero counts no more"
