"""Ask over the network: each request has one deadline however its answer comes in, and each body a size."""

import io
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from http.client import HTTPResponse
from socket import socket
from typing import TYPE_CHECKING, TypeVar

import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection

from cmxero_desktop.adapters.xero import faults
from cmxero_desktop.adapters.xero.pool import pool_for

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

ConnectionT = TypeVar("ConnectionT", bound=HTTPConnection)

_CHUNK_BYTES = 262_144
# What Xero says of an error is a few sentences; a web page of somebody else's is known by its beginning.
_PROBLEM_BYTES = 100_000
_OK = 200


@dataclass(frozen=True, slots=True)
class WholeAnswer:
    """A whole answer, unpacked. xero-python takes it for one of urllib3's, of which it asks only these fields."""

    status: int
    reason: str | None
    data: bytes = field(repr=False)
    headers: urllib3.HTTPHeaderDict = field(repr=False)

    @property
    def is_web_page(self) -> bool:
        """Whether it is a page for people, whatever it is called."""
        return "html" in self.headers.get("Content-Type", "").lower() or faults.is_web_page(self.data)


class Asker:
    """Sends one request at a time to the host of `url`, which takes at most `longest_s` from call to last byte.

    An answer of more than `most_bytes` is an error; of an answer that is an error itself the beginning is enough.
    `clock` counts monotonic seconds.
    """

    def __init__(
        self,
        url: str,
        *,
        proxy: str,
        longest_s: float,
        most_bytes: int,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Prepare the connections; nothing is sent yet. Raises SettingsError for a proxy that cannot be used."""
        self._most_bytes = most_bytes
        self._deadline = deadline = _Deadline(longest_s, clock)
        self._pool = pool_for(url, proxy=proxy)
        # They know the deadline and not this: what knew each other would keep its connections open for long.
        self._pool.pool_classes_by_scheme = {
            "http": _pool_class(urllib3.HTTPConnectionPool, _timed(HTTPConnection, deadline)),
            "https": _pool_class(urllib3.HTTPSConnectionPool, _timed(HTTPSConnection, deadline)),
        }

    def request(self, method: str, url: str, **options: object) -> WholeAnswer:
        """Ask as `urllib3.PoolManager.request` does, and return the whole answer. Raises urllib3's HTTPError."""
        self._deadline.begin()
        response = self._pool.request(method, url, **options | {"preload_content": False})  # type: ignore[arg-type] # the caller's, as urllib3 has them
        try:
            data = self._data_of(response)
        except BaseException:
            response.close()
            raise
        return WholeAnswer(response.status, response.reason, data, response.headers)

    def close(self) -> None:
        """Close all connections."""
        self._pool.clear()

    def _data_of(self, response: urllib3.BaseHTTPResponse) -> bytes:
        is_good = response.status == _OK
        limit, chunks, size = self._most_bytes if is_good else _PROBLEM_BYTES, [], 0
        while chunk := response.read(_CHUNK_BYTES):
            chunks.append(chunk)
            size += len(chunk)
            if size > limit:
                if is_good:
                    raise faults.AnswerTooLargeError
                response.close()
                break
        return b"".join(chunks)


class _Deadline:
    """When the request that is under way must be over."""

    def __init__(self, longest_s: float, clock: Callable[[], float]) -> None:
        self._longest_s = longest_s
        self._clock = clock
        self._ends_at = 0.0

    def begin(self) -> None:
        """Count from now."""
        self._ends_at = self._clock() + self._longest_s

    def left_s(self) -> float:
        """Return how many seconds are left; raise TimeoutError where none are."""
        left_s = self._ends_at - self._clock()
        if left_s <= 0:
            raise TimeoutError
        return left_s


def _timed(connection: type[ConnectionT], deadline: _Deadline) -> type[ConnectionT]:
    """Return this kind of connection with answers that keep the deadline."""
    timed = partial(_TimedResponse, deadline.left_s)
    return type(f"Timed{connection.__name__}", (connection,), {"response_class": staticmethod(timed)})


class _TimedResponse(HTTPResponse):
    """An answer of which each piece is waited for no longer than the request may last, from its first line on."""

    def __init__(self, left_s: Callable[[], float], sock: socket, *arguments: object, **named: object) -> None:
        super().__init__(sock, *arguments, **named)  # type: ignore[arg-type] # http.client's own
        # The two are of one make: what the library has opened is what it closes.
        self.fp: io.BufferedReader = io.BufferedReader(_TimedPieces(left_s, sock, self.fp))


class _TimedPieces(io.RawIOBase):
    """The bytes of a socket as they come. Urllib3 limits the wait for each piece only, and pieces may come for ever."""

    def __init__(self, left_s: Callable[[], float], sock: socket, opened: io.BufferedReader) -> None:
        super().__init__()
        self._left_s = left_s
        self._sock = sock
        self._opened = opened
        self._raw = opened.raw
        self._longest_wait_s = sock.gettimeout()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer", /) -> int | None:
        left_s, longest_s = self._left_s(), self._longest_wait_s
        self._sock.settimeout(left_s if longest_s is None else min(left_s, longest_s))
        return self._raw.readinto(memoryview(buffer))

    def close(self) -> None:
        self._opened.close()
        super().close()


def _pool_class(
    pool: type[urllib3.HTTPConnectionPool], connection: type[HTTPConnection]
) -> type[urllib3.HTTPConnectionPool]:
    return type(f"Timed{pool.__name__}", (pool,), {"ConnectionCls": connection})
