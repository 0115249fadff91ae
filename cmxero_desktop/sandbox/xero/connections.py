"""The organisations that a person connected to the app: Xero's /connections."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from threading import Lock
from uuid import NAMESPACE_URL, uuid5

from cmxero_desktop.sandbox.ledger.clock import Clock
from cmxero_desktop.sandbox.ledger.ledger import Ledger
from cmxero_desktop.sandbox.xero.messages import Answer, Json

ORGANISATION, PRACTICE = "ORGANISATION", "PRACTICE"


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """One organisation, and whether the app is connected to it. Its id is not the tenant's id."""

    connection_id: str
    tenant_id: str
    name: str
    tenant_type: str
    created_at: datetime
    event_id: str | None = None


class Connections:
    """Hold the books that can be connected; a consent connects all of them at once."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = Lock()
        self._all: dict[str, Connection] = {}
        self._ledgers: dict[str, Ledger] = {}

    @property
    def first_tenant_id(self) -> str:
        """Return the organisation of a custom connection."""
        return next(iter(self._all))

    def offer(self, ledger: Ledger, tenant_type: str = ORGANISATION) -> str:
        """Let the person's login hold one more organisation (or practice) and return its tenant id."""
        tenant_id = ledger.organisation.organisation_id
        with self._lock:
            self._ledgers[tenant_id] = ledger
            self._all[tenant_id] = Connection(
                connection_id=str(uuid5(NAMESPACE_URL, f"connection/{tenant_id}")),
                tenant_id=tenant_id,
                name=ledger.organisation.name,
                tenant_type=tenant_type,
                created_at=self._clock.now(),
            )
        return tenant_id

    def consent(self, event_id: str) -> None:
        """Connect everything that is on offer."""
        with self._lock:
            for tenant_id, connection in self._all.items():
                self._all[tenant_id] = replace(connection, event_id=event_id)

    def ledger_of(self, tenant_id: str) -> Ledger | None:
        """Return the books of a connected organisation, or None."""
        connection = self._all.get(tenant_id)
        return self._ledgers[tenant_id] if connection is not None and connection.event_id else None

    def disconnect(self, tenant_id: str) -> None:
        """Take one organisation's connection away, as its owner can in Xero."""
        with self._lock:
            self._all[tenant_id] = replace(self._all[tenant_id], event_id=None)

    def disconnect_all(self) -> None:
        """Take every connection away."""
        for tenant_id in list(self._all):
            self.disconnect(tenant_id)

    def listed(self, query: Mapping[str, str]) -> Answer:
        """Answer GET /connections: a bare list, which is the one answer that is no object."""
        event_id = query.get("authEventId")
        rows = [_row(each) for each in self._all.values() if each.event_id and event_id in {None, each.event_id}]
        return Answer(rows=rows)

    def delete(self, connection_id: str) -> Answer:
        """Answer DELETE /connections/{id}."""
        for each in list(self._all.values()):
            if each.connection_id == connection_id and each.event_id:
                self.disconnect(each.tenant_id)
                return Answer(status=204, text="")
        return Answer(status=404, text="")


def _row(connection: Connection) -> Json:
    # Seven fractional digits and no zone, as Xero has it.
    created = connection.created_at.strftime("%Y-%m-%dT%H:%M:%S.%f") + "0"
    return {
        "id": connection.connection_id,
        "authEventId": connection.event_id,
        "tenantId": connection.tenant_id,
        "tenantType": connection.tenant_type,
        "tenantName": connection.name,
        "createdDateUtc": created,
        "updatedDateUtc": created,
    }
