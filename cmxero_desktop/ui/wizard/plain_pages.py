"""The wizard's pages that ask nobody but the person: what the program does, and the firm's choices."""

from collections.abc import Mapping
from datetime import date, timedelta

from PySide6.QtCore import QDate, Qt, Signal
from PySide6.QtWidgets import QDateEdit, QHBoxLayout, QWidget

from cmxero_desktop.domain.people import SecondRule
from cmxero_desktop.services.records.autostart import AutostartSeen
from cmxero_desktop.services.records.setting_words import CHRISTMAS, HOLIDAY_REGIONS, SENTENCES, as_shown
from cmxero_desktop.services.records.settings import ForwardDating, PolicySettings
from cmxero_desktop.ui.theme.formatting import plural
from cmxero_desktop.ui.widgets.forms import form
from cmxero_desktop.ui.widgets.parts import Choice, button, label, row
from cmxero_desktop.ui.widgets.ticks import TickBox, tick_box
from cmxero_desktop.ui.wizard.page import NumberField, WizardPage, field, note

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
_LINK_ANSWERS = ("I do not know", "No", "Yes")
# What each answer means for what happens next (R29).
_LINK_NOTES = (
    "If it is on, the first checks show it. Until you say otherwise this program only observes, so nothing is doubled.",
    "Good: then nothing but this program and your people enter payments.",
    "Switch it off there before you go from observing to approving: both would enter the same money.",
)
_NAME_NOTE = (
    "It stands beside each of your decisions, in History and in the audit trail. Left empty, you are asked at the "
    "first one. Another name later: Edit, Your name."
)
_SECOND = "people.second_approver"
_SECOND_NOTE = (
    "Whether another person has to say yes too before anything is written or undone. Where one person keeps the books "
    "alone, name that person in Settings, People: what is approved alone is marked then."
)
# What is known of people, so that nobody relies on more.
_PEOPLE = (
    "Whoever sits here, signed in as you, may approve, apply and undo, unless File, Settings, People names who does.",
    "Who enters payments in Case Manager is read from there, where it tells; View, Transition lists them.",
    "Several people: each installs this program with a name of their own, on one shared store.",
)


class WelcomePage(WizardPage):
    """Says what the program does and never does, and offers the demo."""

    manual_chapter = "Setting it up"

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

    manual_chapter = "The settings file"

    def __init__(self, today: date) -> None:
        """Show the defaults."""
        super().__init__("Rules", "These fit most firms. You can change them later: File, Settings.")
        defaults = PolicySettings()
        self.prefix = field("Invoice numbers begin with")
        self.prefix.setText(defaults.invoice_prefix)
        self.forward = Choice("Forward dating limit", ["As set in Case Manager", "A number of days", "No limit"])
        self.days = NumberField("Days of forward dating", 5, 0, _MOST_DAYS)
        self.forward.currentIndexChanged.connect(self._show_days)
        self.has_start = TickBox("List none dated before")
        self.start = QDateEdit(_qdate(today - timedelta(days=_YEAR_DAYS)))
        self.start.setDisplayFormat("d MMM yyyy")
        self.start.setCalendarPopup(True)
        self.start.setAccessibleName("List none dated before")
        self.start.setEnabled(False)
        self.has_start.toggled.connect(self.start.setEnabled)
        self.near = NumberField("Near doubles within, in days", defaults.near_days, 0, _MOST_DAYS)
        self.own_link = Choice("Does Case Manager's own Xero link copy payments?", _LINK_ANSWERS)
        self.own_link_note = note("")
        self.own_link.currentIndexChanged.connect(self._show_link)
        for line in (self.prefix, self.days, self.near):
            line.textChanged.connect(self.changed)
        self.body.addLayout(
            form(
                [
                    ("Invoice numbers &begin with", self.prefix),
                    ("&Forward dating", _beside(self.forward, self.days)),
                    ("", note("How far into the future Case Manager accepts a payment date.")),
                    ("Start da&te", _beside(self.has_start, self.start)),
                    ("", note(SENTENCES["policy.start_date"])),
                    ("Near doub&les within", _beside(self.near, label("days"))),
                    ("", note(SENTENCES["policy.near_days"])),
                    ("Case Manager's own &Xero link", self.own_link),
                    ("", self.own_link_note),
                ]
            )
        )
        self.body.addStretch(1)
        self._show_days()
        self._show_link()

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

    def _show_link(self) -> None:
        self.own_link_note.setText(_LINK_NOTES[self.own_link.currentIndex()])

    def _show_days(self) -> None:
        self.days.setVisible(self.forward.currentIndex() == _OWN_DAYS)
        self.changed.emit()


class PeoplePage(WizardPage):
    """Whose decisions these are: the name beside each, and what this program knows of people."""

    manual_chapter = "Setting it up"

    def __init__(self) -> None:
        """Ask for the name."""
        super().__init__("People", "Who decides at this computer. Nothing is written before a person has approved it.")
        self.name = field("Your name", "such as J. Wu")
        self.second = Choice("Second approver", [as_shown(_SECOND, rule) for rule in SecondRule])
        self.body.addLayout(
            form(
                [
                    ("&Your name", self.name),
                    ("", note(_NAME_NOTE)),
                    ("&Second approver", self.second),
                    ("", note(_SECOND_NOTE)),
                ]
            )
        )
        for sentence in _PEOPLE:
            self.body.addLayout(_bullet(sentence))
        self.body.addStretch(1)

    @property
    def setting_texts(self) -> Mapping[str, str]:
        """What was chosen, by the settings' names."""
        rule = list(SecondRule)[self.second.currentIndex()]
        return {} if rule is SecondRule.OFF else {_SECOND: rule.value}

    @property
    def has_input(self) -> bool:
        """Whether a name was typed."""
        return bool(self.name.text().strip())

    def enter(self) -> None:
        """Stand on the name."""
        self.name.setFocus()


class NoticesPage(WizardPage):
    """When the program may speak up from the tray, with what fits most offices chosen already."""

    manual_chapter = "The settings file"

    def __init__(self) -> None:
        """Show the defaults."""
        super().__init__(
            "Notices", "When this computer may tell you something. What comes meanwhile stands in one summary."
        )
        self.is_quiet = TickBox("None from 17:30 to 8:30, and none on Saturdays and Sundays")
        self.is_quiet.setChecked(True)
        self.holidays = Choice("Public holidays of", ["No state", *HOLIDAY_REGIONS[1:]])
        self.is_closed = tick_box(f"None from {CHRISTMAS}, every year")
        self.has_names = TickBox("Name clients in notices, for whoever sees the screen")
        self.starts = TickBox("Start in the tray when you sign in to this computer")
        self.starts_said = note("It checks Xero without the window being open, and writes nothing by itself.")
        self.body.addLayout(
            form(
                [
                    ("Quiet hours", self.is_quiet),
                    ("&Public holidays of", self.holidays),
                    ("", note("Days on which your state, territory or province is closed are quiet, too.")),
                    ("Office closed", self.is_closed),
                    ("", note("Other days of your own: Settings, Notices, at any time.")),
                    ("Names", self.has_names),
                    ("At sign-in", self.starts),
                    ("", self.starts_said),
                    (
                        "SOR watch",
                        note(
                            "The SOR watch may speak up at any time, since a debit does not wait: Settings, SOR watch."
                        ),
                    ),
                ]
            )
        )
        self.body.addStretch(1)

    def offer_autostart(self, seen: AutostartSeen) -> None:
        """Offer the tick where this computer has a way to start it."""
        self.starts.setEnabled(seen.is_supported)
        self.starts.setChecked(seen.is_on)
        if not seen.is_supported:
            self.starts_said.setText(seen.said)

    @property
    def setting_texts(self) -> Mapping[str, str]:
        """What was chosen, by the settings' names."""
        chosen = self.holidays.currentIndex()
        texts = {
            "notices.quiet_from": "" if self.is_quiet.isChecked() else "off",
            "notices.quiet_days": "" if self.is_quiet.isChecked() else "off",
            "notices.holidays": HOLIDAY_REGIONS[chosen] if chosen else "",
            "notices.closed": CHRISTMAS if self.is_closed.isChecked() else "",
            "notices.show_names": "yes" if self.has_names.isChecked() else "",
        }
        return {name: text for name, text in texts.items() if text}

    def enter(self) -> None:
        """Stand on the state: the one thing that nobody can guess."""
        self.holidays.setFocus()


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
