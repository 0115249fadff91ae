"""Construct what setting up a home folder works with."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TypeVar

from cmxero_desktop.adapters.casemanager.database import CaseManagerDatabase
from cmxero_desktop.adapters.casemanager.mapping_file import load_mapping
from cmxero_desktop.adapters.settings_file import TomlSettingsFile
from cmxero_desktop.adapters.settings_file.texts import with_texts
from cmxero_desktop.adapters.sql.addresses import split_password
from cmxero_desktop.adapters.xero.urls import xero_urls
from cmxero_desktop.app.clock import utc_now
from cmxero_desktop.app.desks import Desks, Parts, migrated_store
from cmxero_desktop.app.lazy_secrets import LazySecrets
from cmxero_desktop.app.xero_sign_in import xero_access
from cmxero_desktop.services.connecting.setting_up import SettingUp, SetupParts
from cmxero_desktop.services.ports.waits import Waits
from cmxero_desktop.services.ports.xero import XeroSignIn
from cmxero_desktop.services.records.runs import PollAsk
from cmxero_desktop.services.records.settings import XeroSettings
from cmxero_desktop.services.records.setup import DatabaseSeen, FirstReport
from cmxero_desktop.services.verbs.commands.checking import Poll
from cmxero_desktop.services.verbs.commands.command import Command
from cmxero_desktop.services.verbs.commands.connecting import SuggestMapping, WriteMapping
from cmxero_desktop.services.verbs.commands.viewing import ReadView
from cmxero_desktop.services.verbs.desk import Desk
from cmxero_desktop.services.viewing.first_report import first_report

Report = TypeVar("Report")


def firm_setup(parts: Parts, folder: Path, by: str, *, identity_url: str = "", api_url: str = "") -> SettingUp:
    """Return the setup of a home folder; the two addresses are for a sandbox. Raises SettingsError for others."""
    xero_urls(identity_url, api_url)
    file, secrets = TomlSettingsFile(folder), LazySecrets(parts.secrets)

    def sign_in(settings: XeroSettings) -> XeroSignIn:
        return xero_access(settings, secrets, folder, parts.open_browser).sign_in

    @contextmanager
    def open_desk() -> Iterator[_FirstDesk]:
        with Desks(parts).open(folder) as desk:
            yield _FirstDesk(desk)

    def closed(command: Command[Report]) -> Report:
        with Desks(parts).closed(folder) as desk:
            return desk.run(command)

    return SettingUp(
        SetupParts(
            settings_file=file,
            settings_place=str(file.path),
            secrets=secrets,
            with_texts=with_texts,
            clock=utc_now,
            by=by,
            identity_url=identity_url,
            api_url=api_url,
            split_password=split_password,
            examine=_examine,
            suggest=lambda request: closed(SuggestMapping(request)),
            write_mapping=lambda made, path: closed(WriteMapping(made, path, may_replace=True)),
            sign_in=sign_in,
            autostart=parts.autostart(folder),
            store=lambda: migrated_store(folder, ""),
            desk=open_desk,
        )
    )


def _examine(address: str, mapping: str, password: str | None) -> DatabaseSeen:
    database = CaseManagerDatabase(address, load_mapping(mapping), password=password)
    with closing(database):
        return database.examine()


class _FirstDesk:
    """Implements `FirstDesk` by the commands of the desk that was just set up."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    @property
    def waits(self) -> Waits:
        return self._desk.waits

    def check_everything(self) -> FirstReport:
        run = self._desk.run(Poll(PollAsk(is_full=True)))
        return first_report(run, self._desk.run(ReadView()))
