"""What to type for a payment that cannot be changed: what is missing yet, not what was typed already (R17)."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from cmxero_desktop.domain.memory import Explained, Explanation
from cmxero_desktop.domain.money import Money
from cmxero_desktop.domain.proposals import Flag
from cmxero_desktop.domain.records import CasePayment, InvoiceSnapshot, XeroPayment
from tests.domain.support import aud, case, nov, run, snapshot, xero

GONE, GONE_TOO = xero("P1", deleted=True), xero("P2", "300", nov(2), deleted=True)
FIRST, SECOND = case(names="P1", journalled=True), case(2, "300", nov(2), names="P2", journalled=True)


def steps(facts: InvoiceSnapshot) -> list[str]:
    return [row.next_step for row in run(facts).placements if row.reason is not None]


def to_type(facts: InvoiceSnapshot) -> list[Money | None]:
    return [row.to_type for row in run(facts).placements if row.reason is not None]


@pytest.mark.parametrize(
    ("there", "entries", "rest"),
    [
        (GONE, {"refunds": "0"}, "400"),
        (GONE, {"refunds": "300"}, "100"),
        (GONE, {"refunds": "400"}, "0"),
        (xero("P1", "450"), {"adjustments": "-20"}, "-30"),
        (xero("P1", "400", nov(2)), {}, "0"),
    ],
    ids=["nothing typed", "a part typed", "all typed", "too little", "only the date"],
)
def test_r17_a_row_knows_what_is_still_to_be_typed(there: XeroPayment, entries: Mapping[str, str], rest: str) -> None:
    facts = snapshot([there], [FIRST], **entries)  # type: ignore[arg-type]  # by name
    assert to_type(facts) == [aud(rest)]


def test_r17_of_several_no_row_knows_what_was_typed_for_it() -> None:
    assert to_type(snapshot([GONE, GONE_TOO], [FIRST, SECOND], refunds="400")) == [None, None]
    assert to_type(snapshot([GONE, GONE_TOO], [FIRST, SECOND])) == [aud("400"), aud("300")]


@pytest.mark.parametrize("others", [[], [case(9, "33", nov(9))]])
def test_r17_of_one_payment_the_rest_is_to_be_typed(others: list[CasePayment]) -> None:
    """300.00 of 400.00 stand there: whoever typed 400.00 more would owe 300.00 too much to nobody."""
    (step,) = steps(snapshot([GONE], [FIRST, *others], refunds="300"))
    assert step.startswith(
        "A refund or an adjustment makes up for 300.00 of it already. If the money never came: type a refund of 100.00 "
    )


def test_r17_what_counts_too_little_is_made_up_for_in_part_too() -> None:
    (step,) = steps(snapshot([xero("P1", "450")], [FIRST], adjustments="-20"))
    assert step.startswith("A refund or an adjustment makes up for 20.00 of it already. If Xero is right: type an")
    assert "an adjustment of -30.00 on invoice 100" in step


def test_r17_of_several_nobody_knows_for_which_it_was_typed() -> None:
    found = steps(snapshot([GONE, GONE_TOO], [FIRST, SECOND], refunds="400"))
    assert [step.split(":")[0] for step in found] == [
        "400.00 of what the payments here that cannot be changed differ by is made up for already"
    ] * 2
    assert ["type a refund of 400.00" in step for step in found] == [True, False]
    assert ["type a refund of 300.00" in step for step in found] == [False, True]


def test_r17_what_makes_up_for_one_that_was_corrected_makes_up_for_no_other() -> None:
    said = Explanation(case_id=FIRST.payment_id, what=Explained.CORRECTED, amount=aud("400"), paid_on=FIRST.paid_on)
    (step,) = steps(snapshot([GONE, GONE_TOO], [FIRST, SECOND], refunds="400", explained=[said]))
    assert step.startswith("If the money never came: type a refund of 300.00 ")
    (step,) = steps(snapshot([GONE, GONE_TOO], [FIRST, SECOND], refunds="500", explained=[said]))
    assert step.startswith("A refund or an adjustment makes up for 100.00 of it already.")
    assert "type a refund of 200.00 " in step


@pytest.mark.parametrize(
    ("there", "entries", "amount"),
    [
        (GONE, {"refunds": "300", "xero_total": "1100"}, "300.00"),
        (GONE, {"refunds": "400", "xero_total": "1100"}, "400.00"),
        (GONE, {"refunds": "300", "adjustments": "-50", "credited": "50", "xero_total": "1100"}, "300.00"),
        (xero("P1", "450"), {"adjustments": "-50", "xero_total": "1100"}, "-50.00"),
    ],
    ids=["a part", "all", "beside a credit", "less"],
)
def test_r17_where_something_else_differs_it_says_what_may_be_typed_already(
    there: XeroPayment, entries: Mapping[str, str], amount: str
) -> None:
    """Whoever typed it, and is told to type all of it as if nothing stood there, types it twice."""
    facts = snapshot([there], [FIRST], **entries)  # type: ignore[arg-type]  # by name
    (step,) = steps(facts)
    assert step.startswith(f"Refunds and adjustments of {amount} stand on this invoice already: what of that was typed")
    assert to_type(facts) == [None]


@pytest.mark.parametrize("entries", [{"refunds": "300"}, {"adjustments": "300"}, {"refunds": "100"}])
def test_r17_beside_one_that_counts_too_little_no_sum_tells_what_was_typed(entries: Mapping[str, str]) -> None:
    """700.00 here of 400.00 there, and 300.00 of 400.00: as one sum they are 200.00 too much, whatever was typed."""
    much, little = case(1, "700", names="P1", journalled=True), case(2, "300", nov(2), names="P2", journalled=True)
    facts = snapshot([xero("P1"), xero("P2", "400", nov(2))], [much, little], **entries)  # type: ignore[arg-type]  # by name
    (typed,) = entries.values()
    assert [step.startswith(f"Refunds and adjustments of {typed}.00 stand on this") for step in steps(facts)] == [
        True
    ] * 2
    assert to_type(facts) == [None, None]


def test_r17_of_several_payments_of_xeros_it_may_be_any_or_all() -> None:
    (step,) = steps(snapshot([GONE, xero("P3", "150", nov(9)), xero("P4", "250", nov(9))], [FIRST]))
    assert step.startswith(
        "If it is the same money as one of Xero's 2 unmatched payments, or as all of them together: say so (Say what"
    )


def test_r17_where_refunds_are_not_known_all_of_it_is_asked_for() -> None:
    facts = snapshot([GONE], [FIRST])
    assert facts.case_invoice is not None
    (step,) = steps(replace(facts, case_invoice=replace(facts.case_invoice, are_adjustments_known=False)))
    assert step.startswith("If the money never came: type a refund of 400.00 ")


@pytest.mark.parametrize("entries", [{}, {"adjustments": "-400"}, {"refunds": "300"}])
def test_r17_beside_a_credit_a_refund_alone_is_asked_for(entries: Mapping[str, str]) -> None:
    """An adjustment of +400.00 and one of -400.00 are none: the credit would seem to lack, and the debts to differ."""
    facts = snapshot([GONE, xero("P3", "70", nov(9))], [FIRST], credited="400", **entries)  # type: ignore[arg-type]  # by name
    (step,) = steps(facts)
    assert "type a refund of " in step
    assert "does the same" not in step
    (remark,) = [r.sentence for r in run(facts).proposals[0].remarks if r.flag is Flag.JOURNALLED_COUNTERPART]
    assert "a refund of " in remark
    assert "does the same" not in remark


def test_r17_an_adjustment_that_mirrors_a_credit_is_not_taken_for_what_was_typed() -> None:
    (step,) = steps(snapshot([xero("P1", "450")], [FIRST], adjustments="-70", credited="70"))
    assert step.startswith("If Xero is right: type an adjustment of -50.00 ")


@pytest.mark.parametrize(
    "entries",
    [
        {"refunds": "0", "xero_total": "1100"},
        {"adjustments": "-50", "credited": "50", "xero_total": "1100"},
        {"adjustments": "-30", "xero_total": "1100"},
    ],
    ids=["nothing", "a credit", "less"],
)
def test_r17_where_nothing_stands_there_that_may_be_for_it_all_of_it_is_asked_for(entries: Mapping[str, str]) -> None:
    (step,) = steps(snapshot([GONE], [FIRST], **entries))  # type: ignore[arg-type]  # by name
    assert step.startswith("If the money never came: type a refund of 400.00 ")


@pytest.mark.parametrize(
    ("others", "entries"),
    [
        ([case(9, "33", nov(9))], {"refunds": "400"}),
        ([case(9, "33", nov(9))], {"adjustments": "350", "credited": "50"}),
        ([], {"refunds": "800"}),
    ],
    ids=["a payment too much", "beside a credit", "typed twice"],
)
def test_r17_who_typed_all_of_it_is_not_asked_to_type_it_again(
    others: list[CasePayment], entries: Mapping[str, str]
) -> None:
    facts = snapshot([GONE], [FIRST, *others], **entries)  # type: ignore[arg-type]  # by name
    (step,) = steps(facts)
    assert "type nothing more. Settle first what else differs here (Debtors names it), then say Corrected" in step
    assert "type a" not in step
    assert to_type(facts) == [aud("0")]


@pytest.mark.parametrize(
    ("entries", "said"),
    [
        ({}, "Its correction is a refund of 400.00 (an adjustment of +400.00 does the same) on invoice 100."),
        ({"refunds": "300"}, "Of its correction 300.00 is typed already; what is left is a refund of 100.00 (an"),
        ({"refunds": "400", "xero_total": "1100"}, "Refunds and adjustments of 400.00 stand on this invoice already"),
        ({"refunds": "800"}, "The refunds and adjustments of this invoice make up for all of it already"),
    ],
    ids=["nothing", "a part", "perhaps", "twice"],
)
def test_r17_what_a_locked_payment_blocks_asks_for_no_more_than_the_rest(entries: Mapping[str, str], said: str) -> None:
    (add,) = run(snapshot([GONE, xero("P3", "70", nov(9))], [FIRST], **entries)).proposals  # type: ignore[arg-type]  # by name
    (remark,) = [r.sentence for r in add.remarks if r.flag is Flag.JOURNALLED_COUNTERPART]
    assert said in remark
