"""Why Xero's amount due and Case Manager's balance differ, each cause with its words and the entry to make (R24a)."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class Cause(StrEnum):
    """What a part of the difference on one invoice comes from."""

    TO_ADD = "payment to add"
    TO_CHANGE = "copy to change"
    TO_REMOVE = "copy to remove"
    LEFTOVER = "payment only in Case Manager"
    LOCKED = "locked copy that lost its payment"
    MULTI_INVOICE = "multi-invoice payment that matches nothing"
    DATED_AHEAD = "dated ahead"
    SKIPPED = "left out"
    DECLINED = "held or rejected"
    BEFORE_START = "dated before your start"
    ACCEPTED = "accepted as the same money"
    EXPLAINED = "explained"
    NOT_ADDED_UP = "Xero's own figures do not add up"
    CREDIT = "credit that Case Manager does not have"
    ADJUSTMENT = "adjustment that Xero does not have"
    REFUND = "refund that Xero does not have"
    TOTALS = "totals differ"
    ROUNDING = "rounding"
    VOIDED = "voided in Xero"
    FOREIGN = "in another currency"
    NOT_KNOWN = "not known in Xero any more"
    ONLY_XERO = "not in Case Manager"
    ONLY_CASE_MANAGER = "not in Xero"
    NOT_EXPLAINED = "not explained"


@dataclass(frozen=True, slots=True)
class CauseWords:
    """What a person does about a cause; `counts_twice` says that the money may stand in Case Manager twice."""

    entry: str
    counts_twice: bool = False


CAUSE_WORDS: Mapping[Cause, CauseWords] = MappingProxyType(
    {
        Cause.TO_ADD: CauseWords("Approve the addition in Review."),
        Cause.TO_CHANGE: CauseWords("Approve the change in Review."),
        Cause.TO_REMOVE: CauseWords("Approve the removal in Review.", counts_twice=True),
        Cause.LEFTOVER: CauseWords(
            "Look whether it is a payment of Xero's typed otherwise: link or explain it, else correct it.",
            counts_twice=True,
        ),
        Cause.LOCKED: CauseWords("Enter a refund or an adjustment of its amount.", counts_twice=True),
        Cause.MULTI_INVOICE: CauseWords(
            "Compare the lines of its group, and correct what is wrong.", counts_twice=True
        ),
        Cause.DATED_AHEAD: CauseWords("Nothing: it comes to Review on its day."),
        Cause.SKIPPED: CauseWords("See the reason of the skipped row."),
        Cause.DECLINED: CauseWords("Nothing, or put the row back to Review."),
        Cause.BEFORE_START: CauseWords("Enter it by hand, or choose an earlier start date."),
        Cause.ACCEPTED: CauseWords("An adjustment of this amount, if it is more than you let pass."),
        Cause.EXPLAINED: CauseWords("As the explanation says."),
        Cause.NOT_ADDED_UP: CauseWords("Compare the invoice in Xero with its payments."),
        Cause.CREDIT: CauseWords("Enter an adjustment that lowers the invoice by this amount."),
        Cause.ADJUSTMENT: CauseWords("Enter a credit note in Xero, or take the adjustment back."),
        Cause.REFUND: CauseWords("Enter the refund in Xero, or take it back in Case Manager."),
        Cause.TOTALS: CauseWords("Correct the invoice's total on the side that is wrong."),
        Cause.ROUNDING: CauseWords("Nothing, or an adjustment of so many cents."),
        Cause.VOIDED: CauseWords("Void the invoice in Case Manager too."),
        Cause.FOREIGN: CauseWords("Compare it by hand."),
        Cause.NOT_KNOWN: CauseWords("Check Xero again; look for the invoice there."),
        Cause.ONLY_XERO: CauseWords("Make the invoice in Case Manager, or correct its number in Xero."),
        Cause.ONLY_CASE_MANAGER: CauseWords("Send the invoice to Xero, or correct its number."),
        Cause.NOT_EXPLAINED: CauseWords(
            "Approve nothing on this invoice; make a diagnostics bundle and ask for support."
        ),
    }
)
