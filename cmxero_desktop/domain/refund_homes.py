"""Find the CM invoice that money which went back in Xero belongs to, as far as it shows (R2)."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import replace

from cmxero_desktop.domain.correlation.balance import balance_of
from cmxero_desktop.domain.policy import Policy
from cmxero_desktop.domain.records import InvoiceSnapshot, XeroPayment
from cmxero_desktop.domain.refunds import words_of


def with_refunds(
    snapshots: Iterable[InvoiceSnapshot], refunds: Iterable[XeroPayment], policy: Policy
) -> list[InvoiceSnapshot]:
    """Give each invoice the refunds that belong to it; each belongs to one at most.

    It belongs where its document settled a part, else where its reference or its document's number names the
    invoice. One that only the payer joins belongs where Case Manager has a refund of just that amount, on one invoice.
    Of several, that one comes first on which Case Manager has a refund of the amount, then the lowest number.
    """
    snapshots = list(snapshots)
    live = sorted(
        (r for r in refunds if r.is_live and r.amount.currency == policy.currency),
        key=lambda r: (r.paid_on, r.payment_id),
    )
    if not live:
        return snapshots
    homes = _Homes(snapshots)
    found: dict[str, list[XeroPayment]] = defaultdict(list)
    for refund in live:
        home = homes.of(refund, lambda number: sum(r.amount.minor for r in found[number]))
        if home:
            found[home].append(refund)
    return [replace(s, refunded=tuple(found[s.number])) if found.get(s.number) else s for s in snapshots]


class _Homes:
    """The invoices by what joins a refund to them."""

    def __init__(self, snapshots: Iterable[InvoiceSnapshot]) -> None:
        self._here: dict[str, int] = {}
        self._typed_whole: dict[str, frozenset[int]] = {}
        self._by_document: dict[str, list[str]] = defaultdict(list)
        self._by_payer: dict[str, set[str]] = defaultdict(set)
        for snapshot in sorted(snapshots, key=lambda s: s.number):
            number, invoice = snapshot.number, snapshot.xero_invoice
            self._here[number] = snapshot.case_invoice.refunds.minor if snapshot.case_invoice is not None else 0
            self._typed_whole[number] = _typed_whole(snapshot)
            for settlement in invoice.settlements if invoice is not None else ():
                self._by_document[settlement.document_id.casefold()].append(number)
            names = {p.contact_id for p in snapshot.xero_payments} | {p.contact_name for p in snapshot.xero_payments}
            for name in names | {invoice.contact_name if invoice is not None else ""}:
                self._by_payer[name.casefold()].add(number)

    def of(self, refund: XeroPayment, given: Callable[[str], int]) -> str:
        """Return the number of the invoice that a refund belongs to, or nothing; `given` is what it has already."""

        def lacks(number: str) -> bool:
            # A refund here that is used up by others makes up for nothing more, whatever the lists differ by.
            rest = self._here[number] - given(number)
            return refund.amount.minor in (self._typed_whole[number] if rest == 0 else {rest})

        document = self._by_document[refund.invoice_id.casefold()] if refund.invoice_id else []
        named = document or sorted(word for word in words_of(refund) if word in self._here)
        if named:
            return min(named, key=lambda number: (not lacks(number), number))
        payers = {refund.contact_id.casefold(), refund.contact_name.casefold()} - {""}
        fitting = {number for payer in payers for number in self._by_payer[payer] if lacks(number)}
        return fitting.pop() if len(fitting) == 1 else ""


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
