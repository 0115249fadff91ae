"""Find Case Manager's number that is hardly another than one of Xero's, without looking at all of them anew (R1)."""

from collections import defaultdict
from collections.abc import Iterable

from cmxero_desktop.domain.scope import plain_number


class NearNumbers:
    """Case Manager's numbers by what `plain_number` makes of them; they are looked at once somebody asks."""

    def __init__(self, numbers: frozenset[str]) -> None:
        """Keep the numbers."""
        self._numbers = numbers
        self._plain: dict[str, set[str]] | None = None

    def renew(self, numbers: frozenset[str]) -> None:
        """Take these for the numbers."""
        gone, new, self._numbers = self._numbers - numbers, numbers - self._numbers, numbers
        if self._plain is not None:
            for number in gone:
                self._plain[plain_number(number)].discard(number)
            for number in new:
                self._plain[plain_number(number)].add(number)

    def near(self, number: str) -> str:
        """Return the number that is near; of several the first one, and nothing where there is none."""
        if self._plain is None:
            self._plain = defaultdict(set)
            for one in self._numbers:
                self._plain[plain_number(one)].add(one)
        return min(self._plain.get(plain_number(number), ()), default="")

    def of_each(self, numbers: Iterable[str]) -> Iterable[str]:
        """Return what is near to each of these, as far as there is anything."""
        return (near for near in map(self.near, numbers) if near)
