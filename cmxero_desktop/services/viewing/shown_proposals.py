"""The proposals about which a person may still decide something, as rows and as what decisions depend on."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType

from cmxero_desktop.domain.acts import Company
from cmxero_desktop.domain.decisions import SETTLED_STATES
from cmxero_desktop.domain.desk_notes import DeskNote, notes_on, payments_of_proposal
from cmxero_desktop.domain.identifiers import CaseInvoiceId, Fingerprint, ProposalId
from cmxero_desktop.domain.proposals import DECLINED_STATES, OPEN_STATES, Proposal, ProposalState
from cmxero_desktop.services.records.decisions import StoredProposal
from cmxero_desktop.services.viewing.desk_view import OtherInvoice, ReviewRow
from cmxero_desktop.services.viewing.piles import Concerned, Pile
from cmxero_desktop.services.viewing.shown_results import ShownResults

SHOWN_STATES = OPEN_STATES | DECLINED_STATES | {ProposalState.APPLIED}


class ShownProposals:
    """All of them, the rows of those that wait or were rejected, and the company that they are."""

    def __init__(self) -> None:
        """Begin without any."""
        self.by_fingerprint: dict[Fingerprint, StoredProposal] = {}
        self.by_id: dict[str, StoredProposal] = {}
        self.waiting: Pile[ReviewRow] = Pile()
        self.rejected: Pile[ReviewRow] = Pile()
        self._of_invoice: dict[str, tuple[Fingerprint, ...]] = {}
        self._near: Concerned[CaseInvoiceId] = Concerned()
        self._company: dict[ProposalId, Proposal] = {}
        self._settled: set[ProposalId] = set()
        self._moves: dict[str, frozenset[ProposalId]] = {}

    def put(self, number: str, now: Sequence[StoredProposal]) -> set[Fingerprint]:
        """Let these be all proposals of an invoice; return those that are another by it. `place` makes their rows."""
        before = {f: self.by_fingerprint[f] for f in self._of_invoice.pop(number, ()) if f in self.by_fingerprint}
        found = {stored.fingerprint: stored for stored in now}
        changed = {f for f in before.keys() | found.keys() if before.get(f) != found.get(f)}
        for fingerprint in changed:
            # One whose invoice has another number by now may have come with that already.
            if fingerprint in before and self.by_fingerprint[fingerprint].proposal.invoice_number == number:
                self._take_out(before[fingerprint])
            if fingerprint in found:
                self._put_in(found[fingerprint])
        if found:
            self._of_invoice[number] = tuple(found)
        return changed

    def place(
        self,
        fingerprint: Fingerprint,
        results: ShownResults,
        noted: Mapping[str, Collection[DeskNote]] = MappingProxyType({}),
    ) -> None:
        """Make the row of a proposal, with the invoices that it speaks of and what was noted on its payments.

        `noted` are the notes of each invoice, by CM number.
        """
        stored = self.by_fingerprint.get(fingerprint)
        if stored is None:
            return
        on_invoice = noted.get(stored.proposal.invoice_number, ())
        row = ReviewRow(
            stored=stored,
            result=results.by_number.get(stored.proposal.invoice_number),
            elsewhere=tuple(_elsewhere(stored, results)),
            notes=notes_on(on_invoice, payments_of_proposal(stored.proposal)) if on_invoice else (),
        )
        if stored.state in OPEN_STATES:
            self.waiting.put(_place(stored), [row])
        elif stored.state is ProposalState.REJECTED:
            self.rejected.put(_place(stored), [row])

    def of_invoice(self, number: str) -> Collection[Fingerprint]:
        """Return the proposals of an invoice."""
        return self._of_invoice.get(number, ())

    def near(self, keys: Iterable[CaseInvoiceId]) -> Iterator[Fingerprint]:
        """Yield the proposals that speak of payments on these invoices of Case Manager's."""
        return (Fingerprint(found) for key in keys for found in self._near.by(key))

    @property
    def company(self) -> Company:
        """The rows that others are right only with."""
        return Company(dict(self._company), frozenset(self._settled), dict(self._moves))

    def _take_out(self, stored: StoredProposal) -> None:
        self._near.move(stored.fingerprint, _near_of(stored), ())
        for pile in (self.waiting, self.rejected):
            pile.put(_place(stored), ())
        row_id, move = stored.proposal_id, stored.proposal.move_id
        del self.by_fingerprint[stored.fingerprint], self.by_id[row_id], self._company[row_id]
        self._settled.discard(row_id)
        if move:
            self._moves[move] -= {row_id}
            if not self._moves[move]:
                del self._moves[move]

    def _put_in(self, stored: StoredProposal) -> None:
        if (before := self.by_fingerprint.get(stored.fingerprint)) is not None:
            self._take_out(before)
        self._near.move(stored.fingerprint, (), _near_of(stored))
        row_id, move = stored.proposal_id, stored.proposal.move_id
        self.by_fingerprint[stored.fingerprint] = self.by_id[row_id] = stored
        self._company[row_id] = stored.proposal
        if stored.state in SETTLED_STATES:
            self._settled.add(row_id)
        if move:
            self._moves[move] = self._moves.get(move, frozenset()) | {row_id}


def _near_of(stored: StoredProposal) -> Collection[CaseInvoiceId]:
    """Return each other invoice once on which a payment stands that a flag speaks of."""
    proposal = stored.proposal
    return dict.fromkeys(p.invoice_id for p in proposal.near if p.invoice_id != proposal.case_invoice_id)


def _elsewhere(stored: StoredProposal, results: ShownResults) -> Iterator[OtherInvoice]:
    for key in _near_of(stored):
        home = results.home(key)
        if home is not None and home.snapshot.case_invoice is not None:
            yield OtherInvoice(invoice_id=key, number=home.snapshot.number, bill_to=home.snapshot.case_invoice.bill_to)


def _place(stored: StoredProposal) -> tuple[str, int, datetime, Fingerprint]:
    """Place a row among the others: what needs another one's room stands below it."""
    proposal = stored.proposal
    return proposal.invoice_number, len(proposal.depends_on), stored.first_seen_at, stored.fingerprint
