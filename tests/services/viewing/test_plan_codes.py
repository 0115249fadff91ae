"""The code of a batch is that of the rows which the person saw before they were written."""

from cmxero_desktop.domain.shown_codes import shown_code
from cmxero_desktop.services.viewing.plan_codes import plan_codes
from tests.services.desk import NOV_1, Desk


def test_each_batch_has_the_code_of_its_own_rows_and_what_is_only_decided_has_none(desk: Desk) -> None:
    codes = []
    for number in ("100", "200"):
        desk.bill(number)
        for amount in ("10.00", "20.00"):
            desk.xero.pay(f"CM-{number}", amount, NOV_1)
        desk.poll()
        codes.append(shown_code(row.fingerprint for row in desk.proposals()))
        desk.approve_in_bulk()
        desk.apply()
    desk.poll()
    found = plan_codes(desk.history())
    assert sorted(found.values()) == sorted(codes)
