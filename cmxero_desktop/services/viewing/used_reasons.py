"""The firm's reasons to say no, the most used first, as History tells how often each was given."""

from collections import Counter
from collections.abc import Iterable, Sequence

from cmxero_desktop.domain.errors import NotAllowedError
from cmxero_desktop.services.records.audit import AuditEntry, AuditWhat

_PROGRAM = "program"


def by_use(reasons: Sequence[str], history: Iterable[AuditEntry]) -> tuple[str, ...]:
    """Return reasons to reject in the order of their use by persons; those alike stay in the order of the settings."""
    events = (entry.event for entry in history)
    given = Counter(e.reason.casefold() for e in events if e.what is AuditWhat.REJECTED and e.by != _PROGRAM)
    return tuple(sorted(reasons, key=lambda reason: -given[reason.casefold()]))


def reason_meant(typed: str, reasons: Sequence[str]) -> str:
    """Return the one of the firm's reasons that begins so. Raises NotAllowedError where none does, or several do."""
    said = typed.strip().casefold()
    found = [reason for reason in reasons if reason.casefold().startswith(said)]
    exact = [reason for reason in found if reason.casefold() == said]
    if said and len(exact or found) == 1:
        return (exact or found)[0]
    if not said:
        message = "No reason is named."
    elif found:
        message = f"{len(found)} of the firm's reasons begin with {typed}."
    else:
        message = f"None of the firm's reasons begins with {typed}."
    raise NotAllowedError(message, "Run cmxero reject --reasons to see them.")
