"""The sandbox as one object: a local Xero that a test, the demo or a benchmark starts, steers and stops."""

from collections.abc import Callable
from threading import Thread
from types import TracebackType
from typing import Self

from cmxero_desktop.sandbox.ledger.clock import Clock
from cmxero_desktop.sandbox.ledger.ledger import Ledger
from cmxero_desktop.sandbox.ledger.organisations import BRIGHTSIDE
from cmxero_desktop.sandbox.xero.api import Api
from cmxero_desktop.sandbox.xero.connections import Connections
from cmxero_desktop.sandbox.xero.control import Control, Controlled
from cmxero_desktop.sandbox.xero.faults import Faults
from cmxero_desktop.sandbox.xero.identity import Identity
from cmxero_desktop.sandbox.xero.limits import Limits
from cmxero_desktop.sandbox.xero.messages import Json
from cmxero_desktop.sandbox.xero.recorder import Recorder
from cmxero_desktop.sandbox.xero.server import HOST, SandboxServer


class SandboxXero:
    """A stateful Xero on 127.0.0.1. Its parts may be changed at any time: books, clock, faults, limits."""

    def __init__(self, ledger: Ledger | None = None, clock: Clock | None = None, port: int = 0) -> None:
        self.clock = ledger.clock if ledger is not None else clock or Clock()
        self.ledger = ledger or Ledger(self.clock, BRIGHTSIDE)
        self.connections = Connections(self.clock)
        self.tenant_id = self.connections.offer(self.ledger)
        self.identity = Identity(self.clock, self.connections)
        self.faults = Faults()
        self.limits = Limits(self.clock)
        self.requests = Recorder()
        self.happenings: dict[str, Callable[[], Json]] = {}
        self._port = port
        self._server: SandboxServer | None = None
        self._thread: Thread | None = None

    @property
    def url(self) -> str:
        """Return the address of the running server."""
        return f"http://{HOST}:{self._port}"

    @property
    def identity_url(self) -> str:
        """Return the root of /identity/connect/authorize and /connect/token."""
        return self.url

    @property
    def api_url(self) -> str:
        """Return the root of /connections and /api.xro/2.0."""
        return self.url

    @property
    def client_id(self) -> str:
        """Return the id of the PKCE app that the sandbox knows."""
        return self.identity.client_id

    def access_token(self) -> str:
        """Return a fresh access token with every reading scope, without the browser's way round."""
        return str(self.identity.sign_in()["access_token"])

    def start(self) -> Self:
        """Begin to serve, on a free port unless one was given; the port is kept over a stop and a start."""
        controlled = Controlled(
            ledger=self.ledger,
            clock=self.clock,
            faults=self.faults,
            limits=self.limits,
            identity=self.identity,
            requests=self.requests,
            happenings=self.happenings,
        )
        api = Api(self.identity, self.limits)
        server = SandboxServer(self._port, api, Control(controlled), self.clock, self.faults, self.requests)
        self._port = server.server_port
        # A short poll only decides how quickly `stop` is noticed.
        self._thread = Thread(target=server.serve_forever, args=(0.02,), name="sandbox-xero")
        self._thread.start()
        self._server = server
        return self

    def stop(self) -> None:
        """Stop serving; clients that are connected see their connections end. Books and tokens stay."""
        if self._server is None or self._thread is None:
            return
        self._server.shutdown()
        self._server.end_connections()
        self._server.server_close()
        self._thread.join()
        self._server, self._thread = None, None

    def __enter__(self) -> Self:
        """Start."""
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop."""
        self.stop()
