"""Put together what one transaction must write as a whole: an invoice's rows, and both halves of a move (R16b)."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from cmxero_desktop.domain.identifiers import Fingerprint
from cmxero_desktop.domain.move_ids import is_circle, rows_of_move
from cmxero_desktop.services.records.decisions import StoredProposal

_HALF = "The other half of this move is not written with it: approve both halves together."

_PART = "Another part of this move is not written with it: approve all its parts together."


def together(approved: Iterable[StoredProposal]) -> list[list[StoredProposal]]:
    """Return the proposals of each transaction: those of one invoice, or of all invoices that moves join."""
    invoices: dict[str, list[StoredProposal]] = defaultdict(list)
    for stored in approved:
        invoices[stored.proposal.invoice_number].append(stored)
    homes = {number: number for number in invoices}
    moves: dict[str, str] = {}
    for number, group in invoices.items():
        for move_id in {stored.proposal.move_id for stored in group} - {""}:
            joined, own = homes[moves.setdefault(move_id, number)], homes[number]
            homes = {n: joined if home == own else home for n, home in homes.items()}
    transactions: dict[str, list[StoredProposal]] = defaultdict(list)
    for number, group in invoices.items():
        transactions[homes[number]] += group
    return list(transactions.values())


def lone_halves(written: Sequence[StoredProposal]) -> dict[Fingerprint, str]:
    """Return the rows of moves of which not every row is among what is written, each with the reason."""
    halves: dict[str, list[StoredProposal]] = defaultdict(list)
    for stored in written:
        if stored.proposal.move_id:
            halves[stored.proposal.move_id].append(stored)
    return {
        stored.fingerprint: _PART if is_circle(name) else _HALF
        for name, group in halves.items()
        if len(group) < rows_of_move(name)
        for stored in group
    }
