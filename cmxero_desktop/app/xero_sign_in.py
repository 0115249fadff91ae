"""Choose how the program signs in to Xero, as the settings say: a person in the browser, or a custom connection."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from cmxero_desktop.adapters.xero.custom_connection import CustomConnectionSignIn, CustomConnectionTokens
from cmxero_desktop.adapters.xero.sign_in import XeroBrowserSignIn
from cmxero_desktop.adapters.xero.tokens import XeroTokens
from cmxero_desktop.adapters.xero.transport import AccessTokens
from cmxero_desktop.adapters.xero.urls import XeroUrls, xero_urls
from cmxero_desktop.services.connecting.initialising import require_xero_app
from cmxero_desktop.services.ports.computer import Secrets
from cmxero_desktop.services.ports.xero import XeroSignIn
from cmxero_desktop.services.records.settings import SignInKind, XeroSettings


class HeldTokens(AccessTokens, Protocol):
    """Access tokens, and whether the keyring holds what they are made of."""

    def is_signed_in(self) -> bool:
        """Say so. Raises SecretsError."""


@dataclass(frozen=True, slots=True, kw_only=True)
class XeroAccess:
    """The two sides of one sign-in: the tokens that the reader asks with, and how a person renews it."""

    tokens: HeldTokens
    sign_in: XeroSignIn


def xero_access(
    settings: XeroSettings, secrets: Secrets, home: Path, open_browser: Callable[[str], bool]
) -> XeroAccess:
    """Return the sign-in of a home folder; nothing is read or sent yet. Raises SettingsError."""
    require_xero_app(settings)
    urls = urls_of(settings)
    if settings.sign_in is SignInKind.CUSTOM_CONNECTION:
        custom = CustomConnectionTokens(settings.client_id, urls, secrets, home)
        return XeroAccess(tokens=custom, sign_in=CustomConnectionSignIn(custom))
    tokens = XeroTokens(settings.client_id, urls, secrets, home / "sign-in.lock")
    browser = XeroBrowserSignIn(tokens, urls, settings.redirect_port, open_browser=open_browser)
    return XeroAccess(tokens=tokens, sign_in=browser)


def urls_of(settings: XeroSettings) -> XeroUrls:
    """Return the addresses of Xero or of a sandbox, with the proxy on the way there. Raises SettingsError."""
    return xero_urls(settings.identity_url, settings.api_url, settings.proxy)
