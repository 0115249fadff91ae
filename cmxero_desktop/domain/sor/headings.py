"""Find the headings of a list and say which column holds what, by usual words and by those that a person said (S1)."""

from collections.abc import Mapping, Sequence

from cmxero_desktop.domain.sor.tables import NEEDED, Cell, Head, ListColumn, ListTable

Columns = Mapping[ListColumn, int]
"""Where each column that a list has stands, from 0."""

Said = Mapping[ListColumn, Sequence[str]]
"""The headings that a person said of each column before."""

_SEARCHED = 30
_USUAL: Mapping[ListColumn, tuple[str, ...]] = {
    ListColumn.INVOICE: (
        "invoice number", "invoice no", "invoice", "invoice ref", "invoice reference", "inv no", "inv number", "inv",
    ),
    ListColumn.DUE_ON: (
        "due date", "due on", "instalment date", "installment date", "scheduled payment date", "scheduled date",
        "debit date", "payment date", "date due", "due", "date",
    ),
    ListColumn.AMOUNT: (
        "instalment amount", "installment amount", "amount due", "payment amount", "instalment", "installment",
        "amount",
    ),
    ListColumn.SCHEDULE: (
        "schedule", "schedule id", "schedule no", "schedule number", "schedule name", "schedule reference", "plan",
        "plan id", "sor", "sor id", "agreement",
    ),
    ListColumn.STATE: ("status", "state", "instalment status", "installment status"),
    ListColumn.RETRY_ON: ("retry date", "retry on", "next attempt", "retry"),
    ListColumn.TOTAL: ("schedule total", "total amount", "total", "schedule amount", "total financed"),
    ListColumn.DISBURSED: ("disbursed", "disbursement", "disbursed amount", "settled amount", "paid to firm"),
    ListColumn.PAYER: ("payer", "debtor", "debtor name", "client", "client name", "customer", "customer name"),
}  # fmt: skip


def find_head(table: ListTable, said: Said) -> Head | None:
    """Return the first line that has every needed heading, else the first that holds only texts; None for none."""
    rows = table.rows[:_SEARCHED]
    for place, row in enumerate(rows):
        if set(NEEDED) <= columns_of(_texts(row.cells), said).keys():
            return Head(place, _texts(row.cells))
    for place, row in enumerate(rows):
        filled = [cell for cell in row.cells if cell is not None and cell != ""]
        if len(filled) >= len(NEEDED) and all(isinstance(cell, str) for cell in filled):
            return Head(place, _texts(row.cells))
    return None


def columns_of(headings: Sequence[str], said: Said) -> dict[ListColumn, int]:
    """Say which column holds what: by what a person said first, then by the more usual word."""
    plain = [_plain(heading) for heading in headings]
    found: dict[ListColumn, int] = {}
    for words in ({column: [_plain(word) for word in said.get(column, ())] for column in ListColumn}, _USUAL):
        for column in _USUAL:
            places = (plain.index(word) for word in words[column] if word in plain)
            place = next((p for p in places if p not in found.values()), None)
            if column not in found and place is not None:
                found[column] = place
    return found


def missing(columns: Columns) -> tuple[ListColumn, ...]:
    """Return the needed columns that were not found."""
    return tuple(column for column in NEEDED if column not in columns)


def _texts(cells: Sequence[Cell]) -> tuple[str, ...]:
    return tuple(" ".join(cell.split()) if isinstance(cell, str) else "" for cell in cells)


def _plain(heading: str) -> str:
    """Return a heading without its case, signs and blanks: `Invoice No.` is `invoice no`, `Amount ($)` is `amount`."""
    words = "".join(c if c.isalnum() else " " for c in heading.replace("#", " no ")).casefold().split()
    return " ".join(word for word in words if word not in {"aud", "nzd"})
