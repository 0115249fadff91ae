"""Make of one good page of Xero's another that Xero never sends, and tell which of its rows are not what they were."""

import json
import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

Json = dict[str, Any]
Row = dict[str, Any]

EVERY_ROW = "*"
"""Stands among the touched ids where any row of the page may be another."""

_KEYS = ("PaymentID", "InvoiceID", "InvoiceNumber")
_DATES = ("Date", "UpdatedDateUTC")
_ODD_VALUES: tuple[Any, ...] = (
    None,
    True,
    0,
    -1,
    7.005,
    1e308,
    10**40,
    "",
    "None",
    "400.00",
    "x" * 5_000,
    "\ud83d",
    "\0",
    "a\x1b[31m",
    "<b>&amp;",
    [],
    {},
    [[]],
    [None],
    {"Value": 1},
)
_ODD_DATES = (
    None,
    "",
    0,
    "/Date(0)/",
    "/Date(-62135596800000)/",
    "/Date(-62135596800000+0000)/",
    "/Date(253402300799999+0000)/",
    "/Date(253402214400000)/",
    "/Date(99999999999999)/",
    "/Date(999999999999999)/",
    "0001-01-01T00:00:00",
    "9999-12-31T00:00:00",
    "9999-12-31T23:59:59.9999999-14:00",
    "1899-12-30",
    "2126-01-01",
    "2026-02-30",
    "31/12/2026",
)
_RAW_TEXTS = (
    rb'"thanks \ud83d"',
    rb'"\ude00"',
    rb'"a\u0000b"',
    b'"\xff\xfe"',
    b'"\xed\xa0\xbd"',
    b'"\x00\x1b"',
    b'"two\nlines"',
    rb'"C:\x"',
    b"'EFT'",
    b"NaN",
    b"-Infinity",
    b"1e999999999",
    b"9" * 5_000,
    b"",
    b"[" * 3_000 + b"]" * 3_000,
    b'{"a":' * 3_000 + b"1" + b"}" * 3_000,
    b"[" * 3_000,
    b"]",
    b'"',
)
_ODD_PAGINATIONS: tuple[Any, ...] = (
    None,
    "x",
    [],
    {"pageCount": 0, "itemCount": 0},
    {"pageCount": -1, "itemCount": -1},
    {"pageCount": 10**12, "itemCount": 10**12},
    {"pageCount": 1, "itemCount": 1},
    {"pageCount": "2", "itemCount": 2.5},
)
# After what anything was stamped with, and at most a day ahead.
_STAMP = re.compile(rb'UpdatedDateUTC": ?"/Date\((1795[12]\d{8})')
_ENCODINGS = ("utf-16", "utf-16-le", "utf-32", "utf-8-sig", "latin-1", "cp500")


@dataclass(frozen=True)
class Mangled:
    """A body, and the ids and numbers of what is not as it was in it; `how` names the manglers.

    A lie is what could be true: a later stamp, or a payment under another id. Nothing tells it from a later change.
    """

    body: bytes
    touched: frozenset[str]
    how: str
    is_lie: bool = False


class Mangler:
    """Mangles one body after the other, by dice; the same dice give the same bodies."""

    def __init__(self, dice: random.Random, *, swaps_numbers: bool) -> None:
        """Keep the dice; without `swaps_numbers` no invoice gets another one's number, which a first load keeps."""
        self._dice = dice
        self._swapped = _KEYS if swaps_numbers else ("PaymentID",)
        self._raw: dict[str, bytes] = {}
        self._of_rows: tuple[Callable[[list[Any]], Iterator[Any]], ...] = (
            self._retyped,
            self._retyped,
            self._dated,
            self._dated,
            self._without_field,
            self._with_raw_text,
            self._with_raw_text,
            self._swapped_ids,
            self._no_row,
        )
        self._of_pages: tuple[Callable[[bytes], Mangled], ...] = (
            self._truncated,
            self._encoded,
            self._flipped,
            self._cut_inside,
            self._wrong_envelope,
        )

    def mangle(self, body: bytes) -> Mangled:
        """Return another body."""
        mangled = self._mangled(body)
        has_swapped = "swapped_ids" in mangled.how
        return replace(mangled, is_lie=has_swapped or bool(_stamps(mangled.body) - _stamps(body)))

    def _mangled(self, body: bytes) -> Mangled:
        if self._dice.random() < 0.2:
            return self._dice.choice(self._of_pages)(body)
        document = json.loads(body)
        name = next((key for key, value in document.items() if isinstance(value, list)), "")
        rows, touched, how = list(document.get(name, [])), set[str](), ["head"]
        self._raw = {}
        if rows and self._dice.random() < 0.8:
            change = self._dice.choice(self._of_rows)
            how = [change.__name__.strip("_")]
            before = list(rows)
            for row in change(rows):
                touched |= set(_names_of(row))
            touched |= {
                n for a, b in zip(before, rows, strict=True) if a is not b for n in (*_names_of(a), *_names_of(b))
            }
        else:
            self._other_head(document)
        if self._dice.random() < 0.3:
            self._dice.shuffle(rows)
            how.append("reordered")
        if rows and self._dice.random() < 0.2:
            rows += self._dice.choices(rows, k=self._dice.randrange(1, 4))
            how.append("doubled")
        text = json.dumps({**document, name: rows} if name else document).encode()
        for mark, raw in self._raw.items():
            text = text.replace(f'"{mark}"'.encode(), raw)
        is_whole = not {b"]", b'"', b"[" * 3_000}.intersection(self._raw.values())
        return Mangled(text, frozenset(touched if is_whole else {EVERY_ROW}), "+".join(how))

    # One row

    def _retyped(self, rows: list[Any]) -> Iterator[Any]:
        for index in self._some(rows):
            place, key = self._place_in(rows, index)
            place[key] = self._dice.choice(_ODD_VALUES)
            yield rows[index]

    def _dated(self, rows: list[Any]) -> Iterator[Any]:
        for index in self._some(rows):
            rows[index] = {**rows[index], self._dice.choice(_DATES): self._dice.choice(_ODD_DATES)}
            yield rows[index]

    def _without_field(self, rows: list[Any]) -> Iterator[Any]:
        for index in self._some(rows):
            place, key = self._place_in(rows, index)
            del place[key]
            yield rows[index]

    def _with_raw_text(self, rows: list[Any]) -> Iterator[Any]:
        for index in self._some(rows):
            place, key = self._place_in(rows, index)
            mark = f"@raw{len(self._raw)}@"
            self._raw[mark] = self._dice.choice(_RAW_TEXTS)
            place[key] = mark
            yield rows[index]

    def _swapped_ids(self, rows: list[Any]) -> Iterator[Any]:
        if len(rows) > 1:
            one, other = self._dice.sample(range(len(rows)), 2)
            key = self._dice.choice(self._swapped)
            a, b = rows[one].get(key), rows[other].get(key)
            if a is not None and b is not None:
                rows[one], rows[other] = {**rows[one], key: b}, {**rows[other], key: a}
            yield from (rows[one], rows[other])

    def _no_row(self, rows: list[Any]) -> Iterator[Any]:
        for index in self._some(rows):
            yield rows[index]
            rows[index] = self._dice.choice((None, "row", 7, [], {}, [{}], True))

    def _some(self, rows: list[Any]) -> list[int]:
        return self._dice.sample(range(len(rows)), min(len(rows), self._dice.choice((1, 1, 1, 2, 3))))

    def _place_in(self, rows: list[Any], index: int) -> tuple[Row, str]:
        """Copy a row, and return it or a group in it, with a field of that."""
        rows[index] = place = dict(rows[index])
        key = self._dice.choice(sorted(place))
        while isinstance(place[key], dict) and place[key] and self._dice.random() < 0.7:
            place[key] = dict(place[key])
            place = place[key]
            key = self._dice.choice(sorted(place))
        return place, key

    def _other_head(self, document: Json) -> None:
        if self._dice.random() < 0.5:
            document["DateTimeUTC"] = self._dice.choice((*_ODD_DATES, *_ODD_VALUES))
        else:
            document["pagination"] = self._dice.choice((*_ODD_PAGINATIONS, *_ODD_VALUES))

    # A whole page

    def _truncated(self, body: bytes) -> Mangled:
        return Mangled(body[: self._dice.randrange(len(body))], frozenset({EVERY_ROW}), "truncated")

    def _encoded(self, body: bytes) -> Mangled:
        encoding = self._dice.choice(_ENCODINGS)
        is_same = encoding == "utf-8-sig" or (encoding == "latin-1" and body.isascii())
        touched = frozenset[str]() if is_same else frozenset({EVERY_ROW})
        return Mangled(body.decode().encode(encoding, "replace"), touched, encoding)

    def _flipped(self, body: bytes) -> Mangled:
        changed = bytearray(body)
        for _ in range(self._dice.choice((1, 1, 1, 2, 5))):
            changed[self._dice.randrange(len(changed))] = self._dice.randrange(256)
        return Mangled(bytes(changed), frozenset({EVERY_ROW}), "flipped")

    def _cut_inside(self, body: bytes) -> Mangled:
        start = self._dice.randrange(len(body))
        end = min(len(body), start + self._dice.choice((1, 1, 5, 50)))
        return Mangled(body[:start] + body[end:], frozenset({EVERY_ROW}), "cut inside")

    def _wrong_envelope(self, body: bytes) -> Mangled:
        others = (
            b"",
            b"null",
            b"[]",
            b"{}",
            b"[" + body + b"]",
            body + body,
            body.replace(b'":[', b'":{"0":[', 1),
            b"<html><body>Sign in</body></html>",
            b"[" * 100_000,
        )
        return Mangled(self._dice.choice(others), frozenset({EVERY_ROW}), "wrong envelope")


def _stamps(body: bytes) -> set[bytes]:
    """Return the stamps in a body that can be believed."""
    return set(_STAMP.findall(body))


def _names_of(row: object) -> Iterator[str]:
    """Return the ids and numbers of a row and of its invoice, as far as they are texts."""
    for place in (row, row.get("Invoice")) if isinstance(row, dict) else ():
        if isinstance(place, dict):
            yield from (value for key in _KEYS if isinstance(value := place.get(key), str))
