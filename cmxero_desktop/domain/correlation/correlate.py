"""Decide for one invoice where each payment stands and what would make Case Manager mirror Xero (R1 to R25).

Total, deterministic and pure: any snapshot gives an answer, input order never matters, and today is an argument.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from cmxero_desktop.domain import wording
from cmxero_desktop.domain.control_total import control_total_of
from cmxero_desktop.domain.correlation.balance import balance_of, with_balances
from cmxero_desktop.domain.correlation.drafting import Drafter
from cmxero_desktop.domain.correlation.edits import Edit, Orphan, find_edits
from cmxero_desktop.domain.correlation.matching import Pairing, Pairs, is_locked, match
from cmxero_desktop.domain.correlation.near_doubles import is_near_double
from cmxero_desktop.domain.correlation.placing import Rows
from cmxero_desktop.domain.identifiers import XeroPaymentId
from cmxero_desktop.domain.money import Money
from cmxero_desktop.domain.placements import Correlation, MatchedHow, Reason
from cmxero_desktop.domain.policy import Policy
from cmxero_desktop.domain.proposals import Flag
from cmxero_desktop.domain.records import CaseInvoice, CasePayment, InvoiceSnapshot, XeroPayment
from cmxero_desktop.domain.rules import Rule
from cmxero_desktop.domain.scope import (
    MarkedPayment,
    Scope,
    folded,
    is_customer_payment,
    scope_of,
    xero_order,
)


def correlate(snapshot: InvoiceSnapshot, policy: Policy, today: date) -> Correlation:
    """Place every payment of the invoice and propose what would mirror Xero.

    `today` is the organisation's local date. Proposals carry balances and every flag but `over_limit`, which
    depends on the other invoices of the poll.
    """
    scope = scope_of(snapshot, policy)
    rows = Rows(snapshot, policy)
    invoice = snapshot.case_invoice
    if invoice is None:
        for payment in scope.live:
            rows.skipped(Reason.NO_INVOICE, Rule.R4, wording.no_invoice(snapshot.number), xero=payment)
        rows.unreadable()
        return Correlation(tuple(rows.placements), (), scope.left_out)
    _Invoice(rows, today, invoice, scope).place_all()
    if not rows.proposals:
        return Correlation(tuple(rows.placements), (), scope.left_out)
    balance = balance_of(invoice, snapshot.case_payments)
    proposals = with_balances(rows.proposals, balance, snapshot.decisions.declined)
    return Correlation(tuple(rows.placements), proposals, scope.left_out)


def is_under_sor(snapshot: InvoiceSnapshot, policy: Policy) -> bool:
    """Say whether a live payment was paid to the SOR clearing account (S1)."""
    text = policy.sor_account_text
    return bool(text) and any(text in p.account_name for p in snapshot.xero_payments if p.is_live)


@dataclass(frozen=True, slots=True)
class _Hold:
    """Why nothing may be proposed for an invoice at all."""

    reason: Reason
    rule: Rule
    explanation: str


def _hold_of(snapshot: InvoiceSnapshot, policy: Policy) -> _Hold | None:
    """Return why the invoice's payments are not known to be whole, or None (R22, R30)."""
    control = control_total_of(snapshot, policy.currency)
    if not control.holds:
        return _Hold(Reason.CONTROL_TOTAL, Rule.R22, wording.control_total(control))
    if snapshot.unreadable:
        return _Hold(Reason.UNREADABLE, Rule.R30, wording.beside_unreadable(snapshot.unreadable))
    return None


class _Invoice:
    """The work on one invoice that is in Case Manager; what an invoice with nothing to do does not need is put off."""

    def __init__(self, rows: Rows, today: date, case_invoice: CaseInvoice, scope: Scope) -> None:
        self.rows = rows
        self.snapshot = rows.snapshot
        self.policy = rows.policy
        self.today = today
        self.case_invoice = case_invoice
        self.scope = scope
        self.typed: tuple[CasePayment, ...] = ()
        self.paired_values: frozenset[tuple[Money, date]] = frozenset()

    @cached_property
    def hold(self) -> _Hold | None:
        """Why nothing may be proposed, if so."""
        return _hold_of(self.snapshot, self.policy)

    @cached_property
    def deleted(self) -> dict[XeroPaymentId, XeroPayment]:
        """The deleted Xero payments that copies may name, by folded id; the invoice's own count first."""
        elsewhere = sorted((p for p in self.snapshot.named_elsewhere.values() if not p.is_live), key=xero_order)
        return {folded(p.payment_id): p for p in (*elsewhere, *self.scope.deleted)}

    @cached_property
    def drafter(self) -> Drafter:
        """The drafter of this invoice's proposals; asked for only once `typed` is known."""
        candidates = (*self.typed, *self._early_leftovers())
        is_sor = is_under_sor(self.snapshot, self.policy)
        return Drafter(self.snapshot, self.case_invoice, self.policy, is_sor, candidates)

    def _early_leftovers(self) -> list[CasePayment]:
        """Return what stands before the start date without an equal: an addition after it may be the same money."""
        if not self.scope.early_case:
            return []
        return [m.payment for m in match(self.scope.early_live, self.scope.early_case, self.policy).case_left]

    def place_all(self) -> None:
        """Place the payments in scope, in the order of the rules."""
        live, case = self._place_foreign()
        pairs = match(live, case, self.policy)
        if pairs.differing or pairs.xero_left or pairs.case_left:
            self._place_unequal(pairs)
        for pair in pairs.equal:
            self._place_equal(pair)
        self.rows.unreadable()

    def _place_unequal(self, pairs: Pairs) -> None:
        """Place what has no equal (R12 to R25)."""
        chosen = self._chosen(pairs.xero_left, pairs.case_left)
        xero_left = [p for p in pairs.xero_left if all(p is not c.xero for c in chosen)]
        case_left = [m for m in pairs.case_left if all(m is not c.case for c in chosen)]
        self.typed = tuple(m.payment for m in case_left if not m.mark.is_imported)
        self.paired_values = frozenset((p.xero.amount, p.xero.paid_on) for p in pairs.equal)
        for pair in chosen:
            self._place_change(pair.xero, pair.case.payment, Rule.R23, wording.chosen(pair.xero, pair.case.payment))
        for pair in pairs.differing:
            self._place_differing(pair)
        additions = [p for p in xero_left if not self._is_held_back(p)]
        for copy in self.typed:
            self._place_typed(copy, additions)
        orphans = [orphan for m in case_left if m.mark.is_imported and (orphan := self._orphan_or_place(m))]
        self._place_additions(additions, orphans)

    def _place_foreign(self) -> tuple[Sequence[XeroPayment], Sequence[MarkedPayment]]:
        """Set aside payments in another currency, each with the copy that names it (R6); return the others."""
        currency = self.policy.currency
        live = [p for p in self.scope.live if p.amount.currency == currency]
        if len(live) == len(self.scope.live):
            return self.scope.live, self.scope.case
        own = {folded(p.payment_id) for p in live}
        case = list(self.scope.case)
        for payment in (p for p in self.scope.live if p.amount.currency != currency):
            name = folded(payment.payment_id)
            copy = next((m for m in case if m.mark.payment_id == name and name not in own), None)
            if copy is not None:
                case.remove(copy)
            explanation = wording.other_currency(payment, currency)
            self.rows.skipped(Reason.CURRENCY, Rule.R6, explanation, xero=payment, case=copy.payment if copy else None)
        return live, case

    def _place_equal(self, pair: Pairing) -> None:
        """Place an equal pair, and propose the link where the Notes can take it (R7 to R10)."""
        xero, copy = pair.xero, pair.case.payment
        how, rule = self._matched_how(pair)
        fingerprint = None
        if rule == Rule.R8 and not self.hold:
            if not self.drafter.note_fits(copy.notes, xero.payment_id):
                self.rows.notes_full(xero, copy)
                return
            proposal = self.drafter.link(xero, copy, rule=rule, explanation=wording.link(xero))
            self.rows.proposals.append(proposal)
            fingerprint = proposal.fingerprint
        self.rows.matched(xero, copy, how, rule, fingerprint)

    def _matched_how(self, pair: Pairing) -> tuple[MatchedHow, Rule]:
        if pair.is_named:
            return MatchedHow.LINKED, Rule.R7
        if is_locked(pair.case.payment, self.policy):
            return MatchedHow.JOURNALLED, Rule.R10
        if pair.case.payment.is_multi_invoice:
            return MatchedHow.MULTI_INVOICE, Rule.R9
        return (MatchedHow.EXACT_IMPORTED if pair.case.mark.is_imported else MatchedHow.EXACT), Rule.R8

    def _chosen(self, xero_left: Sequence[XeroPayment], case_left: Sequence[MarkedPayment]) -> list[Pairing]:
        """Return the near doubles that a person said are the same money, as far as they can be changed (R23).

        What was said of two payments says nothing once one of them was edited far away from the other.
        """
        links = self.snapshot.decisions.links
        if not links or self.hold:
            return []
        free = [m for m in case_left if not m.mark.is_imported and self._is_free(m.payment)]
        chosen = []
        for xero in xero_left:
            said = (m for m in free if (xero.payment_id, m.payment.payment_id) in links)
            copy = next((m for m in said if is_near_double(xero, m.payment, self.policy)), None)
            if copy is not None and self._limit_passed(xero) is None:
                free.remove(copy)
                chosen.append(Pairing(xero, copy, is_named=False))
        return chosen

    def _place_differing(self, pair: Pairing) -> None:
        """Place a copy whose own Xero payment has other values (R14), or say why it is undisturbed (R17, R18)."""
        xero, copy = pair.xero, pair.case.payment
        limit = self._limit_passed(xero)
        if self.hold:
            self._skip_held(self.hold, xero=xero, case=copy)
        elif is_locked(copy, self.policy):
            self.rows.skipped(Reason.JOURNALLED, Rule.R17, wording.journalled(copy, xero), xero=xero, case=copy)
        elif copy.is_multi_invoice:
            self.rows.skipped(Reason.MULTI_INVOICE, Rule.R18, wording.multi_invoice(copy), xero=xero, case=copy)
        elif limit is not None:
            self.rows.future_dated(xero, copy, today=self.today, limit=limit)
        else:
            self._place_change(xero, copy, Rule.R14, wording.differs(xero, copy))

    def _place_change(
        self,
        xero: XeroPayment,
        copy: CasePayment,
        rule: Rule,
        explanation: str,
        replaced: XeroPayment | None = None,
    ) -> None:
        """Propose a change; its two payments are not equal, so both are unmatched until it is applied."""
        if not self.drafter.note_fits(copy.notes, xero.payment_id):
            self.rows.notes_full(xero, copy)
            return
        flags = self._twin(xero) if rule != Rule.R14 else set()
        proposal = self.drafter.change(xero, copy, rule=rule, explanation=explanation, flags=flags, replaced=replaced)
        self.rows.proposals.append(proposal)
        self.rows.unmatched_xero(xero, proposal)
        self.rows.unmatched_case(copy, rule, explanation, proposal=proposal)

    def _twin(self, xero: XeroPayment) -> set[Flag]:
        """Flag what was left over although an equal one was matched (R25)."""
        return {Flag.TWIN} if (xero.amount, xero.paid_on) in self.paired_values else set()

    def _place_typed(self, copy: CasePayment, additions: Iterable[XeroPayment]) -> None:
        """Leave a payment typed by hand undisturbed (R18, R19)."""
        if self.hold:
            self._skip_held(self.hold, case=copy)
        elif copy.is_multi_invoice:
            self.rows.skipped(Reason.MULTI_INVOICE, Rule.R18, wording.multi_invoice(copy), case=copy)
        else:
            near = tuple(x.payment_id for x in additions if is_near_double(x, copy, self.policy))
            self.rows.unmatched_case(copy, Rule.R19, wording.manual_unmatched(copy), near=near)

    def _orphan_or_place(self, marked: MarkedPayment) -> Orphan | None:
        """Return an imported copy whose Xero payment is deleted; place any other one (R15, R20)."""
        copy, named = marked.payment, marked.mark.payment_id
        deleted = self.deleted.get(named) if named else None
        if deleted is not None:
            if not self.hold:
                return Orphan(marked, deleted)
            self._skip_held(self.hold, xero=deleted, case=copy)
        elif is_locked(copy, self.policy):
            self.rows.skipped(Reason.JOURNALLED, Rule.R20, wording.journalled(copy, None), case=copy)
        elif copy.is_multi_invoice and self.hold:
            self._skip_held(self.hold, case=copy)
        elif copy.is_multi_invoice:
            self.rows.skipped(Reason.MULTI_INVOICE, Rule.R18, wording.multi_invoice(copy), case=copy)
        elif why := self._why_not_removable(named):
            self.rows.unmatched_case(copy, Rule.R20, wording.imported_unmatched(copy, why))
        else:
            self._place_removal(copy, Rule.R20, wording.remove_unknown(copy, names_id=named is not None))
        return None

    def _why_not_removable(self, named: XeroPaymentId | None) -> str:
        """Say why an imported copy without an original cannot be called superfluous, or nothing (R20, R21)."""
        if named is not None:
            own = next((p for p in self.snapshot.xero_payments if folded(p.payment_id) == named), None)
            if own is not None and not is_customer_payment(own):
                return "it names a refund in Xero, not a payment"
            if own is not None:
                return "a second copy of a Xero payment that another copy here already mirrors"
            elsewhere = next((p for i, p in self.snapshot.named_elsewhere.items() if folded(i) == named), None)
            if elsewhere is not None:
                return f"it names a Xero payment of invoice {elsewhere.invoice_number}"
            if named not in {folded(i) for i in self.snapshot.unknown_ids}:
                return "Xero has not been asked yet about the payment that it names"
        return self.hold.explanation if self.hold else ""

    def _place_removal(
        self, copy: CasePayment, rule: Rule, explanation: str, deleted: XeroPayment | None = None
    ) -> None:
        proposal = self.drafter.remove(copy, rule=rule, explanation=explanation, replaced=deleted)
        self.rows.proposals.append(proposal)
        self.rows.unmatched_case(copy, rule, explanation, proposal=proposal)

    def _is_held_back(self, payment: XeroPayment) -> bool:
        """Place an unmatched Xero payment that is no addition now (R13, R22); say whether it was one."""
        limit = self._limit_passed(payment)
        if self.hold:
            self._skip_held(self.hold, xero=payment)
        elif limit is not None:
            self.rows.future_dated(payment, None, today=self.today, limit=limit)
        return self.hold is not None or limit is not None

    def _place_additions(self, additions: Sequence[XeroPayment], orphans: Sequence[Orphan]) -> None:
        """Place what Xero has and Case Manager lacks: edits first, then adds (R12, R15 to R17, R25)."""
        edits = find_edits(orphans, additions)
        edited = {edit.replacement.payment_id for edit in edits}
        for edit in edits:
            self._place_edit(edit)
        for orphan in orphans:
            if all(orphan is not edit.orphan for edit in edits):
                self._place_orphan(orphan)
        for payment in additions:
            if payment.payment_id not in edited:
                self._place_add(payment)

    def _place_edit(self, edit: Edit) -> None:
        """Turn the two halves of an edit into one change, where the copy can be changed (R16, R17)."""
        xero, copy = edit.replacement, edit.orphan.copy.payment
        if self._is_free(copy):
            self._place_change(xero, copy, Rule.R16, wording.edited(xero, copy), edit.orphan.deleted)
            return
        self._place_orphan(edit.orphan)
        flag = Flag.JOURNALLED_COUNTERPART if is_locked(copy, self.policy) else Flag.NEAR_DOUBLE
        self._place_add(xero, counterpart=(flag, copy))

    def _place_orphan(self, orphan: Orphan) -> None:
        """Propose to remove a copy whose Xero payment is deleted, or leave it where it is locked (R15, R17, R18)."""
        copy, deleted = orphan.copy.payment, orphan.deleted
        if is_locked(copy, self.policy):
            self.rows.skipped(Reason.JOURNALLED, Rule.R17, wording.journalled(copy, deleted), xero=deleted, case=copy)
        elif copy.is_multi_invoice:
            self.rows.skipped(Reason.MULTI_INVOICE, Rule.R18, wording.multi_invoice(copy), xero=deleted, case=copy)
        else:
            self._place_removal(copy, Rule.R15, wording.remove(copy), deleted)

    def _place_add(self, xero: XeroPayment, counterpart: tuple[Flag, CasePayment] | None = None) -> None:
        """Propose an add with everything that a person should look at first (R12, R17, R23, R25)."""
        if not self.drafter.note_fits("", xero.payment_id):
            self.rows.notes_full(xero, None)
            return
        near = self.drafter.near(xero)
        flags = self._twin(xero)
        number = self.snapshot.number
        explanation = wording.twin(xero, number) if flags else wording.add(xero, number)
        if near:
            flags.add(Flag.NEAR_DOUBLE)
            explanation = wording.near(xero, near, number)
        if counterpart is not None:
            flag, copy = counterpart
            flags.add(flag)
            near = (*near, copy)
            explanation = wording.counterpart(xero, copy)
        proposal = self.drafter.add(xero, rule=Rule.R12, explanation=explanation, flags=flags, near=near)
        self.rows.proposals.append(proposal)
        self.rows.unmatched_xero(xero, proposal)

    def _skip_held(self, hold: _Hold, *, xero: XeroPayment | None = None, case: CasePayment | None = None) -> None:
        self.rows.skipped(hold.reason, hold.rule, hold.explanation, xero=xero, case=case)

    def _is_free(self, copy: CasePayment) -> bool:
        return not copy.is_multi_invoice and not is_locked(copy, self.policy)

    def _limit_passed(self, payment: XeroPayment) -> int | None:
        """Return the forward dating limit where the payment is dated beyond it (R13)."""
        limit = self.policy.forward_dating_days
        return limit if limit is not None and (payment.paid_on - self.today).days > limit else None
