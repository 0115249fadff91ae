"""Every column of every table can be written, explained, sorted and read aloud for every row that there may be."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

import pytest

from cmxero_desktop.domain.debtor_lists import compare_debtors
from cmxero_desktop.domain.records import CaseInvoice
from cmxero_desktop.services.viewing.desk_view import DeskView, ReviewRow
from cmxero_desktop.ui.history.columns import history_columns, history_sentence
from cmxero_desktop.ui.payments.columns import (
    matched_columns,
    money_back_columns,
    money_back_sentence,
    payment_sentence,
    settlement_columns,
    settlement_sentence,
    skipped_columns,
    unmatched_columns,
)
from cmxero_desktop.ui.review.columns import review_columns
from cmxero_desktop.ui.sheets.debtor_columns import debtor_columns, debtor_sentence
from cmxero_desktop.ui.theme.words import review_sentence
from cmxero_desktop.ui.widgets.column import Column
from tests.ui.views import NOW, POLICY, firm, firm_view, results_of

VIEW = firm_view()
DEBTORS = compare_debtors([(r.snapshot, r.correlation) for r in results_of(firm())], (), POLICY)
Table = tuple[Iterable[Column[Any]], Iterable[Any], Callable[[Any], str]]
TABLES: dict[str, Table] = {
    "review": (review_columns(lambda: NOW), VIEW.review, review_sentence),
    "matched": (matched_columns(), VIEW.matched, payment_sentence),
    "unmatched": (unmatched_columns(), VIEW.unmatched, payment_sentence),
    "skipped": (skipped_columns(), VIEW.skipped, payment_sentence),
    "settled another way": (settlement_columns(), VIEW.settled_another_way, settlement_sentence),
    "money back": (money_back_columns(), VIEW.money_back, money_back_sentence),
    "history": (history_columns(), VIEW.history, history_sentence),
    "debtors": (debtor_columns(), DEBTORS.lines, debtor_sentence),
}


@pytest.mark.parametrize("name", TABLES)
def test_every_cell_has_a_text_a_place_in_the_order_and_an_explanation(name: str) -> None:
    columns, rows, _ = TABLES[name]
    for column in columns:
        keys = sorted(column.key_of(row) for row in rows)
        assert len(keys) == len(list(rows))
        for row in rows:
            assert isinstance(column.text(row), str), column.key
            assert column.tooltip is None or isinstance(column.tooltip(row), str), column.key
            assert all(badge.text for badge in (column.badges(row) if column.badges else ())), column.key


@pytest.mark.parametrize("name", TABLES)
def test_columns_have_names_of_their_own_and_one_takes_the_room_that_is_left(name: str) -> None:
    columns = list(TABLES[name][0])
    assert len({column.key for column in columns}) == len(columns)
    assert sum(column.is_stretched for column in columns) <= 1


@pytest.mark.parametrize("name", TABLES)
def test_every_row_is_a_sentence_that_names_its_invoice(name: str) -> None:
    columns, rows, sentence = TABLES[name]
    (number,) = (column for column in columns if column.title == "Invoice")
    for row in rows:
        said = sentence(row)
        assert number.text(row) in said
        assert "  " not in said
        assert "None" not in said


def _review(view: DeskView, number: str) -> ReviewRow:
    return next(row for row in view.review if row.stored.proposal.invoice_number == number)


def _text(row: ReviewRow, key: str) -> str:
    (column,) = (column for column in review_columns(lambda: NOW) if column.key == key)
    return column.text(row)


def test_columns_that_are_hidden_at_first_tell_of_both_sides() -> None:
    hidden = [column for column in review_columns(lambda: NOW) if not column.is_default]
    row = _review(VIEW, "CM-10190")
    assert any(column.text(row) == "yes" for column in hidden), "reconciled to bank"
    invoice = row.result.snapshot.case_invoice if row.result else None
    assert isinstance(invoice, CaseInvoice)
    assert any(column.text(row) == str(invoice.total) for column in hidden)
    unknown = replace(row, result=None)
    assert [column.text(unknown) for column in hidden]


def test_a_row_without_values_is_blank_and_not_wrong() -> None:
    row = _review(VIEW, "CM-10234")
    proposal = replace(row.stored.proposal, after=None, before=None, xero=None, replaced=None)
    bare = replace(row, stored=replace(row.stored, proposal=proposal), result=None)
    assert _text(bare, "reference") == ""
