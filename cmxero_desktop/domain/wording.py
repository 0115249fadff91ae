"""The sentences that tell a person why a payment stands where it stands, and what to do about it."""

from collections.abc import Iterable
from datetime import date

from cmxero_desktop.domain.control_total import ControlTotal
from cmxero_desktop.domain.placements import MatchedHow, Reason
from cmxero_desktop.domain.records import CasePayment, Side, UnreadableRow, XeroPayment

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
}

SHORT = {
    Reason.NO_INVOICE: "Invoice not in Case Manager",
    Reason.CURRENCY: "Other currency",
    Reason.FUTURE_DATED: "Dated ahead",
    Reason.JOURNALLED: "Journalled - Xero changed",
    Reason.MULTI_INVOICE: "Part of a multi-invoice payment",
    Reason.CONTROL_TOTAL: "Xero's own total differs",
    Reason.NOTES_FULL: "Notes are full",
    Reason.UNREADABLE: "Could not be read",
}

NEXT_STEP = {
    Reason.NO_INVOICE: "Check the number in Xero; was the invoice deleted or renumbered?",
    Reason.CURRENCY: "Review by hand.",
    Reason.JOURNALLED: "Correct it in Case Manager with a refund or an adjustment.",
    Reason.MULTI_INVOICE: (
        "Compare the lines of the multi-invoice payment; if they are wrong, correct them in Case Manager."
    ),
    Reason.CONTROL_TOTAL: (
        "Nothing to do now: the invoice is read again at each check. If it stays, compare it in Xero."
    ),
    Reason.NOTES_FULL: "Shorten the Notes of this payment in Case Manager, then check Xero again.",
    Reason.UNREADABLE: "Correct the value named here, or contact support; the rest is unaffected.",
}


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


def near(xero: XeroPayment, copies: tuple[CasePayment, ...], number: str) -> str:
    """Explain an add that may double a payment entered by hand (R23)."""
    close = " and ".join(paid(copy) for copy in copies)
    return (
        f"Xero has {paid(xero)}. Case Manager has {close} on invoice {number}, entered by hand: "
        "close, but not equal, so this may be the same money."
    )


def twin(xero: XeroPayment, number: str) -> str:
    """Explain an add whose equal was matched (R25)."""
    return (
        f"Xero has {paid(xero)} on invoice {number} more than once; Case Manager has it fewer times. "
        "The others are matched, this one is left."
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


def remove(copy: CasePayment) -> str:
    """Explain a removal (R15)."""
    return f"The Xero payment that this copy names was deleted in Xero; Case Manager still has {paid(copy)}."


def remove_unknown(copy: CasePayment, *, names_id: bool) -> str:
    """Explain a removal of a copy without an original (R20)."""
    missing = (
        "names a payment that Xero does not know" if names_id else "is marked as imported, but names no Xero payment"
    )
    return f"The copy of {paid(copy)} {missing}, and all payments of this invoice in Xero are accounted for."


def manual_unmatched(copy: CasePayment) -> str:
    """Explain a payment that is only in Case Manager (R19)."""
    return f"Entered by hand: {paid(copy)}. Xero has no equal payment on this invoice. It is left undisturbed."


def imported_unmatched(copy: CasePayment, why: str) -> str:
    """Explain an imported copy that is left alone (R20)."""
    return f"Imported copy of {paid(copy)}: {why}. It is left undisturbed."


def no_invoice(number: str) -> str:
    """Explain NO_INVOICE (R4)."""
    return f"{number} was not found in Case Manager."


def other_currency(xero: XeroPayment, currency: str) -> str:
    """Explain CURRENCY (R6)."""
    return f"Paid in {xero.amount.currency}; the organisation's currency is {currency}."


def future_dated(xero: XeroPayment, today: date, limit: int) -> str:
    """Explain FUTURE_DATED (R13)."""
    ahead = (xero.paid_on - today).days
    return f"Dated {day(xero.paid_on)}, {ahead} days ahead. Your limit is {limit} days."


def comes_to_review(ready_on: date) -> str:
    """Say when a future-dated payment comes back by itself."""
    return f"Nothing to do: comes to Review on {day(ready_on)}."


def journalled(copy: CasePayment, xero: XeroPayment | None) -> str:
    """Explain JOURNALLED (R17, R20)."""
    journal = f"Journal {copy.journal_number}" if copy.journal_number else "A journal entry"
    if xero is None:
        now = "Xero has no payment for it"
    elif xero.is_live:
        now = f"Xero now shows {paid(xero)}"
    else:
        now = "Xero now shows 0.00 (deleted)"
    return f"{journal} locks this payment. {now}. Case Manager keeps {paid(copy)}."


def counterpart(xero: XeroPayment, copy: CasePayment) -> str:
    """Explain an add whose older half cannot be changed (R17, R18)."""
    why = "journalled" if copy.is_journalled else "part of a multi-invoice payment"
    return (
        f"Xero has {paid(xero)} in place of a deleted payment whose copy, {paid(copy)}, is {why} and stays. "
        "Both together would count the money twice."
    )


def multi_invoice(copy: CasePayment) -> str:
    """Explain MULTI_INVOICE (R18)."""
    return (
        f"{paid(copy)} is one part of a multi-invoice payment in Case Manager and equals no Xero payment. "
        "It cannot be changed for one invoice."
    )


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
    return f"The line that names the Xero payment does not fit in the Notes{used} (limit {limit} characters)."


def unreadable(row: UnreadableRow) -> str:
    """Explain UNREADABLE (R30)."""
    return f"{row.place}: {row.problem}"


def beside_unreadable(rows: Iterable[UnreadableRow]) -> str:
    """Explain why an invoice with an unreadable payment waits."""
    sides = " and ".join(sorted({"Xero" if row.side is Side.XERO else "Case Manager" for row in rows}))
    return f"Another payment of this invoice could not be read in {sides}, so this one could be there already."
