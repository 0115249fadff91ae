"""Ask for Xero's own history of the payment of a row, and show what it said as long as the payment is as it was."""

from datetime import datetime

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QLabel, QScrollArea

from cmxero_desktop.domain.identifiers import XeroPaymentId
from cmxero_desktop.domain.records import XeroPayment
from cmxero_desktop.domain.wording import paid
from cmxero_desktop.domain.xero_history import ToldHistory, history_sentence
from cmxero_desktop.ui.desk.desk import Trouble
from cmxero_desktop.ui.theme.formatting import moment
from cmxero_desktop.ui.widgets.parts import allow, button, label

_ASK = "Who did this in &Xero?"
_TIP = "Ask Xero's own history who entered and who deleted this payment, and when; it is one of the calls of the day"
_NONE = "Xero has no payment in this row."


class WhoDidIt(QObject):
    """A button that asks, and a text below the history that answers; what was answered is there again with its row."""

    asked = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        """Begin with no payment to ask about."""
        super().__init__(parent)
        self.button = button(_ASK, self._ask, "quiet", tip=_TIP)
        self.answer: QLabel = label(is_wrapped=True)
        self.answer.setAccessibleName("Xero's own history")
        self._payment: XeroPayment | None = None
        self._asking: XeroPaymentId | None = None
        self._told: dict[tuple[XeroPaymentId, datetime], str] = {}
        self.show_payment(None)

    def show_payment(self, payment: XeroPayment | None) -> None:
        """Offer to ask about the payment of a row, and show what Xero said of it as it is now."""
        self._payment = payment
        known = "" if payment is None else self._told.get((payment.payment_id, payment.updated_at), "")
        self._say(known)
        is_asked = payment is not None and payment.payment_id == self._asking
        self.button.setText("Asking Xero…" if is_asked else _ASK)
        allow(self.button, "Xero is being asked." if is_asked else "" if payment else _NONE, _TIP)

    def show_answer(self, payment: XeroPayment, told: ToldHistory) -> None:
        """Keep what Xero said of a payment, and show it where its row is still shown."""
        said = f"{paid(payment)}. {history_sentence(told, moment)} Asked {moment(told.asked_at)}."
        self._told[payment.payment_id, payment.updated_at] = said
        self._end(payment, said)

    def show_trouble(self, payment: XeroPayment, error: Exception) -> None:
        """Say why Xero gave no answer, and what to do; it may be asked again at once."""
        trouble = Trouble.of(error)
        self._end(payment, f"Xero gave no answer. {trouble.message} {trouble.remedy}".strip())

    def _ask(self) -> None:
        if self._payment is not None:
            self._asking = self._payment.payment_id
            self.show_payment(self._payment)
            self.asked.emit(self._payment)

    def _end(self, payment: XeroPayment, said: str) -> None:
        self._asking = None
        self.show_payment(self._payment)
        if self._payment is not None and self._payment.payment_id == payment.payment_id:
            self._say(said)
            # Once the text has its place: whoever asked by the key alone may stand far above it.
            QTimer.singleShot(0, self, self._bring_into_sight)

    def _bring_into_sight(self) -> None:
        around = self.answer.parentWidget()
        while around is not None and not isinstance(around, QScrollArea):
            around = around.parentWidget()
        if around is not None:
            around.ensureWidgetVisible(self.answer)

    def _say(self, text: str) -> None:
        self.answer.setText(text)
        self.answer.setVisible(bool(text))
