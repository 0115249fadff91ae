"""Find the invoices of Case Manager that more than one invoice of Xero's claims (R1)."""

from collections import defaultdict
from collections.abc import Collection, Mapping

from cmxero_desktop.domain.identifiers import CaseInvoiceId, XeroInvoiceId, XeroPaymentId
from cmxero_desktop.domain.memory import RememberedPair
from cmxero_desktop.domain.policy import Policy
from cmxero_desktop.domain.scope import DEAD, folded
from cmxero_desktop.services.correlation.snapshots import Known, XeroSide, named_ids
from cmxero_desktop.services.records.readings import CaseInvoiceSide
from cmxero_desktop.services.records.results import TrackedInvoice


def shared_numbers(
    known: Known,
    sides: Mapping[str, CaseInvoiceSide | None],
    pairs: Mapping[str, Collection[RememberedPair]],
    policy: Policy,
) -> frozenset[str]:
    """Return the CM numbers whose proposals may be another invoice's: it claims the same one of Case Manager.

    A living invoice claims the one that it goes with now. One that was voided, or whose first number another invoice
    took over, still claims the one where copies of its payments stand. `sides` are Case Manager's by CM number,
    `pairs` the remembered ones by Case Manager's own number.
    """
    claims: dict[CaseInvoiceId, dict[XeroInvoiceId, str]] = defaultdict(dict)
    for number, side in known.sides.items():
        dead = {fact.invoice_id for fact in side.facts if fact.status in DEAD}
        for invoice in side.invoices:
            present, first = sides.get(number), sides.get(invoice.number)
            holders = [present] if invoice.xero_invoice_id not in dead else []
            if invoice.xero_invoice_id in dead or first is not present:
                holders += [case for case in (present, first) if _holds_copies(case, side, invoice, pairs, policy)]
            for case in holders:
                if case is not None:
                    claims[case.invoice.invoice_id][invoice.xero_invoice_id] = number
    return frozenset(number for claimants in claims.values() if len(claimants) > 1 for number in claimants.values())


def _holds_copies(
    case: CaseInvoiceSide | None,
    side: XeroSide,
    invoice: TrackedInvoice,
    pairs: Mapping[str, Collection[RememberedPair]],
    policy: Policy,
) -> bool:
    if case is None:
        return False
    own = {folded(p.payment_id) for p in side.payments if p.invoice_id == invoice.xero_invoice_id}
    return bool(own & _originals(case, pairs.get(case.invoice.number, ()), policy))


def _originals(case: CaseInvoiceSide, pairs: Collection[RememberedPair], policy: Policy) -> set[XeroPaymentId]:
    """Return what the payments of an invoice are copies of: named in Notes, or remembered (R7a)."""
    keys = {payment.payment_id for payment in case.payments}
    return named_ids(case, policy) | {folded(pair.xero_id) for pair in pairs if pair.case_id in keys}
