"""Facts, approvals and intents belong to one organisation and one database; every verb holds to it (R35)."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from cmxero_desktop.domain.belonging import DatabasePlace
from cmxero_desktop.domain.errors import (
    DeskError,
    NotAllowedError,
    OtherDatabaseError,
    OtherOrganisationError,
    StoreError,
    XeroUnavailableError,
)
from cmxero_desktop.domain.identifiers import CaseInvoiceId, OrganisationId
from cmxero_desktop.domain.proposals import ProposalKind, ProposalState
from cmxero_desktop.services.connecting.belonging import OtherBooks, adopt_database, keep_database, known_name
from cmxero_desktop.services.ports.store import Store
from cmxero_desktop.services.ports.waits import NoWaits
from cmxero_desktop.services.records.alerts import AlertKind
from cmxero_desktop.services.records.audit import AuditWhat
from cmxero_desktop.services.records.runs import MissedChecks, PollAsk, PollOutcome
from cmxero_desktop.services.verbs.closed_lines import closed_handlers
from cmxero_desktop.services.verbs.commands.checking import NoteMissed, Poll, RenewSignIn
from cmxero_desktop.services.verbs.commands.cleaning_up import ReadCleanup, WriteCleanupReport, WriteCleanupState
from cmxero_desktop.services.verbs.commands.command import Command
from cmxero_desktop.services.verbs.commands.computer import (
    AskForUpdates,
    AskForUpdatesIfDue,
    ReadAutostart,
    SendHash,
    SendTestMail,
    SetAutostart,
    SetMail,
)
from cmxero_desktop.services.verbs.commands.connecting import (
    AdoptDatabase,
    Disconnect,
    Initialise,
    Pin,
    ReadAddress,
    SignIn,
    SuggestMapping,
    WriteMapping,
)
from cmxero_desktop.services.verbs.commands.diagnosing import Examine, MakeBundle, ReadHealth, Verify, WriteBundle
from cmxero_desktop.services.verbs.commands.settings import ReadSettings, ReadSettingTexts
from cmxero_desktop.services.verbs.commands.sor import (
    KeepHeadings,
    MailSorNotices,
    ReadScheduleList,
    SaidSorNotices,
    TakeSorNotices,
    WriteCalendar,
)
from cmxero_desktop.services.verbs.commands.viewing import (
    CompareDebtors,
    Export,
    ExportList,
    ReadChanges,
    ReadTransition,
    ReadView,
    ReportCopying,
    ShowInvoice,
    WriteChanges,
)
from cmxero_desktop.services.verbs.dispatching import Dispatcher
from cmxero_desktop.services.verbs.table import open_handlers
from tests.services.desk import ANN, NOV_1, Desk
from tests.services.fake_case_manager import CASE_DB, FakeCaseManager
from tests.services.fake_sign_in import FakeSignIn
from tests.services.fake_store import MemoryStore
from tests.services.fake_time import Crash
from tests.services.test_verbs import COMMANDS, Counted, open_parts

COPY = DatabasePlace(name="case.db in /mnt/usb", mark="copy of case.db")
# What shows what is stored, sets up, or finds out by itself; everything else is held to the right database.
OTHERS = {
    ReadView,
    ReadSettings,
    ReadHealth,
    Verify,
    CompareDebtors,
    ReadCleanup,
    ReportCopying,
    ReadTransition,
    WriteCleanupReport,
    WriteCleanupState,
    ShowInvoice,
    Export,
    ExportList,
    ReadChanges,
    WriteChanges,
    ReadSettingTexts,
    Poll,
    NoteMissed,
    RenewSignIn,
    AdoptDatabase,
    ReadAddress,
    SuggestMapping,
    WriteMapping,
    Initialise,
    SignIn,
    Pin,
    Disconnect,
    Examine,
    ReadAutostart,
    SetAutostart,
    AskForUpdates,
    AskForUpdatesIfDue,
    MakeBundle,
    WriteBundle,
    SetMail,
    SendTestMail,
    SendHash,
    TakeSorNotices,
    SaidSorNotices,
    MailSorNotices,
    ReadScheduleList,
    KeepHeadings,
    WriteCalendar,
}

ACTS = sorted(COMMANDS - OTHERS, key=lambda kind: kind.__name__)


def verbs_of(desk: Desk) -> Dispatcher:
    """Open a desk over what the settings lead to now."""
    return Dispatcher(open_handlers(open_parts(desk, FakeSignIn())), waits=NoWaits(), meter=Counted(desk).meter())


@pytest.fixture
def books(desk: Desk) -> OtherBooks:
    return OtherBooks(desk.outside)


def busy(desk: Desk) -> None:
    """Let the desk have compared, with an addition that is approved."""
    desk.case.bill_others()
    desk.bill()
    desk.xero.pay("CM-100", "400.00", NOV_1)
    desk.poll()
    desk.approve(desk.proposal(ProposalKind.ADD))


def copied(desk: Desk) -> FakeCaseManager:
    """Lead to a copy at another place, and return the database that was left."""
    old = desk.case
    desk.restart()
    desk.case = replace(old, invoices=dict(old.invoices), rows=dict(old.rows), place=COPY)
    return old


def lead_back(desk: Desk, old: FakeCaseManager) -> None:
    desk.restart()
    desk.case = old


def others(desk: Desk) -> FakeCaseManager:
    """Lead to a database with other invoices."""
    old = copied(desk)
    desk.case.invoices = {
        key: replace(invoice, number=f"A-{invoice.number}") for key, invoice in desk.case.invoices.items()
    }
    return old


def lead_to_other_organisation(desk: Desk) -> None:
    settings = desk.settings.settings
    desk.settings.settings = replace(settings, xero=replace(settings.xero, tenant_id="org-2"))


def test_what_is_not_held_is_a_command() -> None:
    assert OTHERS < COMMANDS


@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.__name__)
@pytest.mark.parametrize(
    ("lead", "error"),
    [(copied, OtherDatabaseError), (others, OtherDatabaseError), (lead_to_other_organisation, OtherOrganisationError)],
)
def test_every_act_is_refused_while_the_settings_lead_elsewhere(
    desk: Desk, lead: Callable[[Desk], object], error: type[DeskError], act: type[Command[object]]
) -> None:
    busy(desk)
    lead(desk)
    before, history = dict(desk.case.rows), desk.history()
    verbs = verbs_of(desk)
    with pytest.raises(error):
        # It is refused before anybody looks at what it asks for, so it need not ask for anything.
        verbs.run(object.__new__(act))
    assert desk.case.rows == before
    assert desk.history() == history
    (alert, *_) = verbs.run(ReadView()).alerts
    assert alert.key == "other-books"
    assert verbs.run(ReadView()).counts.alerts == 1


@pytest.mark.parametrize("lead", [copied, others, lead_to_other_organisation])
def test_a_check_reads_and_keeps_nothing_while_the_settings_lead_elsewhere(
    desk: Desk, lead: Callable[[Desk], object]
) -> None:
    busy(desk)
    lead(desk)
    desk.xero.pay("CM-100", "55.00", NOV_1)
    before = desk.state()
    made = desk.xero.requests_made
    run = desk.polling.poll(PollAsk(is_full=True))
    assert (run.outcome, run.fetched) == (PollOutcome.OTHER_BOOKS, 0)
    assert desk.state() == before
    # The name of the other organisation may be asked for.
    assert desk.xero.requests_made - made <= 1
    assert [p.proposal.amount.amount for p in desk.proposals()] == []


def test_both_databases_are_named(desk: Desk) -> None:
    busy(desk)
    others(desk)
    reason = desk.polling.poll(PollAsk()).reason
    assert CASE_DB.name in reason
    assert COPY.name in reason
    assert "home folder of its own" in reason


def test_both_organisations_are_named(desk: Desk) -> None:
    busy(desk)
    lead_to_other_organisation(desk)
    desk.xero.org = replace(desk.xero.org, organisation_id=OrganisationId("org-2"), name="Smith & Co")
    reason = desk.polling.poll(PollAsk()).reason
    assert "Wu & Partners (org-1)" in reason
    assert "Smith & Co (org-2)" in reason
    assert 'tenant_id = "org-1"' in reason


def test_an_organisation_whose_name_cannot_be_had_is_named_by_its_id(desk: Desk) -> None:
    busy(desk)
    lead_to_other_organisation(desk)
    reason = desk.polling.poll(PollAsk()).reason
    assert "another organisation (org-2)" in reason
    desk.xero.errors["organisation"] = XeroUnavailableError("It does not answer.")
    assert "another organisation (org-2)" in desk.polling.poll(PollAsk()).reason


def test_the_name_of_an_organisation_is_known_where_its_records_are_and_nowhere_else(desk: Desk) -> None:
    desk.poll()

    def broken() -> Store:
        raise StoreError("The store is away.")

    assert known_name(lambda: desk.store, "org-1") == "Wu & Partners"
    assert known_name(lambda: desk.store, "org-2") == ""
    assert known_name(broken, "org-1") == ""


def test_nothing_is_settled_in_another_database(desk: Desk) -> None:
    """A write that was made there would not be found here, and be proposed a second time."""
    busy(desk)

    def end(name: str) -> None:
        if name == "committed":
            raise Crash

    desk.steps.trouble = end
    with pytest.raises(Crash):
        desk.apply()
    desk.steps.trouble = None
    old = copied(desk)
    desk.case.rows.clear()
    with pytest.raises(OtherDatabaseError):
        desk.settle()
    with desk.store.read() as unit:
        assert len(unit.intents.still_open()) == 1
    lead_back(desk, old)
    desk.settle()
    assert desk.proposal(None, ProposalState.APPLIED).proposal.kind is ProposalKind.ADD


def test_the_right_database_goes_on_after_the_address_was_put_back(desk: Desk) -> None:
    busy(desk)
    old = others(desk)
    with pytest.raises(OtherDatabaseError):
        desk.apply()
    lead_back(desk, old)
    assert len(desk.apply().applied) == 1
    assert desk.paid() == ["400.00"]


def test_a_move_is_said_by_a_person_with_a_reason_and_kept(desk: Desk) -> None:
    busy(desk)
    copied(desk)
    with pytest.raises(NotAllowedError, match="reason"):
        adopt_database(desk.outside, ANN, " ")
    said = adopt_database(desk.outside, ANN, "the server was renewed")
    assert CASE_DB.name in said
    assert COPY.name in said
    event = desk.history()[-1].event
    assert (event.what, event.by, event.reason) == (AuditWhat.ADOPTED, ANN, "the server was renewed")
    assert event.evidence == {"from": CASE_DB.name, "to": COPY.name}
    assert event.database == COPY.name
    desk.poll()
    assert len(desk.apply().applied) == 1
    with pytest.raises(NotAllowedError, match="as it is"):
        adopt_database(desk.outside, ANN, "once more")


def test_history_names_the_database_of_every_write(desk: Desk) -> None:
    busy(desk)
    desk.apply()
    copied(desk)
    adopt_database(desk.outside, ANN, "the server was renewed")
    desk.poll()
    assert len(desk.undo(desk.proposal(None, ProposalState.APPLIED)).applied) == 1
    named = [(e.event.what, e.event.database) for e in desk.history() if e.event.database]
    assert named == [
        (AuditWhat.APPLIED, CASE_DB.name),
        (AuditWhat.ADOPTED, COPY.name),
        (AuditWhat.UNDONE, COPY.name),
    ]


def test_the_old_place_is_another_one_after_a_move(desk: Desk) -> None:
    """The old server often goes on for a while: whatever is written there is lost."""
    busy(desk)
    old = copied(desk)
    adopt_database(desk.outside, ANN, "the server was renewed")
    lead_back(desk, old)
    assert desk.polling.poll(PollAsk()).outcome is PollOutcome.OTHER_BOOKS


def test_nobody_can_say_that_other_invoices_are_the_same_database(desk: Desk) -> None:
    busy(desk)
    others(desk)
    with pytest.raises(OtherDatabaseError, match="other invoices"):
        adopt_database(desk.outside, ANN, "it is right")
    lead_to_other_organisation(desk)
    with pytest.raises(OtherOrganisationError):
        adopt_database(desk.outside, ANN, "it is right")


def test_old_invoices_that_were_cleared_out_are_said_by_a_person(desk: Desk) -> None:
    desk.case.invoices.clear()
    for _ in range(60):
        desk.case.bill("x")
    for key, invoice in desk.case.invoices.items():
        desk.case.invoices[key] = replace(invoice, number=str(key))
    desk.xero.bill("CM-60")
    desk.xero.pay("CM-60", "400.00", NOV_1)
    desk.poll()
    for number in range(1, 51):
        del desk.case.invoices[CaseInvoiceId(number)]
    assert "cleared out" in desk.polling.poll(PollAsk()).reason
    adopt_database(desk.outside, ANN, "older than seven years")
    desk.poll()


def test_an_older_store_takes_the_database_that_its_records_speak_of(desk: Desk, memory: MemoryStore) -> None:
    busy(desk)
    del memory.rows.states["database"]
    old = others(desk)
    run = desk.polling.poll(PollAsk())
    assert run.outcome is PollOutcome.OTHER_BOOKS
    assert "case.db on this computer" in run.reason
    lead_back(desk, old)
    desk.poll()
    assert desk.state().database.place == CASE_DB


def test_a_home_that_saw_an_empty_database_first_takes_the_next(desk: Desk) -> None:
    desk.xero.bill("CM-100")
    desk.poll()
    copied(desk)
    desk.case.bill("100")
    desk.poll()
    assert desk.state().database.place == COPY


def test_new_invoices_are_remembered_as_they_come(desk: Desk) -> None:
    desk.bill()
    desk.poll()
    desk.case.bill("101")
    desk.poll()
    assert [invoice.number for invoice in desk.state().database.oldest] == ["100", "101"]


def test_what_was_remembered_is_not_written_again(desk: Desk) -> None:
    busy(desk)
    desk.steps.seen.clear()
    keep_database(desk.outside)
    assert desk.steps.seen == []


# What is shown


def test_a_database_that_does_not_answer_is_nobodys(desk: Desk, books: OtherBooks) -> None:
    busy(desk)
    desk.case.is_down = True
    books.require_ours()
    assert books.alert is None


@pytest.mark.parametrize(
    ("lead", "kind"),
    [
        (copied, AlertKind.DATABASE_MOVED),
        (others, AlertKind.OTHER_BOOKS),
        (lead_to_other_organisation, AlertKind.OTHER_BOOKS),
    ],
)
def test_the_start_says_where_the_settings_lead(desk: Desk, lead: Callable[[Desk], object], kind: AlertKind) -> None:
    busy(desk)
    lead(desk)
    settings = desk.settings.settings
    case_manager = replace(settings.case_manager, url="sqlite:////mnt/usb/case.db")
    desk.settings.settings = replace(settings, case_manager=case_manager)
    made = desk.xero.requests_made
    books = OtherBooks(desk.outside)
    books.look_at_start()
    assert books.alert is not None
    assert books.alert.kind is kind
    # Nobody waits for Xero to see what is stored.
    assert desk.xero.requests_made == made


def test_the_start_waits_for_no_server_that_was_right(desk: Desk) -> None:
    settings = desk.settings.settings
    url = "postgresql://reader@srv/cm"
    desk.settings.settings = replace(settings, case_manager=replace(settings.case_manager, url=url))
    busy(desk)
    others(desk)
    books = OtherBooks(desk.outside)
    books.look_at_start()
    assert books.alert is None
    books.look()
    assert books.alert is not None


def test_a_check_tells_what_it_found_and_what_was_put_right(desk: Desk) -> None:
    busy(desk)
    old = copied(desk)
    verbs = verbs_of(desk)
    verbs.run(Poll(PollAsk()))
    assert verbs.run(ReadView()).alerts[0].kind is AlertKind.DATABASE_MOVED
    assert COPY.name in verbs.run(AdoptDatabase(by=ANN, reason="moved"))
    assert verbs.run(ReadView()).alerts == ()
    verbs.run(NoteMissed(MissedChecks(count=1, first_at=desk.clock(), last_at=desk.clock(), why="asleep")))
    assert old.rows == {}


def test_what_needs_no_open_desk_needs_no_database(desk: Desk) -> None:
    kinds = {handler.kind for handler in closed_handlers(open_parts(desk, FakeSignIn()).closed)}
    assert kinds < OTHERS
