"""Whether both sides mean the same by the total of an invoice, over the whole firm, and what a person said of it."""

from dataclasses import dataclass
from datetime import datetime

from cmxero_desktop.domain.firm_totals import TotalsFinding
from cmxero_desktop.domain.policy import AcceptedShape


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptedTotals:
    """What a person accepted: who, when (aware UTC), and why."""

    finding: TotalsFinding
    by: str
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FirmTotals:
    """What the last comparison found of the firm's totals, None where they agree, and what stands accepted of it."""

    finding: TotalsFinding | None = None
    accepted: AcceptedTotals | None = None

    @property
    def why_closed(self) -> str:
        """Why additions do not go in bulk, as a sentence; empty where they do (R24a)."""
        return str(self.finding) if self.finding is not None and self.accepted is None else ""

    @property
    def shape(self) -> AcceptedShape | None:
        """What the debtor test takes for granted."""
        return self.accepted.finding.shape if self.accepted is not None else None


NOTHING_FOUND = FirmTotals()
