"""What a person answers when setting up, what was seen of the database, and the first report."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from cmxero_desktop.domain.placements import Reason
from cmxero_desktop.domain.proposals import ProposalKind
from cmxero_desktop.services.records.readings import CaseManagerFacts
from cmxero_desktop.services.records.runs import PollRun
from cmxero_desktop.services.records.settings import Mode, PolicySettings, SignInKind


@dataclass(frozen=True, slots=True, kw_only=True)
class InitRequest:
    """What a person gives to set the program up.

    Where an address holds a password, that one counts; a `password` or `store_password` of None leaves the stored one.
    An empty `store_url` leaves our own store where it is, and a `sign_in` of None the way to sign in.
    """

    # Never shown: an address may hold a password.
    case_manager_url: str = field(repr=False)
    xero_client_id: str
    password: str | None = field(default=None, repr=False)
    mapping: str = "reference"
    sign_in: SignInKind | None = None
    mode: Mode = Mode.OBSERVE
    identity_url: str = ""
    api_url: str = ""
    store_url: str = field(default="", repr=False)
    store_password: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressSeen:
    """An address of a database, as far as it may be shown: who logs in, to what, and whether it holds the password."""

    login: str
    label: str
    has_password: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SetupAnswers:
    """Everything that a person gives to set the program up; the address may hold a password.

    `setting_texts` are further settings by their names, as a person would type them; `starts_at_sign_in` is no setting
    of the firm but of this computer.
    """

    client_id: str
    redirect_port: int
    tenant_id: str
    case_manager_url: str = field(repr=False)
    mapping: str = "reference"
    policy: PolicySettings = field(default_factory=PolicySettings)
    setting_texts: Mapping[str, str] = field(default_factory=dict)
    starts_at_sign_in: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseSeen:
    """A Case Manager database that fits its mapping. `may_write` is None where the database does not tell."""

    facts: CaseManagerFacts
    kind: str
    may_write: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstReport:
    """How the first check ended, and where the payments stand after it; `totals` where those of the firm differ.

    `old_leftovers` are old payments of Case Manager that nobody has explained yet, `near_doubles` the additions that
    may be the same money as one typed by hand. `remark` says what of the set-up did not work and is done later.
    """

    run: PollRun
    matched: int
    to_approve: Mapping[ProposalKind, int]
    only_in_case_manager: int
    skipped: Mapping[Reason, int]
    totals: str = ""
    old_leftovers: int = 0
    near_doubles: int = 0
    remark: str = ""


class WizardEnd(StrEnum):
    """How a person left the wizard."""

    DONE = "done"
    DEMO = "demo"
    CANCELLED = "cancelled"
