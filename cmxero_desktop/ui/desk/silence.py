"""Notice that no check ends any more although one is due, whatever keeps it: nobody need know the cause to say so."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cmxero_desktop.services.timetable.planning import is_working
from cmxero_desktop.ui.desk.content import DeskContent
from cmxero_desktop.ui.desk.schedule import ScheduleView

# A first load of a large firm, with the pauses that Xero asks for, takes less.
_LONGEST_CHECK = timedelta(minutes=60)
_LATE = timedelta(minutes=5)
# A computer that wakes up sees at once that a check is overdue, and makes it: it must be so at look after look.
_LOOKS = 20


@dataclass(frozen=True, slots=True)
class Silence:
    """Since when no check has ended (aware UTC), and whether one is under way that does not end."""

    since: datetime
    is_checking: bool


class SilenceWatch:
    """Looks every so often whether checks still end. Belongs to one thread."""

    def __init__(self) -> None:
        """Begin with the first look."""
        self._ended_at: datetime | None = None
        self._begun_at: datetime | None = None
        self._late_since: datetime | None = None
        self._late_looks = 0

    def check_began(self, now: datetime) -> None:
        """Take in that a check was begun."""
        self._begun_at = now
        self._forget_lateness()

    def check_ended(self, now: datetime) -> None:
        """Take in that a check ended, however it did."""
        self._ended_at, self._begun_at = now, None
        self._forget_lateness()

    def look(self, content: DeskContent | None, schedule: ScheduleView, now: datetime) -> Silence | None:
        """Return the silence that lasts; None where checks end as they should, or none is due."""
        # A clock that was put back must not make what it said before lie ahead.
        if self._begun_at is not None:
            since = self._begun_at = min(self._begun_at, now)
        else:
            since = self._ended_at = min(self._ended_at or now, now)
        if not self._is_late(since, content, schedule, now):
            self._forget_lateness()
            return None
        self._late_since = self._late_since or now
        self._late_looks += 1
        lasts = self._late_looks >= _LOOKS and now - self._late_since >= _LATE
        return Silence(since, is_checking=self._begun_at is not None) if lasts else None

    def _is_late(self, since: datetime, content: DeskContent | None, schedule: ScheduleView, now: datetime) -> bool:
        if self._begun_at is not None:
            return now - since >= _LONGEST_CHECK
        if schedule.next_check_at is None or schedule.is_paused or content is None:
            return False
        pause, poll = content.view.state.allowance.pause, content.settings.poll
        is_wanted = is_working(now, poll, now.astimezone().tzinfo or UTC) and not (
            pause is not None and pause.is_on(now)
        )
        return is_wanted and now - since >= 2 * timedelta(minutes=poll.interval_min)

    def _forget_lateness(self) -> None:
        self._late_since, self._late_looks = None, 0
