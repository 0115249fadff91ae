"""Read the keys of Case Manager's payments as a person writes them."""

import re

from cmxero_desktop.domain.identifiers import CasePaymentId

# No database's whole numbers are longer, and Python reads none without end.
_WHOLE = re.compile(r"0|[1-9][0-9]{0,38}")


def case_key(text: str) -> CasePaymentId:
    """Return the key: a whole number where it is written as one, else the text, of which no nought is dropped."""
    return CasePaymentId(int(text)) if _WHOLE.fullmatch(text) else CasePaymentId(text)
