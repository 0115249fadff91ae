"""Weighs which column of a table holds what: by its name, what it can hold, and its values."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from cmxero_desktop.domain.mapping.column_kinds import ColumnKind
from cmxero_desktop.domain.mapping.findings import MappingFinding, Option, Sureness, best_of, is_clear
from cmxero_desktop.domain.mapping.forms import day_form, money_form
from cmxero_desktop.domain.mapping.glossary import Word
from cmxero_desktop.domain.mapping.methods import is_method, is_of_methods
from cmxero_desktop.domain.mapping.seen import SeenColumn, SeenTable

_TEXT = frozenset({ColumnKind.TEXT, ColumnKind.ANY})
_CODE = frozenset({ColumnKind.TEXT, ColumnKind.NUMBER, ColumnKind.ANY})
_MOST_OPTIONS = 8
_NOTES_LENGTH = 50
_OTHERS_NUMBERS = dict.fromkeys(
    (
        *(Word.CLIENT, Word.CASE, Word.JOURNAL, Word.LINE, Word.TAX, Word.PAYMENT, Word.BANK, Word.COMPANY, Word.KIND),
        *(Word.STATUS, Word.USER, Word.DATE, Word.AMOUNT, Word.ADDRESS, Word.PERIOD, Word.ORDER, Word.GROUP, Word.FLAG),
        *(Word.SUPPLIER, Word.QUANTITY, Word.NOTES),
    ),
    -25,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A key of the mapping that names a column: what the words of a fitting name are worth, and what else counts.

    `fits` says which columns can hold it at all, `values` gives points and a reason for what stands in one.
    """

    key: str
    title: str
    words: Mapping[Word, int]
    fits: Callable[[SeenTable, SeenColumn], bool]
    values: Callable[[SeenTable, SeenColumn], tuple[int, str]] = lambda _table, _column: (0, "")
    is_needed: bool = True
    is_money: bool = True
    why: str = ""


def _worth(plus: Mapping[Word, int], *less: tuple[int, tuple[Word, ...]]) -> Mapping[Word, int]:
    """Return what each word of a name is worth; one that speaks against it is worth less than nothing."""
    return {**plus, **{word: points for points, words in less for word in words}}


def _holds(*kinds: frozenset[ColumnKind]) -> Callable[[SeenTable, SeenColumn], bool]:
    allowed = frozenset().union(*kinds)
    return lambda _table, column: column.kind in allowed


def _is_money(table: SeenTable, column: SeenColumn) -> bool:
    return money_form(table, column) is not None


def _is_day(table: SeenTable, column: SeenColumn) -> bool:
    return day_form(table, column) is not None


def _may_be_number(table: SeenTable, column: SeenColumn) -> bool:
    facts = table.facts[column.name]
    return column.kind in _CODE and facts.distinct * 10 >= facts.filled * 8


def _number_values(table: SeenTable, column: SeenColumn) -> tuple[int, str]:
    facts = table.facts[column.name]
    if not facts.filled:
        return 0, ""
    if not facts.is_unique:
        return -6, f"Of its {facts.filled:,} values only {facts.distinct:,} are different."
    return 6, f"Each of its {facts.filled:,} values stands there once."


def _notes_values(_table: SeenTable, column: SeenColumn) -> tuple[int, str]:
    if column.length is not None and column.length < _NOTES_LENGTH:
        return -12, f"It takes {column.length} characters, too few for the line that names a Xero payment."
    return 2, ""


def _method_values(table: SeenTable, column: SeenColumn) -> tuple[int, str]:
    facts = table.facts[column.name]
    if not facts.filled:
        return 0, ""
    if is_of_methods(table, column, {}):
        known = sorted(str(value) for value in facts.counts if is_method(value))
        return 14, f"{len(known)} of its {facts.distinct} values are ways to pay, such as {known[0]}."
    return (0, "") if facts.is_few else (-10, "It has many different values.")


INVOICE_FIELDS: tuple[Field, ...] = (
    Field(
        key="invoices.bill_to",
        title="Who the invoice goes to",
        words=_worth(
            {Word.TO: 14, Word.CLIENT: 12, Word.NAME: 6, Word.PAYER: 8, Word.INVOICE: 2, Word.COMPANY: 3},
            (-20, (Word.KEY, Word.NUMBER, Word.CODE, Word.ADDRESS, Word.USER, Word.KIND, Word.STATUS)),
            (-14, (Word.NOTES, Word.REFERENCE, Word.CASE)),
        ),
        fits=_holds(_TEXT),
        is_needed=False,
        is_money=False,
    ),
    Field(
        key="invoices.case_name",
        title="The case",
        words=_worth(
            {Word.CASE: 16, Word.NAME: 6, Word.NOTES: 1, Word.NUMBER: -3, Word.CODE: -3, Word.CLIENT: -8},
            (-20, (Word.KEY, Word.USER, Word.STATUS, Word.KIND, Word.ADDRESS)),
        ),
        fits=_holds(_TEXT),
        is_needed=False,
        is_money=False,
    ),
    Field(
        key="invoices.invoice_date",
        title="The invoice's date",
        words=_worth(
            {Word.DATE: 10, Word.INVOICE: 8, Word.ENTERED: -9},
            (-25, (Word.DUE, Word.PAYMENT, Word.PAID, Word.DELETED, Word.MODIFIED, Word.LOCKED)),
        ),
        fits=_is_day,
        is_needed=False,
        is_money=False,
    ),
    Field(
        key="invoices.due_date",
        title="The day on which it is due",
        words={Word.DUE: 20, Word.DATE: 4, Word.PAID: -25, Word.DELETED: -25},
        fits=_is_day,
        is_needed=False,
        is_money=False,
    ),
)
NUMBER = Field(
    key="invoices.number",
    title="The invoice's number",
    words={**_OTHERS_NUMBERS, Word.NUMBER: 18, Word.INVOICE: 8, Word.CODE: 10, Word.REFERENCE: 3, Word.KEY: -6},
    fits=_may_be_number,
    values=_number_values,
    why="It is what Xero's number is compared with, and the database has more than one column that may be it.",
)
TOTAL = Field(
    key="invoices.total",
    title="The invoice's total",
    words=_worth(
        {
            Word.TOTAL: 22,
            Word.GROSS: 20,
            Word.AMOUNT: 14,
            Word.INVOICE: 4,
            Word.VALUE: 4,
            Word.NET: 2,
            Word.TAX: -20,
            Word.BALANCE: -16,
            Word.PAID: -20,
            Word.PAYMENT: -20,
            Word.ADJUSTMENT: -25,
            Word.DUE: -6,
        },
        (-25, (Word.REFUND, Word.DISCOUNT, Word.CREDIT, Word.FEE, Word.CURRENCY)),
    ),
    fits=_is_money,
    why="What the totals include, such as tax and disbursements, no schema tells.",
)
PAYMENT_FIELDS: tuple[Field, ...] = (
    Field(
        key="payments.payment_type",
        title="How it was paid",
        words=_worth(
            {Word.METHOD: 16, Word.KIND: 12, Word.PAYMENT: 6, Word.NAME: 1},
            (-20, (Word.STATUS, Word.CLIENT, Word.INVOICE, Word.DATE, Word.AMOUNT, Word.JOURNAL)),
            (-16, (Word.FLAG, Word.CURRENCY, Word.COMPANY, Word.NOTES, Word.USER, Word.TRANSACTION)),
        ),
        fits=_holds(_CODE),
        values=_method_values,
        is_money=False,
        why="A payment that is added gets its type there.",
    ),
    Field(
        key="payments.reference",
        title="The reference",
        words=_worth(
            {Word.REFERENCE: 16, Word.NUMBER: 3, Word.PAYMENT: 3, Word.CODE: 1},
            (-18, (Word.INVOICE, Word.JOURNAL, Word.CLIENT, Word.CASE, Word.GROUP)),
            (-12, (Word.NOTES, Word.KEY, Word.DATE, Word.AMOUNT, Word.USER, Word.BANK)),
        ),
        fits=_holds(_TEXT),
        is_money=False,
        why="Xero's reference of a payment is written there.",
    ),
    Field(
        key="payments.notes",
        title="The notes",
        words=_worth(
            {Word.NOTES: 16, Word.PAYMENT: 2},
            (-12, (Word.REFERENCE, Word.NAME, Word.CODE, Word.KIND, Word.STATUS, Word.USER)),
        ),
        fits=_holds(_TEXT),
        values=_notes_values,
        is_money=False,
        why="A payment is marked there as coming from Xero.",
    ),
    Field(
        key="payments.journal_number",
        title="The journal's number",
        words={Word.JOURNAL: 14, Word.NUMBER: 6, Word.KEY: 2, Word.DATE: -25, Word.FLAG: -14, Word.LOCKED: -4},
        fits=_holds(_CODE),
        is_needed=False,
        is_money=False,
    ),
    Field(
        key="payments.payer",
        title="Who paid",
        words=_worth(
            {Word.PAYER: 18, Word.CLIENT: 8, Word.NAME: 5},
            (-20, (Word.KEY, Word.NUMBER, Word.USER, Word.BANK, Word.ADDRESS, Word.KIND, Word.STATUS)),
        ),
        fits=_holds(_TEXT),
        is_needed=False,
        is_money=False,
    ),
)
PAID_ON = Field(
    key="payments.paid_on",
    title="The day of the payment",
    words=_worth(
        {
            Word.DATE: 10,
            Word.PAYMENT: 10,
            Word.PAID: 8,
            Word.VALUE: 4,
            Word.INVOICE: -8,
            Word.PERIOD: -8,
            Word.BANK: -2,
        },
        (-20, (Word.ENTERED, Word.MODIFIED, Word.DELETED, Word.JOURNAL, Word.LOCKED, Word.DUE)),
    ),
    fits=_is_day,
    why="A payment is the same as one in Xero where the day and the amount agree.",
)
AMOUNT = Field(
    key="payments.amount",
    title="The amount of the payment",
    words=_worth(
        {
            Word.AMOUNT: 14,
            Word.PAYMENT: 6,
            Word.TOTAL: 6,
            Word.GROSS: 5,
            Word.VALUE: 5,
            Word.PAID: 6,
            Word.TAX: -25,
            Word.NET: -6,
            Word.BALANCE: -20,
            Word.DISCOUNT: -20,
            Word.FEE: -20,
            Word.INVOICE: -6,
        },
        (-20, (Word.ADJUSTMENT, Word.REFUND, Word.CURRENCY)),
    ),
    fits=_is_money,
    why="A payment is the same as one in Xero where the day and the amount agree.",
)


def options_of(field: Field, table: SeenTable) -> tuple[Option, ...]:
    """Return the columns that may hold a field, the best one first."""
    return best_of(tuple(_options(field, table)))


def column_option(table: SeenTable, column: SeenColumn, points: int, reasons: tuple[str, ...]) -> Option:
    """Return a column as something to choose."""
    words = f"{column.name} ({column.type_name or column.kind})"
    return Option(
        key=column.name, words=words, reasons=reasons, samples=table.facts[column.name].samples, points=points
    )


def found(field: Field, options: tuple[Option, ...], *, is_sure: bool | None = None) -> MappingFinding:
    """Return what is found of a field; of money only what is sure is taken, the rest is asked."""
    clear = is_clear(options) if is_sure is None else is_sure
    likely = options[0].key if options and (clear or options[0].points > 0) else ""
    if not field.is_money and not field.is_needed:
        # Only shown: what is not clear is left out.
        likely = likely if clear else ""
    is_settled = clear or (not field.is_money and not field.is_needed)
    return MappingFinding(
        key=field.key,
        title=field.title,
        options=options[:_MOST_OPTIONS],
        likely=likely,
        sureness=Sureness.SURE if clear else Sureness.LIKELY if is_settled else Sureness.ASKED,
        why=field.why,
        is_money=field.is_money,
    )


def more(option: Option, points: int, reason: str) -> Option:
    """Return an option for which something more speaks."""
    return replace(
        option, points=option.points + points, reasons=(*option.reasons, reason) if reason else option.reasons
    )


def _options(field: Field, table: SeenTable) -> Iterator[Option]:
    for column in table.columns:
        if not column.is_read or not field.fits(table, column):
            continue
        by_name = sum(field.words.get(word, 0) for word in column.meaning)
        by_values, reason = field.values(table, column)
        said = ("It is named so.",) if by_name > 0 else ()
        yield column_option(table, column, by_name + by_values, (*said, *([reason] if reason else [])))
