"""A setup in memory: it finds what a test says, refuses what a test says, and keeps a record of every call."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from cmxero_desktop.domain.mapping.seen import KnownSide
from cmxero_desktop.domain.mapping.suggesting import suggest_mapping
from cmxero_desktop.domain.placements import Reason
from cmxero_desktop.domain.proposals import ProposalKind
from cmxero_desktop.services.ports.xero import Connection
from cmxero_desktop.services.records.autostart import AutostartSeen
from cmxero_desktop.services.records.mapping import MappingRequest, SuggestedMapping
from cmxero_desktop.services.records.readings import CaseManagerFacts
from cmxero_desktop.services.records.runs import PollProgress
from cmxero_desktop.services.records.setup import DatabaseSeen, FirstReport, SetupAnswers
from tests.truth.legacy_books import books
from tests.truth.legacy_firms import PLAIN, plain
from tests.truth.legacy_laying import LegacyFirm
from tests.truth.legacy_seen import seen_schema
from tests.ui.fake_desk import Offered
from tests.ui.views import NOW, run

_LEGACY = LegacyFirm("plain", plain, PLAIN)
FACTS = CaseManagerFacts(
    label="casemanager on SRV02",
    invoices=1_204,
    payments=3_310,
    forward_dating_days=5,
    is_journalled_locked=True,
    notes_limit=500,
    reference_limit=50,
    payment_type="EFT",
    imported_text="Xero payment",
)
SEEN = DatabaseSeen(facts=FACTS, kind="PostgreSQL", may_write=False)
REPORT = FirstReport(
    run=run(NOW),
    matched=2_891,
    to_approve={ProposalKind.ADD: 12, ProposalKind.LINK: 346, ProposalKind.CHANGE: 0, ProposalKind.REMOVE: 1},
    only_in_case_manager=38,
    skipped={Reason.NO_INVOICE: 4, Reason.FUTURE_DATED: 2, Reason.JOURNALLED: 17},
)


class FakeSetup:
    """The protocol `Setup`; `error` is raised once, by the next verb that blocks."""

    def __init__(self) -> None:
        self.calls: list[tuple[object, ...]] = []
        self.error: Exception | None = None
        self.offered: tuple[Offered, ...] = (Offered("org-1", "Brightside Rehab Pty Ltd"),)
        self.seen = SEEN
        self.report = REPORT
        self.shown: PollProgress | None = None
        self.starts = AutostartSeen(is_supported=True, said="In the folder of what starts.")
        self.problems: tuple[str, ...] = ()

    def check_case_manager(self, url: str, mapping: str) -> DatabaseSeen:
        self._note("check_case_manager", url, mapping)
        return self.seen

    def suggest_mapping(self, request: MappingRequest) -> SuggestedMapping:
        self._note("suggest_mapping", request)
        schema = request.schema or seen_schema(_LEGACY, books())
        suggestion = suggest_mapping(schema, KnownSide(), request.answers)
        made = SuggestedMapping(suggestion=suggestion, schema=schema, text="[invoices]")
        return replace(made, problems=self.problems) if self.problems else replace(made, seen=self.seen)

    def write_mapping(self, made: SuggestedMapping, path: Path) -> Path:
        self._note("write_mapping", made, path)
        return path

    def sign_in(self, client_id: str, redirect_port: int) -> Sequence[Connection]:
        self._note("sign_in", client_id, redirect_port)
        return self.offered

    def cancel_sign_in(self) -> None:
        self.calls.append(("cancel_sign_in",))

    def autostart(self) -> AutostartSeen:
        return self.starts

    def finish(self, answers: SetupAnswers) -> None:
        self._note("finish", answers)

    def first_check(self) -> FirstReport:
        self._note("first_check")
        return self.report

    def progress(self) -> PollProgress | None:
        return self.shown

    def stop_waiting(self) -> None:
        self.calls.append(("stop_waiting",))

    def names(self) -> list[object]:
        return [call[0] for call in self.calls]

    def _note(self, *call: object) -> None:
        self.calls.append(call)
        if self.error is not None:
            error, self.error = self.error, None
            raise error
