"""Understand the cells of a list: dates in several forms, amounts with signs and separators, words for a state (S1)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from cmxero_desktop.domain.money import Money
from cmxero_desktop.domain.reading_days import month_named
from cmxero_desktop.domain.sor.schedules import InstalmentState
from cmxero_desktop.domain.sor.tables import Cell

_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ].*)?")
_NUMBERS = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4}|\d{2})(?: .*)?")
_WORDS = re.compile(r"(?:[a-z]{3,9},? )?(\d{1,2})(?:st|nd|rd|th)?[- .]?([a-z]{3,9})\.?[- ,]*(\d{4}|\d{2})")
_CENTURY = 2_000
_SHORT_YEAR = 2
_LAST_MONTH = 12
_NO_NUMBER_ABOVE = Decimal(10) ** 18
_CODE = re.compile(r"(?<![A-Z])[A-Z]{3}(?![A-Z$])")
_SIGN = re.compile(r"([A-Z]{0,3})([$€£¥])")
_BLANKS = re.compile(r"[\s\u00a0\u202f'\u2019]")
_PLAIN = re.compile(r"\d+(?:[.,]\d{1,2})?")
_CENTS = re.compile(r".*\d(?P<sign>[.,])\d{1,2}\D*")
_GROUPS = re.compile(r"\d{1,3}(?:(?P<group>[.,])\d{3})(?:(?P=group)\d{3})*(?P<cents>[.,]\d{1,2})?")
_STATES = {
    InstalmentState.DUE: ("due", "scheduled", "pending", "upcoming", "active", "open", "not due", "future"),
    InstalmentState.PAID: (
        "paid",
        "collected",
        "successful",
        "success",
        "processed",
        "complete",
        "completed",
        "settled",
    ),
    InstalmentState.FAILED: ("failed", "dishonoured", "dishonored", "declined", "retry", "retrying", "overdue"),
}


class NotUnderstoodError(ValueError):
    """A cell that says nothing a list can hold; `str()` is a sentence."""


_MONEY_OF_SIGN = {"€": ("EUR",), "£": ("GBP",), "¥": ("JPY", "CNY")}


@dataclass(frozen=True, slots=True)
class DayOrder:
    """How a list writes 3/4/2026: the day first, or the month; `is_told` where one of its dates tells."""

    has_day_first: bool = True
    is_told: bool = False


def day_order(cells: Iterable[Cell]) -> DayOrder:
    """Tell it from the dates that can be read one way only; where both ways occur, or none, the day comes first."""
    pairs = [(int(m[1]), int(m[2])) for c in cells if isinstance(c, str) and (m := _NUMBERS.fullmatch(c.strip()))]
    has_day_first = any(first > _LAST_MONTH >= second for first, second in pairs)
    has_month_first = any(second > _LAST_MONTH >= first for first, second in pairs)
    return DayOrder(has_day_first or not has_month_first, is_told=has_day_first != has_month_first)


def cents_sign(cells: Iterable[Cell]) -> str:
    """Tell from amounts with cents what stands before them, a point or a comma; nothing where both do, or neither."""
    found = {m["sign"] for c in cells if isinstance(c, str) and (m := _CENTS.fullmatch(c.strip()))}
    return found.pop() if len(found) == 1 else ""


def read_date(cell: Cell, order: DayOrder) -> date | None:
    """Return a date, None for an empty cell. Raises NotUnderstoodError."""
    if cell is None or isinstance(cell, date):
        return cell
    text = cell.strip() if isinstance(cell, str) else ""
    if isinstance(cell, str) and not text:
        return None
    for pattern, parts in ((_ISO, (1, 2, 3)), (_NUMBERS, (3, 2, 1) if order.has_day_first else (3, 1, 2))):
        if found := pattern.fullmatch(text):
            return _day(cell, *(int(found[part]) for part in parts))
    if found := _WORDS.fullmatch(text.casefold()):
        return _day(cell, int(found[3]), month_named(found[2]), int(found[1]))
    raise NotUnderstoodError(f'"{cell}" is no date; write it such as 5/12/2026, 2026-12-05 or 5 Dec 2026.')


def _day(cell: Cell, year: int, month: int, day_of_month: int) -> date:
    try:
        return date(year + _CENTURY if len(str(year)) <= _SHORT_YEAR else year, month, day_of_month)
    except ValueError:
        raise NotUnderstoodError(f'There is no day "{cell}"; look at the date.') from None


def read_amount(cell: Cell, currency: str, cents: str = "") -> Money | None:
    """Return an amount, None for an empty cell; one in brackets is negative. Raises NotUnderstoodError.

    `cents` is what stands before the cents in the other amounts of the list, empty where they do not tell: then 1.234
    may be either, and is not guessed.
    """
    if cell is None or (isinstance(cell, str) and not cell.strip()):
        return None
    try:
        return Money.of(cell if isinstance(cell, Decimal) else _number(cell, currency, cents), currency)
    except NotUnderstoodError:
        raise
    except ValueError:
        raise NotUnderstoodError(f'"{cell}" is no amount of money in whole cents.') from None


def _number(cell: str | date, currency: str, cents_sign: str) -> str:
    text = cell.strip().upper() if isinstance(cell, str) else ""
    foreign = [code for code in _CODE.findall(text) if code != currency]
    foreign += [f"{of}{sign}" for of, sign in _SIGN.findall(text) if not _is_sign_of(of, sign, currency)]
    if foreign:
        raise NotUnderstoodError(f'"{cell}" is in {foreign[0]}; the organisation keeps its books in {currency}.')
    bare = _BLANKS.sub("", _SIGN.sub("", _CODE.sub("", text)))
    is_negative = bare.startswith(("-", "(", "\u2212")) or bare.endswith("-")
    digits = bare.strip("-()+\u2212")
    if _PLAIN.fullmatch(digits):
        digits = digits.replace(",", ".")
    elif (found := _GROUPS.fullmatch(digits)) and _are_groups(found, cents_sign):
        cents = (found["cents"] or "").replace(",", ".")
        whole = digits[: len(digits) - len(cents)]
        digits = whole.replace(found["group"], "") + cents
    else:
        raise NotUnderstoodError(f'"{cell}" is no amount; write it such as 1,234.50.')
    return f"-{digits}" if is_negative else digits


def _is_sign_of(letters: str, sign: str, currency: str) -> bool:
    """Say whether a sign means the organisation's money: `$`, `A$` and `AU$` do in AUD, `US$` and `€` do not."""
    if sign == "$":
        return currency.endswith("D") and currency.startswith(letters)
    return not letters and currency in _MONEY_OF_SIGN[sign]


def _are_groups(found: re.Match[str], cents_sign: str) -> bool:
    """Say whether what looks like thousands is no amount with three decimals instead."""
    group, cents = found["group"], (found["cents"] or "")[:1]
    if cents:
        return cents != group
    has_several = found[0].count(group) > 1
    return has_several or (group != cents_sign and (group == "," or bool(cents_sign)))


def read_state(cell: Cell) -> InstalmentState:
    """Return what a word says of an instalment; an empty cell is one that is due. Raises NotUnderstoodError."""
    word = " ".join(str(cell or "").casefold().split())
    if not word:
        return InstalmentState.DUE
    for state, words in _STATES.items():
        if word in words:
            return state
    raise NotUnderstoodError(f'"{cell}" is no state of an instalment; write due, paid or failed.')


def read_text(cell: Cell) -> str:
    """Return a text on one line; a whole number, such as an invoice's, without decimals."""
    if isinstance(cell, Decimal):
        is_number_of_something = abs(cell) < _NO_NUMBER_ABOVE and cell == cell.to_integral_value()
        return str(int(cell)) if is_number_of_something else str(cell)
    return "" if cell is None else " ".join(str(cell).split())
