"""Money that went back in Xero: where it belongs, and what it makes of a difference (R2)."""

from dataclasses import replace

import pytest

from cmxero_desktop.domain.debtor_causes import Cause
from cmxero_desktop.domain.debtor_lists import compare_debtors
from cmxero_desktop.domain.debtor_refunds import refund_may_be_behind
from cmxero_desktop.domain.identifiers import CasePaymentId, XeroInvoiceId, XeroPaymentId
from cmxero_desktop.domain.memory import AcceptedSet, Member
from cmxero_desktop.domain.proposals import Flag
from cmxero_desktop.domain.records import InvoiceSnapshot, PaymentStatus, Settlement, SettlementKind, XeroPayment
from cmxero_desktop.domain.refund_homes import with_refunds
from cmxero_desktop.domain.refunds import refunds_among
from cmxero_desktop.domain.wording_balances import money_back, settled
from tests.domain.support import (
    POLICY,
    aud,
    case,
    nov,
    run,
    snapshot,
    without_case_invoice,
    without_xero_invoice,
    xero,
)

NOTE, OVER = "ARCREDITPAYMENT", "AROVERPAYMENTPAYMENT"
CREDIT = Settlement(kind=SettlementKind.CREDIT_NOTE, number="CN-1", amount=aud("100"), document_id="Credit-1")


def refund(amount: str, kind: str = OVER, **values: object) -> XeroPayment:
    """Return money that went back, out of a document that settled nothing."""
    made = replace(
        xero("R1", amount), payment_type=kind, invoice_id=XeroInvoiceId("document"), invoice_number="", contact_name=""
    )
    return replace(made, **values)  # type: ignore[arg-type]  # by name


def homes(refunds: list[XeroPayment], *facts: InvoiceSnapshot) -> dict[str, list[str]]:
    """Return the refunds of each invoice by id."""
    found = with_refunds(facts, refunds, POLICY)
    return {s.number: [r.payment_id for r in s.refunded] for s in found if s.refunded}


def with_contact(facts: InvoiceSnapshot, name: str) -> InvoiceSnapshot:
    assert facts.xero_invoice is not None
    return replace(facts, xero_invoice=replace(facts.xero_invoice, contact_name=name))


# Where it belongs


def test_r2_a_refund_belongs_where_its_document_settled_a_part() -> None:
    one = snapshot(settlements=[CREDIT], credited="100")
    refunds = [refund("50", NOTE, invoice_id=XeroInvoiceId("credit-1"))]
    assert homes(refunds, snapshot(number=101), one) == {"CM-100": ["R1"]}


def test_r2_of_several_invoices_of_a_document_that_one_comes_first_where_the_refund_was_typed() -> None:
    one, two, three = (
        snapshot(number=number, settlements=[CREDIT], credited="100", refunds=refunds)
        for number, refunds in ((100, "0"), (101, "50"), (102, "50"))
    )
    refunds = [refund("50", NOTE, payment_id=name, invoice_id=XeroInvoiceId("credit-1")) for name in ("R1", "R2", "R3")]
    assert homes(refunds, three, two, one) == {"CM-101": ["R1"], "CM-102": ["R2"], "CM-100": ["R3"]}


@pytest.mark.parametrize("values", [{"reference": "refund (CM-100)"}, {"invoice_number": "CM-100"}])
def test_r2_a_refund_belongs_to_the_invoice_that_it_names(values: dict[str, str]) -> None:
    assert homes([refund("50", **values)], snapshot(), snapshot(number=1000)) == {"CM-100": ["R1"]}
    assert homes([refund("50", reference="CM-1")], snapshot()) == {}


def test_r2_only_the_payer_is_enough_where_case_manager_has_that_refund_on_one_invoice() -> None:
    one, two = with_contact(snapshot(refunds="50"), "Ms Ito"), with_contact(snapshot(number=101), "Ms Ito")
    paid_back = refund("50", contact_name="MS ITO")
    assert homes([paid_back], one, two) == {"CM-100": ["R1"]}
    assert homes([refund("51", contact_name="Ms Ito")], one, two) == {}
    assert homes([refund("50", contact_name="Mr Ono")], one, two) == {}
    twice = with_contact(snapshot(number=102, refunds="50"), "Ms Ito")
    assert homes([paid_back], one, two, twice) == {}


def test_r2_a_contact_is_known_by_its_id_too() -> None:
    facts = snapshot([replace(xero(), contact_id="C-1")], refunds="50")
    assert homes([refund("50", contact_id="c-1")], facts) == {"CM-100": ["R1"]}


def test_r2_a_payment_typed_whole_holds_what_went_back_and_other_money_does_not() -> None:
    whole = with_contact(snapshot([xero(amount="900")], [case(amount="1000")], invoice_total="900"), "Ms Ito")
    back = refund("100", contact_name="Ms Ito")
    assert homes([back], whole) == {"CM-100": ["R1"]}
    other = with_contact(snapshot([xero(amount="900")], [case(amount="900"), case(2, "100")]), "Ms Ito")
    assert homes([back], other) == {}
    foreign = with_contact(snapshot(refunds="0"), "Ms Ito")
    assert foreign.xero_invoice is not None
    dollars = replace(foreign.xero_invoice, total=replace(foreign.xero_invoice.total, currency="USD"))
    assert homes([back], replace(foreign, xero_invoice=dollars)) == {}


def test_r2_what_was_deleted_or_is_in_another_currency_belongs_nowhere() -> None:
    facts = snapshot(refunds="50")
    deleted = refund("50", reference="CM-100", status=PaymentStatus.DELETED)
    dollars = replace(refund("50", reference="CM-100"), amount=xero(currency="USD").amount)
    assert homes([deleted, dollars], facts) == {}


def test_r2_invoices_that_one_side_lacks_have_what_names_them() -> None:
    named = refund("50", reference="CM-100")
    assert homes([named], without_case_invoice(snapshot())) == {"CM-100": ["R1"]}
    assert homes([named], without_xero_invoice(snapshot())) == {"CM-100": ["R1"]}


@pytest.mark.parametrize(
    ("values", "is_ours"),
    [
        ({"invoice_id": XeroInvoiceId("CREDIT-1")}, True),
        ({"reference": "for CM-100"}, True),
        ({"contact_name": "ms ito"}, True),
        ({"contact_id": "c-1"}, True),
        ({"reference": "for CM-101", "contact_name": "Mr Ono"}, False),
        ({}, False),
    ],
)
def test_r2_a_refund_may_concern_us_by_document_number_or_payer(values: dict[str, str], *, is_ours: bool) -> None:
    facts = with_contact(snapshot(settlements=[CREDIT], credited="100"), "Ms Ito")
    assert facts.xero_invoice is not None
    found = refunds_among([refund("50", **values)], [facts.xero_invoice], [replace(xero(), contact_id="C-1")])
    assert bool(found) is is_ours


# What it makes of a difference


def causes(facts: InvoiceSnapshot, *refunds: XeroPayment) -> dict[Cause, str]:
    facts = replace(facts, refunded=refunds)
    lines = compare_debtors([(facts, run(facts))], (), POLICY).lines
    assert all(not line.unexplained.minor for line in lines)
    return {reason.cause: str(reason.amount) for line in lines for reason in line.reasons}


PAID = ([xero(amount="1000")], [case(amount="1000")])
WHOLE = ([xero(amount="900")], [case(amount="1000")])


SAME = AcceptedSet(
    members=(
        Member(amount=aud("900"), paid_on=nov(1), xero_id=XeroPaymentId("P1")),
        Member(amount=aud("1000"), paid_on=nov(1), case_id=CasePaymentId(1)),
    ),
    by="Ann",
    reason="one money",
)


@pytest.mark.parametrize(
    ("facts", "refunds", "expected"),
    [
        (snapshot(*PAID, refunds="200"), [], {Cause.REFUND: "200.00"}),
        (snapshot(*PAID, refunds="200"), [refund("200", NOTE)], {Cause.CREDIT_REFUNDED: "200.00"}),
        (
            snapshot(*PAID, refunds="200"),
            [refund("50", NOTE)],
            {Cause.CREDIT_REFUNDED: "50.00", Cause.REFUND: "150.00"},
        ),
        (snapshot(*PAID, refunds="200", adjustments="-200"), [refund("200", NOTE)], {}),
        (snapshot(*PAID, adjustments="-200"), [refund("200", NOTE)], {Cause.TO_REFUND: "-200.00"}),
        (snapshot(*PAID, refunds="100"), [refund("100")], {Cause.OVERPAID_REFUNDED: "100.00"}),
        (
            snapshot(*PAID, refunds="300"),
            [refund("200", NOTE), refund("100")],
            {Cause.CREDIT_REFUNDED: "200.00", Cause.OVERPAID_REFUNDED: "100.00"},
        ),
        (
            snapshot(*WHOLE, invoice_total="900"),
            [refund("100")],
            {Cause.TO_ADD: "900.00", Cause.LEFTOVER: "-900.00", Cause.TO_REFUND: "-100.00"},
        ),
        (
            snapshot(*WHOLE, invoice_total="900", accepted=[SAME]),
            [refund("100")],
            {Cause.TO_REFUND: "-100.00"},
        ),
        (snapshot([], [case(amount="100")]), [refund("100")], {Cause.LEFTOVER: "-100.00"}),
        (snapshot(*PAID), [refund("100")], {}),
    ],
)
def test_r2_what_xero_gave_back_has_causes_of_its_own(
    facts: InvoiceSnapshot, refunds: list[XeroPayment], expected: dict[Cause, str]
) -> None:
    assert causes(facts, *refunds) == expected


def test_r2_on_a_voided_invoice_a_refund_is_told_as_before() -> None:
    facts = snapshot([], [case(amount="1000")], refunds="1000")
    assert facts.xero_invoice is not None
    voided = replace(facts, xero_invoice=replace(facts.xero_invoice, status="VOIDED"))
    assert Cause.REFUND in causes(voided, refund("1000", NOTE))


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (snapshot(*PAID), None),
        (snapshot(*PAID, refunds="200"), 20_000),
        (snapshot(*PAID, adjustments="-200"), -20_000),
        (snapshot(*WHOLE), -10_000),
        (snapshot([xero()]), None),
        (snapshot([], [case()]), None),
        (without_case_invoice(snapshot([xero()])), None),
        (without_xero_invoice(snapshot([xero()], [case()])), None),
    ],
)
def test_r2_a_refund_may_be_behind_a_difference_that_no_payment_makes(
    facts: InvoiceSnapshot, expected: int | None
) -> None:
    assert refund_may_be_behind(facts, run(facts), POLICY) == expected


def test_r2_the_debtor_test_says_that_xero_gave_the_money_back_too() -> None:
    facts = replace(snapshot(*WHOLE, invoice_total="900", refunds="100"), refunded=(refund("100", paid_on=nov(5)),))
    (add,) = run(facts).proposals
    assert Flag.BALANCE_DIFFERS in add.flags
    assert "a refund of 100.00 on 5 Nov 2026, which Xero paid out of a credit or an overpayment" in add.explanation
    only_here = replace(facts, refunded=())
    assert run(only_here).proposals[0].fingerprint == add.fingerprint, "a refund is told, and changes no decision"


def test_r2_what_went_back_and_what_was_settled_is_told_in_words() -> None:
    back = refund("50", invoice_number="CN-7", contact_name="Ms Ito")
    assert money_back(back) == "50.00 on 1 Nov 2026 went back to Ms Ito in Xero, out of an overpayment CN-7."
    assert money_back(refund("50", NOTE)) == "50.00 on 1 Nov 2026 went back in Xero, out of a credit note."
    assert settled(CREDIT) == "100.00 was settled in Xero by a credit note CN-1."
