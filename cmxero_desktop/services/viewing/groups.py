"""The lines of a multi-invoice payment, which stand on several invoices and belong to one receipt (R18)."""

from collections.abc import Collection, Iterable
from dataclasses import replace

from cmxero_desktop.domain.identifiers import CasePaymentId
from cmxero_desktop.services.viewing.desk_view import DeskView, GroupPart, PaymentRow

_Line = tuple[CasePaymentId, GroupPart]


def with_parts(view: DeskView) -> tuple[PaymentRow, ...]:
    """Return the rows of Skipped, each with the other lines of its group."""
    groups = {group for row in view.skipped if (group := _group_of(row))}
    if not groups:
        return view.skipped
    lines = _lines_of(groups, view)
    return tuple(
        replace(row, parts=_others(row, lines[group])) if (group := _group_of(row)) else row for row in view.skipped
    )


def parts_of(row: PaymentRow, view: DeskView) -> tuple[GroupPart, ...]:
    """Return the other lines of the group of one row, as far as their invoices are known."""
    group = _group_of(row)
    return _others(row, _lines_of({group}, view)[group]) if group else ()


def group_words(parts: tuple[GroupPart, ...], most: int, *, are_placed: bool = False) -> str:
    """Name the lines of a group, the first of them by invoice and amount, and by the page where they stand."""
    named = ", ".join(part.placed if are_placed else str(part) for part in parts[:most])
    return f"{named} and {len(parts) - most} more" if parts[most:] else named


def _lines_of(groups: Collection[str], view: DeskView) -> dict[str, list[_Line]]:
    """Return the lines of each of these groups; an invoice may have several of one."""
    lines: dict[str, list[_Line]] = {group: [] for group in groups}
    for row in (*view.matched, *view.unmatched, *view.skipped):
        copy, group = row.placement.case, _group_of(row)
        if copy is not None and group in lines:
            part = GroupPart(row.placement.invoice_number, copy.amount, row.placement.bucket)
            lines[group].append((copy.payment_id, part))
    return lines


def _others(row: PaymentRow, lines: Iterable[_Line]) -> tuple[GroupPart, ...]:
    own = row.placement.case.payment_id if row.placement.case is not None else None
    others = (part for key, part in lines if key != own)
    return tuple(sorted(others, key=lambda part: (part.invoice_number, part.amount.amount)))


def _group_of(row: PaymentRow) -> str:
    copy = row.placement.case
    return copy.group if copy is not None and copy.is_multi_invoice else ""
