"""Say which proxy stands between this computer and Xero, without its password."""

import urllib.request
from urllib.parse import urlsplit

from cmxero_desktop.adapters.xero.urls import host_of, is_loopback, xero_urls
from cmxero_desktop.domain.errors import SettingsError
from cmxero_desktop.services.records.settings import XeroSettings


def proxy_of(settings: XeroSettings) -> tuple[str, str]:
    """Return the proxy's address with its password, and where it is named; both empty where none is used."""
    host = host_of(xero_urls(settings.identity_url, settings.api_url).accounting)
    if is_loopback(host):
        return "", ""
    if settings.proxy:
        return settings.proxy, "the settings"
    proxy = urllib.request.getproxies().get("https", "")
    return (proxy, "this computer") if proxy and not urllib.request.proxy_bypass(host) else ("", "")


def proxy_seen(settings: XeroSettings) -> str:
    """Return the sentence of the doctor."""
    proxy, named_by = proxy_of(settings)
    if not proxy:
        return "none: Xero is asked directly."
    parts = urlsplit(proxy if "://" in proxy else f"http://{proxy}")
    try:
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        # Never shown: a mistyped address may hold the password anywhere.
        message = "The address of the proxy cannot be understood."
        raise SettingsError(message, "It looks like http://proxy:8080.") from None
    login = ", with a login" if parts.username else ""
    return f"{parts.hostname}{port}{login}, named by {named_by}."
