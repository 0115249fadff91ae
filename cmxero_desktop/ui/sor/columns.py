"""The columns of the SOR watch: schedule, what happened outside it, and by when that has to be gone."""

from collections.abc import Callable
from datetime import date

from cmxero_desktop.domain.money import Money, named_money
from cmxero_desktop.domain.sor.board import SorRow
from cmxero_desktop.ui.sor.words import (
    SCHEDULE_WORDS,
    SOURCE_WORDS,
    day_words,
    debit_words,
    status_badges,
    status_words,
)
from cmxero_desktop.ui.theme.formatting import day_or_blank
from cmxero_desktop.ui.widgets.column import Column, SortKey, number_in


def sor_columns(today: Callable[[], date | None]) -> tuple[Column[SorRow], ...]:
    """Return the columns; `today` is the firm's day at the last check."""
    return (
        Column(
            key="invoice",
            title="Invoice no.",
            text=lambda row: row.invoice_number,
            sort_key=lambda row: number_in(row.invoice_number),
            width=13,
        ),
        Column(key="bill_to", title="Bill To", text=lambda row: row.bill_to, width=20, is_stretched=True),
        _amount("total", "Schedule total", _total, 22),
        _amount("written", "Instalments so far", _written, 22),
        _amount(
            "outside",
            "Outside",
            lambda row: _named(row.outside, row) if row.outside.minor else "",
            13,
            "paid or credited on the invoice in another way than by an instalment of its schedule.",
        ),
        Column(
            key="others",
            title="Other changes",
            meaning="how many other things happened to it, such as a new number or an adjustment.",
            text=lambda row: str(row.other_changes) if row.other_changes else "",
            width=17,
            is_right=True,
            gives_way=1,
        ),
        Column(
            key="first_seen",
            title="First seen",
            text=lambda row: day_or_blank(row.leading.first_seen_on) if _stands(row) and row.leading else "",
            sort_key=lambda row: _date_key(row.leading.first_seen_on if row.leading else None),
            width=13,
            gives_way=1,
        ),
        Column(
            key="day",
            title="Day n of 7",
            text=lambda row: day_words(row.leading, today()),
            width=13,
            meaning="counted from First seen, which is day 1; Apxium takes the money back on the debit date.",
        ),
        Column(
            key="debit",
            title="Debit date",
            text=lambda row: debit_words(row.leading),
            sort_key=lambda row: _date_key(row.leading.debit_on if row.leading else None),
            width=22,
        ),
        _amount(
            "at_risk",
            "At risk",
            lambda row: " and ".join(_named(risk, row) for risk in row.at_risk),
            12,
            "what Apxium may take back from the firm.",
        ),
        Column(key="status", title="Status", text=status_words, badges=status_badges, width=22),
        Column(
            key="source",
            title="How we know",
            text=lambda row: SOURCE_WORDS[row.schedule.source],
            width=26,
            is_default=False,
        ),
        Column(key="schedule", title="Schedule", text=lambda row: row.schedule.schedule_id, width=14, is_default=False),
        Column(
            key="state",
            title="Schedule state",
            text=lambda row: SCHEDULE_WORDS[row.schedule.state],
            width=16,
            is_default=False,
        ),
        Column(
            key="retry",
            title="Retried on",
            text=lambda row: day_or_blank(row.schedule.tried_again_on),
            width=13,
            is_default=False,
        ),
    )


def sor_sentence(row: SorRow) -> str:
    """Return the whole row as one sentence for a screen reader."""
    said = (
        f"Invoice {row.invoice_number}, {row.bill_to}: {SCHEDULE_WORDS[row.schedule.state]}, "
        f"{_written(row) or 'nothing'} written."
    )
    alert = row.leading
    if alert is None or not alert.is_standing:
        return said
    return f"{said} {alert.explanation} {alert.risk_words} at risk. Debit date {debit_words(alert) or 'not known'}."


def _amount(key: str, title: str, text: Callable[[SorRow], str], width: int, meaning: str = "") -> Column[SorRow]:
    return Column(
        key=key,
        title=title,
        text=text,
        sort_key=lambda row: number_in(text(row)),
        width=width,
        is_right=True,
        meaning=meaning,
    )


def _named(amount: Money | None, row: SorRow) -> str:
    return named_money(amount, row.home) if amount is not None else ""


def _total(row: SorRow) -> str:
    """Write the total, what it is a part of, that it is one for several rows, or that none is known."""
    named, whole = _named(row.total, row), row.schedule.total
    if named and whole is not None and whole != row.total and not row.is_shared:
        return f"{named} of {_named(whole, row)}"
    return f"{named} over {len(row.schedule.invoices)} invoices" if named and row.is_shared else named or "not known"


def _written(row: SorRow) -> str:
    return f"{_named(row.written, row)} in {row.written_count}" if row.written_count else ""


def _stands(row: SorRow) -> bool:
    return row.leading is not None and row.leading.is_standing


def _date_key(value: date | None) -> SortKey:
    return (value.toordinal() if value else date.max.toordinal(), "")
