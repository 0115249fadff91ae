"""The first report counts what the window's lists will show, and an address with a password is never repeated."""

from cmxero_desktop.domain.placements import Reason
from cmxero_desktop.domain.proposals import ProposalKind
from cmxero_desktop.services.records.setup import SetupAnswers
from cmxero_desktop.services.viewing.first_report import first_report
from cmxero_desktop.services.viewing.kept_view import read_desk
from tests.services.desk import NOV_1, Desk


def test_the_first_report_counts_by_kind_and_by_reason(desk: Desk) -> None:
    desk.bill()
    desk.xero.pay("CM-100", "10.00", NOV_1)
    desk.xero.bill("CM-999")
    desk.xero.pay("CM-999", "7.00", NOV_1)
    run = desk.poll()
    report = first_report(run, read_desk(desk.store))
    assert report.run is run
    assert (report.matched, report.only_in_case_manager) == (0, 0)
    assert report.to_approve == {ProposalKind.ADD: 1}
    assert report.skipped == {Reason.NO_INVOICE: 1}


def test_what_may_be_money_typed_by_hand_is_counted(desk: Desk) -> None:
    desk.bill()
    desk.case.type_in("100", "450.00", NOV_1)
    desk.xero.pay("CM-100", "540.00", NOV_1)
    report = first_report(desk.poll(), read_desk(desk.store))
    assert (report.to_approve[ProposalKind.ADD], report.near_doubles) == (1, 1)


def test_what_was_approved_already_does_not_wait(desk: Desk) -> None:
    desk.bill()
    desk.xero.pay("CM-100", "10.00", NOV_1)
    desk.poll()
    desk.approve_and_apply(desk.proposal())
    report = first_report(desk.poll(), read_desk(desk.store))
    assert (report.matched, report.to_approve) == (1, {})


def test_the_answers_do_not_repeat_the_password() -> None:
    answers = SetupAnswers(
        client_id="ID", redirect_port=8742, tenant_id="org-1", case_manager_url="postgresql://ann:S3cret@srv/cm"
    )
    assert "S3cret" not in repr(answers)
