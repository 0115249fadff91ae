"""Find the invoices whose leftovers are the same money in other pieces (R19b)."""

from dataclasses import replace

from cmxero_desktop.domain.correlation.debtors import debtor_test, tolerance
from cmxero_desktop.domain.correlation.decision_hashes import DecisionHashes
from cmxero_desktop.domain.correlation.findings import Board, Place
from cmxero_desktop.domain.correlation.sketches import PlacedRow, Sketch, Sketched
from cmxero_desktop.domain.policy import Policy
from cmxero_desktop.domain.proposals import Flag, ProposalKind
from cmxero_desktop.domain.rules import Rule
from cmxero_desktop.domain.scope import folded

# What says something of the invoice as a whole stands at its accept too.
_KEPT = frozenset({Flag.RENUMBERED, Flag.NUMBER_SHARED, Flag.SOR, Flag.BEFORE_START})
_FORBIDDEN = frozenset({Flag.MOVED, Flag.NAMED_ELSEWHERE})


def with_accepts(board: Board, policy: Policy) -> Board:
    """Put one accept in the place of the adds of each invoice that agrees in sum.

    Where a person said that it is not the same money, the adds stay, each to be looked at.
    """
    invoices = dict(board.invoices)
    for number, sketched in board.invoices.items():
        if _agrees(board, sketched, policy):
            accepting = _accepting(sketched)
            (accept,) = (s for s in accepting.sketches if s.kind is ProposalKind.ACCEPT)
            if DecisionHashes(accepting).of(accept) not in sketched.snapshot.decisions.refused:
                invoices[number] = accepting
    return replace(board, invoices=invoices)


def _agrees(board: Board, sketched: Sketched, policy: Policy) -> bool:
    adds = sketched.additions
    if not adds or not sketched.never_known or len(sketched.never_known) != len(sketched.leftovers):
        return False
    is_open = any(s.kind in {ProposalKind.CHANGE, ProposalKind.REMOVE} for s in sketched.sketches)
    if is_open or sketched.is_held or sketched.twice or sketched.lost or sketched.misplaced:
        return False
    unknown = sketched.snapshot.unknown_ids
    if any(m.mark.payment_id is not None and m.mark.payment_id not in unknown for m in sketched.never_known):
        return False
    number = sketched.number
    if any(Place(number, s.key) in board.moves for s in adds) or any(
        board.has_flag(number, s, flag) for s in adds for flag in _FORBIDDEN
    ):
        return False
    if _are_apart(sketched):
        return False
    difference = sum(s.amount.minor for s in adds) - sum(m.payment.amount.minor for m in sketched.leftovers)
    # As it stands: nothing is written, so the adds are no live payments without a copy either.
    return abs(difference) <= tolerance(policy) and debtor_test(sketched, (), (), policy).holds(policy)


def _are_apart(sketched: Sketched) -> bool:
    """Say whether a person ended a pair of them: nobody may call them the same without a look (R7a)."""
    adds = {folded(s.xero.payment_id) for s in sketched.additions if s.xero is not None}
    copies = {m.payment.payment_id for m in sketched.leftovers}
    return any(folded(xero_id) in adds and key in copies for xero_id, key in sketched.snapshot.decisions.apart)


def _accepting(sketched: Sketched) -> Sketched:
    adds = sketched.additions
    accept = Sketch(
        kind=ProposalKind.ACCEPT,
        rule=Rule.R19B,
        accepted=tuple(s.xero for s in adds if s.xero is not None),
        accepted_as=tuple(m.payment for m in sketched.leftovers),
        flags=frozenset(flag for s in adds for flag in s.flags & _KEPT),
    )
    keys = {s.key for s in adds}
    copies = {payment.payment_id for payment in accept.accepted_as}

    def settled(row: PlacedRow) -> PlacedRow:
        if row.sketch in keys:
            return replace(row, rule=accept.rule, sketch=accept.key)
        if row.case is not None and row.case.payment_id in copies:
            return replace(row, sketch=accept.key)
        return row

    return replace(
        sketched,
        rows=tuple(settled(row) for row in sketched.rows),
        sketches=(*(s for s in sketched.sketches if s.key not in keys), accept),
    )
