"""A row that came since the person last looked has a dot, until they stand on it or have looked and gone again."""

from dataclasses import replace
from datetime import datetime, timedelta

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QApplication

from cmxero_desktop.services.viewing.desk_view import DeskView
from cmxero_desktop.ui.desk.last_look import LastLook
from cmxero_desktop.ui.desk.preferences import MemoryPreferences
from cmxero_desktop.ui.theme.icons import Shape
from cmxero_desktop.ui.widgets.table_model import BADGES_ROLE
from tests.ui.conftest import MakeStage, Stage
from tests.ui.views import NOW, firm_view

NEW, OLD = "CM-10234", "CM-10101"


def arriving(number: str, at: datetime) -> DeskView:
    """Return the firm, where the rows of one invoice came at an instant and all others long before."""
    view = firm_view()

    def came(number_of_row: str) -> datetime:
        return at if number_of_row == number else NOW - timedelta(days=3)

    rows = (
        replace(row, stored=replace(row.stored, first_seen_at=came(row.stored.proposal.invoice_number)))
        for row in view.review
    )
    return replace(view, review=tuple(rows))


def dotted(stage: Stage) -> set[str]:
    """Return the invoices whose rows have a dot."""
    model = stage.window.review.model
    column = next(at for at, column in enumerate(model.columns) if column.key == "invoice")
    cells = (model.index(row, column) for row in range(model.rowCount()) if model.row_at(row) is not None)
    return {str(cell.data()) for cell in cells if any(b.shape is Shape.DOT for b in cell.data(BADGES_ROLE))}


def test_what_came_since_the_last_look_has_a_dot_until_a_person_stands_on_it(make_stage: MakeStage) -> None:
    stage = make_stage(arriving(NEW, NOW + timedelta(minutes=10)))
    assert dotted(stage) == {NEW}
    stage.go_to(OLD)
    assert dotted(stage) == {NEW}
    model = stage.window.review.model
    at = next(at for at in range(model.rowCount()) if str(model.index(at, 2).data()) == NEW)
    assert model.index(at, 2).data(Qt.ItemDataRole.ToolTipRole) == "New since you last looked"
    assert str(model.index(at, 1).data(Qt.ItemDataRole.AccessibleTextRole)) != ""
    stage.window.activateWindow()
    QApplication.processEvents()
    stage.go_to(NEW)
    assert dotted(stage) == set()


def test_nothing_is_new_where_all_of_it_stood_there_at_the_start(make_stage: MakeStage) -> None:
    assert dotted(make_stage(arriving(NEW, NOW - timedelta(hours=1)))) == set()


def test_the_window_notes_when_the_person_goes(make_stage: MakeStage) -> None:
    stage = make_stage(arriving(NEW, NOW + timedelta(minutes=10)))
    for kind in (QEvent.Type.WindowDeactivate, QEvent.Type.WindowActivate):
        QApplication.sendEvent(stage.window, QEvent(kind))
    assert dotted(stage) == {NEW}, "whoever comes back at once goes on with the same look"


class Day:
    """A day that goes on as a test says."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


def test_a_look_ends_when_the_person_has_been_away_and_begins_again_where_it_ended() -> None:
    day = Day()
    look = LastLook(day)
    look.come_back()
    came = NOW + timedelta(minutes=1)
    day.now = NOW + timedelta(minutes=2)
    assert look.is_new("row", came)
    look.leave()
    day.now += timedelta(minutes=1)
    look.come_back()
    assert look.is_new("row", came)
    look.leave()
    away = day.now + timedelta(minutes=1)
    day.now += timedelta(hours=1)
    look.come_back()
    assert not look.is_new("row", came), "it stood there at the last look"
    assert look.is_new("another", away)


def test_the_last_look_is_remembered_over_a_restart_and_a_broken_note_makes_nothing_new() -> None:
    day, preferences = Day(), MemoryPreferences()
    before = LastLook(day, preferences)
    before.come_back()
    before.leave()
    day.now += timedelta(days=1)
    again = LastLook(day, preferences)
    assert again.is_new("row", NOW + timedelta(hours=3))
    assert again.see("row")
    assert not again.see("row")
    assert not again.is_new("row", NOW + timedelta(hours=3))
    preferences.set("looked_at", "yesterday")
    assert not LastLook(day, preferences).is_new("row", NOW + timedelta(hours=3))
    look = LastLook(day, preferences)
    look.come_back()
    assert not look.is_new("row", NOW)


def test_a_program_that_goes_on_in_the_tray_and_ends_there_was_not_looked_at() -> None:
    day, preferences = Day(), MemoryPreferences()
    look = LastLook(day, preferences)
    look.come_back()
    look.leave()
    came = NOW + timedelta(hours=3)
    day.now = NOW + timedelta(hours=8)
    look.leave()
    assert LastLook(day, preferences).is_new("row", came), "it ended in the evening, and nobody had come back"
    in_tray = LastLook(day, preferences)
    day.now += timedelta(hours=8)
    in_tray.leave()
    assert LastLook(day, preferences).is_new("row", came), "it was started by itself, and never shown"
