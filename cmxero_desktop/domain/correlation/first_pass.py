"""What an invoice's first pass is made of: how an add, a change, a removal or a skipped row looks (R3 to R30)."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from cmxero_desktop.domain import wording, wording_accounts, wording_locked, wording_skipped
from cmxero_desktop.domain.correlation.pairing import Paired
from cmxero_desktop.domain.correlation.sides import Sides, Waiting
from cmxero_desktop.domain.correlation.sketches import PlacedRow, Sketch
from cmxero_desktop.domain.correlation.writable import (
    note_as_written,
    reference_as_written,
    why_not_amount,
    why_not_date,
)
from cmxero_desktop.domain.identifiers import XeroPaymentId
from cmxero_desktop.domain.memory import Explained
from cmxero_desktop.domain.placements import Bucket, Reason
from cmxero_desktop.domain.policy import Policy
from cmxero_desktop.domain.proposals import Flag, PaymentValues, ProposalKind
from cmxero_desktop.domain.records import CasePayment, InvoiceSnapshot, XeroPayment
from cmxero_desktop.domain.rules import Rule
from cmxero_desktop.domain.scope import is_never_copied, payment_type_of

_NO_FLAG: frozenset[Flag] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Some rows and sketches of an invoice."""

    rows: tuple[PlacedRow, ...] = ()
    sketches: tuple[Sketch, ...] = ()


def joined(parts: Iterable[Part]) -> Part:
    """Put parts together."""
    parts = tuple(parts)
    return Part(
        rows=tuple(row for part in parts for row in part.rows),
        sketches=tuple(sketch for part in parts for sketch in part.sketches),
    )


def unmatched_with(sketch: Sketch) -> Part:
    """Place the payments of a proposal: not equal, so each is unmatched until it is written."""
    rows = []
    if sketch.xero is not None:
        rows.append(PlacedRow(bucket=Bucket.UNMATCHED, rule=sketch.rule, xero=sketch.xero, sketch=sketch.key))
    if sketch.case is not None:
        rows.append(PlacedRow(bucket=Bucket.UNMATCHED, rule=sketch.rule, case=sketch.case, sketch=sketch.key))
    return Part(rows=tuple(rows), sketches=(sketch,))


@dataclass(frozen=True, slots=True)
class SkippedPayment:
    """A Xero payment that is no addition now, as a row that a copy may share."""

    row: PlacedRow

    def beside(self, copy: CasePayment) -> PlacedRow:
        """Return the row with the copy that names the payment."""
        return replace(self.row, case=copy)


@dataclass(frozen=True, slots=True)
class FirstPass:
    """All that the first pass of one invoice rests on."""

    snapshot: InvoiceSnapshot
    sides: Sides
    paired: Paired
    policy: Policy
    today: date
    claimed: frozenset[XeroPaymentId]

    def link(self, xero: XeroPayment, copy: CasePayment) -> Sketch | None:
        """Sketch a link: the line in Notes, and a reference where there is none (R8); None where it does not fit."""
        reference = copy.reference if copy.reference.strip() else xero.reference
        return self._entry(ProposalKind.LINK, Rule.R8, xero, copy, reference, (copy.paid_on, copy))

    def add(self, xero: XeroPayment, flags: frozenset[Flag] = _NO_FLAG) -> Sketch | None:
        """Sketch an add (R12); None where the note does not fit."""
        notes = note_as_written("", xero.payment_id, self.policy)
        if notes is None:
            return None
        after = PaymentValues(
            paid_on=xero.paid_on,
            amount=xero.amount,
            reference=reference_as_written(xero.reference, "", self.policy),
            notes=notes,
            payment_type=payment_type_of(xero, self.policy),
        )
        return Sketch(kind=ProposalKind.ADD, rule=Rule.R12, xero=xero, after=after, flags=flags)

    def change(
        self,
        xero: XeroPayment,
        copy: CasePayment,
        rule: Rule,
        *,
        original: XeroPayment | None = None,
        flags: frozenset[Flag] = _NO_FLAG,
    ) -> Sketch | None:
        """Sketch a change to Xero's values; the copy keeps its key and payment type (R14, R16, R23)."""
        sketch = self._entry(ProposalKind.CHANGE, rule, xero, copy, xero.reference, (xero.paid_on, xero))
        return replace(sketch, original=original, flags=flags) if sketch is not None else None

    def _entry(
        self,
        kind: ProposalKind,
        rule: Rule,
        xero: XeroPayment,
        copy: CasePayment,
        reference: str,
        values: tuple[date, XeroPayment | CasePayment],
    ) -> Sketch | None:
        notes = note_as_written(copy.notes, xero.payment_id, self.policy)
        if notes is None:
            return None
        after = PaymentValues(
            paid_on=values[0],
            amount=values[1].amount,
            reference=reference_as_written(reference, copy.reference, self.policy),
            notes=notes,
            payment_type=copy.payment_type,
        )
        return Sketch(kind=kind, rule=rule, xero=xero, case=copy, after=after)

    def remove(
        self,
        copy: CasePayment,
        rule: Rule,
        *,
        original: XeroPayment | None = None,
        flags: frozenset[Flag] = _NO_FLAG,
    ) -> Sketch:
        """Sketch a removal (R15, R20, R20a)."""
        return Sketch(kind=ProposalKind.REMOVE, rule=rule, case=copy, original=original, flags=flags)

    def is_never_copied(self, xero: XeroPayment) -> bool:
        """Say whether the payment went to an account whose payments stay out, as one that holds clients' money (R3)."""
        return is_never_copied(xero, self.policy)

    def why_skipped(self, xero: XeroPayment) -> SkippedPayment | None:
        """Return the row of a payment that cannot be entered now, or None (R12, R13)."""
        limit = self.policy.forward_dating_days
        if why := why_not_amount(xero.amount, self.policy):
            return SkippedPayment(self._skipped(Reason.AMOUNT, Rule.R12, why, xero=xero))
        if why := why_not_date(xero.paid_on, self.policy):
            return SkippedPayment(self._skipped(Reason.UNREADABLE, Rule.R12, why, xero=xero))
        if limit is not None and (xero.paid_on - self.today).days > limit:
            row = self._skipped(
                Reason.FUTURE_DATED, Rule.R13, wording_skipped.future_dated(xero, self.today, self.policy), xero=xero
            )
            return SkippedPayment(replace(row, ready_on=xero.paid_on - timedelta(days=limit)))
        return None

    @staticmethod
    def held(hold: Waiting, *, xero: XeroPayment | None = None, case: CasePayment | None = None) -> PlacedRow:
        """Return the row of what waits because the invoice's payments are not known to be whole (R22, R30)."""
        return FirstPass._skipped(hold.reason, hold.rule, hold.explanation, xero=xero, case=case)

    def account(self, xero: XeroPayment, case: CasePayment | None) -> PlacedRow:
        """Return the row of a payment to an account whose payments stay out (R3)."""
        return self._skipped(Reason.ACCOUNT, Rule.R3, wording_accounts.never_copied(xero), xero=xero, case=case)

    def notes_full(self, xero: XeroPayment, case: CasePayment | None) -> PlacedRow:
        """Return the row of a payment whose note would not fit (R28)."""
        why = wording_skipped.notes_full(case, self.policy.notes_limit or 0)
        return self._skipped(Reason.NOTES_FULL, Rule.R28, why, xero=xero, case=case)

    def locked(self, copy: CasePayment, xero: XeroPayment | None, rule: Rule) -> PlacedRow:
        """Return the row of a copy that a journal entry locks (R17, R20)."""
        why = wording_locked.journalled(copy, xero, self.snapshot.deleted_day(xero))
        return self._fixed(copy, xero) or self._skipped(Reason.JOURNALLED, rule, self.with_said(copy, why), xero, copy)

    def shared(self, copy: CasePayment, xero: XeroPayment | None = None) -> PlacedRow:
        """Return the row of one part of a multi-invoice payment (R18)."""
        why = wording_locked.multi_invoice(copy, xero, self.snapshot.deleted_day(xero))
        row = self._skipped(Reason.MULTI_INVOICE, Rule.R18, self.with_said(copy, why), xero, copy)
        return self._fixed(copy, xero) or row

    def _fixed(self, copy: CasePayment, xero: XeroPayment | None) -> PlacedRow | None:
        """Return the row of what cannot be changed once a person said what it is: it is skipped no longer (R0, R19a).

        What has still to be corrected stays where it is; beside a live payment of Xero a pair stands.
        """
        said = self.sides.explained.get(copy.payment_id)
        if said is None or said.what is Explained.TO_CORRECT or (xero is not None and xero.is_live):
            return None
        return self.left_alone(copy, Rule.R19A, wording.explained(copy, said))

    def with_said(self, copy: CasePayment, why: str) -> str:
        """Add to a reason what a person said of the payment, where that has still to be done, or to be done again."""
        said, in_vain = self.sides.explained.get(copy.payment_id), self.sides.in_vain.get(copy.payment_id)
        if in_vain is not None:
            return f"{why} {wording.explained(copy, in_vain)} {wording.IN_VAIN}"
        return f"{why} {wording.explained(copy, said)}" if said is not None else why

    @staticmethod
    def left_alone(copy: CasePayment, rule: Rule, explanation: str) -> PlacedRow:
        """Return the row of a case payment that is left undisturbed."""
        return PlacedRow(bucket=Bucket.UNMATCHED, rule=rule, explanation=explanation, case=copy)

    @staticmethod
    def _skipped(
        reason: Reason, rule: Rule, why: str, xero: XeroPayment | None = None, case: CasePayment | None = None
    ) -> PlacedRow:
        return PlacedRow(bucket=Bucket.SKIPPED, rule=rule, explanation=why, xero=xero, case=case, reason=reason)
