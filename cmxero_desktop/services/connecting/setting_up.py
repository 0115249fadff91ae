"""Set a home folder up from the wizard's answers; the settings file is written last, so that nothing is half done."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path

from cmxero_desktop.domain.errors import DeskError, SettingsError, SignInError
from cmxero_desktop.services.connecting.connecting import Connecting
from cmxero_desktop.services.connecting.initialising import CASE_MANAGER_PASSWORD, initialise
from cmxero_desktop.services.ports.computer import Autostart, Clock, Secrets, SettingsFile
from cmxero_desktop.services.ports.setup import FirstDesk
from cmxero_desktop.services.ports.store import Store
from cmxero_desktop.services.ports.xero import Connection, XeroSignIn
from cmxero_desktop.services.records.abilities import Rehearsal
from cmxero_desktop.services.records.autostart import AutostartSeen
from cmxero_desktop.services.records.mapping import MappingRequest, SuggestedMapping
from cmxero_desktop.services.records.runs import PollProgress
from cmxero_desktop.services.records.settings import Settings, SignInKind, XeroSettings
from cmxero_desktop.services.records.setup import DatabaseSeen, FirstReport, InitRequest, SetupAnswers

_LATER = "Settings, Notices, has the same tick."


@dataclass(frozen=True, slots=True, kw_only=True)
class SetupParts:
    """What setting up works with; `by` is the person, and the two addresses are those of a sandbox, or empty.

    `examine` looks at a database at an address without its password. `suggest` and `write_mapping` are the use case
    that suggests a mapping. `store` is the store of the home folder, which
    is made where there is none. `desk` is the desk of a home folder that has been set up.
    """

    settings_file: SettingsFile
    settings_place: str
    secrets: Secrets
    with_texts: Callable[[Settings, Mapping[str, str]], Settings]
    clock: Clock
    by: str
    identity_url: str
    api_url: str
    split_password: Callable[[str], tuple[str, str | None]]
    examine: Callable[[str, str, str | None], DatabaseSeen]
    suggest: Callable[[MappingRequest], SuggestedMapping]
    write_mapping: Callable[[SuggestedMapping, Path], Path]
    sign_in: Callable[[XeroSettings], XeroSignIn]
    autostart: Autostart
    store: Callable[[], AbstractContextManager[Store]]
    desk: Callable[[], AbstractContextManager[FirstDesk]]


class SettingUp:
    """Implements `Setup` for a home folder that has no settings yet."""

    def __init__(self, parts: SetupParts) -> None:
        """Keep the parts."""
        self._parts = parts
        self._sign_in: XeroSignIn | None = None
        self._remark = ""
        self._signed_in_to: XeroSettings | None = None
        self._offered: Sequence[Connection] = ()
        self._desk: FirstDesk | None = None

    def check_case_manager(self, url: str, mapping: str) -> DatabaseSeen:
        """Compare the database with the mapping, and look at what it is. Raises CaseManagerError."""
        address, password = self._parts.split_password(url)
        return self._parts.examine(address, mapping, password)

    def suggest_mapping(self, request: MappingRequest) -> SuggestedMapping:
        """Say where a database may keep what. Raises CaseManagerError."""
        return self._parts.suggest(request)

    def write_mapping(self, made: SuggestedMapping, path: Path) -> Path:
        """Write a mapping file. Raises NotAllowedError, SettingsError."""
        return self._parts.write_mapping(made, path)

    def sign_in(self, client_id: str, redirect_port: int) -> Sequence[Connection]:
        """Sign in without keeping anything; a sign-in before this one counts no more."""
        self._offered = ()
        settings = self._xero(client_id, redirect_port)
        sign_in = self._parts.sign_in(settings)
        self._sign_in = sign_in
        self._offered = tuple(sign_in.sign_in())
        self._signed_in_to = settings
        return self._offered

    def cancel_sign_in(self) -> None:
        """End the wait for the browser."""
        sign_in = self._sign_in
        if sign_in is not None:
            sign_in.cancel()

    def finish(self, answers: SetupAnswers) -> None:
        """Check everything once more, keep the password and the sign-in, and write the settings last."""
        parts, xero = self._parts, self._xero(answers.client_id, answers.redirect_port)
        sign_in = self._sign_in
        if sign_in is None or not self._offered or self._signed_in_to != xero:
            message = "The sign-in to Xero was made with other answers, or not yet."
            raise SignInError(message, "Go back and sign in to Xero.")
        if parts.settings_file.exists():
            message = f"{parts.settings_place} was written by someone else meanwhile."
            raise SettingsError(message, "Close the wizard and start the program again.")
        seen = self.check_case_manager(answers.case_manager_url, answers.mapping)
        chosen = Settings(xero=xero, policy=answers.policy)
        draft = _Draft(parts.with_texts(chosen, answers.setting_texts))
        before = parts.secrets.get(CASE_MANAGER_PASSWORD)
        with parts.store() as store:
            connecting = Connecting(
                sign_in=sign_in, settings_file=draft, store=store, clock=parts.clock, offered=self._offered
            )
            connecting.choose(answers.tenant_id)
            try:
                # The wizard sets up for observing: what an approval needs is tried when the mode is changed.
                initialise(
                    draft,
                    parts.secrets,
                    lambda *_: seen.facts,
                    lambda *_: Rehearsal(abilities=()),
                    self._request(answers),
                )
                connecting.pin(answers.tenant_id, parts.by)
                parts.settings_file.save(draft.load())
            except DeskError:
                self._put_back(before)
                raise
        if answers.starts_at_sign_in:
            self._start_at_sign_in()

    def autostart(self) -> AutostartSeen:
        """Say whether this computer can start the program at sign-in."""
        return self._parts.autostart.seen()

    def _start_at_sign_in(self) -> None:
        """Have the program start at sign-in; where that does not work, all else stays set up."""
        try:
            self._parts.autostart.set(is_on=True)
        except DeskError as error:
            self._remark = f"It does not start at sign-in: {error.message} {_LATER}"

    def first_check(self) -> FirstReport:
        """Open the desk, check everything, and count what was found."""
        with self._parts.desk() as desk:
            self._desk = desk
            try:
                return replace(desk.check_everything(), remark=self._remark)
            finally:
                self._desk = None

    def progress(self) -> PollProgress | None:
        """Say where the first check is."""
        desk = self._desk
        return desk.waits.progress() if desk is not None else None

    def stop_waiting(self) -> None:
        """End a wait that Xero asked for."""
        desk = self._desk
        if desk is not None:
            desk.waits.stop_waiting()

    def _xero(self, client_id: str, redirect_port: int) -> XeroSettings:
        return XeroSettings(
            sign_in=SignInKind.BROWSER,
            client_id=client_id,
            redirect_port=redirect_port,
            identity_url=self._parts.identity_url,
            api_url=self._parts.api_url,
        )

    def _request(self, answers: SetupAnswers) -> InitRequest:
        address, password = self._parts.split_password(answers.case_manager_url)
        return InitRequest(
            case_manager_url=address,
            password=password,
            mapping=answers.mapping,
            xero_client_id=answers.client_id,
            identity_url=self._parts.identity_url,
            api_url=self._parts.api_url,
        )

    def _put_back(self, password: str | None) -> None:
        if password is None:
            self._parts.secrets.delete(CASE_MANAGER_PASSWORD)
        else:
            self._parts.secrets.set(CASE_MANAGER_PASSWORD, password)


class _Draft:
    """Implements `SettingsFile` in memory, until everything else has succeeded."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def exists(self) -> bool:
        return True

    def load(self) -> Settings:
        return self._settings

    def save(self, settings: Settings) -> None:
        self._settings = settings
