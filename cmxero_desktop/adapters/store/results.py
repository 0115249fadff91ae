"""Keep the last correlation of every invoice, and rewrite only those whose content changed."""

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import UTC, datetime

from sqlalchemy import Connection, func, select

from cmxero_desktop.adapters.store import tables
from cmxero_desktop.adapters.store.case_versions import replaced
from cmxero_desktop.adapters.store.encoding import decoder, digest, encode
from cmxero_desktop.adapters.store.failures import DAMAGED_REMEDY
from cmxero_desktop.adapters.store.journal import Journal, KeptWork
from cmxero_desktop.adapters.store.seen import AlreadyDecoded
from cmxero_desktop.domain.errors import StoreError
from cmxero_desktop.services.records.results import InvoiceResult
from cmxero_desktop.services.records.touched import by_numbers

_results = tables.results.c
_NO_TIME = datetime(1, 1, 1, tzinfo=UTC)

_decode_result = decoder(InvoiceResult)


class Results(KeptWork):
    """Results by CM number."""

    def __init__(self, connection: Connection, journal: Journal, seen: AlreadyDecoded) -> None:
        """Work within the connection's transaction; `seen` is what this process has decoded before."""
        super().__init__(connection, journal)
        self._seen = seen

    def save(self, results: Iterable[InvoiceResult], *, replace_all: bool) -> None:
        """Store results by CM number; `replace_all` also drops every other one.

        A result that says what the stored one says is not rewritten, so `as_of` is when it first said so.
        """
        by_number = {result.snapshot.number: result for result in results}
        stored = self._digests(None if replace_all else by_number)
        digests = {number: _content_digest(result) for number, result in by_number.items()}
        written = {n: result for n, result in by_number.items() if stored.get(n) != digests[n]}
        gone = [number for number in stored if number not in by_number] if replace_all else []
        # What an invoice was before anything was known of it needs no reading.
        known = [number for number in (*written, *gone) if number in stored]
        before = {result.snapshot.number: result for result in self.latest(known)} if known else {}
        self._journal.keep(was for n in (*written, *gone) for was in replaced(n, before.get(n), written.get(n)))
        rows = [
            {"invoice_number": number, "digest": digests[number], "record": encode(result)}
            for number, result in written.items()
        ]
        self._insert_or_update(tables.results, rows, key="invoice_number")
        self._delete(_results.invoice_number, gone)
        # Whoever goes on from an earlier comparison looks at them again.
        self._touch(by_numbers({*written, *gone} - {""}))
        self._touch_shown({*written, *gone} & {""})

    def forget(self, numbers: Collection[str]) -> None:
        """Drop the results of these invoices."""
        before = {result.snapshot.number: result for result in self.latest(numbers)} if numbers else {}
        self._journal.keep(was for number, result in before.items() for was in replaced(number, result, None))
        self._delete(_results.invoice_number, list(before))
        self._touch(by_numbers(before.keys() - {""}))
        self._touch_shown(before.keys() & {""})

    def latest(self, numbers: Collection[str] | None = None) -> tuple[InvoiceResult, ...]:
        """Return the last results, ordered by CM number; None returns all."""
        statement = select(_results.invoice_number, _results.record)
        if numbers is None:
            rows = list(self._connection.execute(statement))
        else:
            rows = list(self._select_in(statement, _results.invoice_number, set(numbers)))
        return tuple(_result_under(number, record) for number, record in sorted(tuple(row) for row in rows))

    def shown(self) -> tuple[InvoiceResult, ...]:
        """Return all last results as `latest` does; what was shown before and says the same is not decoded again."""
        marks = dict(sorted(self._digests(None).items()))
        return tuple(self._seen.results.renewed(marks, self._by_number))

    def count(self) -> int:
        """Return of how many invoices there is a result."""
        return self._connection.scalar(select(func.count()).select_from(tables.results)) or 0

    def _by_number(self, numbers: Collection[str]) -> Iterable[tuple[str, InvoiceResult]]:
        return ((result.snapshot.number, result) for result in self.latest(numbers))

    def _digests(self, numbers: Collection[str] | None) -> dict[str, str]:
        statement = select(_results.invoice_number, _results.digest)
        if numbers is None:
            rows = iter(self._connection.execute(statement))
        else:
            rows = self._select_in(statement, _results.invoice_number, numbers)
        return {row.invoice_number: row.digest for row in rows}


def _result_under(number: str, record: str) -> InvoiceResult:
    """Return a stored result. Raises StoreError where it is another invoice's."""
    result = _decode_result(record)
    if result.snapshot.number != number:
        raise StoreError(f"The stored result of invoice {number} is another invoice's.", DAMAGED_REMEDY)
    return result


def result_of(record: str) -> InvoiceResult:
    """Return a result as it was stored."""
    return _decode_result(record)


def _content_digest(result: InvoiceResult) -> str:
    timeless = replace(result, snapshot=replace(result.snapshot, as_of=_NO_TIME))
    return digest(encode(timeless))
