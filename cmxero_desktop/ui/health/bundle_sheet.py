"""The sheet that shows a diagnostics bundle, every word of it, before a person saves it."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QListWidget, QPlainTextEdit, QWidget

from cmxero_desktop.domain.strangers import harmless
from cmxero_desktop.services.records.reports import Bundle, BundleChoice
from cmxero_desktop.services.verbs.commands.diagnosing import MakeBundle, WriteBundle
from cmxero_desktop.ui.desk.desk import WindowDesk
from cmxero_desktop.ui.widgets.parts import allow
from cmxero_desktop.ui.widgets.sheet import Sheet
from cmxero_desktop.ui.widgets.ticks import TickBox

_TEXT = (
    "For whoever helps you. It holds versions, settings, times, counts and the end of the log; never a password or a "
    "sign-in, and no names or amounts unless you tick them. Read it, then save it and send it yourself."
)
_NOT_YET = "The bundle is being made."
_SIZE = (860, 600)
_LIST_WIDTH = 170


class BundleSheet(Sheet):
    """Shows the files of a bundle; ticking makes it anew, and what is saved is what is shown."""

    manual_chapter = "When something goes wrong"

    choice_changed = Signal(object)
    save_asked = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        """Build the sheet without a bundle; nothing is ticked."""
        super().__init__("Diagnostics bundle", _TEXT, parent)
        self._bundle: Bundle | None = None
        self.names = TickBox("With &names, invoice numbers and references")
        self.amounts = TickBox("With a&mounts")
        self.files = QListWidget()
        self.files.setAccessibleName("Files of the bundle")
        self.files.setFixedWidth(_LIST_WIDTH)
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setTabChangesFocus(True)
        self.text.setAccessibleName("Text of the file")
        self.text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        both = QHBoxLayout()
        both.addWidget(self.files)
        both.addWidget(self.text, 1)
        for tick in (self.names, self.amounts):
            tick.toggled.connect(self._change)
            self.body.addWidget(tick)
        self.body.addLayout(both, 1)
        self.cancel = self.add_button("Cancel", self.reject)
        self.save = self.add_button("&Save as zip…", self._ask_to_save, "primary")
        allow(self.save, _NOT_YET)
        self.files.currentRowChanged.connect(self._show_text)
        self.choose(self.cancel)
        self.resize(*_SIZE)

    @property
    def choice(self) -> BundleChoice:
        """What is ticked."""
        return BundleChoice(has_names=self.names.isChecked(), has_amounts=self.amounts.isChecked())

    def show_bundle(self, bundle: Bundle, choice: BundleChoice) -> None:
        """Show a bundle, unless something else was ticked while it was made."""
        if choice != self.choice:
            return
        row = max(0, self.files.currentRow())
        self._bundle = bundle
        self.files.clear()
        self.files.addItems([part.name for part in bundle.parts])
        self.files.setCurrentRow(min(row, len(bundle.parts) - 1))
        allow(self.save, "")

    def _change(self) -> None:
        # What is on the screen is not what would be saved now.
        self._bundle = None
        allow(self.save, _NOT_YET)
        self.choice_changed.emit(self.choice)

    def _show_text(self, row: int) -> None:
        parts = self._bundle.parts if self._bundle else ()
        self.text.setPlainText(harmless(parts[row].text) if 0 <= row < len(parts) else "")

    def _ask_to_save(self) -> None:
        if self._bundle is not None:
            self.save_asked.emit(self._bundle)


class BundleFlow(QObject):
    """From the wish for a bundle to the file: made on the worker, read by the person, saved where they say."""

    said = Signal(str)

    def __init__(self, desk: WindowDesk, window: QWidget) -> None:
        """Keep where to ask and what to ask for."""
        super().__init__(window)
        self._desk = desk
        self._window = window
        self._sheet: BundleSheet | None = None

    def open(self) -> None:
        """Open the sheet and have the bundle made."""
        sheet = BundleSheet(self._window)
        sheet.choice_changed.connect(self._make)
        sheet.save_asked.connect(lambda bundle: self._ask_where(bundle, sheet))
        sheet.finished.connect(self._forget)
        self._sheet = sheet
        sheet.open()
        self._make(sheet.choice)

    def _make(self, choice: BundleChoice) -> None:
        self._desk.ask(MakeBundle(choice), "Making the diagnostics bundle…", lambda bundle: self._show(bundle, choice))

    def _show(self, bundle: Bundle, choice: BundleChoice) -> None:
        if self._sheet is not None:
            self._sheet.show_bundle(bundle, choice)

    def _ask_where(self, bundle: Bundle, parent: QWidget) -> None:
        ask_file(parent, lambda path: self._desk.ask(WriteBundle(bundle, path), "Writing the bundle…", self._end))

    def _end(self, path: Path) -> None:
        if self._sheet is not None:
            self._sheet.accept()
        self.said.emit(f"Saved {path}")

    def _forget(self) -> None:
        self._sheet = None


def ask_file(parent: QWidget, then: Callable[[Path], object]) -> QFileDialog:
    """Ask where to save a zip file, without blocking."""
    dialog = QFileDialog(parent, "Save the diagnostics bundle", "cm-xero-desk-diagnostics.zip", "Zip file (*.zip)")
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setDefaultSuffix("zip")
    dialog.fileSelected.connect(lambda path: then(Path(path)))
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()
    return dialog
