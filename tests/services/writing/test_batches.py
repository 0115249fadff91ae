"""Many approvals are planned together and written one by one: whatever happens in between, each is written once.

The truth is what stands in Case Manager beside what the audit trail tells.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from cmxero_desktop.adapters.memory_secrets import MemorySecrets
from cmxero_desktop.domain.errors import CaseManagerError, NotAllowedError, StoreError
from cmxero_desktop.domain.proposals import ProposalKind, ProposalState
from cmxero_desktop.services.connecting.epochs import Epochs, StorePlace
from cmxero_desktop.services.records.audit import AuditWhat
from cmxero_desktop.services.records.decisions import StoredProposal
from cmxero_desktop.services.records.intents import IntentState
from cmxero_desktop.services.records.reports import ApplyReport
from cmxero_desktop.services.records.settings import Mode
from cmxero_desktop.services.writing.applying import Applying
from cmxero_desktop.services.writing.planning_ahead import HOLD_FOR, in_batches
from cmxero_desktop.services.writing.watched import Watched
from tests.services.desk import ANN, NOV_1, Desk, QueuedStore, ids
from tests.services.fake_store import MemoryStore
from tests.services.fake_time import Crash

pytestmark = pytest.mark.allow_log
NUMBERS = ("100", "200", "300", "400")
NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)


@pytest.fixture
def firm(desk: Desk, memory: MemoryStore) -> Desk:
    """Return a desk with one approved addition on each of some invoices."""
    memory.set_time = NOW
    for number in NUMBERS:
        desk.bill(number)
        desk.xero.pay(f"CM-{number}", "90.00", NOV_1)
    desk.poll()
    desk.approve(*desk.proposals())
    return desk


def beside(desk: Desk, memory: MemoryStore, holder: str) -> Desk:
    """Return another desk over the same store and databases; nothing that happens to it is a step of the first."""
    other = Desk(memory)
    other.xero, other.case, other.settings, other.clock = desk.xero, desk.case, desk.settings, desk.clock
    other.new_id = lambda: f"{holder}-{len(memory.rows.intents)}-{desk.new_id()}"
    other.desk = type(desk.desk)(holder=holder, label=holder, zone=desk.desk.zone)
    return other


def at(desk: Desk, step: str, number: int, act: Callable[[], object]) -> None:
    """Let something happen once, at the step with this number of a name."""
    seen: list[str] = []

    def trouble(name: str) -> None:
        if name == step:
            seen.append(name)
            if len(seen) == number:
                act()

    desk.steps.trouble = trouble


def assert_once(desk: Desk, numbers: tuple[str, ...] = NUMBERS) -> None:
    """Check that these are written once, the others not at all, and that the store tells exactly that."""
    desk.steps.trouble = None
    assert {n: desk.paid(n) for n in NUMBERS} == {n: ["90.00"] if n in numbers else [] for n in NUMBERS}
    made = [
        e.event.invoice_number
        for e in desk.history()
        if e.event.what is AuditWhat.APPLIED or e.event.evidence.get("written") == "yes"
    ]
    assert sorted(made) == [f"CM-{number}" for number in numbers]
    applied = desk.proposals(ProposalState.APPLIED)
    assert sorted(s.proposal.invoice_number for s in applied) == sorted(made)
    with desk.store.read() as unit:
        assert unit.intents.still_open() == ()
    assert desk.is_good()


def one(desk: Desk, number: str, *states: ProposalState) -> StoredProposal:
    return next(s for s in desk.proposals(*states) if s.proposal.invoice_number == f"CM-{number}")


@pytest.mark.parametrize("at_once", [1, 2, 3, 50])
def test_every_row_is_written_once_whatever_the_size_of_a_batch(firm: Desk, at_once: int) -> None:
    report = Applying(firm.outside, at_once=at_once).apply(None, ANN)
    assert len(report.applied) == len(NUMBERS)
    assert_once(firm)


def test_a_batch_needs_one_commit_for_each_row_and_a_few_for_all(firm: Desk, memory: MemoryStore) -> None:
    before = memory.rows
    firm.steps.seen.clear()
    firm.apply()
    many = firm.steps.seen.count("stored")
    memory.rows = before
    firm.case.rows.clear()
    firm.restart()
    firm.steps.seen.clear()
    Applying(firm.outside, at_once=1).apply(None, ANN)
    # Alone: the intent and the outcome for each. Together: the plan, a claim for each, the outcomes, and the end.
    assert firm.steps.seen.count("stored") - many == 2 * len(NUMBERS) - (len(NUMBERS) + 3)


def test_applying_says_which_row_it_is_at_and_then_nothing(firm: Desk) -> None:
    said: list[str] = []
    Applying(firm.outside, at_once=2, watched=Watched(tell=said.append)).apply(None, ANN)
    written = [text.split(", CM-") for text in said if text.startswith("Writing")]
    assert [begin for begin, _ in written] == [f"Writing {n + 1} of {len(NUMBERS)}" for n in range(len(NUMBERS))]
    applied = firm.proposals(ProposalState.APPLIED)
    assert {f"CM-{number}" for _, number in written} == {stored.proposal.invoice_number for stored in applied}
    assert (said[0], said[-1]) == ("Reading both sides again", "")


def test_an_apply_that_may_not_be_rests_all_the_same(firm: Desk) -> None:
    said: list[str] = []
    firm.set_mode(Mode.OBSERVE)
    with pytest.raises(NotAllowedError):
        Applying(firm.outside, watched=Watched(tell=said.append)).apply(None, ANN)
    assert said[-1] == ""


def test_batches_hold_whole_transactions() -> None:
    groups = [["a", "b"], ["c"], ["d", "e", "f", "g"], ["h"], ["i"]]
    batches = [["".join(group) for group in batch] for batch in in_batches(groups, 3)]  # type: ignore[arg-type]  # letters for rows
    assert batches == [["ab", "c"], ["defg"], ["h", "i"]]


def test_nobody_decides_about_a_row_that_is_about_to_be_written(firm: Desk, memory: MemoryStore) -> None:
    later, said = one(firm, "300", ProposalState.APPROVED), []
    other = beside(firm, memory, "desk-2")
    at(firm, "lock", 2, lambda: said.append(other.deciding.reject(ids([later]), by="Bob", reason="no")))
    firm.apply()
    (report,) = said
    assert "being written" in report.refused[0].reason
    assert_once(firm)


@pytest.mark.parametrize("step", ["lock", "committed"])
@pytest.mark.parametrize("is_check", [False, True])
@pytest.mark.parametrize("holder", ["desk-1", "desk-2"])
def test_another_program_in_the_middle_changes_nothing(
    firm: Desk, memory: MemoryStore, step: str, holder: str, *, is_check: bool
) -> None:
    """One of the same desktop gives up what did not begin, which is stored anew; one of another leaves it alone."""
    other = beside(firm, memory, holder)

    def look() -> None:
        # Whoever checked before is heard of no more.
        memory.rows.leases.clear()
        if is_check:
            other.poll()
        else:
            other.settle()

    at(firm, step, 2, look)
    report = firm.apply()
    assert len(report.applied) == len(NUMBERS), report
    assert_once(firm)
    memory.rows.leases.clear()
    firm.poll()
    assert firm.view().alerts == ()


def test_another_desktop_leaves_alone_what_has_begun(firm: Desk, memory: MemoryStore) -> None:
    at(firm, "decided", 2, beside(firm, memory, "desk-2").settle)
    assert len(firm.apply().applied) == len(NUMBERS)
    assert_once(firm)


def take_over(other: Desk, memory: MemoryStore) -> ApplyReport:
    memory.set_time = NOW + HOLD_FOR + timedelta(seconds=1)
    return other.applying.apply(None, "Bob")


def test_a_desktop_that_slept_in_the_middle_writes_nothing_that_another_has_written(
    firm: Desk, memory: MemoryStore
) -> None:
    other, reports = beside(firm, memory, "desk-2"), list[ApplyReport]()

    def sleep() -> None:
        reports.append(take_over(other, memory))

    at(firm, "lock", 2, sleep)
    reports.append(firm.apply())
    rows = [row.row_id for report in reports for row in report.applied]
    assert len(rows) == len(set(rows)) == len(NUMBERS)
    assert len(reports[0].applied) == len(NUMBERS) - 1
    assert all("Someone else was faster" in row.reason for row in reports[1].held_back)
    assert_once(firm)


def test_a_desktop_that_slept_after_its_claim_writes_nothing(firm: Desk, memory: MemoryStore) -> None:
    other = beside(firm, memory, "desk-2")

    def sleep() -> None:
        memory.set_time = NOW + HOLD_FOR + timedelta(seconds=1)
        other.settle()

    at(firm, "decided", 2, sleep)
    report = firm.apply()
    assert len(report.failed) == 1
    assert "settled it as not written" in report.failed[0].reason
    assert_once(firm, ("100", "300", "400"))
    assert one(firm, "200").state is ProposalState.PROPOSED


def test_what_is_given_up_between_the_look_and_the_claim_is_not_written(firm: Desk, memory: MemoryStore) -> None:
    other = beside(firm, memory, "desk-1")
    queued = QueuedStore(firm.store, lambda: None)
    firm.store = queued  # type: ignore[assignment]  # a store all the same
    at(firm, "lock", 2, lambda: queued.before.append(other.settle))
    report = firm.apply()
    assert len(report.failed) == 1
    assert "given up by another desktop" in report.failed[0].reason
    assert_once(firm, ("100", "300", "400"))


def test_observe_in_the_middle_leaves_the_rest_approved(firm: Desk) -> None:
    at(firm, "committed", 2, lambda: firm.set_mode(Mode.OBSERVE))
    report = firm.apply()
    assert (len(report.applied), len(report.held_back)) == (2, 2)
    assert_once(firm, ("100", "200"))
    assert len(firm.proposals(ProposalState.APPROVED)) == 2
    firm.set_mode(Mode.APPROVE)
    assert len(firm.apply().applied) == 2
    assert_once(firm)


def test_a_row_that_another_desk_took_back_before_is_not_planned(firm: Desk, memory: MemoryStore) -> None:
    other, row = beside(firm, memory, "desk-2"), one(firm, "200", ProposalState.APPROVED)
    queued = QueuedStore(firm.store, lambda: None)
    firm.store = queued  # type: ignore[assignment]  # as above
    # The first to be read is Case Manager; what is planned is stored after it.
    at(firm, "read", 1, lambda: queued.before.append(lambda: other.deciding.reject(ids([row]), by="Bob", reason="no")))
    report = firm.apply()
    assert [held.reason for held in report.held_back] == ["It was rejected. Someone else was faster."]
    assert_once(firm, ("100", "300", "400"))


def test_a_limit_that_a_check_finds_in_the_middle_holds_what_has_not_begun(desk: Desk, memory: MemoryStore) -> None:
    desk.set_policy(removal_limit_count=2)
    memory.set_time = NOW
    paid = []
    for number in NUMBERS:
        desk.bill(number)
        paid.append(desk.xero.pay(f"CM-{number}", "90.00", NOV_1))
    desk.poll()
    desk.approve_and_apply(*desk.proposals())
    for payment in paid[:2]:
        desk.xero.delete(payment)
    desk.poll()
    removals = desk.proposals()
    assert {row.proposal.kind for row in removals} == {ProposalKind.REMOVE}
    desk.approve(*removals)
    other = beside(desk, memory, "desk-2")

    def delete_more() -> None:
        for payment in paid[2:]:
            desk.xero.delete(payment)
        memory.rows.leases.clear()
        other.poll()

    at(desk, "lock", 1, delete_more)
    report = desk.apply()
    assert report.applied == ()
    assert all("safety limit" in row.reason for row in report.held_back), report
    assert [desk.paid(number) for number in NUMBERS] == [["90.00"]] * 4


def test_a_failure_before_the_lock_leaves_nothing_planned(firm: Desk) -> None:
    firm.steps.fail_at("lock", CaseManagerError("case.db: the connection broke."))
    report = firm.apply()
    assert [row.reason for row in report.failed] == ["case.db: the connection broke."]
    assert one(firm, "100", ProposalState.FAILED).outcome == "case.db: the connection broke."
    assert_once(firm, ("200", "300", "400"))


def test_what_changed_before_its_lock_is_stale_and_planned_no_more(firm: Desk) -> None:
    at(firm, "lock", 2, lambda: firm.case.type_in("200", "90.00", NOV_1))
    report = firm.apply()
    assert (len(report.applied), len(report.stale)) == (3, 1)
    with firm.store.read() as unit:
        assert {i.state for i in unit.intents.every()} == {IntentState.WRITTEN, IntentState.NOT_WRITTEN}


def test_what_changed_in_xero_before_the_plan_is_stale_and_the_rest_is_written(firm: Desk) -> None:
    firm.xero.edit(next(iter(firm.xero.payments)), "80.00")
    report = firm.apply()
    assert (len(report.applied), len(report.stale)) == (3, 1)
    assert_once(firm, ("200", "300", "400"))


@pytest.mark.parametrize("step", ["lock", "decided", "committed"])
@pytest.mark.parametrize("number", [1, 2, 4])
def test_a_kill_in_the_middle_leaves_what_did_not_begin_approved(firm: Desk, step: str, number: int) -> None:
    def die() -> None:
        raise Crash

    at(firm, step, number, die)
    with pytest.raises(Crash):
        firm.apply()
    firm.restart()
    firm.steps.trouble = None
    firm.settle()
    written = NUMBERS[: number if step == "committed" else number - 1]
    begun = NUMBERS[: number - (step == "lock")]
    assert_once(firm, written)
    approved = {s.proposal.invoice_number for s in firm.proposals(ProposalState.APPROVED)}
    assert approved == {f"CM-{n}" for n in NUMBERS if n not in begun}
    firm.poll()
    firm.approve(*firm.proposals())
    firm.apply()
    assert_once(firm)


def test_another_desktop_waits_before_it_settles_what_was_killed(firm: Desk, memory: MemoryStore) -> None:
    def die() -> None:
        raise Crash

    at(firm, "committed", 2, die)
    with pytest.raises(Crash):
        firm.apply()
    firm.steps.trouble = None
    other = beside(firm, memory, "desk-2")
    other.settle()
    assert len(firm.proposals(ProposalState.APPLYING)) == len(NUMBERS)
    memory.set_time = NOW + HOLD_FOR + timedelta(seconds=1)
    other.settle()
    assert_once(firm, ("100", "200"))
    assert len(firm.proposals(ProposalState.APPROVED)) == 2


def test_a_plan_in_a_store_that_was_put_back_is_no_approval_any_more(firm: Desk, memory: MemoryStore) -> None:
    """Whoever approved may have taken it back in what is missing (R35)."""
    secrets = MemorySecrets()
    epochs = Epochs(firm.outside, secrets, StorePlace(place="store.db", computer="SRV02"))
    epochs.look()
    epochs.keep()

    def die() -> None:
        raise Crash

    at(firm, "lock", 1, die)
    with pytest.raises(Crash):
        firm.apply()
    firm.steps.trouble = None
    older = memory.rows
    firm.settle()
    firm.deciding.reject(ids(firm.proposals(ProposalState.APPROVED)), by=ANN, reason="no")
    epochs.keep()
    memory.rows = older
    assert epochs.look() is not None
    firm.settle()
    assert firm.proposals(ProposalState.APPROVED, ProposalState.APPLYING) == []
    assert len(firm.proposals(ProposalState.PROPOSED)) == len(NUMBERS)
    assert not any(firm.paid(number) for number in NUMBERS)


def test_a_plan_that_cannot_be_given_up_waits_for_the_next_start(firm: Desk) -> None:
    def full(name: str) -> None:
        if name == "store":
            raise StoreError("The disk is full.")

    def observe() -> None:
        firm.set_mode(Mode.OBSERVE)
        firm.steps.trouble = full

    at(firm, "committed", 2, observe)
    report = firm.apply()
    assert (len(report.applied), len(report.held_back)) == (2, 2)
    assert all("could not be noted here yet" in row.reason for row in report.applied)
    firm.steps.trouble = None
    assert len(firm.proposals(ProposalState.APPLYING)) == len(NUMBERS)
    firm.settle()
    assert_once(firm, ("100", "200"))
