"""Only one window opens a home folder; the second start raises the first, whatever was left behind."""

import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from cmxero_desktop.domain.errors import DeskError
from cmxero_desktop.runtime.single_instance import SingleInstance

_START = """
import sys
from pathlib import Path
from cmxero_desktop.runtime.single_instance import SingleInstance
with SingleInstance(Path(sys.argv[1]), lambda: print("raised", flush=True)) as instance:
    print(instance.acquire(), flush=True)
    sys.stdin.read()
"""


def start(home: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", _START, str(home)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


def said(process: subprocess.Popen[str]) -> str:
    """Return the next line that a process says."""
    assert process.stdout is not None
    return process.stdout.readline().strip()


def end(process: subprocess.Popen[str]) -> None:
    process.communicate()


def leave_a_killed_one(home: Path) -> None:
    killed = start(home)
    assert said(killed) == "True"
    killed.kill()
    end(killed)
    assert (home / "window.port").exists()


def second(home: Path, patience_s: float = 600) -> SingleInstance:
    return SingleInstance(home, lambda: None, patience_s)


def test_a_second_process_raises_the_first_and_gives_way(tmp_path: Path) -> None:
    raised = threading.Event()
    with SingleInstance(tmp_path, raised.set) as first:
        assert first.acquire()
        process = start(tmp_path)
        assert said(process) == "False"
        end(process)
        assert raised.is_set()


def test_a_first_process_is_raised_by_the_second(tmp_path: Path) -> None:
    process = start(tmp_path)
    assert said(process) == "True"
    with second(tmp_path) as late:
        assert not late.acquire()
    assert said(process) == "raised"
    end(process)
    with second(tmp_path) as free:
        assert free.acquire()


def test_the_right_is_free_again_after_a_release(tmp_path: Path) -> None:
    with second(tmp_path) as first:
        assert first.acquire()
    with second(tmp_path) as next_one:
        assert next_one.acquire()
    assert not (tmp_path / "window.port").exists()


def test_the_right_of_a_killed_process_is_free_and_its_successor_is_raised(tmp_path: Path) -> None:
    leave_a_killed_one(tmp_path)
    raised = threading.Event()
    with SingleInstance(tmp_path, raised.set) as successor:
        assert successor.acquire()
        with second(tmp_path) as late:
            assert not late.acquire()
        assert raised.is_set()


def test_a_first_that_only_begins_is_raised_once_it_listens(tmp_path: Path) -> None:
    leave_a_killed_one(tmp_path)
    raised, answers = threading.Event(), list[bool]()
    with SingleInstance(tmp_path, raised.set) as first:
        # It has the right, and the port file is still that of the killed one.
        first._lock.acquire()
        late = second(tmp_path)
        thread = threading.Thread(target=lambda: answers.append(late.acquire()))
        thread.start()
        first._begin_to_listen()
        thread.join()
    assert answers == [False]
    assert raised.is_set()


@pytest.mark.parametrize("left", ["", "no number", "1"])
def test_a_first_that_does_not_answer_is_told(tmp_path: Path, left: str) -> None:
    with second(tmp_path) as first:
        first._lock.acquire()
        (tmp_path / "window.port").write_text(left)
        with pytest.raises(DeskError, match="open already"):
            second(tmp_path, patience_s=0).acquire()


def test_a_stranger_on_the_port_is_not_taken_for_the_window(tmp_path: Path) -> None:
    with second(tmp_path) as first, socket.create_server(("127.0.0.1", 0)) as stranger:
        first._lock.acquire()
        (tmp_path / "window.port").write_text(str(stranger.getsockname()[1]))

        def hang_up() -> None:
            stranger.accept()[0].close()

        thread = threading.Thread(target=hang_up)
        thread.start()
        with pytest.raises(DeskError, match="open already"):
            second(tmp_path, patience_s=0).acquire()
        thread.join()


def test_a_second_start_takes_over_from_one_that_is_ending(tmp_path: Path) -> None:
    raised, answers = threading.Event(), list[bool]()
    first = SingleInstance(tmp_path, raised.set)
    assert first.acquire()
    first.step_down()
    late = second(tmp_path)

    def take_over() -> None:
        with late:
            answers.append(late.acquire())

    thread = threading.Thread(target=take_over)
    thread.start()
    first.release()
    thread.join()
    assert answers == [True]
    assert not raised.is_set()


def test_one_who_hangs_up_does_not_end_the_listening(tmp_path: Path) -> None:
    raised = threading.Event()
    with SingleInstance(tmp_path, raised.set) as first:
        assert first.acquire()
        port = int((tmp_path / "window.port").read_text().split()[0])
        socket.create_connection(("127.0.0.1", port)).close()
        with second(tmp_path) as late:
            assert not late.acquire()
        assert raised.is_set()


def test_whoever_can_read_the_home_folder_may_have_the_window_end(tmp_path: Path) -> None:
    asked, free = threading.Event(), list[bool]()
    first = SingleInstance(tmp_path, lambda: None, on_quit=asked.set)
    assert first.acquire()
    asker = threading.Thread(target=lambda: free.append(second(tmp_path).ask_to_end()))
    asker.start()
    asked.wait()
    first.step_down()
    first.release()
    asker.join()
    assert free == [True]
    with second(tmp_path) as next_one:
        assert next_one.acquire()


def test_a_window_that_stays_is_told_of_and_goes_on(tmp_path: Path) -> None:
    asked = threading.Event()
    with SingleInstance(tmp_path, lambda: None, on_quit=asked.set) as first:
        assert first.acquire()
        assert not second(tmp_path, patience_s=0).ask_to_end()
        assert asked.is_set()


def test_where_no_window_is_open_there_is_none_to_end(tmp_path: Path) -> None:
    assert second(tmp_path, patience_s=0).ask_to_end()


@pytest.mark.parametrize("line", [b"quit \n", b"quit 00000000000000000000000000000000\n", b"quit", b"\xff\xfe"])
def test_whoever_only_reaches_the_port_ends_nothing(tmp_path: Path, line: bytes) -> None:
    asked = threading.Event()
    with SingleInstance(tmp_path, asked.set, on_quit=asked.set) as first:
        assert first.acquire()
        port = int((tmp_path / "window.port").read_text().split()[0])
        with socket.create_connection(("127.0.0.1", port)) as stranger:
            stranger.sendall(line)
            assert stranger.recv(100) == b""
        assert not asked.is_set()
