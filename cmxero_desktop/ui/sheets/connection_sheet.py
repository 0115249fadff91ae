"""The sheet about the connection to Xero: who is connected, sign in again, choose the organisation, disconnect."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QListWidget, QListWidgetItem, QWidget

from cmxero_desktop.domain.strangers import one_line
from cmxero_desktop.domain.wording import day
from cmxero_desktop.services.connecting.sign_in_age import sign_in_ends_at
from cmxero_desktop.services.ports.xero import Connection
from cmxero_desktop.services.records.runs import PollOutcome
from cmxero_desktop.services.records.settings import SignInKind
from cmxero_desktop.ui.desk.content import DeskContent
from cmxero_desktop.ui.desk.desk import Trouble, WindowDesk
from cmxero_desktop.ui.desk.freshness import last_run
from cmxero_desktop.ui.sheets.questions import ask_yes
from cmxero_desktop.ui.theme.strangers import as_said
from cmxero_desktop.ui.widgets.parts import allow, label
from cmxero_desktop.ui.widgets.sheet import Sheet

_READS = (
    "The program reads payments, invoices and the organisation's name. It has no permission to change anything in Xero."
)
_WAITING = "Waiting for your browser: sign in to Xero there and allow access. This window goes on by itself."
_AFTER_CHECK = "Xero is being checked; after that your browser opens. Sign in to Xero there and allow access."
_ASKING = "Asking Xero…"
_CHOOSE_ONE = "Choose an organisation."


class ConnectionSheet(Sheet):
    """Shows the connection and changes it; each refusal is a sentence in the sheet itself."""

    manual_chapter = "The connection to Xero"

    def __init__(self, desk: WindowDesk, content: DeskContent | None, parent: QWidget | None = None) -> None:
        """Show what is connected now."""
        super().__init__("Connection to Xero", _READS, parent)
        self._desk = desk
        self._pinned = content.settings.xero.tenant_id if content else ""
        self.facts = label(_facts(content), is_wrapped=True)
        self.said = label(is_wrapped=True)
        self.said.setAccessibleName("What happened")
        self._is_custom = content is not None and content.settings.xero.sign_in is SignInKind.CUSTOM_CONNECTION
        self.secret = QLineEdit()
        self.secret.setEchoMode(QLineEdit.EchoMode.Password)
        self.secret.setPlaceholderText("Secret of the custom connection")
        self.secret.setAccessibleName("Secret of the custom connection")
        self.choices = QListWidget()
        self.choices.setAccessibleName("Organisations to choose from")
        self.choices.hide()
        for part in (self.facts, self.secret, self.said, self.choices):
            self.body.addWidget(part)
        self.disconnect_button = self.add_left_button("&Disconnect…", self._ask_disconnect)
        allow(self.disconnect_button, "" if self._pinned else "Nothing is connected yet.")
        self.cancel_button = self.add_button("&Cancel the sign-in", desk.cancel_sign_in)
        self.use_button = self.add_button("&Use this organisation", self._use, "primary")
        self.sign_in_button = self.add_button(
            "&Sign in again" if self._pinned else "&Sign in", self._sign_in, "primary"
        )
        self.close_button = self.add_button("Close", self.reject)
        self.choices.itemSelectionChanged.connect(self._allow_use)
        self.choices.itemActivated.connect(self._use)
        self.secret.textChanged.connect(self._allow_sign_in)
        self._allow_sign_in()
        self._show(is_waiting=False)
        self.choose(self.sign_in_button)
        if self._is_custom:
            self.secret.setFocus()
        desk.signed_in.connect(self._offer)
        desk.connected.connect(self._connected)
        desk.disconnected.connect(self._disconnected)
        desk.connection_failed.connect(self._fail)
        self.finished.connect(desk.cancel_sign_in)

    def _sign_in(self) -> None:
        waiting = _ASKING if self._is_custom else _AFTER_CHECK if self._desk.is_checking else _WAITING
        self._say(waiting)
        self._show(is_waiting=True)
        self._desk.sign_in(self.secret.text())

    def _offer(self, found: Sequence[Connection]) -> None:
        """Pin the only organisation, or ask which one: the first of several may be somebody else's."""
        if len(found) == 1:
            self._desk.pin(found[0].tenant_id)
            return
        self.choices.clear()
        for connection in found:
            item = QListWidgetItem(one_line(connection.name))
            item.setData(Qt.ItemDataRole.UserRole, connection.tenant_id)
            self.choices.addItem(item)
            if connection.tenant_id == self._pinned:
                self.choices.setCurrentItem(item)
        self._say("You allowed access to several organisations. Which one bills your cases?")
        self._show(is_waiting=False, is_choosing=True)
        self._allow_use()
        self.choices.setFocus()

    def _allow_sign_in(self) -> None:
        is_missing = self._is_custom and not self.secret.text().strip()
        allow(self.sign_in_button, "Enter the secret first: Xero shows it once, under My Apps." if is_missing else "")

    def _allow_use(self) -> None:
        allow(self.use_button, "" if self.choices.selectedItems() else _CHOOSE_ONE)

    def _use(self) -> None:
        chosen = self.choices.selectedItems()
        if chosen:
            self._desk.pin(chosen[0].data(Qt.ItemDataRole.UserRole))

    def _connected(self, connection: Connection) -> None:
        self._pinned = connection.tenant_id
        allow(self.disconnect_button, "")
        self.secret.clear()
        self.facts.setText(f"Connected to {connection.name}.")
        self._say("Signed in. Xero is checked now.")
        self._show(is_waiting=False)
        self.choose(self.close_button)

    def _disconnected(self) -> None:
        self._pinned = ""
        self.facts.setText("Not connected any more.")
        self._say("Disconnected. What was read, decided and applied is kept.")
        self._show(is_waiting=False)

    def _ask_disconnect(self) -> None:
        text = (
            "Xero will forget this program's permission to read, and checking stops until somebody signs in again. "
            "Nothing in Case Manager changes."
        )
        ask_yes(self, "Disconnect from Xero?", text, "Disconnect", self._desk.disconnect_xero, stands_out=False)

    def _fail(self, trouble: Trouble) -> None:
        self._say(f"{trouble.message} {trouble.remedy}".strip())
        self._show(is_waiting=False)

    def _say(self, text: str) -> None:
        self.said.setText(text)
        self.said.setAccessibleDescription(as_said(text))

    def _show(self, *, is_waiting: bool, is_choosing: bool = False) -> None:
        self.secret.setVisible(self._is_custom and not is_waiting)
        self.choices.setVisible(is_choosing)
        self.use_button.setVisible(is_choosing)
        self.cancel_button.setVisible(is_waiting and not self._is_custom)
        self.sign_in_button.setVisible(not is_waiting and not is_choosing)
        waiting = "A sign-in is under way." if is_waiting else ""
        allow(self.disconnect_button, waiting or ("" if self._pinned else "No organisation is connected."))


def _facts(content: DeskContent | None) -> str:
    """Say who is connected, and until when without use."""
    if content is None or not content.settings.xero.tenant_id:
        return "Not connected yet."
    state = content.view.state
    name = state.organisation.name or content.settings.xero.tenant_id
    if _is_signed_out(content):
        return f"Signed out. Sign in again to go on checking {name}."
    ends_at = sign_in_ends_at(state)
    ends = (
        f" Unused, the sign-in would end on {day(ends_at.astimezone().date())}; each check renews it."
        if ends_at
        else ""
    )
    return f"Connected to {name}.{ends}"


def _is_signed_out(content: DeskContent) -> bool:
    run = last_run(content)
    # A custom connection has nothing that is renewed.
    is_unknown = content.settings.xero.sign_in is SignInKind.BROWSER and content.view.state.sign_in.renewed_at is None
    return is_unknown or (run is not None and run.outcome is PollOutcome.SIGNED_OUT)
