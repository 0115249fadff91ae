"""In which form a column keeps amounts or days: some the program can read, others only a view can turn."""

from enum import StrEnum

from cmxero_desktop.domain.mapping.column_kinds import ColumnKind
from cmxero_desktop.domain.mapping.glossary import Word
from cmxero_desktop.domain.mapping.seen import SeenColumn, SeenTable

_MOST = 9, 10
_MONEY = frozenset(
    {Word.AMOUNT, Word.TOTAL, Word.GROSS, Word.NET, Word.VALUE, Word.PAID, Word.BALANCE, Word.ADJUSTMENT, Word.REFUND}
)
_NO_MONEY = frozenset({Word.KEY, Word.NUMBER, Word.RATE, Word.QUANTITY, Word.DAYS, Word.DATE, Word.CODE, Word.FLAG})
_DAYS = frozenset({ColumnKind.DATE, ColumnKind.DATETIME, ColumnKind.ZONED})


class MoneyForm(StrEnum):
    """How amounts are kept; all but the first need a view, and the texts say what they are."""

    DECIMAL = "decimal numbers"
    WHOLE = "whole numbers, which may be cents"
    SINGLE = "numbers of four bytes, which lose cents"
    TEXT = "text"


class DayForm(StrEnum):
    """How days are kept; the last two need a view, and the texts say what they are."""

    DATE = "dates"
    ISO = "dates written as 2026-11-22"
    ZONED = "moments that each session sees in its own time zone"
    ODD = "dates in a way of its own"


def money_form(table: SeenTable, column: SeenColumn) -> MoneyForm | None:
    """Return the form in which a column keeps amounts, None where it keeps none."""
    facts, meaning = table.facts[column.name], column.meaning
    if not column.is_read or column.name in table.key or any(link.column == column.name for link in table.links):
        return None
    if column.kind in {ColumnKind.DECIMAL, ColumnKind.SINGLE}:
        is_other = bool(meaning & {Word.RATE, Word.QUANTITY})
        return None if is_other else MoneyForm.DECIMAL if column.kind is ColumnKind.DECIMAL else MoneyForm.SINGLE
    if not meaning & _MONEY or meaning & _NO_MONEY:
        return None
    forms = {
        ColumnKind.NUMBER: MoneyForm.WHOLE,
        ColumnKind.ANY: MoneyForm.DECIMAL if _is_most(sum(facts.numbers.values()), facts.filled) else None,
        ColumnKind.TEXT: MoneyForm.TEXT if _is_most(facts.odd_money, facts.filled) else None,
    }
    return forms.get(column.kind)


def day_form(table: SeenTable, column: SeenColumn) -> DayForm | None:
    """Return the form in which a column keeps days, None where it keeps none."""
    facts = table.facts[column.name]
    if not column.is_read:
        return None
    if column.kind in _DAYS:
        return DayForm.ZONED if column.kind is ColumnKind.ZONED else DayForm.DATE
    if column.kind in {ColumnKind.TEXT, ColumnKind.ANY}:
        if _is_most(facts.days, facts.filled):
            return DayForm.ISO
        is_odd = _is_most(facts.odd_days, facts.filled) or (not facts.filled and Word.DATE in column.meaning)
        return DayForm.ODD if is_odd else None
    is_written = Word.DATE in column.meaning and facts.above and all(len(str(n)) in {6, 8} for n in facts.numbers)
    return DayForm.ODD if column.kind is ColumnKind.NUMBER and is_written else None


def _is_most(count: int, of: int) -> bool:
    return of > 0 and count * _MOST[1] >= of * _MOST[0]
