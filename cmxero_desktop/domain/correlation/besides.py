"""Flag what stands beside unmatched payments of its own invoice, close doubles and twins (R20a, R23, R23a, R25)."""

from collections.abc import Iterable
from dataclasses import replace

from cmxero_desktop.domain import wording
from cmxero_desktop.domain.correlation.findings import Board, Finding, Place
from cmxero_desktop.domain.correlation.near_doubles import is_near_double
from cmxero_desktop.domain.correlation.plain_flags import with_twins
from cmxero_desktop.domain.correlation.sketches import Sketch, Sketched
from cmxero_desktop.domain.policy import Policy
from cmxero_desktop.domain.proposals import Flag
from cmxero_desktop.domain.rules import Rule


def with_besides(board: Board, policy: Policy) -> Board:
    """Look at each invoice's own leftovers and twins."""
    invoices = {
        number: replace(sketched, sketches=with_twins(sketched.sketches, (xero for xero, _ in sketched.paired), policy))
        if sketched.sketches
        else sketched
        for number, sketched in board.invoices.items()
    }
    board = replace(board, invoices=invoices)
    return board.with_findings(
        (Place(number, sketch.key), finding)
        for number, sketched in invoices.items()
        for sketch in sketched.entries
        for finding in _findings(sketch, sketched, policy)
    )


def _findings(sketch: Sketch, sketched: Sketched, policy: Policy) -> Iterable[Finding]:
    own = sketch.case.payment_id if sketch.case is not None else None
    beside = tuple(m.payment for m in sketched.leftovers if m.payment.payment_id != own)
    xero = sketch.xero
    # Of a change that a person chose it was said already which payment is the same money.
    if xero is not None and sketch.rule is not Rule.R23:
        manual = (m.payment for m in sketched.never_known if not m.mark.is_imported and not m.payment.is_multi_invoice)
        near = tuple(copy for copy in manual if is_near_double(xero, copy, policy))
        if near:
            yield Finding(Flag.NEAR_DOUBLE, wording.near(xero, near, sketched.number), near=near)
    if beside:
        yield Finding(Flag.BESIDE_UNMATCHED, wording.beside_unmatched(beside), near=beside)
