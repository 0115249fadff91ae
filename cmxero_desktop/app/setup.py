"""Set a home folder up from the wizard's answers; the settings file is written last, so that nothing is half done."""

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from cmxero_desktop.adapters.casemanager.database import CaseManagerDatabase
from cmxero_desktop.adapters.casemanager.mapping_file import load_mapping
from cmxero_desktop.adapters.settings_file import TomlSettingsFile
from cmxero_desktop.adapters.sql.addresses import split_password
from cmxero_desktop.adapters.store.store import open_store
from cmxero_desktop.adapters.xero.urls import xero_urls
from cmxero_desktop.app.clock import utc_now
from cmxero_desktop.app.desks import Desks, Parts
from cmxero_desktop.app.lazy_secrets import LazySecrets
from cmxero_desktop.app.xero_sign_in import XeroAccess, xero_access
from cmxero_desktop.domain.errors import DeskError, SettingsError, SignInError
from cmxero_desktop.services.connecting.connecting import Connecting
from cmxero_desktop.services.connecting.initialising import CASE_MANAGER_PASSWORD, initialise
from cmxero_desktop.services.ports.xero import Connection
from cmxero_desktop.services.records.runs import PollAsk, PollProgress
from cmxero_desktop.services.records.settings import Settings, SignInKind, XeroSettings
from cmxero_desktop.services.records.setup import DatabaseSeen, FirstReport, InitRequest, SetupAnswers
from cmxero_desktop.services.verbs.commands import Poll, ReadView
from cmxero_desktop.services.verbs.desk import Desk
from cmxero_desktop.services.viewing.first_report import first_report


class FirmSetup:
    """Implements `Setup` for a home folder that has no settings yet."""

    def __init__(self, parts: Parts, folder: Path, by: str, *, identity_url: str = "", api_url: str = "") -> None:
        """Keep the parts; the two addresses are for a sandbox on this computer. Raises SettingsError for others."""
        xero_urls(identity_url, api_url)
        self._parts = parts
        self._folder = folder
        self._by = by
        self._identity_url = identity_url
        self._api_url = api_url
        self._secrets = LazySecrets(parts.secrets)
        self._access: XeroAccess | None = None
        self._signed_in_to: XeroSettings | None = None
        self._offered: Sequence[Connection] = ()
        self._desk: Desk | None = None

    def check_case_manager(self, url: str, mapping: str) -> DatabaseSeen:
        """Compare the database with the mapping, and look at what it is. Raises CaseManagerError."""
        address, password = split_password(url)
        database = CaseManagerDatabase(address, load_mapping(mapping), password=password)
        with closing(database):
            return database.examine()

    def sign_in(self, client_id: str, redirect_port: int) -> Sequence[Connection]:
        """Sign in without keeping anything; a sign-in before this one counts no more."""
        self._offered = ()
        settings = self._xero(client_id, redirect_port)
        access = xero_access(settings, self._secrets, self._folder, self._parts.open_browser)
        self._access = access
        self._offered = tuple(access.sign_in.sign_in())
        self._signed_in_to = settings
        return self._offered

    def cancel_sign_in(self) -> None:
        """End the wait for the browser."""
        access = self._access
        if access is not None:
            access.sign_in.cancel()

    def finish(self, answers: SetupAnswers) -> None:
        """Check everything once more, keep the password and the sign-in, and write the settings last."""
        xero = self._xero(answers.client_id, answers.redirect_port)
        access = self._access
        if access is None or not self._offered or self._signed_in_to != xero:
            message = "The sign-in to Xero was made with other answers, or not yet."
            raise SignInError(message, "Go back and sign in to Xero.")
        file = TomlSettingsFile(self._folder)
        if file.exists():
            message = f"{file.path} was written by someone else meanwhile."
            raise SettingsError(message, "Close the wizard and start the program again.")
        seen = self.check_case_manager(answers.case_manager_url, answers.mapping)
        address, password = split_password(answers.case_manager_url)
        request = InitRequest(
            case_manager_url=address,
            password=password,
            mapping=answers.mapping,
            xero_client_id=answers.client_id,
            identity_url=self._identity_url,
            api_url=self._api_url,
        )
        draft = _Draft(Settings(xero=xero, policy=answers.policy))
        before = self._secrets.get(CASE_MANAGER_PASSWORD)
        with closing(open_store(self._folder, "")) as store:
            store.migrate(utc_now())
            connecting = Connecting(
                sign_in=access.sign_in, settings_file=draft, store=store, clock=utc_now, offered=self._offered
            )
            connecting.choose(answers.tenant_id)
            try:
                initialise(draft, self._secrets, lambda *_: seen.facts, request)
                connecting.pin(answers.tenant_id, self._by)
                file.save(draft.load())
            except DeskError:
                self._put_back(before)
                raise

    def first_check(self) -> FirstReport:
        """Open the desk, check everything, and count what was found."""
        with Desks(self._parts).open(self._folder) as desk:
            self._desk = desk
            try:
                run = desk.run(Poll(PollAsk(is_full=True)))
                return first_report(run, desk.run(ReadView()))
            finally:
                self._desk = None

    def progress(self) -> PollProgress | None:
        """Say where the first check is."""
        desk = self._desk
        return desk.waits.progress() if desk is not None else None

    def stop_waiting(self) -> None:
        """End a wait that Xero asked for."""
        desk = self._desk
        if desk is not None:
            desk.waits.stop_waiting()

    def _xero(self, client_id: str, redirect_port: int) -> XeroSettings:
        return XeroSettings(
            sign_in=SignInKind.BROWSER,
            client_id=client_id,
            redirect_port=redirect_port,
            identity_url=self._identity_url,
            api_url=self._api_url,
        )

    def _put_back(self, password: str | None) -> None:
        if password is None:
            self._secrets.delete(CASE_MANAGER_PASSWORD)
        else:
            self._secrets.set(CASE_MANAGER_PASSWORD, password)


class _Draft:
    """Implements `SettingsFile` in memory, until everything else has succeeded."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def exists(self) -> bool:
        return True

    def load(self) -> Settings:
        return self._settings

    def save(self, settings: Settings) -> None:
        self._settings = settings
