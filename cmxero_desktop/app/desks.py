"""Open the desk of a home folder: construct its adapters, open the desk over them, close them in order."""

import logging
import platform
from collections.abc import Callable, Collection, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path

from cmxero_desktop.adapters.bundle_file import write_bundle
from cmxero_desktop.adapters.casemanager.database import CaseManagerDatabase, anywhere
from cmxero_desktop.adapters.casemanager.mapping_file import load_mapping
from cmxero_desktop.adapters.settings_file import TomlSettingsFile, home_folder
from cmxero_desktop.adapters.sql.addresses import address_seen, needs_password, split_password, with_password
from cmxero_desktop.adapters.store.store import SqlStore, open_store
from cmxero_desktop.adapters.xero.reader import XeroApiReader
from cmxero_desktop.adapters.xero.urls import xero_urls
from cmxero_desktop.app.autostart import not_by_itself
from cmxero_desktop.app.bundles import bundle_of
from cmxero_desktop.app.clock import local_zone, new_id, utc_now
from cmxero_desktop.app.computer import examined_computer
from cmxero_desktop.app.lazy_secrets import LazySecrets
from cmxero_desktop.app.open_desk import Adapters, open_desk
from cmxero_desktop.app.suggesting import suggesting_for
from cmxero_desktop.app.updates import updates_of
from cmxero_desktop.app.xero_sign_in import XeroAccess, urls_of, xero_access
from cmxero_desktop.domain.errors import CaseManagerError
from cmxero_desktop.runtime.one_poll import OnePoll
from cmxero_desktop.runtime.progress import Progress
from cmxero_desktop.runtime.steady import steady_s
from cmxero_desktop.services.checking.polling import UNNAMED_DESKTOP
from cmxero_desktop.services.checking.spending import count_requests
from cmxero_desktop.services.connecting.belonging import OtherBooks, confirming, known_name
from cmxero_desktop.services.connecting.connecting import Connecting
from cmxero_desktop.services.connecting.epochs import Epochs, StorePlace
from cmxero_desktop.services.connecting.initialising import (
    CASE_MANAGER_PASSWORD,
    initialise,
    require_case_manager,
    store_password_name,
)
from cmxero_desktop.services.connecting.mailing import Mailing
from cmxero_desktop.services.diagnostics.examining import ExaminedParts, examine
from cmxero_desktop.services.diagnostics.once import Once
from cmxero_desktop.services.ports.case_manager import Confirm
from cmxero_desktop.services.ports.computer import Autostart, SettingsFile
from cmxero_desktop.services.ports.diagnosis import DescribedSecrets
from cmxero_desktop.services.ports.outside import Outside
from cmxero_desktop.services.ports.waits import NoWaits
from cmxero_desktop.services.records.abilities import Rehearsal
from cmxero_desktop.services.records.readings import CaseManagerFacts
from cmxero_desktop.services.records.server_seen import ServerSeen
from cmxero_desktop.services.records.settings import CaseManagerSettings, XeroSettings
from cmxero_desktop.services.records.setup import InitRequest
from cmxero_desktop.services.verbs.closed_lines import closed_handlers
from cmxero_desktop.services.verbs.desk import Desk
from cmxero_desktop.services.verbs.dispatching import Dispatcher, Meter
from cmxero_desktop.services.verbs.parts import ClosedParts
from cmxero_desktop.services.writing.settling import INTERRUPTED, settle_open_intents

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What differs between a real desk and the demo: where secrets are kept, how a browser is opened, and the time.

    `autostart` is given the home folder, and starts no invented firm at sign-in. `say` is told of waits where there is
    no window to show them. Xero's clock is held against `clock` (aware UTC).
    """

    secrets: Callable[[], DescribedSecrets]
    open_browser: Callable[[str], bool]
    say: Callable[[str], object] = str
    clock: Callable[[], datetime] = utc_now
    autostart: Callable[[Path], Autostart] = not_by_itself


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenDesk:
    """An open desk: what runs its commands, and the settings file that says how often to check."""

    desk: Desk
    settings_file: SettingsFile
    home: Path


class Desks:
    """Opens the desk of a home folder; the command line and the window share it."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    @contextmanager
    def open(self, home: Path | None) -> Iterator[Desk]:
        """Open store, Case Manager and Xero, settle what a crash left open, and close everything at the end."""
        with self.open_desk(home_folder(home)) as opened:
            yield opened.desk

    @contextmanager
    def open_desk(self, folder: Path) -> Iterator[OpenDesk]:
        """As `open`, with what the window needs besides."""
        file = TomlSettingsFile(folder)
        settings = file.load()
        with ExitStack() as closing:
            store = closing.enter_context(migrated_store(folder, self._store_url(settings.store.url)))
            case_manager = self._case_manager(settings.case_manager, None, confirming(store))
            closing.callback(case_manager.close)
            progress = Progress(say=self._parts.say)
            access = self._access(folder, settings.xero)
            xero = XeroApiReader(
                access.tokens,
                urls_of(settings.xero),
                settings.xero.tenant_id,
                known_name=lambda: known_name(lambda: store, settings.xero.tenant_id),
                patience=progress,
                clock=self._parts.clock,
            )
            outside = Outside(
                xero=xero,
                case_manager=case_manager,
                store=store,
                settings_file=file,
                clock=utc_now,
                steady_s=steady_s,
                new_id=new_id,
                holder=f"{platform.node()}:{folder.resolve()}",
                is_store_shared=store.is_shared,
            )
            books = OtherBooks(outside)
            books.look_at_start()
            secrets = LazySecrets(self._parts.secrets)
            epochs = Epochs(outside, secrets, _place_of(store))
            if books.alert is None:
                _settle_at_start(outside, epochs)
            adapters = Adapters(
                home=folder,
                outside=outside,
                books=books,
                epochs=epochs,
                store=store,
                xero=xero,
                access=access,
                secrets=secrets,
                mailing=self._mailing(file),
                updates=updates_of(folder, file),
                autostart=self._parts.autostart(folder),
                progress=progress,
                turn=OnePoll(folder, progress.tell),
                initialise=partial(self._initialise, folder),
            )
            yield OpenDesk(desk=open_desk(adapters), settings_file=file, home=folder)

    @contextmanager
    def closed(self, home: Path | None) -> Iterator[Desk]:
        """Give a desk that opens each part only where a command needs it, and looks at each by itself."""
        folder = home_folder(home)
        with ExitStack() as closing:
            yield self._closed_desk(folder, closing)

    def _closed_desk(self, folder: Path, closing: ExitStack) -> Dispatcher:
        """Return the desk; what is opened is closed with `closing`."""
        file, secrets = TomlSettingsFile(folder), LazySecrets(self._parts.secrets)
        settings = Once(file.load)
        access = Once(lambda: self._access(folder, settings().xero))
        store = Once(lambda: closing.enter_context(migrated_store(folder, self._store_url(settings().store.url))))
        xero = Once(
            lambda: XeroApiReader(
                access().tokens,
                urls_of(settings().xero),
                settings().xero.tenant_id,
                known_name=lambda: known_name(store, settings().xero.tenant_id),
            )
        )

        def connecting() -> Connecting:
            sign_in = access().sign_in
            return Connecting(sign_in=sign_in, settings_file=file, store=store(), clock=utc_now)

        updates = updates_of(folder, file)
        examined = ExaminedParts(
            computer=examined_computer(folder),
            settings=settings,
            store=store,
            case_manager=lambda: self._check(settings().case_manager, None),
            server=lambda: self._look_at_server(settings().case_manager),
            rehearse=lambda types: self._rehearse(settings().case_manager, None, types),
            identify=lambda look: self._identify(settings().case_manager, look),
            secrets=lambda: secrets,
            tokens=lambda: access().tokens,
            xero=xero,
            updates=updates.seen,
        )
        parts = ClosedParts(
            settings_file=file,
            connecting=Once(connecting),
            read_address=address_seen,
            initialise=partial(self._initialise, folder),
            suggesting=suggesting_for(file, secrets, store),
            examine=lambda: examine(examined),
            mailing=lambda: self._mailing(file),
            updates=updates,
            autostart=self._parts.autostart(folder),
            make_bundle=partial(bundle_of, examined),
            write_bundle=write_bundle,
        )
        meter = Meter(
            requests_made=lambda: xero().requests_made if xero.is_made else 0,
            count=lambda made: count_requests(store(), utc_now().astimezone(local_zone()).date(), made),
        )
        return Dispatcher(closed_handlers(parts), waits=NoWaits(), meter=meter)

    def _initialise(self, folder: Path, request: InitRequest) -> CaseManagerFacts:
        """Check both databases and write the settings; the passwords of their addresses go to the keyring."""
        xero_urls(request.identity_url, request.api_url)
        url, password = split_password(request.case_manager_url)
        asked = replace(request, case_manager_url=url, password=request.password if password is None else password)
        if request.store_url:
            store_url, found = split_password(request.store_url)
            store_password = request.store_password if found is None else found
            whole = self._store_url(store_url) if store_password is None else with_password(store_url, store_password)
            with migrated_store(folder, whole):
                asked = replace(asked, store_url=store_url, store_password=store_password)
        return initialise(
            TomlSettingsFile(folder), LazySecrets(self._parts.secrets), self._check, self._rehearse, asked
        )

    def _access(self, folder: Path, settings: XeroSettings) -> XeroAccess:
        return xero_access(settings, LazySecrets(self._parts.secrets), folder, self._parts.open_browser)

    def _mailing(self, file: SettingsFile) -> Mailing:
        from cmxero_desktop.adapters.mail import SmtpServer

        return Mailing(settings_file=file, secrets=LazySecrets(self._parts.secrets), server=SmtpServer(), clock=utc_now)

    def _check(self, settings: CaseManagerSettings, password: str | None) -> CaseManagerFacts:
        case_manager = self._case_manager(settings, password)
        try:
            return case_manager.check()
        finally:
            case_manager.close()

    def _rehearse(
        self, settings: CaseManagerSettings, password: str | None, payment_types: Collection[str]
    ) -> Rehearsal:
        case_manager = self._case_manager(settings, password)
        try:
            return case_manager.rehearse(payment_types)
        finally:
            case_manager.close()

    def _look_at_server(self, settings: CaseManagerSettings) -> ServerSeen:
        case_manager = self._case_manager(settings, None)
        try:
            return case_manager.look_at_server()
        finally:
            case_manager.close()

    def _identify(self, settings: CaseManagerSettings, look: Confirm) -> None:
        case_manager = self._case_manager(settings, None)
        try:
            case_manager.identify(look)
        finally:
            case_manager.close()

    def _case_manager(
        self, settings: CaseManagerSettings, password: str | None, confirm: Confirm = anywhere
    ) -> CaseManagerDatabase:
        require_case_manager(settings)
        if password is None and needs_password(settings.url):
            password = self._parts.secrets().get(CASE_MANAGER_PASSWORD)
        return CaseManagerDatabase(settings.url, load_mapping(settings.mapping), password=password, confirm=confirm)

    def _store_url(self, url: str) -> str:
        """Return the address of our own store with its password, if the keyring has one for it."""
        if not url or not needs_password(url):
            return url
        password = self._parts.secrets().get(store_password_name(url))
        return with_password(url, password) if password is not None else url


@contextmanager
def migrated_store(folder: Path, store_url: str) -> Iterator[SqlStore]:
    """Open our own store, make or renew its tables, and close it at the end. Raises StoreError."""
    store = open_store(folder, store_url)
    try:
        store.migrate(utc_now())
        yield store
    finally:
        store.close()


def _place_of(store: SqlStore) -> StorePlace:
    place = store.place if store.is_shared else str(Path(store.place).resolve())
    return StorePlace(place=place, computer=platform.node() or UNNAMED_DESKTOP, is_shared=store.is_shared)


def _settle_at_start(outside: Outside, epochs: Epochs) -> None:
    """Settle open intents before anything else; where Case Manager cannot be reached they wait for the next check.

    The keyring is asked only here: to see what is stored, nobody must unlock it.
    """
    with outside.store.read() as unit:
        has_open = bool(unit.intents.still_open())
    if not has_open:
        return
    epochs.look()
    try:
        settle_open_intents(outside, why=INTERRUPTED)
    except CaseManagerError as error:
        _log.warning("What the last run left open could not be settled yet: %s", error)
