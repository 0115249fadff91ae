"""Groups that fold: whatever is folded, nothing is lost, nothing is ticked unseen, and each line says what it has."""

from collections import Counter
from collections.abc import Callable, Iterable

from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cmxero_desktop.domain.money import Money
from cmxero_desktop.ui.widgets.arranged import TheseRows
from cmxero_desktop.ui.widgets.column import Column, tick_column
from cmxero_desktop.ui.widgets.grouping import Grouping, is_line
from cmxero_desktop.ui.widgets.shown_columns import Arrangement
from cmxero_desktop.ui.widgets.table_model import RowsModel
from cmxero_desktop.ui.widgets.table_view import DeskTable

Paid = tuple[str, str, int]
PAYER = 2
ROWS: list[Paid] = [("a", "Acme", 100), ("b", "QBE", 50), ("c", "Acme", 20), ("d", "", 5), ("e", "Acme", -20)]


def model_of(rows: list[Paid]) -> RowsModel[Paid]:
    columns: tuple[Column[Paid], ...] = (
        tick_column(tuple),
        Column(key="name", title="Name", text=lambda row: row[0], width=10),
        Column(key="bill_to", title="Bill To", text=lambda row: row[1], width=10),
        Column(key="amount", title="Amount", text=lambda row: str(row[2]), sort_key=lambda row: (row[2], ""), width=6),
    )
    model: RowsModel[Paid] = RowsModel(
        columns,
        lambda row: row[0],
        lambda row: f"{row[0]}.",
        amount_of=lambda row: Money.from_minor(row[2] * 100, "AUD"),
    )
    model.set_rows(rows)
    return model


def table_of(qtbot: QtBot, rows: list[Paid]) -> DeskTable[Paid]:
    table = DeskTable(model_of(rows), "Payments", "Some payments")
    table.rows.setParent(table)
    qtbot.addWidget(table)
    table.resize(700, 400)
    table.show()
    table.rows.group_by(Grouping(PAYER))
    QApplication.processEvents()
    return table


def seen(model: RowsModel[Paid]) -> list[str]:
    """Return what stands in the table from top to bottom: lines by their texts, rows by their names."""
    found = []
    for at in range(model.rowCount()):
        line, name = model.line_at(at), model.name_at(at)
        assert is_line(name) is (line is not None)
        found.append(f"[{line.text}]" if line is not None else name)
    return found


def at_line(model: RowsModel[Paid], text: str) -> int:
    return next(at for at in range(model.rowCount()) if (line := model.line_at(at)) is not None and line.text == text)


def test_each_group_has_a_line_with_its_count_and_its_sum() -> None:
    model = model_of(ROWS)
    model.group_by(Grouping(PAYER))
    assert seen(model) == ["[]", "d", "[Acme]", "a", "c", "e", "[QBE]", "b"]
    line = model.line_at(at_line(model, "Acme"))
    assert line is not None
    assert model.line_text(line) == "Acme   3 rows, 100.00"
    assert model.line_sentence(line) == "Group Acme, unfolded, 3 rows, 100.00."
    model.set_ticked([3], is_ticked=True)
    assert model.line_text(line) == "Acme   3 rows, 100.00   1 ticked"
    nobody = model.line_at(0)
    assert nobody is not None
    assert model.line_text(nobody).startswith("none   1 row, 5.00")
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)


def test_a_title_sorts_in_each_group_and_that_of_the_groups_turns_them_round() -> None:
    model = model_of(ROWS)
    model.group_by(Grouping(PAYER))
    model.sort(3)
    assert seen(model) == ["[]", "d", "[Acme]", "e", "c", "a", "[QBE]", "b"]
    model.sort(PAYER, Qt.SortOrder.DescendingOrder)
    assert seen(model) == ["[QBE]", "b", "[Acme]", "a", "c", "e", "[]", "d"]
    model.group_by(None)
    assert seen(model) == ["b", "a", "c", "e", "d"]


def test_what_is_folded_is_neither_lost_nor_left_out_of_sum_and_list() -> None:
    model = model_of(ROWS)
    everything, total = sorted(model.shown_rows()), model.shown_sums()
    model.group_by(Grouping(PAYER, are_folded=True))
    assert seen(model) == ["[]", "[Acme]", "[QBE]"]
    assert sorted(model.shown_rows()) == everything
    assert (model.shown_sums(), model.rows_shown) == (total, len(ROWS))
    model.set_search("qbe")
    assert seen(model) == ["[QBE]"]
    assert [row[0] for row in model.shown_rows()] == ["b"]


def test_a_group_that_comes_later_is_folded_where_all_are() -> None:
    model = model_of(ROWS[:2])
    model.group_by(Grouping(PAYER))
    model.fold_all(are_folded=True)
    model.set_rows(ROWS)
    assert seen(model) == ["[]", "[Acme]", "[QBE]"]
    line = model.line_at(1)
    assert line is not None
    model.fold(line, is_folded=False)
    assert seen(model) == ["[]", "[Acme]", "a", "c", "e", "[QBE]"]
    model.fold_all(are_folded=False)
    assert len(seen(model)) == 8


def test_rows_that_are_asked_for_are_never_folded_away() -> None:
    model = model_of(ROWS)
    model.group_by(Grouping(PAYER, are_folded=True))
    model.set_named(TheseRows(frozenset({"c"}), "this one"))
    assert seen(model) == ["[Acme]", "c"]
    model.show_every()
    model.fold_all(are_folded=True)
    model.set_only((1, "b"))
    assert seen(model) == ["[QBE]", "b"]


rows_of_any = st.lists(
    st.tuples(st.text("abcdef", min_size=1, max_size=3), st.sampled_from(["", "A", "B", "b"]), st.integers(-9, 9)),
    unique_by=lambda row: row[0],
    max_size=20,
)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("fold"), st.integers(0, 30), st.booleans()),
        st.tuples(st.just("all"), st.just(0), st.booleans()),
        st.tuples(st.just("tick"), st.integers(0, 30), st.booleans()),
        st.tuples(st.just("tick line"), st.integers(0, 30), st.booleans()),
        st.tuples(st.just("every"), st.just(0), st.booleans()),
        st.tuples(st.just("search"), st.integers(0, 2), st.booleans()),
        st.tuples(st.just("group"), st.integers(0, 3), st.booleans()),
        st.tuples(st.just("sort"), st.integers(0, 3), st.booleans()),
    ),
    max_size=25,
)


def in_sight(model: RowsModel[Paid]) -> set[str]:
    return {name for at in range(model.rowCount()) if not is_line(name := model.name_at(at))}


def place_of(model: RowsModel[Paid], what: str, number: int) -> int:
    """Return where in the table a step is done: what folds or ticks a group needs its line, which few places are."""
    lines = [at for at in range(model.rowCount()) if model.line_at(at) is not None]
    if what in {"fold", "tick line"} and lines:
        return lines[number % len(lines)]
    return number % max(1, model.rowCount()) if what == "tick" else number


def names_of(rows: Iterable[Paid]) -> set[str]:
    return {row[0] for row in rows}


def tick_by(model: RowsModel[Paid], what: str, number: int, *, is_on: bool) -> set[str]:
    """Tick or untick in one of three ways; return of which rows that is expected, judged by what was in sight."""
    seen_before, shown = in_sight(model), names_of(model.shown_rows())
    if what == "every":
        model.set_all_ticked(is_ticked=is_on)
        return seen_before if is_on else shown
    line = model.line_at(number)
    if line is not None:
        model.set_line_ticked(line, number, is_ticked=is_on)
        return set() if line.is_folded else names_of(r for r in model.shown_rows() if text_of(model)(r) == line.text)
    model.set_ticked([number], is_ticked=is_on)
    return {model.name_at(number)} & seen_before


def text_of(model: RowsModel[Paid]) -> Callable[[Paid], str]:
    assert model.grouping is not None
    return model.columns[model.grouping.column].text


def change(model: RowsModel[Paid], what: str, number: int, *, is_on: bool) -> None:
    line = model.line_at(number)
    match what:
        case "fold" if line is not None:
            model.fold(line, is_folded=is_on)
        case "all":
            model.fold_all(are_folded=is_on)
        case "search":
            model.set_search(("", "a", "b")[number])
        case "group":
            model.group_by(Grouping(number, are_folded=is_on) if number else None)
        case "sort":
            model.sort(number)


@settings(max_examples=150, deadline=None)
@given(rows=rows_of_any, steps=steps)
def test_whatever_is_folded_only_what_is_in_sight_is_ticked_and_every_tick_is_said(
    rows: list[Paid], steps: list[tuple[str, int, bool]]
) -> None:
    model = model_of(rows)
    model.group_by(Grouping(PAYER))
    ticked: set[str] = set()
    for what, chosen, is_on in steps:
        number = place_of(model, what, chosen)
        if what in {"tick", "tick line", "every"}:
            meant = tick_by(model, what, number, is_on=is_on)
            ticked = ticked | meant if is_on else ticked - meant
        else:
            change(model, what, number, is_on=is_on)
        shown = names_of(model.shown_rows())
        assert len(model.shown_rows()) == len(shown) == model.rows_shown
        assert names_of(model.ticked_rows()) == ticked & shown
        assert (model.ticks_shown, model.hidden_ticks) == (len(ticked & shown), len(ticked - shown))
        assert model.folded_ticks == ticked & shown - in_sight(model)
        assert model.is_all_ticked is bool(in_sight(model) and in_sight(model) <= ticked)
        lines = [line for at in range(model.rowCount()) if (line := model.line_at(at)) is not None]
        if lines:
            assert {line.text: line.size for line in lines} == Counter(map(text_of(model), model.shown_rows()))
            assert sum(map(model.ticks_of, lines)) == model.ticks_shown


def test_ticking_the_line_of_a_folded_group_ticks_neither_its_rows_nor_those_below_it() -> None:
    """A screen reader may ask for it, too: it sets the box by the model alone."""
    model = model_of(ROWS)
    model.group_by(Grouping(PAYER))
    line = model.line_at(at_line(model, "Acme"))
    assert line is not None
    model.fold(line, is_folded=True)
    at = at_line(model, "Acme")
    assert seen(model)[at:] == ["[Acme]", "[QBE]", "b"]
    model.setData(model.index(at, 0), Qt.CheckState.Checked, Qt.ItemDataRole.CheckStateRole)
    assert model.ticked_rows() == []


def test_left_goes_to_the_line_and_folds_and_right_unfolds_and_goes_in(qtbot: QtBot) -> None:
    table = table_of(qtbot, ROWS)
    model = table.rows
    table.go_to(seen(model).index("c"))
    QTest.keyClick(table, Qt.Key.Key_Left)
    assert seen(model)[table.currentIndex().row()] == "[Acme]"
    assert table.current_row() is None
    QTest.keyClick(table, Qt.Key.Key_Left)
    assert seen(model) == ["[]", "d", "[Acme]", "[QBE]", "b"]
    assert seen(model)[table.currentIndex().row()] == "[Acme]"
    QTest.keyClick(table, Qt.Key.Key_Left)
    QTest.keyClick(table, Qt.Key.Key_Right)
    assert len(seen(model)) == 8
    QTest.keyClick(table, Qt.Key.Key_Right)
    assert seen(model)[table.currentIndex().row()] == "a"
    QTest.keyClick(table, Qt.Key.Key_Right)
    assert seen(model)[table.currentIndex().row()] == "a"


def click(table: DeskTable[Paid], position: int, column: int) -> None:
    rect = table.visualRect(table.rows.index(position, column))
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(rect.center().x(), rect.center().y()))


def test_a_click_on_a_line_folds_it_and_one_on_its_box_ticks_what_is_in_sight(qtbot: QtBot) -> None:
    table = table_of(qtbot, ROWS)
    model = table.rows
    click(table, at_line(model, "Acme"), 1)
    assert seen(model) == ["[]", "d", "[Acme]", "[QBE]", "b"]
    click(table, at_line(model, "Acme"), 0)
    assert model.ticked_rows() == [], "what is folded is shown first"
    assert len(seen(model)) == 8
    click(table, at_line(model, "Acme"), 0)
    assert [row[0] for row in model.ticked_rows()] == ["a", "c", "e"]
    index = model.index(at_line(model, "Acme"), 0)
    assert index.data(Qt.ItemDataRole.CheckStateRole) == Qt.CheckState.Checked
    assert index.data(Qt.ItemDataRole.AccessibleTextRole).endswith("3 ticked.")
    click(table, at_line(model, "Acme"), 0)
    assert model.ticked_rows() == []
    assert model.setData(index, Qt.CheckState.Checked.value, Qt.ItemDataRole.CheckStateRole)
    assert len(model.ticked_rows()) == 3


def test_space_on_a_line_ticks_its_rows_and_unfolds_them_first(qtbot: QtBot) -> None:
    table = table_of(qtbot, ROWS)
    table.go_to(at_line(table.rows, "QBE"))
    QTest.keyClick(table, Qt.Key.Key_Left)
    QTest.keyClick(table, Qt.Key.Key_Space)
    assert table.rows.ticked_rows() == []
    QTest.keyClick(table, Qt.Key.Key_Space)
    assert [row[0] for row in table.rows.ticked_rows()] == ["b"]
    table.go_to(seen(table.rows).index("a"))
    QTest.keyClick(table, Qt.Key.Key_Space)
    assert {row[0] for row in table.rows.ticked_rows()} == {"a", "b"}


def test_ctrl_a_ticks_what_is_in_sight_alone(qtbot: QtBot) -> None:
    table = table_of(qtbot, ROWS)
    click(table, at_line(table.rows, "Acme"), 1)
    QTest.keyClick(table, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert {row[0] for row in table.rows.ticked_rows()} == {"b", "d"}
    QTest.keyClick(table, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert table.rows.ticked_rows() == []


def test_folding_all_leaves_one_on_the_line_of_the_row_that_one_stood_on(qtbot: QtBot) -> None:
    table = table_of(qtbot, ROWS)
    table.go_to(seen(table.rows).index("b"))
    table.folding.fold_all(are_folded=True)
    assert seen(table.rows)[table.currentIndex().row()] == "[QBE]"
    table.folding.fold_all(are_folded=False)
    assert seen(table.rows)[table.currentIndex().row()] == "[QBE]"
    table.grab()


def test_no_line_is_copied_or_counted_among_selected_rows(qtbot: QtBot) -> None:
    table = table_of(qtbot, ROWS)
    table.selectAll()
    assert len(table.selected_rows()) == len(table.selected_positions()) == len(ROWS)
    assert len(table.rows_as_text().splitlines()) == len(ROWS) + 1


def test_groups_come_back_with_the_arrangement_and_go_with_an_empty_one(qtbot: QtBot) -> None:
    table = table_of(qtbot, ROWS)
    kept = Arrangement.from_text(table.arrangement().as_text())
    assert kept.grouped_by == "bill_to"
    table.arrange(Arrangement())
    assert table.rows.grouping is None
    table.arrange(kept)
    assert seen(table.rows)[0] == "[]"
    before_there_were_groups = '{"order": [], "widths": {}, "shown": {}, "sorted_by": "name", "is_down": false}'
    assert Arrangement.from_text(before_there_were_groups).sorted_by == "name"


def test_without_groups_the_arrows_and_the_click_are_the_tables_own(qtbot: QtBot) -> None:
    table = table_of(qtbot, ROWS)
    table.group_by("no such column")
    table.go_to(1)
    QTest.keyClick(table, Qt.Key.Key_Left)
    click(table, 1, 1)
    table.folding.fold_all(are_folded=True)
    assert seen(table.rows) == ["a", "b", "c", "d", "e"]
    assert table.currentIndex().row() == 1
