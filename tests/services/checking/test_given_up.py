"""What a failure left half changed, or what belongs elsewhere by now, is not gone on from."""

from collections.abc import Callable

import pytest

from cmxero_desktop.domain.errors import StoreError
from cmxero_desktop.domain.identifiers import CaseInvoiceId
from cmxero_desktop.domain.proposals import Flag
from cmxero_desktop.services.correlation import changing
from cmxero_desktop.services.correlation.correlating import correlate_afterwards
from cmxero_desktop.services.correlation.moment import current_moment
from tests.services.checking.test_firm_in_parts import summed, told
from tests.services.desk import Desk, nov


def flags_on(desk: Desk, number: str) -> set[Flag]:
    return {flag for row in desk.proposals() if row.proposal.invoice_number == number for flag in row.proposal.flags}


def checked(desk: Desk) -> None:
    """Check, and hold what is found against a comparison of everything."""
    desk.poll()
    in_parts, sums = told(desk), summed(desk)
    desk.poll(is_full=True)
    assert in_parts == told(desk)
    assert sums == summed(desk)


def judged_after_a_write_to(desk: Desk, number: str) -> None:
    correlate_afterwards(desk.outside, current_moment(desk.outside), [number])


def test_a_payment_whose_invoice_comes_to_xero_is_no_stray_any_more(desk: Desk) -> None:
    desk.case.bill("500")
    desk.case.type_in("500", "20.00", nov(1))
    desk.bill("200")
    desk.xero.pay("CM-200", "20.00", nov(1))
    desk.poll()
    desk.poll()
    assert Flag.LEFTOVER_ELSEWHERE in flags_on(desk, "CM-200")
    desk.xero.bill("CM-500")
    desk.xero.pay("CM-500", "20.00", nov(1))
    checked(desk)
    assert flags_on(desk, "CM-200") == set()


@pytest.fixture
def firm(desk: Desk) -> Desk:
    """Return a desk whose invoice 100 holds a leftover of the amount that 200 waits for, after some checks."""
    for number in ("100", "200", "300"):
        desk.bill(number)
    desk.case.type_in("100", "20.00", nov(1))
    desk.xero.pay("CM-100", "5.00", nov(9))
    desk.xero.pay("CM-200", "20.00", nov(1))
    desk.poll()
    desk.poll()
    assert Flag.LEFTOVER_ELSEWHERE in flags_on(desk, "CM-200")
    return desk


def fail_after_a_write(desk: Desk, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    """Judge after a write to 100, while a step of that cannot reach the store."""

    def fails(*_: object, **__: object) -> None:
        message = "The store is away."
        raise StoreError(message)

    with monkeypatch.context() as patch:
        patch.setattr(changing, step, fails)
        judged_after_a_write_to(desk, "CM-100")


def test_what_cannot_be_read_after_a_write_is_caught_up_with_by_the_next_check(
    firm: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another payment stands beside what 200 waits for."""
    firm.case.type_in("200", "33.00", nov(1))
    fail_after_a_write(firm, monkeypatch, "read_known")
    checked(firm)
    assert {Flag.BALANCE_DIFFERS, Flag.BESIDE_UNMATCHED} <= flags_on(firm, "CM-200")


@pytest.mark.parametrize("step", ["remember", "remember_strays", "store_proposals"])
def test_what_cannot_be_stored_after_a_write_is_stored_by_the_next_check(
    firm: Desk, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    """The leftover is gone: nothing of 200 changed but what is said of it."""
    del firm.case.rows[firm.case.payments("100")[0].payment_id]
    fail_after_a_write(firm, monkeypatch, step)
    checked(firm)
    assert flags_on(firm, "CM-200") == set()


def test_a_check_does_not_go_on_from_what_somebody_else_gave_up(firm: Desk) -> None:
    """A write had to compare everything, the next one went on from the store: what the check has is half changed."""
    firm.case.type_in("200", "33.00", nov(1))
    unknown = firm.case.type_in("300", "7.00", nov(1), notes="Xero payment 11111111-1111-1111-1111-111111111111")
    judged_after_a_write_to(firm, "CM-100")
    del firm.case.rows[unknown]
    judged_after_a_write_to(firm, "CM-100")
    checked(firm)


def equal_pairs(desk: Desk) -> None:
    """Pay two invoices of one payer, and copy both; money went back that only the payer joins to an invoice."""
    for number in ("100", "200"):
        desk.bill(number)
        desk.xero.pay(f"CM-{number}", "50.00", nov(1))
        desk.case.type_in(number, "50.00", nov(1))
    desk.xero.pay_back("10.00", nov(2))
    desk.case.refund(CaseInvoiceId(1), "10.00")
    desk.poll(is_full=True)
    desk.clock.pass_days(0)
    desk.poll()


def refund_there_too(desk: Desk) -> None:
    desk.case.refund(CaseInvoiceId(2), "10.00")


def refund_no_more(desk: Desk) -> None:
    desk.case.refund(CaseInvoiceId(1), "0.00")


@pytest.mark.parametrize("change", [refund_there_too, refund_no_more])
def test_a_refund_that_loses_its_home_is_told_of_the_invoice_that_it_had(
    desk: Desk, change: Callable[[Desk], None]
) -> None:
    equal_pairs(desk)
    assert [row.invoice_number for row in desk.view().money_back] == ["CM-100"]
    change(desk)
    checked(desk)
    assert [row.invoice_number for row in desk.view().money_back] == [""]


def test_a_number_that_becomes_hardly_another_is_told_of_an_invoice_that_did_not_change(desk: Desk) -> None:
    desk.xero.bill("CM-100")
    desk.xero.pay("CM-100", "50.00", nov(1))
    desk.poll()
    desk.poll()
    desk.case.bill("0100")
    checked(desk)
    (result,) = [row.result for row in desk.view().skipped + desk.view().unmatched][:1]
    assert result.snapshot.near_number == "0100"


def test_what_becomes_of_a_payment_is_told_of_the_copy_on_another_invoice_that_names_it(desk: Desk) -> None:
    for number in ("100", "200"):
        desk.bill(number)
    paid = desk.xero.pay("CM-100", "20.00", nov(1))
    desk.case.type_in("200", "20.00", nov(1), notes=f"Xero payment {paid}")
    desk.case.type_in("200", "5.00", nov(1))
    desk.poll()
    desk.poll()
    desk.xero.delete(paid)
    checked(desk)
    assert [row.proposal.invoice_number for row in desk.proposals()] == ["CM-200"]
