"""One deadline for each request and one size for each body, whatever is asked, and whatever status the answer has.

The clocks of these tests leap on by a second at each look, so that nothing waits.
"""

import gc
import gzip
import tracemalloc
import weakref
from collections.abc import Callable

import pytest

from cmxero_desktop.adapters.xero import faults
from cmxero_desktop.adapters.xero.asking import Asker
from cmxero_desktop.adapters.xero.identity import XeroIdentity
from cmxero_desktop.adapters.xero.transport import XeroTransport
from cmxero_desktop.adapters.xero.urls import XeroUrls
from cmxero_desktop.domain.errors import DeskError, XeroPausedError, XeroUnavailableError
from tests.adapters.xero.slow_server import TickingClock, sending
from tests.adapters.xero.stand_in import FixedTokens, Reply, StandIn

Clock = Callable[[], float]
Ask = Callable[[XeroUrls, Clock], object]
GZIP = {"Content-Encoding": "gzip"}
MEGABYTE = 1_000_000
BOMB = gzip.compress(b" " * 60 * MEGABYTE + b"{}")


def standing() -> float:
    return 0.0


def payments(urls: XeroUrls, clock: Clock) -> object:
    return XeroTransport(FixedTokens("t"), urls, "tenant", clock=clock).get("/Payments")


def one_payment(urls: XeroUrls, clock: Clock) -> object:
    path = "/Payments/00000000-0000-4000-8000-000000000001"
    return XeroTransport(FixedTokens("t"), urls, "tenant", clock=clock).find(path)


def code(urls: XeroUrls, clock: Clock) -> object:
    return XeroIdentity("client", urls, clock).exchange("code", "verifier", "http://localhost:8742/callback")


def renewal(urls: XeroUrls, clock: Clock) -> object:
    return XeroIdentity("client", urls, clock).renew("refresh")


def custom_connection(urls: XeroUrls, clock: Clock) -> object:
    return XeroIdentity("client", urls, clock).client_token("secret")


def organisations(urls: XeroUrls, clock: Clock) -> object:
    return XeroIdentity("client", urls, clock).connections("access")


def revocation(urls: XeroUrls, clock: Clock) -> object:
    XeroIdentity("client", urls, clock).revoke("refresh")
    return None


WHATEVER_IS_ASKED = pytest.mark.parametrize(
    "ask", [payments, one_payment, code, renewal, custom_connection, organisations, revocation]
)
DRIPS = {
    "headers": (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "body": (b"HTTP/1.1 200 OK\r\nContent-Length: 10000000\r\n\r\n", b" "),
    "chunks": (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n"),
    "error": (b"HTTP/1.1 500 Trouble\r\nContent-Length: 10000000\r\n\r\n", b" "),
    "refusal": (b"HTTP/1.1 400 Bad Request\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n"),
    "limit": (b"HTTP/1.1 429 Too Many\r\nContent-Length: 10000000\r\n\r\n", b" "),
}


@WHATEVER_IS_ASKED
@pytest.mark.parametrize("drip", DRIPS)
def test_an_answer_that_comes_in_drips_is_given_up_at_the_deadline_of_its_request(ask: Ask, drip: str) -> None:
    clock = TickingClock()
    with sending(*DRIPS[drip], clock) as urls:
        with pytest.raises(faults.AnswerLostError, match="did not answer in time") as caught:
            ask(urls, clock)
        assert clock.looks < 130, "no longer than a request may take"
    assert caught.value.remedy


@WHATEVER_IS_ASKED
@pytest.mark.parametrize("status", [400, 404, 429, 500, 503])
def test_of_an_error_s_body_only_the_beginning_is_unpacked(ask: Ask, status: int) -> None:
    with StandIn(lambda _: Reply(BOMB, status, GZIP)) as xero:
        tracemalloc.start()
        try:
            with pytest.raises(DeskError) as caught:
                ask(xero.urls, standing)
            _, most = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert most < 20 * MEGABYTE
    # Its status still says what it is.
    assert isinstance(caught.value, XeroPausedError) if status == 429 else f"error {status}" in str(caught.value)


@pytest.mark.parametrize("ask", [code, renewal, custom_connection, organisations])
def test_a_sign_in_never_holds_more_than_a_sign_in_can(ask: Ask) -> None:
    with StandIn(lambda _: Reply(BOMB, 200, GZIP)) as xero:
        tracemalloc.start()
        try:
            with pytest.raises(XeroUnavailableError, match="sent more than an answer of Xero's can hold"):
                ask(xero.urls, standing)
            _, most = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert most < 20 * MEGABYTE


@WHATEVER_IS_ASKED
@pytest.mark.parametrize("said", ["1e308", "99999999", "9" * 300])
def test_a_pause_is_never_said_to_be_longer_than_any_of_xero_s(ask: Ask, said: str) -> None:
    limited = Reply("", 429, {"X-Rate-Limit-Problem": "day", "Retry-After": said})
    with StandIn(lambda _: limited) as xero, pytest.raises(XeroPausedError) as caught:
        ask(xero.urls, standing)
    assert "can be asked again in 25 h 0 min." in caught.value.message
    assert caught.value.retry_after_s == 90_000.0


@pytest.mark.parametrize(("life", "kept"), [(-(10**18), 0), (10**18, 86_400), (10**400, 86_400), (1800, 1800)])
def test_a_token_s_life_is_never_longer_than_a_day(life: int, kept: int) -> None:
    # Whoever adds it to a clock must not meet a number that no clock holds.
    answer = f'{{"access_token": "a", "refresh_token": "r", "expires_in": {life}}}'
    with StandIn(lambda _: Reply(answer)) as xero:
        assert XeroIdentity("client", xero.urls).renew("refresh").expires_in_s == kept


def test_connections_end_with_what_asked_and_wait_for_no_collector() -> None:
    """A desk that is closed and opened again, as every command does, must not leave connections open at Xero's."""
    with StandIn(lambda _: Reply(b"{}")) as xero:
        address = f"{xero.urls.connections}"
        asker = Asker(address, proxy="", longest_s=60, most_bytes=MEGABYTE)
        gc.disable()
        try:
            assert asker.request("GET", address).status == 200
            pool = weakref.ref(asker._pool)
            del asker
            assert pool() is None
        finally:
            gc.enable()
