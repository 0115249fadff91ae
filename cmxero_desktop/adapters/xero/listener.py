"""Wait on this computer for the browser to bring back Xero's answer to a sign-in, with a deadline."""

import asyncio
import errno
import socket
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from urllib.parse import parse_qsl, urlsplit

from cmxero_desktop.domain.errors import SignInError

PATH = "/callback"
_REQUEST_S = 10.0
_BROWSER_S = 1.0
_PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}</title><style>
body {{ font: 17px/1.5 system-ui, sans-serif; color: #1d2733; background: #f3f6f9; margin: 0;
  display: grid; place-items: center; min-height: 100vh }}
main {{ background: #fff; border-radius: 12px; padding: 2.5rem 3rem; max-width: 30rem;
  box-shadow: 0 8px 30px rgb(20 40 60 / 12%) }}
h1 {{ font-size: 1.4rem; margin: 0 0 .6rem }} p {{ margin: 0 }}
</style></head><body><main><h1>{title}</h1><p>{text}</p></main></body></html>
"""
_DONE = ("Thank you", "CM-Xero Desk has Xero's answer. You can close this window and go back to the program.")
_DENIED = ("Nothing was connected", "Xero was not connected. You can close this window and go back to the program.")
_ELSEWHERE = ("Nothing to see here", "This page is only for the answer of a sign-in. You can close this window.")


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

    def wait(self, open_browser: Callable[[], bool], deadline_s: float) -> Mapping[str, str]:
        """Open the browser and return the query that it brings back; SignInError when the deadline passes."""
        try:
            return asyncio.run(self._wait(open_browser, deadline_s))
        except TimeoutError as error:
            message = f"No answer came from the browser within {deadline_s:.0f} seconds."
            raise SignInError(message, "Start the sign-in again and finish it in the browser.") from error

    async def _wait(self, open_browser: Callable[[], bool], deadline_s: float) -> Mapping[str, str]:
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Mapping[str, str]] = loop.create_future()
        self._end = partial(loop.call_soon_threadsafe, _cancel, answer)
        if self._is_cancelled.is_set():
            raise _cancelled()
        visits = _Visits(answer)
        servers = [await asyncio.start_server(visits.serve, sock=each) for each in self._sockets]
        # A text browser holds its caller until it is closed, so it gets a thread of its own.
        browser = threading.Thread(target=_open, args=(open_browser, loop, answer), name="browser", daemon=True)
        browser.start()
        try:
            return await asyncio.wait_for(answer, deadline_s)
        finally:
            self._end = None
            for server in servers:
                server.close()
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


class _Visits:
    """Answers what browsers ask for; the first call of the callback page is the answer."""

    def __init__(self, answer: "asyncio.Future[Mapping[str, str]]") -> None:
        self._answer = answer
        self._open: dict[asyncio.StreamWriter, asyncio.Task[None] | None] = {}

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open[writer] = asyncio.current_task()
        query = None
        with suppress(OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, TimeoutError):
            request = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), _REQUEST_S)
            query = _query_of(request)
            writer.write(_reply(query))
            await writer.drain()
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()
        del self._open[writer]
        if query is not None and not self._answer.done():
            self._answer.set_result(query)

    async def end(self) -> None:
        """Close the connections that browsers open ahead and never use."""
        for writer in self._open:
            writer.close()
        await asyncio.gather(*(visit for visit in self._open.values() if visit is not None))


def _cancel(answer: "asyncio.Future[Mapping[str, str]]") -> None:
    if not answer.done():
        answer.set_exception(_cancelled())


def _cancelled() -> SignInError:
    return SignInError("The sign-in was cancelled.", "Start it again when you are ready.")


def _open(
    open_browser: Callable[[], bool], loop: asyncio.AbstractEventLoop, answer: "asyncio.Future[Mapping[str, str]]"
) -> None:
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


def _query_of(request: bytes) -> dict[str, str] | None:
    """Return the query of a GET of the callback page, or None for anything else."""
    method, _, rest = request.partition(b"\r\n")[0].decode("latin-1").partition(" ")
    try:
        parts = urlsplit(rest.partition(" ")[0])
    except ValueError:
        return None
    if method != "GET" or parts.path != PATH:
        return None
    return dict(parse_qsl(parts.query))


def _reply(query: Mapping[str, str] | None) -> bytes:
    if query is None:
        status, (title, text) = "404 Not Found", _ELSEWHERE
    else:
        status, (title, text) = "200 OK", _DONE if "code" in query else _DENIED
    body = _PAGE.format(title=title, text=text).encode()
    head = (
        f"HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {len(body)}\r\n"
        "Cache-Control: no-store\r\nReferrer-Policy: no-referrer\r\nConnection: close\r\n"
        "Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'\r\n\r\n"
    )
    return head.encode() + body
