"""Where the program may send a sign-in, and by which way it gets there."""

import ssl

import pytest
import truststore
import urllib3

from cmxero_desktop.adapters.xero.pool import pool_for
from cmxero_desktop.adapters.xero.time_zones import iana_zone
from cmxero_desktop.adapters.xero.urls import REAL_XERO, xero_urls
from cmxero_desktop.domain.errors import SettingsError

PROXIES = ("HTTPS_PROXY", "https_proxy", "NO_PROXY", "no_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy")


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in PROXIES:
        monkeypatch.delenv(name, raising=False)


def test_without_overrides_it_is_xero_itself() -> None:
    assert xero_urls() == REAL_XERO
    assert REAL_XERO.token == "https://identity.xero.com/connect/token"
    assert REAL_XERO.authorise.startswith("https://login.xero.com/")


@pytest.mark.parametrize("host", ["127.0.0.1:81", "localhost:82", "[::1]:83", "127.8.8.8"])
def test_a_sandbox_on_this_computer(host: str) -> None:
    urls = xero_urls(f"http://{host}/", f"http://{host}")
    assert urls.authorise == f"http://{host}/identity/connect/authorize"
    assert urls.token == f"http://{host}/connect/token"
    assert urls.connections == f"http://{host}/connections"
    assert urls.accounting == f"http://{host}/api.xro/2.0"


@pytest.mark.parametrize(
    "url",
    [
        "https://example.com",
        "http://localhost.example.com",
        "http://127.0.0.1@example.com",
        "http://127.0.0.1.example.com",
        "http://10.0.0.1",
        "http://0.0.0.0:80",
        "http://127.0.0.1:80?x=1",
        "http://127.0.0.1:port",
        "ftp://127.0.0.1",
        "127.0.0.1",
        "http://[::1",
        "http://user@127.0.0.1",
    ],
)
def test_any_other_host_is_refused(url: str) -> None:
    for identity, api in ((url, "http://127.0.0.1"), ("http://127.0.0.1", url)):
        with pytest.raises(SettingsError, match="not an address of this computer"):
            xero_urls(identity, api)


def test_half_an_override_is_refused() -> None:
    for identity, api in (("http://127.0.0.1", ""), ("", "http://127.0.0.1")):
        with pytest.raises(SettingsError, match="Only one of"):
            xero_urls(identity, api)


def test_xero_is_reached_with_the_systems_trust_store_and_verified() -> None:
    pool = pool_for(REAL_XERO.accounting)
    context = pool.connection_pool_kw["ssl_context"]
    assert isinstance(context, truststore.SSLContext)
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname
    assert pool.connection_pool_kw["retries"].total == 0


def test_the_proxy_of_the_environment_is_used_for_xero_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://robin:p%40ss@proxy.firm:8080")
    pool = pool_for(REAL_XERO.accounting)
    assert isinstance(pool, urllib3.ProxyManager)
    assert pool.proxy is not None
    assert (pool.proxy.host, pool.proxy.port) == ("proxy.firm", 8080)
    assert pool.proxy_headers["proxy-authorization"] == "Basic cm9iaW46cEBzcw=="
    assert not isinstance(pool_for("http://127.0.0.1:8080"), urllib3.ProxyManager)
    monkeypatch.setenv("NO_PROXY", ".xero.com")
    assert not isinstance(pool_for(REAL_XERO.accounting), urllib3.ProxyManager)


def test_a_proxy_without_a_scheme_is_an_http_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "proxy.firm:3128")
    pool = pool_for(REAL_XERO.accounting)
    assert isinstance(pool, urllib3.ProxyManager)


def test_a_proxy_that_cannot_be_used_is_said_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "socks5://proxy.firm:1080")
    with pytest.raises(SettingsError, match="HTTP proxy"):
        pool_for(REAL_XERO.accounting)


@pytest.mark.parametrize(
    ("name", "zone"),
    [
        ("AUSEASTERNSTANDARDTIME", "Australia/Sydney"),
        ("NEWZEALANDSTANDARDTIME", "Pacific/Auckland"),
        ("EAUSTRALIASTANDARDTIME", "Australia/Brisbane"),
        ("W. Australia Standard Time", "Australia/Perth"),
        ("Europe/London", "Europe/London"),
    ],
)
def test_xeros_squeezed_windows_zones_are_iana_zones(name: str, zone: str) -> None:
    assert iana_zone(name) == (zone, "")
