"""Keep what the desktops of a shared store must agree about: who checks Xero, and what everything stands at."""

from datetime import timedelta

from sqlalchemy import select

from cmxero_desktop.adapters.store import tables
from cmxero_desktop.adapters.store.work import VERSION_ID, Work, own_time
from cmxero_desktop.services.records.runs import Lease

_LEASE_ID = 1
_leases = tables.leases.c


class Sharing(Work):
    """The polling lease and the version of everything."""

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
        standing = select(tables.leases).where(_leases.until > own_time(self._connection))
        row = self._connection.execute(standing).one_or_none()
        return None if row is None else Lease(holder=row.holder, label=row.label, until=row.until, number=row.number)

    def is_last_lease(self, number: int) -> bool:
        """Say whether nobody took the lease since it had this number."""
        return self._connection.scalar(select(_leases.number)) == number
