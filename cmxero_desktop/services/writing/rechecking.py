"""Check inside Case Manager's transaction whether approved proposals are still what was approved (R24, R30)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from cmxero_desktop.domain.correlation.balance import balance_of, proposal_order, would_overpay
from cmxero_desktop.domain.correlation.correlate import correlate
from cmxero_desktop.domain.decisions import Action, Situation, may
from cmxero_desktop.domain.freshness import DataAge
from cmxero_desktop.domain.identifiers import Fingerprint
from cmxero_desktop.domain.people import Person
from cmxero_desktop.domain.proposals import Proposal
from cmxero_desktop.domain.refusals import Refused, Why
from cmxero_desktop.domain.scope import folded
from cmxero_desktop.services.correlation.moment import Moment
from cmxero_desktop.services.correlation.snapshots import Known, named_ids, side_for, snapshot_of
from cmxero_desktop.services.ports.store import Store
from cmxero_desktop.services.records.decisions import StoredProposal
from cmxero_desktop.services.records.readings import CaseInvoiceSide, CaseReading

# Who applies, the mode and the age of the data were judged when applying began.
_ANYBODY = Person("")
_ASKED_BEFORE = Situation(may_write=True, age=DataAge.FRESH)


@dataclass(frozen=True, slots=True)
class Rechecked:
    """Which approved proposals still hold, which are stale, and which cannot be written now, with the reason."""

    true: tuple[StoredProposal, ...]
    stale: tuple[StoredProposal, ...]
    blocked: Mapping[Fingerprint, str]


def recheck(
    store: Store,
    known: Known,
    side: CaseInvoiceSide | None,
    approved: Sequence[StoredProposal],
    moment: Moment,
    *,
    doubts: Mapping[Fingerprint, str],
) -> Rechecked:
    """Correlate the locked invoice once more with what is `known` of Xero, and compare fingerprints.

    `doubts` are reasons, by fingerprint, why the Xero side of a proposal could not be confirmed (R21). What still
    holds is returned in the order in which it uses the balance (R24).
    """
    blocked = {**doubts, **_taken_back(store, approved)}
    free = [p for p in approved if p.fingerprint not in blocked]
    current = _current(store, known, side, approved[0].proposal.invoice_number, moment)
    stale = tuple(p for p in free if p.fingerprint not in current)
    true = sorted((p for p in free if p.fingerprint in current), key=lambda p: proposal_order(p.proposal))
    if side is None or not true:
        return Rechecked((), stale, blocked)
    blocked |= _overpaying(side, [current[p.fingerprint] for p in true])
    return Rechecked(tuple(p for p in true if p.fingerprint not in blocked), stale, blocked)


def _taken_back(store: Store, approved: Sequence[StoredProposal]) -> dict[Fingerprint, str]:
    """Return those that somebody decided otherwise about since, or that a removal limit holds by now (R27)."""
    with store.read() as unit:
        present = unit.proposals.by_fingerprint([p.fingerprint for p in approved])
    found = {fingerprint: _why_taken_back(stored) for fingerprint, stored in present.items()}
    return {fingerprint: why for fingerprint, why in found.items() if why}


def _why_taken_back(stored: StoredProposal) -> str:
    (answer,) = may(Action.APPLY, [stored], _ANYBODY, _ASKED_BEFORE).rows
    if not isinstance(answer, Refused):
        return ""
    return str(answer) if answer.why is Why.OVER_LIMIT else f"{answer.reason} Someone else was faster."


def _current(
    store: Store, known: Known, side: CaseInvoiceSide | None, number: str, moment: Moment
) -> Mapping[Fingerprint, Proposal]:
    """Return what correlation proposes at this moment, by fingerprint."""
    with store.read() as unit:
        named = named_ids(side, moment.policy)
        elsewhere = {folded(i): p for i, p in unit.facts.payments_by_id(named).items()} if named else {}
    xero = known.sides.get(number)
    if xero is None or side is None:
        return {}
    # The key may belong to another invoice by now, or its invoice may have got another number.
    if side_for(xero, CaseReading(sides={side.invoice.number: side}), known.numbers, moment.policy) is None:
        return {}
    snapshot = snapshot_of(xero, side, known, elsewhere, moment.policy, moment.as_of)
    return {p.fingerprint: p for p in correlate(snapshot, moment.policy, moment.today).proposals}


def _overpaying(side: CaseInvoiceSide, proposals: Iterable[Proposal]) -> dict[Fingerprint, str]:
    """Return those that would overpay the invoice when only these are written, in the order of R24."""
    running = balance_of(side.invoice, side.payments)
    blocked: dict[Fingerprint, str] = {}
    for proposal in sorted(proposals, key=proposal_order):
        if would_overpay(running, proposal.effect):
            blocked[proposal.fingerprint] = (
                f"It would overpay the invoice: the balance is {running} now. "
                "Approve first what lowers the payments of this invoice, or correct the invoice."
            )
        else:
            running -= proposal.effect
    return blocked
