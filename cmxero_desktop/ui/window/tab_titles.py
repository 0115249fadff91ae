"""What stands on the tabs: names with counts, in as many words as there is room for; the tool tips have them all."""

from dataclasses import dataclass

from PySide6.QtWidgets import QTabWidget

from cmxero_desktop.ui.theme.strangers import guessed_plain

# What the style sheet leaves before the first tab.
_BEFORE = 12


@dataclass(frozen=True, slots=True)
class TabTitle:
    """A page's name and its count, whole and brief: `7 + 5 CM` and `7+5`."""

    name: str
    whole: str = ""
    brief: str = ""

    def texts(self) -> tuple[str, str, str]:
        """Return what stands on the tab, the longest first."""
        return f"{self.name}  {self.whole}".rstrip(), f"{self.name}  {self.brief}".rstrip(), self.name


class TabTitles:
    """Gives tabs the longest titles with which all of them are seen, since an arrow at the edge hides what waits."""

    def __init__(self, tabs: QTabWidget, names: tuple[str, ...]) -> None:
        """Begin without counts."""
        self._tabs = tabs
        self._titles = [TabTitle(name) for name in names]

    def say(self, at: int, whole: str, brief: str, tip: str) -> None:
        """Put a count behind a name, from the next `fit` on."""
        self._titles[at] = TabTitle(self._titles[at].name, whole, brief)
        self._tabs.setTabToolTip(at, guessed_plain(tip))

    def fit(self, taken: int = 0) -> None:
        """Take the longest titles that there is room for, beside what is taken by something else."""
        for texts in zip(*(title.texts() for title in self._titles), strict=True):
            for at, text in enumerate(texts):
                if self._tabs.tabText(at) != text:
                    self._tabs.setTabText(at, text)
            if self.needed() + taken <= self._tabs.width():
                return

    def needed(self) -> int:
        """Return the width of all tabs beside each other."""
        return self._tabs.tabBar().sizeHint().width() + _BEFORE
