"""Write how far the firm is on the way from typing each payment twice, for scripts and for persons."""

from collections.abc import Iterable

from cmxero_desktop.cli.rows import Row, Value, day, money
from cmxero_desktop.domain import wording
from cmxero_desktop.domain.strangers import as_lines, one_line
from cmxero_desktop.domain.transition import Transition, TypedPayment, Week
from cmxero_desktop.domain.transition_steps import Step

_HEADS = ("typed", "equal", "doubles", "misses", "added", "journalled")


def transition_document(found: Transition) -> Row:
    """Write the weeks, who types, the payments that were typed, and what stands in the way."""
    weeks: list[Value] = [_week(week) for week in found.weeks]
    typists: list[Value] = [
        {"name": typist.name or None, "payments": typist.payments, "last_week": day(typist.last_week)}
        for typist in found.typists
    ]
    typed: list[Value] = [_typed(one) for one in found.typed]
    steps: list[Value] = [_step(step) for step in found.steps]
    return {
        "can_stop": bool(found.steps) and not found.in_the_way,
        "weeks": weeks,
        "typists": typists,
        "steps": steps,
        "typed": typed,
    }


def _week(week: Week) -> Row:
    return {
        "week": day(week.begins_on),
        "typed": week.typed,
        "by_itself": week.by_itself,
        "doubles": week.doubles,
        "misses": week.misses,
        "added": week.added,
        "journalled": week.journalled,
    }


def _typed(one: TypedPayment) -> Row:
    return {
        "id": one.row_id,
        "week": day(one.week),
        "invoice_number": one.invoice_number,
        "date": day(one.paid_on),
        "amount": money(one.amount),
        "bill_to": one.bill_to,
        "entered_by": one.entered_by,
        "stands": one.bucket.value,
        "by_itself": one.is_by_itself,
    }


def _step(step: Step) -> Row:
    rows: list[Value] = list(step.rows)
    return {
        "step": step.hurdle.value,
        "clear": step.is_clear,
        "holds": step.title,
        "missing": step.sentence or None,
        "rows": rows,
    }


def transition_text(found: Transition) -> str:
    """Write the weeks as a table, who types, and what stands in the way; the answer comes last."""
    lines = [f"{'Week of':<14}" + "".join(f"{head:>12}" for head in _HEADS)] if found.weeks else []
    for week in found.weeks:
        counts = (week.typed, week.by_itself, week.doubles, week.misses, week.added, week.journalled)
        lines.append(f"{wording.day(week.begins_on):<14}" + "".join(f"{count:>12,}" for count in counts))
    lines += [*_typists(found), *_steps(found.steps), found.sentence]
    return as_lines(lines)


def _typists(found: Transition) -> Iterable[str]:
    if not found.typists:
        return
    yield "Who typed in the last four weeks:"
    for typist in found.typists:
        name = one_line(typist.name) or "Case Manager does not say who"
        yield f"  {name}: {typist.payments:,}, the last in the week of {wording.day(typist.last_week)}"


def _steps(steps: Iterable[Step]) -> Iterable[str]:
    for step in steps:
        yield f"{'holds' if step.is_clear else 'NOT YET':<9}{step.title}. {step.sentence}".rstrip()
