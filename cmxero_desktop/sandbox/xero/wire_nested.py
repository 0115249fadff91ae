"""The parts of other records that Xero nests in a row, each with the few fields that it keeps there."""

from cmxero_desktop.sandbox.ledger.entries import Account, BatchPayment, Contact, Credit, CreditKind, Payment
from cmxero_desktop.sandbox.xero.messages import Json, JsonValue
from cmxero_desktop.sandbox.xero.wire_values import calendar_date, instant, number


def nested_account(account: Account) -> Json:
    """Write the account that something was paid to."""
    nested: Json = {"AccountID": account.account_id, "Name": account.name}
    if account.code is not None:
        nested["Code"] = account.code
    return nested


def nested_contact(contact: Contact) -> Json:
    """Write who is billed."""
    return {
        "ContactID": contact.contact_id,
        "Name": contact.name,
        "ContactGroups": [],
        "ContactPersons": [],
        "Addresses": [],
        "Phones": [],
        "HasValidationErrors": False,
    }


def nested_batch(batch: BatchPayment) -> Json:
    """Write the batch that a payment is a part of."""
    return {
        "BatchPaymentID": batch.batch_id,
        "Date": calendar_date(batch.paid_on),
        "Type": "RECBATCH",
        "Status": batch.status,
        "TotalAmount": number(batch.total_cents),
        "UpdatedDateUTC": instant(batch.updated_at),
        "IsReconciled": batch.is_reconciled,
    }


def nested_payment(payment: Payment, *, by_id: bool) -> Json:
    """Write a payment as its invoice nests it: without status, type and stamp."""
    # Answers by id name the batch where lists name the payment: nested ids of such an answer are no keys.
    nested: Json = {
        "PaymentID": payment.batch_id if by_id and payment.batch_id else payment.payment_id,
        "Date": calendar_date(payment.paid_on),
        "Amount": number(payment.amount_cents),
        "CurrencyRate": 1 if by_id else 0,
        "HasAccount": False,
        "HasValidationErrors": False,
    }
    if payment.reference is not None:
        nested["Reference"] = payment.reference
    return nested


def nested_credits(credits_applied: list[Credit], kind: CreditKind, invoice_id: str) -> list[JsonValue]:
    """Write what credits of one kind settled of an invoice."""
    return [
        {
            f"{kind}ID": credit.credit_id,
            **({"CreditNoteNumber": credit.number} if kind is CreditKind.CREDIT_NOTE else {}),
            "AppliedAmount": number(
                sum(each.amount_cents for each in credit.allocations if each.invoice_id == invoice_id)
            ),
            "Date": calendar_date(credit.issued_on),
            "Total": number(credit.total_cents),
        }
        for credit in credits_applied
        if credit.kind == kind
    ]


def nested_document(
    document_type: str, document_id: str, document_number: str, contact: Contact, currency: str
) -> Json:
    """Write what a payment is for, as lists have it."""
    return {
        "Type": document_type,
        "InvoiceID": document_id,
        "InvoiceNumber": document_number,
        "Payments": [],
        "CreditNotes": [],
        "Prepayments": [],
        "Overpayments": [],
        "IsDiscounted": False,
        "HasErrors": False,
        "Contact": nested_contact(contact),
        "LineItems": [],
        "CurrencyCode": currency,
    }
