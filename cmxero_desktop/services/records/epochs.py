"""Which life of the store this is: a new one begins where it was put back from a backup (R35)."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmedStore:
    """Who said that the store is the one to go on with, when (aware UTC), and why."""

    by: str
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreEpoch:
    """The epoch of a store, and `past`, the epochs that it had before.

    `why` says why it began, empty for the first. Deeds up to `after_deed`, and checks up to `after_check`, are of the
    epochs before. `kept_on` names the computer whose keyring remembered the store last, where it is a file, and
    `kept_by` is that keyring: computers may be called alike.
    """

    epoch_id: str = ""
    past: tuple[str, ...] = ()
    why: str = ""
    after_deed: int = 0
    after_check: int = 0
    confirmed: ConfirmedStore | None = None
    kept_on: str = ""
    kept_by: str = ""

    @property
    def why_closed(self) -> str:
        """Why nothing goes in bulk and nothing is undone, as a sentence; empty where a person has confirmed."""
        return self.why if self.confirmed is None else ""


FIRST_EPOCH = StoreEpoch()
