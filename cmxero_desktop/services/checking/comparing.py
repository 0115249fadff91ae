"""Compare both sides after a reading of Xero: correlate, keep the outcome, raise alerts, and count."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial

from cmxero_desktop.domain.freshness import as_of_or_now
from cmxero_desktop.domain.proposals import ProposalState
from cmxero_desktop.services.checking.alerting import raise_poll_alerts
from cmxero_desktop.services.checking.lookalikes import name_near_invoices
from cmxero_desktop.services.checking.other_writer import rows_of_new_payments, watch_copying
from cmxero_desktop.services.checking.strangers import find_strangers
from cmxero_desktop.services.checking.unchanged import Basis
from cmxero_desktop.services.connecting.belonging import keep_database
from cmxero_desktop.services.correlation.changing import ChangesOnBoard, EverythingError, find_changes
from cmxero_desktop.services.correlation.circumstances import Circumstances
from cmxero_desktop.services.correlation.correlated import BothSides, Correlated
from cmxero_desktop.services.correlation.correlating import correlate_all, read_both_sides
from cmxero_desktop.services.correlation.doubting import ask_again_about_doubts
from cmxero_desktop.services.correlation.kept_firm import KeptFirm, LeftFirm
from cmxero_desktop.services.correlation.left_firm import left_in_store
from cmxero_desktop.services.correlation.moment import Moment, deeds_so_far
from cmxero_desktop.services.correlation.organisation_day import local_date
from cmxero_desktop.services.correlation.policies import policy_for
from cmxero_desktop.services.ports.outside import Outside
from cmxero_desktop.services.ports.store import UnitOfWork
from cmxero_desktop.services.records.alerts import AlertKind
from cmxero_desktop.services.records.rested import LeftHead
from cmxero_desktop.services.records.runs import Counts, PollState
from cmxero_desktop.services.records.settings import Settings
from cmxero_desktop.services.sor.watching import SorCheck, is_look_due, watch_schedules
from cmxero_desktop.services.viewing.desk_view import count_alerts
from cmxero_desktop.services.writing.settling import INTERRUPTED, settle_open_intents


class Comparing:
    """Remembers what its last correlation rested on, and makes another only where that has changed.

    `differing` are the invoices on which the debtor test failed then in a way that a refund may be behind, with by how
    much (R2, R24a).
    """

    def __init__(self, outside: Outside) -> None:
        """Keep the ports."""
        self._outside = outside
        self._basis: Basis | None = None
        self._compared_at: datetime | None = None
        self._deeds = 0
        self.differing: frozenset[tuple[str, int]] = frozenset()

    def compare(self, state: PollState, settings: Settings, *, is_full: bool) -> Counts:
        """Bring results, proposals and alerts up to date; `is_full` correlates again whatever is known.

        Raises CaseManagerError and what XeroReader raises.
        """
        facts = self._outside.case_manager.check()
        settle_open_intents(self._outside, why=INTERRUPTED)
        organisation = state.organisation
        policy = policy_for(settings.policy, facts, state)
        # Taken before both sides are read: what is applied meanwhile is newer than this correlation.
        with self._outside.store.read() as unit:
            deeds = deeds_so_far(unit)
        now = self._outside.clock()
        as_of = as_of_or_now(state.cursors.as_of, now)
        today = local_date(as_of, organisation.time_zone)
        around = Circumstances(settings=settings, facts=facts, policy=policy, today=today)
        right = state.cursors.right_time(now)
        moment = Moment(policy=policy, today=today, as_of=as_of, now=right, deeds=deeds)
        counts = None if is_full else self._of_changes(around, state, moment)
        if counts is None:
            counts = self._of_everything(state, moment, around)
        with self._outside.store.begin() as unit:
            known = unit.polling.state().comparison
            unit.polling.save_comparison(
                replace(
                    known,
                    first_polled_at=known.first_polled_at or now,
                    last_polled_at=now,
                    # The number that this check began with: another one may have ended meanwhile.
                    checks=max(known.checks, state.comparison.checks + 1),
                    today=today,
                    policy=policy,
                    case_manager_label=facts.label,
                    deeds=self._deeds or known.deeds,
                    first_as_of=state.cursors.as_of if known.first_polled_at is None else known.first_as_of,
                    last_as_of=state.cursors.as_of,
                )
            )
            if self._basis is not None:
                self._leave(unit, self._basis, state, now)
            unit.commit()
        keep_database(self._outside)
        self._compared_at = now
        if self._basis is not None:
            self._outside.left.content = LeftFirm(kept=self._basis.kept, policy=policy, today=today, checked_at=now)
        return counts

    @staticmethod
    def _leave(unit: UnitOfWork, basis: Basis, state: PollState, now: datetime) -> None:
        """Leave to the next program what this comparison found."""
        kept = basis.kept
        head = LeftHead(
            around=basis.circumstances.mark(state.epoch.epoch_id),
            checked_at=now,
            generation=kept.generation,
            pending=tuple(sorted(kept.pending)),
            loose=tuple(result.snapshot.number for result in kept.loose),
            counts=basis.counts,
        )
        unit.left.save(head, kept.changes())

    def _of_changes(self, around: Circumstances, state: PollState, moment: Moment) -> Counts | None:
        """Compare what changed since the last comparison; None where everything has to be compared.

        Another process may have compared since, with another Case Manager before it: then its results are stored.
        """
        basis, self._basis = self._basis, None
        # Whoever writes or decides meanwhile reads everything; there is nothing half done to go on from.
        left, self._outside.left.content = self._outside.left.content, None
        is_newest = state.comparison.last_polled_at == self._compared_at
        if basis is None or not isinstance(left, LeftFirm) or left.kept is not basis.kept or not is_newest:
            found = left_in_store(self._outside, around, state, moment)
            basis = None if found is None else Basis(kept=found.kept, circumstances=around, counts=found.counts)
        if basis is None or not basis.circumstances.are_as(around):
            return None
        try:
            changes = find_changes(self._outside, basis.kept, moment)
            if changes.is_nothing and self._has_news_of_doubts(basis.kept):
                changes = find_changes(self._outside, basis.kept, moment)
            if changes.is_nothing:
                self._basis = basis
                self._look_again(around, moment)
                return self._counted_again(basis)
            on_board = ChangesOnBoard(self._outside, basis.kept, changes, moment)
            both = on_board.take_in()
            return self._completed(both, on_board.correlate, state, moment, around, is_part=True)
        except EverythingError:
            return None

    def _has_news_of_doubts(self, kept: KeptFirm) -> bool:
        """Ask Xero about the doubtful invoices whose turn it is; say whether it said anything new (R22)."""
        ask_again_about_doubts(self._outside)
        with self._outside.store.read() as unit:
            return unit.touches.since(kept.generation).is_anything

    def _look_again(self, around: Circumstances, moment: Moment) -> None:
        """Watch the schedules although nothing has changed, where a cancellation is two hours ago by now (S6)."""
        with self._outside.store.begin() as unit:
            if is_look_due(unit, moment.now):
                watch_schedules(unit, (), SorCheck.of(moment, around.settings.sor.firm_type))
                unit.commit()

    def _counted_again(self, basis: Basis) -> Counts:
        """Return the counts of the last comparison, with the alerts that stand now."""
        with self._outside.store.read() as unit:
            is_asked = any(alert.kind is AlertKind.LOOKS_LIKE_CM for alert in unit.alerts.standing())
        if is_asked:
            with self._outside.store.begin() as unit:
                name_near_invoices(unit, basis.kept.near_numbers, basis.circumstances.policy)
                unit.commit()
        with self._outside.store.read() as unit:
            return replace(basis.counts, alerts=count_alerts(unit))

    def _of_everything(self, state: PollState, moment: Moment, around: Circumstances) -> Counts:
        both = read_both_sides(self._outside, moment)
        make = partial(correlate_all, self._outside.store, both, moment)
        return self._completed(both, make, state, moment, around, is_part=False)

    def _completed(
        self,
        both: BothSides,
        correlate: Callable[[], Correlated],
        state: PollState,
        moment: Moment,
        around: Circumstances,
        *,
        is_part: bool,
    ) -> Counts:
        """Correlate, raise alerts, watch others, and keep what the next comparison can go on from."""
        with self._outside.store.read() as unit:
            strangers = find_strangers(unit, both, state.comparison, moment)
            rows_before = rows_of_new_payments(unit, both.known, state.comparison, moment.as_of)
        correlated = correlate()
        with self._outside.store.read() as unit:
            self._deeds = deeds_so_far(unit)
        raise_poll_alerts(self._outside, correlated, strangers, moment.policy, moment.now)
        self.differing = frozenset(correlated.kept.sums.gaps.items())
        with self._outside.store.begin() as unit:
            watch_copying(unit, correlated.results, state.comparison, rows_before, moment, is_part=is_part)
            watch_schedules(unit, correlated.results, SorCheck.of(moment, around.settings.sor.firm_type))
            unit.commit()
        kept = correlated.kept
        with self._outside.store.read() as unit:
            counts = Counts(
                matched=kept.sums.matched,
                unmatched=kept.sums.unmatched,
                skipped=kept.sums.skipped,
                proposed=unit.proposals.count(ProposalState.PROPOSED),
                alerts=count_alerts(unit),
            )
            is_explained = all(a.kind is not AlertKind.NOT_EXPLAINED for a in unit.alerts.standing())
        # Where a question to Xero was left without an answer, the next comparison asks it again; and where a row was
        # lost, nothing that was found is believed.
        if both.is_answered and is_explained:
            self._basis = Basis(kept=kept, circumstances=around, counts=counts)
        return counts
