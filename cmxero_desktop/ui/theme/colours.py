"""The look: two sets of colours, the application's palette, and the style sheet made from them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QApplication

_DARK_BELOW = 128
# One of these is on every Windows, macOS and Linux.
_SANS_SERIF = ("Segoe UI", "Tahoma", "Helvetica Neue", "Noto Sans", "DejaVu Sans", "Liberation Sans", "Arial")
# What a system may give another font than all else, such as the one below icons to Windows' tables.
_WITH_OWN_FONT = ("QAbstractItemView", "QMenu", "QMenuBar", "QMessageBox", "QStatusBar", "QTipLabel")


class Tone(StrEnum):
    """What a colour means; every use also has a word and a shape."""

    PLAIN = "plain"
    MUTED = "muted"
    GOOD = "good"
    CALM = "calm"
    CAUTION = "caution"
    DANGER = "danger"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tones:
    """One set of colours. Each text colour has a contrast of at least 4.5:1 on `base`, `window` and its own tint.

    `border` is around what can be pressed, ticked or typed into, with at least 3:1 on any ground; `line` only parts.
    """

    is_dark: bool
    window: str
    base: str
    raised: str
    text: str
    muted: str
    line: str
    border: str
    accent: str
    on_accent: str
    accent_hover: str
    selected: str
    hover: str
    found: str
    good: str
    good_tint: str
    calm: str
    calm_tint: str
    caution: str
    caution_tint: str
    danger: str
    danger_tint: str

    def ink(self, tone: Tone) -> str:
        """Return the text colour of a tone."""
        return {
            Tone.PLAIN: self.text,
            Tone.MUTED: self.muted,
            Tone.GOOD: self.good,
            Tone.CALM: self.calm,
            Tone.CAUTION: self.caution,
            Tone.DANGER: self.danger,
        }[tone]

    def tint(self, tone: Tone) -> str:
        """Return the background colour of a tone."""
        return {
            Tone.PLAIN: self.hover,
            Tone.MUTED: self.hover,
            Tone.GOOD: self.good_tint,
            Tone.CALM: self.calm_tint,
            Tone.CAUTION: self.caution_tint,
            Tone.DANGER: self.danger_tint,
        }[tone]


LIGHT = Tones(
    is_dark=False,
    window="#f4f6f8",
    base="#ffffff",
    raised="#fafbfc",
    text="#18212b",
    muted="#55606e",
    line="#dde2e8",
    border="#7b8591",
    accent="#1f5fa8",
    on_accent="#ffffff",
    accent_hover="#184d8a",
    selected="#e3eefb",
    hover="#eef1f5",
    found="#ffe9a3",
    good="#146c3f",
    good_tint="#e2f3e9",
    calm="#2a5299",
    calm_tint="#e5edf9",
    caution="#7d4e00",
    caution_tint="#fdf1d8",
    danger="#a5231b",
    danger_tint="#fbe6e4",
)

DARK = Tones(
    is_dark=True,
    window="#181c21",
    base="#20262c",
    raised="#262d34",
    text="#e8ecf1",
    muted="#a7b1bd",
    line="#363f48",
    border="#8a95a1",
    accent="#7db4f0",
    on_accent="#0d1b2a",
    accent_hover="#9cc7f6",
    selected="#2b3f57",
    hover="#2b333b",
    found="#5a4b12",
    good="#7ad1a0",
    good_tint="#1d3a2b",
    calm="#9dc1f5",
    calm_tint="#243650",
    caution="#f0c169",
    caution_tint="#42351a",
    danger="#f5a29b",
    danger_tint="#4a2725",
)


def tones_of(palette: QPalette) -> Tones:
    """Return the set of colours that fits a palette."""
    return DARK if palette.color(QPalette.ColorRole.Window).lightness() < _DARK_BELOW else LIGHT


def use_look(app: QApplication, *, is_dark: bool | None = None) -> None:
    """Give the application the Fusion style in our colours; None follows the operating system."""
    if is_dark is None:
        is_dark = app.styleHints().colorScheme() is Qt.ColorScheme.Dark
    tones = DARK if is_dark else LIGHT
    palette, sheet = _palette(tones), style_sheet(tones)
    # Putting on again what the application wears dresses every widget anew.
    if (app.palette(), app.styleSheet()) != (palette, sheet):
        app.setFont(readable(app.font()))
        app.setStyle("Fusion")
        app.setPalette(palette)
        app.setStyleSheet(sheet)
        have_readable_tables(app)


@contextmanager
def undressed(app: QApplication) -> Iterator[None]:
    """Leave the style sheet off while a window is built, and dress all of it at once at the end.

    Qt dresses a widget with all that is in it anew whenever it is put into another one: a window of many pages is
    built in a third of the time.
    """
    sheet = app.styleSheet()
    app.setStyleSheet("")
    try:
        yield
    finally:
        app.setStyleSheet(sheet)
        have_readable_tables(app)


def readable(font: QFont) -> QFont:
    """Return the system's font with what stands in where it is missing: Qt alone may fall back to one with serifs."""
    with_more = QFont(font)
    with_more.setFamilies(list(dict.fromkeys([*font.families(), *_SANS_SERIF])))
    with_more.setStyleHint(QFont.StyleHint.SansSerif)
    return with_more


def have_readable_tables(app: QApplication) -> None:
    """Do the same for tables and menus, which a system may give fonts of their own; a new style sheet takes it back."""
    for widget in _WITH_OWN_FONT:
        # The signature speaks of bytes, which it does not take.
        if (own := QApplication.font(widget)) != app.font():  # type: ignore[call-overload]
            app.setFont(readable(own), widget)  # type: ignore[arg-type]


def figures(font: QFont) -> QFont:
    """Return the font with figures of equal width, so that amounts stand in line."""
    tabular = QFont(font)
    tabular.setFeature(QFont.Tag("tnum"), 1)
    return tabular


def _palette(tones: Tones) -> QPalette:
    role = QPalette.ColorRole
    palette = QPalette(QColor(tones.hover), QColor(tones.window))
    colours = {
        role.Window: tones.window,
        role.WindowText: tones.text,
        role.Base: tones.base,
        role.AlternateBase: tones.raised,
        role.Text: tones.text,
        role.Button: tones.raised,
        role.ButtonText: tones.text,
        role.BrightText: tones.danger,
        role.ToolTipBase: tones.raised,
        role.ToolTipText: tones.text,
        role.PlaceholderText: tones.muted,
        role.Highlight: tones.accent,
        role.HighlightedText: tones.on_accent,
        role.Accent: tones.accent,
        role.Link: tones.accent,
        role.Mid: tones.line,
    }
    for colour_role, colour in colours.items():
        palette.setColor(colour_role, QColor(colour))
    for colour_role in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, colour_role, QColor(tones.muted))
    return palette


def style_sheet(tones: Tones) -> str:
    """Return the style sheet of the whole application."""
    return f"""
    QWidget {{ color: {tones.text}; }}
    QMainWindow, QDialog {{ background: {tones.window}; }}
    QToolTip {{ background: {tones.raised}; color: {tones.text}; border: 1px solid {tones.line}; padding: 4px; }}
    QMenuBar {{ background: {tones.window}; padding: 2px 8px; }}
    QMenuBar::item {{ padding: 5px 9px; border-radius: 4px; background: transparent; }}
    QMenuBar::item:selected {{ background: {tones.hover}; }}
    QMenu {{ background: {tones.base}; border: 1px solid {tones.line}; padding: 5px; }}
    QMenu::item {{ padding: 6px 28px 6px 22px; border-radius: 4px; }}
    QMenu::item:selected {{ background: {tones.selected}; }}
    QMenu::item:disabled {{ color: {tones.muted}; }}
    QMenu::separator {{ height: 1px; background: {tones.line}; margin: 5px 8px; }}
    QLabel[role="title"] {{ font-weight: 600; }}
    QLabel[role="muted"] {{ color: {tones.muted}; }}
    QLabel[role="danger"] {{ color: {tones.danger}; }}
    QFrame[role="card"] {{ background: {tones.base}; border: 1px solid {tones.line}; border-radius: 6px; }}
    QFrame[role="bar"] {{ background: {tones.base}; border: none; border-top: 1px solid {tones.line}; }}
    QFrame[role="header"] {{ background: {tones.base}; border: none; border-bottom: 1px solid {tones.line}; }}
    QFrame[role="head"] {{ background: {tones.window}; border: none; border-bottom: 1px solid {tones.line}; }}
    QCheckBox::indicator:unchecked, QRadioButton::indicator:unchecked {{
        width: 12px; height: 12px; background: {tones.base}; border: 1px solid {tones.border}; border-radius: 3px; }}
    QRadioButton::indicator:unchecked {{ border-radius: 7px; }}
    QCheckBox::indicator:unchecked:disabled, QRadioButton::indicator:unchecked:disabled {{
        background: {tones.window}; border-color: {tones.line}; }}
    QPushButton {{
        background: {tones.base}; border: 1px solid {tones.border}; border-radius: 5px;
        padding: 5px 13px; min-height: 18px; }}
    QPushButton:hover {{ background: {tones.hover}; }}
    QPushButton:pressed {{ background: {tones.selected}; }}
    QPushButton:focus {{ border: 2px solid {tones.accent}; padding: 4px 12px; }}
    QPushButton:disabled {{ color: {tones.muted}; background: {tones.window}; border-color: {tones.line}; }}
    QPushButton[role="primary"] {{
        background: {tones.accent}; color: {tones.on_accent}; border: 1px solid {tones.accent}; font-weight: 600; }}
    QPushButton[role="primary"]:hover {{ background: {tones.accent_hover}; }}
    QPushButton[role="primary"]:focus {{ border: 2px solid {tones.text}; }}
    QPushButton[role="primary"]:disabled {{
        background: {tones.hover}; color: {tones.muted}; border: 1px solid {tones.line}; }}
    QPushButton[role="quiet"] {{ background: transparent; border: 1px solid transparent; color: {tones.accent}; }}
    QPushButton[role="quiet"]:hover {{ background: {tones.hover}; }}
    QPushButton[role="quiet"]:focus {{ border: 2px solid {tones.accent}; }}
    QPushButton[role="chip"] {{ border-radius: 11px; padding: 2px 10px; }}
    QPushButton[role="chip"]:focus {{ border: 2px solid {tones.accent}; padding: 1px 9px; }}
    QPushButton[role="chip"]:checked {{ background: {tones.selected}; border-color: {tones.accent}; }}
    QPushButton[role="step"] {{
        background: transparent; border: 1px solid transparent; padding: 1px 5px; min-height: 16px; }}
    QPushButton[role="step"]:hover {{ background: {tones.hover}; }}
    QPushButton[role="step"]:focus {{ border: 2px solid {tones.accent}; padding: 0 4px; }}
    QPushButton[role="small"] {{ padding: 0 10px; min-height: 16px; color: {tones.accent}; font-weight: 600; }}
    QPushButton[role="small"]:focus {{ border: 2px solid {tones.accent}; padding: 0 9px; min-height: 14px; }}
    QPushButton[role="small"]:disabled {{ color: {tones.muted}; }}
    QToolButton[role="fold"], QToolButton[role="fold"]:checked {{
        background: transparent; border: none; padding: 4px; }}
    QToolButton[role="fold"]:hover {{ background: {tones.hover}; border-radius: 4px; }}
    QToolButton[role="fold"]:focus {{ border: 1px solid {tones.accent}; border-radius: 4px; }}
    QLineEdit, QPlainTextEdit, QListWidget, QDateTimeEdit, QComboBox {{
        background: {tones.base}; border: 1px solid {tones.border}; border-radius: 5px; padding: 4px 8px;
        min-height: 20px; selection-background-color: {tones.accent}; selection-color: {tones.on_accent}; }}
    QLineEdit:focus, QPlainTextEdit:focus, QListWidget:focus, QDateTimeEdit:focus, QComboBox:focus {{
        border: 2px solid {tones.accent};
        padding: 3px 7px; }}
    QComboBox {{ padding-right: 22px; }}
    QComboBox::drop-down, QDateTimeEdit::drop-down {{ border: none; width: 22px; subcontrol-position: center right; }}
    QComboBox QAbstractItemView {{ background: {tones.base}; border: 1px solid {tones.line};
        selection-background-color: {tones.selected}; selection-color: {tones.text}; padding: 4px; }}
    QTabWidget::pane {{ border: none; border-top: 1px solid {tones.line}; top: -1px; }}
    QTabWidget::tab-bar {{ left: 10px; }}
    QTabBar {{ background: transparent; qproperty-drawBase: 0; }}
    QTabBar::tab {{ background: transparent; border: none; border-bottom: 3px solid transparent;
        padding: 6px 10px 5px 10px; color: {tones.muted}; }}
    QTabBar::tab:selected {{ color: {tones.text}; border-bottom: 3px solid {tones.accent}; font-weight: 600; }}
    QTabBar::tab:hover:!selected {{ color: {tones.text}; border-bottom: 3px solid {tones.line}; }}
    QTabBar::tab:focus {{ background: {tones.hover}; }}
    QTableView {{ background: {tones.base}; border: 1px solid {tones.line}; border-radius: 6px; outline: none;
        selection-background-color: {tones.selected}; selection-color: {tones.text}; }}
    QTableView:focus {{ border: 1px solid {tones.accent}; }}
    QHeaderView {{ background: {tones.raised}; border: none; }}
    QHeaderView::section {{ background: {tones.raised}; color: {tones.muted}; border: none;
        border-bottom: 1px solid {tones.line}; padding: 4px 8px; font-weight: 600; }}
    QHeaderView::section:hover {{ color: {tones.text}; }}
    QSplitter::handle {{ background: transparent; }}
    QSplitter::handle:hover {{ background: {tones.line}; }}
    QScrollArea {{ background: transparent; border: none; }}
    QScrollBar:vertical {{ background: transparent; width: 12px; margin: 0; }}
    QScrollBar:horizontal {{ background: transparent; height: 12px; margin: 0; }}
    QScrollBar::handle {{ background: {tones.border}; border-radius: 4px; margin: 2px;
        min-height: 28px; min-width: 28px; }}
    QScrollBar::handle:hover {{ background: {tones.muted}; }}
    QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
    QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
    QProgressBar {{ background: {tones.hover}; border: none; border-radius: 2px; max-height: 4px; }}
    QProgressBar::chunk {{ background: {tones.accent}; border-radius: 2px; }}
    """
