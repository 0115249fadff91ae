"""Take the command line of a Windows program through a firm's whole journey, and compare the database with the truth.

Xero is the tests' plain one, on this side; Case Manager is an SQLite file on a path with blanks and umlauts.
"""

import json
import shutil
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.end_to_end.journey import CaseBook, free_port
from tests.end_to_end.plain_xero import PlainXero
from tools.windows.wine import Told, Visit

_LIMIT_S = 240
_FIRM = "Desk Hämé 5"
# Beyond every code page, and the last character beyond the 16 bits that one character of Windows has.
REFERENCE = "EFT Łódź 😀"
# What stands in for the browser is no part of the program: a Python of its own visits the address.
_BROWSER = "Z:/work/python/python.exe Z:/source/tests/end_to_end/visit.py %s"


class WrongError(Exception):
    """The program did or said something else than it should."""


@dataclass(slots=True)
class Journey:
    """What was asked, and how it went: a line for each step."""

    visit: Visit
    program: Sequence[str]
    say: Callable[[str], None]
    steps: list[str] = field(default_factory=list)

    def ask(self, *words: str, expect: int = 0) -> Any:  # noqa: ANN401 - any JSON document
        """Run a verb, and return the one JSON document that it prints in UTF-8; WrongError."""
        told = self.tell(*words, "--json", expect=expect)
        return json.loads(told.out) if told.out else {}

    def tell(self, *words: str, expect: int = 0) -> Told:
        """Run a verb as a person reads it; WrongError."""
        told = self.visit.run(
            *self.program, *words, limit_s=_LIMIT_S, BROWSER=_BROWSER, CMXERO_HOME=f"C:\\firm\\{_FIRM}\\home"
        )
        self.steps.append(f"{_named(words)}: {told.took_s:.1f} s")
        self.say(self.steps[-1])
        if told.status != expect:
            raise WrongError(f"{words}: exit status {told.status}\n{told.out}\n{told.error}")
        return told


def travel(visit: Visit, program: Sequence[str], say: Callable[[str], None]) -> list[str]:
    """Go the whole way with a program, and return the steps with their times; WrongError names what was not so."""
    journey = Journey(visit, program, say)
    with _firm(visit) as (xero, case):
        _go(journey, xero, case)
    return journey.steps


@contextmanager
def _firm(visit: Visit) -> Iterator[tuple[PlainXero, CaseBook]]:
    """Invent a firm: three invoices, a payment on each, one of them typed by hand already."""
    folder = visit.drive_c / "firm" / _FIRM
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    case = CaseBook(folder / "case manager.db")
    case.create()
    with PlainXero() as xero:
        paid_on, at = datetime.now(UTC).date() - timedelta(days=21), datetime.now(UTC) - timedelta(hours=2)
        for number in ("100", "200", "300"):
            xero.add_invoice(f"CM-{number}", "1000.00")
            case.add_invoice(number)
        xero.pay("CM-100", "400.00", paid_on, at, reference=REFERENCE)
        xero.pay("CM-200", "150.00", paid_on, at, reference="REM 2")
        xero.pay("CM-300", "99.95", paid_on, at)
        case.add_payment("300", "99.95", paid_on, notes="by hand: Zoë")
        yield xero, case


def _go(journey: Journey, xero: PlainXero, case: CaseBook) -> None:
    case_url = f"sqlite:///C:/firm/{_FIRM}/case manager.db"
    book, support = (f"C:\\firm\\{_FIRM}\\{name}" for name in ("book.xlsx", "support.zip"))
    addresses = ("--identity-url", xero.url, "--api-url", xero.url)
    before = {number: case.payments(number) for number in ("100", "200", "300")}
    journey.tell("--version")
    journey.ask("init", "--case-manager-url", case_url, "--xero-client-id", "PLAIN", "--mode", "approve", *addresses)
    settings = case.path.parent / "home" / "settings.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace("redirect_port = 8742", f"redirect_port = {free_port()}"), encoding="utf-8")
    journey.ask("connect")
    counts = journey.ask("poll")["counts"]
    _same("what the check found", (counts["matched"], counts["proposed"]), (1, 3))
    rows = {row["invoice_number"]: row for row in journey.ask("list", "proposals")}
    kinds = {number: row["kind"] for number, row in rows.items()}
    _same("the kinds", kinds, {"CM-100": "add", "CM-200": "add", "CM-300": "link"})
    _same("the reference", rows["CM-100"]["after"]["reference"], REFERENCE)
    for number in ("CM-300", "CM-100"):
        applied = journey.ask("approve", rows[number]["id"], "--by", "J. Wu")["applied"]
        _same("what was applied", [row["id"] for row in applied], [rows[number]["id"]])
    _money(case, "100", [(400, REFERENCE, "Xero payment aaaaaaaa-0000-4000-8000-000000000000")])
    _same("what nobody approved", case.payments("200"), [])
    note = "by hand: Zoë\nXero payment aaaaaaaa-0000-4000-8000-000000000002"
    _money(case, "300", [(99.95, None, note)])
    done = [row["id"] for row in journey.ask("list", "history") if row["what"] == "applied"]
    _same("the history", len(done), 2)
    _same("what was undone", len(journey.ask("undo", *done, "--reason", "to see")["undone"]), 2)
    _same("the firm as it was", {number: case.payments(number) for number in before}, before)
    proof = journey.ask("verify")
    _same("the proof", bool(proof["good"]), expected=True)
    journey.ask("doctor")
    journey.ask("tieout")
    journey.ask("export", book)
    journey.ask("diagnostics", support)
    for made in ("book.xlsx", "support.zip"):
        if not zipfile.is_zipfile(case.path.parent / made):
            raise WrongError(f"{made} is no whole file")
    journey.tell("list", "proposals")
    journey.ask("disconnect")
    _same("Xero was only read", [request for request in xero.requests if "PUT" in request], [])


def _named(words: Sequence[str]) -> str:
    """Name a step by its verb, and by what it is about where that is a word and no option or id."""
    return " ".join(words[:2]) if words[0] == "list" else words[0]


def _money(case: CaseBook, number: str, expected: list[tuple[object, ...]]) -> None:
    found = [(amount, reference, notes) for _, amount, reference, notes in case.payments(number)]
    _same(f"the payments of {number}", found, expected)


def _same(what: str, found: object, expected: object) -> None:
    if found != expected:
        raise WrongError(f"{what}: {found!r}, not {expected!r}")


def as_module(python: Path) -> list[str]:
    """Return the words that run `cmxero` by a Python that sees the sources."""
    return [str(python), "-c", "import sys; from cmxero_desktop.__main__ import cmxero; sys.exit(cmxero())"]
