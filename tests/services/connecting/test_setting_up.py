"""Setting up keeps nothing before everything fits, and leaves no half where something refuses at the end."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from cmxero_desktop.adapters.memory_secrets import MemorySecrets
from cmxero_desktop.adapters.settings_file.texts import with_texts
from cmxero_desktop.domain.errors import AutostartError, SecretsError, SettingsError, SignInError
from cmxero_desktop.domain.mapping.findings import MappingSuggestion
from cmxero_desktop.domain.mapping.seen import SeenSchema
from cmxero_desktop.services.connecting.initialising import CASE_MANAGER_PASSWORD
from cmxero_desktop.services.connecting.setting_up import SettingUp, SetupParts
from cmxero_desktop.services.ports.xero import XeroSignIn
from cmxero_desktop.services.records.autostart import AutostartSeen
from cmxero_desktop.services.records.mapping import MappingRequest, SuggestedMapping
from cmxero_desktop.services.records.runs import Counts, PollOutcome, PollProgress, PollRun, Trigger
from cmxero_desktop.services.records.settings import PolicySettings, XeroSettings
from cmxero_desktop.services.records.setup import DatabaseSeen, FirstReport, SetupAnswers
from tests.services.desk import ANN, Desk, FakeSettingsFile
from tests.services.fake_sign_in import WU, FakeSignIn

ANSWERS = SetupAnswers(
    client_id="client-1",
    redirect_port=8400,
    tenant_id=WU.tenant_id,
    case_manager_url="sqlite:///case.db#S3cret",
    policy=PolicySettings(near_days=3),
)


def split(url: str) -> tuple[str, str | None]:
    """Take the password from an address, which stands behind a # here."""
    address, _, password = url.partition("#")
    return address, password or None


@dataclass
class FirstDesk:
    """A desk that checks, and says meanwhile where it is."""

    report: FirstReport
    meanwhile: list[Callable[[], object]] = field(default_factory=list)
    told: list[object] = field(default_factory=list)

    @property
    def waits(self) -> "FirstDesk":
        return self

    def progress(self) -> PollProgress:
        return PollProgress(text="Reading…")

    def stop_waiting(self) -> None:
        self.told.append("stopped")

    def cancel_sign_in(self) -> None:
        raise NotImplementedError

    def check_everything(self) -> FirstReport:
        self.told += [look() for look in self.meanwhile]
        return self.report


class Starting:
    """What starts the program at sign-in on this computer."""

    def __init__(self) -> None:
        self.is_on = False
        self.error: AutostartError | None = None

    def seen(self) -> AutostartSeen:
        return AutostartSeen(is_supported=True, is_on=self.is_on, said="")

    def set(self, *, is_on: bool) -> None:
        if self.error is not None:
            raise self.error
        self.is_on = is_on


class Office:
    """A home folder that is to be set up, and what is left of it."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.sign_in = FakeSignIn()
        self.secrets = MemorySecrets()
        self.file = FakeSettingsFile(is_there=False)
        self.starting = Starting()
        run = PollRun(
            run_id="r",
            trigger=Trigger.PERSON,
            started_at=desk.clock(),
            finished_at=desk.clock(),
            is_full=True,
            outcome=PollOutcome.DONE,
            fetched=1,
            requests=4,
            counts=Counts(),
        )
        self.first = FirstDesk(FirstReport(run=run, matched=1, to_approve={}, only_in_case_manager=0, skipped={}))
        self.setup = SettingUp(self._parts())

    def _parts(self) -> SetupParts:
        return SetupParts(
            settings_file=self.file,
            settings_place="/home/ann/settings.toml",
            secrets=self.secrets,
            with_texts=with_texts,
            clock=self.desk.clock,
            by=ANN,
            identity_url="",
            api_url="",
            split_password=split,
            examine=self._examine,
            suggest=self._suggest,
            write_mapping=lambda made, path: path / str(len(made.schema.tables)),
            sign_in=self._sign_in_to,
            autostart=self.starting,
            store=lambda: nullcontext(self.desk.store),
            desk=self._open,
        )

    def _suggest(self, request: MappingRequest) -> SuggestedMapping:
        return SuggestedMapping(
            suggestion=MappingSuggestion(label=request.url, kind="SQLite", tables=0, looked_into=0),
            schema=SeenSchema(label=request.url, kind="SQLite", tables=()),
        )

    def _examine(self, address: str, mapping: str, password: str | None) -> DatabaseSeen:
        assert (address, mapping, password) == ("sqlite:///case.db", "reference", "S3cret")
        return DatabaseSeen(facts=self.desk.case.check(), kind="SQLite", may_write=True)

    def _sign_in_to(self, settings: XeroSettings) -> XeroSignIn:
        assert (settings.client_id, settings.redirect_port) == ("client-1", 8400)
        return self.sign_in

    @contextmanager
    def _open(self) -> Iterator[FirstDesk]:
        yield self.first


@pytest.fixture
def office(desk: Desk) -> Office:
    return Office(desk)


def test_from_nothing_to_the_first_report(office: Office) -> None:
    assert office.setup.check_case_manager(ANSWERS.case_manager_url, "reference").kind == "SQLite"
    assert office.setup.sign_in("client-1", 8400) == (WU,)
    assert office.sign_in.done == []
    office.setup.finish(replace(ANSWERS, setting_texts={"notices.holidays": "NSW"}))
    assert office.file.settings.xero.tenant_id == WU.tenant_id
    assert office.file.settings.notices.holidays.region == "NSW"
    assert office.file.settings.case_manager.url == "sqlite:///case.db"
    assert office.file.settings.policy == ANSWERS.policy
    assert office.secrets.get(CASE_MANAGER_PASSWORD) == "S3cret"
    assert office.setup.first_check() == office.first.report
    assert not office.starting.is_on, "nothing starts by itself unasked"


def test_it_starts_at_sign_in_where_that_was_ticked_and_where_it_cannot_the_report_says_so(office: Office) -> None:
    """Sign-in, password and settings are kept all the same: what starts by itself can be set later."""
    assert office.setup.autostart().is_supported
    office.setup.sign_in("client-1", 8400)
    office.setup.finish(replace(ANSWERS, starts_at_sign_in=True))
    assert office.starting.is_on
    assert office.setup.first_check().remark == ""


def test_where_it_cannot_start_at_sign_in_all_else_is_set_up_and_the_report_says_so(office: Office) -> None:
    office.starting.error = AutostartError("The folder is read only.", "Ask who keeps this computer.")
    office.setup.sign_in("client-1", 8400)
    office.setup.finish(replace(ANSWERS, starts_at_sign_in=True))
    assert office.file.is_there
    remark = office.setup.first_check().remark
    assert remark == "It does not start at sign-in: The folder is read only. Settings, Notices, has the same tick."


def test_a_mapping_is_suggested_and_written_by_the_use_case_that_is_handed_in(office: Office) -> None:
    made = office.setup.suggest_mapping(MappingRequest(url="sqlite:///case.db"))
    assert made.suggestion.label == "sqlite:///case.db"
    assert office.setup.write_mapping(made, Path("firm")) == Path("firm/0")


def test_where_the_first_check_is_can_be_asked_while_it_runs(office: Office) -> None:
    office.first.meanwhile = [office.setup.progress, office.setup.stop_waiting]
    office.setup.stop_waiting()
    assert office.setup.progress() is None
    office.setup.first_check()
    assert office.first.told == ["stopped", PollProgress(text="Reading…"), None]
    assert office.setup.progress() is None


def test_a_sign_in_is_cancelled_where_there_is_one(office: Office) -> None:
    office.setup.cancel_sign_in()
    office.setup.sign_in("client-1", 8400)
    office.setup.cancel_sign_in()
    assert office.sign_in.done == ["cancel"]


def test_no_sign_in_or_one_with_other_answers_does_not_count(office: Office) -> None:
    with pytest.raises(SignInError, match="not yet"):
        office.setup.finish(ANSWERS)
    office.setup.sign_in("client-1", 8400)
    with pytest.raises(SignInError, match="with other answers"):
        office.setup.finish(replace(ANSWERS, redirect_port=8401))
    assert not office.file.is_there


def test_settings_that_came_meanwhile_are_left_alone(office: Office) -> None:
    office.setup.sign_in("client-1", 8400)
    office.file.is_there = True
    with pytest.raises(SettingsError, match=r"settings\.toml was written by someone else"):
        office.setup.finish(ANSWERS)


@pytest.mark.parametrize("before", [None, "before"])
def test_what_is_refused_at_the_end_leaves_the_password_as_it_was(office: Office, before: str | None) -> None:
    if before is not None:
        office.secrets.set(CASE_MANAGER_PASSWORD, before)
    office.setup.sign_in("client-1", 8400)
    office.sign_in.error = SecretsError("The keyring is locked.", "Unlock it.")
    with pytest.raises(SecretsError):
        office.setup.finish(ANSWERS)
    assert office.secrets.get(CASE_MANAGER_PASSWORD) == before
    assert not office.file.is_there
    office.sign_in.error = None
    office.setup.finish(ANSWERS)
    assert office.file.is_there, "the same sign-in is good for another try"
