"""The lines of a multi-invoice payment, which stand on several invoices and belong to one receipt (R18)."""

from collections.abc import Iterable
from dataclasses import replace

from cmxero_desktop.domain.money import Money
from cmxero_desktop.services.viewing.desk_view import DeskView, PaymentRow


def with_parts(view: DeskView) -> tuple[PaymentRow, ...]:
    """Return the rows of Skipped, each with the other lines of its group."""
    groups = {group for row in view.skipped if (group := _group_of(row))}
    if not groups:
        return view.skipped
    lines: dict[str, dict[str, Money]] = {group: {} for group in groups}
    for row in _placed(view):
        if (group := _group_of(row)) in lines and row.placement.case is not None:
            lines[group][row.placement.invoice_number] = row.placement.case.amount
    return tuple(
        replace(row, parts=_others(row, lines[group])) if (group := _group_of(row)) else row for row in view.skipped
    )


def parts_of(row: PaymentRow, view: DeskView) -> tuple[tuple[str, Money], ...]:
    """Return the other lines of the group of one row, as far as their invoices are known."""
    group = _group_of(row)
    if not group:
        return ()
    same = (other for other in _placed(view) if _group_of(other) == group)
    return _others(row, {o.placement.invoice_number: o.placement.case.amount for o in same if o.placement.case})


def group_words(parts: tuple[tuple[str, Money], ...], most: int) -> str:
    """Name the lines of a group, the first of them by invoice and amount."""
    named = ", ".join(f"{number} {amount}" for number, amount in parts[:most])
    return f"{named} and {len(parts) - most} more" if parts[most:] else named


def _others(row: PaymentRow, lines: dict[str, Money]) -> tuple[tuple[str, Money], ...]:
    return tuple(sorted((number, amount) for number, amount in lines.items() if number != row.placement.invoice_number))


def _placed(view: DeskView) -> Iterable[PaymentRow]:
    return (*view.matched, *view.unmatched, *view.skipped)


def _group_of(row: PaymentRow) -> str:
    copy = row.placement.case
    return copy.group if copy is not None and copy.is_multi_invoice else ""
