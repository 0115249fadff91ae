"""Through proxies and TLS: the certificate is always checked, and the proxy is the one that was named."""

import socket
from collections.abc import Callable

import pytest

from cmxero_desktop.adapters.xero.identity import XeroIdentity
from cmxero_desktop.adapters.xero.transport import XeroTransport
from cmxero_desktop.adapters.xero.urls import XeroUrls
from cmxero_desktop.domain.errors import SettingsError, XeroOfflineError, XeroUnavailableError
from tests.adapters.xero.stand_in import FixedTokens, Reply, StandIn
from tests.adapters.xero.tunnel import NAME, OPENSSL, Certificates, Proxy, behind_tls, make_certificates

PROXIES = ("HTTPS_PROXY", "https_proxy", "NO_PROXY", "no_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy")
PAGE = '{"Payments": []}'
TOKENS = '{"access_token": "a", "refresh_token": "r"}'
# The host of `Proxy` is looked up by the proxy alone; without one it cannot be found at all.
NOWHERE = "api.xero.invalid"

Ask = Callable[[XeroUrls], object]


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in PROXIES:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    if OPENSSL is None:
        pytest.skip("openssl is not here to make certificates")
    return make_certificates(tmp_path_factory.mktemp("certificates"))


@pytest.fixture
def _trusted(certificates: Certificates, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the operating system's trust store hold the authority, as a firm's computers hold their proxy's."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificates.authority))


def through(proxy: str = "", host: str = NAME) -> XeroUrls:
    root = f"https://{host}"
    return XeroUrls(
        authorise="",
        token=f"{root}/connect/token",
        revocation=f"{root}/connect/revocation",
        connections=f"{root}/connections",
        accounting=f"{root}/api.xro/2.0",
        proxy=proxy,
    )


def read(urls: XeroUrls) -> object:
    return XeroTransport(FixedTokens("secret-token"), urls, "tenant", read_s=5.0).get("/Payments")


def renew(urls: XeroUrls) -> object:
    return XeroIdentity("client", urls).renew("secret-token")


EVERY_WAY = pytest.mark.parametrize("ask", [read, renew], ids=["accounting", "identity"])


@EVERY_WAY
@pytest.mark.usefixtures("_trusted")
def test_the_proxy_of_the_settings_carries_every_call(ask: Ask, certificates: Certificates) -> None:
    xero = StandIn(lambda call: Reply(TOKENS if "token" in call.path else PAGE))
    with Proxy(behind_tls(xero, certificates)) as proxy, xero:
        assert ask(through(f"http://robin:p%40ss@{proxy.address}"))
    [head] = proxy.heads
    assert head.startswith(f"CONNECT {NAME}:443 ")
    assert "Basic cm9iaW46cEBzcw==" in head
    assert "secret-token" not in head
    [call] = xero.calls
    assert "proxy-authorization" not in call.headers


@EVERY_WAY
@pytest.mark.usefixtures("_trusted")
def test_the_proxy_of_the_environment_carries_every_call(
    ask: Ask, certificates: Certificates, monkeypatch: pytest.MonkeyPatch
) -> None:
    xero = StandIn(lambda call: Reply(TOKENS if "token" in call.path else PAGE))
    with Proxy(behind_tls(xero, certificates)) as proxy, xero:
        monkeypatch.setenv("HTTPS_PROXY", f"http://{proxy.address}")
        assert ask(through())
    assert len(proxy.heads) == len(xero.calls) == 1


@pytest.mark.usefixtures("_trusted")
def test_the_proxy_of_the_settings_goes_before_that_of_the_environment(
    certificates: Certificates, monkeypatch: pytest.MonkeyPatch
) -> None:
    xero = StandIn(lambda _: Reply(PAGE))
    with Proxy(behind_tls(xero, certificates)) as proxy, Proxy(refusal="403 Forbidden") as other, xero:
        monkeypatch.setenv("HTTPS_PROXY", f"http://{other.address}")
        monkeypatch.setenv("NO_PROXY", "*")
        assert read(through(f"http://{proxy.address}"))
    assert (len(proxy.heads), len(other.heads)) == (1, 0)


@EVERY_WAY
def test_no_proxy_is_honoured_for_the_proxy_of_the_environment(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    with Proxy() as proxy:
        monkeypatch.setenv("HTTPS_PROXY", f"http://{proxy.address}")
        monkeypatch.setenv("NO_PROXY", ".invalid")
        with pytest.raises(XeroOfflineError, match="cannot find"):
            ask(through(host=NOWHERE))
    assert proxy.heads == []


def refused_certificate(ask: Ask, certificates: Certificates, host: str = NAME) -> None:
    xero = StandIn(lambda _: Reply(PAGE))
    unverified = pytest.raises(XeroUnavailableError, match="could not be verified")
    with Proxy(behind_tls(xero, certificates)) as proxy, xero, unverified as caught:
        ask(through(f"http://{proxy.address}", host))
    assert not isinstance(caught.value, XeroOfflineError)
    assert "certificate" in caught.value.remedy
    # Not even the headers went out, for they hold the token.
    assert xero.calls == []


@EVERY_WAY
def test_a_certificate_that_nobody_vouches_for_is_never_accepted(ask: Ask, certificates: Certificates) -> None:
    refused_certificate(ask, certificates)


@EVERY_WAY
@pytest.mark.usefixtures("_trusted")
def test_a_certificate_of_another_host_is_never_accepted(ask: Ask, certificates: Certificates) -> None:
    refused_certificate(ask, certificates, "api.xero.com")


@EVERY_WAY
def test_a_self_signed_certificate_on_this_computer_is_not_accepted_either(
    ask: Ask, certificates: Certificates
) -> None:
    xero = StandIn(lambda _: Reply(PAGE))
    port = behind_tls(xero, certificates)
    with xero, pytest.raises(XeroUnavailableError, match="could not be verified"):
        ask(through(host=f"localhost:{port}"))
    assert xero.calls == []


@EVERY_WAY
@pytest.mark.parametrize(
    ("refusal", "sentence"),
    [
        ("403 Forbidden", "did not let the connection through"),
        ("502 Bad Gateway", "did not let the connection through"),
        ("407 Proxy Authentication Required", "wants a login"),
    ],
)
def test_a_proxy_that_refuses_is_named_and_means_offline(ask: Ask, refusal: str, sentence: str) -> None:
    named = pytest.raises(XeroOfflineError, match=f"The proxy on the way to {NAME} {sentence}")
    with Proxy(refusal=refusal) as proxy, named as caught:
        ask(through(f"http://robin:hunter2@{proxy.address}"))
    assert "xero.proxy" in caught.value.remedy
    assert "hunter2" not in str(caught.value)


@EVERY_WAY
def test_a_proxy_that_does_not_answer_is_named_and_means_offline(ask: Ask) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(XeroOfflineError, match="The proxy on the way to"):
        ask(through(f"127.0.0.1:{port}"))


@EVERY_WAY
@pytest.mark.parametrize("proxy", ["socks5://robin:hunter2@firm:1", "http://firm:hunter2", "http://", "http://[::1"])
def test_a_proxy_that_cannot_be_used_is_said_so_without_its_password(ask: Ask, proxy: str) -> None:
    with pytest.raises(SettingsError, match=r"xero\.proxy") as caught:
        ask(through(proxy))
    assert "hunter2" not in str(caught.value)


def test_addresses_never_show_the_password_of_their_proxy() -> None:
    assert "hunter2" not in repr(through("http://robin:hunter2@firm:8080"))
