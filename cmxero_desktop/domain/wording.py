"""The sentences, with figures, why a payment stands where it stands; `words_of_rules` has the fixed words."""

from collections.abc import Iterable
from datetime import date

from cmxero_desktop.domain.accounts import AccountAnswer, AccountQuestion
from cmxero_desktop.domain.control_total import ControlTotal
from cmxero_desktop.domain.memory import Explained, Explanation, Member
from cmxero_desktop.domain.money import Money
from cmxero_desktop.domain.placements import MatchedHow
from cmxero_desktop.domain.policy import Policy
from cmxero_desktop.domain.records import (
    CaseInvoice,
    CasePayment,
    InvoiceSnapshot,
    Settlement,
    SettlementKind,
    Side,
    UnreadableRow,
    XeroPayment,
)
from cmxero_desktop.domain.refunds import REFUND_KINDS
from cmxero_desktop.domain.words_of_rules import ANSWER_WORDS, REASON_WORDS

MATCHED = {
    MatchedHow.LINKED: "Amount and date are equal, and the Notes name this Xero payment.",
    MatchedHow.EXACT: (
        "Amount and date are equal to a payment entered by hand; its Notes do not name the Xero payment yet."
    ),
    MatchedHow.EXACT_IMPORTED: (
        "Amount and date are equal to an imported payment; its Notes do not name this Xero payment yet."
    ),
    MatchedHow.MULTI_INVOICE: (
        "Amount and date are equal. It is part of a multi-invoice payment, so the link cannot be noted."
    ),
    MatchedHow.JOURNALLED: "Amount and date are equal. It is journalled, so the link cannot be noted.",
    MatchedHow.ACCEPTED: "A person said that both sides mean the same money; nothing is written.",
}

ACCOUNTS_KNOWN = "Every account that payments went to is a bank, or a person said what it is."

SHORT = {reason: words.short for reason, words in REASON_WORDS.items()}


def day(value: date) -> str:
    """Write a date as `5 Mar 2026` in every locale."""
    return f"{value.day} {_MONTHS[value.month - 1]} {value.year}"


_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def paid(payment: XeroPayment | CasePayment) -> str:
    """Write a payment as `400.00 on 1 Nov 2026`."""
    return f"{payment.amount} on {day(payment.paid_on)}"


def add(xero: XeroPayment, number: str) -> str:
    """Explain an add (R12)."""
    return f"Xero has {paid(xero)}; Case Manager has no payment of that amount and date on invoice {number}."


NOT_RESTORED = (
    "What Case Manager keeps of a payment outside the mapping, such as who entered it or its journal, is not restored."
)
"""What a removal that is taken back cannot bring back: only the columns of the mapping are known."""


def near(xero: XeroPayment, copies: tuple[CasePayment, ...], number: str, more: int = 0) -> str:
    """Explain an add or a change that may double a payment entered by hand (R23); of many the nearest are named."""
    close = " and ".join((*(paid(copy) for copy in copies), *_and_more(more)))
    return (
        f"Xero has {paid(xero)}. Case Manager has {close} on invoice {number}, entered by hand: "
        "close, but not equal, so this may be the same money."
    )


def link(xero: XeroPayment) -> str:
    """Explain a link (R8)."""
    return f"Both sides have {paid(xero)}. The Notes in Case Manager would name the Xero payment; nothing else changes."


def differs(xero: XeroPayment, copy: CasePayment) -> str:
    """Explain a change of a copy whose original differs (R14)."""
    return f"This copy names a Xero payment that is now {paid(xero)}; Case Manager still has {paid(copy)}."


def edited(xero: XeroPayment, copy: CasePayment) -> str:
    """Explain a change that follows an edit in Xero (R16)."""
    return (
        f"In Xero the payment was deleted and entered again as {paid(xero)}: an edit. "
        f"Case Manager still has {paid(copy)}."
    )


def chosen(xero: XeroPayment, copy: CasePayment) -> str:
    """Explain a change that a person chose for a near double (R23)."""
    return f"You said that {paid(copy)} in Case Manager is Xero's {paid(xero)}; the copy would take Xero's values."


def remove(copy: CasePayment, deleted_on: date | None = None) -> str:
    """Explain a removal (R15)."""
    gone = f"The Xero payment that this copy names was deleted in Xero{_on(deleted_on)}"
    return f"{gone}; Case Manager still has {paid(copy)}."


def manual_unmatched(copy: CasePayment) -> str:
    """Explain a payment that is only in Case Manager (R19)."""
    return f"Entered by hand: {paid(copy)}. Xero has no equal payment on this invoice. It is left undisturbed."


def imported_unmatched(copy: CasePayment, why: str) -> str:
    """Explain an imported copy that is left alone (R20)."""
    return f"Imported copy of {paid(copy)}: {why}. It is left undisturbed."


def never_copied(xero: XeroPayment) -> str:
    """Explain ACCOUNT (R3)."""
    return f"{paid(xero)} went to {xero.account_name or xero.account_code}, whose payments are never copied."


_SAID = {
    Explained.ALLOCATION: "stands for an allocation or a credit in Xero",
    Explained.OTHER: "is other money",
    Explained.TO_CORRECT: "will be corrected",
    Explained.CORRECTED: "was corrected elsewhere",
    Explained.SET_ASIDE: "is from before and stays as it stands",
}

AS_SAID = {
    Explained.ALLOCATION: "a credit or an overpayment of Xero's",
    Explained.OTHER: "other money",
    Explained.TO_CORRECT: "to be corrected",
    Explained.CORRECTED: "corrected elsewhere",
    Explained.SET_ASIDE: "from before, set aside",
}
"""The same in two words, as the tie-out names it."""

IN_VAIN = "Nothing in Case Manager makes up for it any more."
"""What is said of a payment that was called corrected, once the refund or the adjustment is gone (R17)."""


def explained(copy: CasePayment, said: Explanation) -> str:
    """Repeat what a person said of a payment that matches nothing (R17, R19a)."""
    who = f"{said.by} said" if said.by else "It was said"
    why = f": {said.reason}" if said.reason else ""
    return f"{who} that {paid(copy)} {_SAID[said.what]}{why}."


def forgotten(copy: CasePayment, known_as: str, named: XeroPayment) -> str:
    """Say that Notes won over what was remembered of a payment (R7a)."""
    return (
        f"{paid(copy)} was known as the copy of Xero's payment {known_as}; its Notes name {named.payment_id} now"
        f" ({paid(named)}). What Case Manager says counts, so that pair has ended."
    )


def reopened(members: Iterable[Member], by: str) -> str:
    """Say that payments which a person called the same money are proposed anew (R19a, R19b)."""
    named = ", ".join(f"{member.amount} on {day(member.paid_on)}" for member in members)
    return f"What {by or 'a person'} called the same money has changed ({named}), so it is looked at anew."


def no_longer_explained(said: Explanation) -> str:
    """Say that what a person said of a payment ended with the payment's facts (R19a)."""
    paid_then = f"{said.amount} on {day(said.paid_on)}"
    return f"{said.by or 'A person'} said that {paid_then} {_SAID[said.what]}; that payment is gone or another by now."


def no_invoice(snapshot: InvoiceSnapshot) -> str:
    """Explain NO_INVOICE (R4), with the invoice whose number is hardly another, or who has its invoice there (R1)."""
    parts = [f"{snapshot.number} was not found in Case Manager."]
    if snapshot.near_number:
        parts.append(has_near(snapshot.near_number))
    if snapshot.rivals:
        parts.append(f"Its invoice there may be {' or '.join(snapshot.rivals)}.")
    return " ".join(parts)


def has_near(near: str) -> str:
    """Name the invoice of Case Manager whose number is hardly another than Xero's (R1)."""
    return f"Case Manager has invoice {near}."


def other_currency(xero: XeroPayment, currency: str) -> str:
    """Explain CURRENCY (R6)."""
    return f"Paid in {xero.amount.currency}; the organisation's currency is {currency}."


def future_dated(xero: XeroPayment, today: date, policy: Policy) -> str:
    """Explain FUTURE_DATED (R13): how far ahead it is, and whose the limit is."""
    ahead = (xero.paid_on - today).days
    limit = "1 day" if policy.forward_dating_days == 1 else f"{policy.forward_dating_days} days"
    whose = (
        f"The firm's limit is {limit} (Settings, Matching, Forward dating)."
        if policy.is_forward_dating_own
        else f"Case Manager's own limit is {limit}; it is changed in Case Manager."
    )
    return f"Dated {day(xero.paid_on)}, {ahead} days ahead. {whose}"


def comes_to_review(ready_on: date) -> str:
    """Say when a future-dated payment comes back by itself."""
    return f"Nothing to do: comes to Review on {day(ready_on)}. If the date is wrong, correct it in Xero."


def journalled(copy: CasePayment, xero: XeroPayment | None, deleted_on: date | None = None) -> str:
    """Explain JOURNALLED (R17, R20)."""
    journal = f"Journal {copy.journal_number}" if copy.journal_number else "A journal entry"
    now = _in_xero_now(xero, deleted_on) if xero is not None else "Xero has no payment for it"
    return f"{journal} locks this payment. {now}. Case Manager keeps {paid(copy)}."


def multi_invoice(copy: CasePayment, xero: XeroPayment | None, deleted_on: date | None = None) -> str:
    """Explain MULTI_INVOICE (R18)."""
    now = f" {_in_xero_now(xero, deleted_on)}." if xero is not None else ""
    return (
        f"{paid(copy)} is one part of a multi-invoice payment in Case Manager and equals no Xero payment.{now} "
        "It cannot be changed for one invoice."
    )


def _in_xero_now(xero: XeroPayment, deleted_on: date | None) -> str:
    return f"Xero now shows {paid(xero)}" if xero.is_live else f"Xero now shows 0.00 (deleted{_on(deleted_on)})"


def _on(deleted_on: date | None) -> str:
    return f" on {day(deleted_on)}" if deleted_on is not None else ""


_THEN_SAY = "then say Corrected elsewhere (Say what it is)"
ONLY_THE_DATE = (
    "The amounts agree, only the date differs: say that it is Xero's payment, entered otherwise (Say what it is)."
)
"""What is done about a locked payment that Xero has on another day (R17)."""


def correction(owed: Money, *, has_credit: bool = False) -> str:
    """Name the entry in Case Manager that makes up for what a payment counts too much, or too little (R17).

    `has_credit` says that Xero credited something: an adjustment would be one sum with what mirrors that.
    """
    if owed.minor > 0:
        return f"a refund of {owed}{'' if has_credit else f' (an adjustment of +{owed} does the same)'}"
    return f"an adjustment of {owed}"


def type_correction(owed: Money, number: str, *, has_credit: bool = False) -> str:
    """Say what to type, on which invoice, and with which date (R17)."""
    shows = f"{owed} more" if owed.minor > 0 else f"{-owed} less"
    return (
        f"type {correction(owed, has_credit=has_credit)} on invoice {number} in Case Manager, with today's date, "
        f"so that it shows {shows} owing"
    )


def made_up_for(owed: Money) -> str:
    """Say that an entry makes up for a locked payment already (R17, R24a)."""
    return (
        f"Both sides show the same owing on this invoice by now. If {correction(owed)} was typed for it, say Corrected "
        "elsewhere (Say what it is)."
    )


def typed_by_now(typed: Money, *, is_alone: bool) -> str:
    """Say how much of what payments that cannot be changed differ by is made up for already (R17)."""
    made_up = typed if typed.minor > 0 else -typed
    if is_alone:
        return f"A refund or an adjustment makes up for {made_up} of it already."
    return (
        f"{made_up} of what the payments here that cannot be changed differ by is made up for already: where that was "
        "typed for this one, type nothing more."
    )


ALL_IS_TYPED = (
    "The refunds and adjustments of this invoice make up for all of it already: type nothing more. Settle first what "
    f"else differs here (Debtors names it), {_THEN_SAY}."
)
"""What is done about a locked payment whose entry stands there while the invoice differs otherwise (R17)."""


def typed_for_some(typed: Money) -> str:
    """Say what stands there and may be for this payment or for something else (R17)."""
    return (
        f"Refunds and adjustments of {typed} stand on this invoice already: what of that was typed for this payment is "
        "not to be typed again."
    )


def rest_on(rest: Money, typed: Money, number: str, *, has_credit: bool = False) -> str:
    """Name what the entry that makes up for locked payments still lacks, and its invoice (R17)."""
    made_up = typed if typed.minor > 0 else -typed
    left = correction(rest, has_credit=has_credit)
    return f"Of its correction {made_up} is typed already; what is left is {left} on invoice {number}."


def differs_locked(entry: str) -> str:
    """Say what to do where Xero has the payment with another amount (R17)."""
    return f"If Xero is right: {entry}, {_THEN_SAY}. If Case Manager is right: correct Xero."


def superfluous_locked(entry: str) -> str:
    """Say what to do about a locked copy too many (R7, R20a)."""
    return f"It is a copy too many: {entry}, {_THEN_SAY}."


def lost_locked(copy: CasePayment, entry: str) -> str:
    """Say what to do about a locked copy whose payment Xero does not have any more (R17)."""
    return f"If the money never came: {entry}, {_THEN_SAY}. If it came: enter {paid(copy)} in Xero again."


def never_known_part(entry: str) -> str:
    """Say what to do about a part of a multi-invoice payment that Xero never had (R18)."""
    return (
        "Compare the lines of its group. If the money came, enter it in Xero with this date and amount, or say what it "
        f"is (Say what it is). If it never came: {entry}, {_THEN_SAY}."
    )


def never_known_by_hand(entry: str) -> str:
    """Say what to do about a locked payment that was typed by hand and that Xero never had (R19)."""
    return (
        "If it is money that Xero has otherwise, say which (Say what it is). If it came and Xero lacks it, enter it in "
        f"Xero with this date and amount. If it never came: it is locked, so {entry}, {_THEN_SAY}."
    )


def is_it_one_of(payments: tuple[XeroPayment, ...]) -> str:
    """Ask whether a payment is one that Xero has instead (R17, R18)."""
    one = f"Xero's {paid(payments[0])}"
    any_of_them = f"one of Xero's {len(payments)} unmatched payments, or as all of them together"
    return f"If it is the same money as {one if len(payments) == 1 else any_of_them}: say so (Say what it is)."


def control_total(control: ControlTotal) -> str:
    """Explain CONTROL_TOTAL (R22)."""
    if control.stated is None:
        return "The invoice could not be read in Xero, so its payments may not be complete."
    return (
        f"The payments known for this invoice add up to {control.added_up}, but Xero says {control.stated} was paid. "
        "Nothing is proposed until both agree."
    )


def notes_full(copy: CasePayment | None, limit: int) -> str:
    """Explain NOTES_FULL (R28)."""
    used = f" behind the {len(copy.notes)} already used" if copy else ""
    return (
        f"The line that names the Xero payment does not fit in the Notes{used} (Case Manager takes {limit} characters)."
    )


def unreadable(row: UnreadableRow) -> str:
    """Explain UNREADABLE (R30)."""
    return f"{row.place}: {row.problem}"


def beside_unreadable(rows: Iterable[UnreadableRow]) -> str:
    """Explain why an invoice with an unreadable row waits."""
    rows = tuple(rows)
    sides = " and ".join(sorted({"Xero" if row.side is Side.XERO else "Case Manager" for row in rows}))
    if any(row.is_invoice for row in rows):
        return f"The invoice itself could not be read in {sides}, so its sums prove nothing."
    return f"Another payment of this invoice could not be read in {sides}, so this one could be there already."


def several(payments: Iterable[XeroPayment | CasePayment], more: int = 0) -> str:
    """Write payments in a row, by date, and how many more there are."""
    named = (paid(p) for p in sorted(payments, key=lambda p: (p.paid_on, p.amount.minor)))
    return " and ".join((*named, *_and_more(more)))


def _and_more(more: int) -> tuple[str, ...]:
    return (f"{more:,} more",) if more else ()


def moved(deleted: XeroPayment, number: str, amount: Money) -> str:
    """Explain `moved` (R16b)."""
    return (
        f"{paid(deleted)} was deleted on {number} in Xero, and its money still stands there in Case Manager; "
        f"this {amount} may be the same money."
    )


def moved_of_many(amount: Money, count: int, other: Money) -> str:
    """Explain `moved` where too many of one amount came and went to compare each with each (R16b)."""
    return (
        f"{count:,} payments of about {amount} were deleted in Xero on other invoices, where their money still stands "
        f"in Case Manager: too many to tell which is which, so this {other} may be any of them."
    )


def batch_anew(lines: Iterable[tuple[XeroPayment, str]], more: int = 0) -> str:
    """Explain `moved` of what a batch has that was entered anew without some of its lines (R16b)."""
    said = " and ".join((*(f"{paid(deleted)} on {number}" for deleted, number in lines), *_and_more(more)))
    return (
        f"This batch was deleted in Xero and entered anew, without {said}: that money still stands in Case Manager, "
        "and may be a part of this."
    )


def misplaced(copy: CasePayment, original: XeroPayment) -> str:
    """Explain the removal of a copy that stands on the wrong invoice (R7, R16b)."""
    return f"{paid(copy)} names a Xero payment that is alive on {original.invoice_number}: it belongs there."


def same_remittance(
    sent: Iterable[XeroPayment],
    typed: Iterable[CasePayment],
    more_sent: int = 0,
    more_typed: int = 0,
    *,
    to_add: XeroPayment | None = None,
) -> str:
    """Explain `same_remittance` (R18); `to_add` is its one payment that is still to be added, where others are not."""
    here = several(typed, more_typed)
    only = f" Of the remittance only {paid(to_add)} is still to be added." if to_add is not None else ""
    return (
        f"Xero has one remittance of {several(sent, more_sent)}; Case Manager has {here}, which matches nothing.{only}"
    )


def sibling_elsewhere(xero: XeroPayment) -> str:
    """Explain `leftover_elsewhere` of what is to be added beside a payment that stands on another invoice (R23b)."""
    return (
        f"Xero's {paid(xero)} of this invoice seems to stand on another invoice of Case Manager, "
        "and nothing of it on this one: perhaps that is the invoice."
    )


def leftover_elsewhere(copy: CasePayment, number: str) -> str:
    """Explain `leftover_elsewhere` (R23b)."""
    return f"{number} has {paid(copy)} in Case Manager that matches nothing in Xero."


def wanted_elsewhere(copy: CasePayment, xero: XeroPayment, number: str) -> str:
    """Explain `leftover_elsewhere` of what would be accepted here and is missing there just as well (R19b, R23b)."""
    return f"{number} lacks Xero's {paid(xero)}: {paid(copy)} in Case Manager may be that money."


def pieces_elsewhere(pieces: Iterable[tuple[CasePayment, str]]) -> str:
    """Explain `leftover_elsewhere` where several payments together are the amount (R23b)."""
    said = " and ".join(f"{paid(copy)} on {number}" for copy, number in pieces)
    return f"Case Manager has {said} that match nothing in Xero and together are this amount."


def beside_unmatched(beside: Iterable[CasePayment], more: int = 0) -> str:
    """Explain `beside_unmatched` (R23a)."""
    return (
        f"Case Manager has {several(beside, more)} on this invoice that is not matched in Xero. It may be this money."
    )


def balance_differs(balance: Money | None, due: Money | None, cause: str) -> str:
    """Explain `balance_differs` (R24a)."""
    if balance is None or due is None:
        return f"Whether both debtor lists would agree is not known: {cause}."
    return f"After this Case Manager would show {balance} owing, Xero {due}: {cause}."


def totals_differ(here: Money, xero: Money) -> str:
    """Name two totals that differ."""
    apart = here - xero
    more = f"{apart} more in Case Manager" if apart.minor > 0 else f"{-apart} more in Xero"
    return f"the invoice's total is {here} in Case Manager and {xero} in Xero, {more}"


def refund_only_here(refunds: Money) -> str:
    """Name a refund that Xero does not have."""
    return f"a refund of {refunds} that Xero does not have"


def refund_on_both(refunds: Iterable[XeroPayment]) -> str:
    """Name a refund that Xero has too (R2)."""
    return f"a refund of {several(refunds)}, which Xero paid out of a credit or an overpayment"


SETTLED_NEXT = (
    "Not copied, and in no sum of payments. Enter an adjustment of this amount, with a minus, in Case Manager, if the "
    "invoice is still owed there."
)
MONEY_BACK_NEXT = (
    "Not copied, and in no sum of payments. Enter a refund in Case Manager if its payments or adjustments hold this "
    "money."
)


def settled(settlement: Settlement) -> str:
    """Explain what settled a part of an invoice without a payment (R2)."""
    return f"{settlement.amount} was settled in Xero by {_document(settlement.kind, settlement.number)}."


def _document(kind: SettlementKind, number: str) -> str:
    return f"{'an' if kind.value[0] in 'aeiou' else 'a'} {kind.value} {number}".rstrip()


def money_back(refund: XeroPayment) -> str:
    """Explain money that went back (R2)."""
    payer = f" to {refund.contact_name}" if refund.contact_name else ""
    document = _document(REFUND_KINDS[refund.payment_type], refund.invoice_number)
    return f"{paid(refund)} went back{payer} in Xero, out of {document}."


def adjustment_only_here(adjustments: Money) -> str:
    """Name an adjustment that Xero does not have."""
    return f"an adjustment of {adjustments} that Xero does not have"


def credit_only_there(credited: Money) -> str:
    """Name a credit that Case Manager's adjustments, made for something else, do not mirror."""
    return f"a credit of {credited} in Xero that no adjustment in Case Manager mirrors"


def unmatched_here(amount: Money) -> str:
    """Name leftovers."""
    return f"{amount} in Case Manager that matches nothing in Xero"


def would_overpay(before: Money, amount: Money, cause: str) -> str:
    """Explain `would_overpay` (R24)."""
    return f"The balance is {before}, the payment {amount}: {cause}."


def counterparts(lost: Iterable[CasePayment], more: int, correction: str, *, are_gone: bool) -> str:
    """Explain `journalled_counterpart`, with the entry that makes up for it (R17).

    `are_gone` says that Xero has none of them any more; else it has some of them with another amount.
    """
    gone = "lost its original and stays; with this both would count."
    why = gone if are_gone else "no longer agrees with Xero and stays as it is: first make up for that."
    return f"{several(lost, more)} is locked in Case Manager, {why} {correction}"


def correction_on(owed: Money, number: str, *, has_credit: bool = False) -> str:
    """Name the entry that makes up for locked payments, and its invoice (R17)."""
    if not owed.minor:
        return "Together they count as much as Xero does: say of each that it is Xero's payment (Say what it is)."
    return f"Its correction is {correction(owed, has_credit=has_credit)} on invoice {number}."


def closed_period(name: str, end: date) -> str:
    """Explain `closed_period` (R33)."""
    return f"A date of this change is on or before {day(end)}: {name}."


def no_identity(copy: CasePayment) -> str:
    """Explain `no_identity` with the whole Notes (R20)."""
    return f"{paid(copy)} is marked as imported, and Xero knows no payment for it. Notes: {copy.notes.strip() or '-'}"


def renumbered(number: str, now: str, case: CaseInvoice | None) -> str:
    """Explain `renumbered`, and say with which invoice of Case Manager it is compared meanwhile (R1)."""
    meanwhile = f" It is compared with Case Manager's invoice {case.number}." if case is not None else ""
    return f"{number} is called {now} in Xero now.{meanwhile}"


def number_shared(snapshot: InvoiceSnapshot) -> str:
    """Explain `number_shared` (R1)."""
    number = snapshot.case_invoice.number if snapshot.case_invoice is not None else ""
    return f"Invoice {number} of Case Manager may also be {' or '.join(snapshot.rivals)}."


def not_bank(xero: XeroPayment) -> str:
    """Explain `not_bank` (R3)."""
    return f"Paid to {xero.account_name or xero.account_code}, which is no bank account."


def account_asked(question: AccountQuestion) -> str:
    """Ask about an account, with what went there (R3)."""
    many = f"{question.payments} payments" if question.payments != 1 else "1 payment"
    were = "were" if question.payments != 1 else "was"
    sum_ = f", {question.amount} in all," if question.payments != 1 else f" of {question.amount}"
    named = named_payments(question)
    about = f": {named}" if named else ""
    return f"{many}{sum_} {were} paid to {question.title} in Xero, which is no bank account{about}."


def named_payments(question: AccountQuestion) -> str:
    """Name the newest payments of a question with invoice, date, amount and page, and count the others."""
    told = [
        f"{one.amount} on {one.invoice_number or 'no CM invoice'} of {day(one.paid_on)} (in {one.page})"
        for one in question.named
    ]
    more = question.payments - len(told)
    return ", ".join([*told, *([f"and {more} more"] if told and more > 0 else [])])


def account_said(title: str, answer: AccountAnswer, payment_type: str) -> str:
    """Say what was answered about an account (R3)."""
    words = ANSWER_WORDS[answer]
    of = f" {payment_type}" if answer is AccountAnswer.TRUST else ""
    return f"{title}: {words.short.lower()}{of}. {words.meaning}"


def deleted_at(original: XeroPayment, deleted_on: date | None) -> str:
    """Say that an original was deleted, and when, where that can be told."""
    return f"Xero's {paid(original)} was deleted{_on(deleted_on)}."


def accept(xero: Iterable[XeroPayment], copies: Iterable[CasePayment], due: Money) -> str:
    """Explain an accept (R19b)."""
    return (
        f"Both sides show {due} owing; Xero has {several(xero)}, Case Manager {several(copies)}: the same money in "
        "other pieces. Nothing is written."
    )


def remove_second(copy: CasePayment) -> str:
    """Explain the removal of a second copy (R20a)."""
    return f"{paid(copy)} names a Xero payment that another payment of this invoice names too."
