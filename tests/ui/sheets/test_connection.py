"""The window signs in, chooses the organisation, disconnects, and says on the spot what did not work."""

from dataclasses import replace

from PySide6.QtWidgets import QLineEdit

from cmxero_desktop.domain.errors import SignInError
from cmxero_desktop.domain.rules import Rule
from cmxero_desktop.services.records.alerts import Alert, AlertKind
from cmxero_desktop.services.records.runs import PinnedOrganisation, PollOutcome, SignInAge
from cmxero_desktop.services.records.settings import SignInKind, XeroSettings
from cmxero_desktop.ui.sheets.connection_sheet import ConnectionSheet
from cmxero_desktop.ui.window.bands import Band
from tests.ui.conftest import MakeStage, Stage
from tests.ui.fake_desk import Offered
from tests.ui.views import NOW, firm_view, run

OWN = Offered("org-1", "Brightside Rehab Pty Ltd")
OTHER = Offered("org-2", "Brightside Properties Pty Ltd")


def opened(stage: Stage) -> ConnectionSheet:
    stage.window.wishes.show_connection()
    sheet = stage.sheet()
    assert isinstance(sheet, ConnectionSheet)
    return sheet


def test_the_only_organisation_is_connected_and_checked(stage: Stage) -> None:
    sheet = opened(stage)
    assert sheet.facts.text() == "Not connected yet."
    assert not sheet.disconnect_button.isEnabled()
    stage.press("Sign in")
    assert "Waiting for your browser" in sheet.said.text()
    assert sheet.cancel_button.isVisible()
    stage.settle()
    stage.settle()
    assert stage.fake.calls[-3:] == [("sign_in",), ("pin", "org-1", "J. Wu"), ("poll", False)]
    assert sheet.facts.text() == "Connected to Brightside Rehab Pty Ltd."
    assert sheet.disconnect_button.isEnabled()


def test_of_several_organisations_a_person_chooses(stage: Stage) -> None:
    stage.fake.offered = (OWN, OTHER)
    sheet = opened(stage)
    stage.press("Sign in")
    stage.settle()
    assert [sheet.choices.item(i).text() for i in range(sheet.choices.count())] == [OWN.name, OTHER.name]
    assert not sheet.use_button.isEnabled(), "the first of several may be somebody else's"
    assert not any(call[0] == "pin" for call in stage.fake.calls)
    sheet.choices.setCurrentRow(1)
    stage.press("Use this")
    stage.settle()
    assert ("pin", "org-2", "J. Wu") in stage.fake.calls


def test_a_refusal_is_said_in_the_sheet_and_can_be_tried_again(stage: Stage) -> None:
    sheet = opened(stage)
    stage.fake.error = SignInError("Access was not allowed.", "Sign in again and allow access.")
    stage.press("Sign in")
    stage.settle()
    assert sheet.said.text() == "Access was not allowed. Sign in again and allow access."
    assert sheet.sign_in_button.isVisible()
    assert stage.window.bands.bands == [], "said once, and where it happened"
    stage.press("Sign in")
    stage.settle()
    assert ("pin", "org-1", "J. Wu") in stage.fake.calls


def test_waiting_for_the_browser_can_be_cancelled_without_waiting_for_the_worker(stage: Stage) -> None:
    sheet = opened(stage)
    stage.press("Sign in")
    stage.press("Cancel the sign-in")
    assert stage.fake.calls[-1] == ("cancel_sign_in",)
    sheet.reject()
    assert stage.fake.calls[-1] == ("cancel_sign_in",)


def test_a_sign_in_that_still_waits_for_a_check_is_cancelled_too(stage: Stage) -> None:
    stage.window.desk.check()
    sheet = opened(stage)
    stage.press("Sign in")
    assert "after that your browser opens" in sheet.said.text()
    stage.press("Cancel the sign-in")
    stage.settle()
    assert ("sign_in",) not in stage.fake.calls, "no browser opens by itself minutes later"
    assert sheet.said.text() == "The sign-in was cancelled. Start it again when you are ready."


def test_disconnecting_asks_first_and_keeps_what_was_read(stage: Stage) -> None:
    sheet = opened(stage)
    stage.press("Sign in")
    stage.settle()
    sheet.disconnect_button.click()
    stage.press("Disconnect")
    stage.settle()
    assert ("disconnect", "J. Wu") in stage.fake.calls
    assert sheet.said.text() == "Disconnected. What was read, decided and applied is kept."
    assert not sheet.disconnect_button.isEnabled()


def test_a_custom_connection_is_entered_by_its_secret_which_is_never_shown(stage: Stage) -> None:
    stage.fake.settings = replace(stage.fake.settings, xero=XeroSettings(sign_in=SignInKind.CUSTOM_CONNECTION))
    stage.window.desk.refresh()
    stage.settle()
    sheet = opened(stage)
    assert not sheet.sign_in_button.isEnabled()
    assert sheet.sign_in_button.toolTip() == "Enter the secret first: Xero shows it once, under My Apps."
    assert sheet.secret.echoMode() is QLineEdit.EchoMode.Password
    sheet.secret.setText("S3cret")
    stage.press("Sign in")
    assert sheet.said.text() == "Asking Xero…"
    stage.settle()
    assert ("sign_in", "S3cret") in stage.fake.calls
    assert sheet.secret.text() == "", "it is not needed any more"


def test_the_browser_needs_no_secret(stage: Stage) -> None:
    assert not opened(stage).secret.isVisible()


def test_a_closed_sheet_hears_nothing_more(stage: Stage) -> None:
    opened(stage).reject()
    stage.settle()
    stage.window.desk.disconnect_xero()
    stage.window.desk.sign_in()
    stage.settle()
    assert not stage.has_sheet()


def test_the_warning_of_an_ended_sign_in_leads_to_signing_in(make_stage: MakeStage) -> None:
    ended = Alert(
        key="signed-out",
        kind=AlertKind.SIGN_IN,
        rule=Rule.SIGN_IN,
        explanation="The sign-in was revoked.",
        next_step="Sign in to Xero again.",
        raised_at=NOW,
    )
    stage = make_stage(replace(firm_view(), alerts=(ended,)))
    band: Band = stage.window.bands.bands[0]
    assert band.text == "The sign-in was revoked. Sign in to Xero again."
    band.pressed.emit()
    assert isinstance(stage.sheet(), ConnectionSheet)


def test_the_sheet_says_who_is_connected_and_until_when(make_stage: MakeStage) -> None:
    view = firm_view()
    stage = make_stage(replace(view, state=replace(view.state, sign_in=SignInAge(renewed_at=NOW))))
    stage.fake.settings = replace(stage.fake.settings, xero=XeroSettings(tenant_id="org"))
    stage.window.desk.refresh()
    stage.settle()
    text = opened(stage).facts.text()
    assert text.startswith("Connected to Brightside Rehab Pty Ltd. Unused, the sign-in would end on ")


def test_the_sheet_says_that_the_sign_in_has_ended(make_stage: MakeStage) -> None:
    view = firm_view()
    ended = run(NOW, PollOutcome.SIGNED_OUT)
    stage = make_stage(
        replace(
            view,
            state=replace(view.state, organisation=PinnedOrganisation(), sign_in=SignInAge(renewed_at=NOW)),
            runs=(ended,),
        )
    )
    stage.fake.settings = replace(stage.fake.settings, xero=XeroSettings(tenant_id="org"))
    stage.window.desk.refresh()
    stage.settle()
    assert opened(stage).facts.text() == "Signed out. Sign in again to go on checking org."


def test_the_organisation_that_was_pinned_is_offered_first(stage: Stage) -> None:
    sheet = opened(stage)
    stage.press("Sign in")
    stage.settle()
    stage.settle()
    stage.fake.offered = (OTHER, OWN)
    stage.window.desk.sign_in("")
    stage.settle()
    chosen = sheet.choices.currentItem()
    assert chosen is not None
    assert chosen.text() == OWN.name
    assert sheet.use_button.isEnabled()
