"""What a program is for the tests that know the truth: something that checks, shows proposals, and writes them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from cmxero_desktop.domain.identifiers import CasePaymentId, XeroInvoiceId
from cmxero_desktop.domain.placements import Correlation
from cmxero_desktop.domain.proposals import Proposal
from cmxero_desktop.domain.records import InvoiceSnapshot
from tests.truth.books import Shares


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What one check shows."""

    snapshots: tuple[InvoiceSnapshot, ...]
    correlations: tuple[Correlation, ...]
    proposals: tuple[Proposal, ...]
    today: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Write:
    """One row that the program wrote: whose money it was before and is now. `key` is None where the row is gone."""

    proposal: Proposal
    key: CasePaymentId | None
    before: Shares
    after: Shares


class Program(Protocol):
    """The rules alone, or the whole program."""

    def check(self, now: datetime) -> Seen:
        """Read both sides, and show what is proposed."""

    def look(self) -> Seen:
        """Show what is proposed by now, without asking Xero."""

    def approve_bulk(self, kinds: Collection[str]) -> tuple[Write, ...]:
        """Approve and write all of these kinds that bulk allows."""

    def clean_up(self) -> tuple[Write, ...]:
        """Say in one act what may be said of all old leftovers at once, and return what was accepted by it."""

    def approve(self, proposals: Sequence[Proposal]) -> tuple[Write, ...]:
        """Approve and write proposals that a person looked at, one of an invoice; those that are blocked are not."""

    def say_number(self, invoice: XeroInvoiceId, number: str) -> None:
        """Say which invoice of Case Manager one of Xero's is (R1)."""
