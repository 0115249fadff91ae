"""The mail server is kept whole or not at all, its password in the keyring only."""

from dataclasses import dataclass, field, replace

import pytest

from cmxero_desktop.adapters.memory_secrets import MemorySecrets
from cmxero_desktop.domain.errors import MailError, SettingsError
from cmxero_desktop.services.connecting.mailing import Mailing
from cmxero_desktop.services.ports.mail import MailServer
from cmxero_desktop.services.records.mail import Letter
from cmxero_desktop.services.records.settings import Encryption, MailSettings
from tests.services.desk import FakeSettingsFile
from tests.services.fake_mail_server import FakeMailServer
from tests.services.fake_time import TickingClock

MAIL = MailSettings(
    host="smtp.firm.example", login="desk", sender="desk@firm.example", recipients=("ann@firm.example",)
)


@dataclass
class Office:
    """A mailing over fakes."""

    file: FakeSettingsFile = field(default_factory=FakeSettingsFile)
    secrets: MemorySecrets = field(default_factory=MemorySecrets)
    server: FakeMailServer = field(default_factory=FakeMailServer)

    @property
    def mailing(self) -> Mailing:
        server: MailServer = self.server
        return Mailing(settings_file=self.file, secrets=self.secrets, server=server, clock=TickingClock())


@pytest.fixture
def office() -> Office:
    return Office()


def test_a_mail_goes_by_the_server_that_was_kept_with_the_password_of_the_keyring(office: Office) -> None:
    office.mailing.set_up(MAIL, "s3cret")
    assert office.file.settings.mail == MAIL
    assert "s3cret" not in repr(office.file.settings)
    said = office.mailing.send_test()
    assert said == "smtp.firm.example took the mail. Look whether it arrived."
    assert office.server.passwords == ["s3cret"]
    (letter,) = office.server.letters
    assert "ann@firm.example" in letter.text


def test_a_second_test_is_another_mail(office: Office) -> None:
    office.mailing.set_up(replace(MAIL, login=""), None)
    office.mailing.send_test()
    mailing = office.mailing
    mailing.send_test()
    mailing.send_test()
    assert office.server.passwords == [None] * 3
    assert office.server.letters[1].key != office.server.letters[2].key


def test_whom_the_server_refused_is_named(office: Office) -> None:
    office.mailing.set_up(MAIL, "s3cret")
    office.server.refused = ("bob@firm.example",)
    assert office.mailing.send_test().endswith("Not for bob@firm.example: the server refused.")


def test_without_a_password_another_one_stays(office: Office) -> None:
    office.mailing.set_up(MAIL, "s3cret")
    office.mailing.set_up(replace(MAIL, encryption=Encryption.TLS), None)
    office.mailing.send_test()
    assert office.server.passwords == ["s3cret"]


def test_the_password_of_a_server_that_is_not_used_any_more_is_forgotten(office: Office) -> None:
    office.mailing.set_up(MAIL, "s3cret")
    office.mailing.set_up(replace(MAIL, host="other.example"), None)
    with pytest.raises(MailError, match=r"no password for desk at other\.example") as refused:
        office.mailing.send_test()
    assert refused.value.is_lasting
    office.mailing.set_up(MAIL, None)
    with pytest.raises(MailError, match="no password"):
        office.mailing.send_test()


def test_off_is_off(office: Office) -> None:
    office.mailing.set_up(MAIL, "s3cret")
    office.mailing.set_up(MailSettings(), None)
    with pytest.raises(SettingsError, match="No mail server is set up"):
        office.mailing.send(Letter(key="k", subject="s", text="t"))
    assert office.server.asked == 0


@pytest.mark.parametrize(
    ("mail", "why"),
    [
        (replace(MAIL, host="smtp example"), "is no name of a mail server"),
        (replace(MAIL, host=""), "is no name of a mail server"),
        (replace(MAIL, sender=""), "needs a sender"),
        (replace(MAIL, recipients=()), "needs a sender"),
        (replace(MAIL, sender="desk"), '"desk" is no e-mail address'),
        (replace(MAIL, recipients=("a@b.example, c@d.example",)), "is no e-mail address"),
    ],
)
def test_what_could_not_be_read_again_is_not_kept(office: Office, mail: MailSettings, why: str) -> None:
    with pytest.raises(SettingsError, match=why):
        office.mailing.set_up(mail, "s3cret")
    assert office.file.settings.mail == MailSettings()
    assert office.secrets.get("mail-password:desk@smtp.firm.example") is None
