"""Run the tests by a Windows Python, folder by folder, each with a limit, and count what came of them."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from tools.windows.report import table
from tools.windows.wine import Visit

# The architecture is read from the sources, and servers, forks and kills need a Linux: what is left can be run.
FOLDERS = (
    "tests/domain",
    "tests/services",
    "tests/runtime",
    "tests/cli",
    "tests/app",
    "tests/adapters",
    "tests/ui",
)
_LIMIT_S = 2_400
# One test that waits for ever ends its folder's run with a word on where, long before the folder's limit.
_TEST_LIMIT_S = 300
_MARKS = "not keyring and not kill and not mariadb and not postgres"
_WORDS = ("passed", "failed", "error", "skipped", "deselected")
_COUNTED = re.compile(r"(\d+) (passed|failed|errors?|skipped|deselected)\b")
_FAULT = re.compile(r"^(?:FAILED|ERROR) (\S+)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one folder: counts by pytest's words, the tests that failed, and whether it came to its end."""

    folder: str
    counts: dict[str, int]
    faults: tuple[str, ...]
    ended: bool
    took_s: float


def run_folder(visit: Visit, python: Path, folder: str, log: Path) -> Outcome:
    """Run one folder's tests and keep what pytest said in `log`."""
    visit.set_for_good("QT_QPA_PLATFORM", "offscreen")
    told = visit.run(
        str(python),
        *("-m", "pytest", "-q", "-n0", "-p", "no:cacheprovider", "-p", "no:randomly", "--tb=short", "-rfE"),
        *("-o", f"faulthandler_timeout={_TEST_LIMIT_S}", "-m", _MARKS, "-c", r"Z:\source\pyproject.toml"),
        *("--rootdir", r"Z:\source", "Z:\\source\\" + folder.replace("/", "\\")),
        limit_s=_LIMIT_S,
    )
    log.write_text(f"{told.out}\n{told.error}", encoding="utf-8")
    return read_outcome(folder, told.out, ended=told.status in {0, 1}, took_s=told.took_s)


def read_outcome(folder: str, said: str, *, ended: bool, took_s: float) -> Outcome:
    """Read pytest's last line and its short summary."""
    lines = said.strip().splitlines()
    counts = {
        word.removesuffix("s") if word == "errors" else word: int(n)
        for n, word in _COUNTED.findall(lines[-1] if lines else "")
    }
    faults = tuple(_named(fault) for fault in _FAULT.findall(said))
    # A test that waited for ever ended the run with a word on where, and nothing was counted.
    return Outcome(folder, counts, faults, ended and bool(counts), took_s)


def _named(fault: str) -> str:
    """Return a test's name as it is called everywhere, whatever slashes it came with."""
    path, between, test = fault.partition("::")
    slashes = path.replace("\\", "/")
    return f"{slashes[slashes.find('tests/') :]}{between}{test}"


def run_all(
    visit: Visit, python: Path, folders: tuple[str, ...], logs: Path, say: Callable[[str], None]
) -> list[Outcome]:
    """Run folder by folder."""
    logs.mkdir(parents=True, exist_ok=True)
    outcomes = []
    for folder in folders:
        outcome = run_folder(visit, python, folder, logs / f"{folder.replace('/', '-')}.log")
        say(line(outcome))
        outcomes.append(outcome)
    return outcomes


def line(outcome: Outcome) -> str:
    """Say in a line what came of a folder."""
    counts = ", ".join(f"{count} {word}" for word, count in outcome.counts.items()) or "nothing counted"
    end = "" if outcome.ended else "; did not come to its end"
    return f"{outcome.folder}: {counts} in {outcome.took_s:.0f} s{end}"


def lines_of_tests(before: Sequence[str], outcomes: Sequence[Outcome], at: datetime) -> list[str]:
    """Return what the page says of all folders: those that ran anew, the others as it said before."""
    ran = {each.folder for each in outcomes}
    rows = {cells[0].strip("`"): cells for line in before if (cells := _cells(line))[:1] and "/" in cells[0]}
    rows |= {each.folder: _row(each, at) for each in outcomes}
    faults = [line for line in before if line.startswith("- `") and not line.startswith(tuple(f"- `{f}/" for f in ran))]
    faults += [f"- `{fault}`" for each in outcomes for fault in each.faults]
    shown = [rows[folder] for folder in FOLDERS if folder in rows]
    return [*table(("folder", *_WORDS, "took", "on"), shown), *(["", "Not passed:", "", *faults] if faults else [])]


def _row(outcome: Outcome, at: datetime) -> list[str]:
    took = f"{outcome.took_s:.0f} s" if outcome.ended else f"cut at {outcome.took_s:.0f} s"
    return [f"`{outcome.folder}`", *(str(outcome.counts.get(word, 0)) for word in _WORDS), took, f"{at:%d %b %Y}"]


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip("|").split("|")] if line.startswith("| ") else []
