"""Write the comparison of both debtor lists for scripts and for persons."""

from cmxero_desktop.cli.rows import Row, Value, money
from cmxero_desktop.domain.debtor_lists import ALL_OR_NONE, DebtorLine, DebtorLists

_WIDE = 16


def debtors_document(lists: DebtorLists) -> Row:
    """Write the invoices that differ, and the totals over all of them."""
    invoices: list[Value] = [_line(line) for line in lists.lines]
    return {
        "invoices": invoices,
        "due_xero": money(lists.due_xero),
        "balance_case_manager": money(lists.balance_case_manager),
        "difference": money(lists.difference),
        "unexplained": money(lists.unexplained),
    }


def _line(line: DebtorLine) -> Row:
    reasons: list[Value] = [
        {"reason": r.cause.value, "amount": money(r.amount), "entry": r.entry} for r in line.reasons
    ]
    return {
        "invoice_number": line.invoice_number,
        "due_xero": money(line.due_xero),
        "balance_case_manager": money(line.balance_case_manager),
        "difference": money(line.difference),
        "reasons": reasons,
    }


def debtors_text(lists: DebtorLists) -> str:
    """Write it as a table; the figure that a person wants to know comes last, in words."""
    heads = ("due in Xero", "Case Manager", "difference")
    text = [f"{'':<18}" + "".join(f"{head:>{_WIDE}}" for head in heads)]
    for line in lists.lines:
        figures = (line.due_xero, line.balance_case_manager, line.difference)
        text.append(f"{line.invoice_number:<18}" + "".join(f"{figure!s:>{_WIDE}}" for figure in figures))
        if line.agrees_in_sum:
            text.append(f"    {ALL_OR_NONE}")
        for reason in line.reasons:
            twice = " (may count money twice)" if reason.counts_twice else ""
            text.append(f"    {reason.amount!s:>12}  {reason.cause}{twice}. {reason.entry}")
    figures = (lists.due_xero, lists.balance_case_manager, lists.difference)
    text.append(f"{f'all {lists.invoices} invoices':<18}" + "".join(f"{figure!s:>{_WIDE}}" for figure in figures))
    return "\n".join([*text, lists.sentence])
