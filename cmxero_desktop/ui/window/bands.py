"""The bands above the pages: the demo's stripes, standing warnings, and the last trouble."""

from collections.abc import Sequence
from itertools import groupby

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from cmxero_desktop.domain.strangers import shortened
from cmxero_desktop.services.records.alerts import OTHER_BOOKS, STORE_IN_DOUBT, Alert, AlertKind, by_urgency
from cmxero_desktop.ui.desk.content import DeskContent
from cmxero_desktop.ui.desk.desk import Trouble
from cmxero_desktop.ui.desk.staleness import TooOld
from cmxero_desktop.ui.desk.two_persons import undo_wishes
from cmxero_desktop.ui.sor.words import banner_text
from cmxero_desktop.ui.theme.colours import Tone, tones_of
from cmxero_desktop.ui.theme.formatting import plural
from cmxero_desktop.ui.theme.icons import Shape, shape_pixmap
from cmxero_desktop.ui.theme.strangers import as_said, guessed_plain
from cmxero_desktop.ui.widgets.keyed_button import KeyedButton
from cmxero_desktop.ui.widgets.parts import PartsLabel, button, label

DEMO = "DEMO - invented data"
_KEY = "F7"
_CHECK_NOW = "Check now"
_STRIPE = 14
# What of a band's words the palette has room for.
_MOST_NAMED = 90
_MOST_BANDS = 3
# The rows below have to be seen; the button beside the band leads to the whole.
_MOST_SHOWN = 500
# Full HD at 200 % has 540 points, and more warnings than one would push the buttons off it; on a laptop with 768 they
# would leave five rows.
_LOW_SCREEN, _SHORT_SCREEN = 600, 850
_MARGINS, _SMALL_MARGINS = (12, 8, 12, 0), (8, 2, 8, 0)
_ACTIONS = {
    AlertKind.SIGN_IN: "Sign in…",
    AlertKind.MAIL: "Mail…",
    AlertKind.ACCOUNT: "Answer…",
    AlertKind.TOTALS: "Accept…",
    AlertKind.DATABASE_MOVED: "What to do…",
    AlertKind.OTHER_BOOKS: "What to do…",
    AlertKind.RENUMBERED: "Which one…",
    AlertKind.STORE_RESTORED: "What to do…",
    AlertKind.STORE_CAME: "What to do…",
}


class DemoBand(QWidget):
    """A striped band that nobody can overlook."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Be as high as one line of text with room."""
        super().__init__(parent)
        self.setAccessibleName(as_said(DEMO))
        self.setFixedHeight(self.fontMetrics().height() + 10)

    def sizeHint(self) -> QSize:
        """Return the height of the band."""
        return QSize(200, self.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint stripes, and the words on a ground of their own."""
        del event
        tones = tones_of(self.palette())
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(tones.caution_tint))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        stripe = QColor(tones.caution)
        stripe.setAlpha(60)
        painter.setPen(QPen(stripe, _STRIPE / 2))
        for left in range(-self.height(), self.width() + self.height(), _STRIPE):
            painter.drawLine(left, self.height() + 4, left + self.height() + 8, -4)
        font = painter.font()
        font.setBold(True)
        painter.setFont(font)
        ground = painter.fontMetrics().boundingRect(DEMO).adjusted(-14, -2, 14, 2)
        ground.moveCenter(self.rect().center())
        painter.fillRect(ground, QColor(tones.caution_tint))
        painter.setPen(QColor(tones.caution))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, DEMO)
        painter.end()


class Band(QFrame):
    """One message across the window, with a shape, words, and a button."""

    pressed = Signal()
    next_asked = Signal()

    def __init__(
        self, text: str, tone: Tone, action: str, parent: QWidget | None = None, *, is_brief: bool = False
    ) -> None:
        """Say the text, a brief band as many whole parts of it as a line takes; `more` is seen beside others."""
        super().__init__(parent)
        tones = tones_of(self.palette())
        self.text = text
        self.is_urgent = tone is Tone.DANGER
        self.setAccessibleName(as_said(text))
        self.setObjectName("band")
        self.setStyleSheet(
            f"#band {{ background: {tones.tint(tone)}; border: none; border-radius: 6px; }} "
            f"#band QLabel {{ color: {tones.ink(tone)}; }}"
        )
        picture = label()
        picture.setPixmap(shape_pixmap(Shape.TRIANGLE, tones.ink(tone), 18, self.devicePixelRatioF()))
        layout = QHBoxLayout(self)
        above = 1 if is_brief else 6
        layout.setContentsMargins(12, above, 8, above)
        layout.setSpacing(10)
        layout.addWidget(picture)
        said = shortened(text.replace("\n", " "), _MOST_SHOWN)
        told = PartsLabel(said) if is_brief else label(said, is_wrapped=True)
        told.setToolTip(guessed_plain(said) if is_brief else "")
        layout.addWidget(told, 1)
        # What has a key of its own everywhere needs no other one here.
        self._has_own_key = action == _CHECK_NOW
        self.button = KeyedButton(action, _KEY, self.pressed.emit, "quiet")
        self.button.setAccessibleName(as_said(f"{action.rstrip('…')}: {shortened(said, _MOST_NAMED)}"))
        layout.addWidget(self.button)
        self._layout = layout
        self.more: QPushButton | None = None

    def take_key(self, *, has_key: bool) -> None:
        """Listen to the key of the bands, which the first of those that are seen has."""
        takes_key = has_key and not self._has_own_key
        self.button.setShortcut(_KEY if takes_key else "")
        self.button.show_key(is_shown=takes_key)

    def say_more(self, others: int) -> None:
        """Say how many others wait behind this one."""
        if self.more is None and others:
            self.more = button("", self.next_asked.emit, "quiet")
            self._layout.addWidget(self.more)
        if self.more is not None:
            self.more.setText(f"{others} more")
            self.more.setAccessibleName(as_said(f"Show the next of {others} more"))
            self.more.setVisible(others > 0)


class Bands(QWidget):
    """The stack of bands, one for each kind of warning; it takes no room when there is nothing to say.

    On a laptop's screen one of those that are not urgent stands there at a time, and on a low one only one of all, the
    most urgent first: the rows below have to be seen too.
    """

    show_asked = Signal(object)
    sor_asked = Signal()
    trouble_asked = Signal(object)
    check_asked = Signal()
    bell_asked = Signal()
    wishes_asked = Signal()
    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        """Begin empty."""
        super().__init__(parent)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(*_MARGINS)
        self._layout.setSpacing(6)
        self._is_small = False
        self._alerts: tuple[Alert, ...] = ()
        self._trouble: Trouble | None = None
        self._sor = ""
        self._wishes = ""
        self._unchecked = ""
        self._old: TooOld | None = None
        self._at = 0
        # Those that take turns in one place, as many as the screen has no room for.
        self._turning: list[Band] = []
        self.bands: list[Band] = []
        self.hide()

    def use_small(self, *, is_small: bool) -> None:
        """Let a band have one line on a small screen."""
        self._is_small = is_small
        self._layout.setContentsMargins(*(_SMALL_MARGINS if is_small else _MARGINS))
        self._fill()

    def show_content(self, content: DeskContent) -> None:
        """Show what stands: the SOR watch, warnings, and what waits for a second person to undo it."""
        self.show_alerts(content.view.alerts)
        self.show_sor(banner_text(content.view.sor))
        self.show_wishes(undo_wishes(content))

    def show_wishes(self, text: str) -> None:
        """Show which applied changes wait for a second person to undo them."""
        if text != self._wishes:
            self._wishes = text
            self._fill()

    def show_alerts(self, alerts: Sequence[Alert]) -> None:
        """Show standing warnings."""
        if tuple(alerts) != self._alerts:
            self._alerts = tuple(alerts)
            self._fill()

    def show_sor(self, text: str) -> None:
        """Show what stands in the SOR watch, in one band; nothing takes it away."""
        if text != self._sor:
            self._sor = text
            self._fill()

    def show_trouble(self, trouble: Trouble | None) -> None:
        """Show the last trouble, until the next success."""
        if trouble != self._trouble:
            self._trouble = trouble
            self._fill()

    def show_unchecked(self, text: str) -> None:
        """Show that nothing is checked, for as long as it lasts."""
        if text != self._unchecked:
            self._unchecked = text
            self._fill()

    def show_old(self, old: TooOld | None) -> None:
        """Show why what stands here is too old, where no other band says so."""
        if old != self._old:
            self._old = old
            self._fill()

    @property
    def old(self) -> TooOld | None:
        """Why what stands here is too old, where no other band says so."""
        return None if self._unchecked else self._old

    def end_trouble(self, *, is_read: bool) -> None:
        """Take the last trouble away after a check; Case Manager is away until one `is_read` from it."""
        if is_read or self._trouble is None or not self._trouble.is_away:
            self.show_trouble(None)

    @property
    def is_troubled(self) -> bool:
        """Whether something did not work, and nothing has since."""
        return self._trouble is not None

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Follow the screen: at its first size, and whenever the window is brought to another."""
        super().resizeEvent(event)
        if self._taking_turns() != self._turning:
            self._show()

    def _taking_turns(self) -> list[Band]:
        height = self.window().screen().availableSize().height()
        if height >= _SHORT_SCREEN:
            return []
        return [band for band in self.bands if height < _LOW_SCREEN or not band.is_urgent]

    def _show(self) -> None:
        turning = self._turning = self._taking_turns()
        self._at = min(self._at, max(0, len(turning) - 1))
        for band in self.bands:
            is_turning = band in turning
            band.setVisible(not is_turning or band is turning[self._at])
            band.say_more(len(turning) - 1 if is_turning else 0)
        first = next((band for band in self.bands if not band.isHidden()), None)
        for band in self.bands:
            band.take_key(has_key=band is first)
        self.setVisible(bool(self.bands))

    def _show_next(self) -> None:
        self._at = (self._at + 1) % len(self._turning)
        self._show()
        if (more := self._turning[self._at].more) is not None:
            more.setFocus()

    def _fill(self) -> None:
        for band in self.bands:
            self._layout.removeWidget(band)
            # Until Qt deletes it, it would be seen behind the others.
            band.hide()
            band.deleteLater()
        self.bands = []
        self._at = 0
        if self._unchecked:
            self._add(self._unchecked, Tone.DANGER, _CHECK_NOW).pressed.connect(self.check_asked)
        if (old := self.old) is not None:
            tone = Tone.CAUTION if old.is_wanted else Tone.DANGER
            self._add(old.text, tone, _CHECK_NOW).pressed.connect(self.check_asked)
        trouble = self.trouble
        if trouble is not None:
            band = self._add(f"{trouble.title}: {trouble.message} {trouble.remedy}".strip(), Tone.DANGER, "Details")
            band.pressed.connect(lambda: self.trouble_asked.emit(trouble))
        if self._sor:
            self._add(self._sor, Tone.DANGER, "Show").pressed.connect(self.sor_asked)
        if self._wishes:
            self._add(self._wishes, Tone.CAUTION, "Show").pressed.connect(self.wishes_asked)
        kinds = [list(found) for _, found in groupby(by_urgency(self._alerts), key=lambda alert: alert.kind)]
        for alert, *others in kinds[:_MOST_BANDS]:
            self._add_alert(alert, len(others))
        if more := sum(len(found) for found in kinds[_MOST_BANDS:]):
            said = f"{plural(more, 'more warning')} {'is' if more == 1 else 'are'} in the bell (F8)."
            self._add(said, Tone.CAUTION, "Show").pressed.connect(self.bell_asked)
        self._show()
        self.changed.emit()

    @property
    def trouble(self) -> Trouble | None:
        """The last trouble, where no other band says the same."""
        return None if self._trouble is None or self._is_told(self._trouble) else self._trouble

    def _is_told(self, trouble: Trouble) -> bool:
        """Say whether another band says the same."""
        is_same_check = trouble.is_of_check and (bool(self._unchecked) or self._old is not None)
        return is_same_check or (trouble.is_of_books and any(alert.kind in OTHER_BOOKS for alert in self._alerts))

    def _add_alert(self, alert: Alert, others: int) -> None:
        """Show a warning, and how many more of its kind stand: each of them has a line in the bell."""
        # What to do depends on what it is; the sheet behind the button says it.
        is_doubtful = alert.kind in OTHER_BOOKS | STORE_IN_DOUBT
        said = alert.explanation if is_doubtful else f"{alert.explanation} {alert.next_step}".rstrip()
        more = f" {others} more like it: see the bell (F8)." if others else ""
        band = self._add(
            f"{said}{more}", Tone.DANGER if is_doubtful else Tone.CAUTION, _ACTIONS.get(alert.kind, "Show")
        )
        band.pressed.connect(lambda: self.show_asked.emit(alert))

    def _add(self, text: str, tone: Tone, action: str) -> Band:
        band = Band(text, tone, action, self, is_brief=self._is_small)
        band.next_asked.connect(self._show_next)
        self.bands.append(band)
        self._layout.addWidget(band)
        return band
