"""The choice of a period by its name, or from one day to another."""

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import QDate, Signal
from PySide6.QtWidgets import QComboBox, QDateEdit, QWidget

from cmxero_desktop.domain.periods import Days, Period, days_of
from cmxero_desktop.ui.theme.formatting import day
from cmxero_desktop.ui.theme.strangers import as_said
from cmxero_desktop.ui.widgets.parts import Choice, label, row
from cmxero_desktop.ui.widgets.sheet import Sheet

CHOOSE = "Choose days…"


class PeriodBox(Choice):
    """Offers the periods; `changed` tells when others are meant."""

    changed = Signal()

    def __init__(self, today: Callable[[], date], parent: QWidget | None = None) -> None:
        """Begin with all dates. Periods are counted from `today`."""
        super().__init__("Period", [*Period, CHOOSE], parent)
        # A day whose year is cut off would be another day.
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.setToolTip("Show payments of one period on every page")
        self._today = today
        self._chosen: Days | None = None
        self.activated.connect(self._on_activated)
        self.currentIndexChanged.connect(self._on_index)

    @property
    def days(self) -> Days | None:
        """The days that are meant now, None for all."""
        names = list(Period)
        at = self.currentIndex()
        return days_of(names[at], self._today()) if at < len(names) else self._chosen

    @property
    def as_text(self) -> str:
        """What is meant as a text that lasts: the name of a period, or two days; nothing for all dates."""
        if self.currentIndex() == len(Period) and self._chosen is not None:
            return f"{self._chosen.first.isoformat()} {self._chosen.last.isoformat()}"
        return self.currentText() if 0 < self.currentIndex() < len(Period) else ""

    def take(self, text: str) -> None:
        """Mean what a text says that `as_text` gave; what cannot be read means all dates."""
        if text in list(Period):
            self.setCurrentIndex(list(Period).index(Period(text)))
            return
        try:
            first, last = map(date.fromisoformat, text.split())
        except ValueError:
            self.show_all()
        else:
            self.use(Days(first, last))

    def show_all(self) -> None:
        """Go back to all dates."""
        self.setCurrentIndex(0)

    def use(self, days: Days) -> None:
        """Mean the days from one to another."""
        self._chosen = days
        self.setItemText(len(Period), f"{day(days.first)} - {day(days.last)}")
        if self.currentIndex() == len(Period):
            self.changed.emit()
        self.setCurrentIndex(len(Period))

    def _on_activated(self, index: int) -> None:
        """Ask for the days each time that the last line is chosen."""
        if index == len(Period):
            today = self._today()
            sheet = DaysSheet(self._chosen or Days(today.replace(day=1), today), self.window())
            sheet.chosen.connect(self.use)
            sheet.rejected.connect(lambda: self.show_all() if self._chosen is None else None)
            sheet.open()

    def _on_index(self, index: int) -> None:
        if index < len(Period):
            self._chosen = None
            self.setItemText(len(Period), CHOOSE)
        self.changed.emit()


class DaysSheet(Sheet):
    """Asks for the first and the last day."""

    manual_chapter = "Finding, adding up and taking along"

    chosen = Signal(object)

    def __init__(self, days: Days, parent: QWidget | None = None) -> None:
        """Begin with the days that are meant already."""
        super().__init__("Choose days", "Payments dated from the first to the last day, both included.", parent)
        self.first, self.last = _day_field("From", days.first), _day_field("To", days.last)
        self.first.dateChanged.connect(self.last.setMinimumDate)
        self.last.setMinimumDate(self.first.date())
        self.body.addLayout(row(label("From"), self.first, label("to"), self.last, 1))
        self.add_button("Cancel", self.reject)
        self.choose(self.add_button("Show", self.accept, "primary"))
        self.accepted.connect(lambda: self.chosen.emit(Days(_date(self.first), _date(self.last))))
        self.first.setFocus()


def _day_field(name: str, on: date) -> QDateEdit:
    field = QDateEdit(QDate(on.year, on.month, on.day))
    field.setDisplayFormat("d MMM yyyy")
    field.setCalendarPopup(True)
    field.setAccessibleName(as_said(name))
    return field


def _date(field: QDateEdit) -> date:
    chosen = field.date()
    return date(chosen.year(), chosen.month(), chosen.day())
