"""What `doctor` looks at, one line each: good, or what to do. It needs no open desk, only the parts that there are."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta, tzinfo
from functools import partial
from pathlib import Path

from cmxero_desktop import __version__
from cmxero_desktop.domain.errors import (
    CaseManagerError,
    DeskError,
    MailError,
    OtherDatabaseError,
    SettingsError,
    SignInError,
    StoreError,
)
from cmxero_desktop.domain.room import Room
from cmxero_desktop.domain.ways import CONNECT, SET_MAIL, VERIFY
from cmxero_desktop.services.connecting.belonging import confirming, require_same_organisation
from cmxero_desktop.services.connecting.mailing import mail_password_name
from cmxero_desktop.services.diagnostics.conditions import (
    Condition,
    condition_of_accounts,
    condition_of_calls,
    condition_of_disk,
    condition_of_doubts,
    condition_of_mail,
    condition_of_rights,
    condition_of_room,
    condition_of_sign_in,
    condition_of_totals,
)
from cmxero_desktop.services.diagnostics.diagnosing import diagnose
from cmxero_desktop.services.diagnostics.once import Once
from cmxero_desktop.services.diagnostics.server_words import condition_of_server
from cmxero_desktop.services.diagnostics.update_words import condition_of_updates
from cmxero_desktop.services.diagnostics.verifying import verify
from cmxero_desktop.services.ports.case_manager import Confirm
from cmxero_desktop.services.ports.computer import Clock
from cmxero_desktop.services.ports.diagnosis import AskedXero, DescribedSecrets, ExaminedStore, HeldSignIn
from cmxero_desktop.services.records.abilities import CANNOT_APPROVE, Able, Rehearsal
from cmxero_desktop.services.records.readings import CaseManagerFacts
from cmxero_desktop.services.records.releases import UpdatesSeen
from cmxero_desktop.services.records.reports import HealthCheck, OpenToOthers
from cmxero_desktop.services.records.runs import PollState
from cmxero_desktop.services.records.server_seen import ServerSeen
from cmxero_desktop.services.records.settings import Mode, Settings, XeroSettings

_CLOCK_MAY_DIFFER = timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExaminedComputer:
    """This computer, as the doctor looks at it. `proxy` says which one stands before Xero. Raises SettingsError."""

    home: Path
    log_file: Path
    clock: Clock
    zone: tzinfo
    free_bytes: Callable[[], int]
    room: Callable[[bool], Room]
    open_to_others: Callable[[], OpenToOthers]
    has_password: Callable[[str], bool]
    proxy: Callable[[XeroSettings], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExaminedParts:
    """The parts of one desk. Each is made when it is first needed, and raises DeskError where it cannot be.

    `server`, `identify` and `rehearse` let Case Manager's database be looked at as the port `CaseManager` does.
    """

    computer: ExaminedComputer
    settings: Callable[[], Settings]
    store: Callable[[], ExaminedStore]
    case_manager: Callable[[], CaseManagerFacts]
    server: Callable[[], ServerSeen]
    rehearse: Callable[[Collection[str]], Rehearsal]
    identify: Callable[[Confirm], None]
    secrets: Callable[[], DescribedSecrets]
    tokens: Callable[[], HeldSignIn]
    xero: Callable[[], AskedXero]
    updates: Callable[[], UpdatesSeen]


def examine(parts: ExaminedParts) -> tuple[HealthCheck, ...]:
    """Look at everything; Xero is asked once."""
    looks = _Looks(parts)
    return diagnose(
        _each_trouble_once(
            {
                "settings": looks.settings,
                "store": looks.store,
                "Case Manager": looks.case_manager,
                "server": looks.server,
                "records": looks.records,
                "keyring": looks.keyring,
                "Xero": looks.organisation,
                "sign-in": looks.sign_in,
                "clock": looks.clock,
                "time zone": looks.time_zone,
                "calls": looks.calls,
                "accounts": looks.accounts,
                "mail": looks.mail,
                "totals": looks.totals,
                "doubts": looks.doubts,
                "proxy": looks.proxy,
                "disk": looks.disk,
                "payments": looks.payments,
                "rights": looks.rights,
                "log": looks.log,
                "version": looks.version,
                "updates": looks.updates,
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

    def __init__(self, parts: ExaminedParts) -> None:
        self._computer = parts.computer
        self._settings_file = parts.computer.home / "settings.toml"
        self._settings = Once(parts.settings)
        self._store = Once(parts.store)
        self._case_manager = parts.case_manager
        self._server = parts.server
        self._identify = parts.identify
        self._rehearse = parts.rehearse
        self._secrets = parts.secrets
        self._tokens = parts.tokens
        self._xero = Once(parts.xero)
        self._updates = parts.updates
        self._asked: list[AskedXero] = []

    def settings(self) -> str:
        settings = self._settings()
        urls = (settings.case_manager.url, settings.store.url, settings.xero.proxy)
        if any(url and self._computer.has_password(url if "://" in url else f"http://{url}") for url in urls):
            message = f"{self._settings_file} holds a password, which anybody who can read the file sees."
            remedy = (
                "Run cmxero init with the address of that database: its password goes to the keyring. "
                "Name a proxy with a password in the environment, as HTTPS_PROXY."
            )
            raise SettingsError(message, remedy)
        return f"{self._settings_file}, mode {settings.mode}."

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
        findings = f", {len(report.findings)} findings: see {VERIFY}" if report.findings else ""
        return f"{store.place}, whole, {report.audit_entries:,} audit entries{findings}."

    def case_manager(self) -> str:
        facts = self._case_manager()
        seen = f"{facts.label}, {facts.invoices:,} invoices, {facts.payments:,} payments, fits the mapping."
        is_observing = self._settings().mode is Mode.OBSERVE
        if not facts.write_problem:
            tried = "" if is_observing else self._rehearsed(seen)
            return " ".join(part for part in (seen, facts.while_writing, tried) if part)
        if not is_observing:
            raise CaseManagerError(f"{seen} {facts.write_problem}", facts.write_remedy)
        return f"{seen} {facts.write_problem}"

    def server(self) -> str:
        try:
            seen = self._server()
        except CaseManagerError:
            raise DeskError("Not looked at.", "Put right first: Case Manager.") from None
        return _seen(condition_of_server(seen))

    def _rehearsed(self, seen: str) -> str:
        """Say how trying to write ended; raise CaseManagerError where an approval would fail."""
        try:
            self._identify(confirming(self._store()))
        except DeskError:
            return "Writing was not tried: first the records have to lead here."
        rehearsal = self._rehearse(self._settings().policy.payment_types.values())
        if rehearsal.those(Able.NO):
            raise CaseManagerError(f"{seen} {rehearsal.in_words()}", CANNOT_APPROVE)
        return rehearsal.in_words()

    def records(self) -> str:
        state = self._state()
        require_same_organisation(state, self._settings().xero.tenant_id, str)
        try:
            self._identify(confirming(self._store()))
        except OtherDatabaseError:
            raise
        except CaseManagerError:
            raise DeskError("Not looked at.", "Put right first: Case Manager.") from None
        names = [name for name in (state.organisation.name, state.database.place.name) if name]
        if not names:
            return "none yet; they will belong to what the first check reads."
        return f"those of {' and '.join(names)}, where the settings lead."

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
            raise SignInError("This program is not signed in to Xero.", f"Sign in: {CONNECT}.")
        kind, computer = self._settings().xero.sign_in, self._computer
        return _seen(condition_of_sign_in(self._state(), kind, computer.clock(), computer.zone))

    def clock(self) -> str:
        seen = f"this computer says {self._computer.clock():%Y-%m-%d %H:%M} UTC"
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
        zone = self._state().organisation.time_zone
        return f"{zone}, as Xero names it." if zone else "not known before the first check."

    def calls(self) -> str:
        a_day = self._settings().xero.tier.calls_a_day
        with self._store().read() as unit:
            limits = unit.polling.state().allowance.limits
            used = unit.polling.requests_on(self._today())
        return _seen(condition_of_calls(limits, a_day, used))

    def accounts(self) -> str:
        with self._store().read() as unit:
            return _seen(condition_of_accounts(unit.polling.state(), unit.alerts.standing()))

    def mail(self) -> str:
        mail = self._settings().mail
        if not mail.is_set:
            return _seen(condition_of_mail(mail, None, (), self._computer.zone))
        if mail.login and self._secrets().get(mail_password_name(mail)) is None:
            message = f"The keyring has no password for {mail.login} at {mail.host}."
            raise MailError(message, f"Give it once: {SET_MAIL} asks for it.")
        with self._store().read() as unit:
            sent, alerts = unit.sor.mail_sent(), unit.alerts.standing()
        return _seen(condition_of_mail(mail, sent, alerts, self._computer.zone))

    def totals(self) -> str:
        return _seen(condition_of_totals(self._state(), self._computer.zone))

    def doubts(self) -> str:
        return _seen(condition_of_doubts(self._state(), self._computer.zone))

    def proxy(self) -> str:
        return self._computer.proxy(self._settings().xero)

    def disk(self) -> str:
        return _seen(condition_of_disk(self._computer.free_bytes(), str(self._computer.home)))

    def payments(self) -> str:
        with self._store().read() as unit:
            stored = unit.facts.payments_stored()
        return _seen(condition_of_room(stored, self._computer.room(self._store().is_shared)))

    def rights(self) -> str:
        return _seen(condition_of_rights(self._computer.open_to_others(), str(self._computer.home)))

    def log(self) -> str:
        path = self._computer.log_file
        return f"{path}." if path.is_file() else f"{path}; the window writes it, and has written nothing yet."

    def version(self) -> str:
        return f"CM-Xero Desk {__version__}."

    def updates(self) -> str:
        # What is wrong with them is told once.
        self._settings()
        return _seen(condition_of_updates(self._updates(), self._computer.zone))

    def _today(self) -> date:
        return self._computer.clock().astimezone(self._computer.zone).date()

    def _state(self) -> PollState:
        with self._store().read() as unit:
            return unit.polling.state()


def _seen(condition: Condition) -> str:
    if condition.is_good:
        return condition.seen
    raise DeskError(condition.seen, condition.remedy)


def _duration(length: timedelta) -> str:
    minutes = int(length.total_seconds()) // 60
    days, hours = minutes // 1_440, minutes // 60 % 24
    if days:
        return f"{days} d {hours} h"
    return f"{hours} h {minutes % 60} min" if hours else f"{minutes} min"
