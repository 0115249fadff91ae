"""The reasons of the firm stand in the order of their use, and one is meant by its beginning."""

import pytest

from cmxero_desktop.domain.errors import NotAllowedError
from cmxero_desktop.services.records.audit import AuditEntry, AuditEvent, AuditWhat
from cmxero_desktop.services.viewing.used_reasons import by_use, reason_meant
from tests.services.desk import ANN, NOV_1, Desk
from tests.ui.views import NOW

REASONS = ("Entered under another invoice", "Not ours", "Not this client's money", "Asked the client")


def entry(reason: str, what: AuditWhat = AuditWhat.REJECTED, by: str = "Ann") -> AuditEntry:
    return AuditEntry(
        sequence=1, event=AuditEvent(at=NOW, by=by, what=what, reason=reason), previous_hash="", entry_hash=""
    )


def test_the_most_used_stands_first_and_the_others_stay_in_the_order_of_the_settings() -> None:
    said = [entry("asked the client"), entry("Asked the client"), entry("Not ours"), entry("in my own words")]
    assert by_use(REASONS, said) == ("Asked the client", "Not ours", REASONS[0], REASONS[2])
    assert by_use(REASONS, []) == REASONS


def test_only_what_persons_said_of_a_rejection_counts() -> None:
    said = [entry("Not ours", AuditWhat.HELD), entry("Not ours", by="program")]
    assert by_use(REASONS, said) == REASONS


def test_a_rejection_counts_from_the_next_time_on(desk: Desk) -> None:
    desk.bill()
    desk.xero.pay("CM-100", "400.00", NOV_1)
    desk.poll()
    desk.deciding.reject([desk.proposal().proposal_id], by=ANN, reason=REASONS[3])
    assert by_use(REASONS, desk.view().history)[0] == REASONS[3]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("asked", REASONS[3]), (" NOT THIS", REASONS[2]), ("not ours", REASONS[1]), ("Entered under", REASONS[0])],
)
def test_a_reason_is_meant_by_its_beginning(typed: str, meant: str) -> None:
    assert reason_meant(typed, REASONS) == meant


@pytest.mark.parametrize(
    ("typed", "why"),
    [("not", "2 of the firm's reasons begin with not."), ("paid", "None of the firm's"), (" ", "No reason is named.")],
)
def test_where_it_is_not_plain_which_one_is_meant_it_is_refused(typed: str, why: str) -> None:
    with pytest.raises(NotAllowedError, match=why) as caught:
        reason_meant(typed, REASONS)
    assert caught.value.remedy == "Run cmxero reject --reasons to see them."


def test_one_that_another_begins_with_is_meant_where_it_is_typed_whole() -> None:
    assert reason_meant("not", ("Not", "Not ours")) == "Not"
