"""What is not known of an invoice because a row of it could not be read; an older figure never speaks for it (R30)."""

from collections.abc import Iterable

from cmxero_desktop.domain import wording, wording_skipped
from cmxero_desktop.domain.debtor_causes import Cause
from cmxero_desktop.domain.debtor_parts import DebtorReason
from cmxero_desktop.domain.records import Side, UnreadableRow, XeroInvoice


def unknown_reasons(rows: Iterable[UnreadableRow], xero: XeroInvoice | None) -> tuple[DebtorReason, ...]:
    """Return a reason for each figure that these rows leave unknown; `xero` is the invoice as it could last be read.

    A payment of Xero leaves nothing unknown, since its invoice says what is due. One of Case Manager does, unless its
    amount could be made out.
    """
    rows = tuple(rows)
    of_xero = [row for row in rows if row.side is Side.XERO and row.is_invoice]
    here = [row for row in rows if row.side is Side.CASE_MANAGER and row.amount is None]
    found = []
    if of_xero:
        found.append(DebtorReason(Cause.DUE_UNKNOWN, None, (f"{_told(of_xero)}. {_last_known(xero)}",)))
    if here:
        found.append(DebtorReason(Cause.BALANCE_UNKNOWN, None, (_told(here),)))
    return tuple(found)


def _told(rows: Iterable[UnreadableRow]) -> str:
    """Say where they stand and what is wrong with them, without a full stop."""
    return "; ".join(wording_skipped.unreadable(row).rstrip(".") for row in rows)


def _last_known(xero: XeroInvoice | None) -> str:
    """Say how old the last figure is that could be read: it is no answer, but a person can look it up."""
    if xero is None:
        return "It could never be read"
    return f"The last one that could be read is of {wording.day(xero.updated_at.date())}: {xero.due} due"
