"""What a suggestion makes of what is seldom there: rows that nobody counted, tables without a key, flags of groups."""

from dataclasses import replace

from cmxero_desktop.domain.mapping import filling, ground, payment_side, rows_that_count, spread, tables, tells
from cmxero_desktop.domain.mapping.agreement import Share
from cmxero_desktop.domain.mapping.column_facts import Value, shown
from cmxero_desktop.domain.mapping.column_kinds import ColumnKind
from cmxero_desktop.domain.mapping.drafting import _told
from cmxero_desktop.domain.mapping.marks import Mark, Telling, said
from cmxero_desktop.domain.mapping.outlining import worth_a_closer_look
from cmxero_desktop.domain.mapping.pairs import Pair, pairs_of
from cmxero_desktop.domain.mapping.seen import Filling, KnownSide, Link, SeenColumn, SeenTable, TablePlace
from cmxero_desktop.domain.mapping.suggesting import suggest_mapping
from tests.truth.legacy_books import books
from tests.truth.legacy_firms import PLAIN, plain
from tests.truth.legacy_laying import LegacyFirm
from tests.truth.legacy_seen import seen_schema

PLAIN_SCHEMA = seen_schema(LegacyFirm("plain", plain, PLAIN), books())
BEST = pairs_of(PLAIN_SCHEMA.tables, KnownSide())[0]


def one_table(name: str, columns: tuple[SeenColumn, ...], *rows: tuple[Value, ...]) -> SeenTable:
    return SeenTable(place=TablePlace(name=name), columns=columns, rows=rows, row_count=len(rows))


def proven(pair: Pair) -> Pair:
    return replace(pair, known=Share(50, 50))


def test_values_are_said_in_words() -> None:
    assert shown(None) == "(empty)"
    assert said((7, 8)) == "7 or 8"


def test_a_column_that_is_empty_tells_without_a_value() -> None:
    section = _told(("payments", "only"), Mark(column="gone_at", telling=Telling.NULL))
    assert section.values == {"when": "null", "column": "gone_at"}
    assert _told(("payments", "journalled"), Mark(column="", telling=Telling.NEVER)).values == {"when": "never"}


def test_a_column_that_counts_and_that_nothing_fills_is_counted_on() -> None:
    number = SeenColumn(name="id", kind=ColumnKind.NUMBER, filling=Filling.NOBODY)
    table = one_table("payments", (number,), (1,), (2,))
    assert filling._source(table, number)[:2] == (filling.NEXT_NUMBER, True)
    # Where it cannot be seen what fills it, that is asked.
    unknown = replace(number, filling=Filling.UNKNOWN)
    assert filling._source(replace(table, columns=(unknown,)), unknown)[:2] == (filling.NEXT_NUMBER, False)


def test_without_totals_nothing_is_compared() -> None:
    assert ground._compared(replace(BEST, columns=("", "")), True, None) == Share()  # noqa: FBT003 - as it is bound


def test_tables_that_are_like_none_of_the_best_are_not_read_again() -> None:
    colours = one_table("colours", (SeenColumn(name="hue", kind=ColumnKind.TEXT),), ("red",))
    looked_at = worth_a_closer_look((*PLAIN_SCHEMA.tables, colours), KnownSide())
    assert colours.place not in looked_at
    assert BEST.payments.place in looked_at


def test_payments_without_an_amount_leave_it_open() -> None:
    table = replace(BEST.payments, columns=tuple(c for c in BEST.payments.columns if c.kind is not ColumnKind.DECIMAL))
    found = payment_side.amount_finding(BEST, table, ({}, KnownSide()), {}, {})
    assert found.taken == ""


def test_rows_that_are_active_are_named_so() -> None:
    flag = SeenColumn(name="is_active", kind=ColumnKind.BOOLEAN)
    table = one_table("payments", (flag,), (True,), (False,))
    asked = rows_that_count.AskedRows(
        side="payments", table=table, taken=frozenset(), names={}, kind=None, compare=lambda _mark: Share()
    )
    assert rows_that_count._is_named_so(asked, Mark(column="is_active", telling=Telling.EQUALS, values=(True,)))
    assert not rows_that_count._is_named_so(asked, Mark(column="is_active", telling=Telling.EQUALS, values=(False,)))


def test_a_table_that_nobody_counted_is_named_without_a_number() -> None:
    assert tables._counted(replace(BEST.payments, row_count=None)) == f"the table {BEST.payments.place}"


def test_what_xero_proves_needs_no_name() -> None:
    side = tables._Side(tables.PAYMENTS, one_table("t17", ()), ())
    assert tables._is_named(side, proven(BEST))
    assert not tables._is_named(side, BEST)


def test_a_table_whose_rows_pay_no_invoice_exactly_is_doubted_whatever_its_name() -> None:
    side = tables._Side(tables.PAYMENTS, BEST.payments, ())
    assert tables._is_named(side, BEST)
    assert not tables._is_named(side, replace(BEST, paid=Share(0, 500)))


def test_a_flag_may_tell_that_a_payment_is_one_of_a_group() -> None:
    flag = SeenColumn(name="is_batch", kind=ColumnKind.BOOLEAN)
    table = one_table("payments", (flag,), *[(at % 2 == 0,) for at in range(12)])
    found = tells.multi_invoice_finding(table, frozenset(), ("invoice", "day"), {})
    assert any("is_batch" in option.key for option in found.options)


def test_payments_without_a_key_are_an_obstacle() -> None:
    at = BEST.payments.places["payment_id"]
    rows = [[None if place == at else value for place, value in enumerate(row)] for row in BEST.payments.rows]
    keyless = replace(BEST.payments, key=(), uniques=(), rows=rows)
    rest = tuple(keyless if t.place == keyless.place else t for t in PLAIN_SCHEMA.tables)
    suggestion = suggest_mapping(replace(PLAIN_SCHEMA, tables=rest), KnownSide(), {})
    assert suggestion.finding("payments.key") is None
    assert suggestion.finding("payments.key_source") is None
    assert any("key" in obstacle for obstacle in suggestion.obstacles)
    assert suggestion.draft == ()


def test_amounts_and_days_apart_are_an_obstacle_only_where_they_are_payments() -> None:
    keys = (
        SeenColumn(name="invoice_id", kind=ColumnKind.NUMBER),
        SeenColumn(name="shipment_id", kind=ColumnKind.NUMBER),
    )
    amount, day = SeenColumn(name="amount", kind=ColumnKind.DECIMAL), SeenColumn(name="day", kind=ColumnKind.DATE)
    head = replace(one_table("shipments", (keys[1], day)), key=("shipment_id",))
    links = (
        Link(column="invoice_id", table=BEST.invoices.place, to="invoice_id"),
        Link(column="shipment_id", table=head.place, to="shipment_id"),
    )
    lines = replace(one_table("shipment_lines", (*keys, amount)), links=links)
    assert spread.spread_payments((BEST.invoices, head, lines), None) == ""
    paid = replace(head, place=TablePlace(name="payments"))
    apart = replace(lines, links=(links[0], replace(links[1], table=paid.place)))
    assert "stand in shipment_lines, its day in payments" in spread.spread_payments((BEST.invoices, paid, apart), None)
