"""Asks what stands in columns of a new payment that the mapping does not fill, and where its key comes from."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from cmxero_desktop.domain.mapping.column_facts import Value, folded, shown
from cmxero_desktop.domain.mapping.column_kinds import ColumnKind
from cmxero_desktop.domain.mapping.findings import Answers, MappingFinding, Option, Sureness, answered, best_of
from cmxero_desktop.domain.mapping.glossary import TRANSFERS, Word
from cmxero_desktop.domain.mapping.lookups import called
from cmxero_desktop.domain.mapping.marks import Mark, Telling, typed
from cmxero_desktop.domain.mapping.seen import Filling, SeenColumn, SeenTable
from cmxero_desktop.domain.mapping.words import words_of

KEY_SOURCE, ADDED_TYPE = "payments.key_source", "payments.added_payment_type"
GENERATED, NEXT_NUMBER, UUID = "generated", "next_number", "uuid"
CONSTANT = "payments.constants."
_USUAL_TYPE = "EFT"
_OURS = "CM-Xero Desk"
_UUID_LENGTH = 36
_MOST_VALUES = 8
_SOURCES = {
    GENERATED: "the database gives a new payment its key",
    NEXT_NUMBER: "the highest key plus one",
    UUID: "a new random UUID",
}


def key_source_finding(table: SeenTable, key: str, answers: Answers) -> MappingFinding:
    """Say where the key of a new payment comes from."""
    column = table.by_name[key]
    likely, is_sure, reason = _source(table, column)
    options = tuple(
        Option(key=source, words=words, reasons=(reason,) if source == likely else ())
        for source, words in _SOURCES.items()
    )
    found = MappingFinding(
        key=KEY_SOURCE,
        title="Where the key of a new payment comes from",
        options=options,
        likely=likely,
        sureness=Sureness.SURE if is_sure else Sureness.ASKED,
        why=f"Nothing says what gives {key} its values.",
        is_money=False,
    )
    return answered(found, answers)


def added_type_finding(table: SeenTable, column: str, names: Mapping[Value, str], answers: Answers) -> MappingFinding:
    """Say which type a payment that is added from Xero gets: a transfer from bank to bank, where one is called so."""
    usual = [value for value, _ in table.facts[column].usual[:_MOST_VALUES]]
    values = list(dict.fromkeys([*usual, *_of_lookup(usual, names)]))
    transfers = [value for value in values if _is_transfer(value, names)]
    options = tuple(
        Option(key=str(value), words=called(value, names), points=12 if value in transfers else 0) for value in values
    )
    is_sure = len(transfers) == 1
    if not values and table.by_name[column].kind is ColumnKind.TEXT:
        options = (Option(key=_USUAL_TYPE, words=_USUAL_TYPE),)
    found = MappingFinding(
        key=ADDED_TYPE,
        title="The type of a payment that is added from Xero",
        options=options,
        likely=str(transfers[0]) if transfers else "",
        sureness=Sureness.SURE if is_sure else Sureness.ASKED,
        why="It cannot be told what a transfer to the bank is called there.",
        takes_text=True,
        is_money=False,
    )
    return answered(found, answers)


@dataclass(frozen=True, slots=True, kw_only=True)
class Constants:
    """What every added payment gets in columns that the mapping does not fill: what is asked, and what follows."""

    findings: tuple[MappingFinding, ...]
    values: Mapping[str, Value]


def constants_of(
    table: SeenTable,
    filled: Collection[str],
    marks: Sequence[Mark],
    locks: Sequence[Mark],
    names: Mapping[str, Mapping[Value, str]],
    answers: Answers,
) -> Constants:
    """Return what must be filled. By `marks` an added payment has to count, by `locks` it must not be told of."""
    values: dict[str, Value] = {}
    for mark in marks:
        counting = _counting(table, mark, is_met=True)
        if counting is not None and mark.column not in filled:
            values[mark.column] = counting
    for lock in locks:
        column = table.by_name.get(lock.column)
        if column is not None and _must_be_filled(column) and column.name not in {*filled, *values}:
            free = _counting(table, lock, is_met=False)
            if free is not None:
                values[column.name] = free
    findings = tuple(
        answered(_constant(table, column, names.get(column.name, {})), answers)
        for column in table.columns
        if _must_be_filled(column) and column.name not in {*filled, *values}
    )
    for finding in findings:
        name = finding.key.removeprefix(CONSTANT)
        if finding.taken:
            values[name] = typed(table, name, finding.taken)
    return Constants(findings=findings, values=values)


def _source(table: SeenTable, column: SeenColumn) -> tuple[str, bool, str]:
    if column.filling not in {Filling.NOBODY, Filling.UNKNOWN}:
        return GENERATED, True, f"{column.name} gets its values from {column.filling}."
    if column.kind in {ColumnKind.NUMBER, ColumnKind.DECIMAL}:
        is_counted = table.facts[column.name].is_unique and column.filling is Filling.NOBODY
        return NEXT_NUMBER, is_counted, f"{column.name} counts, and nothing is seen that gives it its values."
    looks_so = [v for v in table.facts[column.name].counts if len(str(v)) == _UUID_LENGTH and str(v).count("-") == 4]  # noqa: PLR2004 - as UUIDs are written
    is_uuid = column.kind is ColumnKind.UUID or (looks_so and len(looks_so) == table.facts[column.name].distinct)
    return (UUID, True, f"{column.name} holds UUIDs.") if is_uuid else ("", False, "")


def _of_lookup(usual: Sequence[Value], names: Mapping[Value, str]) -> Iterator[Value]:
    """Yield codes that no payment has yet, where those that it has are of the same kind."""
    known = {folded(value) for value in usual}
    yield from (code for code in names if code not in known)


def _is_transfer(value: Value, names: Mapping[Value, str]) -> bool:
    text = names.get(folded(value)) or str(value)
    return bool(TRANSFERS & set(words_of(text)))


def _counting(table: SeenTable, mark: Mark, *, is_met: bool) -> Value:
    """Return the most frequent value by which a row is told of, or not; None where it is to be empty."""
    if mark.telling is Telling.EQUALS and is_met:
        return mark.values[0]
    if mark.telling is Telling.SHARED:
        return mark.values[0] if mark.values else None
    met = (value for value, _ in table.facts[mark.column].usual if mark.is_met(value) is is_met)
    return next(met, None)


def _must_be_filled(column: SeenColumn) -> bool:
    return not column.is_nullable and column.filling is Filling.NOBODY


def _constant(table: SeenTable, column: SeenColumn, names: Mapping[Value, str]) -> MappingFinding:
    facts = table.facts[column.name]
    options = [
        Option(key=str(value).lower() if isinstance(value, bool) else str(value), words=called(value, names))
        for value, _ in facts.usual[:_MOST_VALUES]
        if facts.is_few
    ]
    is_ours = (
        Word.USER in column.meaning and column.kind is ColumnKind.TEXT and len(_OURS) <= (column.length or len(_OURS))
    )
    if is_ours:
        options.insert(0, Option(key=_OURS, words=shown(_OURS), points=12))
    if column.kind is ColumnKind.DECIMAL:
        options.append(Option(key="0", words="0"))
    best = best_of(options)[0].key if is_ours else ""
    return MappingFinding(
        key=f"{CONSTANT}{column.name}",
        title=f"What {column.name} holds in an added payment",
        options=tuple({option.key: option for option in options}.values()),
        likely=best,
        sureness=Sureness.LIKELY if is_ours else Sureness.ASKED,
        why="The database insists on a value, and each added payment gets the same.",
        takes_text=True,
        is_money=column.kind is ColumnKind.DECIMAL,
    )
