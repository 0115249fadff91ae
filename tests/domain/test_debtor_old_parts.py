"""What is dated before the start is named by what it is; no word may ask to enter what stands there (R5, R24a)."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from cmxero_desktop.domain.debtor_causes import Cause
from cmxero_desktop.domain.debtor_lists import DebtorLine, compare_debtors
from cmxero_desktop.domain.memory import AcceptedSet, Explained, Explanation, Member
from cmxero_desktop.domain.records import CasePayment, InvoiceSnapshot, XeroPayment
from tests.domain.support import POLICY, aud, case, nov, run, snapshot, xero

SINCE = replace(POLICY, start_date=nov(10))
BEFORE = datetime(2026, 11, 2, tzinfo=UTC)


def old(payment_id: str = "P1", amount: str = "400", day: int = 1, *, currency: str = "AUD") -> XeroPayment:
    return replace(xero(payment_id, amount, nov(day), currency=currency), updated_at=BEFORE)


def line_of(facts: InvoiceSnapshot) -> DebtorLine | None:
    found = run(facts, SINCE)
    assert not found.placements
    lists = compare_debtors([(facts, found)], (), SINCE)
    assert lists.unexplained == aud("0")
    return lists.lines[0] if lists.lines else None


def causes(facts: InvoiceSnapshot) -> dict[Cause, str]:
    line = line_of(facts)
    return {} if line is None else {reason.cause: str(reason.amount) for reason in line.reasons}


def same_money(xeros: Iterable[XeroPayment], copies: Iterable[CasePayment]) -> AcceptedSet:
    members = [Member(amount=p.amount, paid_on=p.paid_on, xero_id=p.payment_id) for p in xeros]
    members += [Member(amount=c.amount, paid_on=c.paid_on, case_id=c.payment_id) for c in copies]
    return AcceptedSet(members=tuple(members))


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (snapshot([old()], [case(names="P1")]), {}),
        (snapshot([old()], [case(paid_on=nov(3))]), {}),
        (snapshot([old(), old("P2", "7")], [case()]), {Cause.BEFORE_START: "7.00"}),
        (snapshot([old()], [case(), case(2, "400", nov(3))]), {Cause.OLD_LEFTOVER: "-400.00"}),
        (snapshot([old()], [case(amount="450", names="P1", journalled=True)]), {Cause.OLD_DIFFERS: "-50.00"}),
        (snapshot([old(), old("P2", "30", currency="NZD")], [case()]), {}),
    ],
)
def test_r5_old_money_is_named_by_the_side_that_has_it(facts: InvoiceSnapshot, expected: dict[Cause, str]) -> None:
    assert causes(facts) == expected


def test_r5_what_stands_in_case_manager_alone_may_count_twice_and_is_not_to_be_entered() -> None:
    line = line_of(snapshot([old()], [case(), case(2, "400", nov(3))]))
    assert line is not None
    (reason,) = line.reasons
    assert reason.counts_twice
    assert "400.00 on 3 Nov 2026" in reason.entry
    assert "enter" not in reason.entry


@pytest.mark.parametrize(("here", "counts_twice"), [("450", True), ("350", False)])
def test_r5_what_both_sides_have_otherwise_is_compared(here: str, counts_twice: bool) -> None:  # noqa: FBT001 - a column
    line = line_of(snapshot([old()], [case(amount=here, paid_on=nov(4))]))
    assert line is not None
    (reason,) = line.reasons
    assert (reason.cause, reason.counts_twice) == (Cause.OLD_DIFFERS, counts_twice)
    assert reason.payments == ("400.00 on 1 Nov 2026 in Xero", f"{here}.00 on 4 Nov 2026 in Case Manager")


@pytest.mark.parametrize(
    ("what", "cause"), [(Explained.OTHER, Cause.EXPLAINED), (Explained.TO_CORRECT, Cause.TO_CORRECT)]
)
def test_r5_what_a_person_said_of_old_money_is_its_reason(what: Explained, cause: Cause) -> None:
    copy = case(9, "33", nov(4))
    said = Explanation(case_id=copy.payment_id, what=what, amount=copy.amount, paid_on=copy.paid_on)
    assert causes(snapshot([], [copy], explained=[said])) == {cause: "-33.00"}


def test_r19b_an_old_set_that_a_person_accepted_is_one_cause() -> None:
    payments, copies = [old(), old("P2", "300", 2)], [case(amount="699.98", paid_on=nov(5))]
    facts = snapshot(payments, copies, accepted=[same_money(payments, copies)])
    assert causes(facts) == {Cause.ACCEPTED: "0.02"}
