"""What a row of Review says to do settles it with the money right, and nobody is told to approve what is blocked."""

from dataclasses import dataclass

import pytest

from cmxero_desktop.domain.identifiers import CaseInvoiceId
from cmxero_desktop.domain.leaving import when_row_leaves
from cmxero_desktop.domain.memory import Explained
from cmxero_desktop.domain.next_steps import step_of_row
from cmxero_desktop.domain.proposals import BLOCKING_FLAGS, Flag, ProposalKind, ProposalState
from cmxero_desktop.services.deciding.correcting import corrected
from tests.services.desk import ANN, Desk
from tests.services.words_come_true.doing import (
    FIRST,
    ONE,
    SAID,
    SECOND,
    Deed,
    adjust,
    delete_in_xero,
    enter_again,
    locked_and_edited,
    refund,
    say,
    say_corrected,
    then,
)
from tests.services.words_come_true.scenes_of_review import (
    a_second_copy,
    before_the_start,
    beside_33,
    came_as_a_credit,
    copy_elsewhere,
    delete,
    deleted_before_anybody_looked,
    edited_ahead,
    edited_before_anybody_looked,
    edited_here,
    entered_as_far_as_it_is_owed,
    entered_in_xero_too,
    entered_twice,
    equal_then_deleted,
    equal_then_edited,
    give_each_its_own,
    in_a_lodged_period,
    link_to_first,
    locked_copy_elsewhere,
    money_is_there,
    more_than_the_invoice,
    moved_from_a_locked_one,
    much_later,
    names_nobody,
    on_that_day,
    on_this_invoice_instead,
    one_sum_here,
    other_lines_deleted,
    reject,
    reject_and_delete,
    release_all,
    renumbered,
    rows_of,
    say_which_number,
    say_yes,
    so_many_removals,
    to_no_bank,
    too_much_for_both,
    total_here,
    two_of_one_number,
    typed_a_day_later,
    typed_on_101,
    under_a_schedule,
    with_room_for_both,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A row with a flag, what it says to do, the deed, and what CM-100 has in Case Manager afterwards."""

    flag: Flag
    scene: Deed
    do: str
    deed: Deed
    paid: tuple[str, ...]
    reason: str = ""


ORDERS = [
    Order(
        flag=Flag.WOULD_OVERPAY,
        scene=more_than_the_invoice,
        do="correct the invoice's total or the payment on the side that is wrong, Xero or Case Manager",
        deed=then(total_here("1200.00"), say_yes),
        paid=("1,200.00",),
    ),
    Order(
        flag=Flag.JOURNALLED_COUNTERPART,
        scene=locked_and_edited,
        do="type the correction that the reason names in Case Manager, with today's date, and check Xero again",
        deed=then(refund("400.00"), say_yes),
        paid=("400.00", "450.00"),
        reason="Its correction is a refund of 400.00 (an adjustment of +400.00 does the same) on invoice 100.",
    ),
    Order(
        flag=Flag.JOURNALLED_COUNTERPART,
        scene=locked_and_edited,
        do="If the locked payment is this money, say so (Say what it is).",
        deed=money_is_there,
        paid=("400.00",),
    ),
    Order(
        flag=Flag.NAMED_ELSEWHERE,
        scene=copy_elsewhere,
        do="It is one part of a move: approve all of it together",
        deed=say_yes,
        paid=("400.00",),
    ),
    Order(
        flag=Flag.NAMED_ELSEWHERE,
        scene=locked_copy_elsewhere,
        do="One that is locked cannot be deleted: correct it, and say so at its row",
        deed=then(
            lambda desk: desk.case.refund(CaseInvoiceId(2), "400.00"),
            lambda desk: corrected(desk.outside, "c-1", SAID),
            say_yes,
        ),
        paid=("400.00",),
    ),
    Order(
        flag=Flag.NUMBER_SHARED,
        scene=two_of_one_number,
        do="give each its own number in Xero",
        deed=give_each_its_own,
        paid=(),
    ),
    Order(
        flag=Flag.COPIED_TWICE,
        scene=a_second_copy,
        do="Remove the second copy first",
        deed=then(lambda desk: desk.approve_and_apply(desk.proposal(ProposalKind.REMOVE)), say_yes),
        paid=("30.00", "400.00"),
    ),
    Order(
        flag=Flag.OVER_LIMIT,
        scene=so_many_removals,
        do="Look at all of them first: so many at once may be a mistake in Xero.",
        deed=release_all,
        paid=(),
    ),
    Order(
        flag=Flag.NEAR_DOUBLE,
        scene=typed_a_day_later,
        do="If 400.00 on 2 Nov 2026 in Case Manager is this money, say so (Same payment).",
        deed=link_to_first(Flag.NEAR_DOUBLE),
        paid=("400.00", "50.00"),
    ),
    Order(
        flag=Flag.NEAR_DOUBLE,
        scene=typed_a_day_later,
        do="If that is other money, enter it in Xero too",
        deed=entered_in_xero_too,
        paid=("400.00", "400.00", "50.00"),
    ),
    Order(
        flag=Flag.WOULD_OVERPAY,
        scene=too_much_for_both,
        do="If both are real and the invoice's total is wrong: correct it in Xero, in Case Manager or in both, enter "
        "400.00 on 2 Nov 2026 in Xero too, and check Xero: nothing blocks this row then.",
        deed=with_room_for_both,
        paid=("400.00", "450.00"),
    ),
    Order(
        flag=Flag.WOULD_OVERPAY,
        scene=too_much_for_both,
        do="If both are real and the total is right, more came than was owed: enter 400.00 on 2 Nov 2026 in Xero, and "
        "this one anew with what is still owed, the rest of it as an overpayment; check Xero, and what fits is offered "
        "instead of this row.",
        deed=entered_as_far_as_it_is_owed,
        paid=("100.00", "400.00"),
    ),
    Order(
        flag=Flag.WOULD_OVERPAY,
        scene=too_much_for_both,
        do="Delete it in Case Manager if it never came.",
        deed=then(delete(ONE), say_yes),
        paid=("450.00",),
    ),
    Order(
        flag=Flag.WOULD_OVERPAY,
        scene=too_much_for_both,
        do="If 400.00 on 2 Nov 2026 in Case Manager is this money, say so (Same payment).",
        deed=link_to_first(Flag.WOULD_OVERPAY),
        paid=("450.00",),
    ),
    Order(
        flag=Flag.BESIDE_UNMATCHED,
        scene=beside_33,
        do="or delete it in Case Manager if it never came. Otherwise approve it alone.",
        deed=then(delete(ONE), say_yes),
        paid=("400.00",),
    ),
    Order(
        flag=Flag.LEFTOVER_ELSEWHERE,
        scene=typed_on_101,
        do="If 400.00 on 1 Nov 2026 on another invoice in Case Manager is this money, enter it on this invoice "
        "instead.",
        deed=on_this_invoice_instead,
        paid=("400.00",),
    ),
    Order(
        flag=Flag.LEFTOVER_ELSEWHERE,
        scene=typed_on_101,
        do="If it is other money, say so",
        deed=then(say(Explained.OTHER), say_yes),
        paid=("400.00",),
    ),
    Order(
        flag=Flag.BALANCE_DIFFERS,
        scene=more_than_the_invoice,
        do="Correct the cause that the reason names on the side that is wrong, Xero or Case Manager",
        deed=then(total_here("1200.00"), say_yes),
        paid=("1,200.00",),
    ),
    Order(
        flag=Flag.TWIN,
        scene=entered_twice,
        do="If it was entered twice in Xero, delete this one there: this row goes with the next check.",
        deed=then(lambda desk: desk.xero.delete(SECOND), say_yes),
        paid=("400.00",),
    ),
    Order(
        flag=Flag.TWIN,
        scene=entered_twice,
        do="Otherwise approve it alone.",
        deed=say_yes,
        paid=("400.00", "400.00"),
    ),
    Order(
        flag=Flag.SAME_REMITTANCE,
        scene=one_sum_here,
        do="If 500.00 on 1 Nov 2026 on another invoice in Case Manager is this money, delete it there and check Xero, "
        "then approve this",
        deed=other_lines_deleted,
        paid=("260.00",),
    ),
    Order(
        flag=Flag.SAME_REMITTANCE,
        scene=one_sum_here,
        do="If it is other money, say so at its row in Unmatched (Say what it is).",
        deed=then(say(Explained.OTHER), say_yes),
        paid=("260.00",),
    ),
    Order(
        flag=Flag.MOVED,
        scene=moved_from_a_locked_one,
        do="Settle the money on the other invoice first, by its removal or a correction",
        deed=then(refund("400.00"), say_corrected("c-1"), say_yes),
        paid=("400.00",),
    ),
    Order(
        flag=Flag.FAR_EDIT,
        scene=much_later,
        do="Approve it if it is the same money.",
        deed=say_yes,
        paid=("400.00",),
    ),
    Order(
        flag=Flag.FAR_EDIT,
        scene=much_later,
        do="Else reject it and delete the copy in Case Manager: then the new payment is offered as an addition.",
        deed=reject_and_delete(Flag.FAR_EDIT),
        paid=("400.00",),
    ),
    Order(
        flag=Flag.EDITED_HERE,
        scene=edited_here,
        do="Approve to take Xero's values again",
        deed=say_yes,
        paid=("400.00",),
    ),
    Order(
        flag=Flag.EDITED_HERE,
        scene=edited_here,
        do="or correct Xero",
        deed=then(lambda desk: desk.xero.edit(FIRST, "380.00"), say_yes),
        paid=("380.00",),
    ),
    Order(
        flag=Flag.NEVER_NOTED,
        scene=equal_then_deleted,
        do="Approve it if the money did not come.",
        deed=say_yes,
        paid=(),
    ),
    Order(
        flag=Flag.FORMER_ORIGINAL,
        scene=deleted_before_anybody_looked,
        do="If it did come, enter it in Xero again with the same date and amount",
        deed=then(enter_again, say_yes),
        paid=("400.00",),
    ),
    Order(
        flag=Flag.NEVER_NOTED,
        scene=equal_then_edited,
        do="Approve it if it is the same money.",
        deed=say_yes,
        paid=("450.00",),
    ),
    Order(
        flag=Flag.NEVER_NOTED,
        scene=equal_then_edited,
        do="Else reject it and delete the copy in Case Manager: then the new payment is offered as an addition.",
        deed=reject_and_delete(Flag.NEVER_NOTED),
        paid=("450.00",),
    ),
    Order(
        flag=Flag.FORMER_ORIGINAL,
        scene=edited_before_anybody_looked,
        do="Approve it if it is the same money.",
        deed=say_yes,
        paid=("450.00",),
    ),
    Order(
        flag=Flag.FORMER_ORIGINAL,
        scene=edited_before_anybody_looked,
        do="Else reject it and delete the copy in Case Manager: then the new payment is offered as an addition.",
        deed=reject_and_delete(Flag.FORMER_ORIGINAL),
        paid=("450.00",),
    ),
    Order(
        flag=Flag.RESETTLED,
        scene=came_as_a_credit,
        do="Keep the payment: hold or reject the removal.",
        deed=reject(Flag.RESETTLED),
        paid=("400.00",),
    ),
    Order(
        flag=Flag.NO_IDENTITY,
        scene=names_nobody,
        do="Read its Notes; remove it only if nobody knows the money.",
        deed=say_yes,
        paid=("60.00",),
    ),
    Order(
        flag=Flag.RENUMBERED,
        scene=renumbered,
        do="Say which one it is (Which invoice).",
        deed=then(say_which_number, say_yes),
        paid=("30.00", "400.00"),
    ),
    Order(
        flag=Flag.REPLACEMENT_AHEAD,
        scene=edited_ahead,
        do="Wait until that one comes to Review",
        deed=on_that_day,
        paid=("400.00",),
    ),
    Order(
        flag=Flag.NOT_BANK,
        scene=to_no_bank,
        do="such as a write-off, reject it and enter an adjustment in Case Manager",
        deed=then(reject(Flag.NOT_BANK), adjust("-400.00")),
        paid=(),
    ),
    Order(
        flag=Flag.BEFORE_START,
        scene=before_the_start,
        do="If not, approve it alone.",
        deed=say_yes,
        paid=("400.00",),
    ),
    Order(
        flag=Flag.CLOSED_PERIOD,
        scene=in_a_lodged_period,
        do="Ask your adviser first; then approve it alone",
        deed=say_yes,
        paid=("400.00",),
    ),
    Order(
        flag=Flag.SOR,
        scene=under_a_schedule,
        do="See first in SOR watch what Apxium does about it. If you take it off in Xero, do not approve: this row "
        "goes with the next check.",
        deed=delete_in_xero,
        paid=(),
    ),
    Order(
        flag=Flag.SOR,
        scene=under_a_schedule,
        do="If it stays there, approve it alone, so that Case Manager counts it too.",
        deed=say_yes,
        paid=("400.00",),
    ),
]


@pytest.mark.untraced
@pytest.mark.parametrize("told", ORDERS, ids=(f"{at}-{told.flag.value}" for at, told in enumerate(ORDERS)))
def test_what_a_row_of_review_says_to_do_settles_it_with_the_money_right(desk: Desk, told: Order) -> None:
    told.scene(desk)
    desk.poll()
    row = rows_of(desk, told.flag)[0].proposal
    assert told.do in step_of_row(row)
    assert told.reason in row.explanation
    told.deed(desk)
    desk.poll(is_full=True)
    assert rows_of(desk, told.flag) == []
    assert tuple(desk.paid("100" if told.flag is not Flag.MOVED else "101")) == told.paid


def test_every_flag_was_obeyed() -> None:
    assert {told.flag for told in ORDERS} == set(Flag)


@pytest.mark.parametrize("told", ORDERS, ids=(f"{at}-{told.flag.value}" for at, told in enumerate(ORDERS)))
def test_what_blocks_a_row_is_gone_by_what_it_says_and_nobody_is_told_to_approve_it_before(
    desk: Desk, told: Order
) -> None:
    told.scene(desk)
    desk.poll()
    (row, *_) = rows_of(desk, told.flag)
    said = when_row_leaves(row.proposal, ProposalState.PROPOSED, None)
    may = desk.deciding.approve([row.proposal_id], by=ANN).done
    is_blocked = bool(row.proposal.blocking_flags)
    assert ("It can be approved when" in said) is is_blocked
    assert bool(may) is not is_blocked or row.proposal.move_id or row.proposal.depends_on
    assert "approve it alone" not in step_of_row(row.proposal) or not is_blocked
    assert is_blocked <= bool(row.proposal.flags & BLOCKING_FLAGS)
