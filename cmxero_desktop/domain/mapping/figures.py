"""Asks where adjustments and refunds of an invoice stand: in a column, row by row in a table, nowhere, or nobody knows.

What an invoice still owes hangs on them. Nothing is taken but what a column of balances proves.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from cmxero_desktop.domain.mapping.balances import Balances
from cmxero_desktop.domain.mapping.column_facts import Value, folded
from cmxero_desktop.domain.mapping.findings import Answers, MappingFinding, Option, answered, best_of
from cmxero_desktop.domain.mapping.forms import MoneyForm, money_form
from cmxero_desktop.domain.mapping.glossary import ADJUSTMENT_VALUES, REFUND_VALUES, Word
from cmxero_desktop.domain.mapping.links import Reference, references
from cmxero_desktop.domain.mapping.lookups import called
from cmxero_desktop.domain.mapping.marks import Mark, Telling, parsed_mark
from cmxero_desktop.domain.mapping.methods import is_of_methods
from cmxero_desktop.domain.mapping.seen import SeenColumn, SeenTable, TablePlace
from cmxero_desktop.domain.mapping.words import words_of

ADJUSTMENTS, REFUNDS = "adjustments", "refunds"
NONE, UNKNOWN, EVERY_ROW = "none", "unknown", "all"
_MEANT = {
    ADJUSTMENTS: frozenset({Word.ADJUSTMENT, Word.CREDIT, Word.DISCOUNT}),
    REFUNDS: frozenset({Word.REFUND}),
}
_VALUES = {ADJUSTMENTS: ADJUSTMENT_VALUES, REFUNDS: REFUND_VALUES}
_LESS = {
    ADJUSTMENTS: ("-50.00 where 50.00 less is owed", "50.00 where 50.00 less is owed"),
    REFUNDS: ("50.00 where 50.00 was paid back", "-50.00 where 50.00 was paid back"),
}
_MOST_VALUES = 8
_TELLING = frozenset({Word.KIND, Word.TRANSACTION, Word.DELETED, Word.ACTIVE, Word.STATUS, Word.COMPANY, Word.FLAG})
_WHY = "What an invoice still owes is its total plus adjustments plus refunds less payments; else additions overpay it."


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureSource:
    """Where a figure stands row by row: the table, its amount, its invoice, and the rows that count."""

    table: SeenTable
    amount: str
    invoice: str
    where: Mark | None
    is_negative: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundFigure:
    """What is found of one figure: its questions, and the column or the source that they lead to.

    `is_none` says that there never is any. `marks` names what more than one column would have to tell.
    """

    name: str
    findings: tuple[MappingFinding, ...]
    column: str = ""
    source: FigureSource | None = None
    is_none: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureQuestion:
    """What is known when a figure is asked for: the invoices with their key, and all tables with what codes mean."""

    invoices: SeenTable
    key: str
    taken: frozenset[str]
    payments: TablePlace
    tables: Sequence[SeenTable]
    names: Mapping[TablePlace, Mapping[str, Mapping[Value, str]]]
    balances: Balances


def found_figure(name: str, it: FigureQuestion, answers: Answers) -> FoundFigure:
    """Ask where a figure stands, and whatever follows from the answer."""
    sources = {f"table:{table.place}:{amount}": (table, amount, ref) for table, amount, ref in _sources(name, it)}
    none = it.balances.of_nothing()
    options = [
        *_columns(name, it),
        *(_source_option(key, *of, it.balances) for key, of in sources.items()),
        Option(key=NONE, words="the firm never has any", reasons=none.reasons, points=none.points),
        Option(key=UNKNOWN, words="nobody knows: then every addition is flagged, and none goes in bulk"),
    ]
    best = best_of(options)[0]
    key = f"invoices.{name}"
    likely = best.key if best.points > 0 else ""
    found = MappingFinding(key=key, title=f"Where {name} stand", options=tuple(options), likely=likely, why=_WHY)
    found = answered(found, answers)
    if found.taken in sources:
        return _of_rows(name, it, found, sources[found.taken], answers)
    column = found.taken.removeprefix("column:") if found.taken.startswith("column:") else ""
    return FoundFigure(name=name, findings=(found,), column=column, is_none=found.taken == NONE)


def _columns(name: str, it: FigureQuestion) -> Iterator[Option]:
    for column in it.invoices.columns:
        if column.name in it.taken or money_form(it.invoices, column) is not MoneyForm.DECIMAL:
            continue
        meant = column.meaning & _MEANT[name]
        if meant and not column.meaning & {Word.TAX, Word.DATE}:
            facts = it.invoices.facts[column.name]
            stored, _ = _LESS[name]
            proof = it.balances.of_column(column.name)
            yield Option(
                key=f"column:{column.name}",
                words=f"the column {column.name} of {it.invoices.place}, with {stored}",
                reasons=(
                    f"It is named so; {facts.below:,} of its values are below zero, {facts.above:,} above.",
                    *proof.reasons,
                ),
                samples=facts.samples,
                points=(12 if Word.ADJUSTMENT in meant or Word.REFUND in meant else 4) + proof.points,
            )


def _sources(name: str, it: FigureQuestion) -> Iterator[tuple[SeenTable, str, Reference]]:
    """Yield tables whose rows may add up to the figure: named so, or with rows of a kind that is."""
    for table in it.tables:
        is_named = bool(table.meaning & _MEANT[name]) and not table.meaning & {Word.KIND, Word.SUPPLIER}
        if not is_named and not _has_kind(name, table, it):
            continue
        referring = [r for r in references(table, it.invoices) if r.to == it.key]
        if not referring:
            continue
        reference = max(referring, key=lambda one: (one.points, one.column))
        for column in table.columns:
            is_amount = money_form(table, column) is MoneyForm.DECIMAL and not column.meaning & {Word.TAX, Word.BALANCE}
            if is_amount and column.name != reference.column:
                yield table, column.name, reference


def _has_kind(name: str, table: SeenTable, it: FigureQuestion) -> bool:
    return any(True for column in _kind_columns(table) for _ in _values_meant(name, table, column, it))


def _kind_columns(table: SeenTable) -> Iterator[SeenColumn]:
    for column in table.columns:
        is_kind = bool(column.meaning & {Word.KIND, Word.TRANSACTION}) and not column.meaning & {
            Word.PAYMENT,
            Word.METHOD,
        }
        if is_kind and column.is_read and table.facts[column.name].is_few and not is_of_methods(table, column, {}):
            yield column


def _values_meant(name: str, table: SeenTable, column: SeenColumn, it: FigureQuestion) -> Iterator[Value]:
    names = it.names.get(table.place, {}).get(column.name, {})
    for value in table.facts[column.name].counts:
        if set(words_of(names.get(folded(value)) or str(value))) & _VALUES[name]:
            yield value


def _source_option(key: str, table: SeenTable, amount: str, reference: Reference, balances: Balances) -> Option:
    proof = balances.of_rows(table, reference.column, amount)
    rows = "" if table.row_count is None else f", {table.row_count:,} rows"
    return Option(
        key=key,
        words=f"row by row in {table.place}{rows}: the sum of {amount} for each {reference.column}",
        reasons=(reference.reason, *proof.reasons),
        samples=table.facts[amount].samples,
        points=8 + proof.points,
    )


def _of_rows(
    name: str, it: FigureQuestion, found: MappingFinding, of: tuple[SeenTable, str, Reference], answers: Answers
) -> FoundFigure:
    table, amount, reference = of
    where, mark = _where(name, it, table, answers)
    sign = _sign(name, table, amount, answers)
    source = FigureSource(
        table=table,
        amount=amount,
        invoice=reference.column,
        where=mark,
        is_negative=sign.taken == "negative",
    )
    return FoundFigure(name=name, findings=(found, where, sign), source=source)


def _where(name: str, it: FigureQuestion, table: SeenTable, answers: Answers) -> tuple[MappingFinding, Mark | None]:
    key = f"invoices.{name}.where"
    names = it.names.get(table.place, {})
    options = [Option(key=EVERY_ROW, words=f"every row of {table.place} counts")]
    for column in table.columns:
        if not column.is_read or not table.facts[column.name].is_few:
            continue
        if not column.meaning & _TELLING:
            continue
        meant = set(_values_meant(name, table, column, it)) if column in list(_kind_columns(table)) else set()
        for telling in (Telling.EQUALS, Telling.NOT_EQUALS):
            for value, count in table.facts[column.name].usual[:_MOST_VALUES]:
                mark = Mark(column=column.name, telling=telling, values=(value,))
                is_so = "is" if telling is Telling.EQUALS else "is not"
                words = f"rows where {column.name} {is_so} {called(value, names.get(column.name, {}))} count"
                points = 10 if telling is Telling.EQUALS and value in meant else 0
                reason = f"{count:,} of {table.facts[column.name].rows:,} rows hold that."
                options.append(Option(key=mark.key, words=words, reasons=(reason,), points=points))
    is_own = bool(table.meaning & _MEANT[name]) and table.place != it.payments
    if is_own and len(options) == 1:
        options[0] = Option(key=EVERY_ROW, words=options[0].words, points=1)
    answer = answers.get(key, "")
    own = parsed_mark(table, answer)
    if own is not None and own.values and answer not in {option.key for option in options}:
        options.append(Option(key=answer, words=f"as answered: {answer}"))
    best = best_of(options)[0]
    likely = best.key if best.points > 0 else ""
    title = f"Which rows of {table.place} are {name}"
    asked = MappingFinding(key=key, title=title, options=tuple(options), likely=likely, why=_WHY)
    decided = answered(asked, answers)
    return decided, parsed_mark(table, decided.taken)


def _sign(name: str, table: SeenTable, amount: str, answers: Answers) -> MappingFinding:
    facts = table.facts[amount]
    usual, other = _LESS[name]
    wants_below = name == ADJUSTMENTS
    likely = ""
    if facts.above or facts.below:
        is_usual = (facts.below > 0) is wants_below or (facts.below > 0 and facts.above > 0)
        likely = "positive" if is_usual else "negative"
    options = (
        Option(key="positive", words=f"it holds {usual}"),
        Option(key="negative", words=f"it holds {other}"),
    )
    why = f"{facts.above:,} amounts are above zero and {facts.below:,} below, of all its rows. {_WHY}"
    title = f"The sign of {name} in {amount} of {table.place}"
    found = MappingFinding(key=f"invoices.{name}.sign", title=title, options=options, likely=likely, why=why)
    return answered(found, answers)
