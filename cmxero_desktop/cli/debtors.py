"""Write the comparison of both debtor lists for scripts and for persons."""

from cmxero_desktop.cli.rows import Row, Value, money
from cmxero_desktop.domain.debtor_lists import ALL_OR_NONE, DebtorLine, DebtorLists
from cmxero_desktop.domain.money import Money
from cmxero_desktop.domain.wording import day

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
        "unknown": len(lists.unknown),
        "xero_as_of": lists.xero_as_of.isoformat() if lists.xero_as_of else None,
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
        text.append(_figures(line.invoice_number, line.due_xero, line.balance_case_manager, line.difference))
        if line.is_all_or_none:
            text.append(f"    {ALL_OR_NONE}")
        for reason in line.reasons:
            twice = " (may count money twice)" if reason.counts_twice else ""
            text.append(f"    {_said(reason.amount):>12}  {reason.cause}{twice}. {reason.entry}")
    counted = f"all {lists.invoices - len(lists.unknown)} known" if lists.unknown else f"all {lists.invoices}"
    text.append(_figures(f"{counted} invoices", lists.due_xero, lists.balance_case_manager, lists.difference))
    text.append(lists.sentence)
    if lists.xero_as_of is not None:
        local = lists.xero_as_of.astimezone()
        text.append(f"Xero as of {day(local.date())} {local:%H:%M}; Case Manager as it is now.")
    return "\n".join(text)


def _figures(title: str, *figures: Money | None) -> str:
    return f"{title:<18}" + "".join(f"{_said(figure):>{_WIDE}}" for figure in figures)


def _said(figure: Money | None) -> str:
    return "unknown" if figure is None else str(figure)
