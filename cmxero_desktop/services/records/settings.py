"""The settings of one firm, as the settings file holds them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType

from cmxero_desktop.domain.closed_days import NO_HOLIDAYS, ClosedSpan, PublicHolidays, closed_because
from cmxero_desktop.domain.office import Office
from cmxero_desktop.domain.people import SecondRule
from cmxero_desktop.domain.sor.schedules import FirmType
from cmxero_desktop.domain.sor.tables import ListColumn


class Mode(StrEnum):
    """How far the program may go: observe writes nothing and needs no write login."""

    OBSERVE = "observe"
    APPROVE = "approve"


class ForwardDating(StrEnum):
    """Where the forward dating limit comes from when it is not a number of days."""

    CASE_MANAGER = "case_manager"
    OFF = "off"


class SignInKind(StrEnum):
    """How the program signs in to Xero: a person in the browser, or the firm's own custom connection."""

    BROWSER = "browser"
    CUSTOM_CONNECTION = "custom_connection"


class Tier(StrEnum):
    """The tier of the firm's app at Xero, which decides how many calls a day an organisation may get."""

    STARTER = "starter"
    CORE = "core"
    PLUS = "plus"
    ADVANCED = "advanced"
    ENTERPRISE = "enterprise"

    @property
    def calls_a_day(self) -> int:
        """How many calls a day Xero allows for one organisation."""
        return 1_000 if self is Tier.STARTER else 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class XeroSettings:
    """How to reach Xero. The two addresses are for a sandbox on this computer only; no secret is ever here.

    `proxy` is the address of an HTTP proxy; empty takes the one of the environment or the operating system.
    """

    sign_in: SignInKind = SignInKind.BROWSER
    client_id: str = ""
    redirect_port: int = 8742
    tenant_id: str = ""
    tier: Tier = Tier.CORE
    proxy: str = ""
    identity_url: str = ""
    api_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseManagerSettings:
    """How to reach Case Manager's database; a password in the URL is moved to the keyring."""

    url: str = ""
    mapping: str = "reference"


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicySettings:
    """The firm's choices for the rules.

    `payment_types` gives Case Manager's payment type for a Xero account's code or name, `never_copy` holds the accounts
    whose payments stay out, and `keep_flagging` those whose payments are looked at one by one (R3). `lodged_until` is
    the last day of the last lodged tax period (R33).
    """

    invoice_prefix: str = "CM-"
    start_date: date | None = None
    near_days: int = 7
    removal_limit_count: int = 10
    removal_limit_percent: Decimal = Decimal(2)
    removal_limit_amount: Decimal = Decimal("20000.00")
    forward_dating_days: int | ForwardDating = ForwardDating.CASE_MANAGER
    sor_account: str = "SOR Clearing"
    sor_unallocated: str = "APXUnalloc"
    edit_days: int = 2
    total_tolerance: Decimal = Decimal("0.05")
    bulk_amount_limit: Decimal = Decimal("5000.00")
    lodged_until: date | None = None
    never_copy: tuple[str, ...] = ()
    keep_flagging: tuple[str, ...] = ()
    payment_types: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


class Never(StrEnum):
    """What a time of day may be instead of one."""

    OFF = "off"


@dataclass(frozen=True, slots=True)
class WorkingHours:
    """The part of a day in which Xero is checked: from `start` up to but without `end`, which is later."""

    start: time
    end: time


EVERY_DAY = frozenset(range(7))
"""The days of the week, Monday is 0."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PollSettings:
    """When Xero is checked, in this computer's local time.

    `working_hours` None means all day. The first check after `full_at` compares everything.
    """

    interval_min: int = 10
    working_hours: WorkingHours | None = None
    working_days: frozenset[int] = EVERY_DAY
    full_at: time | Never = time(2)


_WEEKEND = frozenset({5, 6})
# No office is closed for longer.
_LONGEST_QUIET_DAYS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeSettings:
    """When this computer gives no notices, in its local time: from `quiet_from` to `quiet_to`, over midnight too.

    What came meanwhile is said afterwards, with `summary` in one. On `quiet_days`, on public `holidays` and on days on
    which the office is `closed` it is quiet all day. Texts hold names of clients only with `show_names`.
    """

    quiet_from: time | Never = time(17, 30)
    quiet_to: time = time(8, 30)
    quiet_days: frozenset[int] = _WEEKEND
    holidays: PublicHolidays = NO_HOLIDAYS
    closed: tuple[ClosedSpan, ...] = ()
    summary: bool = True
    show_names: bool = False

    def is_quiet(self, local: datetime) -> bool:
        """Say whether nobody is to be disturbed at an instant in local time."""
        begin, end, now = self.quiet_from, self.quiet_to, local.time()
        if self._is_closed(local.date()):
            return True
        if isinstance(begin, Never):
            return False
        return begin <= now < end if begin <= end else now >= begin or now < end

    def opens_on(self, local: datetime) -> date:
        """Return the local day on which quiet time ends next, from any instant; one far ahead where it does not."""
        at = time.min if isinstance(self.quiet_from, Never) else self.quiet_to
        days = (local.date() + timedelta(days=n) for n in range(_LONGEST_QUIET_DAYS))
        mornings = (datetime.combine(day, at, local.tzinfo) for day in days)
        return next(
            (each.date() for each in mornings if each >= local and not self.is_quiet(each)),
            local.date() + timedelta(days=_LONGEST_QUIET_DAYS),
        )

    def last_open(self, before: date) -> date:
        """Return the last day before this one that is not quiet all day; one long ago where there is none."""
        days = (before - timedelta(days=n) for n in range(1, _LONGEST_QUIET_DAYS))
        return next((day for day in days if not self._is_closed(day)), before - timedelta(days=_LONGEST_QUIET_DAYS))

    def _is_closed(self, day: date) -> bool:
        return day.weekday() in self.quiet_days or bool(closed_because(day, self.holidays, self.closed))


class Encryption(StrEnum):
    """How a connection to the mail server is encrypted; without is not one of them."""

    STARTTLS = "starttls"
    TLS = "tls"

    @property
    def port(self) -> int:
        """The port where servers commonly offer it."""
        return 587 if self is Encryption.STARTTLS else 465


@dataclass(frozen=True, slots=True, kw_only=True)
class MailSettings:
    """The firm's own mail server, by which warnings of the SOR watch are sent; the password is in the keyring.

    Without a host no mail is sent. `port` 0 is the common one; an empty `login` is for a server that asks for none.
    """

    host: str = ""
    port: int = 0
    encryption: Encryption = Encryption.STARTTLS
    login: str = ""
    sender: str = ""
    recipients: tuple[str, ...] = ()

    @property
    def is_set(self) -> bool:
        """Say whether a mail can be sent to somebody."""
        return bool(self.host and self.sender and self.recipients)


@dataclass(frozen=True, slots=True, kw_only=True)
class SorSettings:
    """The firm's choices for the SOR watch; by what its accounts are told stands in the policy."""

    firm_type: FirmType = FirmType.XERO
    breaks_quiet_hours: bool = True
    headings: Mapping[str, ListColumn] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreSettings:
    """Where our own store is; empty means SQLite in the home folder."""

    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateSettings:
    """Where the maker's signed news of a newer version lies, and by which key it is believed; without both it is off.

    `public_key` is the maker's Ed25519 key in base64. It is never taken from where the news lies.
    """

    address: str = ""
    public_key: str = ""

    @property
    def is_on(self) -> bool:
        """Say whether anybody is asked at all."""
        return bool(self.address and self.public_key)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonSettings:
    """The firm's own reasons, to be chosen from beside free words."""

    reject: tuple[str, ...] = (
        "Entered in Case Manager under another invoice",
        "Not this client's money",
        "Will be corrected in Xero",
        "Asked the client",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleSettings:
    """Who approves, empty for everybody, and which changes need the yes of two persons, from which amount on."""

    approvers: tuple[str, ...] = ()
    second_approver: SecondRule = SecondRule.OFF
    second_above: Decimal = Decimal("5000.00")

    @property
    def office(self) -> Office:
        """The firm's people, as decisions ask for them."""
        return Office(approvers=self.approvers, rule=self.second_approver, above=self.second_above)

    @classmethod
    def of(cls, office: Office) -> "PeopleSettings":
        """Return an office as the settings have it."""
        return cls(approvers=office.approvers, second_approver=office.rule, second_above=office.above)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything that `settings.toml` says."""

    mode: Mode = Mode.OBSERVE
    xero: XeroSettings = field(default_factory=XeroSettings)
    case_manager: CaseManagerSettings = field(default_factory=CaseManagerSettings)
    policy: PolicySettings = field(default_factory=PolicySettings)
    poll: PollSettings = field(default_factory=PollSettings)
    store: StoreSettings = field(default_factory=StoreSettings)
    sor: SorSettings = field(default_factory=SorSettings)
    notices: NoticeSettings = field(default_factory=NoticeSettings)
    mail: MailSettings = field(default_factory=MailSettings)
    reasons: ReasonSettings = field(default_factory=ReasonSettings)
    people: PeopleSettings = field(default_factory=PeopleSettings)
    updates: UpdateSettings = field(default_factory=UpdateSettings)
