"""Keep where polling stands, how each run ended, and how many requests were made."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import func, select

from cmxero_desktop.adapters.store import tables
from cmxero_desktop.adapters.store.encoding import decoder, encode
from cmxero_desktop.adapters.store.work import Work
from cmxero_desktop.domain.belonging import KnownDatabase
from cmxero_desktop.domain.doubts import Doubts
from cmxero_desktop.domain.office import Office
from cmxero_desktop.services.records.epochs import StoreEpoch
from cmxero_desktop.services.records.runs import (
    Allowance,
    Cursors,
    LastComparison,
    PinnedOrganisation,
    PollRun,
    PollState,
    SignInAge,
)
from cmxero_desktop.services.records.totals import FirmTotals

# More than two months of a check every ten minutes.
_RUNS_KEPT = 10_000

_runs = tables.runs.c

_decode_run = decoder(PollRun)

# By the part's name, which is its key in the table and its field in the state.
_DECODERS: Mapping[str, Callable[[str], Any]] = {
    "organisation": decoder(PinnedOrganisation),
    "cursors": decoder(Cursors),
    "comparison": decoder(LastComparison),
    "allowance": decoder(Allowance),
    "sign_in": decoder(SignInAge),
    "totals": decoder(FirmTotals),
    "database": decoder(KnownDatabase),
    "epoch": decoder(StoreEpoch),
    "doubts": decoder(Doubts),
    "office": decoder(Office),
}


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
        rows = self._connection.execute(select(tables.poll_state))
        return PollState(**{row.part: _DECODERS[row.part](row.record) for row in rows})

    def save_organisation(self, organisation: PinnedOrganisation) -> None:
        """Store the organisation that the store belongs to."""
        self._save_part("organisation", organisation)

    def save_database(self, database: KnownDatabase) -> None:
        """Store which database of Case Manager the store belongs to."""
        self._save_part("database", database)

    def save_epoch(self, epoch: StoreEpoch) -> None:
        """Store which life of the store this is."""
        self._save_part("epoch", epoch)

    def save_cursors(self, cursors: Cursors) -> None:
        """Store how far Xero was read."""
        self._save_part("cursors", cursors)

    def save_comparison(self, comparison: LastComparison) -> None:
        """Store what the last comparison used."""
        self._save_part("comparison", comparison)

    def save_allowance(self, allowance: Allowance) -> None:
        """Store what Xero still allows."""
        self._save_part("allowance", allowance)

    def save_sign_in(self, sign_in: SignInAge) -> None:
        """Store how old the sign-in is."""
        self._save_part("sign_in", sign_in)

    def save_totals(self, totals: FirmTotals) -> None:
        """Store whether the firm's totals agree, and what was accepted of it."""
        self._save_part("totals", totals)

    def save_doubts(self, doubts: Doubts) -> None:
        """Store which invoices do not add up in Xero."""
        self._save_part("doubts", doubts)

    def save_office(self, office: Office | None) -> None:
        """Store who approves in the firm, for all desktops of the store; None takes the word back."""
        if office is not None:
            self._save_part("office", office)
        else:
            self._connection.execute(tables.poll_state.delete().where(tables.poll_state.c.part == "office"))

    def _save_part(self, part: str, record: object) -> None:
        self._insert_or_update(tables.poll_state, [{"part": part, "record": encode(record)}], key="part")

    def count_requests(self, on: date, made: int) -> None:
        """Add to the requests that were sent to Xero on a day."""
        if made:
            row = {"made_on": on, "made": self.requests_on(on) + made}
            self._insert_or_update(tables.requests, [row], key="made_on")

    def requests_on(self, on: date) -> int:
        """Return how many requests were sent to Xero on a day, by every desktop of this store."""
        counted = tables.requests.c
        return self._connection.scalar(select(counted.made).where(counted.made_on == on)) or 0
