"""See what reduced or changed an invoice outside its schedule: everything that is no instalment of it (S3, S7, S8)."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from cmxero_desktop.domain.control_total import control_total_of
from cmxero_desktop.domain.identifiers import XeroPaymentId
from cmxero_desktop.domain.money import Money, named_money, total
from cmxero_desktop.domain.notes import read_mark
from cmxero_desktop.domain.placements import Bucket, Correlation
from cmxero_desktop.domain.policy import Policy
from cmxero_desktop.domain.records import (
    CasePayment,
    InvoiceSnapshot,
    Settlement,
    SettlementKind,
    Side,
    XeroInvoice,
    XeroPayment,
)
from cmxero_desktop.domain.rules import Rule
from cmxero_desktop.domain.scope import DEAD, folded, is_customer_payment, is_instalment
from cmxero_desktop.domain.sor.alerts import SorEvidence, SorKind
from cmxero_desktop.domain.sor.schedules import ScheduledInvoice, SorSchedule

_DISBURSEMENT_WORDS = ("sor disbursement", "apx sor")
_CREDITS = {
    SettlementKind.CREDIT_NOTE: SorKind.CREDIT_NOTE,
    SettlementKind.OVERPAYMENT: SorKind.OVERPAYMENT,
    SettlementKind.PREPAYMENT: SorKind.PREPAYMENT,
}
# An instalment comes again a month later; what comes sooner in its place is the same one.
_WRITTEN_AGAIN_DAYS = 10

MONEY_KINDS = frozenset(
    {
        SorKind.OTHER_PAYMENT,
        SorKind.DISBURSEMENT,
        SorKind.CREDIT_NOTE,
        SorKind.OVERPAYMENT,
        SorKind.PREPAYMENT,
    }
)
"""What counts on the invoice in Xero."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchedInvoice:
    """What both sides hold of an invoice; `by_hand` are the payments of Case Manager alone, matched with nothing.

    `others` are the instalments, by folded id, that are those of another schedule than the one it is watched for.
    """

    snapshot: InvoiceSnapshot
    by_hand: tuple[CasePayment, ...] = ()
    others: frozenset[XeroPaymentId] = frozenset()

    def is_whole(self, currency: str) -> bool:
        """Whether what is not seen is not there: every payment could be read, and Xero's own sum agrees (R22)."""
        return not self.snapshot.unreadable and control_total_of(self.snapshot, currency).holds


def watched_of(snapshot: InvoiceSnapshot, correlation: Correlation, policy: Policy) -> WatchedInvoice:
    """Return what is watched of an invoice: its facts, and what was typed in Case Manager and matches nothing."""
    alone = (
        p.case
        for p in correlation.placements
        if p.case is not None and p.xero is None and p.bucket is not Bucket.MATCHED
    )
    by_hand = (copy for copy in alone if not read_mark(copy.notes, policy.imported_text).is_imported)
    return WatchedInvoice(snapshot=snapshot, by_hand=tuple(by_hand))


Watched = Mapping[str, WatchedInvoice]
"""The watched invoices by the number under which each became known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """Something seen on an invoice. `family` names the record, `key` its state; `is_full` leaves nothing owed."""

    family: str
    key: str
    kind: SorKind
    rule: Rule
    amount: Money
    at_risk: Money
    evidence: SorEvidence
    is_full: bool = False


def instalments_of(invoice: ScheduledInvoice, watched: WatchedInvoice, policy: Policy) -> tuple[XeroPayment, ...]:
    """Return an invoice's instalments, deleted ones too: what goes to the clearing account, or was seen to (S2).

    Those of a schedule that the invoice was under before are not this one's.
    """
    every = (p for p in watched.snapshot.xero_payments if folded(p.payment_id) not in watched.others)
    return tuple(p for p in every if is_customer_payment(p) and _is_own(p, invoice, policy))


def written_of(invoice: ScheduledInvoice, watched: WatchedInvoice, policy: Policy) -> tuple[XeroPayment, ...]:
    """Return the instalments that stand in Xero."""
    return tuple(p for p in instalments_of(invoice, watched, policy) if p.is_live)


def owed_on(fact: XeroInvoice) -> Money:
    """Return what is still owed in Xero; nothing on a void invoice, whatever figure it bears (S9)."""
    return Money.zero(fact.total.currency) if fact.status in DEAD else fact.due


def written_for_others(watched: WatchedInvoice) -> tuple[XeroPayment, ...]:
    """Return the instalments of other schedules that stand in Xero."""
    every = (p for p in watched.snapshot.xero_payments if folded(p.payment_id) in watched.others)
    return tuple(p for p in every if p.is_live and is_customer_payment(p))


def sightings_of(
    schedule: SorSchedule, invoice: ScheduledInvoice, watched: Watched, policy: Policy
) -> tuple[Sighting, ...]:
    """Return everything outside the schedule that is seen on one of its invoices, what was there before it included."""
    snapshot = watched[invoice.number].snapshot
    found = [
        *_payments(schedule, invoice, watched[invoice.number], policy),
        *_credits(snapshot, policy),
        *_changes(invoice, snapshot),
        *_deleted(invoice, watched[invoice.number], policy),
        *_by_hand(watched[invoice.number]),
        *_adjustments(invoice, snapshot),
    ]
    return tuple(found)


def too_much(schedule: SorSchedule, watched: Watched, outside: Iterable[Sighting], policy: Policy) -> Sighting | None:
    """See that the instalments still due exceed the room on the invoices, beyond what was seen outside (S7)."""
    snapshots = [watched[i.number].snapshot for i in schedule.invoices if i.number in watched]
    invoices = [s.xero_invoice for s in snapshots if s.xero_invoice is not None]
    if schedule.total is None or len(invoices) < len(schedule.invoices) or not invoices:
        return None
    currency = schedule.total.currency
    if any(i.status in DEAD or i.total.currency != currency for i in invoices):
        return None
    written = total(
        (
            p.amount
            for i in schedule.invoices
            for p in written_of(i, watched[i.number], policy)
            if p.amount.currency == currency
        ),
        currency,
    )
    room = total((i.due for i in invoices), currency)
    known = total((s.amount for s in outside if s.kind in MONEY_KINDS and s.amount.currency == currency), currency)
    excess = schedule.total - written - room - known
    if excess.amount <= policy.total_tolerance:
        return None
    family = f"too-much:{schedule.schedule_id}"
    return Sighting(
        family=family,
        key=f"{family}:{excess.minor}",
        kind=SorKind.TOO_MUCH,
        rule=Rule.S7,
        amount=excess,
        at_risk=excess,
        evidence=SorEvidence(
            side=Side.XERO,
            name=f"instalments still due of {schedule.total - written}, where the invoices have room for {room}",
            changed_at=max(i.updated_at for i in invoices),
        ),
    )


def _is_own(payment: XeroPayment, invoice: ScheduledInvoice, policy: Policy) -> bool:
    return is_instalment(payment, policy) or folded(payment.payment_id) in invoice.instalments


def _payments(
    schedule: SorSchedule, invoice: ScheduledInvoice, watched: WatchedInvoice, policy: Policy
) -> Iterator[Sighting]:
    snapshot = watched.snapshot
    fact = snapshot.xero_invoice
    has_instalments = bool(written_of(invoice, watched, policy))
    for payment in snapshot.xero_payments:
        is_instalment_here = _is_own(payment, invoice, policy) or folded(payment.payment_id) in watched.others
        if not payment.is_live or not is_customer_payment(payment) or is_instalment_here:
            continue
        words = f"{payment.reference} {payment.contact_name}".casefold()
        is_disbursement = any(each in words for each in _DISBURSEMENT_WORDS) or (
            payment.amount in {schedule.total, schedule.disbursed} and has_instalments
        )
        key = f"payment:{folded(payment.payment_id)}"
        yield Sighting(
            family=key,
            key=key,
            kind=SorKind.DISBURSEMENT if is_disbursement else SorKind.OTHER_PAYMENT,
            rule=Rule.S3,
            amount=payment.amount,
            at_risk=payment.amount,
            is_full=fact is not None and fact.due.minor <= 0,
            evidence=SorEvidence(
                side=Side.XERO,
                name=f"payment of {named_money(payment.amount, policy.currency)}",
                record_id=payment.payment_id,
                reference=payment.reference,
                on=payment.paid_on,
                changed_at=payment.entered_at,
                contact=payment.contact_name,
            ),
        )


def _credits(snapshot: InvoiceSnapshot, policy: Policy) -> Iterator[Sighting]:
    """See credits, one sighting for each document: a note that is applied twice counts with its sum."""
    fact = snapshot.xero_invoice
    if fact is None:
        return
    by_document: dict[str, list[Money]] = {}
    first: dict[str, Settlement] = {}
    for settlement in fact.settlements:
        family = f"{settlement.kind.value}:{settlement.document_id or settlement.number}"
        by_document.setdefault(family, []).append(settlement.amount)
        first.setdefault(family, settlement)
    for family, amounts in by_document.items():
        settlement, amount = first[family], total(amounts, fact.total.currency)
        yield Sighting(
            family=family,
            key=f"{family}:{amount.minor}",
            kind=_CREDITS[settlement.kind],
            rule=Rule.S3,
            amount=amount,
            at_risk=amount,
            is_full=fact.due.minor <= 0,
            evidence=SorEvidence(
                side=Side.XERO,
                name=f"{settlement.kind.value} of {named_money(amount, policy.currency)}",
                record_id=settlement.document_id,
                reference=settlement.number,
                on=settlement.settled_on,
                changed_at=fact.updated_at,
                contact=fact.contact_name,
            ),
        )


def _changes(invoice: ScheduledInvoice, snapshot: InvoiceSnapshot) -> Iterator[Sighting]:
    """See a void, another number and another reference than at first sight."""
    fact, sight = snapshot.xero_invoice, invoice.first_sight
    if fact is None:
        return
    if fact.status in DEAD:
        yield _change(fact, "voided", SorKind.VOIDED, f"invoice {fact.status.lower()}", fact.total)
        return
    if sight is not None and fact.number != sight.number:
        name = f"number {fact.number or '(none)'} instead of {sight.number or '(none)'}"
        yield _change(fact, "number", SorKind.NUMBER_CHANGED, name, fact.due, fact.number)
    if sight is not None and fact.reference != sight.reference:
        name = f"reference '{fact.reference}' instead of '{sight.reference}'"
        yield _change(fact, "reference", SorKind.REFERENCE_CHANGED, name, fact.due, fact.reference)


def _change(fact: XeroInvoice, what: str, kind: SorKind, name: str, at_risk: Money, now: str = "") -> Sighting:
    family = f"{what}:{fact.invoice_id.lower()}"
    evidence = SorEvidence(
        side=Side.XERO,
        name=name,
        record_id=fact.invoice_id,
        reference=now,
        changed_at=fact.updated_at,
        contact=fact.contact_name,
    )
    return Sighting(
        family=family,
        key=f"{family}:{now}",
        kind=kind,
        rule=Rule.S3,
        amount=at_risk,
        at_risk=at_risk,
        evidence=evidence,
    )


def _deleted(invoice: ScheduledInvoice, watched: WatchedInvoice, policy: Policy) -> Iterator[Sighting]:
    """See instalments that were deleted and not written again, one for one (S8)."""
    every = instalments_of(invoice, watched, policy)
    again = Counter[XeroPaymentId]()
    for gone in sorted((p for p in every if not p.is_live), key=lambda p: (p.paid_on, p.payment_id)):
        written = (p for p in every if p.is_live and not again[p.payment_id] and _replaces(p, gone))
        if (new := min(written, key=lambda p: (p.paid_on, p.payment_id), default=None)) is not None:
            again[new.payment_id] += 1
            continue
        key = f"instalment-deleted:{folded(gone.payment_id)}"
        yield Sighting(
            family=key,
            key=key,
            kind=SorKind.INSTALMENT_DELETED,
            rule=Rule.S8,
            amount=gone.amount,
            at_risk=gone.amount,
            evidence=SorEvidence(
                side=Side.XERO,
                name=f"deleted instalment of {named_money(gone.amount, policy.currency)}",
                record_id=gone.payment_id,
                reference=gone.reference,
                on=gone.paid_on,
                changed_at=gone.updated_at,
                contact=gone.contact_name,
            ),
        )


def _replaces(new: XeroPayment, gone: XeroPayment) -> bool:
    """Say whether an instalment was written in the place of a deleted one: as much, and about the same day."""
    return new.amount == gone.amount and abs((new.paid_on - gone.paid_on).days) <= _WRITTEN_AGAIN_DAYS


def _by_hand(watched: WatchedInvoice) -> Iterator[Sighting]:
    for payment in watched.by_hand:
        key = f"case-payment:{payment.payment_id.value}"
        yield Sighting(
            family=key,
            key=key,
            kind=SorKind.CASE_PAYMENT,
            rule=Rule.S3,
            amount=payment.amount,
            at_risk=payment.amount,
            evidence=SorEvidence(
                side=Side.CASE_MANAGER,
                name=f"payment of {payment.amount}",
                record_id=str(payment.payment_id.value),
                reference=payment.reference,
                on=payment.paid_on,
                contact=payment.payer,
            ),
        )


def _adjustments(invoice: ScheduledInvoice, snapshot: InvoiceSnapshot) -> Iterator[Sighting]:
    """See that Case Manager's adjustments lower the invoice further than they did at first sight."""
    case, before = snapshot.case_invoice, invoice.first_sight.adjustments if invoice.first_sight else None
    if case is None or before is None or not case.are_adjustments_known or case.adjustments.minor >= before.minor:
        return
    amount = before - case.adjustments
    family = f"case-adjustment:{case.invoice_id.value}"
    yield Sighting(
        family=family,
        key=f"{family}:{amount.minor}",
        kind=SorKind.CASE_ADJUSTMENT,
        rule=Rule.S3,
        amount=amount,
        at_risk=amount,
        evidence=SorEvidence(
            side=Side.CASE_MANAGER, name=f"adjustments of {case.adjustments}", record_id=str(case.invoice_id.value)
        ),
    )


def is_before(sighting: Sighting, start: date | None) -> bool:
    """Say whether what was seen is dated before the schedule began, and so is no outside allocation (S3)."""
    on = sighting.evidence.on
    return start is not None and sighting.kind is not SorKind.INSTALMENT_DELETED and on is not None and on < start
