"""A locked payment that Xero has otherwise, called corrected elsewhere: a pair for as long as its refund stands."""

from dataclasses import replace

import pytest

from cmxero_desktop.domain.debtor_causes import Cause
from cmxero_desktop.domain.identifiers import CaseInvoiceId, XeroPaymentId
from cmxero_desktop.domain.memory import Explained
from cmxero_desktop.domain.placements import Bucket, MatchedHow, Placement, Reason
from cmxero_desktop.domain.proposals import Flag, ProposalKind
from cmxero_desktop.domain.wording import IN_VAIN
from cmxero_desktop.services.checking.debtors import debtor_lists
from cmxero_desktop.services.deciding.correcting import corrected
from cmxero_desktop.services.deciding.saying import Saying, already_there, explain, same_money, unpair
from cmxero_desktop.services.records.audit import AuditWhat
from tests.services.desk import ANN, NOV_1, Desk, nov

SAID = Saying(by=ANN, reason="the refund is entered")
CASE_100 = CaseInvoiceId(1)


@pytest.fixture(params=["journalled", "multi-invoice"])
def paid(desk: Desk, request: pytest.FixtureRequest) -> XeroPaymentId:
    """Lock 400, of which Xero has 350, with a refund of 50 that makes up for it, and say so."""
    desk.bill()
    payment = desk.xero.pay("CM-100", "350.00", NOV_1)
    key = desk.case.type_in("100", "400.00", NOV_1, notes=f"Xero payment {payment}")
    if request.param == "journalled":
        desk.case.journal(key)
    else:
        desk.case.edit(key, is_multi_invoice=True)
    desk.case.refund(CASE_100, "50.00")
    desk.poll(is_full=True)
    corrected(desk.outside, f"x-{payment}", SAID)
    assert row(desk).matched_how is MatchedHow.ACCEPTED
    return payment


def row(desk: Desk) -> Placement:
    view = desk.view()
    (found,) = [
        r.placement
        for r in (*view.matched, *view.unmatched, *view.skipped)
        if r.placement.case is not None and str(r.placement.case.amount) == "400.00"
    ]
    return found


def causes(desk: Desk) -> dict[Cause, str]:
    return {r.cause: str(r.amount) for line in debtor_lists(desk.outside).lines for r in line.reasons}


def is_open(desk: Desk) -> bool:
    return row(desk).reason in {Reason.JOURNALLED, Reason.MULTI_INVOICE}


@pytest.mark.usefixtures("paid")
def test_r17_a_pair_opens_again_where_its_refund_is_taken_back_and_closes_with_it(desk: Desk) -> None:
    """Else 400 stand ticked beside 350, with nothing that makes up for the 50."""
    desk.case.refund(CASE_100, "0.00")
    desk.poll()
    assert is_open(desk)
    assert IN_VAIN in row(desk).explanation
    assert causes(desk) == {Cause.LOCKED: "-50.00"}
    desk.case.refund(CASE_100, "50.00")
    desk.poll()
    assert row(desk).bucket is Bucket.MATCHED
    assert causes(desk) == {}


@pytest.mark.usefixtures("paid")
def test_r0_a_difference_of_another_cause_leaves_the_pair_and_asks_nobody_to_take_its_refund_back(desk: Desk) -> None:
    desk.case.type_in("100", "33.00", nov(9))
    desk.poll()
    assert row(desk).bucket is Bucket.MATCHED
    assert causes(desk) == {Cause.LEFTOVER: "-33.00"}


def test_r17_what_makes_up_for_a_difference_makes_up_for_no_more(desk: Desk, paid: XeroPaymentId) -> None:
    """Xero's 350 are deleted: all 400 count too much, and a refund of all of it is no word of a person's yet."""
    desk.xero.delete(paid)
    desk.poll()
    desk.case.refund(CASE_100, "400.00")
    desk.poll()
    assert is_open(desk)
    assert "was corrected elsewhere" not in row(desk).explanation


def test_r7a_with_the_pair_ends_what_was_said_of_it(desk: Desk, paid: XeroPaymentId) -> None:
    key = row(desk).case
    assert key is not None
    desk.case.edit(key.payment_id, notes="")
    desk.poll()
    unpair(desk.outside, f"x-{paid}", SAID)
    desk.poll()
    with desk.store.read() as unit:
        assert (unit.memory.accepted(), unit.memory.explained()) == ({}, {})
    assert Flag.BESIDE_UNMATCHED in desk.proposal(ProposalKind.ADD).proposal.flags


@pytest.mark.usefixtures("paid")
def test_r7a_what_was_said_of_other_payments_stays(desk: Desk) -> None:
    """A second locked payment of the invoice was corrected, too; the first pair ends, and the second's word stands."""
    other = desk.xero.pay("CM-100", "70.00", nov(3))
    second = desk.case.type_in("100", "70.00", nov(3), notes=f"Xero payment {other}")
    desk.case.journal(second)
    desk.poll()
    desk.xero.delete(other)
    desk.case.refund(CASE_100, "120.00")
    desk.poll()
    corrected(desk.outside, f"c-{second}", SAID)
    first = row(desk).case
    assert first is not None
    desk.case.edit(first.payment_id, amount=replace(first.amount, amount=first.amount.amount + 1))
    desk.poll()
    with desk.store.read() as unit:
        assert [one.case_id for one in unit.memory.explained()["100"]] == [second]


@pytest.mark.usefixtures("paid")
def test_r17_a_pair_falls_with_its_refund_where_nothing_locks_it_any_more(desk: Desk) -> None:
    """Then it can be mirrored: 400 beside 350 is no pair without the refund, and no locked copy."""
    copy = row(desk).case
    assert copy is not None
    desk.case.edit(copy.payment_id, is_journalled=False, journal_number="", is_multi_invoice=False)
    desk.case.refund(CASE_100, "0.00")
    desk.poll()
    change = desk.proposal().proposal
    assert change.kind is ProposalKind.CHANGE
    assert change.after is not None
    assert str(change.after.amount) == "350.00"


def test_r17_said_of_the_addition_that_it_blocks_it_leaves_skipped_as_well(desk: Desk) -> None:
    """Two locked payments block 30: of one Xero has 350, of the other nothing; one word settles both."""
    desk.bill()
    first = desk.xero.pay("CM-100", "350.00", NOV_1)
    second = desk.xero.pay("CM-100", "100.00", nov(2))
    for payment, amount, day in ((first, "400.00", NOV_1), (second, "100.00", nov(2))):
        desk.case.journal(desk.case.type_in("100", amount, day, notes=f"Xero payment {payment}"))
    desk.poll(is_full=True)
    desk.xero.delete(second)
    desk.xero.pay("CM-100", "30.00", nov(9))
    desk.poll()
    add = desk.proposal(ProposalKind.ADD)
    desk.case.refund(CASE_100, "150.00")
    corrected(desk.outside, add.proposal_id, SAID)
    assert list(desk.view().skipped) == []
    assert row(desk).matched_how is MatchedHow.ACCEPTED
    assert desk.proposal(ProposalKind.ADD).proposal.flags == frozenset()
    told = [e.event for e in desk.history() if e.event.what is AuditWhat.CORRECTED]
    assert [event.xero_payment_id for event in told] == [first, None]
    desk.approve_and_apply(desk.proposal(ProposalKind.ADD))
    desk.poll()
    assert causes(desk) == {}
    desk.case.refund(CASE_100, "0.00")
    desk.poll()
    assert len(desk.view().skipped) == 2


def test_r17_what_is_said_to_be_there_already_is_corrected_no_longer(desk: Desk) -> None:
    """400 were corrected by a refund; then it shows that they are Xero's new 450, and the refund is taken back."""
    desk.bill()
    first = desk.xero.pay("CM-100", "400.00", NOV_1)
    key = desk.case.type_in("100", "400.00", NOV_1, notes=f"Xero payment {first}")
    desk.case.journal(key)
    desk.poll(is_full=True)
    desk.xero.edit(first, "450.00")
    desk.case.refund(CASE_100, "400.00")
    desk.poll()
    corrected(desk.outside, f"c-{key}", SAID)
    desk.case.refund(CASE_100, "0.00")
    desk.poll()
    already_there(desk.outside, desk.proposal(ProposalKind.ADD).proposal_id, key, SAID)
    desk.poll()
    assert row(desk).matched_how is MatchedHow.ACCEPTED
    assert desk.proposals() == []
    with desk.store.read() as unit:
        assert unit.memory.explained() == {}


def test_r17_a_pair_that_fell_with_its_refund_does_not_come_back_beside_another_word(
    desk: Desk, paid: XeroPaymentId
) -> None:
    desk.case.refund(CASE_100, "0.00")
    desk.poll()
    copy = row(desk).case
    assert copy is not None
    explain(desk.outside, copy.payment_id, Explained.TO_CORRECT, SAID)
    desk.poll()
    assert is_open(desk)
    other = desk.xero.pay("CM-100", "410.00", nov(5))
    desk.poll()
    same_money(desk.outside, copy.payment_id, [other], SAID)
    desk.poll()
    placed = row(desk)
    assert placed.xero is not None
    assert (placed.matched_how, placed.xero.payment_id) == (MatchedHow.ACCEPTED, other)
    assert desk.proposal(ProposalKind.ADD).proposal.xero_payment_id == paid
