"""What every stage of a suggestion stands on: the schema, Xero's side, the chosen tables, and what was answered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from cmxero_desktop.domain.mapping.agreement import Share, amounts_by_key, paid_exactly
from cmxero_desktop.domain.mapping.column_facts import Value
from cmxero_desktop.domain.mapping.findings import Answers, MappingFinding
from cmxero_desktop.domain.mapping.glossary import Word
from cmxero_desktop.domain.mapping.lookups import names_of_codes
from cmxero_desktop.domain.mapping.marks import Mark, Telling, rows_that_count
from cmxero_desktop.domain.mapping.methods import is_of_methods
from cmxero_desktop.domain.mapping.pairs import Pair, money_columns
from cmxero_desktop.domain.mapping.rows_that_count import AskedRows, marks_of, rows_findings
from cmxero_desktop.domain.mapping.seen import KnownSide, SeenSchema, SeenTable, TablePlace

Names = Mapping[str, Mapping[Value, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedRows:
    """One of the two tables, the same with only the rows that count, and what says which ones these are."""

    table: SeenTable
    counted: SeenTable
    findings: tuple[MappingFinding, ...]
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What is given, and the two tables with the rows that count."""

    schema: SeenSchema
    known: KnownSide
    answers: Answers
    pair: Pair
    pairs: Sequence[Pair]
    names: Mapping[TablePlace, Names]
    invoices: CountedRows
    payments: CountedRows

    @property
    def may_be_text(self) -> bool:
        """Whether days may be text, as in a SQLite file."""
        return self.schema.kind == "SQLite"

    def names_of(self, table: SeenTable) -> Names:
        """Return what codes in a table stand for."""
        return self.names.get(table.place, {})

    def paid_by(self, key: str, total: str, amount: str) -> Share:
        """Say how many invoices are paid exactly, by the rows that count."""
        totals = amounts_by_key(self.invoices.counted, key, total)
        return paid_exactly(totals, amounts_by_key(self.payments.counted, self.pair.reference.column, amount))


def ground_of(schema: SeenSchema, known: KnownSide, pair: Pair, pairs: Sequence[Pair], answers: Answers) -> Ground:
    """Ask which rows of the two tables count, and go on with those."""
    names = {table.place: names_of_codes(table, schema.tables) for table in schema.tables}
    asked = partial(_counted, pair, names, answers)
    return Ground(
        schema=schema,
        known=known,
        answers=answers,
        pair=pair,
        pairs=pairs,
        names=names,
        invoices=asked("invoices"),
        payments=asked("payments"),
    )


def _counted(pair: Pair, names: Mapping[TablePlace, Names], answers: Answers, side: str) -> CountedRows:
    is_paying = side == "payments"
    table = pair.payments if is_paying else pair.invoices
    of_codes = names.get(table.place, {})
    kinds, reference = pair.kinds, pair.reference
    value = None if kinds is None else kinds.payment if is_paying else kinds.invoice
    kind = Mark(column=kinds.column, telling=Telling.EQUALS, values=(value,)) if kinds and value is not None else None
    methods = {c.name for c in table.columns if is_paying and _is_method(table, c.name, of_codes)}
    taken = {*table.key, reference.column if is_paying else reference.to, *(c.name for c in money_columns(table))}
    asked = AskedRows(
        side=side,
        table=table,
        taken=frozenset(taken | methods) - ({kind.column} if kind else set()),
        names=of_codes,
        kind=kind,
        compare=partial(_compared, pair, is_paying),
    )
    findings = rows_findings(asked, answers)
    marks = marks_of(asked, findings)
    return CountedRows(
        table=table, counted=replace(table, rows=rows_that_count(table, marks)), findings=findings, marks=marks
    )


def _is_method(table: SeenTable, column: str, names: Names) -> bool:
    seen = table.by_name[column]
    is_told = bool(seen.meaning & {Word.METHOD, Word.KIND, Word.PAYMENT})
    return is_told and is_of_methods(table, seen, names.get(column, {}))


def _compared(pair: Pair, is_paying: bool, mark: Mark | None) -> Share:  # noqa: FBT001 - bound before it is called
    """Say how many invoices are paid exactly by the rows that a mark leaves, on its own side."""
    total, amount = pair.columns
    if not total:
        return Share()
    kinds = pair.kinds
    paying = [] if kinds is None else [Mark(column=kinds.column, telling=Telling.EQUALS, values=(kinds.payment,))]
    is_apart = kinds is not None and pair.is_one_table
    billed = [Mark(column=kinds.column, telling=Telling.EQUALS, values=(kinds.invoice,))] if kinds and is_apart else []
    more = [] if mark is None else [mark]
    totals = amounts_by_key(pair.invoices, pair.reference.to, total, billed + ([] if is_paying else more))
    return paid_exactly(
        totals, amounts_by_key(pair.payments, pair.reference.column, amount, paying + (more if is_paying else []))
    )
