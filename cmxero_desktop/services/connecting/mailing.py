"""Reach the firm's mail server by the settings as they are now, with the password from the keyring."""

from dataclasses import dataclass, replace

from cmxero_desktop.domain.errors import MailError, SettingsError
from cmxero_desktop.domain.ways import SET_MAIL
from cmxero_desktop.services.ports.computer import Clock, Secrets, SettingsFile
from cmxero_desktop.services.ports.mail import MailServer
from cmxero_desktop.services.records.mail import Letter, is_host, is_mail_address
from cmxero_desktop.services.records.settings import MailSettings

_TEST_SUBJECT = "CM-Xero Desk: a test of the mail"
_TEST_TEXT = (
    "This mail was sent to see whether warnings of the SOR watch arrive. There is nothing to do.\n\n"
    "It came by {host}, encrypted, to: {recipients}."
)


def mail_password_name(settings: MailSettings) -> str:
    """Return the name of the secret that is the password of a login at a mail server."""
    return f"mail-password:{settings.login}@{settings.host}"


def _require_whole(mail: MailSettings) -> None:
    """Raise SettingsError for what could not be read again, or would send nothing."""
    if not (mail.host or mail.sender or mail.recipients):
        return
    if not is_host(mail.host):
        message = f'"{mail.host}" is no name of a mail server.'
        raise SettingsError(message, "It is such as smtp.example.com; the port stands beside it.")
    if not mail.sender or not mail.recipients:
        raise SettingsError("A mail needs a sender and somebody who gets it.", "Name both.")
    for address in (mail.sender, *mail.recipients):
        if not is_mail_address(address):
            message = f'"{address}" is no e-mail address.'
            raise SettingsError(message, "It is such as office@example.com.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailing:
    """Sends mails, and keeps by which server."""

    settings_file: SettingsFile
    secrets: Secrets
    server: MailServer
    clock: Clock

    def set_up(self, mail: MailSettings, password: str | None) -> None:
        """Keep which server sends mails, the password in the keyring only; None leaves the one that is there.

        Raises SettingsError where something is missing, or SecretsError; then nothing was kept.
        """
        _require_whole(mail)
        settings = self.settings_file.load()
        old = settings.mail
        if mail.login and password is not None:
            self.secrets.set(mail_password_name(mail), password)
        self.settings_file.save(replace(settings, mail=mail))
        if old.login and mail_password_name(old) != mail_password_name(mail):
            self.secrets.delete(mail_password_name(old))

    def send(self, letter: Letter) -> tuple[str, ...]:
        """Send a mail and return whom the server refused. Raises MailError, SettingsError or SecretsError."""
        mail = self.settings_file.load().mail
        if not mail.is_set:
            message = "No mail server is set up."
            raise SettingsError(message, f"Set it up: {SET_MAIL}.")
        password = None
        if mail.login:
            password = self.secrets.get(mail_password_name(mail))
            if password is None:
                message = f"The keyring has no password for {mail.login} at {mail.host}."
                remedy = f"Give it once: {SET_MAIL} asks for it."
                raise MailError(message, remedy, is_lasting=True)
        return self.server.send(letter, mail, password)

    def send_test(self) -> str:
        """Send a mail that says that mails arrive; return what became of it. Raises as `send`."""
        mail = self.settings_file.load().mail
        text = _TEST_TEXT.format(host=mail.host, recipients=", ".join(mail.recipients))
        refused = self.send(Letter(key=f"test:{self.clock().isoformat()}", subject=_TEST_SUBJECT, text=text))
        said = f"{mail.host} took the mail. Look whether it arrived."
        return f"{said} Not for {', '.join(refused)}: the server refused." if refused else said
