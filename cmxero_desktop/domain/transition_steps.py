"""What has to hold before a firm can stop typing payments into Case Manager, and what of it does not hold yet."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

WAITS_TOO_LONG_DAYS = 7


class Hurdle(StrEnum):
    """What can stand in the way of stopping, in the order in which it is best cleared."""

    MODE = "mode"
    CHECKS = "checks"
    OTHER_WRITER = "other-writer"
    TOTALS = "totals"
    ACCOUNTS = "accounts"
    WHOLE = "whole"
    SKIPPED = "skipped"
    OLD_LEFTOVERS = "old-leftovers"
    NEW_LEFTOVERS = "new-leftovers"
    WAITING = "waiting"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class HurdleWords:
    """What has to hold, and what is said where it does not; `{rows}` stands for how many rows are meant."""

    holds: str
    missing: str


HURDLE_WORDS: Mapping[Hurdle, HurdleWords] = MappingProxyType(
    {
        Hurdle.MODE: HurdleWords(
            "The desk may write what you approve", "It only observes: nothing that you approve would be written."
        ),
        Hurdle.CHECKS: HurdleWords(
            "Xero is checked every day", "The last check that worked is more than a day old, or there was none."
        ),
        Hurdle.OTHER_WRITER: HurdleWords(
            "No other program copies payments", "Another program seems to write payments to Case Manager too."
        ),
        Hurdle.TOTALS: HurdleWords(
            "Both sides mean the same by total", "The totals of many invoices differ; accept it, or mend the mapping."
        ),
        Hurdle.ACCOUNTS: HurdleWords(
            "Every account is known", "Accounts of which nobody has said what they are: {rows}."
        ),
        Hurdle.WHOLE: HurdleWords(
            "Every payment has its place, and every cent is named", "Some of it is not explained. Ask for support."
        ),
        Hurdle.SKIPPED: HurdleWords(
            "Nothing is skipped that a person has to mend", "Skipped until somebody mends them: {rows}."
        ),
        Hurdle.OLD_LEFTOVERS: HurdleWords(
            "Old leftovers on Xero's invoices are cleaned up",
            "Typed more than four weeks ago, match nothing, not explained: {rows}.",
        ),
        Hurdle.NEW_LEFTOVERS: HurdleWords(
            "What was typed in the last four weeks agrees with Xero", "Match nothing in Xero, not explained: {rows}."
        ),
        Hurdle.WAITING: HurdleWords(
            "No change waits for you for more than a week", "Wait in Review for more than a week: {rows}."
        ),
        Hurdle.ADDED: HurdleWords(
            "The desk has added a payment that stands",
            "None yet: approve one, apply it, and look at it in Case Manager.",
        ),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing that has to hold, whether it does, and the rows that stand in its way, by their names."""

    hurdle: Hurdle
    is_clear: bool
    rows: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """What has to hold."""
        return HURDLE_WORDS[self.hurdle].holds

    @property
    def sentence(self) -> str:
        """What stands in the way, or nothing."""
        return "" if self.is_clear else HURDLE_WORDS[self.hurdle].missing.format(rows=f"{len(self.rows):,}")
