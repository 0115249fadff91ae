"""Everything that the window and the command line show, read from our store as one frozen view."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from cmxero_desktop.domain.acts import Company
from cmxero_desktop.domain.cleanup import Group, clean_up
from cmxero_desktop.domain.completeness import NOTHING_KNOWN, Completeness, completeness_of
from cmxero_desktop.domain.decisions import company_of
from cmxero_desktop.domain.identifiers import CaseInvoiceId, Fingerprint
from cmxero_desktop.domain.memory import Explained
from cmxero_desktop.domain.money import Money
from cmxero_desktop.domain.placements import Bucket, Placement
from cmxero_desktop.domain.policy import Policy
from cmxero_desktop.domain.proposals import DECLINED_STATES, OPEN_STATES, Proposal, ProposalState
from cmxero_desktop.domain.records import CaseInvoice, Settlement, Side, XeroPayment
from cmxero_desktop.domain.sor.board import NO_BOARD, SorBoard
from cmxero_desktop.domain.sor.boarding import Shown, board_of
from cmxero_desktop.domain.sor.sighting import watched_of
from cmxero_desktop.domain.sor.watching import SorMemory
from cmxero_desktop.domain.tie_out import TieOut, tie_out
from cmxero_desktop.services.ports.store import Store, UnitOfWork
from cmxero_desktop.services.records.alerts import Alert
from cmxero_desktop.services.records.audit import AuditEntry
from cmxero_desktop.services.records.decisions import StoredProposal
from cmxero_desktop.services.records.intents import busy_of
from cmxero_desktop.services.records.results import InvoiceResult, standing_of
from cmxero_desktop.services.records.runs import Counts, PollRun, PollState

RUNS_SHOWN = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentRow:
    """A row of Matched, Unmatched or Skipped: its placement, its invoice, and the proposal that it carries."""

    placement: Placement
    result: InvoiceResult
    proposal: StoredProposal | None = None

    @property
    def row_id(self) -> str:
        """The row's name."""
        return self.placement.row_id

    @property
    def explained_as(self) -> Explained | None:
        """What a person said that it is, while amount and date are what they were (R19a)."""
        copy, said = self.placement.case, self.result.snapshot.decisions.explained
        if copy is None:
            return None
        values = (copy.payment_id, copy.amount, copy.paid_on)
        return next((e.what for e in reversed(said) if (e.case_id, e.amount, e.paid_on) == values), None)

    @property
    def is_set_aside(self) -> bool:
        """Whether a person said that it is from before and stays as it stands (R19a)."""
        return self.explained_as is Explained.SET_ASIDE

    @property
    def case_invoice(self) -> CaseInvoice | None:
        """The invoice in Case Manager, where it has one."""
        return self.result.snapshot.case_invoice

    @property
    def amount(self) -> Money | None:
        """The amount to show: Xero's where the payment lives there, else Case Manager's."""
        return self.placement.xero_amount or self.placement.case_amount

    @property
    def paid_on(self) -> date | None:
        """The date to show."""
        placement = self.placement
        if placement.xero is not None and placement.xero.is_live:
            return placement.xero.paid_on
        if placement.case is not None:
            return placement.case.paid_on
        return placement.unreadable.paid_on if placement.unreadable else None

    @property
    def reference(self) -> str:
        """The reference to show."""
        payment = self.placement.xero or self.placement.case
        return payment.reference if payment else ""

    @property
    def bill_to(self) -> str:
        """Who pays: Case Manager's Bill To, else Xero's contact."""
        invoice = self.case_invoice
        if invoice is not None and invoice.bill_to:
            return invoice.bill_to
        return self.placement.xero.contact_name if self.placement.xero else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherInvoice:
    """An invoice beside a row's own on which a payment stands that a flag speaks of, and its payer."""

    invoice_id: CaseInvoiceId
    number: str
    bill_to: str

    def __str__(self) -> str:
        """Name it with its payer: `CM-10166, QBE`."""
        return ", ".join(part for part in (self.number, self.bill_to) if part)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewRow:
    """A proposal that waits for a decision or for being applied, with the invoice it belongs to.

    `elsewhere` are the other invoices on which what is near stands.
    """

    stored: StoredProposal
    result: InvoiceResult | None
    elsewhere: tuple[OtherInvoice, ...] = ()

    @property
    def row_id(self) -> str:
        """The proposal's short name."""
        return self.stored.proposal_id

    @property
    def bill_to(self) -> str:
        """Who pays."""
        invoice = self.result.snapshot.case_invoice if self.result else None
        if invoice is not None and invoice.bill_to:
            return invoice.bill_to
        return self.stored.proposal.xero.contact_name if self.stored.proposal.xero else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SettlementRow:
    """An amount that settles a CM invoice in Xero without being a payment (R2)."""

    invoice_number: str
    contact_name: str
    settlement: Settlement


@dataclass(frozen=True, slots=True, kw_only=True)
class MoneyBackRow:
    """Money that went back to a customer in Xero, and the CM invoice that it belongs to, as far as that shows (R2)."""

    invoice_number: str
    refund: XeroPayment


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskView:
    """The whole desk at one moment. `tie_out` is None before the first poll.

    `old_leftovers` are those on Xero's invoices of which the same can be said in one act (R19a).
    `rejected` are the rows that a person rejected and that could still be put back to `review`.
    `proposals` are all about which a person may still decide something, by id: open, applied or declined. `busy`,
    `standing` and `company` are what decisions depend on beside them.
    """

    state: PollState
    counts: Counts = field(default_factory=Counts)
    review: tuple[ReviewRow, ...] = ()
    rejected: tuple[ReviewRow, ...] = ()
    matched: tuple[PaymentRow, ...] = ()
    unmatched: tuple[PaymentRow, ...] = ()
    skipped: tuple[PaymentRow, ...] = ()
    settled_another_way: tuple[SettlementRow, ...] = ()
    money_back: tuple[MoneyBackRow, ...] = ()
    history: tuple[AuditEntry, ...] = ()
    alerts: tuple[Alert, ...] = ()
    sor: SorBoard = NO_BOARD
    runs: tuple[PollRun, ...] = ()
    proposals: Mapping[str, StoredProposal] = field(default_factory=dict)
    busy: frozenset[Fingerprint] = frozenset()
    standing: frozenset[Fingerprint] = frozenset()
    company: Company = field(default_factory=Company)
    tie_out: TieOut | None = None
    completeness: Completeness = NOTHING_KNOWN
    out_of_scope: int = 0
    old_leftovers: int = 0

    def unmatched_on(self, side: Side) -> tuple[PaymentRow, ...]:
        """Return the unmatched rows of one side."""
        return tuple(row for row in self.unmatched if row.placement.side is side)


def read_desk(store: Store) -> DeskView:
    """Read the whole view in one read transaction, so that all its parts belong together."""
    with store.read() as unit:
        return read_view(unit)


def warned(view: DeskView, alert: Alert | None) -> DeskView:
    """Return the view with a warning that this desk alone has, before those of the store."""
    if alert is None:
        return view
    return replace(view, alerts=(alert, *view.alerts), counts=replace(view.counts, alerts=view.counts.alerts + 1))


def read_view(unit: UnitOfWork) -> DeskView:
    """Read the view within a transaction."""
    state = unit.polling.state()
    results = unit.results.shown()
    stored = {
        p.fingerprint: p for p in unit.proposals.in_states(OPEN_STATES | DECLINED_STATES | {ProposalState.APPLIED})
    }
    rows = tuple(_rows(results, stored))
    alerts = unit.alerts.standing()
    board = _board(unit, results, state)
    review = review_of(results, stored.values())
    standing = standing_of(results)
    buckets = {bucket: tuple(r for r in rows if r.placement.bucket is bucket) for bucket in Bucket}
    return DeskView(
        state=state,
        counts=replace(counts_of(buckets, review, alerts), alerts=len(alerts) + len(board.standing)),
        review=review,
        rejected=review_of(
            results, (p for p in stored.values() if p.fingerprint in standing), frozenset({ProposalState.REJECTED})
        ),
        matched=buckets[Bucket.MATCHED],
        unmatched=buckets[Bucket.UNMATCHED],
        skipped=buckets[Bucket.SKIPPED],
        settled_another_way=tuple(_settlements(results)),
        money_back=tuple(_money_back(unit.facts.refunds(), results)),
        history=unit.audit.shown(),
        alerts=alerts,
        sor=board,
        runs=unit.polling.runs(RUNS_SHOWN),
        proposals={p.proposal_id: p for p in stored.values()},
        busy=busy_of(unit.intents.still_open()),
        standing=standing,
        company=company_of(stored.values()),
        tie_out=tie_out_of(results, state.comparison.policy),
        completeness=whole_of(results, state.comparison.policy),
        out_of_scope=sum(result.correlation.out_of_scope for result in results),
        old_leftovers=_old_leftovers(results, state),
    )


def _board(unit: UnitOfWork, results: Iterable[InvoiceResult], state: PollState) -> SorBoard:
    """Put together what is shown of the SOR watch, by the facts of the last comparison."""
    policy, today = state.comparison.policy, state.comparison.today
    schedules = unit.sor.schedules()
    if policy is None or today is None or not schedules:
        return NO_BOARD
    watched = {name for s in schedules for i in s.invoices for name in (i.invoice_id, i.number)}
    own = [r for r in results if r.snapshot.xero_invoice_id in watched or r.snapshot.number in watched]
    shown = Shown(
        invoices=tuple(watched_of(r.snapshot, r.correlation, policy) for r in own),
        balance=unit.sor.balance(),
        policy=policy,
        today=today,
    )
    return board_of(SorMemory(schedules=schedules, alerts=unit.sor.alerts()), shown)


def _old_leftovers(results: Iterable[InvoiceResult], state: PollState) -> int:
    policy, as_of = state.comparison.policy, state.cursors.as_of
    if policy is None or as_of is None:
        return 0
    found = clean_up(((r.snapshot, r.correlation) for r in results), (), policy, as_of.date())
    return len(found.members_of(frozenset(Group)))


def counts_of(
    buckets: Mapping[Bucket, tuple[PaymentRow, ...]], review: Iterable[ReviewRow], alerts: Iterable[Alert]
) -> Counts:
    """Count rows as the lists show them; `proposed` are the proposals that wait for a first decision."""
    return Counts(
        matched=len(buckets[Bucket.MATCHED]),
        unmatched=len(buckets[Bucket.UNMATCHED]),
        skipped=len(buckets[Bucket.SKIPPED]),
        proposed=sum(row.stored.state is ProposalState.PROPOSED for row in review),
        alerts=sum(1 for _ in alerts),
    )


def count_results(unit: UnitOfWork, results: Iterable[InvoiceResult], *, matched: int) -> Counts:
    """Count the rows of fresh results as the lists will show them, for the report of a poll.

    `matched` are the rows of those that are at rest and not among the results.
    """
    buckets = Counter(p.bucket for result in results for p in result.correlation.placements)
    return Counts(
        matched=buckets[Bucket.MATCHED] + matched,
        unmatched=buckets[Bucket.UNMATCHED],
        skipped=buckets[Bucket.SKIPPED],
        proposed=unit.proposals.count(ProposalState.PROPOSED),
        alerts=count_alerts(unit),
    )


def count_alerts(unit: UnitOfWork) -> int:
    """Count what stands: warnings, and alerts of the SOR watch."""
    return len(unit.alerts.standing()) + sum(alert.is_standing for alert in unit.sor.alerts())


def tie_out_of(results: Iterable[InvoiceResult], policy: Policy | None) -> TieOut | None:
    """Make the statement over all invoices, by the policy of the last correlation."""
    if policy is None:
        return None
    results = tuple(results)
    return tie_out([r.snapshot for r in results], (r.correlation for r in results), policy)


def whole_of(results: Iterable[InvoiceResult], policy: Policy | None) -> Completeness:
    """Count both sides' payments from the stored facts and compare them with the rows."""
    if policy is None:
        return NOTHING_KNOWN
    results = tuple(results)
    return completeness_of([r.snapshot for r in results], (r.correlation for r in results), policy)


def _rows(results: Iterable[InvoiceResult], stored: Mapping[Fingerprint, StoredProposal]) -> Iterable[PaymentRow]:
    for result in results:
        for placement in result.correlation.placements:
            proposal = stored.get(placement.fingerprint) if placement.fingerprint else None
            yield PaymentRow(placement=placement, result=result, proposal=proposal)


def review_of(
    results: Iterable[InvoiceResult],
    stored: Iterable[StoredProposal],
    states: Collection[ProposalState] = OPEN_STATES,
) -> tuple[ReviewRow, ...]:
    """Return the rows in these states, those of an invoice in an order in which one after the other can be approved."""
    results = tuple(results)
    by_number = {result.snapshot.number: result for result in results}
    cases = ((r.snapshot.number, r.snapshot.case_invoice) for r in results)
    homes = {invoice.invoice_id: (number, invoice) for number, invoice in cases if invoice is not None}
    return tuple(
        ReviewRow(
            stored=p, result=by_number.get(p.proposal.invoice_number), elsewhere=tuple(_elsewhere(p.proposal, homes))
        )
        for p in sorted(stored, key=_place)
        if p.state in states
    )


def _elsewhere(proposal: Proposal, homes: Mapping[CaseInvoiceId, tuple[str, CaseInvoice]]) -> Iterable[OtherInvoice]:
    """Name each other invoice once on which a payment stands that a flag speaks of."""
    for key in dict.fromkeys(p.invoice_id for p in proposal.near if p.invoice_id != proposal.case_invoice_id):
        if key in homes:
            number, invoice = homes[key]
            yield OtherInvoice(invoice_id=key, number=number, bill_to=invoice.bill_to)


def _place(stored: StoredProposal) -> tuple[str, int, datetime, Fingerprint]:
    """Place a row among the others: what needs another one's room stands below it."""
    proposal = stored.proposal
    return proposal.invoice_number, len(proposal.depends_on), stored.first_seen_at, stored.fingerprint


def _settlements(results: Iterable[InvoiceResult]) -> Iterable[SettlementRow]:
    for result in results:
        invoice = result.snapshot.xero_invoice
        for settlement in invoice.settlements if invoice else ():
            yield SettlementRow(
                invoice_number=result.snapshot.number,
                contact_name=invoice.contact_name if invoice else "",
                settlement=settlement,
            )


def _money_back(refunds: Iterable[XeroPayment], results: Iterable[InvoiceResult]) -> Iterable[MoneyBackRow]:
    """Return what went back and stayed so, the newest first."""
    homes = {r.payment_id: result.snapshot.number for result in results for r in result.snapshot.refunded}
    live = [refund for refund in refunds if refund.is_live]
    for refund in sorted(live, key=lambda r: (r.paid_on, r.payment_id), reverse=True):
        yield MoneyBackRow(invoice_number=homes.get(refund.payment_id, ""), refund=refund)
