"""What is to be said of the watch, by mail and on screen: each notice has a key and is said once (S4)."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class SorNoticeKind(StrEnum):
    """Why something is said."""

    FOUND = "found"
    REMINDER = "reminder"
    PASSED = "passed"
    CLEARED = "cleared"
    LOOKED_AGAIN = "looked again"
    NOT_RETRIED = "not retried"


class NoticeWay(StrEnum):
    """How something is said; each way says each notice once, whichever desktop does."""

    MAIL = "mail"
    TRAY = "tray"


@dataclass(frozen=True, slots=True, kw_only=True)
class SorNotice:
    """One thing to be said: `title` and `text` are what a mail or a tray message shows, `on` is the firm's day.

    The key is made of alert, kind and day, so that a mail's own id can be made of it. `alert_key` is empty where it is
    about a schedule.
    """

    key: str
    kind: SorNoticeKind
    schedule_id: str
    invoice_number: str
    on: date
    title: str
    text: str
    alert_key: str = ""
