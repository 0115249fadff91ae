"""Keep in this process what the last comparison knew of the firm, so that the next one looks at what changed only.

Whatever is out of the ordinary makes the next comparison one of everything: then nothing is kept. What is kept is
fenced by the store's generation: all that anybody stored after it is looked at again.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from cmxero_desktop.domain.correlation.judging_memo import Memo
from cmxero_desktop.domain.correlation.resting import Tie, mark_of_tie
from cmxero_desktop.domain.identifiers import XeroInvoiceId
from cmxero_desktop.domain.memory import RememberedPair
from cmxero_desktop.domain.policy import Policy
from cmxero_desktop.domain.scope import folded
from cmxero_desktop.services.correlation.claiming import CaseSides
from cmxero_desktop.services.correlation.moment import Moment
from cmxero_desktop.services.correlation.resting_firm import (
    CommonGround,
    OnBoard,
    imported_among,
    is_ordinary,
    pair_of,
    rest_of,
)
from cmxero_desktop.services.correlation.snapshots import Known
from cmxero_desktop.services.ports.outside import Outside
from cmxero_desktop.services.records.readings import (
    NOT_COMPARED,
    CaseChanged,
    CaseInvoiceSide,
    CaseMarks,
    CaseReading,
)
from cmxero_desktop.services.records.rested import LeftChanges, LeftInvoice, Pair, Resting
from cmxero_desktop.services.records.results import InvoiceResult

_NO_PAIRS: Mapping[str, tuple[RememberedPair, ...]] = {}


@dataclass(slots=True, kw_only=True)
class KeptFirm:
    """The firm as the last comparison left it.

    `board` are the invoices that every comparison looks at, `resting` the others, both by CM number. `known` is what is
    known beside them; `loose` is of rows whose invoice nobody knows. `contested` are Case Manager's numbers that more
    than one invoice may want, `wanted` all that any does, `unclaimed` what none has, by key. `pending` are invoices to
    look at again, because what was found of them is not stored yet, or changed what is remembered of them. `is_ahead`
    says that the last check has not told of all that is known here; `asked` are the ties that were asked for last.
    `unchecked` is what changed in Case Manager and no check has looked through for foreign copies yet (R29).
    `copies_beside` counts the imported payments on what is asked for and not claimed. `moved` and `remarked` are the
    invoices and Case Manager's keys of which our store is not told yet; None: of nothing at all.
    """

    generation: int
    known: Known
    memo: Memo
    marks: CaseMarks
    case_numbers: frozenset[str]
    board: dict[str, OnBoard] = field(default_factory=dict)
    resting: dict[str, Resting] = field(default_factory=dict)
    by_tie: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))
    names: dict[XeroInvoiceId, str] = field(default_factory=dict)
    contested: frozenset[str] = frozenset()
    wanted: set[str] = field(default_factory=set)
    unclaimed: dict[int | str | None, CaseInvoiceSide] = field(default_factory=dict)
    pending: frozenset[str] = frozenset()
    is_ahead: bool = False
    asked: frozenset[int] = frozenset()
    unchecked: CaseChanged = NOT_COMPARED
    loose: tuple[InvoiceResult, ...] = ()
    copies_beside: int = 0
    moved: set[str] | None = None
    remarked: set[int | str | None] = field(default_factory=set)
    matched: int = 0
    copies: int = 0
    agreeing: int = 0

    @property
    def board_known(self) -> Known:
        """What is known of the invoices on the board."""
        return replace(self.known, sides={number: one.side for number, one in self.board.items()})

    @property
    def results(self) -> tuple[InvoiceResult, ...]:
        """The results of the invoices on the board."""
        return (*self.loose, *(one.result for one in self.board.values() if one.result is not None))

    @property
    def pairs(self) -> Iterable[Pair]:
        """Both sides' figures of all invoices on which they may differ; `agreeing` counts the others."""
        yield from (one.pair for one in self.resting.values() if one.pair is not None)
        yield from (pair for one in self.board.values() if (pair := pair_of(one.side, one.case)) is not None)

    def imported(self, policy: Policy) -> int:
        """Count the imported payments of all invoices (R27)."""
        return self.copies_beside + self.copies + sum(imported_among(one.case, policy) for one in self.board.values())

    def is_there(self, number: str) -> bool:
        """Say whether an invoice goes by this CM number."""
        return number in self.board or number in self.resting

    def ids_of(self, number: str) -> Collection[XeroInvoiceId]:
        """Return the ids in Xero of the invoices that go by a number, a new one too."""
        if number in self.board:
            return [invoice.xero_invoice_id for invoice in self.board[number].side.invoices]
        if number in self.resting:
            return [self.resting[number].xero_id]
        return [invoice_id for invoice_id, name in self.names.items() if name == number]

    def put(self, number: str, one: OnBoard) -> None:
        """Put an invoice on the board, as it is by now."""
        self.take_out(number)
        self.board[number] = one
        self._note(number)

    def take_out(self, number: str) -> None:
        """Take an invoice from where it is."""
        self.board.pop(number, None)
        resting = self.resting.pop(number, None)
        if resting is not None:
            for tie in resting.ties:
                self.by_tie[tie].discard(number)
            self._count(resting, -1)

    def let_rest(self, numbers: Iterable[str], around: CommonGround, prefix: str) -> None:
        """Take those off the board that need not be looked at again."""
        for number in tuple(numbers):
            one = self.board[number]
            rivals = one.snapshot.rivals if one.snapshot is not None else ()
            is_known = is_ordinary(one.side, one.case, self.known, rivals, prefix)
            if not is_known or number.removeprefix(prefix) in self.contested:
                continue
            resting = rest_of(one, self.memo.first.get(number), around)
            # Who is asked for now is asked for at the next check too, mostly.
            is_checked = number.removeprefix(prefix) not in self.unchecked.numbers
            if resting is not None and is_checked and self.asked.isdisjoint(resting.ties):
                del self.board[number]
                self.lay(number, resting)
                self._note(number)
        self.memo.end(self.board)

    def lay(self, number: str, resting: Resting) -> None:
        """Put an invoice among those at rest."""
        self.resting[number] = resting
        for tie in resting.ties:
            self.by_tie[tie].add(number)
        self._count(resting, 1)

    def changes(self) -> LeftChanges:
        """Return what our store is not told of yet, and take it for told."""
        is_all = self.moved is None
        numbers = {*self.board, *self.resting} if self.moved is None else self.moved
        keys = set(self.marks.by_key) if is_all else self.remarked
        self.moved, self.remarked = set(), set()
        seen, names = self.marks.by_key, self.marks.numbers
        return LeftChanges(
            invoices={number: self._left(number) for number in numbers},
            marks={key: (seen[key].hex(), names.get(key, "")) if key in seen else None for key in keys},
            is_all=is_all,
        )

    def _left(self, number: str) -> LeftInvoice:
        resting = self.resting.get(number)
        return LeftInvoice(xero_ids=tuple(self.ids_of(number)), resting=resting)

    def _note(self, number: str) -> None:
        if self.moved is not None:
            self.moved.add(number)

    def tied_to(self, asked: Iterable[Tie]) -> frozenset[str]:
        """Return those at rest that are asked for by any of these ties, which are all that anybody asks for."""
        self.asked = frozenset(map(mark_of_tie, asked))
        found: set[str] = set()
        for tie in self.asked:
            found |= self.by_tie.get(tie, set())
        return frozenset(found)

    def _count(self, resting: Resting, by: int) -> None:
        self.matched += by * resting.matched
        self.copies += by * resting.imported
        self.agreeing += by * resting.agrees


def keep(
    known: Known,
    reading: CaseReading,
    found: CaseSides,
    results: Iterable[InvoiceResult],
    moment: Moment,
    *,
    memo: Memo,
    generation: int,
    pending: Collection[str],
) -> KeptFirm:
    """Keep what a comparison of everything found."""
    prefix, policy = moment.policy.invoice_prefix, moment.policy
    claimed = {side.invoice.invoice_id for side in found.sides.values() if side is not None}
    beside = [side for side in reading.sides.values() if side.invoice.invoice_id not in claimed]
    kept = KeptFirm(
        generation=generation,
        known=replace(known, sides={}, memory=replace(known.memory, pairs=_NO_PAIRS), declined={}, refused={}),
        memo=memo,
        marks=reading.marks,
        case_numbers=reading.numbers,
        names={i.xero_invoice_id: number for number, side in known.sides.items() for i in side.invoices},
        contested=contested_by(known, found, prefix),
        wanted=set(known.case_numbers(prefix)),
        unclaimed={side.invoice.invoice_id.value: side for side in (*beside, *reading.others)},
        copies_beside=sum(imported_among(side, policy) for side in beside),
    )
    by_number = {result.snapshot.number: result for result in results}
    kept.loose = tuple(result for number, result in by_number.items() if number not in known.sides)
    for number, side in known.sides.items():
        first = memo.first.get(number)
        snapshot = first.snapshot if first is not None else None
        kept.board[number] = OnBoard(
            side=side, case=found.sides[number], snapshot=snapshot, result=by_number.get(number)
        )
    kept.let_rest(list(kept.board), around_of(known, moment), prefix)
    kept.pending = frozenset(number for number in pending if number in kept.board)
    return kept


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftFirm:
    """What the last check left in this process, and by which policy, day and check."""

    kept: KeptFirm
    policy: Policy
    today: date
    checked_at: datetime | None


def kept_by(outside: Outside, moment: Moment) -> KeptFirm | None:
    """Return what the last check left, where it was this process's, and policy and day are the same."""
    left = outside.left.content
    if not isinstance(left, LeftFirm) or (left.policy, left.today) != (moment.policy, moment.today):
        return None
    with outside.store.read() as unit:
        last = unit.polling.state().comparison.last_polled_at
    return left.kept if last == left.checked_at else None


def around_of(known: Known, moment: Moment) -> CommonGround:
    """Return what holds for all invoices."""
    return CommonGround(policy=moment.policy, as_of=moment.as_of, refunds=tuple(r for r in known.refunds if r.is_live))


def contested_by(known: Known, found: CaseSides, prefix: str) -> frozenset[str]:
    """Return Case Manager's numbers that invoices want which are not ordinary: all of these settle claims together."""
    contested: set[str] = set()
    for number, side in known.sides.items():
        case = found.sides[number]
        if not is_ordinary(side, case, known, found.rivals.get(number, ()), prefix):
            contested.add(number.removeprefix(prefix))
            contested.update(n for invoice in side.invoices for n in known.numbers_of(side, invoice, prefix))
            contested.update(fact.number.removeprefix(prefix) for fact in side.facts)
            if case is not None:
                contested.add(case.invoice.number)
            paid = {folded(payment.payment_id) for payment in side.payments}
            if side.is_renumbered:
                contested.update(
                    n for n, pairs in known.memory.pairs.items() if any(folded(p.xero_id) in paid for p in pairs)
                )
    return frozenset(contested)
