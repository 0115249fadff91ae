"""The invented firm Brightside Rehab: the same books and case rows for the same seed, size and day."""

from dataclasses import dataclass
from datetime import UTC, date, timedelta, timezone
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cmxero_desktop.sandbox.case_manager.rows import CaseRows
from cmxero_desktop.sandbox.firm.books import Books
from cmxero_desktop.sandbox.firm.bulk import add_ordinary
from cmxero_desktop.sandbox.firm.scenario import Scenario
from cmxero_desktop.sandbox.firm.scenarios import SCENARIOS
from cmxero_desktop.sandbox.ledger.clock import Clock
from cmxero_desktop.sandbox.ledger.ledger import Ledger
from cmxero_desktop.sandbox.ledger.organisations import BRIGHTSIDE

TIME_ZONE = "Australia/Sydney"
# Enough imported copies that a removal or two stay below two percent of them.
ORDINARY_INVOICES = 180


@dataclass(frozen=True, slots=True, kw_only=True)
class Firm:
    """Both sides of the firm: Xero's books and the rows of its Case Manager."""

    today: date
    ledger: Ledger
    case: CaseRows
    scenarios: tuple[Scenario, ...]
    linked_payment_ids: tuple[str, ...]

    def scenario(self, number: int) -> Scenario:
        """Return a scenario by its number."""
        return next(each for each in self.scenarios if each.number == number)

    def payment_ids(self, invoice_number: str) -> list[str]:
        """Return the ids of every payment that Xero ever had on an invoice."""
        invoice = self.ledger.invoice_numbered(invoice_number)
        return [each.payment_id for each in self.ledger.all_payments(invoice.invoice_id)]


def build_firm(today: date, *, clock: Clock | None = None, seed: int = 1, size: int = ORDINARY_INVOICES) -> Firm:
    """Invent the firm: every scenario and `size` ordinary invoices, dated back from `today`."""
    ledger = Ledger(clock or Clock(), BRIGHTSIDE, seed)
    books = Books(ledger, today)
    for scenario in SCENARIOS:
        scenario.build(books)
    linked = add_ordinary(books, size, seed)
    return Firm(
        today=today,
        ledger=ledger,
        case=books.case,
        scenarios=SCENARIOS,
        linked_payment_ids=tuple(linked),
    )


def local_today(clock: Clock) -> date:
    """Return the organisation's date: Sydney's, by standard time where no zone data is installed."""
    try:
        return clock.now().astimezone(ZoneInfo(TIME_ZONE)).date()
    except ZoneInfoNotFoundError:
        return clock.now().astimezone(UTC).astimezone(timezone(timedelta(hours=10))).date()
