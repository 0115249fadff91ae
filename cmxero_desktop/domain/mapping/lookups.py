"""Names what codes stand for, where a table of their own says so: 3 is a cheque."""

from collections.abc import Mapping, Sequence

from cmxero_desktop.domain.mapping.column_facts import Value, folded, shown
from cmxero_desktop.domain.mapping.column_kinds import ColumnKind
from cmxero_desktop.domain.mapping.glossary import Word
from cmxero_desktop.domain.mapping.seen import SeenTable

_MOST_ROWS = 200


def names_of_codes(table: SeenTable, tables: Sequence[SeenTable]) -> Mapping[str, Mapping[Value, str]]:
    """Return for each column that refers to a small table with names what each of its values is called."""
    by_place = {one.place: one for one in tables}
    found = {}
    for link in table.links:
        other = by_place.get(link.table)
        name = _name_column(other, link.to) if other is not None and 0 < len(other.rows) <= _MOST_ROWS else None
        if other is not None and name is not None and other.place != table.place:
            keys, texts = other.values(link.to), other.values(name)
            found[link.column] = {folded(key): str(text) for key, text in zip(keys, texts, strict=True)}
    return found


def called(value: Value, names: Mapping[Value, str]) -> str:
    """Return a value as it is shown, with what it stands for."""
    name = names.get(folded(value))
    return f"{shown(value)} ({shown(name)})" if name else shown(value)


def _name_column(table: SeenTable, key: str) -> str | None:
    """Return the column with the names: the one that is called so, else the first text."""
    texts = [c for c in table.columns if c.kind is ColumnKind.TEXT and c.name != key and table.facts[c.name].filled]
    named = (column.name for column in texts if Word.NAME in column.meaning)
    return next(named, texts[0].name if texts else None)
