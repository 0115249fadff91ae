"""Suggest a mapping: choose the tables, ask which rows count, find the columns, and put together what is known."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from cmxero_desktop.domain.mapping.agreement import Share
from cmxero_desktop.domain.mapping.drafting import Whole, draft_of
from cmxero_desktop.domain.mapping.figure_side import figures_of
from cmxero_desktop.domain.mapping.filling import added_type_finding, constants_of, key_source_finding
from cmxero_desktop.domain.mapping.findings import Answers, MappingFinding, MappingSuggestion, Sureness
from cmxero_desktop.domain.mapping.ground import CountedRows, Ground, ground_of
from cmxero_desktop.domain.mapping.invoice_side import (
    form_obstacle,
    number_finding,
    prefix_obstacle,
    shown_findings,
    total_finding,
)
from cmxero_desktop.domain.mapping.marks import Mark, Telling, parsed_mark
from cmxero_desktop.domain.mapping.pairs import money_columns, pairs_of
from cmxero_desktop.domain.mapping.payment_side import (
    amount_finding,
    day_finding,
    day_obstacle,
    key_finding,
    numbers_of,
    other_findings,
    reference_finding,
)
from cmxero_desktop.domain.mapping.seen import KnownSide, SeenSchema, SeenTable
from cmxero_desktop.domain.mapping.settings_rows import settings_finding
from cmxero_desktop.domain.mapping.spread import spread_payments
from cmxero_desktop.domain.mapping.tables import choose_tables
from cmxero_desktop.domain.mapping.tells import (
    JOURNALLED,
    MULTI_INVOICE,
    UTC,
    journalled_finding,
    multi_invoice_finding,
    sign_finding,
    times_finding,
)

_NOTHING = (
    "No table of payments was found: one with an amount and a day in each row, and with a column that names an invoice "
    "of a table of invoices."
)
_ONE_MARK = (
    "More than one column tells which rows of {table} count ({columns}), and a mapping compares only one. Let a view "
    "show the rows that count."
)
_UTC = "The days of payments are kept in UTC or another zone. Let a view show them as the local date."
_MISSING = "{table} has no column for this: {title}. Let a view show one, or choose another table."


def suggest_mapping(schema: SeenSchema, known: KnownSide, answers: Answers) -> MappingSuggestion:
    """Suggest a mapping for a schema, by what Xero is known to have, and by what a person answered so far."""
    pairs = pairs_of(schema.tables, known)
    chosen = choose_tables(pairs, schema.tables, answers)
    spread = spread_payments(schema.tables, chosen.pair)
    bare = MappingSuggestion(
        label=schema.label,
        kind=schema.kind,
        tables=schema.count,
        looked_into=len(schema.tables),
        notes=(*dict.fromkeys(chosen.notes), *schema.troubles),
    )
    if chosen.pair is None or spread:
        return replace(bare, obstacles=(spread or _NOTHING,), unknown_answers=tuple(sorted(answers)))
    it = ground_of(schema, known, chosen.pair, pairs, answers)
    invoices = _invoices(it)
    payments = _payments(it, invoices.taken("invoices.number"), invoices.taken("invoices.total"))
    number, total, amount = (
        invoices.taken("invoices.number"),
        invoices.taken("invoices.total"),
        payments.taken("payments.amount"),
    )
    figures = figures_of(it, total, amount, number, invoices.columns)
    tells = _tells(it, payments)
    settings, meant = settings_finding(schema.tables, answers)
    constants = constants_of(
        it.payments.table,
        frozenset(payments.taken(f"payments.{key}") for key in _WRITTEN) | {it.pair.reference.column},
        it.payments.marks,
        _locks(it.payments.table, tells.findings),
        it.names_of(it.payments.table),
        answers,
    )
    asked_of_figures = (finding for figure in figures for finding in figure.findings)
    findings = (
        *chosen.findings,
        *invoices.findings,
        *asked_of_figures,
        *payments.findings,
        *tells.findings,
        *constants.findings,
        settings,
    )
    obstacles = (*invoices.obstacles, *payments.obstacles)
    whole = Whole(
        ground=it,
        findings={finding.key: finding for finding in findings},
        figures=figures,
        constants=constants.values,
        settings=meant.get(settings.taken),
    )
    decided = {finding.key for finding in findings if finding.sureness is Sureness.ANSWERED}
    return replace(
        bare,
        findings=tuple(finding for finding in findings if finding.options or finding.takes_text),
        obstacles=obstacles,
        draft=() if obstacles else draft_of(whole),
        unknown_answers=tuple(sorted(answers.keys() - decided)),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """What one stage found, and what stands in the way."""

    findings: tuple[MappingFinding, ...]
    obstacles: tuple[str, ...] = ()

    @property
    def columns(self) -> frozenset[str]:
        """Every column that is taken."""
        return frozenset(finding.taken for finding in self.findings if finding.taken)

    def taken(self, key: str) -> str:
        """Return what counts of a finding, "" where there is none."""
        return next((finding.taken for finding in self.findings if finding.key == key), "")


def _invoices(it: Ground) -> _Found:
    """Find the columns of the invoices."""
    table, key = it.invoices.counted, it.pair.reference.to
    number = number_finding(table, it.known, it.answers)
    amounts = [column.name for column in money_columns(it.payments.counted)]
    paid = {
        total.name: _best(it.paid_by(key, total.name, amount) for amount in amounts) for total in money_columns(table)
    }
    total = total_finding(table, number.taken, paid, it.known, it.answers)
    shown = shown_findings(table, frozenset({number.taken, total.taken}), it.answers)
    return _Found(
        findings=(number, total, *it.invoices.findings, *shown),
        obstacles=(
            *_missing(table, (number, total)),
            *_said(prefix_obstacle(table, number.taken, it.known)),
            *_said(form_obstacle(table, total.taken, "The total")),
            *_several_marks(it.invoices),
        ),
    )


def _payments(it: Ground, number: str, total: str) -> _Found:
    """Find the columns of the payments."""
    table, answers = it.payments.counted, it.answers
    key = key_finding(it.payments.table, answers)
    reference = reference_finding(it.pair, it.pairs, answers)
    numbers = numbers_of(it.invoices.counted, it.pair.reference.to, number)
    totals = [total] if total else [column.name for column in money_columns(it.invoices.counted)]
    paid = {
        amount.name: _best(it.paid_by(it.pair.reference.to, one, amount.name) for one in totals)
        for amount in money_columns(table)
    }
    amount = amount_finding(it.pair, table, (numbers, it.known), paid, answers)
    day = day_finding(it.pair, table, amount.taken, (numbers, it.known), answers)
    times = times_finding(table, day.taken, answers) if day.taken else None
    taken = frozenset({key.taken, it.pair.reference.column, amount.taken, day.taken})
    others = other_findings(table, taken, it.names_of(table), answers)
    method = others[0].taken
    findings = [key, reference, day, *([times] if times else []), amount, *others]
    if key.taken:
        findings.insert(1, key_source_finding(it.payments.table, key.taken, answers))
    if amount.taken:
        findings.append(sign_finding(table, amount.taken, answers))
    if method:
        findings.append(added_type_finding(table, method, it.names_of(table).get(method, {}), answers))
    needed = (key, reference, day, amount, *(f for f in others if f.key in _NEEDED))
    return _Found(
        findings=(*findings, *it.payments.findings),
        obstacles=(
            *_missing(it.payments.table, needed),
            *_said(form_obstacle(table, amount.taken, "The amount of a payment")),
            *_said(day_obstacle(table, day.taken, may_be_text=it.may_be_text)),
            *_said(_UTC if times and times.taken == UTC else ""),
            *_several_marks(it.payments),
        ),
    )


_NEEDED = frozenset({"payments.payment_type", "payments.reference", "payments.notes"})
_WRITTEN = ("key", "paid_on", "amount", "payment_type", "reference", "notes")


def _tells(it: Ground, payments: _Found) -> _Found:
    """Ask how journalled and multi-invoice payments are told."""
    table = it.payments.counted
    kept = ("payments.key", "payments.amount", "payments.paid_on")
    taken = frozenset(payments.taken(key) for key in kept) | {it.pair.reference.column}
    names = it.names_of(table)
    texts = frozenset(payments.taken(key) for key in _NEEDED)
    columns = (it.pair.reference.column, payments.taken("payments.paid_on"))
    findings = [journalled_finding(table, taken | texts, names, it.answers)]
    if columns[1]:
        findings.append(multi_invoice_finding(table, taken | texts, columns, it.answers))
    return _Found(findings=tuple(findings))


def _locks(table: SeenTable, findings: Iterable[MappingFinding]) -> tuple[Mark, ...]:
    marks = (parsed_mark(table, f.taken) for f in findings if f.key in {JOURNALLED, MULTI_INVOICE})
    return tuple(mark for mark in marks if mark is not None and mark.telling is not Telling.NEVER)


def _best(shares: Iterable[Share]) -> Share:
    return max(shares, key=lambda share: (share.hits, share.of), default=Share())


def _missing(table: SeenTable, needed: Iterable[MappingFinding]) -> tuple[str, ...]:
    return tuple(
        _MISSING.format(table=table.place, title=finding.title[0].lower() + finding.title[1:])
        for finding in needed
        if not finding.options
    )


def _said(sentence: str) -> tuple[str, ...]:
    return (sentence,) if sentence else ()


def _several_marks(rows: CountedRows) -> tuple[str, ...]:
    columns = sorted({mark.column for mark in rows.marks})
    if len(rows.marks) < 2:  # noqa: PLR2004 - more than one
        return ()
    return (_ONE_MARK.format(table=rows.table.place, columns=" and ".join(columns)),)
