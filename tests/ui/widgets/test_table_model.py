"""The table model: what is shown, sorted, ticked, spoken and copied, for any rows, however many there are."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QItemSelectionModel, QPoint, QRect, Qt
from PySide6.QtGui import QFontMetrics, QGuiApplication, QImage
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cmxero_desktop.domain.proposals import Flag, ProposalKind
from cmxero_desktop.ui.theme.badge import Badge
from cmxero_desktop.ui.theme.colours import Tone
from cmxero_desktop.ui.theme.words import flag_badges, kind_badge
from cmxero_desktop.ui.widgets.column import Column, number_in, tick_column
from cmxero_desktop.ui.widgets.parts import cut
from cmxero_desktop.ui.widgets.row_delegate import MARGIN, badges_that_fit
from cmxero_desktop.ui.widgets.table_model import RowsModel
from cmxero_desktop.ui.widgets.table_view import DeskTable
from tests.ui.conftest import MakeStage, Stage
from tests.ui.views import many_view

Item = tuple[str, int]

DOWN = Qt.SortOrder.DescendingOrder
UP = Qt.SortOrder.AscendingOrder
MANY = 2_000


def model_of(items: list[Item]) -> RowsModel[Item]:
    name: Column[Item] = Column(key="name", title="Name", text=lambda item: item[0], width=10)
    size: Column[Item] = Column(
        key="size",
        title="Size",
        text=lambda item: str(item[1]),
        sort_key=lambda item: (item[1], ""),
        width=6,
        is_right=True,
    )
    tick: Column[Item] = tick_column(tuple)
    columns = (tick, name, size)
    model: RowsModel[Item] = RowsModel(columns, lambda item: item[0], lambda item: f"{item[0]} is {item[1]}.")
    model.set_rows(items)
    return model


items = st.lists(
    st.tuples(st.text("abcAB=-", min_size=1, max_size=4), st.integers(-50, 50)),
    unique_by=lambda item: item[0],
    max_size=25,
)


@settings(max_examples=60, deadline=None)
@given(
    rows=items, word=st.sampled_from(["", "a", "b", "ab", "=", "1"]), order=st.sampled_from([UP, DOWN]), data=st.data()
)
def test_ticks_survive_any_sorting_and_filtering(
    rows: list[Item], word: str, order: Qt.SortOrder, data: st.DataObject
) -> None:
    model = model_of(rows)
    ticked = {rows[i][0] for i in data.draw(st.sets(st.integers(0, len(rows) - 1)))} if rows else set()
    model.set_ticked([i for i, item in enumerate(rows) if item[0] in ticked], is_ticked=True)
    model.set_search(word)
    model.sort(2, order)
    shown = model.shown_rows()
    assert shown == sorted(
        (item for item in rows if word.casefold() in f"{item[0]}\n{item[1]}".casefold()),
        key=lambda item: item[1],
        reverse=order is DOWN,
    )
    assert {item[0] for item in model.ticked_rows()} == ticked & {item[0] for item in shown}
    assert model.hidden_ticks == len(ticked) - len(model.ticked_rows())
    model.set_search("")
    assert {item[0] for item in model.ticked_rows()} == ticked


@settings(max_examples=60, deadline=None)
@given(rows=items, word=st.sampled_from(["", "a", "="]), order=st.sampled_from([UP, DOWN]), data=st.data())
def test_groups_lie_together_and_each_is_sorted_as_all_would_be(
    rows: list[Item], word: str, order: Qt.SortOrder, data: st.DataObject
) -> None:
    groups = data.draw(st.lists(st.integers(0, 3), min_size=len(rows), max_size=len(rows)))
    group_of = {item[0]: group for item, group in zip(rows, groups, strict=True)}
    model = model_of(rows)
    model.set_search(word)
    model.sort(2, order)
    plain = model.shown_rows()
    model.set_rows(model.arranged(rows, bytes(groups)))
    assert (model.shown_rows(), model.blocks) == (plain, ())
    model.set_grouped(is_grouped=True)
    assert model.shown_rows() == sorted(plain, key=lambda item: group_of[item[0]])
    assert [block.group for block in model.blocks] == sorted({group_of[item[0]] for item in plain})
    for block in model.blocks:
        assert model.rows_of(block)() == [item for item in plain if group_of[item[0]] == block.group]


def test_model_keeps_qts_own_rules() -> None:
    model = model_of([("a", 1), ("b", 2)])
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Warning)
    model.sort(2, DOWN)
    model.set_search("a")
    model.set_rows([("c", 3)])
    del tester


def test_ticks_of_rows_that_are_gone_are_forgotten() -> None:
    model = model_of([("a", 1), ("b", 2)])
    model.set_ticked([0, 1], is_ticked=True)
    model.set_rows([("b", 5), ("c", 6)])
    assert model.ticked_rows() == [("b", 5)]
    assert model.hidden_ticks == 0


def test_first_column_says_the_whole_row_and_others_their_value() -> None:
    model = model_of([("a", 1)])
    role = Qt.ItemDataRole.AccessibleTextRole
    assert model.index(0, 0).data(role) == "a is 1."
    model.set_ticked([0], is_ticked=True)
    assert model.index(0, 0).data(role) == "Ticked. a is 1."
    assert model.index(0, 2).data(role) == "Size 1"


def test_numbers_in_invoice_names_sort_as_numbers() -> None:
    assert sorted(["CM-10", "CM-9", "CM-100"], key=number_in) == ["CM-9", "CM-10", "CM-100"]


@pytest.mark.parametrize("number", ["CM-1²", "CM-①", "CM-" + "9" * 5_000, "CM-๑", "", "CM-"])
def test_a_number_that_nobody_can_count_to_is_sorted_all_the_same(number: str) -> None:
    assert number_in(number)[0] < 2**63
    assert sorted(["CM-10", number], key=number_in)


def test_copied_cells_cannot_run_as_formulas(qtbot: QtBot) -> None:
    table = DeskTable(model_of([("=HYPERLINK(1)", -5), ("plain", 7)]), "Items", "for the test")
    qtbot.addWidget(table)
    table.selectAll()
    table.copy_rows()
    assert QGuiApplication.clipboard().text() == "Name\tSize\n'=HYPERLINK(1)\t-5\nplain\t7"


def test_keys_tick_and_letters_do_nothing(qtbot: QtBot) -> None:
    model = model_of([("a", 1), ("b", 2), ("c", 3)])
    table = DeskTable(model, "Items", "for the test")
    qtbot.addWidget(table)
    table.show()
    table.go_to(0)
    for letter in (Qt.Key.Key_A, Qt.Key.Key_D, Qt.Key.Key_X, Qt.Key.Key_C):
        QTest.keyClick(table, letter)
    assert table.currentIndex().row() == 0
    assert model.ticked_rows() == []
    QTest.keyClick(table, Qt.Key.Key_Space)
    assert model.ticked_rows() == [("a", 1)]
    QTest.keyClick(table, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClick(table, Qt.Key.Key_Space, Qt.KeyboardModifier.ShiftModifier)
    assert len(model.ticked_rows()) == 2
    QTest.keyClick(table, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert len(model.ticked_rows()) == 3
    QTest.keyClick(table, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert model.ticked_rows() == []


def test_shift_and_space_tick_from_the_last_tick_to_where_one_stands(qtbot: QtBot) -> None:
    model = model_of([(letter, 1) for letter in "abcdef"])
    table = DeskTable(model, "Items", "for the test")
    qtbot.addWidget(table)
    table.show()
    table.go_to(1)
    for key in (Qt.Key.Key_Space, Qt.Key.Key_Down, Qt.Key.Key_Down):
        QTest.keyClick(table, key)
    QTest.keyClick(table, Qt.Key.Key_Space, Qt.KeyboardModifier.ShiftModifier)
    assert [name for name, _ in model.ticked_rows()] == ["b", "c", "d"]
    # Upwards as well, from where the last tick was set.
    table.go_to(0)
    QTest.keyClick(table, Qt.Key.Key_Space, Qt.KeyboardModifier.ShiftModifier)
    assert [name for name, _ in model.ticked_rows()] == ["a", "b", "c", "d"]
    # Where the last one is not shown any more, the row that one stands on is ticked alone.
    model.set_search("f")
    table.go_to(0)
    QTest.keyClick(table, Qt.Key.Key_Space, Qt.KeyboardModifier.ShiftModifier)
    model.set_search("")
    assert [name for name, _ in model.ticked_rows()] == ["a", "b", "c", "d", "f"]


def test_click_ticks_and_click_on_a_title_sorts(stage: Stage) -> None:
    stage.window.review.view_box.setCurrentText("All")
    table = stage.window.review.table
    cell = table.visualRect(table.rows.index(1, 0)).center()
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=cell)
    assert [r.stored.proposal.invoice_number for r in table.rows.ticked_rows()] == ["CM-10155"]
    header = table.horizontalHeader()
    amount = next(i for i, column in enumerate(table.rows.columns) if column.key == "amount")
    at = QPoint(header.sectionViewportPosition(amount) + 20, 10)
    QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=at)
    amounts = [r.stored.proposal.amount.minor for r in table.rows.shown_rows()]
    assert amounts == sorted(amounts)
    QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert [r.stored.proposal.amount.minor for r in table.rows.shown_rows()] == amounts[::-1]
    assert len(table.rows.ticked_rows()) == 1


def test_place_is_kept_when_rows_move(stage: Stage) -> None:
    stage.go_to("CM-10234")
    stage.window.review.table.sort_by(5, DOWN)
    row = stage.window.review.table.current_row()
    assert row is not None
    assert row.stored.proposal.invoice_number == "CM-10234"
    assert stage.window.evidence.stored is row.stored


def test_columns_can_be_chosen(stage: Stage) -> None:
    table = stage.window.review.table
    menu = table.choose_columns()
    action = next(a for a in menu.actions() if a.text() == "Case")
    position = next(i for i, column in enumerate(table.rows.columns) if column.key == "case")
    assert table.isColumnHidden(position)
    action.setChecked(True)
    assert not table.isColumnHidden(position)
    menu.close()


def test_many_rows_are_sorted_found_filtered_and_ticked(make_stage: MakeStage) -> None:
    window = make_stage(many_view(MANY)).window
    review = window.review
    for column, order in ((5, UP), (5, DOWN), (3, UP)):
        review.table.sort_by(column, order)
    window.header.search.setText("ref199")
    assert review.model.rowCount() == 11, "REF199 and REF1990 to REF1999"
    window.header.search.clear()
    review.kind_box.setCurrentText("Add")
    review.table.tick_all_shown()
    review.model.set_ticked([7], is_ticked=False)
    review.table.scrollToBottom()
    assert (review.model.rowCount(), len(review.ticked())) == (MANY, MANY - 1)


def test_a_row_is_read_once_for_all_sorts_by_a_column_and_once_for_all_searches() -> None:
    read = {"sort": 0, "search": 0}

    def text(item: Item) -> str:
        read["search"] += 1
        return item[0]

    def sort_key(item: Item) -> tuple[int, str]:
        read["sort"] += 1
        return (item[1], "")

    column: Column[Item] = Column(key="name", title="Name", text=text, sort_key=sort_key, width=10)
    model: RowsModel[Item] = RowsModel((column,), lambda item: item[0], str)
    model.set_rows([(f"row {number}", number) for number in range(MANY)])
    for order in (UP, DOWN, UP):
        model.sort(0, order)
    for words in ("row 1", "row 19", "19", ""):
        model.set_search(words)
    assert read == {"sort": MANY, "search": MANY}


@pytest.mark.parametrize("held", [Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier])
def test_going_to_a_row_selects_it_alone_whichever_key_is_held(qtbot: QtBot, held: Qt.KeyboardModifier) -> None:
    table = DeskTable(model_of([("a", 1), ("b", 2), ("c", 3)]), "Items", "for the test")
    qtbot.addWidget(table)
    table.show()
    table.go_to(0)
    QTest.keyClick(table, Qt.Key.Key_F5, held)
    assert QGuiApplication.keyboardModifiers() == held
    table.go_to(2)
    assert table.selected_rows() == [("c", 3)]
    table.go_to(2)
    assert table.selected_rows() == [("c", 3)]
    QTest.keyClick(table, Qt.Key.Key_F5)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=items, order=st.sampled_from([UP, DOWN]), data=st.data())
def test_what_is_selected_survives_new_rows_and_another_order(
    qtbot: QtBot, rows: list[Item], order: Qt.SortOrder, data: st.DataObject
) -> None:
    table = DeskTable(model_of(rows), "Items", "for the test")
    qtbot.addWidget(table)
    selected = sorted(data.draw(st.sets(st.integers(0, len(rows) - 1), min_size=1))) if rows else []
    stays = data.draw(st.sets(st.sampled_from(rows), min_size=1)) if rows else set()
    for position in selected:
        index = table.rows.index(position, 1)
        flags = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
        table.selectionModel().setCurrentIndex(index, flags)
    chosen = {rows[p] for p in selected}
    table.rows.sort(2, order)
    table.rows.set_rows(rows)
    assert set(table.selected_rows()) == chosen
    assert table.current_row() == (rows[selected[-1]] if rows else None)
    table.rows.set_rows([row for row in rows if row in stays])
    left = table.selected_rows()
    current = table.current_row()
    assert set(left) == (chosen & stays or ({current} if current else set()))
    assert (current in left) if rows else current is None


def test_nothing_selected_stays_nothing_and_an_empty_table_forgets_no_place(qtbot: QtBot) -> None:
    model = model_of([("a", 1), ("b", 2), ("c", 3)])
    table = DeskTable(model, "Items", "for the test")
    qtbot.addWidget(table)
    table.go_to(1)
    model.set_search("nowhere")
    assert table.current_row() is None
    assert table.selected_rows() == []
    model.set_search("")
    assert table.selected_rows() == [("b", 2)]
    table.clearSelection()
    model.set_rows([("b", 2), ("c", 4)])
    assert table.selected_rows() == []
    assert table.current_row() == ("b", 2)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=items.filter(bool), data=st.data())
def test_who_stands_on_a_row_that_goes_away_stands_on_the_next_one(
    qtbot: QtBot, rows: list[Item], data: st.DataObject
) -> None:
    table = DeskTable(model_of(rows), "Items", "for the test")
    qtbot.addWidget(table)
    at = data.draw(st.integers(0, len(rows) - 1))
    table.go_to(at)
    stays = data.draw(st.sets(st.sampled_from(rows))) - {rows[at]}
    table.rows.set_rows([row for row in rows if row in stays])
    below, above = rows[at + 1 :], rows[:at][::-1]
    assert table.current_row() == next((row for row in (*below, *above) if row in stays), None)
    assert table.selected_rows() == ([table.current_row()] if stays else [])


def test_nobody_leaves_a_row_of_which_nothing_is_being_done_nor_the_last_one(qtbot: QtBot) -> None:
    table = DeskTable(model_of([("a", 1), ("b", 2)]), "Items", "for the test")
    qtbot.addWidget(table)
    table.go_to(0)
    table.rows.set_waiting(["b"], "Busy…")
    table.leave_waiting()
    assert table.current_row() == ("a", 1)
    table.rows.set_waiting(["a"], "Busy…")
    table.leave_waiting()
    assert table.current_row() == ("a", 1)
    table.rows.set_waiting(["b"], "")
    table.leave_waiting()
    assert table.current_row() == ("b", 2)


@given(widths=st.lists(st.integers(1, 90), min_size=1, max_size=6), room=st.integers(0, 400))
def test_badges_are_shown_whole_or_counted(widths: list[int], room: int) -> None:
    fitting = badges_that_fit(widths, room, 20)
    assert 1 <= fitting <= len(widths)
    painted = sum(widths[:fitting]) + 5 * (fitting - 1)
    assert painted <= room or fitting == 1
    if 1 < fitting < len(widths):
        assert painted + 5 + 20 <= room


@pytest.mark.parametrize("is_filled", [False, True])
def test_a_badge_with_too_little_room_shows_that_words_are_missing(qtbot: QtBot, *, is_filled: bool) -> None:
    """What is painted is not just the beginning of it: its last letters make room for the sign of what is cut."""
    badge = Badge("changed outside the schedule", Tone.CALM, is_filled=is_filled)
    narrow, wide = (_painted(qtbot, (badge,), width, 90 - MARGIN) for width in (90, 400))
    assert narrow != wide


def _metrics() -> QFontMetrics:
    return QFontMetrics(QApplication.font())


def _painted(qtbot: QtBot, badges: tuple[Badge, ...], width: int, seen: int) -> QImage:
    """Return the first pixels of a cell with these badges in a column of a width."""
    column: Column[str] = Column(key="what", title="What", text=lambda row: row, badges=lambda _: badges, width=9)
    model: RowsModel[str] = RowsModel((column,), lambda row: row, lambda row: row)
    table: DeskTable[str] = DeskTable(model, "Badges", "Badges")
    qtbot.addWidget(table)
    model.set_rows(["one"])
    table.resize(620, 120)
    table.setColumnWidth(0, width)
    return table.viewport().grab(QRect(0, 0, seen, table.rowHeight(0))).toImage()


@pytest.mark.usefixtures("qtbot")
def test_every_word_for_which_there_is_room_is_whole() -> None:
    """Qt cuts by parts of a pixel and measures in whole ones: "+ A…" in a column that holds "+ Add" says nothing."""
    words = [badge.text for badge in (*map(kind_badge, ProposalKind), *flag_badges(Flag))]
    cut_by_qt = 0
    for points in (8, 9, 10, 11, 12, 14, 20):
        font = QApplication.font()
        font.setPointSize(points)
        metrics = QFontMetrics(font)
        for word in words:
            room = metrics.horizontalAdvance(word)
            assert cut(metrics, word, room) == word
            assert cut(metrics, word, room - 1) != word
            cut_by_qt += metrics.elidedText(word, Qt.TextElideMode.ElideRight, room) != word
    assert cut_by_qt


def test_how_many_more_there_are_is_painted_whole_beside_a_first_one_that_is_cut(qtbot: QtBot) -> None:
    first, second = Badge("changed outside the schedule", Tone.CALM), Badge("twin", Tone.CALM)
    alone, two = (_painted(qtbot, badges, 120, 120) for badges in ((first,), (first, second)))
    more = _metrics().horizontalAdvance("+1")
    ground = _painted(qtbot, (), 120, 120)
    right = 120 - MARGIN
    # Where the sign stands, nothing of the first badge does, and it ends before the cell's own margin.
    kept = _metrics().horizontalAdvance("+99")
    assert two.copy(right - kept - 4, 0, 3, two.height()) == ground.copy(right - kept - 4, 0, 3, two.height())
    assert alone.copy(right - kept - 4, 0, 3, two.height()) != ground.copy(right - kept - 4, 0, 3, two.height())
    assert two.copy(right - kept, 0, more, two.height()) != ground.copy(right - kept, 0, more, two.height())
    assert two.copy(right - kept + more + 1, 0, kept - more, two.height()) == ground.copy(
        right - kept + more + 1, 0, kept - more, two.height()
    )
