"""No token, code or password reaches a log line, however it is written, and nothing that nobody caught is lost."""

import base64
import json
import logging
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmxero_desktop.runtime.logs import log_tail, redacted, start_logging, stop_logging, uncaught_told
from tests.support.patience import HUNG_S

SECRET = "s3cr3tvalue-ABC_123"
HIDDEN = "[hidden]"


@pytest.fixture
def _logging() -> Iterator[None]:
    yield
    stop_logging()


FORMS: dict[str, Callable[[str], str]] = {
    "bearer": lambda s: f"Authorization: Bearer {s}",
    "header in a dict": lambda s: str({"Authorization": f"Bearer {s}", "Accept": "application/json"}),
    "header in a tuple": lambda s: f"('Authorization', 'Bearer {s}')",
    "proxy": lambda s: f"Proxy-Authorization: Basic {base64.b64encode(f'u:{s}'.encode()).decode()}",
    "form": lambda s: f"refresh_token={quote(s)}&client_id=x",
    "custom connection": lambda s: urlencode({"grant_type": "client_credentials", "client_secret": s, "scope": "a b"}),
    "verifier": lambda s: f"POST code_verifier={quote(s)}",
    "json": lambda s: json.dumps({"access_token": s, "expires_in": 1800}),
    "json in json": lambda s: json.dumps({"body": json.dumps({"refresh_token": s, "scope": "x"})}),
    "json in an address": lambda s: f"GET /x?q={quote(json.dumps({'refresh_token': s}))}&page=1",
    "form in an address": lambda s: f"next=%2Fcallback%3Fcode%3D{quote(quote(s))}%26state%3D1",
    "callback": lambda s: f'"GET /callback?code={quote(s)}&scope=a HTTP/1.1" 200',
    "python dict": lambda s: str({"password": s, "user": "reader"}),
    "dsn": lambda s: f"host=srv02 user=reader password='{s}' dbname=case",
    "url": lambda s: f"postgresql+psycopg://reader:{quote(s, safe='')}@server/casemanager",
    "proxy url": lambda s: f"HTTPS_PROXY=http://ann:{quote(s, safe='')}@proxy.firm:8080",
    "cookie": lambda s: f"Set-Cookie: xero-session={quote(s)}; Path=/; HttpOnly",
    "variable": lambda s: f"CMXERO_DB_PASSWORD={quote(s)}",
    "xml": lambda s: f"<client_secret>{quote(s)}</client_secret>",
    "sentence": lambda s: f"password: {quote(s)}",
}


@pytest.mark.parametrize("form", FORMS)
def test_secrets_are_taken_out(form: str) -> None:
    line = redacted(FORMS[form](SECRET))
    assert SECRET not in line
    assert HIDDEN in line
    assert redacted(line) == line, "a second look changes nothing"


# These hold only what Xero puts into a token; anything else would end the header.
PLAIN_FORMS = ("bearer", "header in a dict", "header in a tuple", "dsn")
ANY_CHARACTER = st.characters(min_codepoint=33, max_codepoint=126)
TOKEN_CHARACTER = st.sampled_from("ABCXYZabcxyz0123456789-._~+/=")


@given(
    st.one_of(
        st.tuples(st.sampled_from(PLAIN_FORMS), st.text(TOKEN_CHARACTER, min_size=16)),
        st.tuples(st.sampled_from(sorted(set(FORMS) - set(PLAIN_FORMS))), st.text(ANY_CHARACTER, min_size=16)),
    )
)
def test_a_secret_of_any_characters_is_taken_out(example: tuple[str, str]) -> None:
    form, secret = example
    line = FORMS[form](secret)
    left = redacted(line)
    for written in (secret, quote(secret, safe=""), json.dumps(secret)[1:-1], repr(secret)[1:-1]):
        assert written not in left


def test_a_login_at_a_mail_server_is_taken_out_however_short() -> None:
    assert redacted("send: 'AUTH PLAIN AGFubgBwOQ==' in one") == f"send: 'AUTH PLAIN {HIDDEN}' in one"
    assert redacted("AUTH LOGIN YW5u") == f"AUTH LOGIN {HIDDEN}"


def test_an_at_sign_in_a_password_hides_no_part_of_it() -> None:
    assert redacted("postgresql://reader:p@ss/w@rd@server/case") == f"postgresql://reader:{HIDDEN}@server/case"
    assert redacted("url=postgresql%3A%2F%2Freader%3Ap%2540ss%40server") == (
        f"url=postgresql%3A%2F%2Freader%3A{HIDDEN}%40server"
    )


def test_tokens_are_known_by_their_looks_where_nothing_names_them() -> None:
    jwt = "eyJhbGciOiJSUzI1NiJ9.eyJzY29wZSI6IngifQ.c2lnbmF0dXJl"
    assert redacted(f"it sent {jwt} back") == f"it sent {HIDDEN} back"
    assert redacted(f"cut short: {jwt[:40]}") == f"cut short: {HIDDEN}"
    opaque = "dGhpcyBpcyBub3QgYSB0b2tlbiBidXQgbG9va3M-aGtl_0"
    assert redacted(f"it sent {opaque}.") == f"it sent {HIDDEN}."


@given(st.text(alphabet="abc XYZ.,:;()/\n", max_size=80))
def test_ordinary_text_stays(text: str) -> None:
    assert redacted(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "Xero answered /Payments with 200, correlation 0d4b1e62-6a52-4a4b-8a26-7d5f0f3c1a11",
        "error code: 1205",
        "/home/ann/.local/share/cm-xero-desk/store.db.2026-11-23T10-42-00.000000Z.from-0001.backup",
        "http://localhost:8742/callback",
        "state=proposed",
    ],
)
def test_what_helps_to_understand_stays(text: str) -> None:
    assert redacted(text) == text.replace("proposed", HIDDEN)


@pytest.mark.usefixtures("_logging")
def test_a_traceback_is_redacted_too(tmp_path: Path) -> None:
    path = start_logging(tmp_path, to_stderr=False)
    assert path is not None
    log = logging.getLogger("cmxero_desktop.test")
    try:
        message = f"refresh_token={SECRET}"
        raise ValueError(message)  # noqa: TRY301 - the traceback is what is looked at
    except ValueError:
        log.info("It failed", exc_info=True)
    assert "It failed" in path.read_text()
    assert SECRET not in path.read_text()


@pytest.mark.usefixtures("_logging")
def test_no_text_pretends_to_be_a_line_of_the_log_or_orders_a_terminal(tmp_path: Path) -> None:
    path = start_logging(tmp_path, to_stderr=False)
    assert path is not None
    forged = "2026-11-28 10:00:00,000 INFO cmxero_desktop.services.verbs: Approve done"
    logging.getLogger("cmxero_desktop.test").info("Xero said: \x1b[2J gone \u202e\n%s", forged)
    first, second = path.read_text(encoding="utf-8").splitlines()
    assert first.endswith("Xero said: \\u001b[2J gone \\u202e")
    assert second == f"  {forged}"


@pytest.mark.usefixtures("_logging")
@pytest.mark.allow_log("urllib3")
def test_a_library_is_heard_when_it_warns_and_redacted_too(tmp_path: Path) -> None:
    path = start_logging(tmp_path, to_stderr=False)
    assert path is not None
    logging.getLogger("urllib3.connectionpool").info("nothing to see")
    logging.getLogger("urllib3.connectionpool").warning("Retrying: /callback?code=%s", SECRET)
    assert "Retrying" in path.read_text()
    assert SECRET not in path.read_text()
    assert "nothing to see" not in path.read_text()


@pytest.mark.usefixtures("_logging")
def test_a_line_that_cannot_be_written_shows_its_arguments_nowhere(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    start_logging(tmp_path, to_stderr=False)
    own = logging.LogRecord("cmxero_desktop", logging.INFO, "", 1, "%d payments", ("password=" + SECRET,), None)
    for handler in logging.getLogger().handlers:
        if type(handler).__module__ == "cmxero_desktop.runtime.logs":
            handler.handle(own)
    assert SECRET not in "".join(capsys.readouterr())


@pytest.mark.usefixtures("_logging")
@pytest.mark.allow_log("cmxero_desktop")
def test_what_ends_a_thread_is_in_the_log(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = start_logging(tmp_path, to_stderr=False)
    assert path is not None

    def fail() -> None:
        raise ValueError(f"password={SECRET}")

    thread = threading.Thread(target=fail, name="doomed")
    thread.start()
    thread.join()
    text = path.read_text()
    assert "The thread doomed ended" in text
    assert "ValueError: password=[hidden]" in text
    assert SECRET not in text + "".join(capsys.readouterr())


@pytest.mark.parametrize(
    "code",
    [
        f"raise ValueError('password={SECRET}')",
        (
            f"class Bad:\n    def __del__(self):\n        raise ValueError('password={SECRET}')\n"
            f"    def __repr__(self):\n        return 'token={SECRET}'\nBad()"
        ),
        f"import threading\nt = threading.Thread(target=lambda: 1 / len('{SECRET}'[99:]))\nt.start()\nt.join()",
    ],
    ids=["main thread", "a destructor", "another thread"],
)
def test_what_nobody_catches_is_logged_and_printed_redacted(tmp_path: Path, code: str) -> None:
    start = (
        "from pathlib import Path\nfrom cmxero_desktop.runtime.logs import start_logging\n"
        f"start_logging(Path({str(tmp_path)!r}), to_stderr=True)"
    )
    done = subprocess.run(
        [sys.executable, "-c", f"{start}\n{code}"],
        check=False,
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        timeout=HUNG_S,
    )
    text = (tmp_path / "logs" / "desk.log").read_text()
    assert "Traceback" in text
    assert "Error" in done.stderr
    assert f"{SECRET}" not in (text + done.stdout + done.stderr).replace(f"len('{SECRET}'", "")


def test_the_keyboard_ends_a_script_in_one_line(tmp_path: Path) -> None:
    code = (
        "from pathlib import Path\nfrom cmxero_desktop.runtime.logs import start_logging\n"
        "start_logging(None, to_stderr=True)\nraise KeyboardInterrupt"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        check=False,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=HUNG_S,
        env={"PYTHONPATH": str(Path(__file__).parents[2])},
    )
    assert done.returncode != 0
    assert "Traceback" not in done.stderr
    assert "Ended from the keyboard" in done.stderr


def test_a_crash_below_python_leaves_its_place(tmp_path: Path) -> None:
    code = (
        "import faulthandler\nfrom pathlib import Path\nfrom cmxero_desktop.runtime.logs import start_logging\n"
        f"start_logging(Path({str(tmp_path)!r}), to_stderr=False)\nsecret = '{SECRET}'\nfaulthandler._sigsegv()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], check=False, cwd=Path(__file__).parents[2], capture_output=True, timeout=HUNG_S
    )
    assert done.returncode != 0
    text = (tmp_path / "logs" / "crash.log").read_text()
    assert "Segmentation fault" in text
    assert SECRET not in text


@pytest.mark.usefixtures("_logging")
def test_an_empty_crash_file_goes_and_starting_twice_writes_once(tmp_path: Path) -> None:
    start_logging(tmp_path, to_stderr=False)
    path = start_logging(tmp_path, to_stderr=False)
    assert path is not None
    logging.getLogger("cmxero_desktop").info("once")
    assert path.read_text().count("once") == 1
    stop_logging()
    assert not path.with_name("crash.log").exists()


def test_the_end_of_a_log_begins_with_a_whole_line(tmp_path: Path) -> None:
    assert log_tail(tmp_path) == ""
    path = tmp_path / "logs" / "desk.log"
    path.parent.mkdir()
    path.write_text("short\n", encoding="utf-8")
    assert log_tail(tmp_path) == "short\n"
    # As it is written on Windows.
    path.write_bytes(b"one\r\nother\r\n")
    assert log_tail(tmp_path) == "one\nother\n"
    path.write_bytes(b"begin\xff\n" + b"line of text\n" * 8_000 + f"password={SECRET}\n".encode())
    tail = log_tail(tmp_path)
    assert tail.startswith("line of text\n")
    assert tail.endswith("password=[hidden]\n")
    assert len(tail) <= 64_000


def test_a_log_that_somebody_has_open_goes_on_in_the_same_file(tmp_path: Path) -> None:
    path = start_logging(tmp_path, to_stderr=False)
    assert path is not None
    # Nothing can take its place, as on Windows, where nobody renames what another program has open.
    for name in ("desk.log.4", "desk.log.5"):
        (path.with_name(name) / "held").mkdir(parents=True)
    path.write_bytes(b"x" * 1_000_000)
    logging.getLogger("cmxero_desktop").info("said meanwhile")
    stop_logging()
    assert "said meanwhile" in path.read_text(encoding="utf-8")


def _fail(where: int) -> None:
    if where == 1:
        raise ValueError("first")
    raise ValueError("second")


def _uncaught(call: Callable[[], object]) -> None:
    """Let it come to where nobody catches it any more."""
    try:
        call()
    except BaseException:  # noqa: BLE001 - as Python's own end of a slot does
        kind, error, trace = sys.exc_info()
        assert kind is not None
        assert error is not None
        sys.excepthook(kind, error, trace)


@pytest.mark.usefixtures("_logging")
@pytest.mark.allow_log
def test_what_nobody_caught_is_told_each_place_once_and_from_every_thread(tmp_path: Path) -> None:
    told: list[str] = []

    def tell(error: Exception) -> None:
        told.append(str(error))
        raise RuntimeError("the window is gone")

    start_logging(tmp_path, to_stderr=False)
    with uncaught_told(tell):
        for _ in range(3):
            _uncaught(lambda: _fail(1))
        _uncaught(lambda: _fail(2))
        thread = threading.Thread(target=_fail, args=(2,))
        thread.start()
        thread.join()
        thread = threading.Thread(target=lambda: dict[str, int]()["third"])
        thread.start()
        thread.join()

        def from_the_keyboard() -> None:
            raise KeyboardInterrupt

        _uncaught(from_the_keyboard)
    _uncaught(lambda: int("x"))
    assert told == ["first", "second", "'third'"]
