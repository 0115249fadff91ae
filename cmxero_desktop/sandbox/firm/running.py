"""The invented firm in use: its Xero on a port, its Case Manager in a file, its events by name."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Self

from cmxero_desktop.sandbox.case_manager.database import CaseDatabase
from cmxero_desktop.sandbox.firm.firm import ORDINARY_INVOICES, Firm, build_firm, local_today
from cmxero_desktop.sandbox.firm.happenings import Happenings
from cmxero_desktop.sandbox.ledger.clock import Clock
from cmxero_desktop.sandbox.xero.messages import Json
from cmxero_desktop.sandbox.xero.xero import SandboxXero

# A name that nobody's own database has: an existing file of this name is replaced.
CASE_FILE = "brightside_case.db"


@dataclass(frozen=True, slots=True, kw_only=True)
class RunningFirm:
    """A context manager: starts on entering, stops on leaving."""

    firm: Firm
    xero: SandboxXero
    case_database: CaseDatabase
    happenings: Happenings

    def addresses(self) -> Json:
        """Return everything that another process needs to use this firm."""
        return {
            "organisation": self.firm.ledger.organisation.name,
            "tenant_id": self.xero.tenant_id,
            "client_id": self.xero.client_id,
            "identity_url": self.xero.identity_url,
            "api_url": self.xero.api_url,
            "control_url": f"{self.xero.url}/sandbox",
            "case_database": str(self.case_database.path.resolve()),
            "case_manager_url": self.case_database.url,
            "today": self.firm.today.isoformat(),
        }

    def __enter__(self) -> Self:
        """Start."""
        self.xero.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop; the database file stays."""
        self.xero.stop()
        self.case_database.bring_back()


def open_firm(
    directory: Path,
    *,
    today: date | None = None,
    clock: Clock | None = None,
    seed: int = 1,
    size: int = ORDINARY_INVOICES,
    port: int = 0,
) -> RunningFirm:
    """Invent the firm, write its case database into `directory`, and return it ready to start."""
    clock = clock or Clock()
    firm = build_firm(today or local_today(clock), clock=clock, seed=seed, size=size)
    directory.mkdir(parents=True, exist_ok=True)
    case_database = CaseDatabase(directory / CASE_FILE)
    case_database.create(firm.case)
    xero = SandboxXero(firm.ledger, port=port)
    happenings = Happenings(firm, xero, case_database)
    happenings.break_unreadable_row()
    xero.happenings.update(happenings.by_name())
    return RunningFirm(firm=firm, xero=xero, case_database=case_database, happenings=happenings)
