"""The columns of Review."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime

from cmxero_desktop.domain.proposals import Flag
from cmxero_desktop.domain.records import CaseInvoice, XeroPayment
from cmxero_desktop.services.viewing.desk_view import ReviewRow
from cmxero_desktop.ui.desk.noted import NOTED, noted_in_cell, noted_lines
from cmxero_desktop.ui.desk.two_persons import half_badge
from cmxero_desktop.ui.review.sides import below, other_side, own_side, what_follows
from cmxero_desktop.ui.theme.badge import Badge
from cmxero_desktop.ui.theme.colours import Tone
from cmxero_desktop.ui.theme.formatting import age, day, moment, money, short_day
from cmxero_desktop.ui.theme.icons import Shape
from cmxero_desktop.ui.theme.words import (
    FLAG_MEANING,
    KIND_WORD,
    STATE_WORD,
    chip_words,
    flag_badges,
    flag_words,
    kind_badge,
    state_badge,
    why,
)
from cmxero_desktop.ui.widgets.column import Below, Column, number_in, tick_column

# A word of these stands in nearly every row: whoever searches means something else by it.
_SAYS_TOO_LITTLE = frozenset({"bank", "currency"})


def review_columns(
    now: Callable[[], datetime], is_new: Callable[[ReviewRow], bool] = lambda _: False
) -> tuple[Column[ReviewRow], ...]:
    """Return the columns, in their default order; ages are counted from `now`, what `is_new` has a dot."""

    def number(row: ReviewRow) -> tuple[Badge, ...]:
        return (Badge(_number(row), Tone.CALM, Shape.DOT, is_filled=False),) if is_new(row) else ()

    return (
        tick_column(ReviewRow),
        Column(
            key="change",
            title="Change",
            text=lambda row: KIND_WORD[row.stored.proposal.kind],
            badges=lambda row: (kind_badge(row.stored.proposal.kind),),
            badges_below=_flags,
            runs_on=True,
            tooltip=_flag_meaning,
            width=11,
        ),
        Column(
            key="invoice",
            title="Invoice",
            text=_number,
            badges=number,
            tooltip=lambda row: "New since you last looked" if is_new(row) else "",
            sort_key=lambda row: number_in(_number(row)),
            width=13,
        ),
        Column(key="bill_to", title="Bill To", text=lambda row: row.bill_to, width=15, gives_way=1),
        Column(
            key="side",
            title="In",
            meaning="the side that the line shows: Xero, or Case Manager (CM).",
            text=own_side,
            below=lambda row: Below(other_side(row.stored.proposal).where),
            tooltip=_sides_meaning,
            width=5,
            is_searched=False,
        ),
        Column(
            key="paid_on",
            title="Date paid",
            text=_date,
            below=below(lambda other: other.paid_on, _date),
            sort_key=lambda row: (row.stored.proposal.paid_on.toordinal(), ""),
            day_of=lambda row: row.stored.proposal.paid_on,
            width=14,
        ),
        Column(
            key="amount",
            title="Amount",
            text=_amount,
            below=below(lambda other: other.amount, _amount),
            sort_key=lambda row: (row.stored.proposal.amount.minor, ""),
            width=11,
            is_right=True,
        ),
        Column(
            key="until",
            title="Until",
            text=_until,
            sort_key=lambda row: ((row.stored.held_until or date.max).toordinal(), _until(row)),
            width=14,
            is_default=False,
            is_searched=False,
        ),
        Column(
            key="reference",
            title="Reference",
            text=_reference,
            below=below(lambda other: other.reference, _reference),
            width=14,
            gives_way=3,
        ),
        Column(
            key="why",
            title="Why",
            text=why,
            below=lambda row: Below(what_follows(row)),
            runs_on=True,
            tooltip=lambda row: f"{row.stored.proposal.explanation}\n{what_follows(row)}",
            width=28,
            is_stretched=True,
            least=46,
        ),
        Column(
            key="note",
            title="Note",
            text=lambda row: noted_in_cell(row.notes),
            tooltip=lambda row: noted_lines(row.notes),
            width=20,
            gives_way=9,
        ),
        Column(
            key="age",
            title="Age",
            meaning="how long it has waited since a check first found it.",
            text=lambda row: age(row.stored.first_seen_at, now()),
            sort_key=lambda row: (-int(row.stored.first_seen_at.timestamp()), ""),
            tooltip=lambda row: f"First seen {moment(row.stored.first_seen_at)}",
            width=6,
            is_right=True,
            is_searched=False,
            gives_way=4,
        ),
        # They stand in the second line of every row that has any; this column is for sorting and copying them.
        Column(
            key="flags",
            title="Flags",
            meaning="why it needs a look; the pane beside it says each in full.",
            text=_flag_text,
            badges=_flags,
            tooltip=_flag_meaning,
            width=20,
            is_default=False,
        ),
        *_more_columns(),
    )


def _more_columns() -> tuple[Column[ReviewRow], ...]:
    return (
        _extra("state", "State", lambda row: STATE_WORD[row.stored.state], 16),
        Column(
            key="proposed_on",
            title="Proposed on",
            text=lambda row: moment(row.stored.first_seen_at),
            sort_key=lambda row: (int(row.stored.first_seen_at.timestamp()), ""),
            width=20,
            is_default=False,
            is_searched=False,
        ),
        _extra("case", "Case", lambda row: _invoice_text(row, lambda invoice: invoice.case_name), 18),
        _extra("total", "Invoice total", lambda row: _invoice_text(row, lambda i: str(i.total)), 13, is_right=True),
        _extra("before", "Balance before", lambda row: money(row.stored.proposal.balance_before), 14, is_right=True),
        _extra("after", "Balance after", lambda row: money(row.stored.proposal.balance_after), 14, is_right=True),
        _extra("paid_to", "Paid to", lambda row: _xero_text(row, lambda xero: xero.account_name), 20),
        _extra("contact", "Xero contact", lambda row: _xero_text(row, lambda xero: xero.contact_name), 20),
        _extra("decided", "Decided by", _deciders, 14),
        _extra("changed", "Xero last changed", lambda row: _xero_text(row, lambda xero: moment(xero.updated_at)), 19),
        _extra("bank", "Reconciled to bank in Xero", lambda row: _xero_text(row, _bank), 12),
        _extra("currency", "Currency", lambda row: row.stored.proposal.amount.currency, 9),
        _extra("rule", "Rule", lambda row: row.stored.proposal.rule, 7),
        _extra("id", "Proposal", lambda row: row.row_id, 16),
    )


def _extra(
    key: str, title: str, text: Callable[[ReviewRow], str], width: int, *, is_right: bool = False
) -> Column[ReviewRow]:
    return Column(
        key=key,
        title=title,
        text=text,
        width=width,
        is_right=is_right,
        is_default=False,
        is_searched=key not in _SAYS_TOO_LITTLE,
    )


def _deciders(row: ReviewRow) -> str:
    """Name who said yes, else who decided otherwise."""
    decision = row.stored.decision
    return ", ".join(row.stored.yes_by) or (decision.by if decision is not None else "")


def _until(row: ReviewRow) -> str:
    """Say until when a row is on hold."""
    if not row.stored.is_on_hold:
        return ""
    return day(row.stored.held_until) if row.stored.held_until is not None else "no day"


def _number(row: ReviewRow) -> str:
    return row.stored.proposal.invoice_number


def _date(row: ReviewRow) -> str:
    return day(row.stored.proposal.paid_on)


def _amount(row: ReviewRow) -> str:
    return str(row.stored.proposal.amount)


def _sides_meaning(_row: ReviewRow) -> str:
    return "The side on which this payment stands: Xero, or Case Manager (CM)"


def _reference(row: ReviewRow) -> str:
    proposal = row.stored.proposal
    values = proposal.after or proposal.before
    return values.reference if values else ""


def _flags(row: ReviewRow) -> tuple[Badge, ...]:
    state = _state(row)
    noted = (NOTED,) if row.notes else ()
    return ((state,) if state else ()) + flag_badges(row.stored.proposal.flags) + noted


def _state(row: ReviewRow) -> Badge | None:
    """Return the row's state, of a hold with its day; what waits as usual has none."""
    state, until, ended = state_badge(row.stored.state), row.stored.held_until, row.stored.hold_ended
    if (half := half_badge(row.stored)) is not None:
        return half
    if ended is not None and ended.until is not None:
        return Badge(f"hold ended {short_day(ended.until)}", Tone.CALM)
    return replace(state, text=f"{state.text} until {short_day(until)}") if state is not None and until else state


def _flag_text(row: ReviewRow) -> str:
    """Return state and flags with their whole names, as the filter and the manual have them."""
    state = _state(row)
    return ", ".join(part for part in (state.text if state else "", flag_words(row.stored.proposal.flags)) if part)


def _flag_meaning(row: ReviewRow) -> str:
    named = (flag for flag in Flag if flag in row.stored.proposal.flags)
    meanings = (f"{chip_words([flag])}: {FLAG_MEANING[flag]}" for flag in named)
    return "\n".join(filter(None, (*meanings, noted_lines(row.notes))))


def _invoice_text(row: ReviewRow, text: Callable[[CaseInvoice], str]) -> str:
    invoice = row.result.snapshot.case_invoice if row.result else None
    return text(invoice) if invoice else ""


def _xero_text(row: ReviewRow, text: Callable[[XeroPayment], str]) -> str:
    xero = row.stored.proposal.xero or row.stored.proposal.replaced
    return text(xero) if xero else ""


def _bank(xero: XeroPayment) -> str:
    return "yes" if xero.is_bank_reconciled else "no"
