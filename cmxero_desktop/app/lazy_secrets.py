"""Open the keyring only when a secret is really needed."""

from collections.abc import Callable

from cmxero_desktop.services.ports.diagnosis import DescribedSecrets


class LazySecrets:
    """Opens the keyring only when a secret is really needed: reading a list asks for none."""

    def __init__(self, open_secrets: Callable[[], DescribedSecrets]) -> None:
        self._open = open_secrets
        self._opened: DescribedSecrets | None = None

    def describe(self) -> str:
        """Return the keyring's name."""
        return self._secrets().describe()

    def get(self, name: str) -> str | None:
        """Return a secret, or None."""
        return self._secrets().get(name)

    def set(self, name: str, value: str) -> None:
        """Store a secret."""
        self._secrets().set(name, value)

    def delete(self, name: str) -> None:
        """Forget a secret."""
        self._secrets().delete(name)

    def _secrets(self) -> DescribedSecrets:
        if self._opened is None:
            self._opened = self._open()
        return self._opened
