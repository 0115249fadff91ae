"""The columns of invoices that are told of below Unmatched: void in Xero, or with a number that looks like ours."""

from cmxero_desktop.services.records.alerts import Alert
from cmxero_desktop.ui.theme.formatting import day, money
from cmxero_desktop.ui.widgets.column import Column, number_in


def warned_columns(amount: str) -> tuple[Column[Alert], ...]:
    """Return the columns; `amount` says what the amount is: what Case Manager still owes, or what was invoiced."""
    return (
        Column(
            key="invoice",
            title="Invoice",
            text=lambda alert: alert.invoice_number,
            sort_key=lambda alert: number_in(alert.invoice_number),
            width=13,
        ),
        Column(
            key="since",
            title="Since",
            meaning="the day of the check that found it.",
            text=lambda alert: day(alert.raised_at.astimezone().date()),
            sort_key=lambda alert: (alert.raised_at.astimezone().date().toordinal(), ""),
            width=14,
        ),
        Column(
            key="amount",
            title=amount,
            text=lambda alert: money(alert.amount) if alert.amount is not None else "",
            sort_key=lambda alert: (alert.amount.minor if alert.amount is not None else 0, ""),
            width=13,
            is_right=True,
        ),
        Column(key="why", title="What it is", text=_why, tooltip=_why, width=44, is_stretched=True),
        Column(key="next", title="Next step", text=_next_step, tooltip=_next_step, width=44, is_searched=False),
    )


def warned_sentence(alert: Alert) -> str:
    """Return the whole row as one sentence for a screen reader."""
    return f"{alert.explanation} {alert.next_step}"


def _why(alert: Alert) -> str:
    return alert.explanation


def _next_step(alert: Alert) -> str:
    return alert.next_step
