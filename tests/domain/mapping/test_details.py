"""What a suggestion makes of single columns and values that the legacy firms do not have."""

from dataclasses import replace
from datetime import datetime
from decimal import Decimal

import pytest

from cmxero_desktop.domain.mapping.column_facts import Value, day_of, facts_of, number_text
from cmxero_desktop.domain.mapping.column_kinds import ColumnKind
from cmxero_desktop.domain.mapping.forms import DayForm, MoneyForm, day_form, money_form
from cmxero_desktop.domain.mapping.glossary import Word
from cmxero_desktop.domain.mapping.marks import parsed_mark
from cmxero_desktop.domain.mapping.seen import KnownSide, SeenColumn, SeenTable, TablePlace
from cmxero_desktop.domain.mapping.suggesting import suggest_mapping
from cmxero_desktop.domain.mapping.words import meaning_of, words_of
from tests.truth.legacy_books import books
from tests.truth.legacy_firms import FIRMS, PLAIN, plain
from tests.truth.legacy_laying import LegacyFirm
from tests.truth.legacy_seen import answers_of, seen_schema

FIRM = LegacyFirm("plain", plain, PLAIN)


def one_column(name: str, kind: ColumnKind, *values: Value, is_read: bool = True) -> SeenTable:
    column = SeenColumn(name=name, kind=kind, is_read=is_read)
    rows = [(value,) for value in values]
    return SeenTable(place=TablePlace(name="t"), columns=(column,), rows=rows, row_count=len(rows))


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("strInvNo", ("inv", "no")),
        ("INVNO", ("inv", "no")),
        ("rechnungsnummer", ("rechnung", "nummer")),
        ("RechnungsNr", ("rechnung", "nr")),
        ("region", ("region",)),
    ],
)
def test_a_name_is_taken_apart(name: str, words: tuple[str, ...]) -> None:
    assert words_of(name) == words


def test_to_whom_a_bill_goes_is_no_invoice() -> None:
    assert meaning_of("bill_to") == {Word.TO}
    assert meaning_of("zahlungseingänge") == {Word.PAYMENT}


def test_values_are_read_as_far_as_they_are_sure() -> None:
    assert day_of("2026-02-30") is None
    assert day_of("2026-02-03 10:00") is not None
    assert number_text(Decimal("1.5")) == ""
    assert number_text(Decimal("NaN")) == ""
    assert number_text(None) == ""
    facts = facts_of([datetime(2026, 1, 2, 3, 4), "2026-01-02", "2026-01-02 10:00", "", None])  # noqa: DTZ001 - local
    assert (facts.days, facts.timed, facts.blank) == (3, 2, 2)


@pytest.mark.parametrize(
    ("table", "form"),
    [
        (one_column("paid", ColumnKind.DATE, is_read=False), None),
        (one_column("paid_at", ColumnKind.ZONED), DayForm.ZONED),
        (one_column("pay_date", ColumnKind.TEXT), DayForm.ODD),
        (one_column("pay_date", ColumnKind.TEXT, "2026-01-02"), DayForm.ISO),
        (one_column("pay_date", ColumnKind.NUMBER, 20260102), DayForm.ODD),
        (one_column("pay_date", ColumnKind.NUMBER, 7), None),
    ],
)
def test_a_day_is_kept_in_a_form(table: SeenTable, form: DayForm | None) -> None:
    assert day_form(table, table.columns[0]) is form


@pytest.mark.parametrize(
    ("table", "form"),
    [
        (one_column("amount", ColumnKind.SINGLE), MoneyForm.SINGLE),
        (one_column("rate", ColumnKind.DECIMAL), None),
        (one_column("amount", ColumnKind.TEXT, "1,234.50"), MoneyForm.TEXT),
        (one_column("amount", ColumnKind.ANY, 5), MoneyForm.DECIMAL),
        (one_column("amount", ColumnKind.ANY, "five"), None),
        (one_column("amount", ColumnKind.DECIMAL, is_read=False), None),
    ],
)
def test_money_is_kept_in_a_form(table: SeenTable, form: MoneyForm | None) -> None:
    assert money_form(table, table.columns[0]) is form


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("equals:c:7|8", (7, 8)),
        ("shared:c", ()),
        ("null:c", ()),
        ("null:c:1", None),
        ("equals:c", None),
        ("nonsense:c:1", None),
        ("equals:d:1", None),
        ("never", ()),
    ],
)
def test_a_mark_is_written_as_a_short_text(text: str, values: tuple[Value, ...] | None) -> None:
    mark = parsed_mark(one_column("c", ColumnKind.NUMBER, 7), text)
    assert (None if mark is None else mark.values) == values


def test_true_and_false_are_written_as_words() -> None:
    mark = parsed_mark(one_column("c", ColumnKind.BOOLEAN, False), "equals:c:true")  # noqa: FBT003 - a value
    assert mark is not None
    assert mark.values == (True,)


def test_the_days_ahead_are_found_among_settings() -> None:
    settings = SeenTable(
        place=TablePlace(name="system_settings"),
        columns=(SeenColumn(name="name", kind=ColumnKind.TEXT), SeenColumn(name="value", kind=ColumnKind.TEXT)),
        key=("name",),
        rows=[("forward_dating_days", "5"), ("forward_dating_text", "x"), ("colour", "7")],
        row_count=3,
    )
    schema = seen_schema(FIRM, books())
    schema = replace(schema, tables=(*schema.tables, settings))
    answers = answers_of(FIRM, suggest_mapping(schema, KnownSide(), {}))
    draft = suggest_mapping(schema, KnownSide(), answers).draft
    (section,) = (section for section in draft if section.path == ("settings",))
    assert section.values["forward_dating_days"] == "forward_dating_days"


def test_an_answer_may_be_a_mark_of_ones_own() -> None:
    firm = next(firm for firm in FIRMS if firm.name == "German, abbreviated")
    schema = seen_schema(firm, books())
    own = {"payments.only.KZ_STORNO": "equals:KZ_STORNO:N|X", "payments.journalled": "equals:FIBUNR:J01|J02"}
    suggestion = suggest_mapping(schema, KnownSide(), own)
    assert suggestion.unknown_answers == ()
    assert {key: found.likely for key in own if (found := suggestion.finding(key)) is not None} == own


def test_rows_of_a_sum_may_be_told_by_an_answer_of_ones_own() -> None:
    firm = next(firm for firm in FIRMS if firm.name == "one table for everything")
    own = {
        "invoices.adjustments": "table:ar_transactions:amount",
        "invoices.adjustments.where": "equals:tran_type:ADJ|WO",
    }
    suggestion = suggest_mapping(seen_schema(firm, books()), KnownSide(), own)
    assert suggestion.unknown_answers == ()
