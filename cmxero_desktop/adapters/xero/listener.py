"""Wait on this computer for the browser to bring back Xero's answer to a sign-in, with a deadline."""

import asyncio
import errno
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import partial

from cmxero_desktop.adapters.xero.visits import Query, Visits
from cmxero_desktop.domain.errors import SignInError

_BROWSER_S = 1.0


class Listener:
    """Listens on the registered port of 127.0.0.1, and of ::1 where that exists, from construction to `close`."""

    def __init__(self, port: int) -> None:
        """Take the port; SignInError where another program has it."""
        self._sockets: list[socket.socket] = []
        self._end: Callable[[], object] | None = None
        self._is_cancelled = threading.Event()
        try:
            self._listen(socket.AF_INET, "127.0.0.1", port)
            if socket.has_ipv6:
                self._listen_v6(port)
        except OSError as error:
            self.close()
            message = f"Port {port} on this computer, where Xero's answer arrives, is in use by another program."
            remedy = "Close that program, or register another port in Xero and set it as xero.redirect_port."
            raise SignInError(message, remedy) from error

    def close(self) -> None:
        """Give the port back."""
        for each in self._sockets:
            each.close()

    def cancel(self) -> None:
        """End `wait` from another thread, because a person does not want to sign in any more."""
        self._is_cancelled.set()
        end = self._end
        if end is not None:
            with suppress(RuntimeError):
                end()

    def wait(self, open_browser: Callable[[], bool], is_ours: Callable[[Query], bool], deadline_s: float) -> Query:
        """Open the browser and return the query of Xero's answer; SignInError when the deadline passes.

        Any page on the web can have the browser ask this port for anything: what is not ours never ends the wait.
        """
        try:
            return asyncio.run(self._wait(open_browser, is_ours, deadline_s))
        except TimeoutError as error:
            message = f"No answer came from the browser within {deadline_s:.0f} seconds."
            raise SignInError(message, "Start the sign-in again and finish it in the browser.") from error

    async def _wait(
        self, open_browser: Callable[[], bool], is_ours: Callable[[Query], bool], deadline_s: float
    ) -> Query:
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Query] = loop.create_future()
        self._end = partial(loop.call_soon_threadsafe, _cancel, answer)
        if self._is_cancelled.is_set():
            raise _cancelled()
        visits = Visits(answer, is_ours)
        await visits.open(self._sockets)
        # A text browser holds its caller until it is closed, so it gets a thread of its own.
        browser = threading.Thread(target=_open, args=(open_browser, loop, answer), name="browser", daemon=True)
        browser.start()
        try:
            return await asyncio.wait_for(answer, deadline_s)
        finally:
            self._end = None
            await visits.end()
            browser.join(_BROWSER_S)

    def _listen_v6(self, port: int) -> None:
        try:
            self._listen(socket.AF_INET6, "::1", port)
        except OSError as error:
            # Somebody else on ::1 would get the browser's answer; a computer without IPv6 is fine.
            if error.errno == errno.EADDRINUSE:
                raise

    def _listen(self, family: socket.AddressFamily, host: str, port: int) -> None:
        listening = socket.socket(family, socket.SOCK_STREAM)
        self._sockets.append(listening)
        if hasattr(socket, "SO_EXCLUSIVEADDRUSE"):
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((host, port))
            listening.listen()
        except OSError:
            self._sockets.remove(listening)
            listening.close()
            raise


def _cancel(answer: "asyncio.Future[Query]") -> None:
    if not answer.done():
        answer.set_exception(_cancelled())


def _cancelled() -> SignInError:
    return SignInError("The sign-in was cancelled.", "Start it again when you are ready.")


def _open(open_browser: Callable[[], bool], loop: asyncio.AbstractEventLoop, answer: "asyncio.Future[Query]") -> None:
    def give_up() -> None:
        if not answer.done():
            remedy = "Set a standard browser on this computer (or BROWSER in the environment) and sign in again."
            answer.set_exception(SignInError("No web browser could be opened for the sign-in.", remedy))

    try:
        is_open = open_browser()
    except OSError:
        is_open = False
    # The loop may be closed by now: then the answer is there already.
    with suppress(RuntimeError):
        if not is_open:
            loop.call_soon_threadsafe(give_up)
