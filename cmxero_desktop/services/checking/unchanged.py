"""What a comparison takes into account beside the payments: where any of it is another, everything is compared."""

from dataclasses import dataclass, replace
from datetime import date

from cmxero_desktop.domain.policy import Policy
from cmxero_desktop.services.correlation.kept_firm import KeptFirm
from cmxero_desktop.services.records.readings import CaseManagerFacts
from cmxero_desktop.services.records.runs import Counts
from cmxero_desktop.services.records.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """The settings, Case Manager's own, the policy that these make, and the organisation's day."""

    settings: Settings
    facts: CaseManagerFacts
    policy: Policy
    today: date

    def are_as(self, other: "Circumstances") -> bool:
        """Say whether they are those of another comparison; how much Case Manager holds is seen there itself."""
        return replace(self, facts=_uncounted(self.facts)) == replace(other, facts=_uncounted(other.facts))


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """What the last comparison left in this process, and by which circumstances."""

    kept: KeptFirm
    circumstances: Circumstances
    counts: Counts


def _uncounted(facts: CaseManagerFacts) -> CaseManagerFacts:
    return replace(facts, invoices=0, payments=0)
