"""Read the view of the desk: all of it at first, and then only what was stored since, by whomever."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date

from cmxero_desktop.domain.desk_notes import DeskNote
from cmxero_desktop.domain.identifiers import CaseInvoiceId, Fingerprint, XeroPaymentId
from cmxero_desktop.domain.placements import Bucket
from cmxero_desktop.domain.proposals import ProposalState
from cmxero_desktop.domain.records import XeroPayment
from cmxero_desktop.domain.sor.board import NO_BOARD, SorBoard
from cmxero_desktop.domain.sor.boarding import Shown, board_of
from cmxero_desktop.domain.sor.sighting import watched_of
from cmxero_desktop.domain.sor.watching import SorMemory
from cmxero_desktop.services.ports.store import Store, UnitOfWork
from cmxero_desktop.services.records.alerts import by_urgency
from cmxero_desktop.services.records.audit import AuditEntry
from cmxero_desktop.services.records.decisions import StoredProposal
from cmxero_desktop.services.records.intents import busy_of
from cmxero_desktop.services.records.results import InvoiceResult
from cmxero_desktop.services.records.runs import Counts, PollState
from cmxero_desktop.services.records.touched import Touched
from cmxero_desktop.services.viewing.desk_view import DeskView, MoneyBackRow
from cmxero_desktop.services.viewing.shown_proposals import SHOWN_STATES, ShownProposals
from cmxero_desktop.services.viewing.shown_results import CheckedBy, ShownResults, home_of

RUNS_SHOWN = 20


class ViewReading:
    """Reads the view again and again: what comes out is each time what reading all of it would give.

    What is kept is fenced by the store's generation. It is made anew where anything may have changed, where the policy
    is another one, on another day, and where the store is not the one that it was.
    """

    def __init__(self, store: Store) -> None:
        """Begin with nothing."""
        self._store = store
        self._kept: KeptView | None = None

    def read(self) -> DeskView:
        """Read the view in one read transaction, so that all its parts belong together."""
        # Whoever reads meanwhile, or after this fails, begins with nothing.
        kept, self._kept = self._kept, None
        with self._store.read() as unit:
            state, history = unit.polling.state(), unit.audit.shown()
            touched = unit.touches.since(kept.generation) if kept is not None else None
            if kept is None or touched is None or not kept.may_go_on(touched, history, _checked_by(state)):
                kept = KeptView(unit, state)
            else:
                kept.renew(unit, touched)
                # What somebody took out of the store behind the program marks nothing.
                if kept.invoices != unit.results.count():
                    kept = KeptView(unit, state)
            view = kept.shown(unit, state, history)
        self._kept = kept
        return view


def read_desk(store: Store) -> DeskView:
    """Read the whole view in one read transaction."""
    return ViewReading(store).read()


def read_view(unit: UnitOfWork) -> DeskView:
    """Read the whole view within a transaction."""
    state = unit.polling.state()
    return KeptView(unit, state).shown(unit, state, unit.audit.shown())


class KeptView:
    """Everything of the view that is made of results, proposals and refunds."""

    def __init__(self, unit: UnitOfWork, state: PollState) -> None:
        """Read all of it."""
        self.generation = unit.touches.generation()
        self._by = _checked_by(state)
        self._results = ShownResults(self._by)
        self._proposals = ShownProposals()
        self._refunds = unit.facts.refunds()
        self._history: tuple[AuditEntry, ...] = ()
        self._noted = _noted(unit)
        results = {result.snapshot.number: result for result in unit.results.shown()}
        stored: dict[str, list[StoredProposal]] = {}
        for one in unit.proposals.in_states(SHOWN_STATES):
            stored.setdefault(one.proposal.invoice_number, []).append(one)
        self._put(sorted(results.keys() | stored.keys()), results, stored)
        self._money_back = self._back()

    def may_go_on(self, touched: Touched, history: tuple[AuditEntry, ...], by: CheckedBy) -> bool:
        """Say whether what is kept still holds but for what was touched."""
        # A store that was put back has another trail.
        grown = len(history) - len(self._history)
        is_same_store = touched.generation >= self.generation and grown >= 0
        is_same_trail = is_same_store and (
            not self._history or history[grown].entry_hash == self._history[0].entry_hash
        )
        return is_same_trail and not touched.is_all_shown and by == self._by

    @property
    def invoices(self) -> int:
        """Of how many invoices a result is kept."""
        return len(self._results.by_number)

    def renew(self, unit: UnitOfWork, touched: Touched) -> None:
        """Read what was touched."""
        self.generation = touched.generation
        has_refunds = any(map(self._results.has_refunds, touched.shown))
        if touched.shown:
            results = {result.snapshot.number: result for result in unit.results.latest(touched.shown)}
            stored: dict[str, list[StoredProposal]] = {}
            for one in unit.proposals.of_invoices(touched.shown, SHOWN_STATES):
                stored.setdefault(one.proposal.invoice_number, []).append(one)
            noted, self._noted = self._noted, _noted(unit)
            renoted = {n for n in noted.keys() | self._noted.keys() if noted.get(n) != self._noted.get(n)}
            self._put(sorted(touched.shown), results, stored, renoted)
        if touched.invoice_ids and self._may_have_refunds(unit, touched):
            self._refunds, has_refunds = unit.facts.refunds(), True
        if has_refunds or any(map(self._results.has_refunds, touched.shown)):
            self._money_back = self._back()

    def _may_have_refunds(self, unit: UnitOfWork, touched: Touched) -> bool:
        """Say whether a refund may have changed: it stands on a document that is no CM invoice."""
        documents = {refund.invoice_id for refund in self._refunds}
        tracked = unit.facts.tracked_among(touched.invoice_ids)
        return bool(touched.invoice_ids - tracked or touched.invoice_ids & documents)

    def _put(
        self,
        numbers: Iterable[str],
        results: dict[str, InvoiceResult],
        stored: dict[str, list[StoredProposal]],
        renoted: Collection[str] = (),
    ) -> None:
        """Take in what these invoices are by now, and make the rows anew that it shows in, or in which notes differ."""
        rows: set[str] = set(renoted)
        waiting: set[Fingerprint] = set()
        homes: set[CaseInvoiceId] = set()
        for number in numbers:
            before, now = self._results.by_number.get(number), results.get(number)
            # Where it says the same, its rows stay the very same.
            if before != now:
                self._results.put(number, now)
                rows.add(number)
                homes.update(home_of(before), home_of(now))
            changed = self._proposals.put(number, stored.get(number, ()))
            waiting |= changed
            if before != now or number in renoted:
                waiting.update(self._proposals.of_invoice(number))
        rows.update(self._results.naming(waiting))
        waiting.update(self._proposals.near(homes))
        for number in sorted(rows):
            self._results.place(number, self._proposals.by_fingerprint, self._noted.get(number, ()))
        for fingerprint in waiting:
            self._proposals.place(fingerprint, self._results, self._noted)

    def _back(self) -> tuple[MoneyBackRow, ...]:
        """Return what went back and stayed so, the newest first."""
        live = [refund for refund in self._refunds if refund.is_live]
        return tuple(
            MoneyBackRow(invoice_number=self._results.refunded_on(refund.payment_id), refund=refund)
            for refund in sorted(live, key=_newest, reverse=True)
        )

    def shown(self, unit: UnitOfWork, state: PollState, history: tuple[AuditEntry, ...]) -> DeskView:
        """Return the view, with everything that is read anew each time."""
        self._history = history
        results, proposals = self._results, self._proposals
        alerts, board = by_urgency(unit.alerts.standing()), self._board(unit, state)
        review, standing = proposals.waiting.rows, results.standing
        placed = {bucket: pile.rows for bucket, pile in results.placed.items()}
        return DeskView(
            state=state,
            counts=Counts(
                matched=len(placed[Bucket.MATCHED]),
                unmatched=len(placed[Bucket.UNMATCHED]),
                skipped=len(placed[Bucket.SKIPPED]),
                proposed=sum(row.stored.state is ProposalState.PROPOSED for row in review),
                alerts=len(alerts) + len(board.standing),
            ),
            review=review,
            rejected=tuple(row for row in proposals.rejected.rows if row.stored.fingerprint in standing),
            matched=placed[Bucket.MATCHED],
            unmatched=placed[Bucket.UNMATCHED],
            skipped=placed[Bucket.SKIPPED],
            settled_another_way=results.settled.rows,
            money_back=self._money_back,
            history=history,
            alerts=alerts,
            sor=board,
            runs=unit.polling.runs(RUNS_SHOWN),
            proposals=dict(proposals.by_id),
            busy=busy_of(unit.intents.still_open()),
            standing=standing,
            company=proposals.company,
            tie_out=results.tie_out,
            completeness=results.completeness,
            out_of_scope=results.out_of_scope,
            old_leftovers=results.old_leftovers,
        )

    def _board(self, unit: UnitOfWork, state: PollState) -> SorBoard:
        """Put together what is shown of the SOR watch, by the facts of the last comparison."""
        policy, today = state.comparison.policy, state.comparison.today
        schedules = unit.sor.schedules()
        if policy is None or today is None or not schedules:
            return NO_BOARD
        invoices = [invoice for schedule in schedules for invoice in schedule.invoices]
        own = self._results.among({name for i in invoices for name in (i.number, i.invoice_id) if name})
        shown = Shown(
            invoices=tuple(watched_of(r.snapshot, r.correlation, policy) for r in own),
            balance=unit.sor.balance(),
            policy=policy,
            today=today,
        )
        return board_of(SorMemory(schedules=schedules, alerts=unit.sor.alerts()), shown)


def _noted(unit: UnitOfWork) -> Mapping[str, tuple[DeskNote, ...]]:
    found: dict[str, tuple[DeskNote, ...]] = {}
    for note in unit.notes.standing():
        found[note.invoice_number] = (*found.get(note.invoice_number, ()), note)
    return found


def _newest(refund: XeroPayment) -> tuple[date, XeroPaymentId]:
    return refund.paid_on, refund.payment_id


def _checked_by(state: PollState) -> CheckedBy:
    as_of = state.cursors.as_of
    return CheckedBy(state.comparison.policy, as_of.date() if as_of is not None else None, state.epoch.epoch_id)
