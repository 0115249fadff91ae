"""Keep secrets in the operating system's keyring and nowhere else, behind the port `Secrets`."""

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from cmxero_desktop.domain.errors import SecretsError

if TYPE_CHECKING:
    # Loading keyring looks for every installed backend: the window must not wait for that.
    from keyring.backend import KeyringBackend

SERVICE = "cm-xero-desk"
# Windows stores at most 2,560 bytes, and writes two for each character.
LONGEST = 1_280
_INSECURE = ("keyrings.alt.", "keyring.backends.null", "keyring.backends.fail")
# By name: secretstorage, whose error the second is, exists on Linux alone.
_WENT_AWAY = ("InitError", "SecretServiceNotAvailableException")
_REMEDIES = {
    "linux": "Install gnome-keyring (or KWallet), unlock it, and start the program in that desktop session.",
    "darwin": "Unlock the login keychain in Keychain Access and allow this program to use it.",
    "win32": "Start the service Credential Manager in Windows and sign in to Windows again.",
}

T = TypeVar("T")


class KeyringSecrets:
    """Implements `Secrets`. A keyring that would write plain text, or forget, is refused."""

    def __init__(self, service: str = SERVICE) -> None:
        """Remember under which service the secrets are kept; the keyring is found when it is first needed."""
        self._service = service

    def get(self, name: str) -> str | None:
        """Return a secret, or None where there is none."""
        return _guarded(lambda backend: backend.get_password(self._service, name))

    def set(self, name: str, value: str) -> None:
        """Store a secret of at most 1,280 UTF-16 units."""
        if len(value.encode("utf-16-le")) > LONGEST * 2:
            raise SecretsError("A secret is too long for the keyring.", "Use a shorter password for the database.")
        _guarded(lambda backend: backend.set_password(self._service, name, value))

    def delete(self, name: str) -> None:
        """Forget a secret; one that is not there is no error."""

        def forget(backend: "KeyringBackend") -> None:
            if backend.get_password(self._service, name) is not None:
                backend.delete_password(self._service, name)

        _guarded(forget)

    def describe(self) -> str:
        """Return the name of the keyring that is used; SecretsError where none can be."""
        return _backend().name


def _guarded(use: "Callable[[KeyringBackend], T]") -> T:
    backend = _backend()
    try:
        return _again_where_it_went_away(use, backend)
    except Exception as error:  # noqa: BLE001 - backends raise D-Bus, Windows and macOS errors of every kind
        # The error's own text stays out: some backends put the secret into it.
        message = f"The keyring ({backend.name}) is locked or refused ({type(error).__name__})."
        raise SecretsError(message, _remedy()) from None


def _again_where_it_went_away(use: "Callable[[KeyringBackend], T]", backend: "KeyringBackend") -> T:
    # gnome-keyring now and then breaks off in the middle of a call, and the bus starts it anew: asked again it answers,
    # or asks the person to unlock it. Each use may be done twice: it reads, or leaves the same behind.
    try:
        return use(backend)
    except Exception as error:
        if type(error).__name__ not in _WENT_AWAY:
            raise
        return use(backend)


def _backend() -> "KeyringBackend":
    try:
        import keyring  # noqa: PLC0415 - as above

        backend = keyring.get_keyring()
        is_usable = _is_secure(backend)
    except Exception as error:  # noqa: BLE001 - a wrong configuration shows as any error of the import system
        message = f"The keyring of this computer cannot be opened ({type(error).__name__})."
        raise SecretsError(message, _remedy()) from None
    if not is_usable:
        message = "This computer offers no keyring that keeps secrets safe, so none is stored."
        raise SecretsError(message, _remedy())
    return backend


def _is_secure(backend: "KeyringBackend") -> bool:
    from keyring.backends.chainer import ChainerBackend  # noqa: PLC0415 - as above

    if isinstance(backend, ChainerBackend):
        # It writes to the first and reads from all: one insecure link spoils the chain.
        return bool(backend.backends) and all(_is_secure(each) for each in backend.backends)
    module = type(backend).__module__ + "."
    return not module.startswith(_INSECURE) and backend.priority > 0


def _remedy() -> str:
    return _REMEDIES.get(sys.platform, "Set up the keyring of your operating system and unlock it.")
