"""Decide which invoice of Case Manager each of Xero's is, and which two may be the same one (R1)."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

_NO_COPIES: Mapping[str, int] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimant:
    """One invoice of Xero's, and what speaks for each invoice of Case Manager; these go by their own numbers.

    `name` is the CM number that it goes by; one that is void shares it with the one that took its number over.
    `wanted` are the numbers that may be its own, the likeliest first; whether they are there is not said. `present` is
    the one that Xero shows now, if it is of that kind. `copies` is how many of its payments stand copied under a wanted
    number. `is_open` while Xero shows another number than it did and nobody has said which one it is; `is_said` where
    a person has.
    """

    key: str
    name: str
    wanted: tuple[str, ...]
    present: str = ""
    copies: Mapping[str, int] = field(default_factory=lambda: _NO_COPIES)
    is_live: bool = True
    is_open: bool = False
    is_said: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Claims:
    """Case Manager's number for each name, none where there is none to have, and who claims the same one by name.

    `rivals` are the keys of the claimants that claim what a name goes with, or would, too.
    """

    numbers: Mapping[str, str]
    rivals: Mapping[str, tuple[str, ...]]


def settle_claims(claimants: Iterable[Claimant], there: Collection[str]) -> Claims:
    """Give each invoice of Case Manager, whose numbers are `there`, to one name at most.

    What a person said counts most, then the number of an invoice that was never called otherwise. One that was goes
    with the invoice that holds most of its copies, else that of its present number, else of its first, as far as nobody
    else has it; the void ones come last.
    """
    claimants = tuple(claimants)
    numbers = _given(claimants, there)
    claims: dict[str, dict[str, str]] = defaultdict(dict)
    spoken = {numbers[c.name] for c in claimants if c.is_said and c.is_live and c.name in numbers}
    for one in claimants:
        for number in _claimed(one, numbers, there):
            is_settled = one.is_live and not one.is_open
            if is_settled or number not in spoken:
                claims[number][one.key] = one.name
    living = {one.key for one in claimants if one.is_live}
    rivals: dict[str, dict[str, None]] = defaultdict(dict)
    for rivalling in claims.values():
        for key, name in rivalling.items() if len(rivalling) > 1 else ():
            # A void one that shares its name is a rival of the living one, not the other way round. Two that live are.
            is_void = key not in living
            others = (
                k for k, other in rivalling.items() if k != key and not (is_void and other == name and k in living)
            )
            rivals[name].update(dict.fromkeys(others))
    return Claims(numbers=numbers, rivals={name: tuple(sorted(found)) for name, found in rivals.items()})


def _given(claimants: Collection[Claimant], there: Collection[str]) -> dict[str, str]:
    given: dict[str, str] = {}
    taken: set[str] = set()
    for name, number in _wishes(claimants):
        if name not in given and number in there and number not in taken:
            given[name] = number
            taken.add(number)
    return given


def _wishes(claimants: Collection[Claimant]) -> Iterator[tuple[str, str]]:
    """Return which name wants which number, the strongest wish first."""
    living = [c for c in claimants if c.is_live]
    settled = [c for c in living if not c.is_open]
    in_doubt = [c for c in living if c.is_open]
    for one in sorted(settled, key=lambda c: not c.is_said):
        yield from ((one.name, number) for number in one.wanted)
    held = [(-count, c.wanted.index(number), c.name, number) for c in in_doubt for number, count in c.copies.items()]
    yield from ((name, number) for _, _, name, number in sorted(held))
    for place in range(max((len(c.wanted) for c in in_doubt), default=0)):
        yield from ((c.name, number) for c in in_doubt for number in c.wanted[place : place + 1])
    yield from ((c.name, number) for c in claimants if not c.is_live for number in c.wanted)


def _claimed(one: Claimant, numbers: Mapping[str, str], there: Collection[str]) -> Iterable[str]:
    """Return the numbers that are one's own, or may be.

    A void one claims only what holds its copies. One in doubt claims that too, and what its present number says.
    """
    copies = [number for number in one.copies if number in there]
    if not one.is_live:
        return copies
    own = [numbers[one.name]] if one.name in numbers else []
    if not one.is_open:
        return own or [number for number in one.wanted if number in there]
    present = [one.present] if one.present in there else []
    return dict.fromkeys([*own, *copies, *present])
