"""R24a over the whole firm: whether both sides mean the same by a total, and what is closed until a person says so.

The firms here are receipts: what was paid is known, and whether it stands in Case Manager once.
"""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from cmxero_desktop.domain.errors import NotAllowedError
from cmxero_desktop.domain.money import Money
from cmxero_desktop.domain.proposals import Flag, ProposalKind
from cmxero_desktop.domain.records import CaseInvoice
from cmxero_desktop.services.deciding.accepting_totals import accept_totals
from cmxero_desktop.services.diagnostics.conditions import condition_of_totals
from cmxero_desktop.services.records.alerts import Alert, AlertKind
from cmxero_desktop.services.records.audit import AuditWhat
from cmxero_desktop.services.records.totals import NOTHING_FOUND
from cmxero_desktop.services.viewing.first_report import first_report
from tests.services.desk import ANN, NOV_1, Desk, nov
from tests.services.terminal import Terminal

FIRM = [str(number) for number in range(100, 160)]
WITHOUT_TAX, WITH_TAX = "1000.00", "1100.00"


def firm(desk: Desk, *, here: Sequence[str] = (), there: str = WITH_TAX, total: str = WITHOUT_TAX) -> None:
    """Bill sixty invoices; those of `here` have the same total on both sides."""
    for number in FIRM:
        desk.xero.bill(f"CM-{number}", total if number in here else there)
        desk.case.bill(number, total)


def totals_alerts(desk: Desk) -> list[Alert]:
    return [alert for alert in desk.view().alerts if alert.kind is AlertKind.TOTALS]


def adds_in_bulk(desk: Desk) -> tuple[int, list[str]]:
    report = desk.deciding.approve_all(ANN, ProposalKind.ADD)
    return len(report.done), [row.reason for row in report.held_back]


def accept(desk: Desk, reason: str = "Case Manager's totals are without GST") -> str:
    """Accept what the last comparison found."""
    with desk.store.read() as unit:
        finding = unit.polling.state().totals.finding
    return accept_totals(desk.outside, by=ANN, reason=reason, shown=finding.code if finding is not None else "")


def set_total(desk: Desk, numbers: Sequence[str], total: str) -> None:
    for key, invoice in desk.case.invoices.items():
        if invoice.number in numbers:
            desk.case.invoices[key] = replace(invoice, total=Money.of(total, "AUD"))


def unmap(invoice: CaseInvoice) -> CaseInvoice:
    return replace(invoice, are_adjustments_known=False)


@pytest.fixture
def cmxero(desk: Desk) -> Terminal:
    return Terminal(desk)


def test_r24a_totals_without_tax_are_one_finding_and_close_additions_in_bulk(desk: Desk) -> None:
    firm(desk)
    for number in FIRM[:20]:
        desk.xero.pay(f"CM-{number}", "400.00", NOV_1)
    desk.poll()
    (alert,) = totals_alerts(desk)
    assert alert.explanation == (
        "60 of 60 invoices have another total in Xero than in Case Manager: Xero's is 10 % above, as where Case "
        "Manager's leaves out tax of 10 %."
    )
    assert "cmxero accept-totals" in alert.next_step
    done, held_back = adds_in_bulk(desk)
    assert done == 0
    assert len(held_back) == 20
    assert all(reason.startswith(alert.explanation) for reason in held_back)
    desk.apply()
    assert not any(desk.paid(number) for number in FIRM)


def test_r24a_one_addition_may_be_approved_on_its_own_while_totals_are_open(desk: Desk) -> None:
    firm(desk)
    desk.xero.pay("CM-100", "400.00", NOV_1)
    desk.poll()
    desk.approve_and_apply(desk.proposal(ProposalKind.ADD))
    assert desk.paid() == ["400.00"]


def test_r24a_once_accepted_new_money_goes_in_bulk_and_what_may_be_double_does_not(desk: Desk) -> None:
    """Five receipts are new; five stand in Case Manager already, typed with another date."""
    firm(desk)
    for number in FIRM[:10]:
        desk.xero.pay(f"CM-{number}", "400.00", NOV_1)
    for number in FIRM[5:10]:
        desk.case.type_in(number, "400.00", nov(20))
    desk.poll()
    assert accept(desk).startswith("Accepted: 60 of 60 invoices")
    assert not totals_alerts(desk)
    assert adds_in_bulk(desk)[0] == 5
    desk.apply()
    assert [desk.paid(number) for number in FIRM[:10]] == [["400.00"]] * 10
    said = next(e.event for e in desk.history() if e.event.what is AuditWhat.TOTALS_ACCEPTED)
    assert (said.by, said.reason) == (ANN, "Case Manager's totals are without GST")
    assert "10 %" in said.evidence["found"]


def test_r24a_what_was_accepted_explains_no_other_difference(desk: Desk) -> None:
    """One invoice has a refund that Xero does not have: its row is flagged all the same."""
    firm(desk)
    for number in FIRM[:2]:
        desk.xero.pay(f"CM-{number}", "400.00", NOV_1)
    desk.case.refund(next(iter(desk.case.invoices)), "70.00")
    desk.poll()
    accept(desk)
    flags = {row.proposal.invoice_number: row.proposal.flags for row in desk.proposals()}
    assert flags == {"CM-100": frozenset({Flag.BALANCE_DIFFERS}), "CM-101": frozenset()}


def test_r24a_a_few_odd_totals_are_no_finding(desk: Desk) -> None:
    firm(desk, here=FIRM[3:])
    desk.xero.pay("CM-159", "400.00", NOV_1)
    desk.xero.pay("CM-100", "400.00", NOV_1)
    desk.poll()
    assert not totals_alerts(desk)
    assert adds_in_bulk(desk)[0] == 1, "three of sixty: only their own rows are flagged"


def test_r24a_more_than_one_in_twenty_closes_the_others_too(desk: Desk) -> None:
    firm(desk, here=FIRM[4:])
    desk.xero.pay("CM-159", "400.00", NOV_1)
    desk.poll()
    assert len(totals_alerts(desk)) == 1
    assert adds_in_bulk(desk)[0] == 0


def test_r24a_a_small_firm_with_one_odd_invoice_stays_open(desk: Desk) -> None:
    desk.bill("100")
    desk.bill("101")
    desk.xero.bill("CM-102", WITH_TAX)
    desk.case.bill("102", WITHOUT_TAX)
    desk.xero.pay("CM-100", "400.00", NOV_1)
    desk.poll()
    assert not totals_alerts(desk)
    assert adds_in_bulk(desk)[0] == 1


def test_r24a_another_ratio_is_asked_again(desk: Desk) -> None:
    firm(desk)
    desk.poll()
    accept(desk)
    set_total(desk, FIRM, "956.52")  # 1,100.00 with 15 % in it
    desk.xero.pay("CM-100", "400.00", NOV_1)
    desk.poll()
    (alert,) = totals_alerts(desk)
    assert "15 %" in alert.explanation
    assert adds_in_bulk(desk)[0] == 0
    (event,) = [e.event for e in desk.history() if e.event.what is AuditWhat.TOTALS_REOPENED]
    assert event.by == "program"
    assert "15 %" in event.reason
    assert f"{ANN} had accepted" in event.reason


def test_r24a_what_was_accepted_stays_while_little_changes(desk: Desk) -> None:
    firm(desk, here=FIRM[40:])
    desk.poll()
    accept(desk)
    for number in ("200", "201"):
        desk.xero.bill(f"CM-{number}", WITH_TAX)
        desk.case.bill(number, WITHOUT_TAX)
    desk.poll(is_full=True)
    assert not totals_alerts(desk)
    assert desk.state().totals.accepted is not None


def test_r24a_once_mapped_the_finding_goes_and_nothing_stays_accepted(desk: Desk) -> None:
    firm(desk)
    desk.xero.pay("CM-100", "400.00", NOV_1)
    desk.poll()
    accept(desk)
    set_total(desk, FIRM, WITH_TAX)
    desk.poll()
    assert desk.state().totals == NOTHING_FOUND
    assert adds_in_bulk(desk)[0] == 1
    set_total(desk, FIRM, WITHOUT_TAX)
    desk.poll()
    assert len(totals_alerts(desk)) == 1, "what was accepted once is not accepted for ever"


def test_r24a_a_finding_that_is_mended_before_anybody_accepts_it_is_cleared(desk: Desk) -> None:
    firm(desk)
    desk.poll()
    set_total(desk, FIRM, WITH_TAX)
    desk.poll()
    assert not totals_alerts(desk)


def test_r24a_adjustments_that_are_not_mapped_are_said_once(desk: Desk) -> None:
    firm(desk, here=FIRM)
    desk.case.invoices = {key: unmap(invoice) for key, invoice in desk.case.invoices.items()}
    for number in FIRM[:3]:
        desk.xero.pay(f"CM-{number}", "400.00", NOV_1)
    desk.poll()
    (alert,) = totals_alerts(desk)
    assert alert.explanation == (
        "What is owed cannot be compared on 60 of 60 invoices: the mapping does not name adjustments and refunds."
    )
    assert alert.next_step.startswith("Let the mapping name adjustments and refunds, or accept")
    assert adds_in_bulk(desk)[0] == 0
    accept(desk, "We never have any")
    assert adds_in_bulk(desk)[0] == 3
    desk.apply()
    assert [desk.paid(number) for number in FIRM[:3]] == [["400.00"]] * 3


def test_r24a_invoices_that_are_no_debt_in_xero_are_not_compared(desk: Desk) -> None:
    desk.bill()
    for number, status in (("201", "DRAFT"), ("202", "SUBMITTED"), ("203", "VOIDED"), ("204", "DELETED")):
        desk.xero.bill(f"CM-{number}", "900.00", status)
        desk.case.bill(number)
    desk.poll()
    assert desk.state().totals.finding is None


def test_r24a_nothing_is_accepted_twice_or_for_nothing_or_without_a_reason(desk: Desk) -> None:
    with pytest.raises(NotAllowedError, match="nothing to accept"):
        accept(desk)
    firm(desk)
    desk.poll()
    with pytest.raises(NotAllowedError, match="A reason is needed"):
        accept(desk, " ")
    accept(desk)
    with pytest.raises(NotAllowedError, match="Ann accepted it already"):
        accept(desk)


def test_r24a_health_and_the_doctor_say_it(desk: Desk) -> None:
    zone = desk.desk.zone
    assert condition_of_totals(desk.state(), zone).seen == "Not compared before the first check."
    firm(desk)
    desk.poll()
    found = condition_of_totals(desk.state(), zone)
    assert (found.seen, found.remedy) == (totals_alerts(desk)[0].explanation, totals_alerts(desk)[0].next_step)
    accept(desk)
    accepted = condition_of_totals(desk.state(), zone)
    assert accepted.is_good
    assert accepted.seen.endswith("Ann accepted it on 22 Nov 2026: Case Manager's totals are without GST")
    set_total(desk, FIRM, WITH_TAX)
    desk.poll()
    assert (
        condition_of_totals(desk.state(), zone).seen
        == "The totals of invoices show no common difference; Debtors names single ones that differ."
    )


def test_r24a_the_first_check_of_the_wizard_reports_it(desk: Desk) -> None:
    firm(desk)
    assert first_report(desk.poll(), desk.view()).totals == totals_alerts(desk)[0].explanation
    accept(desk)
    assert not first_report(desk.poll(), desk.view()).totals


def test_r24a_all_of_it_through_cmxero(desk: Desk, cmxero: Terminal) -> None:
    firm(desk)
    for number in FIRM[:2]:
        desk.xero.pay(f"CM-{number}", "400.00", NOV_1)
    document = cmxero.json("poll")
    assert document["counts"]["alerts"] == 1
    assert document["totals"].startswith("60 of 60 invoices have another total")
    assert "60 of 60 invoices" in cmxero.run("poll")[1]
    (alert,) = cmxero.json("list", "alerts")
    assert (alert["kind"], alert["invoice_number"]) == ("totals", None)
    report = cmxero.json("approve", "--all", "--kind", "add", "--by", ANN)
    assert [row["reason"].startswith("60 of 60 invoices") for row in report["held_back"]] == [True, True]
    assert report["applied"] == []
    code = alert["next_step"].partition("--shown ")[2][:9]
    status, _, trouble = cmxero.run("accept-totals", "--shown", "0000-0000", "--reason", "without GST", "--by", ANN)
    assert (status, "otherwise than was shown" in trouble) == (1, True)
    said = cmxero.json("accept-totals", "--shown", code, "--reason", "without GST", "--by", ANN)
    assert said["said"].startswith("Accepted: 60 of 60 invoices")
    assert "totals" not in cmxero.json("poll")
    assert len(cmxero.json("approve", "--all", "--kind", "add", "--by", ANN)["applied"]) == 2
    assert [desk.paid(number) for number in FIRM[:2]] == [["400.00"]] * 2
    status, _, trouble = cmxero.run("accept-totals", "--shown", code, "--reason", "again", "--by", ANN)
    assert (status, "Ann accepted it already" in trouble) == (1, True)
    whats = [row["what"] for row in cmxero.json("list", "history")]
    assert "accepted the totals" in whats
