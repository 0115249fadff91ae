"""Nothing is owed on a void invoice, whatever figure Xero gives for it (S9)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from cmxero_desktop.domain.money import Money
from cmxero_desktop.domain.sor.schedules import ScheduleState
from cmxero_desktop.domain.sor.sums import invoice_sums
from cmxero_desktop.services.sor.finding import SorSaying
from cmxero_desktop.services.sor.saying import end_schedule, mark_schedule
from tests.services.desk import ANN, Desk

SAYS = SorSaying(by=ANN, reason="the client left")


@pytest.mark.parametrize("amount_due", [None, "0.00", "1000.00"])
def test_s9_a_void_invoice_is_called_so_and_is_not_asked_for_again(desk: Desk, amount_due: str | None) -> None:
    desk.bill()
    desk.poll()
    mark_schedule(desk.outside, "100", SAYS)
    (key,) = desk.xero.invoices
    desk.clock.pass_days(1)
    desk.xero.invoices[key] = replace(
        desk.xero.invoices[key],
        status="VOIDED",
        amount_due=Money.of(amount_due, "AUD") if amount_due else None,
        updated_at=desk.clock() + timedelta(seconds=1),
    )
    desk.poll()
    (row,) = desk.view().sor.rows
    assert invoice_sums(row) == "1,000.00 in Xero, where it is void: nothing is owed on it."
    assert str(row.due) == "0.00"
    end_schedule(desk.outside, "100", ScheduleState.CANCELLED, SAYS)
    desk.poll()
    (ending,) = desk.view().sor.endings
    assert [item.key for item in ending.items if item.key.startswith("outstanding")] == []
