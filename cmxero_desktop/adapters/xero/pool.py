"""Connections to Xero: the system's trust store and proxy, no retries inside, no redirects, always a deadline."""

import ssl
import urllib.request
from urllib.parse import unquote, urlsplit

import truststore
import urllib3

from cmxero_desktop.adapters.xero.urls import host_of, is_loopback
from cmxero_desktop.domain.errors import SettingsError

CONNECT_S, READ_S = 5.0, 60.0
# Whatever Xero asks for is for the scheduler to decide: a retry in here would sleep for hours, unseen.
_NO_RETRIES = urllib3.Retry(total=0, redirect=False, respect_retry_after_header=False, raise_on_status=False)


def pool_for(url: str, *, read_s: float = READ_S) -> urllib3.PoolManager:
    """Make the pool for the host of `url`. A sandbox on this computer is reached without proxy and trust store."""
    timeout = urllib3.Timeout(connect=CONNECT_S, read=read_s)
    if is_loopback(host_of(url)):
        return urllib3.PoolManager(retries=_NO_RETRIES, timeout=timeout)
    context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    proxy = _proxy_for(host_of(url))
    if proxy is None:
        return urllib3.PoolManager(retries=_NO_RETRIES, timeout=timeout, ssl_context=context)
    parts = urlsplit(proxy)
    headers = None
    if parts.username is not None:
        user = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
        headers = urllib3.make_headers(proxy_basic_auth=user)
    return urllib3.ProxyManager(proxy, proxy_headers=headers, retries=_NO_RETRIES, timeout=timeout, ssl_context=context)


def _proxy_for(host: str) -> str | None:
    proxy = urllib.request.getproxies().get("https")
    if not proxy or urllib.request.proxy_bypass(host):
        return None
    if "://" not in proxy:
        proxy = f"http://{proxy}"
    if urlsplit(proxy).scheme not in {"http", "https"}:
        message = "The proxy of this computer is of a kind that cannot be used here."
        raise SettingsError(message, "Set HTTPS_PROXY to the address of an HTTP proxy, such as http://proxy:8080.")
    return proxy
