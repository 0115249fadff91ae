"""The verbs of the SOR watch: what persons say of schedules, and what is known of them."""

import argparse
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal

from cmxero_desktop.cli.answers import NOT_EVERY_ROW, Answer
from cmxero_desktop.cli.rows import Row, Value
from cmxero_desktop.cli.sor_rows import clearing_document, ending_rows, notice_row, schedule_rows, sor_text
from cmxero_desktop.domain.errors import DeskError
from cmxero_desktop.domain.money import Money
from cmxero_desktop.domain.sor.importing import ListLine, SorImport
from cmxero_desktop.domain.sor.notices import NoticeWay
from cmxero_desktop.domain.sor.schedules import ScheduleSource, ScheduleState
from cmxero_desktop.domain.sor.tables import COLUMN_WORDS, ListColumn
from cmxero_desktop.domain.strangers import as_lines
from cmxero_desktop.services.verbs.commands.sor import (
    CloseSorAlert,
    EndSchedule,
    FailInstalment,
    KeepHeadings,
    MarkSchedule,
    ReadScheduleList,
    ReopenSchedule,
    SaidSorNotices,
    SayClearingBalance,
    SayDisbursed,
    SetDebitDate,
    TakeSchedules,
    TakeSorNotices,
    TickEnding,
    UnmarkSchedule,
    WriteCalendar,
)
from cmxero_desktop.services.verbs.commands.viewing import ReadView
from cmxero_desktop.services.verbs.desk import Desk

_NO_BALANCE = (
    "Xero tells this program no balances of accounts with the rights that it asks for: read the account's there, and "
    "say it with cmxero sor balance AMOUNT --on DATE."
)


def sor(asked: argparse.Namespace, desk: Desk) -> Answer:
    """Do what is asked of SOR schedules."""
    return _VERBS[asked.sor_verb](asked, desk)


def _listed(_asked: argparse.Namespace, desk: Desk) -> Answer:
    board = desk.run(ReadView()).sor
    return Answer(schedule_rows(board), sor_text(board))


def _left(_asked: argparse.Namespace, desk: Desk) -> Answer:
    rows = ending_rows(desk.run(ReadView()).sor)
    lines = [f"[{'x' if row['done'] else ' '}] {row['schedule']} {row['id']}: {row['words']}" for row in rows]
    return Answer(list(rows), as_lines(lines) or "Nothing is left to do after a schedule that ended early.")


def _clearing(_asked: argparse.Namespace, desk: Desk) -> Answer:
    clearing = desk.run(ReadView()).sor.clearing
    if clearing is None:
        return Answer(None, trouble="No SOR schedule is known, so nothing should be on the clearing account.")
    document = clearing_document(clearing)
    text = [f"The schedules leave {clearing.expected} on the SOR clearing account."]
    if clearing.balance is None:
        text.append(_NO_BALANCE)
    return Answer(document, as_lines([*text, *clearing.findings]))


def _imported(asked: argparse.Namespace, desk: Desk) -> Answer:
    """Read a list from a file and take its schedules, or show what that would do."""
    columns = {ListColumn(name): heading for name, heading in asked.column}
    read = desk.run(ReadScheduleList(path=asked.file, columns=columns))
    if read.missing:
        lacking = ", ".join(COLUMN_WORDS[column].lower() for column in read.missing)
        message = f"{read.name} names no column as: {lacking}. It has: {', '.join(filter(None, read.headings))}."
        column = read.missing[0].value
        raise DeskError(message, f'Say which it is: --column {column}="HEADING". It is kept for the next list.')
    found = desk.run(TakeSchedules(lines=read.lines, by=asked.by, is_preview=asked.preview))
    if columns and not asked.preview:
        desk.run(KeepHeadings({heading: column for column, heading in columns.items()}))
    answer = import_answer(found, is_preview=asked.preview)
    document: Value = {**answer.document, "notes": list(read.notes)} if isinstance(answer.document, dict) else None
    return replace(answer, document=document, text=as_lines([*read.notes, *answer.text.split("\n")]))


def _calendar(asked: argparse.Namespace, desk: Desk) -> Answer:
    """Write the debit dates that are known as a calendar file."""
    standing = desk.run(ReadView()).sor.standing
    keys = tuple(a.key for a in standing if a.invoice_number == asked.invoice) if asked.invoice else ()
    if asked.invoice and not keys:
        raise DeskError(f"No alert stands for {asked.invoice}.", "cmxero list alerts shows those that do.")
    written = desk.run(WriteCalendar(path=asked.file, keys=keys))
    return Answer({"file": str(written)}, f"Written: {written}. Open it with your calendar.")


def _entered(asked: argparse.Namespace, desk: Desk) -> Answer:
    """Enter one schedule, with its invoices and instalments."""
    currency = desk.run(ReadView()).state.organisation.currency
    lines = tuple(_line(place, text, asked, currency) for place, text in enumerate(asked.instalment, start=1))
    command = TakeSchedules(lines=lines, by=asked.by, source=ScheduleSource.ENTERED, is_preview=asked.preview)
    return import_answer(desk.run(command), is_preview=asked.preview)


def import_answer(found: SorImport, *, is_preview: bool) -> Answer:
    """Say what became of a list: what was taken, and every line that keeps its schedule out."""
    bad: list[Value] = [{"line": b.line or None, "schedule": b.schedule, "reason": b.why} for b in found.bad]
    document: Row = {
        "accepted": [schedule.schedule_id for schedule in found.accepted],
        "unchanged": list(found.unchanged),
        "refused": list(found.refused),
        "bad_lines": bad,
        "preview": is_preview,
    }
    verb = "would be taken" if is_preview else "taken"
    text = [f"{len(found.accepted)} {verb}, {len(found.unchanged)} known already, {len(found.refused)} refused."]
    text += [f"Line {b.line}: {b.why}" if b.line else f"Schedule {b.schedule}: {b.why}" for b in found.bad]
    refused = ", ".join(name or "the one without a name" for name in found.refused)
    trouble = f"Not taken: {refused}." if found.refused else ""
    return Answer(document, as_lines(text), NOT_EVERY_ROW if found.refused else 0, trouble)


def _line(place: int, text: str, asked: argparse.Namespace, currency: str) -> ListLine:
    """Read an instalment as it is typed: its day and amount, and the invoice where there are several."""
    head, _, invoice = text.partition("@")
    due, _, amount = head.partition("=")
    try:
        due_on, paid = date.fromisoformat(due.strip()), Money.of(amount.strip(), currency)
    except ValueError as error:
        message = f"{text} is no instalment: {error}."
        raise DeskError(message, "Write it as 2026-12-01=100.00, or 2026-12-01=100.00@CM-100.") from error
    return ListLine(
        line=place,
        schedule=asked.schedule,
        invoice=invoice or asked.invoice,
        due_on=due_on,
        amount=paid,
        disbursed=_money(asked.disbursed, currency),
        payer=asked.payer,
    )


def _money(amount: Decimal | None, currency: str) -> Money | None:
    return None if amount is None else Money.of(amount, currency)


def _said(sentence: str) -> Answer:
    return Answer({"said": sentence}, sentence)


def _marked(asked: argparse.Namespace, desk: Desk) -> Answer:
    return _said(desk.run(MarkSchedule(invoice=asked.invoice, by=asked.by, reason=asked.reason)))


def _unmarked(asked: argparse.Namespace, desk: Desk) -> Answer:
    return _said(desk.run(UnmarkSchedule(invoice=asked.invoice, by=asked.by, reason=asked.reason)))


def _dated(asked: argparse.Namespace, desk: Desk) -> Answer:
    return _said(desk.run(SetDebitDate(invoice=asked.invoice, on=asked.date, by=asked.by)))


def _closed(asked: argparse.Namespace, desk: Desk) -> Answer:
    if asked.alert:
        return _said(desk.run(CloseSorAlert(key=asked.alert, by=asked.by, reason=asked.reason)))
    state = ScheduleState(asked.state)
    return _said(desk.run(EndSchedule(invoice=asked.invoice, state=state, by=asked.by, reason=asked.reason)))


def _reopened(asked: argparse.Namespace, desk: Desk) -> Answer:
    return _said(
        desk.run(ReopenSchedule(invoice=asked.invoice, schedule_id=asked.schedule, by=asked.by, reason=asked.reason))
    )


def _failed(asked: argparse.Namespace, desk: Desk) -> Answer:
    return _said(desk.run(FailInstalment(invoice=asked.invoice, retry_on=asked.retry, by=asked.by)))


def _ticked(asked: argparse.Namespace, desk: Desk) -> Answer:
    command = TickEnding(schedule_id=asked.schedule, key=asked.item, by=asked.by, is_done=not asked.undone)
    return _said(desk.run(command))


def _disbursed(asked: argparse.Namespace, desk: Desk) -> Answer:
    amount = Money.of(asked.amount, desk.run(ReadView()).state.organisation.currency)
    return _said(desk.run(SayDisbursed(invoice=asked.invoice, amount=amount, by=asked.by)))


def _balance(asked: argparse.Namespace, desk: Desk) -> Answer:
    amount = Money.of(asked.amount, desk.run(ReadView()).state.organisation.currency)
    return _said(desk.run(SayClearingBalance(amount=amount, on=asked.on, by=asked.by)))


def _notices(asked: argparse.Namespace, desk: Desk) -> Answer:
    """Print what is due to be said; whoever runs this in a script says it."""
    way = NoticeWay(asked.way)
    taken = desk.run(TakeSorNotices(way=way, is_quiet=asked.quiet))
    desk.run(SaidSorNotices(way=way, keys=tuple(notice.key for notice in taken)))
    rows: list[Value] = [notice_row(notice) for notice in taken]
    text = "\n\n\n".join(f"{notice.title}\n\n{notice.text}" for notice in taken)
    return Answer(rows, text or "Nothing is to be said now.")


_VERBS: Mapping[str, Callable[[argparse.Namespace, Desk], Answer]] = {
    "list": _listed,
    "import": _imported,
    "calendar": _calendar,
    "enter": _entered,
    "mark": _marked,
    "unmark": _unmarked,
    "set-debit-date": _dated,
    "close": _closed,
    "reopen": _reopened,
    "failed": _failed,
    "left": _left,
    "tick": _ticked,
    "clearing": _clearing,
    "disbursed": _disbursed,
    "balance": _balance,
    "notices": _notices,
}
