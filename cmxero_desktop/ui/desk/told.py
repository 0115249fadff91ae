"""Which occasions a person was told of on this computer, each by its key: none twice, none lost over a restart."""

import hashlib
from collections.abc import Collection
from datetime import date

from cmxero_desktop.domain.proposals import ProposalState
from cmxero_desktop.services.records.alerts import Alert, AlertKind
from cmxero_desktop.services.records.decisions import StoredProposal
from cmxero_desktop.ui.desk.content import DeskContent
from cmxero_desktop.ui.desk.preferences import MemoryPreferences, Preferences

_TOLD, _SUMMED_UP_ON = "notices_told", "notices_summed_up_on"
# A firm's first check can bring thousands: the file need not hold more of each than tells it from the others.
_KEY_BYTES = 6
# What waits for a person in Review: for a first decision, for another one, or for a look at what failed.
_WAITING = frozenset({ProposalState.PROPOSED, ProposalState.STALE, ProposalState.FAILED})


def row_key(stored: StoredProposal) -> str:
    """Return the key of a row that waits: the same row that waits for something else is another occasion."""
    return _short(f"{stored.state} {stored.proposal_id}")


def alert_key(alert: Alert) -> str:
    """Return the key of a warning, which is another one where its cause came back."""
    return _short(f"alert {alert_occasion(alert)}")


def alert_occasion(alert: Alert) -> str:
    """Name a warning and since when it stands; of a mail that does not go, that is only when it was last tried."""
    return alert.key if alert.kind is AlertKind.MAIL else f"{alert.key} {alert.raised_at.isoformat()}"


def keys_of(content: DeskContent) -> frozenset[str]:
    """Return the keys of all that needs a person."""
    rows = (row_key(row.stored) for row in content.view.review if row.stored.state in _WAITING)
    return frozenset((*rows, *(alert_key(alert) for alert in content.view.alerts)))


class ToldMemory:
    """Remembers by the window's preferences; what is gone is forgotten, so that it is news when it comes back."""

    def __init__(self, preferences: Preferences | None = None) -> None:
        """Read what was told so far."""
        self._preferences = preferences or MemoryPreferences()
        self._told = frozenset(self._preferences.get(_TOLD).split())

    @property
    def has_begun(self) -> bool:
        """Whether anything was ever remembered here."""
        return bool(self._preferences.get(_SUMMED_UP_ON))

    @property
    def summed_up_on(self) -> str:
        """The local day of the newest summary, in digits."""
        return self._preferences.get(_SUMMED_UP_ON)

    def is_told(self, key: str) -> bool:
        """Say whether somebody was told."""
        return key in self._told

    def untold(self, keys: Collection[str]) -> frozenset[str]:
        """Return what nobody was told of."""
        return frozenset(keys) - self._told

    def tell(self, keys: Collection[str]) -> None:
        """Remember that these were told."""
        self._keep(self._told | frozenset(keys))

    def forget_others(self, standing: Collection[str]) -> None:
        """Forget what has gone."""
        self._keep(self._told & frozenset(standing))

    def sum_up(self, keys: Collection[str], on: date) -> None:
        """Remember that a summary told all of these on a local day."""
        self.tell(keys)
        self._preferences.set(_SUMMED_UP_ON, on.isoformat())

    def _keep(self, told: frozenset[str]) -> None:
        if told != self._told:
            self._told = told
            self._preferences.set(_TOLD, " ".join(sorted(told)))


def _short(text: str) -> str:
    return hashlib.blake2b(text.encode(), digest_size=_KEY_BYTES).hexdigest()
