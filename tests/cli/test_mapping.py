"""`cmxero mapping suggest` says what is found and asked, and writes only what it was told to."""

import io
from pathlib import Path

import pytest

from cmxero_desktop.domain.mapping.seen import KnownSide
from cmxero_desktop.domain.mapping.suggesting import suggest_mapping
from cmxero_desktop.services.records.mapping import SuggestedMapping
from cmxero_desktop.services.records.setup import DatabaseSeen
from cmxero_desktop.services.verbs.commands.connecting import SuggestMapping, WriteMapping
from tests.cli.conftest import FACTS, Office
from tests.truth.legacy_books import books
from tests.truth.legacy_firms import FIRMS
from tests.truth.legacy_seen import answers_of, seen_schema

URL = "postgresql://reader@SRV02/cm"
ASKED = {firm.name: firm for firm in FIRMS}


class Suggester:
    """Answers both commands over one legacy firm, and keeps what was asked."""

    def __init__(self, name: str = "plain English", *, problems: tuple[str, ...] = ()) -> None:
        self.firm = ASKED[name]
        self.schema = seen_schema(self.firm, books())
        self.problems = problems
        self.asked: list[SuggestMapping] = []
        self.written: list[WriteMapping] = []

    def suggest(self, asked: SuggestMapping) -> SuggestedMapping:
        self.asked.append(asked)
        suggestion = suggest_mapping(self.schema, KnownSide(), asked.request.answers)
        has_text = bool(suggestion.draft)
        seen = DatabaseSeen(facts=FACTS, kind="SQLite", may_write=False) if has_text and not self.problems else None
        text = "[invoices]" if has_text else ""
        return SuggestedMapping(suggestion=suggestion, schema=self.schema, text=text, seen=seen, problems=self.problems)

    def write(self, asked: WriteMapping) -> Path:
        self.written.append(asked)
        return asked.path

    def answers(self) -> list[str]:
        suggestion = suggest_mapping(self.schema, KnownSide(), {})
        return [f"--answer={key}={choice}" for key, choice in answers_of(self.firm, suggestion).items()]


def at(office: Office, it: Suggester) -> Suggester:
    office.desk.answer(SuggestMapping.handled_by(it.suggest))
    office.desk.answer(WriteMapping.handled_by(it.write))
    return it


def test_what_is_found_and_what_is_asked_is_told_with_reasons(office: Office) -> None:
    it = at(office, Suggester())
    assert office.run("mapping", "suggest", URL) == 0
    assert it.asked[0].request.password == "s3cret"
    assert "s3cret" not in office.out
    for told in (
        "case.db (PostgreSQL): 2 tables and views, 2 of them looked into. Nothing was changed there.",
        "invoices with payments are paid exactly by it.",
        "payments.journalled: How a journalled payment is told",
        "  * not_null:journal_no",
        "payments.payer",
        "left out",
        "THE CHECK says that it fits with what is likely: 1,234 invoices, 5,678 payments.",
    ):
        assert told in office.out
    assert "No file was written" not in office.out


def test_answered_it_is_written_when_that_is_asked_for(office: Office) -> None:
    it = at(office, Suggester())
    assert office.run("mapping", "suggest", URL, *it.answers()) == 0
    assert it.written == []
    assert "ASKED" not in office.out
    assert office.out.endswith("No file was written. To have one: --write FILE\n")
    document = office.json("mapping", "suggest", *it.answers(), "--write", "ours.toml", "--replace")
    assert (it.written[0].path, it.written[0].may_replace) == (Path("ours.toml"), True)
    assert (document["complete"], document["written"]) == (True, "ours.toml")
    assert document["check"] == {"fits": True, "problems": []}
    office.run("mapping", "suggest", *it.answers(), "--write", "ours.toml")
    assert "Written: ours.toml. Next: cmxero init --mapping ours.toml" in office.out


def test_without_an_address_the_settings_have_it_and_nobody_is_asked_for_a_password(office: Office) -> None:
    it = at(office, Suggester())
    assert office.run("mapping", "suggest") == 0
    assert (it.asked[0].request.url, it.asked[0].request.password) == ("", None)
    assert office.prompts == []


def test_the_document_says_what_is_about_money_and_what_is_likely(office: Office) -> None:
    at(office, Suggester())
    findings = {row["key"]: row for row in office.json("mapping", "suggest", URL)["findings"]}
    asked = findings["payments.journalled"]
    assert (asked["sureness"], asked["choice"], asked["likely"]) == ("asked", None, "not_null:journal_no")
    assert asked["about_money"] is True
    total = findings["invoices.total"]
    assert (total["sureness"], total["choice"]) == ("sure", "total")
    assert total["options"][0]["samples"]


def test_an_answer_that_is_none_is_said_and_nothing_is_written(office: Office) -> None:
    it = at(office, Suggester())
    wrong = "--answer=payments.journalled=whenever"
    assert office.run("mapping", "suggest", URL, wrong, "--write", "ours.toml") == 1
    assert "payments.journalled=whenever" in office.err
    assert it.written == []


def test_what_stands_in_the_way_is_said(office: Office) -> None:
    at(office, Suggester("a header and its lines"))
    assert office.run("mapping", "suggest", URL) == 0
    assert "IN THE WAY\n- The amount of a payment and its invoice stand in receipt_lines" in office.out
    assert "THE CHECK has nothing to say before there is a whole mapping." in office.out


def test_notes_texts_of_ones_own_and_what_the_check_finds(office: Office) -> None:
    it = at(office, Suggester("text keys and a status", problems=("The column x is missing.",)))
    office.run("mapping", "suggest", URL, *it.answers())
    assert "THE CHECK says:\n- The column x is missing." in office.out
    assert "payments.constants.JournalNo" in office.out
    office.run("mapping", "suggest", URL)
    assert "or a text of your own" in office.out
    at(office, Suggester("tables that look alike"))
    office.run("mapping", "suggest", URL)
    assert "! payments_backup holds rows of payments once more; it is left alone." in office.out


def test_the_password_comes_from_a_pipe_or_is_warned_of(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    it = at(office, Suggester())
    monkeypatch.setattr("sys.stdin", io.StringIO("piped\n"))
    office.run("mapping", "suggest", URL, "--password-file", "-")
    assert it.asked[-1].request.password == "piped"
    both = "postgresql://reader:open@SRV02/cm"
    office.run("mapping", "suggest", both)
    assert "can see the password in the address while" in office.err
    assert "or give --password-file FILE." in office.err
    assert office.run("mapping", "suggest", both, "--password-file", "-") == 1
    assert "The address holds a password, and --password-file names another." in office.err


@pytest.mark.parametrize("words", [("--replace",), ("--answer", "nothing"), ("--answer", "=x")], ids=" ".join)
def test_wrong_usage(office: Office, words: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    assert office.run("mapping", "suggest", URL, *words) == 2
    assert "usage: cmxero" in capsys.readouterr().err
