"""What a person says of payments that the rules leave: it closes the row, writes nothing, and lasts as its facts do."""

import pytest

from cmxero_desktop.domain.errors import NotAllowedError
from cmxero_desktop.domain.identifiers import CaseInvoiceId, CasePaymentId, XeroPaymentId
from cmxero_desktop.domain.memory import Explained
from cmxero_desktop.domain.money import Money
from cmxero_desktop.domain.proposals import Flag, ProposalKind, ProposalState
from cmxero_desktop.domain.records import Side, UnreadableRow
from cmxero_desktop.services.deciding.correcting import corrected
from cmxero_desktop.services.deciding.saying import Saying, already_there, explain, same_money, unpair
from cmxero_desktop.services.records.audit import AuditWhat
from cmxero_desktop.services.records.decisions import StoredProposal
from cmxero_desktop.services.records.settings import Mode
from tests.services.desk import ANN, NOV_1, Desk, nov

SAID = Saying(by=ANN, reason="the bank says so")


def beside(desk: Desk) -> tuple[StoredProposal, CasePaymentId]:
    """Make an addition of 400 beside 33 that nothing in Xero explains."""
    desk.bill()
    desk.xero.pay("CM-100", "400.00", NOV_1)
    key = desk.case.type_in("100", "33.00", nov(9))
    desk.poll()
    return desk.proposal(), key


def replaced_journalled(desk: Desk) -> StoredProposal:
    """Make a journalled copy of 400 whose payment was deleted and entered anew with 450."""
    desk.bill()
    first = desk.xero.pay("CM-100", "400.00", NOV_1)
    desk.poll()
    desk.approve_and_apply(desk.proposal())
    desk.case.journal(CasePaymentId(1))
    desk.xero.edit(first, "450.00")
    desk.poll()
    return desk.proposal(ProposalKind.ADD)


# Explain


def test_an_explained_leftover_flags_nothing_and_says_who_and_why(desk: Desk) -> None:
    add, key = beside(desk)
    assert Flag.BESIDE_UNMATCHED in add.proposal.flags
    assert "33.00" in explain(desk.outside, key, Explained.OTHER, SAID)
    after = desk.proposal().proposal
    assert Flag.BESIDE_UNMATCHED not in after.flags
    (row,) = [r.placement for r in desk.view().unmatched if r.placement.case is not None]
    assert row.explanation.startswith(f"{ANN} said that 33.00")
    told = desk.history()[-1].event
    assert (told.what, told.by, told.reason, told.case_payment_id) == (AuditWhat.EXPLAINED, ANN, SAID.reason, key)


def test_a_key_is_known_however_it_is_typed(desk: Desk) -> None:
    """Whoever types `42` need not know whether the firm's keys are numbers or text; what is kept is the key itself."""
    _, key = beside(desk)
    explain(desk.outside, CasePaymentId(str(key)), Explained.OTHER, SAID)
    assert desk.history()[-1].event.case_payment_id == key
    (row,) = [r.placement for r in desk.view().unmatched if r.placement.case is not None]
    assert row.explanation.startswith(f"{ANN} said that 33.00")
    with pytest.raises(NotAllowedError, match="Case Manager has no payment 0"):
        explain(desk.outside, CasePaymentId(f"0{key}"), Explained.OTHER, SAID)


def test_what_was_explained_flags_again_once_it_changes(desk: Desk) -> None:
    _, key = beside(desk)
    explain(desk.outside, key, Explained.OTHER, SAID)
    desk.case.edit(key, amount=Money.of("44.00", "AUD"))
    desk.poll()
    assert Flag.BESIDE_UNMATCHED in desk.proposal().proposal.flags


def test_it_is_said_in_observe_mode_too_and_never_without_a_reason(desk: Desk) -> None:
    _, key = beside(desk)
    desk.set_mode(Mode.OBSERVE)
    with pytest.raises(NotAllowedError, match="reason"):
        explain(desk.outside, key, Explained.OTHER, Saying(by=ANN, reason=" "))
    explain(desk.outside, key, Explained.TO_CORRECT, SAID)


def test_a_matched_payment_or_none_at_all_is_not_explained(desk: Desk) -> None:
    desk.bill()
    desk.xero.pay("CM-100", "400.00", NOV_1)
    key = desk.case.type_in("100", "400.00", NOV_1)
    desk.poll()
    with pytest.raises(NotAllowedError, match="is matched"):
        explain(desk.outside, key, Explained.OTHER, SAID)
    with pytest.raises(NotAllowedError, match="no payment 77"):
        explain(desk.outside, CasePaymentId(77), Explained.OTHER, SAID)


def test_an_allocation_needs_something_credited_in_xero(desk: Desk) -> None:
    """33 was typed for a credit note of 33: before Xero shows it, nobody can know that."""
    _, key = beside(desk)
    with pytest.raises(NotAllowedError, match="no credit note, overpayment or prepayment on CM-100"):
        explain(desk.outside, key, Explained.ALLOCATION, SAID)
    (invoice_id,) = desk.xero.invoices
    desk.xero.credit(invoice_id, "33.00")
    desk.poll(is_full=True)
    explain(desk.outside, key, Explained.ALLOCATION, SAID)
    assert desk.proposal().proposal.flags == frozenset()


# The same money


def test_one_sum_stands_for_two_payments_of_which_a_fee_is_missing(desk: Desk) -> None:
    """995 net of a fee are Xero's 600 and 400: said so, they are matched, and nothing more is added."""
    desk.bill()
    ids = [desk.xero.pay("CM-100", "600.00", NOV_1), desk.xero.pay("CM-100", "400.00", NOV_1)]
    key = desk.case.type_in("100", "995.00", nov(3))
    desk.poll()
    assert "995.00" in same_money(desk.outside, key, ids, SAID)
    desk.restart()
    desk.poll(is_full=True)
    assert desk.proposals() == []
    assert desk.paid() == ["995.00"]


def test_only_open_payments_of_the_invoice_are_the_same(desk: Desk) -> None:
    add, key = beside(desk)
    with pytest.raises(NotAllowedError, match="Xero has no payment P9"):
        same_money(desk.outside, key, [XeroPaymentId("P9")], SAID)
    other = desk.xero.pay("CM-100", "70.00", nov(3))
    desk.case.type_in("100", "70.00", nov(3))
    desk.poll()
    with pytest.raises(NotAllowedError, match="is matched already"):
        same_money(desk.outside, key, [other], SAID)
    assert add.proposal.xero is not None
    same_money(desk.outside, key, [add.proposal.xero.payment_id], SAID)


def test_the_same_as_nothing_is_refused(desk: Desk) -> None:
    _, key = beside(desk)
    with pytest.raises(NotAllowedError, match="No payment of Xero's is named"):
        same_money(desk.outside, key, [], SAID)


def test_a_payment_that_is_named_twice_counts_once(desk: Desk) -> None:
    add, key = beside(desk)
    assert add.proposal.xero is not None
    name = add.proposal.xero.payment_id
    same_money(desk.outside, key, [name, XeroPaymentId(name.upper())], SAID)
    with desk.store.read() as unit:
        ((accepted,),) = unit.memory.accepted().values()
    assert [member.xero_id for member in accepted.members] == [name, None]


# Already there, corrected elsewhere


def test_what_is_already_there_closes_the_addition_and_writes_nothing(desk: Desk) -> None:
    add = replaced_journalled(desk)
    before = dict(desk.case.rows)
    already_there(desk.outside, add.proposal_id, CasePaymentId(1), SAID)
    desk.poll()
    assert desk.proposals() == []
    assert desk.case.rows == before


def test_only_an_addition_is_already_there(desk: Desk) -> None:
    desk.bill()
    desk.xero.pay("CM-100", "400.00", NOV_1)
    key = desk.case.type_in("100", "400.00", NOV_1)
    desk.poll()
    for row_id in (desk.proposal(ProposalKind.LINK).proposal_id, "p-nothing"):
        with pytest.raises(NotAllowedError, match="is no addition"):
            already_there(desk.outside, row_id, key, SAID)


def test_corrected_elsewhere_is_refused_until_the_sums_prove_it(desk: Desk) -> None:
    """850 would stand against 450 in Xero; with a refund of 400 entered, the two debtor lists agree."""
    add = replaced_journalled(desk)
    with pytest.raises(NotAllowedError, match="does not prove it yet"):
        corrected(desk.outside, add.proposal_id, SAID)
    (invoice_id,) = desk.case.invoices
    desk.case.refund(invoice_id, "400.00")
    assert "can be approved now" in corrected(desk.outside, add.proposal_id, SAID)
    desk.approve_and_apply(desk.proposal(ProposalKind.ADD))
    desk.poll()
    assert desk.proposals() == []
    assert desk.paid() == ["400.00", "450.00"]


def test_what_nothing_locked_blocks_is_not_corrected(desk: Desk) -> None:
    add, _ = beside(desk)
    for row_id in (add.proposal_id, "p-nothing"):
        with pytest.raises(NotAllowedError, match="Nothing locked blocks"):
            corrected(desk.outside, row_id, SAID)


def test_an_invoice_that_is_gone_proves_nothing(desk: Desk) -> None:
    desk.case.bill_others()
    add = replaced_journalled(desk)
    del desk.case.invoices[CaseInvoiceId(1)]
    with pytest.raises(NotAllowedError, match="not there any more"):
        corrected(desk.outside, add.proposal_id, SAID)


def test_a_row_that_is_proposed_no_more_proves_nothing(desk: Desk) -> None:
    """The 450 was deleted in Xero since: whoever said so now would let the next addition in that is not covered."""
    add = replaced_journalled(desk)
    assert add.proposal.xero is not None
    desk.xero.delete(add.proposal.xero.payment_id)
    desk.poll()
    with pytest.raises(NotAllowedError, match="not proposed any more"):
        corrected(desk.outside, add.proposal_id, SAID)
    desk.xero.pay("CM-100", "450.00", nov(2))
    desk.poll()
    assert Flag.JOURNALLED_COUNTERPART in desk.proposal(ProposalKind.ADD).proposal.flags


# Unpair


def test_a_pair_that_is_not_the_same_money_is_never_formed_again(desk: Desk) -> None:
    desk.bill()
    paid = desk.xero.pay("CM-100", "400.00", NOV_1)
    key = desk.case.type_in("100", "400.00", NOV_1)
    desk.case.journal(key)
    desk.poll()
    unpair(desk.outside, f"x-{paid}", SAID)
    desk.restart()
    desk.poll(is_full=True)
    add = desk.proposal()
    assert (add.proposal.kind, add.proposal.xero_payment_id) == (ProposalKind.ADD, paid)
    assert Flag.BESIDE_UNMATCHED in add.proposal.flags


def test_a_link_that_waits_for_a_pair_is_dropped_with_it(desk: Desk) -> None:
    desk.bill()
    paid = desk.xero.pay("CM-100", "400.00", NOV_1)
    desk.case.type_in("100", "400.00", NOV_1)
    desk.poll()
    desk.approve(desk.proposal(ProposalKind.LINK))
    unpair(desk.outside, f"x-{paid}", SAID)
    assert desk.proposals(ProposalState.APPROVED) == []
    desk.apply()
    assert [row.notes for row in desk.case.rows.values()] == [""]


def test_an_accepted_set_ends_with_one_of_its_pairs(desk: Desk) -> None:
    desk.bill()
    paid = desk.xero.pay("CM-100", "400.00", NOV_1)
    desk.case.type_in("100", "400.00", nov(2))
    desk.poll()
    desk.approve_and_apply(desk.proposal(ProposalKind.ACCEPT))
    unpair(desk.outside, f"x-{paid}", SAID)
    assert desk.proposal().proposal.kind is ProposalKind.ADD


def test_a_set_stands_where_another_pair_of_its_invoice_ends(desk: Desk) -> None:
    desk.bill()
    desk.xero.pay("CM-100", "400.00", NOV_1)
    desk.case.type_in("100", "400.00", nov(2))
    desk.poll()
    desk.approve_and_apply(desk.proposal(ProposalKind.ACCEPT))
    other = desk.xero.pay("CM-100", "70.00", nov(3))
    desk.case.journal(desk.case.type_in("100", "70.00", nov(3)))
    desk.poll()
    unpair(desk.outside, f"x-{other}", SAID)
    with desk.store.read() as unit:
        assert len(unit.memory.accepted()["100"]) == 1


def test_what_notes_name_has_to_change_in_case_manager_first(desk: Desk) -> None:
    desk.bill()
    paid = desk.xero.pay("CM-100", "400.00", NOV_1)
    desk.poll()
    desk.approve_and_apply(desk.proposal())
    desk.poll()
    with pytest.raises(NotAllowedError, match="Notes of payment 1 name"):
        unpair(desk.outside, f"x-{paid}", SAID)
    with pytest.raises(NotAllowedError, match="no matched pair"):
        unpair(desk.outside, "x-nothing", SAID)


# Payments on invoices that Xero does not have


def elsewhere(desk: Desk, notes: str = "") -> tuple[StoredProposal, CasePaymentId]:
    """Make an addition of 77 on CM-100, and 77 on an invoice that Xero does not have."""
    desk.bill()
    desk.case.bill("300")
    paid = desk.xero.pay("CM-100", "77.00", NOV_1)
    key = desk.case.type_in("300", "77.00", nov(3), notes=notes.format(paid))
    desk.poll()
    return desk.proposal(), key


def test_what_stands_on_an_invoice_that_xero_lacks_is_explained_too(desk: Desk) -> None:
    add, key = elsewhere(desk)
    assert add.proposal.flags == {Flag.LEFTOVER_ELSEWHERE}
    assert "CM-300 is explained: other" in explain(desk.outside, key, Explained.OTHER, SAID)
    assert desk.proposal().proposal.flags == frozenset()
    told = desk.history()[-1].event
    assert (told.what, told.invoice_number, told.case_payment_id) == (AuditWhat.EXPLAINED, "CM-300", key)
    desk.restart()
    desk.poll(is_full=True)
    assert desk.proposal().proposal.flags == frozenset()


def test_a_copy_where_xero_has_no_invoice_claims_nothing_once_it_is_other_money(desk: Desk) -> None:
    add, key = elsewhere(desk, notes="Xero payment {}")
    assert add.proposal.flags == {Flag.NAMED_ELSEWHERE}
    explain(desk.outside, key, Explained.TO_CORRECT, SAID)
    assert desk.proposal().proposal.flags == {Flag.NAMED_ELSEWHERE}
    explain(desk.outside, key, Explained.OTHER, SAID)
    assert desk.proposal().proposal.flags == frozenset()


def test_no_allocation_stands_on_an_invoice_that_xero_lacks(desk: Desk) -> None:
    _, key = elsewhere(desk)
    with pytest.raises(NotAllowedError, match="no credit note, overpayment or prepayment on CM-300"):
        explain(desk.outside, key, Explained.ALLOCATION, SAID)


def test_what_was_said_there_ends_for_good_with_its_facts(desk: Desk) -> None:
    """The row is gone, and its key is given to the same money once more: that one nobody explained."""
    _, key = elsewhere(desk)
    explain(desk.outside, key, Explained.OTHER, SAID)
    row = desk.case.rows.pop(key)
    desk.poll()
    (ended,) = [e.event for e in desk.history() if e.event.what is AuditWhat.REOPENED]
    assert (ended.invoice_number, ended.case_payment_id, ended.by) == ("CM-300", key, "program")
    desk.case.rows[key] = row
    desk.poll()
    assert desk.proposal().proposal.flags == {Flag.LEFTOVER_ELSEWHERE}


def test_another_amount_under_the_same_key_is_not_explained(desk: Desk) -> None:
    _, key = elsewhere(desk)
    explain(desk.outside, key, Explained.OTHER, SAID)
    desk.case.edit(key, paid_on=nov(4))
    desk.poll()
    assert desk.proposal().proposal.flags == {Flag.LEFTOVER_ELSEWHERE}


@pytest.mark.parametrize("has_key", [True, False])
def test_what_cannot_be_read_there_just_now_is_not_gone(desk: Desk, has_key: bool) -> None:  # noqa: FBT001 - a column
    _, key = elsewhere(desk)
    desk.case.type_in("300", "5.00", nov(3))
    explain(desk.outside, key, Explained.OTHER, SAID)
    row = desk.case.rows.pop(key)
    desk.case.unreadable.append(
        UnreadableRow(
            side=Side.CASE_MANAGER,
            place="payments, row 1",
            problem="no date",
            case_payment_id=key if has_key else None,
            invoice_number="300",
        )
    )
    desk.poll()
    desk.case.unreadable.clear()
    desk.case.rows[key] = row
    desk.poll()
    assert desk.proposal().proposal.flags == frozenset()


def test_an_invoice_that_xero_gets_later_keeps_what_was_said(desk: Desk) -> None:
    _, key = elsewhere(desk)
    explain(desk.outside, key, Explained.OTHER, SAID)
    desk.xero.bill("CM-300", "1000.00")
    desk.xero.pay("CM-300", "9.00", nov(9))
    desk.poll()
    adds = {p.proposal.invoice_number: p.proposal.flags for p in desk.proposals()}
    assert adds == {"CM-100": frozenset(), "CM-300": frozenset()}
