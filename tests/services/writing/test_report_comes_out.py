"""What was written to Case Manager is in the report that comes out, whatever goes wrong beside it and after it.

The truth is what stands in Case Manager: a row of it that the report does not tell of is money that nobody knows of.
"""

import pytest

from cmxero_desktop.domain.errors import StoreError
from cmxero_desktop.domain.proposals import ProposalKind, ProposalState
from cmxero_desktop.services.records.reports import ApplyReport
from cmxero_desktop.services.records.settings import Settings
from cmxero_desktop.services.writing.applying import Applying
from cmxero_desktop.services.writing.undoing import Undoing
from cmxero_desktop.services.writing.watched import Watched
from tests.services.desk import ANN, NOV_1, Desk, FakeSettingsFile

pytestmark = pytest.mark.allow_log
NUMBERS = ("100", "200", "300", "400")
FULL = StoreError("The disk is full.")


def approved(desk: Desk) -> Desk:
    for number in NUMBERS:
        desk.bill(number)
        desk.xero.pay(f"CM-{number}", "90.00", NOV_1)
    desk.poll()
    desk.approve(*desk.proposals())
    return desk


def failing_from(desk: Desk, number: int, error: Exception, *, step: str = "store") -> None:
    """Fail at each step of this name from the one with this number on: a disk that is full stays so."""
    seen: list[str] = []

    def trouble(name: str) -> None:
        if name == step:
            seen.append(name)
            if len(seen) >= number:
                raise error

    desk.steps.trouble = trouble


def written(desk: Desk) -> set[str]:
    return {number for number in NUMBERS if desk.paid(number)}


def told(desk: Desk, report: ApplyReport) -> set[str]:
    """Return the invoices that the report calls written, once every row is known to be in it."""
    numbers = {
        str(s.proposal_id): s.proposal.invoice_number.removeprefix("CM-") for s in desk.view().proposals.values()
    }
    rows = [*report.applied, *report.failed, *report.stale, *report.held_back]
    assert sorted(row.row_id for row in rows) == sorted(numbers)
    return {numbers[row.row_id] for row in report.applied}


ERRORS = pytest.mark.parametrize("error", [FULL, ArithmeticError("odd")], ids=["full", "odd"])


@ERRORS
@pytest.mark.parametrize("number", range(2, 14))
def test_an_apply_whose_store_fails_in_the_middle_tells_all_that_was_written(
    desk: Desk, number: int, error: Exception
) -> None:
    failing_from(approved(desk), number, error)
    report = desk.apply()
    desk.steps.trouble = None
    assert told(desk, report) == written(desk)
    desk.poll()
    assert desk.apply().failed == ()
    assert desk.is_good()
    assert all(desk.paid(each) in ([], ["90.00"]) for each in NUMBERS), "nothing is written twice"


@pytest.mark.parametrize("step", ["lock", "decided", "written", "committed"])
@pytest.mark.parametrize("number", [1, 2, 4])
def test_an_apply_that_meets_what_nobody_foresaw_in_case_manager_looks_what_stands_there(
    desk: Desk, number: int, step: str
) -> None:
    desk = approved(desk)
    seen: list[str] = []

    def trouble(name: str) -> None:
        if name == step:
            seen.append(name)
            if len(seen) == number:
                raise ArithmeticError("odd")

    desk.steps.trouble = trouble
    report = desk.apply()
    desk.steps.trouble = None
    assert told(desk, report) == written(desk)
    assert all("ArithmeticError" in row.reason for row in report.failed)
    assert desk.is_good()


@pytest.mark.untraced
@ERRORS
@pytest.mark.parametrize("number", range(2, 12))
def test_an_undo_whose_store_fails_in_the_middle_tells_all_that_was_taken_back(
    desk: Desk, number: int, error: Exception
) -> None:
    approved(desk).apply()
    applied = list(desk.view().proposals.values())
    failing_from(desk, number, error)
    report = desk.undo(*applied)
    desk.steps.trouble = None
    assert told(desk, report) == set(NUMBERS) - written(desk)
    desk.poll()
    assert desk.is_good()


def test_comparing_again_takes_no_report_away(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    approved(desk)

    def odd(*_: object) -> None:
        raise RecursionError

    monkeypatch.setattr("cmxero_desktop.services.correlation.correlating.correlate_again", odd)
    assert len(desk.apply().applied) == len(NUMBERS)


def test_what_cannot_be_read_in_the_middle_stays_approved(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    approved(desk)

    def odd(_: object) -> Settings:
        raise KeyError("odd")

    def trouble(name: str) -> None:
        if name == "committed":
            monkeypatch.setattr(FakeSettingsFile, "load", odd)

    desk.steps.trouble = trouble
    report = desk.apply()
    assert len(report.applied) == 1
    assert len(report.held_back) == len(NUMBERS) - 1
    assert all("(KeyError)" in row.reason for row in report.held_back)
    assert all(row.reason.endswith("It stays approved.") for row in report.held_back)


@pytest.mark.parametrize("at_once", [1, 2, 50])
@pytest.mark.parametrize("after", range(len(NUMBERS) + 1))
def test_an_apply_that_somebody_stops_ends_between_two_rows_and_tells_both_kinds(
    desk: Desk, after: int, at_once: int
) -> None:
    approved(desk)
    watched = Watched(is_stopped=lambda: len(written(desk)) >= after)
    report = Applying(desk.outside, at_once=at_once, watched=watched).apply(None, ANN)
    assert told(desk, report) == written(desk)
    assert (len(report.applied), len(report.held_back)) == (after, len(NUMBERS) - after)
    assert {row.reason for row in report.held_back} <= {
        "Somebody stopped the writing before its turn. It stays approved."
    }
    assert desk.is_good()
    desk.apply()
    assert written(desk) == set(NUMBERS), "what was stopped goes on"


@pytest.mark.parametrize("after", range(len(NUMBERS) + 1))
def test_an_undo_that_somebody_stops_ends_between_two_rows_and_tells_both_kinds(desk: Desk, after: int) -> None:
    approved(desk).apply()
    applied, said = list(desk.view().proposals.values()), list[str]()
    watched = Watched(tell=said.append, is_stopped=lambda: len(NUMBERS) - len(written(desk)) >= after)
    undoing = Undoing(desk.outside, watched=watched)
    report = undoing.undo([s.proposal_id for s in applied], by=ANN, reason="typed twice")
    assert told(desk, report) == set(NUMBERS) - written(desk)
    assert len(report.applied) == after
    assert all("Somebody stopped it before" in row.reason for row in report.failed)
    assert (said[0], said[-1]) == ("Reading Case Manager again", "")
    assert len(said) == after + 2
    assert desk.is_good()


def test_an_undo_tells_what_it_took_back_although_an_accept_beside_it_meets_what_nobody_foresaw(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    approved(desk).apply()
    desk.bill("500")
    desk.case.type_in("500", "40.00", NOV_1)
    desk.case.type_in("500", "60.00", NOV_1)
    desk.xero.pay("CM-500", "100.00", NOV_1)
    desk.poll()
    desk.approve_and_apply(desk.proposal(ProposalKind.ACCEPT))

    def odd(*_: object, **__: object) -> None:
        raise ArithmeticError("odd")

    monkeypatch.setattr("cmxero_desktop.services.writing.undoing.take_back_accepted", odd)
    report = desk.undo(*desk.proposals(ProposalState.APPLIED))
    assert (len(report.applied), written(desk)) == (len(NUMBERS), set())
    assert ["(ArithmeticError)" in row.reason for row in report.failed] == [True]
