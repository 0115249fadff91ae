"""Find what Apxium could not allocate: payments of an account that it keeps for them (S6)."""

from collections.abc import Iterable, Iterator

from cmxero_desktop.domain.policy import Policy
from cmxero_desktop.domain.records import XeroPayment
from cmxero_desktop.domain.scope import is_customer_payment
from cmxero_desktop.domain.sor.board import ParkedPayment
from cmxero_desktop.domain.sor.sighting import WatchedInvoice


def parked_on(invoices: Iterable[WatchedInvoice], policy: Policy) -> Iterator[ParkedPayment]:
    """Find what was paid from or to the account for what Apxium could not allocate."""
    for watched in invoices:
        for payment in watched.snapshot.xero_payments:
            if payment.is_live and is_customer_payment(payment) and _is_parked(payment, policy):
                yield ParkedPayment(
                    invoice_number=watched.snapshot.number,
                    record_id=payment.payment_id,
                    paid_on=payment.paid_on,
                    amount=payment.amount,
                    reference=payment.reference,
                )


def _is_parked(payment: XeroPayment, policy: Policy) -> bool:
    text = policy.sor_unallocated_text.strip().casefold()
    return bool(text) and (text in payment.account_name.casefold() or text == payment.account_code.casefold())
