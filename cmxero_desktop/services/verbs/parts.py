"""What a desk works with, open or not, as whoever makes one hands it over."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from cmxero_desktop.domain.debtor_lists import DebtorLists
from cmxero_desktop.domain.sor.tables import ListTable
from cmxero_desktop.services.checking.polling import PollingDesk
from cmxero_desktop.services.checking.posting import CalendarText
from cmxero_desktop.services.connecting.belonging import OtherBooks
from cmxero_desktop.services.connecting.connecting import Connecting
from cmxero_desktop.services.connecting.epochs import Epochs
from cmxero_desktop.services.connecting.mailing import Mailing
from cmxero_desktop.services.connecting.suggesting import Suggesting
from cmxero_desktop.services.connecting.updates import Updates
from cmxero_desktop.services.ports.computer import Autostart, SettingForms, SettingsFile, Turn
from cmxero_desktop.services.ports.outside import Outside
from cmxero_desktop.services.ports.xero import XeroSignIn
from cmxero_desktop.services.records.readings import CaseManagerFacts
from cmxero_desktop.services.records.reports import Bundle, BundleChoice, HealthCheck, HealthFacts, ShownList
from cmxero_desktop.services.records.setup import AddressSeen, InitRequest
from cmxero_desktop.services.viewing.desk_view import DeskView
from cmxero_desktop.services.writing.watched import Watched


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosedParts:
    """What a desk works with that is not open: each part is opened only where a command needs it."""

    settings_file: SettingsFile
    connecting: Callable[[], Connecting]
    read_address: Callable[[str], AddressSeen]
    initialise: Callable[[InitRequest], CaseManagerFacts]
    suggesting: Suggesting
    examine: Callable[[], tuple[HealthCheck, ...]]
    mailing: Callable[[], Mailing]
    updates: Updates
    autostart: Autostart
    make_bundle: Callable[[BundleChoice], Bundle]
    write_bundle: Callable[[Bundle, Path], Path]


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenParts:
    """What an open desk works with beside that."""

    closed: ClosedParts
    outside: Outside
    sign_in: XeroSignIn
    books: OtherBooks
    epochs: Epochs
    desktop: PollingDesk
    turn: Turn
    watched: Watched
    read_health: Callable[[], HealthFacts]
    write_export: Callable[[DeskView, DebtorLists | None, Path], Path]
    setting_forms: SettingForms
    write_list: Callable[[ShownList, Path], Path]
    write_lists: Callable[[Sequence[ShownList], Path], Path]
    write_text: Callable[[str, Path], Path]
    read_list: Callable[[Path], ListTable]
    calendar_text: CalendarText
    write_calendar: Callable[[str, Path], Path]
