"""The real `cmxero` while its settings lead to another database or organisation than its records belong to (R35)."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from tests.end_to_end.journey import CaseBook, Cmxero, browser_environment
from tests.end_to_end.plain_xero import PlainXero

NOW = datetime.now(UTC).replace(microsecond=0)
PAID: date = NOW.date() - timedelta(days=21)


@dataclass
class Office:
    """A firm with one addition that waits, and its settings file."""

    case: CaseBook
    cmxero: Cmxero
    addition: str

    def edit(self, old: str, new: str) -> None:
        """Change the settings by hand."""
        settings = self.cmxero.home / "settings.toml"
        text = settings.read_text()
        assert old in text
        settings.write_text(text.replace(old, new))

    def refused(self, *words: str) -> str:
        """Run a verb that must be refused, and return why."""
        finished = self.cmxero.run(*words)
        assert finished.returncode == 1, finished
        return finished.stderr


@pytest.fixture
def office(tmp_path: Path, keyring_environment: dict[str, str]) -> Iterator[Office]:
    case = CaseBook(tmp_path / "case.db")
    case.create()
    for number in range(100, 160):
        case.add_invoice(str(number))
    cmxero = Cmxero(tmp_path / "home", keyring_environment | browser_environment())
    with PlainXero() as xero:
        xero.add_invoice("CM-100", "1000.00")
        xero.pay("CM-100", "400.00", PAID, NOW, reference="REM1")
        cmxero.set_up(xero.url, f"sqlite:///{case.path}")
        cmxero("poll")
        (proposal,) = cmxero("list", "proposals")
        yield Office(case, cmxero, proposal["id"])


def test_a_copy_is_left_alone_until_a_person_says_that_it_is_the_database(office: Office, tmp_path: Path) -> None:
    copy = CaseBook(tmp_path / "moved" / "case.db")
    copy.path.parent.mkdir()
    shutil.copy(office.case.path, copy.path)
    office.edit(str(office.case.path), str(copy.path))
    for words in (
        ("poll",),
        ("approve", office.addition),
        ("approve", "--all", "--kind", "add"),
        ("hold", office.addition),
        ("reject", office.addition, "--reason", "no"),
        ("undo", office.addition, "--reason", "no"),
        ("debtors",),
    ):
        why = office.refused(*words)
        assert f"case.db in {office.case.path.parent}" in why
        assert f"case.db in {copy.path.parent}" in why
        assert "adopt-database" in why
    shown = office.cmxero.run("list", "proposals")
    assert (shown.returncode, office.addition in shown.stdout) == (0, True)
    assert "Nothing is read or written there" in shown.stderr
    alerts = office.cmxero("list", "alerts")
    assert [alert["kind"] for alert in alerts] == ["database_moved"]
    (line,) = [line for line in office.cmxero("doctor", expect=1) if line["name"] == "records"]
    assert not line["good"]
    assert copy.payments("100") == office.case.payments("100") == []
    office.cmxero("adopt-database", "--reason", "the server was renewed", "--by", "Ann")
    office.cmxero("poll")
    assert [row["id"] for row in office.cmxero("approve", office.addition)["applied"]] == [office.addition]
    assert (len(copy.payments("100")), office.case.payments("100")) == (1, [])
    history = office.cmxero("list", "history")
    named = {row["what"]: row["database"] for row in history if row["database"]}
    name = f"case.db in {copy.path.parent}"
    assert named == {"adopted the database": name, "applied": name}


def test_an_organisation_that_was_written_into_the_settings_is_refused(office: Office) -> None:
    settings = (office.cmxero.home / "settings.toml").read_text()
    own = settings.split('tenant_id = "')[1].split('"')[0]
    office.edit(f'tenant_id = "{own}"', 'tenant_id = "another-organisation"')
    for words in (("poll",), ("approve", office.addition), ("adopt-database", "--reason", "it is right")):
        why = office.refused(*words)
        assert own in why
        assert "another-organisation" in why
    assert office.case.payments("100") == []
    office.edit('tenant_id = "another-organisation"', f'tenant_id = "{own}"')
    assert office.cmxero("approve", office.addition)["applied"]
