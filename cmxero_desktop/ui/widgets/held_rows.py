"""What a table holds: frozen rows, filtered, sorted and ticked by arrays of positions."""

from collections.abc import Callable, Collection, Hashable, Iterable, Sequence
from dataclasses import replace
from functools import partial
from itertools import compress
from typing import Any, Generic

from PySide6.QtCore import QAbstractTableModel, QObject, Qt, Signal

from cmxero_desktop.domain.money import Money
from cmxero_desktop.domain.periods import Days
from cmxero_desktop.ui.widgets.arranged import Arranged, PartOf, Question, TheseRows
from cmxero_desktop.ui.widgets.column import Column, R
from cmxero_desktop.ui.widgets.grouping import Grouping
from cmxero_desktop.ui.widgets.shown_rows import ShownOrder, ShownRows, Ticks

_Role = Qt.ItemDataRole


class HeldRows(QAbstractTableModel, Generic[R]):
    """What is shown of the rows, and which are ticked. Ticks belong to row names, so they survive sorting and new rows.

    Rows that wait for what was decided of them can neither be ticked nor be decided again.

    Every change of what is shown is a reset: it costs Qt the same at any size, and the view puts its place back.
    """

    ticks_changed = Signal()
    shown_changed = Signal()

    def __init__(
        self,
        columns: Sequence[Column[R]],
        name_of: Callable[[R], str],
        sentence: Callable[[R], str],
        parent: QObject | None = None,
        *,
        tick_lasts: Callable[[R, R], bool] = lambda _old, _new: True,
        facet_of: Callable[[R], object] | None = None,
        amount_of: Callable[[R], Money | None] | None = None,
        sum_title: str = "",
        uncounted: str = "",
    ) -> None:
        """Begin empty. `name_of` gives a row's lasting name, `sentence` what a screen reader says for the row.

        `tick_lasts` says of a row as it was ticked and as it is now whether a person would still mean the tick,
        `facet_of` what filters ask about (without it they ask the row itself), `amount_of` what is added up.
        `sum_title` says what such a sum is where it has a sign, as a difference or an effect; plain amounts have none.
        `uncounted` says why a row is in no sum, of which `amount_of` gives no amount.
        """
        super().__init__(parent)
        self._columns = tuple(columns)
        self._sentence = sentence
        self.amount_of = amount_of
        self.sum_title = sum_title
        self.uncounted = uncounted
        self._arrange = partial(
            Arranged[R], columns=self._columns, name_of=name_of, facet_of=facet_of, amount_of=amount_of
        )
        self._shown: ShownRows[R] = ShownRows(self._arrange(()))
        self._ticks: Ticks[R] = Ticks(tick_lasts)
        self._waiting: dict[str, str] = {}

    @property
    def columns(self) -> tuple[Column[R], ...]:
        """The columns, hidden ones included."""
        return self._columns

    @property
    def total_rows(self) -> int:
        """How many rows there are, shown or not."""
        return len(self._shown.rows)

    @property
    def all_rows(self) -> Sequence[R]:
        """Every row, shown or not."""
        return self._shown.rows

    @property
    def words(self) -> tuple[str, ...]:
        """The folded words that are searched for."""
        return self._shown.question.words

    def arranged(self, rows: Iterable[R], groups: bytes = b"", by: Hashable = None) -> Arranged[R]:
        """Return rows as this table sorts, searches and adds them up; any thread may ask, and prepare them.

        What was made of the rows that are shown already is not made again, while what their texts and facets depend
        on beside them is the same: `by`.
        """
        return self._shown.arranged.renewed(rows, groups, self._shown.question, by)

    def set_rows(self, rows: Iterable[R] | Arranged[R]) -> None:
        """Show other rows; ticks of rows that are gone, or no longer what was ticked, are forgotten."""
        arranged = rows if isinstance(rows, Arranged) else self._arrange(rows, likely=self._shown.question)
        self.beginResetModel()
        self._ticks.follow(self._shown.arranged, arranged)
        self._shown.take(arranged)
        self.endResetModel()
        self.shown_changed.emit()
        self.ticks_changed.emit()

    def set_search(self, text: str) -> None:
        """Show the rows in which every word of `text` is found."""
        words = tuple(text.casefold().split())
        if words != self._shown.question.words:
            self._ask(replace(self._shown.question, words=words))

    def set_filter(self, keep: Callable[[Any], bool] | None) -> None:
        """Show the rows to whose facet `keep` says yes, or to which themselves, without one; None shows all."""
        self._ask(replace(self._shown.question, keep=keep))

    def set_grouped(self, *, is_grouped: bool) -> None:
        """Show the rows of each group together, or all as they are sorted."""
        self._ask(replace(self._shown.question, is_grouped=is_grouped), is_order_alone=True)

    def set_days(self, days: Days | None) -> None:
        """Show the rows of a period; None shows those of all dates."""
        if days != self._shown.question.days:
            self._ask(replace(self._shown.question, days=days))

    @property
    def only(self) -> tuple[int, str] | None:
        """The column and the text in it that all shown rows have in common, if they were asked for."""
        return self._shown.question.only

    def set_only(self, only: tuple[int, str] | None) -> None:
        """Show the rows that have this very text in a column; None shows all."""
        if only != self._shown.question.only:
            self._ask(replace(self._shown.question, only=only, grouping=self._unfolded()))

    @property
    def named(self) -> TheseRows | None:
        """The very rows that were asked for, if they were."""
        return self._shown.question.named

    def set_named(self, named: TheseRows | None) -> None:
        """Show these very rows; None shows all."""
        if named != self._shown.question.named:
            self._ask(replace(self._shown.question, named=named, grouping=self._unfolded()))

    def show_every(self) -> None:
        """Take away what leaves one line's rows, or these very rows."""
        if (self.only, self.named) != (None, None):
            self._ask(replace(self._shown.question, only=None, named=None))

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column; a column below zero gives back the order in which the rows came."""
        is_down = order is Qt.SortOrder.DescendingOrder
        self._ask(replace(self._shown.question, column=column, is_down=is_down), is_order_alone=True)

    def set_waiting(self, names: Collection[str], word: str) -> None:
        """Show of rows what is being done with them, such as "Approving…", and take their ticks; "" ends it."""
        for name in names:
            self._waiting.pop(name, "")
        if word:
            self._waiting.update(dict.fromkeys(names, word))
            self._ticks.put(self._positions_in_rows(names), is_ticked=False)
        self._repaint()

    def end_waiting(self) -> None:
        """Show every row as it is."""
        self.set_waiting(tuple(self._waiting), "")

    def waits_for(self, name: str) -> str:
        """Return what is being done with a row, or nothing."""
        return self._waiting.get(name, "")

    def shown_order(self) -> ShownOrder:
        """Return how the rows are shown now; it stays as it is when they change."""
        return self._shown.as_shown()

    def row_at(self, position: int) -> R | None:
        """Return the row shown at a position, or None."""
        return self._shown.row_at(position)

    def name_at(self, position: int) -> str:
        """Return the name of the row shown at a position, or nothing."""
        return self._shown.name_at(position)

    def position_of(self, name: str) -> int:
        """Return where the row of that name is shown, or -1."""
        return next(iter(self._shown.positions_of({name} if name else ())), -1)

    def positions_of(self, names: Collection[str]) -> list[int]:
        """Return where the rows of those names are shown, from top to bottom; those that are not shown are left out."""
        return self._shown.positions_of(names)

    def shown_rows(self) -> list[R]:
        """Return the rows in the order in which they are shown, those of a folded group among them."""
        return [self._shown.rows[i] for i in self._shown.found]

    @property
    def rows_shown(self) -> int:
        """How many rows search and filters leave, those of a folded group among them."""
        return len(self._shown.found)

    def shown_sums(self) -> list[Money]:
        """Add up the amounts of the shown rows: one sum for each currency."""
        return self._shown.sums()

    def shown_by_facet(self, part_of: PartOf) -> list[tuple[object, int, list[Money]]]:
        """Return how many of the shown rows have each part of their facet, and their sums."""
        return self._shown.by_facet(part_of)

    def ticked_rows(self) -> list[R]:
        """Return the ticked rows that are shown, also folded ones; ticks hidden by a filter do not count."""
        return self.ticked_as_now()()

    def ticked_as_now(self) -> Callable[[], list[R]]:
        """Return what gives the ticked rows of this moment to whichever thread asks, and whenever it does."""
        rows, found, are = self._shown.rows, self._shown.found, self._ticks.as_now()
        return lambda: [rows[at] for at in compress(found, map(are.__getitem__, found))] if 1 in are else []

    @property
    def ticks_shown(self) -> int:
        """How many ticked rows are shown, those of a folded group among them."""
        return self._ticks.among(self._shown.mask)

    @property
    def hidden_ticks(self) -> int:
        """How many ticked rows the filter hides."""
        return len(self._ticks) - self.ticks_shown

    def set_ticked(self, positions: Iterable[int], *, is_ticked: bool) -> None:
        """Tick or untick shown rows; no line above them is one."""
        shown, names, waiting = self._shown.shown, self._shown.names, self._waiting
        rows = (shown[position] for position in positions if self._shown.row_at(position) is not None)
        self._ticks.put((at for at in rows if names[at] not in waiting), is_ticked=is_ticked)
        self._repaint([_Role.CheckStateRole])

    def set_all_ticked(self, *, is_ticked: bool) -> None:
        """Tick every row that is shown and not folded away, or untick every row that is shown, folded or not."""
        if is_ticked and self._shown.lines:
            self._ticks.put(self._shown.unfolded(), is_ticked=True)
        else:
            self._ticks.put_all(self._shown.mask, is_ticked=is_ticked)
        self._ticks.put(self._positions_in_rows(self._waiting), is_ticked=False)
        self._repaint([_Role.CheckStateRole])

    def is_ticked(self, position: int) -> bool:
        """Say whether the row shown at a position is ticked."""
        return self._shown.row_at(position) is not None and self._ticks[self._shown.shown[position]]

    def _positions_in_rows(self, names: Collection[str]) -> list[int]:
        return [at for at, name in enumerate(self._shown.names) if name in names] if names else []

    def _unfolded(self) -> Grouping | None:
        """Return the groups with none of them folded: whoever asks for rows wants to see them."""
        grouping = self._shown.question.grouping
        return Grouping(grouping.column) if grouping is not None else None

    def _ask(self, question: Question, *, is_order_alone: bool = False) -> None:
        self.beginResetModel()
        self._shown.ask(question)
        self.endResetModel()
        self.shown_changed.emit()
        if not is_order_alone:
            self.ticks_changed.emit()

    def _repaint(self, roles: Sequence[int] = ()) -> None:
        """Paint the ticks anew, or all that is shown, and tell that ticks may have changed."""
        if self._shown.shown:
            # A line says beside its name how many are ticked.
            last = 0 if roles and not self._shown.lines else len(self._columns) - 1
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._shown.shown) - 1, last), list(roles))
        self.ticks_changed.emit()
