"""The report of changes is what was done to Case Manager, no more and no less, with who did it and what became what."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from cmxero_desktop.domain.periods import Days
from cmxero_desktop.domain.proposals import ProposalKind, ProposalState
from cmxero_desktop.services.checking.written_changes import read_changes
from cmxero_desktop.services.records.audit import AuditWhat
from cmxero_desktop.services.records.changes import ChangesWanted
from cmxero_desktop.services.viewing.changes_report import changes_lists, changes_of, totals_of
from tests.services.desk import ANN, NOV_1, Desk, nov


def everything(desk: Desk) -> None:
    """Add, link, accept, remove, and take the addition back; hold one, which writes nothing."""
    for number in ("100", "101", "102", "103", "104"):
        desk.bill(number)
    desk.xero.pay("CM-100", "400.00", NOV_1)
    desk.xero.pay("CM-101", "77.00", NOV_1)
    desk.case.type_in("101", "77.00", NOV_1)
    desk.xero.pay("CM-102", "50.00", NOV_1)
    desk.case.type_in("102", "50.00", nov(3))
    desk.xero.pay("CM-103", "60.00", NOV_1)
    desk.poll()
    kinds = {row.proposal.invoice_number: row for row in desk.proposals()}
    desk.deciding.hold([kinds["CM-103"].proposal_id], by=ANN)
    desk.approve(kinds["CM-100"], kinds["CM-101"], kinds["CM-102"])
    assert desk.applying.apply(None, "Bea").is_complete
    desk.xero.delete(next(p for p in desk.xero.payments if str(desk.xero.payments[p].amount) == "77.00"))
    desk.poll()
    remove = next(row for row in desk.proposals() if row.proposal.kind is ProposalKind.REMOVE)
    desk.approve(remove)
    assert desk.apply().is_complete
    added = next(row for row in desk.proposals(ProposalState.APPLIED) if row.proposal.kind is ProposalKind.ADD)
    assert desk.undo(added).applied


def test_every_write_is_there_once_with_what_it_made_of_the_payment(desk: Desk) -> None:
    everything(desk)
    found = read_changes(desk.outside, ChangesWanted())
    told = [
        (one.kind.value, one.is_undo, one.invoice_number, one.by, one.approved_by, str(one.effect)) for one in found
    ]
    assert sorted(told[:2]) == [
        ("add", False, "CM-100", "Bea", ANN, "400.00"),
        ("link", False, "CM-101", "Bea", ANN, "0.00"),
    ]
    assert told[2:] == [
        ("remove", False, "CM-101", ANN, ANN, "-77.00"),
        ("add", True, "CM-100", ANN, ANN, "-400.00"),
    ]
    remove, undone = found[2:]
    assert remove.before is not None
    assert (str(remove.before.amount), remove.before.paid_on, remove.after) == ("77.00", NOV_1, None)
    assert undone.before is not None
    assert (str(undone.before.amount), undone.after, undone.reason) == ("400.00", None, "a mistake")
    standing = sum((row.amount.amount for row in desk.case.rows.values()), Decimal(0))
    typed = Decimal("127.00")
    assert sum((one.effect.amount for one in found), Decimal(0)) == standing - typed


def test_it_is_narrowed_by_person_kind_and_days(desk: Desk) -> None:
    everything(desk)
    found = read_changes(desk.outside, ChangesWanted())
    on = found[0].on

    def kinds(wanted: ChangesWanted) -> list[str]:
        return sorted(one.kind.value for one in read_changes(desk.outside, wanted))

    assert kinds(ChangesWanted(by="Bea")) == ["add", "link"]
    assert kinds(ChangesWanted(kind=ProposalKind.ADD)) == ["add", "add"]
    assert kinds(ChangesWanted(days=Days(on, on))) == ["add", "add", "link", "remove"]
    assert kinds(ChangesWanted(days=Days(date(2020, 1, 1), date(2020, 1, 2)))) == []


def test_sums_are_by_person_and_kind_and_what_was_taken_back_stands_apart(desk: Desk) -> None:
    everything(desk)
    totals = totals_of(read_changes(desk.outside, ChangesWanted()))
    assert [(one.by, one.kind.value, one.is_undo, one.number, str(one.effect)) for one in totals] == [
        (ANN, "remove", False, 1, "-77.00"),
        (ANN, "add", True, 1, "-400.00"),
        ("Bea", "add", False, 1, "400.00"),
        ("Bea", "link", False, 1, "0.00"),
    ]


def test_the_workbook_has_the_sums_and_every_change_with_both_sides(desk: Desk) -> None:
    everything(desk)
    sums, every = changes_lists(read_changes(desk.outside, ChangesWanted()))
    assert next(row[:4] for row in sums.rows) == (ANN, "remove", "", "1")
    row = dict(zip(every.titles, every.rows[2], strict=True))
    assert (row["Change"], row["Invoice"], row["Amount before"], row["Amount after"], row["Case Manager"]) == (
        "remove",
        "CM-101",
        Decimal("77.00"),
        None,
        Decimal("-77.00"),
    )
    assert (row["Date before"], row["Approved by"]) == (NOV_1, ANN)


def test_what_a_crash_kept_from_being_written_is_no_change(desk: Desk) -> None:
    everything(desk)
    entry = next(one for one in desk.history() if one.event.what is AuditWhat.APPLIED and one.event.after is not None)
    not_written = {**entry.event.evidence, "written": "no"}
    unwritten = replace(entry, event=replace(entry.event, what=AuditWhat.RECOVERED, evidence=not_written))
    written = replace(entry, event=replace(entry.event, what=AuditWhat.RECOVERED))
    assert list(changes_of([unwritten], lambda at: at.date())) == []
    assert [one.kind for one in changes_of([written], lambda at: at.date())] == [
        ProposalKind(entry.event.evidence["kind"])
    ]
