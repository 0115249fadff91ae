"""Give out what is due to be said, to whoever says it, and note what was said: none twice, by any desktop (S4)."""

from collections.abc import Collection
from datetime import timedelta

from cmxero_desktop.domain.sor.notices import NoticeWay, SorNotice
from cmxero_desktop.domain.sor.reminding import as_of_now, cannot_wait, is_worth_saying, reminders
from cmxero_desktop.services.correlation.organisation_day import local_date
from cmxero_desktop.services.ports.outside import Outside

# Sending a mail takes no longer; a desktop that ended meanwhile has said nothing.
_TIME_TO_SAY = timedelta(minutes=10)


def take_notices(outside: Outside, way: NoticeWay, holder: str, *, is_quiet: bool) -> tuple[SorNotice, ...]:
    """Return what is to be said now in this way, with today's reminders.

    In quiet hours it is only what comes too late afterwards, or all where that is chosen. Whoever takes them says them
    and calls `said_notices`; what is not said within ten minutes may be taken again.
    """
    settings = outside.settings_file.load()
    keeps_quiet = not settings.sor.breaks_quiet_hours
    with outside.store.begin() as unit:
        state = unit.polling.state()
        now, time_zone = state.cursors.right_time(outside.clock()), state.organisation.time_zone
        today, checked_on = local_date(now, time_zone), local_date(state.cursors.as_of or now, time_zone)
        alerts = unit.sor.alerts()
        unit.sor.post(reminders(alerts, today))
        standing = frozenset(alert.key for alert in alerts if alert.is_standing)
        known = {alert.key: alert for alert in alerts}
        opens_on = settings.notices.opens_on(outside.clock().astimezone())
        taken = unit.sor.take(
            way,
            holder,
            now,
            now + _TIME_TO_SAY,
            lambda n: not (is_quiet and keeps_quiet) or cannot_wait(n, known.get(n.alert_key), today, opens_on),
        )
        open_on = settings.notices.last_open(today) if keeps_quiet else today
        good = tuple(
            as_of_now(notice, known.get(notice.alert_key), today)
            for notice in taken
            if is_worth_saying(notice, standing, today, open_on)
        )
        # What is old by a clock that nobody could hold against Xero's yet may be news all the same.
        old = (n for n in taken if n not in good and not is_worth_saying(n, standing, min(today, checked_on), open_on))
        unit.sor.said(way, {notice.key for notice in old}, now)
        unit.commit()
    return good


def said_notices(outside: Outside, way: NoticeWay, keys: Collection[str]) -> None:
    """Note that these were said."""
    with outside.store.begin() as unit:
        unit.sor.said(way, keys, outside.clock())
        unit.commit()
