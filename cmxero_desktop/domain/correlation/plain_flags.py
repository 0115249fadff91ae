"""Flag what one invoice alone shows: accounts, dates, schedules, numbers, second copies, twins (R1 to R5, R25, R33)."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from cmxero_desktop.domain.accounts import is_not_bank
from cmxero_desktop.domain.correlation.sketches import Sketch
from cmxero_desktop.domain.policy import Policy
from cmxero_desktop.domain.proposals import Flag, ProposalKind
from cmxero_desktop.domain.records import InvoiceSnapshot, XeroPayment
from cmxero_desktop.domain.rules import Rule
from cmxero_desktop.domain.scope import is_instalment, xero_order


def with_plain_flags(
    sketch: Sketch, snapshot: InvoiceSnapshot, policy: Policy, *, is_under_sor: bool, is_copied_twice: bool
) -> Sketch:
    """Add the flags that need no other invoice and no other proposal."""
    tests = {
        Flag.NOT_BANK: sketch.is_entry and sketch.xero is not None and is_not_bank(sketch.xero, policy),
        Flag.BEFORE_START: _is_before_start(sketch, policy),
        Flag.CLOSED_PERIOD: closed_by(sketch, policy) is not None,
        Flag.SOR: is_under_sor and not _is_instalments_own(sketch, policy),
        Flag.RENUMBERED: bool(snapshot.renumbered_to),
        Flag.NUMBER_SHARED: snapshot.is_number_shared,
        Flag.COPIED_TWICE: sketch.is_entry and is_copied_twice,
    }
    return replace(sketch, flags=sketch.flags | {flag for flag, holds in tests.items() if holds})


def with_twins(sketches: Iterable[Sketch], paired: Iterable[XeroPayment], policy: Policy) -> tuple[Sketch, ...]:
    """Flag what was entered more often in Xero than it was matched, or may have been entered twice (R25)."""
    seen = {(p.amount, p.paid_on.toordinal()) for p in paired}
    judged = []
    for sketch in sorted(sketches, key=lambda s: xero_order(s.xero) if s.xero is not None else (date.min, "")):
        xero, flags = sketch.xero, sketch.flags
        if xero is not None and sketch.is_entry and sketch.rule is not Rule.R14:
            day = xero.paid_on.toordinal()
            near = range(day - policy.edit_days, day + policy.edit_days + 1)
            if any((xero.amount, other) in seen for other in near):
                flags |= {Flag.TWIN}
            seen.add((xero.amount, day))
        judged.append(replace(sketch, flags=flags))
    return tuple(judged)


def closed_by(sketch: Sketch, policy: Policy) -> tuple[str, date] | None:
    """Name the closed period that a date of the proposal lies in, before or after, or None (R33); links never."""
    if sketch.kind in {ProposalKind.LINK, ProposalKind.ACCEPT}:
        return None
    earliest = min(_dates(sketch))
    locks = policy.locks
    ends = (
        ("Xero's period lock", locks.period),
        ("the end of year", locks.year_end),
        ("the lodged period", locks.lodged),
    )
    return next(((name, end) for name, end in ends if end is not None and earliest <= end), None)


def _dates(sketch: Sketch) -> Iterable[date]:
    if sketch.case is not None:
        yield sketch.case.paid_on
    if sketch.after is not None:
        yield sketch.after.paid_on


def _is_before_start(sketch: Sketch, policy: Policy) -> bool:
    start = policy.start_date
    return start is not None and any(day < start for day in _dates(sketch))


def _is_instalments_own(sketch: Sketch, policy: Policy) -> bool:
    """Say whether the proposal is about an instalment of the schedule itself (S2, S10)."""
    payment = sketch.xero or sketch.original
    return payment is not None and is_instalment(payment, policy)
