"""The settings sheet: every setting with its sentence, kept together or not at all, the mode's conditions, the look."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QLineEdit, QPlainTextEdit

from cmxero_desktop.domain.errors import AutostartError, SettingsError
from cmxero_desktop.domain.rules import Rule
from cmxero_desktop.services.records.alerts import OTHER_WRITER_KEY, Alert, AlertKind
from cmxero_desktop.services.records.autostart import AutostartSeen
from cmxero_desktop.services.records.runs import LastComparison
from cmxero_desktop.services.records.setting_words import ELSEWHERE, SETTINGS
from cmxero_desktop.services.records.settings import Mode
from cmxero_desktop.services.verbs.commands.computer import SetAutostart
from cmxero_desktop.services.verbs.commands.settings import ChangeSettings
from cmxero_desktop.ui.desk.content import DeskContent
from cmxero_desktop.ui.desk.look import Look, apply_look
from cmxero_desktop.ui.desk.preferences import ON_CLOSE, QUIT, MemoryPreferences
from cmxero_desktop.ui.sheets.mode_rungs import rungs
from cmxero_desktop.ui.sheets.settings_sheet import SettingsSheet
from tests.ui.conftest import MakeStage, Stage
from tests.ui.views import NOW


@pytest.fixture(autouse=True)
def same_look() -> Iterator[None]:
    yield
    apply_look(MemoryPreferences())


def opened(stage: Stage) -> SettingsSheet:
    # Keys of the menus reach a window that is active, which takes the platform a moment.
    stage.window.activateWindow()
    QApplication.processEvents()
    QTest.keyClick(stage.window, Qt.Key.Key_Comma, Qt.KeyboardModifier.ControlModifier)
    stage.settle()
    sheet = stage.sheet()
    assert isinstance(sheet, SettingsSheet)
    return sheet


def content_of(stage: Stage) -> DeskContent:
    content = stage.window.desk.content
    assert content is not None
    return content


def test_every_setting_stands_there_with_its_value_and_its_sentence(stage: Stage) -> None:
    sheet = opened(stage)
    assert set(sheet.fields) == {words.name for words in SETTINGS}
    said = {label.text() for label in sheet.findChildren(QLabel)}
    for words in SETTINGS:
        assert words.sentence in said
        assert sheet.fields[words.name].accessibleDescription() == words.sentence
    for elsewhere in ELSEWHERE:
        assert elsewhere.sentence in said, "what another place changes is named, too"
    assert not any("postgresql:" in text or "sqlite:" in text for text in said), "an address is no text for a screen"
    interval = sheet.fields["poll.interval_min"]
    assert isinstance(interval, QLineEdit)
    assert interval.text() == "10"
    assert not sheet.save.isEnabled()
    assert sheet.save.toolTip() == "Nothing was changed."


def test_a_tick_starts_the_program_at_sign_in_at_once_and_is_taken_back_where_it_was_refused(stage: Stage) -> None:
    sheet = opened(stage)
    part = sheet.autostart
    assert (part.tick.isChecked(), part.tick.isEnabled()) == (False, True)
    part.tick.click()
    stage.settle()
    assert ("set_autostart", True) in stage.fake.calls
    assert (part.tick.isChecked(), part.tick.isEnabled(), sheet.save.isEnabled()) == (True, True, False)

    def refuse(_: SetAutostart) -> AutostartSeen:
        raise AutostartError("Windows did not take it.", "Ask whoever looks after this computer.")

    stage.fake.answer(SetAutostart.handled_by(refuse))
    part.tick.click()
    stage.settle()
    assert part.tick.isChecked()
    assert sheet.told.text() == "Windows did not take it. Ask whoever looks after this computer."


def test_where_nothing_starts_at_sign_in_it_is_said_why(stage: Stage) -> None:
    stage.fake.autostart = AutostartSeen(is_supported=False, said="This system has no way.")
    part = opened(stage).autostart
    assert (part.tick.isEnabled(), part.said.text()) == (False, "This system has no way.")


def test_what_was_changed_is_kept_and_nothing_else(stage: Stage) -> None:
    sheet = opened(stage)
    interval, breaks = sheet.fields["poll.interval_min"], sheet.fields["sor.breaks_quiet_hours"]
    assert isinstance(interval, QLineEdit)
    assert isinstance(breaks, QComboBox)
    interval.setText("15")
    breaks.setCurrentText("No")
    assert sheet.save.toolTip() == "Keep 2 changes"
    stage.press("Save")
    stage.settle()
    asked = [call for call in stage.fake.calls if call[0] == "change_settings"]
    assert asked == [("change_settings", {"poll.interval_min": "15", "sor.breaks_quiet_hours": "no"}, "J. Wu")]
    assert not stage.has_sheet()
    assert stage.window.strip.busy.text() == "Kept."
    assert content_of(stage).settings.poll.interval_min == 15


def test_the_firms_reasons_stand_on_a_line_each_and_are_kept_so(stage: Stage) -> None:
    sheet = opened(stage)
    field = sheet.fields["reasons.reject"]
    assert isinstance(field, QPlainTextEdit)
    reasons = stage.fake.settings.reasons.reject
    assert field.toPlainText().splitlines() == list(reasons)
    assert sheet.changed() == {}
    field.setPlainText(f"{field.toPlainText()}\n\n  Paid, but to another firm \n")
    assert sheet.save.toolTip() == "Keep 1 change"
    stage.press("Save")
    stage.settle()
    assert stage.fake.settings.reasons.reject == (*reasons, "Paid, but to another firm")


def test_settings_are_shown_and_typed_in_words_and_not_as_the_file_has_them(make_stage: MakeStage) -> None:
    stage = make_stage()
    settings = stage.fake.settings
    stage.fake.settings = replace(settings, xero=replace(settings.xero, tenant_id="org"))
    sheet = opened(stage)
    shown = {
        name: field.text() if isinstance(field, QLineEdit) else field.currentText()
        for name, field in sheet.fields.items()
        if not isinstance(field, QPlainTextEdit)
    }
    assert shown["policy.removal_limit_amount"] == "20,000.00"
    assert shown["policy.forward_dating_days"] == "as in Case Manager"
    assert shown["poll.working_days"] == "Mon, Tue, Wed, Thu, Fri, Sat, Sun"
    assert (shown["xero.tier"], shown["sor.firm_type"], shown["sor.breaks_quiet_hours"]) == ("Core", "Xero", "Yes")
    assert shown["notices.holidays"] == "None"
    said = {label.text() for label in sheet.findChildren(QLabel)}
    assert {"Approve", "In the browser", "STARTTLS", "the usual one", "Brightside Rehab Pty Ltd"} <= said
    raw = re.compile(r"true|false|[a-z]+_[a-z_]+|\d{4}-\d\d-\d\d|browser|approve|starttls|org|yes|no|off")
    assert not [text for text in (*shown.values(), *said) if raw.fullmatch(text)]
    assert sheet.changed() == {}
    for name, typed in (
        ("policy.removal_limit_amount", "30,000.00"),
        ("policy.forward_dating_days", "No limit"),
        ("poll.working_days", "Mon, Tue"),
        ("notices.quiet_days", "off"),
    ):
        field = sheet.fields[name]
        assert isinstance(field, QLineEdit)
        field.setText(typed)
    tier = sheet.fields["xero.tier"]
    assert isinstance(tier, QComboBox)
    tier.setCurrentText("Plus")
    assert sheet.changed() == {
        "policy.removal_limit_amount": "30,000.00",
        "policy.forward_dating_days": "off",
        "poll.working_days": "mon, tue",
        "notices.quiet_days": "off",
        "xero.tier": "plus",
    }
    forward = sheet.fields["policy.forward_dating_days"]
    assert isinstance(forward, QLineEdit)
    forward.setText("5")
    assert sheet.changed()["policy.forward_dating_days"] == "5"


def test_what_cannot_be_is_said_in_the_words_of_the_fields_and_can_be_mended(stage: Stage) -> None:
    def refuse(_command: ChangeSettings) -> str:
        raise SettingsError("poll.interval_min is 0; it must be more.", "Correct it; nothing was kept.")

    sheet = opened(stage)
    stage.fake.answer(ChangeSettings.handled_by(refuse))
    interval = sheet.fields["poll.interval_min"]
    assert isinstance(interval, QLineEdit)
    interval.setText("0")
    stage.press("Save")
    stage.settle()
    assert stage.has_sheet()
    assert sheet.told.text() == "Check every is 0; it must be more. Correct it; nothing was kept."
    assert sheet.save.isEnabled()


def test_the_way_to_approving_is_three_conditions(make_stage: MakeStage) -> None:
    stage = make_stage(mode=Mode.OBSERVE)
    content = content_of(stage)
    _, may_write, alone = rungs(content, NOW)
    assert may_write[0] is None, "only trying can tell"
    assert alone[0] is True
    state = content.view.state
    for first, holds, so_far, on in (
        (NOW - timedelta(days=9), True, "it is 9 days now", "16 Nov 2026"),
        (NOW - timedelta(days=2), False, "2 days so far, 3 to go", "23 Nov 2026"),
        (NOW, False, "the first day is not over yet", "25 Nov 2026"),
    ):
        said = f"Compared for 5 days before anything is approved: {so_far}. The first check was on {on}."
        comparison = replace(state.comparison, first_polled_at=first)
        known = replace(content, view=replace(content.view, state=replace(state, comparison=comparison)))
        assert rungs(known, NOW)[0] == (holds, said)
    alert = Alert(
        key=OTHER_WRITER_KEY,
        kind=AlertKind.OTHER_WRITER,
        rule=Rule.R29,
        explanation="Somebody else writes too.",
        next_step="Switch it off.",
        raised_at=NOW,
    )
    held = replace(content, view=replace(content.view, alerts=(alert,)))
    assert rungs(held, NOW)[2] == (False, "Somebody else writes too.")
    never = replace(content, view=replace(content.view, state=replace(state, comparison=LastComparison())))
    assert rungs(never, NOW)[0] == (False, "Compared for 5 days before anything is approved: no check yet.")


def test_the_mode_is_changed_from_there_by_its_own_sheet(make_stage: MakeStage) -> None:
    stage = make_stage(mode=Mode.OBSERVE)
    opened(stage)
    stage.press("Change the mode")
    QApplication.processEvents()
    assert stage.sheet().windowTitle() == "Approve and write?"


def test_colours_rows_and_text_follow_at_once_and_are_remembered(stage: Stage) -> None:
    sheet = opened(stage)
    choices = {choice.accessibleName(): choice for choice in sheet.findChildren(QComboBox)}
    size = QApplication.font().pointSizeF()
    for name, wanted in (("Colours", "Dark"), ("Rows", "Compact"), ("Text size", "Large")):
        choices[name].setCurrentText(wanted)
    assert QApplication.palette().color(QPalette.ColorRole.Window).lightness() < 128
    assert QApplication.font().pointSizeF() == pytest.approx(size * 1.3)
    assert stage.window.place.density.value == "compact"
    look = Look(stage.preferences, lambda: "", lambda _: None)
    assert (look.scheme, look.text_size) == ("dark", "130")
    choices["Colours"].setCurrentText("Light")
    choices["Text size"].setCurrentText("Normal")
    assert QApplication.palette().color(QPalette.ColorRole.Window).lightness() > 128
    assert QApplication.font().pointSizeF() == pytest.approx(size)


def test_what_was_remembered_wrongly_is_the_systems_look() -> None:
    preferences = MemoryPreferences()
    preferences.set("colours", "pink")
    preferences.set("text_size", "9000")
    look = Look(preferences, lambda: "normal", lambda _: None)
    assert (look.scheme, look.text_size, look.density) == ("system", "100", "normal")


def test_what_closing_the_window_does_can_be_changed_after_it_was_answered_once(stage: Stage) -> None:
    stage.preferences.set(ON_CLOSE, QUIT)
    look = stage.window.place.look
    assert look.on_close == QUIT
    sheet = opened(stage)
    box = next(box for box in sheet.findChildren(QComboBox) if box.accessibleName() == "Closing the window")
    assert box.currentText() == "Quits"
    box.setCurrentIndex(0)
    assert stage.preferences.get(ON_CLOSE) == ""
    sheet.reject()
    stage.window.close()
    assert stage.sheet().windowTitle() == "Keep running?"
    assert "Settings, Look" in stage.sheet().accessibleDescription()
