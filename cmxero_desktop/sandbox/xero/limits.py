"""Xero's rate limits: calls per minute and day for each organisation, calls of the app, and calls at once."""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Lock

from cmxero_desktop.sandbox.ledger.clock import Clock

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MINUTE_S, _DAY_S = 60, 86_400


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a call may go on: the limit that it hit, if any, and the headers that say how much is left."""

    problem: str | None
    headers: dict[str, str]


class Limits:
    """Count calls in fixed windows. `is_on` is for benchmarks; the numbers may be changed at any time."""

    def __init__(self, clock: Clock) -> None:
        self.is_on = True
        self.per_minute = 60
        self.per_day = 5_000
        self.app_per_minute = 10_000
        self.at_once = 5
        self._clock = clock
        self._lock = Lock()
        self._calls: Counter[tuple[str, str, int]] = Counter()
        self._running: Counter[str] = Counter()

    def enter(self, tenant_id: str) -> Verdict:
        """Count a call that begins; a refused one is not counted and needs no `leave`."""
        second = int((self._clock.now() - _EPOCH).total_seconds())
        windows = {
            "minute": ("minute", tenant_id, second // _MINUTE_S),
            "day": ("day", tenant_id, second // _DAY_S),
            "appminute": ("appminute", "", second // _MINUTE_S),
        }
        with self._lock:
            problem = self._problem(tenant_id, windows) if self.is_on else None
            if problem is None:
                self._running[tenant_id] += 1
                self._calls.update(windows.values())
            return Verdict(problem, self._headers(problem, second, windows))

    def leave(self, tenant_id: str) -> None:
        """Note that a call has ended."""
        with self._lock:
            self._running[tenant_id] -= 1

    def forget(self) -> None:
        """Begin all windows anew."""
        with self._lock:
            self._calls.clear()

    def calls_today(self, tenant_id: str) -> int:
        """Return how many calls an organisation had today."""
        second = int((self._clock.now() - _EPOCH).total_seconds())
        return self._calls["day", tenant_id, second // _DAY_S]

    def _problem(self, tenant_id: str, windows: dict[str, tuple[str, str, int]]) -> str | None:
        if self._running[tenant_id] >= self.at_once:
            return "concurrent"
        allowed = {"minute": self.per_minute, "day": self.per_day, "appminute": self.app_per_minute}
        return next((name for name, key in windows.items() if self._calls[key] >= allowed[name]), None)

    def _headers(self, problem: str | None, second: int, windows: dict[str, tuple[str, str, int]]) -> dict[str, str]:
        headers = {
            "X-MinLimit-Remaining": str(max(0, self.per_minute - self._calls[windows["minute"]])),
            "X-DayLimit-Remaining": str(max(0, self.per_day - self._calls[windows["day"]])),
            "X-AppMinLimit-Remaining": str(max(0, self.app_per_minute - self._calls[windows["appminute"]])),
        }
        if problem is not None:
            headers["X-Rate-Limit-Problem"] = problem
        # Only these two say how long to wait.
        if problem == "minute":
            headers["Retry-After"] = str(_MINUTE_S - second % _MINUTE_S)
        if problem == "day":
            headers["Retry-After"] = str(_DAY_S - second % _DAY_S)
        return headers
