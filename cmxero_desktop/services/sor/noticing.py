"""Give out what is due to be said, to whoever says it, and note what was said: none twice, by any desktop (S4)."""

from collections.abc import Collection
from datetime import timedelta

from cmxero_desktop.domain.sor.notices import NoticeWay, SorNotice
from cmxero_desktop.domain.sor.reminding import is_worth_saying, reminders
from cmxero_desktop.services.correlation.organisation_day import local_date
from cmxero_desktop.services.ports.outside import Outside

# Sending a mail takes no longer; a desktop that ended meanwhile has said nothing.
_TIME_TO_SAY = timedelta(minutes=10)


def take_notices(outside: Outside, way: NoticeWay, holder: str, *, is_quiet: bool) -> tuple[SorNotice, ...]:
    """Return what is to be said now in this way, with today's reminders; in quiet hours only where that is chosen.

    Whoever takes them says them and calls `said_notices`; what is not said within ten minutes may be taken again.
    """
    if is_quiet and not outside.settings_file.load().sor.breaks_quiet_hours:
        return ()
    now = outside.clock()
    with outside.store.begin() as unit:
        today = local_date(now, unit.polling.state().organisation.time_zone)
        alerts = unit.sor.alerts()
        unit.sor.post(reminders(alerts, today))
        standing = frozenset(alert.key for alert in alerts if alert.is_standing)
        taken = unit.sor.take(way, holder, now, now + _TIME_TO_SAY)
        good = tuple(notice for notice in taken if is_worth_saying(notice, standing, today))
        unit.sor.said(way, {notice.key for notice in taken} - {notice.key for notice in good}, now)
        unit.commit()
    return good


def said_notices(outside: Outside, way: NoticeWay, keys: Collection[str]) -> None:
    """Note that these were said."""
    with outside.store.begin() as unit:
        unit.sor.said(way, keys, outside.clock())
        unit.commit()
