"""What rows of Review are about: each scene one row as somebody meets it, each deed what its words tell him to do."""

from dataclasses import replace
from datetime import date

from cmxero_desktop.domain.identifiers import CasePaymentId, XeroInvoiceId
from cmxero_desktop.domain.proposals import Flag
from cmxero_desktop.domain.records import Account
from cmxero_desktop.services.deciding.numbering import say_number
from cmxero_desktop.services.deciding.saying import already_there
from cmxero_desktop.services.records.decisions import StoredProposal
from cmxero_desktop.services.sor.finding import SorSaying
from cmxero_desktop.services.sor.saying import mark_schedule
from tests.services.desk import ANN, NOV_1, Desk, nov
from tests.services.words_come_true.doing import CASE_100, FIRST, INVOICE, ONE, SAID, SECOND, Deed, aud, copied


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


def equal_then_edited(desk: Desk) -> None:
    typed_equal(desk)
    desk.poll()
    desk.xero.edit(FIRST, "450.00")


def edited_before_anybody_looked(desk: Desk) -> None:
    typed_equal(desk)
    desk.xero.edit(FIRST, "450.00")


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


def entered_as_far_as_it_is_owed(desk: Desk) -> None:
    """Enter 850.00 that came on 500.00: what is too much stands in Xero as an overpayment, on no invoice."""
    (too_much,) = desk.xero.payments
    desk.xero.delete(too_much)
    desk.xero.pay("CM-100", "400.00", nov(2))
    desk.xero.pay("CM-100", "100.00", nov(5))
    say_yes(desk)


def reject_and_delete(flag: Flag) -> Deed:
    def done(desk: Desk) -> None:
        (change,) = rows_of(desk, flag)
        desk.deciding.reject([change.proposal_id], by=ANN, reason="new money")
        desk.case.rows.clear()
        say_yes(desk)

    return done


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
