"""What filters Matched and Skipped: how or why a payment is there, where it stands, and what is proposed for it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QComboBox, QWidget

from cmxero_desktop.domain.placements import MatchedHow, Reason
from cmxero_desktop.domain.proposals import Flag, ProposalKind
from cmxero_desktop.services.viewing.desk_view import PaymentRow
from cmxero_desktop.ui.payments.columns import Stands, stands
from cmxero_desktop.ui.theme.words import SKIP_CHIP
from cmxero_desktop.ui.widgets.filter_boxes import FilterBoxes
from cmxero_desktop.ui.widgets.parts import Choice, label
from cmxero_desktop.ui.widgets.proposal_filters import ProposalFilters

_ALL = "All"
_LETTERS = 18


@dataclass(frozen=True, slots=True)
class PlacedFacet:
    """All that a filter asks of a placed payment; few of them differ in any firm."""

    stands: Stands
    why: MatchedHow | Reason | None
    kind: ProposalKind | None
    flags: frozenset[Flag]


Keep = Callable[[PlacedFacet], bool]


def facet_of(row: PaymentRow) -> PlacedFacet:
    """Return what is asked of a row."""
    proposal = row.proposal.proposal if row.proposal is not None else None
    kind, flags = (proposal.kind, proposal.flags) if proposal is not None else (None, frozenset[Flag]())
    return PlacedFacet(stands(row), row.placement.matched_how or row.placement.reason, kind, flags)


class MatchedFilters(QObject):
    """The boxes of Matched: how a payment was matched, and what is proposed for it; `changed` tells of others."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        """Begin with all of them."""
        super().__init__(parent)
        self.why_box = _short_choice("Matched how", [how.value for how in MatchedHow])
        self.proposed = ProposalFilters(self)
        self.boxes = FilterBoxes(
            {"why": self.why_box, "change": self.proposed.kind_box, "flag": self.proposed.flag_box}
        )
        self.why_box.currentIndexChanged.connect(self.changed)
        self.proposed.changed.connect(self.changed)

    def widgets(self) -> Iterator[QWidget]:
        """Yield the boxes, each behind its name."""
        yield label("How", "muted")
        yield self.why_box
        yield from self.proposed.widgets()

    def keep(self) -> Keep:
        """Return what is meant now, as a question to each row."""
        how = next((how for how in MatchedHow if how.value == self.why_box.currentText()), None)
        is_meant = self.proposed.keep()
        return lambda facet: how in {None, facet.why} and is_meant(facet.kind, facet.flags)


class SkippedFilters(QObject):
    """The boxes of Skipped: why a payment is left, and where it stands; `changed` tells when others are meant."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        """Begin with all of them."""
        super().__init__(parent)
        self.why_box = _short_choice("Reason", [SKIP_CHIP[reason] for reason in Reason])
        self.stands_box = Choice("Where it stands", [_ALL, *(side.value for side in Stands)])
        self.boxes = FilterBoxes({"why": self.why_box, "stands": self.stands_box})
        for box in (self.why_box, self.stands_box):
            box.currentIndexChanged.connect(self.changed)

    def widgets(self) -> Iterator[QWidget]:
        """Yield the boxes, each behind its name."""
        for name, box in (("Reason", self.why_box), ("Stands", self.stands_box)):
            yield label(name, "muted")
            yield box

    def keep(self) -> Keep:
        """Return what is meant now, as a question to each row."""
        reason = next((reason for reason in Reason if SKIP_CHIP[reason] == self.why_box.currentText()), None)
        side = next((side for side in Stands if side.value == self.stands_box.currentText()), None)
        return lambda facet: reason in {None, facet.why} and side in {None, facet.stands}


def _short_choice(name: str, words: Sequence[str]) -> Choice:
    """Return a choice whose longest words do not make the page as wide as a small screen."""
    box = Choice(name, [_ALL, *words])
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    box.setMinimumContentsLength(_LETTERS)
    return box
