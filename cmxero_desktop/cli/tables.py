"""Print rows as plain tables for a person at a terminal."""

from collections.abc import Sequence

from cmxero_desktop.cli.rows import Row, Value
from cmxero_desktop.domain.strangers import as_lines, one_line

_COLUMNS = {
    "proposals": ("id", "kind", "state", "held_until", "invoice_number", "date", "amount", "flags", "explanation"),
    "holds": ("held_until", "id", "kind", "invoice_number", "date", "amount", "decided_by", "decided_why"),
    "matched": ("invoice_number", "date", "amount", "matched_how", "xero_payment_id", "case_payment_id"),
    "unmatched": ("side", "invoice_number", "date", "amount", "near", "explanation"),
    "skipped": ("reason", "invoice_number", "date", "amount", "leaves", "explanation", "next_step"),
    "follow-ups": ("follow_up", "owner", "id", "list", "invoice_number", "date", "amount", "note"),
    "settled": ("kind", "invoice_number", "date", "amount", "explanation", "next_step"),
    "alerts": ("kind", "invoice_number", "amount", "explanation", "next_step"),
    "history": ("id", "at", "who", "what", "invoice_number", "amount", "reason"),
}
_HEADINGS = {
    "id": "Id",
    "kind": "Change",
    "state": "State",
    "side": "Only in",
    "invoice_number": "Invoice",
    "date": "Date paid",
    "amount": "Amount",
    "flags": "Flags",
    "near": "Close to",
    "explanation": "Why",
    "matched_how": "Matched how",
    "xero_payment_id": "Xero payment",
    "case_payment_id": "Case Manager payment",
    "reason": "Reason",
    "held_until": "Until",
    "decided_by": "Held by",
    "decided_why": "Why",
    "leaves": "Leaves",
    "next_step": "Next step",
    "follow_up": "Follow up",
    "owner": "Owner",
    "list": "In",
    "note": "Note",
    "at": "When",
    "who": "Who",
    "what": "What",
}
_EMPTY = {
    "proposals": "Nothing to approve.",
    "holds": "Nothing is on hold.",
    "matched": "Nothing is matched yet.",
    "unmatched": "Nothing is unmatched.",
    "skipped": "No payments are skipped.",
    "follow-ups": "Nobody sees to any row, and none is to be followed up.",
    "settled": "Nothing was settled another way, and no money went back.",
    "alerts": "No alerts.",
    "history": "Nothing has happened yet.",
}


def table(what: str, rows: Sequence[Row]) -> str:
    """Return the rows of one list as an aligned table, amounts to the right."""
    if not rows:
        return _EMPTY[what]
    columns = _COLUMNS[what]
    cells = [
        [_HEADINGS[column] for column in columns],
        *([_text(row.get(c)) for c in columns] for row in rows),
    ]
    widths = [max(len(line[place]) for line in cells) for place in range(len(columns))]
    return as_lines(_line(line, widths, columns) for line in cells)


def _line(cells: Sequence[str], widths: Sequence[int], columns: Sequence[str]) -> str:
    padded = [
        cell.rjust(width) if column == "amount" else cell.ljust(width)
        for cell, width, column in zip(cells, widths, columns, strict=True)
    ]
    return "  ".join(padded).rstrip()


def _text(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return ", ".join(_text(item) for item in value)
    return one_line(str(value))
