"""Write keys of Case Manager as text in which the number 7 and the text "7" stay two keys."""

from cmxero_desktop.adapters.store.encoding import decoder, encode
from cmxero_desktop.domain.identifiers import CasePaymentId

_decode = decoder(CasePaymentId)


def case_payment_key(payment_id: CasePaymentId) -> str:
    """Return the key as JSON text."""
    return encode(payment_id)


def case_payment_of(text: str) -> CasePaymentId:
    """Read a key; raises StoreError for a text that is none."""
    return _decode(text)
