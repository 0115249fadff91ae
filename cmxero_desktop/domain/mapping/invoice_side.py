"""Finds the columns of the invoices: the number by what Xero has, the total by what was paid in full."""

from collections.abc import Sequence

from cmxero_desktop.domain.mapping.agreement import Share, numbers_known, totals_known
from cmxero_desktop.domain.mapping.fields import INVOICE_FIELDS, NUMBER, TOTAL, found, more, options_of
from cmxero_desktop.domain.mapping.findings import (
    Answers,
    MappingFinding,
    Option,
    Sureness,
    answered,
    best_of,
    is_clear,
)
from cmxero_desktop.domain.mapping.forms import MoneyForm, money_form
from cmxero_desktop.domain.mapping.seen import KnownSide, SeenTable

_KNOWN, _PAID = 40, 24
_NUMBER_ENOUGH = 12


def number_finding(table: SeenTable, known: KnownSide, answers: Answers) -> MappingFinding:
    """Find the column of the numbers."""
    options = []
    for option in options_of(NUMBER, table):
        share = numbers_known(table, option.key, known)
        there = f"{share} invoice numbers of Xero stand there."
        options.append(more(option, _KNOWN, there) if share.is_sign else option)
    best = best_of(options)
    return answered(found(NUMBER, best, is_sure=is_clear(best, _NUMBER_ENOUGH, _NUMBER_ENOUGH)), answers)


def total_finding(
    table: SeenTable, number: str, paid: dict[str, Share], known: KnownSide, answers: Answers
) -> MappingFinding:
    """Find the column of the totals; `paid` says of each how many invoices were paid exactly by it.

    It is taken where Xero says the same, or where what was paid in full says so, and of no other column as well.
    """
    options: list[Option] = []
    xero: dict[str, Share] = {}
    for option in options_of(TOTAL, table):
        xero[option.key] = totals_known(table, number, option.key, known) if number else Share()
        said = option
        if xero[option.key].is_sign:
            said = more(said, _KNOWN, f"{xero[option.key]} totals are the same in Xero.")
        if paid.get(option.key, Share()).is_sign:
            reason = f"{paid[option.key]} invoices with payments are paid exactly by it."
            said = more(said, _PAID, reason)
        options.append(said)
    best = best_of(options)
    is_sure = bool(best) and (_stands_out(best, xero, is_proof=True) or _stands_out(best, paid, is_proof=False))
    return answered(found(TOTAL, best, is_sure=is_sure), answers)


def shown_findings(table: SeenTable, taken: frozenset[str], answers: Answers) -> tuple[MappingFinding, ...]:
    """Find what of an invoice is only shown; what is not clear is left out."""
    findings: list[MappingFinding] = []
    for field in INVOICE_FIELDS:
        gone = taken | {finding.taken for finding in findings}
        options = tuple(option for option in options_of(field, table) if option.key not in gone)
        findings.append(left_out(answered(found(field, options), answers)))
    return tuple(findings)


def left_out(finding: MappingFinding) -> MappingFinding:
    """Return a finding of what is only shown as likely where nothing was found."""
    return finding if finding.likely else _unfound(finding)


def form_obstacle(table: SeenTable, column: str, what: str) -> str:
    """Say why amounts cannot be read as they stand, or nothing."""
    form = money_form(table, table.by_name[column]) if column in table.by_name else None
    if form in {None, MoneyForm.DECIMAL}:
        return ""
    shape = f"CAST({column} AS DECIMAL(12, 2))" if form is not MoneyForm.WHOLE else f"{column} / 100.0"
    return (
        f"{what} stands in {column} of {table.place} as {form}. Let a view show it as a decimal number, such as "
        f"{shape} where that is what it means."
    )


def prefix_obstacle(table: SeenTable, column: str, known: KnownSide) -> str:
    """Say that numbers bear Xero's prefix, which the mapping cannot take away, or nothing."""
    facts = table.facts[column] if column in table.by_name else None
    if facts is None or not facts.filled or not known.prefix:
        return ""
    bearing = sum(n for v, n in facts.counts.items() if isinstance(v, str) and v.startswith(known.prefix))
    if bearing * 2 < facts.filled:
        return ""
    return (
        f"The numbers in {column} of {table.place} begin with {known.prefix}, as Xero's do; the program compares what "
        "stands behind it. Let a view show them without."
    )


def _stands_out(options: Sequence[Option], shares: dict[str, Share], *, is_proof: bool) -> bool:
    """Say whether the first option's share is one to go by, and no other column's comes near it."""
    best = shares.get(options[0].key, Share())
    if not (best.is_proof if is_proof else best.is_sign):
        return False
    return all(shares.get(other.key, Share()).hits * 2 < best.hits for other in options[1:])


def _unfound(finding: MappingFinding) -> MappingFinding:
    return MappingFinding(
        key=finding.key,
        title=finding.title,
        options=finding.options,
        sureness=Sureness.LIKELY,
        is_money=False,
    )
