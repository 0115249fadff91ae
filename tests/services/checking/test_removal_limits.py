"""Too many removals are an alert and held until they are gone, released or allowed (R27)."""

from cmxero_desktop.services.records.alerts import AlertKind
from tests.services.checking.checks import three_payments
from tests.services.desk import Desk


def test_too_many_removals_are_an_alert_until_they_are_gone(desk: Desk) -> None:
    desk.set_policy(removal_limit_count=1)
    three_payments(desk)
    desk.poll()
    desk.approve_and_apply(*desk.proposals())
    for payment_id in list(desk.xero.payments):
        desk.xero.delete(payment_id)
    assert desk.poll().counts.alerts == 1
    assert desk.view().alerts[0].kind is AlertKind.REMOVAL_LIMIT
    removals = desk.proposals()
    desk.approve(*removals, release="all right")
    desk.apply()
    assert desk.poll().counts.alerts == 0


def test_the_flag_of_a_limit_stays_while_an_invoice_is_compared_again(desk: Desk) -> None:
    desk.set_policy(removal_limit_count=1)
    three_payments(desk)
    desk.poll()
    desk.approve_and_apply(*desk.proposals())
    for payment_id in list(desk.xero.payments):
        desk.xero.delete(payment_id)
    desk.poll()
    one, *others = desk.proposals()
    desk.approve(one, release="all right")
    desk.apply()
    report = desk.deciding.approve([row.proposal_id for row in others], by="Ann")
    assert len(report.held_back) == 2


def test_releasing_one_removal_does_not_release_the_others(desk: Desk) -> None:
    held_removals(desk)
    one, *others = desk.proposals()
    desk.approve(one, release="all right")
    desk.apply()
    assert desk.poll().counts.alerts == 1
    report = desk.deciding.approve([row.proposal_id for row in others], by="Ann")
    assert len(report.held_back) == 2


def test_a_wider_limit_releases_what_was_held(desk: Desk) -> None:
    held_removals(desk)
    desk.set_policy(removal_limit_count=5)
    assert desk.poll().counts.alerts == 0
    assert not any(row.proposal.flags for row in desk.proposals())


def held_removals(desk: Desk) -> None:
    desk.set_policy(removal_limit_count=2)
    three_payments(desk)
    desk.poll()
    desk.approve_and_apply(*desk.proposals())
    for payment_id in list(desk.xero.payments):
        desk.xero.delete(payment_id)
    desk.poll()
