"""Go on from what the last comparison left in our store, whichever program made it.

Those at rest come as they were left; the others are read anew from both sides. What changed since is found as always:
by what was touched after the generation that was left, and by the hashes of Case Manager's rows.
"""

from collections.abc import Mapping
from dataclasses import replace

from cmxero_desktop.domain.correlation.judging_memo import Memo
from cmxero_desktop.services.correlation.claiming import case_sides
from cmxero_desktop.services.correlation.firm import firm_of
from cmxero_desktop.services.correlation.kept_firm import KeptFirm, contested_by
from cmxero_desktop.services.correlation.memorising import memory_of
from cmxero_desktop.services.correlation.moment import Moment
from cmxero_desktop.services.correlation.resting_firm import OnBoard, imported_among
from cmxero_desktop.services.correlation.snapshots import Known, read_known
from cmxero_desktop.services.ports.outside import Outside
from cmxero_desktop.services.records.readings import CaseInvoiceSide, CaseMarks, CaseReading
from cmxero_desktop.services.records.rested import LeftComparison


def kept_again(outside: Outside, left: LeftComparison, moment: Moment) -> KeptFirm | None:
    """Return the firm as it was left; None where an invoice goes by another number by now. Raises CaseManagerError."""
    prefix, policy = moment.policy.invoice_prefix, moment.policy
    board = {number: one for number, one in left.invoices.items() if one.resting is None}
    with outside.store.read() as unit:
        known = read_known(unit, prefix, moment.today, among=[i for one in board.values() for i in one.xero_ids])
        memory = replace(known.memory, baseline=memory_of(unit).baseline)
        known = replace(known, memory=memory)
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
            kept.board[number] = OnBoard(
                side=known.sides[number],
                case=found.sides[number],
                snapshot=firm.snapshots.get(number),
                result=stored.get(number),
            )
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
