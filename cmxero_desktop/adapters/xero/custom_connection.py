"""Sign in without a person: a custom connection, whose client id and secret the firm gets for one organisation."""

import threading
import time
from collections.abc import Callable
from pathlib import Path

from cmxero_desktop.adapters.xero.identity import TokenSet, XeroConnection, XeroIdentity
from cmxero_desktop.adapters.xero.tokens import SLACK_S, home_digest
from cmxero_desktop.adapters.xero.urls import XeroUrls
from cmxero_desktop.domain.errors import SignInError
from cmxero_desktop.domain.ways import CONNECT
from cmxero_desktop.services.ports.computer import Secrets

_ENTER_IT = f"Enter it: {CONNECT}."


def client_secret_name(client_id: str, home: Path) -> str:
    """Return the keyring's name of the secret: two homes on one computer are two firms."""
    return f"xero-client-secret:{client_id}:{home_digest(home)}"


class CustomConnectionTokens:
    """Access tokens of a custom connection, in memory only. There is no refresh token, and the secret does not age.

    `clock` counts monotonic seconds. Its methods raise SignInError, XeroUnavailableError or SecretsError.
    """

    renewed_at = None

    def __init__(
        self,
        client_id: str,
        urls: XeroUrls,
        secrets: Secrets,
        home: Path,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Remember where everything is; nothing is read yet."""
        self.identity = XeroIdentity(client_id, urls)
        self._secrets = secrets
        self._clock = clock
        self._name = client_secret_name(client_id, home)
        self._lock = threading.Lock()
        self._access_token = ""
        self._ends_at = 0.0

    def is_signed_in(self) -> bool:
        """Say whether the keyring holds a secret; whether Xero accepts it shows only by asking."""
        return self._secrets.get(self._name) is not None

    def access_token(self) -> str:
        """Return an access token with at least a minute of life left."""
        with self._lock:
            return self._access_token if self._is_good() else self._fetched()

    def renew(self, rejected: str) -> str:
        """Return a newer access token than the one that Xero rejected."""
        with self._lock:
            is_newer = self._is_good() and self._access_token != rejected
            return self._access_token if is_newer else self._fetched()

    def keep(self, secret: str, tokens: TokenSet) -> None:
        """Store a secret that Xero accepted, and use the token that came of it."""
        with self._lock:
            self._secrets.set(self._name, secret)
            self._use(tokens)

    def forget(self) -> None:
        """Forget the secret on this computer."""
        with self._lock:
            self._access_token = ""
            self._secrets.delete(self._name)

    def _is_good(self) -> bool:
        return bool(self._access_token) and self._clock() < self._ends_at

    def _fetched(self) -> str:
        secret = self._secrets.get(self._name)
        if secret is None:
            raise SignInError("The secret of the custom connection is not in the keyring.", _ENTER_IT)
        self._use(self.identity.client_token(secret))
        return self._access_token

    def _use(self, tokens: TokenSet) -> None:
        self._access_token = tokens.access_token
        self._ends_at = self._clock() + tokens.expires_in_s - SLACK_S


class CustomConnectionSignIn:
    """Implements `XeroSignIn` with a secret that a person enters once."""

    renewed_at = None

    def __init__(self, tokens: CustomConnectionTokens) -> None:
        """Keep the tokens that the reader uses too."""
        self._tokens = tokens
        self._accepted: tuple[str, TokenSet] | None = None

    def sign_in(self, secret: str = "") -> tuple[XeroConnection, ...]:
        """Try the secret; return the one organisation of the custom connection. The secret is not kept yet.

        Raises SignInError, XeroUnavailableError or SecretsError.
        """
        self._accepted = None
        if not secret.strip():
            raise SignInError("No secret was entered.", _ENTER_IT)
        # A keyring that cannot be used must show before anything is asked of Xero.
        self._tokens.is_signed_in()
        entered = secret.strip()
        tokens = self._tokens.identity.client_token(entered)
        connections = self._tokens.identity.connections(tokens.access_token)
        if not connections:
            message = "The custom connection is not connected to an organisation yet."
            raise SignInError(message, "Let the person to whom Xero sent its e-mail approve it, then connect again.")
        self._accepted = entered, tokens
        return connections

    def keep(self) -> None:
        """Keep the secret of the last `sign_in` in place of the one before."""
        if self._accepted is not None:
            self._tokens.keep(*self._accepted)
            self._accepted = None

    def renew(self) -> None:
        """Do nothing: a custom connection does not end when nobody uses it."""

    def cancel(self) -> None:
        """Do nothing: no person is waited for."""

    def sign_out(self) -> None:
        """Forget the secret. Xero is not told: the connection itself is ended there, under My Apps."""
        self._accepted = None
        self._tokens.forget()
