"""Keep the sign-in alive: refresh token in the keyring only, access token in memory, one refresher at a time."""

import hashlib
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from cmxero_desktop.adapters.xero.faults import AnswerLostError
from cmxero_desktop.adapters.xero.identity import TokenSet, XeroConnection, XeroIdentity
from cmxero_desktop.adapters.xero.urls import XeroUrls
from cmxero_desktop.domain.errors import SignInError, XeroUnavailableError
from cmxero_desktop.services.ports.computer import Secrets

# How long before its end an access token is not used any more.
SLACK_S = 60.0
# Longer than one refresh with its retry can take.
_LOCK_S = 150.0


def utc_now() -> datetime:
    """Return now as aware UTC."""
    return datetime.now(UTC)


def home_digest(home: Path) -> str:
    """Return what tells home folders apart: two on one computer are two firms, and must not share a sign-in."""
    return hashlib.sha256(str(home.resolve()).encode()).hexdigest()[:12]


class XeroTokens:
    """The tokens of one sign-in. `clock` counts monotonic seconds, so that a wrong clock cannot age a token.

    Its methods raise SignInError, XeroUnavailableError or SecretsError.
    """

    def __init__(
        self,
        client_id: str,
        urls: XeroUrls,
        secrets: Secrets,
        lock_path: Path,
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        """Remember where everything is; nothing is read yet. `lock_path` lies in the home folder."""
        self.renewed_at: datetime | None = None
        self.client_id = client_id
        self.identity = XeroIdentity(client_id, urls)
        self._secrets = secrets
        self._clock = clock
        self._now = now
        self._lock_path = lock_path
        self._thread_lock = threading.Lock()
        self._access_token = ""
        self._ends_at = 0.0
        self._unsaved: tuple[str, TokenSet] | None = None
        self._name = f"xero-refresh-token:{client_id}:{home_digest(lock_path.parent)}"

    def is_signed_in(self) -> bool:
        """Say whether there is a sign-in at all; whether Xero still accepts it shows only by asking."""
        return self._secrets.get(self._name) is not None

    def access_token(self) -> str:
        """Return an access token with at least a minute of life left."""
        with self._thread_lock:
            if self._access_token and self._clock() < self._ends_at:
                return self._access_token
            return self._renewed()

    def renew(self, rejected: str) -> str:
        """Return a newer access token than the one that Xero rejected."""
        with self._thread_lock:
            if self._access_token and self._access_token != rejected and self._clock() < self._ends_at:
                return self._access_token
            self._access_token = ""
            return self._renewed()

    def refresh(self) -> None:
        """Renew the sign-in although the access token is still good: its own life counts from its last use."""
        with self._thread_lock:
            self._access_token = ""
            self._renewed()

    def keep(self, tokens: TokenSet) -> None:
        """Store the tokens of a new sign-in."""
        with self._thread_lock, self._one_process():
            self._save(tokens)

    def connections(self) -> tuple[XeroConnection, ...]:
        """Return the organisations of the sign-in."""
        return self.identity.connections(self.access_token())

    def forget(self) -> None:
        """End the sign-in at Xero and forget it here; it is forgotten here even where Xero cannot be told."""
        with self._thread_lock, self._one_process():
            token = self._secrets.get(self._name)
            self._access_token = ""
            self._unsaved = None
            self._secrets.delete(self._name)
            if token is None:
                return
            try:
                self.identity.revoke(token)
            except XeroUnavailableError as error:
                message = "The sign-in is forgotten on this computer, but Xero could not be told."
                remedy = "Disconnect the app in Xero under Settings, Connected apps."
                raise XeroUnavailableError(message, remedy) from error

    def _renewed(self) -> str:
        with self._one_process():
            # Read only now: another process may have rotated it while this one waited for the lock.
            stored = self._secrets.get(self._name)
            if stored is None:
                raise SignInError("This program is not signed in to Xero.", "Sign in to Xero first.")
            if self._unsaved is not None and self._unsaved[0] == stored:
                late = self._unsaved[1]
                self._save(late)
                if self._clock() < self._ends_at:
                    return self._access_token
                stored = late.refresh_token
            tokens = self._fetched(stored)
            self._unsaved = (stored, tokens)
            self._save(tokens)
        return self._access_token

    def _fetched(self, refresh_token: str) -> TokenSet:
        try:
            return self.identity.renew(refresh_token)
        except AnswerLostError:
            # Xero may have rotated it unheard; it accepts the old one for another half hour.
            return self.identity.renew(refresh_token)

    def _save(self, tokens: TokenSet) -> None:
        """Store the rotated token before the access token that came with it is used."""
        self._secrets.set(self._name, tokens.refresh_token)
        self._unsaved = None
        self._access_token = tokens.access_token
        self._ends_at = self._clock() + tokens.expires_in_s - SLACK_S
        self.renewed_at = self._now()

    def _one_process(self) -> AbstractContextManager[object]:
        try:
            self._lock_path.parent.mkdir(parents=True, exist_ok=True)
            return FileLock(self._lock_path).acquire(timeout=_LOCK_S)
        except Timeout as error:
            message = "Another running copy of this program has been busy with the sign-in for too long."
            raise XeroUnavailableError(message, "Close the other copy and try again.") from error
        except OSError as error:
            message = f"The file {self._lock_path} cannot be used: {error.strerror}."
            raise SignInError(message, "Check the rights on the program's folder.") from error
