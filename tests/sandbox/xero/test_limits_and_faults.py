"""The limits, and every sort of trouble that can be asked for."""

import socket
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event, Thread
from typing import Any

import pytest
import urllib3

from cmxero_desktop.sandbox.xero.faults import Damage, Fault, FaultKind
from cmxero_desktop.sandbox.xero.xero import SandboxXero
from tests.sandbox.sandbox_client import SandboxClient, SmallBooks, connected
from tests.support.patience import HUNG_S


def test_headers_count_down(client: SandboxClient) -> None:
    client.get("/Payments")
    headers = client.get("/Payments").headers
    assert headers["X-MinLimit-Remaining"] == "58"
    assert headers["X-DayLimit-Remaining"] == "4998"
    assert headers["X-AppMinLimit-Remaining"] == "9998"


def test_the_minute_is_a_fixed_window(client: SandboxClient, books: SmallBooks) -> None:
    client.xero.limits.per_minute = 2
    assert [client.get("/Payments").status for _ in range(3)] == [200, 200, 429]
    refused = client.get("/Payments")
    assert refused.headers["X-Rate-Limit-Problem"] == "minute"
    # The clock stands at second 4 of its minute.
    assert refused.headers["Retry-After"] == "56"
    books.ledger.clock.advance(timedelta(seconds=56))
    assert client.get("/Payments").status == 200


def test_the_day_says_how_long_to_wait(client: SandboxClient) -> None:
    client.xero.limits.per_day = 1
    client.get("/Payments")
    refused = client.get("/Payments")
    assert refused.headers["X-Rate-Limit-Problem"] == "day"
    assert refused.headers["Retry-After"] == str(86_400 - 3_600 - 2 * 60 - 4)
    assert client.xero.limits.calls_today(client.xero.tenant_id) == 1


def test_the_app_limit_names_no_time(client: SandboxClient) -> None:
    client.xero.limits.app_per_minute = 0
    refused = client.get("/Payments")
    assert (refused.status, refused.headers["X-Rate-Limit-Problem"]) == (429, "appminute")
    assert "Retry-After" not in refused.headers
    client.xero.limits.is_on = False
    assert client.get("/Payments").status == 200


def test_a_sixth_call_at_once_is_refused(client: SandboxClient) -> None:
    xero = client.xero
    all_held = Event()
    wait = xero.faults.wait
    running: list[int] = []

    def counted_wait(limit_s: float = 600.0) -> None:
        running.append(1)
        if len(running) == 5:
            all_held.set()
        wait(limit_s)

    xero.faults.wait = counted_wait  # type: ignore[method-assign] # to know when all five are held
    xero.faults.add(Fault(kind=FaultKind.HOLD, times=5))

    def ask() -> int:
        with connected(xero) as own:
            return own.get("/Payments").status

    with ThreadPoolExecutor(5) as threads:
        held = [threads.submit(ask) for _ in range(5)]
        all_held.wait()
        refused = client.get("/Payments")
        xero.faults.release()
        assert [each.result() for each in held] == [200] * 5
    assert (refused.status, refused.headers["X-Rate-Limit-Problem"]) == (429, "concurrent")
    assert "Retry-After" not in refused.headers
    assert client.get("/Payments").status == 200


@pytest.mark.parametrize("status", [401, 403, 404, 500, 502, 503, 504])
def test_a_status_as_often_as_asked_for(client: SandboxClient, status: int) -> None:
    client.xero.faults.add(Fault(kind=FaultKind.STATUS, path="/Payments", status=status, times=2, skip=1))
    assert [client.get("/Payments").status for _ in range(4)] == [200, status, status, 200]
    assert client.get("/Invoices").status == 200


def test_a_limit_that_nobody_reached(client: SandboxClient) -> None:
    client.xero.faults.add(Fault(kind=FaultKind.LIMIT, problem="day", retry_after_s=66_975))
    refused = client.get("/Payments")
    assert (refused.status, refused.headers["Retry-After"]) == (429, "66975")


def test_a_page_for_people_instead_of_data(client: SandboxClient) -> None:
    client.xero.faults.add(Fault(kind=FaultKind.HTML))
    answer = client.get("/Payments")
    assert (answer.status, answer.headers["Content-Type"]) == (200, "text/html; charset=utf-8")


def test_json_that_breaks_off(client: SandboxClient) -> None:
    client.xero.faults.add(Fault(kind=FaultKind.NOT_JSON))
    with pytest.raises(ValueError, match=r"Unterminated|Expecting"):
        client.get("/Payments").json()


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        (FaultKind.HALF, urllib3.exceptions.ProtocolError),
        (FaultKind.RESET, urllib3.exceptions.ProtocolError),
        (FaultKind.GZIP, urllib3.exceptions.DecodeError),
    ],
)
def test_connections_that_break(client: SandboxClient, kind: FaultKind, error: type[Exception]) -> None:
    client.xero.faults.add(Fault(kind=kind))
    with pytest.raises(error):
        client.get("/Payments")
    assert client.get("/Payments").status == 200


def test_a_slow_answer_ends_with_the_server(books: SmallBooks, monkeypatch: pytest.MonkeyPatch) -> None:
    xero, has_arrived = SandboxXero(books.ledger).start(), Event()
    monkeypatch.setattr(xero.requests, "note", lambda *_: has_arrived.set())
    xero.faults.add(Fault(kind=FaultKind.SLOW, delay_s=500.0))
    with connected(xero) as client, ThreadPoolExecutor(1) as thread:
        asked = thread.submit(client.get, "/Payments")
        has_arrived.wait()
        xero.stop()
        assert isinstance(asked.exception(), urllib3.exceptions.HTTPError | None)


def _lacks(name: str) -> Callable[[dict[str, Any]], bool]:
    return lambda row: name not in row


@pytest.mark.parametrize(
    ("damage", "shows"),
    [
        (Damage.NULL_DATE, lambda row: row["Date"] is None),
        (Damage.UNKNOWN_STATUS, lambda row: row["Status"] == "7F3"),
        (Damage.NULL_REFERENCE, lambda row: row["Reference"] is None),
        (Damage.WRONG_TYPE, lambda row: isinstance(row["Amount"], dict)),
        (Damage.NO_ID, _lacks("PaymentID")),
        (Damage.NO_INVOICE, _lacks("Invoice")),
        (Damage.NOT_A_ROW, lambda row: row == "row"),
    ],
)
def test_one_broken_row_among_good_ones(
    client: SandboxClient, books: SmallBooks, damage: Damage, shows: Callable[[Any], bool]
) -> None:
    client.xero.faults.add(Fault(kind=FaultKind.ROW, path="/Payments", row_id=books.second, damage=damage))
    good, broken = client.rows("Payments")
    assert good["PaymentID"] == books.first
    assert shows(broken)
    assert client.rows("Payments")[1]["PaymentID"] == books.second


def test_a_row_fault_waits_for_the_page_with_its_row(client: SandboxClient, books: SmallBooks) -> None:
    client.xero.faults.add(Fault(kind=FaultKind.ROW, row_id=books.second, times=None))
    assert client.rows("Payments", {"page": "1", "pageSize": "1"})[0]["Status"] == "AUTHORISED"
    assert client.rows("Payments", {"page": "2", "pageSize": "1"})[0]["Status"] == "7F3"
    client.xero.faults.clear()
    assert client.rows("Payments", {"page": "2", "pageSize": "1"})[0]["Status"] == "AUTHORISED"


def test_a_stopped_server_starts_again_where_it_was(books: SmallBooks) -> None:
    xero = SandboxXero(books.ledger)
    with xero:
        address = xero.url
    port = int(address.rpartition(":")[2])
    with pytest.raises(ConnectionRefusedError), socket.create_connection(("127.0.0.1", port), timeout=HUNG_S):
        pass
    with xero, connected(xero) as client:
        assert xero.url == address
        assert len(client.rows("Payments")) == 2
    xero.stop()


def test_only_loopback_is_served(xero: SandboxXero) -> None:
    assert xero.identity_url.startswith("http://127.0.0.1:")
    assert xero.api_url == xero.identity_url


def test_stopping_ends_a_connection_that_waits_where_a_shutdown_wakes_no_reader(
    books: SmallBooks, monkeypatch: pytest.MonkeyPatch
) -> None:
    # On Windows a thread that reads a socket may sleep on.
    monkeypatch.setattr(socket.socket, "shutdown", lambda _self, _how: None)
    xero = SandboxXero(books.ledger).start()
    with connected(xero) as client:
        assert client.get("/Payments").status == 200
        stopping = Thread(target=xero.stop, daemon=True)
        stopping.start()
        stopping.join(HUNG_S)
        assert not stopping.is_alive()
