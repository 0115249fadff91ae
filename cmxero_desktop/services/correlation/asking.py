"""Keep who asks for which ties, so that only what is asked for anew is looked up, and whoever asks is found."""

from collections import defaultdict
from collections.abc import Iterable

_NOTHING: frozenset[int] = frozenset()


class Asked:
    """The marks of all ties that are asked for, and by whom."""

    def __init__(self) -> None:
        """Begin with nobody."""
        self._by_whom: dict[str, frozenset[int]] = {}
        self._who: dict[int, set[str]] = defaultdict(set)

    def ask(self, who: str, marks: Iterable[int]) -> frozenset[int]:
        """Say what somebody asks for by now; returns what nobody asked for before."""
        before, now = self._by_whom.pop(who, _NOTHING), frozenset(marks)
        new = frozenset(mark for mark in now if mark not in self._who)
        for mark in now - before:
            self._who[mark].add(who)
        for mark in before - now:
            self._who[mark].remove(who)
            if not self._who[mark]:
                del self._who[mark]
        if now:
            self._by_whom[who] = now
        return new

    def is_any_of(self, marks: Iterable[int]) -> bool:
        """Say whether anybody asks for one of these."""
        return any(mark in self._who for mark in marks)

    def who_asks(self, marks: Iterable[int]) -> set[str]:
        """Return who asks for any of these."""
        return {who for mark in marks for who in self._who.get(mark, ())}
