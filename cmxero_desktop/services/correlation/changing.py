"""Compare only what changed since the last comparison, and what that can reach; nothing else is read or judged.

What is stored is what a comparison of everything would store. Where more than invoices of the ordinary kind may be
concerned, the answer is that everything has to be compared.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from cmxero_desktop.domain.correlation.judging import Judgement, judge_from
from cmxero_desktop.domain.doubts import Doubt
from cmxero_desktop.domain.identifiers import XeroInvoiceId
from cmxero_desktop.domain.policy import Policy
from cmxero_desktop.domain.records import InvoiceSnapshot
from cmxero_desktop.domain.scope import folded
from cmxero_desktop.services.correlation.correlated import BothSides, Correlated
from cmxero_desktop.services.correlation.doubting import ask_about_doubts
from cmxero_desktop.services.correlation.firm import (
    Firm,
    is_worth_keeping,
    limits_of,
    result_of,
    strays_of,
    with_near_number,
    with_near_numbers,
)
from cmxero_desktop.services.correlation.keeping_notes import keep_notes
from cmxero_desktop.services.correlation.kept_firm import KeptFirm, around_of
from cmxero_desktop.services.correlation.memorising import MemoryOfFirm, memory_of, remember, remember_strays
from cmxero_desktop.services.correlation.moment import Moment
from cmxero_desktop.services.correlation.proposing import Merged, store_proposals
from cmxero_desktop.services.correlation.resting_firm import OnBoard, is_told_alike
from cmxero_desktop.services.correlation.snapshots import Known, named_ids, read_known, snapshot_of
from cmxero_desktop.services.correlation.waking import ask_for_those_at_rest, give_refunds
from cmxero_desktop.services.ports.outside import Outside
from cmxero_desktop.services.ports.store import UnitOfWork
from cmxero_desktop.services.records.readings import NOT_COMPARED, CaseChanged, CaseInvoiceSide, CaseReading
from cmxero_desktop.services.records.touched import Touched


class EverythingError(Exception):
    """More may be concerned than single invoices: everything has to be compared."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """The invoices, by CM number, of which anything is not what the last comparison saw, with Case Manager's side."""

    touched: Touched
    numbers: frozenset[str]
    reading: CaseReading
    is_ahead: bool

    @property
    def is_nothing(self) -> bool:
        """Whether nothing at all changed."""
        return not (self.is_ahead or self.numbers or self.touched.is_anything or self.reading.changed.keys)


def find_changes(outside: Outside, kept: KeptFirm, moment: Moment, wanted: Collection[str] = ()) -> Changes:
    """Find what changed on either side; the invoices that are `wanted` count as changed.

    Raises EverythingError, and CaseManagerError.
    """
    prefix = moment.policy.invoice_prefix
    with outside.store.read() as unit:
        touched = unit.touches.since(kept.generation)
        numbers = {*_numbers_of(unit, touched, kept, prefix), *kept.pending, *wanted}
        has_foreign = bool(unit.pairs.foreign())
    if any(not kept.is_there(n) for n in wanted):
        raise EverythingError
    also = {number.removeprefix(prefix) for number in numbers if number not in kept.board}
    reading = outside.case_manager.read(kept.wanted | also, moment.policy.currency, unlike=kept.marks, also=also)
    if has_foreign and reading.changed.keys:
        # Whether a foreign copy is gone shows among all payments only (R29).
        raise EverythingError
    for number in reading.changed.numbers:
        if number in kept.contested:
            raise EverythingError
        if kept.is_there(f"{prefix}{number}"):
            numbers.add(f"{prefix}{number}")
    return Changes(touched=touched, numbers=frozenset(numbers), reading=reading, is_ahead=kept.is_ahead)


def _numbers_of(unit: UnitOfWork, touched: Touched, kept: KeptFirm, prefix: str) -> Iterable[str]:
    """Return by which CM numbers what was touched goes; a new invoice brings its own."""
    if touched.is_all:
        raise EverythingError
    new = touched.invoice_ids - kept.names.keys()
    tracked = unit.facts.tracked(new) if new else {}
    if new - tracked.keys():
        # A refund, or what is of no tracked invoice: it may belong to any of them (R2).
        raise EverythingError
    for invoice in tracked.values():
        is_free = not kept.is_there(invoice.number) and invoice.number.removeprefix(prefix) not in kept.contested
        if not invoice.number.startswith(prefix) or not is_free:
            raise EverythingError
        kept.names[invoice.xero_invoice_id] = invoice.number
    yield from (kept.names[invoice_id] for invoice_id in touched.invoice_ids)
    if any(not kept.is_there(number) for number in touched.numbers):
        raise EverythingError
    yield from touched.numbers
    # What is said of payments that no invoice of Xero's has is read anew at each comparison.
    yield from (f"{prefix}{number}" for number in touched.case_numbers if kept.is_there(f"{prefix}{number}"))


class ChangesOnBoard:
    """One comparison of what changed, on the board of the last one."""

    def __init__(self, outside: Outside, kept: KeptFirm, changes: Changes, moment: Moment) -> None:
        """Keep what is to be compared."""
        self._outside = outside
        self._kept = kept
        self._changes = changes
        self._moment = moment
        self._policy: Policy = moment.policy
        self._renewed: set[str] = set()
        self._gone: set[str] = set()

    def take_in(self) -> BothSides:
        """Put what changed on the board, and ask Xero about what is in doubt; return both sides as far as they changed.

        Raises EverythingError.
        """
        kept = self._kept
        self.renew()
        # Also what changed before a decision or a write since the last check.
        changed, kept.unchecked = kept.unchecked, NOT_COMPARED
        with self._outside.store.read() as unit:
            memory = replace(kept.known.memory, pairs=memory_of(unit, among=changed.numbers).pairs)
        ask_about_doubts(
            self._outside,
            kept.sums.all_doubts,
            self._moment,
            is_any_unknown=bool(kept.known.unknown_ids) or kept.has_unreadable,
            read=self._read_again,
        )
        known = replace(kept.board_known, memory=memory)
        cases = (one.case for one in kept.board.values() if one.case is not None)
        reading = replace(
            self._changes.reading,
            sides={case.invoice.number: case for case in cases if case.invoice.number in changed.numbers},
            others=tuple(side for key, side in kept.unclaimed.items() if key in changed.keys),
            changed=changed,
        )
        return BothSides(known, reading, is_answered=True, is_part=True)

    def renew(self) -> None:
        """Put what changed on the board. Raises EverythingError.

        Nothing of it is stored yet: the next comparison looks at it again.
        """
        kept = self._kept
        # First of all: whatever fails from here on, the next comparison looks at them.
        kept.pending, kept.is_ahead = kept.pending | self._changes.numbers, True
        self._take_in_case_manager()
        with self._outside.store.read() as unit:
            self._renew(unit, self._changes.numbers)

    def correlate(self) -> Correlated:
        """Judge what changed, and store what is another by now. Raises EverythingError before anything is stored."""
        kept, moment, prefix = self._kept, self._moment, self._policy.invoice_prefix
        memory, _, judgement = self.judged()
        touched = self._renewed | self._changed_by(judgement)
        with self._outside.store.begin() as unit:
            before = unit.touches.since(self._changes.touched.generation)
            merged, remembered = self._store(unit, memory, judgement, touched)
            # What somebody else stored meanwhile is looked at again; what this very unit stores is not.
            generation = self._changes.touched.generation if before.is_anything else unit.touches.generation()
            unit.commit()
        kept.generation = generation
        correlated = Correlated(results=kept.results, merged=merged, breach=judgement.breach, kept=kept)
        asked = touched if kept.waiting is not None else tuple(kept.board)
        kept.let_rest(asked, around_of(kept.known, moment), prefix)
        kept.pending = frozenset(number for number in remembered | merged.decided if number in kept.board)
        kept.is_ahead = False
        return correlated

    # Both sides

    def _take_in_case_manager(self) -> None:
        kept, reading = self._kept, self._changes.reading
        prefix = self._policy.invoice_prefix
        before = kept.unchecked
        kept.unchecked = CaseChanged(before.keys | reading.changed.keys, before.numbers | reading.changed.numbers)
        for key in reading.changed.keys:
            kept.unclaimed.pop(key, None)
        kept.unclaimed.update((side.invoice.invoice_id.value, side) for side in reading.others)
        kept.marks = reading.marks
        kept.remarked |= reading.changed.keys
        if reading.numbers != kept.case_numbers:
            kept.case_numbers = reading.numbers
            kept.near_numbers.renew(reading.numbers)
            for number, one in kept.board.items():
                if one.snapshot is not None and one.snapshot.case_invoice is None:
                    snapshot = with_near_number(one.snapshot, kept.near_numbers, self._policy)
                    if snapshot is not one.snapshot:
                        kept.board[number] = replace(one, snapshot=snapshot)
        kept.wanted |= {number.removeprefix(prefix) for number in self._changes.numbers}

    def _case_of(self, number: str, woken: Mapping[str, CaseInvoiceSide]) -> CaseInvoiceSide | None:
        """Return Case Manager's side as it is by now."""
        changed, own = self._changes.reading.changed, number.removeprefix(self._policy.invoice_prefix)
        if number in woken:
            return woken[number]
        if own in changed.numbers:
            return self._changes.reading.sides.get(own)
        return self._kept.board[number].case if number in self._kept.board else None

    def _renew(
        self, unit: UnitOfWork, numbers: Collection[str], woken: Mapping[str, CaseInvoiceSide] | None = None
    ) -> None:
        """Put invoices on the board, and anew those on it whose copies name payments of these (R7)."""
        naming = self._put(unit, numbers, woken or {})
        self._put(unit, naming.difference(numbers), {})

    def _put(self, unit: UnitOfWork, numbers: Collection[str], woken: Mapping[str, CaseInvoiceSide]) -> set[str]:
        """Put invoices on the board as our store knows them, each with its side in Case Manager; return who names them.

        What another invoice's payment says is part of the snapshot of whoever names it.
        """
        kept, policy, prefix = self._kept, self._policy, self._policy.invoice_prefix
        ids = [i for n in numbers for i in kept.ids_of(n)]
        if not ids:
            return set()
        known = read_known(unit, prefix, self._moment.today, among=ids)
        cases = {number: self._case_of(number, woken) for number in numbers}
        named = {i for case in cases.values() for i in named_ids(case, policy)}
        stored = {folded(i): p for i, p in unit.facts.payments_by_id(named).items()} if named else {}
        if named - stored.keys() - known.unknown_ids:
            # Xero has to be asked about payments that nobody knows (R15, R20).
            raise EverythingError
        memory = replace(known.memory, baseline=kept.known.memory.baseline)
        known = replace(known, memory=memory)
        before = (kept.board[number].side for number in numbers if number in kept.board)
        naming = kept.who_names(p.payment_id for side in (*known.sides.values(), *before) for p in side.payments)
        for number in numbers:
            side, case = known.sides.get(number), cases[number]
            # Who else claims a number is settled among all invoices: a snapshot made here would not know it (R1).
            if side is None or not kept.is_by_itself(number, side, prefix):
                raise EverythingError
            snapshot = snapshot_of(side, case, known, stored, policy, self._moment.as_of)
            if case is not None:
                kept.unclaimed.pop(case.invoice.invoice_id.value, None)
            kept.put(number, OnBoard(side=side, case=case, snapshot=self._finished(snapshot)), policy)
            self._renewed.add(number)
            if kept.board[number].snapshot is None:
                self._gone.add(number)
        kept.known = replace(kept.known, memory=replace(memory, pairs={}), unknown_ids=known.unknown_ids)
        return naming

    def _finished(self, snapshot: InvoiceSnapshot) -> InvoiceSnapshot | None:
        if not is_worth_keeping(snapshot):
            return None
        return with_near_numbers([snapshot], self._kept.near_numbers, self._policy)[0]

    def _read_again(self, invoice_ids: Collection[XeroInvoiceId]) -> Collection[Doubt]:
        """Put on the board what Xero said of some of it, and return what is doubtful; mostly it says the same."""
        with self._outside.store.read() as unit:
            news = unit.touches.since(self._changes.touched.generation)
            if news.is_all:
                raise EverythingError
            self._renew(unit, {self._kept.names[i] for i in news.invoice_ids.intersection(invoice_ids)})
        return self._kept.sums.all_doubts

    # Judging

    def judged(self) -> tuple[MemoryOfFirm, Firm, Judgement]:
        """Judge the board, with those at rest that somebody on it asks for."""
        kept = self._kept
        while True:
            give_refunds(kept, self._policy)
            with self._outside.store.read() as unit:
                memory = self._memory(unit)
                limits = limits_of(unit, kept.imported, self._policy)
            firm = Firm(
                snapshots={n: one.snapshot for n, one in kept.board.items() if one.snapshot is not None},
                sides={n: one.case for n, one in kept.board.items()},
                rivals={},
                strays=strays_of(kept.unclaimed.values(), memory, self._policy),
                limits=limits,
            )
            first = firm.first_passes(self._moment, kept.memo)
            ask_for_those_at_rest(kept, firm, self._policy)
            if not self._wake(frozenset(kept.waking)):
                judgement = judge_from(first, self._policy, limits=limits, only=None, memo=kept.memo)
                return memory, firm, judgement

    def _wake(self, numbers: Collection[str]) -> bool:
        """Put some of those at rest on the board; say whether there are any. Raises EverythingError."""
        kept = self._kept
        if not numbers:
            return False
        keys = {number: kept.resting[number].case_id for number in numbers}
        found = self._outside.case_manager.sides_of([k for k in keys.values() if k is not None], self._policy.currency)
        by_key = {side.invoice.invoice_id: side for side in found}
        sides = {number: by_key[key] for number, key in keys.items() if key in by_key}
        if len(sides) < len(keys):
            raise EverythingError
        with self._outside.store.read() as unit:
            self._renew(unit, numbers, sides)
        return True

    def _changed_by(self, judgement: Judgement) -> set[str]:
        """Return the invoices of which the judgement says something else than the last one."""
        found = set()
        for number, correlation in judgement.correlations.items():
            stored, now = self._kept.board[number].result, self._kept.board[number].snapshot
            if stored is None or now is None or not is_told_alike(stored.snapshot, now):
                found.add(number)
            elif stored.correlation is not correlation:
                if stored.correlation == correlation:
                    # What another program stored, found again.
                    again = replace(stored, correlation=correlation)
                    self._kept.board[number] = replace(self._kept.board[number], result=again)
                else:
                    found.add(number)
        return found

    # Storing

    def _memory(self, unit: UnitOfWork) -> MemoryOfFirm:
        """Return what is said of all payments, and the pairs of the board."""
        pairs = {
            one.snapshot.case_invoice.number: one.snapshot.decisions.memory
            for one in self._kept.board.values()
            if one.snapshot is not None and one.snapshot.case_invoice is not None
        }
        memory = self._kept.known.memory
        return replace(memory, pairs=pairs, accepted=unit.memory.accepted(), explained=unit.memory.explained())

    def _store(
        self, unit: UnitOfWork, memory: MemoryOfFirm, judgement: Judgement, touched: Collection[str]
    ) -> tuple[Merged, frozenset[str]]:
        kept, moment = self._kept, self._moment
        results = []
        for number in touched:
            one = kept.board[number]
            if one.snapshot is not None:
                result = result_of(one.snapshot, judgement.correlations[number])
                kept.found(number, result, self._policy)
                results.append(result)
        unit.results.save(results, replace_all=False)
        unit.results.forget(self._gone)
        remembered = remember(unit, results, memory, moment)
        unclaimed = CaseReading(sides={}, others=tuple(kept.unclaimed.values()))
        remember_strays(unit, [one.case for one in kept.board.values()], unclaimed, memory, moment)
        keep_notes(unit, results, moment)
        beside = sum(
            len(s.payments) + len(s.unreadable) for s in unclaimed.others if s.invoice.number not in kept.wanted
        )
        comparison = unit.polling.state().comparison
        if comparison.other_payments != beside:
            unit.polling.save_comparison(replace(comparison, other_payments=beside))
        merged = store_proposals(unit, [p for r in results for p in r.correlation.proposals], touched, moment=moment)
        return merged, remembered


def correlate_changed(outside: Outside, kept: KeptFirm, moment: Moment, numbers: Collection[str]) -> None:
    """Judge again after `numbers` were written to or decided about, and store what is another by now.

    The next check tells of it. Raises EverythingError before anything is stored.
    """
    on_board = ChangesOnBoard(outside, kept, find_changes(outside, kept, moment, numbers), moment)
    on_board.renew()
    on_board.correlate()
    kept.is_ahead = True


def judged_now(
    outside: Outside, kept: KeptFirm, moment: Moment, numbers: Collection[str]
) -> tuple[Known, CaseReading, Firm, Judgement]:
    """Read and judge the firm as it is now, for a write to these invoices; nothing of it is stored.

    Raises EverythingError.
    """
    changes = find_changes(outside, kept, moment, numbers)
    on_board = ChangesOnBoard(outside, kept, changes, moment)
    on_board.renew()
    memory, firm, judgement = on_board.judged()
    snapshots = firm.snapshots.items()
    known = replace(
        kept.board_known,
        memory=memory,
        declined={number: snapshot.decisions.declined for number, snapshot in snapshots},
        refused={number: snapshot.decisions.refused for number, snapshot in snapshots},
    )
    sides = {side.invoice.number: side for side in firm.sides.values() if side is not None}
    return known, replace(changes.reading, sides=sides), firm, judgement
