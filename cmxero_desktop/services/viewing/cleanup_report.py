"""Word the report of a clean-up, for the screen, the terminal and a file."""

from collections.abc import Iterable, Iterator

from cmxero_desktop.domain.cleanup import GROUP_WORDS, CleanupGroup, Leftover
from cmxero_desktop.domain.strangers import as_lines
from cmxero_desktop.domain.wording import day
from cmxero_desktop.services.records.audit import AuditEntry, AuditEvent, AuditWhat
from cmxero_desktop.services.records.reports import CleanupReport


def cleanup_report_text(report: CleanupReport) -> str:
    """Return the whole report: what was said of what, what was left out, and how it is taken back."""
    return as_lines(_lines(report))


def _lines(report: CleanupReport) -> Iterator[str]:
    said = sum(len(group.members) for group in report.done)
    yield f"Clean-up of old leftovers on {report.at:%Y-%m-%d %H:%M} UTC by {report.by}: {report.reason}"
    yield f"{said} said in one act, {len(report.left_out)} left out; nothing was written to Case Manager."
    if report.act:
        yield f"It is taken back by its name: {report.act}"
    for group in report.done:
        yield ""
        yield from group_lines(group)
    if report.left_out:
        yield ""
        yield "Left out"
        yield from (f"  {row.row_id}: {row.reason}" for row in report.left_out)


def last_cleanup(history: Iterable[AuditEntry]) -> AuditEvent | None:
    """Return the last clean-up that was not taken back, if there is any."""
    events = [entry.event for entry in sorted(history, key=lambda entry: -entry.sequence)]
    # What is taken back as a whole names neither a row nor a payment.
    back = {
        event.batch_id
        for event in events
        if event.what is AuditWhat.UNDONE and event.proposal_id is None and event.case_payment_id is None
    }
    acts = (event for event in events if event.what is AuditWhat.CLEANED_UP)
    return next((event for event in acts if event.batch_id not in back), None)


def group_lines(group: CleanupGroup) -> Iterator[str]:
    """Return a group with what is said of it, its danger, and its members."""
    words = GROUP_WORDS[group.group]
    yield f"{words.title} ({group.group.value}): {len(group.members)}, {group.total}"
    yield f"  paid {span(group)}"
    yield f"  {words.says}"
    yield f"  {words.danger}"
    yield from member_lines(group.members)


def span(group: CleanupGroup) -> str:
    """Say between which days the members of a group were paid."""
    first, last = day(group.oldest), day(group.newest)
    return f"on {first}" if first == last else f"{first} to {last}"


def member_lines(members: Iterable[Leftover]) -> Iterator[str]:
    """Return one line for each member."""
    for one in members:
        yield f"    {one.number:<12} {day(one.paid_on):<12} {one.amount!s:>14}  {one.payer}".rstrip()
