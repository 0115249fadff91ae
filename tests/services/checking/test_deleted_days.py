"""A removal says on which of the organisation's own days Xero deleted the payment, where that can be told (R15)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from cmxero_desktop.domain.proposals import ProposalKind
from cmxero_desktop.services.correlation.snapshots import deleted_days
from tests.services.desk import NOV_1, Desk, nov


def test_a_removal_names_the_day_in_the_organisations_time_zone(desk: Desk) -> None:
    desk.bill()
    paid = desk.xero.pay("CM-100", "400.00", NOV_1)
    desk.poll()
    desk.approve(desk.proposal(ProposalKind.ADD))
    desk.apply()
    # In Sydney it is the morning of the 25th already.
    desk.clock.now = datetime(2026, 11, 24, 21, tzinfo=UTC)
    desk.xero.delete(paid)
    desk.poll()
    said = desk.proposal(ProposalKind.REMOVE).proposal.explanation
    assert said.startswith("The Xero payment that this copy names was deleted in Xero on 25 Nov 2026; Case Manager")


def test_a_time_long_before_the_payments_own_date_tells_no_day(desk: Desk) -> None:
    desk.bill()
    paid = desk.xero.pay("CM-100", "400.00", NOV_1)
    desk.xero.delete(paid)
    payment = desk.xero.payments[paid]
    assert deleted_days([payment], "UTC") == {paid.lower(): payment.updated_at.date()}
    moved_in = replace(payment, updated_at=datetime(2013, 3, 3, tzinfo=UTC))
    assert deleted_days([moved_in], "UTC") == {}
    ahead = replace(payment, paid_on=payment.updated_at.date() + timedelta(days=40))
    assert len(deleted_days([ahead], "UTC")) == 1, "dated ahead, and deleted before its day"
    assert (
        deleted_days(
            [replace(payment, status=desk.xero.payments[desk.xero.pay("CM-100", "1.00", nov(2))].status)], "UTC"
        )
        == {}
    )
