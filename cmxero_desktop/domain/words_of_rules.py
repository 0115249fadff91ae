"""The tables of skip reasons, flags and answers: a short word, what it means, what to do, and when it leaves."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from cmxero_desktop.domain.accounts import AccountAnswer
from cmxero_desktop.domain.placements import Reason
from cmxero_desktop.domain.proposals import Flag


@dataclass(frozen=True, slots=True)
class Words:
    """What window, command line and manual say of a reason, a flag or an answer; figures stand in a row's sentence."""

    short: str
    meaning: str
    next_step: str
    leaves: str


ANSWER_WORDS: Mapping[AccountAnswer, Words] = MappingProxyType(
    {
        AccountAnswer.TRUST: Words(
            "Copy them as",
            "Its payments are copied like those to a bank account, with this payment type in Case Manager.",
            "Approve its payments in Review.",
            "When the settings no longer name the account.",
        ),
        AccountAnswer.NEVER_COPY: Words(
            "Never copy them",
            "Those that Case Manager lacks stay out of it and are listed as skipped. A copy "
            "that stands there is left alone.",
            "Nothing to do.",
            "When the settings no longer name the account.",
        ),
        AccountAnswer.KEEP_FLAGGING: Words(
            "Flag each of them",
            "Each of its payments is flagged, and approved alone after a look.",
            "Look at each in Review.",
            "When the settings no longer name the account.",
        ),
    }
)

_ONCE_APPROVED = "When it is approved alone, or rejected."

FLAG_WORDS: Mapping[Flag, Words] = MappingProxyType(
    {
        Flag.WOULD_OVERPAY: Words(
            "Would overpay",
            "The payment is more than the balance; Case Manager does not let an invoice be overpaid.",
            "It cannot be approved while the invoice would be overpaid: correct the invoice's total or the payment on "
            "the side that is wrong, Xero or Case Manager, or record what is too much in Xero as an overpayment. For "
            "cents enter an adjustment in Case Manager.",
            "When the balance can take it.",
        ),
        Flag.JOURNALLED_COUNTERPART: Words(
            "Its locked half stays",
            "A locked copy whose original is gone stays in Case Manager; with this both would count.",
            "If the locked payment is this money, say so (Say what it is). If not, type the correction that the reason "
            "names in Case Manager, with today's date, and check Xero again.",
            "When a refund or an adjustment makes both debtor lists agree.",
        ),
        Flag.NAMED_ELSEWHERE: Words(
            "Its copy stands on another invoice",
            "A case payment of another invoice names this Xero payment.",
            "Delete the copy on the other invoice in Case Manager. One that is locked cannot be deleted: "
            "correct it, and say so at its row (Say what it is).",
            "When the copy no longer stands there.",
        ),
        Flag.NUMBER_SHARED: Words(
            "Two invoices claim this number",
            "Two Xero invoices claim the same invoice of Case Manager.",
            "Say which one it is (Which invoice), or give each its own number in Xero.",
            "When only one invoice claims it.",
        ),
        Flag.COPIED_TWICE: Words(
            "Copied twice",
            "Two case payments of this invoice name the same Xero payment.",
            "Remove the second copy first: it waits in Review, or in Skipped where it is locked.",
            "When the second copy is gone.",
        ),
        Flag.OVER_LIMIT: Words(
            "Held by the safety limit",
            "So many removals came at once that all of them wait for a release; fewer in a later check lift nothing.",
            "Look at all of them first: so many at once may be a mistake in Xero.",
            "When it is released, with a reason, or the settings' limits allow for so many.",
        ),
        Flag.NEAR_DOUBLE: Words(
            "≈2x close double",
            "A payment entered by hand is close to this one; together they may count the money twice.",
            "Say that it is the same payment, or hold this one until you know.",
            "When the payment entered by hand is linked, explained or gone.",
        ),
        Flag.BESIDE_UNMATCHED: Words(
            "Beside an unmatched payment",
            "Case Manager has a payment on this invoice that matches nothing in Xero. It may be this money.",
            "Say that it is the same payment. If it is other money, enter that one in Xero too, or delete it in Case "
            "Manager if it never came.",
            "When every other payment of the invoice is matched or explained.",
        ),
        Flag.LEFTOVER_ELSEWHERE: Words(
            "Unmatched on another invoice",
            "An unmatched payment of one invoice may be the money of another one.",
            "If that payment is this money, enter it in Case Manager on this invoice instead. If it is other money, "
            "say so (Say what it is).",
            "When that payment is matched, explained or gone.",
        ),
        Flag.BALANCE_DIFFERS: Words(
            "Invoices would not agree",
            "After this Case Manager's balance and Xero's amount due would differ.",
            "Correct the cause that the reason names on the side that is wrong, Xero or Case Manager; until then the "
            "two show different sums owed.",
            "When both would agree, or every difference is explained.",
        ),
        Flag.TWIN: Words(
            "More than one equal payment",
            "Xero has another payment like this one on the invoice: it may have been entered twice.",
            "If it was entered twice in Xero, delete this one there: this row goes with the next check.",
            _ONCE_APPROVED,
        ),
        Flag.SAME_REMITTANCE: Words(
            "Same remittance, allocated otherwise",
            "The total of this remittance stands in Case Manager already, in other lines.",
            "If what Case Manager has unmatched is this money, delete that there and check Xero, then approve this: "
            "with both it would count twice. If it is other money, say so at its row (Say what it is).",
            "When those lines are matched, explained or gone.",
        ),
        Flag.MOVED: Words(
            "Moved to another invoice",
            "Money that was deleted on one invoice was entered on another.",
            "Settle the money on the other invoice first, by its removal or a correction; then approve this one by "
            "itself.",
            "When the money no longer stands on the other invoice.",
        ),
        Flag.FAR_EDIT: Words(
            "An edit, or new money?",
            "A payment was deleted, and this one came much later: an edit, or a bounced payment and new money?",
            "Approve it if it is the same money. Else reject it and delete the copy in Case Manager: then the new "
            "payment is offered as an addition.",
            _ONCE_APPROVED,
        ),
        Flag.EDITED_HERE: Words(
            "Edited in Case Manager",
            "Xero is as it was; somebody changed the copy.",
            "Approve to take Xero's values again, or correct Xero.",
            "When both sides are equal again.",
        ),
        Flag.NEVER_NOTED: Words(
            "Was equal, now deleted in Xero",
            "It was equal to a Xero payment that was deleted; its Notes never named it.",
            "Remove it only if the money did not come.",
            _ONCE_APPROVED,
        ),
        Flag.FORMER_ORIGINAL: Words(
            "Equal to a deleted payment",
            "It equals a Xero payment that was deleted before it was ever matched.",
            "Remove it only if the money did not come.",
            _ONCE_APPROVED,
        ),
        Flag.RESETTLED: Words(
            "Came back as a credit",
            "The same amount was applied to the invoice as a credit, an overpayment or a prepayment.",
            "Keep the payment: hold or reject the removal.",
            _ONCE_APPROVED,
        ),
        Flag.NO_IDENTITY: Words(
            "Names no payment that Xero knows",
            "It is marked as imported, but Xero has no payment for it.",
            "Read its Notes; remove it only if nobody knows the money.",
            "When it is linked, explained or removed.",
        ),
        Flag.RENUMBERED: Words(
            "The invoice was renumbered",
            "The invoice bears another number in Xero by now.",
            "Say which one it is (Which invoice).",
            "When a person said which one it is, or the number is back.",
        ),
        Flag.REPLACEMENT_AHEAD: Words(
            "Its replacement is dated ahead",
            "What replaces the deleted payment may be dated ahead: until that day its money would stand nowhere.",
            "Wait until that one comes to Review; approve a change only if the payment of today is the same money.",
            "When the payment that is dated ahead can be entered.",
        ),
        Flag.NOT_BANK: Words(
            "Not paid into a bank account",
            "The payment went to an account that is neither a bank nor trusted.",
            "If it is no payment of the client, such as a write-off, reject it and enter an adjustment in Case "
            "Manager.",
            "When the account is trusted in the settings, or it is approved alone.",
        ),
        Flag.BEFORE_START: Words(
            "Dated before your start",
            "Something happened since the start to a payment that is dated before it.",
            "Look whether Case Manager has it under another date. If not, approve it alone.",
            _ONCE_APPROVED,
        ),
        Flag.CLOSED_PERIOD: Words(
            "In a closed period",
            "A date of this change lies in a period that is locked or lodged.",
            "Ask your adviser first; then approve it alone, or reject it.",
            "When the period is open again, or it is approved alone.",
        ),
        Flag.SOR: Words(
            "On an SOR schedule",
            "The invoice is under an SOR schedule, and this is no instalment of it.",
            "See first in SOR watch what Apxium does about it. If you take it off in Xero, do not approve: this row "
            "goes with the next check. If it stays there, approve it alone, so that Case Manager counts it too. Until "
            "you know, put it on hold.",
            "When the schedule is completed, cancelled or closed.",
        ),
    }
)

REASON_WORDS: Mapping[Reason, Words] = MappingProxyType(
    {
        Reason.NO_INVOICE: Words(
            "Invoice not in Case Manager",
            "Case Manager has no invoice of that number.",
            "Check the number in Xero, or say which invoice of Case Manager it is (Which invoice).",
            "When Case Manager has it, or you say which invoice it is.",
        ),
        Reason.CURRENCY: Words(
            "Other currency",
            "It was paid in another currency than the organisation's.",
            "Enter what was received in Case Manager by hand; then say there that it is this payment (Say what it is).",
            "When you say which payment in Case Manager it is.",
        ),
        Reason.FUTURE_DATED: Words(
            "Dated ahead",
            "It is dated further ahead than Case Manager accepts.",
            "Nothing to do: it comes to Review by itself. If the date is wrong, correct it in Xero.",
            "On the first day that Case Manager accepts its date.",
        ),
        Reason.JOURNALLED: Words(
            "Journalled - Xero changed",
            "A journal entry locks this payment, and Xero no longer agrees.",
            "Type a refund or an adjustment of the difference in Case Manager, then say Corrected elsewhere (Say "
            "what it is).",
            "When Xero has its equal, or you say what it is.",
        ),
        Reason.MULTI_INVOICE: Words(
            "Part of a multi-invoice payment",
            "One case payment covers several invoices; it cannot be changed for one of them.",
            "Compare the lines of its group; then say whose money it is, or that it was corrected (Say what it is).",
            "When Xero has its equal, or you say what it is.",
        ),
        Reason.CONTROL_TOTAL: Words(
            "Xero's own total differs",
            "The payments known of this invoice do not add up to what Xero says was paid.",
            "Nothing to do now: it is read again, less often if Xero says the same. If it stays, compare it in Xero.",
            "When both agree.",
        ),
        Reason.NOTES_FULL: Words(
            "Notes are full",
            "The line that names the Xero payment does not fit.",
            "Shorten the Notes of this payment in Case Manager, then check Xero again.",
            "When the line fits.",
        ),
        Reason.UNREADABLE: Words(
            "Could not be read",
            "A value of the payment cannot be read or written.",
            "Correct the value named here, or contact support; the rest is unaffected.",
            "When the value can be read.",
        ),
        Reason.ACCOUNT: Words(
            "Paid to an account that is never copied",
            "The settings leave payments to this account out.",
            "Nothing to do.",
            "When the settings no longer name the account.",
        ),
        Reason.AMOUNT: Words(
            "Zero, negative or too large",
            "Case Manager takes no payment of that amount.",
            "Look at it in Xero; enter an adjustment or a refund in Case Manager if it is right.",
            "When it is gone in Xero.",
        ),
    }
)
