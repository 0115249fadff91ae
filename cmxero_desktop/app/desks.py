"""Open the desk of a home folder: construct its adapters, bind the verbs to them, close them in order."""

import logging
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from cmxero_desktop.adapters.bundle_file import write_bundle
from cmxero_desktop.adapters.casemanager.addresses import needs_password, split_password, with_password
from cmxero_desktop.adapters.casemanager.database import CaseManagerDatabase
from cmxero_desktop.adapters.casemanager.mapping_file import load_mapping
from cmxero_desktop.adapters.settings_file import TomlSettingsFile, home_folder
from cmxero_desktop.adapters.store.store import SqlStore, open_store
from cmxero_desktop.adapters.xero.reader import XeroApiReader
from cmxero_desktop.adapters.xero.urls import xero_urls
from cmxero_desktop.app.bundles import bundle_of
from cmxero_desktop.app.clock import utc_now
from cmxero_desktop.app.lazy_secrets import DescribedSecrets, LazySecrets
from cmxero_desktop.app.looks import Once, Scene, examine
from cmxero_desktop.app.verbs import Outside, bind_verbs
from cmxero_desktop.app.xero_sign_in import XeroAccess, urls_of, xero_access
from cmxero_desktop.domain.errors import CaseManagerError, SettingsError
from cmxero_desktop.runtime.one_poll import OnePoll
from cmxero_desktop.runtime.progress import Progress
from cmxero_desktop.services.connecting.connecting import Connecting
from cmxero_desktop.services.connecting.initialising import CASE_MANAGER_PASSWORD, initialise, store_password_name
from cmxero_desktop.services.ports.case_manager import CaseManager
from cmxero_desktop.services.ports.computer import SettingsFile
from cmxero_desktop.services.ports.store import Store
from cmxero_desktop.services.ports.xero import Connection
from cmxero_desktop.services.records.readings import CaseManagerFacts
from cmxero_desktop.services.records.reports import Bundle, BundleChoice, HealthCheck
from cmxero_desktop.services.records.settings import CaseManagerSettings, SignInKind, XeroSettings
from cmxero_desktop.services.records.setup import InitRequest
from cmxero_desktop.services.verbs import Verbs
from cmxero_desktop.services.writing.settling import INTERRUPTED, settle_open_intents

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What differs between a real desk and the demo: where secrets are kept, and how a browser is opened.

    `say` is told of waits where there is no window to show them.
    """

    secrets: Callable[[], DescribedSecrets]
    open_browser: Callable[[str], bool]
    say: Callable[[str], object] = str


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
        """Check both databases and write the settings; the passwords of their addresses go to the keyring."""
        xero_urls(request.identity_url, request.api_url)
        url, password = split_password(request.case_manager_url)
        asked = replace(request, case_manager_url=url, password=password)
        folder = home_folder(home)
        if request.store_url:
            with _migrated(folder, self._store_url(request.store_url)):
                store_url, store_password = split_password(request.store_url)
            asked = replace(asked, store_url=store_url, store_password=store_password)
        file = TomlSettingsFile(folder)
        return initialise(file, LazySecrets(self._parts.secrets), self._check, asked)

    def connect(self, home: Path | None, tenant_id: str, by: str, ask_secret: Callable[[], str] = str) -> Connection:
        """Sign in to Xero and pin an organisation; a custom connection's secret is asked of a person."""
        folder = home_folder(home)
        needs_secret = TomlSettingsFile(folder).load().xero.sign_in is SignInKind.CUSTOM_CONNECTION
        with self._connecting(folder) as connecting:
            connecting.sign_in(ask_secret() if needs_secret else "")
            return connecting.pin(tenant_id, by)

    def disconnect(self, home: Path | None, by: str) -> None:
        """Forget the sign-in, at Xero too where it can be revoked; everything that was read stays."""
        with self._connecting(home_folder(home)) as connecting:
            connecting.disconnect(by)

    def doctor(self, home: Path | None) -> tuple[HealthCheck, ...]:
        """Look at each part by itself, so that one that is wrong hides no other."""
        with ExitStack() as closing:
            return examine(self._scene(home_folder(home), closing))

    def bundle(self, home: Path | None, choice: BundleChoice) -> Bundle:
        """Make a diagnostics bundle of whatever can be opened."""
        with ExitStack() as closing:
            return bundle_of(self._scene(home_folder(home), closing), choice)

    def write_bundle(self, bundle: Bundle, path: Path) -> Path:
        """Write a bundle as a zip file."""
        return write_bundle(bundle, path)

    def _scene(self, folder: Path, closing: ExitStack) -> Scene:
        """Return the parts of a desk that need not open as a whole; what was opened is closed with `closing`."""
        file = TomlSettingsFile(folder)
        secrets = LazySecrets(self._parts.secrets)
        settings = Once(file.load)
        access = Once(lambda: self._access(folder, settings().xero))

        def xero() -> XeroApiReader:
            return XeroApiReader(access().tokens, urls_of(settings().xero), settings().xero.tenant_id)

        return Scene(
            home=folder,
            settings=settings,
            store=Once(lambda: closing.enter_context(_migrated(folder, self._store_url(settings().store.url)))),
            case_manager=lambda: self._check(settings().case_manager, None),
            secrets=lambda: secrets,
            tokens=lambda: access().tokens,
            xero=xero,
        )

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
            store = closing.enter_context(_migrated(folder, self._store_url(settings.store.url)))
            case_manager = self._case_manager(settings.case_manager, None)
            closing.callback(case_manager.close)
            secrets, progress = LazySecrets(self._parts.secrets), Progress(say=self._parts.say)
            access = self._access(folder, settings.xero)
            xero = XeroApiReader(access.tokens, urls_of(settings.xero), settings.xero.tenant_id, patience=progress)
            _settle_at_start(store, case_manager)
            outside = Outside(
                home=folder,
                settings_file=file,
                store=store,
                case_manager=case_manager,
                xero=xero,
                access=access,
                secrets=secrets,
                progress=progress,
                turn=OnePoll(folder, progress.tell),
            )
            yield OpenDesk(verbs=bind_verbs(outside), settings_file=file, home=folder)

    @contextmanager
    def _connecting(self, folder: Path) -> Iterator[Connecting]:
        file = TomlSettingsFile(folder)
        settings = file.load()
        sign_in = self._access(folder, settings.xero).sign_in
        with _migrated(folder, self._store_url(settings.store.url)) as store:
            yield Connecting(sign_in=sign_in, settings_file=file, store=store, clock=utc_now)

    def _access(self, folder: Path, settings: XeroSettings) -> XeroAccess:
        return xero_access(settings, LazySecrets(self._parts.secrets), folder, self._parts.open_browser)

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

    def _store_url(self, url: str) -> str:
        """Return the address of our own store with its password, if the keyring has one for it."""
        try:
            if not url or not needs_password(url):
                return url
        except CaseManagerError:
            # Opening it says what is wrong, in words for the store.
            return url
        password = self._parts.secrets().get(store_password_name(url))
        return with_password(url, password) if password is not None else url


@contextmanager
def _migrated(folder: Path, store_url: str) -> Iterator[SqlStore]:
    store = open_store(folder, store_url)
    try:
        store.migrate(utc_now())
        yield store
    finally:
        store.close()


def _settle_at_start(store: Store, case_manager: CaseManager) -> None:
    """Settle open intents before anything else; where Case Manager cannot be reached they wait for the next check."""
    with store.read() as unit:
        has_open = bool(unit.intents.still_open())
    if not has_open:
        return
    try:
        settle_open_intents(store, case_manager, utc_now, why=INTERRUPTED)
    except CaseManagerError as error:
        _log.warning("What the last run left open could not be settled yet: %s", error)
