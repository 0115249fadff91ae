"""The desktop of the soak: our real reader, tokens, store and polling on the sandbox, with clocks that are set."""

import random
from collections.abc import Callable
from contextlib import nullcontext
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from cmxero_desktop.adapters.casemanager.database import CaseManagerDatabase
from cmxero_desktop.adapters.casemanager.mapping_file import load_mapping
from cmxero_desktop.adapters.memory_secrets import MemorySecrets
from cmxero_desktop.adapters.store.store import FILE_NAME, SqlStore, open_store
from cmxero_desktop.adapters.xero.identity import TokenSet
from cmxero_desktop.adapters.xero.reader import XeroApiReader
from cmxero_desktop.adapters.xero.sign_in import SCOPES
from cmxero_desktop.adapters.xero.tokens import XeroTokens
from cmxero_desktop.adapters.xero.transport import Query
from cmxero_desktop.adapters.xero.urls import xero_urls
from cmxero_desktop.domain.errors import CaseManagerError
from cmxero_desktop.sandbox.case_manager.database import CaseDatabase
from cmxero_desktop.sandbox.firm.firm import build_firm
from cmxero_desktop.sandbox.ledger.clock import Clock
from cmxero_desktop.sandbox.xero.xero import SandboxXero
from cmxero_desktop.services.checking.polling import Polling, PollingDesk
from cmxero_desktop.services.ports.outside import Outside
from cmxero_desktop.services.ports.xero import Patience
from cmxero_desktop.services.records.readings import CaseManagerFacts
from cmxero_desktop.services.records.settings import Settings, XeroSettings
from tests.services.desk import FakeSettingsFile
from tests.support.stores import lay_out_store

ZONE = ZoneInfo("Australia/Sydney")
_PAGE_SIZE = 12
_INVOICES = 12
_HELD_S, _PATIENCE_S = 0.05, 60.0


class PowerCutError(BaseException):
    """The program ended in the middle of a check."""


class CaseManager(CaseManagerDatabase):
    """The firm's Case Manager, which can be away."""

    is_away = False

    def check(self) -> CaseManagerFacts:
        """Answer, unless it is away."""
        if self.is_away:
            raise CaseManagerError("The database of Case Manager is being backed up.", "Try again later.")
        return super().check()


class SoakDesk:
    """One firm's Xero and Case Manager, and the program that reads both. `skew` is how wrong its clock is."""

    def __init__(
        self,
        folder: Path,
        dice: random.Random,
        start: datetime,
        between_pages: Callable[[], None],
        patience: Patience | None = None,
    ) -> None:
        self.clock = Clock(frozen_at=start)
        firm = build_firm(start.astimezone(ZONE).date(), clock=self.clock, seed=dice.randrange(1000), size=_INVOICES)
        case_database = CaseDatabase(folder / "case.db")
        case_database.create(firm.case)
        self.skew = timedelta()
        self.xero = SandboxXero(firm.ledger)
        # A clock that stands still would never let the minute pass; the limits are tried as faults.
        self.xero.limits.is_on = False
        self.xero.start()
        self.case_manager = CaseManager(case_database.url, load_mapping("reference"))
        self._folder = folder
        self._between_pages = between_pages
        self._patience = patience
        self._secrets = MemorySecrets()
        self._names = 0
        self._settings_file = FakeSettingsFile(Settings(xero=XeroSettings(tenant_id=self.xero.tenant_id)))
        lay_out_store(folder / FILE_NAME)
        self.store: SqlStore = open_store(folder, "")
        self.restart()
        self.sign_in()

    def close(self) -> None:
        """End everything."""
        self.xero.stop()
        self.case_manager.close()
        self.store.close()

    def now(self) -> datetime:
        """Return what the computer's clock shows."""
        return self.clock.now() + self.skew

    def restart(self) -> None:
        """End the program and start it again: what was only in its memory is gone."""
        self.store.close()
        self.store = open_store(self._folder, "")
        urls = xero_urls(self.xero.identity_url, self.xero.api_url)
        self._tokens = XeroTokens(
            self.xero.client_id,
            urls,
            self._secrets,
            self._folder / "token.lock",
            clock=lambda: self.clock.now().timestamp(),
            now=self.now,
        )
        self._reader = XeroApiReader(
            self._tokens, urls, self.xero.tenant_id, patience=self._patience, page_size=_PAGE_SIZE, clock=self.now
        )
        self._watch_pages()
        outside = Outside(
            xero=self._reader,
            case_manager=self.case_manager,
            store=self.store,
            settings_file=self._settings_file,
            clock=self.now,
            steady_s=lambda: self.now().timestamp(),
            new_id=self._new_id,
        )
        self.polling = Polling(
            outside,
            desk=PollingDesk(holder="soak", label="SOAK", zone=ZONE),
            turn=nullcontext,
            tell=lambda _: None,
        )

    def sign_in(self) -> None:
        """Sign in as a person does, without the browser's way round."""
        answer = self.xero.identity.sign_in(SCOPES)
        self._tokens.keep(TokenSet(str(answer["access_token"]), str(answer["refresh_token"]), 1800))

    def set_patience(self, *, is_short: bool) -> None:
        """Wait for an answer as long as always, or hardly at all where one is held back on purpose."""
        self._reader._transport._timeouts = (5.0, _HELD_S if is_short else _PATIENCE_S)

    def _watch_pages(self) -> None:
        transport = self._reader._transport
        get = transport.get

        def watched(path: str, query: Query = (), since: datetime | None = None) -> bytes:
            body = get(path, query, since)
            self._between_pages()
            return body

        transport.get = watched  # type: ignore[method-assign]  # the place between two pages

    def _new_id(self) -> str:
        self._names += 1
        return f"run-{self._names}"
