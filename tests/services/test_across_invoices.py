"""One money on two invoices, through the whole flow: what a check sees, what an approval may still write (R7, R16b)."""

import pytest

from cmxero_desktop.domain.proposals import Flag, ProposalKind, ProposalState
from cmxero_desktop.services.records.decisions import StoredProposal
from cmxero_desktop.services.records.results import InvoiceResult
from tests.services.desk import NOV_1, Desk, nov


@pytest.fixture
def firm(desk: Desk) -> Desk:
    """Three invoices; only Case Manager has 300."""
    for number in ("100", "200"):
        desk.bill(number)
    desk.case.bill("300")
    return desk


def on(desk: Desk, number: str) -> StoredProposal:
    found = [p for p in desk.proposals() if p.proposal.invoice_number == number]
    assert len(found) == 1, found
    return found[0]


@pytest.mark.parametrize("elsewhere", ["200", "300"])
def test_money_typed_on_the_wrong_invoice_does_not_go_in_bulk(firm: Desk, elsewhere: str) -> None:
    firm.xero.pay("CM-100", "77.00", NOV_1)
    stray = firm.case.type_in(elsewhere, "77.00", nov(3))
    firm.poll()
    add = on(firm, "CM-100").proposal
    assert add.flags == {Flag.LEFTOVER_ELSEWHERE}
    assert [p.payment_id for p in add.near] == [stray]
    firm.approve_in_bulk()
    firm.apply()
    assert firm.paid("100") == []


@pytest.mark.parametrize("elsewhere", ["200", "300"])
def test_a_copy_on_the_wrong_invoice_blocks_a_second_one(firm: Desk, elsewhere: str) -> None:
    paid = firm.xero.pay("CM-100", "77.00", NOV_1)
    firm.case.type_in(elsewhere, "77.00", NOV_1, notes=f"Xero payment {paid}")
    firm.poll()
    adds = [p.proposal for p in firm.proposals() if p.proposal.kind is ProposalKind.ADD]
    assert [add.flags for add in adds] == [{Flag.NAMED_ELSEWHERE}]


def test_what_is_typed_elsewhere_after_an_approval_makes_it_stale(firm: Desk) -> None:
    firm.xero.pay("CM-100", "77.00", NOV_1)
    firm.poll()
    add = on(firm, "CM-100")
    firm.approve(add)
    firm.case.type_in("300", "77.00", NOV_1)
    report = firm.apply()
    assert [row.row_id for row in report.stale] == [add.proposal_id]
    assert firm.paid("100") == []
    assert on(firm, "CM-100").proposal.flags == {Flag.LEFTOVER_ELSEWHERE}


def test_money_moved_in_xero_is_seen_on_both_invoices(firm: Desk) -> None:
    first = firm.xero.pay("CM-100", "250.00", NOV_1)
    firm.poll()
    firm.approve_and_apply(on(firm, "CM-100"))
    firm.xero.delete(first)
    firm.xero.pay("CM-200", "250.00", NOV_1)
    firm.poll()
    removal, add = on(firm, "CM-100").proposal, on(firm, "CM-200").proposal
    assert (removal.kind, add.kind) == (ProposalKind.REMOVE, ProposalKind.ADD)
    assert Flag.MOVED in add.flags
    assert removal.move_id == add.move_id != ""


def test_what_is_gone_on_one_invoice_frees_what_waited_on_another(firm: Desk) -> None:
    """Somebody removed the copy by hand: the addition on the other invoice is no moved money any more."""
    first = firm.xero.pay("CM-100", "250.00", NOV_1)
    firm.poll()
    firm.approve_and_apply(on(firm, "CM-100"))
    (copy,) = firm.case.payments("100")
    firm.xero.delete(first)
    firm.xero.pay("CM-200", "250.00", NOV_1)
    firm.poll()
    waiting = on(firm, "CM-200")
    firm.case.rows.pop(copy.payment_id)
    firm.poll()
    add = on(firm, "CM-200")
    assert add.fingerprint != waiting.fingerprint
    assert add.proposal.flags == frozenset()
    firm.approve_and_apply(add)
    assert (firm.paid("100"), firm.paid("200")) == ([], ["250.00"])


def test_a_write_renews_what_is_stored_of_the_other_invoices(firm: Desk) -> None:
    """What somebody typed elsewhere meanwhile is seen when the firm is judged after a write, not at the next check."""
    firm.xero.pay("CM-100", "77.00", NOV_1)
    firm.xero.pay("CM-200", "400.00", NOV_1)
    firm.poll()
    before = on(firm, "CM-100")
    firm.case.type_in("300", "77.00", NOV_1)
    firm.approve_and_apply(on(firm, "CM-200"))
    add = on(firm, "CM-100")
    assert add.proposal.flags == {Flag.LEFTOVER_ELSEWHERE}
    assert firm.again(before).state is ProposalState.SUPERSEDED
    assert _stored(firm, "CM-100").correlation.proposals[0].fingerprint == add.fingerprint


def _stored(desk: Desk, number: str) -> InvoiceResult:
    with desk.store.read() as unit:
        (result,) = unit.results.latest([number])
    return result
