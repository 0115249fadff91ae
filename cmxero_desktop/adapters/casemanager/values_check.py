"""Compares the values of a mapping file with the columns that they meet, and names every one that cannot be there."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from cmxero_desktop.adapters.casemanager.fitting import UnfitError, fitted, fitted_ways
from cmxero_desktop.adapters.casemanager.mapping import COMPARED, CaseMapping, Constant, KeySource, Tell, Told
from cmxero_desktop.adapters.casemanager.schema import CheckedTable, CheckedTell, DatabaseColumn
from cmxero_desktop.domain.identifiers import XeroPaymentId
from cmxero_desktop.domain.mapping.column_kinds import ColumnKind
from cmxero_desktop.domain.notes import with_mark

_LOCKS: Mapping[str, str] = {"journalled": "journalled", "multi_invoice": "part of a multi-invoice payment"}
_WRITTEN = ("key", "invoice", "paid_on", "amount", "payment_type", "reference", "notes")
_ID = XeroPaymentId("00000000-0000-0000-0000-000000000000")


@dataclass(frozen=True, slots=True, kw_only=True)
class ValuesCheck:
    """The comparison on one kind of database; what does not fit is added to `problems`."""

    dialect: str
    problems: list[str]

    def told(self, table: CheckedTable, section: str, tells: Mapping[str, Tell]) -> CheckedTable:
        """Return the table with what its columns tell, as the database is asked for it."""
        checked = {}
        for field, tell in tells.items():
            column = table.columns.get(field)
            if tell.told is Told.NEVER or column is None:
                continue
            place = f"{section}.{field}"
            self._check_emptiness(table, place, tell, column)
            if column.kind is ColumnKind.OTHER and (tell.values or tell.none):
                self.problems.append(
                    f"{place} compares the column {column.name} in the table {table.table}, whose type has no values "
                    "that a mapping could name: let a view show it as text or as a number."
                )
                continue
            key = _key_of(field, tell)
            values = [self._fitted(table, f"{place}.{key}", value, column) for value in (*tell.values, *tell.none)]
            # Whether a column holds anything is read from its value (see `rows`), but for which rows count.
            if tell.told is not Told.NOT_NULL or field == "only":
                known = tuple(way for ways in values for way in ways)
                checked[field] = CheckedTell(told=tell.told, values=known, is_empty_meant=field not in _LOCKS)
        return replace(table, tells=checked)

    def written(self, mapping: CaseMapping, table: CheckedTable) -> None:
        """Check what an insert writes: the payment type, the note, the constants, and that it counts as it is meant."""
        payments, columns = mapping.payments, table.columns
        for name, value in payments.constants.items():
            if column := columns.get(f"constants.{name}"):
                self._fitted(table, f"payments.constants.{name}", value, column)
        if column := columns.get("payment_type"):
            self._fitted(table, "payments.added_payment_type", payments.added_payment_type, column)
        if column := columns.get("notes"):
            self._check_notes(table, column, payments.imported_text)
        if (column := columns.get("amount")) and payments.are_amounts_negative and column.smallest is not None:
            self.problems.append(
                f"The column {column.name} in the table {table.table} takes no negative numbers, "
                "but payments.amount_sign is negative."
            )
        self._check_apart(table)
        self._check_key(table, payments.key_source)
        for field, tell in (("journalled", payments.journalled), ("multi_invoice", payments.multi_invoice)):
            if (found := self._constant_of(mapping, table, field)) and self._is_told(table, field, tell, found[1]):
                self.problems.append(
                    f"payments.constants.{found[0]} would make every added payment {_LOCKS[field]}: "
                    f"give it a value by which payments.{field} does not tell it."
                )
        self._check_counting(mapping, table)

    def _check_counting(self, mapping: CaseMapping, table: CheckedTable) -> None:
        """Check that a payment that is added is a row that counts."""
        tell, column = mapping.payments.only, table.columns.get("only")
        if tell.told is Told.NEVER or column is None:
            return
        found = self._constant_of(mapping, table, "only")
        is_mapped = any(self._is_same(column, table.columns.get(field)) for field in _WRITTEN)
        is_left = found is None and not is_mapped
        wants_empty = tell.told in {Told.NULL, Told.NOT_EQUALS}
        if (found and not self._is_told(table, "only", tell, found[1])) or (
            is_left and not wants_empty and not column.has_default
        ):
            self.problems.append(
                f"An added payment would not count by payments.only: give the column {column.name} in "
                "[payments.constants] a value that counts."
            )

    def _check_notes(self, table: CheckedTable, column: DatabaseColumn, imported_text: str) -> None:
        needed = max(len(with_mark("", _ID)), len(imported_text))
        if column.length is not None and column.length < needed:
            self.problems.append(
                f"The column {column.name} in the table {table.table} takes {column.length} characters, but "
                f"notes needs {needed} for the line that names a Xero payment."
            )

    def _check_key(self, table: CheckedTable, source: KeySource) -> None:
        """Name a key that cannot hold what the program would give it."""
        column = table.columns.get("key")
        if column is None or source is KeySource.GENERATED:
            return
        if source is KeySource.NEXT_NUMBER and column.kind not in {ColumnKind.NUMBER, ColumnKind.ANY}:
            self.problems.append(
                f"The key {column.name} of {table.table} holds {column.kind}, so there is no next number."
            )
        is_short = column.length is not None and column.length < len(_ID)
        if source is KeySource.UUID and (
            is_short or column.kind not in {ColumnKind.TEXT, ColumnKind.UUID, ColumnKind.ANY}
        ):
            held = f"{column.length} characters" if is_short else column.kind
            self.problems.append(f"The key {column.name} of {table.table} holds {held}, so it cannot hold a UUID.")

    def _check_apart(self, table: CheckedTable) -> None:
        """Name two fields of a payment that are one column: only one of them could be written."""
        seen: dict[str, str] = {}
        for field in _WRITTEN:
            if column := table.columns.get(field):
                first = seen.setdefault(column.name, field)
                if first != field:
                    self.problems.append(
                        f"payments.{first} and payments.{field} are both the column {column.name}; "
                        "each needs a column of its own."
                    )

    def _check_emptiness(self, table: CheckedTable, place: str, tell: Tell, column: DatabaseColumn) -> None:
        """Name a column that is never empty, where being empty should tell something."""
        if tell.told not in {Told.NULL, Told.NOT_NULL}:
            return
        is_never_empty = not column.is_nullable and column.kind not in {ColumnKind.TEXT, ColumnKind.ANY}
        if is_never_empty or column.kind is ColumnKind.BOOLEAN:
            why = f"holds {ColumnKind.BOOLEAN}" if column.kind is ColumnKind.BOOLEAN else "is never empty"
            self.problems.append(
                f'{place} has when = "{tell.told}", but the column {column.name} in the table {table.table} {why}: '
                "say by its value what it tells."
            )

    def _fitted(self, table: CheckedTable, place: str, value: Constant, column: DatabaseColumn) -> Sequence[object]:
        try:
            return fitted_ways(value, column, self.dialect)
        except UnfitError as error:
            shown = f"'{value}'" if isinstance(value, str) else str(value).lower() if value in {True, False} else value
            self.problems.append(
                f"{place} is {shown}, but the column {column.name} in the table {table.table} {error}."
            )
            return ()

    def _constant_of(self, mapping: CaseMapping, table: CheckedTable, field: str) -> tuple[str, Constant] | None:
        """Return the constant that an insert gives the column of a field."""
        column = table.columns.get(field)
        for name, value in mapping.payments.constants.items():
            if column is not None and self._is_same(column, table.columns.get(f"constants.{name}")):
                return name, value
        return None

    def _is_same(self, column: DatabaseColumn, other: DatabaseColumn | None) -> bool:
        return other is not None and column.name == other.name

    def _is_told(self, table: CheckedTable, field: str, tell: Tell, value: Constant) -> bool:
        """Say whether a row with this value in the column of a field is one that the field tells of."""
        column = table.columns[field]
        is_blank = isinstance(value, str) and not value.strip()
        if tell.told in {Told.NULL, Told.NOT_NULL}:
            return is_blank is (tell.told is Told.NULL)
        among = self._is_among(value, (*tell.values, *tell.none), column)
        return among is (tell.told is Told.EQUALS) and not (tell.told is Told.SHARED and is_blank)

    def _is_among(self, value: Constant, values: Iterable[Constant], column: DatabaseColumn) -> bool:
        known = {_folded(way) for one in values for way in self._ways(one, column)}
        return any(_folded(way) in known for way in self._ways(value, column))

    def _ways(self, value: Constant, column: DatabaseColumn) -> Iterator[object]:
        try:
            yield fitted(value, column, self.dialect)
        except UnfitError:
            return


def _key_of(field: str, tell: Tell) -> str:
    if tell.told is Told.SHARED:
        return "none"
    return str(tell.told) if field == "where" and tell.told in COMPARED else "value"


def _folded(value: object) -> object:
    return value.rstrip().casefold() if isinstance(value, str) else value
