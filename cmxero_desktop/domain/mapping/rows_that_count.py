"""Asks which rows count: what marks a deleted one, of which kind payments are, whose company's they are.

No schema tells that for certain, and a row that counts by mistake is money that was never received; so each column
that may say it is asked about.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from cmxero_desktop.domain.mapping.agreement import Share
from cmxero_desktop.domain.mapping.column_facts import Value
from cmxero_desktop.domain.mapping.column_kinds import ColumnKind
from cmxero_desktop.domain.mapping.findings import Answers, MappingFinding, Option, answered, best_of
from cmxero_desktop.domain.mapping.glossary import GONE_VALUES, INVOICE_VALUES, PAYMENT_VALUES, TRUE_VALUES, Word
from cmxero_desktop.domain.mapping.lookups import called
from cmxero_desktop.domain.mapping.marks import Mark, Telling, parsed_mark
from cmxero_desktop.domain.mapping.seen import SeenColumn, SeenTable
from cmxero_desktop.domain.mapping.words import words_of

ALL, OTHERS = "all", "others"
_TELLING = frozenset({Word.DELETED, Word.ACTIVE, Word.STATUS, Word.COMPANY, Word.TEST, Word.KIND, Word.TRANSACTION})
_GONE = frozenset({Word.DELETED, Word.ACTIVE, Word.STATUS})
_HARMLESS = frozenset(
    {
        *(Word.USER, Word.METHOD, Word.BANK, Word.ADDRESS, Word.NOTES, Word.NAME, Word.RATE, Word.QUANTITY, Word.TAX),
        *(Word.PERIOD, Word.ORDER, Word.CLIENT, Word.CASE, Word.PAYER, Word.REFERENCE, Word.JOURNAL, Word.GROUP),
        *(Word.LOCKED, Word.MODIFIED, Word.ENTERED, Word.TO, Word.DUE, Word.PAID, Word.BALANCE, Word.FEE, Word.AMOUNT),
        *(Word.GROSS, Word.NET, Word.TOTAL, Word.DISCOUNT, Word.NUMBER, Word.VALUE),
    }
)
_DAYS = frozenset({ColumnKind.DATE, ColumnKind.DATETIME, ColumnKind.ZONED})
_MOST_VALUES = 8
_SHORT = 2
_FALSE_VALUES = frozenset({"false", "f", "no", "n", "nein"})
_BY_NAME, _BY_AMOUNTS, _BY_KIND = 10, 15, 30
_WHY = "A row that does not count, and is counted, is money that was never received or billed."
_WORDS = {
    Telling.NULL: "only rows where {column} is empty count",
    Telling.NOT_NULL: "only rows where {column} holds something count",
    Telling.EQUALS: "only rows where {column} is {values} count",
    Telling.NOT_EQUALS: "rows where {column} is {values} do not count",
}
_NOUNS = {"payments": "payment", "invoices": "invoice"}


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedRows:
    """The table whose rows are asked about; `side` is what it holds.

    `taken` are columns of which it is known what they hold, `names` what codes stand for. `kind` is the mark that the
    amounts suggest. `compare` says how many invoices are paid exactly by the rows that a mark leaves, or by all.
    """

    side: str
    table: SeenTable
    taken: frozenset[str]
    names: Mapping[str, Mapping[Value, str]]
    kind: Mark | None
    compare: Callable[[Mark | None], Share]


def rows_findings(it: AskedRows, answers: Answers) -> tuple[MappingFinding, ...]:
    """Return a question for each column that may say which rows count; what nobody can name goes into one."""
    told: list[MappingFinding] = []
    rest: list[Option] = []
    for column in it.table.columns:
        if not column.is_read or column.name in it.taken or not _may_tell(it, column):
            continue
        options = tuple(_options(it, column))
        if column.meaning & _TELLING or (it.kind is not None and it.kind.column == column.name):
            told.append(_finding(it, column, options, answers))
        else:
            rest += options
    if rest:
        told.append(_others(it, rest, answers))
    return tuple(told)


def marks_of(it: AskedRows, findings: Sequence[MappingFinding]) -> tuple[Mark, ...]:
    """Return the marks that answers, or what is likely, make of the questions."""
    marks = (parsed_mark(it.table, f.taken) for f in findings if f.key.startswith(f"{it.side}.only."))
    return tuple(mark for mark in marks if mark is not None and mark.telling in _WORDS)


def _may_tell(it: AskedRows, column: SeenColumn) -> bool:
    facts, meaning = it.table.facts[column.name], column.meaning
    is_linked = any(link.column == column.name for link in it.table.links) and column.name not in it.names
    if it.kind is not None and it.kind.column == column.name:
        return True
    if Word.COMPANY in meaning or Word.CURRENCY in meaning:
        return facts.is_few and facts.distinct > 1
    if column.kind in _DAYS:
        return bool(meaning & _GONE) or (facts.blank * 2 > facts.rows and not meaning & _HARMLESS)
    if meaning & _TELLING:
        return facts.is_few or not facts.filled or column.kind is ColumnKind.BOOLEAN
    if meaning & _HARMLESS or is_linked or column.kind is ColumnKind.DECIMAL:
        return False
    is_short = all(len(str(value)) <= _SHORT for value in facts.counts)
    return column.kind is ColumnKind.BOOLEAN or (facts.is_few and (facts.distinct > 1 or facts.blank > 0 or is_short))


def _finding(it: AskedRows, column: SeenColumn, options: tuple[Option, ...], answers: Answers) -> MappingFinding:
    key = f"{it.side}.only.{column.name}"
    noun = _NOUNS[it.side]
    every = Option(key=ALL, words="nothing of that kind: every row counts")
    return _asked(it, key, f"What {column.name} says of a {noun}", (every, *options), answers)


def _others(it: AskedRows, options: Sequence[Option], answers: Answers) -> MappingFinding:
    columns = dict.fromkeys(option.key.split(":")[1] for option in options)
    every = Option(key=ALL, words="none of them: every row counts")
    title = f"Whether one of these columns says which {it.side} count: {', '.join(columns)}"
    return _asked(it, f"{it.side}.only.{OTHERS}", title, (every, *options), answers)


def _asked(it: AskedRows, key: str, title: str, options: tuple[Option, ...], answers: Answers) -> MappingFinding:
    answer = answers.get(key, "")
    mark = parsed_mark(it.table, answer)
    if mark is not None and mark.telling in _WORDS and answer not in {option.key for option in options}:
        options = (*options, _option(it, mark))
    best = best_of(options)[0]
    found = MappingFinding(key=key, title=title, options=options, likely=best.key if best.points > 0 else "", why=_WHY)
    return answered(found, answers)


def _options(it: AskedRows, column: SeenColumn) -> Iterator[Option]:
    facts = it.table.facts[column.name]
    if facts.blank or column.kind in _DAYS:
        yield _option(it, Mark(column=column.name, telling=Telling.NULL))
        yield _option(it, Mark(column=column.name, telling=Telling.NOT_NULL))
    if column.kind in _DAYS:
        return
    values: list[Value] = [value for value, _ in facts.usual[:_MOST_VALUES]]
    if column.kind is ColumnKind.BOOLEAN:
        values = [*values, *(value for value in (True, False) if value not in facts.counts)]
    for value in values:
        yield _option(it, Mark(column=column.name, telling=Telling.EQUALS, values=(value,)))
    gone = tuple(value for value in values if _is_gone(it, column, value))
    for several in dict.fromkeys([*((value,) for value in values), *([gone] if gone else [])]):
        if len(values) > 1 and len(several) < len(values):
            yield _option(it, Mark(column=column.name, telling=Telling.NOT_EQUALS, values=several))


def _option(it: AskedRows, mark: Mark) -> Option:
    facts = it.table.facts[mark.column]
    names = it.names.get(mark.column, {})
    values = " or ".join(called(value, names) for value in mark.values)
    met = sum(count for value, count in facts.counts.items() if mark.is_met(value))
    met += facts.blank if mark.is_met(None) else 0
    words = _WORDS[mark.telling].format(column=mark.column, values=values)
    points, reasons = _weighed(it, mark)
    return Option(
        key=mark.key, words=f"{words}: {met:,} of {facts.rows:,} are left", points=points, reasons=tuple(reasons)
    )


def _weighed(it: AskedRows, mark: Mark) -> tuple[int, list[str]]:
    """Return what speaks for a mark: the words of its column and values, and the amounts of the rows that it leaves."""
    points, reasons = 0, []
    if _is_named_so(it, mark):
        points, reasons = _BY_NAME, ["The words say so."]
    if it.kind is not None and mark == it.kind:
        points, reasons = points + _BY_KIND, [*reasons, f"By the amounts these are the {it.side}."]
    before, after = it.compare(None), it.compare(mark)
    if after.is_sign and after.hits * before.of * 20 > before.hits * after.of * 21:
        points += _BY_AMOUNTS
        reasons.append(f"{after} invoices with such rows are paid exactly; {before} with all rows.")
    return points, reasons


def _is_named_so(it: AskedRows, mark: Mark) -> bool:
    meaning = it.table.by_name[mark.column].meaning
    if Word.DELETED in meaning:
        return _tells(mark, Telling.NULL, wanted=False)
    if Word.ACTIVE in meaning:
        return _tells(mark, Telling.NOT_NULL, wanted=True)
    column = it.table.by_name[mark.column]
    if mark.telling is Telling.NOT_EQUALS and Word.STATUS in meaning:
        gone = {value for value in it.table.facts[mark.column].counts if _is_gone(it, column, value)}
        return set(mark.values) == gone
    own = PAYMENT_VALUES if it.side == "payments" else INVOICE_VALUES
    is_kind = bool(meaning & {Word.KIND, Word.TRANSACTION}) and mark.telling is Telling.EQUALS
    return is_kind and all(_words(it, column, value) & own for value in mark.values)


def _tells(mark: Mark, empty: Telling, *, wanted: bool) -> bool:
    """Say whether a mark leaves the rows whose column says yes, or no, as is wanted."""
    if not mark.values:
        return mark.telling is empty
    yes = [str(value).strip().casefold() in TRUE_VALUES for value in mark.values]
    no = [str(value).strip().casefold() in _FALSE_VALUES | {"0"} for value in mark.values]
    if mark.telling is Telling.EQUALS:
        return all(yes if wanted else no)
    return all(no if wanted else yes)


def _is_gone(it: AskedRows, column: SeenColumn, value: Value) -> bool:
    return Word.STATUS in column.meaning and bool(_words(it, column, value) & GONE_VALUES)


def _words(it: AskedRows, column: SeenColumn, value: Value) -> frozenset[str]:
    names = it.names.get(column.name, {})
    text = names.get(value) or str(value)
    return frozenset(words_of(text))
