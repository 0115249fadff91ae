"""Describe one receipt's invoices in both ledgers, as data for whoever looks into a fault."""

from cmxero_desktop.domain.records import CasePayment, XeroPayment
from tests.truth.books import Books


def scene(books: Books, receipt: int) -> str:
    """Return both sides of every invoice on which this money stands or stood."""
    payments = books.payments_with(receipt)
    rows = books.rows_with(receipt)
    cases = {books.case_of[p.invoice_id] for p in payments} | {row.invoice_id for row in rows}
    lines = [f"receipt {receipt}: {books.receipts[receipt]}"]
    for case in sorted(cases):
        invoice = books.case_invoices[case]
        lines.append(
            f"  Case Manager {invoice.number} of {invoice.bill_to}: total {invoice.total},"
            f" adjustments {invoice.adjustments}, refunds {invoice.refunds}"
        )
        lines += [f"    row {_row(books, books.rows[key])}" for key in sorted(books.rows_of[case])]
        for key in books.bills_of[case]:
            bill = books.xero_invoices[key]
            lines.append(
                f"  Xero {bill.number} {bill.status} of {bill.contact_name}: total {bill.total},"
                f" paid {bill.amount_paid}, credited {bill.amount_credited}"
            )
            lines += [f"    {_payment(books, books.xero_payments[p])}" for p in books.payments_of[key]]
    return "\n".join(lines)


def _row(books: Books, row: CasePayment) -> str:
    marks = [
        "journalled" if row.is_journalled else "",
        f"group {row.group}" if row.is_multi_invoice else "",
        f"ref {row.reference!r}" if row.reference else "",
        f"notes {row.notes!r}" if row.notes else "",
        f"is receipt {', '.join(str(r) for r, _ in books.case_money[row.payment_id])}",
    ]
    return f"{row.payment_id}: {row.amount} on {row.paid_on} {'; '.join(m for m in marks if m)}"


def _payment(books: Books, payment: XeroPayment) -> str:
    marks = [
        f"ref {payment.reference!r}" if payment.reference else "",
        f"batch {payment.batch_payment_id}" if payment.batch_payment_id else "",
        f"changed {payment.updated_at:%d %b %H:%M}",
        f"is receipt {', '.join(str(r) for r, _ in books.xero_money[payment.payment_id])}",
    ]
    state = payment.status.value
    return f"{payment.payment_id} {state}: {payment.amount} on {payment.paid_on} {'; '.join(m for m in marks if m)}"
