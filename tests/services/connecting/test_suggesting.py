"""A mapping is suggested with what the store knows of Xero, and written only when nothing is open."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import pytest

from cmxero_desktop.adapters.memory_secrets import MemorySecrets
from cmxero_desktop.domain.errors import CaseManagerError, NotAllowedError, SettingsError, StoreError
from cmxero_desktop.domain.mapping.findings import MappingSuggestion
from cmxero_desktop.domain.mapping.seen import SeenSchema, SeenTable
from cmxero_desktop.services.connecting.initialising import CASE_MANAGER_PASSWORD
from cmxero_desktop.services.connecting.suggesting import Suggesting, SuggestingParts
from cmxero_desktop.services.ports.store import Store
from cmxero_desktop.services.records.mapping import MappingRequest, SuggestedMapping
from cmxero_desktop.services.records.readings import CaseManagerFacts
from cmxero_desktop.services.records.settings import CaseManagerSettings, Settings
from cmxero_desktop.services.records.setup import DatabaseSeen
from tests.services.desk import Desk, FakeSettingsFile
from tests.truth.legacy_books import books
from tests.truth.legacy_firms import PLAIN, plain
from tests.truth.legacy_laying import LegacyFirm
from tests.truth.legacy_seen import answers_of, seen_schema

FIRM = LegacyFirm("plain", plain, PLAIN)
FACTS = CaseManagerFacts(
    label="case.db",
    invoices=40,
    payments=44,
    forward_dating_days=None,
    is_journalled_locked=True,
    notes_limit=None,
    reference_limit=None,
    payment_type="EFT",
    imported_text="Xero payment",
)


@dataclass
class Database:
    """A database in memory, and what was asked of it; its tables are whole only when they are read once more."""

    opened: list[tuple[str, str | None]] = field(default_factory=list)
    looked: list[tuple[int, int]] = field(default_factory=list)
    problem: CaseManagerError | None = None
    written: list[tuple[str, Path, bool]] = field(default_factory=list)

    @contextmanager
    def open(self, url: str, password: str | None) -> Iterator["Database"]:
        self.opened.append((url, password))
        yield self

    def outline(self) -> SeenSchema:
        schema = seen_schema(FIRM, books())
        return replace(schema, tables=tuple(replace(table, rows=(), row_count=None) for table in schema.tables))

    def look_into(self, tables: Sequence[SeenTable], most_rows: int) -> tuple[SeenTable, ...]:
        self.looked.append((len(tables), most_rows))
        whole = {table.place: table for table in seen_schema(FIRM, books()).tables}
        most = 10 if len(self.looked) == 1 else most_rows
        return tuple(replace(whole[table.place], rows=whole[table.place].rows[:most]) for table in tables)

    def troubles(self) -> tuple[str, ...]:
        return ("secret could not be looked into: the login does not have the right to do that.",)

    def text_of(self, suggestion: MappingSuggestion) -> str:
        return f"# {len(suggestion.draft)} sections"

    def check(self, url: str, password: str | None, text: str) -> DatabaseSeen:
        assert (url, password) == self.opened[-1] or not self.opened
        assert text
        if self.problem is not None:
            raise self.problem
        return DatabaseSeen(facts=FACTS, kind="SQLite", may_write=False)

    def write(self, text: str, path: Path, *, may_replace: bool) -> Path:
        self.written.append((text, path, may_replace))
        return path


def split(url: str) -> tuple[str, str | None]:
    address, _, password = url.partition("#")
    return address, password or None


@dataclass
class Office:
    """The use case with everything around it."""

    desk: Desk
    database: Database = field(default_factory=Database)
    secrets: MemorySecrets = field(default_factory=MemorySecrets)
    file: FakeSettingsFile = field(default_factory=FakeSettingsFile)
    is_store_broken: bool = False

    @property
    def it(self) -> Suggesting:
        return Suggesting(
            SuggestingParts(
                open_schema=self.database.open,
                files=self.database,
                split_password=split,
                needs_password=lambda url: "@" in url,
                secrets=self.secrets,
                settings_file=self.file,
                store=self.store,
            )
        )

    def store(self) -> Store:
        if self.is_store_broken:
            raise StoreError("The store is damaged.")
        return self.desk.store

    def suggest(self, **wish: object) -> SuggestedMapping:
        return self.it.suggest(MappingRequest(**{"url": "mem://case"} | wish))  # type: ignore[arg-type]  # as given


@pytest.fixture
def office(desk: Desk) -> Office:
    return Office(desk)


def complete(office: Office) -> SuggestedMapping:
    made = office.suggest()
    answers = answers_of(FIRM, made.suggestion)
    return office.suggest(answers=answers, schema=made.schema)


def test_it_looks_at_all_then_closer_and_says_what_the_check_says(office: Office) -> None:
    made = office.suggest()
    assert [tables for tables, _ in office.database.looked] == [2, 0, 2]
    assert made.seen is not None
    assert made.text.startswith("# ")
    assert not made.suggestion.is_complete
    assert made.suggestion.notes[-1].startswith("secret could not be looked into")
    assert "S3cret" not in repr(MappingRequest(url="mem://a@b#S3cret", password="S3cret"))


def test_answers_go_with_what_was_read(office: Office) -> None:
    made = complete(office)
    assert made.suggestion.is_complete
    assert len(office.database.opened) == 1
    assert office.it.write(made, Path("ours.toml"), may_replace=True) == Path("ours.toml")
    assert office.database.written == [(made.text, Path("ours.toml"), True)]


def test_nothing_is_written_while_something_is_open_or_stands_in_the_way(office: Office) -> None:
    made = office.suggest()
    with pytest.raises(NotAllowedError, match="4 questions are open"):
        office.it.write(made, Path("ours.toml"), may_replace=False)
    one = replace(made, suggestion=replace(made.suggestion, findings=made.suggestion.questions[:1]))
    with pytest.raises(NotAllowedError, match="1 question is open"):
        office.it.write(one, Path("ours.toml"), may_replace=False)
    barred = replace(made, suggestion=replace(made.suggestion, findings=(), draft=(), obstacles=("In cents.",)))
    with pytest.raises(NotAllowedError, match=r"something stands in the way\. In cents\."):
        office.it.write(barred, Path("ours.toml"), may_replace=False)
    assert office.database.written == []


@pytest.mark.parametrize("problems", [("The column x is missing.",), ()])
def test_what_the_check_finds_is_told(office: Office, problems: tuple[str, ...]) -> None:
    office.database.problem = CaseManagerError("It does not fit:", "Mend it.", problems=problems)
    made = office.suggest()
    assert made.seen is None
    assert made.problems == (problems or ("It does not fit: Mend it.",))


def test_without_a_whole_draft_nothing_is_checked(office: Office) -> None:
    made = office.suggest(answers={"payments.table": "nowhere"})
    assert (made.text, made.seen, made.problems) == ("", None, ())
    assert made.suggestion.unknown_answers == ("payments.table",)


def test_the_database_of_the_settings_gets_the_password_of_the_keyring(office: Office) -> None:
    office.file.settings = Settings(case_manager=CaseManagerSettings(url="mem://ann@case"))
    office.secrets.set(CASE_MANAGER_PASSWORD, "kept")
    office.suggest(url="")
    office.suggest(url="mem://ann@case#typed")
    office.suggest(url="mem://ann@case", password="given")
    office.suggest(url="mem://ann@other")
    assert office.database.opened == [
        ("mem://ann@case", "kept"),
        ("mem://ann@case", "typed"),
        ("mem://ann@case", "given"),
        ("mem://ann@other", None),
    ]


@pytest.mark.parametrize("file", [FakeSettingsFile(is_there=False), FakeSettingsFile(is_broken=True)])
def test_without_settings_it_works_and_needs_an_address(desk: Desk, file: FakeSettingsFile) -> None:
    office = Office(desk, file=file, is_store_broken=True)
    assert office.suggest().suggestion.findings
    with pytest.raises(SettingsError, match="name no Case Manager database"):
        office.suggest(url="")


def test_what_xero_says_is_evidence_and_a_broken_store_costs_only_that(office: Office) -> None:
    for invoice in books().invoices[:12]:
        office.desk.bill(invoice.number, str(invoice.total))
    office.desk.xero.pay("CM-20002", str(books().invoices[1].total), date(2026, 2, 6))
    office.desk.poll(is_full=True)
    made = office.suggest()
    number = made.suggestion.finding("invoices.number")
    assert number is not None
    assert "12 of 12 invoice numbers of Xero stand there." in number.options[0].reasons
    office.is_store_broken = True
    again = office.suggest().suggestion.finding("invoices.number")
    assert again is not None
    assert not any("Xero" in reason for reason in again.options[0].reasons)
