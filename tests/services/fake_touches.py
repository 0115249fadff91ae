"""What was touched, for the store in memory: it compares all of its rows before and after each transaction."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, TypeVar

from cmxero_desktop.domain.proposals import DECLINED_STATES
from cmxero_desktop.domain.sor.knowing import otherwise_under
from cmxero_desktop.services.records.touched import (
    EVERYTHING,
    Touched,
    by_case_numbers,
    by_numbers,
    by_shown,
    by_xero_ids,
    touched_of,
)

if TYPE_CHECKING:
    from tests.services.fake_store import MemoryUnit, Rows

_Key = TypeVar("_Key")
_Row = TypeVar("_Row")


class Touches:
    """What was touched."""

    def __init__(self, unit: "MemoryUnit") -> None:
        self._unit = unit

    def generation(self) -> int:
        return len(self._unit.touched)

    def since(self, generation: int) -> Touched:
        return touched_of(self.generation(), frozenset().union(*self._unit.touched[generation:]))


def touched_between(old: "Rows", new: "Rows") -> frozenset[str]:
    """Return the subjects of everything that differs and that a comparison rests on, or that is shown."""
    if any(
        getattr(old, name) != getattr(new, name)
        for name in ("accounts", "unreadable", "unknown_ids", "parted", "numbers_said")
    ):
        return EVERYTHING
    proposals = [
        (before, after)
        for before, after in _differing(old.proposals, new.proposals)
        if after is not None
        and (after.state in DECLINED_STATES or (before is not None and before.state is not after.state))
    ]
    pairs = [pair for both in _differing(old.pairs, new.pairs) for pair in both if pair is not None]
    said = [
        *(one for both in _differing(old.accepted, new.accepted) for one in both if one is not None),
        *(one for both in _differing(old.explained, new.explained) for one in both if one is not None),
    ]
    results = {n for n in {**old.results, **new.results} if old.results.get(n) is not new.results.get(n)}
    moved = [one for both in _differing(old.proposals, new.proposals) for one in both if one is not None]
    facts = {p.invoice_id for both in _differing(old.payments, new.payments) for p in both if p is not None}
    facts |= {i.invoice_id for both in _differing(old.invoices, new.invoices) for i in both if i is not None}
    facts |= new.tracked.keys() - old.tracked.keys()
    noted = {n.invoice_number for both in _differing(old.notes, new.notes) for n in both if n is not None}
    under = otherwise_under(tuple(old.sor_schedules.values()), tuple(new.sor_schedules.values()))
    return (
        by_xero_ids(facts | under.invoice_ids)
        | by_numbers(under.numbers)
        | by_numbers(results - {""})
        | by_shown({*(results & {""}), *(one.proposal.invoice_number for one in moved), *noted})
        | by_numbers({one.proposal.invoice_number for both in proposals for one in both if one is not None})
        | by_case_numbers({*(pair.invoice_number for pair in pairs), *(number for number, _ in said)})
    )


def _differing(old: Mapping[_Key, _Row], new: Mapping[_Key, _Row]) -> list[tuple[_Row | None, _Row | None]]:
    return [
        (old.get(key), new.get(key))
        for key in {**old, **new}
        if old.get(key) is not new.get(key) and old.get(key) != new.get(key)
    ]
