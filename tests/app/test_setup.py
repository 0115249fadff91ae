"""Setting up against a real Xero of ours and a real database: nothing is kept before everything fits."""

import socket
import sqlite3
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pytest

from cmxero_desktop.adapters.memory_secrets import MemorySecrets
from cmxero_desktop.adapters.settings_file import TomlSettingsFile
from cmxero_desktop.app.desks import Parts
from cmxero_desktop.app.first_run import API_URL, IDENTITY_URL, first_setup
from cmxero_desktop.app.setup import firm_setup
from cmxero_desktop.domain.errors import CaseManagerError, DeskError, SecretsError, SettingsError, SignInError
from cmxero_desktop.domain.proposals import ProposalKind
from cmxero_desktop.sandbox.firm.running import RunningFirm, open_firm
from cmxero_desktop.sandbox.ledger.entries import Organisation
from cmxero_desktop.sandbox.ledger.ledger import Ledger
from cmxero_desktop.sandbox.xero.identity import Consent
from cmxero_desktop.services.connecting.initialising import CASE_MANAGER_PASSWORD
from cmxero_desktop.services.connecting.setting_up import SettingUp
from cmxero_desktop.services.ports.diagnosis import DescribedSecrets
from cmxero_desktop.services.records.mapping import MappingRequest
from cmxero_desktop.services.records.runs import PollOutcome
from cmxero_desktop.services.records.settings import Mode, PolicySettings, SignInKind
from cmxero_desktop.services.records.setup import SetupAnswers

OTHER = Organisation("11112222-3333-4444-5555-666677778888", "Brightside Properties Pty Ltd")


def follow(address: str) -> bool:
    """Go where a person's browser would go."""
    with urllib.request.urlopen(address) as answer:  # noqa: S310 - the sandbox's own address
        answer.read()
    return True


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


class Keyring(MemorySecrets):
    """A keyring in memory, which refuses to keep secrets whose names begin with `refused`."""

    refused = "nothing"

    def set(self, name: str, value: str) -> None:
        if name.startswith(self.refused):
            raise SecretsError("The keyring is locked.", "Unlock it and try again.")
        super().set(name, value)


@dataclass
class Office:
    """A firm that is to be set up, and what is left of it."""

    firm: RunningFirm
    home: Path
    keyring: Keyring = field(default_factory=Keyring)
    port: int = field(default_factory=free_port)
    opened: list[str] = field(default_factory=list)

    def setup(
        self,
        browse: Callable[[str], bool] | None = None,
        secrets: Callable[[], DescribedSecrets] | None = None,
    ) -> SettingUp:
        xero = self.firm.xero
        parts = Parts(secrets=secrets or (lambda: self.keyring), open_browser=browse or self.browse)
        return firm_setup(parts, self.home, "ann", identity_url=xero.identity_url, api_url=xero.api_url)

    def browse(self, address: str) -> bool:
        self.opened.append(address)
        return follow(address)

    @property
    def url(self) -> str:
        """The database's address with a login and a password, which SQLite does not look at."""
        return f"sqlite://ann:S3cret@/{self.firm.case_database.path.resolve()}"

    def answers(self, tenant_id: str = "", port: int = 0, url: str = "") -> SetupAnswers:
        return SetupAnswers(
            client_id=self.firm.xero.client_id,
            redirect_port=port or self.port,
            tenant_id=tenant_id or self.firm.xero.tenant_id,
            case_manager_url=url or self.url,
            policy=PolicySettings(near_days=3, start_date=date(2020, 1, 1)),
        )

    def is_untouched(self) -> bool:
        files = {path.name for path in self.home.rglob("*")}
        return not self.keyring._held and not files & {"settings.toml", "store.db"}


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    home = tmp_path / "home"
    home.mkdir()
    with open_firm(tmp_path / "firm", size=5) as firm:
        yield Office(firm, home)


def test_a_mapping_is_suggested_before_anything_is_set_up_and_keeps_nothing(office: Office) -> None:
    setup, answers = office.setup(), dict[str, str]()
    made = setup.suggest_mapping(MappingRequest(url=office.url))
    for finding in made.suggestion.questions:
        answers[finding.key] = finding.likely or finding.options[0].key
    made = setup.suggest_mapping(MappingRequest(url=office.url, answers=answers, schema=made.schema))
    assert office.is_untouched(), "so far it only looked"
    path = setup.write_mapping(made, office.home / "firm.toml")
    assert setup.check_case_manager(office.url, str(path)).facts.invoices > 5


def test_from_nothing_to_the_first_report(office: Office) -> None:
    setup = office.setup()
    found = setup.sign_in(office.firm.xero.client_id, office.port)
    assert [each.name for each in found] == ["Brightside Rehab Pty Ltd"]
    seen = setup.check_case_manager(office.url, "reference")
    assert (seen.kind, seen.may_write, seen.facts.forward_dating_days) == ("SQLite", True, 5)
    assert seen.facts.invoices > 5
    assert office.is_untouched(), "so far it only looked"
    setup.finish(office.answers())
    settings = TomlSettingsFile(office.home).load()
    assert settings.mode is Mode.OBSERVE
    assert settings.xero.sign_in is SignInKind.BROWSER
    assert (settings.xero.client_id, settings.xero.redirect_port) == (office.firm.xero.client_id, office.port)
    assert settings.xero.tenant_id == office.firm.xero.tenant_id
    assert settings.policy == office.answers().policy
    assert "S3cret" not in (office.home / "settings.toml").read_text()
    assert office.keyring.get(CASE_MANAGER_PASSWORD) == "S3cret"
    report = setup.first_check()
    assert report.run.outcome is PollOutcome.DONE, report.run.reason
    assert report.run.is_full
    assert report.matched
    assert report.to_approve[ProposalKind.ADD]
    assert report.only_in_case_manager
    assert sum(report.skipped.values()) == report.run.counts.skipped
    assert setup.progress() is None


def test_the_first_check_writes_to_neither_side(office: Office) -> None:
    setup = office.setup()
    setup.sign_in(office.firm.xero.client_id, office.port)
    setup.finish(office.answers())
    before = office.firm.case_database.path.read_bytes()
    setup.first_check()
    assert office.firm.case_database.path.read_bytes() == before
    written = [request for request in office.firm.xero.requests.to("/api.xro") if request.method != "GET"]
    assert written == []


def test_no_secret_is_left_in_any_file(office: Office) -> None:
    setup = office.setup()
    setup.sign_in(office.firm.xero.client_id, office.port)
    setup.finish(office.answers())
    setup.first_check()
    files = [path for path in office.home.rglob("*") if path.is_file()]
    # Beside them it holds where the store was left, which is no secret and stands in the store.
    held = {name: text for name, text in office.keyring._held.items() if not name.startswith("store-")}
    assert len(held) == 2
    for secret in held.values():
        assert [path.name for path in files if secret.encode() in path.read_bytes()] == []


def test_xero_that_does_not_answer_is_a_report_with_a_reason(office: Office) -> None:
    setup = office.setup()
    setup.sign_in(office.firm.xero.client_id, office.port)
    setup.finish(office.answers())
    office.firm.xero.stop()
    report = setup.first_check()
    assert report.run.outcome is not PollOutcome.DONE
    assert report.run.reason


def test_a_consent_that_was_declined_keeps_nothing(office: Office) -> None:
    office.firm.xero.identity.consent = Consent.DENY
    setup = office.setup()
    with pytest.raises(SignInError, match="Access was declined"):
        setup.sign_in(office.firm.xero.client_id, office.port)
    with pytest.raises(SignInError, match="not yet"):
        setup.finish(office.answers())
    assert office.is_untouched()


def test_a_sign_in_is_cancelled_from_another_thread(office: Office) -> None:
    def turn_away(address: str) -> bool:
        del address
        setup.cancel_sign_in()
        return True

    setup = office.setup(browse=turn_away)
    setup.cancel_sign_in()
    with pytest.raises(SignInError, match="cancelled"):
        setup.sign_in(office.firm.xero.client_id, office.port)
    assert office.is_untouched()


def test_a_port_in_use_is_told_before_the_browser_opens(office: Office) -> None:
    with (
        socket.create_server(("127.0.0.1", office.port)),
        pytest.raises(SignInError, match=f"Port {office.port} on this computer"),
    ):
        office.setup().sign_in(office.firm.xero.client_id, office.port)
    assert office.opened == []
    assert office.is_untouched()


def test_without_a_keyring_nobody_is_sent_to_the_browser(office: Office) -> None:
    def no_keyring() -> MemorySecrets:
        raise SecretsError("There is no keyring on this computer.", "Install one.")

    setup = office.setup(secrets=no_keyring)
    with pytest.raises(SecretsError, match="no keyring"):
        setup.sign_in(office.firm.xero.client_id, office.port)
    assert office.opened == []
    assert office.is_untouched()


@pytest.mark.parametrize("refused", ["xero-refresh-token", CASE_MANAGER_PASSWORD])
def test_a_keyring_that_refuses_at_the_end_leaves_no_half(office: Office, refused: str) -> None:
    setup = office.setup()
    setup.sign_in(office.firm.xero.client_id, office.port)
    office.keyring.refused = refused
    with pytest.raises(SecretsError, match="locked"):
        setup.finish(office.answers())
    assert office.keyring._held == {}
    assert not TomlSettingsFile(office.home).exists()
    office.keyring.refused = "nothing"
    setup.finish(office.answers())
    assert TomlSettingsFile(office.home).exists(), "the same sign-in is good for another try"


def test_a_database_that_lacks_a_column_is_named_and_keeps_nothing(office: Office) -> None:
    with closing(sqlite3.connect(office.firm.case_database.path)) as database:
        database.execute("ALTER TABLE payments RENAME COLUMN notes TO remarks")
    setup = office.setup()
    setup.sign_in(office.firm.xero.client_id, office.port)
    for try_it in (lambda: setup.check_case_manager(office.url, "reference"), lambda: setup.finish(office.answers())):
        with pytest.raises(CaseManagerError) as caught:
            try_it()
        assert caught.value.problems == ("The column notes is missing in the table payments.",)
    assert office.is_untouched()


@pytest.mark.parametrize(
    ("url", "mapping"), [("postgresql://ann:S3cret@", "reference"), ("no address S3cret", ""), ("sqlite:///x", "/no/f")]
)
def test_an_address_or_mapping_that_makes_no_sense_is_refused_in_words(office: Office, url: str, mapping: str) -> None:
    with pytest.raises(CaseManagerError) as caught:
        office.setup().check_case_manager(url, mapping or "reference")
    assert "S3cret" not in str(caught.value)


def test_another_organisation_than_the_one_that_was_read_before_is_refused(office: Office) -> None:
    first = office.setup()
    first.sign_in(office.firm.xero.client_id, office.port)
    first.finish(office.answers())
    first.first_check()
    (office.home / "settings.toml").unlink()
    held = dict(office.keyring._held)
    office.firm.xero.connections.offer(Ledger(office.firm.xero.clock, OTHER))
    again = office.setup()
    assert len(again.sign_in(office.firm.xero.client_id, office.port)) == 2
    with pytest.raises(SignInError, match="another organisation"):
        again.finish(office.answers(tenant_id=OTHER.organisation_id, url=office.url.replace("S3cret", "0ther")))
    assert office.keyring._held == held
    assert not TomlSettingsFile(office.home).exists()
    again.finish(office.answers())
    assert TomlSettingsFile(office.home).load().xero.tenant_id == office.firm.xero.tenant_id


def test_an_organisation_that_was_not_offered_is_refused(office: Office) -> None:
    setup = office.setup()
    setup.sign_in(office.firm.xero.client_id, office.port)
    with pytest.raises(SignInError, match="no access to the organisation"):
        setup.finish(office.answers(tenant_id=OTHER.organisation_id))
    assert office.keyring._held == {}
    assert not TomlSettingsFile(office.home).exists()


def test_a_password_of_before_is_put_back(office: Office) -> None:
    office.keyring.set(CASE_MANAGER_PASSWORD, "before")
    setup = office.setup()
    setup.sign_in(office.firm.xero.client_id, office.port)
    office.keyring.refused = "xero-refresh-token"
    with pytest.raises(SecretsError):
        setup.finish(office.answers())
    assert office.keyring._held == {CASE_MANAGER_PASSWORD: "before"}


def test_a_sign_in_by_another_port_does_not_count(office: Office) -> None:
    setup = office.setup()
    setup.sign_in(office.firm.xero.client_id, office.port)
    with pytest.raises(SignInError, match="with other answers"):
        setup.finish(office.answers(port=office.port + 1))
    assert office.is_untouched()


def test_settings_that_came_meanwhile_are_left_alone(office: Office) -> None:
    setup = office.setup()
    setup.sign_in(office.firm.xero.client_id, office.port)
    (office.home / "settings.toml").write_text('mode = "approve"\n')
    with pytest.raises(SettingsError, match="someone else"):
        setup.finish(office.answers())
    assert (office.home / "settings.toml").read_text() == 'mode = "approve"\n'


@pytest.mark.parametrize("address", ["https://login.example.com", "http://192.168.1.7:8080"])
def test_the_environment_names_a_sandbox_on_this_computer_or_nothing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, address: str
) -> None:
    monkeypatch.setenv(IDENTITY_URL, address)
    monkeypatch.setenv(API_URL, address)
    with pytest.raises(DeskError, match="not an address of this computer"):
        first_setup(tmp_path)
