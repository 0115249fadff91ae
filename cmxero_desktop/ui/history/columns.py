"""The columns of History, and what became of an entry since."""

from collections.abc import Callable, Iterable, Mapping

from cmxero_desktop.domain.proposals import ProposalKind
from cmxero_desktop.services.records.audit import AuditEntry, AuditWhat
from cmxero_desktop.services.records.decisions import StoredProposal
from cmxero_desktop.ui.desk.noted import PROGRAM
from cmxero_desktop.ui.theme.badge import Badge
from cmxero_desktop.ui.theme.colours import Tone
from cmxero_desktop.ui.theme.formatting import moment
from cmxero_desktop.ui.theme.words import KIND_WORD, kind_badge, reason_of, values, what
from cmxero_desktop.ui.widgets.column import Column, number_in

_SAYS_NOTE = frozenset({AuditWhat.NOTED, AuditWhat.NOTE_CHANGED})
_ENDS_NOTE = {AuditWhat.NOTE_REMOVED: "taken off", AuditWhat.FOLLOW_UP_ENDED: "nobody sees to it any more"}
_OF_NOTES = _SAYS_NOTE | _ENDS_NOTE.keys()
_WRITTEN = frozenset({AuditWhat.APPLIED, AuditWhat.UNDONE, AuditWhat.RECOVERED})
# Their entries tell the change the other way round, as what it would become.
OF_UNDO = frozenset({AuditWhat.UNDONE, AuditWhat.UNDO_ASKED, AuditWhat.UNDO_WITHDRAWN})
_TONE = {
    AuditWhat.APPLIED: Tone.GOOD,
    AuditWhat.APPROVED: Tone.CALM,
    AuditWhat.APPROVED_FIRST: Tone.CALM,
    AuditWhat.UNDONE: Tone.CAUTION,
    AuditWhat.UNDO_ASKED: Tone.CAUTION,
    AuditWhat.FAILED: Tone.DANGER,
    AuditWhat.ADOPTED: Tone.CAUTION,
    AuditWhat.RESTORED: Tone.CAUTION,
    AuditWhat.STORE_CONFIRMED: Tone.CAUTION,
    AuditWhat.STALE: Tone.CAUTION,
    AuditWhat.ALERT: Tone.CAUTION,
    AuditWhat.SKIPPED_RUN: Tone.CAUTION,
}


def _never(_entry: AuditEntry) -> bool:
    return False


def _no_code(_entry: AuditEntry) -> str:
    return ""


def history_columns(
    is_undone: Callable[[AuditEntry], bool] = _never, code_of: Callable[[AuditEntry], str] = _no_code
) -> tuple[Column[AuditEntry], ...]:
    """Return the columns of History; what was applied and undone since says so, `code_of` is that of its plan."""

    def told(entry: AuditEntry) -> str:
        return f"{what(entry)}, undone since" if is_undone(entry) else what(entry)

    def tone(entry: AuditEntry) -> Tone:
        return Tone.MUTED if is_undone(entry) else _TONE.get(entry.event.what, Tone.MUTED)

    return (
        Column(
            key="when",
            title="When",
            text=lambda entry: moment(entry.event.at),
            sort_key=lambda entry: (entry.sequence, ""),
            day_of=lambda entry: entry.event.at.astimezone().date(),
            width=20,
        ),
        Column(key="who", title="Who", text=lambda entry: entry.event.by, width=14),
        Column(
            key="what",
            title="What",
            text=told,
            badges=lambda entry: (Badge(told(entry), tone(entry)),),
            tooltip=where,
            width=23,
        ),
        Column(
            key="invoice",
            title="Invoice",
            text=lambda entry: entry.event.invoice_number,
            sort_key=lambda entry: number_in(entry.event.invoice_number),
            width=13,
        ),
        Column(
            key="change",
            title="Change",
            text=lambda entry: KIND_WORD[kind] if (kind := change_of(entry)) is not None else "",
            badges=lambda entry: (kind_badge(kind),) if (kind := change_of(entry)) is not None else (),
            width=11,
            gives_way=1,
        ),
        Column(key="before", title="Before", text=before, tooltip=before, width=25, gives_way=2),
        Column(key="after", title="After", text=after, tooltip=after, width=44),
        Column(
            key="reason",
            title="Reason",
            text=_reason,
            tooltip=_reason,
            width=34,
            is_stretched=True,
            least=24,
        ),
        Column(key="batch", title="Batch", text=lambda entry: entry.event.batch_id[:8], width=11, is_default=False),
        Column(
            key="code",
            title="Plan code",
            text=code_of,
            width=13,
            is_default=False,
            meaning="of exactly the rows that were written together, as the sheet before and the result had it.",
        ),
        Column(key="database", title="Database", text=lambda entry: entry.event.database, width=30, is_default=False),
        Column(key="rule", title="Rule", text=lambda entry: entry.event.rule, width=7, is_default=False),
        Column(key="number", title="Entry", text=lambda entry: str(entry.sequence), width=8, is_default=False),
    )


def change_of(entry: AuditEntry) -> ProposalKind | None:
    """Return what kind of change an entry is about; an undo is of the change that it took back."""
    before, now = entry.event.before, entry.event.after
    if entry.event.what in OF_UNDO:
        before, now = now, before
    if entry.event.proposal_id is None or (before is None and now is None):
        return None
    if before is None:
        return ProposalKind.ADD
    if now is None:
        return ProposalKind.REMOVE
    is_same = (before.amount, before.paid_on) == (now.amount, now.paid_on)
    return ProposalKind.LINK if is_same else ProposalKind.CHANGE


def before(entry: AuditEntry) -> str:
    """Say what stood in Case Manager before it, or what a note said."""
    event = entry.event
    return event.evidence.get("before", "") if event.what in _OF_NOTES else values(event.before)


def _reason(entry: AuditEntry) -> str:
    """Say why; what a note says stands before and after it, and only what ended by itself has a reason."""
    event = entry.event
    return "" if event.what in _OF_NOTES and event.by != PROGRAM else reason_of(entry)


def after(entry: AuditEntry) -> str:
    """Say what stands in Case Manager after it, or would, or what was said of an SOR schedule or a payment."""
    event, kind = entry.event, change_of(entry)
    if kind is None:
        if event.what is AuditWhat.SOR:
            return _said_of_schedule(event.evidence)
        return event.reason if event.what in _SAYS_NOTE else _ENDS_NOTE.get(event.what, "")
    if event.what is AuditWhat.UNDO_WITHDRAWN:
        return "stays as it was written"
    return _written(entry) if event.what in _WRITTEN else _would(entry)


def _written(entry: AuditEntry) -> str:
    event = entry.event
    if event.after is None:
        return "deleted"
    if change_of(entry) is ProposalKind.LINK:
        return f"the same, {'link taken out' if event.what in OF_UNDO else 'linked'}"
    return values(event.after)


def _would(entry: AuditEntry) -> str:
    event = entry.event
    if event.after is None:
        return "would be deleted"
    if change_of(entry) is ProposalKind.LINK:
        return "the link would be taken out" if event.what in OF_UNDO else "would be linked"
    return f"would {'add' if event.before is None else 'become'} {values(event.after)}"


def _said_of_schedule(evidence: Mapping[str, str]) -> str:
    """Say what was said of a schedule; older entries have only where it stood then."""
    stood = [evidence[name] for name in ("schedule", "state") if evidence.get(name)]
    return evidence.get("explanation") or ": ".join(stood)


def where(entry: AuditEntry) -> str:
    """Say which database an entry is about, where it is about one."""
    return f"Database: {entry.event.database}" if entry.event.database else ""


def history_sentence(entry: AuditEntry) -> str:
    """Return the whole entry as one sentence for a screen reader."""
    event = entry.event
    about = f" {event.invoice_number}" if event.invoice_number else ""
    kind = change_of(entry)
    told = after(entry)
    change = f" {KIND_WORD[kind]}, {told}." if kind is not None else f" {told}." if told else ""
    return f"{moment(event.at)}, {event.by}: {what(entry)}{about}.{change} {reason_of(entry)}".strip()


def is_later(entry: AuditEntry, stored: StoredProposal) -> bool:
    """Say whether the proposal was applied again after the batch that this entry is of."""
    return bool(entry.event.batch_id and stored.batch_id and entry.event.batch_id != stored.batch_id)


def is_of_batch(entry: AuditEntry, other: AuditEntry) -> bool:
    """Say whether both entries are of one batch; what has none stands alone."""
    batch = other.event.batch_id
    return entry.sequence == other.sequence or bool(batch and entry.event.batch_id == batch)


def undone_since(entries: Iterable[AuditEntry]) -> frozenset[int]:
    """Return the numbers of the entries whose change was taken back later."""
    entries = tuple(entries)
    last: dict[object, int] = {}
    for entry in entries:
        if entry.event.what is AuditWhat.UNDONE:
            last[entry.event.proposal_id] = max(entry.sequence, last.get(entry.event.proposal_id, 0))
    applied = (entry for entry in entries if entry.event.what is AuditWhat.APPLIED)
    return frozenset(e.sequence for e in applied if last.get(e.event.proposal_id, 0) > e.sequence)
