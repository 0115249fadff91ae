"""Xero's sign-in: an authorise page whose person consents at once, the token endpoint, and revocation."""

import base64
import hashlib
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from urllib.parse import urlencode, urlsplit
from uuid import uuid4

from cmxero_desktop.sandbox.ledger.clock import Clock
from cmxero_desktop.sandbox.xero.connections import Connections
from cmxero_desktop.sandbox.xero.messages import Answer, Json, Request, html
from cmxero_desktop.sandbox.xero.tokens import Tokens

CLIENT_ID = "5A4D0B0C7D9E4F10A1B2C3D4E5F60718"
CUSTOM_CLIENT_ID = "0C0FFEE0AA5540C8B6F1D2E3A4B5C6D7"
CODE_LIFE = timedelta(minutes=5)

_AREAS = ("payments", "invoices", "banktransactions", "settings", "contacts")
SCOPES = frozenset(
    {"openid", "profile", "email", "offline_access"}
    | {f"accounting.{area}" for area in _AREAS}
    | {f"accounting.{area}.read" for area in _AREAS}
)
READING_SCOPES = " ".join(("offline_access", *(f"accounting.{area}.read" for area in _AREAS)))
_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")
_VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")


class Consent(StrEnum):
    """What the person does on the authorise page."""

    GRANT = "grant"
    DENY = "deny"
    ERROR_PAGE = "error_page"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Code:
    redirect_uri: str
    challenge: str
    scopes: frozenset[str]
    issued_at: datetime
    event_id: str


class Identity:
    """Know one PKCE app and one custom connection.

    `redirect_uris` holds the registered addresses, matched byte for byte; None stands for any port of
    `http://localhost:PORT/callback`, so that a test may listen where there is room.
    """

    def __init__(self, clock: Clock, connections: Connections) -> None:
        self.client_id = CLIENT_ID
        self.custom_client_id = CUSTOM_CLIENT_ID
        self.custom_client_secret = secrets.token_urlsafe(24)
        self.redirect_uris: frozenset[str] | None = None
        self.consent = Consent.GRANT
        self.connections = connections
        self.tokens = Tokens(clock)
        self._clock = clock
        self._codes: dict[str, _Code] = {}

    def sign_in(self, scopes: str = READING_SCOPES) -> Json:
        """Return a token answer without the browser's way round, for tests of what comes after it."""
        event_id = str(uuid4())
        self.connections.consent(event_id)
        return self.tokens.issue(self.client_id, frozenset(scopes.split()), event_id)

    def authorise(self, query: Mapping[str, str]) -> Answer:
        """Answer GET /identity/connect/authorize: back to the app, or a page that says what is wrong."""
        problem = self._authorise_problem(query)
        if problem is not None:
            return html(400, "Sorry, something went wrong", f"Error: {problem}")
        if self.consent is Consent.ERROR_PAGE:
            return html(500, "Sorry, something went wrong", "Error: server_error")
        back = {"state": query["state"]} if "state" in query else {}
        if self.consent is Consent.DENY:
            return _redirect(query["redirect_uri"], {"error": "access_denied", **back})
        code, event_id = secrets.token_urlsafe(32), str(uuid4())
        self._codes[code] = _Code(
            redirect_uri=query["redirect_uri"],
            challenge=query["code_challenge"],
            scopes=frozenset(query["scope"].split()),
            issued_at=self._clock.now(),
            event_id=event_id,
        )
        return _redirect(query["redirect_uri"], {"code": code, "scope": query["scope"], **back})

    def token(self, request: Request) -> Answer:
        """Answer POST /connect/token."""
        form = request.form
        client_id, secret = _client(request, form)
        grant = form.get("grant_type")
        if grant == "client_credentials":
            return self._custom_connection(client_id, secret, form)
        if client_id != self.client_id:
            return _problem("invalid_client")
        if grant == "authorization_code":
            return self._exchange(client_id, form)
        if grant == "refresh_token":
            answer = self.tokens.rotate(client_id, form.get("refresh_token", ""))
            return _problem("invalid_grant") if answer is None else Answer(document=answer)
        return _problem("unsupported_grant_type")

    def revoke(self, request: Request) -> Answer:
        """Answer POST /connect/revocation: the chain and every connection of the user end."""
        form = request.form
        client_id, _ = _client(request, form)
        if client_id != self.client_id:
            return _problem("invalid_client")
        if self.tokens.knows(form.get("token", "")):
            self.tokens.end_all()
            self.connections.disconnect_all()
        return Answer(text="")

    def _authorise_problem(self, query: Mapping[str, str]) -> str | None:
        scopes = set(query.get("scope", "").split())
        checks = {
            "unauthorized_client": query.get("client_id") == self.client_id,
            "invalid redirect_uri": self._is_registered(query.get("redirect_uri", "")),
            "unsupported_response_type": query.get("response_type") == "code",
            "invalid_scope": bool(scopes) and scopes <= SCOPES,
            "code challenge required": _CHALLENGE.fullmatch(query.get("code_challenge", "")) is not None,
            "transform algorithm not supported": query.get("code_challenge_method") == "S256",
        }
        return next((problem for problem, is_good in checks.items() if not is_good), None)

    def _is_registered(self, redirect_uri: str) -> bool:
        if self.redirect_uris is not None:
            return redirect_uri in self.redirect_uris
        try:
            parts = urlsplit(redirect_uri)
            port = parts.port
        except ValueError:
            return False
        return redirect_uri == f"http://localhost:{port}/callback"

    def _exchange(self, client_id: str, form: Mapping[str, str]) -> Answer:
        # A code is good once, whatever comes of it.
        held = self._codes.pop(form.get("code", ""), None)
        verifier = form.get("code_verifier", "")
        digest = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        if (
            held is None
            or form.get("redirect_uri") != held.redirect_uri
            or _VERIFIER.fullmatch(verifier) is None
            or digest != held.challenge
            or self._clock.now() - held.issued_at > CODE_LIFE
        ):
            return _problem("invalid_grant")
        self.connections.consent(held.event_id)
        return Answer(document=self.tokens.issue(client_id, held.scopes, held.event_id))

    def _custom_connection(self, client_id: str, secret: str, form: Mapping[str, str]) -> Answer:
        if client_id != self.custom_client_id or not secrets.compare_digest(secret, self.custom_client_secret):
            return _problem("invalid_client")
        scopes = frozenset(form.get("scope", "").split())
        if not scopes or not scopes <= SCOPES - {"offline_access", "openid", "profile", "email"}:
            return _problem("invalid_scope")
        event_id = str(uuid4())
        self.connections.consent(event_id)
        return Answer(document=self.tokens.issue_access(scopes, event_id, self.connections.first_tenant_id))


def _client(request: Request, form: Mapping[str, str]) -> tuple[str, str]:
    scheme, _, value = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "basic":
        try:
            client_id, _, secret = base64.b64decode(value).decode().partition(":")
        except ValueError:
            return "", ""
        return client_id, secret
    return form.get("client_id", ""), form.get("client_secret", "")


def _problem(error: str) -> Answer:
    return Answer(status=400, document={"error": error})


def _redirect(address: str, query: Mapping[str, str]) -> Answer:
    return Answer(status=302, text="", headers={"Location": f"{address}?{urlencode(query)}"})
