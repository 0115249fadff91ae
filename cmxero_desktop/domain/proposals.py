"""A proposed change to Case Manager: what would be written, on what evidence, and its legal moves."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
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
from cmxero_desktop.domain.money import Money, total
from cmxero_desktop.domain.records import CasePayment, XeroPayment
from cmxero_desktop.domain.rules import Rule

_ID_LENGTH = 12
# A row that speaks of more payments names the nearest of them, and says how many more there are.
MOST_NAMED = 12
NO_DECISION = Fingerprint("")
NO_FINGERPRINT = Fingerprint("")
_CANONICAL = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)


class ProposalKind(StrEnum):
    """The four changes that make Case Manager mirror Xero, and the word that both sides agree in sum (R19b)."""

    ADD = "add"
    LINK = "link"
    CHANGE = "change"
    REMOVE = "remove"
    ACCEPT = "accept"


class Flag(StrEnum):
    """What a person must look at before approving; a flagged proposal is never approved in bulk (R26).

    The first six block while they stand.
    """

    WOULD_OVERPAY = "would_overpay"
    JOURNALLED_COUNTERPART = "journalled_counterpart"
    NAMED_ELSEWHERE = "named_elsewhere"
    NUMBER_SHARED = "number_shared"
    COPIED_TWICE = "copied_twice"
    OVER_LIMIT = "over_limit"
    NEAR_DOUBLE = "near_double"
    BESIDE_UNMATCHED = "beside_unmatched"
    LEFTOVER_ELSEWHERE = "leftover_elsewhere"
    BALANCE_DIFFERS = "balance_differs"
    TWIN = "twin"
    SAME_REMITTANCE = "same_remittance"
    MOVED = "moved"
    FAR_EDIT = "far_edit"
    EDITED_HERE = "edited_here"
    NEVER_NOTED = "never_noted"
    FORMER_ORIGINAL = "former_original"
    RESETTLED = "resettled"
    NO_IDENTITY = "no_identity"
    RENUMBERED = "renumbered"
    REPLACEMENT_AHEAD = "replacement_ahead"
    NOT_BANK = "not_bank"
    BEFORE_START = "before_start"
    CLOSED_PERIOD = "closed_period"
    SOR = "sor"


# These depend on other rows and on what was released, so they are judged anew each time and are no part of the facts.
# A twin is one: applying the other half of a pair of equals must not bring back what a person rejected (R31).
CIRCUMSTANTIAL_FLAGS = frozenset(
    {Flag.WOULD_OVERPAY, Flag.OVER_LIMIT, Flag.TWIN, Flag.BALANCE_DIFFERS, Flag.JOURNALLED_COUNTERPART}
)
# While one of these stands the proposal cannot be approved at all (R1, R7, R17, R20a, R24, R27).
BLOCKING_FLAGS = frozenset(
    {
        Flag.WOULD_OVERPAY,
        Flag.JOURNALLED_COUNTERPART,
        Flag.NAMED_ELSEWHERE,
        Flag.NUMBER_SHARED,
        Flag.COPIED_TWICE,
        Flag.OVER_LIMIT,
    }
)


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
        # To itself, where the first of two takes the yes back.
        _P.PROPOSED: frozenset({_P.PROPOSED, _P.APPROVED, _P.HELD, _P.REJECTED, _P.SUPERSEDED}),
        # Once more, where a removal limit came after the approval and a person releases from it.
        _P.APPROVED: frozenset(
            {_P.APPROVED, _P.APPLYING, _P.PROPOSED, _P.HELD, _P.REJECTED, _P.STALE, _P.FAILED, _P.SUPERSEDED}
        ),
        # Back to approved where its write was planned with others and never begun.
        _P.APPLYING: frozenset({_P.APPLIED, _P.APPROVED, _P.FAILED, _P.STALE, _P.PROPOSED}),
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


@dataclass(frozen=True, slots=True)
class Remark:
    """What one flag says of one proposal, with the figures; `figure` is the sum that is wrong in cents, if any."""

    flag: Flag
    sentence: str
    figure: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A change that waits for approval.

    `before` is None for an add and `after` for a remove. `replaced` is the deleted half of an edit in Xero (R16).
    The balances are those of the case invoice before and after this change, in the order of R24. An accept writes
    nothing: what is `accepted` agrees in sum with what it is `accepted_as` (R19b). `near` and `near_xero` are the
    payments that a flag speaks of, of other invoices too; `beside` are the invoice's other leftovers (R23a). Of many
    the nearest are named, and `rests_on` holds the hashes of all.
    `decision` is the hash by which holds, rejections and undos live, and `passes_on` are decisions whose hold is one
    of this too (R16, R31). The halves of a move share `move_id` (R16b); `depends_on` are rows without which this one
    would not be right (R24b).
    """

    kind: ProposalKind
    fingerprint: Fingerprint = NO_FINGERPRINT
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
    decision: Fingerprint = NO_DECISION
    passes_on: tuple[Fingerprint, ...] = ()
    beside: tuple[CasePayment, ...] = ()
    accepted: tuple[XeroPayment, ...] = ()
    accepted_as: tuple[CasePayment, ...] = ()
    near_xero: tuple[XeroPayment, ...] = ()
    remarks: tuple[Remark, ...] = ()
    depends_on: tuple[ProposalId, ...] = ()
    move_id: str = ""
    rests_on: tuple[Fingerprint, ...] = ()

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
        if values is not None:
            return values.amount
        if self.accepted:
            return total((payment.amount for payment in self.accepted), self.accepted[0].amount.currency)
        message = "a proposal writes or accepts something"
        raise ValueError(message)

    @property
    def paid_on(self) -> date:
        """The date after the change; of a removal, the date of what goes."""
        values = self.after or self.before
        if values is not None:
            return values.paid_on
        if self.accepted:
            return max(payment.paid_on for payment in self.accepted)
        message = "a proposal writes or accepts something"
        raise ValueError(message)

    @property
    def is_bulk_approvable(self) -> bool:
        """Whether "approve all" may include it (R26)."""
        return self.kind is not ProposalKind.REMOVE and not self.flags and not self.move_id

    @property
    def blocking_flags(self) -> frozenset[Flag]:
        """The flags that forbid any approval while they stand; a move brings the copy that stands elsewhere (R7)."""
        return self.flags & BLOCKING_FLAGS - ({Flag.NAMED_ELSEWHERE} if self.move_id else frozenset())

    @property
    def near_here(self) -> tuple[CasePayment, ...]:
        """Those of the payments that a flag speaks of that stand on this very invoice."""
        return tuple(payment for payment in self.near if payment.invoice_id == self.case_invoice_id)

    @property
    def effect(self) -> Money:
        """How much more Case Manager counts as paid once the change is made."""
        if self.kind is ProposalKind.ACCEPT:
            return Money.zero(self.amount.currency)
        if self.after is None:
            return -self.amount
        return self.after.amount - self.before.amount if self.before else self.after.amount


def evidence_of(proposal: Proposal) -> Fingerprint:
    """Hash what would be written and everything that it rests on: an approval lives by it (R31).

    A payment typed between approval and write makes the approval stale. Left out are facts that change no decision:
    Xero's `updated_at`, the bank reconciliation, names (see "phantom changes" in the Xero facts), and the
    circumstantial flags, which the writer tests again (R24b).
    """
    facts: dict[str, object] = {
        "kind": proposal.kind.value,
        "rule": proposal.rule,
        "invoice": [proposal.xero_invoice_id, proposal.case_invoice_id.value],
        "xero": [_xero_facts(payment) for payment in (proposal.xero, proposal.replaced, *proposal.accepted)],
        "case": [_case_facts(payment) for payment in (proposal.case, *proposal.accepted_as)],
        "before": _values_facts(proposal.before),
        "after": _values_facts(proposal.after),
        "flags": sorted(flag.value for flag in proposal.flags - CIRCUMSTANTIAL_FLAGS),
        "near": [_case_facts(payment) for payment in proposal.near],
        "near_xero": [_xero_facts(payment) for payment in proposal.near_xero],
        "beside": [_case_facts(payment) for payment in proposal.beside],
    }
    if proposal.rests_on:
        facts["rests_on"] = list(proposal.rests_on)
    return _hash(facts)


def whole_of(payments: Iterable[CasePayment | XeroPayment]) -> Fingerprint:
    """Hash payments of which a row names a few: whatever becomes of any makes its approval stale."""
    facts = (_case_facts(p) if isinstance(p, CasePayment) else _xero_facts(p) for p in payments)
    return _hash({"all": sorted(json.dumps(fact) for fact in facts)})


def beside_hash(payments: Iterable[CasePayment]) -> Fingerprint:
    """Hash what stands beside the decisions of an invoice, by amount and date, where each names only some of it."""
    return _hash({"beside": _beside_facts(payments)})


def fingerprinted(proposal: Proposal) -> Proposal:
    """Return the proposal under the fingerprint of its own evidence."""
    return replace(proposal, fingerprint=evidence_of(proposal))


def is_intact(proposal: Proposal) -> bool:
    """Say whether a proposal still says what it was fingerprinted for: a stored one may have been edited."""
    return proposal.fingerprint == evidence_of(proposal)


def decision_of(
    kind: ProposalKind,
    *,
    xero: tuple[XeroPayment | None, ...],
    case: tuple[CasePayment | None, ...],
    beside: tuple[CasePayment, ...],
    beside_all: Fingerprint | None = None,
) -> Fingerprint:
    """Hash what a person decides about: these payments, this kind, and what stands beside them (R31).

    What stands beside counts by amount and date: an undo puts the same money back under another key. `beside_all` is
    the hash of what stands on the invoice where each row names only a part of it.
    """
    facts = {
        "kind": kind.value,
        "xero": [payment.payment_id if payment else None for payment in xero],
        "case": [_identity(payment) for payment in case],
        "beside": _beside_facts(beside) if beside_all is None else beside_all,
    }
    return _hash(facts)


def _beside_facts(payments: Iterable[CasePayment]) -> list[list[str]]:
    return sorted([payment.paid_on.isoformat(), str(payment.amount.amount)] for payment in payments)


def _hash(facts: Mapping[str, object]) -> Fingerprint:
    return Fingerprint(hashlib.sha256(_CANONICAL.encode(facts).encode()).hexdigest())


def _identity(payment: CasePayment | None) -> list[str | int] | None:
    """Return what tells a case payment from another one that has its key by now (R7a)."""
    if payment is None:
        return None
    return [payment.payment_id.value, payment.paid_on.isoformat(), str(payment.amount.amount)]


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
