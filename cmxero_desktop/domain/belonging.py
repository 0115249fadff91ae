"""Tell by place and by content whether a database is the one that a home folder's records belong to (R35).

Keys of Case Manager mean nothing in another database: what was approved, remembered and intended for one row would be
written to whatever row has that key there.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from cmxero_desktop.domain.identifiers import CaseInvoiceId
from cmxero_desktop.domain.ways import way

REMEMBERED = 50
"""How many of the oldest invoices are remembered: nothing happens to them any more."""

# Of a handful, one may have gone or have been renumbered: it says little about which database it is.
_FEW = 10

NumbersOf = Callable[[Collection[CaseInvoiceId]], Mapping[CaseInvoiceId, str]]
"""Returns the numbers that invoices with these keys have in a database; those that it has not are left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabasePlace:
    """Where a database is: `name` as a person calls it, `mark` by which its engine tells it from every other."""

    name: str = ""
    mark: str = ""


_NOWHERE = DatabasePlace()


@dataclass(frozen=True, slots=True)
class NumberedInvoice:
    """An invoice by its key, with its number."""

    invoice_id: CaseInvoiceId
    number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownDatabase:
    """The database that a store belongs to, as it was when it was last read, and how the settings led to it.

    Before the first comparison it has no place.
    """

    place: DatabasePlace = _NOWHERE
    oldest: tuple[NumberedInvoice, ...] = ()
    address: str = ""


UNKNOWN_DATABASE = KnownDatabase()


class Belonging(StrEnum):
    """What a database is to the records of a home folder.

    MOVED: the same invoices at another place, as after a move and in a copy alike. THINNED: the same place, and the
    invoices that the records speak of, but the oldest are not what they were. A person can say that these two are the
    database all the same; of OTHER nobody can.
    """

    SAME = "same"
    MOVED = "moved"
    THINNED = "thinned"
    OTHER = "other"

    @property
    def may_be_adopted(self) -> bool:
        """Whether a person may say that it is the database."""
        return self in {Belonging.MOVED, Belonging.THINNED}


def belonging_of(
    known: KnownDatabase,
    recorded: Callable[[], Collection[NumberedInvoice]],
    place: DatabasePlace,
    numbers_of: NumbersOf,
) -> Belonging:
    """Compare a database with what is known of the right one, and where that says little, with what is recorded.

    `recorded` are invoices that the records speak of. Where neither is there, nothing belongs to anything yet.
    """
    if not known.oldest:
        facts = recorded()
        return Belonging.SAME if not facts or are_still_there(facts, numbers_of) else Belonging.OTHER
    is_there, has_content = known.place.mark == place.mark, are_still_there(known.oldest, numbers_of)
    if has_content:
        return Belonging.SAME if is_there else Belonging.MOVED
    if is_there:
        facts = recorded()
        if facts and are_still_there(facts, numbers_of):
            return Belonging.THINNED
    return Belonging.OTHER


def are_still_there(remembered: Collection[NumberedInvoice], numbers_of: NumbersOf) -> bool:
    """Say whether nine in ten of these invoices have still their numbers; of a handful, all but one."""
    found = numbers_of([invoice.invoice_id for invoice in remembered])
    agreeing = sum(found.get(invoice.invoice_id) == invoice.number for invoice in remembered)
    if len(remembered) < _FEW:
        return agreeing >= max(1, len(remembered) - 1)
    return agreeing * 10 >= len(remembered) * 9


@dataclass(frozen=True, slots=True)
class BelongingWords:
    """Why nothing is read or written there, with both names, and what to do."""

    reason: str
    remedy: str


def belonging_words(belonging: Belonging, known: str, seen: str) -> BelongingWords:
    """Put into words that a database is not, or may not be, the one that the records belong to."""
    if belonging is Belonging.THINNED:
        return BelongingWords(
            f"{known} is where it was, but its oldest invoices are not those that it had.",
            f"If they were cleared out or renumbered, say so: {ADOPT}. If not, {_REPLACED}",
        )
    is_in_its_place = known == seen
    other = "another database of the same name" if is_in_its_place else seen
    reason = f"The records of this home folder belong to {known}, but the settings lead to {other}"
    if belonging is Belonging.MOVED:
        return BelongingWords(
            f"{reason}. It has the same invoices, so Case Manager was moved, or this is a copy of it.",
            f"If it was moved, say so: {ADOPT}. If it is a copy, go back to the right one: put the old address back "
            "into the settings.",
        )
    if is_in_its_place:
        return BelongingWords(f"{reason}, which has other invoices.", f"It seems that {_REPLACED}")
    return BelongingWords(
        f"{reason}, which has other invoices.",
        "Put the old address back into the settings, or use a home folder of its own for that database.",
    )


ADOPT = way("What to do… above the pages", "adopt-database --reason TEXT")
"""How a person says that a database is the right one."""

_REPLACED = (
    "somebody put another database there: ask whoever looks after it. It needs a home folder of its own, or the right "
    "one has to come back."
)
