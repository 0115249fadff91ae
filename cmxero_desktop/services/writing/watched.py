"""What a person sees of the writing while it goes on, and how they stop it: between two rows, never within one."""

from collections.abc import Callable
from dataclasses import dataclass


def _tell_nobody(_text: str) -> None:
    pass


def _never() -> bool:
    return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """`tell` says on screen where it is, an empty text that it rests; `is_stopped` says whether somebody stopped it."""

    tell: Callable[[str], None] = _tell_nobody
    is_stopped: Callable[[], bool] = _never


UNWATCHED = Watched()
