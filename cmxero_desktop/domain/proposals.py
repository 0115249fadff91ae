"""A proposed change to Case Manager: what would be written, on what evidence, and its legal moves."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from cmxero_desktop.domain.identifiers import (
    CaseInvoiceId,
    Fingerprint,
    ProposalId,
    XeroInvoiceId,
    XeroPaymentId,
)
from cmxero_desktop.domain.money import Money
from cmxero_desktop.domain.records import CasePayment, XeroPayment
from cmxero_desktop.domain.rules import Rule

_ID_LENGTH = 12
_CANONICAL = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)


class ProposalKind(StrEnum):
    """The four changes that make Case Manager mirror Xero."""

    ADD = "add"
    LINK = "link"
    CHANGE = "change"
    REMOVE = "remove"


class Flag(StrEnum):
    """What a person must look at before approving; a flagged proposal is never approved in bulk (R26)."""

    NEAR_DOUBLE = "near_double"
    WOULD_OVERPAY = "would_overpay"
    TWIN = "twin"
    SOR = "sor"
    JOURNALLED_COUNTERPART = "journalled_counterpart"
    OVER_LIMIT = "over_limit"


# These depend on other rows and on what was released, so they are judged anew each time and are no part of the facts.
# A twin is one: applying the other half of a pair of equals must not bring back what a person rejected (R31).
CIRCUMSTANTIAL_FLAGS = frozenset({Flag.WOULD_OVERPAY, Flag.OVER_LIMIT, Flag.TWIN})
# While one of these stands the proposal cannot be approved at all (R24, R27).
BLOCKING_FLAGS = frozenset({Flag.WOULD_OVERPAY, Flag.OVER_LIMIT})


class ProposalState(StrEnum):
    """Where a proposal is on its way from Xero to Case Manager."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    APPLYING = "applying"
    APPLIED = "applied"
    UNDONE = "undone"
    HELD = "held"
    REJECTED = "rejected"
    STALE = "stale"
    FAILED = "failed"
    SUPERSEDED = "superseded"


OPEN_STATES = frozenset(
    {
        ProposalState.PROPOSED,
        ProposalState.APPROVED,
        ProposalState.APPLYING,
        ProposalState.HELD,
        ProposalState.STALE,
        ProposalState.FAILED,
    }
)
# A person said no; the same facts do not bring the proposal back (R31).
DECLINED_STATES = frozenset({ProposalState.HELD, ProposalState.REJECTED, ProposalState.UNDONE})

_P = ProposalState
LEGAL_MOVES: Mapping[ProposalState, frozenset[ProposalState]] = MappingProxyType(
    {
        _P.PROPOSED: frozenset({_P.APPROVED, _P.HELD, _P.REJECTED, _P.SUPERSEDED}),
        # Once more, where a removal limit came after the approval and a person releases from it.
        _P.APPROVED: frozenset(
            {_P.APPROVED, _P.APPLYING, _P.PROPOSED, _P.HELD, _P.REJECTED, _P.STALE, _P.FAILED, _P.SUPERSEDED}
        ),
        _P.APPLYING: frozenset({_P.APPLIED, _P.FAILED, _P.STALE, _P.PROPOSED}),
        _P.APPLIED: frozenset({_P.UNDONE, _P.PROPOSED}),
        _P.UNDONE: frozenset({_P.PROPOSED}),
        _P.HELD: frozenset({_P.PROPOSED, _P.APPROVED, _P.REJECTED, _P.SUPERSEDED}),
        _P.REJECTED: frozenset({_P.PROPOSED}),
        _P.STALE: frozenset({_P.PROPOSED, _P.SUPERSEDED}),
        _P.FAILED: frozenset({_P.PROPOSED, _P.APPROVED, _P.HELD, _P.REJECTED, _P.SUPERSEDED}),
        _P.SUPERSEDED: frozenset({_P.PROPOSED}),
    }
)


class IllegalMoveError(ValueError):
    """A proposal was asked to move to a state that it cannot reach from where it is."""

    def __init__(self, now: ProposalState, wanted: ProposalState) -> None:
        """Name both states."""
        super().__init__(f"a proposal that is {now} cannot become {wanted}")
        self.now = now
        self.wanted = wanted


def moved(now: ProposalState, wanted: ProposalState) -> ProposalState:
    """Return `wanted` where the move is legal; raise IllegalMoveError otherwise."""
    if wanted not in LEGAL_MOVES[now]:
        raise IllegalMoveError(now, wanted)
    return wanted


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentValues:
    """The fields of a case payment that a proposal writes."""

    paid_on: date
    amount: Money
    reference: str
    notes: str
    payment_type: str

    @classmethod
    def of(cls, payment: CasePayment) -> "PaymentValues":
        """Take the values that a case payment has now."""
        return cls(
            paid_on=payment.paid_on,
            amount=payment.amount,
            reference=payment.reference,
            notes=payment.notes,
            payment_type=payment.payment_type,
        )


@dataclass(frozen=True, slots=True)
class Evidence:
    """One named test that the decision rests on, and whether it holds."""

    name: str
    holds: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A change that waits for approval.

    `before` is None for an add and `after` for a remove. `replaced` is the deleted half of an edit in Xero (R16).
    The balances are those of the case invoice before and after this change, in the order of R24.
    """

    kind: ProposalKind
    fingerprint: Fingerprint
    invoice_number: str
    xero_invoice_id: XeroInvoiceId
    case_invoice_id: CaseInvoiceId
    rule: Rule
    explanation: str
    xero: XeroPayment | None = None
    case: CasePayment | None = None
    replaced: XeroPayment | None = None
    before: PaymentValues | None = None
    after: PaymentValues | None = None
    flags: frozenset[Flag] = frozenset()
    near: tuple[CasePayment, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    balance_before: Money | None = None
    balance_after: Money | None = None

    @property
    def proposal_id(self) -> ProposalId:
        """The short name by which persons and scripts call the proposal."""
        return ProposalId(f"p-{self.fingerprint[:_ID_LENGTH]}")

    @property
    def xero_payment_id(self) -> XeroPaymentId | None:
        """The Xero payment that the proposal is about: the live one, else the deleted one that it follows."""
        payment = self.xero or self.replaced
        return payment.payment_id if payment else None

    @property
    def amount(self) -> Money:
        """The amount after the change; of a removal, the amount that goes."""
        values = self.after or self.before
        if values is None:
            message = "a proposal writes something"
            raise ValueError(message)
        return values.amount

    @property
    def paid_on(self) -> date:
        """The date after the change; of a removal, the date of what goes."""
        values = self.after or self.before
        if values is None:
            message = "a proposal writes something"
            raise ValueError(message)
        return values.paid_on

    @property
    def is_bulk_approvable(self) -> bool:
        """Whether "approve all" may include it (R26)."""
        return self.kind is not ProposalKind.REMOVE and not self.flags

    @property
    def blocking_flags(self) -> frozenset[Flag]:
        """The flags that forbid any approval while they stand."""
        return self.flags & BLOCKING_FLAGS

    @property
    def effect(self) -> Money:
        """How much more Case Manager counts as paid once the change is made."""
        if self.after is None:
            return -self.amount
        return self.after.amount - self.before.amount if self.before else self.after.amount


def fingerprint_of(
    kind: ProposalKind,
    *,
    rule: Rule,
    xero_invoice_id: XeroInvoiceId,
    case_invoice_id: CaseInvoiceId,
    xero: XeroPayment | None,
    replaced: XeroPayment | None,
    case: CasePayment | None,
    after: PaymentValues | None,
    flags: frozenset[Flag],
    near: tuple[CasePayment, ...],
) -> Fingerprint:
    """Hash what would be written and every fact that it is based on (DESIGN, the flow, step 5).

    Left out are facts that change no decision: Xero's `updated_at`, the bank reconciliation, names (see
    "phantom changes" in the Xero facts), and the circumstantial flags.
    """
    facts = {
        "kind": kind.value,
        "rule": rule,
        "invoice": [xero_invoice_id, case_invoice_id.value],
        "xero": _xero_facts(xero),
        "replaced": _xero_facts(replaced),
        "case": _case_facts(case),
        "after": _values_facts(after),
        "flags": sorted(flag.value for flag in flags - CIRCUMSTANTIAL_FLAGS),
        "near": [_case_facts(payment) for payment in near],
    }
    return Fingerprint(hashlib.sha256(_CANONICAL.encode(facts).encode()).hexdigest())


def _xero_facts(payment: XeroPayment | None) -> list[str] | None:
    if payment is None:
        return None
    return [
        payment.payment_id,
        payment.status.value,
        payment.paid_on.isoformat(),
        str(payment.amount.amount),
        payment.amount.currency,
        payment.reference,
    ]


def _case_facts(payment: CasePayment | None) -> list[str | int | bool] | None:
    if payment is None:
        return None
    return [
        payment.payment_id.value,
        payment.paid_on.isoformat(),
        str(payment.amount.amount),
        payment.payment_type,
        payment.reference,
        payment.notes,
        payment.is_journalled,
        payment.is_multi_invoice,
    ]


def _values_facts(values: PaymentValues | None) -> list[str] | None:
    if values is None:
        return None
    return [
        values.paid_on.isoformat(),
        str(values.amount.amount),
        values.payment_type,
        values.reference,
        values.notes,
    ]
