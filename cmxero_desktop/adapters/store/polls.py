"""Keep where polling stands, how each run ended, and how many requests were made."""

from datetime import date

from sqlalchemy import func, select

from cmxero_desktop.adapters.store import tables
from cmxero_desktop.adapters.store.encoding import decoder, encode
from cmxero_desktop.adapters.store.work import Work
from cmxero_desktop.services.records.runs import PollRun, PollState

_STATE_ID = 1
# More than two months of a check every ten minutes.
_RUNS_KEPT = 10_000

_runs = tables.runs.c

_decode_run = decoder(PollRun)
_decode_state = decoder(PollState)


class Polls(Work):
    """Runs, requests and the state of polling."""

    def save_run(self, run: PollRun) -> None:
        """Store a poll run."""
        self._insert_or_update(tables.runs, [{"run_id": run.run_id, "record": encode(run)}], key="run_id")
        newest = self._connection.scalar(select(func.max(_runs.position))) or 0
        self._connection.execute(tables.runs.delete().where(_runs.position <= newest - _RUNS_KEPT))

    def runs(self, newest: int) -> tuple[PollRun, ...]:
        """Return the newest runs, newest first."""
        statement = select(_runs.record).order_by(_runs.position.desc()).limit(newest)
        return tuple(_decode_run(text) for text in self._connection.scalars(statement))

    def state(self) -> PollState:
        """Return where polling stands."""
        text = self._connection.scalar(select(tables.poll_state.c.record))
        return PollState() if text is None else _decode_state(text)

    def save_state(self, state: PollState) -> None:
        """Store where polling stands."""
        row = {"state_id": _STATE_ID, "record": encode(state)}
        self._insert_or_update(tables.poll_state, [row], key="state_id")

    def count_requests(self, on: date, made: int) -> None:
        """Add to the requests that were sent to Xero on a day."""
        if made:
            row = {"made_on": on, "made": self.requests_on(on) + made}
            self._insert_or_update(tables.requests, [row], key="made_on")

    def requests_on(self, on: date) -> int:
        """Return how many requests were sent to Xero on a day, by every desktop of this store."""
        counted = tables.requests.c
        return self._connection.scalar(select(counted.made).where(counted.made_on == on)) or 0
