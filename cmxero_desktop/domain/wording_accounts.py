"""What is said of the accounts in Xero that payments went to."""

from cmxero_desktop.domain.accounts import AccountAnswer, AccountQuestion
from cmxero_desktop.domain.records import XeroPayment
from cmxero_desktop.domain.wording import day, paid
from cmxero_desktop.domain.words_of_rules import ANSWER_WORDS

ACCOUNTS_KNOWN = "Every account that payments went to is a bank, or a person said what it is."


def never_copied(xero: XeroPayment) -> str:
    """Explain ACCOUNT (R3)."""
    return f"{paid(xero)} went to {xero.account_name or xero.account_code}, whose payments are never copied."


def not_bank(xero: XeroPayment) -> str:
    """Explain `not_bank` (R3)."""
    return f"Paid to {xero.account_name or xero.account_code}, which is no bank account."


def account_asked(question: AccountQuestion) -> str:
    """Ask about an account, with what went there (R3)."""
    many = f"{question.payments} payments" if question.payments != 1 else "1 payment"
    were = "were" if question.payments != 1 else "was"
    sum_ = f", {question.amount} in all," if question.payments != 1 else f" of {question.amount}"
    named = named_payments(question)
    about = f": {named}" if named else ""
    return f"{many}{sum_} {were} paid to {question.title} in Xero, which is no bank account{about}."


def named_payments(question: AccountQuestion) -> str:
    """Name the newest payments of a question with invoice, date, amount and page, and count the others."""
    told = [
        f"{one.amount} on {one.invoice_number or 'no CM invoice'} of {day(one.paid_on)} (in {one.page})"
        for one in question.named
    ]
    more = question.payments - len(told)
    return ", ".join([*told, *([f"and {more} more"] if told and more > 0 else [])])


def account_said(title: str, answer: AccountAnswer, payment_type: str) -> str:
    """Say what was answered about an account (R3)."""
    words = ANSWER_WORDS[answer]
    of = f" {payment_type}" if answer is AccountAnswer.TRUST else ""
    return f"{title}: {words.short.lower()}{of}. {words.meaning}"
