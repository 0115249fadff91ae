"""Report how others copy Xero's payments, from what the checks have kept (R29)."""

from functools import partial

from cmxero_desktop.domain.copying import NOT_WATCHED, CopyingByOthers, Watch, copying_by_others
from cmxero_desktop.services.correlation.organisation_day import local_date
from cmxero_desktop.services.ports.store import Store


def report_copying(store: Store) -> CopyingByOthers:
    """Return late, missed and doubled copies as the last check left them; before the second check nothing is known."""
    with store.read() as unit:
        state = unit.polling.state()
        last, as_of = state.comparison, state.cursors.as_of
        if last.first_on_xero is None or last.policy is None or as_of is None:
            return NOT_WATCHED
        watch = Watch(
            since=last.first_on_xero,
            as_of=as_of,
            imported_text=last.policy.imported_text,
            day_of=partial(local_date, time_zone=state.organisation.time_zone),
        )
        results = unit.results.latest()
        times = unit.pairs.copy_times()
    return copying_by_others(times, ((result.snapshot, result.correlation) for result in results), watch)
