"""What is void in Xero, and numbers that only look like CM numbers, are told until they are mended (R1, R2)."""

from dataclasses import replace

import pytest

from cmxero_desktop.domain.identifiers import CaseInvoiceId
from cmxero_desktop.domain.money import Money
from cmxero_desktop.domain.placements import Reason
from cmxero_desktop.services.records.alerts import AlertKind
from tests.services.desk import NOV_1, Desk


def test_r2_an_invoice_that_is_void_in_xero_is_told_until_case_manager_holds_nothing_of_it(desk: Desk) -> None:
    desk.bill()
    desk.xero.bill("CM-999")
    desk.poll()
    assert desk.view().alerts == ()
    for invoice_id in desk.xero.invoices:
        voided = replace(desk.xero.invoices[invoice_id], status="VOIDED", updated_at=desk.clock())
        desk.xero.invoices[invoice_id] = voided
    key = desk.case.type_in("100", "1000.00", NOV_1)
    desk.poll()
    (alert,) = desk.view().alerts
    assert (alert.kind, alert.invoice_number) == (AlertKind.VOIDED, "CM-100")
    assert "CM-100 is voided in Xero, and Case Manager still holds it, with 1,000.00 paid" in alert.explanation
    del desk.case.rows[key]
    desk.poll()
    assert "0.00 paid and 1,000.00 owed" in desk.view().alerts[0].explanation
    (case_id,) = desk.case.invoices
    adjusted = replace(desk.case.invoices[case_id], adjustments=Money.of("-1000.00", "AUD"))
    desk.case.invoices[case_id] = adjusted
    desk.poll(is_full=True)
    assert desk.view().alerts == ()


@pytest.mark.parametrize("number", ["cm-102", "CM 102", " CM-102", "CM102", "Cm - 0102"])
def test_r1_a_number_that_only_looks_like_a_cm_number_is_told_until_it_is_corrected(desk: Desk, number: str) -> None:
    invoice_id = desk.xero.bill(number)
    desk.xero.pay(number, "40.00", NOV_1)
    desk.poll()
    (alert,) = desk.view().alerts
    assert (alert.kind, alert.invoice_number) == (AlertKind.LOOKS_LIKE_CM, number)
    assert alert.next_step == "If it is one, give it the number CM-102 in Xero."
    assert "Case Manager has" not in alert.explanation
    desk.poll()
    assert desk.view().alerts == (alert,)
    desk.xero.renumber(invoice_id, "CM-102")
    desk.poll()
    assert desk.view().alerts == ()


@pytest.mark.parametrize(
    ("number", "there", "told"),
    [
        ("cm-102", "102", "102"),
        ("CM 0102", "102", "102"),
        ("CM102", "00102", "00102"),
        (" CM-20301A", "20301a", "20301a"),
        ("cm-102", "1020", ""),
    ],
)
def test_r1_where_case_manager_has_the_near_number_the_words_name_it(
    desk: Desk, number: str, there: str, told: str
) -> None:
    desk.xero.bill(number)
    desk.case.bill(there)
    for is_full in (False, False, True):
        desk.poll(is_full=is_full)
        (alert,) = desk.view().alerts
        assert (f"Case Manager has invoice {told}." in alert.explanation) is bool(told)
        assert alert.next_step.endswith(f"the number CM-{told or 102} in Xero.")


def test_r1_a_look_alike_is_told_anew_when_its_number_or_case_manager_changes(desk: Desk) -> None:
    invoice_id = desk.xero.bill("cm-102")
    desk.case.bill_others()
    desk.case.bill("103")
    desk.poll()
    desk.xero.renumber(invoice_id, "cm-103")
    desk.poll()
    (alert,) = desk.view().alerts
    assert (alert.invoice_number, "Case Manager has invoice 103." in alert.explanation) == ("cm-103", True)
    del desk.case.invoices[CaseInvoiceId(1)]
    desk.poll()
    assert "Case Manager has" not in desk.view().alerts[0].explanation


@pytest.mark.parametrize(
    ("number", "there"), [("CM-00102", "102"), ("CM-102", "0102"), ("CM- 102", "102"), ("CM-10a", "10A")]
)
def test_r1_a_number_that_case_manager_writes_otherwise_is_named_and_never_taken_for_it(
    desk: Desk, number: str, there: str
) -> None:
    desk.xero.bill(number)
    desk.xero.pay(number, "40.00", NOV_1)
    desk.case.bill(there)
    key = desk.case.type_in(there, "40.00", NOV_1)
    desk.poll()
    (row,) = desk.view().skipped
    assert row.placement.reason is Reason.NO_INVOICE
    assert row.placement.explanation == (f"{number} was not found in Case Manager. Case Manager has invoice {there}.")
    assert desk.proposals() == []
    assert desk.case.rows[key].notes == ""


@pytest.mark.parametrize("number", ["INV-102", "CMS-102", "CM-", "cm", "XCM-102", "CM-10A2", "cm 2024catering"])
def test_r1_another_number_is_just_another_invoice(desk: Desk, number: str) -> None:
    desk.xero.bill(number)
    desk.xero.bill("CM 7", status="VOIDED")
    desk.poll()
    assert desk.view().alerts == ()


def test_r1_what_a_full_list_gives_no_reason_for_is_told_no_more(desk: Desk) -> None:
    invoice_id = desk.xero.bill("cm-102")
    kept = desk.xero.bill("cm-103")
    desk.poll()
    assert len(desk.view().alerts) == 2
    del desk.xero.invoices[invoice_id]
    desk.poll(is_full=True)
    assert [alert.key for alert in desk.view().alerts] == [f"looks-like:{kept}"]
