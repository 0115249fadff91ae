"""The clean-up of old leftovers on the command line: seen, said in one act, reported, taken back."""

from datetime import date
from pathlib import Path

import pytest

from cmxero_desktop.domain.cleanup import GROUP_WORDS, Cleanup, CleanupGroup, Group, Leftover, SaidOf
from cmxero_desktop.domain.memory import Explained
from cmxero_desktop.services.records.reports import RowOutcome
from tests.cli.conftest import Office
from tests.domain.support import aud, case

BY = ("--by", "Ann")
JUNE, NEW_YEAR = date(2026, 6, 3), date(2025, 1, 1)


def leftover(key: int, amount: str, payer: str = "Acme", paid_on: date = JUNE) -> Leftover:
    return Leftover(
        number=f"CM-{key}",
        own_number=str(key),
        payer=payer,
        paid_on=paid_on,
        amount=aud(amount),
        copy=case(key, amount, paid_on),
    )


@pytest.fixture
def old(office: Office) -> Office:
    office.desk.cleanup = Cleanup(
        (
            CleanupGroup(Group.SETTLED, (leftover(7, "20.50", paid_on=NEW_YEAR), leftover(8, "9.50"))),
            CleanupGroup(Group.NOT_IN_XERO, (leftover(9, "77"),)),
        ),
        (leftover(10, "3", payer=""),),
    )
    return office


def test_the_groups_are_shown_with_their_danger(old: Office) -> None:
    document = old.json("cleanup")
    assert document["groups"][0] == {
        "group": "settled",
        "title": GROUP_WORDS[Group.SETTLED].title,
        "says": GROUP_WORDS[Group.SETTLED].says,
        "danger": GROUP_WORDS[Group.SETTLED].danger,
        "count": 2,
        "total": "30.00",
        "oldest": "2025-01-01",
        "newest": "2026-06-03",
        "members": [
            {"id": f"c-{key} {amount} {on}", "invoice_number": f"CM-{key}", "date": on}
            | {"amount": amount, "payer": "Acme"}
            for key, amount, on in ((7, "20.50", "2025-01-01"), (8, "9.50", "2026-06-03"))
        ],
    }
    assert [one["invoice_number"] for one in document["one_by_one"]] == ["CM-10"]
    assert document["code"] == old.desk.cleanup.code
    assert old.run("cleanup") == 0
    assert "On invoices that Xero does not have (not-in-xero): 1, 77.00" in old.out
    assert "paid 1 Jan 2025 to 3 Jun 2026" in old.out
    assert "To be looked at one by one: 1\n    CM-10        3 Jun 2026             3.00" in old.out
    assert f"--apply GROUP… --shown {old.desk.cleanup.code} --reason" in old.out
    assert old.desk.calls == []


def test_where_nothing_is_left_over_it_says_so(office: Office) -> None:
    assert office.run("cleanup") == 0
    assert office.out.strip() == "Nothing is left over."


def test_groups_are_said_in_one_act_and_the_report_is_saved(old: Office, tmp_path: Path) -> None:
    file = tmp_path / "report.txt"
    shown = frozenset({"c-7 20.50 2025-01-01", "c-8 9.50 2026-06-03"})
    code = old.desk.cleanup.code
    document = old.json(
        "cleanup", "--apply", "settled", "--shown", code, "--reason", "seen", "--report", str(file), *BY
    )
    assert old.desk.calls == [
        ("clean_up", frozenset({Group.SETTLED}), shown, "Ann", "seen"),
        ("write_report", "act-1", file),
    ]
    assert (document["act"], document["report"], document["left_out"]) == ("act-1", str(file), [])
    assert [group["count"] for group in document["done"]] == [2]
    assert old.status == 0


def test_what_was_left_out_is_named(old: Office) -> None:
    old.desk.left_out = (RowOutcome("c-7", "It changed."),)
    code = old.desk.cleanup.code.lower()
    assert old.run("cleanup", "--apply", "settled", "not-in-xero", "--shown", code, "--reason", "seen", *BY) == 3
    assert "c-7: It changed." in old.out
    assert "cmxero cleanup --take-back act-1" in old.out


def test_nothing_is_said_of_what_nobody_saw(old: Office) -> None:
    """One was typed between the list and the yes: the yes was to another list."""
    code = old.json("cleanup")["code"]
    (settled, stray) = old.desk.cleanup.groups
    old.desk.cleanup = Cleanup((settled, CleanupGroup(stray.group, (*stray.members, leftover(11, "55.00")))))
    assert old.run("cleanup", "--apply", "not-in-xero", "--shown", code, "--reason", "seen", *BY) == 1
    assert f"not what was shown as {code}" in old.err
    assert old.desk.calls == []


def test_the_report_of_all_that_is_left_and_was_said_is_saved(old: Office, tmp_path: Path) -> None:
    said = SaidOf(leftover=leftover(11, "12.50"), what=Explained.OTHER, by="Bea", reason="paid at the counter")
    accepted = SaidOf(leftover=leftover(12, "400"), what=None)
    old.desk.cleanup = Cleanup((), (leftover(10, "3"),), 1, (said, accepted))
    document = old.json("cleanup", "--report", str(tmp_path / "all.txt"))
    assert document["report"] == str(tmp_path / "all.txt")
    assert old.desk.calls == [("write_cleanup_state", tmp_path / "all.txt")]
    assert (document["left"], document["recent"]) == (0, 1)
    assert [(one["invoice_number"], one["what"], one["by"], one["reason"]) for one in document["said"]] == [
        ("CM-11", "other", "Bea", "paid at the counter"),
        ("CM-12", "same-money", None, None),
    ]
    assert old.run("cleanup") == 0
    assert old.out.rstrip().endswith(
        "2 explained. Nothing old is left unexplained. 1 younger payment may still come to Xero."
    )


def test_an_act_is_taken_back(old: Office) -> None:
    assert old.json("cleanup", "--take-back", "act-1", "--reason", "too early", *BY) == {"said": "Kept."}
    assert old.desk.calls == [("take_back_cleanup", "act-1", "Ann", "too early")]


@pytest.mark.parametrize(
    "words",
    [
        ("--apply", "settled", "--shown", "7F3A-19C2"),
        ("--apply", "settled", "--reason", "seen"),
        ("--shown", "7F3A-19C2"),
        ("--apply", "other-money", "--shown", "7F3A-19C2", "--reason", "seen"),
        ("--take-back", "act-1"),
        ("--apply", "settled", "--shown", "7F3A-19C2", "--take-back", "act-1", "--reason", "seen"),
        ("--report", "report.txt", "--take-back", "act-1", "--reason", "seen"),
    ],
)
def test_what_does_not_go_together_is_wrong_usage(old: Office, words: tuple[str, ...]) -> None:
    assert old.run("cleanup", *words, *BY) == 2
    assert old.desk.calls == []
