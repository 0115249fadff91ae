"""Find the words on the screen that have less room than they need: what is cut has to say so and be whole elsewhere."""

from collections.abc import Callable, Iterator
from typing import Any

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QFontMetrics, QTextDocumentFragment
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QComboBox,
    QDateTimeEdit,
    QHeaderView,
    QLabel,
    QLineEdit,
    QTabBar,
    QTableView,
    QWidget,
)

from cmxero_desktop.ui.widgets.hint_label import HintLabel
from cmxero_desktop.ui.widgets.parts import CutLabel
from cmxero_desktop.ui.widgets.room import is_small, room_of
from cmxero_desktop.ui.widgets.row_delegate import MARGIN, RowDelegate, needed_width
from cmxero_desktop.ui.widgets.sheet import Sheet
from cmxero_desktop.ui.widgets.table_model import RowsModel
from cmxero_desktop.ui.widgets.two_lines import TwoLineTable

# Fonts measure in parts of a pixel.
_SLACK = 1
_FRAME = 2
_MANY_ROWS = 200


def cut_texts(shown: QWidget) -> list[str]:
    """Return a line for each text in a window, sheet or menu that is cut without saying so, or without need."""
    parts = [shown, *(each for each in shown.findChildren(QWidget) if each.isVisible())]
    found = (
        f"{_called(part)}: {line}"
        for part in parts
        for kind, look in _LOOKS.items()
        if isinstance(part, kind) and _belongs(part, shown)
        for line in look(part)
    )
    return [*found, *_beyond_the_edge(parts, shown)]


def _called(part: QWidget) -> str:
    """Say which widget it is: its kind, and its name where it has one."""
    return f"{type(part).__name__} {part.accessibleName()}".rstrip()


def _belongs(part: QWidget, shown: QWidget) -> bool:
    return part.window() is shown


def _label(label: QLabel) -> Iterator[str]:
    text, metrics, room = label.text(), label.fontMetrics(), label.contentsRect()
    # The mark of a letter is not seen.
    text = text.replace("&", "", 1) if label.buddy() is not None else text
    if not text or label.textFormat() is Qt.TextFormat.RichText:
        yield from _rich(label)
    elif isinstance(label, HintLabel):
        if not label.is_whole and text not in label.toolTip():
            yield f"hint left out, and whole nowhere: {text}"
    elif isinstance(label, CutLabel):
        if metrics.horizontalAdvance(text) > room.width() and text not in label.toolTip():
            yield f"label cut, and whole nowhere: {text}"
    elif label.wordWrap():
        needed = label.heightForWidth(label.width())
        if needed > label.height() + _SLACK:
            yield f"lines cut ({needed} > {label.height()}): {text}"
    elif metrics.size(0, text).width() > room.width() + _SLACK:
        yield f"label cut ({metrics.size(0, text).width()} > {room.width()}): {text}"


def _rich(label: QLabel) -> Iterator[str]:
    """Find a table in a rich text that is wider than its label, as its columns are not broken, and lines below it."""
    if not label.text():
        return
    needed, lines = label.minimumSizeHint().width(), label.heightForWidth(label.width())
    if needed > label.width() + _SLACK:
        yield f"rich text cut ({needed} > {label.width()}): {_plain(label)}"
    if lines > label.height() + _SLACK:
        yield f"lines of rich text cut ({lines} > {label.height()}): {_plain(label)}"


def _plain(label: QLabel) -> str:
    return " ".join(QTextDocumentFragment.fromHtml(label.text()).toPlainText().split())


def _button(made: QAbstractButton) -> Iterator[str]:
    if made.hasHeightForWidth():
        if made.height() < made.heightForWidth(made.width()):
            yield f"lines of a choice cut: {made.text()}"
        return
    if made.text() and (made.width() < made.sizeHint().width() or made.height() < made.fontMetrics().height()):
        yield f"button cut: {made.text()}"


def _choice(choice: QComboBox) -> Iterator[str]:
    # A style's own hint would be that of the longest entry.
    if choice.fontMetrics().horizontalAdvance(choice.currentText()) > choice.width() - 2 * MARGIN - 16:
        yield f"choice cut: {choice.currentText()}"


def _field(field: QLineEdit) -> Iterator[str]:
    if isinstance(field.parent(), QComboBox | QDateTimeEdit):
        return
    # What somebody types moves along with the hand that types it.
    text = field.text() if field.isReadOnly() else field.placeholderText() if not field.text() else ""
    if field.fontMetrics().horizontalAdvance(text) > field.contentsRect().width() - 2 * MARGIN + _SLACK:
        yield f"field cut: {text}"


def _moment(field: QDateTimeEdit) -> Iterator[str]:
    if field.width() < field.minimumSizeHint().width():
        yield f"date cut: {field.text()}"


def _titles(header: QHeaderView) -> Iterator[str]:
    if header.orientation() is not Qt.Orientation.Horizontal:
        return
    model = header.model()
    for section in range(header.count()):
        title = str(model.headerData(section, Qt.Orientation.Horizontal) or "")
        room = header.sectionSize(section) - MARGIN
        if not header.isSectionHidden(section) and _bold(header).horizontalAdvance(title) > room:
            yield f"title cut: {title}"


def _bold(header: QHeaderView) -> QFontMetrics:
    font = header.font()
    font.setBold(True)
    return QFontMetrics(font)


def _has_no_more_room(part: QWidget) -> bool:
    """Say whether a window is as wide as its small screen: what is too wide for it has to be moved sideways."""
    window = part.window()
    return is_small(window) and window.width() >= room_of(window).width()


def _tabs(bar: QTabBar) -> Iterator[str]:
    if isinstance(bar.window(), Sheet) and _has_no_more_room(bar):
        return
    for at in range(bar.count()):
        if bar.isTabVisible(at) and bar.tabRect(at).right() >= bar.width() + _SLACK:
            yield f"tab beyond the edge: {bar.tabText(at)}"


def _table(table: QTableView) -> Iterator[str]:
    model = table.model()
    if not isinstance(model, RowsModel):
        return
    if table.horizontalScrollBar().isVisible() and not _has_no_more_room(table):
        yield f"columns beyond the edge of {table.accessibleName()}"
    header = table.horizontalHeader()
    sections = [at for at in range(header.count()) if not header.isSectionHidden(at)]
    rows = [
        at
        for at in range(model.rowCount())
        if model.row_at(at) is not None and table.rowViewportPosition(at) < table.viewport().height()
    ][:_MANY_ROWS]
    needed = {
        at: max((needed_width(table.fontMetrics(), model.index(row, at)) for row in rows), default=0) for at in sections
    }
    titles = {at: _bold(header).horizontalAdvance(model.columns[at].title) + 2 * MARGIN for at in sections}
    spare = sum(max(0, header.sectionSize(at) - max(needed[at], titles[at])) for at in sections)
    for at in sections:
        column, short = model.columns[at], needed[at] - header.sectionSize(at)
        for row in rows:
            if needed_width(table.fontMetrics(), model.index(row, at)) <= header.sectionSize(at) + _SLACK:
                continue
            if not _told(table, model, row, at):
                yield f"cell cut, and whole nowhere: {column.title}: {column.text(model.row_at(row))}"
        # Where a table is moved sideways, what is further down may need what others seem to spare.
        if _SLACK < short <= spare and not _has_no_more_room(table):
            yield f"column {column.title} is {short} too narrow beside {spare} that others do not need"
    if isinstance(table, TwoLineTable):
        yield from _second_lines(table, model, rows)


def _told(table: QTableView, model: RowsModel[Any], row: int, section: int) -> bool:
    """Say whether the mouse brings what is cut."""
    index, delegate = model.index(row, section), table.itemDelegate()
    own = index.data(Qt.ItemDataRole.ToolTipRole)
    return bool(own) or (isinstance(delegate, RowDelegate) and bool(delegate.whole_text(table, index)))


def _second_lines(table: TwoLineTable[Any], model: RowsModel[Any], rows: list[int]) -> Iterator[str]:
    for row in rows:
        shown = model.row_at(row)
        for at, column in enumerate(model.columns):
            if column.below is None or table.isColumnHidden(at) or not table.is_tall(row) or shown is None:
                continue
            text = column.below(shown).text
            needed, room = table.fontMetrics().horizontalAdvance(text), table.room_below(at)[1] - 2 * MARGIN
            if needed > room + _SLACK and not _told(table, model, row, at):
                yield f"second line cut, and whole nowhere ({needed} > {room}): {text}"


def _beyond_the_edge(parts: list[QWidget], shown: QWidget) -> Iterator[str]:
    """Find what lies outside of what holds it, where nobody can scroll to it."""
    for part in parts:
        holder = part.parentWidget()
        if part is shown or holder is None or isinstance(holder, QAbstractScrollArea) or _is_scrolled(part, shown):
            continue
        if not isinstance(part, QLabel | QAbstractButton | QComboBox | QLineEdit) or part.window() is not shown:
            continue
        place = QRect(part.mapTo(shown, QPoint(0, 0)), part.size())
        if not shown.rect().adjusted(-_FRAME, -_FRAME, _FRAME, _FRAME).contains(place):
            yield f"beyond the edge: {type(part).__name__} {getattr(part, 'text', str)()}"


def _is_scrolled(part: QWidget, shown: QWidget) -> bool:
    holder = part.parentWidget()
    while holder is not None and holder is not shown:
        if isinstance(holder, QAbstractScrollArea):
            return True
        holder = holder.parentWidget()
    return False


_LOOKS: dict[type[QWidget], Callable[[Any], Iterator[str]]] = {
    QLabel: _label,
    QAbstractButton: _button,
    QComboBox: _choice,
    QLineEdit: _field,
    QDateTimeEdit: _moment,
    QHeaderView: _titles,
    QTabBar: _tabs,
    QTableView: _table,
}
