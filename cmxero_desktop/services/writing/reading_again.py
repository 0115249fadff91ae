"""Read Xero again before it is written by: by id, and once that is too long ago, what has changed since (R21, R30).

A batch may take minutes, and a computer may sleep in the middle of one. Time is told by a clock that nobody sets and
that goes on while the computer sleeps; where it and the clock on the wall disagree, nobody knows, so Xero is read.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence

from cmxero_desktop.domain.errors import CaseManagerError
from cmxero_desktop.domain.freshness import OVERLAP, READ_AGAIN_AFTER, TimeOfReading
from cmxero_desktop.domain.identifiers import Fingerprint, XeroInvoiceId, XeroPaymentId
from cmxero_desktop.domain.notes import read_mark
from cmxero_desktop.domain.proposals import ProposalKind
from cmxero_desktop.domain.records import UnreadableRow
from cmxero_desktop.domain.scope import folded
from cmxero_desktop.services.correlation.correlating import is_doubtful, read_invoices_again
from cmxero_desktop.services.correlation.moment import Moment
from cmxero_desktop.services.correlation.snapshots import read_known
from cmxero_desktop.services.ports.outside import Outside
from cmxero_desktop.services.ports.store import UnitOfWork
from cmxero_desktop.services.records.decisions import StoredProposal
from cmxero_desktop.services.records.readings import InvoicesPage, PaymentsById, PaymentsPage

_UNCONFIRMED = "Xero's answer about this invoice could not be read, so nothing was written; approve it again later."
_LATE = "Too much time went by between reading Xero and saving, perhaps because this computer slept."


class XeroAgain:
    """What one apply knows of Xero, and when it was read."""

    def __init__(self, outside: Outside, moment: Moment) -> None:
        """Keep the ports; nothing is read yet."""
        self._outside = outside
        self._moment = moment
        self._read_at = self._now()

    @property
    def is_due(self) -> bool:
        """Whether what was read is too old to begin another write by: it must last until the commit."""
        return self._read_at.is_late(self._now(), READ_AGAIN_AFTER)

    def demand_fresh(self) -> None:
        """Raise CaseManagerError where the reading has grown too old while we wrote: the last word before a commit."""
        if self._read_at.is_late(self._now()):
            raise CaseManagerError(_LATE, "Nothing was written. Check Xero, then approve it again.")

    def read(self, approved: Sequence[StoredProposal]) -> Mapping[Fingerprint, str]:
        """Read by id every payment and invoice that the proposals rest on.

        Returns, by fingerprint, what Xero's answer left open.
        """
        self._read_at = self._now()
        payments = self._outside.xero.payments_by_id(_payment_ids(approved))
        asked = {stored.proposal.xero_invoice_id for stored in approved}
        invoices = self._outside.xero.invoices_by_id(sorted(asked))
        with self._outside.store.begin() as unit:
            _keep(unit, payments)
            unit.facts.save_invoices(invoices.invoices, invoices.as_of)
            unit.commit()
        self._read_doubtful(approved)
        answered = {invoice.invoice_id for invoice in invoices.invoices}
        return _unconfirmed(approved, asked - answered)

    def refresh(self, approved: Sequence[StoredProposal]) -> Mapping[Fingerprint, str]:
        """Read what has changed since the last check, in one call for each list, and by id only what is to be removed.

        Where there is no such check, everything is read by id. What comes is stored, but no cursor moves: that is for
        the check, which reads all of it.
        """
        with self._outside.store.read() as unit:
            cursors, tracked = unit.polling.state().cursors, frozenset(unit.facts.tracked())
        if cursors.invoices is None or cursors.payments is None:
            return self.read(approved)
        self._read_at = self._now()
        unreadable: list[UnreadableRow] = []
        for invoices in self._outside.xero.changed_invoices(cursors.invoices - OVERLAP):
            self._store_invoices(invoices, tracked)
            unreadable += invoices.unreadable
        for payments in self._outside.xero.changed_payments(cursors.payments - OVERLAP):
            self._store_payments(payments, tracked)
            unreadable += payments.unreadable
        removals = _payment_ids(p for p in approved if p.proposal.kind is ProposalKind.REMOVE)
        if removals:
            answer = self._outside.xero.payments_by_id(removals)
            with self._outside.store.begin() as unit:
                _keep(unit, answer)
                unit.commit()
        self._read_doubtful(approved)
        asked, named = {stored.proposal.xero_invoice_id for stored in approved}, {r.xero_invoice_id for r in unreadable}
        # A row that does not say whose it is may be anybody's.
        return _unconfirmed(approved, asked if None in named else asked & named)

    def _store_invoices(self, page: InvoicesPage, ours: frozenset[XeroInvoiceId]) -> None:
        with self._outside.store.begin() as unit:
            unit.facts.save_invoices([invoice for invoice in page.invoices if invoice.invoice_id in ours], page.as_of)
            unit.commit()

    def _store_payments(self, page: PaymentsPage, ours: frozenset[XeroInvoiceId]) -> None:
        with self._outside.store.begin() as unit:
            unit.facts.save_payments([payment for payment in page.payments if payment.invoice_id in ours], page.as_of)
            unit.gaps.save_unreadable([row for row in page.unreadable if row.xero_invoice_id in {*ours, None}])
            unit.commit()

    def _read_doubtful(self, approved: Sequence[StoredProposal]) -> None:
        """Read the invoices again whose payments do not add up: one of them is new (R22)."""
        numbers, policy = {stored.proposal.invoice_number for stored in approved}, self._moment.policy
        with self._outside.store.read() as unit:
            known = read_known(unit, policy.invoice_prefix, self._moment.today)
        doubtful = [
            invoice.xero_invoice_id
            for number, side in known.sides.items()
            if number in numbers and is_doubtful(side, policy)
            for invoice in side.invoices
        ]
        if doubtful:
            read_invoices_again(self._outside, doubtful)

    def _now(self) -> TimeOfReading:
        return TimeOfReading(wall=self._outside.clock(), steady_s=self._outside.steady_s())


def _keep(unit: UnitOfWork, answer: PaymentsById) -> None:
    unit.facts.save_payments(answer.payments, answer.as_of)
    unit.gaps.save_unknown(answer.unknown)
    unit.gaps.save_unreadable(answer.unreadable)


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


def _unconfirmed(approved: Iterable[StoredProposal], doubtful: Collection[XeroInvoiceId]) -> Mapping[Fingerprint, str]:
    return {stored.fingerprint: _UNCONFIRMED for stored in approved if stored.proposal.xero_invoice_id in doubtful}
