"""Compares the mapping with the database and names everything that does not fit, all at once; only reads."""

import warnings
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine.interfaces import ReflectedColumn
from sqlalchemy.exc import NoSuchTableError, SAWarning

from cmxero_desktop.adapters.casemanager.column_limits import columns_of, days_of, largest_of, length_of
from cmxero_desktop.adapters.casemanager.mapping import CaseMapping, KeySource, Sum, TableName, Told
from cmxero_desktop.adapters.casemanager.rows import INVOICE_FIELDS, PAYMENT_FIELDS
from cmxero_desktop.adapters.casemanager.schema import CheckedSchema, CheckedTable, DatabaseColumn, Kind
from cmxero_desktop.domain.errors import CaseManagerError

_KEY = frozenset({Kind.NUMBER, Kind.TEXT, Kind.UUID, Kind.ANY})
_CODE = frozenset({Kind.NUMBER, Kind.TEXT, Kind.ANY})
_TEXT = frozenset({Kind.TEXT, Kind.ANY})
_AMOUNT = frozenset({Kind.DECIMAL, Kind.ANY})
_DATE = frozenset({Kind.DATE, Kind.DATETIME, Kind.ANY})
_EXPECTED: Mapping[str, tuple[frozenset[Kind], str]] = {
    **dict.fromkeys(("key", "invoice"), (_KEY, "whole numbers, text or UUIDs")),
    **dict.fromkeys(("number", "payment_type", "journal_number", "value"), (_CODE, "text or whole numbers")),
    **dict.fromkeys(("bill_to", "case_name", "reference", "notes", "payer", "name"), (_TEXT, "text")),
    **dict.fromkeys(("total", "adjustments", "refunds", "amount"), (_AMOUNT, "decimal numbers with two places")),
    **dict.fromkeys(("invoice_date", "due_date", "paid_on"), (_DATE, "dates without a time zone")),
}
_DATES = frozenset({"invoice_date", "due_date", "paid_on"})
_TELLS = frozenset({"journalled", "multi_invoice"})
_ONLY_READ = _TELLS | {"journal_number", "payer"}
_CENTS = 2


def check_schema(connection: sa.Connection, mapping: CaseMapping, label: str) -> CheckedSchema:
    """Return the checked schema; raise CaseManagerError with every missing table, column and wrong type."""
    check = _Check(connection)
    invoices = check.table(mapping.invoices.table, _named(mapping.invoices, INVOICE_FIELDS))
    payments = check.table(mapping.payments.table, _payment_columns(mapping))
    settings = (
        check.table(mapping.settings.table, _named(mapping.settings, ["name", "value"])) if mapping.settings else None
    )
    sums = {field: check.table(one.table, _sum_columns(one)) for field, one in mapping.sums.items()}
    if invoices and payments:
        check.inserts(mapping, payments)
    for referring in (payments, *sums.values()):
        if invoices and referring:
            check.keys(invoices, referring)
    if check.problems or not invoices or not payments:
        message = f"{label} does not fit the mapping {mapping.source}:"
        remedy = "Correct the names in the mapping file, or connect to the right database."
        raise CaseManagerError(message, remedy, problems=tuple(dict.fromkeys(check.problems)))
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
    )


def _named(columns: object, fields: Iterable[str]) -> dict[str, str]:
    return {field: name for field in fields if isinstance(name := getattr(columns, field), str)}


def _sum_columns(one: Sum) -> dict[str, str]:
    named = {"invoice": one.invoice, "amount": one.amount}
    return named if one.where.told is Told.NEVER else named | {"where": one.where.column}


def _payment_columns(mapping: CaseMapping) -> dict[str, str]:
    payments = mapping.payments
    tells = {"journalled": payments.journalled, "multi_invoice": payments.multi_invoice}
    named = _named(payments, [field for field in PAYMENT_FIELDS if field not in _TELLS])
    named |= {field: tell.column for field, tell in tells.items() if tell.told is not Told.NEVER}
    return named | {f"constants.{name}": name for name in payments.constants}


class _Check:
    """Collects every problem of one comparison."""

    def __init__(self, connection: sa.Connection) -> None:
        self.problems: list[str] = []
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
        present = {self._folded(column["name"]): column for column in reflected}
        spare = sorted(present.keys() - {self._folded(name) for name in named.values()})
        found: dict[str, DatabaseColumn] = {}
        for field, name in named.items():
            column = present.get(self._folded(name))
            if column is None:
                self._problem(f"The column {name} is missing in the table {table}", name, spare)
                continue
            found[field] = _column_of(column, self._dialect)
            self._check_kind(table, field, found[field], column["type"])
        return CheckedTable(table, found)

    def keys(self, invoices: CheckedTable, referring: CheckedTable) -> None:
        """Check that a row's invoice can be found: both keys must hold the same kind of value."""
        key, reference = invoices.columns.get("key"), referring.columns.get("invoice")
        if key and reference and Kind.ANY not in {key.kind, reference.kind} and key.kind is not reference.kind:
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
            if self._folded(column["name"]) not in filled and _must_be_filled(column):
                self.problems.append(
                    f"The column {column['name']} in the table {payments.table} must be filled, but the mapping "
                    "has no value for it in [payments.constants]."
                )
        key, type_ = payments.columns.get("key"), payments.columns.get("payment_type")
        if key and mapping.payments.key_source is KeySource.NEXT_NUMBER and key.kind is not Kind.NUMBER:
            self.problems.append(
                f"The key {key.name} of {payments.table} holds {key.kind}, so there is no next number."
            )
        added = mapping.payments.added_payment_type
        if type_ and type_.kind is Kind.NUMBER and not added.isdecimal():
            self.problems.append(
                f"The column {type_.name} holds whole numbers, so '{added}' cannot be an added_payment_type."
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
        try:
            options = self._inspector.get_table_options(table.name, schema=table.schema)
        except NoSuchTableError:  # a view has none
            return ""
        engine = next((str(value) for name, value in options.items() if str(name).endswith("_engine")), "InnoDB")
        return (
            ""
            if engine.lower() == "innodb"
            else (
                f"The table {table} uses the storage engine {engine}, without transactions: a change that "
                "fails could not be taken back, so nothing is written there."
            )
        )

    def _check_kind(
        self, table: TableName, field: str, column: DatabaseColumn, found: sa.types.TypeEngine[Any]
    ) -> None:
        allowed, expected = _EXPECTED.get(field, (frozenset(Kind), ""))
        if self._dialect == "sqlite" and field in _DATES:
            allowed |= {Kind.TEXT}
        if column.kind not in allowed:
            self.problems.append(
                f"The column {column.name} in the table {table} is of the type {_shown(found)}, but {field} "
                f"needs {expected}."
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


def _column_of(column: ReflectedColumn, dialect: str) -> DatabaseColumn:
    found = column["type"]
    first_day, last_day = days_of(found, dialect)
    return DatabaseColumn(
        name=column["name"],
        kind=_kind_of(found, dialect),
        is_nullable=column["nullable"],
        length=length_of(found),
        is_padded=isinstance(found, sa.CHAR | sa.NCHAR),
        largest=largest_of(found, dialect),
        first_day=first_day,
        last_day=last_day,
    )


def _kind_of(found: sa.types.TypeEngine[Any], dialect: str) -> Kind:
    name = type(found).__name__.upper()
    if name in {"MONEY", "SMALLMONEY"}:
        # PostgreSQL's money comes as text in the server's locale.
        return Kind.OTHER if dialect == "postgresql" else Kind.DECIMAL
    if isinstance(found, sa.Numeric | sa.Float):
        return _kind_of_number(found)
    if isinstance(found, sa.DateTime):
        return Kind.OTHER if found.timezone or name == "DATETIMEOFFSET" else Kind.DATETIME
    if isinstance(found, sa.types.NullType):
        # A column of a SQLite view has no type; its values are judged row by row.
        return Kind.ANY if dialect == "sqlite" else Kind.OTHER
    for family, kind in _FAMILIES:
        if isinstance(found, family):
            return kind
    return Kind.OTHER


_FAMILIES: tuple[tuple[type[sa.types.TypeEngine[Any]], Kind], ...] = (
    (sa.Uuid, Kind.UUID),
    (sa.Integer, Kind.NUMBER),
    (sa.Date, Kind.DATE),
    (sa.String, Kind.TEXT),
)


def _shown(found: sa.types.TypeEngine[Any]) -> str:
    return str(found).split(" COLLATE", maxsplit=1)[0]


def _kind_of_number(found: sa.Numeric[Any] | sa.Float[Any]) -> Kind:
    scale = getattr(found, "scale", None)
    if isinstance(found, sa.Float) or scale is None or scale >= _CENTS:
        return Kind.DECIMAL
    return Kind.NUMBER if scale == 0 else Kind.OTHER


def _must_be_filled(column: ReflectedColumn) -> bool:
    is_given = column.get("default") is not None or column.get("autoincrement") is True
    is_made = (
        "identity" in column or "computed" in column or type(column["type"]).__name__ in {"TIMESTAMP", "ROWVERSION"}
    )
    is_key = bool(column.get("primary_key"))
    return not (column["nullable"] or is_given or is_made or is_key)


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
