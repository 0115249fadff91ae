"""What is made of the rows of a table, each part when it is first asked for, and taken over where rows stay."""

from array import array
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Generic

from cmxero_desktop.domain.money import Money
from cmxero_desktop.ui.widgets.arranged_parts import Amounts, Facets, Order, Texts, days_of
from cmxero_desktop.ui.widgets.column import Column, R, SortKey
from cmxero_desktop.ui.widgets.spans import Spans, spans_between


@dataclass(slots=True)
class _Parts:
    names: list[str] | None = None
    orders: dict[int, Order] = field(default_factory=dict)
    texts: Texts | None = None
    facets: Facets | None = None
    amounts: Amounts | None = None
    days: "array[int] | None" = None


class Made(Generic[R]):
    """Frozen rows, their names, orders, texts, facets, amounts and days."""

    def __init__(
        self,
        rows: Iterable[R],
        columns: Sequence[Column[R]],
        name_of: Callable[[R], str],
        *,
        facet_of: Callable[[R], object] | None = None,
        amount_of: Callable[[R], Money | None] | None = None,
        by: Hashable = None,
    ) -> None:
        """Take the rows; `by` is all beside a row itself that its texts, keys and facet depend on."""
        self.rows: Sequence[R] = rows if isinstance(rows, Sequence) else tuple(rows)
        self.columns = columns
        self.facet_of = facet_of
        self._name_of = name_of
        self._amount_of = amount_of
        self._by = by
        self.parts = _Parts()

    def renewed(self, rows: Iterable[R], by: Hashable) -> "Made[R]":
        """Return other rows of the same table, with what was made of those that are still there."""
        made = Made(rows, self.columns, self._name_of, facet_of=self.facet_of, amount_of=self._amount_of, by=by)
        spans = spans_between(self.rows, made.rows) if by == self._by else None
        if spans is not None:
            made._take_over(self, spans)
        return made

    def _take_over(self, old: "Made[R]", spans: Spans) -> None:
        rows, name_of, facet_of, amount_of = self.rows, self._name_of, self.facet_of, self._amount_of
        day_of = self._day_of()
        if old.parts.names is not None:
            self.parts.names = spans.spliced(old.parts.names[:], lambda come: [name_of(rows[at]) for at in come])
        # The window may make another one meanwhile.
        for column, order in tuple(old.parts.orders.items()):
            self.parts.orders[column] = order.renewed(spans, old.key_at(column), self.key_at(column))
        if old.parts.texts is not None:
            self.parts.texts = old.parts.texts.renewed(spans, self._text_at())
        if old.parts.facets is not None and facet_of is not None:
            self.parts.facets = old.parts.facets.renewed(spans, lambda at: facet_of(rows[at]))
        if old.parts.amounts is not None and amount_of is not None:
            self.parts.amounts = old.parts.amounts.renewed(spans, lambda at: amount_of(rows[at]))
        if old.parts.days is not None and day_of is not None:
            self.parts.days = spans.spliced(old.parts.days[:], lambda come: days_of([day_of(rows[at]) for at in come]))

    @property
    def names(self) -> Sequence[str]:
        """The name of each row."""
        if self.parts.names is None:
            self.parts.names = [self._name_of(row) for row in self.rows]
        return self.parts.names

    def order(self, column: int) -> Order:
        """Return the rows as a column sorts them."""
        if column not in self.parts.orders:
            key_of = self.columns[column].key_of
            self.parts.orders[column] = Order.of([key_of(row) for row in self.rows])
        return self.parts.orders[column]

    @property
    def texts(self) -> Texts:
        """The texts in which words are found."""
        if self.parts.texts is None:
            self.parts.texts = Texts.of(self._text_at(), len(self.rows))
        return self.parts.texts

    @property
    def facets(self) -> tuple[Sequence[object], Sequence[int]]:
        """Each facet once, and which of them each row has; without facets these are the rows."""
        if self.facet_of is None:
            return self.rows, range(len(self.rows))
        if self.parts.facets is None:
            self.parts.facets = Facets.of([self.facet_of(row) for row in self.rows])
        return self.parts.facets.facets, self.parts.facets.codes

    @property
    def amounts(self) -> dict[str, Sequence[int]]:
        """For each currency the amount of every row in it, nothing where a row has none."""
        if self.parts.amounts is None:
            amount_of = self._amount_of or _nothing
            self.parts.amounts = Amounts.of([amount_of(row) for row in self.rows])
        return self.parts.amounts.by_currency

    @property
    def days(self) -> Sequence[int] | None:
        """The day of each row as an ordinal, 0 for none; nothing where the rows of this table have no day."""
        day_of = self._day_of()
        if self.parts.days is None and day_of is not None:
            self.parts.days = days_of([day_of(row) for row in self.rows])
        return self.parts.days

    def key_at(self, column: int) -> Callable[[int], SortKey]:
        """Return what tells of the row at a position what a column sorts it by."""
        key_of, rows = self.columns[column].key_of, self.rows
        return lambda at: key_of(rows[at])

    def _text_at(self) -> Callable[[int], str]:
        searched, rows = [column.text for column in self.columns if column.is_searched], self.rows
        return lambda at: "\n".join([text(rows[at]) for text in searched])

    def _day_of(self) -> Callable[[R], date | None] | None:
        return next((column.day_of for column in self.columns if column.day_of is not None), None)


def _nothing(_row: object) -> None:
    return None
