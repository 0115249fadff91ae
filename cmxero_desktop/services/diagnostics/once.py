"""Make a part of a desk once, where several who look for faults need it."""

from collections.abc import Callable
from typing import Generic, TypeVar

from cmxero_desktop.domain.errors import DeskError

T = TypeVar("T")


class Once(Generic[T]):
    """Makes a part once. Where it cannot be had, the very same error is raised each time."""

    def __init__(self, make: Callable[[], T]) -> None:
        """Make nothing yet."""
        self._make = make
        self._made: list[T] = []
        self._error: DeskError | None = None

    @property
    def is_made(self) -> bool:
        """Whether the part is there."""
        return bool(self._made)

    def __call__(self) -> T:
        """Return the part. Raises DeskError."""
        if self._error is not None:
            raise self._error
        if not self._made:
            try:
                self._made.append(self._make())
            except DeskError as error:
                self._error = error
                raise
        return self._made[0]
