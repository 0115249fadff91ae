"""Connections that are open when a sign-in ends: closed, in whatever state they are, and without a trace."""

import asyncio
import logging
import socket

import pytest

from cmxero_desktop.adapters.xero.visits import Query, Visits


async def ended_after(steps: int, request: bytes) -> list[str]:
    """End the visits so many steps of the loop after a browser's call; return of what the loop complained."""
    complaints: list[str] = []
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda _, context: complaints.append(str(context)))
    answer: asyncio.Future[Query] = loop.create_future()
    visits = Visits(answer, bool)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        await visits.open([listening])
        with socket.create_connection(listening.getsockname()) as browser:
            browser.sendall(request)
            for _ in range(steps):
                await asyncio.sleep(0)
            await visits.end()
    return complaints


@pytest.mark.parametrize(
    "request_", [b"", b"GET /callback?state=", b"GET / HTTP/1.1\r\n\r\n"], ids=["idle", "half", "whole"]
)
def test_a_connection_that_is_open_at_the_end_leaves_no_trace(
    request_: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        for steps in range(12):
            assert asyncio.run(ended_after(steps, request_)) == []
    assert [each for each in caplog.records if each.levelno >= logging.WARNING] == []


async def answered_among(idle: int) -> tuple[Query, int, list[str]]:
    """Let so many idle connections stand, then bring the answer; return it, how many stood at once, and complaints."""
    complaints: list[str] = []
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda _, context: complaints.append(str(context)))
    answer: asyncio.Future[Query] = loop.create_future()
    visits = Visits(answer, lambda query: query.get("state") == "ours")
    held, most = [], 0
    with socket.create_server(("127.0.0.1", 0)) as listening:
        await visits.open([listening])
        for _ in range(idle):
            held.append(socket.create_connection(listening.getsockname()))
            await asyncio.sleep(0)
            most = max(most, len(visits._tasks))
        reader, writer = await asyncio.open_connection(*listening.getsockname())
        writer.write(b"GET /callback?state=ours&code=c HTTP/1.1\r\n\r\n")
        page = await reader.read()
        assert page.startswith(b"HTTP/1.1 200 OK")
        query = await answer
        writer.close()
        await visits.end()
    for each in held:
        each.close()
    return query, most, complaints


@pytest.mark.parametrize("idle", [3, 49, 50, 51, 200])
def test_connections_that_ask_for_nothing_keep_no_answer_out(idle: int, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        query, most, complaints = asyncio.run(answered_among(idle))
    assert query == {"state": "ours", "code": "c"}
    assert most <= 50
    assert complaints == []
    assert [each for each in caplog.records if each.levelno >= logging.WARNING] == []
