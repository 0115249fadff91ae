"""Read Xero again before it is written by: by id, and once that is too long ago, what has changed since (R21, R30).

A batch may take minutes, and a computer may sleep in the middle of one. Time is told by a clock that nobody sets and
that goes on while the computer sleeps; where it and the clock on the wall disagree, nobody knows, so Xero is read.
"""

from collections.abc import Collection, Iterable, Sequence
from itertools import chain

from cmxero_desktop.domain.errors import CaseManagerError
from cmxero_desktop.domain.freshness import OVERLAP, READ_AGAIN_AFTER, TimeOfReading
from cmxero_desktop.domain.identifiers import Fingerprint, XeroInvoiceId, XeroPaymentId
from cmxero_desktop.domain.notes import read_mark
from cmxero_desktop.domain.proposals import ProposalKind
from cmxero_desktop.domain.records import UnreadableRow
from cmxero_desktop.domain.scope import folded, is_customer_payment
from cmxero_desktop.services.correlation.doubting import is_doubtful, read_invoices_again
from cmxero_desktop.services.correlation.moment import Moment
from cmxero_desktop.services.correlation.snapshots import read_known
from cmxero_desktop.services.ports.outside import Outside
from cmxero_desktop.services.ports.store import UnitOfWork
from cmxero_desktop.services.records.decisions import StoredProposal
from cmxero_desktop.services.records.readings import InvoicesPage, PaymentsById, PaymentsPage

_UNCONFIRMED = "Xero's answer about this invoice could not be read, so nothing was written; approve it again later."
LATE = "Too much time went by between reading Xero and saving: this computer slept, or Xero made us wait."


class XeroAgain:
    """What one apply knows of Xero, and when it was read.

    `doubts` are reasons, by fingerprint, why a proposal's side of Xero could not be confirmed (R21).
    """

    def __init__(self, outside: Outside, moment: Moment) -> None:
        """Keep the ports; nothing is read yet."""
        self._outside = outside
        self._moment = moment
        self._read_at = self._now()
        self.doubts: dict[Fingerprint, str] = {}

    @property
    def is_late(self) -> bool:
        """Whether what was read is too old to write by."""
        return self._read_at.is_late(self._now())

    @property
    def is_due(self) -> bool:
        """Whether what was read is too old to begin another write by: it must last until the commit."""
        return self._read_at.is_late(self._now(), READ_AGAIN_AFTER)

    def demand_fresh(self) -> None:
        """Raise CaseManagerError where the reading has grown too old while we wrote: the last word before a commit."""
        if self.is_late:
            raise CaseManagerError(LATE, "Nothing was written. Check Xero, then approve it again.")

    def read(self, approved: Sequence[StoredProposal]) -> None:
        """Read by id every payment and invoice that the proposals rest on; what is not answered for is doubtful."""
        self._read_at = self._now()
        payments = self._outside.xero.payments_by_id(_payment_ids(approved))
        asked = {stored.proposal.xero_invoice_id for stored in approved}
        invoices = self._outside.xero.invoices_by_id(sorted(asked))
        with self._outside.store.begin() as unit:
            _keep(unit, payments)
            unit.facts.save_invoices(invoices.invoices, invoices.as_of)
            unit.gaps.save_unreadable(invoices.unreadable)
            unit.commit()
        self._read_doubtful(approved)
        self._doubt(approved, asked - {invoice.invoice_id for invoice in invoices.invoices})

    def refresh(self, left: Sequence[StoredProposal]) -> bool:
        """Read what has changed since the last check, in one call for each list, and by id only what is to be removed.

        `left` is everything that is still to be written. Returns whether anything differs from before. Where there is
        no such check, or Xero's clock stands before it, everything is read by id. What comes is stored, but no cursor
        moves: that is for the check, which reads all of it.
        """
        with self._outside.store.read() as unit:
            cursors, tracked = unit.polling.state().cursors, frozenset(unit.facts.tracked())
        if cursors.invoices is None or cursors.payments is None:
            self.read(left)
            return True
        self._read_at = self._now()
        changed, unreadable = 0, list[UnreadableRow]()
        pages: Iterable[InvoicesPage | PaymentsPage] = chain(
            self._outside.xero.changed_invoices(cursors.invoices - OVERLAP),
            self._outside.xero.changed_payments(cursors.payments - OVERLAP),
        )
        for page in pages:
            if page.as_of is not None and page.as_of < min(cursors.invoices, cursors.payments) - OVERLAP:
                self.read(left)
                return True
            changed += self._stored(page, tracked)
            unreadable += page.unreadable
        removals = _payment_ids(p for p in left if p.proposal.kind is ProposalKind.REMOVE)
        if removals:
            answer = self._outside.xero.payments_by_id(removals)
            with self._outside.store.begin() as unit:
                changed += _keep(unit, answer)
                unit.commit()
        self._read_doubtful(left)
        asked, named = {stored.proposal.xero_invoice_id for stored in left}, {r.xero_invoice_id for r in unreadable}
        # A row that does not say whose it is may be anybody's.
        self._doubt(left, asked if None in named else asked & named)
        return bool(changed or unreadable)

    def _stored(self, page: InvoicesPage | PaymentsPage, ours: frozenset[XeroInvoiceId]) -> int:
        """Store what a page says of our invoices; return how much of it is new."""
        with self._outside.store.begin() as unit:
            if isinstance(page, InvoicesPage):
                changed = unit.facts.save_invoices([i for i in page.invoices if i.invoice_id in ours], page.as_of)
            else:
                paid = [p for p in page.payments if is_customer_payment(p) and p.invoice_id in ours]
                changed = unit.facts.save_payments(paid, page.as_of)
            unit.gaps.save_unreadable([row for row in page.unreadable if row.xero_invoice_id in {*ours, None}])
            unit.commit()
        return changed

    def _doubt(self, rows: Iterable[StoredProposal], doubtful: Collection[XeroInvoiceId]) -> None:
        """Keep what could not be confirmed: that stays so until this apply ends, whatever is read later."""
        self.doubts |= {s.fingerprint: _UNCONFIRMED for s in rows if s.proposal.xero_invoice_id in doubtful}

    def _read_doubtful(self, approved: Sequence[StoredProposal]) -> None:
        """Read the invoices again whose payments do not add up: one of them is new (R22)."""
        ids, policy = {stored.proposal.xero_invoice_id for stored in approved}, self._moment.policy
        with self._outside.store.read() as unit:
            known = read_known(unit, policy.invoice_prefix, self._moment.today, among=ids)
        doubtful = [
            invoice.xero_invoice_id
            for side in known.sides.values()
            if is_doubtful(side, policy)
            for invoice in side.invoices
        ]
        if doubtful:
            read_invoices_again(self._outside, doubtful)

    def _now(self) -> TimeOfReading:
        return TimeOfReading(wall=self._outside.clock(), steady_s=self._outside.steady_s())


def _keep(unit: UnitOfWork, answer: PaymentsById) -> int:
    changed = unit.facts.save_payments(answer.payments, answer.as_of)
    unit.gaps.save_unknown(answer.unknown)
    unit.gaps.save_unreadable(answer.unreadable)
    return changed + len(answer.unknown) + len(answer.unreadable)


def _payment_ids(approved: Iterable[StoredProposal]) -> list[XeroPaymentId]:
    """Return the Xero payments that proposals rest on: the one they copy, the deleted one, the one that Notes name."""
    ids: dict[XeroPaymentId, XeroPaymentId] = {}
    for stored in approved:
        proposal = stored.proposal
        named = read_mark(proposal.before.notes, "").payment_id if proposal.before else None
        if named is not None:
            ids.setdefault(named, named)
        for payment in (proposal.xero, proposal.replaced):
            if payment is not None:
                # Xero's own spelling wins over the folded one in Notes.
                ids[folded(payment.payment_id)] = payment.payment_id
    return sorted(ids.values())
