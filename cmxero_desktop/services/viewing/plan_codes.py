"""Find the code again that stood on a plan and its result: of exactly the rows that one batch wrote."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from cmxero_desktop.domain.shown_codes import shown_code
from cmxero_desktop.services.records.audit import AuditEntry, AuditWhat


def plan_codes(entries: Iterable[AuditEntry]) -> Mapping[str, str]:
    """Return the code of each batch by its id, such as `7F3A-19C2`; what was settled after a crash had no plan."""
    written: dict[str, list[str]] = defaultdict(list)
    for entry in entries:
        event = entry.event
        if event.what is AuditWhat.APPLIED and event.batch_id and (name := event.evidence.get("fingerprint")):
            written[event.batch_id].append(name)
    return {batch: shown_code(names) for batch, names in written.items()}
