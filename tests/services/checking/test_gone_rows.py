"""A row that could not be read once holds its invoice no longer than Xero has it (R30)."""

from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import datetime

import pytest

from cmxero_desktop.domain.identifiers import Fingerprint, XeroInvoiceId, XeroPaymentId
from cmxero_desktop.domain.money import Money
from cmxero_desktop.domain.proposals import ProposalKind
from cmxero_desktop.domain.records import Side, UnreadableRow
from cmxero_desktop.services.checking import fetching
from cmxero_desktop.services.correlation import correlating
from cmxero_desktop.services.records.readings import InvoicesPage, PaymentsById, PaymentsPage
from cmxero_desktop.services.records.runs import PollOutcome
from tests.services.desk import NOV_1, Desk
from tests.services.fake_xero import FakeXero

GHOST, FIRST = XeroPaymentId("ghost"), XeroInvoiceId("invoice-1")
_ROW = UnreadableRow(side=Side.XERO, place="Payments page 1, row 1", problem="Date is missing.", xero_payment_id=GHOST)


def unreadable(desk: Desk) -> list[str]:
    with desk.store.read() as unit:
        return [row.xero_payment_id or row.xero_invoice_id or row.place for row in unit.gaps.unreadable()]


def with_a_ghost(desk: Desk) -> None:
    """Pay an invoice twice, of which one row cannot be read, and let that payment's id never come again."""
    desk.bill()
    desk.xero.pay("CM-100", "40.00", NOV_1)
    ghost = desk.xero.pay("CM-100", "60.00", NOV_1)
    desk.xero.payments[GHOST] = replace(desk.xero.payments.pop(ghost), payment_id=GHOST)
    desk.xero.broken[GHOST] = replace(_ROW, xero_invoice_id=FIRST)
    desk.poll()
    assert desk.proposals() == []
    del desk.xero.payments[GHOST]
    desk.xero.invoices[FIRST] = replace(desk.xero.invoices[FIRST], amount_paid=Money.of("40.00", "AUD"))


def test_a_row_whose_id_never_comes_again_is_asked_for_and_holds_its_invoice_no_longer(desk: Desk) -> None:
    with_a_ghost(desk)
    desk.poll()
    # A list of changes proves nothing; a full one lacks it, and Xero says 404.
    assert unreadable(desk) == [GHOST]
    desk.poll(is_full=True)
    assert unreadable(desk) == []
    assert [p.proposal.kind for p in desk.proposals()] == [ProposalKind.ADD]
    asked = desk.xero.asked.count("payments_by_id")
    desk.poll(is_full=True)
    assert desk.xero.asked.count("payments_by_id") == asked


def test_a_row_that_is_gone_and_comes_back_unreadable_holds_its_invoice_again(desk: Desk) -> None:
    with_a_ghost(desk)
    desk.poll(is_full=True)
    payment = next(iter(desk.xero.payments.values()))
    desk.xero.payments[GHOST] = replace(payment, payment_id=GHOST, updated_at=desk.clock())
    desk.poll(is_full=True)
    assert unreadable(desk) == [GHOST]
    assert desk.proposals() == []


def test_a_row_that_is_nobodys_once_it_can_be_read_holds_nothing(desk: Desk) -> None:
    desk.bill()
    other = desk.xero.bill("INV-7")
    payment = desk.xero.pay("INV-7", "5.00", NOV_1)
    desk.xero.broken[payment] = replace(_ROW, xero_payment_id=payment)
    desk.xero.break_invoice(other, is_named=False)
    desk.xero.broken_invoices[other] = replace(desk.xero.broken_invoices[other], xero_invoice_id=other)
    desk.poll()
    assert sorted(unreadable(desk)) == [other, payment]
    desk.xero.broken.clear()
    desk.xero.broken_invoices.clear()
    desk.poll(is_full=True)
    assert unreadable(desk) == []


def test_a_row_that_a_full_list_lacks_and_xero_still_has_is_what_it_is_by_id(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.bill()
    hidden = desk.xero.pay("CM-100", "40.00", NOV_1)
    desk.xero.broken[hidden] = replace(_ROW, xero_payment_id=hidden, xero_invoice_id=FIRST)
    desk.poll()
    monkeypatch.setattr(FakeXero, "changed_payments", lambda *_: iter([PaymentsPage()]))
    desk.poll(is_full=True)
    assert unreadable(desk) == [hidden]
    desk.xero.broken.clear()
    desk.poll(is_full=True)
    assert unreadable(desk) == []
    assert [p.proposal.kind for p in desk.proposals()] == [ProposalKind.ADD]


def test_an_invoice_that_could_not_be_read_and_that_xero_forgot_is_gone(desk: Desk) -> None:
    desk.bill()
    desk.poll()
    ghost = XeroInvoiceId("ghost-invoice")
    with desk.store.begin() as unit:
        unit.gaps.save_unreadable(
            [replace(_ROW, xero_payment_id=None, xero_invoice_id=ghost, invoice_number="CM-9", is_invoice=True)]
        )
        unit.commit()
    desk.poll()
    assert unreadable(desk) == [ghost]
    desk.poll(is_full=True)
    assert unreadable(desk) == []


def test_more_lost_rows_than_are_asked_about_at_once_get_their_turn(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "_ASKED_AT_MOST", 2)
    desk.bill()
    with desk.store.begin() as unit:
        unit.gaps.save_unreadable(replace(_ROW, xero_payment_id=XeroPaymentId(f"ghost-{n}")) for n in range(5))
        unit.commit()
    left = []
    for _ in range(3):
        desk.poll(is_full=True)
        left.append(len(unreadable(desk)))
    assert left == [3, 1, 0]


def test_r2_money_that_went_back_and_cannot_be_read_is_told(desk: Desk) -> None:
    desk.bill()
    desk.xero.pay("CM-100", "40.00", NOV_1)
    refund = desk.xero.pay_back("5.00", NOV_1)
    desk.xero.broken[refund] = replace(_ROW, xero_payment_id=refund)
    assert desk.poll(is_full=True).outcome is PollOutcome.DONE
    assert [row.placement.unreadable for row in desk.view().skipped] == [desk.xero.broken[refund]]
    desk.xero.broken.clear()
    desk.poll(is_full=True)
    assert desk.view().skipped == ()


def test_an_invoice_that_only_a_wrong_row_ever_named_holds_no_number(desk: Desk) -> None:
    desk.bill()
    payment = desk.xero.pay("CM-100", "40.00", NOV_1)
    true = desk.xero.payments[payment]
    ghost = XeroInvoiceId("ghost-invoice")
    desk.xero.payments[payment] = replace(true, invoice_id=ghost)
    desk.poll()
    assert desk.proposals() == []
    desk.xero.payments[payment] = true
    desk.poll(is_full=True)
    desk.poll(is_full=True)
    assert [p.proposal.kind for p in desk.proposals()] == [ProposalKind.ADD]
    assert desk.state().doubts.each == ()
    # Should there be such an invoice after all, it is one like any other.
    desk.xero.invoices[ghost] = replace(desk.xero.invoices[FIRST], invoice_id=ghost, updated_at=desk.clock())
    desk.poll()
    with desk.store.read() as unit:
        assert "ghost-invoice" not in set(map(str, unit.gaps.unknown_ids()))


def test_an_invoice_whose_own_row_had_a_wrong_id_holds_no_number(desk: Desk) -> None:
    desk.bill()
    desk.xero.pay("CM-100", "40.00", NOV_1)
    ghost = XeroInvoiceId("ghost-invoice")
    desk.xero.invoices[ghost] = replace(desk.xero.invoices[FIRST], invoice_id=ghost)
    desk.poll()
    assert desk.proposals() == []
    del desk.xero.invoices[ghost]
    desk.poll(is_full=True)
    assert [p.proposal.kind for p in desk.proposals()] == [ProposalKind.ADD]


def test_r20_of_more_payments_that_notes_name_than_a_check_asks_about_each_gets_its_turn(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(correlating, "_NAMED_AT_MOST", 2)
    asked: list[int] = []
    ask = FakeXero.payments_by_id

    def noting(self: FakeXero, payment_ids: Collection[XeroPaymentId]) -> PaymentsById:
        asked.append(len(payment_ids))
        return ask(self, payment_ids)

    monkeypatch.setattr(FakeXero, "payments_by_id", noting)
    desk.bill()
    desk.xero.bill("INV-7")
    # The first in order can never be read, and must not take the others' turn.
    broken = desk.xero.pay("INV-7", "1.00", NOV_1)
    desk.xero.payments[XeroPaymentId("0")] = replace(desk.xero.payments.pop(broken), payment_id=XeroPaymentId("0"))
    desk.xero.broken[XeroPaymentId("0")] = replace(_ROW, xero_payment_id=XeroPaymentId("0"), invoice_number="INV-7")
    names = ["0", *(f"unknown-{n}" for n in range(5))]
    for name in names:
        desk.case.type_in("100", "1.00", NOV_1, notes=f"Imported from Xero\nXero payment {name}")
    for _ in range(4):
        desk.poll()
    assert max(asked) == 2
    with desk.store.read() as unit:
        assert set(unit.gaps.unknown_ids()) == set(names[1:])


def with_a_letter_lost(desk: Desk) -> tuple[XeroInvoiceId, list[Fingerprint]]:
    """Read an invoice once under an id that lost a letter; return that id, and what is proposed without it."""
    desk.bill()
    desk.xero.pay("CM-100", "40.00", NOV_1)
    desk.poll()
    before = [row.fingerprint for row in desk.proposals()]
    wrong = XeroInvoiceId("nvoice-1")
    desk.xero.invoices[wrong] = replace(desk.xero.invoices[FIRST], invoice_id=wrong, updated_at=desk.clock())
    desk.poll()
    del desk.xero.invoices[wrong]
    return wrong, before


def status_of(desk: Desk, invoice: XeroInvoiceId) -> str:
    with desk.store.read() as unit:
        return unit.facts.invoices_of_tracked()[invoice].status


def test_an_invoice_whose_id_lost_a_letter_stands_beside_the_right_one_no_longer_than_to_a_full_list(
    desk: Desk,
) -> None:
    wrong, before = with_a_letter_lost(desk)
    assert [row.fingerprint for row in desk.proposals()] != before
    desk.poll()
    # A list of changes proves nothing.
    assert status_of(desk, wrong) == "AUTHORISED"
    desk.poll(is_full=True)
    assert status_of(desk, wrong) == "DELETED"
    assert status_of(desk, FIRST) == "AUTHORISED"
    assert [row.fingerprint for row in desk.proposals()] == before
    asked = desk.xero.asked.count("invoices_by_id")
    desk.poll(is_full=True)
    assert desk.xero.asked.count("invoices_by_id") == asked


def test_an_invoice_that_xero_still_has_by_its_id_stays_although_a_full_list_lacks_it(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.bill()
    desk.bill("200")
    desk.poll()
    second, kept = XeroInvoiceId("invoice-2"), FakeXero.changed_invoices

    def without(xero: FakeXero, since: datetime | None) -> Iterator[InvoicesPage]:
        for page in kept(xero, since):
            yield replace(page, invoices=tuple(i for i in page.invoices if i.invoice_id != second))

    monkeypatch.setattr(FakeXero, "changed_invoices", without)
    desk.poll(is_full=True)
    assert "invoices_by_id" in desk.xero.asked
    assert status_of(desk, second) == "AUTHORISED"


def test_an_invoice_with_payments_is_not_taken_for_deleted_by_an_answer_alone(desk: Desk) -> None:
    desk.bill()
    desk.xero.pay("CM-100", "40.00", NOV_1)
    desk.poll()
    del desk.xero.invoices[FIRST]
    desk.poll(is_full=True)
    assert status_of(desk, FIRST) == "AUTHORISED"


def test_what_was_taken_for_deleted_and_comes_again_is_what_xero_says_of_it(desk: Desk) -> None:
    wrong, _ = with_a_letter_lost(desk)
    desk.poll(is_full=True)
    desk.xero.invoices[wrong] = replace(desk.xero.invoices[FIRST], invoice_id=wrong, updated_at=desk.clock())
    desk.poll(is_full=True)
    assert status_of(desk, wrong) == "AUTHORISED"
