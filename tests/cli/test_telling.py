"""What a verb did is told whatever becomes of the streams: it may be all that says what was written."""

import errno
import io
import json
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

import pytest

from cmxero_desktop.cli.answers import COULD_NOT, DONE, NOT_EVERY_ROW, Answer
from cmxero_desktop.cli.main import run
from cmxero_desktop.cli.stopping import STOPPING, stopped_between_rows
from cmxero_desktop.cli.telling import complain, is_reader_gone, tell
from cmxero_desktop.services.records.reports import ApplyReport, RowOutcome
from cmxero_desktop.services.verbs.commands.writing import Apply, Undo
from tests.cli.conftest import Office
from tests.support.patience import HUNG_S

WRITTEN = Answer({"applied": ["p1"]}, "applied: 1")
BY = ("--by", "Ann")
_FULL = Path("/dev/full")
_RUN = "import sys; from cmxero_desktop.__main__ import cmxero; sys.exit(cmxero())"


class Lost(io.StringIO):
    """A stream that takes what it is given and loses it when it has to keep it, as the cache of a full disk does."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.error = error

    def flush(self) -> None:
        raise self.error


def closed() -> TextIO:
    stream = io.StringIO()
    stream.close()
    return stream


@pytest.mark.parametrize(
    ("out", "why"),
    [
        (Lost(OSError(28, "No space left on device")), "No space left on device"),
        (Lost(OSError(5, "Input/output error")), "Input/output error"),
        (closed(), "it is closed"),
        (None, "it is closed"),
    ],
)
@pytest.mark.parametrize("is_json", [False, True])
def test_what_standard_output_does_not_take_goes_to_standard_error(
    out: TextIO | None, why: str, *, is_json: bool
) -> None:
    err = io.StringIO()
    assert tell(WRITTEN, out, err, is_json=is_json) == COULD_NOT
    first, _, rest = err.getvalue().partition("\n")
    assert why in first
    assert (json.loads(rest) == WRITTEN.document) if is_json else (rest == "applied: 1\n")


def test_a_status_that_says_more_stays() -> None:
    answer = Answer({"applied": []}, "failed: 1", NOT_EVERY_ROW)
    assert tell(answer, None, io.StringIO(), is_json=False) == NOT_EVERY_ROW


@pytest.mark.parametrize("status", [DONE, NOT_EVERY_ROW])
def test_a_reader_who_went_away_changes_no_status(status: int) -> None:
    err = io.StringIO()
    answer = Answer({"rows": []}, "a row", status)
    assert tell(answer, Lost(BrokenPipeError()), err, is_json=False) == status
    assert err.getvalue() == ""


def test_windows_calls_a_reader_who_went_away_an_invalid_argument(monkeypatch: pytest.MonkeyPatch) -> None:
    gone = OSError(errno.EINVAL, "Invalid argument")
    monkeypatch.setattr("cmxero_desktop.cli.telling.IS_WINDOWS", False)
    assert not is_reader_gone(gone)
    monkeypatch.setattr("cmxero_desktop.cli.telling.IS_WINDOWS", True)
    assert not is_reader_gone(OSError(errno.ENOSPC, "No space left on device"))
    assert not is_reader_gone(ValueError("closed"))
    err = io.StringIO()
    assert tell(WRITTEN, Lost(gone), err, is_json=True) == DONE
    assert err.getvalue() == ""


@pytest.mark.parametrize("err", [None, closed(), Lost(OSError(28, "No space left on device"))])
def test_where_standard_error_takes_nothing_either_nothing_else_goes_wrong(err: TextIO | None) -> None:
    complain(err, "A sentence.")
    assert tell(WRITTEN, None, err, is_json=False) == COULD_NOT


@pytest.mark.allow_log
def test_a_refusal_without_any_stream_is_a_status(office: Office) -> None:
    office.desk.error = ValueError()
    assert run(["poll"], office.factory, out=None, err=None) == COULD_NOT


@pytest.mark.skipif(sys.platform == "win32" or not _FULL.exists(), reason="this system has no disk that is always full")
@pytest.mark.parametrize("streams", ["out", "both"])
def test_a_real_program_on_a_full_disk_says_its_answer_where_it_can(tmp_path: Path, streams: str) -> None:
    with _FULL.open("w") as full:
        done = subprocess.run(
            [sys.executable, "-B", "-c", _RUN, "--home", str(tmp_path), "doctor"],
            check=False,
            stdout=full,
            stderr=full if streams == "both" else subprocess.PIPE,
            text=True,
            timeout=HUNG_S,
        )
    assert done.returncode == COULD_NOT
    if streams == "out":
        assert "did not take the answer (No space left on device)" in done.stderr
        assert "LOOK  settings" in done.stderr
        assert "Exception ignored" not in done.stderr
        assert "Traceback" not in done.stderr


@pytest.fixture
def _ctrl_c() -> Iterator[None]:
    """Hear Ctrl+C also where the tests run in the background of a shell, which has it ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("_ctrl_c")
@pytest.mark.parametrize("verb", ["approve", "undo"])
def test_the_first_ctrl_c_stops_between_two_rows_and_the_report_comes_out(
    office: Office, monkeypatch: pytest.MonkeyPatch, verb: str
) -> None:
    heard = threading.Event()
    monkeypatch.setattr(type(office.desk.waits), "stop_waiting", lambda _: heard.set())

    def interrupted(asked: Apply | Undo) -> ApplyReport:
        signal.raise_signal(signal.SIGINT)
        assert heard.wait(HUNG_S)
        return ApplyReport(applied=tuple(RowOutcome(row_id, "Written.") for row_id in asked.ids or ()))

    office.desk.answer(Apply.handled_by(interrupted))
    office.desk.answer(Undo.handled_by(interrupted))
    words = ("approve", "p1", *BY) if verb == "approve" else ("undo", "p1", *BY, "--reason", "wrong")
    assert office.run(*words) == DONE
    assert "Written." in office.out
    assert office.err in {"", f"{STOPPING}\n"}, "it is said beside the writing"


@pytest.mark.usefixtures("_ctrl_c")
def test_the_second_ctrl_c_stops_at_once() -> None:
    heard = threading.Event()

    def press_twice() -> None:
        with stopped_between_rows(heard.set, str):
            signal.raise_signal(signal.SIGINT)
            assert heard.wait(HUNG_S)
            signal.raise_signal(signal.SIGINT)

    with pytest.raises(KeyboardInterrupt):
        press_twice()
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_another_thread_hears_no_signals_and_does_its_work() -> None:
    done: list[str] = []

    def work() -> None:
        with stopped_between_rows(done.clear, done.append):
            done.append("worked")

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert done == ["worked"]


@pytest.mark.allow_log
def test_what_was_approved_is_told_although_applying_met_what_nobody_foresaw(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    def odd(_: Apply) -> ApplyReport:
        raise ArithmeticError("p4ssword")

    office.desk.answer(Apply.handled_by(odd))
    assert office.run("approve", "p1", *BY) == COULD_NOT
    assert "(ArithmeticError). It stays approved." in office.out
    assert "cmxero verify" in office.err
    assert "p4ssword" not in office.out + office.err
    assert "nobody foresaw" in caplog.text


@pytest.mark.parametrize("code_page", ["cp1252", "cp437", "ascii", "utf-8"])
@pytest.mark.parametrize("words", ["EFT Łódź 😀", "Zoë", "half a pair \ud83d", "plain"])
def test_a_document_is_one_that_every_reader_takes_whatever_the_code_page(code_page: str, words: str) -> None:
    taken = io.BytesIO()
    out = io.TextIOWrapper(taken, encoding=code_page, errors="backslashreplace")
    assert tell(Answer({"reference": words}, words), out, None, is_json=True) == DONE
    assert json.loads(taken.getvalue().decode("utf-8")) == {"reference": words}


def test_what_a_person_reads_stays_in_the_code_page_of_the_console() -> None:
    taken = io.BytesIO()
    out = io.TextIOWrapper(taken, encoding="cp1252", errors="backslashreplace", newline="")
    assert tell(Answer({}, "Zoë 😀"), out, None, is_json=False) == DONE
    assert taken.getvalue() == "Zoë \\U0001f600\n".encode("cp1252")
