"""The `where` and `order` expressions that Xero has optimised; any other is refused, as Xero refuses it."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Generic, TypeVar

R = TypeVar("R")

FieldValue = str | date | int | bool | None
Test = Callable[[R], bool]


class InefficientFilterError(Exception):
    """The expression names something that is not optimised, or is not an expression at all."""


@dataclass(frozen=True, slots=True)
class Field(Generic[R]):
    """What may stand in an expression: how to read it (money in cents), and whether OR may join it."""

    read: Callable[[R], FieldValue]
    may_or: bool = False


_TOKEN = re.compile(
    r"""\s*(?:
        (?P<guid>guid\(\s*"(?P<guid_text>[0-9a-fA-F-]{36})"\s*\))
      | (?P<date>DateTime\(\s*(?P<year>\d{4})\s*,\s*(?P<month>\d{1,2})\s*,\s*(?P<day>\d{1,2})\s*\))
      | "(?P<text>[^"]*)"
      | (?P<number>-?\d+(?:\.\d+)?)
      | (?P<operator>==|!=|>=|<=|=|>|<)
      | (?P<join>&&|\|\|)
      | (?P<bracket>[()])
      | (?P<word>[A-Za-z][A-Za-z.]*)
    )""",
    re.VERBOSE | re.IGNORECASE,
)
_JOINS = {"&&": "AND", "||": "OR", "AND": "AND", "OR": "OR"}
_CONSTANTS: dict[str, FieldValue] = {"null": None, "true": True, "false": False}
_COMPARISONS: dict[str, Callable[[int], bool]] = {
    "=": lambda sign: sign == 0,
    "==": lambda sign: sign == 0,
    "!=": lambda sign: sign != 0,
    ">": lambda sign: sign > 0,
    ">=": lambda sign: sign >= 0,
    "<": lambda sign: sign < 0,
    "<=": lambda sign: sign <= 0,
}


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    value: FieldValue | Decimal = None


class _Reader(Generic[R]):
    """Read an expression from left to right, with AND binding more tightly than OR."""

    def __init__(self, expression: str, fields: Mapping[str, Field[R]]) -> None:
        self._tokens = _tokens(expression)
        self._fields = {name.lower(): field for name, field in fields.items()}
        self._at = 0

    def whole(self) -> Test[R]:
        test, _ = self._any_of()
        if self._at < len(self._tokens):
            message = f"unexpected {self._tokens[self._at].text}"
            raise InefficientFilterError(message)
        return test

    def _any_of(self) -> tuple[Test[R], bool]:
        parts = [self._all_of()]
        while self._takes_join("OR"):
            parts.append(self._all_of())
        if len(parts) > 1 and not all(may_or for _, may_or in parts):
            message = "OR is only for Invoice.InvoiceID and PaymentID"
            raise InefficientFilterError(message)
        tests = [test for test, _ in parts]
        return (lambda row: any(test(row) for test in tests)), all(may_or for _, may_or in parts)

    def _all_of(self) -> tuple[Test[R], bool]:
        parts = [self._one()]
        while self._takes_join("AND"):
            parts.append(self._one())
        tests = [test for test, _ in parts]
        return (lambda row: all(test(row) for test in tests)), all(may_or for _, may_or in parts)

    def _one(self) -> tuple[Test[R], bool]:
        token = self._next()
        if token.text == "(":
            inner = self._any_of()
            if self._next().text != ")":
                message = "a bracket is not closed"
                raise InefficientFilterError(message)
            return inner
        field = self._fields.get(token.text.lower()) if token.kind == "word" else None
        if field is None:
            message = f"{token.text} is not optimised"
            raise InefficientFilterError(message)
        return _comparison(field, self._next(), self._next()), field.may_or

    def _next(self) -> _Token:
        if self._at >= len(self._tokens):
            message = "the expression ends too early"
            raise InefficientFilterError(message)
        self._at += 1
        return self._tokens[self._at - 1]

    def _takes_join(self, join: str) -> bool:
        is_there = self._at < len(self._tokens) and self._tokens[self._at].text == join
        self._at += is_there
        return is_there


def compile_where(expression: str, fields: Mapping[str, Field[R]]) -> Test[R]:
    """Return the test that an expression describes; InefficientFilterError where Xero would refuse it."""
    return _Reader(expression, fields).whole()


def compile_order(expression: str, names: Mapping[str, Callable[[R], str]]) -> tuple[Callable[[R], str], bool]:
    """Return the sort key of an `order` expression and whether it runs downwards."""
    by_name = {name.lower(): key for name, key in names.items()}
    name, _, direction = expression.strip().partition(" ")
    if name.lower() not in by_name or direction.strip().upper() not in {"", "ASC", "DESC"}:
        message = f"{expression} is not an order that is optimised"
        raise InefficientFilterError(message)
    return by_name[name.lower()], direction.strip().upper() == "DESC"


def _tokens(expression: str) -> list[_Token]:
    tokens, at = [], 0
    expression = expression.strip()
    while at < len(expression):
        found = _TOKEN.match(expression, at)
        if found is None:
            message = f"not understood from: {expression[at : at + 20]}"
            raise InefficientFilterError(message)
        tokens.append(_token(found))
        at = found.end()
    return tokens


def _token(found: re.Match[str]) -> _Token:
    kind, text = found.lastgroup or "", found.group().strip()
    if text.upper() in _JOINS:
        return _Token("join", _JOINS[text.upper()])
    if text.lower() in _CONSTANTS:
        return _Token("value", text, _CONSTANTS[text.lower()])
    value: FieldValue | Decimal = None
    if found["guid"]:
        value = found["guid_text"].lower()
    elif found["date"]:
        value = _date(found["year"], found["month"], found["day"])
    elif found["number"]:
        value = Decimal(found["number"])
    elif found["text"] is not None:
        value = found["text"]
    return _Token(kind if value is None else "value", text, value)


def _date(year: str, month: str, day: str) -> date:
    try:
        return date(int(year), int(month), int(day))
    except ValueError as error:
        message = f"DateTime({year}, {month}, {day}) is no date"
        raise InefficientFilterError(message) from error


def _comparison(field: Field[R], operator: _Token, value: _Token) -> Test[R]:
    if operator.kind != "operator" or value.kind != "value":
        message = f"{operator.text} {value.text} is no comparison"
        raise InefficientFilterError(message)
    holds, wanted = _COMPARISONS[operator.text], value.value
    return lambda row: holds(_sign(field.read(row), wanted))


def _sign(found: FieldValue, wanted: FieldValue | Decimal) -> int:
    """Compare as -1, 0 or 1; values of different kinds are merely unequal."""
    if isinstance(wanted, Decimal) and isinstance(found, int):
        cents = wanted * 100
        return (found > cents) - (found < cents)
    if isinstance(wanted, date) and isinstance(found, date):
        return (found > wanted) - (found < wanted)
    if isinstance(wanted, str) and isinstance(found, str):
        return (found > wanted) - (found < wanted)
    return 0 if found is wanted else 1
