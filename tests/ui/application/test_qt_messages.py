"""What Qt complains about is in the program's log."""

import logging

import pytest
from PySide6.QtCore import qCritical, qWarning

from cmxero_desktop.ui.application.qt_messages import qt_messages_logged


@pytest.mark.allow_log("cmxero_desktop.ui.application.qt_messages")
@pytest.mark.usefixtures("qapp")
def test_qt_speaks_to_the_log_while_the_window_runs(caplog: pytest.LogCaptureFixture) -> None:
    with qt_messages_logged():
        qWarning("a font is missing")
        qCritical("no room left")
        qWarning("This plugin does not support propagateSizeHints()")
    said = [(record.levelno, record.getMessage()) for record in caplog.records if "qt_messages" in record.name]
    assert said == [(logging.WARNING, "default: a font is missing"), (logging.ERROR, "default: no room left")]
