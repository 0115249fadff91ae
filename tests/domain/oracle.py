"""The rules a second time, slow and obvious, from their text alone: nothing of the matching code is used here.

Whatever is best is found by looking at every possibility, and again after each step.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from cmxero_desktop.domain.policy import Policy
from cmxero_desktop.domain.records import CasePayment, InvoiceSnapshot, XeroPayment

_Pair = tuple[XeroPayment, CasePayment]


@dataclass
class Verdict:
    """What should come out: rows and changes in the words of `tests.domain.support`."""

    rows: set[str] = field(default_factory=set)
    changes: set[str] = field(default_factory=set)
    left_out: int = 0


@dataclass
class _Draft:
    """A change that was decided on, before the balance is known."""

    kind: str
    x: XeroPayment | None
    c: CasePayment | None
    flags: set[str]

    @property
    def amount(self) -> Decimal:
        payment = self.x if self.kind in {"add", "change"} else self.c
        assert payment is not None
        return payment.amount.amount

    @property
    def effect(self) -> Decimal:
        """How much more is paid afterwards."""
        before = self.c.amount.amount if self.c else Decimal(0)
        return -before if self.kind == "remove" else self.amount - before


def key_of(c: CasePayment) -> tuple[bool, int, str]:
    """Numbers by size, then text."""
    value = c.payment_id.value
    return (isinstance(value, str), value if isinstance(value, int) else 0, str(value))


def x_key(x: XeroPayment) -> tuple[date, str]:
    """Xero's payments by date and id."""
    return (x.paid_on, x.payment_id)


def names(c: CasePayment) -> str:
    """Return the id that the Notes name last, in lower case, or nothing (R7)."""
    found = [m[1] for line in c.notes.splitlines() if (m := re.fullmatch(r"\s*Xero payment\s+(\S+)\s*", line))]
    return found[-1].lower() if found and any(ch.isdigit() for ch in found[-1]) else ""


def is_imported(c: CasePayment) -> bool:
    """Whether the Notes mark the payment as imported (R8)."""
    return "Xero payment" in c.notes


def equal(x: XeroPayment, c: CasePayment) -> bool:
    """Whether amount and date are the same (R8)."""
    return (x.amount.amount, x.paid_on) == (c.amount.amount, c.paid_on)


def near(x: XeroPayment, c: CasePayment, near_days: int) -> bool:
    """Whether the one may be the other, mistyped (R23)."""
    mine, theirs = x.amount.amount, c.amount.amount
    if mine == theirs:
        return abs(x.paid_on - c.paid_on) <= timedelta(days=near_days)
    return x.paid_on == c.paid_on and (abs(mine - theirs) <= 1 or _swapped(f"{mine:.2f}", f"{theirs:.2f}"))


def _swapped(one: str, other: str) -> bool:
    """Whether exchanging two characters of the one gives the other."""
    for i in range(len(one)):
        for j in range(i):
            digits = list(one)
            digits[i], digits[j] = digits[j], digits[i]
            if "".join(digits) == other and one[i] != "." and one[j] != ".":
                return True
    return False


class Oracle:
    """One invoice, judged rule by rule."""

    def __init__(self, facts: InvoiceSnapshot, policy: Policy, today: date) -> None:
        self.facts, self.policy, self.today = facts, policy, today
        self.out = Verdict()
        self.drafts: list[_Draft] = []
        self.near_pool: list[CasePayment] = []
        self.equal_values: set[tuple[Decimal, date]] = set()
        self.is_sor = any("SOR Clearing" in p.account_name for p in facts.xero_payments if p.is_live)

    def verdict(self) -> Verdict:
        """Place everything in scope."""
        live, deleted, copies, early_live, early = self._scope()
        self.out.left_out = len(early_live) + len(early)
        for row in self.facts.unreadable:
            self.out.rows.add(f"skipped ={row.place} UNREADABLE R30")
        if self.facts.case_invoice is None:
            for x in live:
                self._skip("NO_INVOICE", "R4", x)
            return self.out
        self._correlate(live, deleted, copies, (early_live, early))
        self._balance(self.facts.case_invoice.total.amount)
        return self.out

    def _scope(
        self,
    ) -> tuple[list[XeroPayment], list[XeroPayment], list[CasePayment], list[XeroPayment], list[CasePayment]]:
        xs = sorted((x for x in self.facts.xero_payments if x.payment_type == "ACCRECPAYMENT"), key=x_key)
        cs = sorted(self.facts.case_payments, key=key_of) if self.facts.case_invoice else []
        start = self.policy.start_date or date.min
        together = {x.payment_id.lower() for x in xs if x.paid_on >= start}
        together |= {names(c) for c in cs if c.paid_on >= start} - {""}
        said = {c for _, c in self.facts.decisions.links}
        in_x = [x for x in xs if x.paid_on >= start or x.payment_id.lower() in together]
        in_c = [c for c in cs if c.paid_on >= start or names(c) in together or c.payment_id in said]
        return (
            [x for x in in_x if x.is_live],
            [x for x in in_x if not x.is_live],
            in_c,
            [x for x in xs if x not in in_x and x.is_live],
            [c for c in cs if c not in in_c],
        )

    def _locked(self, c: CasePayment) -> bool:
        return c.is_journalled and self.policy.is_journalled_locked

    def _changeable(self, c: CasePayment) -> bool:
        return not c.is_multi_invoice and not self._locked(c)

    def _fits(self, c: CasePayment | None, x: XeroPayment) -> bool:
        """R28: the line replaces an older one, or goes behind what is there."""
        line = f"Xero payment {x.payment_id}"
        if c is None or not c.notes:
            length = len(line)
        elif names(c):
            length = len(c.notes) - len(names(c)) + len(x.payment_id)
        else:
            length = len(c.notes) + 1 + len(line)
        return self.policy.notes_limit is None or length <= self.policy.notes_limit

    def _too_early(self, x: XeroPayment) -> bool:
        limit = self.policy.forward_dating_days
        return limit is not None and x.paid_on > self.today + timedelta(days=limit)

    def _hold(self) -> tuple[str, str] | None:
        """R22, and R30 beside a row that could not be read."""
        invoice = self.facts.xero_invoice
        live = [x for x in self.facts.xero_payments if x.is_live and x.payment_type == "ACCRECPAYMENT"]
        paid = sum((x.amount.amount for x in live if x.amount.currency == "AUD"), Decimal(0))
        if invoice is None or invoice.amount_paid.amount != paid:
            return "CONTROL_TOTAL", "R22"
        return ("UNREADABLE", "R30") if self.facts.unreadable else None

    def _skip(self, reason: str, rule: str, x: XeroPayment | None = None, c: CasePayment | None = None) -> None:
        self.out.rows.add(f"skipped {x.payment_id if x else ''}={c.payment_id if c else ''} {reason} {rule}")

    def _unmatched(self, rule: str, x: XeroPayment | None = None, c: CasePayment | None = None) -> None:
        self.out.rows.add(f"unmatched {x.payment_id if x else ''}={c.payment_id if c else ''} {rule}")

    def _pairs(
        self, xs: Iterable[XeroPayment], cs: Iterable[CasePayment]
    ) -> tuple[list[tuple[str, _Pair]], list[XeroPayment], list[CasePayment]]:
        """R7, R14 and R8: one best pair after the other, each time out of all that are possible."""
        xs, cs = list(xs), list(cs)
        found: list[tuple[str, _Pair]] = []
        while candidates := [(*tier, x_key(x), key_of(c), x, c) for x in xs for c in cs if (tier := self._tier(x, c))]:
            _, kind, _, _, x, c = min(candidates, key=lambda candidate: (candidate[0], candidate[2], candidate[3]))
            found.append((kind, (x, c)))
            xs.remove(x)
            cs.remove(c)
        return found, xs, cs

    def _tier(  # noqa: PLR0911 - one return for each line of the rule
        self, x: XeroPayment, c: CasePayment
    ) -> tuple[int, str] | None:
        """Rank by R11: its own id, equal; its own id; then equal ones: imported, reference, manual, multi, locked."""
        is_named = names(c) == x.payment_id.lower()
        if is_named and equal(x, c):
            return 0, "R7"
        if is_named:
            return (1, "differs") if self._changeable(c) else (2, "differs")
        if not equal(x, c):
            return None
        if self._locked(c):
            return 7, "R10"
        if c.is_multi_invoice:
            return 6, "R9"
        if is_imported(c):
            return 3, "R8"
        return (4 if x.reference.strip() and x.reference.strip() == c.reference.strip() else 5), "R8"

    def _correlate(
        self,
        live: list[XeroPayment],
        deleted: list[XeroPayment],
        copies: list[CasePayment],
        early: tuple[list[XeroPayment], list[CasePayment]],
    ) -> None:
        own = {x.payment_id.lower() for x in live if x.amount.currency == self.policy.currency}
        for x in [x for x in live if x.amount.currency != self.policy.currency]:
            mine = [c for c in copies if names(c) == x.payment_id.lower() and names(c) not in own][:1]
            self._skip("CURRENCY", "R6", x, *mine)
            copies = [c for c in copies if c not in mine]
            live = [other for other in live if other != x]
        hold = self._hold()
        pairs, xs, cs = self._pairs(live, copies)
        self.equal_values = {(x.amount.amount, x.paid_on) for kind, (x, _) in pairs if kind != "differs"}
        chosen = [] if hold else self._chosen(xs, cs)
        xs = [x for x in xs if all(x != pair[0] for pair in chosen)]
        cs = [c for c in cs if all(c != pair[1] for pair in chosen)]
        _, _, early_left = self._pairs(*early)
        self.near_pool = [c for c in cs if not is_imported(c)] + early_left
        for kind, (x, c) in pairs:
            self._differs(x, c, hold) if kind == "differs" else self._equal(kind, x, c, may_link=hold is None)
        for x, c in chosen:
            self._change("R23", x, c)
        self._leftovers(xs, cs, deleted, hold)

    def _equal(self, rule: str, x: XeroPayment, c: CasePayment, *, may_link: bool) -> None:
        if rule == "R8" and may_link and not self._fits(c, x):
            self._skip("NOTES_FULL", "R28", x, c)
            return
        self.out.rows.add(f"matched {x.payment_id}={c.payment_id} {rule}")
        if rule == "R8" and may_link:
            self._draft("link", x, c, set())

    def _differs(self, x: XeroPayment, c: CasePayment, hold: tuple[str, str] | None) -> None:
        """R14, with R22, R17, R18 and R13 before it."""
        if hold:
            self._skip(*hold, x, c)
        elif self._locked(c):
            self._skip("JOURNALLED", "R17", x, c)
        elif c.is_multi_invoice:
            self._skip("MULTI_INVOICE", "R18", x, c)
        elif self._too_early(x):
            self._skip("FUTURE_DATED", "R13", x, c)
        else:
            self._change("R14", x, c)

    def _chosen(self, xs: list[XeroPayment], cs: list[CasePayment]) -> list[_Pair]:
        """R23: what a person said is the same money, one to one."""
        chosen: list[_Pair] = []
        for x in xs:
            for c in cs:
                is_taken = any(x == a or c == b for a, b in chosen)
                is_said = (x.payment_id, c.payment_id) in self.facts.decisions.links
                is_possible = self._changeable(c) and not is_imported(c) and not self._too_early(x)
                if is_said and is_possible and not is_taken and near(x, c, self.policy.near_days):
                    chosen.append((x, c))
        return chosen

    def _leftovers(
        self,
        xs: list[XeroPayment],
        cs: list[CasePayment],
        deleted: list[XeroPayment],
        hold: tuple[str, str] | None,
    ) -> None:
        gone = {p.payment_id.lower(): p for p in self.facts.named_elsewhere.values() if not p.is_live}
        gone |= {p.payment_id.lower(): p for p in deleted}
        additions = []
        for x in xs:
            if hold:
                self._skip(*hold, x)
            elif self._too_early(x):
                self._skip("FUTURE_DATED", "R13", x)
            else:
                additions.append(x)
        orphans: list[tuple[CasePayment, XeroPayment]] = []
        for c in cs:
            if names(c) in gone and not hold:
                orphans.append((c, gone[names(c)]))
            elif names(c) in gone and hold:
                self._skip(*hold, gone[names(c)], c)
            else:
                self._undisturbed(c, hold)
        self._edits(orphans, additions)

    def _undisturbed(self, c: CasePayment, hold: tuple[str, str] | None) -> None:
        """R18, R19 and R20 for a copy whose original is not known to be deleted."""
        known = {p.payment_id.lower() for p in (*self.facts.xero_payments, *self.facts.named_elsewhere.values())}
        is_unknown = not names(c) or (names(c) not in known and names(c) in self.facts.unknown_ids)
        if is_imported(c) and self._locked(c):
            self._skip("JOURNALLED", "R20", None, c)
        elif hold and (c.is_multi_invoice or not is_imported(c)):
            self._skip(*hold, None, c)
        elif c.is_multi_invoice:
            self._skip("MULTI_INVOICE", "R18", None, c)
        elif not is_imported(c):
            self._unmatched("R19", None, c)
        else:
            self._unmatched("R20", None, c)
            if is_unknown and not hold:
                self._draft("remove", None, c, set())

    def _edits(self, orphans: list[tuple[CasePayment, XeroPayment]], additions: list[XeroPayment]) -> None:
        """R16 and R17: pair the best, again and again; then R15 and R12 for the rest."""
        while candidates := [
            (self._edit_rank(c, old, x), c, old, x)
            for c, old in orphans
            for x in additions
            if x.updated_at >= old.updated_at
        ]:
            _, c, old, x = min(candidates, key=lambda candidate: candidate[0])
            orphans.remove((c, old))
            additions.remove(x)
            if self._changeable(c):
                self._change("R16", x, c)
            else:
                self._orphan(c, old)
                self._add(x, "journalled_counterpart" if self._locked(c) else "near_double")
        for c, old in orphans:
            self._orphan(c, old)
        for x in additions:
            self._add(x)

    def _edit_rank(self, c: CasePayment, old: XeroPayment, x: XeroPayment) -> tuple[object, ...]:
        mine = x.reference.strip()
        return (
            not (mine and mine in {c.reference.strip(), old.reference.strip()}),
            x.amount.amount != c.amount.amount,
            x.paid_on != c.paid_on,
            abs(x.paid_on - c.paid_on),
            x_key(x),
            key_of(c),
        )

    def _orphan(self, c: CasePayment, old: XeroPayment) -> None:
        if self._locked(c):
            self._skip("JOURNALLED", "R17", old, c)
        elif c.is_multi_invoice:
            self._skip("MULTI_INVOICE", "R18", old, c)
        else:
            self._unmatched("R15", None, c)
            self._draft("remove", None, c, set())

    def _flags(self, x: XeroPayment, but: CasePayment | None = None) -> set[str]:
        """R23 and R25."""
        flags = set()
        if any(near(x, c, self.policy.near_days) for c in self.near_pool if c != but):
            flags.add("near_double")
        if (x.amount.amount, x.paid_on) in self.equal_values:
            flags.add("twin")
        return flags

    def _add(self, x: XeroPayment, *more: str) -> None:
        if not self._fits(None, x):
            self._skip("NOTES_FULL", "R28", x)
            return
        self._unmatched("R12", x)
        self._draft("add", x, None, self._flags(x) | set(more))

    def _change(self, rule: str, x: XeroPayment, c: CasePayment) -> None:
        if not self._fits(c, x):
            self._skip("NOTES_FULL", "R28", x, c)
            return
        self._unmatched(rule, x)
        self._unmatched(rule, None, c)
        # Its own original is not "left over": R25 is about payments that no copy names.
        self._draft("change", x, c, self._flags(x, but=c) - ({"twin"} if rule == "R14" else set()))

    def _draft(self, kind: str, x: XeroPayment | None, c: CasePayment | None, flags: set[str]) -> None:
        self.drafts.append(_Draft(kind, x, c, flags | ({"sor"} if self.is_sor else set())))

    def _balance(self, invoice_total: Decimal) -> None:
        """R24: removals, changes (those that lower first), additions by date and id."""
        balance = invoice_total - sum((c.amount.amount for c in self.facts.case_payments), Decimal(0))
        for draft in sorted(self.drafts, key=self._turn):
            if draft.effect > balance and draft.effect > 0:
                draft.flags.add("would_overpay")
            else:
                balance -= draft.effect
            left = draft.x.payment_id if draft.x else ""
            right = f"={draft.c.payment_id}" if draft.c else ""
            flags = " ".join(sorted(draft.flags))
            self.out.changes.add(f"{draft.kind} {left}{right} {draft.amount:,.2f} {flags}".rstrip())

    @staticmethod
    def _turn(draft: _Draft) -> tuple[object, ...]:
        kinds = ["link", "remove", "change", "add"]
        effect = draft.effect if draft.kind == "change" else Decimal(0)
        payment = draft.x or draft.c
        assert payment is not None
        key: tuple[object, ...] = x_key(draft.x) if draft.x else (payment.paid_on,)
        return (kinds.index(draft.kind), effect, *key)


def verdict(facts: InvoiceSnapshot, policy: Policy, today: date) -> Verdict:
    """Judge one invoice by the rules' text."""
    return Oracle(facts, policy, today).verdict()
