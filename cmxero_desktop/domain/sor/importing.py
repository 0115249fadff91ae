"""What a list of schedules is read into, and what comes of it: good schedules whole, bad lines by name (S1)."""

from dataclasses import dataclass
from datetime import date

from cmxero_desktop.domain.money import Money
from cmxero_desktop.domain.sor.schedules import InstalmentState, SorSchedule


@dataclass(frozen=True, slots=True, kw_only=True)
class ListLine:
    """One line of a list, one instalment on one invoice, as its cells were understood.

    `line` is its number in the file. `problems` are what reading the cells found already, such as "the date 31.2.2026
    is no date"; the field is None then. `total` is the whole schedule's, where the list has such a column.
    """

    line: int
    schedule: str
    invoice: str
    due_on: date | None
    amount: Money | None
    state: InstalmentState = InstalmentState.DUE
    retry_on: date | None = None
    total: Money | None = None
    disbursed: Money | None = None
    payer: str = ""
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class BadLine:
    """A line that cannot be taken, and why; `schedule` is refused because of it. Line 0 is the schedule as a whole."""

    line: int
    schedule: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SorImport:
    """What an import would do, or did: `accepted` are new or changed, `unchanged` the names of those known as listed.

    Each schedule is taken as a whole or not at all: one with a bad line is in `refused`, by name.
    """

    accepted: tuple[SorSchedule, ...] = ()
    unchanged: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    bad: tuple[BadLine, ...] = ()
