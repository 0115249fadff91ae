"""On the command line a yes counts for what was listed: a flag that a check has put there since is looked at first."""

from dataclasses import replace

import pytest

from cmxero_desktop.domain.proposals import Flag, Remark
from cmxero_desktop.services.records.decisions import flags_seen
from cmxero_desktop.services.verbs.commands.deciding import Approve
from tests.cli.conftest import Office

BY = ("--by", "Ann")


@pytest.fixture
def asked(office: Office) -> list[Approve]:
    """Return what the desk is asked to approve."""
    found: list[Approve] = []
    kept = office.desk.run

    def run(command: object) -> object:
        if isinstance(command, Approve):
            found.append(command)
        return kept(command)  # type: ignore[arg-type] # every command is handed on as it is

    office.desk.run = run  # type: ignore[method-assign, assignment] # the fake's own, with an ear
    return found


def listed(office: Office) -> tuple[str, str, str, str]:
    """Return two ids and the codes that their list shows."""
    one, other = office.json("list", "proposals")[:2]
    return one["id"], other["id"], one["shown"], other["shown"]


def flag_one(office: Office, row_id: str, figure: int) -> None:
    """Put a flag on a row, as a check does that finds something."""
    view = office.desk.desk_view
    stored = view.proposals[row_id]
    remarks = (Remark(Flag.BALANCE_DIFFERS, "The balances differ.", figure),)
    flagged = replace(
        stored, proposal=replace(stored.proposal, flags=frozenset({Flag.BALANCE_DIFFERS}), remarks=remarks)
    )
    review = tuple(replace(row, stored=flagged) if row.row_id == row_id else row for row in view.review)
    office.desk.desk_view = replace(view, review=review, proposals={**view.proposals, row_id: flagged})


def test_what_still_stands_as_it_was_listed_is_approved_with_the_flags_that_were_shown(
    office: Office, asked: list[Approve]
) -> None:
    one, other, first, second = listed(office)
    assert office.run("approve", one, other, "--shown", first.lower(), second, *BY) == 0
    rows = [office.desk.desk_view.proposals[row_id] for row_id in (one, other)]
    assert [command.seen for command in asked] == [flags_seen(rows)]


def test_a_flag_or_another_sum_since_it_was_listed_approves_nothing(office: Office, asked: list[Approve]) -> None:
    one, other, first, second = listed(office)
    flag_one(office, other, 500)
    assert office.run("approve", one, other, "--shown", first, second, *BY) == 1
    assert "A check has found something since it was shown" in office.err
    flagged = listed(office)[3]
    assert flagged != second
    flag_one(office, other, 700)
    assert office.run("approve", other, "--shown", flagged, *BY) == 1
    assert asked == []
    assert office.run("approve", other, "--shown", listed(office)[3], *BY) == 0


def test_without_codes_nobody_says_what_was_shown(office: Office, asked: list[Approve]) -> None:
    one, *_ = listed(office)
    assert office.run("approve", one, *BY) == 0
    assert [command.seen for command in asked] == [None]


@pytest.mark.parametrize(
    "words",
    [
        ("p1", "p2", "--shown", "7F3A-19C2"),
        ("--all", "--kind", "add", "--shown", "7F3A-19C2"),
        ("p1", "--link", "5", "--shown", "7F3A-19C2"),
    ],
)
def test_each_id_has_its_code(office: Office, words: tuple[str, ...]) -> None:
    assert office.run("approve", *words, *BY) == 2
    assert office.desk.calls == []
