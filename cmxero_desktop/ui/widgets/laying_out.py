"""Lays a part of the window out once when much in it changes: Qt does so after each widget that comes or goes."""

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtWidgets import QWidget


@contextmanager
def laid_out_once(part: QWidget) -> Iterator[None]:
    """Change what is in a part, and have it lie as it will by the end."""
    layout = part.layout()
    if layout is None:
        yield
        return
    layout.setEnabled(False)
    try:
        yield
    finally:
        layout.setEnabled(True)
        layout.activate()
