"""A small firm whose invoices have nothing to do with each other, its sandbox Xero, and the program that reads both."""

import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing, nullcontext
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import count
from pathlib import Path
from zoneinfo import ZoneInfo

from cmxero_desktop.adapters.casemanager.database import CaseManagerDatabase
from cmxero_desktop.adapters.casemanager.mapping_file import load_mapping
from cmxero_desktop.adapters.store.store import FILE_NAME, SqlStore, open_store
from cmxero_desktop.adapters.xero.reader import XeroApiReader
from cmxero_desktop.adapters.xero.urls import xero_urls
from cmxero_desktop.domain.proposals import ProposalState
from cmxero_desktop.domain.records import UnreadableRow
from cmxero_desktop.sandbox.case_manager.database import CaseDatabase
from cmxero_desktop.sandbox.case_manager.rows import CaseInvoiceRow, CasePaymentRow, CaseRows, import_note
from cmxero_desktop.sandbox.ledger.clock import Clock
from cmxero_desktop.sandbox.ledger.entries import CreditKind
from cmxero_desktop.sandbox.ledger.ledger import Ledger
from cmxero_desktop.sandbox.ledger.organisations import BRIGHTSIDE
from cmxero_desktop.sandbox.xero.xero import SandboxXero
from cmxero_desktop.services.checking.polling import Polling, PollingDesk
from cmxero_desktop.services.correlation.moment import current_moment
from cmxero_desktop.services.ports.outside import Outside
from cmxero_desktop.services.records.runs import PollAsk, PollRun
from cmxero_desktop.services.records.settings import Settings, XeroSettings
from cmxero_desktop.services.viewing.desk_view import DeskView
from cmxero_desktop.services.viewing.kept_view import read_desk
from tests.adapters.xero.stand_in import FixedTokens
from tests.services.desk import FakeSettingsFile
from tests.support.stores import lay_out_store

NOW = datetime(2026, 11, 20, 2, tzinfo=UTC)
_DAY = date(2026, 11, 2)
_INVOICES = 24
_PAGE_SIZE = 10


@dataclass(frozen=True)
class Shown:
    """What the program shows: the fingerprints of its proposals by invoice number, and what it could not read."""

    proposals: Mapping[str, frozenset[str]]
    unreadable: tuple[UnreadableRow, ...]
    view: DeskView


class FuzzDesk:
    """The firm and the program. `rewrite` of the sandbox's faults makes other bodies of its answers."""

    def __init__(self, folder: Path) -> None:
        """Invent the firm and start its Xero; nothing is read yet."""
        self.clock = Clock(frozen_at=NOW)
        ledger = Ledger(self.clock, BRIGHTSIDE)
        self.case, self.numbers = CaseRows(), dict[str, str]()
        _fill(ledger, self.case, self.numbers)
        case_database = CaseDatabase(folder / "case.db")
        case_database.create(self.case)
        self.xero = SandboxXero(ledger)
        self.xero.limits.is_on = False
        self.xero.start()
        self._case_manager = CaseManagerDatabase(case_database.url, load_mapping("reference"))
        self._settings = FakeSettingsFile(Settings(xero=XeroSettings(tenant_id=self.xero.tenant_id)))
        self._folder, self._names = folder, count(1)
        lay_out_store(folder / FILE_NAME)
        self._store: SqlStore = open_store(folder, "")
        self._outside = self._wired()
        self._polling = self._started()

    def close(self) -> None:
        """End everything."""
        self.xero.stop()
        self._case_manager.close()
        self._store.close()

    def keep(self, name: str) -> None:
        """Keep the store as it is now under a name."""
        _copy(self._folder / FILE_NAME, self._folder / name)

    def back_to(self, name: str) -> None:
        """Start the program anew on the store that was kept under a name."""
        _copy(self._folder / name, self._folder / FILE_NAME)
        # Later than whatever is in it, and sooner than the sign-in ends.
        self.clock.freeze(NOW + timedelta(minutes=10))
        self._polling = self._started()

    def poll(self, rewrite: Callable[[str, bytes], bytes] | None = None, *, is_full: bool = False) -> PollRun:
        """Check Xero once, through what `rewrite` makes of each good answer."""
        self.clock.advance(timedelta(minutes=1))
        self.xero.faults.rewrite = rewrite
        try:
            return self._polling.poll(PollAsk(is_full=is_full))
        finally:
            self.xero.faults.rewrite = None

    def shown(self) -> Shown:
        """Return what a person is shown now, and what an approval would take as the present moment."""
        current_moment(self._outside)
        with self._store.read() as unit:
            found: dict[str, set[str]] = {}
            for stored in unit.proposals.in_states({ProposalState.PROPOSED}):
                found.setdefault(stored.proposal.invoice_number, set()).add(stored.fingerprint)
            unreadable = unit.gaps.unreadable()
        return Shown({n: frozenset(some) for n, some in found.items()}, unreadable, read_desk(self._store))

    def _wired(self) -> Outside:
        urls = xero_urls(self.xero.identity_url, self.xero.api_url)
        return Outside(
            xero=XeroApiReader(
                FixedTokens(*[self.xero.access_token()] * 2),
                urls,
                self.xero.tenant_id,
                page_size=_PAGE_SIZE,
                clock=self.clock.now,
            ),
            case_manager=self._case_manager,
            store=self._store,
            settings_file=self._settings,
            clock=self.clock.now,
            steady_s=lambda: self.clock.now().timestamp(),
            new_id=lambda: f"run-{next(self._names)}",
        )

    def _started(self) -> Polling:
        """Return what remembers nothing of earlier checks, as after a start of the program."""
        desk = PollingDesk(holder="fuzz", label="FUZZ", zone=ZoneInfo("Australia/Sydney"))
        return Polling(self._outside, desk=desk, turn=nullcontext, tell=lambda _: None)


def _copy(from_file: Path, to_file: Path) -> None:
    """Copy a store while it is open: whoever has it open sees the other content."""
    with closing(sqlite3.connect(from_file)) as source, closing(sqlite3.connect(to_file)) as target:
        source.backup(target)


def _fill(ledger: Ledger, case: CaseRows, numbers: dict[str, str]) -> None:
    """Enter invoices whose payers, amounts and references have nothing in common, one kind of case after the other."""
    bank = ledger.add_account("Business Account", "090")
    keys = count(1)
    for number in range(1, _INVOICES + 1):
        contact, name = ledger.add_contact(f"Payer {number}"), f"{1000 + number}"
        total, paid = Decimal(1000 + 37 * number), Decimal(100 + 11 * number) + Decimal(number) / 100
        invoice_id = ledger.add_invoice(f"CM-{name}", contact, total, _DAY)
        numbers[invoice_id] = f"CM-{name}"
        case.invoices.append(CaseInvoiceRow(number, name, contact.name, None, _DAY, None, total))
        paid_on = _DAY + timedelta(days=number % 14)
        payment = ledger.add_payment(invoice_id, paid, paid_on, bank, reference=f"REF {number}")
        kind = number % 6
        copy = CasePaymentRow(next(keys), number, paid_on, paid, "EFT", f"REF {number}", import_note(payment))
        if kind == 0:  # an addition
            continue
        if kind == 1:  # a link
            copy = copy._replace(notes=None)
        if kind == 2:  # an edit, in either order
            ledger.edit_payment(payment, amount=str(paid + 5))
        if kind == 3:  # a removal
            ledger.delete_payment(payment)
        if kind == 4:  # settled in part by a credit
            credit = ledger.add_credit(CreditKind.CREDIT_NOTE, contact, "50.00", _DAY, number=f"CN-{number}")
            ledger.apply_credit(credit, invoice_id, "50.00", _DAY)
        case.payments.append(copy)
    other = ledger.add_invoice("INV-7", ledger.add_contact("Nobody of ours"), "700.00", _DAY)
    ledger.add_payment(other, "70.00", _DAY, bank, reference="Not ours")
