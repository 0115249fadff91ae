"""A maker's address and a memory, by hand: what is asked of them, and what they give."""

from dataclasses import dataclass, field

from cmxero_desktop.domain.errors import ReleaseError
from cmxero_desktop.services.records.releases import ReleasesRemembered


@dataclass
class FakeSource:
    """An address that gives a manifest, or an error."""

    manifest: bytes = b""
    error: ReleaseError | None = None
    asked: list[str] = field(default_factory=list)

    def read(self, address: str) -> bytes:
        self.asked.append(address)
        if self.error is not None:
            raise self.error
        return self.manifest


@dataclass
class FakeMemory:
    """A memory of this process."""

    kept: ReleasesRemembered = field(default_factory=ReleasesRemembered)
    error: ReleaseError | None = None

    def load(self) -> ReleasesRemembered:
        return self.kept

    def save(self, remembered: ReleasesRemembered) -> None:
        if self.error is not None:
            raise self.error
        self.kept = remembered
