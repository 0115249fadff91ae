"""A file that is what it was is not read again; whoever wrote to it, in whatever way, is seen at the next reading."""

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cmxero_desktop.adapters.casemanager import CaseManagerDatabase, reading
from cmxero_desktop.adapters.casemanager.unmoved import LastReading, state_of
from cmxero_desktop.services.records.readings import NOT_COMPARED, CaseReading
from tests.adapters.casemanager.firms import AUD, Firm, reference_firm

Opened = Callable[[Firm], CaseManagerDatabase]
NUMBERS = ("10234", "10235")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "case.db"


@pytest.fixture
def firm(path: Path) -> Firm:
    made = reference_firm(f"sqlite:///{path}")
    made.add_payment(1, "10.00")
    return made


@pytest.fixture
def fetched(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Note each reading of everything."""
    noted: list[str] = []
    whole = reading.SideReader.read

    def noting(*given: object, **named: object) -> CaseReading:
        noted.append("read")
        return whole(*given, **named)  # type: ignore[arg-type]  # passed on as they came

    monkeypatch.setattr(reading.SideReader, "read", noting)
    return noted


def written(path: Path, statement: str, mode: str = "DELETE") -> None:
    """Write as another program does."""
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute(f"PRAGMA journal_mode = {mode}")
        other.execute(statement)


def test_what_nobody_wrote_to_is_read_once(firm: Firm, opened: Opened, fetched: list[str]) -> None:
    database = opened(firm)
    first = database.read(NUMBERS, AUD)
    again = database.read(NUMBERS, AUD, unlike=first.marks)
    assert fetched == ["read"]
    assert (again.sides, again.others, again.changed) == ({}, (), NOT_COMPARED)
    assert (again.digest, again.numbers, again.marks) == (first.digest, first.numbers, first.marks)
    # Who asks for an invoice gets it, and nothing else is fetched for that.
    wanted = database.read(NUMBERS, AUD, unlike=again.marks, also=["10234", "none"])
    assert wanted.sides == {"10234": first.sides["10234"]}
    assert wanted.changed.numbers == {"10234", "none"}
    assert fetched == ["read"]
    assert database.read(NUMBERS, AUD).sides == first.sides
    assert fetched == ["read", "read"]


@pytest.mark.parametrize("mode", ["DELETE", "TRUNCATE", "PERSIST", "MEMORY", "WAL", "OFF"])
def test_whoever_wrote_is_seen_whatever_journal_he_keeps(firm: Firm, opened: Opened, path: Path, mode: str) -> None:
    database = opened(firm)
    before = database.read(NUMBERS, AUD)
    for amount in (11, 12):
        written(path, f"UPDATE payments SET amount = {amount}", mode)  # noqa: S608 - two numbers of our own
        after = database.read(NUMBERS, AUD, unlike=before.marks)
        assert after.changed.numbers == {"10234"}
        assert after.sides["10234"].payments[0].amount.minor == amount * 100
        before = after


def test_a_file_that_was_put_in_its_place_is_seen(firm: Firm, opened: Opened, path: Path, tmp_path: Path) -> None:
    """Also one with the same number of writes, of the same size and time: a restored or a copied file."""
    database = opened(firm)
    other = tmp_path / "other.db"
    shutil.copyfile(path, other)
    written(path, "UPDATE payments SET amount = 20")
    written(other, "UPDATE payments SET amount = 30")
    seen = path.stat()
    os.utime(other, ns=(seen.st_atime_ns, seen.st_mtime_ns))
    before = database.read(NUMBERS, AUD)
    other.replace(path)
    after = database.read(NUMBERS, AUD, unlike=before.marks)
    assert after.sides["10234"].payments[0].amount.minor == 3000


def test_while_somebody_writes_and_after_half_an_hour_everything_is_read(firm: Firm, path: Path) -> None:
    clock = iter([0.0, 60.0, 1799.0, 1800.0])
    last, read = LastReading(path, steady_s=lambda: next(clock)), CaseReading(sides={})
    begun = last.state()
    assert begun is not None, firm.url
    last.keep(begun, read)
    assert last.unmoved(begun, read.marks) is not None
    assert last.unmoved(begun, read.marks) is not None
    assert last.unmoved(begun, read.marks) is None
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        other.execute("UPDATE payments SET amount = 99")
        assert state_of(path) is None
        other.execute("ROLLBACK")
    assert state_of(path) == begun


def test_what_was_written_while_it_was_read_is_not_kept(firm: Firm, path: Path) -> None:
    last, read = LastReading(path), CaseReading(sides={})
    begun = last.state()
    written(path, "UPDATE payments SET amount = 11")
    last.keep(begun, read)
    assert last.unmoved(last.state(), read.marks) is None
    assert firm.url


def test_what_is_no_database_says_nothing(tmp_path: Path) -> None:
    assert state_of(tmp_path / "none.db") is None
    (tmp_path / "text.db").write_bytes(b"x" * 200)
    assert state_of(tmp_path / "text.db") is None
    (tmp_path / "short.db").write_bytes(b"SQLite format 3\0")
    assert state_of(tmp_path / "short.db") is None
    assert LastReading(None).state() is None


def test_a_write_between_the_probe_and_the_reading_of_one_invoice_is_seen(
    firm: Firm, opened: Opened, path: Path, fetched: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    database = opened(firm)
    before = database.read(NUMBERS, AUD)
    of_one = reading.SideReader.read_again

    def meanwhile(*given: object) -> CaseReading:
        found = of_one(*given)  # type: ignore[arg-type]  # passed on as they came
        # A real writer would wait until we have read; the time of the last write shows one as well.
        os.utime(path, ns=(1, 1))
        return found

    monkeypatch.setattr(reading.SideReader, "read_again", meanwhile)
    after = database.read(NUMBERS, AUD, unlike=before.marks, also=["10234"])
    assert fetched == ["read", "read"]
    assert after.sides == {"10234": before.sides["10234"]}


def test_nobody_writes_into_a_reading_although_the_file_was_looked_at(
    firm: Firm, opened: Opened, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To look at a file ends this process's locks on it: a reading under way must not be left without."""
    database = opened(firm)
    before = database.read(NUMBERS, AUD)
    of_one, whole, answers = reading.SideReader.read_again, reading.SideReader.read, list[str]()

    def meanwhile(*given: object) -> CaseReading:
        found = of_one(*given)  # type: ignore[arg-type]  # passed on as they came
        os.utime(path, ns=(1, 1))
        return found

    def disturbed(*given: object, **named: object) -> CaseReading:
        found = whole(*given, **named)  # type: ignore[arg-type]  # passed on as they came
        answers.append(written_elsewhere(path))
        return found

    monkeypatch.setattr(reading.SideReader, "read_again", meanwhile)
    monkeypatch.setattr(reading.SideReader, "read", disturbed)
    database.read(NUMBERS, AUD, unlike=before.marks, also=["10234"])
    assert answers == ["database is locked"]
    assert written_elsewhere(path) == ""


def written_elsewhere(path: Path) -> str:
    """Write at once from another process, whose locks are its own; return what it was told."""
    program = (
        "import sqlite3, sys\n"
        "connection = sqlite3.connect(sys.argv[1], timeout=0, isolation_level=None)\n"
        "try:\n"
        "    connection.execute('UPDATE payments SET amount = amount + 1')\n"
        "except sqlite3.OperationalError as error:\n"
        "    print(error)\n"
    )
    ended = subprocess.run([sys.executable, "-c", program, path], capture_output=True, text=True, check=True)
    return ended.stdout.strip()


WRITES = st.lists(
    st.tuples(
        st.sampled_from(
            [
                "UPDATE payments SET amount = amount + 1",
                "UPDATE payments SET notes = 'x'",
                (
                    "INSERT INTO payments (invoice_id, payment_date, amount, payment_type) "
                    "SELECT invoice_id, '2026-11-02', 5, 'EFT' FROM invoices WHERE invoice_number = '10235'"
                ),
                "DELETE FROM payments WHERE amount > 20",
                "UPDATE invoices SET invoice_number = invoice_number || '9' WHERE invoice_number = '10235'",
                "VACUUM",
                "SELECT 1",
            ]
        ),
        st.sampled_from(["DELETE", "TRUNCATE", "MEMORY", "WAL"]),
        st.booleans(),
    ),
    max_size=8,
)


@given(WRITES)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_was_written_it_is_found_as_a_database_that_remembers_nothing_finds_it(
    tmp_path_factory: pytest.TempPathFactory, writes: list[tuple[str, str, bool]]
) -> None:
    path = tmp_path_factory.mktemp("firm") / "case.db"
    firm = reference_firm(f"sqlite:///{path}")
    firm.add_payment(1, "10.00")
    with closing(firm.open()) as database, closing(firm.open()) as forgetful:
        before = database.read(NUMBERS, AUD)
        for statement, mode, is_read_between in writes:
            written(path, statement, mode)
            if is_read_between:
                found = database.read(NUMBERS, AUD, unlike=before.marks)
                truth = forgetful.read(NUMBERS, AUD, unlike=before.marks)
                assert (found.sides, found.numbers, found.digest) == (truth.sides, truth.numbers, truth.digest)
                assert found.changed == truth.changed
                before = found
