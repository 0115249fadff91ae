"""What pytest said on Windows is counted as it said it, and a run that was cut is not taken for one that passed."""

from datetime import UTC, datetime

from tools.windows.report import table
from tools.windows.suite import Outcome, line, lines_of_tests, read_outcome

HEAD = ("folder", "passed", "failed", "error", "skipped", "deselected", "took", "on")
SAID = """\
..F..
=========================== short test summary info ============================
FAILED ..\\source\\tests\\runtime\\test_logs.py::test_tail - AssertionError: no
ERROR tests/runtime/test_other.py::test_that[a-b] - OSError
2 failed, 13 passed, 1 skipped, 3 deselected, 1 error in 7.10s
"""


def test_counts_and_faults_are_read() -> None:
    outcome = read_outcome("tests/runtime", SAID, ended=True, took_s=8.2)
    assert outcome.counts == {"failed": 2, "passed": 13, "skipped": 1, "deselected": 3, "error": 1}
    assert outcome.faults == (
        "tests/runtime/test_logs.py::test_tail",
        "tests/runtime/test_other.py::test_that[a-b]",
    )
    assert line(outcome).startswith("tests/runtime: 2 failed, 13 passed")


def test_a_run_in_which_a_test_waited_for_ever_did_not_come_to_its_end() -> None:
    assert not read_outcome("tests/app", "ss..FF..\nTimeout (0:05:00)!\n  File x", ended=True, took_s=690).ended


def test_only_the_folders_that_ran_are_told_anew() -> None:
    before = [
        *table(
            HEAD, [("`tests/domain`", "7", "0", "0", "0", "0", "5 s", "1 Nov 2026"), ("`tests/app`", *"123456", "x")]
        ),
        *("", "Not passed:", "", "- `tests/app/test_a.py::test_a`", "- `tests/cli/test_b.py::test_b`"),
    ]
    ran = [Outcome("tests/runtime", {"passed": 3}, (), ended=True, took_s=2.4)]
    ran += [Outcome("tests/app", {"passed": 1, "failed": 1}, ("tests/app/test_c.py::test_c",), ended=False, took_s=9)]
    assert lines_of_tests(before, ran, datetime(2026, 11, 29, tzinfo=UTC)) == [
        "| folder | passed | failed | error | skipped | deselected | took | on |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
        "| `tests/domain` | 7 | 0 | 0 | 0 | 0 | 5 s | 1 Nov 2026 |",
        "| `tests/runtime` | 3 | 0 | 0 | 0 | 0 | 2 s | 29 Nov 2026 |",
        "| `tests/app` | 1 | 1 | 0 | 0 | 0 | cut at 9 s | 29 Nov 2026 |",
        *("", "Not passed:", "", "- `tests/cli/test_b.py::test_b`", "- `tests/app/test_c.py::test_c`"),
    ]


def test_a_run_that_was_cut_says_so() -> None:
    assert line(read_outcome("tests/ui", "....", ended=False, took_s=1200)) == (
        "tests/ui: nothing counted in 1200 s; did not come to its end"
    )
    assert line(Outcome("tests/ui", {"passed": 1}, (), ended=True, took_s=2)) == "tests/ui: 1 passed in 2 s"
