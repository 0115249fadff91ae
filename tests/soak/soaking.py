"""Drive a firm's Xero at random with checks in between, and hold our store against it after each of them."""

import random
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cmxero_desktop.sandbox.xero.faults import Damage
from cmxero_desktop.services.records.runs import PollAsk, PollOutcome, PollRun, Trigger
from tests.soak.changes import Changes
from tests.soak.desk import PowerCutError, SoakDesk
from tests.soak.troubles import Troubles
from tests.soak.truth import Truth

# Each run begins some hours before Sydney's clocks change, forwards or back.
_STARTS = (datetime(2026, 10, 3, 9, tzinfo=UTC), datetime(2027, 4, 3, 3, tzinfo=UTC))
_PAUSES_S = (0, 0, 0, 0.003, 0.4, 1, 5, 59, 130, 600, 2_700, 10_800)
_MOST_UNREST = 5
_SHOWN = 12


class SoakError(AssertionError):
    """The store is not what Xero is; the message says how to see it again."""


class Soak:
    """One run from one seed: the same seed always does the same."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.outcomes: Counter[str] = Counter()
        self.compared = 0
        self.full_by_schedule = 0
        self._seed = seed
        self._step = 0
        self._dice = random.Random(seed)
        self._unrest = 0
        self._is_owed_full = False
        self.desk = SoakDesk(folder, self._dice, _STARTS[seed % len(_STARTS)], self._between_pages)
        self.changes = Changes(self.desk.xero.ledger, self._dice)
        self.troubles = Troubles(self.desk, self.changes, self._dice)

    @property
    def truth(self) -> Truth:
        """Compare with the store as it is opened now."""
        return Truth(self.changes, self.desk.store)

    def run(self, steps: int) -> None:
        """Take so many steps; at the end everything is well again, read and compared once more."""
        try:
            self._poll(PollAsk())
            for self._step in range(1, steps + 1):
                self._take_step()
            self.desk.skew = timedelta()
            self._poll_until_done()
        finally:
            self.troubles.end()
            self.desk.close()

    def _take_step(self) -> None:
        roll = self._dice.random()
        if roll < 0.57:
            self.changes.make()
        elif roll < 0.74:
            self.desk.clock.advance(timedelta(seconds=self._dice.choice(_PAUSES_S)))
        elif roll < 0.84:
            self.troubles.plan()
        else:
            self._unrest = 0 if self._is_owed_full else self._dice.choice((0, 0, 0, 1, 2, _MOST_UNREST))
            self._poll(self._ask())

    def _ask(self) -> PollAsk:
        trigger = self._dice.choice((Trigger.PERSON, Trigger.SCHEDULE, Trigger.SCHEDULE, Trigger.WAKE))
        is_full = self._is_owed_full or self._dice.random() < 0.08
        return PollAsk(trigger=trigger, is_full=is_full, ends_pause=self._dice.random() < 0.6)

    def _poll_until_done(self) -> None:
        """Read everything with nothing in the way, signing in again where that was ended."""
        self._unrest, self._is_owed_full = 0, True
        for _ in range(3):
            if self._poll(PollAsk(is_full=True, ends_pause=True)) is PollOutcome.DONE:
                return
        self._fail("a check did not succeed although nothing was in its way", [])

    def _poll(self, ask: PollAsk) -> PollOutcome | None:
        """Check Xero once and look at what it left; None where the program ended in the middle of it."""
        changed_before, began_at, state = self.changes.made, self.desk.clock.now(), self.truth.state()
        damaged = self.troubles.damaged
        try:
            run = self.desk.polling.poll(ask)
        except PowerCutError:
            self.desk.restart()
            run = None
        self._unrest = 0
        self.troubles.end()
        outcome = run.outcome if run else None
        self.outcomes[outcome or "power cut"] += 1
        is_calm = self.changes.made == changed_before
        if damaged is not None:
            self._look_at_damage(run, *damaged, is_calm=is_calm)
            return outcome
        if run is not None and run.outcome is PollOutcome.DONE:
            self._look_at_done(run, began_at, is_calm=is_calm)
        elif self.truth.state().comparison.last_polled_at != state.comparison.last_polled_at:
            # It ended after its comparison, while it asked for what only explains differences: the facts are whole.
            self._look_at_facts(is_calm=is_calm)
        if not self._is_owed_full and (lost := self.truth.lost()):
            self._fail(f"a check that ended {outcome} lost rows", lost)
        if outcome is PollOutcome.SIGNED_OUT:
            self.desk.sign_in()
        return outcome

    def _look_at_done(self, run: PollRun, began_at: datetime, *, is_calm: bool) -> None:
        as_of = self.truth.state().cursors.as_of
        if as_of is None or not began_at <= as_of <= self.desk.clock.now():
            self._fail(f"the facts are said to be of {as_of}, but were read at {began_at} by Xero's clock", [])
        self.full_by_schedule += run.is_full and run.trigger is Trigger.SCHEDULE
        if run.is_full and is_calm:
            self._is_owed_full = False
        self._look_at_facts(is_calm=is_calm)

    def _look_at_facts(self, *, is_calm: bool) -> None:
        """See that the store is what Xero is, where nothing happened meanwhile that it cannot know."""
        if is_calm and not self._is_owed_full:
            self.compared += 1
            if differences := self.truth.differences():
                self._fail("the store is not what Xero is", differences)
            if not self.truth.is_readable():
                self._fail("a row is held as unreadable that can be read", [])

    def _look_at_damage(self, run: PollRun | None, damage: Damage, payment_id: str, *, is_calm: bool) -> None:
        """See that a row that was broken in passing is told of, and mended by the next full comparison."""
        self._is_owed_full = True
        if run is None or run.outcome is not PollOutcome.DONE or not run.is_full or not is_calm:
            if run is not None and run.outcome is PollOutcome.SIGNED_OUT:
                self.desk.sign_in()
            return
        if damage is not Damage.NULL_REFERENCE and not self.truth.names_unreadable(payment_id):
            self._fail(f"payment {payment_id} could not be read ({damage}), and nothing says so", [])

    def _between_pages(self) -> None:
        """Change something while a list is read, or end the program."""
        if self._unrest and self._dice.random() < 0.4:
            self._unrest -= 1
            self.changes.make()
            self.desk.clock.advance(timedelta(milliseconds=self._dice.choice((0, 1, 700))))
        if self.troubles.is_power_cut_due and self._dice.random() < 0.3:
            raise PowerCutError

    def _fail(self, what: str, rows: list[str]) -> None:
        again = f"SOAK_SEED={self._seed} SOAK_STEPS={max(self._step, 1)} pytest tests/soak/test_soak.py"
        shown = [*rows[:_SHOWN], f"and {len(rows) - _SHOWN} more"] if len(rows) > _SHOWN else rows
        raise SoakError("\n".join((f"seed {self._seed}, step {self._step}: {what}. Again: {again}", *shown)))
