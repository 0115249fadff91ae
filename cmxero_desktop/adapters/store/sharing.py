"""Keep what the desktops of a shared store must agree about: who checks Xero, who writes, what everything stands at."""

from collections.abc import Collection
from datetime import timedelta

from sqlalchemy import func, select

from cmxero_desktop.adapters.store import tables
from cmxero_desktop.adapters.store.work import VERSION_ID, Work, own_time
from cmxero_desktop.services.records.runs import LONGEST_LEASE, LONGEST_WRITING, Lease

_LEASE_ID = 1
_leases = tables.leases.c
_writers = tables.writers.c


class Sharing(Work):
    """The polling lease, the writers' leases and the version of everything."""

    def version(self) -> str:
        """Return a text that differs whenever the facts or the audit trail do."""
        counted = tables.facts_version.c
        facts = self._connection.scalar(select(counted.version).where(counted.version_id == VERSION_ID))
        entries = self._connection.scalar(select(tables.audit_head.c.entries))
        return f"{facts or 0}:{entries or 0}"

    def take_lease(self, holder: str, label: str, hold_for: timedelta) -> Lease:
        """Take or renew the polling lease where it is free or ours; return the lease that stands now."""
        now, standing = own_time(self._connection), self.lease()
        if standing is not None and standing.holder != holder:
            return standing
        last = self._connection.execute(select(_leases.holder, _leases.number)).one_or_none()
        is_ours = last is not None and last.holder == holder
        number = 1 if last is None else last.number if is_ours else last.number + 1
        taken = Lease(holder=holder, label=label, until=now + hold_for, number=number)
        row = {"lease_id": _LEASE_ID, "holder": holder, "label": label, "until": taken.until, "number": number}
        self._insert_or_update(tables.leases, [row], key="lease_id")
        return taken

    def lease(self) -> Lease | None:
        """Return the polling lease, None where there is none or it has run out."""
        now = own_time(self._connection)
        standing = select(tables.leases).where(_leases.until > now, _leases.until <= now + LONGEST_LEASE)
        row = self._connection.execute(standing).one_or_none()
        return None if row is None else Lease(holder=row.holder, label=row.label, until=row.until, number=row.number)

    def is_last_lease(self, number: int) -> bool:
        """Say whether nobody took the lease since it had this number."""
        return self._connection.scalar(select(_leases.number)) == number

    def begin_writing(self, holder: str, hold_for: timedelta) -> int:
        """Give a desktop that is about to write a batch a lease of its own, and return its number."""
        last = self._connection.scalar(select(func.max(_writers.number)))
        # The store's one writer at a time keeps the number its own; the last lease stays, so that none comes twice.
        number = int(last or 0) + 1
        self._connection.execute(tables.writers.delete().where(_writers.number < number, _writers.until.is_(None)))
        row = {"number": number, "holder": holder, "until": own_time(self._connection) + hold_for}
        self._insert(tables.writers, [row])
        return number

    def go_on_writing(self, number: int, hold_for: timedelta) -> bool:
        """Renew a writer's lease; say whether it still stands, whether or not it has run out."""
        until = own_time(self._connection) + hold_for
        statement = tables.writers.update().where(_writers.number == number, _writers.until.is_not(None))
        return self._connection.execute(statement.values(until=until)).rowcount == 1

    def end_writing(self, numbers: Collection[int]) -> None:
        """End writers' leases."""
        statement = tables.writers.update().where(_writers.number.in_(sorted(numbers))).values(until=None)
        self._connection.execute(statement)

    def writing_elsewhere(self, holder: str) -> frozenset[int]:
        """Return the leases of other desktops than this one that have not run out."""
        now = own_time(self._connection)
        statement = select(_writers.number).where(_writers.holder != holder)
        stands = _writers.until > now, _writers.until <= now + LONGEST_WRITING
        return frozenset(self._connection.scalars(statement.where(*stands)))
