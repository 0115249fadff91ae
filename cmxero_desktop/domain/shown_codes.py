"""A short code of what a person was shown, by which a yes says what it is a yes to."""

import hashlib
from collections.abc import Iterable

_LENGTH = 8


def shown_code(names: Iterable[str]) -> str:
    """Return a short hash of exactly what these names name, the same in any order: `7F3A-19C2`."""
    code = hashlib.sha256("\n".join(sorted(names)).encode()).hexdigest()[:_LENGTH].upper()
    return f"{code[:4]}-{code[4:]}"
