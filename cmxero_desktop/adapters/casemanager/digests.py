"""Digests of rows, whatever order a database gives them in, without keeping the rows."""

import hashlib
from collections.abc import Iterable, Sequence

_BYTES = 32


class Digest:
    """Adds up a hash of every row, so that equal sums mean equal rows, each as many times."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._sum = 0

    def add(self, table: str, rows: Iterable[Sequence[object]]) -> None:
        """Take in rows as the database gave them, decoded or not."""
        start = hashlib.blake2b(f"{table} ".encode(), digest_size=_BYTES)
        for row in rows:
            hashed = start.copy()
            # SQLAlchemy's own words for a row leave out the middle of long text.
            hashed.update(repr(tuple(row)).encode("utf-8", "surrogatepass"))
            self._sum += int.from_bytes(hashed.digest())

    def text(self) -> str:
        """Return the digest of what was taken in so far."""
        return f"{self._sum % (1 << 8 * _BYTES):x}"
