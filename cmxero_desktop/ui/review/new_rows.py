"""Which rows of Review are new to the person who looks."""

from cmxero_desktop.services.viewing.desk_view import ReviewRow
from cmxero_desktop.ui.desk.last_look import LastLook
from cmxero_desktop.ui.desk.noted import noted_lines
from cmxero_desktop.ui.theme.words import review_sentence


class NewRows:
    """Asks the last look, which the window exchanges for one that is remembered."""

    def __init__(self, look: LastLook) -> None:
        """Begin with a look of this moment."""
        self.look = look

    def is_new(self, row: ReviewRow) -> bool:
        """Say whether a row came since the last look, and nobody stood on it."""
        return self.look.is_new(row.row_id, row.stored.first_seen_at)

    def sentence(self, row: ReviewRow) -> str:
        """Return the whole row as one sentence for a screen reader, which says first that it is new."""
        return f"{'New. ' if self.is_new(row) else ''}{review_sentence(row)} {noted_lines(row.notes)}".rstrip()
