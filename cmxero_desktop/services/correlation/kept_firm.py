"""Keep in this process what the last comparison knew of the firm, so that the next one looks at what changed only.

Whatever is out of the ordinary makes the next comparison one of everything: then nothing is kept. What is kept is
fenced by the store's generation: all that anybody stored after it is looked at again.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from cmxero_desktop.domain.correlation.judging_memo import FirstSketch, Memo
from cmxero_desktop.domain.correlation.resting import Tie, asked_by, mark_of_tie, of_id
from cmxero_desktop.domain.identifiers import XeroInvoiceId, XeroPaymentId
from cmxero_desktop.domain.memory import RememberedPair
from cmxero_desktop.domain.near_numbers import NearNumbers
from cmxero_desktop.domain.policy import Policy
from cmxero_desktop.domain.refund_homes import RefundHomes
from cmxero_desktop.domain.scope import folded
from cmxero_desktop.services.correlation.asking import Asked
from cmxero_desktop.services.correlation.claiming import CaseSides
from cmxero_desktop.services.correlation.firm_sums import (
    FirmSums,
    ResultCount,
    SidesCount,
    count_of_result,
    count_of_sides,
)
from cmxero_desktop.services.correlation.moment import Moment
from cmxero_desktop.services.correlation.resting_firm import (
    CommonGround,
    MayRest,
    OnBoard,
    imported_among,
    is_ordinary,
    quiet_at,
    rest_of,
)
from cmxero_desktop.services.correlation.snapshots import Known, XeroSide
from cmxero_desktop.services.records.readings import (
    NOT_COMPARED,
    CaseChanged,
    CaseInvoiceSide,
    CaseMarks,
    CaseReading,
)
from cmxero_desktop.services.records.rested import LeftChanges, LeftInvoice, Resting
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
    invoices and Case Manager's keys of which our store is not told yet; None: of nothing at all. `waking` are those at
    rest that somebody asks for, `waiting` those on the board that only wait until they may rest; None: nobody was asked
    yet. `homes` and `refunded` are where money that went back may belong, and where it does.
    """

    generation: int
    known: Known
    memo: Memo
    marks: CaseMarks
    case_numbers: frozenset[str]
    near_numbers: NearNumbers
    board: dict[str, OnBoard] = field(default_factory=dict)
    resting: dict[str, Resting] = field(default_factory=dict)
    by_tie: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))
    names: dict[XeroInvoiceId, str] = field(default_factory=dict)
    contested: frozenset[str] = frozenset()
    wanted: set[str] = field(default_factory=set)
    unclaimed: dict[int | str | None, CaseInvoiceSide] = field(default_factory=dict)
    pending: frozenset[str] = frozenset()
    is_ahead: bool = False
    asked: Asked = field(default_factory=Asked)
    asking: dict[str, FirstSketch] = field(default_factory=dict)
    unchecked: CaseChanged = NOT_COMPARED
    loose: tuple[InvoiceResult, ...] = ()
    copies_beside: int = 0
    moved: set[str] | None = None
    remarked: set[int | str | None] = field(default_factory=set)
    sums: FirmSums = field(default_factory=FirmSums)
    homes: RefundHomes = field(default_factory=RefundHomes)
    refunded: frozenset[str] = frozenset()
    waking: set[str] = field(default_factory=set)
    waiting: dict[str, MayRest] | None = None

    @property
    def board_known(self) -> Known:
        """What is known of the invoices on the board."""
        return replace(self.known, sides={number: one.side for number, one in self.board.items()})

    @property
    def results(self) -> tuple[InvoiceResult, ...]:
        """The results of the invoices on the board."""
        return (*self.loose, *(one.result for one in self.board.values() if one.result is not None))

    @property
    def imported(self) -> int:
        """How many imported payments all invoices have (R27)."""
        return self.copies_beside + self.sums.imported

    @property
    def has_unreadable(self) -> bool:
        """Whether any row of Xero could not be read."""
        return bool(self.known.loose_unreadable) or any(one.side.unreadable for one in self.board.values())

    def is_there(self, number: str) -> bool:
        """Say whether an invoice goes by this CM number."""
        return number in self.board or number in self.resting

    def is_by_itself(self, number: str, side: XeroSide, prefix: str) -> bool:
        """Say whether nobody could take an invoice for another, as far as Xero tells, and none claims its number."""
        is_contested = number.removeprefix(prefix) in self.contested
        return not is_contested and is_ordinary(side, None, self.known, (), prefix)

    def ids_of(self, number: str) -> Collection[XeroInvoiceId]:
        """Return the ids in Xero of the invoices that go by a number, a new one too."""
        if number in self.board:
            return [invoice.xero_invoice_id for invoice in self.board[number].side.invoices]
        if number in self.resting:
            return [self.resting[number].xero_id]
        return [invoice_id for invoice_id, name in self.names.items() if name == number]

    def put(self, number: str, one: OnBoard, policy: Policy) -> None:
        """Put an invoice on the board, as it is by now; what is found of it counts once it is found."""
        self.take_out(number)
        self.board[number] = one
        self.sums.count_sides(number, count_of_sides(one.side, one.case, policy))
        self.sums.count_result(number, count_of_result(one.result, policy))
        if one.snapshot is not None:
            self.homes.put(one.snapshot)
        self._note(number)

    def found(self, number: str, result: InvoiceResult, policy: Policy) -> None:
        """Keep what was found of an invoice on the board, and count it."""
        self.board[number] = replace(self.board[number], result=result)
        self.sums.count_result(number, count_of_result(result, policy))

    def take_out(self, number: str) -> None:
        """Take an invoice from where it is."""
        if not self.is_there(number):
            return
        self.board.pop(number, None)
        self.waking.discard(number)
        self.homes.leave_out(number)
        self.sums.leave_out(number)
        resting = self.resting.pop(number, None)
        if resting is not None:
            for tie in resting.ties:
                self.by_tie[tie].discard(number)

    def let_rest(self, numbers: Iterable[str], around: CommonGround, prefix: str) -> None:
        """Take those off the board that need not be looked at again, and those that only waited for it.

        Of the others `numbers` are all that may have become such since this was asked last.
        """
        waiting, asked_now = self.waiting or {}, set(numbers)
        asked_now |= {number for number, waits in waiting.items() if self.board.get(number) is not waits.one}
        self.waiting = {number: waits for number, waits in waiting.items() if number not in asked_now}
        for number in asked_now:
            if (one := self.board.get(number)) is not None and self._may_rest(number, one, prefix):
                resting = rest_of(one, self.memo.first.get(number), around)
                if resting is not None:
                    self.waiting[number] = MayRest(one, resting, quiet_at(one))
        self._lay_down(around, prefix)
        self.memo.end(self.board)

    def _may_rest(self, number: str, one: OnBoard, prefix: str) -> bool:
        rivals = one.snapshot.rivals if one.snapshot is not None else ()
        is_known = is_ordinary(one.side, one.case, self.known, rivals, prefix)
        return is_known and number.removeprefix(prefix) not in self.contested

    def _lay_down(self, around: CommonGround, prefix: str) -> None:
        """Lay down those that nobody asks for: who is asked for now is asked for at the next check too, mostly."""
        waiting = self.waiting or {}
        for number, waits in tuple(waiting.items()):
            is_checked = number.removeprefix(prefix) not in self.unchecked.numbers
            is_quiet = waits.quiet_at is None or waits.quiet_at <= around.as_of
            if is_checked and is_quiet and not self.asked.is_any_of(waits.resting.ties):
                self.take_out(number)
                self.lay(number, waits.resting)
                self._note(number)
                del waiting[number]

    def lay(self, number: str, resting: Resting) -> None:
        """Put an invoice among those at rest."""
        self.resting[number] = resting
        for tie in resting.ties:
            self.by_tie[tie].add(number)
        sides = SidesCount(imported=resting.imported, pair=resting.pair, agrees=resting.agrees)
        self.sums.count_sides(number, sides)
        self.sums.count_result(number, ResultCount(matched=resting.matched))

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

    def who_names(self, payment_ids: Iterable[XeroPaymentId]) -> set[str]:
        """Return the invoices on the board whose copies name any of these payments, of whatever invoice (R7)."""
        return {who for who in self.asked.who_asks(mark_of_tie(of_id(i)) for i in payment_ids) if who in self.board}

    def ask(self, who: str, asked: Iterable[Tie]) -> None:
        """Say what somebody asks for by now: those at rest that nobody asked for before have to wake."""
        for mark in self.asked.ask(who, map(mark_of_tie, asked)):
            self.waking |= self.by_tie.get(mark, set())


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
        near_numbers=NearNumbers(reading.numbers),
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
    # Those that may rest count as such; nothing of them is added up twice.
    kept.let_rest(list(kept.board), around_of(known, moment), prefix)
    for number, one in tuple(kept.board.items()):
        kept.put(number, one, policy)
    for result in kept.loose:
        kept.sums.count_result(result.snapshot.number, count_of_result(result, policy))
    for number in kept.board.keys() & memo.first.keys():
        kept.asking[number] = memo.first[number]
        kept.ask(number, asked_by(memo.first[number].sketched, policy))
    kept.refunded = frozenset(n for n, one in kept.board.items() if one.snapshot is not None and one.snapshot.refunded)
    kept.pending = frozenset(number for number in pending if number in kept.board)
    return kept


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftFirm:
    """What the last check left in this process, and by which policy, day and check."""

    kept: KeptFirm
    policy: Policy
    today: date
    checked_at: datetime | None


def around_of(known: Known, moment: Moment) -> CommonGround:
    """Return what holds for all invoices."""
    return CommonGround.of(moment.policy, moment.as_of, known.refunds)


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
