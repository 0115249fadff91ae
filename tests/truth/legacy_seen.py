"""Shows legacy schemas to a suggestion as a database would show them, without one; also under other names."""

import random
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from cmxero_desktop.domain.mapping.column_kinds import ColumnKind
from cmxero_desktop.domain.mapping.findings import MappingFinding, MappingSuggestion
from cmxero_desktop.domain.mapping.seen import (
    Filling,
    KnownInvoice,
    KnownSide,
    Link,
    SeenColumn,
    SeenSchema,
    SeenTable,
    TablePlace,
)
from tests.truth.legacy_books import Books, books
from tests.truth.legacy_laying import LegacyFirm, Tab

_KINDS: tuple[tuple[type[Any], ColumnKind], ...] = (
    (sa.Boolean, ColumnKind.BOOLEAN),
    (sa.Integer, ColumnKind.NUMBER),
    (sa.Numeric, ColumnKind.DECIMAL),
    (sa.DateTime, ColumnKind.DATETIME),
    (sa.Date, ColumnKind.DATE),
    (sa.String, ColumnKind.TEXT),
)
# What is said of one column of a table that nothing else is said of.
_OF_A_COLUMN = re.compile(r"(\.only\.|\.constants\.)")


def books_of(firm: LegacyFirm) -> Books:
    return books() if firm.has_rows else Books((), ())


def seen_schema(firm: LegacyFirm, told: Books) -> SeenSchema:
    """Return the schema as it is seen; the newest row comes first."""
    tables = tuple(_table(tab) for tab in firm.lay(told))
    return SeenSchema(label="case.db", kind="PostgreSQL", tables=tables, count=len(tables))


def known_of(told: Books) -> KnownSide:
    """Return what Xero says of the books, where every payment was copied by hand."""
    return KnownSide(
        invoices={
            invoice.number: KnownInvoice(
                number=invoice.number,
                total=invoice.total,
                payments=tuple((p.paid_on, p.amount) for p in told.true_payments if p.invoice is invoice),
            )
            for invoice in told.invoices
        }
    )


def truth_of(firm: LegacyFirm, finding: MappingFinding) -> tuple[str, ...]:
    """Return what is true; of a column that nobody speaks of it is that it says nothing of the rows."""
    if ".only." in finding.key:
        return firm.truth.get(finding.key, ("all",))
    return firm.truth[finding.key] if finding.is_money else firm.truth.get(finding.key, ())


def hold_true(firm: LegacyFirm, suggestion: MappingSuggestion) -> None:
    """Hold that whatever is taken is true, and that whatever is asked offers what is true."""
    for finding in suggestion.findings:
        true = truth_of(firm, finding)
        if not true:
            assert not finding.is_open, f"{finding.key} is asked: {finding.options}"
        elif finding.is_open:
            assert finding.takes_text or {option.key for option in finding.options} & set(true), finding
        else:
            assert finding.likely in true, finding


def answers_of(firm: LegacyFirm, suggestion: MappingSuggestion) -> dict[str, str]:
    """Answer what is asked, as somebody who knows."""
    found = {}
    for finding in suggestion.questions:
        true = truth_of(firm, finding)
        offered = [option.key for option in finding.options if option.key in true]
        found[finding.key] = offered[0] if offered else true[0]
    return found


def shuffled(schema: SeenSchema, seed: int) -> SeenSchema:
    """Return the same schema with its tables, columns and rows in another order."""
    chance = random.Random(seed)
    tables = [_shuffled(table, chance) for table in schema.tables]
    chance.shuffle(tables)
    return replace(schema, tables=tuple(tables))


def thinned(schema: SeenSchema, seed: int, share: float) -> SeenSchema:
    """Return the schema with some of its rows only."""
    chance = random.Random(seed)
    tables = []
    for table in schema.tables:
        rows = [row for row in table.rows if chance.random() < share]
        tables.append(replace(table, rows=rows, row_count=len(rows)))
    return replace(schema, tables=tuple(tables))


def nameless(schema: SeenSchema) -> tuple[SeenSchema, Callable[[str], str]]:
    """Return the schema with names that say nothing, and what gives a new name for an old one."""
    tables = {table.place.name: f"x{at}" for at, table in enumerate(schema.tables, start=1)}
    columns: dict[str, str] = {}
    for table in schema.tables:
        for column in table.columns:
            columns.setdefault(column.name, f"q{len(columns) + 1}")
    renamed = tuple(_renamed(table, tables, columns) for table in schema.tables)

    return replace(schema, tables=renamed), lambda name: tables.get(name, columns.get(name, name))


def under_other_names(firm: LegacyFirm, new: Callable[[str], str]) -> LegacyFirm:
    """Return what is true of a firm whose tables and columns have other names."""

    def of_answer(answer: str) -> str:
        whole = new(answer)
        return whole if whole != answer else ":".join(map(new, answer.split(":")))

    def of_key(key: str) -> str:
        about, between, column = _OF_A_COLUMN.split(key) if _OF_A_COLUMN.search(key) else (key, "", "")
        return f"{about}{between}{new(column)}"

    return replace(firm, truth={of_key(key): tuple(map(of_answer, true)) for key, true in firm.truth.items()})


def _table(tab: Tab) -> SeenTable:
    table, rows = tab.lay(sa.MetaData())
    names = [column.name for column in tab.columns]
    keys = tuple(column.name for column in tab.columns if column.key)
    return SeenTable(
        place=TablePlace(name=table.name),
        columns=tuple(
            SeenColumn(
                name=column.name,
                kind=_kind(column.kind),
                type_name=str(column.made().type),
                is_nullable=not (column.needed or column.key),
                length=getattr(column.made().type, "length", None),
                filling=Filling.NUMBERS if column.counted else Filling.NOBODY,
            )
            for column in tab.columns
        ),
        key=keys,
        uniques=tuple((column.name,) for column in tab.columns if column.unique),
        links=tuple(_link(column.name, column.to) for column in tab.columns if column.to),
        rows=[tuple(row[name] for name in names) for row in reversed(rows)],
        row_count=len(rows),
    )


def _kind(kind: Any) -> ColumnKind:  # noqa: ANN401 - a type of SQLAlchemy's or its class
    made = kind() if isinstance(kind, type) else kind
    return next(seen for family, seen in _KINDS if isinstance(made, family))


def _link(column: str, to: str) -> Link:
    table, _, target = to.rpartition(".")
    return Link(column=column, table=TablePlace(name=table), to=target)


def _shuffled(table: SeenTable, chance: random.Random) -> SeenTable:
    order = list(range(len(table.columns)))
    chance.shuffle(order)
    rows = [tuple(row[at] for at in order) for row in table.rows]
    chance.shuffle(rows)
    return replace(table, columns=tuple(table.columns[at] for at in order), rows=rows)


def _renamed(table: SeenTable, tables: Mapping[str, str], columns: Mapping[str, str]) -> SeenTable:
    return replace(
        table,
        place=TablePlace(name=tables[table.place.name]),
        columns=tuple(replace(column, name=columns[column.name]) for column in table.columns),
        key=tuple(columns[name] for name in table.key),
        uniques=tuple(tuple(columns[name] for name in names) for names in table.uniques),
        links=tuple(
            Link(column=columns[link.column], table=TablePlace(name=tables[link.table.name]), to=columns[link.to])
            for link in table.links
        ),
    )
