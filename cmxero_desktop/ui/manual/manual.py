"""The one manual of a window: read when it is asked for first, closed with the window that it is about."""

from collections.abc import Callable
from pathlib import Path

from cmxero_desktop.ui.manual.manual_window import ManualWindow


class Manual:
    """Opens the manual at a chapter."""

    def __init__(self, find: Callable[[], Path]) -> None:
        """Keep where it is found."""
        self._find = find
        self.window: ManualWindow | None = None

    def open_at(self, chapter: str) -> None:
        """Open it at a chapter; without one where it was left, or at its beginning."""
        if self.window is None:
            self.window = ManualWindow(self._find())
        self.window.open_at(chapter)

    def close(self) -> None:
        """Close it for good."""
        if self.window is not None:
            self.window.close()
            self.window.deleteLater()
            self.window = None
