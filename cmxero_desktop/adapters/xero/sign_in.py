"""Sign a person in to Xero in the system browser: PKCE, since a program on a desk can keep no client secret."""

import base64
import hashlib
import hmac
import secrets
import webbrowser
from collections.abc import Callable
from datetime import datetime
from urllib.parse import urlencode

from cmxero_desktop.adapters.xero.identity import TokenSet, XeroConnection
from cmxero_desktop.adapters.xero.listener import Listener
from cmxero_desktop.adapters.xero.tokens import XeroTokens
from cmxero_desktop.adapters.xero.urls import XeroUrls
from cmxero_desktop.adapters.xero.visits import PATH, Query
from cmxero_desktop.domain.errors import SignInError

SCOPES = "offline_access accounting.payments.read accounting.invoices.read accounting.settings.read"
DEADLINE_S = 180.0


class XeroBrowserSignIn:
    """Implements `XeroSignIn`. `open_browser` gets the address and says whether a browser was opened."""

    def __init__(
        self,
        tokens: XeroTokens,
        urls: XeroUrls,
        redirect_port: int,
        open_browser: Callable[[str], bool] = webbrowser.open,
        deadline_s: float = DEADLINE_S,
    ) -> None:
        """Remember how to sign in. `redirect_port` is the one that is registered with Xero."""
        self._tokens = tokens
        self._urls = urls
        self._port = redirect_port
        self._open_browser = open_browser
        self._deadline_s = deadline_s
        self._listener: Listener | None = None
        self._tokens_to_keep: TokenSet | None = None

    def sign_in(self, secret: str = "") -> tuple[XeroConnection, ...]:
        """Open the browser, wait for the answer; return the organisations. This kind of app has no `secret`.

        Raises SignInError, XeroUnavailableError or SecretsError. What was signed in before stays until `keep`.
        """
        del secret
        if not self._tokens.client_id:
            raise SignInError("No client id of a Xero app is set.", "Enter the client id of your firm's app first.")
        self._tokens_to_keep = None
        # A keyring that cannot be used must show before a person goes through the consent.
        self._tokens.is_signed_in()
        verifier, state = secrets.token_urlsafe(64), secrets.token_urlsafe(32)
        # The literal word: Xero compares it byte by byte with what was registered.
        redirect_uri = f"http://localhost:{self._port}{PATH}"
        address = self._address(redirect_uri, verifier, state)
        listener = Listener(self._port)
        self._listener = listener
        try:
            query = listener.wait(
                lambda: self._open_browser(address), lambda query: _belongs(query, state), self._deadline_s
            )
        finally:
            self._listener = None
            listener.close()
        tokens = self._tokens.identity.exchange(_code_in(query), verifier, redirect_uri)
        connections = self._tokens.identity.connections(tokens.access_token)
        if not connections:
            message = "The sign-in worked, but no organisation was chosen in Xero."
            raise SignInError(message, "Sign in again and choose the organisation that has your CM- invoices.")
        self._tokens_to_keep = tokens
        return connections

    @property
    def renewed_at(self) -> datetime | None:
        """When the sign-in was last renewed (aware UTC); None: not by this program run."""
        return self._tokens.renewed_at

    def keep(self) -> None:
        """Keep the tokens of the last `sign_in` in place of those before."""
        if self._tokens_to_keep is not None:
            self._tokens.keep(self._tokens_to_keep)
            self._tokens_to_keep = None

    def renew(self) -> None:
        """Renew the sign-in, so that it lives on while nothing is asked of Xero."""
        self._tokens.refresh()

    def cancel(self) -> None:
        """End a sign-in that waits for the browser, from any thread."""
        listener = self._listener
        if listener is not None:
            listener.cancel()

    def sign_out(self) -> None:
        """Revoke the sign-in and forget it."""
        self._tokens_to_keep = None
        self._tokens.forget()

    def _address(self, redirect_uri: str, verifier: str, state: str) -> str:
        digest = hashlib.sha256(verifier.encode()).digest()
        query = {
            "response_type": "code",
            "client_id": self._tokens.client_id,
            "redirect_uri": redirect_uri,
            "scope": SCOPES,
            "state": state,
            "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
            "code_challenge_method": "S256",
        }
        return f"{self._urls.authorise}?{urlencode(query)}"


def _belongs(query: Query, state: str) -> bool:
    """Say whether an answer belongs to this very sign-in, so that nobody else can end or answer it."""
    return hmac.compare_digest(query.get("state", "").encode(), state.encode())


def _code_in(query: Query) -> str:
    """Return the code of an answer that belongs to this sign-in."""
    error = query.get("error", "")
    if error == "access_denied":
        message = "Access was declined in Xero."
        raise SignInError(message, "Sign in again and choose Allow access; this program can only read.")
    if error:
        message = f"Xero refused the sign-in ({error[:60]})."
        raise SignInError(message, "Check the client id, and that the app in Xero is of the kind Mobile or desktop.")
    if not query.get("code"):
        raise SignInError("Xero's answer in the browser was empty.", "Start the sign-in again.")
    return query["code"]
