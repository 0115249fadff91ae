"""What is called corrected elsewhere was corrected, stays a named difference, and comes back once it no longer is."""

from collections.abc import Callable

import pytest

from cmxero_desktop.domain.errors import NotAllowedError
from cmxero_desktop.domain.leaving import when_unmatched_leaves
from cmxero_desktop.domain.memory import Explained
from cmxero_desktop.domain.next_steps import step_of_unmatched
from cmxero_desktop.domain.placements import Reason
from cmxero_desktop.domain.proposals import Flag
from cmxero_desktop.domain.tie_out import MATCHED_OTHERWISE
from cmxero_desktop.services.checking.debtors import debtor_lists
from cmxero_desktop.services.deciding.correcting import corrected
from cmxero_desktop.services.deciding.saying import explain
from tests.services.desk import ANN, NOV_1, Desk, nov
from tests.services.words_come_true.doing import (
    INVOICE,
    ONE,
    SAID,
    Deed,
    adjust,
    aud,
    locked_and_deleted,
    locked_and_lower,
    refund,
    skipped,
)

# What it runs of the program others run as well.
pytestmark = pytest.mark.untraced


def steps(desk: Desk) -> list[str]:
    """Return what the tie-out of payments names."""
    statement = desk.view().tie_out
    assert statement is not None
    return [line.label for line in statement.lines]


@pytest.mark.parametrize(("scene", "name"), [(locked_and_deleted, "c-1"), (locked_and_lower, "x-payment-1")])
def test_nothing_is_called_corrected_before_it_is(desk: Desk, scene: Deed, name: str) -> None:
    scene(desk)
    desk.poll()
    with pytest.raises(NotAllowedError, match="does not prove it yet"):
        corrected(desk.outside, name, SAID)
    assert len(skipped(desk, Reason.JOURNALLED)) == 1


def test_what_was_corrected_comes_back_once_the_refund_is_gone_and_says_why(desk: Desk) -> None:
    locked_and_deleted(desk)
    refund("400.00")(desk)
    desk.poll()
    (row,) = skipped(desk, Reason.JOURNALLED)
    assert "say Corrected elsewhere" in row.next_step
    assert corrected(desk.outside, "c-1", SAID) == "400.00 on 1 Nov 2026 on CM-100 was corrected elsewhere."
    desk.poll()
    assert [row.placement.explanation for row in desk.view().unmatched] == [
        f"{ANN} said that 400.00 on 1 Nov 2026 was corrected elsewhere: {SAID.reason}."
    ]
    assert steps(desk) == ["Only in Case Manager: corrected elsewhere"]
    refund("0.00")(desk)
    desk.poll()
    (again,) = skipped(desk, Reason.JOURNALLED)
    assert "Nothing in Case Manager makes up for it any more." in again.explanation
    refund("400.00")(desk)
    # A difference of another cause opens nothing again.
    desk.case.type_in("100", "33.00", nov(5))
    desk.poll()
    assert skipped(desk, Reason.JOURNALLED) == []


def test_what_will_be_corrected_stays_and_says_so(desk: Desk) -> None:
    locked_and_deleted(desk)
    desk.poll()
    explain(desk.outside, ONE, Explained.TO_CORRECT, SAID)
    (row,) = skipped(desk, Reason.JOURNALLED)
    assert f"{ANN} said that 400.00 on 1 Nov 2026 will be corrected" in row.explanation


def test_a_locked_pair_that_is_called_corrected_stays_one_pair(desk: Desk) -> None:
    locked_and_lower(desk)
    adjust("-20.00")(desk)
    desk.poll()
    corrected(desk.outside, "x-payment-1", SAID)
    (row,) = [row.placement for row in desk.view().matched]
    assert (row.xero_amount, row.case_amount) == (aud("400.00"), aud("380.00"))
    assert steps(desk) == [MATCHED_OTHERWISE]
    desk.case.edit(ONE, amount=aud("390.00"))
    desk.poll()
    assert len(skipped(desk, Reason.JOURNALLED)) == 1


@pytest.mark.parametrize(
    ("scene", "entry", "name", "credit"),
    [
        (locked_and_lower, adjust("-20.00"), "x-payment-1", ""),
        (locked_and_lower, adjust("-70.00"), "x-payment-1", "50.00"),
        (locked_and_deleted, refund("400.00"), "c-1", ""),
        (locked_and_deleted, adjust("-100.00"), "c-1", "500.00"),
    ],
    ids=["less", "less beside a credit", "refund", "adjustment beside a credit"],
)
def test_r17_what_was_corrected_is_no_difference_of_the_debtors_nor_is_its_entry(
    desk: Desk, scene: Deed, entry: Deed, name: str, credit: str
) -> None:
    """Else Debtors would ask to type the correction once more, and to take it back."""
    scene(desk)
    if credit:
        desk.xero.credit(INVOICE, credit)
    entry(desk)
    desk.poll(is_full=True)
    corrected(desk.outside, name, SAID)
    assert debtor_lists(desk.outside).lines == ()
    desk.xero.pay("CM-100", "7.00", nov(9))
    desk.poll()
    (line,) = debtor_lists(desk.outside).lines
    assert line.entries == "Approve in Review: add 7.00 on 9 Nov 2026."


def test_r17_a_refusal_names_what_else_differs_instead_of_asking_for_the_entry_again(desk: Desk) -> None:
    """The adjustment stands there; what lacks is what mirrors Xero's credit."""
    locked_and_lower(desk)
    desk.xero.credit(INVOICE, "50.00")
    adjust("-20.00")(desk)
    desk.poll(is_full=True)
    with pytest.raises(NotAllowedError) as refused:
        corrected(desk.outside, "x-payment-1", SAID)
    assert "a credit of 50.00 in Xero that no adjustment in Case Manager mirrors" in refused.value.message
    assert "if it is, settle first what else differs" in refused.value.remedy
    adjust("-70.00")(desk)
    desk.poll()
    corrected(desk.outside, "x-payment-1", SAID)


def typed_and_locked(desk: Desk) -> None:
    """Let somebody type money that never came, and the month be locked with it."""
    desk.bill()
    desk.case.journal(desk.case.type_in("100", "400.00", NOV_1))


def test_r17_what_was_typed_by_hand_and_locked_can_be_corrected_too(desk: Desk) -> None:
    """Nobody can delete it: that order would leave 400.00 that never came for ever."""
    typed_and_locked(desk)
    desk.poll()
    (row,) = [row.placement for row in desk.view().unmatched]
    said = step_of_unmatched(row, None, None, None)
    assert "If it never came: it is locked, so type a refund of 400.00" in said
    assert "delete" not in said
    assert "corrected elsewhere" in when_unmatched_leaves(row, None, None)
    assert row.to_type == aud("400.00")
    with pytest.raises(NotAllowedError, match="does not prove it yet"):
        corrected(desk.outside, row.row_id, SAID)
    refund("400.00")(desk)
    desk.poll()
    assert corrected(desk.outside, row.row_id, SAID) == "400.00 on 1 Nov 2026 on CM-100 was corrected elsewhere."
    assert steps(desk) == ["Only in Case Manager: corrected elsewhere"]
    assert debtor_lists(desk.outside).lines == ()
    desk.xero.pay("CM-100", "50.00", nov(9))
    desk.poll()
    assert desk.proposal().proposal.flags == frozenset()
    refund("0.00")(desk)
    desk.poll()
    (again,) = [row.placement for row in desk.view().unmatched if row.placement.case is not None]
    assert "Nothing in Case Manager makes up for it any more." in again.explanation


@pytest.mark.parametrize("said", [None, Explained.TO_CORRECT, Explained.SET_ASIDE])
@pytest.mark.parametrize("entry", [refund, adjust])
def test_r17_debtors_never_tell_to_take_back_what_its_row_told_to_type(
    desk: Desk, entry: Callable[[str], Deed], said: Explained | None
) -> None:
    typed_and_locked(desk)
    desk.poll()
    if said is not None:
        explain(desk.outside, ONE, said, SAID)
    entry("150.00")(desk)
    desk.poll()
    (line,) = debtor_lists(desk.outside).lines
    assert [reason.amount for reason in line.reasons] == [aud("-250.00")]
    entry("400.00")(desk)
    desk.poll()
    assert debtor_lists(desk.outside).lines == ()
    entry("430.00")(desk)
    desk.poll()
    (line,) = debtor_lists(desk.outside).lines
    assert [reason.amount for reason in line.reasons] == [aud("30.00")]


def test_r17_an_entry_makes_up_for_nothing_that_can_be_deleted(desk: Desk) -> None:
    """What was locked is 400.00 of 450.00: the rest of the refund is of something else."""
    typed_and_locked(desk)
    desk.case.type_in("100", "50.00", nov(9))
    refund("430.00")(desk)
    desk.poll()
    (line,) = debtor_lists(desk.outside).lines
    assert [reason.amount for reason in line.reasons] == [aud("-50.00"), aud("30.00")]


def test_r17_what_can_be_deleted_is_told_to_be_deleted(desk: Desk) -> None:
    typed_and_locked(desk)
    desk.case.edit(ONE, is_journalled=False, journal_number="")
    desk.poll()
    (row,) = [row.placement for row in desk.view().unmatched]
    assert step_of_unmatched(row, None, None, None).endswith("If it never came, delete it in Case Manager.")
    refund("400.00")(desk)
    with pytest.raises(NotAllowedError, match="Nothing locked blocks"):
        corrected(desk.outside, row.row_id, SAID)


def test_r17_beside_a_copy_that_lost_its_payment_neither_knows_what_was_typed_for_it(desk: Desk) -> None:
    locked_and_deleted(desk)
    desk.case.journal(desk.case.type_in("100", "30.00", nov(9)))
    refund("30.00")(desk)
    desk.poll()
    rows = [row.placement for row in (*desk.view().unmatched, *desk.view().skipped)]
    assert [row.to_type for row in rows] == [None, None]
    refund("430.00")(desk)
    desk.poll()
    for name in ("c-1", "c-2"):
        corrected(desk.outside, name, SAID)
    assert debtor_lists(desk.outside).lines == ()


def test_r17_one_that_was_set_aside_asks_for_no_entry_of_its_own(desk: Desk) -> None:
    locked_and_deleted(desk)
    old = desk.case.type_in("100", "30.00", nov(9))
    desk.case.journal(old)
    refund("100.00")(desk)
    desk.poll()
    explain(desk.outside, old, Explained.SET_ASIDE, SAID)
    desk.poll()
    (row,) = skipped(desk, Reason.JOURNALLED)
    assert row.to_type == aud("300.00")


def test_r17_what_will_be_corrected_says_how_while_it_is_locked(desk: Desk) -> None:
    typed_and_locked(desk)
    desk.poll()
    explain(desk.outside, ONE, Explained.TO_CORRECT, SAID)
    (row,) = [row.placement for row in desk.view().unmatched]
    assert "type a refund of 400.00" in step_of_unmatched(row, None, None, Explained.TO_CORRECT)
    refund("400.00")(desk)
    desk.poll()
    corrected(desk.outside, "1", SAID)
    assert debtor_lists(desk.outside).lines == ()


def test_r24a_an_adjustment_makes_up_for_a_locked_payment_beside_a_credit_as_a_refund_does(desk: Desk) -> None:
    """The row says that either will do; what raises what is owed mirrors no credit, which is named as before."""
    locked_and_deleted(desk)
    desk.xero.credit(INVOICE, "50.00")
    desk.xero.pay("CM-100", "30.00", nov(9))
    adjust("400.00")(desk)
    desk.poll(is_full=True)
    corrected(desk.outside, "c-1", SAID)
    desk.poll()
    assert Flag.BALANCE_DIFFERS not in desk.proposal().proposal.flags
    desk.approve_and_apply(desk.proposal())
    (line,) = debtor_lists(desk.outside).lines
    assert line.entries == "Enter an adjustment of -50.00 in Case Manager."
    adjust("350.00")(desk)
    desk.xero.pay("CM-100", "7.00", nov(10))
    desk.poll()
    assert Flag.BALANCE_DIFFERS not in desk.proposal().proposal.flags
    adjust("360.00")(desk)
    desk.poll()
    assert Flag.BALANCE_DIFFERS in desk.proposal().proposal.flags
