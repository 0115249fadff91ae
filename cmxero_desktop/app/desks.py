"""Open the desk of a home folder: construct its adapters, bind the verbs to them, close them in order."""

import logging
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from cmxero_desktop import __version__
from cmxero_desktop.adapters.casemanager.addresses import needs_password, split_password
from cmxero_desktop.adapters.casemanager.database import CaseManagerDatabase
from cmxero_desktop.adapters.casemanager.mapping_file import load_mapping
from cmxero_desktop.adapters.settings_file import TomlSettingsFile, home_folder
from cmxero_desktop.adapters.store.store import SqlStore, open_store
from cmxero_desktop.adapters.xero.reader import XeroApiReader
from cmxero_desktop.adapters.xero.sign_in import XeroBrowserSignIn
from cmxero_desktop.adapters.xero.tokens import XeroTokens
from cmxero_desktop.adapters.xero.urls import XeroUrls, xero_urls
from cmxero_desktop.domain.errors import CaseManagerError, DeskError, SettingsError
from cmxero_desktop.services.applying import Applying
from cmxero_desktop.services.connecting import connect
from cmxero_desktop.services.deciding import Deciding
from cmxero_desktop.services.desk_view import read_desk
from cmxero_desktop.services.diagnosing import diagnose
from cmxero_desktop.services.initialising import CASE_MANAGER_PASSWORD, InitRequest, initialise
from cmxero_desktop.services.linking import link_near_double
from cmxero_desktop.services.polling import Polling
from cmxero_desktop.services.ports import CaseManager, Connection, Secrets, SettingsFile, Store
from cmxero_desktop.services.records import CaseManagerFacts, HealthCheck
from cmxero_desktop.services.settings import CaseManagerSettings, Settings, XeroSettings
from cmxero_desktop.services.settling import INTERRUPTED, settle_open_intents
from cmxero_desktop.services.undoing import Undoing
from cmxero_desktop.services.verbs import Verbs
from cmxero_desktop.services.verifying import verify

_log = logging.getLogger(__name__)


def utc_now() -> datetime:
    """Return now as aware UTC: the clock of the whole program."""
    return datetime.now(UTC)


def new_id() -> str:
    """Return an id for a run, a batch or an intent."""
    return uuid.uuid4().hex


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What differs between a real desk and the demo: where secrets are kept, and how a browser is opened."""

    secrets: Callable[[], Secrets]
    open_browser: Callable[[str], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenDesk:
    """An open desk: its verbs, and the settings file that says how often to check."""

    verbs: Verbs
    settings_file: SettingsFile
    home: Path


class Desks:
    """Opens the desk of a home folder; the command line and the window share it."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def initialise(self, home: Path | None, request: InitRequest) -> CaseManagerFacts:
        """Check the database and write the settings; a password in the URL goes to the keyring."""
        xero_urls(request.identity_url, request.api_url)
        url, password = split_password(request.case_manager_url)
        asked = replace(request, case_manager_url=url, password=password)
        file = TomlSettingsFile(home_folder(home))
        return initialise(file, _LazySecrets(self._parts.secrets), self._check, asked)

    def connect(self, home: Path | None, tenant_id: str, by: str) -> Connection:
        """Sign in to Xero and pin an organisation."""
        folder = home_folder(home)
        file = TomlSettingsFile(folder)
        settings = file.load()
        sign_in = XeroBrowserSignIn(
            self._tokens(folder, settings.xero),
            _urls(settings.xero),
            settings.xero.redirect_port,
            open_browser=self._parts.open_browser,
        )
        with _migrated(folder, settings) as store:
            return connect(sign_in, file, store, utc_now, tenant_id=tenant_id, by=by)

    def doctor(self, home: Path | None) -> tuple[HealthCheck, ...]:
        """Look at everything; where the desk cannot be opened, look at each part by itself and say which is wrong."""
        folder = home_folder(home)
        try:
            with self.open_desk(folder) as desk:
                return desk.verbs.doctor()
        except DeskError:
            return diagnose(self._looks_apart(folder))

    def _looks_apart(self, folder: Path) -> dict[str, Callable[[], str]]:
        file = TomlSettingsFile(folder)

        def store_look() -> str:
            with _migrated(folder, file.load()) as store:
                return f"{store.place}."

        def case_manager_look() -> str:
            facts = self._check(file.load().case_manager, None)
            return f"{facts.label}, {facts.invoices:,} invoices, {facts.payments:,} payments, fits the mapping."

        def xero_look() -> str:
            settings = file.load().xero
            reader = XeroApiReader(self._tokens(folder, settings), _urls(settings), settings.tenant_id)
            return f"{reader.organisation().name}."

        return {
            "settings": lambda: f"{folder / 'settings.toml'}, mode {file.load().mode}.",
            "store": store_look,
            "Case Manager": case_manager_look,
            "keyring and Xero": xero_look,
            "version": _version_look,
        }

    @contextmanager
    def open(self, home: Path | None) -> Iterator[Verbs]:
        """Open store, Case Manager and Xero, settle what a crash left open, and close everything at the end."""
        with self.open_desk(home_folder(home)) as desk:
            yield desk.verbs

    @contextmanager
    def open_desk(self, folder: Path) -> Iterator[OpenDesk]:
        """As `open`, with what the window needs besides the verbs."""
        file = TomlSettingsFile(folder)
        settings = file.load()
        with ExitStack() as closing:
            store = closing.enter_context(_migrated(folder, settings))
            case_manager = self._case_manager(settings.case_manager, None)
            closing.callback(case_manager.close)
            xero = XeroApiReader(self._tokens(folder, settings.xero), _urls(settings.xero), settings.xero.tenant_id)
            _settle_at_start(store, case_manager)
            verbs = _verbs(folder, file, store, case_manager, xero)
            yield OpenDesk(verbs=verbs, settings_file=file, home=folder)

    def _check(self, settings: CaseManagerSettings, password: str | None) -> CaseManagerFacts:
        case_manager = self._case_manager(settings, password)
        try:
            return case_manager.check()
        finally:
            case_manager.close()

    def _case_manager(self, settings: CaseManagerSettings, password: str | None) -> CaseManagerDatabase:
        if not settings.url:
            message = "The settings name no Case Manager database."
            raise SettingsError(message, "Run cmxero init with --case-manager-url.")
        if password is None and needs_password(settings.url):
            password = self._parts.secrets().get(CASE_MANAGER_PASSWORD)
        return CaseManagerDatabase(settings.url, load_mapping(settings.mapping), password=password)

    def _tokens(self, folder: Path, settings: XeroSettings) -> XeroTokens:
        if not settings.client_id:
            message = "The settings name no Xero app."
            raise SettingsError(message, "Run cmxero init with --xero-client-id.")
        secrets = _LazySecrets(self._parts.secrets)
        return XeroTokens(settings.client_id, _urls(settings), secrets, folder / "sign-in.lock")


def _urls(settings: XeroSettings) -> XeroUrls:
    return xero_urls(settings.identity_url, settings.api_url)


@contextmanager
def _migrated(folder: Path, settings: Settings) -> Iterator[SqlStore]:
    store = open_store(folder, settings.store.url)
    try:
        store.migrate(utc_now())
        yield store
    finally:
        store.close()


def _settle_at_start(store: Store, case_manager: CaseManager) -> None:
    """Settle open intents before anything else; where Case Manager cannot be reached they wait for the next check."""
    with store.read() as unit:
        has_open = bool(unit.intents(only_open=True))
    if not has_open:
        return
    try:
        settle_open_intents(store, case_manager, utc_now, why=INTERRUPTED)
    except CaseManagerError as error:
        _log.warning("What the last run left open could not be settled yet: %s", error)


def _verbs(
    folder: Path, file: TomlSettingsFile, store: SqlStore, case_manager: CaseManagerDatabase, xero: XeroApiReader
) -> Verbs:
    """Bind the use cases to their ports."""
    polling = Polling(
        xero=xero, case_manager=case_manager, store=store, settings_file=file, clock=utc_now, new_id=new_id
    )
    applying = Applying(
        xero=xero, case_manager=case_manager, store=store, settings_file=file, clock=utc_now, new_id=new_id
    )
    undoing = Undoing(case_manager=case_manager, store=store, settings_file=file, clock=utc_now, new_id=new_id)
    deciding = Deciding(store=store, settings_file=file, clock=utc_now)

    def export(path: Path) -> Path:
        from cmxero_desktop.adapters.workbook import write_workbook

        return write_workbook(read_desk(store), path)

    return Verbs(
        settings=file.load,
        poll=lambda is_full: polling.poll(is_full=is_full),
        view=lambda: read_desk(store),
        approve=deciding.approve,
        approve_all=deciding.approve_all,
        apply=applying.apply,
        reject=deciding.reject,
        hold=deciding.hold,
        reopen=deciding.reopen,
        undo=undoing.undo,
        choose_link=lambda proposal_id, case_payment_id, by: link_near_double(
            deciding,
            case_manager,
            store,
            file,
            utc_now,
            proposal_id=proposal_id,
            case_payment_id=case_payment_id,
            by=by,
        ),
        export=export,
        verify=lambda: verify(store),
        doctor=lambda: diagnose(_looks(folder, file, store, case_manager, xero)),
    )


def _looks(
    folder: Path, file: TomlSettingsFile, store: SqlStore, case_manager: CaseManagerDatabase, xero: XeroApiReader
) -> dict[str, Callable[[], str]]:
    """Name what `doctor` looks at, with what each look says when all is well."""

    def case_manager_look() -> str:
        facts = case_manager.check()
        return f"{facts.label}, {facts.invoices:,} invoices, {facts.payments:,} payments, fits the mapping."

    def xero_look() -> str:
        organisation = xero.organisation()
        seen = f"{organisation.name}, {organisation.currency}, {organisation.time_zone}. {xero.time_zone_problem}"
        return seen.strip()

    def clock_look() -> str:
        with store.read() as unit:
            as_of = unit.poll_state().as_of
        seen = f"this computer says {utc_now():%Y-%m-%d %H:%M} UTC"
        return f"{seen}, Xero last said {as_of:%Y-%m-%d %H:%M} UTC." if as_of else f"{seen}."

    def store_look() -> str:
        report = verify(store)
        return f"{store.place}, {report.audit_entries:,} audit entries, {len(report.findings)} findings."

    return {
        "settings": lambda: f"{folder / 'settings.toml'}, mode {file.load().mode}.",
        "store": store_look,
        "Case Manager": case_manager_look,
        "keyring and Xero": xero_look,
        "clock": clock_look,
        "version": _version_look,
    }


def _version_look() -> str:
    return f"CM-Xero Desk {__version__}."


class _LazySecrets:
    """Opens the keyring only when a secret is really needed: reading a list asks for none."""

    def __init__(self, open_secrets: Callable[[], Secrets]) -> None:
        self._open = open_secrets
        self._opened: Secrets | None = None

    def get(self, name: str) -> str | None:
        """Return a secret, or None."""
        return self._secrets().get(name)

    def set(self, name: str, value: str) -> None:
        """Store a secret."""
        self._secrets().set(name, value)

    def delete(self, name: str) -> None:
        """Forget a secret."""
        self._secrets().delete(name)

    def _secrets(self) -> Secrets:
        if self._opened is None:
            self._opened = self._open()
        return self._opened
