"""No secret is in any file, log, crash dump, bundle or stream: only the keyring holds the sign-in and the password.

Real processes are driven through good and bad days against a firm whose every secret is known, and whatever they
leave is searched for each of them in many forms. Planted leaks show that the search finds what there is.
"""

import base64
import gzip
import json
import secrets
import zipfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from sqlalchemy import make_url

from cmxero_desktop.adapters.sql.addresses import split_password
from cmxero_desktop.adapters.store.packing import pack
from cmxero_desktop.sandbox.firm.running import RunningFirm
from cmxero_desktop.sandbox.xero.faults import Fault, FaultKind
from cmxero_desktop.sandbox.xero.identity import Consent
from tests.end_to_end.hunting import Hunter
from tests.end_to_end.watched_firm import PROXY_PASSWORD, Office, fill_postgres, init_words, use_free_port, watched_firm
from tests.support.mail_server import LOGIN, PASSWORD, mail_server
from tests.support.servers import Server, create_database, drop_database

# A fault of the program itself, with everything in its words that it has at hand there.
_CRASH_AT_XERO = """
from cmxero_desktop.adapters.xero.transport import XeroTransport
def crash(self, path, query, since, token):
    stored = self._tokens._secrets.get(self._tokens._name)
    raise RuntimeError(f"GET {path} with {{'Authorization': 'Bearer {token}'}}, refresh_token={stored}, saw {token}")
XeroTransport._send = crash
"""
_NO_REDACTION = """
import cmxero_desktop.runtime.redaction as redaction
redaction._PATTERNS = ()
"""
_CRASH_AT_DATABASE = """
from cmxero_desktop.adapters.casemanager.database import CaseManagerDatabase
make = CaseManagerDatabase.__init__
def crash(self, url, mapping, password=None, **more):
    address = url.replace("@", f":{password}@")
    raise RuntimeError(f"cannot connect to {address} with {{'user': 'x', 'password': '{password}'}}")
CaseManagerDatabase.__init__ = crash
"""
_CRASH_AT_MAIL = """
from cmxero_desktop.adapters.mail import SmtpServer
def crash(self, letter, settings, password):
    import base64
    said = base64.b64encode(f"\\0{settings.login}\\0{password}".encode()).decode()
    raise RuntimeError(f"cannot send: AUTH PLAIN {said}, then {dict(login=settings.login, password=password)}")
SmtpServer.send = crash
"""
_END_AFTER_A_CHECK = """
import threading
from PySide6.QtCore import QTimer
import cmxero_desktop.ui.window.window as w
build = w.DeskWindow.__init__
def init(self, *arguments, **named):
    build(self, *arguments, **named)
    def end(*_):
        def fail():
            raise ValueError("in a thread, password={password}")
        thread = threading.Thread(target=fail)
        thread.start()
        thread.join()
        QTimer.singleShot(0, self, self.leave)
        raise ValueError("in a slot, {{'password': '{password}'}}")
    self.desk.check_finished.connect(end)
w.DeskWindow.__init__ = init
"""
COULD_NOT, NOT_EVERY_ROW = 1, 3
WRONG_PASSWORD = "wr0ng+Secret/word"
WRONG_MAIL_PASSWORD = "wr0ng+Mäil/word"
ENOUGH = {"access_token", "refresh_token", "authorisation code", "code", "code_verifier", "state"}


@pytest.fixture
def store_url(postgres_url: str) -> Iterator[str]:
    """Give a second database on the same server, for the program's own store."""
    server, name = Server(postgres_url), f"cmxero_store_{secrets.token_hex(6)}"
    yield create_database(server, name)
    drop_database(server, name)


@pytest.mark.keyring
@pytest.mark.postgres
# The mail server's own library tells its log of what goes on.
@pytest.mark.allow_log("mail.log", "asyncio")
def test_no_secret_is_left_anywhere(
    tmp_path: Path, keyring_environment: dict[str, str], postgres_url: str, store_url: str
) -> None:
    hunter = Hunter()
    office = Office(tmp_path, keyring_environment)
    office.make_home_as_others_do()
    password = make_url(postgres_url).password
    assert password
    hunter.learn("database password", password)
    hunter.learn("wrong password", WRONG_PASSWORD)
    hunter.learn("proxy password", PROXY_PASSWORD)
    bundle = tmp_path / "sent" / "all.zip"
    bundle.parent.mkdir()
    with watched_firm(tmp_path / "firm", hunter) as firm:
        fill_postgres(postgres_url, firm.case_database.path)
        hunter.learn("client secret", firm.xero.identity.custom_client_secret)
        # One password is piped, the other stands in its address, where only the driver would look for it.
        bare, _ = split_password(postgres_url)
        store, store_password = split_password(store_url)
        open_url = f"{store}?password={quote(store_password or '')}"
        piped = ("--case-manager-password-file", "-", "--store-url", open_url)
        _good_day(office, firm, bare, *piped, typed=f"{password}\n")
        assert any("can see the password in --store-url" in said for said in office.said.values())
        _sign_ins_that_fail(office, firm)
        _checks_that_fail(office, firm)
        _mails(office, hunter)
        _window(office, password)
        _wrong_password_and_no_keyring(office, firm, postgres_url)
        _everything_is_sent(office, bundle)
    assert hunter.kinds >= ENOUGH
    assert not (office.home / "store.db").exists(), "the store is on the server too"
    assert zipfile.is_zipfile(bundle)
    assert office.find(hunter) == []
    assert office.open_to_others(bundle.parent) == []


def _good_day(office: Office, firm: RunningFirm, case_url: str, *more: str, typed: str = "") -> None:
    assert office.run(*init_words(firm, case_url), *more, "--json", typed=typed) == 0, office.last_words()
    use_free_port(office.home)
    for words in (("connect",), ("poll",), ("doctor",)):
        assert office.run(*words) == 0, office.last_words()
    for kind in ("link", "change", "add"):
        assert office.run("approve", "--all", "--kind", kind) in {0, NOT_EVERY_ROW}, office.last_words()
        assert "applied: " in office.last_words()


def _sign_ins_that_fail(office: Office, firm: RunningFirm) -> None:
    """Decline, break the line between code and token, answer with nonsense, and refuse the new token."""
    firm.xero.identity.consent = Consent.DENY
    assert office.run("connect") == COULD_NOT
    firm.xero.identity.consent = Consent.GRANT
    for fault in (
        Fault(kind=FaultKind.RESET, path="/connect/token"),
        Fault(kind=FaultKind.HALF, path="/connect/token"),
        Fault(kind=FaultKind.STATUS, path="/connect/token", status=400),
        Fault(kind=FaultKind.HTML, path="/connect/token"),
        Fault(kind=FaultKind.STATUS, path="/connections", status=401),
    ):
        firm.xero.faults.add(fault)
        assert office.run("connect") == COULD_NOT, fault
        firm.xero.faults.clear()


def _checks_that_fail(office: Office, firm: RunningFirm) -> None:
    """Refuse the token twice, damage an answer, and let the program itself crash with secrets in its hands."""
    firm.xero.faults.add(Fault(kind=FaultKind.STATUS, path="/Payments", status=401, times=2))
    assert office.run("poll") == COULD_NOT
    firm.xero.faults.clear()
    firm.xero.faults.add(Fault(kind=FaultKind.NOT_JSON, path="/Payments"))
    assert office.run("poll") in {0, COULD_NOT}
    firm.xero.faults.clear()
    assert office.run("poll", planted=_CRASH_AT_XERO) == COULD_NOT
    assert "RuntimeError: GET " in office.last_words(), "the crash itself is told"
    assert office.run("poll", planted=_CRASH_AT_DATABASE) == COULD_NOT
    assert "RuntimeError: cannot connect" in office.last_words()


def _mails(office: Office, hunter: Hunter) -> None:
    """Send by a server that demands encryption and a login, be refused by it, and crash with its password in hand."""
    hunter.learn("mail password", PASSWORD)
    hunter.learn("mail login and password", f"\0{LOGIN}\0{PASSWORD}")
    hunter.learn("wrong mail password", WRONG_MAIL_PASSWORD)
    with mail_server() as server:
        office.trusted = str(office.folder / "authority.pem")
        server.authority.cert_pem.write_to_path(office.trusted)
        words = (
            *("mail", "set", "--host", server.host, "--port", str(server.port), "--login", LOGIN, "--from", LOGIN),
            *("--to", "ann@firm.example", "--password-file", "-", "--json"),
        )
        assert office.run(*words, typed=f"{WRONG_MAIL_PASSWORD}\n") == 0, office.last_words()
        assert office.run("mail", "test") == COULD_NOT
        assert "refused the login: 535" in office.last_words()
        assert office.run(*words, typed=f"{PASSWORD}\n") == 0, office.last_words()
        assert office.run("mail", "test") == 0, office.last_words()
        # A warning of the SOR watch goes the same way, within a check.
        assert office.run("poll") == 0, office.last_words()
        assert office.run("mail", "test", planted=_CRASH_AT_MAIL) == COULD_NOT
        assert "RuntimeError: cannot send: AUTH PLAIN" in office.last_words(), "the crash itself is told"
        assert office.run("mail", "show", "--json") == 0
    assert any("SOR" in str(mail["Subject"]) for mail in server.mails)
    assert set(server.logins) == {LOGIN.encode()}


def _window(office: Office, password: str) -> None:
    """Open the window for one check, and raise what nobody catches in a slot and in a thread."""
    planted = _END_AFTER_A_CHECK.format(password=password)
    assert office.run(entry="desktop", planted=planted) == 0, office.last_words()
    log = (office.home / "logs" / "desk.log").read_text()
    assert "ValueError: in a slot" in log
    assert "ValueError: in a thread" in log


def _wrong_password_and_no_keyring(office: Office, firm: RunningFirm, case_url: str) -> None:
    wrong = make_url(case_url).set(password=WRONG_PASSWORD).render_as_string(hide_password=False)
    office.run(*init_words(firm, wrong))
    assert office.run("connect", keyring=False) == COULD_NOT


def _everything_is_sent(office: Office, bundle: Path) -> None:
    ticks = ("--with-names", "--with-amounts")
    assert office.run("diagnostics", str(bundle), *ticks) == 0, office.last_words()
    assert office.run("diagnostics", "--preview", *ticks, "--json") == 0
    assert "in a slot" in office.last_words(), "the log went along"
    assert office.run("list", "history", "--json") == 0
    assert office.run("sor", "list", "--json") == 0
    assert office.run("export", str(bundle.with_name("book.xlsx"))) == 0


@pytest.mark.keyring
def test_without_the_redaction_the_same_crash_is_found(tmp_path: Path, keyring_environment: dict[str, str]) -> None:
    hunter, office = Hunter(), Office(tmp_path, keyring_environment)
    office.make_home_as_others_do()
    with watched_firm(tmp_path / "firm", hunter) as firm:
        _good_day(office, firm, firm.case_database.url)
        assert office.find(hunter) == []
        assert (office.home / "store.db").exists()
        assert office.open_to_others() == []
        assert "Only you can read what is in" in next(text for name, text in office.said.items() if "doctor" in name)
        assert office.run("poll", planted=_NO_REDACTION + _CRASH_AT_XERO) == COULD_NOT
    found = " ".join(office.find(hunter))
    assert "access_token (plain) in" in found
    assert "refresh_token (plain) in" in found


# The search itself

SECRET = "dGhpcyBpcyBhIHRva2Vu+/=é-_3f9a"
PLANTS = {
    "plain in the home folder": ("home/settings.toml", SECRET.encode()),
    "deep in the temp folder": ("temp/a/b/crash.dmp", b"\0\1" + SECRET.encode() + b"\0"),
    "in a page of the store": ("home/store.db", b"SQLite format 3\0" + bytes(4_000) + SECRET.encode()),
    "in an address": ("home/logs/desk.log", f"GET /callback?code={quote(SECRET, safe='')}&x=1".encode()),
    "in JSON": ("home/logs/crash.log", json.dumps({"token": SECRET}).encode()),
    "in base64": ("temp/one", base64.b64encode(f"user:{SECRET}!".encode())),
    "in base64, one later": ("temp/two", base64.b64encode(f"user1:{SECRET}!".encode())),
    "in base64, two later": ("temp/three", base64.urlsafe_b64encode(f"user12:{SECRET}!".encode())),
    "in UTF-16": ("temp/memory", b"\0" + SECRET.encode("utf-16-le")),
    "in hex": ("temp/dump", SECRET.encode().hex().encode()),
    "in a packed record": ("home/store.db-wal", bytes(500) + pack(f'{{"number":"CM-1","rule":"{SECRET}"}}') + bytes(9)),
    "in a record whose end is elsewhere": ("home/store.db", pack(f"{'x' * 50}{SECRET}{hex(7**9_000)}")[:2_000]),
    "packed": ("home/logs/desk.log.1.gz", gzip.compress(SECRET.encode())),
    "in the name of a file": (f"temp/{quote(SECRET, safe='')}", b""),
}


@pytest.mark.parametrize("plant", PLANTS)
def test_a_planted_leak_is_found(tmp_path: Path, plant: str) -> None:
    hunter, office = _hunter(), Office(tmp_path, {})
    name, content = PLANTS[plant]
    path = tmp_path / name
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    assert any(name.partition("/")[2] in line for line in office.find(hunter))


def test_a_leak_in_a_bundle_or_a_stream_is_found(tmp_path: Path) -> None:
    hunter, office = _hunter(), Office(tmp_path, {})
    (tmp_path / "sent").mkdir()
    with zipfile.ZipFile(tmp_path / "sent" / "all.zip", "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("log.txt", "x" * 1000 + SECRET)
    office.said["0 cmxero errors"] = f"Error: {SECRET!r}"
    found = office.find(hunter)
    assert any("all.zip:log.txt" in line for line in found)
    assert any("cmxero errors" in line for line in found)


def test_what_holds_no_secret_is_let_pass(tmp_path: Path) -> None:
    office = Office(tmp_path, {})
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "desk.log").write_text("refresh_token=[hidden]")
    assert office.find(_hunter()) == []


def _hunter() -> Hunter:
    hunter = Hunter()
    hunter.learn("refresh_token", SECRET)
    return hunter
