"""What kind of account a payment went to, and which accounts a person is asked about, once each (R3)."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from cmxero_desktop.domain.money import Money, total
from cmxero_desktop.domain.policy import Policy
from cmxero_desktop.domain.records import Account, XeroPayment
from cmxero_desktop.domain.scope import is_instalment, is_kept_flagged, is_never_copied, is_trusted

_BANK = "BANK"
_MOST_NAMED = 3


class AccountAnswer(StrEnum):
    """What a person may say once of all payments to an account."""

    TRUST = "payment-type"
    NEVER_COPY = "never-copy"
    KEEP_FLAGGING = "keep-flagging"


@dataclass(frozen=True, slots=True)
class NamedPayment:
    """One of the payments that a question is about, as a person finds it."""

    invoice_number: str
    paid_on: date
    amount: Money
    page: str


@dataclass(frozen=True, slots=True)
class AskedPayment:
    """A payment that went to such an account: its invoice, date and amount, and the page on which it stands."""

    payment: XeroPayment
    invoice_number: str
    page: str

    @property
    def named(self) -> NamedPayment:
        """It as it is kept with the question."""
        return NamedPayment(self.invoice_number, self.payment.paid_on, self.payment.amount, self.page)


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountQuestion:
    """An account that nobody has spoken of yet: how many live payments went there, their sum and the newest."""

    account_id: str
    code: str
    name: str
    payments: int
    amount: Money
    named: tuple[NamedPayment, ...] = ()

    @property
    def account(self) -> str:
        """What the settings call the account: its code, else its name."""
        return self.code or self.name

    @property
    def title(self) -> str:
        """What a person calls it."""
        return title_of(self.code, self.name)


def title_of(code: str, name: str) -> str:
    """Return what a person calls an account."""
    return f"{name} ({code})" if name and code else name or code


def is_not_bank(payment: XeroPayment, policy: Policy) -> bool:
    """Say whether the account is known to be no bank, and neither named in the settings nor the clearing one."""
    is_known_other = bool(payment.account_type) and payment.account_type.upper() != _BANK
    return is_known_other and not is_trusted(payment, policy) and not is_instalment(payment, policy)


def names_of(account: Account) -> frozenset[str]:
    """Return what an account may be called, as names are compared."""
    return frozenset({account.account_id.casefold(), account.code.casefold(), account.name.casefold()} - {""})


def questions_of(payments: Iterable[XeroPayment], policy: Policy) -> tuple[AccountQuestion, ...]:
    """Return the accounts of live payments about which nobody has said anything, in the order of their codes.

    The sum is in the organisation's currency; what is in another one is counted only.
    """
    found: dict[str, list[XeroPayment]] = defaultdict(list)
    for payment in questioned_among(payments, policy):
        found[payment.account_id.casefold()].append(payment)
    questions = (_question(some, policy) for some in found.values())
    return tuple(sorted(questions, key=lambda question: (question.account, question.account_id)))


def with_names(question: AccountQuestion, asked: Iterable[AskedPayment]) -> AccountQuestion:
    """Name the newest payments of a question: nobody can answer what was paid to nobody knows where."""
    own = [one.named for one in asked if one.payment.account_id.casefold() == question.account_id.casefold()]
    newest = sorted(own, key=lambda one: (-one.paid_on.toordinal(), one.invoice_number, one.amount.minor))
    return replace(question, named=tuple(newest[:_MOST_NAMED]))


def questioned_among(payments: Iterable[XeroPayment], policy: Policy) -> Iterable[XeroPayment]:
    """Return the live payments that went to accounts about which nobody has said anything."""
    return (payment for payment in payments if payment.is_live and _is_open(payment, policy))


def _is_open(payment: XeroPayment, policy: Policy) -> bool:
    is_answered = is_never_copied(payment, policy) or is_kept_flagged(payment, policy)
    # What has neither code nor name cannot be spoken of in the settings.
    has_name = bool(payment.account_code or payment.account_name)
    return has_name and not is_answered and is_not_bank(payment, policy)


def _question(payments: list[XeroPayment], policy: Policy) -> AccountQuestion:
    first = payments[0]
    return AccountQuestion(
        account_id=first.account_id,
        code=first.account_code,
        name=first.account_name,
        payments=len(payments),
        amount=total((p.amount for p in payments if p.amount.currency == policy.currency), policy.currency),
    )
