"""A check compares what changed, and finds what a comparison of everything finds; the rest it leaves alone."""

from collections.abc import Callable, Collection
from dataclasses import fields, replace
from inspect import signature

import pytest

from cmxero_desktop.domain.correlation.judging import FirstPasses, judge, judge_from
from cmxero_desktop.domain.correlation.limiting import Limits
from cmxero_desktop.domain.correlation.stray_payments import StrayPayment
from cmxero_desktop.domain.identifiers import CaseInvoiceId, Fingerprint, XeroInvoiceId, XeroPaymentId
from cmxero_desktop.domain.money import Money
from cmxero_desktop.domain.proposals import ProposalState
from cmxero_desktop.domain.records import Decisions, InvoiceSnapshot
from cmxero_desktop.services.checking import comparing
from cmxero_desktop.services.correlation.changing import ChangesOnBoard, EverythingError
from cmxero_desktop.services.correlation.correlated import Correlated
from cmxero_desktop.services.correlation.correlating import correlate_all
from cmxero_desktop.services.records.readings import CaseInvoiceSide
from cmxero_desktop.services.viewing.desk_view import DeskView
from tests.services.desk import ANN, Desk, ids, nov
from tests.services.fake_case_manager import FakeCaseManager
from tests.services.fake_xero import AUD


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Say of each comparison whether it was one of everything or of what changed, and how many invoices that left."""
    kinds: list[str] = []

    def whole(*arguments: object) -> object:
        kinds.append("everything")
        return correlate_all(*arguments)  # type: ignore[arg-type]  # passed on as they came

    class Watched(ChangesOnBoard):
        def correlate(self) -> Correlated:
            kinds.append("changes")
            return super().correlate()

    monkeypatch.setattr(comparing, "correlate_all", whole)
    monkeypatch.setattr(comparing, "ChangesOnBoard", Watched)
    return kinds


def shown(view: DeskView) -> object:
    return view.counts, view.matched, view.unmatched, view.skipped, view.review, view.alerts, view.tie_out


def checked(desk: Desk, made: list[str]) -> str:
    """Check, hold the outcome against that of a program that remembers nothing, and say what kind of check it was."""
    made.clear()
    desk.poll()
    kind, found = "".join(made), shown(desk.view())
    desk.restart()
    desk.poll()
    assert shown(desk.view()) == found
    desk.poll()
    return kind


@pytest.fixture(autouse=True)
def firm(desk: Desk) -> None:
    """Have three invoices: one at rest, one with an addition and a leftover, one that nobody has paid."""
    for number in ("100", "200", "300"):
        desk.bill(number)
    at_rest = desk.xero.pay("CM-100", "10.00", nov(1))
    desk.case.type_in("100", "10.00", nov(1), notes=f"Xero payment {at_rest}")
    # On another day than what is at rest, so that both are no remittance.
    desk.xero.pay("CM-200", "20.00", nov(4))
    desk.case.type_in("200", "33.00", nov(2))
    # Nobody watches any more who copied it.
    desk.clock.pass_days(1)
    desk.poll()
    desk.poll()


def emptied(desk: Desk) -> None:
    desk.xero.delete(XeroPaymentId("payment-2"))
    desk.case.rows.pop(next(k for k, r in desk.case.rows.items() if r.amount == Money.of("33.00", AUD)))


def billed_anew(desk: Desk) -> None:
    desk.bill("400")
    desk.xero.pay("CM-400", "40.00", nov(1))


ONE_OF_CHANGES: dict[str, Callable[[Desk], object]] = {
    "a payment on the one at rest": lambda d: d.xero.pay("CM-100", "30.00", nov(1)),
    "a payment on the other": lambda d: d.xero.pay("CM-200", "30.00", nov(1)),
    "a payment where there was none": lambda d: d.xero.pay("CM-300", "20.00", nov(1)),
    "a remittance with the one at rest": lambda d: d.xero.pay("CM-200", "23.00", nov(1)),
    "the deletion of what is at rest": lambda d: d.xero.delete(XeroPaymentId("payment-1")),
    "a copy that names what is at rest": lambda d: d.case.type_in(
        "200", "10.00", nov(1), notes="Xero payment payment-1"
    ),
    "a stray that names what is at rest": lambda d: (
        d.case.bill("900"),
        d.case.type_in("900", "10.00", nov(1), notes="Xero payment payment-1"),
    ),
    "a stray of an addition's amount": lambda d: (d.case.bill("901"), d.case.type_in("901", "20.00", nov(1))),
    "an edit of a copy": lambda d: d.case.edit(next(iter(d.case.rows)), amount=Money.of("11.00", AUD)),
    "a copy that is gone": lambda d: d.case.rows.pop(next(iter(d.case.rows))),
    "the last payment of an invoice": emptied,
    "a new invoice": billed_anew,
    "a hold": lambda d: d.deciding.hold(ids(d.proposals()[:1]), by=ANN),
    "a rejection": lambda d: d.deciding.reject(ids(d.proposals()[:1]), by=ANN, reason="no"),
    "an application": lambda d: d.approve_and_apply(*d.proposals()),
}


@pytest.mark.untraced
@pytest.mark.parametrize("change", ONE_OF_CHANGES.values(), ids=ONE_OF_CHANGES)
def test_an_ordinary_change_is_compared_alone(desk: Desk, made: list[str], change: Callable[[Desk], object]) -> None:
    change(desk)
    assert checked(desk, made) == "changes"


def gone(desk: Desk) -> None:
    with desk.store.begin() as unit:
        unit.gaps.save_unknown(["payment-99"])
        unit.commit()


def refunded(desk: Desk) -> None:
    refund = desk.xero.pay_back("20.00", nov(2))
    with desk.store.begin() as unit:
        unit.facts.save_payments([desk.xero.refunds[refund]])
        unit.commit()


def never_heard_of(desk: Desk) -> None:
    desk.case.type_in("200", "7.00", nov(1), notes="Xero payment 0c1f6d7e-0000-4000-8000-000000000001")


def said_of_nobody(desk: Desk) -> None:
    stored = desk.proposals()[0]
    other = replace(stored.proposal, invoice_number="CM-999", fingerprint=Fingerprint("f" * 64))
    with desk.store.begin() as unit:
        unit.proposals.add([replace(stored, proposal=other, state=ProposalState.REJECTED)])
        unit.commit()


EVERYTHING: dict[str, Callable[[Desk], object]] = {
    "a no about a number that nobody has": said_of_nobody,
    "an id that Xero does not know": gone,
    "money that went back": refunded,
    "a copy of what our store does not know": never_heard_of,
    "an invoice that was renumbered": lambda d: d.xero.renumber(XeroInvoiceId("invoice-1"), "CM-1OO"),
    "a number that is used again": lambda d: d.xero.bill("CM-200"),
    "another day": lambda d: d.clock.pass_days(1),
}


@pytest.mark.parametrize("change", EVERYTHING.values(), ids=EVERYTHING)
def test_what_may_concern_others_is_compared_with_everything(
    desk: Desk, made: list[str], change: Callable[[Desk], object]
) -> None:
    change(desk)
    assert checked(desk, made) == "everything"


def test_what_a_renumbered_invoice_may_be_is_compared_with_everything(desk: Desk, made: list[str]) -> None:
    desk.xero.renumber(XeroInvoiceId("invoice-1"), "CM-500")
    desk.poll()
    desk.poll()
    desk.case.bill("500")
    assert checked(desk, made) == "everything"


def test_a_near_number_is_named_beside_an_invoice_that_case_manager_lacks(desk: Desk, made: list[str]) -> None:
    desk.xero.bill("CM-0700")
    desk.xero.pay("CM-0700", "5.00", nov(1))
    desk.poll()
    desk.poll()
    desk.case.bill("700")
    assert checked(desk, made) == "changes"
    assert any("700" in row.placement.explanation for row in desk.view().skipped)


def test_another_new_number_leaves_the_one_that_is_near_where_it_was(desk: Desk, made: list[str]) -> None:
    desk.xero.bill("CM-0700")
    desk.xero.pay("CM-0700", "5.00", nov(1))
    desk.case.bill("700")
    desk.poll(is_full=True)
    desk.poll()
    found = desk.view().skipped
    desk.case.bill("800")
    assert checked(desk, made) == "changes"
    assert any("700" in row.placement.explanation for row in found)
    assert desk.view().skipped == found


def test_while_a_foreign_copy_is_on_record_everything_is_compared(desk: Desk, made: list[str]) -> None:
    paid = desk.xero.pay("CM-300", "60.00", nov(1))
    desk.poll()
    desk.case.type_in("300", "60.00", nov(1), notes=f"Xero payment {paid}")
    desk.poll()
    desk.poll()
    with desk.store.read() as unit:
        assert unit.pairs.foreign()
    desk.case.type_in("300", "61.00", nov(1))
    assert checked(desk, made) == "everything"


def test_what_vanishes_while_it_is_asked_for_is_compared_with_everything(
    desk: Desk, made: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def nobody(_case: FakeCaseManager, _ids: Collection[CaseInvoiceId], _currency: str) -> tuple[CaseInvoiceSide, ...]:
        return ()

    monkeypatch.setattr(FakeCaseManager, "sides_of", nobody)
    desk.case.type_in("200", "10.00", nov(1), notes="Xero payment payment-1")
    assert checked(desk, made) == "changeseverything"


def test_a_doubt_that_makes_a_gap_is_compared_with_everything(
    desk: Desk, made: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []

    def asking(*_: object, read: Callable[[Collection[str]], object], is_any_unknown: bool) -> bool:
        assert not is_any_unknown
        if not asked:
            asked.append(1)
            gone(desk)
            with pytest.raises(EverythingError):
                read([])
            raise EverythingError
        return False

    monkeypatch.setattr("cmxero_desktop.services.correlation.changing.ask_about_doubts", asking)
    desk.xero.pay("CM-200", "30.00", nov(1))
    assert checked(desk, made) == "everything"


def test_refunds_find_their_homes_among_those_on_the_board(desk: Desk, made: list[str]) -> None:
    desk.xero.pay_back("20.00", nov(2), "ARCREDITPAYMENT", reference="CM-200")
    desk.poll(is_full=True)
    desk.poll()
    desk.xero.pay("CM-200", "31.00", nov(1))
    assert checked(desk, made) == "changes"
    desk.xero.pay("CM-300", "32.00", nov(1))
    assert checked(desk, made) == "changes"
    assert [row.invoice_number for row in desk.view().money_back] == ["CM-200"]


def test_invoices_at_rest_are_not_read_and_not_judged(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    judged: list[int] = []

    def judging(first: FirstPasses, *rest: object, **more: object) -> object:
        judged.append(len(first.invoices))
        return judge_from(first, *rest, **more)  # type: ignore[arg-type]  # passed on as they came

    monkeypatch.setattr("cmxero_desktop.services.correlation.firm.judge_from", judging)
    monkeypatch.setattr("cmxero_desktop.services.correlation.changing.judge_from", judging)
    desk.xero.pay("CM-200", "31.00", nov(3))
    desk.poll()
    assert judged == [1]


# What each input of a judgement makes a check look at again. "touches" is what storing it marks, "marks" what the
# hash of Case Manager's rows shows, "all" what makes another comparison of everything.
_TOUCHED_BY = {
    "number": "touches", "as_of": "nothing: it is only shown", "xero_invoice_id": "touches", "xero_invoice": "touches",
    "case_invoice": "marks", "xero_payments": "touches", "case_payments": "marks",
    "named_elsewhere": "marks; the one that is named is woken by its tie", "unknown_ids": "all", "unreadable": "all",
    "decisions": "below", "renumbered_from": "all", "renumbered_to": "all", "rivals": "all: contested",
    "near_number": "marks: any other set of numbers", "is_under_sor": "all", "refunded": "all",
    "deleted_on": "as xero_payments and named_elsewhere, of which it is told; the time zone is of the policy: all",
}  # fmt: skip
_DECISIONS_BY = {
    "declined": "touches", "refused": "touches", "memory": "touches", "accepted": "touches", "explained": "touches",
    "apart": "all", "baseline": "nothing: it is complete after the first comparison",
}  # fmt: skip
_JUDGED_BY = {
    "snapshots": "above", "policy": "all", "today": "all", "strays": "read anew at each comparison",
    "limits": "read anew at each comparison", "only": "asked", "memo": "kept by snapshot, policy and day",
}  # fmt: skip


def test_each_input_of_a_judgement_says_what_makes_it_be_looked_at_again() -> None:
    assert _TOUCHED_BY.keys() == {each.name for each in fields(InvoiceSnapshot)}
    assert _DECISIONS_BY.keys() == {each.name for each in fields(Decisions)}
    assert _JUDGED_BY.keys() == set(signature(judge).parameters)
    # Both are made anew at each comparison, from all that there is.
    assert {each.name for each in fields(Limits)} == {"imported_copies", "released", "held"}
    assert {each.name for each in fields(StrayPayment)} == {"payment", "number", "payer", "said"}


def test_another_currency_or_a_void_without_payments_stays_on_the_board(desk: Desk, made: list[str]) -> None:
    invoice = desk.xero.bill("CM-600")
    desk.case.bill("600")
    desk.xero.invoices[invoice] = replace(desk.xero.invoices[invoice], status="VOIDED")
    desk.poll()
    desk.poll()
    assert any("CM-600" in alert.invoice_number for alert in desk.view().alerts)
    desk.xero.pay("CM-200", "31.00", nov(1))
    assert checked(desk, made) == "changes"


def test_one_whose_difference_money_that_went_back_may_explain_stays_on_the_board(desk: Desk, made: list[str]) -> None:
    key, invoice = next((k, i) for k, i in desk.case.invoices.items() if i.number == "100")
    desk.case.invoices[key] = replace(invoice, adjustments=Money.of("-10.00", AUD))
    assert checked(desk, made) == "changes"
    desk.xero.pay_back("10.00", nov(2), "ARCREDITPAYMENT", reference="CM-100")
    desk.poll(is_full=True)
    desk.poll()
    desk.xero.pay("CM-200", "31.00", nov(1))
    assert checked(desk, made) == "changes"
    assert [row.invoice_number for row in desk.view().money_back] == ["CM-100"]
