"""Secrets go into a real keyring or nowhere."""

import sys
from collections.abc import Callable, Iterator
from typing import ClassVar

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends import chainer, fail, null
from keyring.errors import InitError, KeyringLocked, PasswordDeleteError
from keyring.errors import PasswordSetError as SetError

from cmxero_desktop.adapters.secrets import LONGEST, SERVICE, KeyringSecrets
from cmxero_desktop.domain.errors import SecretsError
from cmxero_desktop.services.ports.computer import Secrets
from tests.support.secret_service import RunInSession

pytestmark = pytest.mark.allow_threads("gdbus")


class GoodKeyring(KeyringBackend):
    """A backend as a test or an operating system may bring it."""

    priority: ClassVar[float] = 3

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call] # keyring has no types here
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        if (service, username) not in self.kept:
            raise PasswordDeleteError
        del self.kept[service, username]


class LockedKeyring(GoodKeyring):
    """A backend that a person did not unlock."""

    error: Exception = KeyringLocked("hunter2")

    def get_password(self, service: str, username: str) -> str | None:
        del service, username
        raise self.error

    def set_password(self, service: str, username: str, password: str) -> None:
        del service, username, password
        raise self.error


class WeakKeyring(GoodKeyring):
    """A backend that calls itself unfit."""

    priority: ClassVar[float] = 0


CHAIN = chainer.ChainerBackend()  # type: ignore[no-untyped-call] # as above
FORGETFUL = null.Keyring()  # type: ignore[no-untyped-call] # as above
REFUSING = fail.Keyring()  # type: ignore[no-untyped-call] # as above


class PlaintextKeyring(GoodKeyring):
    """A backend of the package that writes plain files."""

    __module__ = "keyrings.alt.file"


@pytest.fixture(autouse=True)
def _usual_keyring() -> Iterator[None]:
    usual = keyring.get_keyring()
    yield
    keyring.set_keyring(usual)


def use(backend: KeyringBackend) -> KeyringSecrets:
    keyring.set_keyring(backend)
    return KeyringSecrets()


def test_what_was_stored_comes_back_until_it_is_deleted() -> None:
    backend = GoodKeyring()
    secrets: Secrets = use(backend)
    assert secrets.get("name") is None
    secrets.set("name", "väl ue")
    assert secrets.get("name") == "väl ue"
    assert backend.kept == {(SERVICE, "name"): "väl ue"}
    secrets.delete("name")
    secrets.delete("name")
    assert secrets.get("name") is None


@pytest.mark.parametrize("backend", [REFUSING, FORGETFUL, PlaintextKeyring(), WeakKeyring()])
def test_an_insecure_keyring_is_refused_and_nothing_is_stored(backend: KeyringBackend) -> None:
    secrets = use(backend)
    calls: list[Callable[[], object]] = [
        lambda: secrets.get("n"),
        lambda: secrets.set("n", "v"),
        lambda: secrets.delete("n"),
        secrets.describe,
    ]
    for call in calls:
        with pytest.raises(SecretsError, match="keyring") as caught:
            call()
        assert caught.value.remedy
    assert getattr(backend, "kept", {}) == {}


def test_one_insecure_link_spoils_a_chain(monkeypatch: pytest.MonkeyPatch) -> None:
    chain = CHAIN
    for links, is_fine in (([GoodKeyring()], True), ([GoodKeyring(), PlaintextKeyring()], False), ([], False)):
        monkeypatch.setattr(chainer.ChainerBackend, "backends", links)
        if is_fine:
            assert use(chain).get("n") is None
        else:
            with pytest.raises(SecretsError):
                use(chain).get("n")


@pytest.mark.parametrize(
    "error", [KeyringLocked("hunter2"), SetError("hunter2"), OSError("hunter2"), RuntimeError("hunter2")]
)
def test_every_error_of_a_backend_is_one_sentence_without_the_secret(error: Exception) -> None:
    backend = LockedKeyring()
    backend.error = error
    secrets = use(backend)
    with pytest.raises(SecretsError, match=type(error).__name__) as caught:
        secrets.set("n", "hunter2")
    assert "hunter2" not in str(caught.value)
    assert caught.value.__suppress_context__


class SecretServiceNotAvailableException(Exception):  # noqa: N818 - secretstorage's own name, found on Linux alone
    """A keyring that broke off before it answered."""


@pytest.mark.parametrize("error", [InitError("hunter2"), SecretServiceNotAvailableException("hunter2")])
@pytest.mark.parametrize("times", [1, 2])
def test_a_keyring_that_broke_off_is_asked_once_more(error: Exception, times: int) -> None:
    class BrokeOff(GoodKeyring):
        left = times

        def get_password(self, service: str, username: str) -> str | None:
            if self.left:
                self.left -= 1
                raise error
            return super().get_password(service, username)

    backend = BrokeOff()
    backend.kept[SERVICE, "n"] = "v"
    secrets = use(backend)
    if times == 1:
        assert secrets.get("n") == "v"
    else:
        with pytest.raises(SecretsError, match=type(error).__name__):
            secrets.get("n")
        assert secrets.get("n") == "v"


@pytest.mark.parametrize(
    ("platform", "words"), [("linux", "gnome-keyring"), ("darwin", "Keychain"), ("win32", "Credential")]
)
def test_the_remedy_fits_the_platform(monkeypatch: pytest.MonkeyPatch, platform: str, words: str) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    with pytest.raises(SecretsError, match=words):
        use(REFUSING).get("n")


def test_a_secret_that_windows_could_not_hold_is_refused() -> None:
    secrets = use(GoodKeyring())
    secrets.set("n", "x" * LONGEST)
    with pytest.raises(SecretsError, match="too long"):
        secrets.set("n", "x" * (LONGEST + 1))
    with pytest.raises(SecretsError, match="too long"):
        secrets.set("n", "\U0001f511" * (LONGEST // 2 + 1))


def test_a_backend_that_cannot_be_loaded_is_said_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> KeyringBackend:
        raise ModuleNotFoundError

    monkeypatch.setattr(keyring, "get_keyring", broken)
    with pytest.raises(SecretsError, match="cannot be opened"):
        KeyringSecrets().get("n")


@pytest.mark.keyring
def test_the_real_secret_service_keeps_a_secret(secret_service: dict[str, str]) -> None:
    assert secret_service
    secrets = KeyringSecrets()
    secrets.set("xero-refresh-token:a:b", "x" * LONGEST)
    assert secrets.get("xero-refresh-token:a:b") == "x" * LONGEST
    secrets.delete("xero-refresh-token:a:b")
    secrets.delete("xero-refresh-token:a:b")
    assert secrets.get("xero-refresh-token:a:b") is None
    assert secrets.describe()


@pytest.mark.keyring
def test_another_process_in_the_session_finds_the_secret(
    secret_service: dict[str, str], run_in_session: RunInSession
) -> None:
    assert secret_service
    KeyringSecrets().set("shared", "word")
    code = "from cmxero_desktop.adapters.secrets import KeyringSecrets as K; print(K().get('shared'))"
    assert run_in_session(sys.executable, "-c", code).stdout == "word\n"
