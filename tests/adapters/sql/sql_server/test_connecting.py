"""Connecting encrypts, knows the server by its certificate, says what is wrong at once, and sends nothing before."""

import ipaddress
import socket
import threading
from contextlib import closing

import pytest
from sqlalchemy import URL, make_url

from cmxero_desktop.adapters.casemanager import CaseManagerDatabase, load_mapping
from cmxero_desktop.adapters.sql.patience import Patience
from cmxero_desktop.adapters.sql.sql_server import connecting
from cmxero_desktop.adapters.sql.sql_server.address import server_address
from cmxero_desktop.adapters.sql.sql_server.connecting import open_connection
from cmxero_desktop.adapters.sql.sql_server.connection import SqlServerConnection
from cmxero_desktop.domain.errors import CaseManagerError
from tests.adapters.sql.sql_server.conftest import Certified, Started
from tests.support.sql_server.packets import Message
from tests.support.sql_server.server import Settings, SqlServer

pytestmark = pytest.mark.postgres

PATIENT_S = 20.0
ENDLESS_S = 100_000.0
"""Whoever waits for so much patience to end is ended as hung."""


def opened(url: URL, connect_s: float = PATIENT_S) -> SqlServerConnection:
    return open_connection(server_address(url), connect_s=connect_s, answer_s=PATIENT_S)


def refused(url: URL | str, connect_s: float = PATIENT_S) -> CaseManagerError:
    """Return what the program says of a server that it cannot use."""
    shown = url if isinstance(url, str) else url.render_as_string(hide_password=False)
    patience = Patience(connect_s=connect_s)

    def check() -> None:
        with closing(CaseManagerDatabase(shown, load_mapping("reference"), patience=patience)) as database:
            database.check()

    with pytest.raises(CaseManagerError) as caught:
        check()
    assert caught.value.remedy
    assert "s3cret" not in f"{caught.value.message} {caught.value.remedy}"
    return caught.value


def asked(connection: SqlServerConnection) -> object:
    with closing(connection):
        cursor = connection.cursor()
        cursor.execute("SELECT %(what)s AS what", {"what": "Zoë 😀"})
        return cursor.fetchone()


@pytest.mark.usefixtures("trusted")
def test_everything_after_the_greeting_is_encrypted(started: Started, certified: Certified) -> None:
    server = started(Settings(context=certified.context))
    connection = opened(server.address())
    assert connection.version == (16, 0, 4105)
    assert asked(connection) == ("Zoë 😀",)


@pytest.mark.usefixtures("trusted")
def test_a_server_of_2022_may_want_it_from_the_first_byte_on(started: Started, certified: Certified) -> None:
    server = started(Settings(context=certified.context, is_strict=True))
    assert asked(opened(server.address(encrypt="strict"))) == ("Zoë 😀",)


def test_a_server_that_does_not_encrypt_is_told_nothing(sql_server: SqlServer) -> None:
    error = refused(sql_server.address(encrypt="yes"))
    assert "127.0.0.1 does not encrypt what is said to it" in error.message
    assert sql_server.seen.sign_ins == []


@pytest.mark.parametrize("is_strict", [False, True])
def test_a_certificate_that_nobody_vouches_for_is_shown_and_not_taken(
    started: Started, certified: Certified, *, is_strict: bool
) -> None:
    server = started(Settings(context=certified.context, is_strict=is_strict))
    encrypt = "strict" if is_strict else "yes"
    error = refused(server.address(encrypt=encrypt))
    assert "the certificate of 127.0.0.1 is not trusted" in error.message
    assert f"its SHA-256 fingerprint is {certified.fingerprint}" in error.message
    assert "?certificate=" in error.remedy
    assert server.seen.sign_ins == []
    pinned = server.address(encrypt=encrypt, certificate=certified.fingerprint)
    assert asked(opened(pinned)) == ("Zoë 😀",)


@pytest.mark.usefixtures("trusted")
def test_a_certificate_that_is_not_the_one_of_the_address_is_not_taken(started: Started, certified: Certified) -> None:
    server = started(Settings(context=certified.context))
    error = refused(server.address(certificate="ab" * 32))
    assert "it is not the one that the address names" in error.message
    assert certified.fingerprint in error.message
    assert server.seen.sign_ins == []


@pytest.mark.usefixtures("trusted")
def test_the_name_in_the_certificate_counts(started: Started, certified: Certified) -> None:
    server = started(Settings(context=certified.context))
    assert "is not trusted" in refused(server.address(certificate_host="another.firm.example")).message
    assert asked(opened(server.address(certificate_host="sql.firm.example"))) == ("Zoë 😀",)


@pytest.mark.parametrize(("login", "password"), [("ann", "wrong"), ("bob", "s3cret")])
def test_a_wrong_password_says_so(sql_server: SqlServer, login: str, password: str) -> None:
    address = sql_server.address(encrypt="no").set(username=login, password=password)
    assert "does not accept this login or password" in refused(address).message


def test_a_password_goes_over_the_wire_as_it_is(started: Started) -> None:
    server = started(Settings(login="zoë", password="pässwörd €:@/ 日本"))
    assert asked(opened(server.address(encrypt="no"))) == ("Zoë 😀",)


def test_a_database_that_is_not_there_is_told_at_once(sql_server: SqlServer) -> None:
    address = sql_server.address(encrypt="no").set(database="other")
    assert "there is no database of that name" in refused(address, connect_s=ENDLESS_S).message


def test_a_server_that_is_not_there_is_told_at_once() -> None:
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        port = nobody.getsockname()[1]
    assert "it does not answer" in refused(f"mssql://ann:s3cret@127.0.0.1:{port}/cm", connect_s=ENDLESS_S).message


@pytest.mark.parametrize("encrypt", ["yes", "strict", "no"])
def test_whoever_says_nothing_is_given_up(encrypt: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as dumb:
        url = make_url(f"mssql://ann:s3cret@127.0.0.1:{dumb.getsockname()[1]}/cm?encrypt={encrypt}")
        assert "it does not answer" in refused(url, connect_s=0.3).message


@pytest.mark.parametrize("words", [b"HTTP/1.1 400 Bad Request\r\n\r\n", b"\x04\x01\x00\x0c\0\0\0\0\xff\0\0\0", b""])
def test_whoever_is_no_sql_server_is_given_up(words: bytes) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        other.settimeout(PATIENT_S)
        url = f"mssql://ann:s3cret@127.0.0.1:{other.getsockname()[1]}/cm"

        def answer() -> None:
            client, _ = other.accept()
            with client:
                client.recv(4096)
                client.sendall(words)

        thread = threading.Thread(target=answer)
        thread.start()
        assert "it does not answer" in refused(url, connect_s=2).message
        thread.join()


def test_the_port_of_an_instance_is_asked_for(sql_server: SqlServer, monkeypatch: pytest.MonkeyPatch) -> None:
    def browser(host: str, _timeout: float) -> dict[str, dict[str, str]]:
        assert ipaddress.ip_address(host).is_loopback
        return {"CASE": {"InstanceName": "CASE", "tcp": str(sql_server.port)}, "OLD": {"np": "pipe"}}

    monkeypatch.setattr(connecting, "tds7_get_instances", browser)
    address = sql_server.address(encrypt="no")._replace(port=None)
    assert asked(opened(address.set(host="127.0.0.1\\case"))) == ("Zoë 😀",)
    for name in ("OLD", "NEW"):
        error = refused(address.set(host=f"127.0.0.1\\{name}"))
        assert f"has no instance {name} that takes connections by TCP; there is CASE and OLD" in error.message


def test_without_its_browser_an_instance_is_not_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def dumb(_host: str, _timeout: float) -> None:
        raise TimeoutError

    monkeypatch.setattr(connecting, "tds7_get_instances", dumb)
    assert "SQL Server Browser on srv does not say where CASE is" in refused("mssql://ann@srv\\CASE/cm").message


def test_another_driver_is_not_used() -> None:
    error = refused("mssql+pyodbc://ann:s3cret@srv/cm")
    assert "brings its own driver for SQL Server, and does not use mssql+pyodbc" in error.message


def test_away_from_windows_nobody_signs_in_as_windows_does(sql_server: SqlServer) -> None:
    address = sql_server.address(encrypt="no")._replace(username=None, password=None)
    assert "only from a computer with Windows" in refused(address).message
    assert sql_server.seen.sign_ins == []


class _Context:
    """What Windows keeps of a sign-in."""

    def __init__(self) -> None:
        self.is_open = True
        self.completed: list[object] = []

    def complete_auth_token(self, buffers: object) -> None:
        self.completed.append(buffers)

    def next(self, *, input_buffers: list[tuple[int, bytes]], **_: object) -> tuple[int, list[tuple[int, bytes]]]:
        return 0, [(2, b"answer to " + input_buffers[0][1])]

    def close(self) -> None:
        self.is_open = False


class _Security:
    """A stand-in for what Windows knows of signing in."""

    SECPKG_CRED_OUTBOUND = ISC_REQ_CONFIDENTIALITY = ISC_REQ_REPLAY_DETECT = ISC_REQ_CONNECTION = SECBUFFER_TOKEN = 2

    class Status:
        SEC_I_COMPLETE_AND_CONTINUE = 7

    def __init__(self, status: int, token: bytes) -> None:
        self.context = _Context()
        self.identities: list[object] = []
        self.services: list[str] = []
        self._status, self._token = status, token

    def make_winnt_identity(self, domain: str, user_name: str, password: str) -> object:
        return domain, user_name, password

    def SspiCredentials(self, *, package: str, use: int, identity: object) -> "_Security":  # noqa: N802 - as it is
        assert (package, use) == ("Negotiate", 2)
        self.identities.append(identity)
        return self

    def create_context(
        self, *, target_name: str, output_buffers: list[tuple[int, object]], **_: object
    ) -> tuple[_Context, int, list[tuple[int, bytes]]]:
        assert len(bytes(output_buffers[0][1])) >= len(self._token)  # type: ignore[call-overload]  # room
        self.services.append(target_name)
        return self.context, self._status, [(2, self._token)]


@pytest.mark.parametrize(("login", "identity", "status"), [("", None, 0), ("FIRM\\ann", ("FIRM", "ann", "pw"), 7)])
def test_windows_signs_in_token_by_token(
    started: Started,
    monkeypatch: pytest.MonkeyPatch,
    login: str,
    identity: object,
    status: int,
) -> None:
    """A ticket of somebody in many groups is large; each answer goes in a packet of the kind that is expected."""
    ticket = b"t" * 12_000
    security = _Security(status, ticket)
    monkeypatch.setattr(connecting, "windows_security", lambda: security)
    server = started(Settings(windows_tokens=[b"one", b"two"]))
    address = server.address(encrypt="no")._replace(username=login or None, password="pw" if login else None)
    assert asked(opened(address)) == ("Zoë 😀",)
    assert server.seen.tokens == [
        (Message.SIGN_IN, ticket),
        (Message.TOKEN, b"answer to one"),
        (Message.TOKEN, b"answer to two"),
    ]
    assert security.identities == [identity]
    [service] = security.services
    assert service.startswith("MSSQLSvc/")
    assert service.endswith(f":{server.port}")
    assert len(security.context.completed) == (1 if status else 0)
    assert not security.context.is_open
