"""Keep where polling stands, how each run ended, and the alerts that stand."""

from collections.abc import Iterable
from dataclasses import replace

from sqlalchemy import func, select

from cmxero_desktop.adapters.store import tables
from cmxero_desktop.adapters.store.encoding import decoder, encode
from cmxero_desktop.adapters.store.work import Work
from cmxero_desktop.services.records.alerts import Alert
from cmxero_desktop.services.records.runs import PollRun, PollState

_STATE_ID = 1
# More than two months of a check every ten minutes.
_RUNS_KEPT = 10_000

_alerts = tables.alerts.c
_runs = tables.runs.c

_decode_alert = decoder(Alert)
_decode_run = decoder(PollRun)
_decode_state = decoder(PollState)


class Polls(Work):
    """Alerts, runs and the state of polling."""

    def raise_alerts(self, alerts: Iterable[Alert]) -> tuple[Alert, ...]:
        """Store alerts by key; return those that were not there before.

        One that stands already takes the new words and keeps the time when it was first raised.
        """
        raised = {alert.key: alert for alert in alerts}
        standing = {alert.key: alert for alert in self.alerts()}
        kept = [
            replace(alert, raised_at=standing[key].raised_at) if key in standing else alert
            for key, alert in raised.items()
        ]
        rows = [{"alert_key": alert.key, "record": encode(alert)} for alert in kept]
        self._insert_or_update(tables.alerts, rows, key="alert_key")
        return tuple(alert for key, alert in raised.items() if key not in standing)

    def clear_alerts(self, keys: Iterable[str]) -> None:
        """Clear alerts whose cause is gone."""
        self._delete(_alerts.alert_key, list(keys))

    def alerts(self) -> tuple[Alert, ...]:
        """Return the alerts that stand, oldest first."""
        texts = self._connection.scalars(select(_alerts.record).order_by(_alerts.position))
        return tuple(_decode_alert(text) for text in texts)

    def save_run(self, run: PollRun) -> None:
        """Store a poll run."""
        self._insert_or_update(tables.runs, [{"run_id": run.run_id, "record": encode(run)}], key="run_id")
        newest = self._connection.scalar(select(func.max(_runs.position))) or 0
        self._connection.execute(tables.runs.delete().where(_runs.position <= newest - _RUNS_KEPT))

    def runs(self, newest: int) -> tuple[PollRun, ...]:
        """Return the newest runs, newest first."""
        statement = select(_runs.record).order_by(_runs.position.desc()).limit(newest)
        return tuple(_decode_run(text) for text in self._connection.scalars(statement))

    def poll_state(self) -> PollState:
        """Return where polling stands."""
        text = self._connection.scalar(select(tables.poll_state.c.record))
        return PollState() if text is None else _decode_state(text)

    def save_poll_state(self, state: PollState) -> None:
        """Store where polling stands."""
        row = {"state_id": _STATE_ID, "record": encode(state)}
        self._insert_or_update(tables.poll_state, [row], key="state_id")
