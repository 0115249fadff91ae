"""Keep the alerts that stand."""

from collections.abc import Iterable
from dataclasses import replace

from sqlalchemy import select

from cmxero_desktop.adapters.store import tables
from cmxero_desktop.adapters.store.encoding import decoder, encode
from cmxero_desktop.adapters.store.work import Work
from cmxero_desktop.services.records.alerts import Alert

_alerts = tables.alerts.c

_decode_alert = decoder(Alert)


class Alerts(Work):
    """Alerts by key."""

    def raise_new(self, alerts: Iterable[Alert]) -> tuple[Alert, ...]:
        """Store alerts by key; return those that were not there before.

        One that stands already takes the new words and keeps the time when it was first raised.
        """
        raised = {alert.key: alert for alert in alerts}
        standing = {alert.key: alert for alert in self.standing()}
        kept = [
            replace(alert, raised_at=standing[key].raised_at) if key in standing else alert
            for key, alert in raised.items()
        ]
        rows = [{"alert_key": alert.key, "record": encode(alert)} for alert in kept]
        self._insert_or_update(tables.alerts, rows, key="alert_key")
        return tuple(alert for key, alert in raised.items() if key not in standing)

    def clear(self, keys: Iterable[str]) -> None:
        """Clear alerts whose cause is gone."""
        self._delete(_alerts.alert_key, list(keys))

    def standing(self) -> tuple[Alert, ...]:
        """Return the alerts that stand, oldest first."""
        texts = self._connection.scalars(select(_alerts.record).order_by(_alerts.position))
        return tuple(_decode_alert(text) for text in texts)
