"""The sandbox's memory of what was asked, for tests to look at; access tokens are left out of it."""

from dataclasses import dataclass
from threading import Lock

from cmxero_desktop.sandbox.xero.messages import Request

_SECRET_HEADERS = frozenset({"authorization", "cookie"})


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedRequest:
    """One request and the status that answered it; 0 where the connection was cut instead."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    status: int


class Recorder:
    """Keep requests in the order in which their answers began."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._requests: list[RecordedRequest] = []

    def note(self, request: Request, status: int) -> None:
        """Remember a request without its secrets."""
        headers = {name: value for name, value in request.headers.items() if name not in _SECRET_HEADERS}
        recorded = RecordedRequest(
            method=request.method,
            path=request.path,
            query=dict(request.query),
            headers=headers,
            status=status,
        )
        with self._lock:
            self._requests.append(recorded)

    def all(self) -> list[RecordedRequest]:
        """Return everything that was asked."""
        with self._lock:
            return list(self._requests)

    def to(self, path: str) -> list[RecordedRequest]:
        """Return the requests whose path contains `path`."""
        return [each for each in self.all() if path in each.path]

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._requests.clear()
