"""Secrets that live only as long as the program: for the demo, which has none worth keeping."""


class MemorySecrets:
    """A keyring in memory."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._held: dict[str, str] = {}

    def describe(self) -> str:
        """Return what this keyring is called."""
        return "memory, for as long as the program runs"

    def get(self, name: str) -> str | None:
        """Return a secret, or None."""
        return self._held.get(name)

    def set(self, name: str, value: str) -> None:
        """Keep a secret."""
        self._held[name] = value

    def delete(self, name: str) -> None:
        """Forget a secret."""
        self._held.pop(name, None)
