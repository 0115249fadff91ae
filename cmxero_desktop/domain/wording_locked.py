"""What is said of a payment that is locked in Case Manager, and of what is typed to make up for it."""

from collections.abc import Iterable
from datetime import date

from cmxero_desktop.domain.money import Money
from cmxero_desktop.domain.records import CasePayment, XeroPayment
from cmxero_desktop.domain.wording import on_day, paid, several


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
    return f"Xero now shows {paid(xero)}" if xero.is_live else f"Xero now shows 0.00 (deleted{on_day(deleted_on)})"


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
