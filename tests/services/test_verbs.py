"""Every command has exactly one use case, and a whole journey can be made by commands alone."""

from collections import Counter
from contextlib import nullcontext
from datetime import timedelta
from pathlib import Path
from typing import Any, NoReturn

import pytest

from cmxero_desktop.adapters.memory_secrets import MemorySecrets
from cmxero_desktop.adapters.settings_file.texts import texts_of, with_texts
from cmxero_desktop.app.suggesting import suggesting_for
from cmxero_desktop.domain.accounts import AccountAnswer
from cmxero_desktop.domain.errors import DeskError, NotAllowedError, StoreError
from cmxero_desktop.domain.identifiers import CasePaymentId
from cmxero_desktop.domain.memory import Explained
from cmxero_desktop.domain.proposals import ProposalKind
from cmxero_desktop.domain.records import Account
from cmxero_desktop.domain.sor.tables import ListColumn, ListTable
from cmxero_desktop.services.connecting.belonging import OtherBooks
from cmxero_desktop.services.connecting.connecting import Connecting
from cmxero_desktop.services.connecting.epochs import Epochs, StorePlace
from cmxero_desktop.services.connecting.mailing import Mailing
from cmxero_desktop.services.connecting.updates import Updates
from cmxero_desktop.services.ports.computer import SettingForms
from cmxero_desktop.services.ports.waits import NoWaits
from cmxero_desktop.services.records.audit import AuditWhat
from cmxero_desktop.services.records.autostart import AutostartSeen
from cmxero_desktop.services.records.readings import CaseManagerFacts
from cmxero_desktop.services.records.reports import Bundle, BundleChoice, HealthCheck, HealthFacts
from cmxero_desktop.services.records.runs import MissedChecks
from cmxero_desktop.services.records.settings import MailSettings
from cmxero_desktop.services.records.setup import AddressSeen, InitRequest
from cmxero_desktop.services.verbs.closed_lines import closed_handlers
from cmxero_desktop.services.verbs.commands.checking import AskHistory, NoteMissed, Poll, RenewSignIn
from cmxero_desktop.services.verbs.commands.computer import (
    AskForUpdates,
    AskForUpdatesIfDue,
    ReadAutostart,
    SendHash,
    SendTestMail,
    SetAutostart,
    SetMail,
)
from cmxero_desktop.services.verbs.commands.connecting import Disconnect, Initialise, Pin, ReadAddress, SignIn
from cmxero_desktop.services.verbs.commands.deciding import Approve, ApproveAll, Hold, Reject, Reopen
from cmxero_desktop.services.verbs.commands.diagnosing import Examine, MakeBundle, ReadHealth, Verify, WriteBundle
from cmxero_desktop.services.verbs.commands.saying import (
    AlreadyThere,
    ChooseLink,
    Corrected,
    Explain,
    ReadNumberChoices,
    Renumber,
    SayAccount,
    Unpair,
    WriteNote,
)
from cmxero_desktop.services.verbs.commands.settings import ReadSettings
from cmxero_desktop.services.verbs.commands.sor import (
    KeepHeadings,
    MailSorNotices,
    MarkSchedule,
    ReadScheduleList,
    TickEnding,
    WriteCalendar,
)
from cmxero_desktop.services.verbs.commands.viewing import CompareDebtors, Export, ReadView
from cmxero_desktop.services.verbs.commands.writing import Apply, Undo
from cmxero_desktop.services.verbs.dispatching import Dispatcher, Meter
from cmxero_desktop.services.verbs.parts import ClosedParts, OpenParts
from cmxero_desktop.services.verbs.table import open_handlers
from cmxero_desktop.services.writing.watched import Watched
from tests.services.desk import ANN, NOV_1, Desk, ids, nov
from tests.services.fake_mail_server import FakeMailServer
from tests.services.fake_releases import FakeMemory, FakeSource
from tests.services.fake_sign_in import WU, FakeSignIn
from tests.support.commands import all_commands

HEALTH = HealthFacts(home="", store_place="", log_file="", disk_free_bytes=1, versions={})
CHECKS = (HealthCheck(name="store", is_good=True, seen="whole"),)
COMMANDS = frozenset(all_commands())


class FakeAutostart:
    """A system that keeps whether the program starts at sign-in."""

    def __init__(self) -> None:
        self.is_on = False

    def seen(self) -> AutostartSeen:
        return AutostartSeen(is_supported=True, is_on=self.is_on, said="Here.")

    def set(self, *, is_on: bool) -> None:
        self.is_on = is_on


class Counted:
    """Counts the requests of a day, or cannot."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.counts: list[int] = []
        self.error: Exception | None = None

    def count(self, made: int) -> None:
        if self.error is not None:
            raise self.error
        self.counts.append(made)

    def meter(self) -> Meter:
        return Meter(requests_made=lambda: self.desk.xero.requests_made, count=self.count)


def closed_parts(desk: Desk, sign_in: FakeSignIn) -> ClosedParts:
    connecting = Connecting(sign_in=sign_in, settings_file=desk.settings, store=desk.store, clock=desk.clock)

    def initialise(request: InitRequest) -> CaseManagerFacts:
        assert request.xero_client_id == "client-1"
        return desk.case.check()

    return ClosedParts(
        settings_file=desk.settings,
        connecting=lambda: connecting,
        read_address=lambda url: AddressSeen(login="", label=url, has_password=False),
        initialise=initialise,
        suggesting=suggesting_for(desk.settings, MemorySecrets(), lambda: desk.store),
        examine=lambda: CHECKS,
        mailing=lambda: Mailing(
            settings_file=desk.settings, secrets=MemorySecrets(), server=FakeMailServer(), clock=desk.clock
        ),
        updates=Updates(
            settings_file=desk.settings,
            source=FakeSource(),
            is_signed=lambda *_: False,
            memory=FakeMemory(),
            clock=desk.clock,
            jitter=timedelta,
            own_version="0.1.0",
            own_store_revision="0019",
        ),
        autostart=FakeAutostart(),
        make_bundle=lambda _: Bundle(()),
        write_bundle=lambda _, path: path,
    )


def open_parts(desk: Desk, sign_in: FakeSignIn) -> OpenParts:
    return OpenParts(
        closed=closed_parts(desk, sign_in),
        outside=desk.outside,
        books=OtherBooks(desk.outside),
        epochs=Epochs(desk.outside, MemorySecrets(), StorePlace(place="here", computer="SRV02")),
        sign_in=sign_in,
        desktop=desk.desk,
        turn=nullcontext,
        watched=Watched(tell=desk.told.append),
        read_health=lambda: HEALTH,
        write_export=lambda _view, _debtors, path: path,
        setting_forms=SettingForms(texts_of, with_texts),
        write_list=lambda _shown, path: path,
        write_lists=lambda _shown, path: path,
        write_text=lambda _, path: path,
        read_list=lambda _: ListTable(rows=()),
        calendar_text=lambda days, _: " ".join(day.uid for day in days),
        write_calendar=lambda _, path: path,
    )


@pytest.fixture
def counted(desk: Desk) -> Counted:
    return Counted(desk)


@pytest.fixture
def sign_in() -> FakeSignIn:
    return FakeSignIn()


@pytest.fixture
def verbs(desk: Desk, counted: Counted, sign_in: FakeSignIn) -> Dispatcher:
    return Dispatcher(open_handlers(open_parts(desk, sign_in)), waits=NoWaits(), meter=counted.meter())


def test_every_command_has_exactly_one_handler(desk: Desk, sign_in: FakeSignIn) -> None:
    kinds = Counter(handler.kind for handler in open_handlers(open_parts(desk, sign_in)))
    assert kinds == Counter(COMMANDS)


def test_what_looks_for_faults_needs_no_open_desk(desk: Desk, sign_in: FakeSignIn) -> None:
    kinds = {handler.kind for handler in closed_handlers(closed_parts(desk, sign_in))}
    assert {kind for kind in COMMANDS if not kind.needs_open_desk} <= kinds < COMMANDS


def test_a_command_with_two_handlers_is_a_mistake(counted: Counted) -> None:
    twice = [Verify.handled_by(lambda _: pytest.fail("never asked")) for _ in range(2)]
    with pytest.raises(ValueError, match="Verify has two handlers"):
        Dispatcher(twice, waits=NoWaits(), meter=counted.meter())


def test_a_journey_by_commands(desk: Desk, verbs: Dispatcher) -> None:
    desk.bill()
    desk.xero.pay("CM-100", "10.00", NOV_1)
    assert verbs.run(Poll()).counts.proposed == 1
    waiting = tuple(ids(desk.proposals()))
    assert verbs.run(Hold(ids=waiting, by=ANN, reason="later")).done
    assert verbs.run(Reopen(ids=waiting, by=ANN, reason="now")).done
    assert len(verbs.run(ApproveAll(by=ANN, kind=ProposalKind.ADD)).done) == 1
    assert len(verbs.run(Apply(ids=None, by=ANN)).applied) == 1
    (applied,) = verbs.run(ReadView()).proposals.values()
    assert verbs.run(Undo(ids=(applied.proposal_id,), by=ANN, reason="a mistake")).is_complete
    assert verbs.run(Verify()).is_good


def test_one_by_one_the_rest_reaches_its_use_case(desk: Desk, verbs: Dispatcher, sign_in: FakeSignIn) -> None:
    desk.bill()
    desk.xero.pay("CM-100", "10.00", NOV_1)
    verbs.run(Poll())
    (row,) = ids(desk.proposals())
    assert verbs.run(Approve(ids=(row,), by=ANN)).done
    assert verbs.run(Reopen(ids=(row,), by=ANN, reason="not yet")).done
    assert verbs.run(Reject(ids=(row,), by=ANN, reason="no")).done
    verbs.run(NoteMissed(MissedChecks(count=1, first_at=desk.clock(), last_at=desk.clock(), why="asleep.")))
    assert desk.history()[-1].event.what is AuditWhat.SKIPPED_RUN
    verbs.run(RenewSignIn())
    assert verbs.run(SignIn("s3cret")) == (WU,)
    assert sign_in.secret == "s3cret"
    assert verbs.run(Pin(tenant_id="", by=ANN)) is WU
    verbs.run(Disconnect(by=ANN))
    assert sign_in.done == ["keep", "sign_out"]
    assert verbs.run(ReadSettings()).xero.tenant_id == WU.tenant_id
    request = InitRequest(case_manager_url="sqlite://", mapping="reference", xero_client_id="client-1")
    assert verbs.run(Initialise(request)) == desk.case.check()
    assert verbs.run(ReadAddress("sqlite:///case.db")).label == "sqlite:///case.db"
    assert not verbs.run(AskForUpdates()).is_on
    assert not verbs.run(ReadAutostart()).is_on
    assert verbs.run(SetAutostart(is_on=True)).is_on
    assert not verbs.run(AskForUpdatesIfDue())
    assert (verbs.run(ReadHealth()), verbs.run(Examine())) == (HEALTH, CHECKS)
    bundle = verbs.run(MakeBundle(BundleChoice()))
    assert verbs.run(WriteBundle(bundle, Path("d.zip"))) == Path("d.zip")
    assert verbs.run(Export(Path("out.xlsx"))) == Path("out.xlsx")


def test_a_near_double_is_linked_by_its_command(desk: Desk, verbs: Dispatcher) -> None:
    desk.bill()
    desk.xero.pay("CM-100", "10.00", NOV_1)
    key = desk.case.type_in("100", "10.00", nov(8))
    desk.poll()
    add = desk.proposal()
    typed = CasePaymentId(str(key))  # a person need not know whether keys are numbers or text
    change = verbs.run(ChooseLink(proposal_id=add.proposal_id, case_payment_id=typed, by=ANN))
    assert desk.proposal().proposal_id == change


def test_who_did_what_with_a_payment_is_asked_by_its_command(desk: Desk, verbs: Dispatcher) -> None:
    desk.bill()
    paid = desk.xero.pay("CM-100", "10.00", NOV_1)
    verbs.run(Poll())
    assert verbs.run(AskHistory(paid)).payment_id == paid


def test_requests_are_counted_whatever_becomes_of_a_command(
    desk: Desk, counted: Counted, caplog: pytest.LogCaptureFixture
) -> None:
    def ask(error: Exception | None) -> Any:  # noqa: ANN401 - the handler of a test
        def answer(_: object) -> tuple[HealthCheck, ...]:
            desk.xero.organisation()
            desk.xero.organisation()
            if error is not None:
                raise error
            return CHECKS

        return Dispatcher((Examine.handled_by(answer),), waits=NoWaits(), meter=counted.meter())

    assert ask(None).run(Examine()) == CHECKS
    with pytest.raises(StoreError, match="away"):
        ask(StoreError("The store is away.")).run(Examine())
    assert counted.counts == [2, 2]
    assert [line.message for line in caplog.records] == ["Examine done", "Examine could not be done: StoreError"]
    counted.error = OSError("full")
    assert ask(None).run(Examine()) == CHECKS, "a count that cannot be kept takes nothing away"
    assert caplog.records[-2].message == "2 requests to Xero could not be counted: OSError"


@pytest.mark.allow_log
def test_what_nobody_foresaw_leaves_its_trace_in_the_log(counted: Counted, caplog: pytest.LogCaptureFixture) -> None:
    def fail(_: Examine) -> NoReturn:
        raise KeyError("odd")

    with pytest.raises(KeyError):
        Dispatcher((Examine.handled_by(fail),), waits=NoWaits(), meter=counted.meter()).run(Examine())
    [line] = caplog.records
    assert line.message == "Examine met something that nobody foresaw"
    assert line.exc_info


def test_what_is_logged_holds_no_secret_and_no_name(verbs: Dispatcher, caplog: pytest.LogCaptureFixture) -> None:
    verbs.run(SignIn("s3cret"))
    verbs.run(Pin(tenant_id="", by=ANN))
    assert [line.message for line in caplog.records] == ["SignIn done", "Pin done"]
    assert "s3cret" not in repr(SignIn("s3cret"))
    assert "s3cret" not in repr(ReadAddress("postgresql://ann:s3cret@srv/cm"))
    url = "postgresql://ann:s3cret@srv/cm"
    typed = InitRequest(
        case_manager_url=url, xero_client_id="", password="s3cret", store_url=url, store_password="s3cret"
    )
    assert "s3cret" not in repr(Initialise(typed))


def test_a_desk_at_rest_waits_for_nothing(verbs: Dispatcher) -> None:
    assert verbs.waits.progress() is None
    verbs.waits.stop_waiting()
    verbs.waits.cancel_sign_in()


def test_what_a_person_says_is_kept_by_its_command(desk: Desk, verbs: Dispatcher) -> None:
    desk.bill()
    paid = desk.xero.pay("CM-100", "400.00", NOV_1)
    key = desk.case.type_in("100", "33.00", nov(9))
    verbs.run(Poll())
    why = "the bank says so"
    assert verbs.run(CompareDebtors()).unexplained.minor == 0
    assert "explained: other" in verbs.run(Explain(case_payment_id=key, what=Explained.OTHER, by=ANN, reason=why))
    assert "same money" in verbs.run(Explain(case_payment_id=key, same=(paid,), by=ANN, reason=why))
    second = desk.xero.pay("CM-100", "50.00", nov(2))
    other = desk.case.type_in("100", "55.00", nov(2))
    verbs.run(Poll())
    (add,) = [p for p in desk.proposals() if p.proposal.xero_payment_id == second]
    with pytest.raises(NotAllowedError, match="Nothing locked"):
        verbs.run(Corrected(row_id=add.proposal_id, by=ANN, reason=why))
    there = AlreadyThere(proposal_id=add.proposal_id, case_payment_id=other, by=ANN, reason=why)
    assert "same money" in verbs.run(there)
    assert "never paired" in verbs.run(Unpair(row_id=f"x-{second}", by=ANN, reason=why))


def test_a_note_is_kept_and_taken_off_by_its_command(desk: Desk, verbs: Dispatcher) -> None:
    desk.bill()
    paid = desk.xero.pay("CM-100", "400.00", NOV_1)
    verbs.run(Poll())
    said = WriteNote(row_id=f"x-{paid}", by=ANN, text="Ask Jo", owner="Kim", follow_up=nov(30))
    assert verbs.run(said) == "CM-100: Ask Jo. Kim sees to it. Follow up on 30 Nov 2026."
    (row,) = verbs.run(ReadView()).unmatched
    assert "taken off" in verbs.run(WriteNote(row_id=row.row_id, by=ANN, seen=row.notes))


def test_what_an_account_is_may_be_said_as_a_verb(verbs: Dispatcher, desk: Desk) -> None:
    desk.bill()
    desk.xero.chart = [Account(account_id="a-1", name="Trust money", code="882", account_type="CURRLIAB")]
    desk.xero.change(desk.xero.pay("CM-100", "10.00", NOV_1), account_id="a-1")
    desk.poll()
    asked = SayAccount(account="882", answer=AccountAnswer.NEVER_COPY, by=ANN)
    assert verbs.run(asked).startswith("Trust money (882): never copy them.")
    assert desk.settings.load().policy.never_copy == ("882",)


def test_r1_which_invoice_one_is_is_asked_and_said_by_commands(desk: Desk, verbs: Dispatcher) -> None:
    desk.bill()
    verbs.run(Poll())
    assert verbs.run(ReadNumberChoices("CM-100")).goes_with == "100"
    assert (
        verbs.run(Renumber(invoice="CM-100", number="100", by=ANN)) == "CM-100 in Xero is invoice 100 of Case Manager."
    )


def test_lists_calendars_and_the_mail_server_are_reached_by_commands(desk: Desk, verbs: Dispatcher) -> None:
    desk.bill()
    verbs.run(Poll())
    with pytest.raises(DeskError, match="has no line of headings"):
        verbs.run(ReadScheduleList(path=Path("list.csv")))
    verbs.run(KeepHeadings({"Our no": ListColumn.INVOICE}))
    assert verbs.run(ReadSettings()).sor.headings == {"Our no": ListColumn.INVOICE}
    with pytest.raises(DeskError, match="no debit date to write"):
        verbs.run(WriteCalendar(path=Path("dates.ics")))
    verbs.run(MarkSchedule(invoice="CM-100", by=ANN))
    desk.xero.pay("CM-100", "10.00", NOV_1)
    verbs.run(Poll())
    (alert,) = verbs.run(ReadView()).sor.standing
    assert verbs.run(WriteCalendar(path=Path("dates.ics"))) == Path("dates.ics")
    assert verbs.run(WriteCalendar(path=Path("one.ics"), keys=(alert.key,))) == Path("one.ics")
    mail = MailSettings(host="smtp.firm.example", sender="desk@firm.example", recipients=("ann@firm.example",))
    verbs.run(SetMail(mail))
    assert verbs.run(SendTestMail()).startswith("smtp.firm.example took the mail.")
    assert "was sent" in verbs.run(SendHash())
    # A day later, without a check in between: its reminder is due.
    desk.clock.pass_days(1)
    verbs.run(MailSorNotices())
    with desk.store.read() as unit:
        sent = unit.sor.mail_sent()
    assert sent is not None
    assert sent.subject.startswith("SOR invoice CM-100: another payment, day 2 of 7")


def test_what_is_left_after_a_schedule_ended_is_ticked_by_a_command(desk: Desk, verbs: Dispatcher) -> None:
    desk.bill()
    verbs.run(Poll())
    verbs.run(MarkSchedule(invoice="CM-100", by=ANN))
    with pytest.raises(NotAllowedError, match="has no list"):
        verbs.run(TickEnding(schedule_id="CM-100", key="recouped", by=ANN))
