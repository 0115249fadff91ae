"""Read the keys of Case Manager's payments as a person writes them."""

from cmxero_desktop.domain.identifiers import CasePaymentId


def case_key(text: str) -> CasePaymentId:
    """Return the key: a whole number where it is written as one, else the text, of which no nought is dropped."""
    is_number = text.isascii() and text.isdecimal() and str(int(text)) == text
    return CasePaymentId(int(text)) if is_number else CasePaymentId(text)
