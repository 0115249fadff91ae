"""Say by which mail server warnings go out, and try it."""

from collections.abc import Callable

from PySide6.QtGui import QIntValidator
from PySide6.QtWidgets import QLineEdit, QWidget

from cmxero_desktop.services.records.settings import Encryption, MailSettings
from cmxero_desktop.services.verbs.commands.computer import SendHash, SendTestMail, SetMail
from cmxero_desktop.ui.desk.desk import WindowDesk
from cmxero_desktop.ui.theme.strangers import as_said
from cmxero_desktop.ui.widgets.forms import form
from cmxero_desktop.ui.widgets.parts import Choice, allow, label
from cmxero_desktop.ui.widgets.sheet import Sheet

_TEXT = (
    "Warnings of the SOR watch go out by your own mail server, encrypted or not at all. A mail names invoice and "
    "amounts, and no person. Each brings along the hash of the newest audit entry. The password is kept in this "
    "computer's keyring."
)
_LAST_PORT = 65_535
_KINDS = (Encryption.STARTTLS, Encryption.TLS)
_KIND_WORDS = ("STARTTLS (usually port 587)", "TLS from the first byte (usually port 465)")


def show_mail(window: QWidget, desk: WindowDesk, say: Callable[[str], object]) -> None:
    """Open the sheet, once the settings are known."""
    if desk.content is not None:
        MailSheet(desk, desk.content.settings.mail, say, window).open()


class MailSheet(Sheet):
    """The fields of the mail server; *Send a test* keeps them first."""

    manual_chapter = "Warnings by mail"
    is_explained = True

    def __init__(self, desk: WindowDesk, mail: MailSettings, say: Callable[[str], object], parent: QWidget) -> None:
        """Show what is kept now."""
        super().__init__("Mail", _TEXT, parent)
        self._desk = desk
        self._say = say
        self.setMinimumWidth(560)
        self.host = _field(mail.host, "Mail server", "smtp.example.com")
        self.kind = Choice("Encryption", _KIND_WORDS)
        self.kind.setCurrentIndex(_KINDS.index(mail.encryption))
        self.port = _field(str(mail.port) if mail.port else "", "Port", "the usual one")
        self.port.setValidator(QIntValidator(1, _LAST_PORT, self))
        self.login = _field(mail.login, "Login", "may be left out where the server asks for none")
        self.password = _field("", "Password", "unchanged" if mail.login else "")
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.from_ = _field(mail.sender, "Sender", "desk@example.com")
        self.recipients = _field(", ".join(mail.recipients), "Recipients", "office@example.com, partner@example.com")
        named = (
            ("&Mail server", self.host),
            ("&Encryption", self.kind),
            ("&Port", self.port),
            ("&Login", self.login),
            ("Pass&word", self.password),
            ("&From", self.from_),
            ("&Recipients", self.recipients),
        )
        self.body.addLayout(form(named))
        self.told = label("", is_wrapped=True)
        self.body.addWidget(self.told)
        self.test = self.add_left_button("Keep and &send a test", lambda: self._keep(self._send_test))
        if mail.is_set:
            self.hash = self.add_left_button("Mail the audit &hash", self._send_hash)
            self.add_left_button("Send no mails any more", self._forget)
        self.add_button("Cancel", self.reject)
        self.save = self.add_button("Keep", lambda: self._keep(self.accept), "primary")
        self.save.setDefault(True)
        for field in (self.host, self.from_, self.recipients):
            field.textChanged.connect(self._look)
        self._look()

    def entered(self) -> MailSettings:
        """Return what the fields say."""
        words = self.recipients.text().replace(";", ",").split(",")
        return MailSettings(
            host=self.host.text().strip(),
            port=int(self.port.text() or 0),
            encryption=_KINDS[self.kind.currentIndex()],
            login=self.login.text().strip(),
            sender=self.from_.text().strip(),
            recipients=tuple(dict.fromkeys(word.strip() for word in words if word.strip())),
        )

    def _look(self) -> None:
        why_not = "" if self.entered().is_set else "Enter server, sender and recipients."
        for control in (self.test, self.save):
            allow(control, why_not)

    def _keep(self, then: Callable[[], object]) -> None:
        command = SetMail(self.entered(), self.password.text() or None)

        def kept(_: None) -> None:
            self.password.clear()
            then()

        self._desk.change(command, "Keeping it…", kept)

    def _send_test(self) -> None:
        self.told.setText("Sending…")
        self._desk.ask(SendTestMail(), "Sending a mail…", self.told.setText)

    def _send_hash(self) -> None:
        self.told.setText("Sending…")
        self._desk.ask(SendHash(), "Sending a mail…", self.told.setText)

    def _forget(self) -> None:
        self._desk.change(SetMail(MailSettings()), "Keeping it…", lambda _: self._say("No mails are sent."))
        self.accept()


def _field(text: str, name: str, hint: str) -> QLineEdit:
    field = QLineEdit(text)
    field.setAccessibleName(as_said(name))
    field.setPlaceholderText(hint)
    return field
