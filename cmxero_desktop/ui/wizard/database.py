"""The wizard's page about Case Manager's database: a form or an address, and a test that says what it found."""

import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, unquote

from PySide6.QtWidgets import QFileDialog, QLineEdit, QPushButton, QWidget

from cmxero_desktop.services.ports.setup import Setup
from cmxero_desktop.services.records.setup import DatabaseSeen
from cmxero_desktop.ui.desk.jobs import JobBridge
from cmxero_desktop.ui.theme.formatting import plural
from cmxero_desktop.ui.theme.strangers import as_said
from cmxero_desktop.ui.widgets.forms import form
from cmxero_desktop.ui.widgets.parts import Choice, allow, button, row
from cmxero_desktop.ui.wizard.mapping_sheet import MappingSheet
from cmxero_desktop.ui.wizard.page import WizardPage, field, give_role

_LEAD = "Ask whoever looks after the database. A login that may only read is enough for now, and safest."
_KINDS = ("PostgreSQL", "MariaDB or MySQL", "SQL Server", "SQLite file", "Another, by its address")
_POSTGRES, _MARIADB, _SQL_SERVER, _FILE, _ADDRESS = range(5)
_SCHEMES = {_POSTGRES: "postgresql", _MARIADB: "mariadb", _SQL_SERVER: "mssql"}
_SERVERS = {_SQL_SERVER: "SRV02, SRV02\\INSTANCE, or SRV02:1444 with a port"}
_SERVER = "SRV02, or SRV02:5433 with a port"
_TESTING = "Connecting, and comparing tables and columns with the mapping…"
_MOVED = "The password was taken out of the address, where everybody sees it. It is kept in the keyring."
# As SQLAlchemy reads them.
_WITH_PASSWORD = re.compile(r"([\w+]+://)([^:/@]*):([^@]*)@(.*)")
_WITH_LOGIN = re.compile(r"([\w+]+://)([^:/@]+)@(.*)")
_REFERENCE = "reference"
_CERTIFICATE = "Only where a test shows a fingerprint, and the server's administrator confirms it"
_SUGGESTS = "Looks at the tables, says where they may keep what, and writes a mapping file"


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerForm:
    """A database on a server, as a person knows it."""

    scheme: str
    server: str
    database: str
    login: str
    password: str
    certificate: str = ""

    @property
    def address(self) -> str:
        """The same as one address."""
        login = quote(self.login, safe="")
        secret = f":{quote(self.password, safe='')}" if self.password else ""
        option = f"?certificate={quote(self.certificate, safe='')}" if self.certificate else ""
        place = f"{self.server}/{quote(self.database, safe='')}{option}"
        return f"{self.scheme}://{f'{login}{secret}@' if login else ''}{place}"


def apart(address: str) -> tuple[str, str]:
    """Return an address without the password that somebody typed into it, and the password."""
    found = _WITH_PASSWORD.fullmatch(address)
    return (f"{found[1]}{found[2]}@{found[4]}", unquote(found[3])) if found else (address, "")


def together(address: str, password: str) -> str:
    """Return an address that names a login with its password."""
    found = _WITH_LOGIN.fullmatch(address)
    return f"{found[1]}{found[2]}:{quote(password, safe='')}@{found[3]}" if found and password else address


class DatabasePage(WizardPage):
    """Tests before it lets anybody go on; whatever is changed must be tested again."""

    manual_chapter = "The mapping file"

    def __init__(self, setup: Setup, jobs: JobBridge) -> None:
        """Show the form of a server."""
        super().__init__("Case Manager", _LEAD)
        self._setup = setup
        self._jobs = jobs
        self._is_testing = False
        self.seen: DatabaseSeen | None = None
        self.kind = Choice("Kind of database", _KINDS)
        self.server = field("Server", _SERVER)
        self.database = field("Database", "casemanager")
        self.login = field("Login")
        self.password = field("Password")
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.certificate = field("Fingerprint of the server's certificate", _CERTIFICATE)
        self.file = field("SQLite file")
        self.address = field("Address of the database", "postgresql://login@server/database")
        self.mapping = field("Mapping file", "Leave empty for the reference schema")
        self.suggest_button = button("Su&ggest…", self._suggest)
        self.suggest_button.setAutoDefault(True)
        self._rows = form(
            [
                ("K&ind", self.kind),
                ("S&erver", self.server),
                ("&Database", self.database),
                ("&Login", self.login),
                ("Pass&word", self.password),
                ("&Certificate", self.certificate),
                ("&File", self._with_browse(self.file, "Choose Case Manager's database")),
                ("&Address", self.address),
                ("&Mapping file", self._with_browse(self.mapping, "Choose the mapping file", self.suggest_button)),
            ]
        )
        self.test_button = button("&Test the connection", self._test, "primary")
        self.test_button.setAutoDefault(True)
        self.body.addLayout(self._rows)
        self.body.addLayout(row(self.test_button, 1))
        self.body.addWidget(self.said)
        self.body.addStretch(1)
        for line in self._lines():
            line.textChanged.connect(self._forget)
        self.kind.currentIndexChanged.connect(self._change_kind)
        self.address.editingFinished.connect(self._hide_password)
        self._change_kind()

    @property
    def url(self) -> str:
        """The address of the database as entered; it may hold the password."""
        kind = self.kind.currentIndex()
        if kind == _ADDRESS:
            return together(self.address.text().strip(), self.password.text())
        if kind == _FILE:
            path = Path(self.file.text().strip()).expanduser().absolute().as_posix()
            return f"sqlite:///{quote(path, safe='/:')}"
        return ServerForm(
            scheme=_SCHEMES[kind],
            server=self.server.text().strip(),
            database=self.database.text().strip(),
            login=self.login.text().strip(),
            password=self.password.text(),
            certificate=self.certificate.text().strip() if kind == _SQL_SERVER else "",
        ).address

    @property
    def mapping_name(self) -> str:
        """The mapping file, or the name of the one that comes with the program."""
        text = self.mapping.text().strip()
        return str(Path(text).expanduser().absolute()) if text else _REFERENCE

    @property
    def why_stay(self) -> str:
        """Only a database that was found to fit is gone on with."""
        if self._missing():
            return self._missing()
        if self._is_testing:
            return "The database is being tested."
        return "" if self.seen else "Test the database first."

    @property
    def is_busy(self) -> bool:
        """Whether a test runs."""
        return self._is_testing

    @property
    def has_input(self) -> bool:
        """Whether anything was entered."""
        return any(line.text() for line in self._lines())

    @property
    def wish(self) -> QPushButton | None:
        """Enter tests."""
        return self.test_button if self.test_button.isEnabled() else None

    def enter(self) -> None:
        """Stand on the kind."""
        self.kind.setFocus()

    def _lines(self) -> tuple[QLineEdit, ...]:
        server = (self.server, self.database, self.login, self.password, self.certificate)
        return (*server, self.file, self.address, self.mapping)

    def _with_browse(self, line: QLineEdit, title: str, *others: QWidget) -> QWidget:
        def browse() -> None:
            dialog = QFileDialog(self, title)
            dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
            dialog.fileSelected.connect(line.setText)
            dialog.finished.connect(dialog.deleteLater)
            dialog.open()

        made = QWidget()
        browse_button = button("Browse…", browse)
        browse_button.setAutoDefault(True)
        browse_button.setAccessibleName(as_said(title))
        made.setLayout(row(line, browse_button, *others))
        made.setFocusProxy(line)
        return made

    def _missing(self) -> str:
        kind = self.kind.currentIndex()
        if kind == _ADDRESS:
            return "" if self.address.text().strip() else "Enter the address of the database."
        if kind == _FILE:
            return "" if self.file.text().strip() else "Choose the database file."
        return "" if self.server.text().strip() and self.database.text().strip() else "Enter server and database."

    def _change_kind(self) -> None:
        kind = self.kind.currentIndex()
        for at in (1, 2, 3):
            self._rows.setRowVisible(at, kind in _SCHEMES)
        self.server.setPlaceholderText(_SERVERS.get(kind, _SERVER))
        self.login.setPlaceholderText("Leave empty for Windows sign-in" if kind == _SQL_SERVER else "")
        self._rows.setRowVisible(4, kind != _FILE)
        self._rows.setRowVisible(5, kind == _SQL_SERVER)
        self._rows.setRowVisible(6, kind == _FILE)
        self._rows.setRowVisible(7, kind == _ADDRESS)
        self._forget()

    def _forget(self) -> None:
        self.seen = None
        self.said.say("")
        self._show()

    def _hide_password(self) -> None:
        """Move a password that was typed into the address to where it is not shown, and say so."""
        address, password = apart(self.address.text().strip())
        if password:
            self.address.setText(address)
            self.password.setText(password)
            self.said.say(_MOVED)

    def _test(self) -> None:
        self._hide_password()
        self.seen = None
        self._is_testing = True
        self.said.say(_TESTING)
        self._show()
        self.said.setFocus()
        url, mapping = self.url, self.mapping_name
        self._jobs.submit("Testing…", lambda: self._setup.check_case_manager(url, mapping), self._fit, self._fail)

    def _suggest(self) -> None:
        """Have a mapping suggested for this database; the file that is written is the one to test with."""
        self._hide_password()
        sheet = MappingSheet(self._setup, self._jobs, self.url, self)
        sheet.written.connect(self._take_mapping)
        sheet.open()

    def _take_mapping(self, path: Path) -> None:
        self.mapping.setText(str(path))
        self.said.say(f"{path} was written. Test the connection with it.")
        self.test_button.setFocus()

    def _fit(self, seen: DatabaseSeen) -> None:
        self._is_testing = False
        self.seen = seen
        self.said.say(seen_words(seen))
        self._show()
        self.ready.emit()

    def _fail(self, error: Exception) -> None:
        self._is_testing = False
        self.said.refuse(error)
        self._show()
        self.test_button.setFocus()

    def _show(self) -> None:
        for line in (self.kind, *self._lines()):
            line.setEnabled(not self._is_testing)
        allow(self.test_button, "The database is being tested." if self._is_testing else self._missing())
        allow(self.suggest_button, "The database is being tested." if self._is_testing else self._missing(), _SUGGESTS)
        give_role(self.test_button, "" if self.seen else "primary")
        self.changed.emit()


def seen_words(seen: DatabaseSeen) -> str:
    """Say what was found, and whether the login is right for observing."""
    facts = seen.facts
    found = (
        f"{facts.label} ({seen.kind}) fits: {plural(facts.invoices, 'invoice')}, {plural(facts.payments, 'payment')}."
    )
    return f"{found}\n{_LOGIN[seen.may_write]}"


_LOGIN = {
    False: "This login may only read, which is right for observing.",
    True: "This login may also write. It is not used for that while you observe; a read-only login is safer for now.",
    None: "Whether this login may write could not be found out. A read-only login is right for observing.",
}
