"""Knows a column of ways to pay by its values: EFT, cheque, Überweisung."""

from collections.abc import Mapping

from cmxero_desktop.domain.mapping.column_facts import Value
from cmxero_desktop.domain.mapping.glossary import METHODS
from cmxero_desktop.domain.mapping.seen import SeenColumn, SeenTable
from cmxero_desktop.domain.mapping.words import words_of

_MOST = 100


def is_method(text: object) -> bool:
    """Say whether a text names a way to pay."""
    return isinstance(text, str) and bool(METHODS & set(words_of(text)))


def is_of_methods(table: SeenTable, column: SeenColumn, names: Mapping[Value, str]) -> bool:
    """Say whether a column holds ways to pay, by its values or by what these stand for."""
    texts: list[object] = list(names.values()) or list(table.facts[column.name].counts)
    known = sum(is_method(text) for text in texts[:_MOST])
    return known > 0 and known * 2 >= len(texts)
