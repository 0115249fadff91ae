"""A custom connection: the secret in the keyring only, tokens in memory, and every refusal in a plain sentence."""

import threading
from pathlib import Path

import pytest

from cmxero_desktop.adapters.xero.custom_connection import CustomConnectionSignIn, CustomConnectionTokens
from cmxero_desktop.adapters.xero.reader import XeroApiReader
from cmxero_desktop.adapters.xero.urls import XeroUrls
from cmxero_desktop.domain.errors import SecretsError, SignInError, XeroUnavailableError
from cmxero_desktop.sandbox.xero.faults import Fault, FaultKind
from cmxero_desktop.sandbox.xero.xero import SandboxXero
from cmxero_desktop.services.ports.xero import XeroSignIn
from tests.adapters.xero.stand_in import DictSecrets
from tests.adapters.xero.test_tokens import ManualClock


class LockedSecrets(DictSecrets):
    """A keyring that cannot be used."""

    def get(self, name: str) -> str | None:
        raise SecretsError(f"The keyring is locked: {name[:4]}.")


@pytest.fixture
def secrets() -> DictSecrets:
    return DictSecrets()


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def tokens(
    xero: SandboxXero, urls: XeroUrls, secrets: DictSecrets, tmp_path: Path, clock: ManualClock
) -> CustomConnectionTokens:
    return CustomConnectionTokens(xero.identity.custom_client_id, urls, secrets, tmp_path, clock)


@pytest.fixture
def sign_in(tokens: CustomConnectionTokens) -> CustomConnectionSignIn:
    return CustomConnectionSignIn(tokens)


@pytest.fixture
def kept(sign_in: CustomConnectionSignIn, xero: SandboxXero) -> CustomConnectionSignIn:
    sign_in.sign_in(xero.identity.custom_client_secret)
    sign_in.keep()
    return sign_in


def asked(xero: SandboxXero) -> int:
    return len(xero.requests.to("/connect/token"))


def test_it_keeps_the_port_and_never_ages(sign_in: CustomConnectionSignIn) -> None:
    port: XeroSignIn = sign_in
    port.renew()
    port.cancel()
    assert port.renewed_at is None


def test_the_secret_is_kept_only_when_the_organisation_is_wanted(
    sign_in: CustomConnectionSignIn, xero: SandboxXero, secrets: DictSecrets
) -> None:
    [connection] = sign_in.sign_in(f" {xero.identity.custom_client_secret}\n")
    assert (connection.tenant_id, connection.name) == (xero.tenant_id, "Brightside Rehab Pty Ltd")
    assert secrets.kept == {}
    sign_in.keep()
    assert list(secrets.kept.values()) == [xero.identity.custom_client_secret]


def test_the_reader_reads_with_it(
    kept: CustomConnectionSignIn, tokens: CustomConnectionTokens, xero: SandboxXero, urls: XeroUrls
) -> None:
    del kept
    before = asked(xero)
    reader = XeroApiReader(tokens, urls, xero.tenant_id)
    assert reader.organisation().name == "Brightside Rehab Pty Ltd"
    assert reader.sign_in_renewed_at is None
    assert asked(xero) == before, "the token of the sign-in is used"


def test_a_token_is_renewed_a_minute_before_its_end_and_never_kept(
    kept: CustomConnectionSignIn, tokens: CustomConnectionTokens, clock: ManualClock, secrets: DictSecrets
) -> None:
    del kept
    first = tokens.access_token()
    clock.now += 1739
    assert tokens.access_token() == first
    clock.now += 1
    second = tokens.access_token()
    assert second != first
    assert second not in "".join(secrets.kept.values())


def test_a_rejected_token_is_renewed_once_for_all_who_had_it(
    kept: CustomConnectionSignIn, tokens: CustomConnectionTokens, xero: SandboxXero
) -> None:
    del kept
    old, before, got = tokens.access_token(), asked(xero), list[str]()
    threads = [threading.Thread(target=lambda: got.append(tokens.renew(old))) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(got)) == 1
    assert got[0] != old
    assert asked(xero) == before + 1


def test_a_wrong_secret_leaves_the_good_one(
    kept: CustomConnectionSignIn, secrets: DictSecrets, xero: SandboxXero
) -> None:
    with pytest.raises(SignInError, match="the client id or the secret is not right") as caught:
        kept.sign_in("wrong")
    assert "wrong" not in str(caught.value)
    kept.keep()
    assert list(secrets.kept.values()) == [xero.identity.custom_client_secret]


def test_nothing_entered_asks_xero_nothing(sign_in: CustomConnectionSignIn, xero: SandboxXero) -> None:
    with pytest.raises(SignInError, match="No secret was entered"):
        sign_in.sign_in("  ")
    assert asked(xero) == 0


def test_a_keyring_that_cannot_be_used_shows_before_xero_is_asked(
    xero: SandboxXero, urls: XeroUrls, tmp_path: Path
) -> None:
    locked = CustomConnectionTokens(xero.identity.custom_client_id, urls, LockedSecrets(), tmp_path)
    with pytest.raises(SecretsError):
        CustomConnectionSignIn(locked).sign_in(xero.identity.custom_client_secret)
    assert asked(xero) == 0


def test_without_a_secret_it_says_where_to_enter_it(tokens: CustomConnectionTokens) -> None:
    assert not tokens.is_signed_in()
    with pytest.raises(SignInError, match="not in the keyring") as caught:
        tokens.access_token()
    assert "cmxero connect" in caught.value.remedy


def test_a_connection_that_nobody_approved_yet_says_so(
    sign_in: CustomConnectionSignIn, xero: SandboxXero, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type(sign_in._tokens.identity), "connections", lambda *_: ())
    with pytest.raises(SignInError, match="not connected to an organisation yet"):
        sign_in.sign_in(xero.identity.custom_client_secret)


@pytest.mark.parametrize("kind", [FaultKind.RESET, FaultKind.HALF, FaultKind.HTML, FaultKind.NOT_JSON])
def test_a_damaged_answer_is_no_refusal_and_the_next_try_works(
    kept: CustomConnectionSignIn, tokens: CustomConnectionTokens, xero: SandboxXero, kind: FaultKind
) -> None:
    del kept
    rejected = tokens.access_token()
    xero.faults.add(Fault(kind=kind, path="/connect/token"))
    with pytest.raises(XeroUnavailableError):
        tokens.renew(rejected)
    assert tokens.renew(rejected) != rejected


def test_signing_out_forgets_the_secret(
    kept: CustomConnectionSignIn, tokens: CustomConnectionTokens, secrets: DictSecrets
) -> None:
    kept.sign_out()
    assert secrets.kept == {}
    assert not tokens.is_signed_in()
    with pytest.raises(SignInError):
        tokens.access_token()


def test_two_homes_do_not_share_a_secret(
    kept: CustomConnectionSignIn, xero: SandboxXero, urls: XeroUrls, secrets: DictSecrets, tmp_path: Path
) -> None:
    del kept
    other = CustomConnectionTokens(xero.identity.custom_client_id, urls, secrets, tmp_path / "other")
    assert not other.is_signed_in()
