"""Finds the columns of the payments: the amount and its day by what agrees, the others by their names."""

from collections.abc import Mapping, Sequence

from cmxero_desktop.domain.mapping.agreement import Share, numbers_by_key, payments_known
from cmxero_desktop.domain.mapping.column_facts import Value
from cmxero_desktop.domain.mapping.column_kinds import ColumnKind
from cmxero_desktop.domain.mapping.fields import AMOUNT, PAID_ON, PAYMENT_FIELDS, column_option, found, more, options_of
from cmxero_desktop.domain.mapping.findings import (
    Answers,
    MappingFinding,
    Option,
    Sureness,
    answered,
    best_of,
    is_clear,
)
from cmxero_desktop.domain.mapping.forms import DayForm, day_form
from cmxero_desktop.domain.mapping.glossary import Word
from cmxero_desktop.domain.mapping.links import INVOICE
from cmxero_desktop.domain.mapping.methods import is_method
from cmxero_desktop.domain.mapping.pairs import Pair
from cmxero_desktop.domain.mapping.seen import KnownSide, SeenTable

_KNOWN, _PAID, _LOOKED_UP, _KEYED = 40, 24, 18, 30
_SURE_LINK = 22
_MOST_OPTIONS = 8
_KEY_KINDS = frozenset({ColumnKind.NUMBER, ColumnKind.TEXT, ColumnKind.UUID, ColumnKind.ANY, ColumnKind.DECIMAL})


def key_finding(table: SeenTable, answers: Answers) -> MappingFinding:
    """Find the key of the payments."""
    options = []
    for column in table.columns:
        if column.is_read and column.kind in _KEY_KINDS and table.is_unique(column.name):
            is_key = table.key == (column.name,)
            points = (_KEYED if is_key else 0) + (8 if Word.KEY in column.meaning else 0)
            points += 4 if Word.NUMBER in column.meaning else 0
            reason = "It is the table's primary key." if is_key else "Each value stands there once."
            options.append(column_option(table, column, points, (reason,)))
    best = best_of(options)
    finding = MappingFinding(
        key="payments.key",
        title="The payment's key",
        options=best[:_MOST_OPTIONS],
        likely=best[0].key if best else "",
        sureness=Sureness.SURE if is_clear(best, 8) else Sureness.ASKED,
        why="A payment is found again by it.",
    )
    return answered(finding, answers)


def reference_finding(pair: Pair, pairs: Sequence[Pair], answers: Answers) -> MappingFinding:
    """Say by which column a payment names its invoice."""
    same = [p for p in pairs if (p.payments.place, p.invoices.place) == (pair.payments.place, pair.invoices.place)]
    options = []
    for one in same:
        reference = one.reference
        points = reference.points + (_PAID if one.paid.is_sign else 0)
        words = f"{reference.column}, by {reference.to} of {pair.invoices.place}"
        samples = pair.payments.facts[reference.column].samples
        option = Option(key=reference.key, words=words, reasons=(reference.reason,), samples=samples, points=points)
        options.append(option)
    best = best_of(options)
    is_sure = pair.reference.points >= _SURE_LINK or pair.paid.is_sign or pair.known.is_proof
    finding = MappingFinding(
        key=INVOICE,
        title="By what a payment names its invoice",
        options=best[:_MOST_OPTIONS],
        likely=pair.reference.key,
        sureness=Sureness.SURE if is_sure and is_clear(best) else Sureness.ASKED,
        why="A payment counts on the invoice that this column names.",
    )
    return answered(finding, answers)


Numbered = tuple[Mapping[Value, str], KnownSide]
"""The numbers of invoices by their keys, and what is known of them in Xero."""


def amount_finding(
    pair: Pair, table: SeenTable, numbered: Numbered, paid: Mapping[str, Share], answers: Answers
) -> MappingFinding:
    """Find the column of the amounts; it is asked where what agrees says another one than the names."""
    options: list[Option] = []
    xero: dict[str, Share] = {}
    for option in options_of(AMOUNT, table):
        columns = (pair.reference.column, option.key, None)
        xero[option.key] = payments_known(table, numbered[0], columns, numbered[1])
        said = option
        if xero[option.key].is_sign:
            said = more(said, _KNOWN, f"{xero[option.key]} payments of Xero stand there with this amount.")
        if paid.get(option.key, Share()).is_sign:
            said = more(said, _PAID, f"{paid[option.key]} invoices with payments are paid exactly by it.")
        options.append(said)
    best = best_of(options)
    is_sure = is_clear(best)
    if best:
        agree = max((shares[best[0].key].hits for shares in (xero, paid) if best[0].key in shares), default=0)
        is_sure = is_sure and not any(
            shares.get(other.key, Share()).hits > agree for other in best[1:] for shares in (xero, paid)
        )
    return answered(found(AMOUNT, best, is_sure=is_sure), answers)


def day_finding(pair: Pair, table: SeenTable, amount: str, numbered: Numbered, answers: Answers) -> MappingFinding:
    """Find the column of the day."""
    options = []
    for option in options_of(PAID_ON, table):
        columns = (pair.reference.column, amount, option.key)
        share = payments_known(table, numbered[0], columns, numbered[1]) if amount else Share()
        reason = f"{share} payments of Xero stand there with this day."
        options.append(more(option, _KNOWN, reason) if share.is_sign else option)
    return answered(found(PAID_ON, best_of(options)), answers)


def day_obstacle(table: SeenTable, column: str, *, may_be_text: bool) -> str:
    """Say why days cannot be read as they stand, or nothing."""
    form = day_form(table, table.by_name[column]) if column in table.by_name else None
    if form in {None, DayForm.DATE} or (form is DayForm.ISO and may_be_text):
        return ""
    return f"The day of a payment stands in {column} of {table.place} as {form}. Let a view show it as a date."


def other_findings(
    table: SeenTable, taken: frozenset[str], names: Mapping[str, Mapping[Value, str]], answers: Answers
) -> tuple[MappingFinding, ...]:
    """Find type, reference, notes, journal's number and payer; no column stands for two of them."""
    findings: list[MappingFinding] = []
    for field in PAYMENT_FIELDS:
        gone = taken | {finding.taken for finding in findings if finding.key != "payments.journal_number"}
        options = best_of(
            tuple(
                _looked_up(option, names.get(option.key, {})) if field.key == "payments.payment_type" else option
                for option in options_of(field, table)
                if option.key not in gone
            )
        )
        findings.append(answered(found(field, options), answers))
    return tuple(findings)


def numbers_of(table: SeenTable, key: str, number: str) -> Mapping[Value, str]:
    """Return the numbers of the invoices that count by their keys; nothing where no column of numbers is known."""
    return numbers_by_key(table, key, number) if number in table.by_name else {}


def _looked_up(option: Option, names: Mapping[Value, str]) -> Option:
    known = [name for name in names.values() if is_method(name)]
    if not known or len(known) * 2 < len(names):
        return option
    return more(option, _LOOKED_UP, f"Its values stand for ways to pay, such as {known[0]}.")
