"""Report what was written to Case Manager by period, person and kind, with before and after, from the audit trail."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime

from cmxero_desktop.domain.identifiers import ProposalId
from cmxero_desktop.domain.money import Money, total
from cmxero_desktop.domain.office import ONE_DESKTOP, SELF_APPROVED
from cmxero_desktop.domain.proposals import PaymentValues, ProposalKind
from cmxero_desktop.services.records.audit import AuditEntry, AuditEvent, AuditWhat
from cmxero_desktop.services.records.changes import ChangesTotal, WrittenChange
from cmxero_desktop.services.records.reports import ListCell, ShownList

_WRITES = frozenset({AuditWhat.APPLIED, AuditWhat.RECOVERED, AuditWhat.UNDONE})
_WISHES = frozenset({AuditWhat.UNDO_ASKED, AuditWhat.UNDO_WITHDRAWN})
_KINDS = {kind.value: kind for kind in ProposalKind}
_TITLES = (
    *("When", "Written by", "Approved by", "Change", "Undo", "Invoice", "Payment no."),
    *("Date before", "Amount before", "Reference before", "Date after", "Amount after", "Reference after"),
    *("Case Manager", "Reason", "Batch", "Entry"),
)


def changes_of(entries: Iterable[AuditEntry], day_of: Callable[[datetime], date]) -> Iterator[WrittenChange]:
    """Yield the writes that the audit trail tells of, the oldest first.

    What was only decided is none, nor what a crash kept from being written, nor an accept, which writes nothing.
    """
    approved: dict[ProposalId | None, str] = {}
    asked: dict[ProposalId | None, str] = {}
    for entry in sorted(entries, key=lambda one: one.sequence):
        event = entry.event
        if event.what is AuditWhat.APPROVED:
            approved[event.proposal_id] = _approvers(event)
        if event.what in _WISHES:
            asked[event.proposal_id] = event.by if event.what is AuditWhat.UNDO_ASKED else ""
        kind, currency = _KINDS.get(event.evidence.get("kind", "")), _currency(event.before, event.after)
        if event.what not in _WRITES or kind is None or not currency or event.evidence.get("written") == "no":
            continue
        yield WrittenChange(
            at=event.at,
            on=day_of(event.at),
            by=event.by,
            approved_by=_wanted_by(event, asked) or approved.get(event.proposal_id, ""),
            kind=kind,
            is_undo=event.what is AuditWhat.UNDONE,
            invoice_number=event.invoice_number,
            case_payment_id=event.case_payment_id,
            before=event.before,
            after=event.after,
            effect=_amount(event.after, currency) - _amount(event.before, currency),
            reason=event.reason,
            batch_id=event.batch_id,
            sequence=entry.sequence,
        )


def _wanted_by(event: AuditEvent, asked: dict[ProposalId | None, str]) -> str:
    """Name who asked for an undo as the first of two; a wish from before another write is none."""
    wish = asked.pop(event.proposal_id, "")
    return wish if event.what is AuditWhat.UNDONE else ""


def _approvers(event: AuditEvent) -> str:
    """Name who approved; two where two did, and of one alone that the firm's rule asks for two."""
    if first := event.evidence.get("first_by", ""):
        return f"{first}, {event.by}{' (one desktop)' if event.reason == ONE_DESKTOP else ''}"
    return f"{event.by} (self-approved)" if event.reason == SELF_APPROVED else event.by


def totals_of(changes: Iterable[WrittenChange]) -> tuple[ChangesTotal, ...]:
    """Add up writes by person and kind, those that were taken back by themselves."""
    groups: dict[tuple[str, ProposalKind, bool], list[Money]] = defaultdict(list)
    for change in changes:
        groups[change.by, change.kind, change.is_undo].append(change.effect)
    order = {kind: place for place, kind in enumerate(ProposalKind)}
    return tuple(
        ChangesTotal(by=by, kind=kind, is_undo=is_undo, number=len(sums), effect=total(sums, sums[0].currency))
        for by, kind, is_undo in sorted(groups, key=lambda group: (group[0], group[2], order[group[1]]))
        if (sums := groups[by, kind, is_undo])
    )


def changes_lists(changes: Sequence[WrittenChange]) -> tuple[ShownList, ShownList]:
    """Return the report as two sheets: what each person wrote of each kind, and every write."""
    totals = tuple(
        (one.by, one.kind.value, "undo" if one.is_undo else "", str(one.number), one.effect.amount)
        for one in totals_of(changes)
    )
    return (
        ShownList("By person and kind", ("Written by", "Change", "Undo", "Changes", "Case Manager"), totals),
        ShownList("Changes", _TITLES, tuple(map(_cells, changes))),
    )


def _cells(change: WrittenChange) -> tuple[ListCell, ...]:
    return (
        change.at.isoformat(timespec="seconds"),
        change.by,
        change.approved_by,
        change.kind.value,
        "undo" if change.is_undo else "",
        change.invoice_number,
        str(change.case_payment_id or ""),
        *_side(change.before),
        *_side(change.after),
        change.effect.amount,
        change.reason,
        change.batch_id,
        str(change.sequence),
    )


def _side(values: PaymentValues | None) -> tuple[ListCell, ...]:
    return (values.paid_on, values.amount.amount, values.reference) if values is not None else (None, None, None)


def _currency(*sides: PaymentValues | None) -> str:
    return next((side.amount.currency for side in sides if side is not None), "")


def _amount(values: PaymentValues | None, currency: str) -> Money:
    return values.amount if values is not None else Money.zero(currency)
