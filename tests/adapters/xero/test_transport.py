"""What goes wrong on the way to Xero: each ends in its own plain sentence, in one request, and never as "unknown"."""

import gzip
import http.client
import logging
import multiprocessing
import os
import socket
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest
from xero_python.api_client import configuration as sdk_configuration
from xero_python.api_client.configuration import Configuration

from cmxero_desktop.adapters.xero.transport import XeroTransport
from cmxero_desktop.adapters.xero.urls import XeroUrls, xero_urls
from cmxero_desktop.domain.errors import SignInError, XeroPausedError, XeroUnavailableError
from cmxero_desktop.services.records.runs import CallLimits
from tests.adapters.xero.stand_in import Call, FixedTokens, Json, Reply, StandIn

PATH = "/Payments/00000000-0000-4000-8000-000000000001"
PAGE = '{"Payments": []}'
FORBIDDEN: Json = {"Type": None, "Title": "Forbidden", "Status": 403, "Detail": "AuthenticationUnsuccessful"}


def always(reply: Reply | None) -> Callable[[Call], Reply | None]:
    return lambda _: reply


def fault(reply: Reply | None, *, read_s: float = 20.0) -> Exception:
    """Return what both ways of asking raise for the same answer, after one request each."""
    with StandIn(always(reply)) as xero:
        transport = XeroTransport(FixedTokens(), xero.urls, "tenant", read_s=read_s)
        with pytest.raises((SignInError, XeroUnavailableError)) as first:
            transport.get("/Payments")
        with pytest.raises((SignInError, XeroUnavailableError)) as second:
            transport.find(PATH)
        assert transport.requests_made == len(xero.calls) == 2
    assert type(first.value) is type(second.value)
    assert first.value.remedy
    return first.value


def test_a_good_answer_comes_back_as_its_bytes() -> None:
    with StandIn(always(Reply(PAGE))) as xero:
        assert XeroTransport(FixedTokens(), xero.urls, "tenant").get("/Payments", (("page", "1"),)) == PAGE.encode()
    [call] = xero.calls
    assert (call.path, call.query) == ("/api.xro/2.0/Payments", {"page": "1"})
    assert call.headers["xero-tenant-id"] == "tenant"
    assert call.headers["authorization"] == "Bearer token-1"
    assert call.headers["accept-encoding"] == "gzip"
    assert call.headers["accept"] == "application/json"
    assert "if-modified-since" not in call.headers


def test_a_computer_that_does_not_tell_its_processors_asks_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    # Nothing of the SDK's first instance may be left, of which it hands out copies.
    monkeypatch.setattr(Configuration, "_default", None)
    monkeypatch.setattr(sdk_configuration, "multiprocessing", multiprocessing)
    monkeypatch.setattr(os, "cpu_count", lambda: None)
    with StandIn(always(Reply(PAGE))) as xero:
        assert XeroTransport(FixedTokens(), xero.urls, "tenant").get("/Payments") == PAGE.encode()


def test_if_modified_since_is_naive_utc_to_the_second_and_a_second_early() -> None:
    with StandIn(always(Reply(PAGE))) as xero:
        since = datetime(2026, 11, 22, 10, 0, 5, 999_000, timezone(timedelta(hours=11)))
        XeroTransport(FixedTokens(), xero.urls, "tenant").get("/Payments", since=since)
    assert xero.calls[0].headers["if-modified-since"] == "2026-11-21T23:00:04"


def test_gzip_is_asked_for_and_unpacked() -> None:
    with StandIn(always(Reply(gzip.compress(PAGE.encode()), headers={"Content-Encoding": "gzip"}))) as xero:
        assert XeroTransport(FixedTokens(), xero.urls, "tenant").get("/Payments") == PAGE.encode()
    assert xero.calls[0].headers["accept-encoding"] == "gzip"


def test_limits_are_read_from_each_answer() -> None:
    headers = {"X-MinLimit-Remaining": "59", "X-DayLimit-Remaining": "x", "X-AppMinLimit-Remaining": "9999"}
    replies = iter([Reply(PAGE, headers=headers), Reply(PAGE), Reply(PAGE, headers={"X-DayLimit-Remaining": "7"})])
    with StandIn(lambda _: next(replies)) as xero:
        transport = XeroTransport(FixedTokens(), xero.urls, "tenant")
        assert transport.limits == CallLimits()
        transport.get("/Payments")
        known = transport.limits
        assert replace(known, seen_at=None) == CallLimits(minute=59, day=None, app_minute=9999)
        transport.get("/Payments")
        assert transport.limits == known, "an answer that says nothing leaves what is known"
        transport.get("/Payments")
        assert transport.limits.day == 7


@pytest.mark.parametrize(
    ("problem", "retry_after", "seconds", "words"),
    [
        ("minute", "17", 17.0, "calls a minute and can be asked again in 17 seconds"),
        ("day", "66975", 66975.0, "calls a day for this organisation and can be asked again in 18 h 37 min"),
        ("concurrent", None, None, "at the same time."),
        ("appminute", None, None, "for all users of this app."),
        ("", "nan", None, "one of its limits"),
        ("minute", "soon", None, "calls a minute."),
    ],
)
def test_a_429_is_a_pause_with_its_limit_and_never_a_sleep(
    problem: str, retry_after: str | None, seconds: float | None, words: str
) -> None:
    headers = {"X-Rate-Limit-Problem": problem} | ({"Retry-After": retry_after} if retry_after else {})
    error = fault(Reply("", 429, headers))
    assert isinstance(error, XeroPausedError)
    assert error.retry_after_s == seconds
    assert words in error.message


def test_a_503_with_retry_after_is_not_slept_on() -> None:
    assert "trouble of its own" in str(fault(Reply("", 503, {"Retry-After": "600"})))


def test_a_400_says_what_xero_says() -> None:
    error = fault(Reply({"ErrorNumber": 16, "Message": "Your request is not filtering\nefficiently"}, 400))
    assert "error 400 (Your request is not filtering efficiently)" in str(error)


@pytest.mark.parametrize("status", [200, 404, 400, 302])
def test_a_web_page_is_never_an_answer(status: int) -> None:
    error = fault(
        Reply("<html><body>Please log in. cannot be found</body></html>", status, {"Content-Type": "text/html"})
    )
    assert isinstance(error, XeroUnavailableError)
    assert "not Xero's data" in str(error)


def test_a_redirect_is_not_followed() -> None:
    with StandIn(always(Reply(PAGE))) as other:
        target = other.urls.accounting
        error = fault(Reply("", 307, {"Location": target}))
        assert other.calls == []
    assert "not Xero's data" in str(error)


def test_an_answer_that_breaks_off_is_said_so() -> None:
    error = fault(Reply(PAGE, headers={"Content-Length": "500"}), read_s=5.0)
    assert "broke off" in str(error)


def test_hanging_up_is_said_so() -> None:
    assert "broke off" in str(fault(None))


def test_damaged_gzip_is_said_so() -> None:
    assert "arrived damaged" in str(fault(Reply(b"not gzip at all", headers={"Content-Encoding": "gzip"})))


def test_no_answer_in_time_is_said_so_after_one_request() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}"
        transport = XeroTransport(FixedTokens(), xero_urls(address, address), "tenant", read_s=0.05)
        with pytest.raises(XeroUnavailableError, match="did not answer in time"):
            transport.get("/Payments")
        assert transport.requests_made == 1


def test_refused_connections_are_told_from_broken_answers() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    with pytest.raises(XeroUnavailableError, match="offline or cut off"):
        XeroTransport(FixedTokens(), xero_urls(address, address), "tenant").get("/Payments")


def test_a_tls_error_is_said_so() -> None:
    with StandIn(always(Reply(PAGE))) as xero:
        address = xero.urls.accounting.removesuffix("/api.xro/2.0").replace("http:", "https:")
        transport = XeroTransport(FixedTokens(), xero_urls(address, address), "tenant", read_s=5.0)
        with pytest.raises(XeroUnavailableError, match="could not be verified"):
            transport.get("/Payments")


def test_a_401_renews_the_token_once_and_asks_again() -> None:
    def answer(call: Call) -> Reply:
        return Reply(PAGE) if call.headers["authorization"] == "Bearer token-2" else Reply("", 401)

    with StandIn(answer) as xero:
        tokens = FixedTokens()
        transport = XeroTransport(tokens, xero.urls, "tenant")
        assert transport.get("/Payments") == PAGE.encode()
        assert (transport.requests_made, tokens.renewals) == (2, 1)


def test_a_second_401_ends_in_sign_in_again() -> None:
    with StandIn(always(Reply("", 401))) as xero:
        transport = XeroTransport(FixedTokens(), xero.urls, "tenant")
        with pytest.raises(SignInError, match="Sign in to Xero again"):
            transport.get("/Payments")
        assert transport.requests_made == 2


def test_a_403_names_the_lost_organisation() -> None:
    with StandIn(always(Reply(FORBIDDEN, 403))) as xero:
        transport = XeroTransport(FixedTokens(), xero.urls, "tenant-7")
        with pytest.raises(SignInError, match="tenant-7"):
            transport.get("/Payments")
        transport.organisation_name = lambda: "Brightside"
        with pytest.raises(SignInError, match="Brightside"):
            transport.find(PATH)


def test_a_403_of_a_firewall_is_no_lost_organisation() -> None:
    error = fault(Reply("<html>Blocked</html>", 403, {"Content-Type": "text/html"}))
    assert isinstance(error, XeroUnavailableError)


@pytest.mark.parametrize(
    "reply",
    [
        # Xero calls this plain sentence HTML.
        Reply("The resource you're looking for cannot be found", 404, {"Content-Type": "text/html; charset=utf-8"}),
        Reply({"ErrorNumber": 0, "Type": "ObjectNotFoundException", "Message": "gone"}, 404),
        Reply({"Title": "Not Found", "Status": 404, "Detail": "x"}, 404),
    ],
)
def test_xeros_own_404_for_an_id_is_unknown(reply: Reply) -> None:
    with StandIn(always(reply)) as xero:
        transport = XeroTransport(FixedTokens(), xero.urls, "tenant")
        assert transport.find(PATH) is None
        with pytest.raises(XeroUnavailableError):
            transport.get("/Payments")


@pytest.mark.parametrize(
    "reply",
    [
        Reply("", 404),
        Reply("404 page not found", 404, {"Content-Type": "text/plain"}),
        Reply({"message": "no Route matched with those values"}, 404),
        Reply(b"\xff\xfe", 404),
        Reply('["Type"]', 404),
        Reply("", 410),
        Reply("", 500),
        Reply("", 204),
    ],
)
def test_any_other_answer_is_never_unknown(reply: Reply) -> None:
    fault(reply)


def test_a_debug_configuration_made_elsewhere_prints_no_token(capfd: pytest.CaptureFixture[str]) -> None:
    usual = Configuration._default
    logger = logging.getLogger("xero_python")
    try:
        Configuration._default = None
        Configuration(debug=True)
        with StandIn(always(Reply(PAGE))) as xero:
            XeroTransport(FixedTokens("top-secret"), xero.urls, "tenant").get("/Payments")
    finally:
        Configuration._default = usual
        http.client.HTTPConnection.debuglevel = 0
        logger.setLevel(logging.WARNING)
    assert "top-secret" not in "".join(capfd.readouterr())


def test_two_clients_never_mix_their_tokens() -> None:
    with StandIn(always(Reply(PAGE))) as xero:
        one = XeroTransport(FixedTokens("one"), xero.urls, "tenant-1")
        two = XeroTransport(FixedTokens("two"), xero.urls, "tenant-2")
        one.get("/Payments")
        two.get("/Payments")
        one.get("/Payments")
    told = [(call.headers["authorization"], call.headers["xero-tenant-id"]) for call in xero.calls]
    assert told == [("Bearer one", "tenant-1"), ("Bearer two", "tenant-2"), ("Bearer one", "tenant-1")]


def real_host(host: str) -> XeroUrls:
    """Return addresses as those of real Xero are: HTTPS, with the trust store and the proxy of the computer."""
    return XeroUrls(authorise="", token="", revocation="", connections="", accounting=f"https://{host}/api.xro/2.0")


def test_a_name_that_cannot_be_found_means_offline(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTPS_PROXY", "https_proxy"):
        monkeypatch.delenv(name, raising=False)
    transport = XeroTransport(FixedTokens(), real_host("api.xero.invalid"), "tenant")
    with pytest.raises(XeroUnavailableError, match=r"This computer is offline: it cannot find api\.xero\.invalid"):
        transport.get("/Payments")


def test_a_proxy_that_does_not_answer_is_named_as_the_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_PROXY", "no_proxy", "https_proxy"):
        monkeypatch.delenv(name, raising=False)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{port}")
    transport = XeroTransport(FixedTokens(), real_host("api.xero.invalid"), "tenant")
    with pytest.raises(XeroUnavailableError, match="The proxy on the way to"):
        transport.get("/Payments")
