"""Legacy schemas of different habits that keep the same books, each with the mapping that is true of it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from uuid import UUID

import sqlalchemy as sa

from tests.truth.legacy_books import Books, TrueInvoice, TruePayment
from tests.truth.legacy_laying import MONEY, Col, LegacyFirm, Tab, Truth, counted

S = sa.String
METHODS = {"EFT": 1, "Cheque": 2, "Credit Card": 3, "Cash": 4}
GERMAN_METHODS = {"EFT": "Überweisung", "Cheque": "Scheck", "Credit Card": "Karte", "Cash": "Bar"}


def group_number(payment: TruePayment) -> int | None:
    return int(payment.group[1:]) if payment.group else None


def at_midnight(day: date) -> datetime:
    return datetime.combine(day, time())


# ---------------------------------------- plain English


def plain(it: Books) -> list[Tab]:
    return [
        Tab(
            "invoices",
            [
                counted("invoice_id", lambda i: i.at),
                Col("invoice_number", S(20), lambda i: i.number, needed=True, unique=True),
                Col("client_name", S(80), lambda i: i.client, needed=True),
                Col("case_title", S(80), lambda i: i.case),
                Col("invoice_date", sa.Date, lambda i: i.dated, needed=True),
                Col("due_date", sa.Date, lambda i: i.due),
                Col("total", MONEY, lambda i: i.total, needed=True),
                Col("balance", MONEY, it.balance, needed=True),
                Col("adjustments", MONEY, lambda i: i.adjustment, needed=True),
                Col("refunds", MONEY, lambda i: i.refund, needed=True),
            ],
            it.invoices,
        ),
        Tab(
            "payments",
            [
                counted("payment_id", lambda p: p.at),
                Col("invoice_id", sa.Integer, lambda p: p.invoice.at, to="invoices.invoice_id", needed=True),
                Col("payment_date", sa.Date, lambda p: p.paid_on, needed=True),
                Col("amount", MONEY, lambda p: p.amount, needed=True),
                Col("payment_method", S(20), lambda p: p.method, needed=True),
                Col("reference", S(50), lambda p: p.reference or None),
                Col("notes", sa.Text, lambda p: p.notes or None),
                Col("journal_no", S(10), lambda p: p.journal or None),
                Col("batch_id", sa.Integer, group_number),
            ],
            it.true_payments,
        ),
    ]


PLAIN: Truth = {
    "invoices.table": ("invoices",),
    "invoices.number": ("invoice_number",),
    "invoices.total": ("total",),
    "invoices.adjustments": ("column:adjustments",),
    "invoices.refunds": ("column:refunds",),
    "payments.table": ("payments",),
    "payments.key": ("payment_id",),
    "payments.key_source": ("generated",),
    "payments.invoice": ("invoice_id:invoice_id",),
    "payments.paid_on": ("payment_date",),
    "payments.amount": ("amount",),
    "payments.amount_sign": ("positive",),
    "payments.payment_type": ("payment_method",),
    "payments.added_payment_type": ("EFT",),
    "payments.reference": ("reference",),
    "payments.notes": ("notes",),
    "payments.journalled": ("not_null:journal_no",),
    "payments.multi_invoice": ("shared:batch_id",),
}

# ---------------------------------------- German, abbreviated, marks of one letter


def german(it: Books) -> list[Tab]:
    return [
        Tab(
            "T_RECHNG",
            [
                Col("RECHNR", S(12), lambda i: i.number, key=True),
                Col("KDNR", sa.Integer, lambda i: i.at % 9, needed=True),
                Col("KDNAME", S(60), lambda i: i.client),
                Col("AKTE", S(60), lambda i: i.case),
                Col("RECHDAT", sa.Date, lambda i: i.dated, needed=True),
                Col("FAELLIG", sa.Date, lambda i: i.due),
                Col("NETTO", MONEY, lambda i: i.net, needed=True),
                Col("MWST", MONEY, lambda i: i.tax, needed=True),
                Col("BRUTTO", MONEY, lambda i: i.total, needed=True),
                Col("OFFEN", MONEY, it.balance, needed=True),
            ],
            it.invoices,
        ),
        Tab(
            "T_ZAHLG",
            [
                counted("ZLGID", lambda p: p.at),
                Col("RECHNR", S(12), lambda p: p.invoice.number, to="T_RECHNG.RECHNR", needed=True),
                Col("ZLGDAT", sa.Date, lambda p: p.paid_on, needed=True),
                Col("BETRAG", MONEY, lambda p: p.amount, needed=True),
                Col("ZLGART", S(12), lambda p: GERMAN_METHODS[p.method], needed=True),
                Col("REFERENZ", S(40), lambda p: p.reference or None),
                Col("BEMERKUNG", S(250), lambda p: p.notes or None),
                Col("FIBUNR", S(10), lambda p: p.journal or None),
                Col("SAMMELNR", S(10), lambda p: p.group or None),
                Col("KZ_STORNO", S(1), lambda p: "J" if p.is_deleted else "N", needed=True),
                Col("ERFASST_AM", sa.DateTime, lambda p: datetime.combine(p.paid_on, time(9, 12))),
            ],
            it.payments,
        ),
    ]


GERMAN: Truth = {
    "invoices.table": ("T_RECHNG",),
    "invoices.number": ("RECHNR",),
    "invoices.total": ("BRUTTO",),
    "invoices.adjustments": ("unknown",),
    "invoices.refunds": ("unknown",),
    "payments.table": ("T_ZAHLG",),
    "payments.key": ("ZLGID",),
    "payments.key_source": ("generated",),
    "payments.invoice": ("RECHNR:RECHNR",),
    "payments.paid_on": ("ZLGDAT",),
    "payments.amount": ("BETRAG",),
    "payments.amount_sign": ("positive",),
    "payments.payment_type": ("ZLGART",),
    "payments.added_payment_type": ("Überweisung",),
    "payments.reference": ("REFERENZ",),
    "payments.notes": ("BEMERKUNG",),
    "payments.only.KZ_STORNO": ("equals:KZ_STORNO:N", "not_equals:KZ_STORNO:J"),
    "payments.journalled": ("not_null:FIBUNR",),
    "payments.multi_invoice": ("shared:SAMMELNR",),
}

# ---------------------------------------- Hungarian names, codes from a small table


def hungarian(it: Books) -> list[Tab]:
    return [
        Tab(
            "tblPayMethod",
            [
                Col("lngMethodID", sa.Integer, lambda m: METHODS[m], key=True),
                Col("strMethod", S(20), lambda m: m),
            ],
            METHODS,
        ),
        Tab(
            "tblInvoices",
            [
                counted("lngInvoiceID", lambda i: i.at),
                Col("strInvNo", S(10), lambda i: i.number, needed=True),
                Col("strBillTo", S(80), lambda i: i.client),
                Col("dtmInvDate", sa.DateTime, lambda i: at_midnight(i.dated)),
                Col("curSubTotal", MONEY, lambda i: i.net),
                Col("curGST", MONEY, lambda i: i.tax),
                Col("curTotal", MONEY, lambda i: i.total),
            ],
            it.invoices,
        ),
        Tab(
            "tblReceipts",
            [
                counted("lngReceiptID", lambda p: p.at),
                Col("lngInvoiceID", sa.Integer, lambda p: p.invoice.at, needed=True),
                Col("dtmReceiptDate", sa.DateTime, lambda p: at_midnight(p.paid_on), needed=True),
                Col("curAmount", MONEY, lambda p: p.amount, needed=True),
                Col("lngMethodID", sa.Integer, lambda p: METHODS[p.method], to="tblPayMethod.lngMethodID"),
                Col("strRef", S(30), lambda p: p.reference or None),
                Col("memNotes", sa.Text, lambda p: p.notes or None),
                Col("blnPosted", sa.Boolean, lambda p: bool(p.journal), needed=True),
                Col("lngBatch", sa.Integer, lambda p: group_number(p) or 0, needed=True),
                Col("strEnteredBy", S(20), lambda p: "ANN" if p.at % 2 else "BOB", needed=True),
            ],
            it.true_payments,
        ),
    ]


HUNGARIAN: Truth = {
    "invoices.table": ("tblInvoices",),
    "invoices.number": ("strInvNo",),
    "invoices.total": ("curTotal",),
    "invoices.adjustments": ("unknown",),
    "invoices.refunds": ("unknown",),
    "payments.table": ("tblReceipts",),
    "payments.key": ("lngReceiptID",),
    "payments.key_source": ("generated",),
    "payments.invoice": ("lngInvoiceID:lngInvoiceID",),
    "payments.paid_on": ("dtmReceiptDate",),
    "payments.amount": ("curAmount",),
    "payments.amount_sign": ("positive",),
    "payments.payment_type": ("lngMethodID",),
    "payments.added_payment_type": ("1",),
    "payments.reference": ("strRef",),
    "payments.notes": ("memNotes",),
    # MariaDB keeps true and false as numbers.
    "payments.journalled": ("equals:blnPosted:true", "equals:blnPosted:1"),
    "payments.multi_invoice": ("shared:lngBatch:0",),
    "payments.constants.strEnteredBy": ("CM-Xero Desk", "ANN"),
}

# ---------------------------------------- one table for everything, the number in each row


@dataclass(frozen=True)
class Moved:
    """A row of a table for everything."""

    at: int
    kind: str
    invoice: TrueInvoice
    day: date
    amount: Decimal
    payment: TruePayment | None = None


def moves(it: Books) -> Sequence[Moved]:
    found: list[Moved] = []

    def add(kind: str, invoice: TrueInvoice, day: date, amount: Decimal, payment: TruePayment | None = None) -> None:
        found.append(Moved(len(found) + 1, kind, invoice, day, amount, payment))

    for i in it.invoices:
        add("INV", i, i.dated, i.total)
        if i.adjustment:
            add("ADJ", i, i.dated, i.adjustment)
        if i.refund:
            add("REF", i, i.due, i.refund)
    for p in it.true_payments:
        add("PMT", p.invoice, p.paid_on, p.amount, p)
    return found


def one_table(it: Books) -> list[Tab]:
    return [
        Tab(
            "ar_transactions",
            [
                counted("tran_id", lambda m: m.at),
                Col("tran_type", S(3), lambda m: m.kind, needed=True),
                Col("inv_no", S(12), lambda m: m.invoice.number, needed=True),
                Col("tran_date", sa.Date, lambda m: m.day, needed=True),
                Col("amount", MONEY, lambda m: m.amount, needed=True),
                Col("pay_method", S(12), lambda m: m.payment and m.payment.method),
                Col("reference", S(40), lambda m: (m.payment and m.payment.reference) or None),
                Col("memo", sa.Text, lambda m: (m.payment and m.payment.notes) or None),
                Col("posted", S(1), lambda m: "N" if m.payment and not m.payment.journal else "Y", needed=True),
                Col("batch_no", S(6), lambda m: (m.payment and m.payment.group) or None),
                Col("customer", S(60), lambda m: m.invoice.client),
            ],
            moves(it),
        )
    ]


ONE_TABLE: Truth = {
    "invoices.table": ("ar_transactions",),
    "invoices.number": ("inv_no",),
    "invoices.total": ("amount",),
    "invoices.only.tran_type": ("equals:tran_type:INV",),
    "invoices.adjustments": ("table:ar_transactions:amount",),
    "invoices.adjustments.where": ("equals:tran_type:ADJ",),
    "invoices.adjustments.sign": ("positive",),
    "invoices.refunds": ("table:ar_transactions:amount",),
    "invoices.refunds.where": ("equals:tran_type:REF",),
    "invoices.refunds.sign": ("positive",),
    "payments.table": ("ar_transactions",),
    "payments.key": ("tran_id",),
    "payments.key_source": ("generated",),
    "payments.invoice": ("inv_no:inv_no",),
    "payments.paid_on": ("tran_date",),
    "payments.amount": ("amount",),
    "payments.amount_sign": ("positive",),
    "payments.payment_type": ("pay_method",),
    "payments.added_payment_type": ("EFT",),
    "payments.reference": ("reference",),
    "payments.notes": ("memo",),
    "payments.only.tran_type": ("equals:tran_type:PMT",),
    "payments.journalled": ("equals:posted:Y",),
    "payments.multi_invoice": ("shared:batch_no",),
}

# ---------------------------------------- all payments, refunds and adjustments in one table, signed, with codes

KINDS = {"Receipt": 10, "Refund": 20, "Adjustment": 30}


def signed(it: Books) -> list[Tab]:
    rows = [m for m in moves(it) if m.kind != "INV"]
    codes = {"PMT": 10, "REF": 20, "ADJ": 30}
    return [
        Tab("trx_types", [Col("code", sa.Integer, lambda k: KINDS[k], key=True), Col("descr", S(20), str)], KINDS),
        Tab(
            "bills",
            [
                counted("id", lambda i: i.at),
                Col("bill_no", sa.Integer, lambda i: int(i.number), needed=True, unique=True),
                Col("debtor", S(60), lambda i: i.client),
                Col("bill_date", sa.Date, lambda i: i.dated),
                Col("amount_incl", MONEY, lambda i: i.total),
                Col("amount_excl", MONEY, lambda i: i.net),
                Col("outstanding", MONEY, it.balance),
            ],
            it.invoices,
        ),
        Tab(
            "debtor_trx",
            [
                counted("id", lambda m: m.at),
                Col("bill_id", sa.Integer, lambda m: m.invoice.at, to="bills.id", needed=True),
                Col("trx_type", sa.Integer, lambda m: codes[m.kind], to="trx_types.code", needed=True),
                Col("trx_date", sa.Date, lambda m: m.day),
                Col("amount", MONEY, lambda m: -m.amount if m.kind == "PMT" else m.amount),
                Col("pay_method", S(12), lambda m: m.payment and m.payment.method),
                Col("ref_no", S(40), lambda m: (m.payment and m.payment.reference) or None),
                Col("comment", S(400), lambda m: (m.payment and m.payment.notes) or None),
                Col(
                    "jnl_no", sa.Integer, lambda m: int(m.payment.journal[1:]) if m.payment and m.payment.journal else 0
                ),
                Col("group_no", sa.Integer, lambda m: m.payment and group_number(m.payment)),
            ],
            rows,
        ),
    ]


SIGNED: Truth = {
    "invoices.table": ("bills",),
    "invoices.number": ("bill_no",),
    "invoices.total": ("amount_incl",),
    "invoices.adjustments": ("table:debtor_trx:amount",),
    "invoices.adjustments.where": ("equals:trx_type:30",),
    "invoices.adjustments.sign": ("positive",),
    "invoices.refunds": ("table:debtor_trx:amount",),
    "invoices.refunds.where": ("equals:trx_type:20",),
    "invoices.refunds.sign": ("positive",),
    "payments.table": ("debtor_trx",),
    "payments.key": ("id",),
    "payments.key_source": ("generated",),
    "payments.invoice": ("bill_id:id",),
    "payments.paid_on": ("trx_date",),
    "payments.amount": ("amount",),
    "payments.amount_sign": ("negative",),
    "payments.payment_type": ("pay_method",),
    "payments.added_payment_type": ("EFT",),
    "payments.reference": ("ref_no",),
    "payments.notes": ("comment",),
    "payments.only.trx_type": ("equals:trx_type:10",),
    "payments.journalled": ("not_equals:jnl_no:0",),
    "payments.multi_invoice": ("shared:group_no",),
}

# ---------------------------------------- a header and its lines


def header_and_lines(it: Books) -> list[Tab]:
    return [
        plain(it)[0],
        Tab(
            "receipts",
            [
                counted("receipt_id", lambda p: p.at),
                Col("receipt_date", sa.Date, lambda p: p.paid_on),
                Col("payer", S(60), lambda p: p.invoice.client),
                Col("receipt_total", MONEY, lambda p: p.amount),
                Col("method", S(20), lambda p: p.method),
                Col("reference", S(40), lambda p: p.reference or None),
                Col("notes", sa.Text, lambda p: p.notes or None),
            ],
            it.true_payments,
        ),
        Tab(
            "receipt_lines",
            [
                counted("line_id", lambda p: p.at),
                Col("receipt_id", sa.Integer, lambda p: p.at, to="receipts.receipt_id"),
                Col("invoice_id", sa.Integer, lambda p: p.invoice.at, to="invoices.invoice_id"),
                Col("amount", MONEY, lambda p: p.amount),
            ],
            it.true_payments,
        ),
    ]


# ---------------------------------------- what only a view can turn: other forms


def cents(it: Books) -> list[Tab]:
    invoices, payments = plain(it)
    return [
        replace(invoices, columns=[_in_cents(column) for column in invoices.columns]),
        replace(payments, columns=[_in_cents(column) for column in payments.columns]),
    ]


def _in_cents(column: Col) -> Col:
    return (
        replace(column, kind=sa.Integer, of=lambda item: int(column.of(item) * 100)) if column.kind is MONEY else column
    )


CENTS: Truth = {**PLAIN, "invoices.adjustments": ("unknown",), "invoices.refunds": ("unknown",)}


def text_dates(it: Books) -> list[Tab]:
    invoices, payments = plain(it)
    columns = [
        replace(c, kind=S(10), of=lambda p: p.paid_on.strftime("%d/%m/%Y")) if c.name == "payment_date" else c
        for c in payments.columns
    ]
    return [invoices, replace(payments, columns=columns)]


def prefixed(it: Books) -> list[Tab]:
    invoices, payments = plain(it)
    columns = [replace(c, of=lambda i: f"CM-{i.number}") if c.name == "invoice_number" else c for c in invoices.columns]
    return [replace(invoices, columns=columns), payments]


# ---------------------------------------- text keys, flags, other columns


def uuid_of(at: int) -> str:
    return str(UUID(int=(0x5A << 120) + at * 7919))


def text_keys(it: Books) -> list[Tab]:
    return [
        Tab(
            "InvHeader",
            [
                Col("InvGuid", S(36), lambda i: uuid_of(i.at), key=True),
                Col("InvoiceNo", S(12), lambda i: i.number, needed=True),
                Col("CustomerName", S(60), lambda i: i.client),
                Col("MatterName", S(60), lambda i: i.case),
                Col("InvoiceDate", sa.Date, lambda i: i.dated),
                Col("DueDate", sa.Date, lambda i: i.due),
                Col("GrossAmount", MONEY, lambda i: i.total),
                Col("TaxAmount", MONEY, lambda i: i.tax),
            ],
            it.invoices,
        ),
        Tab(
            "InvReceipt",
            [
                Col("RcptGuid", S(36), lambda p: uuid_of(10_000 + p.at), key=True),
                Col("InvGuid", S(36), lambda p: uuid_of(p.invoice.at), to="InvHeader.InvGuid", needed=True),
                Col("PaidDate", sa.Date, lambda p: p.paid_on),
                Col("PaidAmount", MONEY, lambda p: p.amount),
                Col("PayType", S(12), lambda p: p.method),
                Col("ChequeRef", S(40), lambda p: p.reference or None),
                Col("Comments", S(400), lambda p: p.notes or None),
                Col("JournalNo", S(8), lambda p: f"B{p.at:04d}", needed=True),
                Col("IsPosted", S(1), lambda p: "Y" if p.journal else "N", needed=True),
                Col("DepositGroup", S(8), lambda p: p.group or "0"),
                Col("Status", S(10), lambda p: "VOID" if p.is_deleted else "OK", needed=True),
            ],
            it.payments,
        ),
    ]


TEXT_KEYS: Truth = {
    "invoices.table": ("InvHeader",),
    "invoices.number": ("InvoiceNo",),
    "invoices.total": ("GrossAmount",),
    "invoices.adjustments": ("unknown",),
    "invoices.refunds": ("unknown",),
    "payments.table": ("InvReceipt",),
    "payments.key": ("RcptGuid",),
    "payments.key_source": ("uuid",),
    "payments.invoice": ("InvGuid:InvGuid",),
    "payments.paid_on": ("PaidDate",),
    "payments.amount": ("PaidAmount",),
    "payments.amount_sign": ("positive",),
    "payments.payment_type": ("PayType",),
    "payments.added_payment_type": ("EFT",),
    "payments.reference": ("ChequeRef",),
    "payments.notes": ("Comments",),
    "payments.only.Status": ("not_equals:Status:VOID", "equals:Status:OK"),
    # Here the journal's number is given when a payment is typed; what locks it is the flag.
    "payments.journalled": ("equals:IsPosted:Y",),
    "payments.multi_invoice": ("shared:DepositGroup:0",),
    "payments.constants.JournalNo": ("XERO",),
}


def soft_deleted(it: Books) -> list[Tab]:
    """Keep a payment that was deleted, with the moment of that; a draft of an invoice is marked, too."""
    invoices, payments = plain(it)
    drafts = [replace(i, at=1000 + i.at, number=f"D{i.number}") for i in it.invoices[:4]]
    return [
        replace(
            invoices,
            columns=[*invoices.columns, Col("is_draft", sa.Boolean, lambda i: i.at > 1000, needed=True)],
            items=[*it.invoices, *drafts],
        ),
        replace(
            payments,
            columns=[
                *payments.columns,
                Col("deleted_at", sa.DateTime, lambda p: at_midnight(p.paid_on) if p.is_deleted else None),
                Col("created_at", sa.DateTime, lambda p: datetime.combine(p.paid_on, time(16, 5))),
            ],
            items=it.payments,
        ),
    ]


SOFT_DELETED: Truth = {
    **PLAIN,
    "invoices.adjustments": ("column:adjustments",),
    "invoices.only.is_draft": ("equals:is_draft:false", "not_equals:is_draft:true", "equals:is_draft:0"),
    "invoices.only.others": ("equals:is_draft:false", "not_equals:is_draft:true", "equals:is_draft:0"),
    "payments.only.deleted_at": ("null:deleted_at",),
}


def companies(it: Books) -> list[Tab]:
    """Let two companies number their invoices alike; only the first one's are in Xero."""
    invoices, payments = plain(it)
    others = [replace(i, at=500 + i.at, net=i.net + 11) for i in it.invoices]
    by_number = {i.number: i for i in others}
    paid = [
        replace(p, at=700 + p.at, invoice=by_number[p.invoice.number], amount=p.amount + 11) for p in it.true_payments
    ]
    number = Col("invoice_number", S(20), lambda i: i.number, needed=True)
    return [
        replace(
            invoices,
            columns=[
                *(number if c.name == "invoice_number" else c for c in invoices.columns if c.name != "balance"),
                Col("company_code", S(4), lambda i: "BR02" if i.at > 500 else "BR01", needed=True),
            ],
            items=[*it.invoices, *others],
        ),
        replace(
            payments,
            columns=[
                *payments.columns,
                Col("company_code", S(4), lambda p: "BR02" if p.at > 700 else "BR01", needed=True),
            ],
            items=[*it.true_payments, *paid],
        ),
    ]


COMPANIES: Truth = {
    **PLAIN,
    "invoices.only.company_code": ("equals:company_code:BR01",),
    "payments.only.company_code": ("equals:company_code:BR01",),
}


def look_alikes(it: Books) -> list[Tab]:
    """Have a backup, an archive with rows of its own, and an import that waits."""
    invoices, payments = plain(it)
    bare = [replace(column, to="", counted=False) for column in payments.columns]
    old = [replace(p, at=9000 + p.at, paid_on=p.paid_on - timedelta(days=900)) for p in it.true_payments[:12]]
    waiting = [replace(p, at=8000 + p.at, paid_on=p.paid_on + timedelta(days=300)) for p in it.true_payments[:5]]
    return [
        invoices,
        payments,
        Tab("payments_backup", bare, it.true_payments[:20]),
        Tab("payments_archive", bare, old),
        Tab("payments_import", bare, waiting),
    ]


def creditors(it: Books) -> list[Tab]:
    """Keep what is paid to suppliers in tables that are built alike."""
    invoices, payments = plain(it)
    theirs = [replace(i, at=i.at, number=f"S{i.number}", net=i.net + 3) for i in it.invoices]
    by_at = {i.at: i for i in theirs}
    paid = [replace(p, invoice=by_at[p.invoice.at], amount=by_at[p.invoice.at].total) for p in it.true_payments]
    columns = [replace(c, to="supplier_invoices.invoice_id") if c.to else c for c in payments.columns]
    return [
        invoices,
        payments,
        Tab("supplier_invoices", [c for c in invoices.columns if c.name != "balance"], theirs),
        Tab("supplier_payments", columns, paid),
    ]


def adjusted_by_rows(it: Books) -> list[Tab]:
    """Give adjustments and refunds tables of their own; an adjustment is kept as what is owed less."""
    invoices, payments = plain(it)
    own = ("adjustments", "refunds")
    return [
        replace(invoices, columns=[column for column in invoices.columns if column.name not in own]),
        payments,
        Tab(
            "invoice_adjustments",
            [
                counted("adjustment_id", lambda i: i.at),
                Col("invoice_id", sa.Integer, lambda i: i.at, to="invoices.invoice_id"),
                Col("adjusted_on", sa.Date, lambda i: i.dated),
                Col("amount", MONEY, lambda i: -i.adjustment),
                Col("reason", S(60), lambda _: "agreed"),
            ],
            [i for i in it.invoices if i.adjustment],
        ),
        Tab(
            "refunds",
            [
                counted("refund_id", lambda i: i.at),
                Col("invoice_id", sa.Integer, lambda i: i.at, to="invoices.invoice_id"),
                Col("refund_date", sa.Date, lambda i: i.due),
                Col("amount", MONEY, lambda i: i.refund),
            ],
            [i for i in it.invoices if i.refund],
        ),
    ]


ADJUSTED_BY_ROWS: Truth = {
    **PLAIN,
    "invoices.adjustments": ("table:invoice_adjustments:amount",),
    "invoices.adjustments.where": ("all",),
    "invoices.adjustments.sign": ("negative",),
    "invoices.refunds": ("table:refunds:amount",),
    "invoices.refunds.where": ("all",),
    "invoices.refunds.sign": ("positive",),
}


def odd_names(it: Books) -> list[Tab]:
    """Name with blanks, quotes, signs, and words that SQL keeps for itself."""
    return [
        Tab(
            "Invoice's (all)",
            [
                counted("Invoice ID", lambda i: i.at),
                Col("Invoice No.", S(20), lambda i: i.number, needed=True),
                Col("order", S(20), lambda i: f"o{i.at}"),
                Col("Client Näme", S(80), lambda i: i.client),
                Col('Total "incl." %', MONEY, lambda i: i.total, needed=True),
            ],
            it.invoices,
        ),
        Tab(
            "Payment Récéipts %",
            [
                counted("Payment ID", lambda p: p.at),
                Col("Invoice ID", sa.Integer, lambda p: p.invoice.at, needed=True),
                Col("Date of payment", sa.Date, lambda p: p.paid_on, needed=True),
                Col("Amount:paid", MONEY, lambda p: p.amount, needed=True),
                Col("Type", S(20), lambda p: p.method, needed=True),
                Col("Ref/No", S(50), lambda p: p.reference or None),
                Col("Notes 'n stuff", sa.Text, lambda p: p.notes or None),
                Col("Journal #", S(10), lambda p: p.journal or None),
                Col("group", S(10), lambda p: p.group or None),
            ],
            it.true_payments,
        ),
    ]


ODD_NAMES: Truth = {
    "invoices.table": ("Invoice's (all)",),
    "invoices.number": ("Invoice No.",),
    "invoices.total": ('Total "incl." %',),
    "invoices.adjustments": ("unknown",),
    "invoices.refunds": ("unknown",),
    "payments.table": ("Payment Récéipts %",),
    "payments.key": ("Payment ID",),
    "payments.key_source": ("generated",),
    "payments.invoice": ("Invoice ID:Invoice ID",),
    "payments.paid_on": ("Date of payment",),
    "payments.amount": ("Amount:paid",),
    "payments.amount_sign": ("positive",),
    "payments.payment_type": ("Type",),
    "payments.added_payment_type": ("EFT",),
    "payments.reference": ("Ref/No",),
    "payments.notes": ("Notes 'n stuff",),
    "payments.journalled": ("not_null:Journal #",),
    "payments.multi_invoice": ("shared:group",),
}


def several_days(it: Books) -> list[Tab]:
    """Put three days beside each payment, and give the one that counts a time."""
    invoices, payments = plain(it)
    columns = [c for c in payments.columns if c.name != "payment_date"]
    days = [
        Col("received_on", sa.DateTime, lambda p: datetime.combine(p.paid_on, time(14, 30)), needed=True),
        Col("banked_on", sa.Date, lambda p: p.paid_on + timedelta(days=1)),
        Col("value_date", sa.Date, lambda p: p.paid_on + timedelta(days=2)),
    ]
    return [invoices, replace(payments, columns=[*columns, *days])]


SEVERAL_DAYS: Truth = {**PLAIN, "payments.paid_on": ("received_on",), "payments.paid_on.times": ("local",)}


def several_amounts(it: Books) -> list[Tab]:
    """Keep several totals, and amounts in two currencies; only the true ones are ever paid in full."""
    invoices, payments = plain(it)
    return [
        replace(
            invoices,
            columns=[
                *(c for c in invoices.columns if c.name not in {"total", "balance", "adjustments", "refunds"}),
                Col("total_fees", MONEY, lambda i: i.net),
                Col("total_tax", MONEY, lambda i: i.tax),
                Col("total_incl", MONEY, lambda i: i.total),
                Col("total_base", MONEY, lambda i: (i.total * Decimal("0.61")).quantize(Decimal("0.01"))),
            ],
        ),
        replace(
            payments,
            columns=[
                *payments.columns,
                Col("amount_base", MONEY, lambda p: (p.amount * Decimal("0.6")).quantize(Decimal("0.01"))),
            ],
        ),
    ]


SEVERAL_AMOUNTS: Truth = {
    **PLAIN,
    "invoices.total": ("total_incl",),
    "invoices.adjustments": ("unknown",),
    "invoices.refunds": ("unknown",),
}

_OLD_PAYMENTS = (
    "CREATE VIEW v_payments AS SELECT payment_id, invoice_id, payment_date, amount, payment_method, reference, notes, "
    "journal_no, batch_id FROM payments"
)
_OPEN_INVOICES = (
    "CREATE VIEW open_invoices AS SELECT invoice_id, invoice_number, client_name, total, balance FROM invoices "
    "WHERE balance > 0"
)

FIRMS: tuple[LegacyFirm, ...] = (
    LegacyFirm("plain English", plain, PLAIN),
    LegacyFirm("German, abbreviated", german, GERMAN),
    LegacyFirm("Hungarian names and codes", hungarian, HUNGARIAN),
    LegacyFirm("one table for everything", one_table, ONE_TABLE),
    LegacyFirm("signed amounts with codes", signed, SIGNED),
    LegacyFirm("a header and its lines", header_and_lines, {}, obstacle="needs them in one row"),
    LegacyFirm("amounts in cents", cents, CENTS, obstacle="whole numbers, which may be cents"),
    LegacyFirm("days as text", text_dates, PLAIN, obstacle="dates in a way of its own"),
    LegacyFirm("numbers with the prefix", prefixed, PLAIN, obstacle="begin with CM-"),
    LegacyFirm("text keys and a status", text_keys, TEXT_KEYS),
    LegacyFirm("soft deletes and drafts", soft_deleted, SOFT_DELETED),
    LegacyFirm("several companies", companies, COMPANIES),
    LegacyFirm("tables that look alike", look_alikes, PLAIN),
    LegacyFirm("creditors beside debtors", creditors, PLAIN),
    LegacyFirm("adjustments row by row", adjusted_by_rows, ADJUSTED_BY_ROWS),
    LegacyFirm("odd names", odd_names, ODD_NAMES),
    LegacyFirm("several days", several_days, SEVERAL_DAYS),
    LegacyFirm("several amounts", several_amounts, SEVERAL_AMOUNTS),
    LegacyFirm("views for old programs", plain, PLAIN, views=(_OLD_PAYMENTS, _OPEN_INVOICES)),
    LegacyFirm("no rows yet", plain, PLAIN, has_rows=False),
)
