"""What the table model answers Qt for each part of a cell, and nothing where there is no cell."""

from PySide6.QtCore import QModelIndex, Qt

from cmxero_desktop.ui.theme.badge import Badge
from cmxero_desktop.ui.theme.colours import Tone
from cmxero_desktop.ui.widgets.column import Column, tick_column
from cmxero_desktop.ui.widgets.table_model import BADGES_ROLE, RowsModel

Item = tuple[str, int]
ROLE = Qt.ItemDataRole
ACROSS, DOWN = Qt.Orientation.Horizontal, Qt.Orientation.Vertical
BADGE = Badge("big", Tone.PLAIN)


def model() -> RowsModel[Item]:
    tick: Column[Item] = tick_column(tuple)
    name: Column[Item] = Column(
        key="name",
        title="Name",
        text=lambda item: item[0],
        tooltip=lambda item: f"about {item[0]}",
        badges=lambda item: (BADGE,) if item[1] > 1 else (),
        width=10,
    )
    size: Column[Item] = Column(key="size", title="Size", text=lambda item: str(item[1]), width=6, is_right=True)
    made: RowsModel[Item] = RowsModel((tick, name, size), lambda item: item[0], lambda item: f"{item[0]}.")
    made.set_rows([("a", 1), ("b", 2)])
    return made


def test_a_cell_has_text_side_tooltip_badges_and_a_tick() -> None:
    rows = model()
    assert rows.data(rows.index(1, 1)) == "b"
    assert rows.data(rows.index(1, 1), ROLE.ToolTipRole) == "about b"
    assert rows.data(rows.index(1, 2), ROLE.ToolTipRole) is None
    assert rows.data(rows.index(1, 1), BADGES_ROLE) == (BADGE,)
    assert rows.data(rows.index(1, 2), BADGES_ROLE) == ()
    assert rows.data(rows.index(0, 0), ROLE.CheckStateRole) == Qt.CheckState.Unchecked
    assert rows.data(rows.index(0, 1), ROLE.CheckStateRole) is None
    sides = [rows.data(rows.index(0, column), ROLE.TextAlignmentRole) for column in (1, 2)]
    assert sides[0] != sides[1]


def test_the_box_of_a_row_ticks_it_and_nothing_else_can_be_set() -> None:
    rows = model()
    assert rows.setData(rows.index(0, 0), Qt.CheckState.Checked, ROLE.CheckStateRole)
    assert rows.ticked_rows() == [("a", 1)]
    assert not rows.setData(rows.index(0, 1), "other", ROLE.EditRole)
    assert not rows.setData(QModelIndex(), Qt.CheckState.Checked, ROLE.CheckStateRole)
    assert rows.setData(rows.index(0, 0), Qt.CheckState.Unchecked, ROLE.CheckStateRole)
    assert rows.ticked_rows() == []


def test_only_the_tick_column_can_be_ticked() -> None:
    rows = model()
    assert rows.flags(rows.index(0, 0)) & Qt.ItemFlag.ItemIsUserCheckable
    assert not rows.flags(rows.index(0, 1)) & Qt.ItemFlag.ItemIsUserCheckable
    assert rows.flags(QModelIndex()) == Qt.ItemFlag.NoItemFlags


def test_where_there_is_no_cell_there_is_no_answer() -> None:
    rows = model()
    assert rows.data(QModelIndex()) is None
    assert rows.data(rows.index(0, 1), ROLE.DecorationRole) is None
    assert rows.rowCount(rows.index(0, 0)) == rows.columnCount(rows.index(0, 0)) == 0
    assert rows.row_at(7) is None


def test_titles_say_what_a_column_is_and_what_its_box_does() -> None:
    rows = model()
    assert [rows.headerData(section, ACROSS) for section in range(3)] == ["", "Name", "Size"]
    assert rows.headerData(0, ACROSS, ROLE.ToolTipRole) == "Tick all shown rows"
    assert rows.headerData(1, ACROSS, ROLE.AccessibleTextRole) == "Name"
    alignments = [rows.headerData(section, ACROSS, ROLE.TextAlignmentRole) for section in (1, 2)]
    assert alignments[0] != alignments[1]
    for nothing in (
        rows.headerData(3, ACROSS),
        rows.headerData(-1, ACROSS),
        rows.headerData(0, DOWN),
        rows.headerData(1, ACROSS, ROLE.DecorationRole),
    ):
        assert nothing is None
