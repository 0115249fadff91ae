"""Add up some of several amounts, within a bound: money is entered in parts, and typed for a part of a day."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType

# Twelve amounts have 4,096 sums at most; of more than that the first ones are looked at.
MOST_AMOUNTS = 12
_FEW = 8


def sums_of_some(cents: Sequence[int]) -> Mapping[int, tuple[int, ...]]:
    """Return each sum of two or more of the first `MOST_AMOUNTS` amounts, with the places of all that may be in it.

    Where several choices give one sum, the places of all of them are named: which one is meant, nobody knows. The sums
    of few are kept: the same few payments are looked at in each judgement.
    """
    amounts = tuple(cents[:MOST_AMOUNTS])
    return _kept_sums(amounts) if len(amounts) <= _FEW else _sums(amounts)


@lru_cache(maxsize=512)
def _kept_sums(cents: tuple[int, ...]) -> Mapping[int, tuple[int, ...]]:
    return MappingProxyType(_sums(cents))


def _sums(cents: tuple[int, ...]) -> dict[int, tuple[int, ...]]:
    single: dict[int, int] = {}
    several: dict[int, int] = {}
    for place, amount in enumerate(cents):
        bit = 1 << place
        grown = [(known + amount, mask | bit) for sums in (single, several) for known, mask in sums.items()]
        for total, mask in grown:
            several[total] = several.get(total, 0) | mask
        single[amount] = single.get(amount, 0) | bit
    return {total: _places(mask) for total, mask in several.items()}


def _places(mask: int) -> tuple[int, ...]:
    return tuple(place for place in range(mask.bit_length()) if mask >> place & 1)
