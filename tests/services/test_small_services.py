"""Verify, connect, initialise, diagnose, the policy and the local date."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from cmxero_desktop.domain.correlation.judging import Judgement
from cmxero_desktop.domain.errors import (
    CaseManagerError,
    SecretsError,
    SettingsError,
    SignInError,
    XeroUnavailableError,
)
from cmxero_desktop.domain.identifiers import XeroInvoiceId
from cmxero_desktop.domain.money import Money
from cmxero_desktop.domain.placements import Correlation
from cmxero_desktop.domain.policy import Columns, Locks
from cmxero_desktop.services.checking.comparing import Comparing
from cmxero_desktop.services.connecting.connecting import Connecting
from cmxero_desktop.services.connecting.initialising import (
    CASE_MANAGER_PASSWORD,
    initialise,
    require_case_manager,
    require_xero_app,
    store_password_name,
)
from cmxero_desktop.services.correlation.organisation_day import local_date
from cmxero_desktop.services.correlation.policies import policy_of
from cmxero_desktop.services.diagnostics.diagnosing import diagnose
from cmxero_desktop.services.diagnostics.verifying import verify
from cmxero_desktop.services.ports.xero import Connection
from cmxero_desktop.services.records.abilities import Ability, Able, Rehearsal
from cmxero_desktop.services.records.alerts import AlertKind
from cmxero_desktop.services.records.audit import AuditWhat
from cmxero_desktop.services.records.readings import CaseManagerFacts
from cmxero_desktop.services.records.runs import Counts, PollOutcome, PollState, SignInAge
from cmxero_desktop.services.records.settings import (
    CaseManagerSettings,
    ForwardDating,
    Mode,
    PolicySettings,
    Settings,
    XeroSettings,
)
from cmxero_desktop.services.records.setup import InitRequest
from tests.domain.support import run, snapshot, xero
from tests.services.desk import ANN, NOV_1, Desk, FakeSettingsFile
from tests.services.fake_sign_in import ITO, WU, FakeSignIn
from tests.services.fake_store import MemoryStore


def one_payment(desk: Desk) -> None:
    desk.bill()
    desk.xero.pay("CM-100", "10.00", NOV_1)
    desk.poll()


# Verify


def test_a_good_desk(desk: Desk) -> None:
    one_payment(desk)
    desk.approve_and_apply(desk.proposal())
    report = verify(desk.store)
    assert (report.is_good, report.invoices, report.audit_entries) == (True, 1, 2)


def test_a_wrong_control_total_is_found(desk: Desk) -> None:
    desk.xero.skew[XeroInvoiceId("invoice-1")] = Money.of("11.00", "AUD")
    one_payment(desk)
    assert verify(desk.store).findings == ("Invoice CM-100: its payments add up to 10.00, Xero's AmountPaid is 11.00.",)


def test_an_invoice_that_is_not_known_is_found(desk: Desk) -> None:
    desk.bill()
    desk.xero.pay("CM-100", "10.00", NOV_1)
    desk.xero.invoices.clear()
    desk.poll()
    assert "nothing that could be read" in verify(desk.store).findings[0]


def test_rows_of_no_known_invoice_have_no_control_total(desk: Desk) -> None:
    one_payment(desk)
    desk.xero.bill("INV-1")
    desk.xero.break_row(desk.xero.pay("INV-1", "10.00", NOV_1), is_told=False)
    desk.poll()
    assert desk.view().counts.skipped == 1
    assert verify(desk.store).is_good


def test_a_changed_audit_entry_is_found(desk: Desk, memory: MemoryStore) -> None:
    one_payment(desk)
    desk.approve(desk.proposal())
    first = memory.rows.audit[1]
    memory.rows.audit[1] = replace(first, event=replace(first.event, by="Eve"))
    assert verify(desk.store).findings == ("Audit trail: entry 1 does not fit the chain; it was changed or removed.",)


def test_money_that_no_row_accounts_for_is_found_and_is_an_alert(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    lost = Judgement(correlations={"CM-100": Correlation()})
    monkeypatch.setattr("cmxero_desktop.services.correlation.firm.judge_from", lambda *_, **__: lost)
    one_payment(desk)
    assert [alert.kind for alert in desk.view().alerts] == [AlertKind.NOT_EXPLAINED]
    found = verify(desk.store).findings
    assert found[0] == "Tie-out: 10.00 is not explained by any row."
    assert found[1].startswith("Completeness: 1 payments of Xero have no row: ")
    monkeypatch.undo()
    assert desk.poll().counts.alerts == 0


def test_a_row_of_another_invoice_is_found(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two invoices whose rows were mistaken for each other lack a row and show a stranger's."""
    stranger = run(snapshot([xero("P9", "10.00")]))
    mistaken = Judgement(correlations={"CM-100": stranger})
    monkeypatch.setattr("cmxero_desktop.services.correlation.firm.judge_from", lambda *_, **__: mistaken)
    one_payment(desk)
    assert "Completeness: 1 rows show no payment of Xero: P9." in verify(desk.store).findings


# Connect


def connecting(desk: Desk, sign_in: FakeSignIn) -> Connecting:
    return Connecting(sign_in=sign_in, settings_file=desk.settings, store=desk.store, clock=desk.clock)


def connect(desk: Desk, found: Sequence[Connection], tenant_id: str = "") -> Connection:
    service = connecting(desk, FakeSignIn(found))
    assert service.sign_in() == tuple(found)
    return service.pin(tenant_id, ANN)


def test_the_only_organisation_is_pinned(desk: Desk) -> None:
    assert connect(desk, [WU]) == WU
    assert desk.settings.settings.xero.tenant_id == "org-1"
    assert [(e.event.what, e.event.by, e.event.reason) for e in desk.history()] == [
        (AuditWhat.CONNECTED, ANN, "Wu & Partners")
    ]


def test_one_of_several_is_pinned_by_its_id(desk: Desk) -> None:
    connect(desk, [WU, ITO], "org-2")
    assert desk.settings.settings.xero.tenant_id == "org-2"


@pytest.mark.parametrize(
    ("found", "tenant_id", "words"),
    [
        ([WU, ITO], "", "several organisations: Wu & Partners"),
        ([], "", "no organisation"),
        ([], "org-1", "It gave access to: none"),
        ([ITO], "org-1", "no access to the organisation org-1"),
    ],
)
def test_a_choice_that_is_open_or_impossible(
    desk: Desk, found: Sequence[Connection], tenant_id: str, words: str
) -> None:
    with pytest.raises(SignInError, match=words):
        connect(desk, found, tenant_id)
    assert desk.settings.settings.xero.tenant_id == ""
    assert desk.history() == []


def test_an_organisation_is_chosen_without_writing_anything(desk: Desk) -> None:
    found = FakeSignIn([WU, ITO])
    service = Connecting(
        sign_in=found, settings_file=desk.settings, store=desk.store, clock=desk.clock, offered=[WU, ITO]
    )
    assert service.choose("org-2") == ITO
    with pytest.raises(SignInError, match="no access to the organisation org-3"):
        service.choose("org-3")
    assert (found.done, desk.settings.settings.xero.tenant_id, desk.history()) == ([], "", [])


def test_another_organisation_than_the_stored_one_is_refused(desk: Desk) -> None:
    one_payment(desk)
    stranger = FakeSignIn([ITO])
    service = connecting(desk, stranger)
    service.sign_in()
    with pytest.raises(SignInError, match="another organisation"):
        service.pin("", ANN)
    with pytest.raises(SignInError, match=r"no access to the organisation Wu & Partners \(org-1\)\."):
        service.pin("org-1", ANN)
    assert stranger.done == [], "the good sign-in stays in the keyring"
    connect(desk, [WU])
    assert desk.poll().counts.proposed == 1


def test_a_keyring_that_refuses_leaves_everything_as_it_was(desk: Desk) -> None:
    service = connecting(desk, FakeSignIn([WU], SecretsError("The keyring is locked.")))
    service.sign_in()
    with pytest.raises(SecretsError):
        service.pin("", ANN)
    assert desk.settings.settings.xero.tenant_id == ""
    assert desk.history() == []


def test_disconnecting_forgets_the_sign_in_and_nothing_else(desk: Desk) -> None:
    one_payment(desk)
    sign_in = FakeSignIn([WU], renewed_at=desk.clock.now)
    service = connecting(desk, sign_in)
    service.sign_in()
    service.pin("", ANN)
    assert desk.state().sign_in.renewed_at == sign_in.renewed_at
    service.disconnect(ANN)
    assert sign_in.done == ["keep", "sign_out"]
    assert desk.state().sign_in.renewed_at is None
    assert AuditWhat.DISCONNECTED in {entry.event.what for entry in desk.history()}
    assert desk.poll().counts.proposed == 1


@pytest.mark.parametrize("was_known", [True, False])
def test_a_check_does_not_bring_back_a_sign_in_that_was_disconnected_meanwhile(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, *, was_known: bool
) -> None:
    """The check renewed it, another process disconnected, and only then does the check end."""
    one_payment(desk)
    service = connecting(desk, FakeSignIn([WU], renewed_at=desk.clock() if was_known else None))
    service.sign_in()
    service.pin("", ANN)
    compare = Comparing.compare

    def disconnected_meanwhile(self: Comparing, state: PollState, settings: Settings, *, is_full: bool) -> Counts:
        desk.xero.sign_in_renewed_at = desk.clock()
        service.disconnect(ANN)
        return compare(self, state, settings, is_full=is_full)

    monkeypatch.setattr(Comparing, "compare", disconnected_meanwhile)
    assert desk.poll().outcome is PollOutcome.DONE
    monkeypatch.undo()
    assert desk.state().sign_in.renewed_at is None
    desk.poll()
    assert desk.state().sign_in.renewed_at is None, "nor does the next one, which remembers the same renewal"


def test_a_sign_in_after_the_disconnecting_ages_again(desk: Desk) -> None:
    service = connecting(desk, FakeSignIn([WU], renewed_at=desk.clock()))
    service.sign_in()
    service.pin("", ANN)
    service.disconnect(ANN)
    again = desk.clock()
    fresh = connecting(desk, FakeSignIn([WU], renewed_at=again))
    fresh.sign_in()
    fresh.pin("", ANN)
    assert desk.state().sign_in == SignInAge(renewed_at=again)
    desk.xero.sign_in_renewed_at = later = desk.clock()
    desk.poll()
    assert desk.state().sign_in == SignInAge(renewed_at=later)


def test_what_could_not_be_forgotten_is_not_said_to_be(desk: Desk) -> None:
    sign_in = FakeSignIn([WU], error=SecretsError("The keyring is locked."))
    with pytest.raises(SecretsError):
        connecting(desk, sign_in).disconnect(ANN)
    assert desk.history() == []
    sign_in.error = XeroUnavailableError("It is forgotten here, but Xero could not be told.")
    with pytest.raises(XeroUnavailableError):
        connecting(desk, sign_in).disconnect(ANN)
    assert [entry.event.what for entry in desk.history()] == [AuditWhat.DISCONNECTED]


# Initialise


class FakeSecrets:
    def __init__(self) -> None:
        self.kept: dict[str, str] = {}

    def get(self, name: str) -> str | None:
        return self.kept.get(name)

    def set(self, name: str, value: str) -> None:
        self.kept[name] = value

    def delete(self, name: str) -> None:
        del self.kept[name]


REQUEST = InitRequest(case_manager_url="sqlite:///case.db", xero_client_id="abc", password="pw", mode=Mode.APPROVE)


def checked(desk: Desk) -> Callable[[CaseManagerSettings, str | None], CaseManagerFacts]:
    return lambda _settings, _password: desk.case.check()


def rehearsed(desk: Desk) -> Callable[[CaseManagerSettings, str | None, Collection[str]], Rehearsal]:
    return lambda _settings, _password, payment_types: desk.case.rehearse(payment_types)


def test_initialise_for_approving_keeps_nothing_where_an_approval_would_fail(desk: Desk) -> None:
    secrets, before = FakeSecrets(), desk.settings.settings
    cannot = Ability(name="add a payment", able=Able.NO, why="the period is closed")
    desk.case.rehearsal = Rehearsal(abilities=(cannot,))
    with pytest.raises(CaseManagerError, match="cannot add a payment: the period is closed"):
        initialise(desk.settings, secrets, checked(desk), rehearsed(desk), REQUEST)
    assert (secrets.kept, desk.settings.settings) == ({}, before)
    observing = replace(REQUEST, mode=Mode.OBSERVE)
    initialise(desk.settings, secrets, checked(desk), rehearsed(desk), observing)
    assert desk.settings.settings.mode is Mode.OBSERVE


def test_initialise_keeps_the_password_in_the_keyring_only(desk: Desk) -> None:
    file, secrets = FakeSettingsFile(is_there=False), FakeSecrets()
    assert initialise(file, secrets, checked(desk), rehearsed(desk), REQUEST) == desk.case.check()
    assert secrets.kept == {CASE_MANAGER_PASSWORD: "pw"}
    assert file.settings.case_manager == CaseManagerSettings(url="sqlite:///case.db")
    assert (file.settings.mode, file.settings.xero.client_id) == (Mode.APPROVE, "abc")


def test_initialise_again_keeps_the_other_settings_and_the_password(desk: Desk) -> None:
    desk.set_policy(near_days=3)
    secrets = FakeSecrets()
    request = replace(REQUEST, password=None)
    initialise(desk.settings, secrets, checked(desk), rehearsed(desk), request)
    assert desk.settings.settings.policy.near_days == 3
    assert secrets.kept == {}


def test_initialise_keeps_the_password_of_a_shared_store_in_the_keyring_only(desk: Desk) -> None:
    secrets, url = FakeSecrets(), "postgresql://ann@srv/desk"
    request = replace(REQUEST, password=None, store_url=url, store_password="other")
    initialise(desk.settings, secrets, checked(desk), rehearsed(desk), request)
    assert secrets.kept == {store_password_name(url): "other"}
    assert desk.settings.settings.store.url == url
    initialise(desk.settings, secrets, checked(desk), rehearsed(desk), REQUEST)
    assert desk.settings.settings.store.url == url


def test_initialise_writes_nothing_where_the_database_does_not_fit(desk: Desk) -> None:
    secrets, before = FakeSecrets(), desk.settings.settings
    desk.case.is_down = True
    with pytest.raises(CaseManagerError):
        initialise(desk.settings, secrets, checked(desk), rehearsed(desk), REQUEST)
    assert (secrets.kept, desk.settings.settings) == ({}, before)


def test_initialise_writes_nothing_where_the_old_settings_cannot_be_read(desk: Desk) -> None:
    secrets = FakeSecrets()
    desk.settings.is_broken = True
    with pytest.raises(SettingsError):
        initialise(desk.settings, secrets, checked(desk), rehearsed(desk), REQUEST)
    assert secrets.kept == {}


# Diagnose


def test_each_look_is_good_or_says_what_to_do() -> None:
    def raises(error: Exception) -> str:
        raise error

    good, database, network = diagnose(
        {
            "store": lambda: "12 rows",
            "case manager": lambda: raises(CaseManagerError("case.db:", "Map it.", problems=("No payments.", "No x."))),
            "xero": lambda: raises(XeroUnavailableError("No connection.", "Check the network.")),
        }
    )
    assert (good.name, good.is_good, good.seen) == ("store", True, "12 rows")
    assert (database.is_good, database.seen, database.remedy) == (False, "case.db: No payments. No x.", "Map it.")
    assert (network.is_good, network.seen, network.remedy) == (False, "No connection.", "Check the network.")


@pytest.mark.allow_log("cmxero_desktop.services.diagnostics.diagnosing")
def test_a_look_that_nobody_foresaw_hides_no_other() -> None:
    def odd() -> str:
        raise ZeroDivisionError("Wu & Partners")

    bad, good = diagnose({"store": odd, "version": lambda: "1"})
    assert (bad.is_good, bad.seen) == (False, "It could not be looked at (ZeroDivisionError).")
    assert "diagnostics bundle" in bad.remedy
    assert good.is_good


# Policy and date


def facts(days: int | None) -> CaseManagerFacts:
    return CaseManagerFacts(
        label="case.db",
        invoices=0,
        payments=0,
        forward_dating_days=days,
        is_journalled_locked=False,
        notes_limit=200,
        reference_limit=20,
        payment_type="Bank",
        imported_text="Imported",
        columns=Columns(encoding="cp1252"),
    )


@pytest.mark.parametrize(
    ("setting", "days", "limit"),
    [
        (ForwardDating.CASE_MANAGER, 5, 5),
        (ForwardDating.CASE_MANAGER, None, None),
        (ForwardDating.OFF, 5, None),
        (0, 5, 0),
        (9, None, 9),
    ],
)
def test_where_the_forward_dating_limit_comes_from(
    setting: int | ForwardDating, days: int | None, limit: int | None
) -> None:
    assert policy_of(PolicySettings(forward_dating_days=setting), facts(days), "AUD").forward_dating_days == limit


def test_the_policy_takes_the_firm_s_choices_and_case_manager_s_limits() -> None:
    settings = PolicySettings(
        invoice_prefix="X-",
        start_date=date(2026, 7, 1),
        near_days=3,
        removal_limit_count=4,
        removal_limit_percent=Decimal(5),
        removal_limit_amount=Decimal("6.00"),
        sor_account="SOR",
        edit_days=1,
        total_tolerance=Decimal("0.10"),
        bulk_amount_limit=Decimal("300.00"),
        lodged_until=date(2026, 9, 30),
        never_copy=("091",),
        payment_types={"090": "Cheque"},
    )
    policy = policy_of(settings, facts(None), "NZD")
    assert (policy.currency, policy.invoice_prefix, policy.start_date) == ("NZD", "X-", date(2026, 7, 1))
    assert (policy.near_days, policy.sor_account_text, policy.is_journalled_locked) == (3, "SOR", False)
    assert (policy.notes_limit, policy.reference_limit) == (200, 20)
    assert (policy.payment_type, policy.imported_text) == ("Bank", "Imported")
    assert policy.columns == Columns(encoding="cp1252")
    limits = policy.removal_limits
    assert (limits.count, limits.percent, limits.amount) == (4, Decimal(5), Decimal("6.00"))
    assert (policy.edit_days, policy.total_tolerance, policy.bulk_amount_limit) == (1, Decimal("0.10"), Decimal(300))
    assert policy.locks == Locks(lodged=date(2026, 9, 30))
    assert policy.never_copy == {"091"}
    assert policy.payment_types == {"090": "Cheque"}


@pytest.mark.parametrize(
    ("zone", "day"), [("Australia/Sydney", 23), ("UTC", 22), ("Nowhere/Land", 22), ("", 22), ("../etc", 22)]
)
def test_the_local_date(zone: str, day: int) -> None:
    assert local_date(datetime(2026, 11, 22, 13, 30, tzinfo=UTC), zone) == date(2026, 11, day)


# What the settings must name


def test_settings_that_name_no_database_or_no_app_say_how_to_name_one() -> None:
    with pytest.raises(SettingsError, match="no Case Manager database") as no_database:
        require_case_manager(CaseManagerSettings())
    assert "--case-manager-url" in no_database.value.remedy
    with pytest.raises(SettingsError, match="no Xero app") as no_app:
        require_xero_app(XeroSettings())
    assert "--xero-client-id" in no_app.value.remedy
    require_case_manager(CaseManagerSettings(url="sqlite:///case.db"))
    require_xero_app(XeroSettings(client_id="client-1"))
