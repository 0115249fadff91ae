"""Judge a firm whole, and again without the invoices that are at rest, and say where the two differ."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from cmxero_desktop.domain.correlation.judging import judge
from cmxero_desktop.domain.correlation.judging_memo import Memo
from cmxero_desktop.domain.correlation.limiting import Limits
from cmxero_desktop.domain.correlation.resting import asked_by, asked_by_stray, is_at_rest, ties_of
from cmxero_desktop.domain.correlation.stray_payments import StrayPayment
from cmxero_desktop.domain.policy import Policy
from cmxero_desktop.domain.records import InvoiceSnapshot


@dataclass(frozen=True, slots=True)
class Compared:
    """How many invoices were at rest, how many of these were asked for all the same, and which numbers differ."""

    at_rest: int
    woken: int
    differing: tuple[str, ...]


def compare(
    snapshots: Sequence[InvoiceSnapshot],
    policy: Policy,
    today: date,
    *,
    strays: Collection[StrayPayment] = (),
    limits: Limits | None = None,
) -> Compared:
    """Judge all, then those alone that are not at rest or are asked for; whoever is left out stands as by itself."""
    memo = Memo()
    whole = judge(snapshots, policy, today, strays=strays, limits=limits, memo=memo)
    resting = {n for n, first in memo.first.items() if is_at_rest(first.sketched, first.claimed, policy)}
    asked = {tie for n, first in memo.first.items() if n not in resting for tie in asked_by(first.sketched, policy)}
    asked |= {tie for stray in strays for tie in asked_by_stray(stray, policy)}
    woken = {s.number for s in snapshots if s.number in resting and not asked.isdisjoint(ties_of(s))}
    board = [s for s in snapshots if s.number not in resting or s.number in woken]
    short = judge(board, policy, today, strays=strays, limits=limits)
    differing = [number for number, found in short.correlations.items() if found != whole.correlations[number]]
    for snapshot in snapshots:
        if snapshot.number in resting - woken:
            alone = judge([snapshot], policy, today).correlations[snapshot.number]
            if alone.proposals or alone != whole.correlations[snapshot.number]:
                differing.append(snapshot.number)
    if short.breach != whole.breach:
        differing.append("the removal limits")
    return Compared(len(resting), len(woken), tuple(differing))
