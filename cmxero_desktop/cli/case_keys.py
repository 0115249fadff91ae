"""Read the keys of Case Manager's payments as a person writes them."""

from cmxero_desktop.domain.identifiers import CasePaymentId


def case_key(text: str) -> CasePaymentId:
    """Return the key: a number where it is one, else the text."""
    return CasePaymentId(int(text)) if text.isdigit() else CasePaymentId(text)
