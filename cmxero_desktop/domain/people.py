"""Who decides, what that person may do, and of which changes two persons have to say yes."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Right(StrEnum):
    """What a person may be allowed to do. Looking needs no right."""

    DECIDE = "decide"
    APPROVE = "approve"
    RELEASE = "release"
    APPLY = "apply"
    UNDO = "undo"


EVERY_RIGHT = frozenset(Right)
OF_PREPARERS = frozenset({Right.DECIDE})
"""What whoever does not approve may do all the same."""


@dataclass(frozen=True, slots=True)
class Person:
    """A person by the name that stands beside each decision, and what that person may do where the firm lets everybody.

    Without a name it is anybody.
    """

    name: str
    rights: frozenset[Right] = EVERY_RIGHT

    def is_one_of(self, names: Iterable[str]) -> bool:
        """Say whether one of these names is this person's, however it was typed."""
        return any(is_same_person(self.name, name) for name in names)


def is_same_person(one: str, other: str) -> bool:
    """Say whether two names are one person's: capitals, spaces and what cannot be seen make no other person."""
    return bare_name(one) == bare_name(other)


def bare_name(name: str) -> str:
    """Return a name without what makes no other person of it."""
    if name.isascii():
        return " ".join(name.casefold().split())
    plain = unicodedata.normalize("NFKC", name).casefold()
    seen = "".join(sign for sign in unicodedata.normalize("NFKC", plain) if unicodedata.category(sign) != "Cf")
    return " ".join(seen.split())


class SecondRule(StrEnum):
    """Of which changes two persons have to say yes."""

    OFF = "off"
    LARGE = "large"
    ALL = "all"
