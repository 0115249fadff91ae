"""Speak with Xero's identity server: exchange a code, renew and revoke tokens, list the organisations of a sign-in."""

import base64
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import quote, urlencode

import msgspec
import urllib3

from cmxero_desktop.adapters.xero import faults
from cmxero_desktop.adapters.xero.asking import Asker, WholeAnswer
from cmxero_desktop.adapters.xero.plain_json import decode, decode_document
from cmxero_desktop.adapters.xero.urls import XeroUrls, host_of
from cmxero_desktop.domain.errors import SignInError, XeroUnavailableError
from cmxero_desktop.domain.ways import CONNECT

CUSTOM_SCOPES = "accounting.payments.read accounting.invoices.read accounting.settings.read"
_OK, _CLIENT_ERRORS, _TOO_MANY, _UNAUTHORIZED = 200, range(400, 500), 429, 401
ANSWER_S = 60.0
_ANSWER_BYTES = 4_000_000
_DEFAULT_LIFE_S, _LONGEST_LIFE_S = 1800, 86_400
_REASONS = {
    "invalid_grant": "it has expired, was used up or was revoked",
    "invalid_client": "the client id is not known to Xero",
    "unauthorized_client": "this app may not sign in that way",
    "invalid_scope": "this app may not ask for these permissions",
}
_CUSTOM_REASONS = _REASONS | {
    "invalid_client": "the client id or the secret is not right",
    "unauthorized_client": "this app is no custom connection, or nobody has approved it yet",
}
_ENTER_AGAIN = (
    f"Look both up in Xero under My Apps, then connect again ({CONNECT}); everything that was read so far is kept."
)


@dataclass(frozen=True, slots=True)
class TokenSet:
    """What Xero hands out: neither token is ever shown, not even by `repr`. A custom connection gets no second one."""

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
    refresh_token: str = ""
    expires_in: int = _DEFAULT_LIFE_S


class _Problem(msgspec.Struct):
    error: str


class _ConnectionRow(msgspec.Struct):
    tenant_id: str = msgspec.field(name="tenantId")
    tenant_type: str | None = msgspec.field(name="tenantType", default=None)
    name: str | None = msgspec.field(name="tenantName", default=None)


class XeroIdentity:
    """The identity server, for one client id. Methods raise SignInError or XeroUnavailableError.

    `clock` counts monotonic seconds.
    """

    def __init__(self, client_id: str, urls: XeroUrls, clock: Callable[[], float] = time.monotonic) -> None:
        """Remember where to ask; nothing is sent yet."""
        self._client_id = client_id
        self._urls = urls
        self._clock = clock

    def exchange(self, code: str, verifier: str, redirect_uri: str) -> TokenSet:
        """Turn the code of a consent into tokens."""
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect_uri,
            "code_verifier": verifier,
        }
        return self._renewable(form, "Xero did not accept the answer of the sign-in page")

    def renew(self, refresh_token: str) -> TokenSet:
        """Turn a refresh token into new tokens; AnswerLostError where Xero may have done so unheard."""
        form = {"grant_type": "refresh_token", "refresh_token": refresh_token}
        return self._renewable(form, "Xero does not renew the sign-in of this program")

    def client_token(self, secret: str) -> TokenSet:
        """Get an access token for a custom connection; there is no refresh token."""
        form = {"grant_type": "client_credentials", "scope": CUSTOM_SCOPES}
        answer = self._post(self._urls.token, form, secret)
        return self._tokens(answer, "Xero does not accept the custom connection", _CUSTOM_REASONS, _ENTER_AGAIN)

    def revoke(self, refresh_token: str) -> None:
        """End the sign-in at Xero; one that has ended already is no error."""
        form = {"client_id": self._client_id, "token": refresh_token, "token_type_hint": "refresh_token"}
        answer = self._post(self._urls.revocation, form)
        if answer.status in _CLIENT_ERRORS and _problem_in(answer.data) == "invalid_grant":
            return
        if answer.status != _OK or _is_from_elsewhere(answer):
            raise self._refusal(answer, "the request to end the sign-in", self._urls.revocation)

    def connections(self, access_token: str) -> tuple[XeroConnection, ...]:
        """Return the organisations; other kinds of tenant, such as a practice, are left out."""
        headers = {"Authorization": f"Bearer {access_token}", "Accept": "application/json"}
        answer = self._request("GET", self._urls.connections, headers)
        if answer.status == _UNAUTHORIZED:
            raise faults.sign_in_ended()
        what = "the request for the organisations"
        if answer.status != _OK or _is_from_elsewhere(answer):
            raise self._refusal(answer, what, self._urls.connections)
        try:
            rows = [row for raw in decode_document(answer.data, list[msgspec.Raw]) if (row := _connection_in(raw))]
        except msgspec.DecodeError as error:
            raise faults.damaged(what, host_of(self._urls.connections)) from error
        return tuple(
            XeroConnection(r.tenant_id, r.name or r.tenant_id) for r in rows if r.tenant_type in {None, "ORGANISATION"}
        )

    def _renewable(self, form: dict[str, str], refusal: str) -> TokenSet:
        answer = self._post(self._urls.token, {"client_id": self._client_id, **form})
        tokens = self._tokens(answer, refusal, _REASONS, faults.SIGN_IN_AGAIN)
        if not tokens.refresh_token:
            raise faults.damaged("the sign-in", host_of(self._urls.token))
        return tokens

    def _tokens(self, answer: WholeAnswer, refusal: str, reasons: Mapping[str, str], remedy: str) -> TokenSet:
        problem = _problem_in(answer.data) if answer.status in _CLIENT_ERRORS else ""
        if problem and answer.status != _TOO_MANY:
            raise SignInError(f"{refusal}: {reasons.get(problem, 'it was refused')}.", remedy)
        if answer.status != _OK or _is_from_elsewhere(answer):
            raise self._refusal(answer, "the sign-in", self._urls.token)
        try:
            tokens = decode_document(answer.data, _TokenAnswer)
        except msgspec.DecodeError as error:
            raise faults.damaged("the sign-in", host_of(self._urls.token)) from error
        life_s = max(0, min(tokens.expires_in, _LONGEST_LIFE_S))
        return TokenSet(tokens.access_token, tokens.refresh_token, life_s)

    def _refusal(self, answer: WholeAnswer, what: str, url: str) -> XeroUnavailableError:
        if answer.status == _TOO_MANY:
            return faults.paused(answer.headers.get("X-Rate-Limit-Problem", ""), answer.headers.get("Retry-After"))
        if _is_from_elsewhere(answer):
            return faults.captive(what, host_of(url))
        return faults.refused(what, answer.status)

    def _post(self, url: str, form: dict[str, str], secret: str | None = None) -> WholeAnswer:
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
        if secret is not None:
            pair = f"{quote(self._client_id, safe='')}:{quote(secret, safe='')}"
            headers["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
        return self._request("POST", url, headers, urlencode(form))

    def _request(self, method: str, url: str, headers: dict[str, str], body: str | None = None) -> WholeAnswer:
        asker = Asker(url, proxy=self._urls.proxy, longest_s=ANSWER_S, most_bytes=_ANSWER_BYTES, clock=self._clock)
        try:
            return asker.request(method, url, headers=headers, body=body, redirect=False)
        except urllib3.exceptions.HTTPError as error:
            raise faults.network_fault(error, host_of(url)) from error
        finally:
            asker.close()


def _is_from_elsewhere(answer: WholeAnswer) -> bool:
    return faults.is_from_elsewhere(answer.status, is_page=answer.is_web_page and bool(answer.data))


def _connection_in(raw: msgspec.Raw) -> _ConnectionRow | None:
    """Return an organisation of the list; one that cannot be read can only be chosen once it can."""
    try:
        return decode_document(bytes(raw), _ConnectionRow)
    except msgspec.DecodeError:
        return None


def _problem_in(body: bytes) -> str:
    try:
        return decode(body, _Problem).error
    except msgspec.DecodeError:
        return ""
