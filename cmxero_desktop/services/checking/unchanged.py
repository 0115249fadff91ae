"""What the last comparison left in this process, and what it took into account beside the payments."""

from dataclasses import dataclass

from cmxero_desktop.services.correlation.circumstances import Circumstances
from cmxero_desktop.services.correlation.kept_firm import KeptFirm
from cmxero_desktop.services.records.runs import Counts


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """What the last comparison left in this process, and by which circumstances."""

    kept: KeptFirm
    circumstances: Circumstances
    counts: Counts
