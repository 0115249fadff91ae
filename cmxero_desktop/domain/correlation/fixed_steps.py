"""What to do about a payment that cannot be changed and does not agree with Xero: which entry makes up for it (R17)."""

from dataclasses import dataclass

from cmxero_desktop.domain import wording
from cmxero_desktop.domain.correlation.debtors import debtor_test
from cmxero_desktop.domain.correlation.sketches import PlacedRow, Sketched
from cmxero_desktop.domain.memory import Explained
from cmxero_desktop.domain.money import Money
from cmxero_desktop.domain.placements import Bucket, Reason
from cmxero_desktop.domain.policy import Policy
from cmxero_desktop.domain.records import CasePayment, XeroPayment
from cmxero_desktop.domain.rules import Rule

FIXED = frozenset({Reason.JOURNALLED, Reason.MULTI_INVOICE})
SUPERFLUOUS = frozenset({Rule.R7, Rule.R20A})
"""The rules of a copy too many: no payment of Xero's, entered once more, is this one."""


@dataclass(frozen=True, slots=True)
class FixedStep:
    """What is to be done, in words, and what is still to be typed: None where nobody knows what was typed for which."""

    said: str
    to_type: Money | None


def step_of_fixed(row: PlacedRow, copy: CasePayment, sketched: Sketched, policy: Policy) -> FixedStep:
    """Say what to do about a row of JOURNALLED or MULTI_INVOICE, with the amount and the sign of what is to be typed.

    The entry bears the date of the day on which it is made: the payment's own may lie in what was reported.
    """
    live = _live(row)
    owed = too_much(copy, live)
    if not owed.minor:
        return FixedStep(wording.ONLY_THE_DATE, owed)
    number = sketched.snapshot.case_invoice.number if sketched.snapshot.case_invoice is not None else ""
    test = debtor_test(sketched, sketched.sketches, (), policy)
    if test.holds(policy):
        return FixedStep(wording.made_up_for(owed), Money.zero(owed.currency))
    typed = _typed_by_now(sketched, test.gap, policy)
    if not typed.minor:
        return FixedStep(_step(row, copy, sketched, wording.type_correction(owed, number)), owed)
    # Of several nobody knows for which of them it was typed.
    is_alone = len(_open_rows(sketched)) == 1
    rest = owed - typed if is_alone else owed
    step = _step(row, copy, sketched, wording.type_correction(rest, number))
    return FixedStep(f"{wording.typed_by_now(typed, is_alone=is_alone)} {step}", rest if is_alone else None)


def _step(row: PlacedRow, copy: CasePayment, sketched: Sketched, entry: str) -> str:
    """Say when the entry is to be typed, and what else it may be."""
    live = _live(row)
    if live is not None:
        return wording.differs_locked(entry)
    if row.rule in SUPERFLUOUS:
        return wording.superfluous_locked(entry)
    candidates = tuple(s.xero for s in sketched.additions if s.xero is not None)
    same = wording.is_it_one_of(candidates) if candidates else ""
    is_never_known = row.reason is Reason.MULTI_INVOICE and row.xero is None
    rest = wording.never_known_part(entry) if is_never_known else wording.lost_locked(copy, entry)
    return f"{same} {rest}".strip()


def _open_rows(sketched: Sketched) -> list[tuple[PlacedRow, CasePayment]]:
    """Return the payments that cannot be changed and of which nobody has said yet that they were corrected."""
    return [(row, row.case) for row in sketched.rows if row.reason in FIXED and row.case is not None]


def _typed_by_now(sketched: Sketched, gap: int | None, policy: Policy) -> Money:
    """Return how much of what they count too much was typed already, where it is clear that nothing else differs."""
    invoice = sketched.snapshot.case_invoice
    if gap is None or invoice is None:
        return Money.zero(policy.currency)
    said = {each.case_id for each in sketched.explained if each.what is Explained.CORRECTED}
    owed = sum(too_much(copy, _live(row)).minor for row, copy in _open_rows(sketched))
    settled = sum(
        too_much(row.case, _live(row)).minor
        for row in sketched.rows
        if row.case is not None and row.case.payment_id in said and row.reason not in FIXED
    )
    # What else stands here alone is no part of it.
    explained = {each.case_id for each in sketched.explained}
    strays = sum(
        row.case.amount.minor
        for row in sketched.rows
        if row.bucket is Bucket.UNMATCHED
        and row.case is not None
        and not row.sketch
        and row.case.payment_id not in explained
    )
    part = owed + gap + strays
    is_clear = part == (invoice.refunds + invoice.adjustments).minor - settled
    is_part = min(0, owed) < part < max(0, owed)
    return Money.from_minor(part if is_clear and is_part else 0, policy.currency)


def _live(row: PlacedRow) -> XeroPayment | None:
    return row.xero if row.xero is not None and row.xero.is_live else None


def too_much(copy: CasePayment, live: XeroPayment | None) -> Money:
    """Return what a copy counts too much; less than nothing where it counts too little."""
    return copy.amount - live.amount if live is not None else copy.amount
