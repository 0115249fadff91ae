"""Each difference of the two debtor lists has its cause, and what nothing explains is never hidden (R24a, R2)."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from cmxero_desktop.domain.debtor_causes import CAUSE_WORDS, Cause
from cmxero_desktop.domain.debtor_lists import DebtorLine, DebtorReason, compare_debtors
from cmxero_desktop.domain.memory import Explained, Explanation
from cmxero_desktop.domain.placements import Correlation
from cmxero_desktop.domain.policy import Policy
from cmxero_desktop.domain.records import CaseInvoice, CasePayment, InvoiceSnapshot
from tests.domain.support import (
    POLICY,
    accepted_set,
    aud,
    case,
    nov,
    only,
    run,
    snapshot,
    without_case_invoice,
    without_xero_invoice,
    xero,
)


def line_of(
    facts: InvoiceSnapshot, policy: Policy = POLICY, correlation: Correlation | None = None
) -> DebtorLine | None:
    lists = compare_debtors([(facts, correlation or run(facts, policy))], (), policy)
    return lists.lines[0] if lists.lines else None


def causes(facts: InvoiceSnapshot, policy: Policy = POLICY) -> dict[Cause, str]:
    line = line_of(facts, policy)
    assert line is None or line.unexplained == aud("0")
    return {} if line is None else {reason.cause: str(reason.amount) for reason in line.reasons}


def with_xero(facts: InvoiceSnapshot, **values: object) -> InvoiceSnapshot:
    assert facts.xero_invoice is not None
    return replace(facts, xero_invoice=replace(facts.xero_invoice, **values))  # type: ignore[arg-type]  # by name


LOCKED = case(names="P1", journalled=True)
OTHER = case(9, "33", nov(9))


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (snapshot([xero()], [case()]), {}),
        (snapshot([xero()]), {Cause.TO_ADD: "400.00"}),
        (snapshot([xero(deleted=True)], [case(names="P1")]), {Cause.TO_REMOVE: "-400.00"}),
        (snapshot([xero()], [case(amount="380", names="P1")]), {Cause.TO_CHANGE: "20.00"}),
        (snapshot([], [OTHER]), {Cause.LEFTOVER: "-33.00"}),
        (snapshot([xero("P1", deleted=True)], [LOCKED]), {Cause.LOCKED: "-400.00"}),
        (snapshot([], [case(group=True)]), {Cause.MULTI_INVOICE: "-400.00"}),
        (snapshot([xero(paid_on=nov(29))]), {Cause.DATED_AHEAD: "400.00"}),
        (snapshot([xero(amount="-5")]), {Cause.SKIPPED: "-5.00"}),
        (snapshot([xero()], xero_total="1000.03"), {Cause.TO_ADD: "400.00", Cause.ROUNDING: "-0.03"}),
        (snapshot(xero_total="1100"), {Cause.TOTALS: "-100.00"}),
        (snapshot(credited="50"), {Cause.CREDIT: "50.00"}),
        (snapshot(credited="50", adjustments="-50"), {}),
        (snapshot(credited="50", adjustments="-20"), {Cause.CREDIT: "30.00"}),
        (snapshot(adjustments="-50"), {Cause.ADJUSTMENT: "-50.00"}),
        (snapshot(refunds="70"), {Cause.REFUND: "70.00"}),
        (with_xero(snapshot(), amount_due=aud("990")), {Cause.NOT_ADDED_UP: "10.00"}),
        (with_xero(snapshot(), status="VOIDED"), {Cause.VOIDED: "1,000.00"}),
        (without_xero_invoice(snapshot()), {Cause.NOT_KNOWN: "1,000.00"}),
        (without_case_invoice(snapshot()), {Cause.ONLY_XERO: "-1,000.00"}),
        (
            with_xero(snapshot(), total=replace(aud("1000"), currency="USD")),
            {Cause.FOREIGN: "1,000.00"},
        ),
        (
            snapshot(
                [],
                [OTHER],
                explained=[
                    Explanation(case_id=OTHER.payment_id, what=Explained.OTHER, amount=OTHER.amount, paid_on=nov(9))
                ],
            ),
            {Cause.EXPLAINED: "-33.00"},
        ),
    ],
)
def test_each_difference_has_its_cause(facts: InvoiceSnapshot, expected: dict[Cause, str]) -> None:
    assert causes(facts) == expected


def test_what_a_person_declined_is_named_so() -> None:
    add = only(run(snapshot([xero()])))
    assert causes(snapshot([xero()], declined=[add.decision])) == {Cause.DECLINED: "400.00"}


def test_what_is_hidden_by_the_start_date_is_named() -> None:
    policy = replace(POLICY, start_date=nov(10))
    early = replace(xero("P2", "7"), updated_at=datetime(2026, 11, 2, tzinfo=UTC))
    assert causes(snapshot([xero(), early], [case()]), policy) == {Cause.BEFORE_START: "7.00"}


def test_a_payment_in_another_currency_counts_on_neither_side() -> None:
    foreign = replace(xero(amount="9"), amount=replace(aud("9"), currency="USD"))
    assert causes(snapshot([xero(), foreign], [case()])) == {}


def test_cents_between_what_was_accepted_as_the_same_money_are_named() -> None:
    facts = snapshot([xero()], [case(amount="399.98", paid_on=nov(2))])
    accept = only(run(facts))
    assert causes(facts) == {Cause.ACCEPTED: "0.02"}
    settled = snapshot([xero()], [case(amount="399.98", paid_on=nov(2))], accepted=[accepted_set(accept)])
    assert causes(settled) == {Cause.ACCEPTED: "0.02"}


def test_a_row_that_got_lost_shows_as_not_explained() -> None:
    line = line_of(snapshot([xero()]), correlation=Correlation())
    assert line is not None
    assert line.reasons == (DebtorReason(Cause.NOT_EXPLAINED, aud("400")),)
    assert line.unexplained == aud("400")


def test_the_totals_are_over_all_invoices_of_either_side() -> None:
    here = snapshot(number=7)
    invoice, payments = here.case_invoice, (case(5, "250"),)
    assert invoice is not None
    elsewhere: list[tuple[CaseInvoice, Iterable[CasePayment]]] = [(replace(invoice, bill_to="Aon"), payments)]
    same = snapshot([xero()], [case()])
    loose = replace(snapshot(), number="")
    lists = compare_debtors([(same, run(same)), (loose, Correlation())], elsewhere, POLICY)
    assert (lists.invoices, lists.due_xero, lists.balance_case_manager) == (2, aud("600"), aud("1350"))
    (line,) = lists.lines
    assert (line.invoice_number, line.bill_to, line.difference) == ("CM-7", "Aon", aud("750"))
    assert line.reasons == (DebtorReason(Cause.ONLY_CASE_MANAGER, aud("750")),)
    assert (lists.difference, lists.unexplained) == (aud("750"), aud("0"))


@pytest.mark.parametrize(
    ("cause", "amount", "twice"),
    [
        (Cause.LEFTOVER, "-1", True),
        (Cause.TO_CHANGE, "-1", True),
        (Cause.TO_CHANGE, "1", False),
        (Cause.TO_ADD, "1", False),
    ],
)
def test_what_may_count_twice_is_marked(cause: Cause, amount: str, twice: bool) -> None:  # noqa: FBT001 - a column
    assert DebtorReason(cause, aud(amount)).counts_twice is twice


def test_every_cause_says_what_to_do() -> None:
    assert CAUSE_WORDS.keys() == set(Cause)
    assert all(words.entry.endswith(".") for words in CAUSE_WORDS.values())
