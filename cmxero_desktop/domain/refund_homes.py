"""Find the CM invoice that money which went back in Xero belongs to, as far as it shows (R2)."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from cmxero_desktop.domain.correlation.balance import balance_of
from cmxero_desktop.domain.policy import Policy
from cmxero_desktop.domain.records import InvoiceSnapshot, XeroPayment
from cmxero_desktop.domain.refunds import words_of


def with_refunds(
    snapshots: Iterable[InvoiceSnapshot], refunds: Iterable[XeroPayment], policy: Policy
) -> list[InvoiceSnapshot]:
    """Give each invoice the refunds that belong to it; each belongs to one at most."""
    snapshots, refunds = list(snapshots), tuple(refunds)
    if not refunds:
        return snapshots
    homes = RefundHomes(snapshots)
    found = homes.of_all(refunds, policy)
    return [replace(s, refunded=found[s.number]) if s.number in found else s for s in snapshots]


class RefundHomes:
    """The invoices by what joins a refund to them."""

    def __init__(self, snapshots: Iterable[InvoiceSnapshot] = ()) -> None:
        """Begin with these invoices."""
        self._here: dict[str, int] = {}
        self._typed_whole: dict[str, frozenset[int]] = {}
        self._keys: dict[str, tuple[frozenset[str], frozenset[str]]] = {}
        self._by_document: dict[str, set[str]] = defaultdict(set)
        self._by_payer: dict[str, set[str]] = defaultdict(set)
        for snapshot in snapshots:
            self.put(snapshot)

    def put(self, snapshot: InvoiceSnapshot) -> None:
        """Take an invoice in, as it is by now."""
        number = snapshot.number
        self.leave_out(number)
        self._here[number] = _refunded_here(snapshot)
        self._typed_whole[number] = _typed_whole(snapshot)
        self._keys[number] = documents, payers = documents_of(snapshot), payers_of(snapshot)
        for document in documents:
            self._by_document[document].add(number)
        for payer in payers:
            self._by_payer[payer].add(number)

    def leave_out(self, number: str) -> None:
        """Forget an invoice."""
        documents, payers = self._keys.pop(number, (frozenset(), frozenset()))
        for document in documents:
            self._by_document[document].discard(number)
        for payer in payers:
            self._by_payer[payer].discard(number)
        self._here.pop(number, None)
        self._typed_whole.pop(number, None)

    def of_all(self, refunds: Iterable[XeroPayment], policy: Policy) -> Mapping[str, tuple[XeroPayment, ...]]:
        """Return the refunds that belong to each invoice, by its number; those of none are left out.

        One belongs where its document settled a part, else where its reference or its document's number names the
        invoice. One that only the payer joins belongs where Case Manager has a refund of just that amount, on one
        invoice. Of several, that one comes first on which Case Manager has a refund of the amount, then the lowest
        number.
        """
        live = sorted(
            (r for r in refunds if r.is_live and r.amount.currency == policy.currency),
            key=lambda r: (r.paid_on, r.payment_id),
        )
        found: dict[str, list[XeroPayment]] = defaultdict(list)
        for refund in live:
            home = self._of(refund, lambda number: sum(r.amount.minor for r in found.get(number, ())))
            if home:
                found[home].append(refund)
        return {number: tuple(some) for number, some in found.items()}

    def _of(self, refund: XeroPayment, given: Callable[[str], int]) -> str:
        """Return the number of the invoice that a refund belongs to, or nothing; `given` is what it has already."""

        def lacks(number: str) -> bool:
            # A refund here that is used up by others makes up for nothing more, whatever the lists differ by.
            rest = self._here[number] - given(number)
            return refund.amount.minor in (self._typed_whole[number] if rest == 0 else {rest})

        document = self._by_document.get(refund.invoice_id.casefold(), ()) if refund.invoice_id else ()
        named = document or [word for word in words_of(refund) if word in self._here]
        if named:
            return min(named, key=lambda number: (not lacks(number), number))
        payers = {refund.contact_id.casefold(), refund.contact_name.casefold()} - {""}
        fitting = {number for payer in payers for number in self._by_payer.get(payer, ()) if lacks(number)}
        return fitting.pop() if len(fitting) == 1 else ""


def documents_of(snapshot: InvoiceSnapshot) -> frozenset[str]:
    """Return the documents that settled a part of an invoice, as ids are compared."""
    invoice = snapshot.xero_invoice
    return frozenset(s.document_id.casefold() for s in (invoice.settlements if invoice is not None else ()))


def payers_of(snapshot: InvoiceSnapshot) -> frozenset[str]:
    """Return who pays an invoice, by id and by name, as these are compared."""
    invoice = snapshot.xero_invoice
    names = {name for p in snapshot.xero_payments for name in (p.contact_id, p.contact_name)}
    names.add(invoice.contact_name if invoice is not None else "")
    return frozenset(name.casefold() for name in names)


def lacks_any_refund(snapshot: InvoiceSnapshot) -> bool:
    """Say whether an invoice could take a refund that only its payer joins to it, of whatever amount."""
    return bool(_refunded_here(snapshot) or _typed_whole(snapshot))


def _refunded_here(snapshot: InvoiceSnapshot) -> int:
    return snapshot.case_invoice.refunds.minor if snapshot.case_invoice is not None else 0


def _typed_whole(snapshot: InvoiceSnapshot) -> frozenset[int]:
    """Return by how many cents Case Manager shows less owed than Xero, where a payment was typed larger by just that.

    Anything else that stands there too much, such as a payment typed before Xero had it, was never overpaid.
    """
    invoice, xero = snapshot.case_invoice, snapshot.xero_invoice
    if invoice is None or xero is None or xero.total.currency != invoice.total.currency:
        return frozenset()
    below = (xero.due - balance_of(invoice, snapshot.case_payments)).minor
    paid = {p.amount.minor for p in snapshot.xero_payments if p.is_live}
    is_whole = any(case.amount.minor - below in paid for case in snapshot.case_payments)
    return frozenset({below}) if below > 0 and is_whole else frozenset()
