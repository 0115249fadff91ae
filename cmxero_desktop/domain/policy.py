"""The firm's choices that correlation depends on, from settings and from Case Manager's own settings."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from decimal import Decimal
from types import MappingProxyType


@dataclass(frozen=True, slots=True, kw_only=True)
class RemovalLimits:
    """How much may be removed in one poll before every removal waits for a release (R27)."""

    count: int = 10
    percent: Decimal = Decimal(2)
    amount: Decimal = Decimal("20000.00")


@dataclass(frozen=True, slots=True, kw_only=True)
class Locks:
    """The last days of closed periods: Xero's two lock dates, and the end of the last lodged tax period (R33)."""

    period: date | None = None
    year_end: date | None = None
    lodged: date | None = None


NO_LOCKS = Locks()


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """What Case Manager's columns can hold (R12); None or "" is no limit.

    `encoding` is Python's name of what text is kept in; `is_basic_plane` says that no character beyond U+FFFF is held.
    """

    largest_amount: Decimal | None = None
    earliest_date: date | None = None
    latest_date: date | None = None
    encoding: str = ""
    is_basic_plane: bool = False


NO_LIMITS = Columns()


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptedShape:
    """How a person accepted that totals differ: between which ratios Xero's is to Case Manager's (R24a).

    `has_unknown` says that adjustments and refunds are not known, and count as none.
    """

    low: Decimal
    high: Decimal
    has_unknown: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """The choices of one firm.

    `forward_dating_days` and `notes_limit` are None where there is no limit; `is_forward_dating_own` where the first is
    the firm's own setting, and not Case Manager's. `payment_type` is what an added
    payment gets (R12). `start_date` limits what is listed and proposed, never what is matched (R5). `payment_types`
    maps account codes to payment types, and an account that it names is as good as a bank; the payments to the accounts
    in `never_copy` stay out, since such an account holds clients' money; those to the accounts in `keep_flagging` are
    flagged, as a person wants them. Accounts are named by code or name (R3). `accepted_totals` is None where nobody
    had to accept that totals differ (R24a). `started_at` is the firm's midnight of `start_date`, as aware UTC.
    `time_zone` is the IANA name of the organisation's, by which whoever freezes the facts tells its days.
    """

    currency: str
    invoice_prefix: str = "CM-"
    start_date: date | None = None
    near_days: int = 7
    forward_dating_days: int | None = None
    is_forward_dating_own: bool = False
    is_journalled_locked: bool = True
    notes_limit: int | None = 500
    reference_limit: int | None = 50
    payment_type: str = "EFT"
    imported_text: str = "Xero payment"
    sor_account_text: str = "SOR Clearing"
    sor_unallocated_text: str = "APXUnalloc"
    removal_limits: RemovalLimits = RemovalLimits()
    edit_days: int = 2
    total_tolerance: Decimal = Decimal("0.05")
    bulk_amount_limit: Decimal = Decimal("5000.00")
    payment_types: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    never_copy: frozenset[str] = frozenset()
    keep_flagging: frozenset[str] = frozenset()
    locks: Locks = NO_LOCKS
    columns: Columns = NO_LIMITS
    accepted_totals: AcceptedShape | None = None
    started_at: datetime | None = None
    time_zone: str = ""

    @property
    def since(self) -> datetime | None:
        """The instant of the start (aware UTC): the firm's own midnight; UTC's where the firm's is not known (R5)."""
        if self.started_at is not None or self.start_date is None:
            return self.started_at
        return datetime.combine(self.start_date, time.min, UTC)
