"""What a skipped row says of itself comes true: what takes it off the list does, and every reason was seen to leave."""

from dataclasses import dataclass
from datetime import date

import pytest

from cmxero_desktop.domain.identifiers import XeroPaymentId
from cmxero_desktop.domain.leaving import when_skipped_leaves
from cmxero_desktop.domain.memory import Explained
from cmxero_desktop.domain.placements import Reason
from cmxero_desktop.services.deciding.numbering import say_number
from cmxero_desktop.services.deciding.saying import same_money
from tests.services.desk import ANN, NOV_1, Desk, nov
from tests.services.words_come_true.doing import (
    FIRST,
    INVOICE,
    ONE,
    SAID,
    SECOND,
    TWO,
    Deed,
    adjust,
    aud,
    copied,
    delete_in_xero,
    enter_again,
    locked_and_deleted,
    locked_and_edited,
    locked_and_lower,
    refund,
    say,
    say_corrected,
    skipped,
    then,
)


def not_in_case_manager(desk: Desk) -> None:
    desk.xero.bill("CM-100")
    desk.xero.pay("CM-100", "400.00", NOV_1)


def under_another_number(desk: Desk) -> None:
    not_in_case_manager(desk)
    desk.case.bill("0100")


def in_other_money(desk: Desk) -> None:
    desk.xero.bill("CM-100", currency="NZD")
    desk.case.bill("100")
    desk.xero.pay("CM-100", "400.00", NOV_1)


def ahead(desk: Desk) -> None:
    desk.bill()
    desk.xero.pay("CM-100", "400.00", date(2026, 11, 30))


def locked_and_higher(desk: Desk) -> None:
    copied(desk)
    desk.case.edit(ONE, amount=aud("420.00"))
    desk.case.journal(ONE)


def locked_on_another_day(desk: Desk) -> None:
    copied(desk)
    desk.case.edit(ONE, paid_on=nov(2))
    desk.case.journal(ONE)


def locked_twice(desk: Desk) -> None:
    copied(desk)
    desk.case.type_in("100", "400.00", nov(1), notes=f"Xero payment {FIRST}")
    desk.case.journal(TWO)


def in_a_group(desk: Desk) -> None:
    desk.bill()
    desk.bill("101")
    for number, amount in (("100", "350.00"), ("101", "90.00")):
        key = desk.case.type_in(number, amount, NOV_1)
        desk.case.edit(key, is_multi_invoice=True, group="3")
    desk.xero.pay("CM-101", "90.00", NOV_1)


def in_a_group_and_deleted(desk: Desk) -> None:
    copied(desk)
    desk.case.edit(ONE, is_multi_invoice=True, group="3")
    desk.xero.delete(FIRST)


def not_added_up(desk: Desk) -> None:
    desk.bill()
    desk.xero.pay("CM-100", "400.00", NOV_1)
    desk.xero.skew[INVOICE] = aud("300.00")


def notes_full(desk: Desk) -> None:
    desk.case.notes_limit = 60
    desk.bill()
    desk.xero.pay("CM-100", "400.00", NOV_1)
    desk.case.type_in("100", "400.00", NOV_1, notes="x" * 58)


def unreadable(desk: Desk) -> None:
    desk.bill()
    desk.xero.pay("CM-100", "400.00", NOV_1)
    desk.xero.break_row(FIRST)


def to_trust_account(desk: Desk) -> None:
    desk.set_policy(never_copy=("091",))
    desk.bill()
    desk.xero.pay("CM-100", "400.00", NOV_1)
    desk.xero.change(FIRST, account_code="091")


def negative(desk: Desk) -> None:
    desk.bill()
    desk.xero.pay("CM-100", "-50.00", NOV_1)


def delete_here(desk: Desk) -> None:
    del desk.case.rows[ONE]


def say_same(xero: XeroPaymentId) -> Deed:
    return lambda desk: same_money(desk.outside, ONE, [xero], SAID)


def read_at_last(desk: Desk) -> None:
    desk.xero.broken.clear()
    desk.xero.change(FIRST)


def typed_here(desk: Desk) -> None:
    desk.case.type_in("100", "370.00", NOV_1)


def once_known(desk: Desk) -> None:
    desk.xero.skew.clear()
    desk.xero.change(FIRST)


@dataclass(frozen=True, slots=True, kw_only=True)
class Skip:
    """A skipped row, what takes it off, and words that have to stand in what it says of that."""

    reason: Reason
    scene: Deed
    deed: Deed
    do: str = ""
    leaves: str = ""


FIXED = "when you say whose money it is or that it was corrected elsewhere"
PAIR = "when you say it is Xero's payment or was corrected elsewhere"
SKIPS = [
    Skip(
        reason=Reason.NO_INVOICE,
        scene=not_in_case_manager,
        deed=lambda desk: desk.case.bill("100"),
        leaves="When Case Manager has it",
    ),
    Skip(
        reason=Reason.NO_INVOICE,
        scene=under_another_number,
        deed=lambda desk: say_number(desk.outside, "CM-100", "0100", by=ANN, reason="the same"),
        do="say which invoice",
        leaves="you say which invoice it is",
    ),
    Skip(reason=Reason.NO_INVOICE, scene=not_in_case_manager, deed=delete_in_xero),
    Skip(reason=Reason.CURRENCY, scene=in_other_money, deed=delete_in_xero),
    Skip(
        reason=Reason.CURRENCY,
        scene=in_other_money,
        deed=then(typed_here, say_same(FIRST)),
        do="Enter what was received in Case Manager by hand; then say there",
        leaves="When you say which payment in Case Manager it is.",
    ),
    Skip(
        reason=Reason.FUTURE_DATED,
        scene=ahead,
        deed=lambda desk: desk.clock.pass_days(3),
        do="Nothing to do: comes to Review on 25 Nov 2026. If the date is wrong, correct it in Xero.",
        leaves="On 25 Nov 2026, by itself.",
    ),
    Skip(
        reason=Reason.FUTURE_DATED,
        scene=ahead,
        deed=lambda desk: desk.xero.change(FIRST, paid_on=NOV_1),
        do="If the date is wrong, correct it in Xero.",
    ),
    Skip(
        reason=Reason.JOURNALLED,
        scene=locked_and_deleted,
        deed=then(refund("400.00"), say_corrected("c-1")),
        do="type a refund of 400.00 (an adjustment of +400.00 does the same) on invoice 100 in Case Manager",
        leaves=FIXED,
    ),
    Skip(
        reason=Reason.JOURNALLED,
        scene=locked_and_deleted,
        deed=then(adjust("400.00"), say_corrected("1")),
        do="an adjustment of +400.00",
    ),
    Skip(reason=Reason.JOURNALLED, scene=locked_and_deleted, deed=enter_again, do="If it came: enter 400.00 on 1 Nov"),
    Skip(reason=Reason.JOURNALLED, scene=locked_and_deleted, deed=delete_here, leaves="gone in Case Manager"),
    Skip(reason=Reason.JOURNALLED, scene=locked_and_deleted, deed=say(Explained.OTHER), leaves=FIXED),
    Skip(
        reason=Reason.JOURNALLED,
        scene=locked_and_edited,
        deed=say_same(SECOND),
        do="If it is the same money as Xero's 450.00 on 1 Nov 2026: say so (Say what it is).",
    ),
    Skip(
        reason=Reason.JOURNALLED,
        scene=locked_and_lower,
        deed=then(adjust("-20.00"), say_corrected("x-payment-1")),
        do="type an adjustment of -20.00 on invoice 100 in Case Manager, with today's date, so that it "
        "shows 20.00 less owing",
        leaves=PAIR,
    ),
    Skip(
        reason=Reason.JOURNALLED,
        scene=locked_and_higher,
        deed=then(refund("20.00"), say_corrected("x-payment-1")),
        do="type a refund of 20.00 (an adjustment of +20.00 does the same) on invoice 100",
        leaves=PAIR,
    ),
    Skip(
        reason=Reason.JOURNALLED,
        scene=locked_and_lower,
        deed=lambda desk: desk.xero.edit(FIRST, "380.00"),
        do="If Case Manager is right: correct Xero.",
        leaves="both sides have the same amount and date",
    ),
    Skip(
        reason=Reason.JOURNALLED,
        scene=locked_on_another_day,
        deed=say_same(FIRST),
        do="only the date differs: say that it is Xero's payment",
        leaves=PAIR,
    ),
    Skip(
        reason=Reason.JOURNALLED,
        scene=locked_twice,
        deed=then(refund("400.00"), say_corrected("c-2")),
        do="It is a copy too many: type a refund of 400.00",
        leaves="When you say it was corrected elsewhere",
    ),
    Skip(
        reason=Reason.MULTI_INVOICE,
        scene=in_a_group,
        deed=lambda desk: desk.xero.pay("CM-100", "350.00", NOV_1),
        do="enter it in Xero with this date and amount",
        leaves="When Xero has an equal payment",
    ),
    Skip(reason=Reason.MULTI_INVOICE, scene=in_a_group, deed=say(Explained.OTHER), do="say what it is", leaves=FIXED),
    Skip(reason=Reason.MULTI_INVOICE, scene=in_a_group, deed=say(Explained.SET_ASIDE)),
    Skip(
        reason=Reason.MULTI_INVOICE,
        scene=in_a_group,
        deed=then(refund("350.00"), say_corrected("1")),
        do="If it never came: type a refund of 350.00",
        leaves=FIXED,
    ),
    Skip(
        reason=Reason.MULTI_INVOICE,
        scene=in_a_group_and_deleted,
        deed=then(refund("400.00"), say_corrected("c-1")),
        do="type a refund of 400.00",
    ),
    Skip(reason=Reason.CONTROL_TOTAL, scene=not_added_up, deed=once_known, leaves="When both agree."),
    Skip(
        reason=Reason.NOTES_FULL,
        scene=notes_full,
        deed=lambda desk: desk.case.edit(ONE, notes="short"),
        do="Shorten the Notes of this payment in Case Manager",
        leaves="When the line fits.",
    ),
    Skip(reason=Reason.UNREADABLE, scene=unreadable, deed=read_at_last, leaves="When the value can be read."),
    Skip(
        reason=Reason.ACCOUNT,
        scene=to_trust_account,
        deed=lambda desk: desk.set_policy(never_copy=()),
        leaves="When the settings no longer name the account.",
    ),
    Skip(reason=Reason.AMOUNT, scene=negative, deed=delete_in_xero, leaves="When it is gone in Xero."),
]


@pytest.mark.parametrize("told", SKIPS, ids=(f"{at}-{told.reason.value}" for at, told in enumerate(SKIPS)))
def test_a_skipped_row_leaves_by_what_it_says(desk: Desk, told: Skip) -> None:
    told.scene(desk)
    desk.poll()
    (row,) = skipped(desk, told.reason)
    assert told.do in row.next_step
    assert told.leaves in when_skipped_leaves(row)
    told.deed(desk)
    desk.poll(is_full=True)
    assert skipped(desk, told.reason) == []


def test_every_reason_was_seen_to_leave() -> None:
    assert {told.reason for told in SKIPS} == set(Reason)
