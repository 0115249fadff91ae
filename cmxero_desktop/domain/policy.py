"""The firm's choices that correlation depends on, from settings and from Case Manager's own settings."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class RemovalLimits:
    """How much may be removed in one poll before every removal waits for a release (R27)."""

    count: int = 10
    percent: Decimal = Decimal(2)
    amount: Decimal = Decimal("20000.00")


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """The choices of one firm.

    `forward_dating_days` and `notes_limit` are None where there is no limit. `payment_type` is what an added
    payment gets (R12). `start_date` leaves older payments out of scope on both sides (R5).
    """

    currency: str
    invoice_prefix: str = "CM-"
    start_date: date | None = None
    near_days: int = 7
    forward_dating_days: int | None = None
    is_journalled_locked: bool = True
    notes_limit: int | None = 500
    reference_limit: int | None = 50
    payment_type: str = "EFT"
    imported_text: str = "Xero payment"
    sor_account_text: str = "SOR Clearing"
    removal_limits: RemovalLimits = RemovalLimits()
