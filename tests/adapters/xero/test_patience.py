"""Xero's limits: a short one is waited out where somebody has patience, any other ends in a pause with a reason."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import pytest

from cmxero_desktop.adapters.xero.transport import XeroTransport
from cmxero_desktop.domain.errors import XeroPausedError
from tests.adapters.xero.stand_in import Call, FixedTokens, Reply, StandIn

PAGE = '{"Payments": []}'
MINUTE, DAY = (
    "Xero's limit of 60 calls a minute is used up",
    "Xero's limit of calls a day for this organisation is used up",
)


@dataclass
class Waits:
    """Patience for so many waits; it remembers each and never waits."""

    left: int = 99
    told: list[tuple[float, str]] = field(default_factory=list)

    def wait(self, seconds: float, because: str) -> bool:
        self.told.append((seconds, because))
        self.left -= 1
        return self.left >= 0


def limited(problem: str, retry_after: str | None = None) -> Reply:
    headers = {"X-Rate-Limit-Problem": problem}
    return Reply("", 429, headers | ({"Retry-After": retry_after} if retry_after is not None else {}))


def in_turn(replies: Sequence[Reply]) -> Callable[[Call], Reply]:
    """Answer with each in turn, and with the last for ever."""
    left = list(replies)
    return lambda _: left.pop(0) if len(left) > 1 else left[0]


@pytest.mark.parametrize(
    ("problem", "retry_after", "seconds", "because"),
    [
        ("minute", "17", 17.0, MINUTE),
        ("minute", "0", 1.0, MINUTE),
        ("Minute", None, 60.0, MINUTE),
        ("appminute", None, 60.0, "Xero's limit of calls a minute for all users of this app is used up"),
        ("concurrent", None, 5.0, "Xero allows no more calls at the same time"),
    ],
)
def test_a_short_limit_is_waited_out_and_the_same_request_sent_again(
    problem: str, retry_after: str | None, seconds: float, because: str
) -> None:
    patience = Waits()
    with StandIn(in_turn([limited(problem, retry_after), Reply(PAGE)])) as xero:
        transport = XeroTransport(FixedTokens(), xero.urls, "tenant", patience=patience)
        assert transport.get("/Payments", (("page", "2"),)) == PAGE.encode()
        assert [call.query for call in xero.calls] == [{"page": "2"}] * 2
    assert patience.told == [(seconds, f"{because}.")]
    assert transport.requests_made == 2


@pytest.mark.parametrize(
    ("problem", "retry_after", "seconds", "because"),
    [
        ("minute", "71", 71.0, MINUTE),
        ("day", "3600", 3600.0, DAY),
        ("day", "5", 5.0, DAY),
        ("day", None, None, DAY),
        ("something-new", "5", 5.0, "Xero asked for fewer calls"),
        ("", None, None, "Xero asked for fewer calls"),
    ],
)
def test_any_other_limit_is_a_pause_at_once(
    problem: str, retry_after: str | None, seconds: float | None, because: str
) -> None:
    patience = Waits()
    with StandIn(in_turn([limited(problem, retry_after)])) as xero:
        transport = XeroTransport(FixedTokens(), xero.urls, "tenant", patience=patience)
        with pytest.raises(XeroPausedError) as caught:
            transport.get("/Payments")
        assert len(xero.calls) == 1
    assert patience.told == []
    assert (caught.value.retry_after_s, caught.value.because) == (seconds, because)


def test_a_person_who_has_enough_of_waiting_ends_it() -> None:
    patience = Waits(left=1)
    with StandIn(in_turn([limited("minute", "30")])) as xero:
        transport = XeroTransport(FixedTokens(), xero.urls, "tenant", patience=patience)
        with pytest.raises(XeroPausedError) as caught:
            transport.get("/Payments")
        assert len(xero.calls) == 2
    assert caught.value.retry_after_s == 30.0


def test_three_waits_in_a_row_are_enough_for_one_request() -> None:
    patience = Waits()
    with StandIn(in_turn([limited("concurrent")])) as xero:
        transport = XeroTransport(FixedTokens(), xero.urls, "tenant", patience=patience)
        with pytest.raises(XeroPausedError):
            transport.get("/Payments")
        assert len(xero.calls) == 4
    assert len(patience.told) == 3


def test_nobody_with_patience_means_no_wait() -> None:
    with StandIn(in_turn([limited("minute", "3"), Reply(PAGE)])) as xero:
        with pytest.raises(XeroPausedError):
            XeroTransport(FixedTokens(), xero.urls, "tenant").get("/Payments")
        assert len(xero.calls) == 1
