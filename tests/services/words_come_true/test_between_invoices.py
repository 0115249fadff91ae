"""What rows say of money that another invoice may be owed settles all of them, whosever money it is."""

from dataclasses import replace

from cmxero_desktop.domain.around import Surroundings
from cmxero_desktop.domain.next_steps import step_of_row, step_of_unmatched
from cmxero_desktop.domain.proposals import Flag, ProposalKind
from cmxero_desktop.services.viewing.around import around_of
from tests.services.desk import NOV_1, Desk, nov
from tests.services.words_come_true.doing import ONE, SECOND, TWO
from tests.services.words_come_true.scenes_of_review import delete, rows_of, say_yes


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
