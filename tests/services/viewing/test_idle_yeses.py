"""A first yes is shown as long as it is one of two: by the firm's rule, and of somebody who approves."""

from dataclasses import replace

import pytest

from cmxero_desktop.domain.office import Office
from cmxero_desktop.domain.people import SecondRule
from cmxero_desktop.domain.proposals import ProposalKind
from cmxero_desktop.services.viewing.idle_yeses import without_idle_yeses
from tests.services.desk import ANN, NOV_1, Desk


@pytest.mark.parametrize(
    ("office", "shown"),
    [
        (Office(rule=SecondRule.ALL), ANN),
        (Office(rule=SecondRule.ALL, approvers=(ANN, "Bob")), ANN),
        (Office(rule=SecondRule.ALL, approvers=("Bob", "Cid")), ""),
        (Office(), ""),
        (Office(rule=SecondRule.ALL, approvers=(ANN,)), ""),
    ],
)
def test_whose_yes_is_shown(desk: Desk, office: Office, shown: str) -> None:
    desk.bill()
    desk.xero.pay("CM-100", "400.00", NOV_1)
    desk.poll()
    add = desk.proposal(ProposalKind.ADD)
    people = replace(desk.settings.settings.people, second_approver=SecondRule.ALL)
    desk.settings.settings = replace(desk.settings.settings, people=people)
    desk.deciding.approve([add.proposal_id], by=ANN)
    view = without_idle_yeses(desk.view(), office)
    assert [row.stored.half_by for row in view.review] == [shown]
    assert view.proposals[add.proposal_id].half_by == shown
    assert desk.again(add).half_by == ANN, "the record keeps it: turned on again, it counts again"
