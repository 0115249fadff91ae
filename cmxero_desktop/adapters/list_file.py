"""Read a list from a CSV file or an Excel workbook as cells: nothing in it is ever calculated or run.

A workbook is looked at before it is opened: what would unpack to far more than a list can be is refused.
"""

import codecs
import csv
import io
import zipfile
from collections.abc import Iterator
from contextlib import closing
from datetime import date, datetime
from decimal import Decimal
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import ParseError

from cmxero_desktop.domain.errors import DeskError
from cmxero_desktop.domain.sor.tables import Cell, ListTable, TableRow

if TYPE_CHECKING:
    # Loading openpyxl takes a fifth of a second: only an import waits for it.
    from openpyxl.worksheet.worksheet import Worksheet

LARGEST_BYTES = 10_000_000
LARGEST_UNPACKED = 100_000_000
MOST_LINES = 20_000
MOST_COLUMNS = 60
MOST_CELLS = 500_000
_LONGEST_CELL = 2_000
_SAVE_AS = "Save it as a workbook (.xlsx) or as CSV and import that."
_BOOKS = frozenset({".xlsx", ".xlsm"})
_TEXTS = frozenset({".csv", ".txt", ".tsv"})
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DELIMITERS = ",;\t|"


def read_list(path: Path) -> ListTable:
    """Return a file's lines as they stand. Raises DeskError with what to do."""
    kind = path.suffix.lower()
    if kind not in _BOOKS | _TEXTS:
        raise DeskError(f"{path.name} is neither a workbook (.xlsx) nor CSV.", _SAVE_AS)
    try:
        content = path.read_bytes() if path.stat().st_size <= LARGEST_BYTES else None
    except OSError as error:
        message = f"{path} cannot be read: {error.strerror}."
        raise DeskError(message, "Close it where it is open, and look whether it is there.") from error
    if content is None:
        message = f"{path.name} is larger than {LARGEST_BYTES // 1_000_000} MB, which no list of schedules is."
        raise DeskError(message, "Save only the sheet with the list.")
    if content.startswith(b"PK") or kind in _BOOKS:
        return _book(path.name, content)
    return _text(path.name, content)


def _text(name: str, content: bytes) -> ListTable:
    text, note = _decoded(content)
    delimiter = _delimiter(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    rows: list[TableRow] = []
    line = 1
    try:
        for cells in reader:
            rows.append(TableRow(line=line, cells=tuple(cell or None for cell in cells[:MOST_COLUMNS])))
            line = reader.line_num + 1
            if len(rows) > MOST_LINES:
                raise _too_long(name)
    except csv.Error as error:
        message = f"{name} is no CSV from line {reader.line_num} on: {error}."
        raise DeskError(message, _SAVE_AS) from None
    return ListTable(rows=tuple(rows), notes=(note,) if note else ())


def _decoded(content: bytes) -> tuple[str, str]:
    """Return the text, and what is to be known of its letters."""
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return content.decode(encoding, "replace"), ""
    if b"\0" in content[:200]:
        # UTF-16 without its mark: of Latin letters every second byte is empty.
        return content.decode("utf-16-be" if content[:1] == b"\0" else "utf-16-le", "replace"), ""
    try:
        return content.decode("utf-8"), ""
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace"), "Read as Windows text (ANSI): look at letters with accents."


def _delimiter(text: str) -> str:
    """Return what stands most often, outside quotes, in the first lines."""
    head = "\n".join(text.splitlines()[:30])
    outside = "".join(head.split('"')[::2])
    return max(_DELIMITERS, key=outside.count)


def _book(name: str, content: bytes) -> ListTable:
    from openpyxl import load_workbook  # noqa: PLC0415 - as above
    from openpyxl.utils.exceptions import InvalidFileException  # noqa: PLC0415 - as above

    unreadable = DeskError(f"{name} cannot be read as a workbook.", f"It may have a password. {_SAVE_AS}")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            _require_small(name, packed)
        # `data_only`: what Excel calculated last; a formula is never calculated here.
        book = load_workbook(io.BytesIO(content), data_only=True, keep_links=False)
    except DeskError:
        raise
    except (zipfile.BadZipFile, InvalidFileException, ParseError, KeyError, ValueError, TypeError, OSError) as error:
        raise unreadable from error
    with closing(book):
        sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
        if not sheets:
            raise unreadable
        # The fullest one: others hold notes or a title.
        sheet = max(sheets, key=lambda each: sum(1 for row in each.iter_rows(values_only=True) if any(row)))
        rows = tuple(_rows(name, sheet))
        notes = (f'Sheet "{sheet.title}" of {len(sheets)}.',) if len(sheets) > 1 else ()
    return ListTable(rows=rows, notes=notes)


def _require_small(name: str, packed: zipfile.ZipFile) -> None:
    """Refuse what would unpack to more than a list can be, in bytes, cells, or cells that are merged."""
    if sum(part.file_size for part in packed.infolist()) > LARGEST_UNPACKED:
        raise DeskError(f"{name} unpacks to far more than a list of schedules.", "Save only the sheet with the list.")
    for part in packed.namelist():
        if part.startswith("xl/worksheets/") and part.endswith(".xml"):
            with packed.open(part) as file:
                if _cells_in(file) > MOST_CELLS:
                    raise _too_long(name)


def _cells_in(file: Any) -> int:  # noqa: ANN401 - what a zip opens
    from defusedxml.ElementTree import iterparse  # noqa: PLC0415 - as above
    from openpyxl.utils import range_boundaries  # noqa: PLC0415 - as above

    count = 0
    for _, element in iterparse(file):
        kind = element.tag.rpartition("}")[2]
        if kind == "c":
            count += 1
        elif kind == "mergeCell":
            ends = [end or MOST_CELLS for end in range_boundaries(element.get("ref", "A1"))]
            count += (ends[2] - ends[0] + 1) * (ends[3] - ends[1] + 1)
        element.clear()
        if count > MOST_CELLS:
            break
    return count


def _rows(name: str, sheet: "Worksheet") -> Iterator[TableRow]:
    if sheet.max_row > MOST_LINES:
        raise _too_long(name)
    merged = _merged(sheet)
    width = min(sheet.max_column, MOST_COLUMNS)
    for line, values in enumerate(sheet.iter_rows(max_col=width, values_only=True), 1):
        over = merged.get(line, {})
        cells = [_cell(over.get(place, value)) for place, value in enumerate(values)]
        yield TableRow(line=line, cells=tuple(cells), spread=frozenset(over))


def _merged(sheet: "Worksheet") -> dict[int, dict[int, object]]:
    """Return what a cell that is merged with the one above shows, by line and column: what stands in its first."""
    found: dict[int, dict[int, object]] = {}
    for one in sheet.merged_cells.ranges:
        shown = sheet.cell(one.min_row, one.min_col).value
        for line in range(one.min_row + 1, one.max_row + 1):
            found.setdefault(line, {})[one.min_col - 1] = shown
    return found


def _cell(value: object) -> Cell:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date) or value is None:
        return value
    if isinstance(value, float) and not isfinite(value):
        return None
    if isinstance(value, int | float) and not isinstance(value, bool):
        # What Excel shows of a binary fraction: 333.33 is stored as 333.32999…
        return Decimal(str(round(value, 8))).normalize() + 0
    return str(value)[:_LONGEST_CELL]


def _too_long(name: str) -> DeskError:
    return DeskError(f"{name} has more than {MOST_LINES:,} lines.", "Import it in parts, each schedule whole in one.")
