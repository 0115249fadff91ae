"""Who decides, and what that person may do."""

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


@dataclass(frozen=True, slots=True)
class Person:
    """A person by the name that stands beside each decision; the operating system's user has every right."""

    name: str
    rights: frozenset[Right] = EVERY_RIGHT
