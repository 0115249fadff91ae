"""What once belonged together is not forgotten, whatever Notes could take and whatever the mode was (R7a).

Each test knows which money is which: the payment typed by hand is the same money as P1 from the beginning.
"""

from dataclasses import replace

import pytest

from cmxero_desktop.domain.identifiers import CasePaymentId
from cmxero_desktop.domain.memory import AcceptedSet, Explained, Explanation, Member, RememberedPair
from cmxero_desktop.domain.money import Money
from cmxero_desktop.domain.placements import Bucket, Reason
from cmxero_desktop.domain.proposals import Flag, ProposalKind
from cmxero_desktop.domain.records import Side, UnreadableRow
from cmxero_desktop.services.correlation.memorising import MemoryOfFirm, remember
from cmxero_desktop.services.correlation.moment import current_moment
from cmxero_desktop.services.deciding.saying import Saying, explain
from cmxero_desktop.services.records.audit import AuditWhat
from cmxero_desktop.services.records.settings import Mode
from tests.services.desk import ANN, NOV_1, Desk, nov
from tests.services.fake_store import MemoryStore


def typed(desk: Desk) -> CasePaymentId:
    """Make an invoice whose one payment stands on both sides, typed by hand in Case Manager."""
    desk.bill()
    desk.xero.pay("CM-100", "400.00", NOV_1)
    return desk.case.type_in("100", "400.00", NOV_1)


def pairs(desk: Desk) -> tuple[RememberedPair, ...]:
    with desk.store.read() as unit:
        return unit.memory.pairs()


def delete_in_xero(desk: Desk) -> None:
    desk.xero.delete(next(iter(desk.xero.payments)))
    desk.poll()


@pytest.mark.parametrize("mode", [Mode.APPROVE, Mode.OBSERVE])
def test_a_payment_deleted_in_xero_is_proposed_although_nobody_ever_approved_its_link(desk: Desk, mode: Mode) -> None:
    desk.set_mode(mode)
    key = typed(desk)
    desk.poll()
    desk.case.edit(key, paid_on=nov(4))
    desk.restart()
    delete_in_xero(desk)
    removal = desk.proposal(ProposalKind.REMOVE).proposal
    assert removal.case is not None
    assert removal.case.payment_id == key
    assert removal.flags == {Flag.NEVER_NOTED}


def test_a_locked_copy_whose_original_is_deleted_is_a_skipped_row(desk: Desk) -> None:
    key = typed(desk)
    desk.case.journal(key)
    desk.poll()
    delete_in_xero(desk)
    (row,) = [r.placement for r in desk.view().skipped]
    assert (row.case is not None and row.case.payment_id, row.reason) == (key, Reason.JOURNALLED)


def test_the_key_of_a_removed_payment_given_to_other_money_is_no_copy(desk: Desk) -> None:
    """Case Manager gives the key to a payment of another amount and date; P1 is deleted; nothing of it stands."""
    key = typed(desk)
    desk.poll()
    desk.case.rows.pop(key)
    desk.poll()
    assert pairs(desk) == ()
    assert desk.case.type_in("100", "25.00", nov(9)) == key
    delete_in_xero(desk)
    assert [p.proposal.kind for p in desk.proposals()] == []


def test_a_row_that_cannot_be_read_for_a_while_is_not_forgotten(desk: Desk) -> None:
    key = typed(desk)
    desk.poll()
    row = desk.case.rows.pop(key)
    broken = UnreadableRow(side=Side.CASE_MANAGER, place="payments 1", problem="no date", case_payment_id=key)
    desk.case.unreadable.append(replace(broken, invoice_number="100"))
    desk.poll()
    desk.case.unreadable.clear()
    desk.case.rows[key] = row
    assert [p.case_id for p in pairs(desk)] == [key]


def test_notes_that_name_another_payment_win_over_memory_and_history_says_so_once(desk: Desk) -> None:
    """Payment 1 is the money of P2 in truth: it was taken for P1's, which equals it, until somebody wrote it down."""
    key = typed(desk)
    desk.case.journal(key)
    desk.poll()
    (first,) = pairs(desk)
    second = desk.xero.pay("CM-100", "400.00", NOV_1)
    desk.poll()
    desk.case.edit(key, notes=f"Xero payment {second}")
    desk.poll()
    desk.restart()
    desk.poll(is_full=True)
    assert [(p.xero_id, p.case_id) for p in pairs(desk)] == [(second, key)]
    (told,) = [e.event for e in desk.history() if e.event.what is AuditWhat.UNPAIRED]
    assert (told.by, told.case_payment_id, told.xero_payment_id) == ("program", key, first.xero_id)
    assert f"known as the copy of Xero's payment {first.xero_id}; its Notes name {second} now" in told.reason
    desk.approve_and_apply(desk.proposal(ProposalKind.ADD))
    desk.poll()
    assert desk.paid() == ["400.00", "400.00"]
    assert desk.proposals() == []


def said_in_history(desk: Desk) -> list[tuple[str, str, str]]:
    events = (entry.event for entry in desk.history())
    return [(e.by, e.rule, e.reason) for e in events if e.what is AuditWhat.REOPENED]


def test_an_accepted_sum_that_changed_is_open_again_for_good(desk: Desk) -> None:
    """1000 typed whole is P1 and P2; edited away and back, it is looked at anew rather than accepted in silence."""
    desk.bill()
    desk.xero.pay("CM-100", "600.00", NOV_1)
    desk.xero.pay("CM-100", "400.00", nov(2))
    key = desk.case.type_in("100", "1000.00", nov(3))
    desk.poll()
    desk.approve_and_apply(desk.proposal(ProposalKind.ACCEPT))
    desk.case.edit(key, amount=Money.of("999.00", "AUD"))
    desk.poll()
    with desk.store.read() as unit:
        assert unit.memory.accepted() == {}
    desk.case.edit(key, amount=Money.of("1000.00", "AUD"))
    desk.poll()
    assert desk.proposal().proposal.kind is ProposalKind.ACCEPT
    (told,) = said_in_history(desk)
    assert told[:2] == ("program", "R19b")
    assert "Ann called the same money has changed" in told[2]


def test_what_was_said_of_a_payment_ends_with_it(desk: Desk) -> None:
    """33 was other money; the key is given to other 33 of that day, of which nobody has said anything."""
    desk.bill()
    desk.xero.pay("CM-100", "400.00", NOV_1)
    key = desk.case.type_in("100", "33.00", nov(9))
    desk.poll()
    explain(desk.outside, key, Explained.OTHER, Saying(by=ANN, reason="a deposit"))
    desk.case.rows.pop(key)
    desk.poll()
    assert desk.case.type_in("100", "33.00", nov(9)) == key
    desk.poll()
    assert Flag.BESIDE_UNMATCHED in desk.proposal().proposal.flags
    (told,) = said_in_history(desk)
    assert told == (
        "program",
        "R19a",
        "Ann said that 33.00 on 9 Nov 2026 is other money; that payment is gone or another by now.",
    )


def test_what_is_said_while_a_check_runs_is_not_ended_by_the_older_facts_of_that_check(desk: Desk) -> None:
    """What was said of 55 is out of date; 44 was explained anew on another desktop, after this check had read 33."""
    desk.bill()
    key = desk.case.type_in("100", "33.00", nov(9))
    desk.poll()
    (result,) = (row.result for row in desk.view().unmatched)
    new = Explanation(case_id=key, what=Explained.OTHER, amount=Money.of("44.00", "AUD"), paid_on=nov(9))
    new_set = AcceptedSet(members=(Member(amount=new.amount, paid_on=nov(9), case_id=key),), by=ANN)
    old = Money.of("55.00", "AUD")
    old_set = replace(new_set, members=(replace(new_set.members[0], amount=old),))
    before = MemoryOfFirm(explained={"100": (replace(new, amount=old),)}, accepted={"100": (old_set,)})
    with desk.store.begin() as unit:
        unit.memory.explain("100", new)
        unit.memory.accept("100", new_set)
        remember(unit, [result], before, current_moment(desk.outside))
        assert unit.memory.explained() == {"100": (new,)}
        assert unit.memory.accepted() == {"100": (new_set,)}


def test_a_copy_edited_in_steps_is_followed(desk: Desk) -> None:
    """First the date, then the amount: each check sees one of them as it was."""
    key = typed(desk)
    desk.poll()
    desk.case.edit(key, paid_on=nov(2))
    desk.xero.change(next(iter(desk.xero.payments)), paid_on=nov(2))
    desk.poll()
    desk.case.edit(key, amount=Money.of("450.00", "AUD"))
    desk.poll()
    (pair,) = pairs(desk)
    assert (pair.case_id, str(pair.amount), pair.paid_on) == (key, "400.00", nov(2))
    change = desk.proposal(ProposalKind.CHANGE).proposal
    assert change.flags >= {Flag.EDITED_HERE}


def test_a_payment_before_the_start_is_remembered_too(desk: Desk) -> None:
    key = typed(desk)
    desk.set_policy(start_date=nov(10))
    desk.poll()
    assert all(row.placement.bucket is not Bucket.MATCHED for row in desk.view().matched)
    assert [p.case_id for p in pairs(desk)] == [key]


def test_a_case_manager_restored_from_an_older_backup_gets_its_payments_once(desk: Desk) -> None:
    """What was written since the backup is gone; it is proposed again, and stands once in the end."""
    desk.bill()
    desk.xero.pay("CM-100", "400.00", NOV_1)
    desk.poll()
    backup = dict(desk.case.rows)
    desk.approve_and_apply(desk.proposal())
    desk.poll()
    desk.case.rows.clear()
    desk.case.rows.update(backup)
    desk.poll()
    desk.approve_and_apply(desk.proposal(ProposalKind.ADD))
    desk.poll()
    assert desk.paid() == ["400.00"]
    assert desk.proposals() == []


def test_a_store_that_begins_anew_proposes_nothing_that_stands_already(desk: Desk) -> None:
    key = typed(desk)
    desk.case.journal(key)
    desk.poll()
    fresh = Desk(MemoryStore())
    fresh.xero, fresh.case, fresh.clock = desk.xero, desk.case, desk.clock
    fresh.poll()
    assert fresh.proposals() == []
    assert [p.case_id for p in pairs(fresh)] == [key]
