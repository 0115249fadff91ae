"""What was written to Case Manager by period, person and kind, with before and after, to look at and to take along."""

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QWidget
from shiboken6 import isValid

from cmxero_desktop.domain.proposals import ProposalKind
from cmxero_desktop.services.records.changes import ChangesWanted, WrittenChange
from cmxero_desktop.services.verbs.commands.viewing import ReadChanges, WriteChanges
from cmxero_desktop.services.viewing.changes_report import totals_of
from cmxero_desktop.ui.desk.desk import WindowDesk
from cmxero_desktop.ui.theme.formatting import count, moment, plural, signed_sums
from cmxero_desktop.ui.theme.words import KIND_NOUN, KIND_WORD, kind_badge, values
from cmxero_desktop.ui.widgets.column import Column, briefer, number_in
from cmxero_desktop.ui.widgets.parts import Choice, allow, label, row
from cmxero_desktop.ui.widgets.period_box import PeriodBox
from cmxero_desktop.ui.widgets.room import large
from cmxero_desktop.ui.widgets.sheet import Sheet
from cmxero_desktop.ui.widgets.table_model import RowsModel
from cmxero_desktop.ui.widgets.table_view import DeskTable

_SIZE = (1100, 600)
_NOT_IF_LOW = ("before", "reason")
_TEXT = "Every write of the audit trail; what was taken back stands as a write of its own."
_ANYBODY, _ALL = "Anybody", "All changes"
_KINDS = tuple(kind for kind in ProposalKind if kind is not ProposalKind.ACCEPT)


def open_changes(
    window: QWidget, desk: WindowDesk, now: Callable[[], datetime], said: Callable[[str], object]
) -> "ChangesSheet":
    """Open the sheet; `said` gets where the workbook was saved."""
    sheet = ChangesSheet(now, window)

    def show(changes: tuple[WrittenChange, ...]) -> None:
        # The sheet may be closed, and gone, before the answer comes.
        if isValid(sheet):
            sheet.show_changes(changes)

    def save(wanted: ChangesWanted, path: str) -> None:
        desk.ask(WriteChanges(wanted, Path(path)), "Writing the workbook…", lambda file: said(f"Saved {file}"))

    sheet.save_asked.connect(save)
    desk.ask(ReadChanges(), "Reading what was written…", show)
    sheet.open()
    return sheet


class ChangesSheet(Sheet):
    """The writes that are meant, the newest first, and what each person wrote of each kind."""

    manual_chapter = "Finding, adding up and taking along"
    is_explained = True

    save_asked = Signal(object, str)

    def __init__(self, now: Callable[[], datetime], parent: QWidget | None = None) -> None:
        """Say that it is being read; periods are counted from `now`."""
        super().__init__("What was written to Case Manager", _TEXT, parent)
        self._changes: tuple[WrittenChange, ...] = ()
        self.period = PeriodBox(lambda: now().astimezone().date())
        self.period.setToolTip("Show what was written in one period")
        self.person = Choice("Written by", [_ANYBODY])
        self.kind = Choice("Change", [_ALL, *(KIND_WORD[kind] for kind in _KINDS)])
        columns = briefer(_columns(), without=_NOT_IF_LOW) if self.is_low else _columns()
        self.model: RowsModel[WrittenChange] = RowsModel(columns, lambda one: str(one.sequence), _spoken, self)
        self.table: DeskTable[WrittenChange] = DeskTable(self.model, "Written changes", _TEXT)
        self.sentence = label("Reading what was written…", "title", is_wrapped=True)
        self.sums = label("", "muted", is_wrapped=True)
        self.body.addLayout(
            row(
                label("Period", "muted"),
                self.period,
                label("Written by", "muted"),
                self.person,
                label("Change", "muted"),
                self.kind,
                1,
            )
        )
        self.body.addWidget(self.table, 1)
        self.body.addWidget(self.sentence)
        self.body.addWidget(self.sums)
        self.save = self.add_left_button("&Save as Excel…", self._ask_where)
        self.add_button("Close", self.accept, "primary")
        for box in (self.person, self.kind):
            box.currentIndexChanged.connect(self._show)
        self.period.changed.connect(self._show)
        allow(self.save, "What was written is still being read.")
        self.resize(large(self, _SIZE))

    @property
    def wanted(self) -> ChangesWanted:
        """Which writes are meant now."""
        person, kind = self.person.currentText(), self.kind.currentIndex()
        return ChangesWanted(
            days=self.period.days,
            by="" if self.person.currentIndex() <= 0 else person,
            kind=_KINDS[kind - 1] if kind > 0 else None,
        )

    def show_changes(self, changes: tuple[WrittenChange, ...]) -> None:
        """Show what was read."""
        self._changes = changes
        self.person.addItems(sorted({change.by for change in changes}))
        self._show()
        self.table.setFocus()

    def _show(self) -> None:
        wanted = self.wanted
        found = [change for change in reversed(self._changes) if wanted.has(change)]
        self.model.set_rows(found)
        self.sentence.setText(_sentence(found, len(self._changes)))
        self.sums.setText("\n".join(_lines(found)))
        allow(self.save, "" if found else "Nothing was written that is shown here.")

    def _ask_where(self) -> None:
        dialog = QFileDialog(self, "Save as Excel", "What was written.xlsx", "Excel workbook (*.xlsx)")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("xlsx")
        dialog.fileSelected.connect(lambda path: self.save_asked.emit(self.wanted, path))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()


def _sentence(found: Sequence[WrittenChange], all_of_them: int) -> str:
    if not found:
        return "Nothing was written yet." if not all_of_them else f"None of {plural(all_of_them, 'change')} is shown."
    of_all = f" of {count(all_of_them)}" if len(found) != all_of_them else ""
    effect = signed_sums(change.effect for change in found)
    return f"{count(len(found))}{of_all} written. In Case Manager: paid {effect}"


def _lines(found: Sequence[WrittenChange]) -> list[str]:
    """Say of each person what was written of each kind."""
    people: dict[str, list[str]] = {}
    for one in totals_of(found):
        undone = " undone" if one.is_undo else ""
        sums = signed_sums([one.effect])
        people.setdefault(one.by, []).append(f"{plural(one.number, KIND_NOUN[one.kind])}{undone} {sums}")
    return [f"{by}: {', '.join(parts)}" for by, parts in people.items()]


def _columns() -> tuple[Column[WrittenChange], ...]:
    return (
        Column(
            key="when",
            title="When",
            text=lambda one: moment(one.at),
            sort_key=lambda one: (one.sequence, ""),
            width=22,
        ),
        Column(key="by", title="Written by", text=lambda one: one.by, width=13),
        Column(key="approved_by", title="Approved by", text=lambda one: one.approved_by, width=13, is_default=False),
        Column(
            key="kind",
            title="Change",
            text=_kind,
            badges=lambda one: (kind_badge(one.kind),),
            width=11,
        ),
        Column(key="undo", title="", text=lambda one: "undone" if one.is_undo else "", width=9),
        Column(
            key="invoice",
            title="Invoice",
            text=lambda one: one.invoice_number,
            sort_key=lambda one: number_in(one.invoice_number),
            width=12,
        ),
        Column(key="before", title="Before", text=lambda one: values(one.before) or "-", width=27),
        Column(key="after", title="After", text=lambda one: values(one.after) or "deleted", width=27),
        Column(
            key="effect",
            title="Effect",
            text=lambda one: signed_sums([one.effect]),
            sort_key=lambda one: (one.effect.minor, str(one.sequence)),
            width=13,
            is_right=True,
        ),
        Column(
            key="reason",
            title="Reason",
            text=lambda one: one.reason,
            tooltip=lambda one: one.reason,
            width=20,
            is_stretched=True,
        ),
        Column(key="batch", title="Batch", text=lambda one: one.batch_id[:8], width=11, is_default=False),
    )


def _kind(one: WrittenChange) -> str:
    return KIND_WORD[one.kind]


def _spoken(one: WrittenChange) -> str:
    undone = " undone" if one.is_undo else ""
    became = f"{values(one.before) or 'nothing'} became {values(one.after) or 'nothing'}"
    return f"{moment(one.at)}, {one.by}: {_kind(one)}{undone} on {one.invoice_number}, {became}"
