"""The window around the pages: freshness, troubles, keys, close, tray, accessibility, pictures, and the crossing."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QPalette
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLineEdit, QPushButton, QTableView, QWidget
from pytestqt.qtbot import QtBot

from cmxero_desktop.domain.errors import CaseManagerError, XeroUnavailableError
from cmxero_desktop.domain.money import Money
from cmxero_desktop.domain.rules import Rule
from cmxero_desktop.runtime.worker import Worker
from cmxero_desktop.services.records.alerts import Alert, AlertKind
from cmxero_desktop.services.records.runs import PollAsk, PollOutcome
from cmxero_desktop.services.records.settings import Settings
from cmxero_desktop.services.viewing.desk_view import whole_of
from cmxero_desktop.ui.application.application import WindowHandle, application
from cmxero_desktop.ui.application.trouble import trouble_box
from cmxero_desktop.ui.desk.content import DeskContent
from cmxero_desktop.ui.desk.desk import Trouble
from cmxero_desktop.ui.desk.jobs import JobBridge
from cmxero_desktop.ui.desk.preferences import KEEP_RUNNING, ON_CLOSE, QUIT, FilePreferences
from cmxero_desktop.ui.sheets.connection_sheet import ConnectionSheet
from cmxero_desktop.ui.sheets.tie_out_sheet import TieOutSheet, statement_text
from cmxero_desktop.ui.theme.colours import DARK, LIGHT, Tone, Tones, tones_of, use_look
from cmxero_desktop.ui.window.pictures import save_pictures
from cmxero_desktop.ui.window.strip import strip_texts, strip_tip
from tests.support.patience import HUNG_MS, HUNG_S
from tests.ui.colours import contrast
from tests.ui.conftest import MakeStage, Stage
from tests.ui.views import NOW, POLICY, firm, firm_view, results_of, run, view_of

CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


def test_title_mode_and_freshness(stage: Stage) -> None:
    assert stage.window.windowTitle() == "CM-Xero Desk - Brightside Rehab Pty Ltd → casemanager on SRV02"
    assert stage.window.header.mode.text() == "Approve", "in a narrow window the colour and the mouse say what it is"
    assert stage.window.header.mode.toolTip() == "Mode: Approve"
    assert stage.window.header.freshness.text() == "Checked 10:42 - up to date"


def test_check_runs_once_and_a_second_wish_joins_it(stage: Stage) -> None:
    QTest.keyClick(stage.window, Qt.Key.Key_F5)
    QTest.keyClick(stage.window, Qt.Key.Key_F5)
    assert stage.window.header.freshness.text().endswith("checking now…")
    assert not stage.window.header.check_button.isEnabled()
    assert stage.window.header.progress.isVisible()
    stage.settle()
    assert stage.fake.calls == [("poll", False)]
    assert stage.window.header.check_button.isEnabled()
    assert not stage.window.header.progress.isVisible()


def test_trouble_is_told_with_its_remedy_and_goes_with_success(stage: Stage) -> None:
    stage.fake.error = XeroUnavailableError("Xero did not answer.", "Check the network.")
    stage.window.desk.check()
    stage.settle()
    assert stage.window.bands.bands[0].text == "Xero cannot be reached: Xero did not answer. Check the network."
    stage.window.bands.bands[0].pressed.emit()
    assert stage.sheet().windowTitle() == "Xero cannot be reached"
    stage.press("Close")
    stage.window.desk.check()
    stage.settle()
    assert not stage.window.bands.isVisible()


def test_run_that_did_not_end_well_is_told(stage: Stage) -> None:
    stage.fake.poll_run = run(NOW, PollOutcome.OFFLINE, "No connection.")
    stage.window.desk.check()
    stage.settle()
    assert "No connection." in stage.window.bands.bands[0].text


def test_fault_of_the_program_is_shown_and_not_lost(stage: Stage) -> None:
    stage.fake.error = KeyError("surprise")
    stage.tick("CM-10234")
    stage.window.wishes.approve_current_or_ticked()
    stage.settle()
    assert "KeyError" in stage.window.bands.bands[0].text
    assert stage.window.review.model.rowCount() == 6


def test_unreachable_case_manager_leaves_the_tables_readable(stage: Stage) -> None:
    stage.fake.error = CaseManagerError("Case Manager is not reachable.", "Try later.", problems=("no table payments",))
    stage.window.wishes.open_apply()
    stage.press("Apply 2")
    stage.settle()
    assert "no table payments" in stage.window.bands.bands[0].text
    assert stage.window.review.model.rowCount() == 6
    assert stage.window.review.bar.apply_button.isEnabled()


def test_first_run_says_that_there_is_no_data(make_stage: MakeStage) -> None:
    unread = view_of((), (), runs=(), polled_at=None)
    stage = make_stage(unread)
    empty = stage.window.review.body.empty
    assert "Not connected yet" in empty.text
    next(one for one in empty.findChildren(QPushButton) if one.isVisible()).click()
    assert isinstance(stage.sheet(), ConnectionSheet)
    stage.sheet().reject()
    named = replace(unread.state, organisation=firm_view().state.organisation)
    assert "No data yet" in make_stage(replace(unread, state=named)).window.review.body.empty.text
    assert stage.window.header.freshness.text() == "Not checked yet"
    assert stage.window.desk.content is not None
    assert strip_texts(stage.window.desk.content)[1] == ""


def test_nothing_to_approve_is_good_news_only_when_it_is_fresh(make_stage: MakeStage) -> None:
    results = results_of(())
    fresh = make_stage(view_of(results, ()))
    assert fresh.window.review.body.empty.text.startswith("Nothing to approve")
    stale = make_stage(view_of(results, (), polled_at=NOW - timedelta(hours=2)))
    assert "may be incomplete" in stale.window.review.body.empty.text


def test_alert_band_shows_its_rows(make_stage: MakeStage) -> None:
    alert = Alert(
        key="a",
        kind=AlertKind.VOIDED,
        rule=Rule.R1,
        explanation="CM-10236 is called CM-1.",
        next_step="Look.",
        raised_at=NOW,
        invoice_number="CM-10236",
    )
    stage = make_stage(replace(firm_view(), alerts=(alert,)))
    stage.window.bands.bands[0].pressed.emit()
    rows = stage.window.review.model.shown_rows()
    assert [row.stored.proposal.invoice_number for row in rows] == ["CM-10236"]


def test_completeness_counts_twice_and_opens_the_tie_out(stage: Stage) -> None:
    stage.window.resize(1366, 728)
    stage.settle()
    assert stage.window.strip.counts.text() == "Xero 51 payments = 42 matched + 7 unmatched + 2 skipped"
    QTest.mouseClick(stage.window.strip, Qt.MouseButton.LeftButton)
    sheet = stage.sheet()
    assert isinstance(sheet, TieOutSheet)
    stage.press("Copy")
    text = QGuiApplication.clipboard().text()
    assert text == statement_text(sheet.lines)
    assert text.splitlines()[-1] == "Difference not explained\t\t0.00"


def test_an_invoice_that_lost_all_its_rows_shows_in_the_strip() -> None:
    """The facts are counted on their own: a whole invoice without a row was once called whole."""
    view = firm_view()
    content = DeskContent(view=view, settings=Settings())
    assert "missing" not in strip_texts(content)[0]
    results = results_of(firm())
    lost = [replace(results[0], correlation=replace(results[0].correlation, placements=())), *results[1:]]
    shown = replace(view, completeness=whole_of(lost, POLICY))
    assert not shown.completeness.is_whole
    assert "missing" in strip_texts(replace(content, view=shown))[0]


def test_a_tick_stands_behind_the_main_figure_only_where_both_sides_count_the_same(stage: Stage) -> None:
    """Behind a difference of thousands it would say that there is none, even where every part of it is named."""
    window = stage.window
    present = window.desk.content
    assert present is not None
    statement = present.view.tie_out
    assert statement is not None
    assert statement.is_apart
    assert not window.strip.mark_of_difference.isVisible()
    same = replace(statement, case_manager_total=statement.xero_total)
    lost = replace(statement, difference=Money.of("1.00", "AUD"))
    for shown, said in ((same, "holds"), (lost, "does not hold")):
        window.strip.show_content(replace(present, view=replace(present.view, tie_out=shown)))
        assert window.strip.mark_of_difference.isVisible()
        assert window.strip.mark_of_difference.accessibleName() == said


def test_no_tick_stands_in_the_strip_beside_figures_that_may_be_true_no_longer(make_stage: MakeStage) -> None:
    empty = view_of(results_of(()), ())
    stage = make_stage(empty)
    strip = stage.window.strip
    marks = (strip.mark_of_counts, strip.mark_of_difference)
    strip.setFixedWidth(3_000)
    assert strip.adds_up.isVisible()
    assert [mark.isVisible() for mark in marks] == [True, True]
    assert strip.as_of.isHidden()
    stage.window.bands.show_trouble(Trouble("Case Manager cannot be reached", "", ""))
    stage.window.tick()
    assert [mark.isVisible() for mark in marks] == [False, False]
    assert not strip.adds_up.isVisible(), "it says what the tick means, which is not there"
    assert strip.as_of.text() == "As of 10:42:"
    assert strip.accessibleName().startswith("As of 10:42: ")
    stage.window.bands.show_trouble(None)
    stage.window.tick()
    assert [mark.isVisible() for mark in marks] == [True, True]
    stage.fake.desk_view = view_of(results_of(()), (), polled_at=NOW - timedelta(hours=2))
    stage.window.desk.refresh()
    stage.settle()
    assert [mark.isVisible() for mark in marks] == [False, False]
    assert strip.as_of.text() == "As of 08:45:"
    # Bad news stays: a cross is shown of old figures too.
    content = stage.window.desk.content
    assert content is not None
    statement = content.view.tie_out
    assert statement is not None
    lost = replace(statement, difference=Money.of("1.00", "AUD"))
    strip.show_content(replace(content, view=replace(content.view, tie_out=lost)))
    stage.window.tick()
    assert [mark.isVisible() for mark in marks] == [False, True]


def test_the_strip_tells_of_payments_on_invoices_that_xero_does_not_have() -> None:
    view = firm_view()
    content = DeskContent(view=view, settings=Settings())
    assert strip_tip(content) == "Open the tie-out, which names every part of the difference"
    beside = replace(view, state=replace(view.state, comparison=replace(view.state.comparison, other_payments=1_200)))
    assert "1,200 more payments" in strip_tip(replace(content, view=beside))


def test_keys_reach_the_pages_the_search_and_the_panes(stage: Stage) -> None:
    window = stage.window
    for number, page in enumerate((Qt.Key.Key_1, Qt.Key.Key_2, Qt.Key.Key_3, Qt.Key.Key_4, Qt.Key.Key_5)):
        QTest.keyClick(window, page, CTRL)
        assert window.tabs.currentIndex() == number
    QTest.keyClick(window, Qt.Key.Key_Z, CTRL)
    assert window.tabs.currentWidget() is window.history
    QTest.keyClick(window, Qt.Key.Key_1, CTRL)
    QTest.keyClick(window, Qt.Key.Key_F, CTRL)
    assert window.header.search.hasFocus()
    QTest.keyClicks(window.header.search, "acme")
    assert window.review.model.rowCount() == 2
    QTest.keyClick(window.header.search, Qt.Key.Key_Escape)
    assert window.header.search.text() == ""
    assert window.review.table.hasFocus()
    stage.go_to("CM-10234")
    QTest.keyClick(window.review.table, Qt.Key.Key_F6)
    assert window.evidence.approve_button.hasFocus()


def test_control_enter_approves_and_shift_opens_the_sheet(stage: Stage) -> None:
    stage.tick("CM-10234")
    QTest.keyClick(stage.window, Qt.Key.Key_Return, CTRL)
    stage.settle()
    assert stage.fake.calls[0][0] == "approve"
    QTest.keyClick(stage.window, Qt.Key.Key_Return, CTRL | SHIFT)
    assert stage.sheet().windowTitle() == "Apply 3 changes to Case Manager"
    assert len(stage.fake.calls) == 1


def test_evidence_follows_the_row_and_the_page(stage: Stage) -> None:
    stage.go_to("CM-10240")
    sides = stage.window.evidence.body.sides.text()
    assert "23 Nov 2026" in sides
    assert "22 Nov 2026" in sides
    assert "≠" in sides
    assert "date differs" in stage.window.evidence.body.ticks.text()
    assert "OVERPAID" in stage.window.evidence.body.ledger.text()
    stage.window.tabs.setCurrentIndex(3)
    assert stage.window.evidence._title.text().startswith("Skipped - CM-10120")
    stage.window.tabs.setCurrentIndex(5)
    assert not stage.window.evidence.isVisible()


def test_text_from_outside_is_shown_as_text(make_stage: MakeStage) -> None:
    view = firm_view()
    evil = "<b>x</b><img src='file:///x'>"
    row = view.review[0]
    xero = row.stored.proposal.xero or row.stored.proposal.replaced
    assert xero is not None
    proposal = replace(row.stored.proposal, xero=replace(xero, reference=evil))
    rows = (replace(row, stored=replace(row.stored, proposal=proposal)), *view.review[1:])
    stage = make_stage(replace(view, review=rows))
    stage.go_to(proposal.invoice_number)
    assert "&lt;b&gt;x" in stage.window.evidence.body.sides.text()
    assert evil not in stage.window.evidence.body.sides.text()


def test_first_close_asks_and_remembers(stage: Stage) -> None:
    stage.window.close()
    assert stage.sheet().windowTitle() == "Keep running?"
    stage.press("Keep running")
    assert stage.preferences.get(ON_CLOSE) == KEEP_RUNNING
    assert stage.window.isMinimized(), "without a tray, closing minimises"
    stage.window.come_forward()
    assert not stage.window.isMinimized()


def test_remembered_quit_leaves_without_a_question(stage: Stage, qtbot: QtBot) -> None:
    stage.preferences.set(ON_CLOSE, QUIT)
    with qtbot.waitSignal(stage.window.quit_asked, timeout=HUNG_MS):
        stage.window.close()


def test_demo_action_runs_on_the_worker_and_then_xero_is_checked(stage: Stage) -> None:
    action = next(a for a in stage.window.actions() if a.text() == "Payment deleted")
    action.trigger()
    assert stage.fake.calls == []
    stage.settle()
    assert stage.fake.calls == [("happened",), ("poll", False)]


def test_handle_checks_from_another_thread(stage: Stage, qtbot: QtBot) -> None:
    handle = WindowHandle(stage.window)
    thread = threading.Thread(target=handle.check_now, args=(PollAsk(),), name="scheduler-of-the-test")
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: bool(stage.worker.jobs), timeout=HUNG_MS)
    stage.settle()
    assert stage.fake.calls == [("poll", False)]


@pytest.fixture
def thread_worker() -> Iterator[Callable[[Callable[[], None]], None]]:
    threads: list[threading.Thread] = []

    def submit(job: Callable[[], None]) -> None:
        threads.append(threading.Thread(target=job))
        threads[-1].start()

    yield submit
    for thread in threads:
        thread.join()


def never(value: object) -> None:
    pytest.fail(f"called with {value!r}")


def test_results_cross_to_the_windows_thread(qtbot: QtBot, thread_worker: Callable[[Callable[[], None]], None]) -> None:
    application()
    bridge = JobBridge(thread_worker)
    seen: list[tuple[str, object, int]] = []
    here = threading.get_ident()

    def fail() -> object:
        raise KeyError

    bridge.submit("one", threading.get_ident, lambda n: seen.append(("done", n, threading.get_ident())), never)
    bridge.submit("two", fail, never, lambda e: seen.append(("failed", type(e), threading.get_ident())))
    qtbot.waitUntil(lambda: len(seen) == 2, timeout=HUNG_MS)
    assert not bridge.is_busy
    assert {name for name, _, _ in seen} == {"done", "failed"}
    assert all(thread == here for _, _, thread in seen)
    assert next(value for name, value, _ in seen if name == "done") != here


def test_a_job_that_would_end_its_thread_has_failed(qtbot: QtBot) -> None:
    """As an `exit()` somewhere in a library would: the person hears of it, and nothing is busy for ever."""
    application()
    worker, failures, done = Worker(), list[Exception](), list[int]()
    bridge = JobBridge(worker.submit)

    def leave() -> object:
        raise SystemExit(3)

    bridge.submit("leaving", leave, never, failures.append)
    bridge.submit("next", lambda: 7, done.append, never)
    qtbot.waitUntil(lambda: done == [7], timeout=HUNG_MS)
    assert worker.stop(timeout_s=HUNG_S)
    assert [(type(error), str(error)) for error in failures] == [(RuntimeError, "SystemExit from a job: 3")]
    assert isinstance(failures[0].__cause__, SystemExit)
    assert not bridge.is_busy


def test_results_after_closing_are_ignored(qtbot: QtBot) -> None:
    application()
    jobs: list[Callable[[], None]] = []
    bridge = JobBridge(jobs.append)
    bridge.submit("late", lambda: 1, never, never)
    bridge.close()
    jobs[0]()
    QApplication.processEvents()
    qtbot.wait(0)


def test_every_control_has_a_name_for_screen_readers(stage: Stage) -> None:
    stage.window.wishes.go_to_page(0)
    kinds = (QAbstractButton, QComboBox, QLineEdit, QTableView)
    controls: list[QWidget] = [w for w in stage.window.findChildren(QWidget) if isinstance(w, kinds) and w.isVisible()]
    nameless = [
        w
        for w in controls
        if not (w.accessibleName() or (w.text() if isinstance(w, QAbstractButton) else ""))
        and not w.objectName().startswith("qt_")
        and not isinstance(w.parent(), QTableView | QLineEdit)
        and type(w).__name__ not in {"QToolButton", "QTableCornerButton"}
    ]
    assert nameless == []
    described = stage.window.review.bar.approve_button.accessibleDescription()
    assert described == "Nothing is chosen. Tick or select rows first (Space)."


@pytest.mark.parametrize("tones", [LIGHT, DARK], ids=["light", "dark"])
def test_contrast_is_at_least_four_and_a_half(tones: Tones) -> None:
    for tone in Tone:
        for ground in (tones.base, tones.window, tones.raised, tones.selected, tones.hover, tones.tint(tone)):
            assert contrast(tones.ink(tone), ground) >= 4.5, (tone, ground)
    assert contrast(tones.on_accent, tones.accent) >= 4.5


@pytest.mark.parametrize("tones", [LIGHT, DARK], ids=["light", "dark"])
def test_what_can_be_pressed_has_a_border_of_three_to_one_on_any_ground(tones: Tones) -> None:
    for ground in (tones.base, tones.window, tones.raised, tones.hover, tones.selected):
        assert contrast(tones.border, ground) >= 3, ground
        assert contrast(tones.accent, ground) >= 3, ground
    for ink in (tones.text, tones.muted):
        assert contrast(ink, tones.selected) >= 4.5
    assert contrast(tones.text, tones.found) >= 4.5


def test_dark_palette_repaints_the_window(stage: Stage) -> None:
    app = application()
    use_look(app, is_dark=True)
    try:
        QApplication.processEvents()
        assert tones_of(app.palette()) is DARK
        assert stage.window.palette().color(QPalette.ColorRole.Window).name() == DARK.window
        assert DARK.ink(Tone.GOOD) in stage.window.header.freshness.styleSheet()
    finally:
        use_look(app, is_dark=False)
        QApplication.processEvents()


def test_what_is_selected_survives_a_new_palette_and_a_new_reading(stage: Stage) -> None:
    table = stage.window.review.table
    table.selectAll()
    chosen = table.selected_rows()
    assert len(chosen) > 1
    app = application()
    use_look(app, is_dark=True)
    use_look(app, is_dark=False)
    QApplication.processEvents()
    assert table.selected_rows() == chosen
    stage.window.desk.refresh()
    stage.settle()
    assert [row.row_id for row in table.selected_rows()] == [row.row_id for row in chosen]


def test_pictures_of_every_page_are_saved(stage: Stage, tmp_path: Path) -> None:
    saved = save_pictures(stage.window, tmp_path)
    names = [
        "review",
        "matched",
        "unmatched",
        "skipped",
        "sor",
        "history",
        "health",
        "review_all",
        "review_on_hold",
        "subtotals",
        "apply",
        "tie_out",
        "debtors",
    ]
    assert [path.stem for path in saved] == names
    assert all(path.stat().st_size > 5000 for path in saved)


def test_health_lists_what_the_doctor_found(stage: Stage) -> None:
    stage.window.wishes.go_to_page(6)
    stage.window.health.examine_asked.emit()
    stage.window.history.verify_asked.emit()
    stage.settle()
    assert stage.window.health.checks_model.rowCount() == 2
    assert stage.sheet().windowTitle() == "Everything holds"


def test_wide_window_has_the_evidence_at_the_right(stage: Stage) -> None:
    stage.window.resize(1200, 900)
    QApplication.processEvents()
    assert stage.window.splitter.orientation() is Qt.Orientation.Horizontal
    stage.window.resize(1199, 900)
    QApplication.processEvents()
    assert stage.window.splitter.orientation() is Qt.Orientation.Vertical


def test_window_fits_a_small_laptop(stage: Stage) -> None:
    stage.window.resize(1280, 720)
    QApplication.processEvents()
    assert (stage.window.width(), stage.window.height()) == (1280, 720)
    assert stage.window.evidence.height() > 150


def test_preferences_survive_in_their_file(tmp_path: Path) -> None:
    FilePreferences(tmp_path / "window.ini").set(ON_CLOSE, QUIT)
    assert FilePreferences(tmp_path / "window.ini").get(ON_CLOSE) == QUIT


def test_trouble_before_there_is_a_desk(qtbot: QtBot) -> None:
    application()
    box = trouble_box(CaseManagerError("No database.", "Run init."))
    qtbot.addWidget(box)
    assert (box.text(), box.informativeText()) == ("No database.", "Run init.")
