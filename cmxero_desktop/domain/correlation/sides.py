"""Both sides of one invoice, prepared for matching: everything takes part, whatever its date (R2, R5, R6)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from cmxero_desktop.domain import wording_skipped
from cmxero_desktop.domain.control_total import control_total_of
from cmxero_desktop.domain.identifiers import CasePaymentId, XeroPaymentId
from cmxero_desktop.domain.memory import SETTLED, AcceptedSet, Explained, Explanation, RememberedPair
from cmxero_desktop.domain.placements import Reason
from cmxero_desktop.domain.policy import Policy
from cmxero_desktop.domain.records import CasePayment, InvoiceSnapshot, XeroPayment
from cmxero_desktop.domain.rules import Rule
from cmxero_desktop.domain.scope import MarkedPayment, folded, is_customer_payment, is_instalment, marked, xero_order


@dataclass(frozen=True, slots=True)
class Waiting:
    """Why nothing may be proposed for an invoice at all."""

    reason: Reason
    rule: Rule
    explanation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sides:
    """The payments of one invoice, in an order that input order cannot change.

    `elsewhere` are the Xero payments that copies here name although they are not of this invoice, by folded id;
    `memory`, `explained` and what is `set_aside` are by the case payment's key, as far as they still hold; `in_vain`
    is what was called corrected although nothing makes up for it any more (R17). `apart` are the pairs that a person
    ended, by folded id and key.
    """

    live: tuple[XeroPayment, ...]
    foreign: tuple[XeroPayment, ...]
    deleted: tuple[XeroPayment, ...]
    refunds: frozenset[XeroPaymentId]
    case: tuple[MarkedPayment, ...]
    elsewhere: Mapping[XeroPaymentId, XeroPayment]
    unknown: frozenset[XeroPaymentId]
    memory: Mapping[CasePaymentId, tuple[RememberedPair, ...]]
    explained: Mapping[CasePaymentId, Explanation]
    set_aside: Mapping[CasePaymentId, Explanation]
    in_vain: Mapping[CasePaymentId, Explanation]
    accepted: tuple[AcceptedSet, ...]
    apart: frozenset[tuple[XeroPaymentId, CasePaymentId]]
    hold: Waiting | None
    is_under_sor: bool

    def are_apart(self, xero: XeroPayment, copy: CasePayment) -> bool:
        """Say whether a person ended this pair (R7a)."""
        return (folded(xero.payment_id), copy.payment_id) in self.apart

    def is_settled(self, copy: CasePayment) -> bool:
        """Say whether a person said that the copy is not, or no longer, the money of a payment in Xero (R17, R19a)."""
        said = self.explained.get(copy.payment_id)
        return said is not None and said.what in SETTLED


def sides_of(snapshot: InvoiceSnapshot, policy: Policy) -> Sides:
    """Prepare the sides; without an invoice in Case Manager its side is empty (R4)."""
    xero = sorted((p for p in snapshot.xero_payments if is_customer_payment(p)), key=xero_order)
    live = tuple(p for p in xero if p.is_live)
    case = marked(snapshot, policy)
    payments = {m.payment.payment_id: m.payment for m in case}
    said = explanations_of(snapshot)
    apart = frozenset((folded(xero_id), case_id) for xero_id, case_id in snapshot.decisions.apart)
    return Sides(
        live=tuple(p for p in live if p.amount.currency == policy.currency),
        foreign=tuple(p for p in live if p.amount.currency != policy.currency),
        deleted=tuple(p for p in xero if not p.is_live),
        refunds=frozenset(folded(p.payment_id) for p in snapshot.xero_payments if not is_customer_payment(p)),
        case=case,
        elsewhere={folded(p.payment_id): p for p in sorted(snapshot.named_elsewhere.values(), key=xero_order)},
        unknown=frozenset(folded(i) for i in snapshot.unknown_ids),
        memory=_memory((p for p in snapshot.decisions.memory if (folded(p.xero_id), p.case_id) not in apart), payments),
        explained={key: e for key, e in said.items() if e.what is not Explained.SET_ASIDE},
        set_aside={key: e for key, e in said.items() if e.what is Explained.SET_ASIDE},
        in_vain={},
        accepted=_accepted(snapshot.decisions.accepted, {folded(p.payment_id): p for p in live}, payments),
        apart=apart,
        hold=_hold_of(snapshot, policy),
        is_under_sor=_is_under_sor(snapshot, policy),
    )


def explanations_of(snapshot: InvoiceSnapshot) -> Mapping[CasePaymentId, Explanation]:
    """Return what persons said of the case payments, as far as amount and date are what they were (R19a)."""
    said = {(e.case_id, e.amount, e.paid_on): e for e in snapshot.decisions.explained}
    if not said:
        return {}
    present = ((p.payment_id, p.amount, p.paid_on) for p in snapshot.case_payments)
    return {key[0]: said[key] for key in present if key in said}


def _memory(
    pairs: Iterable[RememberedPair], payments: Mapping[CasePaymentId, CasePayment]
) -> Mapping[CasePaymentId, tuple[RememberedPair, ...]]:
    """Keep what still holds: a key is used again, so amount or date must be the remembered one (R7a)."""
    found: dict[CasePaymentId, tuple[RememberedPair, ...]] = {}
    for pair in sorted(pairs, key=lambda p: (p.case_id.order, p.xero_id)):
        payment = payments.get(pair.case_id)
        if payment is not None and (payment.amount == pair.amount or payment.paid_on == pair.paid_on):
            found[pair.case_id] = (*found.get(pair.case_id, ()), pair)
    return found


def _accepted(
    sets: Iterable[AcceptedSet],
    live: Mapping[XeroPaymentId, XeroPayment],
    payments: Mapping[CasePaymentId, CasePayment],
) -> tuple[AcceptedSet, ...]:
    """Keep the sets of which no member changed, none sharing a member with an earlier one (R19a, R19b)."""
    kept: list[AcceptedSet] = []
    used: set[XeroPaymentId | CasePaymentId] = set()
    for one in sets:
        names: list[XeroPaymentId | CasePaymentId] = []
        for member in one.members:
            payment = live.get(folded(member.xero_id)) if member.xero_id else None
            payment_or_copy = payment or (payments.get(member.case_id) if member.case_id else None)
            if payment_or_copy is None or (payment_or_copy.amount, payment_or_copy.paid_on) != (
                member.amount,
                member.paid_on,
            ):
                break
            names.append(payment_or_copy.payment_id)
        if len(names) == len(one.members) and names and used.isdisjoint(names):
            used.update(names)
            kept.append(one)
    return tuple(kept)


def _hold_of(snapshot: InvoiceSnapshot, policy: Policy) -> Waiting | None:
    """Return why the invoice's payments are not known to be whole, or None (R22, R30)."""
    control = control_total_of(snapshot, policy.currency)
    if not control.holds:
        return Waiting(Reason.CONTROL_TOTAL, Rule.R22, wording_skipped.control_total(control))
    if snapshot.unreadable:
        return Waiting(Reason.UNREADABLE, Rule.R30, wording_skipped.beside_unreadable(snapshot.unreadable))
    return None


def _is_under_sor(snapshot: InvoiceSnapshot, policy: Policy) -> bool:
    """Say whether a schedule is known, or a payment ever went to the clearing account (S1)."""
    if snapshot.is_under_sor is not None:
        return snapshot.is_under_sor
    return any(is_instalment(p, policy) for p in snapshot.xero_payments)
