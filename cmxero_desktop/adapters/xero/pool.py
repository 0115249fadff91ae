"""Connections to Xero: the system's trust store and proxy, no retries inside, no redirects, no endless wait."""

import ssl
import urllib.request
from contextlib import suppress
from urllib.parse import SplitResult, unquote, urlsplit

import truststore
import urllib3

from cmxero_desktop.adapters.xero.urls import host_of, is_loopback
from cmxero_desktop.domain.errors import SettingsError

CONNECT_S, READ_S = 5.0, 60.0
# Whatever Xero asks for is for the scheduler to decide: a retry in here would sleep for hours, unseen.
_NO_RETRIES = urllib3.Retry(total=0, redirect=False, respect_retry_after_header=False, raise_on_status=False)


def pool_for(url: str, *, proxy: str = "") -> urllib3.PoolManager:
    """Make the pool for the host of `url`. A sandbox on this computer is reached without proxy and trust store.

    `proxy` is the address of one; empty takes that of the environment or the system. Raises SettingsError for one
    that cannot be used.
    """
    timeout = urllib3.Timeout(connect=CONNECT_S, read=READ_S)
    if is_loopback(host_of(url)):
        return urllib3.PoolManager(retries=_NO_RETRIES, timeout=timeout)
    context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    parts = _parts_of(proxy) if proxy else _named_outside(host_of(url))
    if parts is None:
        return urllib3.PoolManager(retries=_NO_RETRIES, timeout=timeout, ssl_context=context)
    headers = None
    if parts.username is not None:
        user = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
        headers = urllib3.make_headers(proxy_basic_auth=user)
    return urllib3.ProxyManager(
        parts.geturl(),
        proxy_headers=headers,
        proxy_ssl_context=truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT),
        retries=_NO_RETRIES,
        timeout=timeout,
        ssl_context=context,
    )


def _named_outside(host: str) -> SplitResult | None:
    """Return the proxy that the environment or the system names for `host`, None where it is reached directly."""
    proxy = urllib.request.getproxies().get("https")
    return _parts_of(proxy) if proxy and not urllib.request.proxy_bypass(host) else None


def _parts_of(proxy: str) -> SplitResult:
    # Reading `port` raises ValueError for one that is no number.
    with suppress(ValueError):
        parts = urlsplit(proxy if "://" in proxy else f"http://{proxy}")
        if parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0:
            return parts
    # Never shown: a mistyped address may hold the password anywhere.
    message = "The proxy of this computer is of a kind that cannot be used here."
    remedy = (
        "Set Proxy in Settings (xero.proxy in settings.toml), or HTTPS_PROXY, to an HTTP proxy, as http://proxy:8080."
    )
    raise SettingsError(message, remedy)
