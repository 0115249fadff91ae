"""Write the one notice that says what came in quiet time: counts, sums as Case Manager counts them, names if wished."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from cmxero_desktop.domain.proposals import ProposalState
from cmxero_desktop.services.viewing.desk_view import ReviewRow
from cmxero_desktop.ui.desk.content import DeskContent
from cmxero_desktop.ui.desk.noted import due_in
from cmxero_desktop.ui.desk.told import ToldMemory, row_key
from cmxero_desktop.ui.theme.formatting import plural
from cmxero_desktop.ui.theme.words import effect, kind_counts

_NOON = 12
_NAMES_SHOWN = 2
_LOOKS = {ProposalState.FAILED: "failed", ProposalState.STALE: "changed since approval"}


def summary_title(content: DeskContent, now: datetime) -> str:
    """Return what waits in all: `Good morning: 6 to approve, 1 warning`."""
    waiting, looks, warnings = len(content.to_approve), len(to_look_at(content)), len(content.view.alerts)
    due = len(due_in(content.view))
    invoices = {alert.invoice_number for alert in content.view.sor.standing}
    parts = (
        f"{waiting:,} to approve" if waiting or not (looks or warnings or invoices or due) else "",
        f"{looks:,} to look at again" if looks else "",
        f"{due:,} to follow up" if due else "",
        plural(warnings, "warning") if warnings else "",
        f"{plural(len(invoices), 'invoice')} of the SOR watch" if invoices else "",
    )
    greeting = "Good morning" if now.astimezone().hour < _NOON else "Meanwhile"
    return f"{greeting}: {', '.join(filter(None, parts))}"


def summary_text(content: DeskContent, told: ToldMemory, urgent: Iterable[str]) -> str:
    """Return what is new of it; `urgent` are sentences that stand first, without their full stops."""
    new = [row for row in content.to_approve if not told.is_told(row_key(row.stored))]
    proposals = [row.stored.proposal for row in new]
    parts = [*urgent]
    if new:
        parts.append(f"New: {kind_counts(proposals)}, {effect(proposals)}{names_of(new, content)}")
    looks = [row.stored.state for row in to_look_at(content) if not told.is_told(row_key(row.stored))]
    for state, word in _LOOKS.items():
        if number := looks.count(state):
            parts.append(f"{plural(number, 'row')} {word}")
    return ". ".join(parts or ["Nothing is new"]) + "."


def to_look_at(content: DeskContent) -> tuple[ReviewRow, ...]:
    """Return the rows that were decided once and need another look: what failed, and what changed since."""
    return tuple(row for row in content.view.review if row.stored.state in _LOOKS)


def names_of(rows: Sequence[ReviewRow], content: DeskContent) -> str:
    """Return who pays, where names are wished for: `, from Smith, Jones and 3 others`; else nothing."""
    names = list(dict.fromkeys(row.bill_to for row in rows if row.bill_to))
    if not names or not content.settings.notices.show_names:
        return ""
    more = len(names) - _NAMES_SHOWN
    others = f" and {plural(more, 'other')}" if more > 0 else ""
    return f", from {', '.join(names[:_NAMES_SHOWN])}{others}"
