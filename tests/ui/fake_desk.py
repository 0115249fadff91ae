"""A desk in memory: the verbs as plain functions over one view, with a record of every call."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

from cmxero_desktop.domain.identifiers import CasePaymentId
from cmxero_desktop.domain.proposals import ProposalState
from cmxero_desktop.services.ports.xero import Connection
from cmxero_desktop.services.records.audit import AuditWhat
from cmxero_desktop.services.records.decisions import StoredProposal
from cmxero_desktop.services.records.reports import (
    ApplyReport,
    Bundle,
    BundleChoice,
    BundlePart,
    DecisionReport,
    HealthCheck,
    HealthFacts,
    RowOutcome,
    VerifyReport,
)
from cmxero_desktop.services.records.runs import PollAsk, PollProgress, PollRun
from cmxero_desktop.services.records.settings import Mode, Settings
from cmxero_desktop.services.verbs import Verbs
from cmxero_desktop.services.viewing.desk_view import DeskView
from tests.ui.views import NOW, entry, run

Call = tuple[object, ...]


HEALTH = HealthFacts(
    home="/home/ann/.local/share/cm-xero-desk",
    store_place="/home/ann/.local/share/cm-xero-desk/store.db",
    log_file="/home/ann/.local/share/cm-xero-desk/logs/desk.log",
    disk_free_bytes=53_000_000_000,
    versions={"CM-Xero Desk": "0.2.0", "Python": "3.11.7"},
)


@dataclass(frozen=True, slots=True)
class Offered:
    """An organisation to choose."""

    tenant_id: str
    name: str


class FakeDesk:
    """Behaves like a desk whose every wish succeeds, unless `error` says otherwise."""

    def __init__(self, view: DeskView, *, mode: Mode = Mode.APPROVE) -> None:
        self.desk_view = view
        self.settings = Settings(mode=mode)
        self.calls: list[Call] = []
        self.asks: list[PollAsk] = []
        self.error: Exception | None = None
        self.apply_report: ApplyReport | None = None
        self.decision_report: DecisionReport | None = None
        self.run: PollRun = run(NOW)
        self.offered: tuple[Offered, ...] = (Offered("org-1", "Brightside Rehab Pty Ltd"),)
        self.progress: PollProgress | None = None

    def verbs(self) -> Verbs:
        return Verbs(
            settings=lambda: self.settings,
            poll=self._poll,
            progress=lambda: self.progress,
            stop_waiting=lambda: self._note("stop_waiting"),
            note_missed=lambda missed: self._note("note_missed", missed),
            tend=lambda: self._note("tend"),
            sign_in=self._sign_in,
            cancel_sign_in=lambda: self._note("cancel_sign_in"),
            pin=self._pin,
            disconnect=lambda by: self._note("disconnect", by),
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
            health=lambda: HEALTH,
            bundle=self._bundle,
            write_bundle=self._write_bundle,
        )

    def _poll(self, ask: PollAsk) -> PollRun:
        self.asks.append(ask)
        self._note("poll", ask.is_full)
        return self.run

    def _sign_in(self, secret: str) -> Sequence[Connection]:
        self._note("sign_in", *([secret] if secret else []))
        return self.offered

    def _pin(self, tenant_id: str, by: str) -> Connection:
        self._note("pin", tenant_id, by)
        return Offered(tenant_id, "Brightside Rehab Pty Ltd")

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

    def _bundle(self, choice: BundleChoice) -> Bundle:
        self._note("bundle", choice)
        name = "Brightside" if choice.has_names else "[name]"
        amount = "1,500.00" if choice.has_amounts else "[amount]"
        return Bundle(
            (BundlePart("about.txt", "Passwords: never.\n"), BundlePart("log.txt", f"{name} paid {amount}\n"))
        )

    def _write_bundle(self, bundle: Bundle, path: Path) -> Path:
        self._note("write_bundle", bundle, path)
        return path

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
