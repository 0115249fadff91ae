"""Chooses the tables of payments and invoices, or asks which ones they are."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cmxero_desktop.domain.mapping.findings import Answers, MappingFinding, Option, Sureness, answered
from cmxero_desktop.domain.mapping.glossary import Word
from cmxero_desktop.domain.mapping.links import INVOICE
from cmxero_desktop.domain.mapping.lookalikes import Likeness, likeness
from cmxero_desktop.domain.mapping.pairs import Pair
from cmxero_desktop.domain.mapping.seen import SeenTable, TablePlace

PAYMENTS, INVOICES = "payments.table", "invoices.table"
_NEAR = 14
_MOST_OPTIONS = 8
# Of so many invoices at least one was paid in full.
_ODD = 8
_NAMED = frozenset({Word.PAYMENT, Word.TRANSACTION})
_BILLED = frozenset({Word.INVOICE, Word.TRANSACTION})
_WHY = {
    PAYMENTS: "Payments of a table that is not named here would be added once more.",
    INVOICES: "Payments are looked for on the invoices of this table only.",
}
_TITLES = {PAYMENTS: "The table of payments", INVOICES: "The table of invoices"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ChosenTables:
    """The pair that is gone on with, None where there is none, and what is found and noted of the tables."""

    pair: Pair | None
    findings: tuple[MappingFinding, ...] = ()
    notes: tuple[str, ...] = ()


def choose_tables(pairs: Sequence[Pair], tables: Sequence[SeenTable], answers: Answers) -> ChosenTables:
    """Choose among pairs, the best of which comes first, as far as no answer says otherwise."""
    wanted = [pair for pair in pairs if _is_wanted(pair, answers)]
    if not wanted:
        return ChosenTables(pair=None)
    best = wanted[0]
    paying = _Side(PAYMENTS, best.payments, [(pair.payments, pair) for pair in pairs])
    billed = _Side(INVOICES, best.invoices, [(p.invoices, p) for p in pairs if p.payments.place == best.payments.place])
    notes: list[str] = []
    found = tuple(answered(_finding(side, best, tables, notes), answers) for side in (billed, paying))
    return ChosenTables(pair=best, findings=found, notes=tuple(notes))


@dataclass(frozen=True, slots=True)
class _Side:
    """One of the two tables that are chosen, and the pairs in which others would stand in its place."""

    key: str
    table: SeenTable
    pairs: Sequence[tuple[SeenTable, Pair]]


def _is_wanted(pair: Pair, answers: Answers) -> bool:
    said = {PAYMENTS: str(pair.payments.place), INVOICES: str(pair.invoices.place), INVOICE: pair.reference.key}
    return all(answers.get(key, what) == what for key, what in said.items())


def _finding(side: _Side, best: Pair, tables: Sequence[SeenTable], notes: list[str]) -> MappingFinding:
    options = {side.table.place: _option(side.table, best)}
    rivals: list[str] = []
    for table, pair in _others(side):
        if best.points - pair.points < _NEAR and not _is_settled(table, pair, best, side, notes):
            rivals.append(f"{table.place} may be meant as well.")
        options.setdefault(table.place, _option(table, pair))
    for table in tables:
        if table.place == side.table.place or table.place in {best.payments.place, best.invoices.place}:
            continue
        alike = likeness(table, side.table)
        if alike is Likeness.MORE and not _is_ruled_out(table, best, side):
            rivals.append(f"{table.place} looks like it and has rows that {side.table.place} has not.")
            options.setdefault(table.place, Option(key=str(table.place), words=_counted(table)))
        elif alike is Likeness.COPY and side.key == PAYMENTS:
            notes.append(f"{table.place} holds rows of {side.table.place} once more; it is left alone.")
    is_sure = not rivals and _is_named(side, best)
    why = _WHY[side.key] if is_sure or rivals else f"Its name does not say so. {_WHY[side.key]}"
    return MappingFinding(
        key=side.key,
        title=_TITLES[side.key],
        options=tuple(options.values())[:_MOST_OPTIONS],
        likely=str(side.table.place),
        sureness=Sureness.SURE if is_sure else Sureness.ASKED,
        why=" ".join((*dict.fromkeys(rivals), why)),
    )


def _others(side: _Side) -> Iterator[tuple[SeenTable, Pair]]:
    """Yield each other table with its best pair."""
    seen: set[TablePlace] = {side.table.place}
    for table, pair in side.pairs:
        if table.place not in seen:
            seen.add(table.place)
            yield table, pair


def _is_settled(table: SeenTable, pair: Pair, best: Pair, side: _Side, notes: list[str]) -> bool:
    """Say whether another table that would do nearly as well is none all the same."""
    if likeness(table, side.table) is Likeness.COPY:
        notes.append(f"{table.place} shows rows of {side.table.place}; it is left alone.")
        return True
    return best.known.is_proof and not pair.known.is_sign


def _is_ruled_out(table: SeenTable, best: Pair, side: _Side) -> bool:
    """Say whether Xero's facts leave nothing for a table that looks alike."""
    others = [pair for other, pair in side.pairs if other.place == table.place]
    return best.known.is_proof and bool(others) and not any(pair.known.hits for pair in others)


def _is_named(side: _Side, best: Pair) -> bool:
    """Say whether there is no doubt about a table that has no rival."""
    if best.known.is_proof:
        return True
    if best.paid.of >= _ODD and not best.paid.hits:
        return False
    if best.is_one_table:
        return bool(side.table.meaning & (_NAMED | _BILLED)) and best.paid.is_sign
    return bool(side.table.meaning & (_NAMED if side.key == PAYMENTS else _BILLED))


def _option(table: SeenTable, pair: Pair) -> Option:
    return Option(key=str(table.place), words=_counted(table), reasons=pair.reasons)


def _counted(table: SeenTable) -> str:
    what = "view" if table.is_view else "table"
    if table.row_count is None:
        return f"the {what} {table.place}"
    more = " or more" if table.is_at_least else ""
    return f"the {what} {table.place}, {table.row_count:,} row{'' if table.row_count == 1 else 's'}{more}"
