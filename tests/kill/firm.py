"""A small firm whose every payment is known: what Case Manager holds before and after each change, told by hand."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import Engine, Row, text

from tests.end_to_end.journey import SCHEMA
from tests.end_to_end.plain_xero import PlainXero

PAID = datetime.now(UTC).date() - timedelta(days=21)
EARLIER = datetime(PAID.year, PAID.month, PAID.day, 10, tzinfo=UTC)
# Long after, so that only what is entered with a deletion is an edit (R16).
LATER = EARLIER + timedelta(days=4)
_ROWS = """
SELECT payment_id, invoice_number, payment_date, amount, payment_type, reference_number, notes, journal_number
FROM payments JOIN invoices USING (invoice_id) ORDER BY payment_id
"""


@dataclass(frozen=True, kw_only=True)
class CaseRow:
    """A payment row of Case Manager without its key."""

    number: str
    amount: str
    paid_on: date = PAID
    reference: str = ""
    notes: str = ""
    journal_number: str | None = None


Books = Mapping[int, CaseRow]
"""Every payment row of Case Manager by its key."""


@dataclass(frozen=True)
class Change:
    """What one proposal does to one row: its key and values before (None: an add) and after (None: a removal)."""

    key: int | None
    before: CaseRow | None
    after: CaseRow | None


@dataclass
class Firm:
    """The firm: untouchable rows, and for each Xero payment the change that its proposal makes."""

    xero: PlainXero
    rows: dict[int, CaseRow] = field(default_factory=dict)
    changes: dict[str, Change] = field(default_factory=dict)

    def add_row(self, number: str, amount: str, paid_on: date = PAID, **more: Any) -> int:
        """Add a row that Case Manager holds from the beginning, and return its key."""
        key = len(self.rows) + 1
        self.rows[key] = CaseRow(number=number, amount=amount, paid_on=paid_on, **more)
        return key

    def pay(self, number: str, amount: str, at: datetime = EARLIER, reference: str = "") -> str:
        """Pay an invoice in Xero and return the payment's id."""
        return self.xero.pay(f"CM-{number}", amount, PAID, at, reference)

    def will_add(self, number: str, amount: str, at: datetime = EARLIER) -> None:
        """Have a Xero payment without a copy."""
        payment_id = self.pay(number, amount, at, "REM1")
        after = CaseRow(number=number, amount=amount, reference="REM1", notes=_mark(payment_id))
        self.changes[payment_id] = Change(None, None, after)

    def will_link(self, number: str, amount: str) -> None:
        """Have an equal payment that a person typed in."""
        key = self.add_row(number, amount, notes="phone call")
        payment_id = self.pay(number, amount)
        before = self.rows[key]
        self.changes[payment_id] = Change(key, before, replace(before, notes=f"phone call\n{_mark(payment_id)}"))

    def will_change(self, number: str, amount: str, to: str) -> None:
        """Have a copy whose Xero payment was edited."""
        old = self.pay(number, amount)
        self.xero.delete(old, LATER)
        key = self.add_row(number, amount, notes=_mark(old))
        new = self.pay(number, to, LATER)
        before = self.rows[key]
        self.changes[new] = Change(key, before, replace(before, amount=to, notes=_mark(new)))

    def will_remove(self, number: str, amount: str, reference: str = "") -> None:
        """Have a copy whose Xero payment was deleted."""
        old = self.pay(number, amount)
        self.xero.delete(old, LATER)
        key = self.add_row(number, amount, notes=_mark(old), reference=reference)
        self.changes[old] = Change(key, self.rows[key], None)

    def expected(self, applied: Collection[str], put_back: Collection[str]) -> "Expected":
        """Return what Case Manager must hold when just these changes are applied; `put_back` were, and were undone."""
        fixed, loose = dict(self.rows), Counter[CaseRow]()
        for name, change in self.changes.items():
            row = change.after if name in applied else change.before
            has_old_key = change.key is not None and change.after is not None
            if change.key is not None and (name in applied or name in put_back):
                del fixed[change.key]
            if row is None or (change.key is not None and name not in applied and name not in put_back):
                continue
            if has_old_key and change.key is not None:
                fixed[change.key] = row
            else:
                loose[row] += 1
        return Expected(fixed, loose)

    def fill(self, engine: Engine) -> None:
        """Create Case Manager's tables and rows."""
        invoices = sorted({row.number for row in self.rows.values()})
        with engine.begin() as connection:
            for statement in _schema(engine.dialect.name).split(";"):
                if statement.strip():
                    connection.execute(text(statement))
            for key, number in enumerate(invoices, start=1):
                connection.execute(
                    text("INSERT INTO invoices VALUES (:key, :number, 'Acme', NULL, '2026-09-01', NULL, 2000, 0, 0)"),
                    {"key": key, "number": number},
                )
            for row in self.rows.values():
                connection.execute(
                    text(
                        "INSERT INTO payments (invoice_id, payment_date, amount, payment_type, reference_number,"
                        " notes, journal_number) VALUES (:invoice, :paid_on, :amount, 'EFT', :reference, :notes,"
                        " :journal_number)"
                    ),
                    {
                        "invoice": invoices.index(row.number) + 1,
                        "paid_on": row.paid_on.isoformat() if engine.dialect.name == "sqlite" else row.paid_on,
                        "amount": Decimal(row.amount) if engine.dialect.name != "sqlite" else float(row.amount),
                        "reference": row.reference or None,
                        "notes": row.notes or None,
                        "journal_number": row.journal_number,
                    },
                )


@dataclass(frozen=True)
class Expected:
    """Rows that must have exactly these keys, and rows that were inserted, under any key."""

    fixed: Books
    loose: Counter[CaseRow]

    def differences(self, books: Books) -> list[str]:
        """Name every row that is lost, doubled or half changed."""
        found = [
            f"row {key} should be {row}, is {books.get(key)}"
            for key, row in self.fixed.items()
            if books.get(key) != row
        ]
        inserted = Counter(row for key, row in books.items() if key not in self.fixed)
        found += [f"lost: {row} ({count} times)" for row, count in (self.loose - inserted).items()]
        found += [f"too many: {row} ({count} times)" for row, count in (inserted - self.loose).items()]
        return found


def invented(xero: PlainXero) -> Firm:
    """Invent the firm: every kind of change alone and together on one invoice, equal twins, and a key used again."""
    firm = Firm(xero)
    for number in ("100", "200", "300", "400", "500", "600", "700"):
        xero.add_invoice(f"CM-{number}", "2000.00")
    firm.will_add("100", "400.00")
    firm.will_add("100", "150.00")
    firm.add_row("100", "55.00", PAID - timedelta(days=60), notes="typed in by Ann")
    firm.will_link("200", "310.00")
    firm.will_change("300", "500.00", to="520.00")
    firm.will_change("500", "210.00", to="215.00")
    firm.will_link("500", "90.00")
    firm.will_add("500", "33.30")
    firm.add_row("500", "77.00", PAID - timedelta(days=60), journal_number="1042")
    firm.will_add("600", "125.00")
    firm.will_add("600", "125.00")
    firm.add_row("600", "20.00", PAID - timedelta(days=60))
    journalled = firm.pay("700", "640.00")
    firm.add_row("700", "640.00", notes=_mark(journalled), journal_number="1043")
    # The last row is the removed one: SQLite gives its key to the next row that is inserted.
    firm.will_remove("400", "260.00", reference="REM9")
    firm.will_add("400", "70.00", at=EARLIER)
    return firm


def rows_of(engine: Engine) -> dict[int, CaseRow]:
    """Read every payment row, past all of the program's own code."""
    with engine.connect() as connection:
        return {row.payment_id: _row(row) for row in connection.execute(text(_ROWS))}


def _row(stored: Row[Any]) -> CaseRow:
    assert stored.payment_type == "EFT"
    return CaseRow(
        number=stored.invoice_number,
        amount=str(Decimal(str(stored.amount)).quantize(Decimal("0.01"))),
        paid_on=date.fromisoformat(str(stored.payment_date)),
        reference=stored.reference_number or "",
        notes=stored.notes or "",
        journal_number=stored.journal_number,
    )


def _mark(payment_id: str) -> str:
    return f"Xero payment {payment_id}"


def _schema(dialect: str) -> str:
    if dialect == "sqlite":
        return SCHEMA
    key = "payment_id INTEGER GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY"
    return SCHEMA.replace("payment_id INTEGER PRIMARY KEY", key)
