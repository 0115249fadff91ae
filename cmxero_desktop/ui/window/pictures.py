"""Save a picture of every page, with a display or without one, for the manual and for a demo without a screen."""

from collections.abc import Iterator
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QWidget

from cmxero_desktop.domain.transition import Transition
from cmxero_desktop.services.verbs.commands.viewing import ReadTransition
from cmxero_desktop.ui.sheets.apply_sheet import ApplySheet
from cmxero_desktop.ui.sheets.subtotals_sheet import SubtotalsSheet
from cmxero_desktop.ui.sheets.tie_out_sheet import DEBTORS_SIZE, tie_out_sheet
from cmxero_desktop.ui.sheets.transition_sheet import TransitionSheet
from cmxero_desktop.ui.widgets.sheet import Sheet
from cmxero_desktop.ui.window.window import DeskWindow

_PAGES = ("review", "matched", "unmatched", "skipped", "sor", "history", "health")
LAPTOP = (1366, 768)


def save_pictures(window: DeskWindow, folder: Path, size: tuple[int, int] = LAPTOP) -> list[Path]:
    """Save each page and the sheets as PNG files in `folder`; return the files in the order of the pages.

    The window must have its content already, and is shown for the time that this takes, `size` pixels large.
    """
    folder.mkdir(parents=True, exist_ok=True)
    was_visible, was_page, was_size = window.isVisible(), window.tabs.currentIndex(), window.size()
    # As on a laptop, however small the screen is that stands in for a display here.
    window.resize(*size)
    window.show()
    saved = []
    for index, name in enumerate(_PAGES):
        window.tabs.setCurrentIndex(index)
        window.wishes.focus_table()
        saved.append(_save(window, folder / f"{name}.png"))
    window.tabs.setCurrentWidget(window.review)
    was_view = window.review.view_box.currentIndex()
    for view in ("All", "On hold"):
        window.review.view_box.setCurrentText(view)
        saved.append(_save(window, folder / f"review_{view.lower().replace(' ', '_')}.png"))
    window.review.view_box.setCurrentIndex(was_view)
    for name, sheet in _sheets(window):
        size_as_made = sheet.size()
        sheet.show()
        # As on a laptop, however small the screen is that stands in for a display here.
        sheet.resize(size_as_made.expandedTo(sheet.size()))
        saved.append(_save(sheet, folder / f"{name}.png"))
        sheet.close()
    window.tabs.setCurrentIndex(was_page)
    window.resize(was_size)
    window.setVisible(was_visible)
    return saved


def _sheets(window: DeskWindow) -> Iterator[tuple[str, Sheet]]:
    content = window.desk.content
    if content is None:
        return
    yield "subtotals", SubtotalsSheet(window.tabs.matched.table, window.desk, window)
    ids = {stored.proposal_id for stored in content.next_approval(content.to_approve, window.now()).rows}
    rows = content.approved or tuple(row for row in content.to_approve if row.row_id in ids)
    if rows:
        sheet = ApplySheet(rows, content.view.state.comparison.case_manager_label, window, by=window.desk.approver)
        sheet.fold.setChecked(True)
        yield "apply", sheet
    found: list[Transition] = []
    window.desk.ask(ReadTransition(), "Counting what was typed…", found.append)
    QCoreApplication.processEvents()
    for transition in found:
        yield "transition", TransitionSheet(transition, window.steps.show, window)
    if content.view.tie_out is not None:
        yield "tie_out", tie_out_sheet(window.desk, content, content.view.tie_out, window)
        debtors = tie_out_sheet(window.desk, content, content.view.tie_out, window)
        debtors.look_at_debtors()
        # As on a laptop, however small the screen is that stands in for a display here.
        debtors.resize(*DEBTORS_SIZE)
        yield "debtors", debtors


def _save(widget: QWidget, path: Path) -> Path:
    # Layouts settle over several rounds: a page's size is only known once its texts are wrapped.
    for _ in range(3):
        QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
        QCoreApplication.processEvents()
    widget.grab().save(str(path))
    return path
