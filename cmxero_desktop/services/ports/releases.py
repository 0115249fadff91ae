"""What the services need to hear of newer versions of the program."""

from collections.abc import Callable
from typing import Protocol

from cmxero_desktop.services.records.releases import ReleasesRemembered

SignatureCheck = Callable[[bytes, bytes, bytes], bool]
"""Says whether an Ed25519 key (32 bytes) has given this signature (64 bytes) for these bytes."""


class ReleaseSource(Protocol):
    """Where the maker's manifest lies: an address by https, or a folder that this computer sees."""

    def read(self, address: str) -> bytes:
        """Return the file, nothing of which is believed yet; it is never much longer than a manifest may be.

        Raises ReleaseError, within the deadline whatever the other side does.
        """


class ReleaseMemory(Protocol):
    """Keeps on this computer what was told last."""

    def load(self) -> ReleasesRemembered:
        """Return it, empty where nothing is kept or what is kept cannot be read."""

    def save(self, remembered: ReleasesRemembered) -> None:
        """Keep it. Raises ReleaseError where that cannot be."""
