"""Find one money on two invoices: deleted here and entered there, or a copy on the wrong invoice (R16b)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from cmxero_desktop.domain import wording_elsewhere
from cmxero_desktop.domain.correlation.crossing import with_circles
from cmxero_desktop.domain.correlation.findings import Board, Finding, Place, entries_of
from cmxero_desktop.domain.correlation.matching import is_free, is_same_text
from cmxero_desktop.domain.correlation.naming import Named, first_named
from cmxero_desktop.domain.correlation.plain_flags import with_plain_flags
from cmxero_desktop.domain.correlation.rests import Entries
from cmxero_desktop.domain.correlation.sketches import Orphan, PlacedRow, Sketch, Sketched
from cmxero_desktop.domain.correlation.subsets import sums_of_some
from cmxero_desktop.domain.identifiers import XeroPaymentId
from cmxero_desktop.domain.memory import SETTLED
from cmxero_desktop.domain.move_ids import move_id
from cmxero_desktop.domain.policy import Policy
from cmxero_desktop.domain.proposals import Flag, ProposalKind
from cmxero_desktop.domain.records import CasePayment, XeroPayment
from cmxero_desktop.domain.rules import Rule
from cmxero_desktop.domain.scope import MarkedPayment, folded

# So many pairs of one amount are compared; where there are more, each addition of the amount may be any of them.
_MOST_PAIRS = 40_000


@dataclass(frozen=True, slots=True)
class _Gone:
    """A deleted payment whose money still stands in Case Manager, as far as nothing on its own invoice takes its place.

    `amounts` are what an entry elsewhere may be, in cents; `removal` would remove its copy.
    """

    number: str
    deleted: XeroPayment
    amounts: frozenset[int]
    standing: tuple[CasePayment, ...]
    named: Named
    removal: Sketch | None


def with_moves(board: Board, policy: Policy) -> Board:
    """Flag what may be moved money, and join an add and a removal that correspond."""
    board = _with_misplaced(board, policy)
    index = _by_amount(board, policy)
    gone_by_amount: dict[int, list[_Gone]] = defaultdict(list)
    all_gone = [gone for number, sketched in board.invoices.items() for gone in _gone_of(number, sketched)]
    for gone in all_gone:
        for amount in gone.amounts & index.keys():
            gone_by_amount[amount].append(gone)
    matches: list[tuple[_Gone, Place, Sketch]] = []
    for amount, gone_ones in gone_by_amount.items():
        if len(gone_ones) * len(index[amount]) > _MOST_PAIRS:
            board = board.with_findings(_too_many(gone_ones, index[amount]))
        else:
            matches += [(gone, *one) for gone in gone_ones for one in _matching(gone, index[amount], policy)]
    place_of = {id(gone): place for place, gone in enumerate(all_gone)}
    matches.sort(key=lambda match: place_of[id(match[0])])
    board = board.with_findings((place, _moved(gone, sketch)) for gone, place, sketch in matches)
    return with_circles(replace(board, moves={**board.moves, **_joined(matches)}))


def _gone_of(number: str, sketched: Sketched) -> Iterable[_Gone]:
    """Return the deleted payments whose money stands here, whole or in part.

    A copy that an edit gives to other money stands until that is written.
    """
    orphans = _unsettled(sketched)
    if not sketched.leftovers and not orphans:
        return
    entries = Entries(sketched.entries)
    copies: dict[XeroPaymentId, list[CasePayment]] = defaultdict(list)
    for orphan in orphans:
        copies[folded(orphan.deleted.payment_id)].append(orphan.copy.payment)
    removals = {s.case.payment_id: s for s in sketched.sketches if s.kind is ProposalKind.REMOVE and s.case is not None}
    changed = {s.case.payment_id for s in sketched.sketches if s.kind is ProposalKind.CHANGE and s.case is not None}
    standing = tuple(m.payment for m in sketched.leftovers if m.payment.payment_id not in changed)
    all_named = first_named(standing)
    elsewhere = {folded(o.deleted.payment_id): o.deleted for o in orphans}
    for deleted in {**elsewhere, **{folded(p.payment_id): p for p in sketched.deleted}}.values():
        own = tuple(copies.get(folded(deleted.payment_id), ()))
        is_whole = not entries.replace(deleted)
        amounts = entries.rests_of(deleted) | ({deleted.amount.minor} if is_whole and (own or standing) else set())
        removal = next((removals[c.payment_id] for c in own if c.payment_id in removals), None)
        if amounts and (own or standing):
            named = first_named(own) if own else all_named
            yield _Gone(number, deleted, frozenset(amounts), own or standing, named, removal if is_whole else None)


def _unsettled(sketched: Sketched) -> Sequence[Orphan]:
    """Return the copies that lost their original, but for those whose money a person said is not what was deleted."""
    settled = {e.case_id for e in sketched.explained if e.what in SETTLED}
    return [o for o in sketched.orphans if o.copy.payment.payment_id not in settled]


_Index = Mapping[int, Sequence[tuple[Place, Sketch]]]


def _by_amount(board: Board, policy: Policy) -> _Index:
    """Find entries by their amount, and additions of one date on one invoice by what they add up to."""
    index: dict[int, list[tuple[Place, Sketch]]] = defaultdict(list)
    days: dict[tuple[str, date], list[tuple[Sketch, XeroPayment]]] = defaultdict(list)
    for number, sketch, xero in entries_of(board.invoices):
        index[xero.amount.minor].append((Place(number, sketch.key), sketch))
        if sketch.kind is ProposalKind.CHANGE and sketch.effect > 0:
            # A batch made anew with another split: what one line lost, another one gained.
            index[sketch.effect].append((Place(number, sketch.key), sketch))
        if sketch.kind is ProposalKind.ADD:
            days[number, xero.paid_on].append((sketch, xero))
    for (number, day), adds in days.items():
        written = _written_lately(board.invoices[number], day, [xero for _, xero in adds], policy)
        sketches = [sketch for sketch, _ in adds]
        cents = [*(s.amount.minor for s in sketches), *(p.amount.minor for p in written)]
        for total, places in sums_of_some(cents).items():
            index[total] += [(Place(number, sketches[at].key), sketches[at]) for at in places if at < len(sketches)]
    return index


def _written_lately(
    sketched: Sketched, day: date, adds: Sequence[XeroPayment], policy: Policy
) -> Sequence[XeroPayment]:
    """Return the live payments of a date that have their copy already and were entered together with an addition."""
    return [
        xero
        for xero, _ in sketched.paired
        if xero.paid_on == day
        and any(abs(xero.entered_at - add.entered_at) <= timedelta(days=policy.edit_days) for add in adds)
    ]


def _matching(gone: _Gone, entries: Iterable[tuple[Place, Sketch]], policy: Policy) -> Iterable[tuple[Place, Sketch]]:
    return (
        (place, sketch)
        for place, sketch in entries
        if place.number != gone.number and sketch.xero is not None and _is_joined(gone.deleted, sketch.xero, policy)
    )


def _too_many(gone: Sequence[_Gone], entries: Iterable[tuple[Place, Sketch]]) -> Iterable[tuple[Place, Finding]]:
    """Call all of them moved where so many of one amount came and went that comparing each with each takes too long."""
    standing = first_named(tuple({p.payment_id: p for one in gone for p in one.standing}.values()))
    invoices = {one.number for one in gone}
    for place, sketch in entries:
        if len(invoices) > 1 or place.number not in invoices:
            words = wording_elsewhere.moved_of_many(gone[0].deleted.amount, len(gone), sketch.amount)
            yield place, Finding(Flag.MOVED, words, near=standing.payments, whole=standing.whole)


def _is_joined(deleted: XeroPayment, payment: XeroPayment, policy: Policy) -> bool:
    """Say whether date, contact, batch, reference or the time of entry joins the two."""
    return (
        abs((deleted.paid_on - payment.paid_on).days) <= policy.near_days
        or is_same_text(deleted.contact_id, payment.contact_id)
        or is_same_text(deleted.contact_name.casefold(), payment.contact_name.casefold())
        or is_same_text(deleted.batch_payment_id, payment.batch_payment_id)
        or is_same_text(deleted.reference, payment.reference)
        or abs(deleted.updated_at - payment.entered_at) <= timedelta(days=policy.edit_days)
    )


def _moved(gone: _Gone, sketch: Sketch) -> Finding:
    sentence = wording_elsewhere.moved(gone.deleted, gone.number, sketch.amount)
    standing = gone.named
    return Finding(Flag.MOVED, sentence, near=standing.payments, near_xero=(gone.deleted,), whole=standing.whole)


def _joined(matches: Sequence[tuple[_Gone, Place, Sketch]]) -> dict[Place, str]:
    """Join an add and a removal that correspond to each other and to nothing else.

    An add whose own copy stands on another invoice moves with that copy, or not at all (R7).
    """
    pairs = [
        (Place(gone.number, gone.removal.key), place)
        for gone, place, sketch in matches
        if gone.removal is not None and sketch.kind is ProposalKind.ADD and sketch.amount == gone.removal.amount
        if Flag.NAMED_ELSEWHERE not in sketch.flags
    ]
    removals: dict[Place, set[Place]] = defaultdict(set)
    adds: dict[Place, set[Place]] = defaultdict(set)
    for removal, add in pairs:
        removals[removal].add(add)
        adds[add].add(removal)
    joined: dict[Place, str] = {}
    for removal, add in pairs:
        if len(removals[removal]) == len(adds[add]) == 1:
            joined[removal] = joined[add] = _move_id(removal, add)
    return joined


def _move_id(*places: Place) -> str:
    return move_id(f"{p.number} {p.key}" for p in places)


def _with_misplaced(board: Board, policy: Policy) -> Board:
    """Offer to remove copies whose payment is alive on its right invoice, together with its add where it has one."""
    adds = {folded(x.payment_id): Place(n, s.key) for n, s, x in entries_of(board.invoices) if s.case is None}
    there = {folded(x.payment_id) for sketched in board.invoices.values() for x, _ in sketched.paired}
    invoices, moves = dict(board.invoices), dict(board.moves)
    found: list[tuple[Place, Finding]] = []
    for number, sketched in board.invoices.items():
        for marked, original in sketched.misplaced if not sketched.is_held else ():
            name = folded(original.payment_id)
            add = adds.pop(name, None)
            if not (add or name in there) or not _is_removable(marked, sketched, policy):
                continue
            removal = _removal(marked.payment, original, sketched, policy)
            invoices[number] = _with_removal(invoices[number], removal)
            place = Place(number, removal.key)
            sentence = wording_elsewhere.misplaced(marked.payment, original)
            found.append((place, Finding(Flag.MOVED, sentence, near_xero=(original,))))
            if add is not None:
                moves[place] = moves[add] = _move_id(place, add)
    return replace(board, invoices=invoices, moves=moves).with_findings(found)


def _is_removable(marked: MarkedPayment, sketched: Sketched, policy: Policy) -> bool:
    return is_free(marked.payment, policy) and any(m is marked for m in sketched.leftovers)


def _removal(copy: CasePayment, original: XeroPayment, sketched: Sketched, policy: Policy) -> Sketch:
    removal = Sketch(kind=ProposalKind.REMOVE, rule=Rule.R16B, case=copy, original=original)
    is_twice = bool(sketched.twice)
    return with_plain_flags(
        removal, sketched.snapshot, policy, is_under_sor=sketched.is_under_sor, is_copied_twice=is_twice
    )


def _with_removal(sketched: Sketched, removal: Sketch) -> Sketched:
    def settled(row: PlacedRow) -> PlacedRow:
        is_own = row.case is not None and removal.case is not None and row.case.payment_id == removal.case.payment_id
        return replace(row, rule=removal.rule, sketch=removal.key) if is_own else row

    return replace(sketched, rows=tuple(settled(r) for r in sketched.rows), sketches=(*sketched.sketches, removal))
