"""Every fault of the way to Xero by its name: offline and broken told apart, whatever is asked, and never a crash."""

import gzip
import socket
from collections.abc import Callable

import pytest
from urllib3 import HTTPConnectionPool
from urllib3.connection import HTTPConnection
from urllib3.exceptions import ConnectTimeoutError, MaxRetryError, NewConnectionError

from cmxero_desktop.adapters.xero import faults
from cmxero_desktop.adapters.xero.identity import XeroIdentity
from cmxero_desktop.adapters.xero.transport import XeroTransport
from cmxero_desktop.adapters.xero.urls import XeroUrls, xero_urls
from cmxero_desktop.domain.errors import SignInError, XeroOfflineError, XeroPausedError, XeroUnavailableError
from tests.adapters.xero.stand_in import FixedTokens, Json, Reply, StandIn

Ask = Callable[[XeroUrls], object]
HTML = {"Content-Type": "text/html; charset=utf-8"}
PORTAL = "<!DOCTYPE html><html><body>Welcome to Cafe Wi-Fi, please sign in</body></html>"
GZIP = {"Content-Encoding": "gzip"}
PROBLEM: Json = {"Title": "Sandbox", "Status": 0, "Detail": "x"}
# As long as it should be, but its checksum is not that of what it holds.
DAMAGED = gzip.compress(b"{}" * 90)[:-8] + bytes(8)


def payments(urls: XeroUrls) -> object:
    return XeroTransport(FixedTokens(), urls, "tenant").get("/Payments")


def one_payment(urls: XeroUrls) -> object:
    return XeroTransport(FixedTokens(), urls, "tenant").find("/Payments/00000000-0000-4000-8000-000000000001")


def renewal(urls: XeroUrls) -> object:
    return XeroIdentity("client", urls).renew("refresh")


def organisations(urls: XeroUrls) -> object:
    return XeroIdentity("client", urls).connections("access")


def revocation(urls: XeroUrls) -> object:
    XeroIdentity("client", urls).revoke("refresh")
    return None


WHATEVER_IS_ASKED = pytest.mark.parametrize("ask", [payments, one_payment, renewal, organisations, revocation])


def answered(ask: Ask, reply: Reply | None) -> XeroUnavailableError:
    """Return what the asker raises for this answer, after one request."""
    with StandIn(lambda _: reply) as xero:
        with pytest.raises(XeroUnavailableError) as caught:
            ask(xero.urls)
        assert len(xero.calls) == 1
    assert caught.value.message.endswith(".")
    assert caught.value.remedy
    return caught.value


@WHATEVER_IS_ASKED
def test_dns_failure_means_offline(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    root = "https://api.xero.invalid"
    urls = XeroUrls(
        authorise="",
        token=f"{root}/connect/token",
        revocation=f"{root}/connect/revocation",
        connections=f"{root}/connections",
        accounting=f"{root}/api.xro/2.0",
    )
    with pytest.raises(XeroOfflineError, match="cannot find"):
        ask(urls)


@WHATEVER_IS_ASKED
def test_a_refused_connection_means_offline(ask: Ask) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"http://127.0.0.1:{taken.getsockname()[1]}"
    with pytest.raises(XeroOfflineError, match="does not take the call"):
        ask(xero_urls(address, address))


def test_an_unreachable_network_and_a_connect_timeout_mean_offline() -> None:
    connection = HTTPConnection("127.0.0.1")
    pool = HTTPConnectionPool("127.0.0.1")
    for error in (NewConnectionError(connection, "Network is unreachable"), ConnectTimeoutError("timed out")):
        fault = faults.network_fault(MaxRetryError(pool, "/", error), "api.xero.com")
        assert isinstance(fault, XeroOfflineError)
        # Nothing was sent, so nothing can have been done unheard.
        assert not isinstance(fault, faults.AnswerLostError)


@WHATEVER_IS_ASKED
@pytest.mark.parametrize(
    "reply",
    [
        Reply(PORTAL, headers=HTML),
        Reply(PORTAL),
        Reply(PORTAL, 403, HTML),
        Reply(PORTAL, 404, HTML),
        Reply(PORTAL, 511, HTML),
        Reply("", 511),
        Reply("", 302, {"Location": "http://login.cafe.example/"}),
        Reply("", 307, {"Location": "http://login.cafe.example/"}),
    ],
    ids=["200", "200-unsaid", "403", "404", "511", "511-empty", "302", "307"],
)
def test_a_captive_portal_means_offline(ask: Ask, reply: Reply) -> None:
    fault = answered(ask, reply)
    assert isinstance(fault, XeroOfflineError)
    assert "open any web page" in fault.remedy


@WHATEVER_IS_ASKED
def test_a_redirect_is_never_followed(ask: Ask) -> None:
    with StandIn(lambda _: Reply("[]")) as other:
        answered(ask, Reply("", 302, {"Location": other.urls.connections}))
        assert other.calls == []


@WHATEVER_IS_ASKED
@pytest.mark.parametrize("status", [500, 502, 503, 504])
@pytest.mark.parametrize("body", ["", PORTAL, '{"Title": "Trouble"}'], ids=["empty", "page", "json"])
def test_a_server_in_trouble_means_broken(ask: Ask, status: int, body: str) -> None:
    fault = answered(ask, Reply(body, status, HTML if body == PORTAL else {}))
    assert not isinstance(fault, XeroOfflineError)
    assert f"error {status}" in fault.message


@WHATEVER_IS_ASKED
@pytest.mark.parametrize(
    ("reply", "sentence"),
    [
        (None, "broke off"),
        (Reply("{}", headers={"Content-Length": "500"}), "broke off"),
        (Reply(DAMAGED, headers=GZIP), "arrived damaged"),
        (Reply(gzip.compress(b"{}" * 9000)[:40], headers=GZIP | {"Content-Length": "400"}), "broke off"),
    ],
    ids=["reset", "half-an-answer", "gzip-damage", "half-a-gzip"],
)
def test_an_answer_that_does_not_arrive_whole_means_broken(ask: Ask, reply: Reply | None, sentence: str) -> None:
    fault = answered(ask, reply)
    assert isinstance(fault, faults.AnswerLostError)
    assert not isinstance(fault, XeroOfflineError)
    assert sentence in fault.message


@pytest.mark.parametrize("ask", [renewal, organisations])
@pytest.mark.parametrize("body", ["", "{}", '{"access_token"', b"\xff\xfe", "null", "17"])
def test_an_answer_that_is_no_data_means_broken(ask: Ask, body: str | bytes) -> None:
    fault = answered(ask, Reply(body))
    assert not isinstance(fault, XeroOfflineError)
    assert "not Xero's data" in fault.message


def test_a_renewal_without_a_new_refresh_token_is_asked_for_again() -> None:
    assert isinstance(answered(renewal, Reply({"access_token": "a"})), faults.AnswerLostError)


def test_a_slow_answer_means_broken() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}"
        transport = XeroTransport(FixedTokens(), xero_urls(address, address), "tenant", read_s=0.05)
        with pytest.raises(faults.AnswerLostError, match="did not answer in time") as caught:
            transport.get("/Payments")
    assert not isinstance(caught.value, XeroOfflineError)


@pytest.mark.parametrize("ask", [renewal, organisations, revocation])
@pytest.mark.parametrize("status", [400, 403, 404])
def test_an_error_of_the_identity_server_in_no_known_form_ends_no_sign_in(ask: Ask, status: int) -> None:
    fault = answered(ask, Reply(PROBLEM, status))
    assert not isinstance(fault, XeroOfflineError)
    assert f"error {status}" in fault.message


@WHATEVER_IS_ASKED
def test_too_many_calls_is_a_pause_wherever_it_is_asked(ask: Ask) -> None:
    limited = Reply("", 429, {"X-Rate-Limit-Problem": "minute", "Retry-After": "17"})
    fault = answered(ask, limited)
    assert isinstance(fault, XeroPausedError)
    assert (fault.retry_after_s, fault.because) == (17.0, "Xero's limit of 60 calls a minute is used up")


@pytest.mark.parametrize("ask", [payments, one_payment])
def test_a_403_means_that_the_organisation_is_lost(ask: Ask) -> None:
    refused = Reply({"Title": "Forbidden", "Status": 403, "Detail": "AuthenticationUnsuccessful"}, 403)
    with StandIn(lambda _: refused) as xero, pytest.raises(SignInError, match="access to the organisation"):
        ask(xero.urls)


@pytest.mark.parametrize("ask", [payments, one_payment])
def test_a_401_twice_means_sign_in_again(ask: Ask) -> None:
    with StandIn(lambda _: Reply("", 401)) as xero:
        with pytest.raises(SignInError, match="Sign in to Xero again"):
            ask(xero.urls)
        assert len(xero.calls) == 2


def test_a_404_of_xero_is_unknown_only_where_one_payment_is_asked_for() -> None:
    gone = Reply("The resource you're looking for cannot be found", 404, HTML)
    with StandIn(lambda _: gone) as xero:
        assert one_payment(xero.urls) is None
        with pytest.raises(XeroUnavailableError):
            payments(xero.urls)
