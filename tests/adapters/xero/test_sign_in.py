"""Signing in for real: authorise page, loopback listener, exchange; and every way in which it can end otherwise."""

import os
import re
import socket
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import parse_qs, quote, urlsplit

import pytest

from cmxero_desktop.adapters.xero.identity import CUSTOM_SCOPES
from cmxero_desktop.adapters.xero.listener import Listener
from cmxero_desktop.adapters.xero.sign_in import SCOPES, XeroBrowserSignIn
from cmxero_desktop.adapters.xero.tokens import XeroTokens
from cmxero_desktop.adapters.xero.urls import XeroUrls
from cmxero_desktop.domain.errors import SignInError, XeroUnavailableError
from cmxero_desktop.sandbox.xero.faults import Fault, FaultKind
from cmxero_desktop.sandbox.xero.identity import Consent
from cmxero_desktop.sandbox.xero.xero import SandboxXero
from cmxero_desktop.services.ports.xero import XeroSignIn
from tests.adapters.xero.stand_in import DictSecrets
from tests.support.patience import HUNG_S

SignIn = Callable[..., XeroBrowserSignIn]
ROOT = Path(__file__).parents[3]


class Browser:
    """Goes to an address and follows it, as a person's browser does; keeps what it saw."""

    def __init__(self) -> None:
        self.address = ""
        self.page = ""

    def __call__(self, address: str) -> bool:
        self.address = address
        with urllib.request.urlopen(address) as answer:  # noqa: S310 - the sandbox's own address
            self.page = answer.read().decode()
        return True

    @property
    def asked(self) -> dict[str, str]:
        return {name: values[0] for name, values in parse_qs(urlsplit(self.address).query).items()}


def back(address: str, **changes: str) -> str:
    """Return the callback address of an authorise address, with this query."""
    asked = parse_qs(urlsplit(address).query)
    query = {"state": asked["state"][0], **changes}
    return asked["redirect_uri"][0] + "?" + "&".join(f"{name}={value}" for name, value in query.items())


def get(address: str) -> str:
    with urllib.request.urlopen(address) as answer:  # noqa: S310 - the listener's own address
        return str(answer.read().decode())


def status(address: str, body: bytes | None = None) -> int:
    try:
        with urllib.request.urlopen(address, data=body) as answer:  # noqa: S310 - the listener's own address
            return int(answer.status)
    except HTTPError as error:
        with error:
            return error.code


@pytest.fixture
def port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


@pytest.fixture
def browser() -> Browser:
    return Browser()


@pytest.fixture
def secrets() -> DictSecrets:
    return DictSecrets()


@pytest.fixture
def tokens(xero: SandboxXero, urls: XeroUrls, secrets: DictSecrets, tmp_path: Path) -> XeroTokens:
    return XeroTokens(xero.client_id, urls, secrets, tmp_path / "lock")


@pytest.fixture
def sign_in(tokens: XeroTokens, urls: XeroUrls, port: int) -> Iterator[SignIn]:
    def make(open_browser: Callable[[str], bool], deadline_s: float = HUNG_S) -> XeroBrowserSignIn:
        return XeroBrowserSignIn(tokens, urls, port, open_browser, deadline_s)

    yield make
    # Whatever happened, the port is free again.
    socket.create_server(("127.0.0.1", port)).close()


def test_a_sign_in_ends_with_organisations_and_a_friendly_page(
    sign_in: SignIn, browser: Browser, tokens: XeroTokens, xero: SandboxXero, port: int
) -> None:
    desk: XeroSignIn = sign_in(browser)
    [connection] = desk.sign_in()
    assert not tokens.is_signed_in(), "nothing is kept before the organisation is known to fit"
    desk.keep()
    assert desk.renewed_at is not None
    assert (connection.tenant_id, connection.name) == (xero.tenant_id, "Brightside Rehab Pty Ltd")
    assert "You can close this window" in browser.page
    assert xero.identity.tokens.access(tokens.access_token()) is not None
    asked = browser.asked
    assert asked["redirect_uri"] == f"http://localhost:{port}/callback"
    assert asked["code_challenge_method"] == "S256"
    assert asked["scope"] == SCOPES
    desk.sign_out()
    assert not tokens.is_signed_in()


def test_only_narrow_permissions_to_read_are_asked_for() -> None:
    read = {"accounting.payments.read", "accounting.invoices.read", "accounting.settings.read"}
    assert set(SCOPES.split()) == {"offline_access", *read}
    assert set(CUSTOM_SCOPES.split()) == read


def test_every_sign_in_has_its_own_state_and_verifier(sign_in: SignIn, browser: Browser) -> None:
    seen = set()
    for _ in range(2):
        sign_in(browser).sign_in()
        seen |= {browser.asked["state"], browser.asked["code_challenge"]}
    assert len(seen) == 4


def test_the_variable_browser_is_honoured(xero: SandboxXero, tmp_path: Path, port: int) -> None:
    script = tmp_path / "browser.py"
    script.write_text("import sys, urllib.request\nurllib.request.urlopen(sys.argv[1]).read()\n")
    code = (
        "import sys, pathlib\n"
        "from tests.adapters.xero.stand_in import DictSecrets\n"
        "from cmxero_desktop.adapters.xero.sign_in import XeroBrowserSignIn\n"
        "from cmxero_desktop.adapters.xero.tokens import XeroTokens\n"
        "from cmxero_desktop.adapters.xero.urls import xero_urls\n"
        "client, url, port, home = sys.argv[1:]\n"
        "urls = xero_urls(url, url)\n"
        "tokens = XeroTokens(client, urls, DictSecrets(), pathlib.Path(home) / 'lock')\n"
        "print(XeroBrowserSignIn(tokens, urls, int(port), deadline_s=250).sign_in()[0].name)\n"
    )
    browser = f"{Path(sys.executable).as_posix()} {script.as_posix()} %s"
    done = subprocess.run(
        [sys.executable, "-c", code, xero.client_id, xero.identity_url, str(port), str(tmp_path)],
        check=False,
        cwd=ROOT,
        env={
            **os.environ,
            "BROWSER": browser,
            "PYTHONPATH": str(ROOT),
        },
        capture_output=True,
        text=True,
        timeout=HUNG_S,
    )
    assert done.stdout == "Brightside Rehab Pty Ltd\n", done.stderr


def kept(desk: XeroBrowserSignIn) -> None:
    desk.sign_in()
    desk.keep()


def test_a_second_sign_in_takes_the_place_of_the_first_only_when_it_is_kept(
    sign_in: SignIn, browser: Browser, secrets: DictSecrets
) -> None:
    kept(sign_in(browser))
    before = dict(secrets.kept)
    second = sign_in(browser)
    second.sign_in()
    assert secrets.kept == before
    second.keep()
    second.keep()
    assert secrets.kept != before


def test_tokens_are_kept_once_and_never_brought_back_after_signing_out(
    sign_in: SignIn, browser: Browser, tokens: XeroTokens
) -> None:
    desk = sign_in(browser)
    kept(desk)
    desk.sign_out()
    desk.keep()
    assert not tokens.is_signed_in()
    desk.sign_in()
    desk.sign_out()
    desk.keep()
    assert not tokens.is_signed_in()


def test_a_failed_sign_in_leaves_nothing_of_an_earlier_one_to_be_kept(
    sign_in: SignIn, browser: Browser, xero: SandboxXero, secrets: DictSecrets
) -> None:
    desk = sign_in(browser)
    desk.sign_in()
    xero.identity.consent = Consent.DENY
    with pytest.raises(SignInError, match="declined"):
        desk.sign_in()
    desk.keep()
    assert secrets.kept == {}


def test_the_weekly_renewal_keeps_a_sign_in_alive_although_nothing_is_read(
    sign_in: SignIn, browser: Browser, xero: SandboxXero, secrets: DictSecrets
) -> None:
    desk = sign_in(browser)
    kept(desk)
    for _ in range(20):
        before = dict(secrets.kept)
        xero.clock.advance(timedelta(days=7))
        # The monotonic clock of some computers stands still while they sleep: it never spares a renewal.
        desk.renew()
        assert secrets.kept != before
    xero.clock.advance(timedelta(days=61))
    with pytest.raises(SignInError, match="does not renew the sign-in"):
        desk.renew()


def test_a_person_cancels_from_another_thread_and_the_port_is_free_at_once(
    sign_in: SignIn, port: int, tokens: XeroTokens
) -> None:
    cancelling: list[threading.Thread] = []

    def look_away(_: str) -> bool:
        cancelling.append(threading.Thread(target=desk.cancel))
        cancelling[0].start()
        return True

    desk = sign_in(look_away)
    with pytest.raises(SignInError, match="The sign-in was cancelled") as caught:
        desk.sign_in()
    socket.create_server(("127.0.0.1", port)).close()
    cancelling[0].join()
    assert caught.value.remedy
    assert not tokens.is_signed_in()
    # There is nothing left to cancel.
    desk.cancel()


def test_a_cancel_that_comes_before_the_waiting_is_not_lost(port: int) -> None:
    listener = Listener(port)
    listener.cancel()
    with pytest.raises(SignInError, match="cancelled"):
        listener.wait(lambda: bool(pytest.fail("opened")), bool, 30.0)
    listener.close()
    socket.create_server(("127.0.0.1", port)).close()


def test_after_a_cancel_the_next_sign_in_works(sign_in: SignIn, browser: Browser) -> None:
    answers = iter([False, True])

    def browse(address: str) -> bool:
        if next(answers):
            return browser(address)
        desk.cancel()
        return True

    desk = sign_in(browse)
    with pytest.raises(SignInError, match="cancelled"):
        desk.sign_in()
    assert desk.sign_in()


def refuse(sign_in: SignIn, open_browser: Callable[[str], bool], sentence: str, deadline_s: float = HUNG_S) -> None:
    with pytest.raises(SignInError, match=sentence) as caught:
        sign_in(open_browser, deadline_s).sign_in()
    assert caught.value.remedy


def test_declined_consent(sign_in: SignIn, browser: Browser, xero: SandboxXero, tokens: XeroTokens) -> None:
    xero.identity.consent = Consent.DENY
    refuse(sign_in, browser, "declined in Xero")
    assert "Nothing was connected" in browser.page
    assert not tokens.is_signed_in()


def test_no_answer_by_the_deadline(sign_in: SignIn) -> None:
    refuse(sign_in, lambda _: True, "No answer came from the browser", deadline_s=0.05)


def test_no_browser(sign_in: SignIn) -> None:
    refuse(sign_in, lambda _: False, "No web browser could be opened")


def test_a_browser_that_cannot_be_started(sign_in: SignIn) -> None:
    def broken(_: str) -> bool:
        raise FileNotFoundError

    refuse(sign_in, broken, "No web browser could be opened")


@pytest.mark.parametrize("state", ["forged", "", "\u00e9"])
@pytest.mark.parametrize("query", [{"code": "stolen"}, {"error": "access_denied"}], ids=["code", "error"])
def test_an_answer_with_another_state_neither_ends_the_wait_nor_is_thanked_for(
    sign_in: SignIn, browser: Browser, xero: SandboxXero, state: str, query: dict[str, str]
) -> None:
    def browse(address: str) -> bool:
        # As an image on any page of the web would have it, before the person has answered Xero.
        for _ in range(3):
            assert status(back(address, state=quote(state), **query)) == 400
        return browser(address)

    assert sign_in(browse).sign_in()
    assert "Thank you" in browser.page
    [exchange] = xero.requests.to("/connect/token")
    assert "stolen" not in str(exchange)


def test_the_page_of_a_wrong_answer_says_what_to_do(sign_in: SignIn) -> None:
    pages = []

    def browse(address: str) -> bool:
        with pytest.raises(HTTPError) as caught:
            get(back(address, state="of-an-earlier-window", code="c"))
        with caught.value as answer:
            pages.append(answer.read().decode())
        desk.cancel()
        return True

    desk = sign_in(browse)
    with pytest.raises(SignInError, match="cancelled"):
        desk.sign_in()
    assert "Finish it in the page that the program opened last" in pages[0]
    assert "Thank you" not in pages[0]


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"error": "unauthorized_client"}, "refused the sign-in .unauthorized_client."),
        ({"code": ""}, "was empty"),
        ({"code": "invented"}, "did not accept the answer of the sign-in page"),
    ],
)
def test_other_refusals(sign_in: SignIn, query: dict[str, str], sentence: str) -> None:
    refuse(sign_in, lambda address: bool(get(back(address, **query))), sentence)


def test_no_organisation_keeps_the_earlier_sign_in(
    sign_in: SignIn, browser: Browser, xero: SandboxXero, tokens: XeroTokens, secrets: DictSecrets
) -> None:
    kept(sign_in(browser))
    before = dict(secrets.kept)
    xero.connections._all.clear()
    refuse(sign_in, browser, "no organisation was chosen")
    assert secrets.kept == before
    assert tokens.is_signed_in()


def test_trouble_after_the_consent_keeps_the_earlier_sign_in(
    sign_in: SignIn, browser: Browser, xero: SandboxXero, secrets: DictSecrets
) -> None:
    kept(sign_in(browser))
    before = dict(secrets.kept)
    xero.faults.add(Fault(kind=FaultKind.HTML, path="/connections"))
    with pytest.raises(XeroUnavailableError):
        sign_in(browser).sign_in()
    assert secrets.kept == before


@pytest.mark.parametrize(("family", "host"), [(socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")])
def test_a_port_in_use(tokens: XeroTokens, urls: XeroUrls, port: int, family: int, host: str) -> None:
    try:
        taken = socket.create_server((host, port), family=family)
    except OSError:
        pytest.skip("no IPv6 here")
    with taken, pytest.raises(SignInError, match=f"Port {port} on this computer"):
        XeroBrowserSignIn(tokens, urls, port, lambda _: True).sign_in()


def test_localhost_is_listened_to_on_ipv6_too(sign_in: SignIn) -> None:
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        pytest.skip("no IPv6 here")

    def browse(address: str) -> bool:
        return "close this window" in get(re.sub("localhost", "[::1]", back(address, error="access_denied")))

    refuse(sign_in, browse, "declined")


def test_other_pages_and_idle_connections_do_not_disturb(sign_in: SignIn, browser: Browser, port: int) -> None:
    idle: list[socket.socket] = []

    def browse(address: str) -> bool:
        # Browsers open connections ahead of any request, and ask for an icon.
        idle.append(socket.create_connection(("127.0.0.1", port)))
        assert status(f"http://127.0.0.1:{port}/favicon.ico") == 404
        assert status(f"http://127.0.0.1:{port}/callback", b"code=posted") == 404
        return browser(address)

    assert sign_in(browse).sign_in()
    for each in idle:
        each.close()


def test_without_a_client_id_no_browser_opens(urls: XeroUrls, tmp_path: Path) -> None:
    tokens = XeroTokens("", urls, DictSecrets(), tmp_path / "lock")
    with pytest.raises(SignInError, match="No client id"):
        XeroBrowserSignIn(tokens, urls, 8742, lambda _: pytest.fail("opened")).sign_in()
