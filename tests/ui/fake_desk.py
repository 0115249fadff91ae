"""A desk in memory: the verbs as plain functions over one view, with a record of every call."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from cmxero_desktop.domain.identifiers import CasePaymentId
from cmxero_desktop.domain.proposals import ProposalState
from cmxero_desktop.services.desk_view import DeskView
from cmxero_desktop.services.records import (
    ApplyReport,
    AuditWhat,
    DecisionReport,
    HealthCheck,
    PollRun,
    RowOutcome,
    StoredProposal,
    VerifyReport,
)
from cmxero_desktop.services.settings import Mode, Settings
from cmxero_desktop.services.verbs import Verbs
from tests.ui.views import NOW, entry, run

Call = tuple[object, ...]


class FakeDesk:
    """Behaves like a desk whose every wish succeeds, unless `error` says otherwise."""

    def __init__(self, view: DeskView, *, mode: Mode = Mode.APPROVE) -> None:
        self.desk_view = view
        self.mode = mode
        self.calls: list[Call] = []
        self.error: Exception | None = None
        self.apply_report: ApplyReport | None = None
        self.decision_report: DecisionReport | None = None
        self.run: PollRun = run(NOW)

    def verbs(self) -> Verbs:
        return Verbs(
            settings=lambda: Settings(mode=self.mode),
            poll=self._poll,
            view=lambda: self.desk_view,
            approve=self._approve,
            approve_all=lambda by: self._decided(("approve_all", by), [], ProposalState.APPROVED),
            apply=self._apply,
            reject=self._reject,
            hold=self._hold,
            reopen=self._reopen,
            undo=self._undo,
            choose_link=self._choose_link,
            export=self._export,
            verify=self._verify,
            doctor=self._doctor,
        )

    def _poll(self, is_full: bool) -> PollRun:  # noqa: FBT001 - the shape of the verb
        self._note("poll", is_full)
        return self.run

    def _approve(self, ids: Sequence[str], *, by: str, release_reason: str = "") -> DecisionReport:
        return self._decided(("approve", tuple(ids), by, release_reason), ids, ProposalState.APPROVED)

    def _reject(self, ids: Sequence[str], *, by: str, reason: str) -> DecisionReport:
        return self._decided(("reject", tuple(ids), by, reason), ids, ProposalState.REJECTED)

    def _hold(self, ids: Sequence[str], *, by: str, reason: str = "", until: date | None = None) -> DecisionReport:
        return self._decided(("hold", tuple(ids), by, reason, until), ids, ProposalState.HELD)

    def _reopen(self, ids: Sequence[str], *, by: str, reason: str) -> DecisionReport:
        return self._decided(("reopen", tuple(ids), by, reason), ids, ProposalState.PROPOSED)

    def _apply(self, ids: Sequence[str] | None, by: str) -> ApplyReport:
        self._note("apply", tuple(ids or ()), by)
        report = self.apply_report or ApplyReport(
            batch_id="b-2", applied=tuple(RowOutcome(row_id, "Applied.") for row_id in ids or ())
        )
        applied = {outcome.row_id for outcome in report.applied}
        moved = [
            self._moved(row.stored, ProposalState.APPLIED) for row in self.desk_view.review if row.row_id in applied
        ]
        number = len(self.desk_view.history) + 1
        events = [entry(number + i, AuditWhat.APPLIED, by=by, at=NOW, stored=stored) for i, stored in enumerate(moved)]
        self.desk_view = replace(
            self.desk_view,
            review=tuple(row for row in self.desk_view.review if row.row_id not in applied),
            undoable={**self.desk_view.undoable, **{s.proposal_id: s for s in moved}},
            history=(*self.desk_view.history, *events),
        )
        return report

    def _undo(self, ids: Sequence[str], *, by: str, reason: str) -> ApplyReport:
        self._note("undo", tuple(ids), by, reason)
        left = {key: value for key, value in self.desk_view.undoable.items() if key not in ids}
        self.desk_view = replace(self.desk_view, undoable=left)
        return ApplyReport(batch_id="u-1", applied=tuple(RowOutcome(row_id, "Undone.") for row_id in ids))

    def _choose_link(self, proposal_id: str, payment: CasePaymentId, by: str) -> str:
        self._note("choose_link", proposal_id, payment, by)
        return "p-change"

    def _export(self, path: Path) -> Path:
        self._note("export", path)
        return path

    def _verify(self) -> VerifyReport:
        self._note("verify")
        return VerifyReport(audit_entries=6, invoices=55)

    def _doctor(self) -> tuple[HealthCheck, ...]:
        self._note("doctor")
        return (
            HealthCheck(name="Case Manager", is_good=True, seen="casemanager on SRV02, 55 invoices"),
            HealthCheck(name="Keyring", is_good=False, seen="locked", remedy="Unlock the keyring and examine again."),
        )

    def _decided(self, call: Call, ids: Sequence[str], state: ProposalState) -> DecisionReport:
        self._note(*call)
        if self.decision_report is not None:
            return self.decision_report
        self.desk_view = replace(
            self.desk_view,
            review=tuple(
                replace(row, stored=self._moved(row.stored, state)) if row.row_id in ids else row
                for row in self.desk_view.review
            ),
        )
        return DecisionReport(done=tuple(RowOutcome(row_id, "Done.") for row_id in ids))

    @staticmethod
    def _moved(stored: StoredProposal, state: ProposalState) -> StoredProposal:
        return replace(stored, state=state, changed_at=NOW + timedelta(minutes=1))

    def _note(self, *call: object) -> None:
        self.calls.append(call)
        if self.error is not None:
            error, self.error = self.error, None
            raise error


class StepWorker:
    """A worker that runs its jobs when the test says so, on the test's own thread."""

    def __init__(self) -> None:
        self.jobs: list[Callable[[], None]] = []

    def __call__(self, job: Callable[[], None]) -> None:
        self.jobs.append(job)

    def run(self) -> None:
        """Run what waits, and what that brings along."""
        while self.jobs:
            self.jobs.pop(0)()
