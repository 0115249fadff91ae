"""What the doctor needs of the parts of a desk beside what the use cases need of them."""

from datetime import timedelta
from typing import Protocol

from cmxero_desktop.domain.records import Organisation
from cmxero_desktop.services.ports.computer import Secrets
from cmxero_desktop.services.ports.store import Store


class DescribedSecrets(Secrets, Protocol):
    """A keyring that can say which one it is."""

    def describe(self) -> str:
        """Return its name. Raises SecretsError where none can be used."""


class ExaminedStore(Store, Protocol):
    """Our own store, with what can be said of its file or server."""

    @property
    def place(self) -> str:
        """Where it is, without a password."""

    @property
    def is_shared(self) -> bool:
        """Whether it lies on a server, for several desktops."""

    @property
    def revision(self) -> str:
        """The revision of its tables. Raises StoreError."""

    def damage(self) -> str:
        """Look at every page and say what is wrong, or nothing. Raises StoreError."""


class HeldSignIn(Protocol):
    """Knows whether the keyring holds a sign-in."""

    def is_signed_in(self) -> bool:
        """Say so. Raises SecretsError."""


class AskedXero(Protocol):
    """Xero's reader, with what it noticed beside the organisation's name."""

    time_zone_problem: str
    clock_ahead: timedelta | None

    def organisation(self) -> Organisation:
        """Ask for the organisation. Raises DeskError."""
