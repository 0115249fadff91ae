"""What takes back exactly what was just done, as long as the line that says it stands there."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class WayBack:
    """What stands on the button, what its tool tip says, and what it does."""

    word: str
    tip: str
    run: Callable[[], object]
