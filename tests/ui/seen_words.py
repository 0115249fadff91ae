"""Read the words that a person sees in a window, a sheet or a menu as it stands: no tool tips, nothing hidden."""

from collections.abc import Callable, Iterator
from typing import Any

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QTextDocumentFragment
from PySide6.QtWidgets import (
    QAbstractButton,
    QComboBox,
    QLabel,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QTabBar,
    QTableView,
    QTextEdit,
    QWidget,
)

from cmxero_desktop.ui.widgets.parts import CutLabel
from cmxero_desktop.ui.widgets.table_model import BADGES_ROLE, RowsModel


def seen_words(shown: QWidget) -> str:
    """Return what stands in a picture of a widget, each text on a line, with single blanks."""
    parts = [shown, *(each for each in shown.findChildren(QWidget) if each.isVisibleTo(shown))]
    lines = [shown.windowTitle()]
    for part in parts:
        if part.window() is not shown.window() or not _is_in_sight(part, shown):
            continue
        for kind, read in _READERS.items():
            if isinstance(part, kind):
                lines += read(part)
    return "\n".join(line for line in (_plain(line) for line in lines) if line)


def _plain(text: str) -> str:
    return " ".join(text.replace("&&", "\0").replace("&", "").replace("\0", "&").split())


def _is_in_sight(part: QWidget, shown: QWidget) -> bool:
    """Say whether a part is seen at least half: scroll areas hide what is below their edge."""
    if part is shown:
        return True
    seen, holder = QRect(QPoint(0, 0), part.size()), part
    whole = seen.height()
    while holder is not shown:
        around = holder.parentWidget()
        if around is None:
            break
        seen = seen.translated(holder.pos()).intersected(QRect(QPoint(0, 0), around.size()))
        holder = around
    return seen.width() > 0 and seen.height() * 2 >= whole


def _label(label: QLabel) -> Iterator[str]:
    text = label.text()
    if label.textFormat() is Qt.TextFormat.RichText:
        yield from QTextDocumentFragment.fromHtml(text).toPlainText().splitlines()
    elif isinstance(label, CutLabel):
        yield label.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, label.contentsRect().width())
    else:
        yield text


def _button(made: QAbstractButton) -> Iterator[str]:
    yield made.text()


def _choice(choice: QComboBox) -> Iterator[str]:
    yield choice.currentText()


def _field(field: QLineEdit) -> Iterator[str]:
    yield field.text() or field.placeholderText()


def _text(field: QTextEdit | QPlainTextEdit) -> Iterator[str]:
    yield from field.toPlainText().splitlines()


def _tabs(bar: QTabBar) -> Iterator[str]:
    yield from (bar.tabText(at) for at in range(bar.count()) if bar.isTabVisible(at))


def _menu(menu: QMenu) -> Iterator[str]:
    yield from (action.text().partition("\t")[0] for action in menu.actions() if action.isVisible())


def _table(table: QTableView) -> Iterator[str]:
    model, header = table.model(), table.horizontalHeader()
    sections = [at for at in range(model.columnCount()) if not table.isColumnHidden(at)]
    sections.sort(key=header.visualIndex)
    yield " | ".join(str(model.headerData(at, Qt.Orientation.Horizontal) or "") for at in sections)
    for row in range(model.rowCount()):
        top = table.rowViewportPosition(row)
        if top < 0 or top + table.rowHeight(row) / 2 > table.viewport().height():
            continue
        yield " | ".join(_cell(model, row, at) for at in sections)
        yield " | ".join(filter(None, (_below(model, row, at) for at in sections)))


def _cell(model: Any, row: int, section: int) -> str:  # noqa: ANN401 - any model of Qt
    index = model.index(row, section)
    badges = index.data(BADGES_ROLE) or () if isinstance(model, RowsModel) else ()
    return " ".join([str(index.data() or ""), *(badge.text for badge in badges)]).strip()


def _below(model: Any, row: int, section: int) -> str:  # noqa: ANN401 - any model of Qt
    if not isinstance(model, RowsModel):
        return ""
    shown, column = model.row_at(row), model.columns[section]
    return column.below(shown).text if shown is not None and column.below is not None else ""


_READERS: dict[type[QWidget], Callable[[Any], Iterator[str]]] = {
    QLabel: _label,
    QAbstractButton: _button,
    QComboBox: _choice,
    QLineEdit: _field,
    QTextEdit: _text,
    QPlainTextEdit: _text,
    QTabBar: _tabs,
    QMenu: _menu,
    QTableView: _table,
}
