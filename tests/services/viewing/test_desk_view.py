"""The view: its counts are the lengths of its lists, and every row tells what a person asks about it."""

from dataclasses import replace

from cmxero_desktop.domain.identifiers import CaseInvoiceId, XeroInvoiceId
from cmxero_desktop.domain.money import Money
from cmxero_desktop.domain.proposals import ProposalState
from cmxero_desktop.domain.records import Side, UnreadableRow
from tests.services.desk import NOV_1, Desk, nov


def busy(desk: Desk) -> None:
    """Fill every list."""
    desk.bill()
    desk.bill("200")
    desk.xero.bill("CM-300")
    desk.xero.pay("CM-100", "10.00", NOV_1)
    desk.xero.pay("CM-100", "20.00", NOV_1, "TT 2")
    desk.xero.pay("CM-100", "30.00", nov(29))
    desk.xero.pay("CM-300", "5.00", NOV_1)
    desk.case.type_in("100", "10.00", NOV_1)
    desk.case.type_in("200", "99.00", NOV_1)
    desk.xero.renumber(XeroInvoiceId("invoice-2"), "CM-200")
    desk.poll()
    desk.xero.renumber(XeroInvoiceId("invoice-2"), "CM-201")


def test_counts_are_the_lengths_of_the_lists(desk: Desk) -> None:
    busy(desk)
    counts = desk.poll().counts
    view = desk.view()
    assert counts == view.counts
    assert (counts.matched, counts.unmatched, counts.skipped) == (1, 2, 2)
    assert (len(view.matched), len(view.unmatched), len(view.skipped)) == (1, 2, 2)
    assert counts.proposed == len(view.review) == 2
    assert counts.alerts == len(view.alerts) == 1
    assert [row.placement.side for row in view.unmatched_on(Side.CASE_MANAGER)] == [Side.CASE_MANAGER]
    assert len(view.unmatched_on(Side.XERO)) == 1
    assert len(view.runs) == 2


def test_before_the_first_poll_there_is_nothing(desk: Desk) -> None:
    view = desk.view()
    assert view.tie_out is None
    assert view.counts.matched == 0
    assert desk.is_good()


def test_what_is_approved_stays_in_review_and_what_is_applied_can_be_undone(desk: Desk) -> None:
    busy(desk)
    link = next(row.stored for row in desk.view().review if row.stored.proposal.case)
    desk.approve(link)
    assert desk.view().counts.proposed == 1
    assert len(desk.view().review) == 2
    desk.apply()
    applied = [key for key, row in desk.view().proposals.items() if row.state is ProposalState.APPLIED]
    assert applied == [link.proposal_id]
    assert link.proposal_id in {row.proposal.proposal_id for row in desk.view().matched if row.proposal} | {
        link.proposal_id
    }
    assert desk.again(link).state is ProposalState.APPLIED


def test_rows_show_amount_date_reference_and_who_pays(desk: Desk) -> None:
    busy(desk)
    row = desk.view().unmatched_on(Side.XERO)[0]
    assert (str(row.amount), row.paid_on, row.reference, row.bill_to) == ("20.00", NOV_1, "TT 2", "Ms Ito")
    assert row.row_id == "x-payment-2"
    assert row.proposal is not None
    row = desk.view().unmatched_on(Side.CASE_MANAGER)[0]
    assert (str(row.amount), row.paid_on, row.reference, row.bill_to) == ("99.00", NOV_1, "", "")
    assert row.proposal is None
    invoice = desk.case.invoices[CaseInvoiceId(1)]
    desk.case.invoices[CaseInvoiceId(1)] = replace(invoice, bill_to="Estate of Ito")
    reviewed = desk.view().review[0]
    assert (reviewed.row_id, reviewed.bill_to) == (reviewed.stored.proposal_id, "Ms Ito")
    desk.poll()
    assert desk.view().review[0].bill_to == "Estate of Ito"
    assert desk.view().matched[0].bill_to == "Estate of Ito"


def test_a_removal_shows_what_goes(desk: Desk) -> None:
    desk.bill()
    desk.case.type_in("100", "10.00", NOV_1, "Imported from Xero")
    desk.poll()
    assert desk.view().review[0].bill_to == ""


def test_an_unreadable_row_shows_what_could_be_made_out(desk: Desk) -> None:
    desk.bill()
    first = desk.xero.pay("CM-100", "10.00", NOV_1)
    told = UnreadableRow(side=Side.XERO, place="page 1", problem="?", amount=Money.of("10.00", "AUD"), paid_on=NOV_1)
    desk.xero.broken[first] = told
    desk.poll()
    (row,) = desk.view().skipped
    assert (str(row.amount), row.paid_on, row.reference) == ("10.00", NOV_1, "")


def test_a_deleted_payment_s_row_shows_the_copy_s_date(desk: Desk) -> None:
    desk.bill()
    payment_id = desk.xero.pay("CM-100", "10.00", NOV_1)
    desk.poll()
    desk.approve_and_apply(desk.proposal())
    (copy,) = desk.case.payments("100")
    desk.case.journal(copy.payment_id)
    desk.xero.delete(payment_id)
    desk.poll()
    (row,) = desk.view().skipped
    assert row.paid_on == NOV_1


def test_what_waits_for_another_row_stands_below_it_in_review(desk: Desk) -> None:
    """Both come up at one check: by their hashes alone either may stand first, and one of eight would be wrong."""
    numbers = [str(100 + n) for n in range(8)]
    bounced = []
    for number in numbers:
        desk.bill(number)
        bounced.append(desk.xero.pay(f"CM-{number}", "300.00", NOV_1))
    desk.poll()
    desk.approve_and_apply(*(row.stored for row in desk.view().review))
    for number, payment in zip(numbers, bounced, strict=True):
        desk.xero.delete(payment)
        desk.clock.pass_days(5)
        desk.xero.pay(f"CM-{number}", "600.00", nov(30))
    desk.poll()
    shown = [row.stored.proposal for row in desk.view().review]
    assert len(shown) == 2 * len(numbers)
    for at, proposal in enumerate(shown):
        assert set(proposal.depends_on) <= {other.proposal_id for other in shown[:at]}
    assert sum(bool(proposal.depends_on) for proposal in shown) == len(numbers)


def test_what_was_rejected_is_shown_for_as_long_as_it_can_be_put_back(desk: Desk) -> None:
    desk.bill()
    payment_id = desk.xero.pay("CM-100", "10.00", NOV_1)
    desk.poll()
    proposal = desk.proposal()
    desk.deciding.reject([proposal.proposal_id], by="Ann", reason="not ours")
    view = desk.view()
    assert [row.row_id for row in view.rejected] == [proposal.proposal_id]
    assert view.review == ()
    desk.xero.delete(payment_id)
    desk.poll()
    assert desk.view().rejected == ()
