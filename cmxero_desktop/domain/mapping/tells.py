"""Asks how a payment is told to be journalled or part of a larger one, which sign it has, and what its times mean."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from cmxero_desktop.domain.mapping.column_facts import ColumnFacts, Value, day_of, folded, is_blank, is_number, shown
from cmxero_desktop.domain.mapping.column_kinds import ColumnKind
from cmxero_desktop.domain.mapping.findings import Answers, MappingFinding, Option, Sureness, answered, best_of
from cmxero_desktop.domain.mapping.glossary import TRUE_VALUES, Word
from cmxero_desktop.domain.mapping.lookups import called
from cmxero_desktop.domain.mapping.marks import NEVER, Mark, Telling, parsed_mark
from cmxero_desktop.domain.mapping.seen import SeenColumn, SeenTable

JOURNALLED, MULTI_INVOICE = "payments.journalled", "payments.multi_invoice"
SIGN, TIMES = "payments.amount_sign", "payments.paid_on.times"
LOCAL, UTC = "local", "utc"
POSITIVE, NEGATIVE = "positive", "negative"
_MOST_VALUES = 6
_NO_GROUP = frozenset({"0", "-", "none", "null", "n/a"})
_MOST = 9, 10
_YES_OR_NO = 2
_MARKS = frozenset({"yes", "no", "true", "false", "ja", "nein"})
_NO_GROUPS = frozenset(
    {Word.CLIENT, Word.CASE, Word.USER, Word.KIND, Word.METHOD, Word.STATUS, Word.COMPANY, Word.JOURNAL, Word.PAYER}
)
Names = Mapping[str, Mapping[Value, str]]


def journalled_finding(table: SeenTable, taken: frozenset[str], names: Names, answers: Answers) -> MappingFinding:
    """Ask how a payment is told to be journalled: such a one is locked, and no schema says how for certain."""
    options = [Option(key=NEVER.key, words="payments are never journalled here")]
    for column in table.columns:
        is_one = column.meaning & {Word.JOURNAL, Word.LOCKED} and not column.meaning & {Word.USER}
        if column.is_read and column.name not in taken and is_one:
            options += _journal_options(table, column, names.get(column.name, {}))
    if len(options) == 1:
        options[0] = Option(key=NEVER.key, words=options[0].words, points=1, reasons=("No column is named so.",))
    return _asked(
        JOURNALLED,
        "How a journalled payment is told",
        "A journalled payment is locked: it is never changed, and one that is taken for free would be.",
        (table, options),
        answers,
    )


def multi_invoice_finding(
    table: SeenTable, taken: frozenset[str], columns: tuple[str, str], answers: Answers
) -> MappingFinding:
    """Ask how a payment is told to be part of one over several invoices; `columns` are those of its invoice and day."""
    options = [Option(key=NEVER.key, words="a payment is never spread over several invoices")]
    for column in table.columns:
        if not column.is_read or column.name in taken:
            continue
        if Word.GROUP in column.meaning and table.facts[column.name].is_few and column.kind is ColumnKind.BOOLEAN:
            options += [_flag(table, column, value, {}) for value, _ in table.facts[column.name].usual]
        elif (option := _group_option(table, column, columns)) is not None:
            options.append(option)
    if len(options) == 1:
        reasons = ("No column has a value that several payments of one day share.",)
        options[0] = Option(key=NEVER.key, words=options[0].words, points=1, reasons=reasons)
    return _asked(
        MULTI_INVOICE,
        "How one payment over several invoices is told",
        "Such a payment is never changed, since that would change the others with it.",
        (table, options),
        answers,
    )


def sign_finding(table: SeenTable, amount: str, answers: Answers) -> MappingFinding:
    """Say by the rows that count which sign a payment has; where both stand there, or none, it is asked."""
    facts = table.facts[amount]
    total = facts.above + facts.below
    words = {POSITIVE: "a payment of 100.00 is stored as 100.00", NEGATIVE: "a payment of 100.00 is stored as -100.00"}
    counts = {POSITIVE: facts.above, NEGATIVE: facts.below}
    likely = max(counts, key=lambda sign: counts[sign]) if facts.above != facts.below else ""
    is_sure = total > 0 and counts.get(likely) == total
    other = total - counts.get(likely, 0)
    why = "There is no row yet." if not total else f"{other:,} of {total:,} amounts have the other sign."
    options = tuple(
        Option(
            key=sign,
            words=words[sign],
            reasons=(f"{counts[sign]:,} of {total:,} amounts are {'above' if sign == POSITIVE else 'below'} zero.",),
        )
        for sign in (POSITIVE, NEGATIVE)
    )
    found = MappingFinding(
        key=SIGN,
        title="Which sign a payment has",
        options=options,
        likely=likely,
        sureness=Sureness.SURE if is_sure else Sureness.ASKED,
        why=f"{why} A row of the other sign counts as unreadable, never as a payment.",
    )
    return answered(found, answers)


def times_finding(table: SeenTable, day: str, answers: Answers) -> MappingFinding | None:
    """Ask in which zone the times of days are, where there are any: UTC is another day before ten in the morning."""
    facts = table.facts[day]
    if not facts.timed:
        return None
    why = f"{facts.timed:,} of {facts.filled:,} have a time, and a day is never shifted by this program."
    options = (
        Option(key=LOCAL, words="local time: the day that stands there is the day of the payment"),
        Option(key=UTC, words="UTC or another zone: the day may be another one"),
    )
    found = MappingFinding(key=TIMES, title=f"The times in {day}", options=options, likely="", why=why)
    return answered(found, answers)


def no_group(table: SeenTable, column: str) -> tuple[Value, ...]:
    """Return the values of a column of groups that mean no group at all."""
    return tuple(value for value in table.facts[column].counts if str(value).strip().casefold() in _NO_GROUP)


def _asked(
    key: str, title: str, why: str, what: tuple[SeenTable, Sequence[Option]], answers: Answers
) -> MappingFinding:
    table, options = what
    answer = answers.get(key, "")
    mark = parsed_mark(table, answer)
    if mark is not None and answer not in {option.key for option in options}:
        options = (*options, Option(key=answer, words=f"as answered: {answer}"))
    best = best_of(options)[0]
    likely = best.key if best.points > 0 else ""
    return answered(MappingFinding(key=key, title=title, options=tuple(options), likely=likely, why=why), answers)


def _journal_options(table: SeenTable, column: SeenColumn, names: Mapping[Value, str]) -> Iterator[Option]:
    facts = table.facts[column.name]
    is_flag = column.kind is ColumnKind.BOOLEAN or (facts.is_few and _are_marks(facts))
    if not is_flag or not facts.filled:
        both = facts.filled and facts.blank
        reason = f"{facts.filled:,} of {facts.rows:,} rows hold something there."
        points = 12 if both else 2
        mark = Mark(column=column.name, telling=Telling.NOT_NULL)
        words = f"{column.name} holds something"
        yield Option(key=mark.key, words=words, reasons=(reason,), samples=facts.samples, points=points)
        if zeros := tuple(value for value in facts.counts if is_number(value) and not value):
            mark = Mark(column=column.name, telling=Telling.NOT_EQUALS, values=zeros)
            words, reason = f"{column.name} is not 0", f"{facts.counts[zeros[0]]:,} of {facts.rows:,} rows hold 0."
            yield Option(key=mark.key, words=words, reasons=(reason,), samples=facts.samples, points=14)
        return
    for value, _ in facts.usual[:_MOST_VALUES]:
        yield _flag(table, column, value, names)


def _flag(table: SeenTable, column: SeenColumn, value: Value, names: Mapping[Value, str]) -> Option:
    facts = table.facts[column.name]
    mark = Mark(column=column.name, telling=Telling.EQUALS, values=(value,))
    reason = f"{facts.counts[value]:,} of {facts.rows:,} rows hold that."
    is_yes = str(value).strip().casefold() in TRUE_VALUES
    words = f"{column.name} is {called(value, names)}"
    return Option(key=mark.key, words=words, reasons=(reason,), points=12 if is_yes else 0)


def _are_marks(facts: ColumnFacts) -> bool:
    """Say whether values are yes or no, or a letter each, and no numbers of anything."""
    if facts.numbers:
        return facts.distinct <= _YES_OR_NO
    return all(len(str(value)) <= 1 or str(value).strip().casefold() in _MARKS for value in facts.counts)


def _group_option(table: SeenTable, column: SeenColumn, columns: tuple[str, str]) -> Option | None:
    """Return a column as a group, where its name says so or rows that share a value are of one day."""
    facts = table.facts[column.name]
    is_named = Word.GROUP in column.meaning
    if column.kind in {ColumnKind.DECIMAL, ColumnKind.DATE, ColumnKind.DATETIME} or (
        column.meaning & _NO_GROUPS and not is_named
    ):
        return None
    groups, spread = _shared(table, column.name, columns)
    is_told = groups > 0 and spread * _MOST[1] >= groups * _MOST[0]
    if not is_named and not is_told:
        return None
    none = no_group(table, column.name)
    mark = Mark(column=column.name, telling=Telling.SHARED, values=none)
    without = f"; {' and '.join(map(shown, none))} means none" if none else ""
    reason = f"{spread:,} values stand on several payments of one day and of different invoices."
    return Option(
        key=mark.key,
        words=f"payments share a value of {column.name}{without}",
        reasons=(reason,),
        samples=facts.samples,
        points=(8 if is_named else 4) + (6 if is_told else 0),
    )


def _shared(table: SeenTable, group: str, columns: tuple[str, str]) -> tuple[int, int]:
    """Return how many values several rows share, and how many of these are of one day and of several invoices."""
    rows: dict[Value, list[tuple[Value, Value]]] = defaultdict(list)
    none = {folded(value) for value in no_group(table, group)}
    for value, invoice, day in zip(table.values(group), *(table.values(c) for c in columns), strict=True):
        if not is_blank(value) and folded(value) not in none:
            rows[folded(value)].append((folded(invoice), day_of(day) or folded(day)))
    several = [found for found in rows.values() if len(found) > 1]
    spread = [f for f in several if len({invoice for invoice, _ in f}) > 1 and len({day for _, day in f}) == 1]
    return len(several), len(spread)
