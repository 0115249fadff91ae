"""Turn the records of the desk into the rows that `--json` promises: money as text, dates in ISO form."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from functools import partial
from types import MappingProxyType

from cmxero_desktop.domain.accounts import AccountQuestion
from cmxero_desktop.domain.desk_notes import DeskNote, follow_up_of, owner_of, text_of
from cmxero_desktop.domain.leaving import when_row_leaves, when_skipped_leaves
from cmxero_desktop.domain.money import Money
from cmxero_desktop.domain.policy import Policy
from cmxero_desktop.domain.proposals import PaymentValues, Proposal
from cmxero_desktop.domain.records import Side
from cmxero_desktop.domain.refunds import REFUND_KINDS
from cmxero_desktop.domain.rules import Rule
from cmxero_desktop.domain.shown_codes import shown_code
from cmxero_desktop.domain.tie_out import TieOut, tie_out
from cmxero_desktop.domain.wording_accounts import account_asked
from cmxero_desktop.domain.wording_balances import MONEY_BACK_NEXT, SETTLED_NEXT, money_back, settled
from cmxero_desktop.domain.words_of_rules import ANSWER_WORDS
from cmxero_desktop.services.records.alerts import Alert
from cmxero_desktop.services.records.audit import AuditEntry, AuditWhat
from cmxero_desktop.services.records.decisions import StoredProposal, flags_seen
from cmxero_desktop.services.records.reports import ApplyReport, RowOutcome
from cmxero_desktop.services.viewing.desk_view import DeskView, MoneyBackRow, PaymentRow, ReviewRow, SettlementRow
from cmxero_desktop.services.viewing.plan_codes import plan_codes

Value = str | int | bool | None | list["Value"] | dict[str, "Value"]
Row = dict[str, Value]

_ONLY_IN = {Side.XERO: "Not in Case Manager", Side.CASE_MANAGER: "Not in Xero"}


def money(amount: Money | None) -> str | None:
    """Write an amount with two decimals and nothing else."""
    return None if amount is None else str(amount.amount)


def day(value: date | None) -> str | None:
    """Write a date in ISO form."""
    return None if value is None else value.isoformat()


def values(of: PaymentValues | None) -> Row | None:
    """Write what a payment is before or after a change."""
    if of is None:
        return None
    return {"date": day(of.paid_on), "amount": money(of.amount), "reference": of.reference, "notes": of.notes}


def sorted_flags(proposal: Proposal) -> list[str]:
    """Name the flags of a proposal, always in the same order."""
    return sorted(flag.value for flag in proposal.flags)


def proposal_row(row: ReviewRow) -> Row:
    """Write a proposal."""
    proposal = row.stored.proposal
    stored, decision = row.stored, row.stored.decision
    return {
        "id": stored.proposal_id,
        "kind": proposal.kind.value,
        "state": row.stored.state.value,
        "invoice_number": proposal.invoice_number,
        "amount": money(proposal.amount),
        "date": day(proposal.paid_on),
        "xero_payment_id": proposal.xero_payment_id,
        "case_payment_id": proposal.case.payment_id.value if proposal.case else None,
        "before": values(proposal.before),
        "after": values(proposal.after),
        "flags": list(sorted_flags(proposal)),
        "near": _near(proposal),
        "effect": money(proposal.effect),
        "blocks": bool(proposal.blocking_flags),
        "depends_on": list(proposal.depends_on),
        "move_id": proposal.move_id or None,
        "balance_before": money(proposal.balance_before),
        "balance_after": money(proposal.balance_after),
        "held_until": day(stored.held_until),
        "hold_ended": day(stored.hold_ended.until) if stored.hold_ended else None,
        "yes_by": list(stored.yes_by),
        "decided_by": decision.by if decision else None,
        "decided_why": decision.reason or None if decision else None,
        "leaves": when_row_leaves(proposal, stored.state, stored.held_until),
        "outcome": stored.outcome or None,
        "explanation": proposal.explanation,
        "rule": proposal.rule,
        "shown": shown_of(row.stored),
        **noted(row.notes),
    }


def noted(notes: Sequence[DeskNote]) -> Row:
    """Write what persons noted on a row's payments; who and when are those of the newest."""
    newest = notes[0] if notes else None
    return {
        "note": text_of(notes) or None,
        "owner": owner_of(notes) or None,
        "follow_up": day(follow_up_of(notes)),
        "noted_by": newest.by if newest else None,
        "noted_at": newest.at.isoformat() if newest else None,
    }


def shown_of(stored: StoredProposal) -> str:
    """Return the code of what a list shows beside what the id stands for: the flags, and their sums."""
    return shown_code(flags_seen([stored]))


def _near(proposal: Proposal) -> list[Value]:
    """Name the payments of both sides that a flag speaks of, or that an accept would take as the same money."""
    case: list[Value] = [p.payment_id.value for p in (*proposal.near, *proposal.accepted_as)]
    return [*case, *(p.payment_id for p in (*proposal.near_xero, *proposal.accepted))]


def payment_row(row: PaymentRow) -> Row:
    """Write the part that every row of matched, unmatched and skipped has."""
    placement = row.placement
    unreadable = placement.unreadable
    xero_id = unreadable.xero_payment_id if unreadable else None
    case_id = unreadable.case_payment_id if unreadable else None
    if placement.xero is not None:
        xero_id = placement.xero.payment_id
    if placement.case is not None:
        case_id = placement.case.payment_id
    return {
        "id": row.row_id,
        "invoice_number": placement.invoice_number,
        "amount": money(row.amount),
        "date": day(row.paid_on),
        "xero_payment_id": xero_id,
        "case_payment_id": case_id.value if case_id else None,
        "proposal_id": row.proposal.proposal_id if row.proposal else None,
        "explanation": placement.explanation,
        "rule": placement.rule,
        **noted(row.notes),
    }


def matched_row(row: PaymentRow) -> Row:
    """Write a matched pair."""
    how = row.placement.matched_how
    return {**payment_row(row), "matched_how": how.value if how else None}


def unmatched_row(row: PaymentRow) -> Row:
    """Write a payment that only one side has."""
    placement = row.placement
    near: list[Value] = [*placement.near_xero, *(key.value for key in placement.near_case)]
    return {
        **payment_row(row),
        "side": placement.side.value,
        "reason": placement.reason.value if placement.reason else _ONLY_IN[placement.side],
        "near": near,
    }


def skipped_row(row: PaymentRow) -> Row:
    """Write a payment that the rules leave undisturbed."""
    placement = row.placement
    return {
        **payment_row(row),
        "side": placement.side.value,
        "reason": placement.reason.value if placement.reason else None,
        "next_step": placement.next_step,
        "ready_on": day(placement.ready_on),
        "leaves": when_skipped_leaves(placement),
    }


def settled_row(row: SettlementRow) -> Row:
    """Write what settled an invoice without a payment."""
    settlement = row.settlement
    return {
        "id": f"s-{row.invoice_number}-{settlement.document_id or settlement.number}",
        "kind": settlement.kind.value,
        "went_back": False,
        "invoice_number": row.invoice_number,
        "amount": money(settlement.amount),
        "date": day(settlement.settled_on),
        "xero_payment_id": None,
        "case_payment_id": None,
        "number": settlement.number,
        "contact": row.contact_name,
        "explanation": settled(settlement),
        "next_step": SETTLED_NEXT,
        "rule": Rule.R2,
    }


def money_back_row(row: MoneyBackRow) -> Row:
    """Write money that went back in Xero."""
    refund = row.refund
    return {
        "id": f"r-{refund.payment_id}",
        "kind": REFUND_KINDS[refund.payment_type].value,
        "went_back": True,
        "invoice_number": row.invoice_number or None,
        "amount": money(refund.amount),
        "date": day(refund.paid_on),
        "xero_payment_id": refund.payment_id,
        "case_payment_id": None,
        "number": refund.invoice_number,
        "contact": refund.contact_name,
        "explanation": money_back(refund),
        "next_step": MONEY_BACK_NEXT,
        "rule": Rule.R2,
    }


def alert_row(alert: Alert) -> Row:
    """Write an alert."""
    return {
        "id": alert.key,
        "kind": alert.kind.value,
        "invoice_number": alert.invoice_number or None,
        "amount": money(alert.amount),
        "date": day(alert.on),
        "xero_payment_id": alert.xero_payment_id,
        "case_payment_id": alert.case_payment_id.value if alert.case_payment_id else None,
        "account": alert.account.account if alert.account else None,
        "raised_at": alert.raised_at.isoformat(),
        "since": day(alert.raised_at.astimezone().date()),
        "state": "open",
        **dict.fromkeys(("day", "debit_date", "debit_date_is", "last_safe_day", "at_risk"), None),
        "explanation": alert.explanation,
        "next_step": alert.next_step,
        "rule": alert.rule,
    }


def account_row(question: AccountQuestion) -> Row:
    """Write an account that is asked about, and what each answer does."""
    return {
        "account": question.account,
        "code": question.code,
        "name": question.name,
        "account_id": question.account_id,
        "payments": question.payments,
        "amount": money(question.amount),
        "explanation": account_asked(question),
        "answers": {answer.value: words.meaning for answer, words in ANSWER_WORDS.items()},
    }


def history_row(entry: AuditEntry, codes: Mapping[str, str] = MappingProxyType({})) -> Row:
    """Write an audit entry; `codes` are those of the plans, by batch."""
    event = entry.event
    is_applied = event.what is AuditWhat.APPLIED
    shown = event.after or event.before
    return {
        "id": f"h-{entry.sequence}",
        "at": event.at.isoformat(),
        "who": event.by,
        "what": event.what.value,
        "invoice_number": event.invoice_number or None,
        "amount": money(shown.amount) if shown else None,
        "date": day(shown.paid_on) if shown else None,
        "xero_payment_id": event.xero_payment_id,
        "case_payment_id": event.case_payment_id.value if event.case_payment_id else None,
        "proposal_id": event.proposal_id,
        "before": values(event.before),
        "after": values(event.after),
        "reason": event.reason,
        "held_until": event.evidence.get("until"),
        "explanation": event.evidence.get("explanation") or event.reason,
        "rule": event.rule,
        "batch": event.batch_id or None,
        "plan_code": codes.get(event.batch_id) if is_applied else None,
        "database": event.database or None,
    }


def _holds(view: DeskView) -> Iterable[ReviewRow]:
    """Return what is on hold, what comes back first at the top; what waits for no day stands last."""
    held = (row for row in view.review if row.stored.is_on_hold)
    return sorted(held, key=lambda row: row.stored.held_until or date.max)


def _follow_ups(view: DeskView) -> Iterable[PaymentRow]:
    """Return the rows that somebody sees to, or that are to be looked at again, the first day at the top."""
    rows = (row for row in (*view.skipped, *view.unmatched) if any(note.has_follow_up for note in row.notes))
    return sorted(rows, key=lambda row: follow_up_of(row.notes) or date.max)


def _follow_up_row(row: PaymentRow) -> Row:
    return {**payment_row(row), "list": row.placement.bucket.value}


_LISTS: Mapping[str, Callable[[DeskView], Iterable[Row]]] = MappingProxyType(
    {
        "proposals": lambda view: map(proposal_row, view.review),
        "holds": lambda view: map(proposal_row, _holds(view)),
        "matched": lambda view: map(matched_row, view.matched),
        "unmatched": lambda view: map(unmatched_row, view.unmatched),
        "skipped": lambda view: map(skipped_row, view.skipped),
        "follow-ups": lambda view: map(_follow_up_row, _follow_ups(view)),
        "settled": lambda view: (*map(settled_row, view.settled_another_way), *map(money_back_row, view.money_back)),
        "alerts": lambda view: map(alert_row, view.alerts),
        "history": lambda view: map(partial(history_row, codes=plan_codes(view.history)), view.history),
    }
)


def rows_of(view: DeskView, what: str) -> list[Row]:
    """Return the rows of one list by its name on the command line."""
    return list(_LISTS[what](view))


def outcome_rows(outcomes: Iterable[RowOutcome]) -> list[Value]:
    """Write what became of rows."""
    return [{"id": outcome.row_id, "reason": outcome.reason} for outcome in outcomes]


def apply_report(report: ApplyReport) -> Row:
    """Write the outcome of every row of an approval."""
    return {
        "applied": outcome_rows(report.applied),
        "stale": outcome_rows(report.stale),
        "failed": outcome_rows(report.failed),
        "held_back": outcome_rows(report.held_back),
        **waiting_rows(report),
    }


def waiting_rows(report: ApplyReport) -> Row:
    """Write which rows got the first yes of two, where any did."""
    return {"first_of_two": outcome_rows(report.half)} if report.half else {}


def tie_out_document(view: DeskView, statement: TieOut, policy: Policy) -> Row:
    """Write the statement for all invoices and for each."""
    results = {row.placement.invoice_number: row.result for row in (*view.matched, *view.unmatched, *view.skipped)}
    invoices: list[Value] = [
        {"invoice_number": number, **_statement(tie_out([(result.snapshot, result.correlation)], policy))}
        for number, result in sorted(results.items())
    ]
    another_way: list[Value] = [_settlement(row) for row in view.settled_another_way]
    went_back: list[Value] = [money_back_row(row) for row in view.money_back]
    beside: Row = {"settled_another_way": another_way, "money_went_back": went_back}
    return {**_statement(statement), "invoices": invoices, **beside}


def _statement(statement: TieOut) -> Row:
    return {
        "xero_total": money(statement.xero_total),
        "lines": [
            {"label": s.label, "payments": s.payments, "added": s.added, "amount": money(s.amount)}
            for s in statement.lines
        ],
        "case_manager_total": money(statement.case_manager_total),
        "difference": money(statement.difference),
    }


def _settlement(row: SettlementRow) -> Row:
    settlement = row.settlement
    return {
        "invoice_number": row.invoice_number,
        "kind": settlement.kind.value,
        "number": settlement.number,
        "amount": money(settlement.amount),
        "date": day(settlement.settled_on),
    }
