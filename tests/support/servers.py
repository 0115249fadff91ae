"""Starts a throw-away PostgreSQL or MariaDB server on loopback, once for all test processes, and ends it.

A server that stands ready already is used instead when `CMXERO_TEST_POSTGRES` or `CMXERO_TEST_MARIADB` holds
its URL; that login must be allowed to create databases, and such a server is never ended.

The test run's first process makes a folder and names it in `CMXERO_TEST_SERVERS`. Whichever process needs a
server first starts it under a file lock and notes it there; the others read the note.
"""

import json
import os
import secrets
import select
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from filelock import FileLock
from sqlalchemy import URL, Connection, create_engine, make_url
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import NullPool

FOLDER_VARIABLE: Final = "CMXERO_TEST_SERVERS"
START_TIMEOUT_S: Final = 60
STOP_TIMEOUT_S: Final = 15
_PROBE_INTERVAL_S: Final = 0.05
_PORT_TRIES: Final = 5
_LOGIN: Final = "cmxero"
_KNOWS_STRATEGIES: Final = 15


class ServerUnavailableError(Exception):
    """This machine cannot run the server; the message says why and what to install."""


@dataclass(frozen=True, slots=True)
class Server:
    """A reachable server: the URL of a login that may create databases, and its process if it is ours."""

    url: str
    pid: int | None = None


@dataclass(frozen=True, slots=True)
class _Kind:
    name: str
    variable: str
    start: Callable[[Path, int, str], tuple[subprocess.Popen[bytes], URL]]


_children: list[subprocess.Popen[bytes]] = []
_connections: dict[URL, Connection] = {}


def make_folder() -> Path:
    """Make the folder that this run's servers are noted in; every process may pass through it."""
    folder = Path(tempfile.mkdtemp(prefix="cmxero-servers-"))
    folder.chmod(0o755)  # the servers run as users of their own
    return folder


def postgres(folder: Path) -> Server:
    """Give the run's PostgreSQL server, started now if no process needed it before."""
    return _shared(folder, _Kind("postgres", "CMXERO_TEST_POSTGRES", _start_postgres))


def mariadb(folder: Path) -> Server:
    """Give the run's MariaDB server, started now if no process needed it before."""
    return _shared(folder, _Kind("mariadb", "CMXERO_TEST_MARIADB", _start_mariadb))


def stop_all(folder: Path) -> None:
    """End every server that this run started, and remove its files."""
    for note in folder.glob("*.json"):
        server = Server(**json.loads(note.read_text()))
        if server.pid is not None:
            _end(server.pid, proof=str(folder))
    for child in _children:
        child.wait(STOP_TIMEOUT_S)
    _children.clear()
    shutil.rmtree(folder)


def create_database(server: Server, name: str, encoding: str = "", template: str = "") -> str:
    """Create a database and give its URL; it keeps all of Unicode unless another encoding is named.

    It is empty, or on PostgreSQL a copy of the template that is named.
    """
    url = make_url(server.url)
    if url.get_backend_name() == "mysql":
        options = f" CHARACTER SET {encoding or 'utf8mb4'}"
    else:
        options = f" ENCODING '{encoding}' TEMPLATE template0" if encoding else ""
        options = f" TEMPLATE {template}" if template else options
        # The files are copied as they are: to write each of their pages to the log as well costs as much again.
        options += " STRATEGY FILE_COPY" if _copies_files(url) else ""
    _connection_to(url).exec_driver_sql(f"CREATE DATABASE {name}{options}")
    return url.set(database=name).render_as_string(hide_password=False)


def drop_database(server: Server, name: str) -> None:
    """Drop a database, whoever is still connected to it."""
    url = make_url(server.url)
    options = "" if url.get_backend_name() == "mysql" else " WITH (FORCE)"
    _connection_to(url).exec_driver_sql(f"DROP DATABASE {name}{options}")


def _administer(url: URL, statement: str) -> None:
    engine = create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(statement)


def leave() -> None:
    """Close this process's connections to servers."""
    for connection in _connections.values():
        connection.close()
    _connections.clear()


def _connection_to(url: URL) -> Connection:
    """Return a connection that is kept until the process ends: to sign in costs as much as to make a database."""
    if url not in _connections:
        _connections[url] = create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT").connect()
    return _connections[url]


def _copies_files(url: URL) -> bool:
    """Tell whether a PostgreSQL server knows how to copy a database otherwise than page by page through its log."""
    major, *_ = _connection_to(url).dialect.server_version_info or (0,)
    return int(major) >= _KNOWS_STRATEGIES


def _shared(folder: Path, kind: _Kind) -> Server:
    if given := os.environ.get(kind.variable):
        return Server(given)
    note = folder / f"{kind.name}.json"
    with FileLock(folder / f"{kind.name}.lock"):
        if note.exists():
            return Server(**json.loads(note.read_text()))
        server = _start(folder, kind)
        note.write_text(json.dumps(asdict(server)))
        return server


def _start(folder: Path, kind: _Kind) -> Server:
    failures: list[str] = []
    for attempt in range(_PORT_TRIES):  # another program may take the free port before the server does
        place = folder / f"{kind.name}-{attempt}"
        place.mkdir()
        process, url = kind.start(place, _free_port(), secrets.token_hex(16))
        failure = _await_ready(process, url)
        if not failure:
            _children.append(process)
            return Server(url.render_as_string(hide_password=False), process.pid)
        failures.append(f"{failure}; {_log_end(place)}")
    raise ServerUnavailableError(f"{kind.name} did not start: {failures[-1]}")


def _await_ready(process: subprocess.Popen[bytes], url: URL) -> str:
    """Give an empty text once a login succeeds, else why it never did."""
    last_error = ""
    for _ in range(int(START_TIMEOUT_S / _PROBE_INTERVAL_S)):
        try:
            _administer(url, "SELECT 1")
        except OperationalError as error:
            last_error = str(error.orig)
        else:
            return ""
        try:
            return f"it ended with status {process.wait(_PROBE_INTERVAL_S)}"
        except subprocess.TimeoutExpired:
            continue
    process.kill()
    process.wait()
    return f"no login within {START_TIMEOUT_S} s: {last_error}"


def _end(pid: int, proof: str) -> None:
    """End one process by its id, but only if its command line proves that it is still the one we started."""
    try:
        handle = os.pidfd_open(pid)
    except ProcessLookupError:
        return
    try:
        if proof not in Path(f"/proc/{pid}/cmdline").read_text():
            return
        for request in (signal.SIGQUIT if _is_postgres(pid) else signal.SIGTERM, signal.SIGKILL):
            signal.pidfd_send_signal(handle, request)
            if select.select([handle], [], [], STOP_TIMEOUT_S)[0]:
                return
    finally:
        os.close(handle)


def _is_postgres(pid: int) -> bool:
    # PostgreSQL waits for its clients after SIGTERM and leaves at once after SIGQUIT; the data is thrown away.
    return "postgres" in Path(f"/proc/{pid}/comm").read_text()


def _start_postgres(place: Path, port: int, password: str) -> tuple[subprocess.Popen[bytes], URL]:
    initdb = _find("initdb", "postgresql", sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True))
    data, secret = place / "data", place / "secret"
    secret.write_text(password)
    account = _hand_over(place, "postgres", secret)
    make = [initdb, "-D", data, "-U", _LOGIN, f"--pwfile={secret}", "-A", "scram-sha-256"]
    _run_as(account, [*map(str, make), "--encoding=UTF8", "--locale=C", "--no-sync"], place)
    secret.unlink()
    serve = [str(Path(initdb).with_name("postgres")), "-D", str(data), "-h", "127.0.0.1", "-p", str(port)]
    # The clients are killed in tests, the machine never loses power: nothing is gained by waiting for the disk.
    quick = ["-c", "fsync=off", "-c", "full_page_writes=off", "-c", "unix_socket_directories="]
    process = _spawn_as(account, [*serve, *quick], place)
    url = URL.create("postgresql+psycopg", _LOGIN, password, "127.0.0.1", port, "postgres")
    return process, url


def _start_mariadb(place: Path, port: int, password: str) -> tuple[subprocess.Popen[bytes], URL]:
    system_folders = [Path("/usr/sbin"), Path("/usr/bin")]
    server = _find("mariadbd", "mariadb-server", system_folders)
    install = _find("mariadb-install-db", "mariadb-server", system_folders)
    data, first_words = place / "data", place / "first.sql"
    data.mkdir()
    account = _hand_over(place, "mysql", data)
    first_words.write_text(
        f"CREATE USER IF NOT EXISTS {_LOGIN}@'127.0.0.1' IDENTIFIED BY '{password}';\n"
        f"GRANT ALL ON *.* TO {_LOGIN}@'127.0.0.1' WITH GRANT OPTION;\n"
    )
    make = [install, "--no-defaults", f"--datadir={data}", "--auth-root-authentication-method=socket"]
    _run_as(account, [*make, "--skip-test-db", "--skip-name-resolve"], place)
    serve = [server, "--no-defaults", f"--datadir={data}", "--bind-address=127.0.0.1", f"--port={port}"]
    local = [f"--socket={place / 'socket'}", f"--pid-file={place / 'pid'}", f"--init-file={first_words}"]
    # As for PostgreSQL, nothing is gained by waiting for the disk; and a small pool leaves memory to the tests.
    quick = ["--skip-name-resolve", "--innodb-flush-log-at-trx-commit=0", "--innodb-buffer-pool-size=64M"]
    process = _spawn_as(account, [*serve, *local, *quick], place)
    url = URL.create(
        "mysql+pymysql", _LOGIN, password, "127.0.0.1", port, "mysql", {"charset": "utf8mb4", "ssl_disabled": "true"}
    )
    return process, url


def _find(program: str, package: str, folders: Sequence[Path]) -> str:
    for folder in folders:
        if (candidate := folder / program).exists():
            return str(candidate)
    if found := shutil.which(program):
        return found
    raise ServerUnavailableError(f"{program} is not installed here (on Debian: apt-get install {package})")


def _hand_over(place: Path, account: str, *paths: Path) -> str | None:
    """Give the folder to the server's own user, because servers refuse to run as root; None if we are not root."""
    if os.geteuid() != 0:
        return None
    import pwd  # noqa: PLC0415 - Windows has none, and must be able to read this file

    try:
        user = pwd.getpwnam(account)
    except KeyError:
        raise ServerUnavailableError(f"root runs servers as the user {account}, who is unknown here") from None
    for path in (place, *paths):
        os.chown(path, user.pw_uid, user.pw_gid)
    return account


def _run_as(account: str | None, command: Sequence[str], place: Path) -> None:
    with (place / "log").open("ab") as log:
        done = subprocess.run(
            command,
            check=False,
            cwd=place,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            user=account,
            group=account,
            extra_groups=None if account is None else [],
        )
    if done.returncode:
        program = Path(command[0]).name
        raise ServerUnavailableError(f"{program} ended with status {done.returncode}; {_log_end(place)}")


def _spawn_as(account: str | None, command: Sequence[str], place: Path) -> subprocess.Popen[bytes]:
    with (place / "log").open("ab") as log:
        return subprocess.Popen(
            command,
            cwd=place,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            user=account,
            group=account,
            extra_groups=None if account is None else [],
            start_new_session=True,  # Ctrl-C is for the tests; they end the server themselves
        )


def _log_end(place: Path) -> str:
    return f"its log ends:\n{(place / 'log').read_text(errors='replace')[-2000:]}"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
