"""Marks of invoices, each made of all its rows, whatever order a database gives them in."""

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

from cmxero_desktop.adapters.casemanager.assembling import key_or_none
from cmxero_desktop.adapters.casemanager.groups import group_of_payment
from cmxero_desktop.adapters.casemanager.rows import INVOICE_FIELDS, PAYMENT_FIELDS, Key, Row

_BYTES = 16
_ALL_BYTES = 32
_KEY = INVOICE_FIELDS.index("key")
_INVOICE = PAYMENT_FIELDS.index("invoice")


def marks_of(
    invoices: Iterable[Row], payments: Iterable[Row], shared: Collection[object]
) -> Mapping[Key | None, bytes]:
    """Return a hash of each invoice's row and those of its payments, decoded or not, by the invoice's key.

    Whether a group is `shared` is a matter of other invoices' rows, so it goes with each payment.
    """
    texts: dict[Key | None, list[str]] = defaultdict(list)
    for row in invoices:
        texts[key_or_none(row[_KEY])].append(_text(row))
    for row in payments:
        is_shared = bool(shared) and group_of_payment(row) in shared
        texts[key_or_none(row[_INVOICE])].append(f"{_text(row)}{is_shared}")
    return {key: _hashed(some) for key, some in texts.items()}


def digest_of(marks: Iterable[bytes]) -> str:
    """Return one digest of all marks: equal ones mean equal readings."""
    return hashlib.blake2b(b"".join(sorted(marks)), digest_size=_ALL_BYTES).hexdigest()


def _text(row: Sequence[object]) -> str:
    # SQLAlchemy's own words for a row leave out the middle of long text.
    return repr(tuple(row))


def _hashed(texts: list[str]) -> bytes:
    if len(texts) > 1:
        texts.sort()
    return hashlib.blake2b("\n".join(texts).encode("utf-8", "surrogatepass"), digest_size=_BYTES).digest()
