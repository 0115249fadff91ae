"""Whatever people do on both sides, in any order, with crashes: no money is doubled, lost or unexplained."""

import shutil
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import date
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from typing_extensions import override

from cmxero_desktop.adapters.store import SqlStore
from cmxero_desktop.domain.choices import linkable
from cmxero_desktop.domain.errors import CaseManagerError, NotAllowedError
from cmxero_desktop.domain.identifiers import CasePaymentId, XeroInvoiceId, XeroPaymentId
from cmxero_desktop.domain.money import Money, total
from cmxero_desktop.domain.notes import read_mark
from cmxero_desktop.domain.proposals import ProposalKind, ProposalState
from cmxero_desktop.domain.records import Side
from cmxero_desktop.domain.rules import Rule
from cmxero_desktop.services.ports.store import Store
from cmxero_desktop.services.records.audit import AuditEvent
from cmxero_desktop.services.records.decisions import StoredProposal
from cmxero_desktop.services.records.intents import IntentState
from cmxero_desktop.services.records.reports import ApplyReport
from cmxero_desktop.services.records.rested import LeftChanges
from cmxero_desktop.services.records.runs import PollAsk
from cmxero_desktop.services.viewing.desk_view import DeskView
from cmxero_desktop.services.viewing.kept_view import ViewReading
from tests.services.desk import ANN, NOV_1, Desk, acts, ids, nov
from tests.services.fake_store import MemoryStore
from tests.services.fake_time import Crash
from tests.support.stores import lay_out_store

AUD = "AUD"
NUMBERS = st.sampled_from(["100", "200"])
INVOICES = {"100": XeroInvoiceId("invoice-1"), "200": XeroInvoiceId("invoice-2")}
NAMES = ("CM-200", "INV-2", "CM-900")
AMOUNTS = st.sampled_from(["10.00", "10.00", "10.50", "20.00", "400.00"])
DAYS = st.sampled_from([NOV_1, NOV_1, nov(2), nov(30)])
REFERENCES = ("", "TT 1")
ANY = st.integers(min_value=0, max_value=7)
STEPS = st.sampled_from(["lock", "decided", "written", "committed", "read"])


class AnyOrder(RuleBasedStateMachine):
    """Two invoices of 500.00 in both systems, and people."""

    @staticmethod
    def new_store() -> Store:
        """Return an empty store; each example gets its own."""
        return MemoryStore()

    def __init__(self) -> None:
        super().__init__()
        self.desk = Desk(self.new_store())
        self.viewing = ViewReading(self.desk.store)
        self.desk.set_policy(removal_limit_count=2)
        self.by_hand = Money.zero(AUD)
        for number in ("100", "200"):
            self.desk.bill(number, "500.00")
            for amount, day in (("10.00", 1), ("20.00", 1), ("30.00", 2)):
                self.desk.xero.pay(f"CM-{number}", amount, nov(day))
            for amount, day in (("20.00", 1), ("30.00", 3)):
                key = self.desk.case.type_in(number, amount, nov(day))
                self.by_hand += self.desk.case.rows[key].amount
        # From here on both invoices are tracked, whatever they are called.
        self.desk.poll()
        self.desk.approve_in_bulk()
        self.desk.apply()

    def live(self) -> list[XeroPaymentId]:
        return [p.payment_id for p in self.desk.xero.payments.values() if p.is_live]

    def typed(self, at: int) -> CasePaymentId | None:
        """Return some payment of Case Manager that is not locked."""
        keys = [key for key, row in self.desk.case.rows.items() if not row.is_journalled]
        return keys[at % len(keys)] if keys else None

    # What people do in both systems; the doubled words are what they do most

    @rule(
        what=st.sampled_from(["pay", "pay", "pay", "edit", "edit", "delete", "reconcile", "renumber", "break", "mend"]),
        number=NUMBERS,
        amount=AMOUNTS,
        day=DAYS,
        at=ANY,
    )
    def in_xero(self, what: str, number: str, amount: str, day: date, at: int) -> None:
        xero, live = self.desk.xero, self.live()
        some = live[at % len(live)] if live else None
        if what == "pay" or some is None:
            xero.pay(xero.invoices[INVOICES[number]].number, amount, day, REFERENCES[at % 2])
        elif what == "edit":
            xero.edit(some, amount, day)
        elif what == "delete":
            xero.delete(some)
        elif what == "reconcile":
            xero.change(some, is_bank_reconciled=True)
        elif what == "renumber":
            xero.renumber(INVOICES["200"], NAMES[at % len(NAMES)])
        elif what == "break":
            xero.break_row(some, is_told=at % 2 == 0)
        for payment_id in list(xero.broken) if what != "break" else []:
            del xero.broken[payment_id]
            xero.change(payment_id)

    @rule(
        what=st.sampled_from(["type", "type", "type", "edit", "edit", "remove", "journal", "group"]),
        number=NUMBERS,
        amount=AMOUNTS,
        day=DAYS,
        at=ANY,
    )
    def in_case_manager(self, what: str, number: str, amount: str, day: date, at: int) -> None:
        case, some = self.desk.case, self.typed(at)
        if what == "type" or some is None:
            key = case.type_in(number, amount, day, reference=REFERENCES[at % 2])
            self.by_hand += case.rows[key].amount
        elif what == "edit":
            self.by_hand += Money.of(amount, AUD) - case.rows[some].amount
            case.edit(some, amount=Money.of(amount, AUD), paid_on=day)
        elif what == "remove":
            if self._is_in_doubt(some):
                # Whether a change reached a row that is gone by then, nobody can tell.
                self.desk.settle()
            self.by_hand -= case.rows.pop(some).amount
        elif what == "journal":
            case.journal(some)
        else:
            case.edit(some, is_multi_invoice=not case.rows[some].is_multi_invoice)

    def _is_in_doubt(self, payment_id: CasePaymentId) -> bool:
        with self.desk.store.read() as unit:
            return any(intent.payment_id == payment_id for intent in unit.intents.still_open())

    # The desk

    @rule(days=st.integers(min_value=1, max_value=4))
    def wait(self, days: int) -> None:
        self.desk.clock.pass_days(days)

    @rule(is_full=st.booleans(), is_ended=st.booleans(), is_held=st.booleans())
    def poll(self, *, is_full: bool, is_ended: bool, is_held: bool) -> None:
        if is_ended:
            # The next program goes on from what this one left in the store.
            self.desk.restart()
        self.desk.poll(is_full=is_full)
        self._everything_has_its_place()
        if not is_held:
            # The next check goes on from one that went on from another itself.
            return
        # What a check decides itself, for an undo that brings it up (R31), it judges by at the next one.
        self.desk.poll()
        remembered = _found(self.desk.view())
        # A program that knows nothing of the last check finds the same.
        self._forget()
        counts = self.desk.poll().counts
        assert _found(self.desk.view()) == remembered
        assert self.desk.poll().counts == counts

    def _forget(self) -> None:
        """End the program, and have it leave nothing."""
        self.desk.restart()
        with self.desk.store.begin() as unit:
            head = unit.left.head()
            if head is not None:
                unit.left.save(replace(head, around="other rules"), LeftChanges())
                unit.commit()

    @rule(at=ANY, decision=st.sampled_from(["approve", "reject", "hold", "reopen", "link"]))
    def decide(self, at: int, decision: str) -> None:
        rows = self.desk.proposals(*ProposalState)
        if not rows:
            return
        row = rows[at % len(rows)]
        if decision == "approve":
            self.desk.deciding.approve(ids([row]), by=ANN, release_reason="looked at")
        elif decision == "reject":
            self.desk.deciding.reject(ids([row]), by=ANN, reason="no")
        elif decision == "hold":
            self.desk.deciding.hold(ids([row]), by=ANN, until=nov(25))
        elif decision == "reopen":
            self.desk.deciding.reopen(ids([row]), by=ANN, reason="yes")
        elif row.proposal.kind in {ProposalKind.ADD, ProposalKind.ACCEPT} and row.state is ProposalState.PROPOSED:
            self._link(row)

    def _link(self, row: StoredProposal) -> None:
        with self.desk.store.read() as unit:
            close = linkable(row.proposal, unit.polling.state().comparison.policy)
        if close:
            xero = row.proposal.xero or row.proposal.accepted[0]
            # What was typed since may be equal to Xero's payment: then that is matched, and nothing is left to link.
            with suppress(NotAllowedError):
                self.desk.link(row, close[0].payment_id, xero.payment_id)

    @rule()
    def approve_all(self) -> None:
        self.desk.approve_in_bulk()

    def _approve_what_can_be(self) -> None:
        rows = [p for p in self.desk.proposals() if not p.proposal.blocking_flags]
        for act in acts(rows):
            self.desk.deciding.approve(ids(act), by=ANN, release_reason="looked at")

    @rule()
    def apply(self) -> None:
        approved, planned = self.desk.proposals(ProposalState.APPROVED), self._planned_before_a_crash()
        paid = dict(self.desk.case.rows)
        try:
            report = self.desk.apply()
        except NotAllowedError:
            # Days have passed since Xero was checked: nothing is written, and the approvals stay.
            assert self.desk.case.rows == paid
            assert self.desk.proposals(ProposalState.APPROVED) == approved
        else:
            assert sorted(_ids_in(report)) == sorted(ids([*approved, *planned]))

    def _planned_before_a_crash(self) -> list[StoredProposal]:
        """Return what a crash left planned and not begun: it is approved as soon as anybody looks."""
        with self.desk.store.read() as unit:
            names = {i.fingerprint for i in unit.intents.still_open() if i.state is IntentState.PLANNED}
            return list(unit.proposals.by_fingerprint(names).values())

    @rule(at=ANY)
    def undo(self, at: int) -> None:
        rows = self.desk.proposals(ProposalState.APPLIED)
        if rows:
            row = rows[at % len(rows)]
            # A move is taken back whole, whichever half was named.
            move = (row.proposal.move_id, row.batch_id)
            halves = [r for r in rows if r is row or (move[0] and (r.proposal.move_id, r.batch_id) == move)]
            assert sorted(_ids_in(self.desk.undo(row))) == sorted(ids(halves))

    # Trouble

    @rule(act=st.sampled_from(["apply", "undo", "poll"]), at=ANY, step=st.integers(min_value=1, max_value=12))
    def killed(self, act: str, at: int, step: int) -> None:
        if act == "apply":
            self.desk.poll()
            self._approve_what_can_be()
        applied = self.desk.proposals(ProposalState.APPLIED)
        undone = [applied[at % len(applied)]] if applied else []
        acts: dict[str, Callable[[], object]] = {
            "apply": self.desk.apply,
            "undo": lambda: self.desk.undo(*undone),
            "poll": lambda: self.desk.polling.poll(PollAsk()),
        }
        self.desk.steps.crash_at(step)
        try:
            acts[act]()
        except Crash:
            pass
        finally:
            self.desk.steps.trouble = None
            self.desk.restart()

    @rule(step=STEPS)
    def apply_with_a_failure(self, step: str) -> None:
        self.desk.poll()
        self._approve_what_can_be()
        approved = self.desk.proposals(ProposalState.APPROVED)
        self.desk.steps.fail_at(step, CaseManagerError("case.db: the connection broke."), times=2)
        try:
            report = self.desk.apply()
        except CaseManagerError:
            # Settling what an earlier crash left open, and reading both sides, come before anything else.
            assert step in {"read", "lock", "decided", "committed"}
        else:
            assert sorted(_ids_in(report)) == sorted(ids(approved))
        finally:
            self.desk.steps.trouble = None

    # What must hold

    @invariant()
    def nothing_is_copied_twice(self) -> None:
        rows = self.desk.case.rows.values()
        named = Counter(read_mark(row.notes, "").payment_id for row in rows if row.notes)
        assert all(times == 1 for times in named.values()), named

    @invariant()
    def the_view_of_what_changed_is_the_whole_view(self) -> None:
        assert self.viewing.read() == self.desk.view()

    @rule()
    def every_change_is_in_the_audit_trail(self) -> None:
        self.desk.settle()
        events = [e.event for e in self.desk.history() if e.event.evidence.get("written") == "yes"]
        written = total((_effect(event) for event in events), AUD)
        there = total((row.amount for row in self.desk.case.rows.values()), AUD)
        assert there == self.by_hand + written
        with self.desk.store.read() as unit:
            assert unit.audit.first_broken() is None
            assert unit.intents.still_open() == ()
        assert self.desk.proposals(ProposalState.APPLYING) == []

    @rule()
    def everything_that_can_be_approved_ends_the_proposing(self) -> None:
        """Hold R32: approve and apply all there is, three times at most; then nothing is left that can be approved."""
        self.desk.poll()
        # What failed can be tried again, and so can be approved.
        self.desk.deciding.reopen(ids(self.desk.proposals(ProposalState.FAILED)), by=ANN, reason="try again")
        for _round in range(3):
            self._approve_what_can_be()
            report = self.desk.apply()
            assert not report.failed, report
            self.desk.poll()
        self._everything_has_its_place()
        # What fits only thanks to another row waits for that one, whatever a person said of it (R24b), and so does half
        # a move for the other half (R16b).
        said_no = (ProposalState.REJECTED, ProposalState.HELD)
        waiting = {p.proposal.move_id for p in self.desk.proposals(*said_no)} - {""}
        left = [
            p.proposal
            for p in self.desk.proposals()
            if not (p.proposal.blocking_flags or p.proposal.depends_on or p.proposal.move_id in waiting)
        ]
        assert left == []

    def _everything_has_its_place(self) -> None:
        view = self.desk.view()
        rows = [row.placement for row in (*view.matched, *view.unmatched, *view.skipped)]
        xero = Counter(r.xero.payment_id for r in rows if r.xero and r.xero.is_live)
        xero.update(
            r.unreadable.xero_payment_id
            for r in rows
            if r.unreadable and r.unreadable.side is Side.XERO and r.unreadable.xero_payment_id
        )
        assert all(times == 1 for times in xero.values()), xero
        assert set(xero) >= set(self.live()), (xero, self.live())
        case = Counter(r.case.payment_id for r in rows if r.case)
        assert all(times == 1 for times in case.values()), case
        assert set(case) == set(self.desk.case.rows)
        assert view.tie_out is not None
        assert view.tie_out.is_explained
        assert [a.kind for a in view.alerts if a.rule == Rule.R29] == []


def _found(view: DeskView) -> object:
    """Return all that the check found, without what it was told: what it decides itself it is told at the next."""
    lists = [
        [(row.placement, row.proposal, row.is_set_aside, row.result.correlation) for row in rows]
        for rows in (view.matched, view.unmatched, view.skipped)
    ]
    return view.counts, lists, [row.stored for row in view.review], view.alerts


def _ids_in(report: ApplyReport) -> list[str]:
    return [row.row_id for row in (*report.applied, *report.stale, *report.failed, *report.held_back)]


def _effect(event: AuditEvent) -> Money:
    zero = Money.zero(AUD)
    return (event.after.amount if event.after else zero) - (event.before.amount if event.before else zero)


def run(machine: type[AnyOrder], examples: int) -> None:
    slow = list(HealthCheck)
    run_state_machine_as_test(
        machine,
        settings=settings(max_examples=examples, stateful_step_count=30, deadline=None, suppress_health_check=slow),
    )


def test_any_order() -> None:
    run(AnyOrder, 30)


def test_any_order_over_the_real_store(tmp_path: Path) -> None:
    empty = tmp_path / "store.db"
    lay_out_store(empty)
    opened: list[SqlStore] = []

    class OnDisk(AnyOrder):
        @staticmethod
        @override
        def new_store() -> Store:
            file = shutil.copy(empty, tmp_path / f"desk-{len(opened)}.db")
            opened.append(SqlStore(f"sqlite:///{file}"))
            return opened[-1]

        @override
        def teardown(self) -> None:
            opened[-1].close()

    run(OnDisk, 5)
