"""A list of schedules as it was read from a file, to be shown before anything of it is taken (S1)."""

from collections.abc import Mapping
from dataclasses import dataclass

from cmxero_desktop.domain.sor.importing import ListLine
from cmxero_desktop.domain.sor.tables import ListColumn


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleList:
    """What a file holds. While a needed column is `missing`, there are no lines.

    `headings` are the columns as the file calls them, `samples` the first lines below them as they stand.
    """

    name: str
    headings: tuple[str, ...]
    columns: Mapping[ListColumn, int]
    missing: tuple[ListColumn, ...]
    samples: tuple[tuple[str, ...], ...]
    lines: tuple[ListLine, ...]
    notes: tuple[str, ...] = ()
