"""Answer whatever asks the port of a sign-in for a page, and hand on only the answer of that very sign-in."""

import asyncio
import socket
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from typing import TypeAlias
from urllib.parse import parse_qsl, urlsplit

Query: TypeAlias = Mapping[str, str]

PATH = "/callback"
_REQUEST_S = 10.0
_TURNS_OF_ACCEPTING = 10
# A browser opens a handful; a page or a program that opens hundreds must not use up what this process may open.
_MOST_AT_ONCE = 50
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
_NOT_OURS = (
    "This answer was not used",
    "It is not that of the sign-in that CM-Xero Desk waits for. Finish it in the page that the program opened last.",
)
_ELSEWHERE = ("Nothing to see here", "This page is only for the answer of a sign-in. You can close this window.")


class Visits:
    """Serves the connections of one wait; the first answer of which `is_ours` is true becomes the result of `answer`.

    Belongs to the loop that waits, and begins with `open`.
    """

    def __init__(self, answer: "asyncio.Future[Query]", is_ours: Callable[[Query], bool]) -> None:
        """Keep where the answer goes."""
        self._answer = answer
        self._is_ours = is_ours
        self._servers: list[asyncio.Server] = []
        self._tasks: dict[asyncio.Task[None], asyncio.StreamWriter] = {}
        self._has_ended = False

    async def open(self, sockets: Iterable[socket.socket]) -> None:
        """Accept connections of these listening sockets; `end` closes them."""
        self._servers = [await asyncio.start_server(self._begin, sock=each) for each in sockets]

    async def end(self) -> None:
        """Close every connection, also those that browsers make ahead and never use, and accept no more."""
        self._has_ended = True
        open_at_the_end = dict(self._tasks)
        for task, writer in open_at_the_end.items():
            task.cancel()
            writer.transport.abort()
        await asyncio.gather(*open_at_the_end, return_exceptions=True)
        # What is being accepted at this very moment comes to `_begin` a few turns of the loop later.
        for _ in range(_TURNS_OF_ACCEPTING):
            await asyncio.sleep(0)
        for server in self._servers:
            server.close()

    def _begin(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve a connection by a task of our own: of one of its own that is cancelled, asyncio prints the trace."""
        if self._has_ended:
            writer.transport.abort()
            return
        if len(self._tasks) >= _MOST_AT_ONCE:
            # Whoever came first and asked for nothing goes: Xero's own answer asks at once.
            oldest, idle = next(iter(self._tasks.items()))
            oldest.cancel()
            idle.transport.abort()
            self._tasks.pop(oldest)
        task = asyncio.ensure_future(self._serve(reader, writer))
        self._tasks[task] = writer
        task.add_done_callback(lambda ended: self._tasks.pop(ended, None))

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        query = None
        with suppress(OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, TimeoutError):
            request = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), _REQUEST_S)
            query = _query_of(request)
            is_ours = query is not None and self._is_ours(query)
            writer.write(_reply(query, is_ours=is_ours))
            query = query if is_ours else None
            await writer.drain()
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()
        if query is not None and not self._answer.done():
            self._answer.set_result(query)


def _query_of(request: bytes) -> dict[str, str] | None:
    """Return the query of a GET of the callback page, or None for anything else."""
    method, _, rest = request.partition(b"\r\n")[0].decode("latin-1").partition(" ")
    try:
        parts = urlsplit(rest.partition(" ")[0])
        query = parse_qsl(parts.query)
    except ValueError:
        return None
    return dict(query) if method == "GET" and parts.path == PATH else None


def _reply(query: Query | None, *, is_ours: bool) -> bytes:
    if query is None:
        status, (title, text) = "404 Not Found", _ELSEWHERE
    elif not is_ours:
        status, (title, text) = "400 Bad Request", _NOT_OURS
    else:
        status, (title, text) = "200 OK", _DONE if "code" in query else _DENIED
    body = _PAGE.format(title=title, text=text).encode()
    head = (
        f"HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {len(body)}\r\n"
        "Cache-Control: no-store\r\nReferrer-Policy: no-referrer\r\nConnection: close\r\n"
        "Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'\r\n\r\n"
    )
    return head.encode() + body
