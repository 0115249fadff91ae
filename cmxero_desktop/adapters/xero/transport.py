"""Send one read request to Xero through xero-python and return raw bytes, or a plain sentence."""

import logging
import os
import re
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Protocol

import msgspec
import urllib3
from xero_python.accounting import AccountingApi
from xero_python.api_client import ApiClient
from xero_python.api_client import configuration as sdk_configuration
from xero_python.api_client.configuration import Configuration
from xero_python.exceptions import ApiSSLException, HTTPStatusException

from cmxero_desktop.adapters.xero import faults
from cmxero_desktop.adapters.xero.asking import Asker, WholeAnswer
from cmxero_desktop.adapters.xero.plain_json import decode, decode_document
from cmxero_desktop.adapters.xero.pool import CONNECT_S, READ_S
from cmxero_desktop.adapters.xero.urls import XeroUrls, host_of
from cmxero_desktop.domain.errors import XeroPausedError
from cmxero_desktop.services.ports.xero import Patience
from cmxero_desktop.services.records.runs import CallLimits

Query = Sequence[tuple[str, str]]

ANSWER_S = 120.0
_ANSWER_BYTES = 256_000_000
_OK, _UNAUTHORIZED, _FORBIDDEN, _NOT_FOUND, _TOO_MANY = 200, 401, 403, 404, 429
_WAITS_IN_A_ROW = 3
_XERO_PROBLEM_KEYS = frozenset({"Type", "Title", "Detail", "ErrorNumber", "HttpStatusCode"})
_LOG = logging.getLogger(__name__)


class AccessTokens(Protocol):
    """Where the transport gets its access token from. Both methods raise SignInError or XeroUnavailableError.

    `renewed_at` is when the sign-in was last renewed (aware UTC); None: not by this program run, or it does not age.
    """

    @property
    def renewed_at(self) -> datetime | None:
        """When the sign-in was last renewed."""

    def access_token(self) -> str:
        """Return a token that is still valid."""

    def renew(self, rejected: str) -> str:
        """Return a newer token than the one that Xero rejected."""


class XeroTransport:
    """Reads from one organisation; counts its requests and keeps the limits that the last answer named.

    `organisation_name` is asked for its name where access to it is lost; empty, its id is named.

    Where Xero asks for a short pause and there is `patience`, the same request is sent again after it. A request is
    given up after `ANSWER_S` seconds, however its answer comes in, and after `read_s` in which nothing comes.
    Every method raises SignInError, XeroPausedError or XeroUnavailableError.
    """

    def __init__(
        self,
        tokens: AccessTokens,
        urls: XeroUrls,
        tenant_id: str,
        *,
        patience: Patience | None = None,
        read_s: float = READ_S,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Prepare a client of its own; nothing is sent yet. `clock` counts monotonic seconds."""
        self.requests_made = 0
        self.limits = CallLimits()
        self.organisation_name: Callable[[], str] = str
        self._tokens = tokens
        self._tenant_id = tenant_id
        self._patience = patience
        self._host = host_of(urls.accounting)
        self._timeouts = (CONNECT_S, read_s)
        asker = Asker(urls.accounting, proxy=urls.proxy, longest_s=ANSWER_S, most_bytes=_ANSWER_BYTES, clock=clock)
        self._client = _client_over(asker)
        self._api = AccountingApi(self._client, base_url=urls.accounting)

    def get(self, path: str, query: Query = (), since: datetime | None = None) -> bytes:
        """Return the body of a good answer. `since` goes out to the second, as Xero wants it."""
        reply = self._ask(path, query, since)
        if reply.status != _OK:
            raise self._refusal(reply, path)
        return self._data_of(reply, path)

    def find(self, path: str) -> bytes | None:
        """Return the body of a good answer, or None where Xero itself says that it does not know the id.

        A 404 in any other form (a proxy, a web page, a wrong address) is an error and never "unknown".
        """
        reply = self._ask(path, (), None)
        if reply.status == _NOT_FOUND and _is_xeros_not_found(reply):
            return None
        if reply.status != _OK:
            raise self._refusal(reply, path)
        return self._data_of(reply, path)

    def find_list(self, path: str) -> bytes | None:
        """Return the body of a list that a stand-in for Xero need not have: None for a 404 in any form.

        Where a proxy or a wrong address answers so, the requests beside this one fail, and say why.
        """
        reply = self._ask(path, (), None)
        if reply.status == _NOT_FOUND:
            return None
        if reply.status != _OK:
            raise self._refusal(reply, path)
        return self._data_of(reply, path)

    def _ask(self, path: str, query: Query, since: datetime | None) -> WholeAnswer:
        for _ in range(_WAITS_IN_A_ROW):
            reply = self._ask_once(path, query, since)
            if reply.status != _TOO_MANY or not self._waited_for(reply):
                return reply
        return self._ask_once(path, query, since)

    def _waited_for(self, reply: WholeAnswer) -> bool:
        seconds = faults.short_wait_s(_limit_hit(reply), reply.headers.get("Retry-After"))
        if self._patience is None or seconds is None:
            return False
        return self._patience.wait(seconds, f"{_paused(reply).because}.")

    def _ask_once(self, path: str, query: Query, since: datetime | None) -> WholeAnswer:
        token = self._tokens.access_token()
        reply = self._send(path, query, since, token)
        if reply.status == _UNAUTHORIZED:
            reply = self._send(path, query, since, self._tokens.renew(token))
        return reply

    def _send(self, path: str, query: Query, since: datetime | None, token: str) -> WholeAnswer:
        headers = {
            "Accept": "application/json",
            "xero-tenant-id": self._tenant_id,
            # Not through the SDK's own token: its configuration is shared, and its refresh cannot do PKCE.
            "Authorization": f"Bearer {token}",
        }
        if since is not None:
            headers["If-Modified-Since"] = _to_the_second(since)
        self.requests_made += 1
        try:
            reply = self._call(path, query, headers)
        except (urllib3.exceptions.HTTPError, ApiSSLException) as error:
            if isinstance(error, ApiSSLException):
                raise faults.network_fault(urllib3.exceptions.SSLError(), self._host) from None
            raise faults.network_fault(error, self._host) from error
        self.limits = _limits_of(reply, self.limits)
        _LOG.debug(
            "Xero answered %s with %d, correlation %s", path, reply.status, reply.headers.get("Xero-Correlation-Id")
        )
        return reply

    def _call(self, path: str, query: Query, headers: dict[str, str]) -> WholeAnswer:
        try:
            answer: WholeAnswer = self._client.call_api(
                self._api.get_resource_url(path),
                "GET",
                query_params=list(query),
                header_params=headers,
                _return_http_data_only=True,
                _preload_content=False,
                # A tuple: the SDK ignores a float in silence, and would then wait without end.
                _request_timeout=self._timeouts,
            )
        except HTTPStatusException as error:
            return error.http_resp.urllib3_response  # type: ignore[no-any-return] # the SDK has no types
        return answer

    def _data_of(self, reply: WholeAnswer, path: str) -> bytes:
        if reply.is_web_page:
            raise faults.captive(f"the request for {_what(path)}", self._host)
        return reply.data

    def _refusal(self, reply: WholeAnswer, path: str) -> Exception:
        what = f"the request for {_what(path)}"
        if reply.status == _TOO_MANY:
            return _paused(reply)
        if reply.status == _UNAUTHORIZED:
            return faults.sign_in_ended()
        if reply.status == _FORBIDDEN and not reply.is_web_page:
            return faults.lost_organisation(self.organisation_name() or self._tenant_id)
        if faults.is_from_elsewhere(reply.status, is_page=reply.is_web_page):
            return faults.captive(what, self._host)
        return faults.refused(what, reply.status, _detail(reply.data))


def _client_over(asker: Asker) -> ApiClient:
    configuration = _configuration()
    # The class hands out copies of the first instance ever made: a debug mode set elsewhere would print our token.
    configuration.debug = False
    client = ApiClient(configuration)
    client.rest_client.pool_manager = asker
    client.set_default_header("Accept-Encoding", "gzip")
    return client


def _configuration() -> Configuration:
    """Make the SDK's settings, which count processors for a pool that we replace: a computer need not tell them."""
    if os.cpu_count() is None:
        sdk_configuration.multiprocessing = SimpleNamespace(cpu_count=lambda: 1)
    return Configuration()


def _to_the_second(since: datetime) -> str:
    # A second earlier, since it is not known whether Xero's comparison includes the second itself.
    return (since.astimezone(UTC) - timedelta(seconds=1)).strftime("%Y-%m-%dT%H:%M:%S")


def _limit_hit(reply: WholeAnswer) -> str:
    return reply.headers.get("X-Rate-Limit-Problem", "")


def _paused(reply: WholeAnswer) -> XeroPausedError:
    return faults.paused(_limit_hit(reply), reply.headers.get("Retry-After"))


def _limits_of(reply: WholeAnswer, known: CallLimits) -> CallLimits:
    """Read what Xero says is left; an answer that says nothing leaves what is known."""

    def number(name: str, limit: str) -> int | None:
        text = reply.headers.get(name, "").strip()
        if re.fullmatch(r"\d{1,9}", text):
            return int(text)
        return 0 if _limit_hit(reply).strip().lower() == limit else None

    minute, day = number("X-MinLimit-Remaining", "minute"), number("X-DayLimit-Remaining", "day")
    app_minute = number("X-AppMinLimit-Remaining", "appminute")
    if minute is None and day is None and app_minute is None:
        return known
    return CallLimits(minute=minute, day=day, app_minute=app_minute, seen_at=datetime.now(UTC))


def _is_xeros_not_found(reply: WholeAnswer) -> bool:
    # Xero calls this sentence HTML although it has no markup at all; a real web page is somebody else's.
    if faults.is_web_page(reply.data):
        return False
    if b"cannot be found" in reply.data[:200]:
        return True
    try:
        problem = decode(reply.data, dict[str, msgspec.Raw])
    except msgspec.DecodeError:
        return False
    return not _XERO_PROBLEM_KEYS.isdisjoint(problem)


def _detail(body: bytes) -> str:
    """Return what Xero says about an error, short and on one line."""
    try:
        problem = decode_document(body, dict[str, object])
    except msgspec.DecodeError:
        return ""
    said = next((problem[key] for key in ("Detail", "Message", "Title") if isinstance(problem.get(key), str)), "")
    return " ".join(str(said).split())[:200]


def _what(path: str) -> str:
    resource, _, one = path.strip("/").partition("/")
    return f"{resource} {one}" if one else resource
