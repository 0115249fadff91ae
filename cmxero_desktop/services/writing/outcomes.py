"""How the rows of one apply ended."""

from dataclasses import dataclass, field

from cmxero_desktop.domain.refusals import Nature, Refused
from cmxero_desktop.services.records.reports import ApplyReport, RowOutcome


@dataclass(slots=True)
class Outcomes:
    """Collects the outcome of each row while a batch is applied or undone; `half` wait for a second person."""

    batch_id: str
    applied: list[RowOutcome] = field(default_factory=list)
    stale: list[RowOutcome] = field(default_factory=list)
    failed: list[RowOutcome] = field(default_factory=list)
    held_back: list[RowOutcome] = field(default_factory=list)
    half: list[RowOutcome] = field(default_factory=list)

    def refuse(self, row_id: str, refusal: Refused) -> None:
        """Sort a refusal by what it means for the row; a wish that has come true before is none that we fulfilled."""
        lists = {Nature.CHANGED: self.stale, Nature.HELD_BACK: self.held_back}
        lists.get(refusal.nature, self.failed).append(RowOutcome(row_id, str(refusal)))

    def report(self) -> ApplyReport:
        """Return what became of every row."""
        return ApplyReport(
            batch_id=self.batch_id,
            applied=tuple(self.applied),
            stale=tuple(self.stale),
            failed=tuple(self.failed),
            held_back=tuple(self.held_back),
            half=tuple(self.half),
        )
