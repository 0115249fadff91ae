"""Puts a mapping together from what was found: its sections in order, and why each line is so."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cmxero_desktop.domain.mapping.column_facts import Value
from cmxero_desktop.domain.mapping.figures import FigureSource, FoundFigure
from cmxero_desktop.domain.mapping.filling import ADDED_TYPE, GENERATED, KEY_SOURCE
from cmxero_desktop.domain.mapping.findings import DraftSection, MappingFinding
from cmxero_desktop.domain.mapping.ground import Ground
from cmxero_desktop.domain.mapping.marks import NEVER, Mark, Telling, parsed_mark
from cmxero_desktop.domain.mapping.seen import SeenTable, TablePlace
from cmxero_desktop.domain.mapping.tells import JOURNALLED, MULTI_INVOICE, SIGN

_INVOICES = ("number", "total", "bill_to", "case_name", "invoice_date", "due_date")
_PAYMENTS = ("key", "paid_on", "amount", "payment_type", "reference", "notes", "journal_number", "payer")
_NEEDED = frozenset({"number", "total", "key", "paid_on", "amount", "payment_type", "reference", "notes"})
Values = dict[str, Value | tuple[Value, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """Everything that a mapping is made of; `settings` are the table, its two columns, and the row of the days."""

    ground: Ground
    findings: Mapping[str, MappingFinding]
    figures: Sequence[FoundFigure]
    constants: Mapping[str, Value]
    settings: tuple[SeenTable, str, str, str] | None

    def taken(self, key: str) -> str:
        """Return what counts of a finding, "" where there is none."""
        finding = self.findings.get(key)
        return finding.taken if finding is not None else ""

    def why(self, key: str) -> str:
        """Return what speaks for what counts."""
        finding = self.findings.get(key)
        option = finding.option(finding.taken) if finding is not None else None
        return " ".join(option.reasons) if option is not None else ""


def draft_of(whole: Whole) -> tuple[DraftSection, ...]:
    """Return the sections of the mapping; nothing where something needed is neither found nor answered."""
    needed = (f"{side}.{key}" for side, keys in (("invoices", _INVOICES), ("payments", _PAYMENTS)) for key in keys)
    if any(not whole.taken(key) for key in needed if key.partition(".")[2] in _NEEDED):
        return ()
    if not all(whole.taken(key) for key in (SIGN, KEY_SOURCE, ADDED_TYPE, JOURNALLED, MULTI_INVOICE)):
        return ()
    return (*_invoices(whole), *_payments(whole), *_settings(whole))


def _invoices(whole: Whole) -> tuple[DraftSection, ...]:
    it = whole.ground
    values: Values = _table(it.invoices.table.place) | {"key": it.pair.reference.to}
    values |= _columns(whole, "invoices", _INVOICES)
    sources: list[DraftSection] = []
    for figure in whole.figures:
        if figure.column or figure.is_none:
            values[figure.name] = figure.column or 0
        elif figure.source is not None:
            sources.append(_source(figure.name, figure.source))
    section = DraftSection(path=("invoices",), values=values, why=_reasons(whole, "invoices", _INVOICES))
    return (section, *sources, *_only("invoices", it.invoices.marks))


def _source(name: str, source: FigureSource) -> DraftSection:
    values = _table(source.table.place) | {"invoice": source.invoice, "amount": source.amount}
    values["sign"] = "negative" if source.is_negative else "positive"
    return DraftSection(path=("invoices", name), values=values, where=source.where)


def _payments(whole: Whole) -> tuple[DraftSection, ...]:
    it = whole.ground
    columns = _columns(whole, "payments", _PAYMENTS)
    values: Values = _table(it.payments.table.place) | {"invoice": it.pair.reference.column} | columns
    values["key_source"] = whole.taken(KEY_SOURCE) or GENERATED
    values["amount_sign"] = whole.taken(SIGN)
    values["added_payment_type"] = whole.taken(ADDED_TYPE)
    why = _reasons(whole, "payments", _PAYMENTS) | {"amount_sign": whole.why(SIGN), "key_source": whole.why(KEY_SOURCE)}
    tells = (("journalled", whole.taken(JOURNALLED)), ("multi_invoice", whole.taken(MULTI_INVOICE)))
    constants = DraftSection(path=("payments", "constants"), values=dict(whole.constants))
    return (
        DraftSection(path=("payments",), values=values, why=why),
        *(_told(("payments", key), parsed_mark(it.payments.table, text) or NEVER) for key, text in tells),
        *_only("payments", it.payments.marks),
        *([constants] if whole.constants else []),
    )


def _settings(whole: Whole) -> tuple[DraftSection, ...]:
    if whole.settings is None:
        return ()
    table, name, value, row = whole.settings
    values = _table(table.place) | {"name": name, "value": value, "forward_dating_days": row}
    return (DraftSection(path=("settings",), values=values),)


def _table(place: TablePlace) -> Values:
    values: Values = {"table": place.name}
    return values | {"schema": place.schema} if place.schema else values


def _columns(whole: Whole, side: str, keys: Sequence[str]) -> Values:
    return {key: taken for key in keys if (taken := whole.taken(f"{side}.{key}"))}


def _reasons(whole: Whole, side: str, keys: Sequence[str]) -> dict[str, str]:
    return {key: why for key in keys if (why := whole.why(f"{side}.{key}"))}


def _only(side: str, marks: Sequence[Mark]) -> tuple[DraftSection, ...]:
    return tuple(_told((side, "only"), mark) for mark in marks)


def _told(path: tuple[str, ...], mark: Mark) -> DraftSection:
    values: Values = {"when": str(mark.telling)}
    if mark.telling is not Telling.NEVER:
        values["column"] = mark.column
    if mark.values:
        key = "none" if mark.telling is Telling.SHARED else "value"
        values[key] = mark.values[0] if len(mark.values) == 1 else mark.values
    return DraftSection(path=path, values=values)
