"""Find what a batch that was entered anew raised, while a line of the old batch still stands in Case Manager (R16b)."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice

from cmxero_desktop.domain import wording_elsewhere
from cmxero_desktop.domain.correlation.findings import Board, Finding, Place, entries_of
from cmxero_desktop.domain.correlation.sketches import Orphan, Sketched
from cmxero_desktop.domain.correlation.subsets import MOST_AMOUNTS
from cmxero_desktop.domain.memory import SETTLED
from cmxero_desktop.domain.policy import Policy
from cmxero_desktop.domain.proposals import MOST_NAMED, Flag, ProposalKind, whole_of
from cmxero_desktop.domain.records import CasePayment, XeroPayment
from cmxero_desktop.domain.scope import xero_order

_TWO = 2


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A copy of a deleted batch that nothing has taken the place of."""

    number: str
    orphan: Orphan


def with_batches_anew(board: Board, policy: Policy) -> Board:
    """Flag the additions and raised lines of a batch, as long as the one that it replaces has a line left over.

    A batch replaces another where an invoice lost a payment of the one and got one of the other within `edit_days`, or
    where two invoices did, whenever that was.
    """
    waiting = _waiting(board)
    if not waiting:
        return board
    left = {batch: _Lines(lines) for batch, lines in _left_over(board, waiting, policy).items()}
    found: list[tuple[Place, Finding]] = []
    said: dict[tuple[str, str], Finding | None] = {}
    for number, sketch, xero in entries_of(board.invoices):
        if sketch.effect > 0 and xero.batch_payment_id in left:
            one = (xero.batch_payment_id, number)
            if one not in said:
                said[one] = left[xero.batch_payment_id].beside(number)
            if (finding := said[one]) is not None:
                found.append((Place(number, sketch.key), finding))
    return board.with_findings(found)


class _Lines:
    """What is left of the batches that one replaces, as the rows of each invoice name it: what stands on others.

    Of very many they rest on all lines, those of their own invoice too, so that these are hashed once for all rows.
    """

    def __init__(self, lines: Sequence[_Waiting]) -> None:
        self._lines = lines
        self._on = Counter(line.number for line in lines)
        is_few = len(lines) <= MOST_NAMED + 1
        self._whole = () if is_few else (whole_of(line.orphan.copy.payment for line in lines),)

    def beside(self, number: str) -> Finding | None:
        """Return what a row of this invoice is told, None where nothing is left on another one."""
        count = len(self._lines) - self._on[number]
        if not count:
            return None
        named = list(islice((line for line in self._lines if line.number != number), MOST_NAMED))
        copies = [line.orphan.copy.payment for line in named]
        is_all = len(named) == count and not self._whole
        return Finding(
            Flag.MOVED,
            wording_elsewhere.batch_anew([(line.orphan.deleted, line.number) for line in named], count - len(named)),
            near=tuple(copies),
            near_xero=tuple(line.orphan.deleted for line in named),
            whole=() if is_all else self._whole or (whole_of(self._others_of(number)),),
        )

    def _others_of(self, number: str) -> Iterable[CasePayment]:
        return (line.orphan.copy.payment for line in self._lines if line.number != number)


def _waiting(board: Board) -> Mapping[str, Sequence[_Waiting]]:
    """Return by batch the copies whose payments it deleted, but for those that an edit gives to other money."""
    found: dict[str, list[_Waiting]] = defaultdict(list)
    for number, sketched in board.invoices.items():
        if not sketched.orphans:
            continue
        changed = {s.case.payment_id for s in sketched.sketches if s.kind is ProposalKind.CHANGE and s.case is not None}
        settled = {e.case_id for e in sketched.explained if e.what in SETTLED}
        for orphan in sketched.orphans:
            if orphan.deleted.batch_payment_id and orphan.copy.payment.payment_id not in changed | settled:
                found[orphan.deleted.batch_payment_id].append(_Waiting(number, orphan))
    return found


def _left_over(
    board: Board, waiting: Mapping[str, Sequence[_Waiting]], policy: Policy
) -> Mapping[str, Sequence[_Waiting]]:
    """Return by the batch that replaces another what of that one still stands."""
    shared: Counter[tuple[str, str]] = Counter()
    for sketched in board.invoices.values():
        shared.update(_replacements(sketched, waiting.keys(), policy))
    replaced: dict[str, list[str]] = defaultdict(list)
    for old, new in sorted(pair for pair, invoices in shared.items() if invoices >= _TWO):
        replaced[new].append(old)
    return {new: [one for old in olds for one in waiting[old]] for new, olds in replaced.items()}


def _replacements(sketched: Sketched, batches: Collection[str], policy: Policy) -> Mapping[tuple[str, str], int]:
    """Return which batches of this invoice may have replaced which, and how much that counts."""
    gone = _by_batch(p for p in sketched.deleted if p.batch_payment_id in batches)
    came = _by_batch(sketched.live if gone else ())
    edit = timedelta(days=policy.edit_days)
    return {
        (old, new): _TWO if abs(deleted.updated_at - entered.entered_at) <= edit else 1
        for old, deleted in gone.items()
        for new, entered in came.items()
    }


def _by_batch(payments: Iterable[XeroPayment]) -> Mapping[str, XeroPayment]:
    """Return a payment of each batch; twelve are looked at."""
    own = {p.batch_payment_id: p for p in sorted(payments, key=xero_order) if p.batch_payment_id}
    return {batch: own[batch] for batch in sorted(own)[:MOST_AMOUNTS]}
