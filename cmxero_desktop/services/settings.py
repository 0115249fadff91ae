"""The settings of one firm, as the settings file holds them."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum


class Mode(StrEnum):
    """How far the program may go: observe writes nothing and needs no write login."""

    OBSERVE = "observe"
    APPROVE = "approve"


class ForwardDating(StrEnum):
    """Where the forward dating limit comes from when it is not a number of days."""

    CASE_MANAGER = "case_manager"
    OFF = "off"


@dataclass(frozen=True, slots=True, kw_only=True)
class XeroSettings:
    """How to reach Xero. The two addresses are for a sandbox on this computer only; no secret is ever here."""

    client_id: str = ""
    redirect_port: int = 8742
    tenant_id: str = ""
    identity_url: str = ""
    api_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseManagerSettings:
    """How to reach Case Manager's database; a password in the URL is moved to the keyring."""

    url: str = ""
    mapping: str = "reference"


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicySettings:
    """The firm's choices for the rules."""

    invoice_prefix: str = "CM-"
    start_date: date | None = None
    near_days: int = 7
    removal_limit_count: int = 10
    removal_limit_percent: Decimal = Decimal(2)
    removal_limit_amount: Decimal = Decimal("20000.00")
    forward_dating_days: int | ForwardDating = ForwardDating.CASE_MANAGER
    sor_account: str = "SOR Clearing"


@dataclass(frozen=True, slots=True, kw_only=True)
class PollSettings:
    """How often Xero is checked."""

    interval_min: int = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreSettings:
    """Where our own store is; empty means SQLite in the home folder."""

    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything that `settings.toml` says."""

    mode: Mode = Mode.OBSERVE
    xero: XeroSettings = field(default_factory=XeroSettings)
    case_manager: CaseManagerSettings = field(default_factory=CaseManagerSettings)
    policy: PolicySettings = field(default_factory=PolicySettings)
    poll: PollSettings = field(default_factory=PollSettings)
    store: StoreSettings = field(default_factory=StoreSettings)
