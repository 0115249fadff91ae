"""Read what each key would do in a window or a dialogue: letters behind Alt, and shortcuts of buttons and entries."""

from collections import defaultdict

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QAbstractButton, QLabel, QTabBar, QWidget

QTS_OWN = frozenset({"QTableCornerButton", "QLineEditIconButton", "CloseButton"})


def mnemonic(text: str) -> str:
    """Return the key that an underlined letter stands for, or nothing."""
    return QKeySequence.mnemonic(text).toString()


def plain(text: str) -> str:
    """Return what stands on a button, without the mark of its letter."""
    return text.replace("&", "")


def buttons_of(window: QWidget) -> list[QAbstractButton]:
    """Return the buttons of a window that are seen and say something."""
    found = [b for b in window.findChildren(QAbstractButton) if b.isVisible() and b.window() is window and b.text()]
    return [button for button in found if type(button).__name__ not in QTS_OWN]


def keys_of(window: QWidget) -> dict[str, set[str]]:
    """Return what each key would do now."""
    found: dict[str, set[str]] = defaultdict(set)
    for action in window.actions():
        for shortcut in action.shortcuts():
            found[shortcut.toString()].add(f"entry {action.text()}")
    for button in buttons_of(window):
        found[mnemonic(button.text())].add(f"{type(button).__name__} {button.text()}")
        found[button.shortcut().toString()].add(f"{type(button).__name__} {button.text()}")
    for label in window.findChildren(QLabel):
        if label.isVisible() and label.window() is window and label.buddy() is not None:
            found[mnemonic(label.text())].add(f"name {label.text()}")
    for bar in window.findChildren(QTabBar):
        if bar.isVisible() and bar.window() is window:
            for at in range(bar.count()):
                found[mnemonic(bar.tabText(at))].add(f"tab {bar.tabText(at)}")
    found.pop("", None)
    return found


def assert_every_button_has_a_key(dialogue: QWidget) -> None:
    """Every button and tab of a dialogue shows a letter, and no key means two things there."""
    # What was just called otherwise has its letter as soon as it is laid out.
    QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
    double = {key: sorted(what) for key, what in keys_of(dialogue).items() if len(what) > 1}
    assert double == {}, f"{dialogue.windowTitle()}: {double}"
    bare = [button.text() for button in buttons_of(dialogue) if not mnemonic(button.text())]
    bars = [bar for bar in dialogue.findChildren(QTabBar) if bar.isVisible() and bar.window() is dialogue]
    bare += [bar.tabText(at) for bar in bars for at in range(bar.count()) if not mnemonic(bar.tabText(at))]
    assert bare == [], f"{dialogue.windowTitle()}: {bare}"
