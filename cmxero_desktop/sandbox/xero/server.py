"""The HTTP side of the sandbox: sockets, headers, compression, and the faults that only a socket can show."""

import contextlib
import gzip
import os
import selectors
import socket
import struct
import sys
from contextlib import ExitStack
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Lock
from urllib.parse import parse_qsl, urlsplit
from uuid import uuid4

from cmxero_desktop.sandbox.ledger.clock import Clock
from cmxero_desktop.sandbox.xero.api import ACCOUNTING_ROOT, Api
from cmxero_desktop.sandbox.xero.control import CONTROL_ROOT, Control
from cmxero_desktop.sandbox.xero.faults import Fault, FaultKind, Faults, refusal
from cmxero_desktop.sandbox.xero.messages import Answer, Request
from cmxero_desktop.sandbox.xero.recorder import Recorder

HOST = "127.0.0.1"
_BODY_LIMIT = 1_000_000
_HALF_REQUEST_S = 30
# On, with no time to linger: closing then resets the connection instead of ending it. Windows packs it shorter.
_NO_LINGER = struct.pack("hh" if os.name == "nt" else "ii", 1, 0)


class SandboxServer(ThreadingHTTPServer):
    """Serve one sandbox on loopback; closing it also ends the connections that clients keep open."""

    daemon_threads = False
    block_on_close = True
    request_queue_size = 64

    def __init__(self, port: int, api: Api, control: Control, clock: Clock, faults: Faults, requests: Recorder) -> None:
        self.api, self.control, self.clock, self.faults, self.requests = api, control, clock, faults, requests
        self.is_closing = Event()
        self._lock = Lock()
        self._open: set[socket.socket] = set()
        # What is rung once and heard by every handler that waits for a request.
        self._bell, self._rung = socket.socketpair()
        super().__init__((HOST, port), SandboxHandler)

    def answer(self, request: Request, afterwards: ExitStack) -> tuple[Answer, Fault | None]:
        """Return the answer, and the fault that spoils its sending, if any."""
        if request.path.startswith(CONTROL_ROOT):
            return self.control.answer(request), None
        fault = self.faults.take(request.path)
        stand_in = refusal(fault) if fault is not None else None
        answer = stand_in or self.faults.spoil_rows(request.path, self.api.answer(request, afterwards))
        is_cut = fault is not None and fault.kind is FaultKind.RESET
        self.requests.note(request, 0 if is_cut else answer.status)
        return answer, fault

    def process_request(self, request: socket.socket | tuple[bytes, socket.socket], client_address: object) -> None:
        """Remember the connection before its thread begins."""
        if isinstance(request, socket.socket):
            with self._lock:
                self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: socket.socket | tuple[bytes, socket.socket]) -> None:
        """Forget a connection that has ended."""
        if isinstance(request, socket.socket):
            with self._lock:
                self._open.discard(request)
        super().shutdown_request(request)

    def next_request(self, connection: socket.socket) -> bool:
        """Wait for a client's next request; False where the server closes first.

        A shutdown does not wake a thread that reads the socket on every system, so none reads before there is
        something to read. Clients send no request ahead of the answer to the one before.
        """
        with selectors.DefaultSelector() as waiting:
            waiting.register(connection, selectors.EVENT_READ)
            waiting.register(self._rung, selectors.EVENT_READ)
            waiting.select()
        return not self.is_closing.is_set()

    def server_close(self) -> None:
        """Wait for the handlers to end."""
        super().server_close()
        self._bell.close()
        self._rung.close()

    def end_connections(self) -> None:
        """End what clients keep open, so that no thread is left reading."""
        self.is_closing.set()
        self._bell.send(b"!")
        self.faults.release()
        with self._lock:
            still_open = list(self._open)
        for connection in still_open:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: socket.socket | tuple[bytes, socket.socket], client_address: object) -> None:
        """Stay quiet about clients that hang up, which tests make happen on purpose; report anything else."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class SandboxHandler(BaseHTTPRequestHandler):
    """Read requests from one connection and write their answers."""

    protocol_version = "HTTP/1.1"
    server_version = "Sandbox"
    sys_version = ""
    disable_nagle_algorithm = True
    wbufsize = -1
    # Of half a request the rest may never come.
    timeout = _HALF_REQUEST_S
    server: SandboxServer

    def handle_one_request(self) -> None:
        """Read and answer the next request, unless the server closes before there is one."""
        if self.server.next_request(self.connection):
            super().handle_one_request()
        else:
            self.close_connection = True

    def do_GET(self) -> None:
        """Answer any method; the name is http.server's."""
        request = self._request()
        if request is None:
            return
        with ExitStack() as afterwards:
            answer, fault = self.server.answer(request, afterwards)
            kind = fault.kind if fault is not None else None
            if fault is not None and kind is FaultKind.SLOW:
                self.server.is_closing.wait(fault.delay_s)
            if kind is FaultKind.HOLD:
                self.server.faults.wait()
            if kind is FaultKind.RESET:
                self._reset()
            else:
                self._send(request, answer, kind)

    do_POST = do_PUT = do_DELETE = do_PATCH = do_HEAD = do_GET

    def date_time_string(self, timestamp: float | None = None) -> str:
        """Give the Date header from the sandbox's clock."""
        if timestamp is not None:
            return super().date_time_string(timestamp)
        return format_datetime(self.server.clock.now().replace(microsecond=0), usegmt=True)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (http.server's name)
        """Say nothing: the recorder remembers every request."""

    def _request(self) -> Request | None:
        length = self.headers.get("Content-Length", "0")
        is_chunked = "Transfer-Encoding" in self.headers
        if is_chunked or not length.isdecimal() or int(length) > _BODY_LIMIT:
            # Whatever follows could not be told from the next request.
            self.close_connection = True
            self.send_error(411 if is_chunked else 413)
            return None
        parts = urlsplit(self.path)
        return Request(
            method=self.command,
            path=parts.path,
            query=dict(parse_qsl(parts.query, keep_blank_values=True)),
            headers={name.lower(): value for name, value in self.headers.items()},
            body=self.rfile.read(int(length)),
        )

    def _send(self, request: Request, answer: Answer, kind: FaultKind | None) -> None:
        body = answer.payload()
        if kind is FaultKind.NOT_JSON:
            body = body[: len(body) // 2]
        if self.server.faults.rewrite is not None and request.path.startswith(ACCOUNTING_ROOT) and answer.status == 200:  # noqa: PLR2004 (a status code)
            body = self.server.faults.rewrite(request.path, body)
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.content_type)
        if request.path.startswith(ACCOUNTING_ROOT):
            self.send_header("Xero-Correlation-Id", str(uuid4()))
        for name, value in answer.headers.items():
            self.send_header(name, value)
        body = self._encoded(request, body, kind)
        # A 204 has no body, and by the protocol no length either.
        if answer.status != 204:  # noqa: PLR2004 (a status code)
            self.send_header("Content-Length", str(len(body)))
        if kind is FaultKind.HALF:
            self.close_connection = True
            body = body[: len(body) // 2]
        self.end_headers()
        if request.method != "HEAD":
            self.wfile.write(body)

    def _encoded(self, request: Request, body: bytes, kind: FaultKind | None) -> bytes:
        wants_gzip = "gzip" in request.headers.get("accept-encoding", "") and bool(body)
        if kind is FaultKind.GZIP:
            self.send_header("Content-Encoding", "gzip")
            return b"\x1f\x8b\x08\x00" + body[:200]
        if not wants_gzip:
            return body
        self.send_header("Content-Encoding", "gzip")
        return gzip.compress(body, compresslevel=5, mtime=0)

    def _reset(self) -> None:
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
        # Both of the handler's files hold the socket open until they are closed.
        self.rfile.close()
        self.connection.close()
