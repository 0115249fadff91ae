"""Rows that are mended where they differ answer every question as rows that are arranged anew."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmxero_desktop.domain.money import Money
from cmxero_desktop.domain.periods import Days
from cmxero_desktop.ui.widgets import arranged_parts
from cmxero_desktop.ui.widgets.arranged import Arranged, Question
from cmxero_desktop.ui.widgets.column import Column
from cmxero_desktop.ui.widgets.grouping import Grouping
from cmxero_desktop.ui.widgets.spans import spans_between


@dataclass(frozen=True)
class Paid:
    """A row; two that say the same are two all the same."""

    name: str
    payer: str
    cents: int | None
    paid_on: date | None
    currency: str = "AUD"


COLUMNS: tuple[Column[Paid], ...] = (
    Column(key="name", title="Name", text=lambda row: row.name, width=9),
    Column(key="payer", title="Payer", text=lambda row: row.payer, width=9),
    Column(
        key="amount",
        title="Amount",
        text=lambda row: str(row.cents),
        sort_key=lambda row: (row.cents or 0, ""),
        width=9,
    ),
    Column(key="day", title="Day", text=lambda row: str(row.paid_on), day_of=lambda row: row.paid_on, width=9),
)
QUESTIONS = (
    Question(),
    *(Question(column=column, is_down=is_down) for column in range(4) for is_down in (False, True)),
    Question(words=("ito",), column=1),
    Question(keep=lambda facet: facet == "Ono"),
    Question(days=Days(date(2026, 11, 1), date(2026, 11, 2)), column=2, is_down=True),
    Question(only=(1, "Ito & Co")),
    Question(grouping=Grouping(1), column=2),
)

ROWS = st.builds(
    Paid,
    name=st.uuids().map(str),
    payer=st.sampled_from(["Ito & Co", "Ono", "Wu\0x", ""]),
    cents=st.one_of(st.none(), st.integers(0, 3), st.just(2**80)),
    paid_on=st.one_of(st.none(), st.dates(date(2026, 11, 1), date(2026, 11, 4))),
    currency=st.sampled_from(["AUD", "AUD", "AUD", "NZD"]),
)
CHANGES = st.lists(
    st.tuples(st.sampled_from(["put", "put", "take", "exchange", "turn"]), st.integers(0, 10_000), ROWS), max_size=6
)


def arranged(rows: tuple[Paid, ...]) -> Arranged[Paid]:
    return Arranged(
        rows,
        COLUMNS,
        lambda row: row.name,
        facet_of=lambda row: row.payer,
        amount_of=lambda row: Money.from_minor(row.cents, row.currency) if row.cents is not None else None,
    )


def changed(rows: tuple[Paid, ...], what: str, at: int, row: Paid) -> tuple[Paid, ...]:
    at %= len(rows) + 1
    if what == "put":
        return (*rows[:at], row, *rows[at:])
    if what == "take":
        return (*rows[:at], *rows[at + 1 :])
    if what == "exchange":
        return (*rows[:at], *((row,) if rows[at:] else ()), *rows[at + 1 :])
    return (*rows[:at], *reversed(rows[at : at + 3]), *rows[at + 3 :])


def assert_alike(mended: Arranged[Paid], anew: Arranged[Paid]) -> None:
    assert mended.names == anew.names
    for question in QUESTIONS:
        one, other = mended.answer(question), anew.answer(question)
        assert (list(one.rows), list(one.shown), one.mask) == (list(other.rows), list(other.shown), other.mask)
        assert one.lines == other.lines
        assert mended.sums(one.mask) == anew.sums(other.mask)
        assert mended.by_facet(one.mask, lambda facet: facet) == anew.by_facet(other.mask, lambda facet: facet)


@given(rows=st.lists(ROWS, max_size=80), readings=st.lists(CHANGES, min_size=1, max_size=4), is_prepared=st.booleans())
def test_whatever_is_mended_is_as_if_made_anew(
    *, rows: list[Paid], readings: list[list[tuple[str, int, Paid]]], is_prepared: bool
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(arranged_parts, "_SLICE", 5)
        now = tuple(rows)
        table = arranged(now)
        for changes in readings:
            if is_prepared:
                table.prepare()
            for what, at, row in changes:
                now = changed(now, what, at, row)
            table = table.renewed(now)
            assert_alike(table, arranged(now))


def test_only_what_is_new_is_asked_for_its_texts() -> None:
    asked: list[str] = []

    def told(row: Paid) -> str:
        asked.append(row.name)
        return row.name

    rows = tuple(Paid(f"row {n}", "Ito & Co", n, None) for n in range(1_000))
    columns: tuple[Column[Paid], ...] = (Column(key="name", title="Name", text=told, width=9),)
    table = Arranged(rows, columns, lambda row: row.name, facet_of=lambda row: row.payer)
    table.prepare()
    asked.clear()
    other = replace(rows[500], cents=7)
    table.renewed((*rows[:500], other, *rows[501:])).prepare()
    assert len(asked) < 50


def nothing(rows: tuple[Paid, ...]) -> tuple[Paid, ...]:
    return rows


@pytest.mark.parametrize(
    ("change", "is_mended"),
    [
        (nothing, True),
        (lambda rows: (*rows[:50], *rows[50:]), True),
        (lambda rows: (*rows, rows[0]), True),
        (lambda rows: rows[1:], True),
        (lambda rows: (*rows[50:], *rows[:50]), False),
        (lambda rows: rows[:50], False),
        (lambda rows: (*rows[:50], rows[0], *rows[51:99], rows[50]), False),
    ],
    ids=map(str, range(7)),
)
def test_where_much_differs_or_lies_otherwise_nothing_is_mended(
    change: Callable[[tuple[Paid, ...]], tuple[Paid, ...]], *, is_mended: bool
) -> None:
    rows = tuple(Paid(f"row {n}", "Ito & Co", n, None) for n in range(100))
    assert (spans_between(rows, change(rows)) is not None) is is_mended
