"""The JSON of accounting records as Xero sends it, with the quirks that a reader has to survive."""

import uuid
from datetime import datetime

from cmxero_desktop.sandbox.ledger.entries import (
    REFUNDED_DOCUMENT_TYPE,
    Account,
    BatchPayment,
    Credit,
    CreditKind,
    Invoice,
    Organisation,
    Payment,
)
from cmxero_desktop.sandbox.ledger.state import LedgerState
from cmxero_desktop.sandbox.xero.messages import Json
from cmxero_desktop.sandbox.xero.wire_nested import (
    nested_account,
    nested_batch,
    nested_contact,
    nested_credits,
    nested_document,
    nested_payment,
)
from cmxero_desktop.sandbox.xero.wire_values import calendar_date, instant, milliseconds, number

PROVIDER = "CM-Xero Desk sandbox"
CREDIT_TYPE = {
    CreditKind.CREDIT_NOTE: "ACCRECCREDIT",
    CreditKind.OVERPAYMENT: "RECEIVE-OVERPAYMENT",
    CreditKind.PREPAYMENT: "RECEIVE-PREPAYMENT",
}


def envelope(name: str, rows: list[Json], now: datetime, pagination: Json | None = None) -> Json:
    """Wrap rows in what every answer of the accounting API begins with."""
    head: Json = {
        "Id": str(uuid.uuid4()),
        "Status": "OK",
        "ProviderName": PROVIDER,
        "DateTimeUTC": f"/Date({milliseconds(now)})/",
    }
    if pagination is not None:
        head["pagination"] = pagination
    head[name] = rows
    return head


def organisation_row(organisation: Organisation) -> Json:
    """Write the organisation; a lock date that nobody set is not there."""
    locks = {"PeriodLockDate": organisation.period_lock, "EndOfYearLockDate": organisation.year_end_lock}
    return {
        "Name": organisation.name,
        "LegalName": organisation.name,
        "PaysTax": True,
        "Version": organisation.country,
        "OrganisationType": "COMPANY",
        "BaseCurrency": organisation.currency,
        "CountryCode": organisation.country,
        "IsDemoCompany": False,
        "OrganisationStatus": "ACTIVE",
        "FinancialYearEndDay": 30,
        "FinancialYearEndMonth": 6,
        "DefaultSalesTax": "Tax Inclusive",
        "Timezone": organisation.time_zone,
        "OrganisationEntityType": "COMPANY",
        "ShortCode": organisation.short_code,
        "OrganisationID": organisation.organisation_id,
        "Edition": "BUSINESS",
        "Class": "PREMIUM",
        "Addresses": [],
        "Phones": [],
        "ExternalLinks": [],
        "PaymentTerms": {},
        **{name: calendar_date(day) for name, day in locks.items() if day is not None},
    }


def account_row(account: Account) -> Json:
    """Write an account."""
    row = nested_account(account)
    row.update(
        Status="ACTIVE",
        Type=account.account_type,
        Class=account.account_class,
        EnablePaymentsToAccount=True,
        ShowInExpenseClaims=False,
        HasAttachments=False,
        UpdatedDateUTC=instant(account.updated_at),
        AddToWatchlist=False,
    )
    if account.account_type == "BANK":
        row.update(BankAccountNumber="062000112233", BankAccountType="BANK", CurrencyCode="AUD")
    return row


def payment_row(ledger: LedgerState, payment: Payment, *, by_id: bool = False) -> Json:
    """Write a payment as the list has it, or as it is answered by its id."""
    row: Json = {
        "PaymentID": payment.payment_id,
        "Date": calendar_date(payment.paid_on),
        "BankAmount": number(payment.amount_cents),
        "Amount": number(payment.amount_cents),
        # Zero in lists and one by id for the same payment: never to be multiplied by.
        "CurrencyRate": 1 if by_id else 0,
        "PaymentType": payment.payment_type,
        "Status": payment.status,
        "UpdatedDateUTC": instant(payment.updated_at),
        "HasAccount": True,
        "IsReconciled": payment.is_reconciled,
        "Account": nested_account(ledger.accounts[payment.account_id]),
        "Invoice": _paid_document(ledger, payment, by_id=by_id),
        "HasValidationErrors": False,
    }
    if payment.reference is not None:
        row["Reference"] = payment.reference
    if payment.batch_id is not None:
        row["BatchPaymentID"] = payment.batch_id
        row["BatchPayment"] = nested_batch(ledger.batches[payment.batch_id])
    return row


def invoice_row(ledger: LedgerState, invoice: Invoice, *, with_lines: bool = True, by_id: bool = False) -> Json:
    """Write an invoice; without paging Xero leaves the line items out."""
    credits_applied = ledger.credits_applied_to(invoice.invoice_id)
    row: Json = {
        "Type": invoice.invoice_type,
        "InvoiceID": invoice.invoice_id,
        "InvoiceNumber": invoice.number,
        "Reference": invoice.reference,
        "Payments": [nested_payment(each, by_id=by_id) for each in ledger.live_payments(invoice.invoice_id)],
        "CreditNotes": nested_credits(credits_applied, CreditKind.CREDIT_NOTE, invoice.invoice_id),
        "Prepayments": nested_credits(credits_applied, CreditKind.PREPAYMENT, invoice.invoice_id),
        "Overpayments": nested_credits(credits_applied, CreditKind.OVERPAYMENT, invoice.invoice_id),
        "AmountDue": number(invoice.due_cents),
        "AmountPaid": number(invoice.paid_cents),
        "AmountCredited": number(invoice.credited_cents),
        "CurrencyRate": 1,
        "IsDiscounted": False,
        "HasAttachments": False,
        "HasErrors": False,
        "Contact": nested_contact(invoice.contact),
        "DateString": f"{invoice.issued_on}T00:00:00",
        "Date": calendar_date(invoice.issued_on),
        "DueDateString": f"{invoice.due_on}T00:00:00",
        "DueDate": calendar_date(invoice.due_on),
        "Status": invoice.status,
        "LineAmountTypes": "Inclusive",
        "LineItems": [_line(invoice)] if with_lines else [],
        "SubTotal": number(invoice.total_cents),
        "TotalTax": 0,
        "Total": number(invoice.total_cents),
        "UpdatedDateUTC": instant(invoice.updated_at),
        "CurrencyCode": invoice.currency,
    }
    if invoice.fully_paid_on is not None:
        row["FullyPaidOnDate"] = calendar_date(invoice.fully_paid_on)
    return row


def credit_row(ledger: LedgerState, credit: Credit) -> Json:
    """Write a credit note, an overpayment or a prepayment with its allocations."""
    row: Json = {
        f"{credit.kind}ID": credit.credit_id,
        "Type": CREDIT_TYPE[credit.kind],
        "Contact": nested_contact(credit.contact),
        "DateString": f"{credit.issued_on}T00:00:00",
        "Date": calendar_date(credit.issued_on),
        "Status": credit.status,
        "LineAmountTypes": "Inclusive",
        "LineItems": [],
        "SubTotal": number(credit.total_cents),
        "TotalTax": 0,
        "Total": number(credit.total_cents),
        "UpdatedDateUTC": instant(credit.updated_at),
        "CurrencyCode": credit.currency,
        "CurrencyRate": 1,
        "RemainingCredit": number(credit.remaining_cents),
        "Allocations": [
            {
                "AllocationID": each.allocation_id,
                "Amount": number(each.amount_cents),
                "Date": calendar_date(each.applied_on),
                "Invoice": {
                    "InvoiceID": each.invoice_id,
                    "InvoiceNumber": ledger.invoices[each.invoice_id].number,
                },
                "IsDeleted": False,
            }
            for each in credit.allocations
        ],
        "Payments": [nested_payment(each, by_id=False) for each in ledger.live_payments(credit.credit_id)],
        "HasAttachments": False,
        "Reference": credit.reference,
    }
    if credit.kind is CreditKind.CREDIT_NOTE:
        row["CreditNoteNumber"] = credit.number
    return row


def batch_row(ledger: LedgerState, batch: BatchPayment) -> Json:
    """Write a batch payment with its parts."""
    row = nested_batch(batch)
    row["Account"] = nested_account(ledger.accounts[batch.account_id])
    row["Reference"] = batch.reference
    row["Payments"] = [
        {
            "PaymentID": payment.payment_id,
            "Amount": number(payment.amount_cents),
            "Invoice": {"InvoiceID": payment.document_id},
        }
        for payment in map(ledger.payments.__getitem__, batch.payment_ids)
        if payment.is_live
    ]
    return row


def _paid_document(ledger: LedgerState, payment: Payment, *, by_id: bool) -> Json:
    invoice = ledger.invoices.get(payment.document_id)
    if invoice is None:
        credit = ledger.credits[payment.document_id]
        return nested_document(
            REFUNDED_DOCUMENT_TYPE[credit.kind],
            credit.credit_id,
            credit.number,
            credit.contact,
            credit.currency,
        )
    if by_id:
        return invoice_row(ledger, invoice, with_lines=False, by_id=True)
    return nested_document(invoice.invoice_type, invoice.invoice_id, invoice.number, invoice.contact, invoice.currency)


def _line(invoice: Invoice) -> Json:
    return {
        "LineItemID": invoice.invoice_id,
        "Description": "Rehabilitation services",
        "UnitAmount": number(invoice.total_cents),
        "TaxType": "EXEMPTOUTPUT",
        "TaxAmount": 0,
        "LineAmount": number(invoice.total_cents),
        "AccountCode": "200",
        "Tracking": [],
        "Quantity": 1,
    }
