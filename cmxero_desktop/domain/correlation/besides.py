"""Flag what stands beside unmatched payments of its own invoice, close doubles and twins (R20a, R23, R23a, R25)."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from cmxero_desktop.domain import wording, wording_balances
from cmxero_desktop.domain.correlation.findings import Board, Finding, Place
from cmxero_desktop.domain.correlation.naming import Beside
from cmxero_desktop.domain.correlation.near_doubles import CloseDoubles
from cmxero_desktop.domain.correlation.plain_flags import with_twins
from cmxero_desktop.domain.correlation.sketches import Sketch, Sketched
from cmxero_desktop.domain.policy import Policy
from cmxero_desktop.domain.proposals import Flag
from cmxero_desktop.domain.rules import Rule


@dataclass(frozen=True, slots=True)
class OwnLook:
    """What an invoice is by itself: with its twins flagged, and what its leftovers say of its entries."""

    of: Sketched
    sketched: Sketched
    findings: tuple[tuple[Place, Finding], ...]


def with_besides(board: Board, policy: Policy, looks: dict[str, OwnLook]) -> Board:
    """Look at each invoice's own leftovers and twins, but at those again that `looks` has of the last judgement."""
    for number, sketched in board.invoices.items():
        if number not in looks or looks[number].of is not sketched:
            looks[number] = _look(number, sketched, policy)
    board = replace(board, invoices={number: looks[number].sketched for number in board.invoices})
    return board.with_findings(found for number in board.invoices for found in looks[number].findings)


def _look(number: str, sketched: Sketched, policy: Policy) -> OwnLook:
    if not sketched.sketches:
        return OwnLook(sketched, sketched, ())
    twins = with_twins(sketched.sketches, (xero for xero, _ in sketched.paired), policy)
    flagged = replace(sketched, sketches=twins)
    found = _findings(flagged, policy) if flagged.leftovers else ()
    return OwnLook(sketched, flagged, tuple((Place(number, sketch.key), finding) for sketch, finding in found))


def _findings(sketched: Sketched, policy: Policy) -> Iterable[tuple[Sketch, Finding]]:
    manual = [m.payment for m in sketched.never_known if not m.mark.is_imported and not m.payment.is_multi_invoice]
    doubles, leftovers = CloseDoubles(manual, policy), Beside(sketched)
    for sketch in sketched.entries:
        beside, xero = leftovers.of(sketch), sketch.xero
        # Of a change that a person chose it was said already which payment is the same money.
        if xero is not None and sketch.rule is not Rule.R23:
            near, more = doubles.of(xero)
            if near:
                words = wording.near(xero, near, sketched.number, more)
                yield sketch, Finding(Flag.NEAR_DOUBLE, words, near=near, whole=beside.whole)
        if beside.payments:
            words = wording_balances.beside_unmatched(beside.payments, beside.more)
            yield sketch, Finding(Flag.BESIDE_UNMATCHED, words, near=beside.payments, whole=beside.whole)
