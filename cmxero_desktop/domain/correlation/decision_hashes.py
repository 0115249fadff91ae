"""Hash what a person decides about, so that a no or a release finds its proposal again at the next check (R31)."""

from cmxero_desktop.domain.correlation.sketches import Sketch, Sketched
from cmxero_desktop.domain.identifiers import Fingerprint
from cmxero_desktop.domain.proposals import MOST_NAMED, ProposalKind, beside_hash, decision_of


class DecisionHashes:
    """Hashes the decisions of one invoice; many leftovers are hashed once for all of its rows."""

    def __init__(self, sketched: Sketched) -> None:
        self._leftovers = tuple(m.payment for m in sketched.leftovers)
        # A row's own copy does not stand beside it.
        is_few = len(self._leftovers) <= MOST_NAMED + 1
        self._all = None if is_few else beside_hash(self._leftovers)

    def of(self, sketch: Sketch) -> Fingerprint:
        """Hash one decision; leftovers count only where money is entered or accepted beside them."""
        own = sketch.case.payment_id if sketch.case is not None else None
        has_beside = sketch.is_entry or sketch.kind is ProposalKind.ACCEPT
        beside = (p for p in self._leftovers if p.payment_id != own) if has_beside and self._all is None else ()
        return decision_of(
            sketch.kind,
            xero=(sketch.xero or sketch.original, *sketch.accepted),
            case=(sketch.case, *sketch.accepted_as),
            beside=tuple(beside),
            beside_all=self._all if has_beside else None,
        )


def removal_hash(sketch: Sketch) -> Fingerprint:
    """Hash the removal that a change stands in for: its hold or rejection is one of the change too (R16)."""
    return decision_of(ProposalKind.REMOVE, xero=(sketch.original,), case=(sketch.case,), beside=())
