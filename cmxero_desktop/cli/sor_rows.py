"""The SOR watch as the rows that `--json` promises, and as a table for a person at a terminal."""

from datetime import date

from cmxero_desktop.cli.rows import Row, Value, day, money
from cmxero_desktop.domain.records import Side
from cmxero_desktop.domain.sor.alerts import SorAlert
from cmxero_desktop.domain.sor.board import ClearingCheck, SorBoard, SorRow
from cmxero_desktop.domain.sor.notices import SorNotice
from cmxero_desktop.domain.sor.words import KIND_WORDS, STATE_WORDS, done_words, to_do_words
from cmxero_desktop.domain.strangers import as_lines, one_line


def sor_alert_row(alert: SorAlert, today: date | None) -> Row:
    """Write an alert of the watch, as `list alerts` promises it."""
    line = alert.history.line
    return {
        "id": alert.key,
        "kind": alert.kind.value,
        "invoice_number": alert.invoice_number,
        "amount": money(alert.amount),
        "date": day(alert.evidence.on),
        "xero_payment_id": _record(alert, Side.XERO),
        "case_payment_id": _record(alert, Side.CASE_MANAGER),
        "account": None,
        "raised_at": alert.first_seen_at.isoformat(),
        "since": day(alert.first_seen_on),
        "day": alert.day_on(today or alert.first_seen_on),
        "debit_date": day(alert.debit_on),
        "debit_date_is": alert.debit_date_is.value if alert.debit_date_is else None,
        "last_safe_day": day(alert.last_safe_day),
        "at_risk": money(alert.at_risk),
        "currency": alert.at_risk.currency,
        "state": alert.state.value,
        "explanation": alert.explanation,
        "consequence": alert.consequence,
        "next_step": to_do_words(alert) if alert.is_standing else alert.next_step,
        "done_when": done_words(alert) if alert.is_standing else None,
        "rule": alert.rule,
        "schedule": alert.schedule_id,
        "record_id": alert.evidence.record_id or None,
        "changed_at": alert.evidence.changed_at.isoformat() if alert.evidence.changed_at else None,
        "xero_history_by": line.who if line else None,
        "xero_history_at": line.at.isoformat() if line else None,
        "xero_history_what": line.what if line else None,
        "removed_on": day(alert.removed_on),
        "closed_by": alert.closed_by or None,
        "closed_why": alert.closed_why or None,
    }


def _record(alert: SorAlert, side: Side) -> str | None:
    is_payment = "payment" in alert.kind.value or "disbursement" in alert.kind.value or "instalment" in alert.kind.value
    return alert.evidence.record_id if is_payment and alert.evidence.side is side else None


def schedule_rows(board: SorBoard) -> list[Value]:
    """Write the invoices under schedules."""
    return [_schedule_row(row, board.today) for row in board.rows]


def _schedule_row(row: SorRow, today: date | None) -> Row:
    schedule, leading = row.schedule, row.leading
    return {
        "schedule": schedule.schedule_id,
        "source": schedule.source.value,
        "state": schedule.state.value,
        "invoice_number": row.invoice_number,
        "bill_to": row.bill_to or None,
        "total": money(row.total),
        "written": money(row.written),
        "instalments_written": row.written_count,
        "outside": money(row.outside),
        "other_changes": row.other_changes,
        "due": money(row.due),
        "retry_on": day(schedule.tried_again_on),
        "started_on": day(schedule.started_on),
        "disbursed": money(schedule.disbursed),
        "instalments": [
            {"due_on": day(i.due_on), "amount": money(i.amount), "invoice_number": i.invoice_number or None}
            for i in schedule.instalments
        ],
        "debit_date": day(leading.debit_on) if leading else None,
        "at_risk": money(next(iter(row.at_risk), None)),
        "alerts": [sor_alert_row(alert, today) for alert in row.alerts],
    }


def sor_text(board: SorBoard) -> str:
    """Write the invoices under schedules for a person."""
    if not board.rows:
        return "No SOR schedule is known."
    lines = []
    for row in board.rows:
        schedule = row.schedule
        total = f" of {row.total}" if row.total else ""
        lines.append(
            one_line(
                f"{row.invoice_number}  {schedule.state.value}, known by its {schedule.source.value}: "
                f"{row.written}{total} written in {row.written_count}, {row.outside} outside"
            )
        )
        for alert in row.alerts:
            number = alert.day_on(board.today or alert.first_seen_on)
            when = f", day {number} of 7, debit {alert.debit_on}" if number and alert.is_standing else ""
            lines.append(
                one_line(f"    {KIND_WORDS[alert.kind]}, {alert.risk_words} at risk, {STATE_WORDS[alert.state]}{when}")
            )
    return as_lines(lines)


def ending_rows(board: SorBoard) -> list[Row]:
    """Write what is left to do after schedules that ended early."""
    return [
        {
            "schedule": ending.schedule.schedule_id,
            "id": item.key,
            "invoice_number": item.invoice_number,
            "words": item.words,
            "amount": money(item.amount),
            "done": item.tick is not None,
            "done_by": item.tick.by if item.tick else None,
            "done_at": item.tick.at.isoformat() if item.tick else None,
        }
        for ending in board.endings
        for item in ending.items
    ]


def clearing_document(clearing: ClearingCheck) -> Row:
    """Write the clearing check."""
    return {
        "schedules": [
            {
                "schedule": line.schedule_id,
                "disbursed": money(line.disbursed),
                "written": money(line.written),
                "expected": money(line.expected),
                "finding": line.finding or None,
            }
            for line in clearing.lines
        ],
        "expected": money(clearing.expected),
        "complete": clearing.is_complete,
        "balance": money(clearing.balance.amount) if clearing.balance else None,
        "balance_on": day(clearing.balance.on) if clearing.balance else None,
        "expected_then": money(clearing.expected_then),
        "difference": money(clearing.difference),
        "findings": list(clearing.findings),
        "parked": [
            {
                "invoice_number": parked.invoice_number,
                "xero_payment_id": parked.record_id,
                "date": day(parked.paid_on),
                "amount": money(parked.amount),
                "reference": parked.reference,
            }
            for parked in clearing.parked
        ],
    }


def notice_row(notice: SorNotice) -> Row:
    """Write what is to be said."""
    return {
        "id": notice.key,
        "kind": notice.kind.value,
        "invoice_number": notice.invoice_number or None,
        "schedule": notice.schedule_id,
        "alert": notice.alert_key or None,
        "date": day(notice.on),
        "title": notice.title,
        "text": notice.text,
    }
