"""Only one process of this computer checks Xero for a home folder, and a killed one gives its turn back at once."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from cmxero_desktop.domain.errors import XeroUnavailableError
from cmxero_desktop.runtime.one_poll import OnePoll

OTHER = """
import sys
from pathlib import Path
from cmxero_desktop.runtime.one_poll import OnePoll
with OnePoll(Path(sys.argv[1]), print)():
    print("mine", flush=True)
    sys.stdin.read()
"""


def test_turns_follow_one_another(tmp_path: Path) -> None:
    told: list[str] = []
    turn = OnePoll(tmp_path / "home", told.append)
    with turn():
        pass
    with turn():
        pass
    assert told == []


def test_a_turn_that_another_process_keeps_is_waited_for_and_said_so(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", OTHER, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "mine\n"
        told: list[str] = []
        with pytest.raises(XeroUnavailableError, match="half an hour"), OnePoll(tmp_path, told.append, longest_s=0)():
            pytest.fail("the turn was taken")
        assert told == ["Another running copy of this program checks Xero: waiting for it"]
        other.send_signal(signal.SIGKILL if sys.platform != "win32" else signal.SIGTERM)
        other.wait()
        with OnePoll(tmp_path, told.append)():
            assert len(told) == 1


def test_a_folder_that_cannot_be_used_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("a file", encoding="ascii")
    with pytest.raises(XeroUnavailableError, match="cannot be used"), OnePoll(tmp_path / "home", print)():
        pytest.fail("the turn was taken")
