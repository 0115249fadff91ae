"""Hash what a person decides about, so that a no or a release finds its proposal again at the next check (R31)."""

from cmxero_desktop.domain.correlation.sketches import Sketch, Sketched
from cmxero_desktop.domain.identifiers import Fingerprint
from cmxero_desktop.domain.proposals import ProposalKind, decision_of


def decision_hash(sketch: Sketch, sketched: Sketched) -> Fingerprint:
    """Hash what a person decides about (R31); leftovers count only where money is entered or accepted beside them."""
    own = sketch.case.payment_id if sketch.case is not None else None
    has_beside = sketch.is_entry or sketch.kind is ProposalKind.ACCEPT
    return decision_of(
        sketch.kind,
        xero=(sketch.xero or sketch.original, *sketch.accepted),
        case=(sketch.case, *sketch.accepted_as),
        beside=tuple(m.payment for m in sketched.leftovers if m.payment.payment_id != own) if has_beside else (),
    )


def removal_hash(sketch: Sketch) -> Fingerprint:
    """Hash the removal that a change stands in for: its hold or rejection is one of the change too (R16)."""
    return decision_of(ProposalKind.REMOVE, xero=(sketch.original,), case=(sketch.case,), beside=())
