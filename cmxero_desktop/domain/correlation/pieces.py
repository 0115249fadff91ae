"""Find money that was typed in pieces where it does not belong: each piece matches nothing, together they do (R23b)."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence

from cmxero_desktop.domain import wording_elsewhere
from cmxero_desktop.domain.correlation.awaiting import Awaiting, MoneyIn, payer_name
from cmxero_desktop.domain.correlation.explaining import Home
from cmxero_desktop.domain.correlation.findings import Board, Finding, Place
from cmxero_desktop.domain.correlation.stray_payments import (
    StrayPayment,
    doubtful_strays,
    has_same_payer,
    is_just_as_likely,
    is_likely,
    likeliest,
)
from cmxero_desktop.domain.correlation.subsets import MOST_AMOUNTS, sums_of_some
from cmxero_desktop.domain.policy import Policy
from cmxero_desktop.domain.proposals import Flag

_SEVERAL = 2


def with_pieces(board: Board, others: Iterable[StrayPayment], policy: Policy) -> Board:
    """Flag the entries that several unmatched payments of another invoice, or of one payer and day, add up to.

    Of each invoice, and of each payer's day, the first twelve are looked at, by date and key. A piece that an addition
    of its own invoice explains counts only where reference, or payer and date, are the very same.
    """
    awaiting = Awaiting(board, policy)
    found: list[tuple[Place, Finding]] = []
    for pieces in _together(doubtful_strays(board, others, policy)):
        totals = sums_of_some([piece.payment.amount.minor for piece, _ in pieces])
        for total in totals.keys() & awaiting.amounts().keys():
            near = dict.fromkeys(
                entry
                for piece, _ in pieces
                for entry in awaiting.for_amount(piece.payment, piece.payer, piece.number, total, MOST_AMOUNTS)
            )
            chosen = {entry.place: _chosen(pieces, entry, total, policy) for entry in near}
            entries = [entry for entry in near if chosen[entry.place]]
            found += [(e.place, _finding(chosen[e.place])) for e in likeliest(pieces[0][0], entries)]
    return board.with_findings(found)


_Piece = tuple[StrayPayment, Home]


def _together(strays: Iterable[_Piece]) -> Iterable[Sequence[_Piece]]:
    """Return what may have been typed of one money: on one invoice, or on several of one payer on one day."""
    groups: dict[Hashable, list[_Piece]] = defaultdict(list)
    for stray, home in strays:
        groups[stray.number].append((stray, home))
        if payer := payer_name(stray.payer):
            groups[payer, stray.payment.paid_on].append((stray, home))
    for name, group in groups.items():
        is_one_invoice = isinstance(name, str)
        if len(group) >= _SEVERAL and (is_one_invoice or len({piece.number for piece, _ in group}) >= _SEVERAL):
            yield sorted(group, key=lambda p: (p[0].payment.paid_on, p[0].payment.payment_id.order))[:MOST_AMOUNTS]


def _chosen(pieces: Sequence[_Piece], entry: MoneyIn, total: int, policy: Policy) -> Sequence[StrayPayment]:
    """Return the pieces that may be this entry's money, none of them on its own invoice; nothing where none are."""
    is_spread = len({piece.number for piece, _ in pieces}) >= _SEVERAL
    near = [
        piece
        for piece, home in pieces
        if piece.number != entry.place.number
        and (is_likely(piece, entry, policy) if home is Home.NOWHERE else is_just_as_likely(piece, entry))
        and (not is_spread or has_same_payer(piece, entry))
    ]
    return [near[place] for place in sums_of_some([p.payment.amount.minor for p in near]).get(total, ())]


def _finding(pieces: Sequence[StrayPayment]) -> Finding:
    sentence = wording_elsewhere.pieces_elsewhere([(piece.payment, piece.number) for piece in pieces])
    return Finding(Flag.LEFTOVER_ELSEWHERE, sentence, near=tuple(piece.payment for piece in pieces))
