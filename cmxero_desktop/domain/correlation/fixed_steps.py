"""What to do about a payment that cannot be changed and does not agree with Xero: which entry makes up for it (R17)."""

from collections.abc import Collection
from dataclasses import dataclass

from cmxero_desktop.domain import wording_locked
from cmxero_desktop.domain.correlation.debtors import debtor_test
from cmxero_desktop.domain.correlation.matching import is_locked
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


def is_fixed_row(row: PlacedRow, copy: CasePayment, sketched: Sketched, policy: Policy) -> bool:
    """Say whether a row is about a payment that cannot be changed and agrees with nothing: skipped, or by hand.

    One of which a person said that it will be corrected has still to be.
    """
    said = sketched.snapshot.decisions.said_of(copy)
    is_by_hand = row.rule is Rule.R19 or (row.rule is Rule.R19A and said is Explained.TO_CORRECT)
    is_alone = row.bucket is Bucket.UNMATCHED and not row.sketch
    return row.reason in FIXED or (is_alone and is_by_hand and is_locked(copy, policy))


def step_of_fixed(row: PlacedRow, copy: CasePayment, sketched: Sketched, policy: Policy) -> FixedStep:
    """Say what to do about a row of JOURNALLED or MULTI_INVOICE, with the amount and the sign of what is to be typed.

    The entry bears the date of the day on which it is made: the payment's own may lie in what was reported.
    """
    live = _live(row)
    owed = too_much(copy, live)
    if not owed.minor:
        return FixedStep(wording_locked.ONLY_THE_DATE, owed)
    number = sketched.snapshot.case_invoice.number if sketched.snapshot.case_invoice is not None else ""
    has_credit = _has_credit(sketched)
    test = debtor_test(sketched, sketched.sketches, (), policy)
    if test.holds(policy):
        return FixedStep(wording_locked.made_up_for(owed), Money.zero(owed.currency))
    typed = _typed_by_now(sketched, test.gap, policy)
    if typed.is_all:
        return FixedStep(wording_locked.ALL_IS_TYPED, Money.zero(owed.currency))
    if not typed.amount.minor:
        return FixedStep(
            _step(row, copy, sketched, wording_locked.type_correction(owed, number, has_credit=has_credit)), owed
        )
    # Of several nobody knows for which of them it was typed.
    is_alone = len(_open_rows(sketched, policy)) == 1
    is_known = typed.is_known and is_alone
    rest = owed - typed.amount if is_known else owed
    step = _step(row, copy, sketched, wording_locked.type_correction(rest, number, has_credit=has_credit))
    said = (
        wording_locked.typed_by_now(typed.amount, is_alone=is_alone)
        if typed.is_known
        else wording_locked.typed_for_some(typed.amount)
    )
    return FixedStep(f"{said} {step}", rest if is_known else None)


def correction_of(lost: Collection[CasePayment], owed: Money, sketched: Sketched, policy: Policy) -> str:
    """Name the entry that makes up for locked payments, `owed` in all, as far as it was not typed yet (R17)."""
    number = sketched.snapshot.case_invoice.number if sketched.snapshot.case_invoice is not None else ""
    has_credit = _has_credit(sketched)
    test = debtor_test(sketched, sketched.sketches, (), policy)
    typed = _typed_by_now(sketched, test.gap, policy)
    if typed.is_all and not test.holds(policy):
        return wording_locked.ALL_IS_TYPED
    if not typed.amount.minor:
        return wording_locked.correction_on(owed, number, has_credit=has_credit)
    is_known = typed.is_known and {copy.payment_id for copy in lost} == {
        open_one.payment_id for _, open_one in _open_rows(sketched, policy)
    }
    if is_known and not typed.is_all:
        return wording_locked.rest_on(owed - typed.amount, typed.amount, number, has_credit=has_credit)
    to_type = wording_locked.correction_on(owed, number, has_credit=has_credit)
    return f"{to_type} {wording_locked.typed_for_some(typed.amount)}"


def _has_credit(sketched: Sketched) -> bool:
    """Say whether Xero credited anything on the invoice, so that an adjustment may mirror it."""
    xero = sketched.snapshot.xero_invoice
    return xero is not None and bool(xero.amount_credited.minor)


def _step(row: PlacedRow, copy: CasePayment, sketched: Sketched, entry: str) -> str:
    """Say when the entry is to be typed, and what else it may be."""
    live = _live(row)
    if live is not None:
        return wording_locked.differs_locked(entry)
    if row.reason is None:
        return wording_locked.never_known_by_hand(entry)
    if row.rule in SUPERFLUOUS:
        return wording_locked.superfluous_locked(entry)
    candidates = tuple(s.xero for s in sketched.additions if s.xero is not None)
    same = wording_locked.is_it_one_of(candidates) if candidates else ""
    is_never_known = row.reason is Reason.MULTI_INVOICE and row.xero is None
    rest = wording_locked.never_known_part(entry) if is_never_known else wording_locked.lost_locked(copy, entry)
    return f"{same} {rest}".strip()


def _open_rows(sketched: Sketched, policy: Policy) -> list[tuple[PlacedRow, CasePayment]]:
    """Return the payments that cannot be changed and of which nobody has said yet what they are."""
    said = sketched.snapshot.decisions.said_of
    rows = ((row, row.case) for row in sketched.rows if row.case is not None)
    fixed = ((row, copy) for row, copy in rows if is_fixed_row(row, copy, sketched, policy))
    return [(row, copy) for row, copy in fixed if row.reason in FIXED or said(copy) is not Explained.SET_ASIDE]


@dataclass(frozen=True, slots=True)
class _Typed:
    """What was typed for payments that cannot be changed: all that they need, or a part of it.

    `is_known` says that nothing else differs on the invoice; where something does, what was typed may be for that.
    """

    amount: Money
    is_known: bool = False
    is_all: bool = False


def _typed_by_now(sketched: Sketched, gap: int | None, policy: Policy) -> _Typed:
    """Return how much of what they count too much was typed already, and whether that is certain."""
    invoice, xero = sketched.snapshot.case_invoice, sketched.snapshot.xero_invoice
    if gap is None or invoice is None or xero is None:
        return _Typed(_money(0, policy))
    said = {each.case_id for each in sketched.explained if each.what is Explained.CORRECTED}
    open_rows = _open_rows(sketched, policy)
    each_owed = [too_much(copy, _live(row)).minor for row, copy in open_rows]
    owed = sum(each_owed)
    ours = {copy.payment_id for _, copy in open_rows}
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
        and row.case.payment_id not in explained | ours
    )
    entries = (invoice.refunds + invoice.adjustments).minor - settled
    # An adjustment may mirror a credit instead.
    mirrored = min(xero.amount_credited.minor, max(0, -invoice.adjustments.minor))
    found, part = (entries, entries + mirrored), owed + gap + strays
    if min(each_owed, default=0) < 0 < max(each_owed, default=0):
        # What counts too much and what counts too little make up for each other: no sum tells what was typed for which.
        return _Typed(_money(max(found, key=abs), policy))
    # Among adjustments that raise what is owed there may be one that mirrors all of it.
    if part in found or (invoice.adjustments.minor and part == entries + xero.amount_credited.minor):
        made_up = part if _is_toward(part, owed) else 0
        return _Typed(_money(made_up, policy), is_known=True, is_all=bool(owed) and abs(made_up) >= abs(owed))
    return _Typed(_money(max((typed for typed in found if _is_toward(typed, owed)), key=abs, default=0), policy))


def _money(minor: int, policy: Policy) -> Money:
    return Money.from_minor(minor, policy.currency)


def _is_toward(typed: int, owed: int) -> bool:
    return typed * owed > 0


def _live(row: PlacedRow) -> XeroPayment | None:
    return row.xero if row.xero is not None and row.xero.is_live else None


def too_much(copy: CasePayment, live: XeroPayment | None) -> Money:
    """Return what a copy counts too much; less than nothing where it counts too little."""
    return copy.amount - live.amount if live is not None else copy.amount
