"""Tell whether a store is the one that a computer left, or was put back, went on elsewhere, or lost its end (R35).

Our store is a file or a database that others can copy and put back; the keyring of each computer remembers where it
left the store. Between them stand two counters that only grow: the store's deeds, and the chained entries of its audit
trail, each of which covers all before it.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from enum import StrEnum

from cmxero_desktop.domain.ways import way


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreMark:
    """Where a store is: its epoch, the last of its deeds, how many entries its trail has, and the hash of the last."""

    epoch_id: str
    deeds: int
    entries: int
    entry_hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LastSeen:
    """What a computer remembers: where it left the store of this epoch, and which epoch it left in this place.

    None where it remembers nothing.
    """

    mark: StoreMark | None = None
    epoch_here: str | None = None


class Standing(StrEnum):
    """What a store is to what a computer remembers.

    OLDER: it lacks what was done last. SHORTENED: it has what was done last, but its trail ends before that. FORKED:
    its trail went on otherwise. REPLACED: another store stood in this place.
    """

    SAME = "same"
    UNKNOWN = "unknown"
    OLDER = "older"
    SHORTENED = "shortened"
    FORKED = "forked"
    REPLACED = "replaced"

    @property
    def is_in_doubt(self) -> bool:
        """Whether something that was known may be missing in the store."""
        return self not in {Standing.SAME, Standing.UNKNOWN}


def standing_of(
    now: StoreMark, past: Collection[str], remembered: LastSeen, hash_of: Callable[[int], str | None]
) -> Standing:
    """Compare a store with what is remembered of it.

    `past` are the epochs that it had before, and `hash_of` gives the hash of an entry by its number, None where there
    is no such entry.
    """
    mark, here = remembered.mark, remembered.epoch_here
    if here is not None and here != now.epoch_id and here not in past:
        return Standing.REPLACED
    if mark is None:
        # An epoch that followed on the one that was left here began when somebody else found out what happened.
        return Standing.UNKNOWN if here is None else Standing.SAME
    if now.deeds < mark.deeds:
        return Standing.OLDER
    if now.entries < mark.entries:
        return Standing.SHORTENED
    if mark.entries and hash_of(mark.entries) != mark.entry_hash:
        return Standing.FORKED
    return Standing.SAME


@dataclass(frozen=True, slots=True)
class StandingWords:
    """What is in doubt, what follows from it, and what to do."""

    reason: str
    follows: str
    remedy: str


def standing_words(standing: Standing, now: StoreMark, mark: StoreMark | None) -> StandingWords:
    """Put into words what happened to a store that is in doubt, what follows from it, and what to do."""
    left = mark.entries if mark is not None else 0
    reasons = {
        Standing.OLDER: (
            f"The program's own store was put back from an older state: its audit trail has {now.entries:,} entries, "
            f"and this computer left it with {left:,}. What was decided and written in between is not in it."
        ),
        Standing.SHORTENED: (
            f"The end of the audit trail was cut off: it has {now.entries:,} entries, and this computer left it with "
            f"{left:,}, while what was done last is there. So this is no backup."
        ),
        Standing.FORKED: (
            f"Entry {left:,} of the audit trail is not the one that this computer left there: another copy of the "
            "store went on and took its place, or the trail was written anew."
        ),
        Standing.REPLACED: (
            "The program's own store is not the one that this computer left here: another one took its place, or it "
            "was begun anew."
        ),
    }
    return StandingWords(reasons[standing], _FOLLOWS, _TO_DO)


def arrived_words(last_on: str, *, is_called_alike: bool = False) -> StandingWords:
    """Say of a store that was last used on another computer what nobody can know here, and what to do.

    Where that is called as this one is, it may have been this one, before its keyring was set up anew.
    """
    used = f"used with another keyring, on a computer named {last_on}" if is_called_alike else f"used on {last_on}"
    other = f"another computer named {last_on}" if is_called_alike else last_on
    return StandingWords(
        f"The program's own store was last {used}. The keyring of this computer knows nothing of it, so it cannot "
        "tell whether this is its newest state.",
        "What was approved is proposed again.",
        f"Use it on one computer at a time: if {other} goes on with a copy of its own, close the program on one of "
        f"the two. Then confirm: {CONFIRM}",
    )


CONFIRM = f"{way('What to do… above the pages', 'confirm-store --reason TEXT')}."
"""How a person says that a store is the one to go on with."""

_FOLLOWS = (
    "Every approval is void and is proposed again; nothing goes in bulk and nothing is undone before a person has "
    "confirmed this store."
)
_TO_DO = (
    "If the newer store still exists, close the program everywhere and put it back. If not, check Xero: what was "
    f"written in Case Manager is found there. Look through Review, and then confirm: {CONFIRM}"
)
