"""Go on from what the last comparison left in our store, whichever program made it.

Those at rest come as they were left; the others are read anew from both sides. What changed since is found as always:
by what was touched after the generation that was left, and by the hashes of Case Manager's rows.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace

from cmxero_desktop.domain.correlation.judging_memo import Memo
from cmxero_desktop.domain.near_numbers import NearNumbers
from cmxero_desktop.services.correlation.circumstances import Circumstances
from cmxero_desktop.services.correlation.claiming import case_sides
from cmxero_desktop.services.correlation.firm import firm_of
from cmxero_desktop.services.correlation.firm_sums import count_of_result
from cmxero_desktop.services.correlation.kept_firm import KeptFirm, LeftFirm, contested_by
from cmxero_desktop.services.correlation.moment import Moment
from cmxero_desktop.services.correlation.resting_firm import OnBoard, imported_among
from cmxero_desktop.services.correlation.snapshots import Known, read_known
from cmxero_desktop.services.ports.outside import Outside
from cmxero_desktop.services.records.readings import CaseInvoiceSide, CaseMarks, CaseReading
from cmxero_desktop.services.records.rested import LeftComparison
from cmxero_desktop.services.records.runs import Counts, PollState


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftInStore:
    """What a comparison left in our store, and what it counted."""

    kept: KeptFirm
    counts: Counts


def kept_by(outside: Outside, moment: Moment) -> KeptFirm | None:
    """Return what the last check left, in this process or else in our store, where all around it is the same.

    Raises CaseManagerError.
    """
    with outside.store.read() as unit:
        state = unit.polling.state()
    left, checked_at = outside.left.content, state.comparison.last_polled_at
    own = (moment.policy, moment.today, checked_at)
    if isinstance(left, LeftFirm) and (left.policy, left.today, left.checked_at) == own:
        return left.kept
    around = Circumstances(
        settings=outside.settings_file.load(),
        facts=outside.case_manager.check(),
        policy=moment.policy,
        today=moment.today,
    )
    found = left_in_store(outside, around, state, moment)
    if found is None:
        return None
    outside.left.content = LeftFirm(kept=found.kept, policy=moment.policy, today=moment.today, checked_at=checked_at)
    return found.kept


@contextmanager
def given_up_where_it_fails(outside: Outside) -> Iterator[None]:
    """Give up what the last check left where going on from it fails in any way: it may be half changed by then.

    The next one goes on from what our store has.
    """
    try:
        yield
    except BaseException:
        outside.left.content = None
        raise


def left_in_store(outside: Outside, around: Circumstances, state: PollState, moment: Moment) -> LeftInStore | None:
    """Return what the last comparison left in our store, where all around it is the same. Raises CaseManagerError."""
    with outside.store.read() as unit:
        head = unit.left.head()
        is_last = head is not None and head.checked_at == state.comparison.last_polled_at
        if head is None or not is_last or head.around != around.mark(state.epoch.epoch_id):
            return None
        left = unit.left.read(head)
    kept = kept_again(outside, left, moment)
    return None if kept is None else LeftInStore(kept=kept, counts=head.counts)


def kept_again(outside: Outside, left: LeftComparison, moment: Moment) -> KeptFirm | None:
    """Return the firm as it was left; None where an invoice goes by another number by now. Raises CaseManagerError."""
    prefix, policy = moment.policy.invoice_prefix, moment.policy
    board = {number: one for number, one in left.invoices.items() if one.resting is None}
    with outside.store.read() as unit:
        known = read_known(unit, prefix, moment.today, among=[i for one in board.values() for i in one.xero_ids])
        memory = replace(known.memory, baseline=unit.memory.baseline())
        known = replace(known, memory=memory, refunds=unit.facts.refunds())
        stored = {r.snapshot.number: r for r in unit.results.latest({*board, *left.head.loose})}
    if known.sides.keys() != board.keys():
        return None
    reading = _read(outside, left, known, moment)
    found = case_sides(known, reading.sides, policy)
    with outside.store.read() as unit:
        firm = firm_of(unit, known, reading, moment)
    claimed = {side.invoice.invoice_id for side in found.sides.values() if side is not None}
    beside = [side for side in reading.sides.values() if side.invoice.invoice_id not in claimed]
    kept = KeptFirm(
        generation=left.head.generation,
        known=replace(known, sides={}, memory=replace(memory, pairs={}), declined={}, refused={}),
        memo=Memo(),
        marks=left.marks,
        case_numbers=reading.numbers,
        near_numbers=NearNumbers(reading.numbers),
        contested=contested_by(known, found, prefix),
        wanted={*_own_numbers(left, prefix), *known.case_numbers(prefix)},
        unclaimed={side.invoice.invoice_id.value: side for side in (*beside, *reading.others)},
        copies_beside=sum(imported_among(side, policy) for side in beside),
        loose=tuple(stored[number] for number in left.head.loose if number in stored),
        moved=set(),
    )
    for number, one in left.invoices.items():
        kept.names.update(dict.fromkeys(one.xero_ids, number))
        if one.resting is not None:
            kept.lay(number, one.resting)
        else:
            on_board = OnBoard(
                side=known.sides[number],
                case=found.sides[number],
                snapshot=firm.snapshots.get(number),
                result=stored.get(number),
            )
            kept.put(number, on_board, policy)
    for result in kept.loose:
        kept.sums.count_result(result.snapshot.number, count_of_result(result, policy))
    kept.refunded = frozenset(n for n, snapshot in firm.snapshots.items() if snapshot.refunded)
    kept.moved = set()
    kept.pending = frozenset(left.head.pending)
    return kept


def _read(outside: Outside, left: LeftComparison, known: Known, moment: Moment) -> CaseReading:
    """Read Case Manager's sides of those that are not at rest, and what nobody claims, whether it changed or not."""
    prefix = moment.policy.invoice_prefix
    on_board = known.case_numbers(prefix)
    resting = _own_numbers(left, prefix) - on_board
    numbers = left.marks.numbers
    quiet = {key for key, number in numbers.items() if number in resting}
    unlike = CaseMarks(
        by_key={key: mark for key, mark in left.marks.by_key.items() if key in quiet},
        numbers={key: number for key, number in numbers.items() if key in quiet},
    )
    reading = outside.case_manager.read(resting | on_board, moment.policy.currency, unlike=unlike)
    return replace(reading, sides=_among(reading.sides, on_board))


def _among(sides: Mapping[str, CaseInvoiceSide], numbers: frozenset[str]) -> Mapping[str, CaseInvoiceSide]:
    return {number: side for number, side in sides.items() if number in numbers}


def _own_numbers(left: LeftComparison, prefix: str) -> frozenset[str]:
    return frozenset(n.removeprefix(prefix) for n, one in left.invoices.items() if one.resting is not None)
