"""The sentences, with figures, why a payment stands where it stands; each `wording_*` has those of one matter."""

from collections.abc import Iterable
from datetime import date

from cmxero_desktop.domain.memory import Explained, Explanation, Member
from cmxero_desktop.domain.money import Money
from cmxero_desktop.domain.placements import MatchedHow
from cmxero_desktop.domain.records import CasePayment, XeroPayment
from cmxero_desktop.domain.words_of_rules import REASON_WORDS

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
    close = " and ".join((*(paid(copy) for copy in copies), *and_more(more)))
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
    gone = f"The Xero payment that this copy names was deleted in Xero{on_day(deleted_on)}"
    return f"{gone}; Case Manager still has {paid(copy)}."


def manual_unmatched(copy: CasePayment) -> str:
    """Explain a payment that is only in Case Manager (R19)."""
    return f"Entered by hand: {paid(copy)}. Xero has no equal payment on this invoice. It is left undisturbed."


def imported_unmatched(copy: CasePayment, why: str) -> str:
    """Explain an imported copy that is left alone (R20)."""
    return f"Imported copy of {paid(copy)}: {why}. It is left undisturbed."


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


def on_day(told: date | None) -> str:
    """Say on which day, behind a verb; nothing where that is not known."""
    return f" on {day(told)}" if told is not None else ""


def several(payments: Iterable[XeroPayment | CasePayment], more: int = 0) -> str:
    """Write payments in a row, by date, and how many more there are."""
    named = (paid(p) for p in sorted(payments, key=lambda p: (p.paid_on, p.amount.minor)))
    return " and ".join((*named, *and_more(more)))


def and_more(more: int) -> tuple[str, ...]:
    """Return the part of an enumeration that counts what it does not name, if there is any."""
    return (f"{more:,} more",) if more else ()


def no_identity(copy: CasePayment) -> str:
    """Explain `no_identity` with the whole Notes (R20)."""
    return f"{paid(copy)} is marked as imported, and Xero knows no payment for it. Notes: {copy.notes.strip() or '-'}"


def deleted_at(original: XeroPayment, deleted_on: date | None) -> str:
    """Say that an original was deleted, and when, where that can be told."""
    return f"Xero's {paid(original)} was deleted{on_day(deleted_on)}."


def accept(xero: Iterable[XeroPayment], copies: Iterable[CasePayment], due: Money) -> str:
    """Explain an accept (R19b)."""
    return (
        f"Both sides show {due} owing; Xero has {several(xero)}, Case Manager {several(copies)}: the same money in "
        "other pieces. Nothing is written."
    )


def remove_second(copy: CasePayment) -> str:
    """Explain the removal of a second copy (R20a)."""
    return f"{paid(copy)} names a Xero payment that another payment of this invoice names too."
