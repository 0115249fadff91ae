"""What is read of the view again is what reading all of it gives, and what did not change is not made anew."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from cmxero_desktop.domain.identifiers import XeroInvoiceId
from cmxero_desktop.domain.proposals import ProposalKind, ProposalState
from cmxero_desktop.domain.sor.schedules import ScheduledInvoice
from cmxero_desktop.services.deciding.note_writing import NoteSaid, write_note
from cmxero_desktop.services.deciding.numbering import say_number
from cmxero_desktop.services.records.decisions import StoredProposal
from cmxero_desktop.services.records.epochs import StoreEpoch
from cmxero_desktop.services.records.runs import LastComparison
from cmxero_desktop.services.viewing.kept_view import ViewReading
from tests.adapters.store.contract.test_sor import SCHEDULE
from tests.services.desk import ANN, NOV_1, Desk, nov
from tests.services.fake_store import MemoryStore


@pytest.fixture
def viewing(desk: Desk) -> ViewReading:
    """Lay out a firm of three invoices with a row in every list, and read its view."""
    for number in ("100", "200", "300"):
        desk.bill(number)
        desk.xero.pay(f"CM-{number}", "400.00", NOV_1)
        desk.xero.pay(f"CM-{number}", "30.00", nov(29))
    desk.case.bill("800")
    desk.case.type_in("100", "400.00", NOV_1)
    desk.case.type_in("200", "77.00", NOV_1)
    desk.xero.pay_back("20.00", nov(2), reference="CM-300")
    desk.poll(is_full=True)
    desk.poll()
    found = ViewReading(desk.store)
    assert_whole(found, desk)
    return found


def assert_whole(viewing: ViewReading, desk: Desk) -> None:
    assert viewing.read() == desk.view()


def reject(desk: Desk) -> None:
    (link,) = desk.proposals(ProposalState.PROPOSED)[:1]
    desk.deciding.reject([link.proposal_id], by=ANN, reason="no")


def put_back(desk: Desk) -> None:
    reject(desk)
    desk.deciding.reopen([row.proposal_id for row in desk.proposals(ProposalState.REJECTED)], by=ANN, reason="yes")


def write(desk: Desk) -> None:
    desk.approve_and_apply(desk.proposal(ProposalKind.LINK))


def undo(desk: Desk) -> None:
    write(desk)
    desk.undo(*desk.proposals(ProposalState.APPLIED))


def pay(desk: Desk) -> None:
    desk.xero.pay("CM-200", "12.00", NOV_1)
    desk.poll()


def pay_first(desk: Desk) -> None:
    """Pay an invoice of which nothing was shown before."""
    desk.bill("150")
    desk.xero.pay("CM-150", "12.00", NOV_1)
    desk.poll()


def renumber(desk: Desk) -> None:
    desk.xero.renumber(XeroInvoiceId("invoice-2"), "CM-900")
    desk.poll()


def renumber_to_the_front(desk: Desk) -> None:
    desk.xero.renumber(XeroInvoiceId("invoice-2"), "CM-050")
    desk.poll()


def renumber_on_both_sides(desk: Desk) -> None:
    key, invoice = next((key, one) for key, one in desk.case.invoices.items() if one.number == "200")
    desk.case.invoices[key] = replace(invoice, number="050")
    desk.xero.renumber(XeroInvoiceId("invoice-2"), "CM-050")
    desk.poll()
    say_number(desk.outside, "CM-200", "050", by=ANN, reason="the same one")
    desk.poll()
    assert {"CM-050", "CM-100", "CM-300"} == {row.proposal.invoice_number for row in desk.proposals()}


def type_on_an_invoice_that_xero_does_not_have(desk: Desk) -> None:
    desk.case.type_in("800", "88.00", nov(3))
    desk.xero.pay("CM-100", "88.00", NOV_1)
    desk.poll()


def move(desk: Desk) -> None:
    """Move money in Xero from CM-100, where its copy stands, to CM-200."""
    paid = desk.xero.pay("CM-100", "55.00", NOV_1)
    desk.poll()
    by_payment = {row.proposal.xero.payment_id: row for row in desk.proposals() if row.proposal.xero}
    desk.approve_and_apply(by_payment[paid])
    desk.xero.delete(paid)
    desk.xero.pay("CM-200", "55.00", NOV_1)
    desk.poll()
    assert len(_halves(desk)) == 2


def _halves(desk: Desk) -> list[StoredProposal]:
    return [row for row in desk.proposals() if row.proposal.move_id]


def forget(desk: Desk) -> None:
    with desk.store.begin() as unit:
        unit.results.forget(["CM-300"])
        unit.commit()


def pay_back(desk: Desk) -> None:
    desk.xero.pay_back("9.00", nov(3), reference="CM-100")
    desk.poll(is_full=True)


def wait(desk: Desk) -> None:
    desk.clock.pass_days(1)
    desk.poll()


def set_policy(desk: Desk) -> None:
    desk.set_policy(start_date=nov(15))
    desk.poll()


def watch(desk: Desk) -> None:
    with desk.store.begin() as unit:
        schedule = replace(SCHEDULE, invoices=(ScheduledInvoice(number="CM-100"),))
        unit.sor.save_schedules([schedule])
        unit.commit()


def note(desk: Desk) -> None:
    """Note something on a row of each list."""
    view = desk.view()
    for row in (view.review[0], view.matched[0], view.unmatched[-1], view.skipped[0]):
        write_note(desk.outside, NoteSaid(row_id=row.row_id, by=ANN, text="Ask Jo"))
    assert sum(bool(row.notes) for row in desk.view().review) >= 1


def note_and_take_off(desk: Desk) -> None:
    note(desk)
    for row in (*desk.view().matched, *desk.view().skipped):
        write_note(desk.outside, NoteSaid(row_id=row.row_id, by=ANN))


def break_a_row(desk: Desk) -> None:
    desk.xero.break_row(next(iter(desk.xero.payments)), is_told=False)
    desk.xero.pay("CM-300", "3.00", NOV_1)
    desk.poll(is_full=True)


CHANGES: tuple[Callable[[Desk], object], ...] = (
    reject,
    put_back,
    write,
    undo,
    pay,
    pay_first,
    renumber,
    renumber_to_the_front,
    renumber_on_both_sides,
    type_on_an_invoice_that_xero_does_not_have,
    move,
    forget,
    pay_back,
    wait,
    set_policy,
    watch,
    break_a_row,
    note,
    note_and_take_off,
    Desk.approve_in_bulk,
)


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_what_was_stored_since_is_shown_as_if_all_were_read(
    desk: Desk, viewing: ViewReading, change: Callable[[Desk], object]
) -> None:
    change(desk)
    assert_whole(viewing, desk)
    assert_whole(viewing, desk)


def test_what_is_known_of_a_move_follows_it_until_it_is_written(desk: Desk, viewing: ViewReading) -> None:
    move(desk)
    assert_whole(viewing, desk)
    desk.approve_and_apply(*_halves(desk))
    assert_whole(viewing, desk)
    desk.poll()
    assert_whole(viewing, desk)


def test_a_move_that_is_none_any_more_is_known_as_none(desk: Desk, viewing: ViewReading) -> None:
    move(desk)
    assert_whole(viewing, desk)
    (here,) = (p for p in desk.xero.payments.values() if p.amount.amount == 55 and p.is_live)
    desk.xero.delete(here.payment_id)
    desk.poll()
    assert not _halves(desk)
    assert_whole(viewing, desk)


def test_results_of_which_nobody_knows_by_what_they_were_judged_are_shown_and_not_added_up(
    desk: Desk, viewing: ViewReading
) -> None:
    with desk.store.begin() as unit:
        unit.polling.save_comparison(LastComparison())
        unit.commit()
    seen = viewing.read()
    assert_whole(viewing, desk)
    assert (seen.tie_out, seen.matched != ()) == (None, True)


def test_what_another_program_decides_is_shown(desk: Desk, viewing: ViewReading) -> None:
    other = Desk(desk.store.store)
    other.clock.now = desk.clock.now + timedelta(minutes=1)
    reject(other)
    assert [row.stored.state for row in viewing.read().rejected] == [ProposalState.REJECTED]
    assert_whole(viewing, desk)


def test_only_the_rows_of_what_was_decided_are_made_anew(desk: Desk, viewing: ViewReading) -> None:
    before = viewing.read()
    link = desk.proposal(ProposalKind.LINK)
    desk.deciding.reject([link.proposal_id], by=ANN, reason="no")
    after = viewing.read()
    assert after.unmatched is before.unmatched
    assert after.skipped is before.skipped
    assert after.money_back is before.money_back
    kept = {id(row) for row in before.review} & {id(row) for row in after.review}
    assert len(kept) == len(after.review) == len(before.review) - 1
    assert {id(row) for row in before.matched} != {id(row) for row in after.matched}


def test_a_note_is_shown_on_a_view_that_was_read_before_and_taken_off_it(desk: Desk, viewing: ViewReading) -> None:
    before = viewing.read()
    note(desk)
    noted = viewing.read()
    assert [row.notes[0].text for row in noted.skipped if row.notes] == ["Ask Jo"]
    assert_whole(viewing, desk)
    # Only the rows of the invoices that were noted are others.
    assert {id(row) for row in before.unmatched} & {id(row) for row in noted.unmatched}
    for row in noted.skipped:
        write_note(desk.outside, NoteSaid(row_id=row.row_id, by=ANN))
    assert not any(row.notes for row in viewing.read().skipped)
    assert_whole(viewing, desk)


def test_a_store_that_was_put_back_is_read_anew(desk: Desk, memory: MemoryStore, viewing: ViewReading) -> None:
    rows, touched = memory.rows.copy(), list(memory.touched)
    write(desk)
    assert_whole(viewing, desk)
    memory.rows, memory.touched = rows, touched
    assert_whole(viewing, desk)


def test_a_store_that_was_put_back_and_went_on_is_read_anew_once_that_is_known(
    desk: Desk, memory: MemoryStore, viewing: ViewReading
) -> None:
    rows, touched = memory.rows.copy(), list(memory.touched)
    paid = desk.xero.pay("CM-200", "12.00", NOV_1)
    desk.poll()
    for _ in range(5):
        pay_back(desk)
    assert_whole(viewing, desk)
    known = len(memory.touched)
    memory.rows, memory.touched = rows, touched
    # What the backup never knew is gone by the time of the next check.
    desk.xero.delete(paid)
    desk.poll(is_full=True)
    assert len(memory.touched) < known
    with desk.store.begin() as unit:
        unit.polling.save_epoch(StoreEpoch(epoch_id="second", past=("",), why="It was put back."))
        unit.commit()
    while len(memory.touched) <= known:
        forget(desk)
        desk.poll(is_full=True)
    assert_whole(viewing, desk)


def test_a_store_whose_trail_went_on_otherwise_is_read_anew(
    desk: Desk, memory: MemoryStore, viewing: ViewReading
) -> None:
    rows, touched = memory.rows.copy(), list(memory.touched)
    reject(desk)
    assert_whole(viewing, desk)
    memory.rows, memory.touched = rows, touched
    write(desk)
    assert_whole(viewing, desk)


def test_a_row_that_somebody_took_out_of_the_store_is_not_shown_any_more(
    desk: Desk, memory: MemoryStore, viewing: ViewReading
) -> None:
    rows = memory.rows.copy()
    del rows.results["CM-100"]
    memory.rows = rows
    assert "CM-100" not in {row.result.snapshot.number for row in viewing.read().matched}
    assert_whole(viewing, desk)


def test_what_failed_is_read_anew(desk: Desk, viewing: ViewReading, monkeypatch: pytest.MonkeyPatch) -> None:
    before = viewing.read()
    with monkeypatch.context() as patch:
        patch.setattr(type(desk.store), "read", lambda _: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            viewing.read()
    again = viewing.read()
    assert again == before
    assert again.matched is not before.matched


def test_money_that_went_back_follows_its_invoice(desk: Desk, viewing: ViewReading) -> None:
    (row,) = viewing.read().money_back
    assert row.invoice_number == "CM-300"
    desk.xero.invoices = {
        key: replace(invoice, contact_name="Mr Ono") if invoice.number == "CM-300" else invoice
        for key, invoice in desk.xero.invoices.items()
    }
    desk.poll(is_full=True)
    assert_whole(viewing, desk)
