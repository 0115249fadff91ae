"""Read a list of schedules from a file, by headings that are usual or that a person said, and keep those (S1)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from cmxero_desktop.domain.errors import DeskError, NotAllowedError
from cmxero_desktop.domain.sor.cells import read_text
from cmxero_desktop.domain.sor.headings import columns_of, find_head, missing
from cmxero_desktop.domain.sor.reading import ReadLines, read_lines
from cmxero_desktop.domain.sor.tables import ListColumn, ListTable
from cmxero_desktop.services.ports.computer import SettingsFile
from cmxero_desktop.services.ports.outside import Outside
from cmxero_desktop.services.records.sor_lists import ScheduleList

_SAMPLES = 5
_UNNAMED = "(column "
ReadTable = Callable[[Path], ListTable]


def read_schedule_list(
    outside: Outside,
    read: ReadTable,
    path: Path,
    columns: Mapping[ListColumn, str] | None = None,
    *,
    is_whole: bool = False,
) -> ScheduleList:
    """Read a file; `columns` are headings that a person chose, which go before all others, and `is_whole` alone.

    Raises DeskError.
    """
    with outside.store.read() as unit:
        currency = unit.polling.state().organisation.currency
    if not currency:
        raise NotAllowedError("The organisation's currency is not known yet.", "Check Xero first, then import.")
    said: dict[ListColumn, list[str]] = {}
    for heading, column in outside.settings_file.load().sor.headings.items():
        said.setdefault(column, []).append(heading)
    for column, heading in (columns or {}).items():
        said[column] = [heading, *said.get(column, ())]
    table = read(path)
    head = find_head(table, said)
    if head is None:
        message = f"{path.name} has no line of headings."
        raise DeskError(message, "Its first line must name the columns: invoice number, due date, instalment amount.")
    headings = _named(head.headings)
    found = columns_of(headings, said)
    if is_whole:
        found = {column: place for column, place in found.items() if column in (columns or {})}
    lacking = missing(found)
    lines = read_lines(table, head, found, currency)
    return ScheduleList(
        name=path.name,
        headings=headings,
        columns=MappingProxyType(found),
        missing=lacking,
        samples=tuple(tuple(read_text(cell) for cell in row.cells) for row in table.rows[head.place + 1 :][:_SAMPLES]),
        lines=() if lacking else lines.lines,
        notes=(*table.notes, *(() if lacking else _notes(lines))),
    )


def keep_headings(settings_file: SettingsFile, headings: Mapping[str, ListColumn]) -> None:
    """Keep what columns hold, so that the next list of this kind is read without a question. Raises SettingsError."""
    settings = settings_file.load()
    lasting = {heading: column for heading, column in headings.items() if not heading.startswith(_UNNAMED)}
    known = {**settings.sor.headings, **lasting}
    if known != settings.sor.headings:
        settings_file.save(replace(settings, sor=replace(settings.sor, headings=MappingProxyType(known))))


def _named(headings: Sequence[str]) -> tuple[str, ...]:
    """Give every column a name of its own: one without a heading its place, a second one of a name its number."""
    named: list[str] = []
    for place, heading in enumerate(headings, 1):
        same = sum(before == heading for before in headings[: place - 1])
        name = heading or f"{_UNNAMED}{place})"
        named.append(f"{name} ({same + 1})" if heading and same else name)
    return tuple(named)


def _notes(found: ReadLines) -> tuple[str, ...]:
    notes = []
    if found.order.is_told:
        first = "day" if found.order.has_day_first else "month"
        notes.append(f"Dates are read with the {first} first, as one of them tells.")
    elif any(line.due_on is not None for line in found.lines):
        notes.append("Dates such as 3/4/2026 are read with the day first.")
    if found.left_out:
        numbers = ", ".join(str(line) for line in found.left_out[:_SAMPLES])
        notes.append(f"Left out, as sums or headings: line {numbers}{'…' if found.left_out[_SAMPLES:] else ''}.")
    return tuple(notes)
