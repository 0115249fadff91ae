"""Keep what a comparison leaves for the next program, so that it need not compare everything."""

import msgspec
from sqlalchemy import select

from cmxero_desktop.adapters.store import tables
from cmxero_desktop.adapters.store.audit import RULES_VERSION
from cmxero_desktop.adapters.store.encoding import decoder, encode
from cmxero_desktop.adapters.store.work import Work
from cmxero_desktop.services.records.readings import CaseMarks
from cmxero_desktop.services.records.rested import LeftChanges, LeftComparison, LeftHead, LeftInvoice

_HEAD_ID = 1

_heads, _marks = tables.left_heads.c, tables.left_marks.c

_decode_head = decoder(LeftHead)
_decode_invoice = decoder(LeftInvoice)


class Left(Work):
    """What the last comparison left."""

    def head(self) -> LeftHead | None:
        """Return when it was made, and by what; None where there is none, or it was made by other rules."""
        row = self._connection.execute(select(_heads.rules_version, _heads.record)).one_or_none()
        return None if row is None or row.rules_version != RULES_VERSION else _decode_head(row.record)

    def read(self, head: LeftHead) -> LeftComparison:
        """Return all of it."""
        marks = [
            (msgspec.json.decode(row.case_key), row.mark, row.number)
            for row in self._connection.execute(select(tables.left_marks))
        ]
        return LeftComparison(
            head=head,
            invoices={
                row.invoice_number: _decode_invoice(row.record)
                for row in self._connection.execute(select(tables.left_invoices))
            },
            marks=CaseMarks(
                by_key={key: bytes.fromhex(mark) for key, mark, _ in marks},
                numbers={key: number for key, _, number in marks},
            ),
        )

    def save(self, head: LeftHead, changes: LeftChanges) -> None:
        """Store it; what did not change stays."""
        if changes.is_all:
            self._connection.execute(tables.left_invoices.delete())
            self._connection.execute(tables.left_marks.delete())
        invoices = [{"invoice_number": n, "record": encode(one)} for n, one in changes.invoices.items()]
        marks = [
            {"case_key": encode(key), "mark": seen[0], "number": seen[1]}
            for key, seen in changes.marks.items()
            if seen is not None
        ]
        self._insert_or_update(tables.left_invoices, invoices, key="invoice_number")
        self._insert_or_update(tables.left_marks, marks, key="case_key")
        self._delete(_marks.case_key, [encode(key) for key, seen in changes.marks.items() if seen is None])
        row = {"head_id": _HEAD_ID, "rules_version": RULES_VERSION, "record": encode(head)}
        self._insert_or_update(tables.left_heads, [row], key="head_id")
