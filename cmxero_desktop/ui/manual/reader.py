"""The manual as a text that one scrolls and searches, with its pictures no wider than the window."""

from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import (
    QDesktopServices,
    QPixmap,
    QResizeEvent,
    QTextBlock,
    QTextBlockFormat,
    QTextCursor,
    QTextDocument,
)
from PySide6.QtWidgets import QTextBrowser, QWidget
from typing_extensions import override

_LINE_HEIGHT = 135
_AROUND_PICTURE = 24
_HEADING = 2


class ManualReader(QTextBrowser):
    """Shows a Markdown file; its second-level headings are the places to go to."""

    def __init__(self, file: Path, parent: QWidget | None = None) -> None:
        """Read the file."""
        super().__init__(parent)
        self._folder = file.parent
        self._pictures: dict[str, QPixmap] = {}
        self.setAccessibleName("Manual")
        self.setOpenLinks(False)
        # All of it is as wide as the window; a table whose columns are rounded up would be scrolled by a point.
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSearchPaths([str(self._folder)])
        self.document().setDocumentMargin(18)
        self.setMarkdown(file.read_text(encoding="utf-8"))
        self._space_lines()
        self.moveCursor(QTextCursor.MoveOperation.Start)
        self.anchorClicked.connect(self._follow)

    @property
    def headings(self) -> tuple[str, ...]:
        """Return where one can go, in the order of the text."""
        return tuple(block.text() for block in self._blocks() if block.blockFormat().headingLevel() == _HEADING)

    def go_to(self, heading: str) -> bool:
        """Bring a heading to the top; say whether there is one of that name."""
        found = next((b for b in self._blocks() if b.blockFormat().headingLevel() and b.text() == heading), None)
        if found is None:
            return False
        self.setTextCursor(QTextCursor(found))
        layout = self.document().documentLayout()
        # Qt lays a long text out bit by bit, and scrolls no further than it has come; this asks for all of it.
        layout.documentSize()
        top = layout.blockBoundingRect(found).top()
        self.verticalScrollBar().setValue(round(top))
        return True

    def find_next(self, words: str, *, is_back: bool = False) -> bool:
        """Go to where the words stand next, from the beginning again after the last; say whether they do."""
        flag = QTextDocument.FindFlag.FindBackward if is_back else QTextDocument.FindFlag(0)
        if self.find(words, flag):
            return True
        edge = QTextCursor.MoveOperation.End if is_back else QTextCursor.MoveOperation.Start
        before = self.textCursor()
        self.moveCursor(edge)
        if self.find(words, flag):
            return True
        self.setTextCursor(before)
        return False

    @override
    def loadResource(self, kind: int, name: QUrl | str) -> Any:
        """Give a picture as wide as the text, or smaller; anything else of the folder as it is."""
        if kind != QTextDocument.ResourceType.ImageResource.value:
            return super().loadResource(kind, name)
        path = QUrl(name).path()
        picture = self._pictures.setdefault(path, QPixmap(str(self._folder / path)))
        room = self.viewport().width() - 2 * round(self.document().documentMargin()) - _AROUND_PICTURE
        if picture.isNull() or picture.width() <= room or room <= 0:
            return picture
        ratio = self.devicePixelRatioF()
        shown = picture.scaledToWidth(round(room * ratio), Qt.TransformationMode.SmoothTransformation)
        shown.setDevicePixelRatio(ratio)
        return shown

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the pictures again."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._fit_pictures()

    def _fit_pictures(self) -> None:
        """Have the document ask for its pictures again, which it keeps otherwise."""
        document = self.document()
        for name in self._pictures:
            url = QUrl(name)
            shown = self.loadResource(QTextDocument.ResourceType.ImageResource.value, url)
            document.addResource(QTextDocument.ResourceType.ImageResource.value, url, shown)
        document.markContentsDirty(0, document.characterCount())

    def _follow(self, link: QUrl) -> None:
        """Go to another place of the manual, or open what lies outside of it in the browser."""
        if link.scheme() in {"http", "https"}:
            QDesktopServices.openUrl(link)
        elif link.hasFragment():
            wanted = link.fragment()
            self.go_to(next((each for each in self.headings if slug_of(each) == wanted), ""))

    def _space_lines(self) -> None:
        """Give lines air: whole paragraphs are read here, not cells."""
        cursor = QTextCursor(self.document())
        cursor.select(QTextCursor.SelectionType.Document)
        spaced = QTextBlockFormat()
        spaced.setLineHeight(_LINE_HEIGHT, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
        # A line of a settings file that is wider than the window is broken: nobody should have to scroll for its end.
        spaced.setNonBreakableLines(False)
        cursor.mergeBlockFormat(spaced)

    def _blocks(self) -> list[QTextBlock]:
        block, found = self.document().begin(), []
        while block.isValid():
            found.append(block)
            block = block.next()
        return found


def slug_of(heading: str) -> str:
    """Return how a link names a heading: `Skipped, and why` is `skipped-and-why`."""
    kept = "".join(letter for letter in heading.lower() if letter.isalnum() or letter in " -_")
    return kept.replace(" ", "-")
