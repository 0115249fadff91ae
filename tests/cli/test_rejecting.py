"""A row is rejected from the command line for a reason in one's own words, or for one of the firm's."""

from dataclasses import replace

import pytest

from cmxero_desktop.services.records.audit import AuditWhat
from cmxero_desktop.services.records.settings import ReasonSettings
from tests.cli.conftest import Office
from tests.services.viewing.test_used_reasons import entry

BY = ("--by", "Ann")
ASKED, OTHER = "Asked the client", "Not this client's money"


@pytest.fixture(autouse=True)
def reasons(office: Office) -> None:
    office.desk.settings = replace(office.desk.settings, reasons=ReasonSettings(reject=(OTHER, ASKED)))
    said = entry(ASKED, AuditWhat.REJECTED)
    office.desk.desk_view = replace(office.desk.desk_view, history=(said,))


def test_the_firms_reasons_are_shown_the_most_used_first(office: Office) -> None:
    assert office.json("reject", "--reasons") == [ASKED, OTHER]
    office.run("reject", "--reasons")
    assert office.out.splitlines() == [ASKED, OTHER]
    office.desk.settings = replace(office.desk.settings, reasons=ReasonSettings(reject=()))
    office.run("reject", "--reasons")
    assert "settings.toml holds them in [reasons]" in office.out


def test_one_of_them_is_given_by_its_beginning(office: Office) -> None:
    assert office.run("reject", "p1", "p2", "--as", "asked", *BY) == 0
    assert office.desk.calls == [("reject", ("p1", "p2"), "Ann", ASKED)]


def test_one_that_the_firm_does_not_have_is_refused_and_nothing_is_decided(office: Office) -> None:
    assert office.run("reject", "p1", "--as", "paid", *BY) == 1
    assert "None of the firm's reasons begins with paid." in office.err
    assert office.desk.calls == []


@pytest.mark.parametrize(
    "words",
    [
        ("p1",),
        ("--reason", "no"),
        ("--as", "asked"),
        ("p1", "--reason", "no", "--as", "asked"),
        ("p1", "--reasons"),
        ("--reasons", "--reason", "no"),
        (),
    ],
)
def test_ids_go_with_exactly_one_reason_and_the_list_goes_alone(office: Office, words: tuple[str, ...]) -> None:
    assert office.run("reject", *words) == 2
    assert office.desk.calls == []
