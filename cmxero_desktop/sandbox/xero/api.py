"""From a request to its answer: routes, the right to ask, the rate limits, and nothing of sockets."""

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace

from cmxero_desktop.sandbox.ledger.ledger import Ledger
from cmxero_desktop.sandbox.xero.accounting import not_found, refused
from cmxero_desktop.sandbox.xero.identity import Identity
from cmxero_desktop.sandbox.xero.limits import Limits
from cmxero_desktop.sandbox.xero.messages import Answer, Request, html
from cmxero_desktop.sandbox.xero.resources import resources

ACCOUNTING_ROOT = "/api.xro/2.0/"
_URL_LIMIT = 8_000


class Api:
    """Answer for the identity server, the connections and the accounting API."""

    def __init__(self, identity: Identity, limits: Limits) -> None:
        self._identity = identity
        self._limits = limits
        self._resources = resources()
        self._routes: dict[tuple[str, str], Callable[[Request], Answer]] = {
            ("GET", "/identity/connect/authorize"): lambda request: identity.authorise(request.query),
            ("POST", "/connect/token"): identity.token,
            ("POST", "/connect/revocation"): identity.revoke,
        }

    def answer(self, request: Request, afterwards: ExitStack) -> Answer:
        """Return the answer to any request; `afterwards` is closed by the caller when the answer is sent."""
        if len(request.path) + sum(len(value) for value in request.query.values()) > _URL_LIMIT:
            return html(414, "URI Too Long", "Ask for less at once.")
        route = self._routes.get((request.method, request.path))
        if route is not None:
            return route(request)
        if request.path.startswith("/connections"):
            return self._connections(request)
        if request.path.startswith(ACCOUNTING_ROOT):
            return self._accounting(request, afterwards)
        return not_found()

    def _connections(self, request: Request) -> Answer:
        if self._identity.tokens.access(request.bearer) is None:
            return refused(401, "Unauthorized", "AuthenticationUnsuccessful")
        if request.method == "GET" and request.path == "/connections":
            return self._identity.connections.listed(request.query)
        if request.method == "DELETE":
            return self._identity.connections.delete(request.path.removeprefix("/connections/"))
        return refused(405, "Method Not Allowed", "MethodNotAllowed")

    def _accounting(self, request: Request, afterwards: ExitStack) -> Answer:
        if request.method != "GET":
            return refused(405, "Method Not Allowed", "The sandbox's accounting data is only ever read")
        access = self._identity.tokens.access(request.bearer)
        if access is None:
            return refused(401, "Unauthorized", "TokenExpired: the token is unknown or over")
        tenant_id = request.headers.get("xero-tenant-id") or access.tenant_id or ""
        ledger = self._identity.connections.ledger_of(tenant_id)
        if ledger is None:
            return refused(403, "Forbidden", "AuthenticationUnsuccessful")
        verdict = self._limits.enter(tenant_id)
        if verdict.problem is not None:
            return Answer(status=429, text="", headers=verdict.headers)
        afterwards.callback(self._limits.leave, tenant_id)
        answer = self._resource(request, access.scopes, ledger)
        return replace(answer, headers={**answer.headers, **verdict.headers})

    def _resource(self, request: Request, scopes: frozenset[str], ledger: Ledger) -> Answer:
        name, _, record_id = request.path.removeprefix(ACCOUNTING_ROOT).strip("/").partition("/")
        resource = self._resources.get(name.lower())
        if resource is None:
            return not_found()
        if not resource.scopes & scopes:
            return refused(401, "Unauthorized", "AuthorizationUnsuccessful")
        if not record_id:
            return resource.listed(ledger, request)
        record_id, _, part = record_id.partition("/")
        if part:
            return (resource.history(ledger, record_id) if part.lower() == "history" else None) or not_found()
        return resource.one(ledger, record_id) or not_found()
