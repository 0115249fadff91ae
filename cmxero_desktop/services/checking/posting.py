"""Send by mail what the SOR watch has to say: each notice once, after a refusal later, never in a storm (S4)."""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from cmxero_desktop.domain.errors import DeskError, MailError
from cmxero_desktop.domain.rules import Rule
from cmxero_desktop.domain.sor.alerts import SorAlert
from cmxero_desktop.domain.sor.calendar import CalendarDay, debit_day
from cmxero_desktop.domain.sor.notices import NoticeWay, SorNotice
from cmxero_desktop.domain.strangers import one_line
from cmxero_desktop.services.connecting.mailing import Mailing
from cmxero_desktop.services.connecting.sending_hash import newest_words, note_sent
from cmxero_desktop.services.correlation.alert_events import alert_event
from cmxero_desktop.services.ports.outside import Outside
from cmxero_desktop.services.records.alerts import Alert, AlertKind
from cmxero_desktop.services.records.mail import Letter
from cmxero_desktop.services.sor.noticing import said_notices, take_notices

CalendarText = Callable[[tuple[CalendarDay, ...], datetime], str]

_PASSING, _LASTING, _SOME_REFUSED = "mail-passing", "mail-lasting", "mail-recipients"
# A server that counts wrong logins locks an account; one that is down for a minute need not be waited for long.
_WAITS = {_PASSING: timedelta(minutes=15), _LASTING: timedelta(hours=4)}
_MOST_SINGLE = 3
_FOOT = "\n\nSent by CM-Xero Desk. To see what stands: the tab SOR watch, or cmxero sor list."

_log = logging.getLogger(__name__)


class Posting:
    """Sends the notices that wait, from whichever desktop checks first."""

    def __init__(self, outside: Outside, mailing: Mailing, holder: str, calendar_text: CalendarText) -> None:
        """Keep the ports; `holder` is this desktop, so that no other sends the same meanwhile."""
        self._outside = outside
        self._mailing = mailing
        self._holder = holder
        self._calendar_text = calendar_text

    def send_waiting(self) -> None:
        """Send what waits. What goes wrong is an alert, so that no check fails for it, or is hidden by it."""
        try:
            self._send_waiting()
        except DeskError as error:
            _log.warning("Notices of the SOR watch could not be sent: %s", type(error).__name__)
        except Exception:  # noqa: BLE001 - the run of the check is told, whatever happens beside it
            _log.exception("Notices of the SOR watch could not be sent, for a reason that nobody foresaw")

    def _send_waiting(self) -> None:
        outside = self._outside
        settings = outside.settings_file.load()
        if not settings.mail.is_set or self._has_to_wait():
            return
        is_quiet = settings.notices.is_quiet(outside.clock().astimezone())
        notices = take_notices(outside, NoticeWay.MAIL, self._holder, is_quiet=is_quiet)
        refused: set[str] = set()
        for some in _letters(notices):
            letter = self._letter(some)
            try:
                refused |= {*self._mailing.send(letter)}
            except DeskError as error:
                self._tell(_failed(error, len(notices), outside.clock()))
                return
            except Exception as error:  # noqa: BLE001 - it waits, and somebody has to hear of it
                _log.exception("A mail met something that nobody foresaw")
                self._tell(_failed(_unforeseen(error), len(notices), outside.clock()))
                return
            said_notices(outside, NoticeWay.MAIL, [notice.key for notice in some])
            note_sent(outside.store, letter, outside.clock())
        if notices:
            self._tell(_some_refused(refused, outside.clock()) if refused else None)

    def _has_to_wait(self) -> bool:
        with self._outside.store.read() as unit:
            standing = [alert for alert in unit.alerts.standing() if alert.key in _WAITS]
        now = self._outside.clock()
        # A clock that was put back must not make it wait for days.
        return any(timedelta(0) <= now - alert.raised_at < _WAITS[alert.key] for alert in standing)

    def _letter(self, notices: Sequence[SorNotice]) -> Letter:
        key = "+".join(notice.key for notice in notices)
        calendar, foot = self._calendar_for(notices), f"{_FOOT}{self._newest_hash()}"
        if len(notices) == 1:
            text = f"{notices[0].text}{foot}"
            return Letter(key=key, subject=notices[0].title, text=text, calendar=calendar)
        text = "\n\n\n".join(f"{one_line(notice.title)}\n\n{notice.text}" for notice in notices) + foot
        return Letter(key=key, subject=f"SOR watch: {len(notices)} notices", text=text, calendar=calendar)

    def _newest_hash(self) -> str:
        with self._outside.store.read() as unit:
            return "".join(f"\n\n{newest_words(entry)}" for entry in unit.audit.entries(newest=1))

    def _calendar_for(self, notices: Sequence[SorNotice]) -> str:
        keys = {notice.alert_key for notice in notices}
        with self._outside.store.read() as unit:
            alerts = [alert for alert in unit.sor.alerts() if alert.key in keys and alert.is_standing]
        days = debit_days(alerts)
        return self._calendar_text(days, self._outside.clock()) if days else ""

    def _tell(self, alert: Alert | None) -> None:
        """Keep the newest trouble as an alert, and take away what it replaces."""
        with self._outside.store.begin() as unit:
            standing = {one.key for one in unit.alerts.standing() if one.kind is AlertKind.MAIL}
            unit.alerts.clear(standing)
            if alert is not None:
                unit.alerts.raise_new([alert])
                if alert.key not in standing:
                    unit.audit.append([alert_event(alert, alert.raised_at)])
            unit.commit()


def debit_days(alerts: Sequence[SorAlert]) -> tuple[CalendarDay, ...]:
    """Return the debit dates that are known of alerts."""
    return tuple(day for alert in alerts if (day := debit_day(alert)) is not None)


def _letters(notices: Sequence[SorNotice]) -> Sequence[Sequence[SorNotice]]:
    """Put each notice into a letter of its own, or all into one where there are many."""
    return [[notice] for notice in notices] if len(notices) <= _MOST_SINGLE else [notices]


def _failed(error: DeskError, waiting: int, now: datetime) -> Alert:
    is_lasting = not isinstance(error, MailError) or error.is_lasting
    again = "in four hours" if is_lasting else "after a quarter of an hour"
    notices = "1 warning of the SOR watch was" if waiting == 1 else f"{waiting} warnings of the SOR watch were"
    return Alert(
        key=_LASTING if is_lasting else _PASSING,
        kind=AlertKind.MAIL,
        rule=Rule.S4,
        explanation=f"{notices} not sent by mail: {error.message}",
        next_step=f"{error.remedy} It is tried again {again}.".strip(),
        raised_at=now,
    )


def _unforeseen(error: Exception) -> MailError:
    """Word an error without its own words, which may hold anything."""
    message = f"Something went wrong that this program does not expect ({type(error).__name__})."
    return MailError(message, "The log says more.", is_lasting=True)


def _some_refused(refused: set[str], now: datetime) -> Alert:
    return Alert(
        key=_SOME_REFUSED,
        kind=AlertKind.MAIL,
        rule=Rule.S4,
        explanation=f"The mail server refused {', '.join(sorted(refused))}; the others got the warning.",
        next_step="Look at the recipients in the settings of the mail.",
        raised_at=now,
    )
