"""`cmxero export --changes`: the workbook of what was written, and its sums, by period, person and kind."""

from datetime import date
from pathlib import Path

import pytest

from cmxero_desktop.domain.periods import Days
from cmxero_desktop.domain.proposals import ProposalKind
from cmxero_desktop.services.records.changes import ChangesWanted
from tests.cli.conftest import Office
from tests.ui.changes import CHANGES


@pytest.fixture
def busy(office: Office) -> Office:
    office.desk.changes = CHANGES
    return office


def test_the_sums_are_told_and_the_workbook_is_written(busy: Office, tmp_path: Path) -> None:
    file = tmp_path / "written.xlsx"
    document = busy.json("export", str(file), "--changes")
    assert document == {
        "file": str(file),
        "changes": 3,
        "totals": [
            {"by": "Ann", "kind": "add", "undo": False, "changes": 1, "effect": "400.00"},
            {"by": "Bea", "kind": "link", "undo": False, "changes": 1, "effect": "0.00"},
            {"by": "Bea", "kind": "add", "undo": True, "changes": 1, "effect": "-400.00"},
        ],
    }
    assert busy.desk.calls == [("write_changes", file, ChangesWanted())]
    assert busy.run("export", str(file), "--changes") == 0
    assert "add undone" in busy.out
    assert busy.out.rstrip().endswith("(3 changes)")


def test_it_is_narrowed(busy: Office, tmp_path: Path) -> None:
    file = str(tmp_path / "written.xlsx")
    words = ("--from", "2026-11-01", "--to", "2026-11-30", "--written-by", "Bea", "--kind", "link")
    assert busy.json("export", file, "--changes", *words)["changes"] == 1
    days = Days(date(2026, 11, 1), date(2026, 11, 30))
    wanted = ChangesWanted(days=days, by="Bea", kind=ProposalKind.LINK)
    assert busy.desk.calls[-1] == ("write_changes", tmp_path / "written.xlsx", wanted)
    assert busy.json("export", file, "--changes", "--to", "2026-10-31")["changes"] == 1
    assert busy.json("export", file, "--changes", "--from", "2026-11-01")["changes"] == 2


@pytest.mark.parametrize(
    "words",
    [
        ("--from", "2026-11-01"),
        ("--kind", "add"),
        ("--changes", "--from", "2026-11-02", "--to", "2026-11-01"),
        ("--changes", "--kind", "accept"),
    ],
)
def test_what_does_not_go_together_is_wrong_usage(busy: Office, words: tuple[str, ...]) -> None:
    assert busy.run("export", "a.xlsx", *words) == 2
    assert busy.desk.calls == []
