"""What correlation found for one invoice, as it is stored."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from cmxero_desktop.domain.identifiers import (
    Fingerprint,
    XeroInvoiceId,
)
from cmxero_desktop.domain.placements import Correlation
from cmxero_desktop.domain.records import (
    InvoiceSnapshot,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackedInvoice:
    """A sales invoice that was once seen with a CM number; it stays tracked by its id if it is renumbered (R1)."""

    xero_invoice_id: XeroInvoiceId
    number: str
    first_seen_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceResult:
    """The last correlation of one invoice together with the facts that it rests on."""

    snapshot: InvoiceSnapshot
    correlation: Correlation


def standing_of(results: Iterable[InvoiceResult]) -> frozenset[Fingerprint]:
    """Return the proposals that the last correlation gave."""
    return frozenset(proposal.fingerprint for result in results for proposal in result.correlation.proposals)
