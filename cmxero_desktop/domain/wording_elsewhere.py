"""What is said of money that may stand on another invoice, or under another number."""

from collections.abc import Iterable

from cmxero_desktop.domain.money import Money
from cmxero_desktop.domain.records import CaseInvoice, CasePayment, InvoiceSnapshot, XeroPayment
from cmxero_desktop.domain.wording import and_more, paid, several


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
    said = " and ".join((*(f"{paid(deleted)} on {number}" for deleted, number in lines), *and_more(more)))
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


def renumbered(number: str, now: str, case: CaseInvoice | None) -> str:
    """Explain `renumbered`, and say with which invoice of Case Manager it is compared meanwhile (R1)."""
    meanwhile = f" It is compared with Case Manager's invoice {case.number}." if case is not None else ""
    return f"{number} is called {now} in Xero now.{meanwhile}"


def number_shared(snapshot: InvoiceSnapshot) -> str:
    """Explain `number_shared` (R1)."""
    number = snapshot.case_invoice.number if snapshot.case_invoice is not None else ""
    return f"Invoice {number} of Case Manager may also be {' or '.join(snapshot.rivals)}."
