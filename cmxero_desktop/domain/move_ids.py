"""Name what moves money from one invoice to another, so that the name says of how many rows the whole is (R16b)."""

import hashlib
from collections.abc import Iterable

_ID_LENGTH = 12
_OF_ONE_PAYMENT = 2


def move_id(rows: Iterable[str]) -> str:
    """Return the name of the move that these rows are: `m-…` for one payment's two, `m4-…` for four in a circle."""
    names = list(rows)
    digest = hashlib.sha256("\n".join(names).encode()).hexdigest()[:_ID_LENGTH]
    return f"m-{digest}" if len(names) == _OF_ONE_PAYMENT else f"m{len(names)}-{digest}"


def rows_of_move(name: str) -> int:
    """Return how many rows the move of that name has."""
    number = name.partition("-")[0].removeprefix("m")
    return int(number) if number.isdigit() else _OF_ONE_PAYMENT


def is_circle(name: str) -> bool:
    """Say whether several payments change places in it."""
    return rows_of_move(name) > _OF_ONE_PAYMENT
