"""The frozen values that the stages of correlation hand on: sketches of proposals, rows, one invoice's first pass."""

from dataclasses import dataclass
from datetime import date

from cmxero_desktop.domain.memory import Explanation
from cmxero_desktop.domain.money import Money, total
from cmxero_desktop.domain.placements import Bucket, MatchedHow, Reason
from cmxero_desktop.domain.proposals import Flag, PaymentValues, ProposalKind
from cmxero_desktop.domain.records import CasePayment, InvoiceSnapshot, UnreadableRow, XeroPayment
from cmxero_desktop.domain.rules import Rule
from cmxero_desktop.domain.scope import MarkedPayment


@dataclass(frozen=True, slots=True, kw_only=True)
class Sketch:
    """A proposal before it is judged. `original` is the deleted payment that a removal or an edit follows.

    `flags` are those that the payments alone decide.
    """

    kind: ProposalKind
    rule: Rule
    xero: XeroPayment | None = None
    case: CasePayment | None = None
    original: XeroPayment | None = None
    after: PaymentValues | None = None
    flags: frozenset[Flag] = frozenset()
    accepted: tuple[XeroPayment, ...] = ()
    accepted_as: tuple[CasePayment, ...] = ()

    @property
    def key(self) -> str:
        """A name that no other sketch of the invoice has."""
        copy = f"c-{self.case.payment_id}" if self.case is not None else ""
        return f"{self.kind.value} x-{self.xero.payment_id if self.xero else ''} {copy}"

    @property
    def is_entry(self) -> bool:
        """Whether it is an add or a change: what brings one of Xero's payments into Case Manager."""
        return self.kind in {ProposalKind.ADD, ProposalKind.CHANGE}

    @property
    def effect(self) -> int:
        """By how many cents Case Manager's payments grow."""
        if self.kind is ProposalKind.ACCEPT:
            return 0
        before = self.case.amount.minor if self.case is not None else 0
        return (self.after.amount.minor if self.after is not None else 0) - before

    @property
    def amount(self) -> Money:
        """The amount that is written; of a removal, the amount that goes."""
        values = self.after or self.case
        return (
            values.amount
            if values is not None
            else total((p.amount for p in self.accepted), self.accepted[0].amount.currency)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedRow:
    """Where one payment, or a pair, stands; `sketch` is the key of the proposal that is a property of it."""

    bucket: Bucket
    rule: Rule
    explanation: str = ""
    xero: XeroPayment | None = None
    case: CasePayment | None = None
    unreadable: UnreadableRow | None = None
    reason: Reason | None = None
    how: MatchedHow | None = None
    ready_on: date | None = None
    sketch: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Orphan:
    """A copy whose Xero payment is deleted. `memory` says how that is known where Notes do not name it (R7a)."""

    copy: MarkedPayment
    deleted: XeroPayment
    memory: Flag | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sketched:
    """One invoice after its own first pass (R7 to R20a), before other invoices are looked at.

    `leftovers` are case payments that are neither matched to a live Xero payment nor explained by a person, copies that
    wait for a change or a removal included; `never_known` are those of them for which nothing in Xero was ever known,
    typed by hand or imported. `lost` are those that are locked, or part of a multi-invoice payment, and lost or differ
    from their original (R17). `twice` are second copies of one payment (R20a), `misplaced` copies of a live payment of
    another invoice (R7). `hidden` rows are not listed (R5).
    """

    snapshot: InvoiceSnapshot
    rows: tuple[PlacedRow, ...] = ()
    sketches: tuple[Sketch, ...] = ()
    hidden: tuple[PlacedRow, ...] = ()
    live: tuple[XeroPayment, ...] = ()
    deleted: tuple[XeroPayment, ...] = ()
    paired: tuple[tuple[XeroPayment, CasePayment], ...] = ()
    orphans: tuple[Orphan, ...] = ()
    leftovers: tuple[MarkedPayment, ...] = ()
    never_known: tuple[MarkedPayment, ...] = ()
    explained: tuple[Explanation, ...] = ()
    lost: tuple[CasePayment, ...] = ()
    twice: tuple[CasePayment, ...] = ()
    misplaced: tuple[tuple[MarkedPayment, XeroPayment], ...] = ()
    is_held: bool = False
    is_under_sor: bool = False

    @property
    def number(self) -> str:
        """The number that the invoice is tracked by."""
        return self.snapshot.number

    @property
    def additions(self) -> tuple[Sketch, ...]:
        """The adds."""
        return tuple(s for s in self.sketches if s.kind is ProposalKind.ADD)

    @property
    def entries(self) -> tuple[Sketch, ...]:
        """The adds and changes."""
        return tuple(s for s in self.sketches if s.is_entry)
