"""Writes a suggested mapping as the text of a mapping file, with what speaks for each line as its comment."""

import json
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path

from cmxero_desktop.domain.errors import SettingsError
from cmxero_desktop.domain.mapping.column_facts import Value
from cmxero_desktop.domain.mapping.findings import DraftSection, MappingSuggestion
from cmxero_desktop.domain.mapping.marks import Mark
from cmxero_desktop.domain.strangers import one_line

_BARE = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-")
_HEAD = (
    "Where CM-Xero Desk finds invoices, payments and settings in Case Manager's database.",
    "Suggested for {label} ({kind}), with what speaks for it; what only a person knows was answered.",
    "The mapping named reference explains every key. Values are compared as the column has them.",
)


def mapping_text(suggestion: MappingSuggestion) -> str:
    """Return the text of the mapping file."""
    head = (f"# {_comment(line.format(label=suggestion.label, kind=suggestion.kind))}" for line in _HEAD)
    return "\n".join([*head, *(line for section in suggestion.draft for line in _section(section)), ""])


def write_mapping(text: str, path: Path, *, may_replace: bool) -> Path:
    """Write a mapping file, over another one only where that is allowed. Raises SettingsError."""
    try:
        with path.expanduser().open("w" if may_replace else "x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError:
        message = f"{path} is there already, and was left as it is."
        raise SettingsError(message, "Choose another name, or say that it may be replaced.") from None
    except OSError as error:
        message = f"{path} could not be written: {error.strerror or error}."
        raise SettingsError(message, "Choose another folder.") from error
    return path


def _section(section: DraftSection) -> Iterator[str]:
    yield ""
    yield f"[{'.'.join(map(_key, section.path))}]"
    for key, value in section.values.items():
        why = section.why.get(key, "")
        if why:
            yield f"# {_comment(why)}"
        yield f"{_key(key)} = {_value(value)}"
    if section.where is not None:
        yield f"where = {_where(section.where)}"


def _where(mark: Mark) -> str:
    values = mark.values[0] if len(mark.values) == 1 else mark.values
    return f"{{ column = {_text(mark.column)}, {mark.telling} = {_value(values)} }}"


def _value(value: Value | Sequence[Value]) -> str:
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, date):
        # A date and time is no constant of a mapping; its day is.
        return f"{value:%Y-%m-%d}"
    if isinstance(value, int | Decimal):
        return format(value, "f") if isinstance(value, Decimal) else str(value)
    return f"[{', '.join(map(_value, value))}]" if isinstance(value, Sequence) else '""'


def _text(text: str) -> str:
    """Return a text in quotes, all but plain letters written as their numbers where a reader might take them amiss."""
    quoted = json.dumps(text, ensure_ascii=False)
    return "".join(c if c.isprintable() else f"\\U{ord(c):08x}" for c in quoted)


def _key(key: str) -> str:
    return key if key and set(key) <= _BARE else _text(key)


def _comment(text: str) -> str:
    return one_line(text)
