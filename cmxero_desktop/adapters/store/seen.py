"""What this process has decoded of the store already, so that what still says the same is not decoded again.

Only what is shown comes from here. What is verified or written by is read from the store each time.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from cmxero_desktop.services.records.audit import AuditEntry
from cmxero_desktop.services.records.results import InvoiceResult

Record = TypeVar("Record")

Fetch = Callable[[Collection[str]], Iterable[tuple[str, Record]]]
"""Reads and decodes the records of these keys."""


class SeenRecords(Generic[Record]):
    """Records by key, each as it was under the mark that the store has for it."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._seen: Mapping[str, tuple[str, Record]] = {}

    def renewed(self, marks: Mapping[str, str], fetch: Fetch[Record]) -> list[Record]:
        """Return the record of each key, in the order of the keys; those with another mark than before are fetched."""
        seen = self._seen
        stale = [key for key, mark in marks.items() if key not in seen or seen[key][0] != mark]
        fresh = dict(fetch(stale)) if stale else {}
        now = {key: (mark, fresh[key] if key in fresh else seen[key][1]) for key, mark in marks.items()}
        # Another thread may look meanwhile: what it sees is replaced, never changed.
        self._seen = now
        return [record for _, record in now.values()]


@dataclass(slots=True)
class AlreadyDecoded:
    """What one store of this process has decoded: results by number, and the audit trail from its beginning."""

    results: SeenRecords[InvoiceResult] = field(default_factory=SeenRecords)
    trail: tuple[AuditEntry, ...] = ()
