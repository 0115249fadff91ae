"""A person says which invoice of Case Manager one of Xero's is, and only then its rows go as others do (R1)."""

from collections.abc import Collection
from dataclasses import replace
from typing import cast

import pytest

from cmxero_desktop.domain.errors import NotAllowedError
from cmxero_desktop.domain.identifiers import XeroInvoiceId
from cmxero_desktop.domain.memory import NumberSaid
from cmxero_desktop.domain.placements import Reason
from cmxero_desktop.domain.proposals import Flag, ProposalKind, ProposalState
from cmxero_desktop.services.deciding.numbering import number_choices, say_number
from cmxero_desktop.services.ports.case_manager import CaseManager
from cmxero_desktop.services.records.alerts import AlertKind
from cmxero_desktop.services.records.audit import AuditWhat
from cmxero_desktop.services.records.numbers import NumberWhy
from cmxero_desktop.services.records.readings import CaseReading
from tests.services.desk import ANN, NOV_1, Desk, nov

ONE, TWO = XeroInvoiceId("invoice-1"), XeroInvoiceId("invoice-2")


def copied(desk: Desk, number: str, amount: str) -> None:
    """Make an invoice in both systems with a payment that this program copied."""
    desk.bill(number)
    desk.xero.pay(f"CM-{number}", amount, NOV_1)
    desk.poll()
    desk.approve_and_apply(desk.proposal())


def say(desk: Desk, invoice: str, number: str, reason: str = "") -> str:
    return say_number(desk.outside, invoice, number, by=ANN, reason=reason)


def void(desk: Desk, invoice: XeroInvoiceId) -> None:
    desk.xero.invoices[invoice] = replace(desk.xero.invoices[invoice], status="VOIDED", updated_at=desk.clock())


def swap(desk: Desk) -> None:
    """Let the two invoices swap their numbers."""
    one, two = desk.xero.invoices[ONE].number, desk.xero.invoices[TWO].number
    for invoice, number in ((ONE, ""), (TWO, one), (ONE, two)):
        desk.xero.renumber(invoice, number)


def all_in_bulk(desk: Desk) -> None:
    """Approve and write all that bulk allows, until nothing more comes."""
    for _ in range(3):
        desk.poll()
        if not desk.approve_in_bulk().done:
            return
        assert desk.apply().is_complete
    desk.poll()
    assert desk.approve_in_bulk().done == ()


def renumbering_alerts(desk: Desk) -> list[str]:
    return [a.invoice_number for a in desk.view().alerts if a.kind is AlertKind.RENUMBERED]


# Which one it is meanwhile


def test_r1_one_in_doubt_goes_with_the_invoice_that_holds_its_copies(desk: Desk) -> None:
    copied(desk, "100", "40.00")
    desk.case.bill("101")
    desk.xero.renumber(ONE, "CM-101")
    desk.xero.pay("CM-101", "60.00", nov(20))
    desk.poll()
    add = desk.proposal()
    assert add.proposal.flags == {Flag.RENUMBERED}
    desk.approve_and_apply(add)
    assert (desk.paid("100"), desk.paid("101")) == (["40.00", "60.00"], [])


def test_r1_without_copies_it_goes_with_its_present_number(desk: Desk) -> None:
    desk.bill()
    desk.case.bill("101")
    desk.poll()
    desk.xero.renumber(ONE, "CM-101")
    desk.xero.pay("CM-101", "60.00", nov(20))
    desk.poll()
    desk.approve_and_apply(desk.proposal())
    assert (desk.paid("100"), desk.paid("101")) == ([], ["60.00"])


def test_r1_copies_that_are_only_remembered_are_copies(desk: Desk) -> None:
    desk.bill()
    desk.case.bill("101")
    desk.case.journal(desk.case.type_in("100", "40.00", NOV_1))
    desk.xero.pay("CM-100", "40.00", NOV_1)
    desk.poll()
    desk.xero.renumber(ONE, "CM-101")
    desk.poll()
    assert number_choices(desk.outside, "CM-101").goes_with == "100"


def test_r1_a_number_between_the_first_and_the_present_one_is_found_by_its_copies(desk: Desk) -> None:
    desk.bill()
    desk.case.bill("101")
    desk.case.bill("102")
    desk.poll()
    desk.xero.renumber(ONE, "CM-101")
    desk.xero.pay("CM-101", "60.00", nov(20))
    desk.poll()
    desk.approve_and_apply(desk.proposal())
    desk.xero.renumber(ONE, "CM-102")
    desk.poll()
    desk.poll()
    found = number_choices(desk.outside, "CM-102")
    assert found.goes_with == "101"
    assert [(c.number, c.why, c.copies) for c in found.choices] == [
        ("101", (NumberWhy.COPIES,), 1),
        ("102", (NumberWhy.PRESENT,), 0),
        ("100", (NumberWhy.FIRST,), 0),
    ]


def test_r1_what_is_equal_while_it_is_in_doubt_is_not_remembered(desk: Desk) -> None:
    desk.bill()
    desk.case.bill("101")
    desk.poll()
    desk.xero.renumber(ONE, "CM-101")
    desk.xero.pay("CM-101", "60.00", nov(20))
    desk.case.type_in("101", "60.00", nov(20))
    desk.poll()
    assert len(desk.view().matched) == 1
    with desk.store.read() as unit:
        assert unit.memory.pairs() == ()


@pytest.mark.parametrize("is_named", [False, True])
def test_r1_one_that_was_renumbered_before_anybody_looked_is_told_by_its_money(desk: Desk, *, is_named: bool) -> None:
    desk.case.bill("100")
    desk.bill("101")
    there = desk.xero.pay("CM-101", "40.00", NOV_1)
    desk.xero.pay("CM-101", "60.00", nov(20))
    desk.case.type_in("100", "40.00", NOV_1, notes=f"Xero payment {there}" if is_named else "")
    all_in_bulk(desk)
    assert (desk.paid("100"), desk.paid("101")) == (["40.00"], [])
    assert all(p.proposal.flags & {Flag.LEFTOVER_ELSEWHERE, Flag.NAMED_ELSEWHERE} for p in desk.proposals())
    say(desk, "CM-101", "100")
    all_in_bulk(desk)
    assert (desk.paid("100"), desk.paid("101")) == (["40.00", "60.00"], [])


def test_r23b_one_payment_that_stands_elsewhere_says_nothing_of_an_invoice_with_matched_ones(desk: Desk) -> None:
    desk.bill("100")
    desk.case.bill("101")
    for amount, day in (("10.00", 5), ("40.00", 1), ("60.00", 20)):
        desk.xero.pay("CM-100", amount, nov(day))
    desk.case.type_in("100", "10.00", nov(5))
    desk.case.type_in("101", "40.00", NOV_1)
    all_in_bulk(desk)
    assert desk.paid("100") == ["10.00", "60.00"]


# What is said


def test_r1_what_a_person_says_ends_the_alert_and_lets_the_clean_rows_through(desk: Desk) -> None:
    copied(desk, "100", "40.00")
    desk.xero.renumber(ONE, "CM-101")
    desk.xero.pay("CM-101", "60.00", nov(20))
    desk.case.bill("101")
    desk.poll()
    assert desk.approve_in_bulk().done == ()
    assert say(desk, "CM-100", "100", "only the label") == "CM-101 in Xero is invoice 100 of Case Manager."
    assert desk.view().alerts == ()
    assert desk.proposal().proposal.flags == set()
    all_in_bulk(desk)
    assert (desk.paid("100"), desk.paid("101")) == (["40.00", "60.00"], [])
    assert desk.poll(is_full=True).counts.alerts == 0
    event = next(e.event for e in desk.history() if e.event.what is AuditWhat.NUMBER_SAID)
    assert (event.by, event.reason, event.invoice_number) == (ANN, "only the label", "CM-100")
    assert event.evidence == {"xero": "CM-101", "case manager": "100", "compared with before": "100"}


def test_r1_it_is_named_as_xero_shows_it_and_with_or_without_the_prefix(desk: Desk) -> None:
    desk.bill()
    desk.poll()
    desk.xero.renumber(ONE, "INV-9")
    desk.poll()
    assert say(desk, "INV-9", " CM-100 ") == "INV-9 in Xero is invoice 100 of Case Manager."


def test_r1_a_renumbering_made_later_raises_the_alert_anew(desk: Desk) -> None:
    desk.bill()
    desk.case.bill("101")
    desk.poll()
    desk.xero.renumber(ONE, "CM-101")
    desk.poll()
    say(desk, "CM-100", "101")
    desk.poll()
    assert renumbering_alerts(desk) == []
    desk.xero.renumber(ONE, "CM-102")
    desk.poll()
    assert renumbering_alerts(desk) == ["CM-101"]
    assert "CM-101 is called CM-102 in Xero now." in desk.view().alerts[0].explanation
    desk.xero.renumber(ONE, "CM-100")
    desk.poll()
    assert renumbering_alerts(desk) == ["CM-101"]
    found = number_choices(desk.outside, "CM-101")
    assert [(c.number, c.why) for c in found.choices] == [
        ("100", (NumberWhy.PRESENT, NumberWhy.FIRST)),
        ("101", (NumberWhy.SAID,)),
    ]
    desk.xero.renumber(ONE, "CM-101")
    desk.poll()
    assert renumbering_alerts(desk) == []


def test_r1_a_number_that_becomes_what_was_said_needs_no_word(desk: Desk) -> None:
    desk.bill()
    desk.poll()
    desk.xero.renumber(ONE, "INV-9")
    desk.poll()
    say(desk, "CM-100", "100")
    desk.xero.renumber(ONE, "CM-100")
    desk.poll()
    assert renumbering_alerts(desk) == []


def test_r1_a_number_that_case_manager_writes_otherwise_can_be_said(desk: Desk) -> None:
    desk.xero.bill("CM-00102")
    desk.xero.pay("CM-00102", "40.00", NOV_1)
    desk.case.bill("102")
    desk.poll()
    (choice,) = [c for c in number_choices(desk.outside, "CM-00102").choices if not c.refusal]
    assert (choice.number, choice.why) == ("102", (NumberWhy.NEAR,))
    say(desk, "CM-00102", "102")
    all_in_bulk(desk)
    assert desk.paid("102") == ["40.00"]


@pytest.mark.parametrize("kind", ["hold", "reject"])
def test_r31_a_no_stays_a_no_when_it_is_said_which_invoice_it_is(desk: Desk, kind: str) -> None:
    desk.bill()
    desk.case.bill("101")
    desk.xero.pay("CM-100", "60.00", nov(20))
    desk.poll()
    ids = [desk.proposal().proposal_id]
    if kind == "hold":
        desk.deciding.hold(ids, by=ANN, reason="wait", until=None)
    else:
        desk.deciding.reject(ids, by=ANN, reason="no")
    desk.xero.renumber(ONE, "CM-101")
    desk.poll()
    say(desk, "CM-100", "101")
    desk.poll()
    assert desk.proposals() == []


# What is refused


def test_r1_what_cannot_be_said(desk: Desk) -> None:
    copied(desk, "100", "40.00")
    desk.case.bill("0102")
    desk.xero.renumber(ONE, "CM-101")
    desk.xero.bill("CM-100")
    desk.xero.bill("CM-7", status="VOIDED")
    desk.xero.bill("INV-1")
    desk.poll()
    refused = {
        ("CM-101", "100"): "Invoice 100 of Case Manager is that of Xero's CM-100 of Ms Ito.",
        ("CM-101", "101"): "Case Manager has no invoice 101.",
        ("CM-101", "102"): "Case Manager has no invoice 102. Case Manager has invoice 0102.",
        ("CM-7", "100"): "Xero has no living CM invoice CM-7.",
        ("INV-1", "100"): "Xero has no living CM invoice INV-1.",
        ("CM-101", " "): "Case Manager has no invoice .",
    }
    for (invoice, number), words in refused.items():
        with pytest.raises(NotAllowedError) as caught:
            say(desk, invoice, number)
        assert words in str(caught.value)
    assert all(e.event.what is not AuditWhat.NUMBER_SAID for e in desk.history())
    found = number_choices(desk.outside, "CM-101")
    assert [(c.number, c.refusal) for c in found.choices] == [
        ("100", refused["CM-101", "100"]),
        ("101", refused["CM-101", "101"]),
    ]


# Two that claim one


def test_r1_numbers_that_were_swapped_by_mistake_come_right_with_two_words(desk: Desk) -> None:
    copied(desk, "100", "40.00")
    copied(desk, "101", "70.00")
    swap(desk)
    desk.xero.pay("CM-101", "60.00", nov(20))
    desk.xero.pay("CM-100", "90.00", nov(20))
    all_in_bulk(desk)
    assert (desk.paid("100"), desk.paid("101")) == (["40.00"], ["70.00"])
    say(desk, "CM-101", "100")
    all_in_bulk(desk)
    assert (desk.paid("100"), desk.paid("101")) == (["40.00", "60.00"], ["70.00"])
    assert renumbering_alerts(desk) == ["CM-101"]
    say(desk, "CM-101", "101")
    all_in_bulk(desk)
    assert (desk.paid("100"), desk.paid("101")) == (["40.00", "60.00"], ["70.00", "90.00"])
    assert desk.view().alerts == ()


def test_r1_an_invoice_that_was_issued_again_takes_its_copies_over_once_it_is_said(desk: Desk) -> None:
    copied(desk, "100", "40.00")
    desk.xero.delete(next(iter(desk.xero.payments)))
    void(desk, ONE)
    desk.xero.bill("CM-100")
    desk.xero.pay("CM-100", "40.00", nov(20))
    desk.poll()
    explanation = desk.proposals()[0].proposal.explanation
    assert "Invoice 100 of Case Manager may also be Xero's CM-100 that is voided." in explanation
    say(desk, "CM-100", "100")
    assert [p.proposal.blocking_flags for p in desk.proposals()] == [set()]
    change = desk.proposal(ProposalKind.CHANGE)
    desk.approve_and_apply(change)
    all_in_bulk(desk)
    assert desk.paid("100") == ["40.00"]
    assert [str(p.paid_on) for p in desk.case.payments("100")] == ["2026-11-20"]


def test_r1_one_issued_again_under_another_number_finds_its_invoice_by_a_word(desk: Desk) -> None:
    copied(desk, "100", "40.00")
    desk.xero.delete(next(iter(desk.xero.payments)))
    void(desk, ONE)
    desk.xero.bill("CM-101")
    desk.xero.pay("CM-101", "40.00", NOV_1)
    desk.poll()
    assert [row.placement.reason for row in desk.view().skipped] == [Reason.NO_INVOICE]
    say(desk, "CM-101", "100")
    desk.approve_and_apply(*desk.proposals())
    all_in_bulk(desk)
    assert desk.paid("100") == ["40.00"]
    assert len(desk.view().matched) == 1


def test_r1_a_number_that_a_newer_invoice_takes_from_what_was_said_blocks_both(desk: Desk) -> None:
    copied(desk, "100", "40.00")
    desk.xero.renumber(ONE, "CM-101")
    desk.poll()
    say(desk, "CM-100", "100")
    desk.xero.bill("CM-100")
    desk.xero.pay("CM-100", "90.00", NOV_1)
    desk.xero.pay("CM-101", "60.00", nov(20))
    desk.poll()
    add = desk.proposal()
    assert (add.proposal.invoice_number, set(add.proposal.flags)) == ("CM-100", {Flag.NUMBER_SHARED})
    (row,) = desk.view().skipped
    assert row.placement.invoice_number == "CM-100 (another)"
    assert "Its invoice there may be Xero's CM-101." in row.placement.explanation
    desk.case.bill("105")
    say(desk, "CM-100 (another)", "105")
    all_in_bulk(desk)
    assert (desk.paid("100"), desk.paid("105")) == (["40.00", "60.00"], ["90.00"])


def test_r1_two_that_bore_one_number_after_each_other_are_two(desk: Desk) -> None:
    copied(desk, "100", "40.00")
    desk.xero.renumber(ONE, "CM-101")
    desk.xero.bill("CM-100")
    desk.poll()
    desk.xero.renumber(TWO, "CM-102")
    desk.xero.pay("CM-102", "90.00", NOV_1)
    desk.poll()
    assert sorted(renumbering_alerts(desk)) == ["CM-100", "CM-102"]
    assert {s.placement.invoice_number for s in (*desk.view().skipped, *desk.view().matched)} == {"CM-100", "CM-102"}
    assert desk.proposals() == []


# What was decided before


def test_r1_what_was_approved_is_not_written_once_the_invoice_is_called_otherwise(desk: Desk) -> None:
    desk.bill()
    desk.case.bill("101")
    desk.xero.pay("CM-100", "60.00", nov(20))
    desk.poll()
    desk.approve(desk.proposal())
    desk.xero.renumber(ONE, "CM-101")
    report = desk.apply()
    assert report.applied == ()
    assert (desk.paid("100"), desk.paid("101")) == ([], [])


def test_r1_what_was_approved_is_not_written_once_it_is_said_to_be_another(desk: Desk) -> None:
    copied(desk, "100", "40.00")
    desk.case.bill("101")
    desk.xero.renumber(ONE, "CM-101")
    desk.xero.pay("CM-101", "60.00", nov(20))
    desk.poll()
    desk.approve(desk.proposal())
    say(desk, "CM-100", "101")
    assert desk.apply().applied == ()
    assert (desk.paid("100"), desk.paid("101")) == (["40.00"], [])


def test_r1_what_was_written_is_taken_back_where_it_was_written(desk: Desk) -> None:
    copied(desk, "100", "40.00")
    desk.case.bill("101")
    desk.xero.renumber(ONE, "CM-101")
    desk.poll()
    say(desk, "CM-100", "101")
    (applied,) = desk.proposals(ProposalState.APPLIED)
    assert desk.undo(applied).failed == ()
    assert (desk.paid("100"), desk.paid("101")) == ([], [])


def test_r1_one_of_which_only_a_payment_is_known_is_a_rival_too(desk: Desk) -> None:
    copied(desk, "100", "40.00")
    desk.xero.renumber(ONE, "CM-101")
    unknown = desk.xero.bill("CM-100")
    desk.xero.pay("CM-100", "90.00", NOV_1)
    del desk.xero.invoices[unknown]
    desk.xero.pay("CM-101", "60.00", nov(20))
    desk.poll()
    assert number_choices(desk.outside, "CM-101").rivals == ("CM-100",)


class Meanwhile:
    """A Case Manager during whose reading somebody at another desk says which invoice another one is."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def __getattr__(self, name: str) -> object:
        return getattr(self._desk.case, name)

    def read(self, numbers: Collection[str], currency: str) -> CaseReading:
        with self._desk.store.begin() as unit:
            unit.memory.say_number(NumberSaid(xero_invoice_id=TWO, shown="CM-100", number="100"))
            unit.commit()
        return self._desk.case.read(numbers, currency)


def test_r1_what_somebody_else_says_meanwhile_is_looked_at_first(desk: Desk) -> None:
    desk.bill()
    desk.poll()
    outside = replace(desk.outside, case_manager=cast("CaseManager", Meanwhile(desk)))
    with pytest.raises(NotAllowedError, match="meanwhile"):
        say_number(outside, "CM-100", "100", by=ANN, reason="")
    assert all(e.event.what is not AuditWhat.NUMBER_SAID for e in desk.history())
