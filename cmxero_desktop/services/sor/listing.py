"""Take a list of schedules, imported or entered: first shown, then kept, each schedule whole or not at all (S1)."""

from collections.abc import Sequence
from dataclasses import replace

from cmxero_desktop.domain.decisions import Action
from cmxero_desktop.domain.sor.importing import ListLine, SorImport
from cmxero_desktop.domain.sor.listing import ListedBy, check_list, schedules_by_number, taken_over
from cmxero_desktop.domain.sor.schedules import ScheduleSource
from cmxero_desktop.services.correlation.moment import Moment, current_moment
from cmxero_desktop.services.correlation.situations import demand, situation_of
from cmxero_desktop.services.correlation.snapshots import read_known
from cmxero_desktop.services.ports.outside import Outside
from cmxero_desktop.services.ports.store import UnitOfWork
from cmxero_desktop.services.sor.watching import schedule_event, watch_anew

TAKEN = "taken from a list or entered"
"""What History says of a schedule that a list brought."""


def take_schedules(
    outside: Outside, lines: Sequence[ListLine], *, source: ScheduleSource, by: str, is_preview: bool
) -> SorImport:
    """Say what a list would do, and do it unless that was only asked; the same list once more changes nothing."""
    moment = current_moment(outside)
    with outside.store.begin() as unit:
        demand(Action.SCHEDULE, by, situation_of(unit, outside.settings_file.load(), outside.clock()))
        found = check_list(lines, _given(unit, moment, source, by))
        if is_preview or not found.accepted:
            return found
        _keep(unit, found, moment, by)
        unit.commit()
    watch_anew(outside, moment)
    return found


def _given(unit: UnitOfWork, moment: Moment, source: ScheduleSource, by: str) -> ListedBy:
    known = read_known(unit, moment.policy.invoice_prefix, moment.today)
    return ListedBy(
        source=source,
        by=by,
        at=moment.now,
        schedules=unit.sor.schedules(),
        invoices={number: side.invoice for number, side in known.sides.items()},
        policy=moment.policy,
    )


def _keep(unit: UnitOfWork, found: SorImport, moment: Moment, by: str) -> None:
    """Store the accepted schedules; those that were only marked or derived give way, and their alerts go over."""
    on = schedules_by_number(unit.sor.schedules())
    places = {old.schedule_id: new.schedule_id for new in found.accepted for old in taken_over(new, on)}
    unit.sor.forget_schedules(places.keys())
    unit.sor.save_alerts(
        replace(alert, schedule_id=places[alert.schedule_id])
        for alert in unit.sor.alerts()
        if alert.schedule_id in places
    )
    unit.sor.save_schedules(found.accepted)
    unit.audit.append(schedule_event(schedule, moment.now, by, "", TAKEN) for schedule in found.accepted)
