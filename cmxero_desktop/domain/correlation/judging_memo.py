"""Remember what a judgement made of each invoice, so that the next one makes anew only what other facts make other."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from cmxero_desktop.domain.correlation.besides import OwnLook
from cmxero_desktop.domain.correlation.findings import Board, Finding
from cmxero_desktop.domain.correlation.sketches import Sketched
from cmxero_desktop.domain.identifiers import XeroPaymentId
from cmxero_desktop.domain.placements import Correlation
from cmxero_desktop.domain.policy import Policy
from cmxero_desktop.domain.records import InvoiceSnapshot

Claimed = frozenset[XeroPaymentId]


@dataclass(frozen=True, slots=True)
class FirstSketch:
    """An invoice's own first pass, and all that it rests on beside policy and day."""

    snapshot: InvoiceSnapshot
    claimed: Claimed
    sketched: Sketched


@dataclass(frozen=True, slots=True)
class SealedFrom:
    """What is sealed into rows and proposals: the sketches after all stages, with what was found about them."""

    sketched: Sketched
    findings: Mapping[str, tuple[Finding, ...]]
    moves: Mapping[str, str]


class Memo:
    """The first passes and the sealed outcomes of the last judgement. Another policy or day forgets them all."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._around: tuple[Policy, date] | None = None
        self.first: dict[str, FirstSketch] = {}
        self.looks: dict[str, OwnLook] = {}
        self._sealed: dict[str, tuple[SealedFrom, Correlation]] = {}

    def begin(self, policy: Policy, today: date) -> None:
        """Begin another judgement."""
        if self._around != (policy, today):
            self._around = (policy, today)
            self.first, self.looks, self._sealed = {}, {}, {}

    def sketched(self, snapshot: InvoiceSnapshot, claimed: Claimed, make: Callable[[], Sketched]) -> Sketched:
        """Return the first pass of this very snapshot, made anew where it or what is claimed is another."""
        before = self.first.get(snapshot.number)
        if before is None or before.snapshot is not snapshot or before.claimed != claimed:
            before = self.first[snapshot.number] = FirstSketch(snapshot, claimed, make())
        return before.sketched

    def sealed(self, number: str, seen: SealedFrom, make: Callable[[], Correlation]) -> Correlation:
        """Return the outcome of an invoice, made anew where a stage left something else of it."""
        before = self._sealed.get(number)
        if before is None or before[0] != seen:
            before = self._sealed[number] = (seen, make())
        return before[1]

    def end(self, numbers: Iterable[str]) -> None:
        """Forget the invoices that are not on the board any more."""
        kept = set(numbers)
        for number in self.first.keys() - kept:
            del self.first[number]
        for number in self.looks.keys() - kept:
            del self.looks[number]
        for number in self._sealed.keys() - kept:
            del self._sealed[number]


def seen_on(board: Board) -> Mapping[str, SealedFrom]:
    """Return what each invoice is sealed from."""
    findings: dict[str, dict[str, tuple[Finding, ...]]] = defaultdict(dict)
    moves: dict[str, dict[str, str]] = defaultdict(dict)
    for place, found in board.findings.items():
        findings[place.number][place.key] = found
    for place, name in board.moves.items():
        moves[place.number][place.key] = name
    nothing: dict[str, tuple[Finding, ...]] = {}
    no_move: dict[str, str] = {}
    return {
        number: SealedFrom(sketched, findings.get(number, nothing), moves.get(number, no_move))
        for number, sketched in board.invoices.items()
    }
