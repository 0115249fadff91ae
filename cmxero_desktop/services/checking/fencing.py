"""Let a check store nothing once another desktop has taken the lease, however long this one slept meanwhile (R35)."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

from cmxero_desktop.domain.errors import CheckedElsewhereError
from cmxero_desktop.services.ports.store import Store, UnitOfWork

_NO_LEASE = -1


def lost() -> CheckedElsewhereError:
    """Make the error of a check whose answers are older than what another desktop has stored since."""
    return CheckedElsewhereError(
        "Another desktop has checked Xero since this check began, so what this one read is left aside.",
        "Nothing is lost: its results are shown here, and the next check goes on from them.",
    )


class FencedStore:
    """Our own store for one check at a time: each unit that may write first asks whether the lease is still its own.

    It asks within the unit's transaction, so that nobody can take the lease between the answer and the storing.
    """

    def __init__(self, store: Store) -> None:
        """Keep the store; nothing may be written before there is a `lease`."""
        self._store = store
        self.lease = _NO_LEASE

    @contextmanager
    def begin(self) -> Iterator[UnitOfWork]:
        """Open a unit of work that may write. Raises CheckedElsewhereError, and StoreError."""
        with self._store.begin() as unit:
            if not unit.sharing.is_last_lease(self.lease):
                raise lost()
            yield unit

    def read(self) -> AbstractContextManager[UnitOfWork]:
        """Open a unit of work that only reads."""
        return self._store.read()
