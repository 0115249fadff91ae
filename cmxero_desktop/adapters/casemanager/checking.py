"""Compares the mapping with the database and names everything that does not fit, all at once; only reads."""

import warnings
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine.interfaces import ReflectedColumn
from sqlalchemy.exc import NoSuchTableError, SAWarning

from cmxero_desktop.adapters.casemanager.behind import engines_behind
from cmxero_desktop.adapters.casemanager.column_limits import columns_of
from cmxero_desktop.adapters.casemanager.columns import column_of, must_be_filled, shown_type, without_domain
from cmxero_desktop.adapters.casemanager.hidden_rows import hides_rows
from cmxero_desktop.adapters.casemanager.keys import maker_of, problem_of
from cmxero_desktop.adapters.casemanager.keys_check import KeysCheck
from cmxero_desktop.adapters.casemanager.mapping import CaseMapping, Sum, TableName, Tell, Told
from cmxero_desktop.adapters.casemanager.rows import INVOICE_FIELDS, PAYMENT_FIELDS, SHOWN
from cmxero_desktop.adapters.casemanager.schema import CheckedSchema, CheckedTable, DatabaseColumn, KeyMaker
from cmxero_desktop.adapters.casemanager.values_check import ValuesCheck
from cmxero_desktop.domain.errors import CaseManagerError
from cmxero_desktop.domain.mapping.column_kinds import ColumnKind

_KEY = frozenset({ColumnKind.NUMBER, ColumnKind.TEXT, ColumnKind.UUID, ColumnKind.ANY})
_CODE = frozenset({ColumnKind.NUMBER, ColumnKind.TEXT, ColumnKind.ANY})
_TEXT = frozenset({ColumnKind.TEXT, ColumnKind.ANY})
_AMOUNT = frozenset({ColumnKind.DECIMAL, ColumnKind.ANY})
_DATE = frozenset({ColumnKind.DATE, ColumnKind.DATETIME, ColumnKind.ANY})
_EXPECTED: Mapping[str, tuple[frozenset[ColumnKind], str]] = {
    **dict.fromkeys(("key", "invoice"), (_KEY, "whole numbers, text or UUIDs")),
    **dict.fromkeys(
        ("number", "payment_type", "journal_number", "entered_by", "value"), (_CODE, "text or whole numbers")
    ),
    **dict.fromkeys(("bill_to", "case_name", "reference", "notes", "payer", "name"), (_TEXT, "text")),
    **dict.fromkeys(("total", "adjustments", "refunds", "amount"), (_AMOUNT, "decimal numbers with two places")),
    **dict.fromkeys(("invoice_date", "due_date", "paid_on"), (_DATE, "dates without a time zone")),
}
_WHY: Mapping[ColumnKind, str] = {
    ColumnKind.SINGLE: " Four bytes keep six digits and lose cents: have it made DOUBLE or DECIMAL.",
    ColumnKind.ZONED: (
        " What each session sees in its own time zone may be another day there: let a view show it as a date."
    ),
}
_OPTIONAL = " Or leave it out of the mapping: it is only shown."
_DATES = frozenset({"invoice_date", "due_date", "paid_on"})
_TELLS = frozenset({"journalled", "multi_invoice", "only"})
_ONLY_READ = _TELLS | {"journal_number", "payer", "entered_by"}


def check_schema(connection: sa.Connection, mapping: CaseMapping, label: str) -> CheckedSchema:
    """Return the checked schema; raise CaseManagerError with every missing table, column and wrong type."""
    check = _Check(connection)
    invoices = check.table(
        mapping.invoices.table,
        _named(mapping.invoices, INVOICE_FIELDS) | _told({"only": mapping.invoices.only}),
    )
    payments = check.table(mapping.payments.table, _payment_columns(mapping))
    settings = (
        check.table(mapping.settings.table, _named(mapping.settings, ["name", "value"])) if mapping.settings else None
    )
    sums = {field: check.table(one.table, _sum_columns(one)) for field, one in mapping.sums.items()}
    values = ValuesCheck(dialect=connection.dialect.name, problems=check.problems)
    if invoices:
        invoices = values.told(invoices, "invoices", {"only": mapping.invoices.only})
    if payments:
        payments = values.told(payments, "payments", _payment_tells(mapping))
        check.inserts(mapping, payments)
        values.written(mapping, payments)
    sums = {
        field: table and values.told(table, f"invoices.{field}", {"where": mapping.sums[field].where})
        for field, table in sums.items()
    }
    keys = KeysCheck(connection, check.problems)
    for referring in (payments, *sums.values()):
        if invoices and referring:
            check.keys(invoices, referring)
    if invoices and payments and not check.problems:
        keys.check(invoices, payments, *(table for table in sums.values() if table))
    if check.problems or not invoices or not payments:
        message = f"{label} does not fit the mapping {mapping.source}:"
        remedy = (
            "Correct the names in the mapping file, let a view show otherwise what does not fit, "
            "or connect to the right database."
        )
        raise CaseManagerError(message, remedy, problems=tuple(dict.fromkeys(check.problems)))
    maker = check.key_maker(payments)
    return CheckedSchema(
        mapping=mapping,
        dialect=connection.dialect.name,
        label=label,
        invoices=invoices,
        payments=payments,
        settings=settings,
        sums={field: table for field, table in sums.items() if table},
        columns=columns_of(connection, payments),
        is_tied=check.is_tied(invoices, payments),
        engine_problem=check.engine_problem(mapping.payments.table),
        key_problem=check.key_problem(mapping, payments, maker),
        key_maker=maker,
    )


def _named(columns: object, fields: Iterable[str]) -> dict[str, str]:
    return {field: name for field in fields if isinstance(name := getattr(columns, field), str)}


def _sum_columns(one: Sum) -> dict[str, str]:
    return {"invoice": one.invoice, "amount": one.amount} | _told({"where": one.where})


def _told(tells: Mapping[str, Tell]) -> dict[str, str]:
    return {field: tell.column for field, tell in tells.items() if tell.told is not Told.NEVER}


def _payment_tells(mapping: CaseMapping) -> Mapping[str, Tell]:
    payments = mapping.payments
    return {"journalled": payments.journalled, "multi_invoice": payments.multi_invoice, "only": payments.only}


def _payment_columns(mapping: CaseMapping) -> dict[str, str]:
    payments = mapping.payments
    named = _named(payments, [field for field in PAYMENT_FIELDS if field not in _TELLS])
    named |= _told(_payment_tells(mapping))
    return named | {f"constants.{name}": name for name in payments.constants}


class _Check:
    """Collects every problem of one comparison."""

    def __init__(self, connection: sa.Connection) -> None:
        self.problems: list[str] = []
        self._connection = connection
        self._dialect = connection.dialect.name
        self._inspector = sa.inspect(connection)
        self._reflected: dict[str, list[ReflectedColumn]] = {}

    def table(self, table: TableName, named: Mapping[str, str]) -> CheckedTable | None:
        """Find the table and its columns."""
        try:
            with warnings.catch_warnings():
                # A column of a kind that SQLAlchemy does not know is no business of ours unless it is mapped.
                warnings.simplefilter("ignore", SAWarning)
                reflected = self._inspector.get_columns(table.name, schema=table.schema)
        except NoSuchTableError:
            self._problem(f"The table {table} is missing", table.name, self._tables(table.schema))
            return None
        self._reflected[str(table)] = reflected
        if hides_rows(self._connection, table):
            self.problems.append(
                f"Row-level security of the table {table} decides which rows this login sees: a payment that it hides "
                "would be added again. Give the login BYPASSRLS, or let a view show the rows, whose owner sees all."
            )
        present = {self._folded(column["name"]): column for column in reflected}
        spare = sorted(present.keys() - {self._folded(name) for name in named.values()})
        found: dict[str, DatabaseColumn] = {}
        for field, name in named.items():
            column = present.get(self._folded(name))
            if column is None:
                self._problem(f"The column {name} is missing in the table {table}", name, spare)
                continue
            found[field] = column_of(without_domain(self._connection, table, column), self._dialect)
            self._check_kind(table, field, found[field], column["type"])
        return CheckedTable(table, found)

    def keys(self, invoices: CheckedTable, referring: CheckedTable) -> None:
        """Check that a row's invoice can be found: both keys must hold the same kind of value."""
        key, reference = invoices.columns.get("key"), referring.columns.get("invoice")
        if key and reference and ColumnKind.ANY not in {key.kind, reference.kind} and key.kind is not reference.kind:
            self.problems.append(
                f"The column {reference.name} in the table {referring.table} holds {reference.kind}, but the "
                f"key {key.name} of {invoices.table} that it refers to holds {key.kind}."
            )

    def inserts(self, mapping: CaseMapping, payments: CheckedTable) -> None:
        """Check that an insert fills every column that the database insists on."""
        filled = {self._folded(c.name) for f, c in payments.columns.items() if f not in _ONLY_READ}
        # Where a mapped column was not found, the one it stands for would be named a second time.
        is_complete = payments.columns.keys() == _payment_columns(mapping).keys()
        for column in self._reflected[str(payments.table)] if is_complete else ():
            if self._folded(column["name"]) not in filled and must_be_filled(column):
                self.problems.append(
                    f"The column {column['name']} in the table {payments.table} must be filled, but the mapping "
                    "has no value for it in [payments.constants]."
                )

    def is_tied(self, invoices: CheckedTable, payments: CheckedTable) -> bool:
        """Say whether a foreign key of the payments refers to the key of the invoices, and to nothing else."""
        try:
            keys = self._inspector.get_foreign_keys(payments.table.name, schema=payments.table.schema)
        except NoSuchTableError:  # a view has none
            return False
        default = self._inspector.default_schema_name
        return any(
            [self._folded(name) for name in key["constrained_columns"]]
            == [self._folded(payments.columns["invoice"].name)]
            and [self._folded(name) for name in key["referred_columns"]] == [self._folded(invoices.columns["key"].name)]
            and self._folded(key["referred_table"]) == self._folded(invoices.table.name)
            and (key["referred_schema"] or default) == (invoices.table.schema or default)
            for key in keys
        )

    def engine_problem(self, table: TableName) -> str:
        """Say why a change of the table could not be rolled back, or nothing."""
        if self._dialect not in {"mysql", "mariadb"}:
            return ""
        found = engines_behind(self._connection, table)
        if found is None:
            return (
                f"Which tables are behind the view {table} is not shown to this login (it lacks SHOW VIEW): they may "
                "know no transactions, so nothing is written there."
            )
        return next(
            (
                f"The table {name} uses the storage engine {engine}, without transactions: a change that "
                "fails could not be taken back, so nothing is written there."
                for name, engine in found.items()
                if engine.lower() != "innodb"
            ),
            "",
        )

    def key_maker(self, payments: CheckedTable) -> KeyMaker:
        """Find out what gives a new payment its key."""
        name = payments.columns["key"].name
        column = next(c for c in self._reflected[str(payments.table)] if c["name"] == name)
        return maker_of(self._connection, payments.table, column)

    def key_problem(self, mapping: CaseMapping, payments: CheckedTable, maker: KeyMaker) -> str:
        """Say why no payment may be added, or nothing."""
        column = payments.columns["key"].name
        return problem_of(mapping.payments.key_source, maker, self._dialect, column, payments.table)

    def _check_kind(
        self, table: TableName, field: str, column: DatabaseColumn, found: sa.types.TypeEngine[Any]
    ) -> None:
        allowed, expected = _EXPECTED.get(field, (frozenset(ColumnKind), ""))
        if self._dialect == "sqlite" and field in _DATES:
            allowed |= {ColumnKind.TEXT}
        if column.kind not in allowed:
            self.problems.append(
                f"The column {column.name} in the table {table} is of {shown_type(found, self._connection.dialect)}, "
                f"but {field} needs {expected}.{_WHY.get(column.kind, '')}{_OPTIONAL if field in SHOWN else ''}"
            )

    def _folded(self, name: str) -> str:
        return name if self._dialect == "postgresql" else name.lower()

    def _tables(self, schema: str | None) -> list[str]:
        try:
            return [*self._inspector.get_table_names(schema), *self._inspector.get_view_names(schema)]
        except NoSuchTableError:
            return []

    def _problem(self, what: str, name: str, candidates: Iterable[str]) -> None:
        near = get_close_matches(name, list(candidates), n=2, cutoff=0.5)
        self.problems.append(f"{what}; there is {' and '.join(near)}." if near else f"{what}.")


def limit_of(table: CheckedTable, field: str) -> int | None:
    """Return how many characters the column of a field takes, None where there is no limit."""
    column = table.columns.get(field)
    return column.length if column else None


def settings_of(connection: sa.Connection, schema: CheckedSchema) -> Mapping[str, str]:
    """Read the settings rows by name."""
    if schema.settings is None:
        return {}
    rows = connection.execute(schema.settings.select(("name", "value")))
    return {str(name).strip(): "" if value is None else str(value).strip() for name, value in rows}
