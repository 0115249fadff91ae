"""Paint the cells of a table: calm rows, coloured words with a shape, and a visible focus."""

from collections.abc import Sequence

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QColor, QFont, QFontMetrics, QHelpEvent, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QToolTip,
)

from cmxero_desktop.ui.theme.badge import Badge
from cmxero_desktop.ui.theme.colours import Tones, tones_of
from cmxero_desktop.ui.theme.icons import paint_shape, paint_tick_box
from cmxero_desktop.ui.theme.strangers import guessed_plain, in_cell
from cmxero_desktop.ui.widgets.density import row_height
from cmxero_desktop.ui.widgets.found_words import mark_words
from cmxero_desktop.ui.widgets.parts import cut
from cmxero_desktop.ui.widgets.table_model import RowsModel

MARGIN = 8
_BADGE_GAP = 5
_EDGE = 0.35
_BADGE_PADDING = 6
_BOX = 16
_FOCUS_BAR = 3
_ARROW = 8
_Index = QModelIndex | QPersistentModelIndex
_State = QStyle.StateFlag


class RowDelegate(QStyledItemDelegate):
    """Paints one cell after the other; nothing is measured but what is on screen."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Paint ground, tick, badges or text, and the line below the row."""
        tones = tones_of(QApplication.palette())
        if not paint_line(painter, option, index, tones):
            self.paint_ground(painter, option, index, tones)
            self.paint_content(painter, option, index, tones)

    def paint_content(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index, tones: Tones) -> None:
        """Paint what a cell says into the option's rectangle."""
        model = index.model()
        if not isinstance(model, RowsModel):
            return
        column = model.columns[index.column()]
        inner = inner_of(option)
        if column.is_tick:
            self._paint_tick(painter, option, is_ticked=model.is_ticked(index.row()))
        elif badges := model.badges_at(index):
            paint_badges(painter, option, inner, badges, tones, model.words)
        else:
            self._paint_text(painter, option, inner, index, tones)

    def helpEvent(
        self, event: QHelpEvent, view: QAbstractItemView, option: QStyleOptionViewItem, index: _Index
    ) -> bool:
        """Show the whole of a cell that is cut, where it has nothing of its own to say."""
        whole = self.whole_text(view, index) if event.type() is QEvent.Type.ToolTip else ""
        if not whole or index.data(Qt.ItemDataRole.ToolTipRole):
            return super().helpEvent(event, view, option, index)
        QToolTip.showText(event.globalPos(), guessed_plain(whole), view)
        return True

    def whole_text(self, view: QAbstractItemView, index: _Index) -> str:
        """Return what a cell says where it is cut, nothing where it is whole."""
        model = index.model()
        row = model.row_at(index.row()) if isinstance(model, RowsModel) else None
        if row is None or not isinstance(model, RowsModel) or not isinstance(view, QTableView):
            return ""
        is_cut = needed_width(view.fontMetrics(), index) > view.columnWidth(index.column())
        return model.columns[index.column()].text(row) if is_cut else ""

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        """Return a size; the height of the rows is the table's."""
        del index
        return QSize(60, row_height(option.fontMetrics))

    def editorEvent(
        self, event: QEvent, model: QAbstractItemModel, option: QStyleOptionViewItem, index: _Index
    ) -> bool:
        """Leave ticking to the table, which takes a click anywhere in the tick column."""
        del event, model, option, index
        return False

    @staticmethod
    def paint_ground(painter: QPainter, option: QStyleOptionViewItem, index: _Index, tones: Tones) -> None:
        """Paint what is below the cell: selected or not, under the mouse or not, and where the person stands."""
        table = option.widget
        is_active = table.hasFocus()
        if option.state & _State.State_Selected:
            painter.fillRect(option.rect, QColor(tones.selected if is_active else tones.hover))
        elif option.state & _State.State_MouseOver:
            painter.fillRect(option.rect, QColor(tones.raised))
        painter.setPen(QColor(tones.line))
        painter.drawLine(option.rect.bottomLeft(), option.rect.bottomRight())
        is_current = isinstance(table, QTableView) and index.row() == table.currentIndex().row()
        if is_current and index.column() == 0 and option.state & _State.State_Selected:
            # Where the keys go elsewhere the row is still told from the others, and from the heads of groups.
            bar = QRect(option.rect.left(), option.rect.top(), _FOCUS_BAR, option.rect.height())
            painter.fillRect(bar, QColor(tones.accent if is_active else tones.muted))

    @staticmethod
    def _paint_tick(painter: QPainter, option: QStyleOptionViewItem, *, is_ticked: bool) -> None:
        box = QRect(0, 0, _BOX, _BOX)
        box.moveCenter(option.rect.center())
        paint_box(painter, box, is_ticked=is_ticked)

    @staticmethod
    def _paint_text(painter: QPainter, option: QStyleOptionViewItem, inner: QRect, index: _Index, tones: Tones) -> None:
        text = str(index.data(Qt.ItemDataRole.DisplayRole) or "")
        alignment = index.data(Qt.ItemDataRole.TextAlignmentRole)
        painter.setFont(option.font)
        model = index.model()
        waits = isinstance(model, RowsModel) and model.waits_for(model.name_at(index.row()))
        painter.setPen(QColor(tones.muted if waits else tones.text))
        elided = cut(option.fontMetrics, text, inner.width())
        if isinstance(model, RowsModel):
            is_right = model.columns[index.column()].is_right
            mark_words(painter, option.fontMetrics, inner, elided, model.words, tones.found, is_right=is_right)
        painter.drawText(inner, alignment, elided)


def needed_width(metrics: QFontMetrics, index: _Index) -> int:
    """Return how wide a column has to be for what a cell says first; the line of a group runs on."""
    model = index.model()
    row = model.row_at(index.row()) if isinstance(model, RowsModel) else None
    if row is None or not isinstance(model, RowsModel) or model.columns[index.column()].is_tick:
        return 0
    badges = model.badges_at(index)
    if badges:
        return sum(badge_width(metrics, badge) + _BADGE_GAP for badge in badges) - _BADGE_GAP + 2 * MARGIN
    column = model.columns[index.column()]
    below = column.below(row).text if column.below is not None and not column.runs_on else ""
    texts = (str(index.data(Qt.ItemDataRole.DisplayRole) or ""), in_cell(below))
    return max(map(metrics.horizontalAdvance, texts)) + 2 * MARGIN


def paint_line(painter: QPainter, option: QStyleOptionViewItem, index: _Index, tones: Tones) -> bool:
    """Paint this cell's part of the line of a group, which runs through all columns; say whether there is one."""
    model, table = index.model(), option.widget
    line = model.line_at(index.row()) if isinstance(model, RowsModel) else None
    if line is None or not isinstance(model, RowsModel) or not isinstance(table, QTableView):
        return False
    painter.save()
    painter.setClipRect(option.rect)
    painter.fillRect(option.rect, QColor(tones.raised))
    RowDelegate.paint_ground(painter, option, index, tones)
    if model.columns[index.column()].is_tick:
        # That of a folded group would neither show its ticks nor tick unseen rows: its line says them, a click unfolds.
        if not line.is_folded:
            box = QRect(0, 0, _BOX, _BOX)
            box.moveCenter(option.rect.center())
            is_ticked = index.data(Qt.ItemDataRole.CheckStateRole) == Qt.CheckState.Checked
            paint_box(painter, box, is_ticked=is_ticked)
    else:
        first = next(at for at, column in enumerate(model.columns) if not column.is_tick)
        left = table.columnViewportPosition(0) + (table.columnWidth(0) if first else 0)
        room = QRect(left + MARGIN, option.rect.top(), table.viewport().width() - left, option.rect.height())
        arrow = QRectF(room.left(), room.center().y() - _ARROW / 2, _ARROW, _ARROW)
        _paint_arrow(painter, arrow, tones, is_folded=line.is_folded)
        painter.setFont(bold(option.font))
        painter.setPen(QColor(tones.text))
        words = room.adjusted(_ARROW + MARGIN, 0, -2 * MARGIN, 0)
        text = cut(painter.fontMetrics(), in_cell(model.line_text(line)), words.width())
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, text)
    painter.restore()
    return True


def _paint_arrow(painter: QPainter, box: QRectF, tones: Tones, *, is_folded: bool) -> None:
    """Paint what points at a folded group's line, and down to the rows of another one."""
    middle, half = box.center(), box.width() / 4
    across, along = (half, 2 * half) if is_folded else (2 * half, half)
    ends = [QPointF(middle.x() - across, middle.y() - along), QPointF(middle.x() + across, middle.y() - along)]
    tip = QPointF(middle.x(), middle.y() + along)
    if is_folded:
        ends[1] = QPointF(middle.x() - across, middle.y() + along)
        tip = QPointF(middle.x() + across, middle.y())
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(tones.muted), 1.6))
    painter.drawPolyline(QPolygonF([ends[0], tip, ends[1]]))


def bold(font: QFont) -> QFont:
    """Return a font in bold."""
    made = QFont(font)
    made.setBold(True)
    return made


def paint_box(painter: QPainter, box: QRect, *, is_ticked: bool) -> None:
    """Paint a tick box in the colours of the application."""
    tones = tones_of(QApplication.palette())
    border = tones.accent if is_ticked else tones.border
    paint_tick_box(painter, QRectF(box), is_ticked=is_ticked, ground=tones.base, border=border, ink=tones.on_accent)


def inner_of(option: QStyleOptionViewItem) -> QRect:
    """Return where a cell's text may stand."""
    return option.rect.adjusted(MARGIN, 0, -MARGIN, 0)


def paint_badges(
    painter: QPainter,
    option: QStyleOptionViewItem,
    inner: QRect,
    badges: tuple[Badge, ...],
    tones: Tones,
    words: Sequence[str],
) -> None:
    """Paint the badges for which there is room, then how many more there are: half a word says nothing."""
    metrics = option.fontMetrics
    fitting = badges_that_fit([badge_width(metrics, badge) for badge in badges], inner.width(), _more_width(metrics))
    left = inner.left()
    painter.save()
    painter.setClipRect(inner, Qt.ClipOperation.IntersectClip)
    painter.setFont(option.font)
    # One that is cut leaves room for saying that it is not the only one.
    kept = _more_width(metrics) + _BADGE_GAP if fitting < len(badges) else 0
    for badge in badges[:fitting]:
        place = QRect(left, inner.top(), inner.right() + 1 - kept - left, inner.height())
        left += _paint_badge(painter, metrics, place, badge, tones, words) + _BADGE_GAP
    if fitting < len(badges):
        painter.setPen(QColor(tones.muted))
        rest = QRect(left, inner.top(), inner.right() - left + 1, inner.height())
        painter.drawText(rest, Qt.AlignmentFlag.AlignVCenter, f"+{len(badges) - fitting}")
    painter.restore()


def badges_that_fit(widths: Sequence[int], room: int, more: int) -> int:
    """Return how many badges of these widths fit; where not all do, `more` is kept for saying how many there are.

    The first one always stands, its words cut where even that is too wide.
    """
    if sum(widths) + _BADGE_GAP * (len(widths) - 1) <= room:
        return len(widths)
    used, fitting = 0, 0
    for width in widths:
        used += width + _BADGE_GAP
        if used + more > room:
            break
        fitting += 1
    return max(fitting, 1)


def badge_width(metrics: QFontMetrics, badge: Badge) -> int:
    """Return how wide a badge is painted."""
    icon = metrics.ascent() if badge.shape else 0
    padding = _BADGE_PADDING if badge.is_filled else 0
    return icon + (4 if icon else 0) + metrics.horizontalAdvance(badge.text) + 2 * padding


def _more_width(metrics: QFontMetrics) -> int:
    return metrics.horizontalAdvance("+99")


def _paint_badge(
    painter: QPainter, metrics: QFontMetrics, area: QRect, badge: Badge, tones: Tones, words: Sequence[str]
) -> int:
    """Paint one badge at the left of the area; return its width."""
    icon = metrics.ascent() if badge.shape else 0
    padding = _BADGE_PADDING if badge.is_filled else 0
    width = min(badge_width(metrics, badge), area.width())
    height = metrics.height() + 4
    top = area.top() + (area.height() - height) // 2
    colour = QColor(tones.ink(badge.tone))
    if badge.is_filled:
        # On a selected row the ground may be as light as the badge: its edge is seen on every one.
        edge = QColor(colour)
        edge.setAlphaF(_EDGE)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(edge, 1))
        painter.setBrush(QColor(tones.tint(badge.tone)))
        painter.drawRoundedRect(QRectF(area.left() + 0.5, top + 0.5, width - 1, height - 1), 4, 4)
    if badge.shape:
        box = QRectF(area.left() + padding, top + (height - icon) / 2, icon, icon)
        paint_shape(painter, box, badge.shape, colour)
    text_left = area.left() + padding + (icon + 4 if icon else 0)
    text_area = QRect(text_left, top, width - padding - (text_left - area.left()), height)
    text = cut(metrics, badge.text, text_area.width())
    mark_words(painter, metrics, text_area, text, words, tones.found, is_right=False)
    painter.setPen(colour)
    painter.drawText(text_area, Qt.AlignmentFlag.AlignVCenter, text)
    return width
