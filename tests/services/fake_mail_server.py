"""A mail server in memory that takes every mail, unless a test says otherwise."""

from cmxero_desktop.domain.errors import MailError
from cmxero_desktop.services.records.mail import Letter
from cmxero_desktop.services.records.settings import MailSettings


class FakeMailServer:
    """Implements `MailServer`."""

    def __init__(self) -> None:
        self.letters: list[Letter] = []
        self.asked = 0
        self.passwords: list[str | None] = []
        self.refused: tuple[str, ...] = ()
        self.error: MailError | None = None

    def send(self, letter: Letter, settings: MailSettings, password: str | None) -> tuple[str, ...]:
        assert settings.is_set
        self.asked += 1
        if self.error is not None:
            raise self.error
        self.letters.append(letter)
        self.passwords.append(password)
        return self.refused
