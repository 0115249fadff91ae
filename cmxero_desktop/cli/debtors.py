"""Write the comparison of both debtor lists for scripts and for persons."""

from collections.abc import Iterable

from cmxero_desktop.cli.rows import Row, Value, money
from cmxero_desktop.domain.debtor_lists import ALL_OR_NONE, CauseTotal, DebtorLine, DebtorLists
from cmxero_desktop.domain.money import Money
from cmxero_desktop.domain.strangers import as_lines
from cmxero_desktop.domain.wording import day

_WIDE = 16


def debtors_document(lists: DebtorLists, lines: Iterable[DebtorLine]) -> Row:
    """Write these of the invoices that differ, and the causes and totals over all of them."""
    invoices: list[Value] = [_line(line) for line in lines]
    causes: list[Value] = [_cause(one) for one in lists.causes]
    steps: list[Value] = [{"step": what, "amount": money(amount)} for what, amount in lists.steps]
    return {
        "causes": causes,
        "invoices": invoices,
        "due_xero": money(lists.due_xero),
        "balance_case_manager": money(lists.balance_case_manager),
        "difference": money(lists.difference),
        "payments_difference": money(lists.less_paid),
        "steps_from_payments": steps,
        "unexplained": money(lists.unexplained),
        "unknown": len(lists.unknown),
        "xero_as_of": lists.xero_as_of.isoformat() if lists.xero_as_of else None,
    }


def _cause(one: CauseTotal) -> Row:
    return {
        "cause": one.cause.key,
        "reason": one.cause.value,
        "invoices": one.invoices,
        "amount": money(one.amount),
        "counts_twice": one.counts_twice,
        "entry": one.step,
    }


def _line(line: DebtorLine) -> Row:
    reasons: list[Value] = [
        {"reason": r.cause.value, "cause": r.cause.key, "amount": money(r.amount), "entry": r.entry}
        for r in line.reasons
    ]
    return {
        "invoice_number": line.invoice_number,
        "due_xero": money(line.due_xero),
        "balance_case_manager": money(line.balance_case_manager),
        "difference": money(line.difference),
        "reasons": reasons,
    }


def debtors_text(lists: DebtorLists, lines: Iterable[DebtorLine]) -> str:
    """Write it as tables, the causes first; the figure that a person wants to know comes last, in words."""
    text = [_summary(one) for one in lists.causes]
    heads = ("due in Xero", "Case Manager", "difference")
    text += ["", f"{'':<18}" + "".join(f"{head:>{_WIDE}}" for head in heads)]
    for line in lines:
        text.append(_figures(line.invoice_number, line.due_xero, line.balance_case_manager, line.difference))
        if line.is_all_or_none:
            text.append(f"    {ALL_OR_NONE}")
        for reason in line.reasons:
            twice = " (may count money twice)" if reason.counts_twice else ""
            text.append(f"    {_said(reason.amount):>12}  {reason.cause}{twice}. {reason.entry}")
    counted = f"all {lists.invoices - len(lists.unknown)} known" if lists.unknown else f"all {lists.invoices}"
    text.append(_figures(f"{counted} invoices", lists.due_xero, lists.balance_case_manager, lists.difference))
    text += [line for line in (lists.bridge_line, lists.sentence) if line]
    if lists.xero_as_of is not None:
        local = lists.xero_as_of.astimezone()
        text.append(f"Xero as of {day(local.date())} {local:%H:%M}; Case Manager as it is now.")
    return as_lines(text)


def _summary(one: CauseTotal) -> str:
    twice = " (may count money twice)" if one.counts_twice else ""
    return f"{one.cause.key:<18}{one.invoices:>4}{_said(one.amount):>{_WIDE}}  {one.cause}{twice}. {one.step}"


def _figures(title: str, *figures: Money | None) -> str:
    return f"{title:<18}" + "".join(f"{_said(figure):>{_WIDE}}" for figure in figures)


def _said(figure: Money | None) -> str:
    return "unknown" if figure is None else str(figure)
