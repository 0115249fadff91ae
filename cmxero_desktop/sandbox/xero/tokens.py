"""The sandbox's token chains: short access tokens, refresh tokens that rotate, the grace of the old one."""

import base64
import json
import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from threading import RLock

from cmxero_desktop.sandbox.ledger.clock import Clock
from cmxero_desktop.sandbox.xero.messages import Json

ACCESS_LIFE = timedelta(minutes=30)
REFRESH_LIFE = timedelta(days=60)
GRACE = timedelta(minutes=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessToken:
    """What an access token allows: `tenant_id` only for a custom connection, which has one organisation."""

    scopes: frozenset[str]
    ends_at: datetime
    tenant_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RefreshToken:
    """One link of a chain; `used_at` begins the grace period."""

    client_id: str
    scopes: frozenset[str]
    ends_at: datetime
    event_id: str
    used_at: datetime | None = None


class Tokens:
    """Issue, rotate and end tokens."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = RLock()
        self._access: dict[str, AccessToken] = {}
        self._refresh: dict[str, RefreshToken] = {}

    def issue(self, client_id: str, scopes: frozenset[str], event_id: str) -> Json:
        """Return a token answer: with a refresh token where `offline_access` was asked for."""
        answer = self.issue_access(scopes, event_id)
        if "openid" in scopes:
            answer["id_token"] = self._jwt({"sub": "sandbox", "name": "Robin Patel"})
        if "offline_access" in scopes:
            token = secrets.token_urlsafe(32)
            ends_at = self._clock.now() + REFRESH_LIFE
            with self._lock:
                self._refresh[token] = RefreshToken(
                    client_id=client_id, scopes=scopes, ends_at=ends_at, event_id=event_id
                )
            answer["refresh_token"] = token
        return answer

    def issue_access(self, scopes: frozenset[str], event_id: str, tenant_id: str | None = None) -> Json:
        """Return a token answer with an access token alone."""
        token = self._jwt({"authentication_event_id": event_id, "scope": sorted(scopes)})
        ends_at = self._clock.now() + ACCESS_LIFE
        with self._lock:
            self._access[token] = AccessToken(scopes=scopes, ends_at=ends_at, tenant_id=tenant_id)
        return {
            "access_token": token,
            "expires_in": int(ACCESS_LIFE.total_seconds()),
            "token_type": "Bearer",
            "scope": " ".join(sorted(scopes)),
        }

    def rotate(self, client_id: str, refresh_token: str) -> Json | None:
        """Return the next tokens, or None where this one is unknown, expired or past its grace."""
        with self._lock:
            held, now = self._refresh.get(refresh_token), self._clock.now()
            if held is None or held.client_id != client_id or now >= held.ends_at:
                return None
            if held.used_at is None:
                self._refresh[refresh_token] = replace(held, used_at=now)
            elif now - held.used_at > GRACE:
                return None
            return self.issue(client_id, held.scopes, held.event_id)

    def access(self, token: str | None) -> AccessToken | None:
        """Return what a token allows now, or None where it is unknown or over."""
        with self._lock:
            held = self._access.get(token or "")
        return held if held is not None and self._clock.now() < held.ends_at else None

    def knows(self, token: str) -> bool:
        """Tell whether this is a token of ours, alive or not."""
        return token in self._access or token in self._refresh

    def end_access(self) -> None:
        """End all access tokens: the next call is a 401, and a refresh mends it."""
        with self._lock:
            self._access.clear()

    def end_all(self) -> None:
        """End every chain: only a new sign-in mends it."""
        with self._lock:
            self._access.clear()
            self._refresh.clear()

    def _jwt(self, claims: Json) -> str:
        issued = {"iat": int(self._clock.now().timestamp()), "jti": secrets.token_hex(16)}
        parts = ({"alg": "RS256", "typ": "JWT"}, {**claims, **issued})
        head, body = (base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in parts)
        return f"{head}.{body}.{secrets.token_urlsafe(24)}"
