"""What a row says of itself is done, and comes true: what to do settles it with the money right, and then it leaves.

Each scene is one row as somebody meets it; each deed is what its words tell him to do, or what they say has to happen.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

import pytest

from cmxero_desktop.domain.around import Surroundings
from cmxero_desktop.domain.errors import NotAllowedError
from cmxero_desktop.domain.identifiers import CaseInvoiceId, CasePaymentId, XeroInvoiceId, XeroPaymentId
from cmxero_desktop.domain.leaving import when_row_leaves, when_skipped_leaves
from cmxero_desktop.domain.memory import Explained
from cmxero_desktop.domain.money import Money
from cmxero_desktop.domain.next_steps import step_of_row, step_of_unmatched
from cmxero_desktop.domain.placements import Placement, Reason
from cmxero_desktop.domain.proposals import BLOCKING_FLAGS, Flag, ProposalKind, ProposalState
from cmxero_desktop.domain.records import Account
from cmxero_desktop.domain.tie_out import MATCHED_OTHERWISE
from cmxero_desktop.services.deciding.correcting import corrected
from cmxero_desktop.services.deciding.numbering import say_number
from cmxero_desktop.services.deciding.saying import Saying, already_there, explain, same_money
from cmxero_desktop.services.records.decisions import StoredProposal
from cmxero_desktop.services.sor.finding import SorSaying
from cmxero_desktop.services.sor.saying import mark_schedule
from cmxero_desktop.services.viewing.around import around_of
from tests.services.desk import ANN, NOV_1, Desk, nov

SAID = Saying(by=ANN, reason="the bank says so")
INVOICE, ONE, TWO = XeroInvoiceId("invoice-1"), CasePaymentId(1), CasePaymentId(2)
FIRST, SECOND = XeroPaymentId("payment-1"), XeroPaymentId("payment-2")
CASE_100 = CaseInvoiceId(1)

Deed = Callable[[Desk], object]


def aud(amount: str) -> Money:
    return Money.of(amount, "AUD")


# Scenes


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


def copied(desk: Desk) -> None:
    desk.bill()
    desk.xero.pay("CM-100", "400.00", NOV_1)
    desk.poll()
    desk.approve_and_apply(desk.proposal())


def locked_and_deleted(desk: Desk) -> None:
    copied(desk)
    desk.case.journal(ONE)
    desk.xero.delete(FIRST)


def locked_and_edited(desk: Desk) -> None:
    copied(desk)
    desk.case.journal(ONE)
    desk.xero.edit(FIRST, "450.00")


def locked_and_lower(desk: Desk) -> None:
    """Let somebody lower the copy, and lock it then."""
    copied(desk)
    desk.case.edit(ONE, amount=aud("380.00"))
    desk.case.journal(ONE)


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


# Deeds


def delete_in_xero(desk: Desk) -> None:
    desk.xero.delete(FIRST)


def delete_here(desk: Desk) -> None:
    del desk.case.rows[ONE]


def enter_again(desk: Desk) -> None:
    desk.xero.pay("CM-100", "400.00", NOV_1)


def refund(amount: str) -> Deed:
    return lambda desk: desk.case.refund(CASE_100, amount)


def adjust(amount: str) -> Deed:
    def typed(desk: Desk) -> None:
        desk.case.invoices[CASE_100] = replace(desk.case.invoices[CASE_100], adjustments=aud(amount))

    return typed


def say_corrected(name: str) -> Deed:
    return lambda desk: corrected(desk.outside, name, SAID)


def say(what: Explained) -> Deed:
    return lambda desk: explain(desk.outside, ONE, what, SAID)


def say_same(xero: XeroPaymentId) -> Deed:
    return lambda desk: same_money(desk.outside, ONE, [xero], SAID)


def read_at_last(desk: Desk) -> None:
    desk.xero.broken.clear()
    desk.xero.change(FIRST)


def then(*deeds: Deed) -> Deed:
    """Do one after the other, with a check of Xero between."""

    def done(desk: Desk) -> None:
        for at, deed in enumerate(deeds):
            if at:
                desk.poll()
            deed(desk)

    return done


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


def skipped(desk: Desk, reason: Reason) -> list[Placement]:
    return [row.placement for row in desk.view().skipped if row.placement.reason is reason]


def steps(desk: Desk) -> list[str]:
    """Return what the tie-out of payments names."""
    statement = desk.view().tie_out
    assert statement is not None
    return [line.label for line in statement.lines]


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


# Review: each flag, what its row says to do, and the money that stands in Case Manager once it was done


def rows_of(desk: Desk, flag: Flag) -> list[StoredProposal]:
    return [row for row in desk.proposals() if flag in row.proposal.flags]


def say_yes(desk: Desk) -> None:
    """Approve and write what waits, each row by itself, as a person does who looked at it."""
    desk.poll()
    desk.approve_and_apply(*desk.proposals())


def more_than_the_invoice(desk: Desk) -> None:
    desk.xero.bill("CM-100", "1200.00")
    desk.case.bill("100", "1000.00")
    desk.xero.pay("CM-100", "1200.00", NOV_1)


def total_here(amount: str) -> Deed:
    def corrected_total(desk: Desk) -> None:
        desk.case.invoices[CASE_100] = replace(desk.case.invoices[CASE_100], total=aud(amount))

    return corrected_total


def copy_elsewhere(desk: Desk) -> None:
    """Let the copy of CM-100's payment stand on CM-101, beside nothing of its own."""
    desk.bill()
    desk.bill("101")
    desk.xero.pay("CM-100", "400.00", NOV_1)
    desk.case.type_in("101", "400.00", NOV_1, notes=f"Xero payment {FIRST}")


def locked_copy_elsewhere(desk: Desk) -> None:
    copy_elsewhere(desk)
    desk.case.journal(ONE)


def two_of_one_number(desk: Desk) -> None:
    desk.bill()
    desk.xero.bill("CM-100", "250.00")
    desk.xero.pay("CM-100", "90.00", NOV_1)


def a_second_copy(desk: Desk) -> None:
    copied(desk)
    desk.case.type_in("100", "400.00", NOV_1, notes=f"Xero payment {FIRST}")
    desk.xero.pay("CM-100", "30.00", nov(4))


def so_many_removals(desk: Desk) -> None:
    desk.set_policy(removal_limit_count=1)
    for number in ("100", "101"):
        desk.bill(number)
        desk.xero.pay(f"CM-{number}", "400.00", NOV_1)
    desk.poll()
    desk.approve_and_apply(*desk.proposals())
    for gone in (FIRST, SECOND):
        desk.xero.delete(gone)


def typed_a_day_later(desk: Desk) -> None:
    desk.bill()
    desk.xero.bill("CM-101")
    desk.xero.pay("CM-100", "400.00", NOV_1)
    desk.xero.pay("CM-100", "50.00", NOV_1)
    desk.case.type_in("100", "400.00", nov(2))


def beside_33(desk: Desk) -> None:
    desk.bill()
    desk.xero.pay("CM-100", "400.00", NOV_1)
    desk.case.type_in("100", "33.00", nov(9))


def typed_on_101(desk: Desk) -> None:
    desk.bill()
    desk.bill("101")
    desk.xero.pay("CM-100", "400.00", NOV_1)
    desk.case.type_in("101", "400.00", NOV_1)


def entered_twice(desk: Desk) -> None:
    desk.bill()
    for _ in range(2):
        desk.xero.pay("CM-100", "400.00", NOV_1)
    desk.case.type_in("100", "400.00", NOV_1)


def one_sum_here(desk: Desk) -> None:
    """Let one remittance of two invoices stand whole on a third."""
    for number in ("100", "101", "102"):
        desk.bill(number)
    for number, amount in (("100", "260.00"), ("101", "240.00")):
        desk.xero.pay(f"CM-{number}", amount, NOV_1)
    desk.case.type_in("102", "500.00", NOV_1)


def moved_from_a_locked_one(desk: Desk) -> None:
    copied(desk)
    desk.bill("101")
    desk.case.journal(ONE)
    desk.xero.delete(FIRST)
    desk.xero.pay("CM-101", "400.00", NOV_1)


def much_later(desk: Desk) -> None:
    copied(desk)
    desk.xero.delete(FIRST)
    desk.clock.pass_days(9)
    desk.xero.pay("CM-100", "400.00", nov(29))


def edited_here(desk: Desk) -> None:
    copied(desk)
    desk.case.edit(ONE, amount=aud("380.00"))


def typed_equal(desk: Desk) -> None:
    desk.bill()
    desk.xero.pay("CM-100", "400.00", NOV_1)
    desk.case.type_in("100", "400.00", NOV_1)


def equal_then_deleted(desk: Desk) -> None:
    typed_equal(desk)
    desk.poll()
    desk.xero.delete(FIRST)


def deleted_before_anybody_looked(desk: Desk) -> None:
    typed_equal(desk)
    desk.xero.delete(FIRST)


def came_as_a_credit(desk: Desk) -> None:
    copied(desk)
    desk.xero.delete(FIRST)
    desk.xero.credit(INVOICE, "400.00")


def names_nobody(desk: Desk) -> None:
    desk.bill()
    desk.xero.pay("CM-100", "60.00", NOV_1)
    desk.case.type_in("100", "60.00", NOV_1)
    desk.case.type_in("100", "400.00", NOV_1, notes="Xero payment 00000000-0000-0000-0000-000000000009")
    desk.poll(is_full=True)


def renumbered(desk: Desk) -> None:
    copied(desk)
    desk.case.bill("200")
    desk.xero.renumber(INVOICE, "CM-200")
    desk.xero.pay("CM-200", "30.00", NOV_1)


def edited_ahead(desk: Desk) -> None:
    copied(desk)
    desk.xero.edit(FIRST, "400.00", date(2026, 11, 30))


def to_no_bank(desk: Desk) -> None:
    desk.bill()
    desk.xero.chart = [Account(account_id="a-7", code="880", name="Bad debts", account_type="EXPENSE")]
    desk.xero.pay("CM-100", "400.00", NOV_1)
    desk.xero.change(FIRST, account_id="a-7", account_code="880", account_name="Bad debts")


def before_the_start(desk: Desk) -> None:
    desk.set_policy(start_date=nov(10))
    desk.bill()
    desk.poll()
    desk.xero.pay("CM-100", "400.00", NOV_1)


def in_a_lodged_period(desk: Desk) -> None:
    desk.set_policy(lodged_until=nov(5))
    desk.bill()
    desk.xero.pay("CM-100", "400.00", NOV_1)


def under_a_schedule(desk: Desk) -> None:
    desk.bill()
    desk.xero.pay("CM-100", "400.00", NOV_1)
    desk.poll()
    mark_schedule(desk.outside, "CM-100", SorSaying(by=ANN, reason="Apxium's mail"))


def link_to_first(flag: Flag) -> Deed:
    def linked(desk: Desk) -> None:
        desk.link(rows_of(desk, flag)[0], ONE)
        say_yes(desk)

    return linked


def entered_in_xero_too(desk: Desk) -> None:
    desk.xero.pay("CM-100", "400.00", nov(2))
    say_yes(desk)


def delete(key: CasePaymentId) -> Deed:
    return lambda desk: desk.case.rows.pop(key)


def money_is_there(desk: Desk) -> None:
    (add,) = rows_of(desk, Flag.JOURNALLED_COUNTERPART)
    already_there(desk.outside, add.proposal_id, ONE, SAID)


def release_all(desk: Desk) -> None:
    desk.approve(*rows_of(desk, Flag.OVER_LIMIT), release="the payer took both back")
    desk.apply()


def on_this_invoice_instead(desk: Desk) -> None:
    desk.case.edit(ONE, invoice_id=CASE_100)
    say_yes(desk)


def other_lines_deleted(desk: Desk) -> None:
    desk.case.rows.clear()
    say_yes(desk)


def too_much_for_both(desk: Desk) -> None:
    desk.bill(amount="500.00")
    desk.xero.pay("CM-100", "450.00", nov(5))
    desk.case.type_in("100", "400.00", nov(2))


def with_room_for_both(desk: Desk) -> None:
    """Leave room for both on both sides, and enter in Xero what only Case Manager had."""
    total_here("1000.00")(desk)
    key, invoice = next(iter(desk.xero.invoices.items()))
    desk.xero.invoices[key] = replace(invoice, total=aud("1000.00"))
    entered_in_xero_too(desk)


def reject_and_delete(desk: Desk) -> None:
    (change,) = rows_of(desk, Flag.FAR_EDIT)
    desk.deciding.reject([change.proposal_id], by=ANN, reason="new money")
    desk.case.rows.clear()
    say_yes(desk)


def reject(flag: Flag) -> Deed:
    return lambda desk: desk.deciding.reject([rows_of(desk, flag)[0].proposal_id], by=ANN, reason="no")


def on_that_day(desk: Desk) -> None:
    desk.clock.pass_days(3)
    say_yes(desk)


def say_which_number(desk: Desk) -> None:
    say_number(desk.outside, "CM-100", "100", by=ANN, reason="the copies")


def give_each_its_own(desk: Desk) -> None:
    desk.xero.renumber(XeroInvoiceId("invoice-2"), "CM-250")
    desk.case.bill("250", "250.00")
    desk.poll(is_full=True)
    say_yes(desk)


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
        do="Look at all of them; then release them with a reason.",
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
        do="If both are real: correct the invoice's total where it is wrong, in Xero, in Case Manager or in both, or "
        "record in Xero what is too much as an overpayment; then enter 400.00 on 2 Nov 2026 in Xero too, and check "
        "Xero.",
        deed=with_room_for_both,
        paid=("400.00", "450.00"),
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
        do="or delete it in Case Manager if it never came. Otherwise approve it by itself.",
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
        do="If it was entered twice in Xero, delete one there: this row goes with the next check.",
        deed=then(lambda desk: desk.xero.delete(SECOND), say_yes),
        paid=("400.00",),
    ),
    Order(
        flag=Flag.TWIN,
        scene=entered_twice,
        do="Otherwise approve it by itself.",
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
        deed=reject_and_delete,
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
        do="If not, approve it by itself.",
        deed=say_yes,
        paid=("400.00",),
    ),
    Order(
        flag=Flag.CLOSED_PERIOD,
        scene=in_a_lodged_period,
        do="Ask your adviser first; then approve it by itself",
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
        do="Else approve it by itself, or reject it.",
        deed=say_yes,
        paid=("400.00",),
    ),
]


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


def on_an_invoice_that_awaits_money_itself(desk: Desk) -> None:
    """Let a remittance of two invoices stand whole on a third, which has a payment of its own in Xero alone."""
    for number in ("100", "101"):
        desk.bill(number)
    desk.bill("102", "550.00")
    for number, amount in (("100", "260.00"), ("101", "240.00")):
        desk.xero.pay(f"CM-{number}", amount, NOV_1)
    desk.xero.pay("CM-102", "450.00", nov(13))
    desk.case.type_in("102", "500.00", NOV_1)
    desk.poll()


def told_around(desk: Desk, number: str) -> str:
    view = desk.view()
    (row,) = [row for row in view.review if row.stored.proposal.invoice_number == number]
    proposal = row.stored.proposal
    return step_of_row(proposal, around=around_of(proposal.near, row.elsewhere, view))


OTHER_PAYER = (
    "If it is money of CM-100 or CM-101, typed on the wrong invoice: delete it in Case Manager and check Xero, "
    "then approve the row of each whose money it is, and this one."
)


def test_money_that_two_rows_claim_is_deleted_where_it_was_typed_wrongly_and_all_of_them_come_right(desk: Desk) -> None:
    on_an_invoice_that_awaits_money_itself(desk)
    assert OTHER_PAYER in told_around(desk, "CM-102")
    said = told_around(desk, "CM-100")
    assert "on CM-102" in said
    assert "is this money, delete it there and check Xero, then approve this" in said
    delete(ONE)(desk)
    say_yes(desk)
    assert [desk.paid(number) for number in ("100", "101", "102")] == [["260.00"], ["240.00"], ["450.00"]]
    assert desk.proposals() == []


def test_money_that_two_rows_claim_may_be_its_own_invoices_whose_row_is_decided_first(desk: Desk) -> None:
    on_an_invoice_that_awaits_money_itself(desk)
    assert "If it is the money of CM-102 itself, decide the row of CM-102 first." in told_around(desk, "CM-100")
    (own,) = [stored for stored in desk.proposals() if stored.proposal.invoice_number == "CM-102"]
    desk.link(own, ONE)
    desk.poll()
    (change,) = [stored for stored in desk.proposals() if stored.proposal.invoice_number == "CM-102"]
    desk.approve_and_apply(change)
    desk.poll(is_full=True)
    assert rows_of(desk, Flag.SAME_REMITTANCE) == []
    say_yes(desk)
    assert [desk.paid(number) for number in ("100", "101", "102")] == [["260.00"], ["240.00"], ["450.00"]]


def test_what_would_be_accepted_here_and_is_wanted_elsewhere_is_deleted_and_both_invoices_come_right(
    desk: Desk,
) -> None:
    for number in ("100", "101"):
        desk.bill(number)
    desk.xero.pay("CM-100", "400.00", nov(3))
    desk.xero.pay("CM-101", "400.00", NOV_1)
    desk.xero.change(SECOND, reference="REM-77")
    desk.case.type_in("100", "400.00", NOV_1)
    desk.case.edit(ONE, reference="REM-77")
    desk.poll()
    view = desk.view()
    (accept,) = [stored.proposal for stored in desk.proposals() if stored.proposal.kind is ProposalKind.ACCEPT]
    around = around_of(accept.accepted_as, (), view)
    words = "is the money of CM-101, do not approve this: delete it in Case Manager and check Xero"
    assert words in step_of_row(accept, around=around)
    assert "is the money of the other invoice that the reason names" in step_of_row(accept)
    several = replace(accept, accepted_as=accept.accepted_as * 2)
    assert "If one of the payments in Case Manager" in step_of_row(several)
    delete(ONE)(desk)
    say_yes(desk)
    assert [desk.paid(number) for number in ("100", "101")] == [["400.00"], ["400.00"]]


def test_a_payment_that_rows_of_review_claim_names_them_by_their_invoices(desk: Desk) -> None:
    on_an_invoice_that_awaits_money_itself(desk)
    view = desk.view()
    (row,) = [row.placement for row in view.unmatched if row.placement.case is not None]
    assert row.case is not None
    said = step_of_unmatched(row, None, None, None, around=around_of([row.case], (), view))
    assert said.startswith(
        "Decide first whose money it is: the rows of CM-100, CM-101 and CM-102 in Review name it, and each says what "
        "to do if it is its money. Else:"
    )
    only = Surroundings(homes={ONE: ["CM-102"]})
    assert step_of_unmatched(row, None, None, None, around=only).startswith(
        "Decide first the row of CM-102 in Review, which names it"
    )
    other = replace(row.case, payment_id=TWO)
    assert around_of([other], (), view) == Surroundings()
    nobody = step_of_unmatched(replace(row, near_xero=()), None, None, None)
    assert nobody.startswith("If it is money that Xero has otherwise")


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
    assert "approve it by itself" not in step_of_row(row.proposal) or not is_blocked
    assert is_blocked <= bool(row.proposal.flags & BLOCKING_FLAGS)
