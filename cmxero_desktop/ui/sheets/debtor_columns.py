"""The columns of the debtors: what each invoice owes on both sides, why that differs, and the entry to make."""

from collections.abc import Callable

from cmxero_desktop.domain.debtor_causes import Cause
from cmxero_desktop.domain.debtor_lists import ALL_OR_NONE, DebtorLine
from cmxero_desktop.domain.money import Money
from cmxero_desktop.ui.theme.badge import Badge
from cmxero_desktop.ui.theme.colours import Tone
from cmxero_desktop.ui.theme.formatting import for_spreadsheet
from cmxero_desktop.ui.theme.icons import Shape
from cmxero_desktop.ui.widgets.column import Column, number_in


def debtor_columns() -> tuple[Column[DebtorLine], ...]:
    """Return the columns of Debtors. Adjustments and refunds stand apart, whatever the reasons are."""
    return (
        Column(
            key="invoice",
            title="Invoice",
            text=lambda line: line.invoice_number,
            sort_key=lambda line: number_in(line.invoice_number),
            width=11,
        ),
        Column(key="bill_to", title="Bill To", text=lambda line: line.bill_to or line.contact, width=16),
        _amount("due", "Due in Xero", lambda line: line.due_xero, 12),
        _amount("balance", "Case Manager", lambda line: line.balance_case_manager, 16),
        _amount("difference", "Difference", lambda line: line.difference, 11),
        _amount("adjustments", "Adjustments", lambda line: line.adjustments, 13, is_detail=True),
        _amount("refunds", "Refunds", lambda line: line.refunds, 11, is_detail=True),
        Column(key="why", title="Why", text=why, badges=_badges, tooltip=why, width=28),
        Column(
            key="entry",
            title="Entry to make",
            text=lambda line: line.entries,
            tooltip=lambda line: line.entries,
            width=40,
            is_stretched=True,
            least=66,
        ),
    )


def figure(amount: Money | None) -> str:
    """Write an amount, or that it is not known."""
    return "unknown" if amount is None else str(amount)


def why(line: DebtorLine) -> str:
    """Name the causes of a line."""
    causes = "; ".join(reason.cause.value for reason in line.reasons)
    return f"agrees in sum: {causes}" if line.agrees_in_sum else causes


def reasons_text(line: DebtorLine) -> str:
    """Write each reason with its amount and its entry on a line of its own; the amounts add up to the difference."""
    lines = []
    for reason in line.reasons:
        twice = " (may count money twice)" if reason.counts_twice else ""
        lines.append(f"{figure(reason.amount)}  {reason.cause}{twice}. {reason.entry}")
    return "\n".join([ALL_OR_NONE, *lines] if line.is_all_or_none else lines)


def debtor_sentence(line: DebtorLine) -> str:
    """Return the whole line as one sentence for a screen reader."""
    return (
        f"{line.invoice_number}: {figure(line.due_xero)} due in Xero, {figure(line.balance_case_manager)} in Case "
        f"Manager, difference {figure(line.difference)}. {why(line)}. {line.entries}"
    )


def debtors_text(lines: tuple[DebtorLine, ...]) -> str:
    """Return the lines tab-separated, amounts as plain numbers that a spreadsheet can add up; unknown is no number."""
    columns = debtor_columns()
    rows = ["\t".join(column.title for column in columns)]
    for line in lines:
        cells = (column.text(line) for column in columns)
        rows.append(
            "\t".join(
                cell.replace(",", "") if column.is_right else for_spreadsheet(cell)
                for column, cell in zip(columns, cells, strict=True)
            )
        )
    return "\n".join(rows)


def _amount(
    key: str,
    title: str,
    of: Callable[[DebtorLine], Money | None],
    width: int,
    *,
    is_detail: bool = False,
) -> Column[DebtorLine]:
    # What the lines below the table tell of every invoice is blank where it is nothing, and shown on request.
    def text(line: DebtorLine) -> str:
        amount = of(line)
        return "" if is_detail and amount is not None and not amount.minor else figure(amount)

    def sort_key(line: DebtorLine) -> tuple[int, str]:
        amount = of(line)
        return (amount.minor if amount is not None else 0, line.invoice_number)

    return Column(
        key=key, title=title, text=text, sort_key=sort_key, width=width, is_right=True, is_default=not is_detail
    )


def _badges(line: DebtorLine) -> tuple[Badge, ...]:
    """Colour what needs a look first: what is unknown or nothing explains, then what may count money twice."""
    if line.is_unknown or any(reason.cause is Cause.NOT_EXPLAINED for reason in line.reasons):
        return (Badge(why(line), Tone.DANGER, Shape.CROSS, is_filled=False),)
    if any(reason.counts_twice for reason in line.reasons):
        return (Badge(why(line), Tone.CAUTION, Shape.TRIANGLE, is_filled=False),)
    return ()
