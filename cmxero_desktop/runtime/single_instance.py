"""Let only one window open a home folder: the second start asks the first to come to the front, or to end.

Everybody on the computer reaches the port, so whoever asks it to end shows the key that lies in the home folder.
"""

import hmac
import logging
import secrets
import socket
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Self

from filelock import FileLock, Timeout

from cmxero_desktop.domain.errors import DeskError
from cmxero_desktop.held_files import patiently

STILL_OPEN = "The window is still open: it is doing something, or waits for an answer."

_RAISE, _QUIT, _RAISED, _ENDING = b"raise\n", b"quit ", b"raised\n", b"ending\n"
_KEY_BYTES = 16
# Hexadecimal, and the end of the line.
_LONGEST = len(_QUIT) + 2 * _KEY_BYTES + 1
_ANSWER_WITHIN_S = 2.0
_TRY_EVERY_S = 0.2
# As long as a window that was closed may take to end the job that it has begun.
_PATIENCE_S = 40.0
_log = logging.getLogger(__name__)


class SingleInstance:
    """The right to be the one window of a home folder, held while the program runs."""

    def __init__(
        self,
        home: Path,
        on_raise: Callable[[], None],
        patience_s: float | None = None,
        on_quit: Callable[[], None] = lambda: None,
    ) -> None:
        """Prepare; `on_raise` and `on_quit` are called on a thread of their own when a second start asks.

        `patience_s` is how long a second start waits for a first one that is just beginning or ending.
        """
        self._lock = FileLock(home / "window.lock")
        self._port_file = home / "window.port"
        self._key = secrets.token_hex(_KEY_BYTES)
        self._on_raise = on_raise
        self._on_quit = on_quit
        self._patience_s = _PATIENCE_S if patience_s is None else patience_s
        self._is_ending = False
        self._listener: socket.socket | None = None
        self._thread: threading.Thread | None = None

    def acquire(self) -> bool:
        """Become the one window; return False where another one is open and has been raised.

        Raises DeskError where another one is open and does not answer.
        """
        deadline, wait_s = time.monotonic() + self._patience_s, 0.0
        while True:
            try:
                self._lock.acquire(timeout=wait_s)
            except Timeout:
                if self._is_first_raised():
                    return False
            else:
                self._begin_to_listen()
                return True
            if time.monotonic() >= deadline:
                message = "The program is open already, but its window cannot be brought to the front."
                raise DeskError(message, "Look for it in the tray, or end it and start it again.")
            # It begins and listens in a moment, or it ends and gives the right back.
            wait_s = _TRY_EVERY_S

    def ask_to_end(self) -> bool:
        """Ask the window that is open to quit as a person would; return whether none is open any longer.

        It ends the job that it has begun, which is waited for as long as a second start would.
        """
        deadline = time.monotonic() + self._patience_s
        wait_s = 0.0
        while True:
            try:
                with self._lock.acquire(timeout=wait_s):
                    return True
            except Timeout:
                self._is_answered(_asking_to_quit, _ENDING)
            if time.monotonic() >= deadline:
                return False
            wait_s = _TRY_EVERY_S

    def step_down(self) -> None:
        """Have a second start wait for its turn from now on: the window is closed, and only work is still ended."""
        self._is_ending = True

    def release(self) -> None:
        """Give the right back."""
        if self._listener is not None:
            # A closed listener wakes no accept on Linux; a last connection does.
            listener, self._listener = self._listener, None
            address = listener.getsockname()
            try:
                socket.create_connection(address, timeout=_ANSWER_WITHIN_S).close()
            except OSError:
                _log.info("The listener for a second start had ended already")
            if self._thread is not None:
                self._thread.join(_ANSWER_WITHIN_S)
            listener.close()
            patiently(lambda: self._port_file.unlink(missing_ok=True))
        self._lock.release()

    def __enter__(self) -> Self:
        """Return itself; call `acquire` to find out whether this is the one."""
        return self

    def __exit__(self, *_: object) -> None:
        """Release."""
        self.release()

    def _begin_to_listen(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        # In one step: a second start never reads half a number, nor the port of a process that was killed.
        fresh = self._port_file.with_suffix(".new")
        fresh.write_text(f"{self._listener.getsockname()[1]}\n{self._key}\n", encoding="ascii")
        patiently(lambda: fresh.replace(self._port_file))
        self._thread = threading.Thread(
            target=self._listen, args=(self._listener,), name="single-instance", daemon=True
        )
        self._thread.start()

    def _listen(self, listener: socket.socket) -> None:
        while self._listener is not None:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection:
                self._answer(connection)

    def _answer(self, connection: socket.socket) -> None:
        connection.settimeout(_ANSWER_WITHIN_S)
        try:
            asked = connection.recv(_LONGEST)
            if hmac.compare_digest(asked, _asking_to_quit(self._key)):
                self._on_quit()
                connection.sendall(_ENDING)
            elif asked == _RAISE and self._is_ending:
                connection.sendall(_ENDING)
            elif asked == _RAISE:
                self._on_raise()
                connection.sendall(_RAISED)
        except OSError:
            _log.info("A second start went away before it was answered")

    def _is_first_raised(self) -> bool:
        """Ask the window that is open to come to the front; a port that a killed process left behind says no."""
        return self._is_answered(lambda _: _RAISE, _RAISED)

    def _is_answered(self, asking: Callable[[str], bytes], expected: bytes) -> bool:
        try:
            port, _, key = self._port_file.read_text(encoding="ascii").partition("\n")
            with socket.create_connection(("127.0.0.1", int(port)), timeout=_ANSWER_WITHIN_S) as connection:
                connection.sendall(asking(key.strip()))
                return connection.recv(len(_RAISED)) == expected
        except (OSError, ValueError):
            return False


def _asking_to_quit(key: str) -> bytes:
    return _QUIT + key.encode("ascii") + b"\n"
