"""Leave out of lists and proposals what is older than the start, unless something happened to it since (R5)."""

from dataclasses import replace
from datetime import date, datetime

from cmxero_desktop.domain.correlation.sketches import PlacedRow, Sketch, Sketched
from cmxero_desktop.domain.placements import Bucket
from cmxero_desktop.domain.policy import Policy
from cmxero_desktop.domain.rules import Rule
from cmxero_desktop.domain.scope import folded

# Never hidden: they hold back what is proposed beside them, and a person must be able to see and settle them.
_ALWAYS = frozenset({Rule.R20A, Rule.R7})


def without_old_rows(sketched: Sketched, policy: Policy) -> Sketched:
    """Set the old rows apart, with what they would propose; they stay leftovers and keep their place in the sums."""
    start, since = policy.start_date, policy.since
    if start is None or since is None:
        return sketched
    by_key = {s.key: s for s in sketched.sketches}
    old = {id(row) for row in sketched.rows if _is_old(row, start, since, sketched, by_key.get(row.sketch))}
    hidden_sketches = {row.sketch for row in sketched.rows if row.sketch and id(row) in old}
    shown_sketches = {row.sketch for row in sketched.rows if row.sketch and id(row) not in old}
    gone = hidden_sketches - shown_sketches
    hidden = tuple(row for row in sketched.rows if (row.sketch in gone if row.sketch else id(row) in old))
    is_hidden = {id(row) for row in hidden}
    return replace(
        sketched,
        rows=tuple(row for row in sketched.rows if id(row) not in is_hidden),
        hidden=hidden,
        sketches=tuple(s for s in sketched.sketches if s.key not in gone),
    )


def _is_old(row: PlacedRow, start: date, since: datetime, sketched: Sketched, sketch: Sketch | None) -> bool:
    payments = [p for p in (row.xero, row.case) if p is not None]
    if not payments or (row.rule in _ALWAYS and row.bucket is not Bucket.MATCHED):
        return False
    if any(p.paid_on >= start for p in payments):
        return False
    return row.bucket is Bucket.MATCHED or not _has_happened(row, since, sketched, sketch)


def _has_happened(row: PlacedRow, since: datetime, sketched: Sketched, sketch: Sketch | None) -> bool:
    """Say whether Xero's payment was first applied, deleted or replaced since the start.

    What had its equal when both sides were compared first was there already: a bank reconciliation moves Xero's time.
    """
    baseline = sketched.snapshot.decisions.baseline
    original = sketch.original if sketch is not None else None
    for payment in (row.xero, sketch.xero if sketch is not None else None, original):
        if payment is None or (payment.is_live and folded(payment.payment_id) in baseline):
            continue
        if (payment.entered_at if payment.is_live else payment.updated_at) >= since:
            return True
    return False
