"""What tests of checks ask a desk, and begin with."""

from cmxero_desktop.services.records.runs import PollState
from tests.services.desk import NOV_1, Desk


def state_of(desk: Desk) -> PollState:
    with desk.store.read() as unit:
        return unit.polling.state()


def three_payments(desk: Desk) -> None:
    desk.bill()
    for amount in ("10.00", "20.00", "30.00"):
        desk.xero.pay("CM-100", amount, NOV_1)
