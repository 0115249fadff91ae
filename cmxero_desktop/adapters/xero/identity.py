"""Speak with Xero's identity server: exchange a code, renew and revoke tokens, list the organisations of a sign-in."""

from dataclasses import dataclass, field
from urllib.parse import urlencode

import msgspec
import urllib3

from cmxero_desktop.adapters.xero import faults
from cmxero_desktop.adapters.xero.pool import pool_for
from cmxero_desktop.adapters.xero.urls import XeroUrls, host_of
from cmxero_desktop.domain.errors import SignInError

_OK, _CLIENT_ERRORS, _TOO_MANY, _UNAUTHORIZED = 200, range(400, 500), 429, 401
_DEFAULT_LIFE_S = 1800
_REASONS = {
    "invalid_grant": "it has expired, was used up or was revoked",
    "invalid_client": "the client id is not known to Xero",
    "unauthorized_client": "this app may not sign in that way",
    "invalid_scope": "this app may not ask for these permissions",
}


@dataclass(frozen=True, slots=True)
class TokenSet:
    """What Xero hands out: neither token is ever shown, not even by `repr`."""

    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    expires_in_s: int


@dataclass(frozen=True, slots=True)
class XeroConnection:
    """One organisation that the sign-in gives access to."""

    tenant_id: str
    name: str


class _TokenAnswer(msgspec.Struct):
    access_token: str
    refresh_token: str
    expires_in: int = _DEFAULT_LIFE_S


class _Problem(msgspec.Struct):
    error: str


class _ConnectionRow(msgspec.Struct):
    tenant_id: str = msgspec.field(name="tenantId")
    tenant_type: str | None = msgspec.field(name="tenantType", default=None)
    name: str | None = msgspec.field(name="tenantName", default=None)


class XeroIdentity:
    """The identity server, for one client id. Methods raise SignInError or XeroUnavailableError."""

    def __init__(self, client_id: str, urls: XeroUrls) -> None:
        """Remember where to ask; nothing is sent yet."""
        self._client_id = client_id
        self._urls = urls

    def exchange(self, code: str, verifier: str, redirect_uri: str) -> TokenSet:
        """Turn the code of a consent into tokens."""
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect_uri,
            "code_verifier": verifier,
        }
        return self._tokens(form, "Xero did not accept the answer of the sign-in page")

    def renew(self, refresh_token: str) -> TokenSet:
        """Turn a refresh token into new tokens; AnswerLostError where Xero may have done so unheard."""
        form = {"grant_type": "refresh_token", "refresh_token": refresh_token}
        return self._tokens(form, "Xero does not renew the sign-in of this program")

    def revoke(self, refresh_token: str) -> None:
        """End the sign-in at Xero; one that has ended already is no error."""
        form = {"token": refresh_token, "token_type_hint": "refresh_token"}
        status, body = self._post(self._urls.revocation, form)
        if status != _OK and not (status in _CLIENT_ERRORS and _problem_in(body) == "invalid_grant"):
            raise faults.refused("the request to end the sign-in", status)

    def connections(self, access_token: str) -> tuple[XeroConnection, ...]:
        """Return the organisations; other kinds of tenant, such as a practice, are left out."""
        headers = {"Authorization": f"Bearer {access_token}", "Accept": "application/json"}
        status, body = self._request("GET", self._urls.connections, headers)
        if status == _UNAUTHORIZED:
            raise faults.sign_in_ended()
        host = host_of(self._urls.connections)
        if status != _OK:
            raise faults.refused("the request for the organisations", status)
        try:
            rows = msgspec.json.decode(body, type=list[_ConnectionRow])
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise faults.not_xero("the request for the organisations", host) from error
        return tuple(
            XeroConnection(r.tenant_id, r.name or r.tenant_id) for r in rows if r.tenant_type in {None, "ORGANISATION"}
        )

    def _tokens(self, form: dict[str, str], refusal: str) -> TokenSet:
        status, body = self._post(self._urls.token, form)
        if status in _CLIENT_ERRORS and status != _TOO_MANY:
            problem = _problem_in(body)
            if not problem:
                raise faults.not_xero("the sign-in", host_of(self._urls.token))
            raise SignInError(f"{refusal}: {_REASONS.get(problem, 'it was refused')}.", faults.SIGN_IN_AGAIN)
        if status != _OK:
            raise faults.refused("the sign-in", status)
        try:
            answer = msgspec.json.decode(body, type=_TokenAnswer)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise faults.not_xero("the sign-in", host_of(self._urls.token)) from error
        return TokenSet(answer.access_token, answer.refresh_token, answer.expires_in)

    def _post(self, url: str, form: dict[str, str]) -> tuple[int, bytes]:
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
        return self._request("POST", url, headers, urlencode({"client_id": self._client_id, **form}))

    def _request(self, method: str, url: str, headers: dict[str, str], body: str | None = None) -> tuple[int, bytes]:
        pool = pool_for(url)
        try:
            answer = pool.request(method, url, headers=headers, body=body, redirect=False)
        except urllib3.exceptions.HTTPError as error:
            raise faults.network_fault(error, host_of(url)) from error
        finally:
            pool.clear()
        return answer.status, answer.data


def _problem_in(body: bytes) -> str:
    try:
        return msgspec.json.decode(body, type=_Problem).error
    except (msgspec.DecodeError, UnicodeDecodeError):
        return ""
