"""The ports that the use cases of an open desk share, in one record that each of them takes."""

from collections.abc import Callable
from dataclasses import dataclass, field

from cmxero_desktop.services.ports.case_manager import CaseManager
from cmxero_desktop.services.ports.computer import Clock, SettingsFile
from cmxero_desktop.services.ports.store import Store
from cmxero_desktop.services.ports.xero import XeroReader


@dataclass(slots=True)
class Left:
    """A place in this process for what one use case leaves to the next, so that it need not be read again."""

    content: object = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    """Both systems, our store, the settings, the time, and `new_id`, which never returns the same id twice.

    `steady_s` counts seconds that no correction of the clock changes, while the computer sleeps too.

    `is_store_shared` says whether other desktops work on the same store.

    `left` belongs to one open desk: what its checks, decisions and writes leave to each other. `holder` names the
    desktop among those that share the store: its programs share one name.

    A desk that is not open has no Case Manager and so none of this. A function that needs a single port takes that
    one, so that its arguments say how little it can touch.
    """

    xero: XeroReader
    case_manager: CaseManager
    store: Store
    settings_file: SettingsFile
    clock: Clock
    steady_s: Callable[[], float]
    new_id: Callable[[], str]
    left: Left = field(default_factory=Left, compare=False)
    holder: str = ""
    is_store_shared: bool = False
