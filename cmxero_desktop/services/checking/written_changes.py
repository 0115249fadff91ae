"""Read what was written to Case Manager from the audit trail, each write on the organisation's own date."""

from functools import partial

from cmxero_desktop.services.correlation.organisation_day import local_date
from cmxero_desktop.services.ports.outside import Outside
from cmxero_desktop.services.records.changes import ChangesWanted, WrittenChange
from cmxero_desktop.services.viewing.changes_report import changes_of


def read_changes(outside: Outside, wanted: ChangesWanted) -> tuple[WrittenChange, ...]:
    """Return the writes that are meant, the oldest first."""
    with outside.store.read() as unit:
        zone = unit.polling.state().organisation.time_zone
        entries = unit.audit.shown()
    return tuple(filter(wanted.has, changes_of(entries, partial(local_date, time_zone=zone))))
