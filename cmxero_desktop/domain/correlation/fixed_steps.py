"""What to do about a payment that cannot be changed and does not agree with Xero: which entry makes up for it (R17)."""

from cmxero_desktop.domain import wording
from cmxero_desktop.domain.correlation.debtors import debtor_test
from cmxero_desktop.domain.correlation.sketches import PlacedRow, Sketched
from cmxero_desktop.domain.money import Money
from cmxero_desktop.domain.placements import Reason
from cmxero_desktop.domain.policy import Policy
from cmxero_desktop.domain.records import CasePayment, XeroPayment
from cmxero_desktop.domain.rules import Rule

FIXED = frozenset({Reason.JOURNALLED, Reason.MULTI_INVOICE})
SUPERFLUOUS = frozenset({Rule.R7, Rule.R20A})
"""The rules of a copy too many: no payment of Xero's, entered once more, is this one."""


def step_of_fixed(row: PlacedRow, copy: CasePayment, sketched: Sketched, policy: Policy) -> str:
    """Say what to do about a row of JOURNALLED or MULTI_INVOICE, with the amount and the sign of what is to be typed.

    The entry bears the date of the day on which it is made: the payment's own may lie in what was reported.
    """
    live = row.xero if row.xero is not None and row.xero.is_live else None
    owed = too_much(copy, live)
    if not owed.minor:
        return wording.ONLY_THE_DATE
    number = sketched.snapshot.case_invoice.number if sketched.snapshot.case_invoice is not None else ""
    if debtor_test(sketched, sketched.sketches, (), policy).holds(policy):
        return wording.made_up_for(owed)
    entry = wording.type_correction(owed, number)
    if live is not None:
        return wording.differs_locked(entry)
    if row.rule in SUPERFLUOUS:
        return wording.superfluous_locked(entry)
    candidates = tuple(s.xero for s in sketched.additions if s.xero is not None)
    same = wording.is_it_one_of(candidates) if candidates else ""
    is_never_known = row.reason is Reason.MULTI_INVOICE and row.xero is None
    rest = wording.never_known_part(entry) if is_never_known else wording.lost_locked(copy, entry)
    return f"{same} {rest}".strip()


def too_much(copy: CasePayment, live: XeroPayment | None) -> Money:
    """Return what a copy counts too much; less than nothing where it counts too little."""
    return copy.amount - live.amount if live is not None else copy.amount
