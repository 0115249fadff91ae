"""The columns of Matched, Unmatched, Skipped, of what was settled another way, and of what went back."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from enum import StrEnum

from cmxero_desktop.domain.desk_notes import follow_up_of, owner_of
from cmxero_desktop.domain.leaving import when_skipped_leaves
from cmxero_desktop.domain.money import Money
from cmxero_desktop.domain.placements import Reason
from cmxero_desktop.domain.proposals import ProposalKind
from cmxero_desktop.domain.records import CasePayment, Side
from cmxero_desktop.domain.refunds import REFUND_KINDS
from cmxero_desktop.domain.wording import SHORT
from cmxero_desktop.domain.wording_balances import MONEY_BACK_NEXT, SETTLED_NEXT, money_back
from cmxero_desktop.services.viewing.desk_view import MoneyBackRow, PaymentRow, SettlementRow
from cmxero_desktop.services.viewing.groups import group_words
from cmxero_desktop.ui.desk.noted import NOTED, follow_up_in_cell, noted_in_cell, noted_lines
from cmxero_desktop.ui.payments.skipped_steps import short_step
from cmxero_desktop.ui.theme.badge import Badge
from cmxero_desktop.ui.theme.colours import Tone
from cmxero_desktop.ui.theme.formatting import day_or_blank, money
from cmxero_desktop.ui.theme.icons import Shape
from cmxero_desktop.ui.theme.words import KIND_WORD, SKIP_CHIP, SKIP_LEAVES, stands_as
from cmxero_desktop.ui.widgets.column import Below, Column, number_in

_REASON_TONE = {
    Reason.JOURNALLED: Tone.CAUTION,
    Reason.CONTROL_TOTAL: Tone.CAUTION,
    Reason.UNREADABLE: Tone.DANGER,
    Reason.FUTURE_DATED: Tone.CALM,
}


_SENTENCE_END = re.compile(r"(?<=\.)\s+(?=[A-Z])")
# The page says of all of them that nothing is done about them.
_UNDISTURBED = "It is left undisturbed."


class Stands(StrEnum):
    """In whose ledger the money of a row stands: sums of one side mean something, of both together nothing."""

    IN_BOTH = "on both sides"
    IN_XERO = "only in Xero"
    IN_CASE_MANAGER = "only in Case Manager"
    NOWHERE = "on neither side"


def stands(row: PaymentRow) -> Stands:
    """Say in whose ledger the money of a row stands."""
    placement = row.placement
    match placement.xero_amount is not None, placement.case_amount is not None:
        case (True, True):
            return Stands.IN_BOTH
        case (True, False):
            return Stands.IN_XERO
        case (False, True):
            return Stands.IN_CASE_MANAGER
        case _:
            return Stands.NOWHERE


LESS_XERO = "Case Manager less Xero"
"""What sums of both sides mean, with the signs of the tie-out, which goes from Xero to Case Manager."""


_IN = {Stands.IN_BOTH: "both", Stands.IN_XERO: "Xero", Stands.IN_CASE_MANAGER: "CM", Stands.NOWHERE: ""}


def matched_columns() -> tuple[Column[PaymentRow], ...]:
    """Return the columns of Matched."""
    return (
        *_payment_columns(),
        Column(
            key="how",
            title="Matched how",
            meaning="by which facts the two payments are known to be one.",
            text=_how,
            badges=lambda row: (Badge(_how(row), Tone.GOOD, Shape.TICK, is_filled=False),),
            tooltip=_explanation,
            width=34,
            is_stretched=True,
            least=24,
        ),
        _note(),
        Column(key="proposal", title="Proposed", text=_proposed, width=18, gives_way=1),
        Column(
            key="case_id",
            title="Payment no.",
            text=lambda row: _case(row, lambda p: str(p.payment_id)),
            width=14,
            gives_way=1,
        ),
        Column(
            key="journal",
            title="Journal",
            meaning="the journal entry that locks it in Case Manager.",
            text=lambda row: _case(row, lambda p: p.journal_number or ("yes" if p.is_journalled else "")),
            width=10,
            gives_way=1,
        ),
        _paid_to(),
        _entered_by(),
        _rule(),
    )


def unmatched_columns() -> tuple[Column[PaymentRow], ...]:
    """Return the columns of the ledger: an amount column for each side, so that both sides of an invoice face.

    Why a payment is there stands below it, as wide as the table: in a column it would be cut on every laptop.
    """
    number, payer, paid_on, _, reference = _payment_columns()
    return (
        replace(number, below=lambda row: Below(why_in_short(row)), runs_on=True, tooltip=_explanation),
        payer,
        paid_on,
        _amount_in(Side.XERO, "In Xero"),
        _amount_in(Side.CASE_MANAGER, "In CM"),
        reference,
        Column(key="proposal", title="Proposed", text=_proposed, width=24, is_stretched=True),
        *_follow_ups(),
        # It stands in the second line of every row; this column is for sorting, grouping and copying.
        Column(key="why", title="Why", text=_explanation, tooltip=_explanation, width=46, is_default=False),
        _paid_to(),
        _entered_by(),
        _rule(),
    )


def _amount_in(side: Side, title: str) -> Column[PaymentRow]:
    def amount(row: PaymentRow) -> Money | None:
        return row.amount if row.placement.side is side else None

    return Column(
        key=f"amount_{side.value}",
        title=title,
        text=lambda row: money(amount(row)),
        sort_key=lambda row: (found.minor if (found := amount(row)) is not None else 0, ""),
        width=13,
        is_right=True,
    )


def skipped_columns() -> tuple[Column[PaymentRow], ...]:
    """Return the columns of Skipped: below each row stands what to do about it, and when it leaves."""
    number, payer, paid_on, *rest = _payment_columns()[:-1]
    return (
        Column(
            key="reason",
            title="Reason",
            text=_reason,
            badges=_reason_badges,
            below=lambda row: Below(short_step(row)),
            runs_on=True,
            tooltip=_explanation,
            width=35,
        ),
        number,
        replace(payer, gives_way=2),
        replace(paid_on, below=lambda row: Below(_leaves_below(row)), runs_on=True, tooltip=_leaves),
        *rest,
        Column(
            key="stands",
            title="In",
            meaning="the side that has it: Xero, or Case Manager (CM).",
            text=lambda row: _IN[stands(row)],
            tooltip=lambda row: stands(row).value,
            width=7,
            gives_way=1,
        ),
        Column(
            key="ready_on",
            title="Ready on",
            meaning="the day on which it comes to Review by itself.",
            text=lambda row: day_or_blank(row.placement.ready_on),
            sort_key=lambda row: ((row.placement.ready_on or date.max).toordinal(), ""),
            width=13,
            is_stretched=True,
            least=13,
        ),
        *_follow_ups(),
        Column(key="means", title="What it means", text=_explanation, tooltip=_explanation, width=60, is_default=False),
        Column(key="next", title="Next step", text=_next_step, tooltip=_next_step, width=36, is_default=False),
        Column(
            key="group",
            title="Its group",
            text=lambda row: group_words(row.parts, len(row.parts)),
            width=36,
            is_default=False,
        ),
        Column(
            key="leaves",
            title="Leaves",
            text=_leaves,
            sort_key=lambda row: ((row.placement.ready_on or date.max).toordinal(), _leaves(row)),
            tooltip=_leaves,
            width=36,
            is_default=False,
        ),
        _rule(),
    )


def settlement_columns() -> tuple[Column[SettlementRow], ...]:
    """Return the columns of what was settled another way."""
    return (
        Column(
            key="invoice",
            title="Invoice",
            text=lambda row: row.invoice_number,
            sort_key=lambda row: number_in(row.invoice_number),
            width=13,
        ),
        Column(key="contact", title="Contact", text=lambda row: row.contact_name, width=24),
        Column(
            key="date",
            title="Date",
            text=lambda row: day_or_blank(row.settlement.settled_on),
            sort_key=lambda row: (row.settlement.settled_on.toordinal() if row.settlement.settled_on else 0, ""),
            day_of=lambda row: row.settlement.settled_on,
            width=14,
        ),
        Column(
            key="amount",
            title="Amount",
            text=lambda row: str(row.settlement.amount),
            sort_key=lambda row: (row.settlement.amount.minor, ""),
            width=13,
            is_right=True,
        ),
        Column(
            key="kind",
            title="Settled by",
            text=lambda row: f"{row.settlement.kind.value} {row.settlement.number}".strip(),
            width=30,
        ),
        Column(
            key="next",
            title="Next step",
            text=lambda _: SETTLED_NEXT,
            width=44,
            is_stretched=True,
            is_searched=False,
        ),
    )


def money_back_columns() -> tuple[Column[MoneyBackRow], ...]:
    """Return the columns of money that went back."""
    return (
        Column(
            key="invoice",
            title="Invoice",
            text=lambda row: row.invoice_number or "not told",
            sort_key=lambda row: number_in(row.invoice_number),
            width=13,
        ),
        Column(key="contact", title="Contact", text=lambda row: row.refund.contact_name, width=24),
        Column(
            key="date",
            title="Date",
            text=lambda row: day_or_blank(row.refund.paid_on),
            day_of=lambda row: row.refund.paid_on,
            sort_key=lambda row: (row.refund.paid_on.toordinal(), ""),
            width=14,
        ),
        Column(
            key="amount",
            title="Amount",
            text=lambda row: str(row.refund.amount),
            sort_key=lambda row: (row.refund.amount.minor, ""),
            width=13,
            is_right=True,
        ),
        Column(
            key="kind",
            title="Paid out of",
            text=lambda row: f"{REFUND_KINDS[row.refund.payment_type].value} {row.refund.invoice_number}".strip(),
            width=30,
        ),
        Column(
            key="next",
            title="Next step",
            text=lambda _: MONEY_BACK_NEXT,
            width=44,
            is_stretched=True,
            is_searched=False,
        ),
    )


def money_back_sentence(row: MoneyBackRow) -> str:
    """Return the whole row as one sentence for a screen reader."""
    return f"{row.invoice_number or 'Invoice not told'}: {money_back(row.refund)} {MONEY_BACK_NEXT}"


def payment_sentence(row: PaymentRow) -> str:
    """Return the whole row as one sentence for a screen reader."""
    parts = [
        f"{row.placement.bucket.capitalize()}: {row.placement.invoice_number}, {row.bill_to or 'no Bill To'},",
        f"{money(row.amount) or 'no amount'} paid {day_or_blank(row.paid_on) or 'on an unknown date'}.",
        row.placement.explanation,
        row.placement.next_step,
        noted_lines(row.notes),
    ]
    return " ".join(part for part in parts if part)


def settlement_sentence(row: SettlementRow) -> str:
    """Return the whole row as one sentence for a screen reader."""
    return f"{row.invoice_number}: {row.settlement.amount} settled by {row.settlement.kind.value}, not copied."


def _payment_columns() -> tuple[Column[PaymentRow], ...]:
    return (
        Column(
            key="invoice",
            title="Invoice",
            text=lambda row: row.placement.invoice_number,
            sort_key=lambda row: number_in(row.placement.invoice_number),
            width=13,
        ),
        Column(key="bill_to", title="Bill To", text=lambda row: row.bill_to, width=20),
        Column(
            key="paid_on",
            title="Date paid",
            text=lambda row: day_or_blank(row.paid_on),
            sort_key=lambda row: (row.paid_on.toordinal() if row.paid_on else 0, ""),
            day_of=lambda row: row.paid_on,
            width=14,
        ),
        Column(
            key="amount",
            title="Amount",
            text=lambda row: money(row.amount),
            sort_key=lambda row: (row.amount.minor if row.amount else 0, ""),
            width=13,
            is_right=True,
        ),
        Column(key="reference", title="Reference", text=lambda row: row.reference, width=16, gives_way=1),
    )


def _note() -> Column[PaymentRow]:
    return Column(
        key="note",
        title="Note",
        text=lambda row: noted_in_cell(row.notes),
        tooltip=lambda row: noted_lines(row.notes),
        width=20,
        gives_way=9,
    )


def _follow_ups() -> tuple[Column[PaymentRow], ...]:
    """Return the columns of rows that somebody sees to."""
    return (
        Column(
            key="owner",
            title="Owner",
            meaning="who sees to it, as it was said with a note.",
            text=lambda row: owner_of(row.notes),
            width=10,
            gives_way=9,
        ),
        Column(
            key="follow_up",
            title="Follow up",
            meaning="the day on which somebody wants to look at it again.",
            text=lambda row: follow_up_in_cell(row.notes),
            sort_key=lambda row: ((follow_up_of(row.notes) or date.max).toordinal(), ""),
            width=13,
            gives_way=9,
        ),
        _note(),
    )


def _paid_to() -> Column[PaymentRow]:
    return Column(
        key="paid_to",
        title="Paid to",
        text=lambda row: row.placement.xero.account_name if row.placement.xero else "",
        width=22,
        is_default=False,
    )


def _entered_by() -> Column[PaymentRow]:
    return Column(
        key="entered_by",
        title="Typed by",
        text=lambda row: _case(row, lambda p: p.entered_by),
        width=18,
        is_default=False,
    )


def _rule() -> Column[PaymentRow]:
    return Column(
        key="rule", title="Rule", text=lambda row: row.placement.rule, width=7, is_default=False, is_searched=False
    )


def _explanation(row: PaymentRow) -> str:
    return row.placement.explanation


def why_in_short(row: PaymentRow) -> str:
    """Return of why a payment is on one side only what the row does not say itself, in the room of one line.

    That an addition is not in Case Manager is what the row shows: what makes it doubtful comes instead, where there is
    anything. The whole is in the tool tip and in the pane.
    """
    about_invoice = f" on invoice {row.placement.invoice_number}."
    sentences = _SENTENCE_END.split(_explanation(row).replace(about_invoice, "."))
    is_added = row.proposal is not None and row.proposal.proposal.kind is ProposalKind.ADD
    if is_added and len(sentences) > 1:
        return sentences[1]
    return " ".join(sentence for sentence in sentences if sentence != _UNDISTURBED)


def _next_step(row: PaymentRow) -> str:
    return row.placement.next_step


def _leaves(row: PaymentRow) -> str:
    return when_skipped_leaves(row.placement)


def _leaves_below(row: PaymentRow) -> str:
    """Return when it leaves in the room that a row has; the pane says it in full."""
    reason, placement = row.placement.reason, row.placement
    said = SKIP_LEAVES[reason] if reason is not None and placement.ready_on is None else when_skipped_leaves(placement)
    return f"Leaves {_lowered(said)}"


def _lowered(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]


def _how(row: PaymentRow) -> str:
    return row.placement.matched_how.value if row.placement.matched_how else ""


def _reason(row: PaymentRow) -> str:
    return SHORT[row.placement.reason] if row.placement.reason else ""


def _reason_badges(row: PaymentRow) -> tuple[Badge, ...]:
    reason = row.placement.reason
    noted = (NOTED,) if row.notes else ()
    return (Badge(SKIP_CHIP[reason], _REASON_TONE.get(reason, Tone.MUTED)), *noted) if reason else noted


def _proposed(row: PaymentRow) -> str:
    if row.proposal is None:
        return ""
    return f"{KIND_WORD[row.proposal.proposal.kind]} - {stands_as(row.proposal).lower()}"


def _case(row: PaymentRow, text: Callable[[CasePayment], str]) -> str:
    return text(row.placement.case) if row.placement.case else ""
