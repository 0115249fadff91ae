"""Take the difference of one invoice apart: what its totals, credits, refunds and payments make up, to the cent (R24a).

An amount is what Case Manager is above Xero because of it: a payment that only Xero has raises the balance there, one
that only Case Manager has lowers it.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Self

from cmxero_desktop.domain import wording
from cmxero_desktop.domain.debtor_causes import CAUSE_WORDS, Cause
from cmxero_desktop.domain.debtor_old_parts import old_parts
from cmxero_desktop.domain.identifiers import Fingerprint
from cmxero_desktop.domain.memory import Explained
from cmxero_desktop.domain.money import Money
from cmxero_desktop.domain.placements import Bucket, Correlation, Placement, Reason
from cmxero_desktop.domain.policy import Policy
from cmxero_desktop.domain.proposals import ProposalKind
from cmxero_desktop.domain.records import CaseInvoice, InvoiceSnapshot, Side, XeroInvoice
from cmxero_desktop.domain.rules import Rule
from cmxero_desktop.domain.scope import is_customer_payment

DEAD = frozenset({"VOIDED", "DELETED"})
CAUSE_OF_SKIP = {
    Reason.FUTURE_DATED: Cause.DATED_AHEAD,
    Reason.JOURNALLED: Cause.LOCKED,
    Reason.MULTI_INVOICE: Cause.MULTI_INVOICE,
    Reason.CONTROL_TOTAL: Cause.NOT_ADDED_UP,
    Reason.ACCOUNT: Cause.ACCOUNT,
    Reason.AMOUNT: Cause.AMOUNT,
    Reason.CURRENCY: Cause.CURRENCY,
    Reason.NOTES_FULL: Cause.NOTES_FULL,
    Reason.UNREADABLE: Cause.UNREADABLE,
    Reason.NO_INVOICE: Cause.ONLY_XERO,
}
_BY_KIND = {
    ProposalKind.ADD: Cause.TO_ADD,
    ProposalKind.CHANGE: Cause.TO_CHANGE,
    ProposalKind.REMOVE: Cause.TO_REMOVE,
    ProposalKind.ACCEPT: Cause.ACCEPTED,
    # A link changes no amount; the pair was matched because both are equal.
    ProposalKind.LINK: Cause.ACCEPTED,
}
# What stays as it stands, so that a refund or an adjustment makes up for it, so far as it was typed by hand too, and
# what else an adjustment makes up for.
_CANNOT_CHANGE = (Cause.LOCKED, Cause.MULTI_INVOICE)
_BY_HAND = (Cause.LEFTOVER, Cause.TO_CORRECT)
_ADJUSTED = (Cause.AMOUNT, Cause.OLD_DIFFERS, Cause.ACCEPTED, Cause.TOTALS, Cause.ROUNDING, Cause.DECLINED)
_BY_SAYING = {Explained.TO_CORRECT: Cause.TO_CORRECT, Explained.CORRECTED: Cause.LOCKED}


@dataclass(frozen=True, slots=True)
class DebtorReason:
    """A part of a difference: what Case Manager is above Xero because of it, and the `payments` it speaks of.

    `amount` is None where a row could not be read, so that the figure is unknown; `payments` are then such rows.
    `is_flagged` says that what is proposed must be looked at first: the money may stand in Case Manager already.
    """

    cause: Cause
    amount: Money | None
    payments: tuple[str, ...] = ()
    is_flagged: bool = False

    @property
    def counts_twice(self) -> bool:
        """Whether Case Manager may count money that is not there, or counts it twice."""
        lowers = self.cause is Cause.OLD_DIFFERS and self.amount is not None and self.amount.minor < 0
        return lowers or CAUSE_WORDS[self.cause].counts_twice

    @property
    def hides(self) -> bool:
        """Whether it is looked at even where other parts make up for it."""
        return CAUSE_WORDS[self.cause].hides

    @property
    def entry(self) -> str:
        """The entry to make, with its figures."""
        above = self.amount.amount if self.amount is not None else Decimal(0)
        size = abs(above)
        return CAUSE_WORDS[self.cause].entry.format(
            amount=f"{size:,.2f}",
            correction=f"{-above:+,.2f}",
            payments=" and ".join(self.payments) or f"{size:,.2f}",
            approve="Look at the flags in Review, then decide" if self.is_flagged else "Approve in Review",
        )


@dataclass(slots=True)
class DifferenceParts:
    """The parts of one difference, in cents, while they are gathered."""

    cents: dict[Cause, int] = field(default_factory=lambda: defaultdict(int))
    payments: dict[Cause, list[str]] = field(default_factory=lambda: defaultdict(list))
    flagged: set[Cause] = field(default_factory=set)
    always: set[Cause] = field(default_factory=set)

    @classmethod
    def whole(cls, cause: Cause, difference: Money) -> Self:
        """Return a difference that has one cause."""
        parts = cls()
        parts.add(cause, difference.minor)
        return parts

    def add(self, cause: Cause, cents: int, payment: str = "") -> None:
        """Add a part; a `payment` is named where its cause is."""
        self.cents[cause] += cents
        if payment:
            self.payments[cause].append(payment)

    def reasons(self, difference: Money) -> tuple[DebtorReason, ...]:
        """Return the parts in the order of their causes, what may count twice first; a rest is not explained.

        Parts that add up to nothing are left out, but for causes that are `always` named.
        """
        self.add(Cause.NOT_EXPLAINED, difference.minor - sum(self.cents.values()))
        found = [
            DebtorReason(
                cause,
                Money.from_minor(cents, difference.currency),
                tuple(self.payments.get(cause, ())),
                is_flagged=cause in self.flagged,
            )
            for cause in Cause
            if (cents := self.cents.get(cause, 0)) or cause in self.always
        ]
        return tuple(sorted(found, key=lambda reason: not reason.counts_twice))


def parts_of(
    snapshot: InvoiceSnapshot, invoice: CaseInvoice, xero: XeroInvoice, correlation: Correlation, policy: Policy
) -> DifferenceParts:
    """Take the difference of an invoice apart that both systems have, in the organisation's currency."""
    flagged = {_BY_KIND[p.kind] for p in correlation.proposals if p.flags}
    parts = DifferenceParts(
        flagged=flagged | ({Cause.TO_LOWER} if Cause.TO_CHANGE in flagged else set()),
        always={Cause.UNREADABLE} if snapshot.unreadable else set(),
    )
    for cause, cents, payment in _by_payments(snapshot, correlation, policy):
        parts.add(cause, cents, payment)
    live = [p for p in snapshot.xero_payments if p.is_live and is_customer_payment(p)]
    added_up = sum(p.amount.minor for p in live if p.amount.currency == policy.currency)
    if xero.status in DEAD:
        parts.add(Cause.VOIDED, (invoice.total + invoice.adjustments).minor)
        parts.add(Cause.NOT_ADDED_UP, -added_up)
    else:
        _bill(parts, invoice, xero, policy)
        _credit(parts, snapshot, invoice, xero)
        has_foreign = any(p.amount.currency != policy.currency for p in live)
        parts.add(_unknown(snapshot, has_foreign=has_foreign), xero.amount_paid.minor - added_up)
    parts.add(Cause.REFUND, invoice.refunds.minor)
    _cover(
        parts,
        _corrected(snapshot, correlation, policy),
        _locked_by_hand(correlation, policy),
        has_adjustments=bool(invoice.adjustments.minor),
    )
    return parts


def _bill(parts: DifferenceParts, invoice: CaseInvoice, xero: XeroInvoice, policy: Policy) -> None:
    """Compare the totals, and Xero's own figures among each other."""
    totals = invoice.total - xero.total
    is_rounding = abs(totals.amount) <= policy.total_tolerance
    parts.add(Cause.ROUNDING if is_rounding else Cause.TOTALS, totals.minor)
    stated = xero.total - xero.amount_paid - xero.amount_credited - xero.due
    parts.add(Cause.NOT_ADDED_UP, stated.minor)


def _credit(parts: DifferenceParts, snapshot: InvoiceSnapshot, invoice: CaseInvoice, xero: XeroInvoice) -> None:
    """Compare credits with adjustments: as far as they mirror each other neither is a difference.

    A payment of Case Manager that a person called this credit mirrors it too (R19a).
    """
    credited, adjusted = xero.amount_credited.minor, invoice.adjustments.minor
    mirrored = min(credited, max(0, -adjusted))
    payments = {(p.payment_id, p.amount, p.paid_on) for p in snapshot.case_payments}
    said = [e for e in snapshot.decisions.explained if e.what is Explained.ALLOCATION]
    typed = sum(e.amount.minor for e in said if (e.case_id, e.amount, e.paid_on) in payments)
    as_payments = min(credited - mirrored, typed)
    parts.add(Cause.EXPLAINED, as_payments)
    # Where nobody says what was adjusted, the credit may be mirrored: no entry may be asked for.
    credit = Cause.CREDIT if invoice.are_adjustments_known else Cause.NOT_MAPPED
    parts.add(credit, credited - mirrored - as_payments)
    parts.add(Cause.ADJUSTMENT, adjusted + mirrored)


def _unknown(snapshot: InvoiceSnapshot, *, has_foreign: bool) -> Cause:
    """Say why Xero's payments do not add up to what it says was paid (R6, R22, R30)."""
    if has_foreign:
        return Cause.CURRENCY
    is_unread = any(row.side is Side.XERO for row in snapshot.unreadable)
    return Cause.UNREADABLE if is_unread else Cause.NOT_ADDED_UP


def _cover(parts: DifferenceParts, corrected: int, by_hand: int, *, has_adjustments: bool) -> None:
    """Take off what an entry made up for already: no word may ask for it again, or call it wrong (R17, R24a).

    `corrected` is what persons called corrected elsewhere, `by_hand` what was typed by hand and is locked. Case Manager
    tells the sum of its adjustments alone: one that was made for something else may seem to lack in what mirrors a
    credit. Where it has none, a credit and another cause are two errors, though their sums agree.
    """
    for cause in _CANNOT_CHANGE:
        _take_off(parts, cause, Cause.REFUND)
    for cause in _CANNOT_CHANGE:
        _take_off(parts, cause, Cause.ADJUSTMENT)
    still = -by_hand
    for entry in (Cause.REFUND, Cause.ADJUSTMENT):
        for cause in _BY_HAND:
            still -= _take_off(parts, cause, entry, most=still)
    for cause in _ADJUSTED:
        _take_off(parts, cause, Cause.ADJUSTMENT)
    for cause in _ADJUSTED if has_adjustments else ():
        _take_off(parts, cause, Cause.CREDIT)
    said = abs(corrected) if (corrected < 0) == (parts.cents[Cause.LOCKED] < 0) else 0
    for entry in (Cause.CREDIT, *_ADJUSTED):
        said -= _take_off(parts, Cause.LOCKED, entry, most=said)


def _take_off(parts: DifferenceParts, cause: Cause, entry: Cause, most: int | None = None) -> int:
    """Take off both what an entry and a cause make up, as far as they make up for each other, and `most` of it.

    Returns how much that was.
    """
    wrong, made = parts.cents[cause], parts.cents[entry]
    if (wrong < 0) == (made < 0):
        return 0
    covered = min(abs(wrong), abs(made), *([] if most is None else [most]))
    parts.add(cause, covered if wrong < 0 else -covered)
    parts.add(entry, covered if made < 0 else -covered)
    return covered


def _by_payments(
    snapshot: InvoiceSnapshot, correlation: Correlation, policy: Policy
) -> Iterator[tuple[Cause, int, str]]:
    """Return what each payment adds to the difference."""
    kinds = {p.fingerprint: p.kind for p in correlation.proposals}
    said_no = snapshot.decisions.declined
    declined = {p.fingerprint for p in correlation.proposals if p.decision in said_no or p.fingerprint in said_no}
    # What is to be corrected is asked for; what was is named only as far as nothing makes up for it (R17).
    said = {e.case_id: _BY_SAYING[e.what] for e in snapshot.decisions.explained if e.what in _BY_SAYING}
    effects = _effects(correlation, policy)
    for row in correlation.placements:
        if cents := _in_cents(row, policy):
            cause = _cause_of(row, kinds, declined)
            if cause is Cause.TO_CHANGE and effects[row.fingerprint] < 0:
                cause = Cause.TO_LOWER
            if row.case is not None:
                cause = _as_said(cause, said.get(row.case.payment_id, cause))
            yield cause, cents, _name(row, cause)
    if correlation.out_of_scope:
        yield from old_parts(snapshot, correlation, policy)


def _corrected(snapshot: InvoiceSnapshot, correlation: Correlation, policy: Policy) -> int:
    """Return what the rows make up that a person called corrected elsewhere, as far as that still holds (R17)."""
    settled = ((row, row.case) for row in correlation.placements if row.case is not None and row.reason is None)
    said = snapshot.decisions.said_of
    return sum(_in_cents(row, policy) for row, copy in settled if said(copy) is Explained.CORRECTED)


def _locked_by_hand(correlation: Correlation, policy: Policy) -> int:
    """Return what the rows make up that were typed by hand and are locked, less than nothing (R17, R19)."""
    return sum(_in_cents(row, policy) for row in correlation.placements if row.is_fixed and row.reason is None)


def _effects(correlation: Correlation, policy: Policy) -> Mapping[Fingerprint | None, int]:
    """Add up what the rows of each proposal make up.

    A copy that counts too much is told apart from one that counts too little: together they might vanish.
    """
    effects: dict[Fingerprint | None, int] = defaultdict(int)
    for row in correlation.placements:
        effects[row.fingerprint] += _in_cents(row, policy)
    return effects


def _in_cents(row: Placement, policy: Policy) -> int:
    """Return what a row adds; an unreadable one of Xero's is a part of what does not add up there."""
    xero = row.xero_amount if row.unreadable is None else None
    ours = xero.minor if xero is not None and xero.currency == policy.currency else 0
    return ours - (row.case_amount.minor if row.case_amount is not None else 0)


def _cause_of(row: Placement, kinds: Mapping[Fingerprint, ProposalKind], declined: set[Fingerprint]) -> Cause:
    if row.bucket is Bucket.MATCHED:
        return Cause.ACCEPTED
    if row.reason is not None:
        # A multi-invoice payment beside what was its original is a copy that cannot be changed either.
        is_copy = row.reason is Reason.MULTI_INVOICE and row.xero is not None
        return Cause.LOCKED if is_copy else CAUSE_OF_SKIP[row.reason]
    if row.fingerprint in declined:
        return Cause.DECLINED
    kind = kinds.get(row.fingerprint) if row.fingerprint is not None else None
    if kind is not None:
        return _BY_KIND[kind]
    if row.case is None:
        return Cause.SKIPPED
    return Cause.EXPLAINED if row.rule is Rule.R19A else Cause.LEFTOVER


def _as_said(cause: Cause, said: Cause) -> Cause:
    """Take up what was said of a payment; of a pair that differs, only that it was corrected elsewhere (R17)."""
    is_taken = cause is Cause.EXPLAINED or (cause is Cause.ACCEPTED and said is Cause.LOCKED)
    return said if is_taken else cause


def _name(row: Placement, cause: Cause) -> str:
    """Name the payment that an entry speaks of: a change by what the copy becomes, a locked pair by the copy."""
    if row.xero is not None and row.xero.is_live and cause is not Cause.LOCKED:
        return wording.paid(row.xero)
    is_change = cause in {Cause.TO_CHANGE, Cause.TO_LOWER}
    return wording.paid(row.case) if row.case is not None and not is_change else ""
