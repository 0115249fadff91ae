"""The head of the window: who mirrors whom, how fresh it is, Check Xero, and the search."""

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QIcon, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QMenu, QProgressBar, QSizePolicy, QVBoxLayout, QWidget

from cmxero_desktop.domain.strangers import one_line
from cmxero_desktop.services.records.runs import PollProgress
from cmxero_desktop.ui.desk.content import DeskContent
from cmxero_desktop.ui.desk.freshness import Freshness, Offer
from cmxero_desktop.ui.theme.colours import Tone, tones_of
from cmxero_desktop.ui.theme.formatting import plural
from cmxero_desktop.ui.theme.icons import Shape, shape_pixmap
from cmxero_desktop.ui.theme.strangers import as_said, guessed_plain
from cmxero_desktop.ui.widgets.parts import NamesLabel, PartsLabel, allow, button, frame, in_role
from cmxero_desktop.ui.widgets.period_box import PeriodBox
from cmxero_desktop.ui.window.header_room import HeaderRoom

NAME = "CM-Xero Desk"
# What the head needs at its briefest.
_LEAST_WIDTH = 600
_MARGINS, _SMALL_MARGINS = (16, 3, 16, 3), (8, 1, 8, 1)
_CHECK_TIP = "Read from Xero now (F5)"


def window_title(content: DeskContent | None) -> str:
    """Return the title of the window: the arrow points to where it is written."""
    state = content.view.state if content else None
    if state is None or not state.organisation.name:
        return NAME
    return f"{NAME} - {state.organisation.name} → {state.comparison.case_manager_label or 'Case Manager'}"


class Header(QWidget):
    """One calm line that is always there; the period and the search at its right are asked of every table."""

    check_asked = Signal()
    search_changed = Signal(str)
    offer_taken = Signal(object)
    bell_asked = Signal()
    mode_asked = Signal()

    def __init__(self, today: Callable[[], date], parent: QWidget | None = None) -> None:
        """Build the head; periods are counted from `today`."""
        super().__init__(parent)
        self.title = in_role(NamesLabel(NAME), "title", size=1.2)
        # Long names must not widen the window; they are whole in the tooltip.
        self.title.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self.mode = button("", self.mode_asked.emit)
        self.freshness = in_role(PartsLabel(), "muted")
        self.freshness.setAccessibleName("Freshness")
        # A long reason is cut at the edge, and whole in the tooltip: it must not widen the window.
        self.freshness.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self.check_button = button("", self.check_asked.emit, tip=_CHECK_TIP)
        self.pause_button = button("", self._open_pauses, tip="Leave Xero alone for a while (F9)")
        self.pause_button.setShortcut("F9")
        self.pause_button.setAccessibleName("Pause checking")
        self.bell_button = button("", self.bell_asked.emit)
        self.bell_button.setShortcut("F8")
        self.show_bell(0, 0)
        self.offer_button = button("", self._take_offer, "quiet")
        self.offer_button.hide()
        self._offer = Offer.NOTHING
        self.pause_menu: QMenu | None = None
        self.search = QLineEdit()
        self.search.setAccessibleName("Search all tables")
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._make_room)
        self.search.textChanged.connect(self.search_changed)
        self.period = PeriodBox(today)
        self.period.currentTextChanged.connect(self._make_room)
        self.progress = QProgressBar()
        self.progress.setRange(0, 0)
        self.progress.setTextVisible(False)
        self.progress.setFixedHeight(3)
        self.progress.setAccessibleName("Working")
        policy = self.progress.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.progress.setSizePolicy(policy)
        self.progress.hide()
        self._lay_out()

    def show_content(self, content: DeskContent) -> None:
        """Show names and mode."""
        state = content.view.state
        self.title.setText(NAME)
        if state.organisation.name:
            written_to = state.comparison.case_manager_label or "Case Manager"
            self.title.say(one_line(state.organisation.name), one_line(written_to))
        self.title.setToolTip(guessed_plain(self.title.text()))
        mode = "Approve" if content.may_write else "Observe only"
        self._room.name_mode(mode)
        self.mode.setAccessibleName(as_said(f"Mode: {mode}. Change it…"))
        self._make_room()
        tone = Tone.CALM if content.may_write else Tone.CAUTION
        tones = tones_of(self.palette())
        self.mode.setStyleSheet(
            f"QPushButton {{ color: {tones.ink(tone)}; background: {tones.tint(tone)}; border: 1px solid transparent; "
            "border-radius: 4px; padding: 2px 8px; min-height: 0; } "
            f"QPushButton:focus, QPushButton:hover {{ border: 1px solid {tones.ink(tone)}; }}"
        )

    def minimumSizeHint(self) -> QSize:
        """Return the size at which everything is as brief as it can be."""
        return QSize(_LEAST_WIDTH, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave out what the tool tips say where the line is short."""
        super().resizeEvent(event)
        self._make_room()

    def use_small(self, *, is_small: bool) -> None:
        """Be lower on a small screen."""
        self._line.setContentsMargins(*(_SMALL_MARGINS if is_small else _MARGINS))
        self._line.setSpacing(4 if is_small else -1)

    def _make_room(self) -> None:
        self._room.fit(self.width())

    def clear_filters(self) -> None:
        """Show the rows of all dates, whatever stands in them."""
        self.search.clear()
        self.period.show_all()

    def show_freshness(self, freshness: Freshness) -> None:
        """Show the freshness line."""
        self.freshness.setText(freshness.text)
        self.freshness.setToolTip(guessed_plain(f"{freshness.text}\n{freshness.note}".strip()))
        self.freshness.setStyleSheet(f"color: {tones_of(self.palette()).ink(freshness.tone)};")
        self._offer = freshness.offer
        self.offer_button.setText(freshness.offer.value)
        self.offer_button.setVisible(freshness.offer is not Offer.NOTHING)
        self._make_room()

    def show_bell(self, number: int, new: int) -> None:
        """Show how many lines the bell has, and whether any is new."""
        said = f"{plural(number, 'notice')}, {new} new" if number else "No notices"
        self.bell_button.setText(str(number))
        tones = tones_of(self.palette())
        ink = tones.ink(Tone.DANGER if new else Tone.MUTED)
        self.bell_button.setIcon(QIcon(shape_pixmap(Shape.BELL, ink, 32)))
        # The text would take the shortcut away with every change.
        self.bell_button.setShortcut("F8")
        self.bell_button.setAccessibleName(as_said(said))
        self.bell_button.setToolTip(guessed_plain(f"{said} (F8)"))

    def show_progress(self, progress: PollProgress) -> None:
        """Show where a check is; a wait that Xero asked for has an end and a button."""
        if progress.waits_until is None:
            self.show_freshness(Freshness(f"{progress.text}…", Tone.MUTED, is_fresh=False))
        else:
            text = f"{progress.text.rstrip('.')} - goes on at {progress.waits_until.astimezone():%H:%M:%S}"
            self.show_freshness(Freshness(text, Tone.CAUTION, is_fresh=False, offer=Offer.STOP_WAITING))

    def _open_pauses(self) -> None:
        if self.pause_menu is not None:
            self.pause_menu.popup(self.pause_button.mapToGlobal(self.pause_button.rect().bottomLeft()))

    def _take_offer(self) -> None:
        self.offer_taken.emit(self._offer)

    def show_busy(self, name: str) -> None:
        """Show what the worker does, or that it rests."""
        self.progress.setVisible(bool(name))
        self.progress.setAccessibleDescription(as_said(name))

    def show_checking(self, *, is_checking: bool) -> None:
        """Say on the button that a check is under way."""
        self._room.show_checking(is_checking=is_checking)
        self._make_room()
        allow(self.check_button, "Xero is being checked." if is_checking else "", _CHECK_TIP)

    def _lay_out(self) -> None:
        head = frame("header")
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(head)
        outer.addWidget(self.progress)
        self._line = line = QHBoxLayout(head)
        line.setContentsMargins(*_MARGINS)
        line.addWidget(self.title)
        line.addWidget(self.mode)
        line.addSpacing(8)
        line.addWidget(self.check_button)
        line.addWidget(self.pause_button)
        line.addWidget(self.freshness)
        line.addWidget(self.offer_button)
        # What is left over goes here, but nothing that names or freshness need.
        line.addStretch(0)
        line.addWidget(self.bell_button)
        line.addWidget(self.period)
        line.addWidget(self.search)
        self._room = HeaderRoom(
            line,
            title=self.title,
            mode=self.mode,
            check=self.check_button,
            pause=self.pause_button,
            freshness=self.freshness,
            period=self.period,
            search=self.search,
        )
