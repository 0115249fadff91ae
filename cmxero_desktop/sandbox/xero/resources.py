"""The accounting API's resources: their records, what filters and orders them, and their scopes."""

from collections.abc import Mapping

from cmxero_desktop.sandbox.ledger.entries import (
    Account,
    BatchPayment,
    Credit,
    CreditKind,
    Invoice,
    Organisation,
    Payment,
)
from cmxero_desktop.sandbox.ledger.ledger import Ledger
from cmxero_desktop.sandbox.xero import wire
from cmxero_desktop.sandbox.xero.accounting import Answers, Resource
from cmxero_desktop.sandbox.xero.filters import Field
from cmxero_desktop.sandbox.xero.history import invoice_lines, payment_lines

_SUMMARY_LEAVES_OUT = frozenset({"Payments", "CreditNotes", "Prepayments", "Overpayments", "LineItems"})


def resources() -> dict[str, Answers]:
    """Return every resource by the last part of its path, in lower case."""
    table: list[tuple[str, Answers]] = [
        ("organisation", _organisation()),
        ("accounts", _accounts()),
        ("payments", _payments()),
        ("invoices", _invoices()),
        ("batchpayments", _batches()),
        ("creditnotes", _credits(CreditKind.CREDIT_NOTE, _scopes("invoices"))),
        ("overpayments", _credits(CreditKind.OVERPAYMENT, _scopes("payments"))),
        ("prepayments", _credits(CreditKind.PREPAYMENT, _scopes("payments"))),
    ]
    return dict(table)


def _scopes(area: str) -> frozenset[str]:
    return frozenset({f"accounting.{area}", f"accounting.{area}.read"})


def _organisation() -> Resource[Organisation]:
    return Resource(
        name="Organisations",
        scopes=_scopes("settings"),
        records=lambda ledger: [ledger.organisation],
        find=lambda _ledger, _id: None,
        row=lambda _ledger, organisation, _paged: wire.organisation_row(organisation),
        one_row=lambda _ledger, organisation: wire.organisation_row(organisation),
        has_pages=False,
    )


def _accounts() -> Resource[Account]:
    return Resource(
        name="Accounts",
        scopes=_scopes("settings"),
        records=lambda ledger: ledger.accounts.values(),
        find=lambda ledger, key: ledger.accounts.get(key.lower()),
        row=lambda _ledger, account, _paged: wire.account_row(account),
        one_row=lambda _ledger, account: wire.account_row(account),
        updated_at=lambda account: account.updated_at,
        fields={
            "Type": Field(lambda account: account.account_type),
            "Class": Field(lambda account: account.account_class),
            "Code": Field(lambda account: account.code),
            "Status": Field(lambda _account: "ACTIVE"),
        },
        has_pages=False,
    )


def _payments() -> Resource[Payment]:
    return Resource(
        name="Payments",
        scopes=_scopes("payments"),
        records=lambda ledger: ledger.payments.values(),
        find=lambda ledger, key: ledger.payments.get(key.lower()),
        row=lambda ledger, payment, _paged: wire.payment_row(ledger, payment),
        one_row=lambda ledger, payment: wire.payment_row(ledger, payment, by_id=True),
        updated_at=lambda payment: payment.updated_at,
        fields={
            "PaymentType": Field(lambda payment: payment.payment_type),
            "Status": Field(lambda payment: payment.status),
            "Date": Field(lambda payment: payment.paid_on),
            "Reference": Field(lambda payment: payment.reference),
            "Invoice.InvoiceID": Field(lambda payment: payment.document_id, may_or=True),
            "PaymentID": Field(lambda payment: payment.payment_id, may_or=True),
        },
        orders={
            "UpdatedDateUTC": lambda payment: payment.updated_at.isoformat(timespec="milliseconds"),
            "Date": lambda payment: payment.paid_on.isoformat(),
            "PaymentID": lambda payment: payment.payment_id,
        },
        lines=payment_lines,
    )


def _invoices() -> Resource[Invoice]:
    return Resource(
        name="Invoices",
        scopes=_scopes("invoices"),
        records=lambda ledger: ledger.invoices.values(),
        find=_find_invoice,
        row=lambda ledger, invoice, is_paged: wire.invoice_row(ledger, invoice, with_lines=is_paged),
        one_row=lambda ledger, invoice: wire.invoice_row(ledger, invoice, by_id=True),
        updated_at=lambda invoice: invoice.updated_at,
        fields={
            "Status": Field(lambda invoice: invoice.status),
            "Type": Field(lambda invoice: str(invoice.invoice_type)),
            "Date": Field(lambda invoice: invoice.issued_on),
            "DueDate": Field(lambda invoice: invoice.due_on),
            "AmountDue": Field(lambda invoice: invoice.due_cents),
            "AmountPaid": Field(lambda invoice: invoice.paid_cents),
            "Reference": Field(lambda invoice: invoice.reference),
            "Contact.ContactID": Field(lambda invoice: invoice.contact.contact_id),
            "Contact.Name": Field(lambda invoice: invoice.contact.name),
        },
        orders={
            "UpdatedDateUTC": lambda invoice: invoice.updated_at.isoformat(timespec="milliseconds"),
            "Date": lambda invoice: invoice.issued_on.isoformat(),
            "InvoiceID": lambda invoice: invoice.invoice_id,
        },
        lists={
            "IDs": lambda invoice: invoice.invoice_id,
            "InvoiceNumbers": lambda invoice: invoice.number,
            "Statuses": lambda invoice: invoice.status,
            "ContactIDs": lambda invoice: invoice.contact.contact_id,
        },
        search=lambda invoice: f"{invoice.number} {invoice.reference} {invoice.contact.name}",
        summary_leaves_out=_SUMMARY_LEAVES_OUT,
        lines=invoice_lines,
    )


def _find_invoice(ledger: Ledger, key: str) -> Invoice | None:
    by_number = (invoice for invoice in ledger.invoices.values() if invoice.number == key)
    return ledger.invoices.get(key.lower()) or next(by_number, None)


def _batches() -> Resource[BatchPayment]:
    return Resource(
        name="BatchPayments",
        scopes=_scopes("payments"),
        records=lambda ledger: ledger.batches.values(),
        find=lambda ledger, key: ledger.batches.get(key.lower()),
        row=lambda ledger, batch, _paged: wire.batch_row(ledger, batch),
        one_row=wire.batch_row,
        updated_at=lambda batch: batch.updated_at,
        fields={
            "Type": Field(lambda _batch: "RECBATCH"),
            "Status": Field(lambda batch: batch.status),
            "Account.AccountID": Field(lambda batch: batch.account_id),
        },
        has_pages=False,
    )


def _credits(kind: CreditKind, scopes: frozenset[str]) -> Resource[Credit]:
    def find(ledger: Ledger, key: str) -> Credit | None:
        credit = ledger.credits.get(key.lower())
        return credit if credit is not None and credit.kind is kind else None

    fields: Mapping[str, Field[Credit]] = {
        "Status": Field(lambda credit: credit.status),
        "Date": Field(lambda credit: credit.issued_on),
        "Reference": Field(lambda credit: credit.reference),
        "Contact.ContactID": Field(lambda credit: credit.contact.contact_id),
        "Contact.Name": Field(lambda credit: credit.contact.name),
        "Type": Field(lambda credit: wire.CREDIT_TYPE[credit.kind]),
    }
    return Resource(
        name=f"{kind}s",
        scopes=scopes,
        records=lambda ledger: ledger.credits_of_kind(kind),
        find=find,
        row=lambda ledger, credit, _paged: wire.credit_row(ledger, credit),
        one_row=wire.credit_row,
        updated_at=lambda credit: credit.updated_at,
        fields=fields,
        orders={
            "UpdatedDateUTC": lambda credit: credit.updated_at.isoformat(timespec="milliseconds"),
            "Date": lambda credit: credit.issued_on.isoformat(),
            f"{kind}ID": lambda credit: credit.credit_id,
        },
    )
