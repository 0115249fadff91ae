"""Write how others copy Xero's payments, for scripts and for persons."""

from cmxero_desktop.cli.rows import Row, Value, day, money
from cmxero_desktop.domain.copying import CopyingByOthers, CopyingRow, Fault
from cmxero_desktop.domain.other_writer import COMING_BACK
from cmxero_desktop.domain.strangers import as_lines


def copying_document(report: CopyingByOthers) -> Row:
    """Write the figures, the rows of what went wrong, and those behind the other figures."""
    rows: list[Value] = [_row(row) for row in report.rows]
    good: list[Value] = [_row(row) for row in report.good]
    figures: Row = {fault.value: report.count(fault) for fault in Fault}
    return {"copied": report.copied, "waiting": report.waiting, **figures, "rows": rows, "good": good}


def _row(row: CopyingRow) -> Row:
    return {
        "id": row.row_id,
        "fault": row.what.value,
        "invoice_number": row.invoice_number,
        "amount": money(row.amount),
        "date": day(row.paid_on),
        "xero_payment_id": row.xero_id,
        "case_payment_id": row.case_id.value if row.case_id else None,
        "explanation": row.explanation,
    }


def copying_text(report: CopyingByOthers, *, is_held: bool) -> str:
    """Write the figures, a line for each row, and what has to be true before a person goes back to approving."""
    lines = [report.words]
    lines += [
        f"{row.what:<15}{row.invoice_number:<16}{money(row.amount):>14}  {day(row.paid_on)}  {row.explanation}"
        for row in (*report.rows, *report.good)
    ]
    if is_held:
        lines.append("Before you go back to approving (cmxero mode approve):")
        lines += [f"{number}. {condition}" for number, condition in enumerate(COMING_BACK, start=1)]
    return as_lines(lines)
