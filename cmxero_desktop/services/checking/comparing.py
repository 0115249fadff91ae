"""Compare both sides after a reading of Xero: correlate, keep the outcome, raise alerts, and count."""

from dataclasses import replace
from datetime import date, datetime

from cmxero_desktop.domain.debtor_refunds import refund_may_be_behind
from cmxero_desktop.domain.freshness import as_of_or_now
from cmxero_desktop.services.checking.alerting import raise_poll_alerts
from cmxero_desktop.services.checking.other_writer import rows_of_new_payments, watch_copying
from cmxero_desktop.services.checking.strangers import find_strangers
from cmxero_desktop.services.checking.unchanged import Basis, Circumstances, basis_of, still_holds, version_of
from cmxero_desktop.services.connecting.belonging import keep_database
from cmxero_desktop.services.correlation.correlating import correlate_all, read_both_sides
from cmxero_desktop.services.correlation.moment import Moment, deeds_so_far
from cmxero_desktop.services.correlation.organisation_day import local_date
from cmxero_desktop.services.correlation.policies import policy_for
from cmxero_desktop.services.ports.outside import Outside
from cmxero_desktop.services.records.runs import Counts, PollState
from cmxero_desktop.services.records.settings import Settings
from cmxero_desktop.services.sor.watching import SorCheck, is_look_due, watch_schedules
from cmxero_desktop.services.viewing.desk_view import count_alerts, count_results
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
        if not is_full and self._holds(around, state):
            self._look_again(around, now, today)
            counts = self._counts()
        else:
            counts = self._correlate(
                state, Moment(policy=policy, today=today, as_of=as_of, now=now, deeds=deeds), around
            )
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
            unit.commit()
        keep_database(self._outside)
        self._compared_at = now
        return counts

    def _holds(self, around: Circumstances, state: PollState) -> bool:
        """Say whether the last correlation is still what another one would be; if in doubt it is forgotten.

        Another process may have compared since, with another Case Manager before it: then its results are stored.
        """
        basis, self._basis = self._basis, None
        is_newest = state.comparison.last_polled_at == self._compared_at
        if basis is not None and is_newest and still_holds(self._outside, basis, around):
            self._basis = basis
        return self._basis is not None

    def _counts(self) -> Counts:
        """Return the counts of the last correlation, with the alerts that stand now."""
        counted = self._basis.counts if self._basis else Counts()
        with self._outside.store.read() as unit:
            return replace(counted, alerts=count_alerts(unit))

    def _look_again(self, around: Circumstances, now: datetime, today: date) -> None:
        """Watch the schedules although nothing has changed, where a cancellation is two hours ago by now (S6)."""
        with self._outside.store.begin() as unit:
            if is_look_due(unit, now):
                check = SorCheck(policy=around.policy, firm=around.settings.sor.firm_type, at=now, today=today)
                watch_schedules(unit, (), check)
                unit.commit()

    def _correlate(self, state: PollState, moment: Moment, around: Circumstances) -> Counts:
        version = version_of(self._outside.store)
        both = read_both_sides(self._outside, moment)
        with self._outside.store.read() as unit:
            strangers = find_strangers(unit, both, state.comparison, moment)
            rows_before = rows_of_new_payments(unit, both.known, state.comparison, moment.as_of)
        correlated = correlate_all(self._outside.store, both, moment)
        with self._outside.store.read() as unit:
            self._deeds = deeds_so_far(unit)
        raise_poll_alerts(self._outside, correlated, strangers, moment.policy, moment.now)
        self.differing = frozenset(
            (result.snapshot.number, difference)
            for result in correlated.results
            if (difference := refund_may_be_behind(result.snapshot, result.correlation, moment.policy)) is not None
        )
        with self._outside.store.begin() as unit:
            watch_copying(unit, correlated.results, state.comparison, rows_before, moment)
            watch_schedules(unit, correlated.results, SorCheck.of(moment, around.settings.sor.firm_type))
            unit.commit()
        with self._outside.store.read() as unit:
            counts = count_results(unit, correlated.results)
        self._basis = basis_of(version, around, both, counts)
        return counts
