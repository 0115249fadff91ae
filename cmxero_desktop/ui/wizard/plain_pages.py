"""The wizard's two pages that ask nobody but the person: what the program does, and the firm's choices."""

from datetime import date, timedelta

from PySide6.QtCore import QDate, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QDateEdit, QHBoxLayout, QWidget

from cmxero_desktop.services.records.settings import ForwardDating, PolicySettings
from cmxero_desktop.ui.theme.formatting import plural
from cmxero_desktop.ui.widgets.parts import Choice, button, label, row
from cmxero_desktop.ui.wizard.page import NumberField, WizardPage, field, form, note

_DOES = (
    "Reads the payments on your CM- invoices in Xero, and finds each one in Case Manager.",
    "Shows where the two differ, and proposes what Case Manager needs to agree with Xero.",
)
_NEVER = (
    "It never writes to Xero: it asks for permission to read only.",
    "It never writes to Case Manager without your approval, and until you say otherwise it only observes.",
)
_MOST_DAYS = 365
_YEAR_DAYS = 365
_OWN_DAYS = 1


class WelcomePage(WizardPage):
    """Says what the program does and never does, and offers the demo."""

    demo_asked = Signal()

    def __init__(self) -> None:
        """Show the sentences."""
        super().__init__("Welcome to CM-Xero Desk", "It keeps Case Manager's payments a true copy of Xero's.")
        for title, sentences in (("What it does", _DOES), ("What it never does", _NEVER)):
            self.body.addWidget(label(title, "title"))
            for sentence in sentences:
                self.body.addLayout(_bullet(sentence))
        needs = (
            "You need ten minutes, a Xero login that may connect apps, and the address of Case Manager's database "
            "with a login that may read it."
        )
        self.body.addSpacing(4)
        self.body.addWidget(label(needs, is_wrapped=True))
        self.demo = button("&Try the demo", self.demo_asked.emit)
        self.demo.setAutoDefault(True)
        beside = label("First look around in an invented firm. Nothing is sent anywhere.", "muted", is_wrapped=True)
        line = QHBoxLayout()
        line.setSpacing(12)
        line.addWidget(self.demo)
        line.addWidget(beside, 1)
        self.body.addSpacing(4)
        self.body.addLayout(line)
        self.body.addStretch(1)


class RulesPage(WizardPage):
    """The firm's choices for the rules, with what fits most firms entered already."""

    def __init__(self, today: date) -> None:
        """Show the defaults."""
        super().__init__("Rules", "These fit most firms. You can change them later in the settings file.")
        defaults = PolicySettings()
        self.prefix = field("Invoice numbers begin with")
        self.prefix.setText(defaults.invoice_prefix)
        self.forward = Choice("Forward dating limit", ["As set in Case Manager", "A number of days", "No limit"])
        self.days = NumberField("Days of forward dating", 5, 0, _MOST_DAYS)
        self.forward.currentIndexChanged.connect(self._show_days)
        self.has_start = QCheckBox("List none dated before")
        self.has_start.setToolTip("They count in every total, and one to which something happens later is listed.")
        self.start = QDateEdit(_qdate(today - timedelta(days=_YEAR_DAYS)))
        self.start.setDisplayFormat("d MMM yyyy")
        self.start.setCalendarPopup(True)
        self.start.setAccessibleName("List none dated before")
        self.start.setEnabled(False)
        self.has_start.toggled.connect(self.start.setEnabled)
        self.near = NumberField("Near doubles within, in days", defaults.near_days, 0, _MOST_DAYS)
        for line in (self.prefix, self.days, self.near):
            line.textChanged.connect(self.changed)
        self.body.addLayout(
            form(
                [
                    ("Invoice numbers &begin with", self.prefix),
                    ("&Forward dating", _beside(self.forward, self.days)),
                    ("", note("How far into the future Case Manager accepts a payment date.")),
                    ("Start da&te", _beside(self.has_start, self.start)),
                    ("", note("Without one, every payment is compared.")),
                    ("Near doub&les within", _beside(self.near, label("days"))),
                    ("", note("An equal amount within these days is flagged as a close double.")),
                ]
            )
        )
        self.body.addStretch(1)
        self._show_days()

    @property
    def why_stay(self) -> str:
        """A prefix tells the firm's invoices from all others, and days are numbers."""
        if not self.prefix.text().strip():
            return "Enter how your invoice numbers begin."
        if self.near.value is None or (self.forward.currentIndex() == _OWN_DAYS and self.days.value is None):
            return f"Enter a number of days from 0 to {_MOST_DAYS}."
        return ""

    @property
    def policy(self) -> PolicySettings:
        """The choices."""
        start = self.start.date()
        limits: list[int | ForwardDating] = [ForwardDating.CASE_MANAGER, self.days.value or 0, ForwardDating.OFF]
        return PolicySettings(
            invoice_prefix=self.prefix.text().strip(),
            start_date=date(start.year(), start.month(), start.day()) if self.has_start.isChecked() else None,
            near_days=self.near.value or 0,
            forward_dating_days=limits[self.forward.currentIndex()],
        )

    def enter(self) -> None:
        """Stand on the prefix."""
        self.prefix.setFocus()

    def show_case_manager(self, days: int | None) -> None:
        """Say what Case Manager itself says about forward dating."""
        said = (
            f"As set in Case Manager ({plural(days, 'day')})" if days is not None else "As set in Case Manager (none)"
        )
        self.forward.setItemText(0, said)

    def _show_days(self) -> None:
        self.days.setVisible(self.forward.currentIndex() == _OWN_DAYS)
        self.changed.emit()


def _beside(*widgets: QWidget) -> QWidget:
    made = QWidget()
    made.setLayout(row(*widgets, 1))
    made.setFocusProxy(widgets[0])
    return made


def _bullet(sentence: str) -> QHBoxLayout:
    line = QHBoxLayout()
    line.setSpacing(8)
    line.addWidget(label("•"), alignment=Qt.AlignmentFlag.AlignTop)
    line.addWidget(label(sentence, is_wrapped=True), 1)
    return line


def _qdate(day: date) -> QDate:
    return QDate(day.year, day.month, day.day)
