"""The addresses of Xero, or of a sandbox on this computer and nowhere else."""

from dataclasses import dataclass, field, replace
from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

from cmxero_desktop.domain.errors import SettingsError


@dataclass(frozen=True, slots=True)
class XeroUrls:
    """Where to authorise, to get and revoke tokens, to list organisations, and to read.

    `proxy` is the address of an HTTP proxy on the way there; empty takes that of the environment or the system.
    """

    authorise: str
    token: str
    revocation: str
    connections: str
    accounting: str
    proxy: str = field(default="", repr=False)


REAL_XERO = XeroUrls(
    authorise="https://login.xero.com/identity/connect/authorize",
    token="https://identity.xero.com/connect/token",  # noqa: S106 - an address, not a password
    revocation="https://identity.xero.com/connect/revocation",
    connections="https://api.xero.com/connections",
    accounting="https://api.xero.com/api.xro/2.0",
)


def xero_urls(identity_url: str = "", api_url: str = "", proxy: str = "") -> XeroUrls:
    """Return Xero's addresses, or those of a sandbox when both settings name this computer.

    Raises SettingsError for any other host: a sign-in must never be sent elsewhere.
    """
    if not identity_url and not api_url:
        return replace(REAL_XERO, proxy=proxy)
    if not identity_url or not api_url:
        message = "Only one of xero.identity_url and xero.api_url is set."
        remedy = "A sandbox needs both; for real Xero remove both from settings.toml."
        raise SettingsError(message, remedy)
    identity, api = _loopback("xero.identity_url", identity_url), _loopback("xero.api_url", api_url)
    return XeroUrls(
        authorise=f"{identity}/identity/connect/authorize",
        token=f"{identity}/connect/token",
        revocation=f"{identity}/connect/revocation",
        connections=f"{api}/connections",
        accounting=f"{api}/api.xro/2.0",
        proxy=proxy,
    )


def host_of(url: str) -> str:
    """Return the host that a URL names, for sentences and proxy rules."""
    return urlsplit(url).hostname or ""


def is_loopback(host: str) -> bool:
    """Say whether a host is this very computer."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _loopback(key: str, url: str) -> str:
    try:
        parts = urlsplit(url)
        is_fine = _is_plain_loopback(parts)
    except ValueError:
        is_fine = False
    if not is_fine:
        message = f"{key} is {url!r}, which is not an address of this computer."
        remedy = "It is only for a sandbox, such as http://127.0.0.1:8080; for real Xero remove it from settings.toml."
        raise SettingsError(message, remedy)
    return url.rstrip("/")


def _is_plain_loopback(parts: SplitResult) -> bool:
    # Reading `port` raises ValueError for one that is no number.
    has_extras = parts.username is not None or parts.query or parts.fragment or parts.port == 0
    return parts.scheme in {"http", "https"} and is_loopback(parts.hostname or "") and not has_extras
