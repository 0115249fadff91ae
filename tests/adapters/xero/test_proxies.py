"""The proxy before Xero is named without its password, and none is used for a sandbox on this computer."""

import pytest

from cmxero_desktop.adapters.xero.proxies import proxy_seen
from cmxero_desktop.domain.errors import SettingsError
from cmxero_desktop.services.records.settings import XeroSettings


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)


def test_without_a_proxy_xero_is_asked_directly() -> None:
    assert proxy_seen(XeroSettings()) == "none: Xero is asked directly."


@pytest.mark.parametrize(
    ("proxy", "seen"),
    [
        ("http://ann:s3cret@proxy.firm:8080", "proxy.firm:8080, with a login, named by the settings."),
        ("proxy.firm", "proxy.firm, named by the settings."),
    ],
)
def test_a_proxy_is_named_without_its_password(proxy: str, seen: str) -> None:
    assert proxy_seen(XeroSettings(proxy=proxy)) == seen


def test_a_proxy_of_the_environment_is_named_and_a_mistyped_one_is_not_repeated(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://ann:s3cret@proxy.firm:8080")
    assert proxy_seen(XeroSettings()) == "proxy.firm:8080, with a login, named by this computer."
    monkeypatch.setenv("HTTPS_PROXY", "http://ann:s3cret@proxy.firm:80x80")
    with pytest.raises(SettingsError, match="cannot be understood") as raised:
        proxy_seen(XeroSettings())
    assert "s3cret" not in str(raised.value)


def test_a_sandbox_on_this_computer_is_asked_without_a_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.firm:8080")
    settings = XeroSettings(identity_url="http://127.0.0.1:9", api_url="http://127.0.0.1:9")
    assert proxy_seen(settings) == "none: Xero is asked directly."
