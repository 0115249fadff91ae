"""Flag the other additions of an invoice whose money stands on another one: it may be that one as a whole (R23b)."""

from collections import defaultdict
from collections.abc import Iterable
from itertools import islice

from cmxero_desktop.domain import wording_elsewhere
from cmxero_desktop.domain.correlation.findings import Board, Finding, Place, entries_of
from cmxero_desktop.domain.correlation.sketches import Sketch
from cmxero_desktop.domain.proposals import MOST_NAMED, Flag
from cmxero_desktop.domain.records import CasePayment, XeroPayment


def with_siblings(board: Board) -> Board:
    """Look at invoices of which no payment is matched while one of them stands, to the day and cent, elsewhere.

    Such an invoice may have been given another number in Xero before anybody looked.
    Of those that stand elsewhere twelve are named.
    """
    entries: dict[str, list[tuple[Sketch, XeroPayment]]] = defaultdict(list)
    for number, sketch, xero in entries_of(board.invoices):
        if not board.invoices[number].paired:
            entries[number].append((sketch, xero))
    return board.with_findings(
        (
            Place(number, sketch.key),
            Finding(Flag.LEFTOVER_ELSEWHERE, wording_elsewhere.sibling_elsewhere(xero), near=there),
        )
        for number, own in entries.items()
        for other, xero, there in islice(_elsewhere(number, own if len(own) > 1 else (), board), MOST_NAMED)
        for sketch, _ in own
        if sketch is not other
    )


def _elsewhere(
    number: str, entries: Iterable[tuple[Sketch, XeroPayment]], board: Board
) -> Iterable[tuple[Sketch, XeroPayment, tuple[CasePayment, ...]]]:
    """Return what stands on another invoice already: an equal payment there matches nothing, or names it."""
    for sketch, xero in entries:
        findings = (f for f in board.of(number, sketch) if f.flag is Flag.LEFTOVER_ELSEWHERE)
        equal = tuple(p for f in findings for p in f.near if (p.amount, p.paid_on) == (xero.amount, xero.paid_on))
        if equal or Flag.NAMED_ELSEWHERE in sketch.flags:
            yield sketch, xero, equal
