"""The wizard's page about Xero: the firm's own app, the sign-in in the browser, and the organisation."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from cmxero_desktop.domain.strangers import one_line
from cmxero_desktop.services.ports.setup import Setup
from cmxero_desktop.services.ports.xero import Connection
from cmxero_desktop.services.records.settings import XeroSettings
from cmxero_desktop.ui.desk.jobs import JobBridge
from cmxero_desktop.ui.widgets.forms import form
from cmxero_desktop.ui.widgets.parts import allow, button, label, row
from cmxero_desktop.ui.wizard.page import NumberField, WizardPage, field, give_role, note

_LEAD = "Xero lets a program in through an app that your firm registers. It takes three minutes and costs nothing."
_WHERE = (
    "At developer.xero.com, under My Apps, choose New app and the kind Mobile or desktop app (Auth Code with PKCE). "
    "Enter the redirect exactly as it stands here, then copy the client id that Xero shows."
)
_READS = (
    "It may read payments, invoices, and the organisation's name and settings. It gets no permission to change "
    "anything in Xero."
)
_PORT_NOTE = "If another program uses the port: enter another number, and the new redirect in Xero as well."
_WAITING = "Waiting for your browser: sign in to Xero there and allow access. This page goes on by itself."
_FIRST_PORT, _LAST_PORT = 1024, 65_535
_LIST_HEIGHT = 72


class XeroPage(WizardPage):
    """Signs in without keeping anything yet; another client id or port makes a sign-in count no more."""

    manual_chapter = "The connection to Xero"

    def __init__(self, setup: Setup, jobs: JobBridge) -> None:
        """Ask for the client id."""
        super().__init__("Xero", _LEAD)
        self._setup = setup
        self._jobs = jobs
        self._is_waiting = False
        self._offered: Sequence[Connection] = ()
        self.redirect = field("Redirect to register in Xero")
        self.redirect.setReadOnly(True)
        self.copy = button("Copy", self._copy)
        self.client_id = field("Client id of your firm's app", "32 letters and figures")
        self.port = NumberField("Port of the redirect", XeroSettings().redirect_port, _FIRST_PORT, _LAST_PORT)
        self.more = QToolButton()
        self.more.setText("More")
        self.more.setProperty("role", "fold")
        self.more.setCheckable(True)
        self.more.setArrowType(Qt.ArrowType.RightArrow)
        self.more.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.more.setAccessibleDescription("Shows the port of the redirect")
        self.sign_in_button = button("&Sign in to Xero", self._sign_in, "primary")
        self.cancel_button = button("&Cancel the sign-in", setup.cancel_sign_in)
        for each in (self.copy, self.sign_in_button, self.cancel_button):
            each.setAutoDefault(True)
        self.choices = QListWidget()
        self.choices.setAccessibleName("Organisations to choose from")
        self.choices.setMaximumHeight(_LIST_HEIGHT)
        self._build()
        self.client_id.textChanged.connect(self._forget)
        self.port.textChanged.connect(self._forget)
        self.more.toggled.connect(self._show_more)
        self.choices.itemSelectionChanged.connect(self.changed)
        self._forget()

    @property
    def organisation(self) -> Connection | None:
        """The organisation that was chosen, or the only one."""
        if len(self._offered) == 1:
            return self._offered[0]
        at = self.choices.currentRow()
        return self._offered[at] if self._offered and self.choices.selectedItems() else None

    @property
    def redirect_port(self) -> int:
        """The port where Xero's answer arrives."""
        return self.port.value or XeroSettings().redirect_port

    @property
    def why_stay(self) -> str:
        """There is no going on without an organisation."""
        if not self.client_id.text().strip():
            return "Enter the client id first."
        if self.port.value is None:
            return f"Enter a port from {_FIRST_PORT} to {_LAST_PORT}."
        if self._is_waiting:
            return "Finish the sign-in in your browser, or cancel it."
        if not self._offered:
            return "Sign in to Xero first."
        return "" if self.organisation else "Choose an organisation."

    @property
    def is_busy(self) -> bool:
        """Whether it waits for the browser."""
        return self._is_waiting

    @property
    def has_input(self) -> bool:
        """Whether a client id was entered."""
        return bool(self.client_id.text().strip())

    @property
    def wish(self) -> QPushButton | None:
        """Enter signs in once there is a client id."""
        return self.sign_in_button if self.sign_in_button.isEnabled() and not self._is_waiting else None

    def enter(self) -> None:
        """Stand on the client id."""
        self.client_id.setFocus()

    def _build(self) -> None:
        self.body.addWidget(label(_WHERE, is_wrapped=True))
        redirect = QWidget()
        redirect.setLayout(row(self.redirect, self.copy))
        redirect.setFocusProxy(self.redirect)
        self.body.addLayout(form([("&Redirect", redirect), ("Client &id", self.client_id)]))
        self._port_row = QWidget()
        inside = QVBoxLayout(self._port_row)
        inside.setContentsMargins(18, 0, 0, 0)
        inside.addLayout(form([("&Port (xero.redirect_port)", self.port)]))
        inside.addWidget(note(_PORT_NOTE))
        self._port_row.hide()
        self.body.addWidget(self.more)
        self.body.addWidget(self._port_row)
        self.body.addWidget(note(_READS))
        self.body.addLayout(row(self.sign_in_button, self.cancel_button, 1))
        self.body.addWidget(self.said)
        self.body.addWidget(self.choices)
        self.body.addStretch(1)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.redirect.text())
        self.copy.setText("Copied")

    def _show_more(self, is_open: bool) -> None:  # noqa: FBT001 - Qt's signal brings a bare boolean
        self._port_row.setVisible(is_open)
        self.more.setArrowType(Qt.ArrowType.DownArrow if is_open else Qt.ArrowType.RightArrow)

    def _forget(self) -> None:
        """Begin anew: what was signed in belongs to another app or port."""
        self._offered = ()
        self.redirect.setText(f"http://localhost:{self.port.text()}/callback")
        self.copy.setText("Copy")
        self.said.say("")
        self._show()

    def _sign_in(self) -> None:
        self._offered = ()
        self._is_waiting = True
        self.said.say(_WAITING)
        self._show()
        client_id, port = self.client_id.text().strip(), self.redirect_port
        self._jobs.submit("Signing in…", lambda: self._setup.sign_in(client_id, port), self._offer, self._fail)
        self.cancel_button.setFocus()

    def _offer(self, found: Sequence[Connection]) -> None:
        self._is_waiting = False
        self._offered = found
        self.choices.clear()
        for connection in found:
            self.choices.addItem(QListWidgetItem(one_line(connection.name)))
        if len(found) == 1:
            self.said.say(f"Signed in. Organisation: {found[0].name}.")
        else:
            self.said.say("You allowed access to several organisations. Which one bills your cases?")
        self._show()
        if len(found) > 1:
            self.choices.setFocus()
        else:
            self.ready.emit()

    def _fail(self, error: Exception) -> None:
        self._is_waiting = False
        self.said.refuse(error)
        if self.port.text() in str(error):
            self.more.setChecked(True)
        self._show()
        self.sign_in_button.setFocus()

    def _show(self) -> None:
        self.client_id.setEnabled(not self._is_waiting)
        self.port.setEnabled(not self._is_waiting)
        self.sign_in_button.setVisible(not self._is_waiting)
        no_port = "" if self.port.value is not None else "The port is a number from 1 to 65535."
        allow(self.sign_in_button, no_port if self.client_id.text().strip() else "Enter the client id first.")
        self.sign_in_button.setText("&Sign in again" if self._offered else "&Sign in to Xero")
        give_role(self.sign_in_button, "" if self._offered else "primary")
        self.cancel_button.setVisible(self._is_waiting)
        self.choices.setVisible(len(self._offered) > 1)
        self.changed.emit()
