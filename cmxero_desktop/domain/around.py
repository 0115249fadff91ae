"""What is known around a row: the other invoices by name, and whose rows of Review speak of a payment."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from cmxero_desktop.domain.identifiers import CaseInvoiceId, CasePaymentId
from cmxero_desktop.domain.records import CasePayment


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The names of Case Manager's invoices, and by payment the invoices whose waiting rows speak of it, in order.

    `homes` are those on which the payment stands itself, `claims` are the others.
    """

    places: Mapping[CaseInvoiceId, str] = field(default_factory=lambda: MappingProxyType({}))
    claims: Mapping[CasePaymentId, Sequence[str]] = field(default_factory=lambda: MappingProxyType({}))
    homes: Mapping[CasePaymentId, Sequence[str]] = field(default_factory=lambda: MappingProxyType({}))

    def place_of(self, payment: CasePayment) -> str:
        """Name the invoice on which a payment stands, as far as it is known."""
        return self.places.get(payment.invoice_id, "another invoice")

    def claimed_by(self, payments: Iterable[CasePayment]) -> tuple[str, ...]:
        """Return each invoice once on which none of the payments stands and whose rows speak of one of them."""
        return _once(self.claims, payments)

    def homes_of(self, payments: Iterable[CasePayment]) -> tuple[str, ...]:
        """Return each invoice once on which one of the payments stands and whose rows speak of it."""
        return _once(self.homes, payments)


def _once(rows: Mapping[CasePaymentId, Sequence[str]], payments: Iterable[CasePayment]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(number for payment in payments for number in rows.get(payment.payment_id, ())))


NO_SURROUNDINGS = Surroundings()
