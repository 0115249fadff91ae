"""Let only one window open a home folder: the second start asks the first to come to the front."""

import logging
import socket
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Self

from filelock import FileLock, Timeout

_RAISE = b"raise\n"
_ANSWER_WITHIN_S = 2.0
_log = logging.getLogger(__name__)


class SingleInstance:
    """The right to be the one window of a home folder, held while the program runs."""

    def __init__(self, home: Path, on_raise: Callable[[], None]) -> None:
        """Prepare; `on_raise` is called on a thread of its own when a second start asks."""
        self._lock = FileLock(home / "window.lock", timeout=0)
        self._port_file = home / "window.port"
        self._on_raise = on_raise
        self._listener: socket.socket | None = None
        self._thread: threading.Thread | None = None

    def acquire(self) -> bool:
        """Become the one window; return False where another one is open, which is asked to come to the front."""
        try:
            self._lock.acquire()
        except Timeout:
            self._ask_the_first()
            return False
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._port_file.write_text(str(self._listener.getsockname()[1]), encoding="ascii")
        self._thread = threading.Thread(
            target=self._listen, args=(self._listener,), name="single-instance", daemon=True
        )
        self._thread.start()
        return True

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
            self._port_file.unlink(missing_ok=True)
        self._lock.release()

    def __enter__(self) -> Self:
        """Return itself; call `acquire` to find out whether this is the one."""
        return self

    def __exit__(self, *_: object) -> None:
        """Release."""
        self.release()

    def _listen(self, listener: socket.socket) -> None:
        while self._listener is not None:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection:
                connection.settimeout(_ANSWER_WITHIN_S)
                try:
                    asked = connection.recv(len(_RAISE))
                except OSError:
                    continue
            if asked == _RAISE:
                self._on_raise()

    def _ask_the_first(self) -> None:
        try:
            port = int(self._port_file.read_text(encoding="ascii"))
            with socket.create_connection(("127.0.0.1", port), timeout=_ANSWER_WITHIN_S) as connection:
                connection.sendall(_RAISE)
        except (OSError, ValueError):
            _log.info("The window that is open could not be asked to come to the front")
