"""What a command is: a frozen record of what is asked of a desk, which knows the kind of its report.

The window and the command line build the same records; the `…_lines` beside this folder say which use case answers.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, Self, TypeVar

Report = TypeVar("Report", covariant=True)  # noqa: PLC0105 - the report's name is the parameter's


@dataclass(frozen=True, slots=True)
class Handler:
    """A kind of command, and the use case that answers it."""

    kind: "type[Command[Any]]"
    use_case: Callable[[Any], Any]


class Command(Generic[Report]):
    """Something asked of a desk, whose use case returns a `Report` or raises DeskError."""

    __slots__ = ()

    needs_open_desk: ClassVar[bool] = True
    """Whether a desk that cannot be opened refuses it; what looks for faults must work on such a desk too."""

    @classmethod
    def handled_by(cls, use_case: Callable[[Self], Report]) -> Handler:
        """Say which use case answers; that it takes this command and returns its report is checked by its types."""
        return Handler(cls, use_case)
