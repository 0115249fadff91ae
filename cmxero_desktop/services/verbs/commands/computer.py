"""What is asked beside the payments: mails, newer versions, and the start at sign-in."""

from dataclasses import dataclass, field

from cmxero_desktop.services.records.autostart import AutostartSeen
from cmxero_desktop.services.records.releases import UpdatesSeen
from cmxero_desktop.services.records.settings import MailSettings
from cmxero_desktop.services.verbs.commands.command import Command


@dataclass(frozen=True, slots=True)
class SetMail(Command[None]):
    """Keep by which server mails are sent, and to whom; a password of None leaves the one in the keyring."""

    needs_open_desk = False
    mail: MailSettings
    password: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class SendTestMail(Command[str]):
    """Send a mail that says that mails arrive; the report says what became of it."""

    needs_open_desk = False


@dataclass(frozen=True, slots=True)
class SendHash(Command[str]):
    """Mail the hash of the newest audit entry; the report says what became of it."""


@dataclass(frozen=True, slots=True)
class AskForUpdates(Command[UpdatesSeen]):
    """Ask now whether there is a newer version, where the settings name somebody to ask."""

    needs_open_desk = False


@dataclass(frozen=True, slots=True)
class AskForUpdatesIfDue(Command[bool]):
    """Ask where the last time is a day ago; the report says whether it was asked, and a failure is kept for Health."""

    needs_open_desk = False


@dataclass(frozen=True, slots=True)
class ReadAutostart(Command[AutostartSeen]):
    """Read whether the program starts at sign-in."""

    needs_open_desk = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAutostart(Command[AutostartSeen]):
    """Have the program start at sign-in or not; the report is how it is then."""

    needs_open_desk = False
    is_on: bool
