"""Word the reports of a clean-up, of one act and of all that was said, for the screen, the terminal and a file."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from types import MappingProxyType

from cmxero_desktop.domain.cleanup import GROUP_WORDS, Cleanup, CleanupGroup, Leftover, SaidOf
from cmxero_desktop.domain.memory import Explained
from cmxero_desktop.domain.money import total
from cmxero_desktop.domain.strangers import as_lines
from cmxero_desktop.domain.wording import day
from cmxero_desktop.services.records.audit import AuditEntry, AuditEvent, AuditWhat
from cmxero_desktop.services.records.reports import CleanupReport


def cleanup_report_text(report: CleanupReport) -> str:
    """Return the whole report: what was said of what, what was left out, and how it is taken back."""
    return as_lines(_lines(report))


def _lines(report: CleanupReport) -> Iterator[str]:
    said = sum(len(group.members) for group in report.done)
    yield f"Clean-up of old leftovers on {_local(report.at)} by {report.by}: {report.reason}"
    yield f"{said} said in one act, {len(report.left_out)} left out; nothing was written to Case Manager."
    if report.act:
        yield "All of it can be taken back at once: Decide, Clean up old leftovers, Take back."
        yield f"In a terminal: cmxero cleanup --take-back {report.act}"
    for group in report.done:
        yield ""
        yield from group_lines(group)
    if report.left_out:
        yield ""
        yield "Left out"
        yield from (f"  {row.row_id}: {row.reason}" for row in report.left_out)


def _local(at: datetime) -> str:
    """Write an instant as the clock of whoever reads it shows it."""
    local = at.astimezone()
    return f"{day(local.date())} {local:%H:%M}"


def cleanup_state(found: Cleanup) -> str:
    """Say how much is left to be explained, in one sentence."""
    if found.left:
        return f"{found.left} old payment{'' if found.left == 1 else 's'} left to be explained."
    some = f"{found.recent} younger payment{'' if found.recent == 1 else 's'}"
    recent = f" {some} may still come to Xero." if found.recent else ""
    return f"Nothing old is left unexplained.{recent}"


def cleanup_state_text(found: Cleanup, at: datetime) -> str:
    """Return the report of the whole clean-up: what is left, and what was said of which payment, by whom and why."""
    return as_lines(_state_lines(found, at))


def _state_lines(found: Cleanup, at: datetime) -> Iterator[str]:
    yield f"Old leftovers in Case Manager, as of {_local(at)}"
    yield cleanup_state(found)
    yield f"{len(found.said)} explained; nothing was written to Case Manager by any of it."
    for what in (None, *Explained):
        said = [one for one in found.said if one.what is what]
        if said:
            amounts = total((one.leftover.amount for one in said), said[0].leftover.amount.currency)
            yield ""
            yield f"{SAID_WORDS[what]}: {len(said)}, {amounts}"
            yield from (_said_line(one) for one in said)
    if found.one_by_one:
        yield ""
        yield f"To be looked at one by one: {len(found.one_by_one)}"
        yield from member_lines(found.one_by_one)
    for group in found.groups:
        yield ""
        yield from group_lines(group)


def _said_line(one: SaidOf) -> str:
    (line,) = member_lines([one.leftover])
    why = f": {one.reason}" if one.reason else ""
    return f"{line}   by {one.by}{why}" if one.by else line


SAID_WORDS: Mapping[Explained | None, str] = MappingProxyType(
    {
        None: "Accepted as the same money as Xero's",
        Explained.ALLOCATION: "A credit or an overpayment that Xero shows as such",
        Explained.OTHER: "Other money, which Xero does not have",
        Explained.TO_CORRECT: "Wrong, and to be corrected in Case Manager",
        Explained.CORRECTED: "Corrected by a refund or an adjustment",
        Explained.SET_ASIDE: "Set aside: from before, it stays as it stands",
    }
)


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


def group_lines(group: CleanupGroup, *, is_named: bool = False) -> Iterator[str]:
    """Return a group with what is said of it, its danger, and its members; with its name, where that is to be typed."""
    words = GROUP_WORDS[group.group]
    name = f" ({group.group.value})" if is_named else ""
    yield f"{words.title}{name}: {len(group.members)}, {group.total}"
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
