"""What belongs into one approval: the halves of a move, a deleted batch's removals, what depends on what (R26)."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from cmxero_desktop.domain.identifiers import ProposalId
from cmxero_desktop.domain.move_ids import is_circle, rows_of_move
from cmxero_desktop.domain.proposals import Proposal, ProposalKind
from cmxero_desktop.domain.refusals import Refused, Why, refused
from cmxero_desktop.domain.wording import day

NOUNS: Mapping[ProposalKind, str] = {
    ProposalKind.ADD: "addition",
    ProposalKind.LINK: "link",
    ProposalKind.CHANGE: "change",
    ProposalKind.REMOVE: "removal",
    ProposalKind.ACCEPT: "acceptance",
}


@dataclass(frozen=True, slots=True)
class Company:
    """The rows that others are right only with: all that are not gone, by id, and which of them were said yes to.

    `settled` are approved, being written or applied (R24b); `moves` are the rows of each move, by its id (R16b).
    """

    rows: Mapping[ProposalId, Proposal] = field(default_factory=dict)
    settled: frozenset[ProposalId] = frozenset()
    moves: Mapping[str, frozenset[ProposalId]] = field(default_factory=dict)

    def rest_of(self, proposal: Proposal) -> tuple[Proposal, ...]:
        """Return the rows that belong to this one's move: the other half, or all others of a circle."""
        ids = sorted(self.moves.get(proposal.move_id, frozenset()) - {proposal.proposal_id})
        return tuple(self.rows[row_id] for row_id in ids)


def company(rows: Iterable[Proposal], settled: Collection[ProposalId]) -> Company:
    """Put the company together from all rows that are not gone."""
    by_id = {proposal.proposal_id: proposal for proposal in rows}
    moves: dict[str, set[ProposalId]] = {}
    for row_id, proposal in by_id.items():
        if proposal.move_id:
            moves.setdefault(proposal.move_id, set()).add(row_id)
    return Company(by_id, frozenset(settled), {move: frozenset(ids) for move, ids in moves.items()})


def is_one_whole(proposals: Sequence[Proposal]) -> bool:
    """Say whether several rows, two or more, are approved in one act although none of them goes in bulk (R26)."""
    moves = {proposal.move_id for proposal in proposals}
    return (len(moves) == 1 and "" not in moves) or is_deleted_batch(proposals)


def is_deleted_batch(proposals: Sequence[Proposal]) -> bool:
    """Say whether these are removals of payments that Xero deleted with one batch."""
    return len({deleted_batch(proposal) for proposal in proposals} - {""}) == 1 and all(map(deleted_batch, proposals))


def deleted_batch(proposal: Proposal) -> str:
    """Return the batch with which Xero deleted what a removal follows, or nothing."""
    original = proposal.replaced
    is_deleted = proposal.kind is ProposalKind.REMOVE and original is not None and not original.is_live
    return original.batch_payment_id if original is not None and is_deleted else ""


def lacking(proposal: Proposal, there: Collection[ProposalId], known: Company) -> Refused | None:
    """Return why a row cannot be approved with no others than those `there`: it is right only with them."""
    if proposal.move_id:
        rest, is_one_of_many = known.rest_of(proposal), is_circle(proposal.move_id)
        if len(rest) + 1 < rows_of_move(proposal.move_id):
            return refused(Why.PART_GONE if is_one_of_many else Why.HALF_GONE)
        lacking_rows = [f"{other.proposal_id}, {_words(other)}" for other in rest if other.proposal_id not in there]
        if lacking_rows:
            return refused(Why.ALL_PARTS if is_one_of_many else Why.BOTH_HALVES, "; ".join(lacking_rows))
    missing = [other for other in proposal.depends_on if other not in there]
    return refused(Why.DEPENDS, " and ".join(_called(other, known) for other in missing)) if missing else None


def _called(row_id: ProposalId, known: Company) -> str:
    row = known.rows.get(row_id)
    return f"{row_id}, {_words(row)}," if row is not None else row_id


def _words(proposal: Proposal) -> str:
    return f"the {NOUNS[proposal.kind]} of {proposal.amount} dated {day(proposal.paid_on)} on {proposal.invoice_number}"
