"""Why Xero's amount due and Case Manager's balance differ, each cause with its words and the entry to make (R24a)."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Self


class Cause(StrEnum):
    """What a part of the difference on one invoice comes from."""

    TO_ADD = "payment to add"
    TO_LOWER = "copy to lower"
    TO_CHANGE = "copy to change"
    TO_REMOVE = "copy to remove"
    LEFTOVER = "payment only in Case Manager"
    LOCKED = "journalled, and Xero changed"
    MULTI_INVOICE = "part of a multi-invoice payment"
    DATED_AHEAD = "dated ahead"
    ACCOUNT = "paid to an account that is never copied"
    AMOUNT = "zero, negative or too large"
    CURRENCY = "paid in another currency"
    NOTES_FULL = "Notes are full"
    UNREADABLE = "could not be read"
    SKIPPED = "nothing is proposed for it"
    DECLINED = "held or rejected"
    BEFORE_START = "only in Xero, dated before your start"
    OLD_LEFTOVER = "only in Case Manager, dated before your start"
    OLD_DIFFERS = "dated before your start, and not the same on both sides"
    ACCEPTED = "accepted as the same money"
    TO_CORRECT = "to be corrected, as a person said"
    EXPLAINED = "explained by a person"
    NOT_ADDED_UP = "Xero's own figures do not add up"
    CREDIT = "settled in Xero another way"
    NOT_MAPPED = "credit, where adjustments are not in the mapping"
    ADJUSTMENT = "adjustment that Xero does not have"
    REFUND = "refund that Xero does not have"
    CREDIT_REFUNDED = "credit that Xero paid out"
    OVERPAID_REFUNDED = "refund that Xero has too"
    TO_REFUND = "refund that Case Manager does not have"
    TOTALS = "totals differ"
    ROUNDING = "rounding"
    VOIDED = "voided in Xero"
    NOT_APPROVED = "a draft in Xero"
    SHARED = "claimed by another invoice of Xero too"
    FOREIGN = "in another currency"
    NOT_KNOWN = "not known in Xero any more"
    ONLY_XERO = "not in Case Manager"
    ONLY_CASE_MANAGER = "not in Xero"
    DUE_UNKNOWN = "unknown: Xero's invoice could not be read"
    BALANCE_UNKNOWN = "unknown: a row of Case Manager could not be read"
    NOT_EXPLAINED = "not explained"

    @property
    def key(self) -> str:
        """Its name where a person types it, such as `to-add`."""
        return self.name.lower().replace("_", "-")

    @classmethod
    def of(cls, text: str) -> Self:
        """Return the cause of a key, or of the words that are shown; raise ValueError where there is none."""
        wanted = text.strip().casefold()
        found = next((cause for cause in cls if wanted in {cause.key, cause.value.casefold()}), None)
        if found is None:
            message = f"{text} is no cause"
            raise ValueError(message)
        return found


@dataclass(frozen=True, slots=True)
class CauseWords:
    """What a person does about a cause; `counts_twice` says that the money may stand in Case Manager twice.

    `hides` says that it is looked at even where other parts of the invoice make up for it, to the cent: money
    stands there too much, and other money is missing. What a person settled, or an entry made up for, hides nothing.
    `step` is what to do about all invoices that have it.
    In `entry`, `{approve}` is how to decide in Review, `{payments}` what it is about, `{amount}` the amount without its
    sign, and `{correction}` the adjustment in Case Manager that makes up for it, with its sign.
    """

    entry: str
    step: str
    counts_twice: bool = False
    hides: bool = False


CAUSE_WORDS: Mapping[Cause, CauseWords] = MappingProxyType(
    {
        Cause.TO_ADD: CauseWords(
            "{approve}: add {payments}.",
            "Approve the additions in Review; those that are flagged after a look.",
            hides=True,
        ),
        Cause.TO_LOWER: CauseWords(
            "{approve}: lower the copy to {payments}.",
            "Look at each in Review, then approve the change.",
            counts_twice=True,
            hides=True,
        ),
        Cause.TO_CHANGE: CauseWords(
            "{approve}: change the copy to {payments}.", "Look at each in Review, then approve the change.", hides=True
        ),
        Cause.TO_REMOVE: CauseWords(
            "{approve}, if the money did not come: remove {payments}.",
            "Approve the removals in Review, one by one, where the money did not come.",
            counts_twice=True,
            hides=True,
        ),
        Cause.LEFTOVER: CauseWords(
            "Find out whose money it is; link, explain or correct {payments}.",
            "Link, explain or correct each one in Unmatched.",
            counts_twice=True,
            hides=True,
        ),
        Cause.LOCKED: CauseWords(
            "If Xero is right, enter a refund or an adjustment of {correction} in Case Manager; locked, and stays as "
            "it is: {payments}.",
            "Where Xero is right, enter a refund or an adjustment for each in Case Manager.",
            counts_twice=True,
            hides=True,
        ),
        Cause.MULTI_INVOICE: CauseWords(
            "Compare the lines of its group in both systems, and correct what is wrong: {payments}.",
            "Compare the lines of each group in both systems.",
            counts_twice=True,
            hides=True,
        ),
        Cause.DATED_AHEAD: CauseWords(
            "Nothing: {payments} comes to Review on the day that its row in Skipped names.",
            "Nothing: they come to Review on the days that their rows in Skipped name.",
        ),
        Cause.ACCOUNT: CauseWords(
            "Nothing, while your settings leave that account out: {payments}.",
            "Nothing, while your settings leave those accounts out.",
        ),
        Cause.AMOUNT: CauseWords(
            "Look at it in Xero; if it is right, enter an adjustment of {correction}.", "Look at each one in Xero."
        ),
        Cause.CURRENCY: CauseWords("Compare by hand what was paid in another currency.", "Compare them by hand."),
        Cause.NOTES_FULL: CauseWords(
            "Shorten the Notes of the payment in Case Manager, then check Xero again: {payments}.",
            "Shorten the Notes in Case Manager, then check Xero again.",
        ),
        Cause.UNREADABLE: CauseWords(
            "Correct the value that Skipped names, then check Xero again.",
            "Correct the values that Skipped names, then check Xero again.",
            hides=True,
        ),
        Cause.SKIPPED: CauseWords(
            "Open the invoice and look why: {payments}.", "Open each invoice and look why.", hides=True
        ),
        Cause.DECLINED: CauseWords(
            "Nothing, while that decision stands; else put back to Review: {payments}.",
            "Nothing, while those decisions stand.",
        ),
        Cause.BEFORE_START: CauseWords(
            "Look for {payments} in Case Manager; if it is not there, enter it or choose an earlier start date.",
            "Look for each one in Case Manager.",
        ),
        Cause.OLD_LEFTOVER: CauseWords(
            "Find out whose money it is; correct {payments}, or choose an earlier start date to decide it here.",
            "Find out whose money each one is.",
            counts_twice=True,
        ),
        Cause.OLD_DIFFERS: CauseWords(
            "Compare {payments}; then correct what is wrong, or enter an adjustment of {correction} in Case Manager.",
            "Compare both sides of each invoice.",
        ),
        Cause.ACCEPTED: CauseWords("Nothing, or an adjustment of {correction} in Case Manager.", "Nothing."),
        Cause.TO_CORRECT: CauseWords(
            "Correct in Case Manager, as was said: {payments}.", "Correct each one in Case Manager, as was said."
        ),
        Cause.EXPLAINED: CauseWords(
            "Nothing, while the explanation is right: {payments}.", "Nothing, while the explanations are right."
        ),
        Cause.NOT_ADDED_UP: CauseWords(
            "Compare the invoice in Xero with its payments; it is read again at each check.",
            "Compare each invoice in Xero with its payments.",
        ),
        Cause.CREDIT: CauseWords(
            "Enter an adjustment of {correction} in Case Manager.", "Enter an adjustment for each in Case Manager."
        ),
        Cause.NOT_MAPPED: CauseWords(
            "Look whether Case Manager adjusted it, and have the mapping say where adjustments stand.",
            "Have the mapping say where adjustments stand.",
        ),
        Cause.ADJUSTMENT: CauseWords(
            "Correct it in Xero by {amount} (such as by a credit note), or take it back here.",
            "Correct each one in Xero, or take it back here.",
        ),
        Cause.REFUND: CauseWords(
            "If the money went back, correct Xero by {amount}; else take the refund back here.",
            "If the money went back, correct Xero; else take the refund back here.",
        ),
        Cause.CREDIT_REFUNDED: CauseWords(
            "Enter an adjustment of {correction} in Case Manager: Xero credited and paid out {payments}.",
            "Enter an adjustment for each in Case Manager.",
        ),
        Cause.OVERPAID_REFUNDED: CauseWords(
            "Nothing for the refund: Xero gave back {payments} too. See that the payment here holds the overpaid part.",
            "Nothing for the refunds; see that the payments here hold the overpaid part.",
        ),
        Cause.TO_REFUND: CauseWords(
            "Enter a refund of {amount} in Case Manager: Xero gave back {payments}.",
            "Enter a refund for each in Case Manager.",
        ),
        Cause.TOTALS: CauseWords(
            "Correct the total that is wrong; if it is Case Manager's, an adjustment of {correction}.",
            "Correct the total that is wrong.",
        ),
        Cause.ROUNDING: CauseWords("Nothing, or an adjustment of {correction} in Case Manager.", "Nothing."),
        Cause.VOIDED: CauseWords(
            "Void the invoice in Case Manager too, or enter an adjustment of {correction}.",
            "Void each invoice in Case Manager too.",
        ),
        Cause.NOT_APPROVED: CauseWords(
            "Approve the invoice in Xero; a draft is no debt there.", "Approve the drafts in Xero."
        ),
        Cause.SHARED: CauseWords(
            "Give each its own number in Xero, or say which one it is.",
            "Give each invoice its own number in Xero.",
            counts_twice=True,
        ),
        Cause.FOREIGN: CauseWords("Compare it by hand.", "Compare them by hand."),
        Cause.NOT_KNOWN: CauseWords(
            "Check Xero again; look for the invoice there.", "Check Xero again; look for each invoice there."
        ),
        Cause.ONLY_XERO: CauseWords(
            "Make the invoice in Case Manager, or correct its number in Xero.",
            "Make the invoices in Case Manager, or correct their numbers.",
        ),
        Cause.ONLY_CASE_MANAGER: CauseWords(
            "Send the invoice to Xero, or correct its number.", "Send the invoices to Xero, or correct their numbers."
        ),
        Cause.DUE_UNKNOWN: CauseWords(
            "Correct it in Xero, then check Xero again: {payments}.",
            "Correct in Xero what could not be read.",
            hides=True,
        ),
        Cause.BALANCE_UNKNOWN: CauseWords(
            "Correct what could not be read: {payments}.", "Correct in Case Manager what could not be read.", hides=True
        ),
        Cause.NOT_EXPLAINED: CauseWords(
            "Approve nothing on this invoice; make a diagnostics bundle and ask for support.",
            "Approve nothing on these invoices; ask for support.",
            hides=True,
        ),
    }
)
