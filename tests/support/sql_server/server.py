"""A stand-in for a SQL Server on loopback: it speaks the tabular data stream, and PostgreSQL stands behind it.

What the program and the tests say in T-SQL is translated (see `translation`), run, and answered in the types that were
declared. It is a SQL Server as far as what is listed in docs/sql-server.md goes, and refuses aloud what it does not
know.
"""

import socket
import ssl
import struct
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from sqlalchemy import URL, make_url

from tests.support.sql_server.database import Answer, Database
from tests.support.sql_server.packets import (
    ATTENDED,
    COLLATION,
    COUNT,
    ERROR,
    MORE,
    Done,
    Env,
    Message,
    SqlServerError,
    acknowledged,
    changed,
    done,
    greeted,
    greeting,
    read_message,
    reply,
    said,
    status_of_call,
    without_headers,
)
from tests.support.sql_server.tls import Secured
from tests.support.sql_server.types import Reader, described, row_of

_ENCRYPTION = 1
_ON, _NOT_SUPPORTED = 1, 2
_SP_EXECUTESQL = 10
_TOKEN = 0xED
# Where a sign-in says where what stands (MS-TDS 2.2.6.4).
_FLAGS, _LOGIN, _PASSWORD, _DATABASE, _SECURITY = 25, 40, 44, 68, 78


@dataclass
class Settings:
    """How this server behaves; a test may change it at any time."""

    login: str = "ann"
    password: str = "s3cret"
    context: ssl.SSLContext | None = None
    is_strict: bool = False
    version: tuple[int, int, int] = (16, 0, 4105)
    allows_snapshots: bool = True
    windows_tokens: list[bytes] = field(default_factory=list)
    """What the server answers to the tokens of a Windows sign-in, in turn; then it lets in whoever it is."""


@dataclass
class Seen:
    """What clients said, for tests to look at."""

    statements: list[str] = field(default_factory=list)
    tokens: list[tuple[int, bytes]] = field(default_factory=list)
    sign_ins: list[bytes] = field(default_factory=list)
    attentions: int = 0


class SqlServer:
    """Listens on a free port, from entering to leaving; `url` is for the program, `behind` the database behind."""

    def __init__(self, behind: str, settings: Settings | None = None) -> None:
        """Take the URL of a PostgreSQL database whose login may do anything."""
        self.behind = behind
        self.settings = settings or Settings()
        self.seen = Seen()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._clients: list[tuple[threading.Thread, _Session]] = []
        self._thread = threading.Thread(target=self._listen, name="sql server")
        self._is_leaving = False

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self._listener.getsockname()[1])

    @property
    def url(self) -> str:
        """The address with login and password; not encrypted, where it has no certificate."""
        return self.address().render_as_string(hide_password=False)

    def address(self, **query: str) -> URL:
        """Return the address with other options."""
        options = query or ({} if self.settings.context else {"encrypt": "no"})
        name = make_url(self.behind).database
        login, password = self.settings.login, self.settings.password
        return URL.create("mssql+pytds", login, password, "127.0.0.1", self.port, name, options)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._is_leaving = True
        with suppress(OSError), socket.create_connection(("127.0.0.1", self.port)):
            pass
        self._thread.join()
        self._listener.close()
        for thread, session in self._clients:
            session.hang_up()
            thread.join()

    def _listen(self) -> None:
        while True:
            sock, _ = self._listener.accept()
            if self._is_leaving:
                sock.close()
                return
            session = _Session(self, sock)
            thread = threading.Thread(target=session.serve, name="sql server session")
            self._clients.append((thread, session))
            thread.start()


class _Session:
    """One client, from its greeting to its leave. Statements run on a thread of their own, so that it may interrupt."""

    def __init__(self, server: SqlServer, sock: socket.socket) -> None:
        self._server = server
        self._settings = server.settings
        self._sock = sock
        self._receive: Callable[[int], bytes] = sock.recv
        self._send: Callable[[bytes], None] = sock.sendall
        self._database: Database | None = None
        self._running: threading.Thread | None = None
        self._lock = threading.Lock()
        self._is_interrupted = self._is_busy = False

    def serve(self) -> None:
        """Serve until the client leaves."""
        try:
            if self._settings.is_strict:
                self._encrypt_at_once()
            if self._greet() and self._sign_in():
                self._converse()
        except (OSError, EOFError):
            pass
        finally:
            self._leave()

    def _leave(self) -> None:
        if self._database is not None:
            self._database.interrupt()
            if self._running is not None:
                self._running.join()
            self._database.close()
        self.hang_up()
        self._sock.close()

    def hang_up(self) -> None:
        """End the connection, from whatever thread."""
        with suppress(OSError):
            self._sock.shutdown(socket.SHUT_RDWR)

    def _encrypt_at_once(self) -> None:
        assert self._settings.context is not None
        context = self._settings.context
        context.set_alpn_protocols(["tds/8.0"])
        secured = context.wrap_socket(self._sock, server_side=True, suppress_ragged_eofs=True)
        self._receive, self._send = secured.recv, secured.sendall
        self._sock = secured

    def _greet(self) -> bool:
        kind, data = read_message(self._receive)
        assert kind == Message.GREETING
        wanted = greeted(data)[_ENCRYPTION][0]
        major, minor, build = self._settings.version
        encryption = _ON if self._settings.context and not self._settings.is_strict else _NOT_SUPPORTED
        options = [(0, struct.pack(">BBHH", major, minor, build, 0)), (_ENCRYPTION, bytes([encryption])), (4, b"\0")]
        self._send(reply(greeting(options)))
        if encryption == _NOT_SUPPORTED:
            return True
        if wanted == _NOT_SUPPORTED:
            return False
        assert self._settings.context is not None
        secured = Secured(self._receive, self._send, self._settings.context)
        secured.shake_hands()
        self._receive, self._send = secured.receive, secured.send
        return True

    def _sign_in(self) -> bool:
        kind, data = read_message(self._receive)
        assert kind == Message.SIGN_IN
        self._server.seen.sign_ins.append(data)
        answers = iter(self._settings.windows_tokens)
        if is_by_windows := bool(data[_FLAGS] & 0x80):
            self._server.seen.tokens.append((kind, _token(data)))
            for answer in answers:
                self._send(reply(struct.pack("<BH", _TOKEN, len(answer)) + answer))
                self._server.seen.tokens.append(read_message(self._receive))
        login, password, database = _text(data, _LOGIN), _password(data), _text(data, _DATABASE)
        is_known = is_by_windows or (login.lower(), password) == (self._settings.login, self._settings.password)
        if not is_known:
            return self._refuse(SqlServerError(18456, f"Login failed for user '{login}'.", severity=14))
        behind = make_url(self._server.behind)
        if database and database.lower() != str(behind.database).lower():
            text = f'Cannot open database "{database}" requested by the login. The login failed.'
            return self._refuse(
                SqlServerError(4060, text, severity=11),
                SqlServerError(18456, f"Login failed for user '{login}'.", severity=14),
            )
        self._database = Database(behind, allows_snapshots=self._settings.allows_snapshots)
        self._send(
            reply(
                changed(Env.DATABASE, str(behind.database), "master")
                + changed(Env.COLLATION, COLLATION)
                + said(SqlServerError(5701, "Changed database context.", severity=0))
                + acknowledged(self._settings.version)
                + changed(Env.PACKET_SIZE, "4096", "4096")
                + done(Done.STATEMENT)
            )
        )
        return True

    def _refuse(self, *errors: SqlServerError) -> bool:
        self._send(reply(b"".join(map(said, errors)) + done(Done.STATEMENT, ERROR)))
        return False

    def _converse(self) -> None:
        while True:
            kind, data = read_message(self._receive)
            if kind == Message.ATTENTION:
                self._attend()
                continue
            assert not self._is_busy, "a request in the middle of another"
            if self._running is not None:
                self._running.join()
            self._is_interrupted, self._is_busy = False, True
            self._running = threading.Thread(target=self._answer, args=(kind, data), name="sql server statement")
            self._running.start()

    def _attend(self) -> None:
        """Give up what runs, and say so."""
        assert self._database is not None
        self._server.seen.attentions += 1
        with self._lock:
            self._is_interrupted = True
        self._database.interrupt()
        if self._running is not None:
            self._running.join()
        self._send(reply(done(Done.STATEMENT, ATTENDED)))

    def _answer(self, kind: int, data: bytes) -> None:
        assert self._database is not None
        number, data = without_headers(data)
        is_call = kind == Message.CALL
        if is_call:
            statement, values = _call(data)
        else:
            assert kind == Message.BATCH, f"a message of the kind {kind}"
            statement, values = data.decode("utf-16-le"), {}
        self._server.seen.statements.append(statement)
        assert number == self._database.transaction, "a request for another transaction"
        answers = self._database.answers_to(statement, values)
        packets = reply(_told(answers, is_call=is_call))
        with self._lock:
            self._is_busy = False
            if self._is_interrupted:
                return
            with suppress(OSError):
                self._send(packets)


def _told(answers: list[Answer], *, is_call: bool) -> bytes:
    """Return the tokens of all answers; only the last one says that no more follows."""
    kind = Done.INSIDE if is_call else Done.STATEMENT
    data = b""
    for answer in answers:
        data += b"".join(map(said, answer.errors)) + b"".join(changed(*one) for one in answer.changes)
        if answer.columns:
            data += described(answer.columns) + b"".join(row_of(answer.columns, row) for row in answer.rows)
        is_last = answer is answers[-1] and not is_call
        status = (0 if is_last else MORE) | (COUNT if answer.count is not None else 0)
        status |= ERROR if any(error.severity > 10 for error in answer.errors) else 0
        data += done(kind, status, answer.count or 0)
    if is_call:
        is_wrong = any(error.severity > 10 for answer in answers for error in answer.errors)
        data += status_of_call() + done(Done.PROCEDURE, ERROR if is_wrong else 0)
    return data


def _call(data: bytes) -> tuple[str, dict[str, object]]:
    reader = Reader(data)
    size = reader.number("<H")
    assert size == 0xFFFF, "a procedure that is called by its name"
    assert reader.number("<H") == _SP_EXECUTESQL
    reader.take(2)
    found = []
    while not reader.is_at_end:
        found.append(reader.parameter())
    (_, statement), _, *rest = found
    return str(statement), {name.lstrip("@"): value for name, value in rest}


def _token(data: bytes) -> bytes:
    place, size = struct.unpack_from("<HH", data, _SECURITY)
    return data[place : place + size]


def _text(data: bytes, at: int) -> str:
    place, size = struct.unpack_from("<HH", data, at)
    return data[place : place + 2 * size].decode("utf-16-le")


def _password(data: bytes) -> str:
    place, size = struct.unpack_from("<HH", data, _PASSWORD)
    hidden = data[place : place + 2 * size]
    shown = bytes(((byte ^ 0xA5) << 4 & 0xF0) | ((byte ^ 0xA5) >> 4) for byte in hidden)
    return shown.decode("utf-16-le")
