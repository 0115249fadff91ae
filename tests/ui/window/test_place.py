"""The window opens where it fits, shows enough rows on a small screen, and comes back as it was left."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QApplication

from cmxero_desktop.services.records.alerts import AlertKind
from cmxero_desktop.ui.desk.desk import Trouble
from cmxero_desktop.ui.widgets.density import Density
from tests.ui.conftest import MakeStage, Stage
from tests.ui.screens import a_screen
from tests.ui.sor_boards import sor_board
from tests.ui.views import account_alert, firm_view, many_view


def rows_in_view(stage: Stage) -> int:
    """Count the rows that can be read without scrolling."""
    table = stage.window.review.table
    bottoms = (table.rowViewportPosition(at) + table.rowHeight(at) for at in range(table.rows.rowCount()))
    return sum(bottom <= table.viewport().height() for bottom in bottoms)


def choose(stage: Stage, title: str) -> None:
    found = next(a for a in stage.window.findChildren(QAction) if a.text().replace("&", "") == title)
    found.trigger()
    QApplication.processEvents()


def test_a_small_laptop_shows_eighteen_compact_rows_beside_the_evidence(make_stage: MakeStage) -> None:
    """1366 x 768, less what the taskbar and the window's own title take of it."""
    stage = make_stage(many_view(40, most=100_000), is_demo=False)
    choose(stage, "Compact rows")
    stage.window.resize(1366, 700)
    QApplication.processEvents()
    assert stage.window.width() == 1366
    assert rows_in_view(stage) >= 18
    assert stage.window.splitter.orientation() is Qt.Orientation.Horizontal
    assert stage.window.evidence.width() > 380


def test_a_full_hd_screen_at_twice_the_size_shows_eight_rows_beside_the_evidence(make_stage: MakeStage) -> None:
    """960 x 540, less what the taskbar and the window's own title take of it."""
    stage = make_stage(many_view(40, most=100_000), is_demo=False)
    stage.window.resize(960, 490)
    for _ in range(3):
        QApplication.processEvents()
    assert (stage.window.width(), stage.window.height()) == (960, 490)
    assert stage.window.splitter.orientation() is Qt.Orientation.Horizontal
    choose(stage, "Compact rows")
    assert rows_in_view(stage) >= 8
    assert not stage.window.review.table.horizontalScrollBar().isVisible()
    shown = {
        c.key
        for at, c in enumerate(stage.window.review.model.columns)
        if not stage.window.review.table.isColumnHidden(at)
    }
    assert shown == {"tick", "change", "invoice", "side", "paid_on", "amount", "why"}


def test_with_bands_the_evidence_stays_beside_the_rows_on_a_low_screen(
    make_stage: MakeStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Warnings make the window as high as they need; below the rows there would be no room for what decides."""
    view = replace(firm_view(), sor=sor_board(), alerts=(account_alert(),))
    stage = make_stage(view)
    window = stage.window
    screen = a_screen(960, 500)
    monkeypatch.setattr(type(window), "screen", lambda _: screen)
    window.resize(960, 610)
    for _ in range(3):
        QApplication.processEvents()
    assert window.splitter.orientation() is Qt.Orientation.Horizontal
    window.resize(960, 500)
    for _ in range(3):
        QApplication.processEvents()
    assert window.height() <= 540, "the buttons at the bottom are on the screen"


def test_on_a_low_screen_one_warning_stands_at_a_time_and_all_can_be_read(
    make_stage: MakeStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    view = firm_view()
    window = make_stage(replace(view, sor=sor_board(), alerts=(*view.alerts, account_alert()))).window
    window.bands.show_trouble(Trouble("Not checked", "No connection.", "Check the network."))
    wide = a_screen(1920, 1040)
    monkeypatch.setattr(type(window), "screen", lambda _: wide)
    window.resize(1366, 728)
    QApplication.processEvents()
    assert len(window.bands.bands) >= 3
    assert all(band.isVisible() and band.more is None for band in window.bands.bands)
    screen = a_screen(960, 500)
    monkeypatch.setattr(type(window), "screen", lambda _: screen)
    # It comes onto the low screen as high as its warnings made it, and can be as low as that from then on.
    for _ in range(4):
        window.resize(960, 490)
        QApplication.processEvents()
    assert window.height() <= 500
    seen = []
    for _ in window.bands.bands:
        (band,) = [band for band in window.bands.bands if band.isVisible()]
        assert band.more is not None
        assert band.more.text() == f"{len(window.bands.bands) - 1} more"
        seen.append(band.text)
        band.more.click()
        QApplication.processEvents()
    assert seen == [band.text for band in window.bands.bands]
    assert [band.isVisible() for band in window.bands.bands].index(True) == 0


def test_on_a_laptop_what_is_urgent_stands_and_the_other_warnings_take_turns(
    make_stage: MakeStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each would take the room of a row from the rows; what makes Apxium debit the firm is never behind another."""
    view = firm_view()
    others = (account_alert(), replace(account_alert(), key="another", kind=AlertKind.VOIDED, account=None))
    window = make_stage(replace(view, sor=sor_board(), alerts=(*view.alerts, *others))).window
    screen = a_screen(1366, 728)
    monkeypatch.setattr(type(window), "screen", lambda _: screen)
    window.resize(1366, 700)
    QApplication.processEvents()
    urgent = [band for band in window.bands.bands if band.is_urgent]
    calm = [band for band in window.bands.bands if not band.is_urgent]
    assert len(calm) >= 2
    assert urgent
    seen = []
    for _ in calm:
        assert all(band.isVisible() and (band.more is None or band.more.isHidden()) for band in urgent)
        (band,) = [band for band in calm if band.isVisible()]
        assert band.more is not None
        assert band.more.text() == f"{len(calm) - 1} more"
        seen.append(band.text)
        band.more.click()
        QApplication.processEvents()
    assert seen == [band.text for band in calm]


@pytest.mark.parametrize("number", ["CM-10101", "CM-10155", "CM-10160", "CM-10166", "CM-10234", "CM-10240"])
def test_no_row_makes_the_window_wider_than_the_screen(stage: Stage, number: str) -> None:
    stage.window.resize(1024, 700)
    stage.go_to(number)
    for _ in range(3):
        QApplication.processEvents()
    assert stage.window.width() == 1024


def test_in_a_narrow_window_the_names_give_way_before_the_time_of_the_last_check(stage: Stage) -> None:
    stage.window.resize(900, 700)
    for _ in range(3):
        QApplication.processEvents()
    header = stage.window.header
    assert header.freshness.text() == "Checked 10:42 - up to date"
    assert header.freshness.width() >= header.freshness.sizeHint().width()
    assert header.title.width() < header.title.sizeHint().width()


def test_rows_are_as_high_as_was_chosen_last_time(make_stage: MakeStage) -> None:
    first = make_stage()
    heights = {}
    for density, title in (
        (Density.ROOMY, "Roomy rows"),
        (Density.NORMAL, "Normal rows"),
        (Density.COMPACT, "Compact rows"),
    ):
        choose(first, title)
        heights[density] = first.window.review.table.verticalHeader().defaultSectionSize()
        assert first.window.place.density is density
    assert heights[Density.COMPACT] < heights[Density.NORMAL] < heights[Density.ROOMY]
    again = make_stage(preferences=first.preferences)
    assert again.window.review.table.verticalHeader().defaultSectionSize() == heights[Density.COMPACT]
    assert again.window.history.table.verticalHeader().defaultSectionSize() == heights[Density.COMPACT]


@pytest.mark.parametrize("height", [580, 700])
def test_the_window_comes_back_as_it_was_left(make_stage: MakeStage, height: int) -> None:
    first = make_stage()
    first.window.resize(790, height)
    QApplication.processEvents()
    first.window.splitter.setSizes([300, 200])
    sizes = first.window.splitter.sizes()
    first.window.leave()
    again = make_stage(preferences=first.preferences)
    QApplication.processEvents()
    assert again.window.size() == first.window.size()
    assert again.window.splitter.sizes() == pytest.approx(sizes, abs=2)


def test_what_was_remembered_wrongly_is_forgotten(make_stage: MakeStage) -> None:
    first = make_stage()
    for key, value in (
        ("geometry", "no base64!"),
        ("row_height", "huge"),
        ("split_beside", "a b"),
        ("split_below", "1"),
    ):
        first.preferences.set(key, value)
    again = make_stage(preferences=first.preferences)
    assert again.window.place.density is Density.NORMAL
    assert all(again.window.splitter.sizes())


def test_a_first_window_fits_its_screen(make_stage: MakeStage) -> None:
    screen = QGuiApplication.primaryScreen().availableGeometry()
    window = make_stage().window
    assert window.width() <= max(screen.width(), window.minimumSizeHint().width())
    assert window.height() <= max(screen.height(), window.minimumSizeHint().height())


def test_columns_that_give_way_come_back_and_are_copied_all_the_same(make_stage: MakeStage) -> None:
    stage = make_stage(many_view(3))
    table = stage.window.review.table
    reference = next(i for i, column in enumerate(table.rows.columns) if column.key == "reference")
    stage.window.resize(1250, 700)
    QApplication.processEvents()
    assert table.isColumnHidden(reference)
    assert "Reference" in table.rows_as_text().splitlines()[0].split("\t")
    menu = table.choose_columns()
    next(a for a in menu.actions() if a.text() == "Reference").setChecked(True)
    menu.close()
    assert not table.isColumnHidden(reference), "what a person asked for stays, however narrow it is"
    other = make_stage(many_view(3))
    other.window.resize(2200, 700)
    QApplication.processEvents()
    assert not other.window.review.table.isColumnHidden(reference)
