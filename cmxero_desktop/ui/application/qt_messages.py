"""Bring what Qt itself complains about into the program's log, where secrets are taken out like anywhere else."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler

_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}
_OF_NO_SCREEN = "This plugin does not support"
_log = logging.getLogger(__name__)


@contextmanager
def qt_messages_logged() -> Iterator[None]:
    """Log Qt's messages while the window runs; afterwards Qt prints them itself again."""
    before = qInstallMessageHandler(_note)
    try:
        yield
    finally:
        # Qt may still speak while Python ends, when there is nobody left to listen.
        qInstallMessageHandler(before)


def _note(kind: QtMsgType, context: QMessageLogContext, text: str) -> None:
    # The platform without a screen complains of what it cannot do, which nobody asks of it.
    level = logging.DEBUG if text.startswith(_OF_NO_SCREEN) else _LEVELS.get(kind, logging.WARNING)
    _log.log(level, "%s: %s", context.category or "qt", text)
