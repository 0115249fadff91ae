"""The doctor has a line for each part: good, or what to do, and one trouble is told once."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from cmxero_desktop.adapters.sql.addresses import has_password
from cmxero_desktop.adapters.store import SqlStore
from cmxero_desktop.domain.belonging import DatabasePlace, KnownDatabase, NumberedInvoice
from cmxero_desktop.domain.errors import CaseManagerError, DeskError, SecretsError, SettingsError
from cmxero_desktop.domain.identifiers import OrganisationId
from cmxero_desktop.domain.records import Organisation
from cmxero_desktop.domain.room import Room
from cmxero_desktop.domain.ways import CONNECT, SET_MAIL
from cmxero_desktop.services.diagnostics.examining import ExaminedComputer, ExaminedParts, examine
from cmxero_desktop.services.diagnostics.once import Once
from cmxero_desktop.services.ports.case_manager import Confirm
from cmxero_desktop.services.records.abilities import CANNOT_APPROVE, Ability, Able, Rehearsal
from cmxero_desktop.services.records.audit import AuditEvent, AuditWhat
from cmxero_desktop.services.records.readings import NO_TRANSACTIONS, CaseManagerFacts
from cmxero_desktop.services.records.releases import UpdatesSeen
from cmxero_desktop.services.records.reports import HealthCheck, OpenToOthers
from cmxero_desktop.services.records.runs import Allowance, CallLimits, PinnedOrganisation, SignInAge
from cmxero_desktop.services.records.server_seen import ServerSeen, TableSeen
from cmxero_desktop.services.records.settings import (
    CaseManagerSettings,
    MailSettings,
    Mode,
    Settings,
    SignInKind,
    StoreSettings,
    Tier,
    XeroSettings,
)
from tests.services.fake_case_manager import CASE_DB, FakeCaseManager
from tests.services.fake_time import Steps
from tests.support.stores import lay_out_store

NOW = datetime(2026, 11, 23, 10, 45, tzinfo=UTC)
WU = Organisation(organisation_id=OrganisationId("org-1"), name="Wu & Partners", currency="AUD", time_zone="UTC")
FACTS = CaseManagerFacts(
    label="case.db on this computer",
    invoices=1200,
    payments=3400,
    forward_dating_days=5,
    is_journalled_locked=True,
    notes_limit=500,
    reference_limit=50,
    payment_type="EFT",
    imported_text="Xero payment",
    while_writing="Writing locks one.",
)


@dataclass
class FakeXero:
    """A reader that answers with an organisation, or with the error that it is given."""

    time_zone_problem: str = ""
    clock_ahead: timedelta | None = timedelta(seconds=3)
    error: DeskError | None = None

    def organisation(self) -> Organisation:
        if self.error is not None:
            raise self.error
        return WU


@dataclass
class FakeKeyring:
    """A keyring that knows its name, or refuses."""

    error: DeskError | None = None
    is_signed: bool = True
    lacks: str = ""

    def describe(self) -> str:
        if self.error is not None:
            raise self.error
        return "SecretService Keyring"

    def get(self, name: str) -> str | None:
        return None if name == self.lacks else name

    def set(self, name: str, value: str) -> None:
        raise NotImplementedError

    def delete(self, name: str) -> None:
        raise NotImplementedError

    def is_signed_in(self) -> bool:
        return self.is_signed


@dataclass
class Stage:
    """A healthy desk; each test makes one part of it ill."""

    home: Path
    store: SqlStore
    settings: Settings = field(default_factory=Settings)
    xero: FakeXero = field(default_factory=FakeXero)
    keyring: FakeKeyring = field(default_factory=FakeKeyring)
    facts: CaseManagerFacts = FACTS
    free_bytes: int = 53_000_000_000
    open_to_others: OpenToOthers = field(default_factory=OpenToOthers)
    proxy: SettingsError | None = None
    updates: UpdatesSeen = field(default_factory=lambda: UpdatesSeen(is_on=False, own_version="0.1.0"))
    database: FakeCaseManager = field(default_factory=lambda: FakeCaseManager(Steps()))

    def identify(self, look: Confirm) -> None:
        self.database.identify(look)

    def look_at_settings(self) -> Settings:
        return replace(self.settings)

    def proxy_seen(self, _: XeroSettings) -> str:
        if self.proxy is not None:
            raise self.proxy
        return "none: Xero is asked directly."

    def parts(self) -> ExaminedParts:
        computer = ExaminedComputer(
            home=self.home,
            log_file=self.home / "logs" / "desk.log",
            clock=lambda: NOW,
            zone=UTC,
            free_bytes=lambda: self.free_bytes,
            room=lambda is_shared: Room(disk_bytes=None if is_shared else self.free_bytes),
            open_to_others=lambda: self.open_to_others,
            has_password=has_password,
            proxy=self.proxy_seen,
        )
        return ExaminedParts(
            computer=computer,
            settings=lambda: self.settings,
            store=lambda: self.store,
            case_manager=lambda: self.facts,
            server=self.database.look_at_server,
            rehearse=self.database.rehearse,
            identify=self.identify,
            secrets=lambda: self.keyring,
            tokens=lambda: self.keyring,
            xero=lambda: self.xero,
            updates=lambda: self.updates,
        )

    def look(self, name: str) -> HealthCheck:
        return next(check for check in examine(self.parts()) if check.name == name)

    def renewed(self, days_ago: int) -> None:
        with self.store.begin() as unit:
            at = NOW - timedelta(days=days_ago)
            unit.polling.save_sign_in(SignInAge(renewed_at=at))
            unit.polling.save_organisation(PinnedOrganisation(time_zone="Australia/Sydney"))
            unit.commit()


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    store = SqlStore(lay_out_store(tmp_path / "store.db"))
    staged = Stage(tmp_path, store)
    staged.renewed(days_ago=1)
    yield staged
    store.close()


def test_a_server_that_cannot_be_asked_is_told_by_its_first_line(stage: Stage) -> None:
    stage.database.is_down = True
    assert (stage.look("server").is_good, stage.look("server").remedy) == (False, "Put right first: Case Manager.")


def test_a_server_that_may_hide_payments_is_bad(stage: Stage) -> None:
    seen = ServerSeen(kind="SQL Server", tables=(TableSeen(name="dbo.payments", filters=("own office",)),))
    stage.database.server = seen
    assert not stage.look("server").is_good


def test_a_healthy_desk_is_good_in_every_line(stage: Stage) -> None:
    checks = examine(stage.parts())
    assert [check.name for check in checks] == [
        *("settings", "store", "Case Manager", "server", "records", "keyring", "Xero", "sign-in", "clock"),
        *(
            "time zone",
            "calls",
            "accounts",
            "mail",
            "totals",
            "doubts",
            "proxy",
            "disk",
            "payments",
            "rights",
            "log",
            "version",
            "updates",
        ),
    ]
    assert [check for check in checks if not check.is_good or check.remedy] == []
    seen = {check.name: check.seen for check in checks}
    assert seen["store"] == f"{stage.home / 'store.db'}, whole, 0 audit entries."
    assert seen["Case Manager"] == (
        "case.db on this computer, 1,200 invoices, 3,400 payments, fits the mapping. Writing locks one."
    )
    assert seen["keyring"] == "SecretService Keyring; it holds the sign-in to Xero."
    assert seen["Xero"] == "Wu & Partners answers, AUD."
    assert seen["sign-in"] == "In the browser, renewed on 22 Nov 2026; unused it would end on 21 Jan 2027."
    assert seen["clock"] == "this computer says 2026-11-23 10:45 UTC, and Xero says the same within 10 minutes."
    assert seen["disk"] == f"53.0 GB free where {stage.home} is."
    assert seen["payments"] == (
        "0 payments are stored. There is room for about 6,625,000 in all; then the disk ends first."
    )
    assert seen["rights"] == f"Only you can read what is in {stage.home}."
    assert seen["log"] == f"{stage.home / 'logs' / 'desk.log'}; the window writes it, and has written nothing yet."
    assert seen["time zone"] == "Australia/Sydney, as Xero names it."
    assert seen["calls"] == "0 used today, 5,000 of 5,000 left, 500 of them kept for Check Xero."
    assert seen["totals"] == "Not compared before the first check."
    assert seen["doubts"] == "Not compared before the first check."
    assert seen["proxy"] == "none: Xero is asked directly."
    assert seen["updates"].startswith("Nobody is asked")


def test_news_of_a_newer_version_that_could_not_be_asked_for_needs_a_look(stage: Stage) -> None:
    stage.updates = replace(stage.updates, is_on=True, place="https://example.com", trouble="No.", remedy="Look.")
    assert (stage.look("updates").is_good, stage.look("updates").remedy) == (False, "Look.")


@pytest.mark.parametrize(
    "held",
    [
        {"case_manager": CaseManagerSettings(url="postgresql://ann:s3cret@srv/case")},
        {"store": StoreSettings(url="postgresql://ann:s3cret@srv/desk")},
        {"xero": XeroSettings(proxy="ann:s3cret@proxy.firm:8080")},
        {"case_manager": CaseManagerSettings(url="post gres://ann:s3cret@srv")},
    ],
)
def test_a_password_in_the_settings_is_a_bad_line(stage: Stage, held: dict[str, Any]) -> None:
    stage.settings = Settings(**held)
    check = stage.look("settings")
    assert (check.is_good, "holds a password" in check.seen, "s3cret" in check.seen) == (False, True, False)
    stage.settings = Settings(case_manager=CaseManagerSettings(url="postgresql://ann@srv/case"))
    assert stage.look("settings").is_good


def test_one_trouble_is_told_once_and_the_others_say_what_comes_first(stage: Stage) -> None:
    error = SettingsError("Line 3: no such key.", "Correct it.")

    def broken() -> Settings:
        raise error

    once = Once(broken)

    def store() -> SqlStore:
        once()
        return stage.store

    def case_manager() -> CaseManagerFacts:
        once()
        return FACTS

    parts = replace(stage.parts(), settings=once, store=store, case_manager=case_manager)
    checks = {check.name: check for check in examine(parts)}
    assert checks["settings"].seen == "Line 3: no such key."
    for name in ("store", "Case Manager", "calls", "accounts", "proxy", "updates"):
        assert (checks[name].seen, checks[name].remedy) == ("Not looked at.", "Put right first: settings.")
    assert checks["keyring"].is_good
    assert checks["Xero"].is_good
    assert checks["disk"].is_good


def test_the_records_are_told_whose_they_are(stage: Stage) -> None:
    assert stage.look("records").seen == "none yet; they will belong to what the first check reads."
    invoice_id = stage.database.bill("100")
    with stage.store.begin() as unit:
        known = KnownDatabase(place=CASE_DB, oldest=(NumberedInvoice(invoice_id, "100"),))
        unit.polling.save_database(known)
        unit.polling.save_organisation(PinnedOrganisation(organisation_id="org-1", name="Wu & Partners"))
        unit.commit()
    assert stage.look("records").seen == "those of Wu & Partners and case.db in /srv, where the settings lead."
    stage.database.place = DatabasePlace(name="case.db in /mnt/usb", mark="another")
    check = stage.look("records")
    assert (check.is_good, "adopt-database" in check.remedy) == (False, True)
    assert "case.db in /srv" in check.seen
    assert "case.db in /mnt/usb" in check.seen
    stage.database.is_down = True
    assert stage.look("records").remedy == "Put right first: Case Manager."
    stage.settings = Settings(xero=XeroSettings(tenant_id="org-2"))
    check = stage.look("records")
    assert (check.is_good, "Wu & Partners" in check.seen, "org-2" in check.seen) == (False, True, True)


def test_without_settings_the_keyring_is_named_all_the_same(stage: Stage) -> None:
    def none() -> FakeKeyring:
        raise SettingsError("There is no settings.toml yet.")

    parts = replace(stage.parts(), tokens=none)
    checks = {check.name: check for check in examine(parts)}
    assert checks["keyring"].seen == "SecretService Keyring."
    assert not checks["sign-in"].is_good


def test_a_keyring_that_refuses_is_a_line_apart_from_xero(stage: Stage) -> None:
    stage.keyring.error = SecretsError("The keyring is locked.", "Unlock it.")
    check = stage.look("keyring")
    assert (check.is_good, check.remedy) == (False, "Unlock it.")
    assert stage.look("Xero").is_good


def test_no_sign_in_says_where_to_begin(stage: Stage) -> None:
    stage.keyring.is_signed = False
    assert stage.look("keyring").seen == "SecretService Keyring; it holds no sign-in to Xero."
    check = stage.look("sign-in")
    assert (check.is_good, check.remedy) == (False, f"Sign in: {CONNECT}.")


@pytest.mark.parametrize(("days_ago", "is_good"), [(52, True), (54, False), (61, False)])
def test_a_sign_in_that_nears_its_end_needs_a_person(stage: Stage, days_ago: int, is_good: bool) -> None:  # noqa: FBT001 - one of two ends
    stage.renewed(days_ago)
    check = stage.look("sign-in")
    assert check.is_good is is_good
    assert bool(check.remedy) is not is_good


def test_a_sign_in_of_which_no_age_is_known_is_good(stage: Stage) -> None:
    with stage.store.begin() as unit:
        unit.polling.save_sign_in(SignInAge())
        unit.polling.save_organisation(PinnedOrganisation())
        unit.commit()
    assert stage.look("sign-in").is_good
    assert stage.look("time zone").seen == "not known before the first check."


@pytest.mark.parametrize(
    ("ahead", "words"),
    [
        (timedelta(minutes=11), "11 min ahead of Xero's"),
        (timedelta(hours=-3, minutes=-2), "3 h 2 min behind Xero's"),
        (timedelta(days=365, hours=4), "365 d 4 h ahead of Xero's"),
    ],
)
def test_a_wrong_clock_is_a_bad_line(stage: Stage, ahead: timedelta, words: str) -> None:
    stage.xero.clock_ahead = ahead
    check = stage.look("clock")
    assert not check.is_good
    assert words in check.seen
    assert "Set the date, the time and the time zone" in check.remedy


@pytest.mark.parametrize("ahead", [timedelta(minutes=9), timedelta(minutes=-10), None])
def test_a_clock_that_is_right_or_cannot_be_told_is_good(stage: Stage, ahead: timedelta | None) -> None:
    stage.xero.clock_ahead = ahead
    assert stage.look("clock").is_good


def test_an_unknown_time_zone_is_a_bad_line(stage: Stage) -> None:
    stage.xero.time_zone_problem = "Xero names the time zone 'MOON', which is not known, so dates are judged in UTC."
    check = stage.look("time zone")
    assert (check.is_good, check.seen) == (False, stage.xero.time_zone_problem)
    assert "Financial settings" in check.remedy


def test_calls_that_are_nearly_used_up_are_a_bad_line(stage: Stage) -> None:
    stage.settings = Settings(xero=XeroSettings(tier=Tier.STARTER))
    with stage.store.begin() as unit:
        unit.polling.save_allowance(Allowance(limits=CallLimits(day=101, seen_at=NOW)))
        unit.commit()
    check = stage.look("calls")
    assert (check.is_good, check.seen) == (
        False,
        "0 used today, 101 of 1,000 left, 100 of them kept for Check Xero.",
    )


def test_the_proxy_is_named_and_one_that_cannot_be_understood_is_a_bad_line(stage: Stage) -> None:
    assert stage.look("proxy").seen == "none: Xero is asked directly."
    stage.proxy = SettingsError("The address of the proxy cannot be understood.", "It looks like http://proxy:8080.")
    assert stage.look("proxy").remedy == "It looks like http://proxy:8080."


def test_a_full_disk_is_a_bad_line(stage: Stage) -> None:
    stage.free_bytes = 499_999_999
    check = stage.look("disk")
    assert (check.is_good, "at least 500 MB" in check.remedy) == (False, True)


def test_files_that_others_can_read_are_a_bad_line(stage: Stage) -> None:
    stage.open_to_others = OpenToOthers(paths=(str(stage.home / "store.db"),))
    check = stage.look("rights")
    assert (check.is_good, check.seen) == (
        False,
        f"Other people of this computer can read or change {stage.home / 'store.db'}.",
    )
    assert f"chmod -R go= '{stage.home}'" in check.remedy


def test_a_store_with_damaged_pages_is_a_bad_line(stage: Stage) -> None:
    with stage.store.begin() as unit:
        unit.audit.append([AuditEvent(at=NOW, by="Ann", what=AuditWhat.CONNECTED, reason="x" * 9_000)] * 9)
        unit.commit()
    stage.store.close()
    file = stage.home / "store.db"
    with sa.create_engine(f"sqlite:///{file}", poolclass=sa.NullPool).connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    content = bytearray(file.read_bytes())
    at = content.rindex(b"x" * 500)
    content[at - at % 4096 : at - at % 4096 + 4096] = b"\xff" * 4096
    file.write_bytes(content)
    check = stage.look("store")
    assert not check.is_good
    assert check.remedy


def test_a_changed_audit_entry_is_a_bad_line(stage: Stage) -> None:
    with stage.store.begin() as unit:
        unit.audit.append([AuditEvent(at=NOW, by="Ann", what=AuditWhat.CONNECTED)])
        unit.commit()
    with stage.store._engines.writer.connect() as connection:
        for name in connection.scalars(sa.text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
            connection.execute(sa.text(f"DROP TRIGGER {name}"))
        connection.execute(sa.text("UPDATE audit_entries SET event = replace(event, 'Ann', 'Eve')"))
        connection.commit()
    check = stage.look("store")
    assert (check.is_good, "entry 1 does not fit the chain" in check.seen) == (False, True)


def test_a_part_is_made_once_and_its_error_stays_the_same(stage: Stage) -> None:
    made = Once(stage.look_at_settings)
    assert [made.is_made, made() is made(), made.is_made] == [False, True, True]
    calls: list[int] = []

    def fail() -> int:
        calls.append(1)
        raise CaseManagerError("gone")

    broken = Once(fail)
    errors = []
    for _ in range(2):
        with pytest.raises(CaseManagerError) as raised:
            broken()
        errors.append(raised.value)
    assert errors[0] is errors[1]
    assert len(calls) == 1


def test_a_custom_connection_does_not_end(stage: Stage) -> None:
    stage.settings = Settings(xero=XeroSettings(sign_in=SignInKind.CUSTOM_CONNECTION))
    assert stage.look("sign-in").seen == "By a custom connection, whose secret the keyring holds; it does not end."


@pytest.mark.parametrize("mode", Mode)
def test_a_table_without_transactions_is_for_observe_mode(stage: Stage, mode: Mode) -> None:
    problem = "The table payments uses the storage engine MyISAM."
    stage.facts = replace(FACTS, write_problem=problem, write_remedy=NO_TRANSACTIONS)
    stage.settings = replace(stage.settings, mode=mode)
    line = stage.look("Case Manager")
    assert line.is_good is (mode is Mode.OBSERVE)
    assert "storage engine MyISAM" in line.seen
    assert ("Observe mode" in line.remedy) is not line.is_good


def test_in_approve_mode_what_an_approval_needs_is_tried(stage: Stage) -> None:
    stage.settings = replace(stage.settings, mode=Mode.APPROVE)
    assert "Adding, changing and removing a payment was tried, and taken back." in stage.look("Case Manager").seen
    unknown = Ability(name="add a payment", able=Able.UNKNOWN, why="there is no invoice")
    stage.database.rehearsal = Rehearsal(abilities=(unknown,))
    seen = stage.look("Case Manager")
    assert seen.is_good
    assert seen.seen.endswith("It may or may not be able to add a payment: there is no invoice.")
    cannot = Ability(name="lock an invoice", able=Able.NO, why="it is a view")
    stage.database.rehearsal = Rehearsal(abilities=(cannot, unknown))
    seen = stage.look("Case Manager")
    assert (seen.is_good, seen.remedy) == (False, CANNOT_APPROVE)
    assert seen.seen.endswith("It cannot lock an invoice: it is a view.")


def test_nothing_is_tried_in_a_database_that_is_not_the_right_one(stage: Stage) -> None:
    stage.settings = replace(stage.settings, mode=Mode.APPROVE)
    elsewhere = DatabasePlace(name="another.db in /srv", mark="another")
    oldest = (NumberedInvoice(stage.database.bill("100"), "100"),)
    with stage.store.begin() as unit:
        unit.polling.save_database(KnownDatabase(place=elsewhere, oldest=oldest))
        unit.commit()
    assert "Writing was not tried: first the records have to lead here." in stage.look("Case Manager").seen


def test_a_mail_server_without_its_password_is_a_bad_line_and_with_it_a_good_one(stage: Stage) -> None:
    mail = MailSettings(host="smtp.firm.example", sender="desk@firm.example", recipients=("ann@firm.example",))
    stage.settings = replace(stage.settings, mail=mail)
    assert stage.look("mail").is_good
    stage.settings = replace(stage.settings, mail=replace(mail, login="desk"))
    assert stage.look("mail").is_good
    stage.keyring.lacks = "mail-password:desk@smtp.firm.example"
    check = stage.look("mail")
    assert not check.is_good
    assert check.remedy.startswith(f"Give it once: {SET_MAIL}")
