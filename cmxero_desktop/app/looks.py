"""What `doctor` looks at, one line each: good, or what to do. It needs no open desk, only the parts that there are."""

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Generic, Protocol, TypeVar

from cmxero_desktop import __version__
from cmxero_desktop.adapters.sql.addresses import has_password
from cmxero_desktop.adapters.store.store import SqlStore
from cmxero_desktop.app.clock import local_zone, utc_now
from cmxero_desktop.app.lazy_secrets import DescribedSecrets
from cmxero_desktop.app.proxies import proxy_seen
from cmxero_desktop.domain.errors import DeskError, SettingsError, SignInError, StoreError
from cmxero_desktop.domain.records import Organisation
from cmxero_desktop.domain.wording import day
from cmxero_desktop.runtime.logs import LOG_FILE
from cmxero_desktop.services.checking.spending import IDLE_COST, calls_kept, calls_left, may_spend
from cmxero_desktop.services.connecting.sign_in_age import ending_alert, sign_in_ends_at
from cmxero_desktop.services.diagnostics.diagnosing import diagnose
from cmxero_desktop.services.records.readings import CaseManagerFacts
from cmxero_desktop.services.records.reports import HealthCheck
from cmxero_desktop.services.records.runs import PollState
from cmxero_desktop.services.records.settings import Settings, SignInKind
from cmxero_desktop.services.viewing.verifying import verify

T = TypeVar("T")

_CLOCK_MAY_DIFFER = timedelta(minutes=10)
_DISK_NEEDED_BYTES = 500_000_000
_MEGABYTE = 1_000_000


class Once(Generic[T]):
    """Makes a part once. Where it cannot be had, the very same error is raised each time."""

    def __init__(self, make: Callable[[], T]) -> None:
        """Make nothing yet."""
        self._make = make
        self._made: list[T] = []
        self._error: DeskError | None = None

    @property
    def is_made(self) -> bool:
        """Whether the part is there."""
        return bool(self._made)

    def __call__(self) -> T:
        """Return the part. Raises DeskError."""
        if self._error is not None:
            raise self._error
        if not self._made:
            try:
                self._made.append(self._make())
            except DeskError as error:
                self._error = error
                raise
        return self._made[0]


class HeldSignIn(Protocol):
    """Knows whether the keyring holds a sign-in."""

    def is_signed_in(self) -> bool:
        """Say so. Raises SecretsError."""


class AskedXero(Protocol):
    """Xero's reader, with what it noticed beside the organisation's name."""

    time_zone_problem: str
    clock_ahead: timedelta | None

    def organisation(self) -> Organisation:
        """Ask for the organisation. Raises DeskError."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """The parts of one desk. Each is made when it is first needed, and raises DeskError where it cannot be."""

    home: Path
    settings: Callable[[], Settings]
    store: Callable[[], SqlStore]
    case_manager: Callable[[], CaseManagerFacts]
    secrets: Callable[[], DescribedSecrets]
    tokens: Callable[[], HeldSignIn]
    xero: Callable[[], AskedXero]


def examine(scene: Scene) -> tuple[HealthCheck, ...]:
    """Look at everything; Xero is asked once."""
    looks = _Looks(scene)
    return diagnose(
        _each_trouble_once(
            {
                "settings": looks.settings,
                "store": looks.store,
                "Case Manager": looks.case_manager,
                "keyring": looks.keyring,
                "Xero": looks.organisation,
                "sign-in": looks.sign_in,
                "clock": looks.clock,
                "time zone": looks.time_zone,
                "calls": looks.calls,
                "proxy": looks.proxy,
                "disk": looks.disk,
                "log": looks.log,
                "version": looks.version,
            }
        )
    )


def _each_trouble_once(looks: Mapping[str, Callable[[], str]]) -> dict[str, Callable[[], str]]:
    """Let what several looks stumble over be told by the first; the others say only which one that was."""
    told: list[tuple[DeskError, str]] = []

    def told_once(name: str, look: Callable[[], str]) -> str:
        try:
            return look()
        except DeskError as error:
            first = next((by for known, by in told if known is error), "")
            if first:
                raise DeskError("Not looked at.", f"Put right first: {first}.") from None
            told.append((error, name))
            raise

    return {name: partial(told_once, name, look) for name, look in looks.items()}


class _Looks:
    """Each look returns what it saw, or raises DeskError with what is wrong and what to do."""

    def __init__(self, scene: Scene) -> None:
        self._home = scene.home
        self._settings = Once(scene.settings)
        self._store = Once(scene.store)
        self._case_manager = scene.case_manager
        self._secrets = scene.secrets
        self._tokens = scene.tokens
        self._xero = Once(scene.xero)
        self._asked: list[AskedXero] = []

    def settings(self) -> str:
        settings = self._settings()
        urls = (settings.case_manager.url, settings.store.url, settings.xero.proxy)
        if any(url and has_password(url if "://" in url else f"http://{url}") for url in urls):
            message = f"{self._home / 'settings.toml'} holds a password, which anybody who can read the file sees."
            remedy = (
                "Run cmxero init with the address of that database: its password goes to the keyring. "
                "Name a proxy with a password in the environment, as HTTPS_PROXY."
            )
            raise SettingsError(message, remedy)
        return f"{self._home / 'settings.toml'}, mode {settings.mode}."

    def store(self) -> str:
        store = self._store()
        damage = store.damage()
        if damage:
            message = f"{store.place} is damaged: {damage}."
            raise StoreError(message, "Close the program and put back the newest backup beside it.")
        report = verify(store)
        if any("Audit trail" in finding for finding in report.findings):
            message = f"{store.place}: {report.findings[0]}"
            raise StoreError(message, "Approve nothing, keep the file as it is, and call for support.")
        findings = f", {len(report.findings)} findings: see cmxero verify" if report.findings else ""
        return f"{store.place}, whole, {report.audit_entries:,} audit entries{findings}."

    def case_manager(self) -> str:
        facts = self._case_manager()
        return f"{facts.label}, {facts.invoices:,} invoices, {facts.payments:,} payments, fits the mapping."

    def keyring(self) -> str:
        name = self._secrets().describe()
        try:
            tokens = self._tokens()
        except SettingsError:
            # Without settings nobody knows which sign-in to look for, but the keyring is good.
            return f"{name}."
        return f"{name}; it holds {'the' if tokens.is_signed_in() else 'no'} sign-in to Xero."

    def organisation(self) -> str:
        xero = self._xero()
        self._asked.append(xero)
        organisation = xero.organisation()
        return f"{organisation.name} answers, {organisation.currency}."

    def sign_in(self) -> str:
        if not self._tokens().is_signed_in():
            raise SignInError("This program is not signed in to Xero.", "Sign in to Xero: cmxero connect.")
        state, now = self._state(), utc_now()
        warning, ends_at = ending_alert(state, now), sign_in_ends_at(state)
        if warning is not None:
            raise SignInError(warning.explanation, warning.next_step)
        if self._settings().xero.sign_in is SignInKind.CUSTOM_CONNECTION:
            return "a custom connection, whose secret the keyring holds; it does not end."
        if ends_at is None:
            return "signed in; this program has not renewed it yet."
        return f"signed in; unused it would end on {day(ends_at.astimezone(local_zone()).date())}."

    def clock(self) -> str:
        seen = f"this computer says {utc_now():%Y-%m-%d %H:%M} UTC"
        ahead = self._asked[0].clock_ahead if self._asked else None
        if ahead is None:
            return f"{seen}; Xero has not said what time it is."
        if abs(ahead) > _CLOCK_MAY_DIFFER:
            way = "ahead of" if ahead > timedelta() else "behind"
            message = f"This computer's clock is {_duration(abs(ahead))} {way} Xero's ({seen})."
            raise DeskError(message, "Set the date, the time and the time zone of this computer, or let it set them.")
        return f"{seen}, and Xero says the same within {_CLOCK_MAY_DIFFER.seconds // 60} minutes."

    def time_zone(self) -> str:
        problem = self._asked[0].time_zone_problem if self._asked else ""
        if problem:
            remedy = "Choose the time zone in Xero under Settings, Financial settings, then check Xero again."
            raise DeskError(problem, remedy)
        zone = self._state().time_zone
        return f"{zone}, as Xero names it." if zone else "not known before the first check."

    def calls(self) -> str:
        a_day = self._settings().xero.tier.calls_a_day
        with self._store().read() as unit:
            limits = unit.polling.state().limits
            used = unit.polling.requests_on(utc_now().astimezone(local_zone()).date())
        left, kept = calls_left(limits, a_day, used), calls_kept(a_day)
        seen = f"{used:,} used today, {left:,} of {a_day:,} left, {kept:,} of them kept for Check Xero."
        if may_spend(IDLE_COST, limits, a_day, used):
            return seen
        raise DeskError(
            seen, "Checks by the schedule wait until Xero allows more; yours still work while any are left."
        )

    def proxy(self) -> str:
        return proxy_seen(self._settings().xero)

    def disk(self) -> str:
        free = shutil.disk_usage(self._home).free
        seen = f"{free // _MEGABYTE:,} MB free where {self._home} is."
        if free < _DISK_NEEDED_BYTES:
            raise DeskError(
                seen, f"Make room: at least {_DISK_NEEDED_BYTES // _MEGABYTE} MB are needed to work safely."
            )
        return seen

    def log(self) -> str:
        path = self._home / "logs" / LOG_FILE
        return f"{path}." if path.is_file() else f"{path}; the window writes it, and has written nothing yet."

    def version(self) -> str:
        return f"CM-Xero Desk {__version__}."

    def _state(self) -> PollState:
        with self._store().read() as unit:
            return unit.polling.state()


def _duration(length: timedelta) -> str:
    minutes = int(length.total_seconds()) // 60
    days, hours = minutes // 1_440, minutes // 60 % 24
    if days:
        return f"{days} d {hours} h"
    return f"{hours} h {minutes % 60} min" if hours else f"{minutes} min"
