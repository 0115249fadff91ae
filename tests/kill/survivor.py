"""Opens the desk again after a kill, as a person would, and compares what it says with what is true."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from cmxero_desktop.adapters.store.store import open_store
from cmxero_desktop.domain.money import Money
from cmxero_desktop.domain.proposals import ProposalKind, ProposalState
from cmxero_desktop.services.records.audit import AuditEntry, AuditWhat
from cmxero_desktop.services.records.decisions import StoredProposal
from cmxero_desktop.services.records.intents import Intent
from cmxero_desktop.services.records.runs import PollOutcome
from cmxero_desktop.services.records.settings import Mode
from cmxero_desktop.services.verbs.commands.checking import Poll
from cmxero_desktop.services.verbs.commands.deciding import Approve
from cmxero_desktop.services.verbs.commands.diagnosing import Verify
from cmxero_desktop.services.verbs.commands.settings import ReadSettings
from cmxero_desktop.services.verbs.commands.viewing import ReadView
from cmxero_desktop.services.verbs.commands.writing import Apply, Undo
from cmxero_desktop.services.verbs.desk import Desk
from tests.kill.firm import Books, Change
from tests.kill.scenes import Scene
from tests.kill.victim import APPROVER, REASON, desks, in_need

BETWEEN_INTENT_AND_COMMIT = "between intent and commit"
BETWEEN_COMMIT_AND_RECORD = "between commit and record"
ELSEWHERE = "elsewhere"
_MADE = {"apply": AuditWhat.APPLIED, "undo": AuditWhat.UNDONE}
_ALLOWED = {
    "apply": {ProposalState.APPLIED, ProposalState.APPROVED, ProposalState.PROPOSED},
    "undo": {ProposalState.APPLIED, ProposalState.UNDONE},
}


@dataclass(frozen=True)
class Survival:
    """What a kill led to: every difference from the truth, where it fell, and how many changes had been made."""

    problems: tuple[str, ...]
    fell: str
    made: int


@dataclass(frozen=True)
class _Stored:
    """What the store holds, read past the verbs."""

    proposals: Mapping[str, StoredProposal]
    entries: tuple[AuditEntry, ...]
    open_intents: tuple[Intent, ...]

    def named(self, state: ProposalState) -> set[str]:
        return {name for name, stored in self.proposals.items() if stored.state is state}


def survive(scene: Scene, what: str) -> Survival:
    """Settle by opening, compare, check Xero, do the rest of what the victim was to do, and compare again."""
    problems: list[str] = []
    with desks().open(scene.home) as desk:
        stored = _read(scene)
        problems += [f"settled: {p}" for p in _compared(scene, stored, what)]
        made = _made(stored, what)
        problems += [f"checked: {p}" for p in _checked(desk)]
        again = _read(scene)
        problems += [f"checked: {p}" for p in _compared(scene, again, what)]
        if _made(again, what) != made:
            problems.append("checked: a poll changed what is applied")
        if not problems:
            problems += [f"finished: {p}" for p in _finished(scene, desk, what)]
        if desk.run(ReadSettings()).mode is not Mode.APPROVE:
            problems.append("the mode dropped to observe")
    return Survival(tuple(problems), _fell(stored), len(made))


def _read(scene: Scene) -> _Stored:
    store = open_store(scene.home, scene.store_url)
    try:
        with store.read() as unit:
            # A removal that was undone comes up once more under the row's new key, and is declined with it (R31).
            states = frozenset(ProposalState) - {ProposalState.REJECTED}
            stored = _decided(unit.proposals.in_states(states))
            found = {str(p.proposal.xero_payment_id): p for p in stored}
            return _Stored(found, unit.audit.entries(), unit.intents.still_open())
    finally:
        store.close()


def _decided(stored: Iterable[StoredProposal]) -> list[StoredProposal]:
    """Leave out what asks anew on an invoice where a link was undone: its payments stay apart until a person says more.

    They may be one more payment, or the edit of another copy (R7a, R16). What asked so and was not decided asks once
    more where its evidence has changed since, as by the next undo.
    """
    stored = tuple(stored)
    unlinked = {
        p.proposal.invoice_number
        for p in stored
        if p.proposal.kind is ProposalKind.LINK and p.state is ProposalState.UNDONE
    }
    return [
        p
        for p in stored
        if (p.superseded_from or p.state) is not ProposalState.PROPOSED or p.proposal.invoice_number not in unlinked
    ]


def _made(stored: _Stored, what: str) -> set[str]:
    return stored.named(ProposalState.APPLIED if what == "apply" else ProposalState.UNDONE)


def _compared(scene: Scene, stored: _Stored, what: str) -> list[str]:
    """Compare Case Manager's rows and the audit trail with the outcome that the store tells for each proposal."""
    firm, books = scene.firm, scene.books
    problems = [f"{name} is {p.state}" for name, p in stored.proposals.items() if p.state not in _ALLOWED[what]]
    problems += [f"the outcome for {intent.invoice_number} is unknown" for intent in stored.open_intents]
    if stored.proposals.keys() != firm.changes.keys():
        problems.append(f"proposals for {sorted(stored.proposals.keys() ^ firm.changes.keys())}")
    applied, undone = stored.named(ProposalState.APPLIED), stored.named(ProposalState.UNDONE)
    put_back = {name for name in undone if firm.changes[name].after is None}
    problems += firm.expected(applied, put_back).differences(books)
    problems += _half_done(stored.proposals.values())
    problems += [
        f"nobody knows which row {name} wrote"
        for name, p in stored.proposals.items()
        if p.state is ProposalState.APPLIED and p.result_id is None
    ]
    for name, change in firm.changes.items():
        problems += _audited(books, stored, name, change, what)
    return problems


def _half_done(proposals: Iterable[StoredProposal]) -> list[str]:
    """Find invoices of which one change was made and another was not, although one transaction held both."""
    done: dict[str, set[bool]] = {}
    for stored in proposals:
        is_applied = stored.state is ProposalState.APPLIED
        done.setdefault(stored.proposal.invoice_number, set()).add(is_applied)
    return [f"{number} is half done" for number, outcomes in done.items() if len(outcomes) > 1]


def _audited(books: Books, stored: _Stored, name: str, change: Change, what: str) -> list[str]:
    """Say where the trail does not hold exactly one entry for a change that was made, and none for one that was not."""
    proposal = stored.proposals.get(name)
    if proposal is None:
        return []
    entries = [
        entry.event
        for entry in stored.entries
        if entry.event.proposal_id == proposal.proposal_id
        and (entry.event.what is _MADE[what] or _is_recovered(entry, is_written=True))
    ]
    is_made = name in _made(stored, what)
    if len(entries) != is_made:
        return [f"{name} has {len(entries)} audit entries, and is {proposal.state}"]
    row = change.after if what == "apply" else change.before
    if not is_made or row is None:
        return []
    (event,) = entries
    key = event.case_payment_id.value if event.case_payment_id else None
    if not isinstance(key, int) or books.get(key) != row:
        return [f"the audit entry of {name} names payment {key}, which is not what was written"]
    amount = event.after.amount if event.after else None
    return [] if amount == Money.of(row.amount, "AUD") else [f"the audit entry of {name} tells another amount"]


def _checked(desk: Desk) -> list[str]:
    run = desk.run(Poll())
    view, report = desk.run(ReadView()), desk.run(Verify())
    problems = [f"alert: {alert.explanation}" for alert in view.alerts]
    problems += report.findings
    if run.outcome is not PollOutcome.DONE:
        problems.append(f"the poll ended {run.outcome}: {run.reason}")
    if view.tie_out is None or view.tie_out.difference.minor:
        problems.append("the statement does not end in 0.00")
    return problems


def _finished(scene: Scene, desk: Desk, what: str) -> list[str]:
    """Do what is left, and compare with the books in which everything is done."""
    view = desk.run(ReadView())
    if what == "apply":
        left = in_need(view)
        for row_id in left:
            desk.run(Approve(ids=(row_id,), by=APPROVER))
        report = desk.run(Apply(ids=left, by=APPROVER))
    else:
        left = tuple(s.proposal_id for s in view.proposals.values() if s.state is ProposalState.APPLIED)
        report = desk.run(Undo(ids=left, by=APPROVER, reason=REASON))
    problems = [f"{row.row_id}: {row.reason}" for row in (*report.failed, *report.stale, *report.held_back)]
    if sorted(row.row_id for row in report.applied) != sorted(left):
        problems.append("not everything that was left was done")
    problems += _checked(desk)
    stored = _read(scene)
    problems += _compared(scene, stored, what)
    if len(_made(stored, what)) != len(scene.firm.changes):
        problems.append("not everything is done")
    shown = desk.run(ReadView())
    waiting = {row.stored.proposal_id for row in shown.review}
    if waiting & {stored.proposal_id for stored in _decided(shown.proposals.values())}:
        problems.append("something is proposed although nothing changed")
    return problems


def _is_recovered(entry: AuditEntry, *, is_written: bool) -> bool:
    told = entry.event.evidence.get("written") == ("yes" if is_written else "no")
    return entry.event.what is AuditWhat.RECOVERED and told


def _fell(stored: _Stored) -> str:
    """Say where the kill fell, by what the start-up had to settle; in a batch much may be written and not recorded."""
    found = Counter(
        entry.event.evidence["written"] for entry in stored.entries if entry.event.what is AuditWhat.RECOVERED
    )
    if found["no"]:
        return BETWEEN_INTENT_AND_COMMIT
    return BETWEEN_COMMIT_AND_RECORD if found["yes"] else ELSEWHERE
