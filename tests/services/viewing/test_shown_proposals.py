"""A proposal stands once among those that are shown, under the number that its invoice has by now."""

from dataclasses import replace

import pytest

from cmxero_desktop.services.viewing.shown_proposals import ShownProposals
from cmxero_desktop.services.viewing.shown_results import CheckedBy, ShownResults
from tests.services.desk import NOV_1, Desk


@pytest.mark.parametrize("is_old_number_first", [True, False])
def test_one_whose_invoice_got_another_number_is_shown_under_that(desk: Desk, *, is_old_number_first: bool) -> None:
    desk.bill("200")
    desk.xero.pay("CM-200", "400.00", NOV_1)
    desk.poll()
    before = desk.proposal()
    now = replace(before, proposal=replace(before.proposal, invoice_number="CM-050"))
    shown, results = ShownProposals(), ShownResults(CheckedBy(None, None))
    shown.put("CM-200", [before])
    shown.place(before.fingerprint, results)
    steps = [("CM-200", []), ("CM-050", [now])]
    for number, stored in steps if is_old_number_first else reversed(steps):
        shown.put(number, stored)
        shown.place(before.fingerprint, results)
    assert [row.stored for row in shown.waiting.rows] == [now]
    assert shown.by_id == {now.proposal_id: now}
    assert (shown.of_invoice("CM-200"), shown.of_invoice("CM-050")) == ((), (now.fingerprint,))
