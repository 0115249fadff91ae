"""The wizard leads from page to page, says each refusal where it happened, and keeps nothing too early."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QLabel, QLineEdit, QPushButton, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from cmxero_desktop.adapters.settings_file.texts import with_texts
from cmxero_desktop.domain.errors import CaseManagerError, SecretsError, SignInError
from cmxero_desktop.services.records.autostart import AutostartSeen
from cmxero_desktop.services.records.runs import PollOutcome, PollProgress
from cmxero_desktop.services.records.setting_words import CHRISTMAS, SENTENCES
from cmxero_desktop.services.records.settings import ForwardDating, PolicySettings, Settings
from cmxero_desktop.services.records.setup import SetupAnswers, WizardEnd
from cmxero_desktop.ui.application.application import application
from cmxero_desktop.ui.desk.jobs import JobBridge
from cmxero_desktop.ui.widgets.parts import Choice
from cmxero_desktop.ui.widgets.sheet import Sheet
from cmxero_desktop.ui.wizard.database import ServerForm, apart, seen_words, together
from cmxero_desktop.ui.wizard.first_check import NOTHING_CHANGED, report_rows
from cmxero_desktop.ui.wizard.wizard import Wizard, WizardHandle, run_wizard
from tests.support.patience import HUNG_MS
from tests.ui.fake_desk import Offered, StepWorker
from tests.ui.fake_setup import REPORT, SEEN, FakeSetup
from tests.ui.keys import assert_every_button_has_a_key, plain

MANY = 1_000
CLIENT_ID = "5A4D0B0C7D9E4F10A1B2C3D4E5F60718"
TWO = (Offered("org-1", "Brightside Rehab Pty Ltd"), Offered("org-2", "Brightside Properties Pty Ltd"))


@dataclass
class Visit:
    """A wizard under test, and a person who works through it."""

    wizard: Wizard
    setup: FakeSetup
    worker: StepWorker
    ends: list[WizardEnd]

    def settle(self) -> None:
        for _ in range(3):
            self.worker.run()
            QApplication.processEvents()

    def next(self) -> None:
        self.wizard.next_button.click()
        QApplication.processEvents()

    def sign_in(self) -> None:
        """Go to the page about Xero and sign in."""
        self.next()
        self.wizard.xero.client_id.setText(CLIENT_ID)
        self.wizard.xero.sign_in_button.click()
        self.settle()

    def find_database(self) -> None:
        """Go on and test the database."""
        self.next()
        page = self.wizard.database
        page.server.setText("SRV02")
        page.database.setText("casemanager")
        page.login.setText("reader")
        page.password.setText("S3cret/word")
        page.test_button.click()
        self.settle()

    def to_rules(self) -> None:
        self.sign_in()
        self.find_database()
        self.next()

    def to_people(self) -> None:
        self.to_rules()
        self.next()

    def to_notices(self) -> None:
        self.to_people()
        self.next()

    def question(self) -> Sheet | None:
        return next((sheet for sheet in self.wizard.findChildren(Sheet) if sheet.isVisible()), None)

    def title(self) -> str:
        return self.wizard.heading.text()

    def finished(self) -> SetupAnswers:
        return next(answers for name, answers in self.pairs() if name == "finish")

    def pairs(self) -> Iterator[tuple[object, SetupAnswers]]:
        for call in self.setup.calls:
            if len(call) > 1 and isinstance(call[1], SetupAnswers):
                yield call[0], call[1]


@pytest.fixture
def visit(qtbot: QtBot) -> Iterator[Visit]:
    application()
    setup, worker = FakeSetup(), StepWorker()
    bridge = JobBridge(worker)
    wizard = Wizard(setup, bridge, date(2026, 11, 23))
    made = Visit(wizard, setup, worker, [])
    wizard.left.connect(made.ends.append)
    wizard.show()
    qtbot.waitExposed(wizard, timeout=HUNG_MS)
    yield made
    bridge.close()
    wizard.hide()
    wizard.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    QApplication.processEvents()


def test_every_button_of_every_page_shows_a_key_of_its_own(visit: Visit) -> None:
    assert_every_button_has_a_key(visit.wizard)
    visit.next()
    assert_every_button_has_a_key(visit.wizard)
    visit.wizard.xero.more.click()
    assert_every_button_has_a_key(visit.wizard)
    visit.wizard.xero.client_id.setText(CLIENT_ID)
    visit.wizard.xero.sign_in_button.click()
    assert visit.wizard.xero.cancel_button.isVisible(), "while the browser is waited for"
    assert_every_button_has_a_key(visit.wizard)
    visit.settle()
    visit.find_database()
    assert_every_button_has_a_key(visit.wizard)
    visit.next()
    assert_every_button_has_a_key(visit.wizard)
    visit.next()
    assert_every_button_has_a_key(visit.wizard)
    visit.next()
    assert_every_button_has_a_key(visit.wizard)
    visit.settle()
    assert_every_button_has_a_key(visit.wizard)
    visit.wizard.reject()
    if (question := visit.question()) is not None:
        assert_every_button_has_a_key(question)


def test_from_the_welcome_to_the_report(visit: Visit) -> None:
    visit.to_notices()
    visit.next()
    visit.settle()
    assert visit.setup.names() == ["sign_in", "check_case_manager", "finish", "first_check"]
    assert visit.finished() == SetupAnswers(
        client_id=CLIENT_ID,
        redirect_port=8742,
        tenant_id="org-1",
        case_manager_url="postgresql://reader:S3cret%2Fword@SRV02/casemanager",
        mapping="reference",
        policy=PolicySettings(),
    )
    assert visit.wizard.check.unchanged.isVisible()
    assert visit.wizard.check.unchanged.text() == NOTHING_CHANGED
    visit.next()
    assert visit.ends == [WizardEnd.DONE]


def test_the_report_begins_with_totals_that_differ_over_the_whole_firm() -> None:
    assert next(iter(report_rows(replace(REPORT, totals="57 of 60 invoices.")))) == ("!", "57 of 60 invoices.")


def test_one_of_a_kind_is_counted_as_one() -> None:
    assert ("1", "payment matched: equal in Xero and in Case Manager") in report_rows(replace(REPORT, matched=1))


def test_the_wizard_says_of_a_setting_what_the_settings_say(visit: Visit) -> None:
    said = {shown.text() for shown in visit.wizard.rules.findChildren(QLabel)}
    assert {SENTENCES["policy.start_date"], SENTENCES["policy.near_days"]} <= said
    assert CHRISTMAS in SENTENCES["notices.closed"]


def test_the_report_says_how_many_and_why() -> None:
    old = ("12", "payments of Case Manager alone, old or agreeing in sum: Clean up, above Review (Ctrl+U)")
    assert old in report_rows(replace(REPORT, old_leftovers=12))
    assert list(report_rows(REPORT)) == [
        ("2,891", "payments matched: equal in Xero and in Case Manager"),
        ("359", "changes to approve: 12 additions, 346 links, 1 removal"),
        ("", "Links are of matched payments: each notes in Case Manager which payment of Xero's it is"),
        ("", "Other matched ones have that noted already, or are locked or of several invoices"),
        ("38", "payments only in Case Manager: left as they are, but for the removals above"),
        ("23", "payments skipped, each with a reason and a next step"),
        ("", "Invoice not in Case Manager: 4"),
        ("", "Dated ahead: 2"),
        ("", "Journalled - Xero changed: 17"),
    ]
    assert list(report_rows(replace(REPORT, to_approve={}, skipped={})))[1:] == [
        ("0", "changes to approve"),
        ("38", "payments only in Case Manager: left as they are"),
        ("0", "payments skipped, each with a reason and a next step"),
    ]


def test_enter_does_the_next_step_on_each_page(visit: Visit) -> None:
    def enter() -> None:
        QTest.keyClick(visit.wizard.focusWidget(), Qt.Key.Key_Return)
        visit.settle()

    enter()
    assert visit.title() == "Xero"
    enter()
    assert visit.setup.calls == [], "there is no client id yet"
    visit.wizard.xero.client_id.setText(CLIENT_ID)
    enter()
    enter()
    assert visit.title() == "Case Manager"
    visit.wizard.database.server.setText("SRV02")
    visit.wizard.database.database.setText("casemanager")
    visit.wizard.database.database.setFocus()
    enter()
    enter()
    assert visit.title() == "Rules"
    enter()
    assert visit.title() == "People"
    enter()
    assert visit.title() == "Notices"
    enter()
    assert visit.setup.names() == ["sign_in", "check_case_manager", "finish", "first_check"]
    enter()
    assert visit.ends == [WizardEnd.DONE]


def test_of_several_organisations_a_person_chooses(visit: Visit) -> None:
    visit.setup.offered = TWO
    visit.sign_in()
    page = visit.wizard.xero
    assert (page.why_stay, page.organisation) == ("Choose an organisation.", None)
    assert not visit.wizard.next_button.isEnabled(), "the first of several may be somebody else's"
    page.choices.setCurrentRow(1)
    assert page.organisation == TWO[1]
    assert visit.wizard.next_button.isEnabled()


def test_a_refused_sign_in_is_said_on_the_page_and_what_was_typed_stays(visit: Visit) -> None:
    visit.setup.error = SignInError("Access was declined in Xero.", "Sign in again and choose Allow access.")
    visit.sign_in()
    page = visit.wizard.xero
    assert page.said.text() == "Access was declined in Xero.\nSign in again and choose Allow access."
    assert page.said.accessibleDescription() == page.said.text()
    assert page.client_id.text() == CLIENT_ID
    assert not page.port.isVisible()
    page.sign_in_button.click()
    visit.settle()
    assert page.why_stay == ""


def test_a_port_in_use_opens_the_field_for_another(visit: Visit) -> None:
    visit.setup.error = SignInError("Port 8742 on this computer is in use by another program.", "Close that program.")
    visit.sign_in()
    page = visit.wizard.xero
    assert page.port.isVisible()
    page.port.setText("9001")
    assert page.redirect.text() == "http://localhost:9001/callback"
    page.sign_in_button.click()
    visit.settle()
    assert visit.setup.calls[-1] == ("sign_in", CLIENT_ID, 9001)
    page.port.setText("80")
    assert page.why_stay == "Enter a port from 1024 to 65535."
    assert not page.sign_in_button.isEnabled()


def test_another_client_id_makes_the_sign_in_count_no_more(visit: Visit) -> None:
    visit.sign_in()
    assert visit.wizard.xero.why_stay == ""
    visit.wizard.xero.client_id.setText("ANOTHER")
    assert visit.wizard.xero.organisation is None
    assert visit.wizard.xero.why_stay == "Sign in to Xero first."


def test_the_wait_for_the_browser_is_cancelled_at_once(visit: Visit) -> None:
    visit.next()
    page = visit.wizard.xero
    page.client_id.setText(CLIENT_ID)
    page.sign_in_button.click()
    assert page.said.text().startswith("Waiting for your browser")
    assert not visit.wizard.back_button.isEnabled()
    page.cancel_button.click()
    assert visit.setup.calls == [("cancel_sign_in",)], "without waiting for the worker"


def test_the_redirect_is_copied_exactly(visit: Visit) -> None:
    visit.next()
    visit.wizard.xero.copy.click()
    assert QGuiApplication.clipboard().text() == "http://localhost:8742/callback"


def test_what_does_not_fit_is_listed_and_can_be_tested_again(visit: Visit) -> None:
    visit.sign_in()
    visit.setup.error = CaseManagerError(
        "casemanager on SRV02 does not fit the mapping reference:",
        "Correct the names in the mapping file.",
        problems=("The column notes is missing in the table payments.", "The table system_settings is missing."),
    )
    visit.find_database()
    page = visit.wizard.database
    assert page.said.text().splitlines()[1:] == [
        "- The column notes is missing in the table payments.",
        "- The table system_settings is missing.",
        "Correct the names in the mapping file.",
    ]
    assert page.password.text() == "S3cret/word"
    page.test_button.click()
    visit.settle()
    assert page.why_stay == ""


def test_whatever_is_changed_after_the_test_is_tested_again(visit: Visit) -> None:
    visit.sign_in()
    visit.find_database()
    page = visit.wizard.database
    page.database.setText("casemanager_copy")
    assert (page.why_stay, page.said.text()) == ("Test the database first.", "")


@pytest.mark.parametrize(
    ("may_write", "words"),
    [(False, "may only read, which is right"), (True, "may also write"), (None, "could not be found out")],
)
def test_the_database_is_told_in_words(may_write: bool | None, words: str) -> None:  # noqa: FBT001 - three cases
    said = seen_words(replace(SEEN, may_write=may_write))
    assert said.startswith("casemanager on SRV02 (PostgreSQL) fits: 1,204 invoices, 3,310 payments.")
    assert words in said


def test_the_form_becomes_an_address() -> None:
    form = ServerForm(scheme="mariadb", server="srv:3307", database="cm 2", login="a@b", password="p:/@")
    assert form.address == "mariadb://a%40b:p%3A%2F%40@srv:3307/cm%202"
    assert replace(form, login="", password="").address == "mariadb://srv:3307/cm%202"


def test_the_fingerprint_that_was_confirmed_goes_with_the_address_of_a_sql_server(visit: Visit) -> None:
    visit.sign_in()
    visit.find_database()
    page = visit.wizard.database
    assert not page.certificate.isVisible(), "no other server is told by a fingerprint"
    page.kind.setCurrentIndex(2)
    assert page.certificate.isVisible()
    page.certificate.setText("AB:CD 12")
    assert page.url == "mssql://reader:S3cret%2Fword@SRV02/casemanager?certificate=AB%3ACD%2012"
    assert page.why_stay == "Test the database first."
    page.kind.setCurrentIndex(0)
    assert page.url == "postgresql://reader:S3cret%2Fword@SRV02/casemanager"


def test_a_file_and_a_bare_address_are_other_kinds(visit: Visit) -> None:
    visit.sign_in()
    visit.next()
    page = visit.wizard.database
    page.kind.setCurrentIndex(3)
    assert page.file.isVisible()
    assert not page.server.isVisible()
    assert page.why_stay == "Choose the database file."
    page.file.setText("/data/case #1?.db")
    page.mapping.setText("/data/ours.toml")
    page.test_button.click()
    visit.settle()
    assert visit.setup.calls[-1] == ("check_case_manager", "sqlite:////data/case%20%231%3F.db", "/data/ours.toml")
    page.kind.setCurrentIndex(4)
    assert page.why_stay == "Enter the address of the database."
    page.address.setText(" mssql://ann@srv/cm ")
    assert page.url == "mssql://ann@srv/cm"
    page.password.setText("p:/@")
    assert page.url == "mssql://ann:p%3A%2F%40@srv/cm"


def test_a_sql_server_may_be_an_instance_and_windows_may_sign_in(visit: Visit) -> None:
    visit.sign_in()
    visit.next()
    page = visit.wizard.database
    page.kind.setCurrentIndex(2)
    assert page.server.isVisible()
    assert page.login.placeholderText() == "Leave empty for Windows sign-in"
    assert page.why_stay == "Enter server and database."
    page.server.setText("SRV02\\CASE")
    page.database.setText("Case Manager")
    assert page.url == "mssql://SRV02\\CASE/Case%20Manager"
    page.login.setText("FIRM\\ann")
    page.password.setText("p@ss")
    assert page.url == "mssql://FIRM%5Cann:p%40ss@SRV02\\CASE/Case%20Manager"
    page.kind.setCurrentIndex(0)
    assert page.login.placeholderText() == ""


def test_a_password_in_an_address_is_moved_to_where_it_is_not_shown(visit: Visit) -> None:
    visit.sign_in()
    visit.next()
    page = visit.wizard.database
    page.kind.setCurrentIndex(4)
    page.address.setText("postgresql://ann:p%40ss@srv/cm")
    page.address.editingFinished.emit()
    assert (page.address.text(), page.password.text()) == ("postgresql://ann@srv/cm", "p@ss")
    assert "taken out of the address" in page.said.text()
    assert page.password.isVisible()
    assert page.password.echoMode() is QLineEdit.EchoMode.Password
    page.test_button.click()
    visit.settle()
    assert visit.setup.calls[-1] == ("check_case_manager", "postgresql://ann:p%40ss@srv/cm", "reference")


@pytest.mark.parametrize(
    "address", ["", "nonsense", "postgresql://srv/cm", "postgresql://ann@srv:5433/cm", "sqlite:////data/a:b@c.db"]
)
def test_an_address_without_a_password_stays_as_it_is(address: str) -> None:
    assert apart(address) == (address, "")
    assert together(address, "") == address


@pytest.mark.parametrize("secret", ["p@ss", "a:b/c@d", "%41", "ä "])
def test_a_password_goes_apart_and_together(secret: str) -> None:
    address = "postgresql://ann@srv:5433/cm"
    assert apart(together(address, secret)) == (address, secret)


def test_a_file_is_chosen_in_a_dialog(visit: Visit) -> None:
    visit.sign_in()
    visit.next()
    page = visit.wizard.database
    page.kind.setCurrentIndex(3)
    browse = next(b for b in page.findChildren(QPushButton) if b.accessibleName() == "Choose Case Manager's database")
    browse.click()
    dialog = page.findChild(QFileDialog)
    assert dialog is not None
    dialog.fileSelected.emit("/data/case.db")
    dialog.reject()
    assert page.file.text() == "/data/case.db"
    assert page.why_stay == "Test the database first."


def test_the_rules_are_the_defaults_until_a_person_says_otherwise(visit: Visit) -> None:
    visit.to_rules()
    page = visit.wizard.rules
    assert page.forward.currentText() == "As set in Case Manager (5 days)"
    assert page.policy == PolicySettings()
    page.prefix.setText("INV-")
    page.forward.setCurrentIndex(1)
    page.days.setText("14")
    page.has_start.setChecked(True)
    page.near.setText("3")
    assert page.policy == PolicySettings(
        invoice_prefix="INV-", forward_dating_days=14, start_date=date(2025, 11, 23), near_days=3
    )
    page.forward.setCurrentIndex(2)
    assert page.policy.forward_dating_days is ForwardDating.OFF
    page.near.setText("")
    assert page.why_stay == "Enter a number of days from 0 to 365."
    page.prefix.setText(" ")
    assert page.why_stay == "Enter how your invoice numbers begin."
    page.show_case_manager(None)
    assert page.forward.itemText(0) == "As set in Case Manager (none)"


def test_the_answer_about_case_manager_s_own_link_says_what_follows(visit: Visit) -> None:
    """R29, UX C10: two programs that copy the same payments would enter them twice."""
    visit.to_rules()
    page = visit.wizard.rules
    said = []
    for answer in ("I do not know", "No", "Yes"):
        page.own_link.setCurrentText(answer)
        said.append(page.own_link_note.text())
    assert "only observes" in said[0]
    assert said[1].startswith("Good")
    assert "Switch it off" in said[2]
    assert page.policy == PolicySettings(), "nothing is approved before somebody says so, whatever the answer"


def test_who_decides_is_asked_and_remembered_once_it_is_set_up(visit: Visit) -> None:
    visit.to_people()
    page = visit.wizard.people
    assert visit.title() == "People"
    page.name.setText(" J. Wu ")
    assert page.has_input
    before = visit.wizard.approver
    visit.next()
    visit.next()
    visit.settle()
    assert (before, visit.wizard.approver) == ("", "J. Wu"), "what was not set up is forgotten"


def test_a_line_that_is_put_away_takes_no_letter(visit: Visit) -> None:
    visit.sign_in()
    visit.next()
    buttons = {b.text() for b in visit.wizard.findChildren(QPushButton) if b.isVisible()}
    assert not any(figure in text for text in buttons for figure in "123456789"), buttons


def test_when_an_office_is_quiet_is_asked_and_kept(visit: Visit) -> None:
    visit.to_notices()
    page = visit.wizard.notices
    assert page.setting_texts == {}, "the defaults are those of the settings"
    page.holidays.setCurrentText("NZ Otago")
    page.is_closed.setChecked(True)
    page.has_names.setChecked(True)
    page.is_quiet.setChecked(False)
    visit.next()
    visit.settle()
    assert visit.finished().setting_texts == {
        "notices.quiet_from": "off",
        "notices.quiet_days": "off",
        "notices.holidays": "NZ Otago",
        "notices.closed": "24 Dec to 3 Jan",
        "notices.show_names": "yes",
    }
    kept = with_texts(Settings(), visit.finished().setting_texts).notices
    assert (kept.holidays.region, kept.show_names, len(kept.closed)) == ("NZ Otago", True, 1)


def test_starting_at_sign_in_is_off_until_it_is_ticked_and_not_offered_where_it_cannot_be(visit: Visit) -> None:
    visit.to_notices()
    page = visit.wizard.notices
    assert page.starts.isEnabled()
    assert not page.starts.isChecked()
    page.offer_autostart(AutostartSeen(is_supported=False, said="This system has no way that the program knows."))
    assert not page.starts.isEnabled()
    assert page.starts_said.text() == "This system has no way that the program knows."
    page.offer_autostart(AutostartSeen(is_supported=True, said=""))
    page.starts.click()
    visit.next()
    visit.settle()
    assert visit.finished().starts_at_sign_in


def test_the_first_report_counts_what_may_be_doubled_and_says_what_did_not_work() -> None:
    rows = list(report_rows(replace(REPORT, near_doubles=3, remark="It does not start at sign-in: it is locked.")))
    assert rows[0] == ("!", "It does not start at sign-in: it is locked.")
    assert ("", "3 of the additions may be money that was typed by hand: each is looked at") in rows


def test_a_refused_set_up_can_be_tried_again_or_gone_back_from(visit: Visit) -> None:
    visit.to_notices()
    visit.setup.error = SecretsError("The keyring is locked.", "Unlock it and try again.")
    visit.next()
    visit.settle()
    page = visit.wizard.check
    assert page.said.text() == "The keyring is locked.\nUnlock it and try again."
    assert visit.wizard.back_button.isVisible()
    assert not visit.wizard.next_button.isEnabled()
    page.again_button.click()
    visit.settle()
    assert visit.setup.names()[-3:] == ["finish", "finish", "first_check"]
    assert not visit.wizard.back_button.isVisible(), "what is set up is changed in the settings"


def test_a_first_check_that_xero_puts_off_still_opens_the_program(visit: Visit) -> None:
    paused = replace(REPORT.run, outcome=PollOutcome.PAUSED, reason="Xero asked for a pause until 11:58.")
    visit.setup.report = replace(REPORT, run=paused)
    visit.to_notices()
    visit.next()
    visit.settle()
    page = visit.wizard.check
    assert page.said.text() == "Xero asked for a pause until 11:58.\nThe program is set up, and checks again by itself."
    assert not page.unchanged.isVisible()
    assert visit.wizard.next_button.isEnabled()
    visit.setup.report = REPORT
    page.again_button.click()
    visit.settle()
    assert visit.setup.names().count("finish") == 1
    assert page.unchanged.isVisible()


def test_progress_is_told_and_a_wait_can_be_stopped(visit: Visit) -> None:
    visit.to_notices()
    visit.next()
    page = visit.wizard.check
    assert page.bar.isVisible()
    visit.setup.shown = PollProgress(text="Reading payments from Xero")
    page.show_progress()
    assert page.said.text() == "Reading payments from Xero…"
    assert not page.stop_button.isVisible()
    until = datetime(2026, 11, 23, 11, 58, tzinfo=UTC)
    visit.setup.shown = PollProgress(text="Xero's limit of calls a minute is used up.", waits_until=until)
    page.show_progress()
    assert page.said.text().endswith(f"It goes on at {until.astimezone():%H:%M}.")
    page.stop_button.click()
    assert visit.setup.calls[-1] == ("stop_waiting",)
    visit.settle()
    page.show_progress()
    assert not page.bar.isVisible()


def stay(visit: Visit) -> None:
    del visit


def typed(visit: Visit) -> None:
    visit.next()
    visit.wizard.xero.client_id.setText(CLIENT_ID)


@pytest.mark.parametrize(
    ("go", "is_asked"),
    [
        (stay, False),
        (Visit.next, False),
        (typed, True),
        (Visit.sign_in, True),
        (lambda v: (v.sign_in(), v.find_database()), True),
        (Visit.to_rules, True),
    ],
)
def test_cancelling_asks_where_something_was_entered_and_keeps_nothing(
    visit: Visit,
    go: Callable[[Visit], object],
    is_asked: bool,  # noqa: FBT001 - asked or not
) -> None:
    go(visit)
    QTest.keyClick(visit.wizard, Qt.Key.Key_Escape)
    question = visit.question()
    assert (question is not None) is is_asked
    if question is not None:
        assert visit.ends == []
        stop = next(b for b in question.findChildren(QPushButton) if plain(b.text()) == "Stop")
        stop.click()
        QApplication.processEvents()
    assert visit.ends == [WizardEnd.CANCELLED]
    assert "finish" not in visit.setup.names()
    assert visit.setup.names()[-2:] == ["cancel_sign_in", "stop_waiting"], "nobody is left to wait for"


def test_while_it_is_being_set_up_nothing_is_broken_off(visit: Visit) -> None:
    visit.to_notices()
    visit.next()
    QTest.keyClick(visit.wizard, Qt.Key.Key_Escape)
    assert (visit.question(), visit.ends) == (None, [])
    visit.worker.jobs.pop(0)()
    QApplication.processEvents()
    QTest.keyClick(visit.wizard, Qt.Key.Key_Escape)
    assert visit.ends == [WizardEnd.CANCELLED], "the first check is made when the program starts next"


def test_the_demo_is_a_way_out_and_back_keeps_what_was_entered(visit: Visit) -> None:
    visit.sign_in()
    visit.wizard.back_button.click()
    visit.next()
    assert visit.wizard.xero.client_id.text() == CLIENT_ID
    visit.wizard.back_button.click()
    visit.wizard.welcome.demo.click()
    assert visit.ends == [WizardEnd.DEMO]
    visit.wizard.reject()
    assert visit.ends == [WizardEnd.DEMO], "it ends once"


def test_every_control_has_a_name_and_each_page_fits_a_small_screen(visit: Visit) -> None:
    kinds = (QLineEdit, Choice)
    nameless = [w for kind in kinds for w in visit.wizard.findChildren(kind) if not w.accessibleName()]
    assert [w for w in nameless if not is_inside(w)] == []
    assert visit.wizard.minimumSizeHint().width() <= 512
    assert visit.wizard.minimumSizeHint().height() <= 350
    for area in visit.wizard.findChildren(QScrollArea):
        content = area.widget()
        assert content is not None
        assert content.minimumSizeHint().width() <= 470, type(content).__name__


def is_inside(widget: QWidget) -> bool:
    """Say whether a line is a part of another control, such as a date's."""
    parent = widget.parentWidget()
    return parent is not None and bool(parent.accessibleName()) and not isinstance(parent, QDialog)


def test_running_it_shows_it_raises_it_and_says_how_it_ended(qtbot: QtBot) -> None:
    del qtbot
    seen: list[bool] = []

    def ready(handle: WizardHandle) -> None:
        wizard = next(w for w in QApplication.topLevelWidgets() if isinstance(w, Wizard))

        def leave() -> None:
            seen.append(wizard.isMinimized())
            if seen[-1] and len(seen) < MANY:
                QTimer.singleShot(0, wizard, leave)
            else:
                wizard.welcome.demo.click()

        wizard.showMinimized()
        QTimer.singleShot(0, wizard, handle.show_window)
        QTimer.singleShot(0, wizard, leave)

    end = run_wizard(FakeSetup(), on_worker=StepWorker(), today=date(2026, 11, 23), on_ready=ready)
    assert end is WizardEnd.DEMO
    assert not seen[-1], "it came forward"
