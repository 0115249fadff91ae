"""Tell whether another program copies Xero's payments into Case Manager, and say so (R29)."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from cmxero_desktop.domain.identifiers import CasePaymentId
from cmxero_desktop.domain.money import Money
from cmxero_desktop.domain.ways import APPROVE_MODE
from cmxero_desktop.domain.wording import day

ENOUGH_LINES = 2
ENOUGH_TEXTS_OF_A_DAY = 3


class Sign(StrEnum):
    """What marks a copy: a line in our own words, or the text that the mapping says Case Manager itself writes."""

    OUR_LINE = "our_line"
    CASE_MANAGER_TEXT = "case_manager_text"


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignCopy:
    """An imported payment that appeared after the first check, and that nothing we ever did accounts for.

    Case Manager does not say when a payment was entered: `seen_at` (aware UTC) and `seen_on`, the organisation's date,
    are those of the check that saw it first, and `seen_by` is that check's number, 0 where no checks were counted yet.
    """

    case_id: CasePaymentId
    invoice_number: str
    amount: Money
    paid_on: date
    sign: Sign
    seen_at: datetime
    seen_on: date
    seen_by: int = 0


def is_other_writer(foreign: Collection[ForeignCopy]) -> bool:
    """Say whether these copies tell of another writer; one stray note, or two texts, may be a person's."""
    lines = sum(copy.sign is Sign.OUR_LINE for copy in foreign)
    days = Counter(copy.seen_on for copy in foreign if copy.sign is Sign.CASE_MANAGER_TEXT)
    return lines >= ENOUGH_LINES or max(days.values(), default=0) >= ENOUGH_TEXTS_OF_A_DAY


def other_writer_words(foreign: Collection[ForeignCopy]) -> str:
    """Say what tells of the other writer, and what else it may be; there is one copy at least."""
    first = min(foreign, key=lambda copy: (copy.seen_at, copy.case_id))
    one = f"{first.amount} on {day(first.paid_on)} on invoice {first.invoice_number}"
    if len(foreign) == 1:
        what = f"The imported payment of {one}, seen on {day(first.seen_on)}, was not written by this program"
    else:
        what = (
            f"{len(foreign)} imported payments were not written by this program, "
            f"the first of them {one}, seen on {day(first.seen_on)}"
        )
    return f"{what}: {_cause(foreign)}. Only observing now, so that nothing is added twice."


COMING_BACK = (
    "Switch off whoever else copies: Case Manager's own Xero link, or this program on another computer.",
    "Check Xero once more: that check must find no new copy.",
    "Look at what stands twice, and correct it in Case Manager.",
)
"""What has to be true before a person goes back to approving; the second is looked at by the program itself."""

NEXT_STEP = f"Switch off whoever else copies and check Xero once more, then go back to approving: {APPROVE_MODE}."


def _cause(foreign: Collection[ForeignCopy]) -> str:
    """Name who may have written them; lines in our own words are also what a restored backup of ours does not know."""
    if all(copy.sign is Sign.CASE_MANAGER_TEXT for copy in foreign):
        return "Case Manager's own Xero link seems to be on"
    return (
        "Case Manager's own Xero link or another installation of this program copies too, "
        "or our own records were restored from a backup"
    )
