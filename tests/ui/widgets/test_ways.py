"""In the window nobody is sent to a terminal: not by what is seen, nor by what is read out, copied or saved."""

from PySide6.QtCore import Qt

from cmxero_desktop.domain.ways import CHECK
from cmxero_desktop.ui.theme.strangers import as_said, guessed_plain, in_cell, in_rich_text, without_marks
from cmxero_desktop.ui.widgets.column import Column
from cmxero_desktop.ui.widgets.parts import label
from cmxero_desktop.ui.widgets.shown_list import as_list, as_text
from cmxero_desktop.ui.widgets.table_model import RowsModel

SAID, MEANT = f"Check Xero again ({CHECK}).", "Check Xero again (F5)."
COLUMN: Column[str] = Column(key="step", title="Next step", text=str, width=10)


def test_every_surface_of_the_window_says_its_own_way() -> None:
    for say in (as_said, guessed_plain, in_cell, in_rich_text, without_marks):
        assert say(SAID) == MEANT


def test_a_row_is_read_out_copied_and_saved_as_it_is_shown() -> None:
    model: RowsModel[str] = RowsModel((COLUMN, COLUMN), str, str, None)
    model.set_rows([SAID])
    for column, read_out in ((0, MEANT), (1, f"Next step {MEANT}")):
        index = model.index(0, column)
        assert model.data(index, Qt.ItemDataRole.DisplayRole) == MEANT
        assert model.data(index, Qt.ItemDataRole.AccessibleTextRole) == read_out
    assert as_text((COLUMN,), [SAID]) == f"Next step\n{MEANT}"
    assert as_list("Skipped", (COLUMN,), [SAID]).rows == ((MEANT,),)


def test_what_a_label_says_it_says_to_a_screen_reader_too(qapp: object) -> None:
    assert qapp is not None
    assert label(SAID).text() == MEANT
