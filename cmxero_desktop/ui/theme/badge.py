"""A short word with a tone, as tables and the evidence pane show states."""

from dataclasses import dataclass

from cmxero_desktop.ui.theme.colours import Tone
from cmxero_desktop.ui.theme.icons import Shape


@dataclass(frozen=True, slots=True)
class Badge:
    """A short word with a colour and a shape; `is_filled` puts it on a tinted ground."""

    text: str
    tone: Tone
    shape: Shape | None = None
    is_filled: bool = True
