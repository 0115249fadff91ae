"""What the services need of the firm's mail server."""

from typing import Protocol

from cmxero_desktop.services.records.mail import Letter
from cmxero_desktop.services.records.settings import MailSettings


class MailServer(Protocol):
    """The firm's own mail server."""

    def send(self, letter: Letter, settings: MailSettings, password: str | None) -> tuple[str, ...]:
        """Hand a mail over, encrypted, and return the recipients that the server refused while it took the others.

        Raises MailError where it took none, within the deadline whatever the server does.
        """
