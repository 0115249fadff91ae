"""What can be done at this moment, and why not: asked by menus, keys and the palette, of the buttons that know it."""

from collections.abc import Iterator, Sequence

from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QAbstractButton, QPushButton, QWidget

from cmxero_desktop.ui.evidence.pane import EvidencePane
from cmxero_desktop.ui.sheets.palette_sheet import Listed, PaletteSheet
from cmxero_desktop.ui.window.bands import Bands
from cmxero_desktop.ui.window.header import Header
from cmxero_desktop.ui.window.menus import Verb, plain
from cmxero_desktop.ui.window.pages import Pages
from cmxero_desktop.ui.window.strip import CompletenessStrip
from cmxero_desktop.ui.window.views_menu import ViewsMenu

GO_TO_REVIEW = "Go to Review first (Ctrl+1): this acts on rows there, which are not in sight here."
_NO_ROW = "Choose a row of Review first."
_NO_PAYMENT = "Choose a row of Review, Matched, Unmatched or Skipped first."
NOTHING_BACK = "No line offers that now. Put back (Ctrl+B) is for rows, Undo (Ctrl+Z) for what was written."
OWN_GROUPS = "These groups are your own. Tick what you mean, or choose No groups (Ctrl+Shift+B)."
NO_TICK = "No row is ticked. Space ticks the row that you stand on."


class Possible:
    """Answers for the verbs of a row by the buttons beside it, so that key, menu and button never disagree."""

    def __init__(
        self,
        header: Header,
        pages: Pages,
        evidence: EvidencePane,
        views: ViewsMenu,
        strip: CompletenessStrip,
        bands: Bands,
    ) -> None:
        """Keep who knows."""
        self._bands = bands
        self.strip = strip
        self.views = views
        self._header = header
        self._pages = pages
        self._evidence = evidence

    def why_not_approve(self) -> str:
        """Say why the ticked rows cannot be approved."""
        review = self._pages.review
        if review.model.ticks_shown or not review.model.rowCount():
            return self._unseen() or why_not(review.bar.approve_button)
        return self._unseen() or NO_TICK

    def why_not_approve_shown(self) -> str:
        """Say why the shown row cannot be approved."""
        return self._of_row(self._evidence.approve_button, "cannot be approved")

    def why_not_approve_group(self) -> str:
        """Say why no group can be approved as one: those that a person made are of all kinds and risks."""
        if self._pages.review.model.grouping is not None:
            return self._unseen() or OWN_GROUPS
        return self._unseen() or self._pages.review.group_key.why_not()

    def why_not_apply(self) -> str:
        """Say why nothing can be applied."""
        return why_not(self._pages.review.bar.apply_button)

    def why_not_hold(self) -> str:
        """Say why the shown row cannot wait."""
        return self._of_row(self._evidence.hold_button, "cannot be put on hold")

    def why_not_hold_ticked(self) -> str:
        """Say why no ticked row can wait: there is none."""
        return self._unseen() or ("" if self._pages.review.model.ticks_shown else NO_TICK)

    def why_not_reject(self) -> str:
        """Say why the shown row cannot be rejected."""
        return self._of_row(self._evidence.reject_button, "cannot be rejected")

    def why_not_link(self) -> str:
        """Say why the shown row cannot be linked."""
        return self._of_row(self._evidence.link_button, "has no other payment beside it that it could be the same as")

    def why_not_put_back(self) -> str:
        """Say why nothing can be put back to Review."""
        if self._pages.currentWidget() is self._pages.history:
            return why_not(self._pages.history.put_back_button)
        return self._of_row(self._evidence.reopen_button, "was neither approved, held nor rejected")

    def why_not_take_back(self) -> str:
        """Say why nothing can be taken back that the line at the foot tells of."""
        return "" if self.strip.can_take_back else NOTHING_BACK

    def why_not_say(self) -> str:
        """Say why nothing can be said of the shown row."""
        return self._of_row(self._evidence.say_button, "needs no explanation")

    def why_not_note(self) -> str:
        """Say why nothing can be noted: a note is about the payment of a row."""
        return "" if self._pages.has_evidence and self._pages.shown_row() is not None else _NO_PAYMENT

    def open_palette(self, window: QWidget, verbs: Sequence[Verb]) -> None:
        """Open the palette with the verbs of the menus, and with the buttons that are on screen (Ctrl+K)."""
        listed = [Listed(verb.title, verb.place, verb.key, verb.why_not(), verb.run) for verb in verbs]
        known = {verb.title for verb in listed}
        page, name = self._pages.currentWidget(), self._pages.tabText(self._pages.currentIndex())
        places = [(self._header, "Head"), (self._bands, "Band"), (page, name.split("  ")[0])]
        places += [(self._evidence, "This row")] if self._pages.has_evidence else []
        for widget, place in places:
            listed += [verb for verb in _buttons_of(widget, place) if verb.title not in known]
        listed += self.views.listed()
        PaletteSheet(listed, window).open()

    def _unseen(self) -> str:
        """Say where to go while the rows of Review are not in sight: no key acts on what nobody sees."""
        return "" if self._pages.currentWidget() is self._pages.review else GO_TO_REVIEW

    def _of_row(self, button: QAbstractButton, because: str) -> str:
        if not self._pages.has_evidence or self._pages.shown_row() is None:
            return _NO_ROW
        return f"This row {because}." if button.isHidden() else why_not(button)


def why_not(button: QAbstractButton) -> str:
    """Return the reason that a button which cannot be pressed has in its tool tip."""
    return "" if button.isEnabled() else button.toolTip() or "It cannot be done now."


def _buttons_of(widget: QWidget, place: str) -> Iterator[Listed]:
    for button in widget.findChildren(QPushButton):
        if button.isVisibleTo(widget) and button.text():
            key = button.shortcut() if not button.shortcut().isEmpty() else QKeySequence.mnemonic(button.text())
            native = key.toString(QKeySequence.SequenceFormat.NativeText)
            # Behind the name there may be a key.
            title = button.accessibleName() or plain(button.text()).split("  ")[0]
            yield Listed(title, place, native, why_not(button), button.click)
