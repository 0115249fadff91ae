"""The verb that cleans up old leftovers in one act, or takes one back."""

import argparse

from cmxero_desktop.cli.answers import DONE, NOT_EVERY_ROW, Answer
from cmxero_desktop.cli.rows import Row, Value, money, outcome_rows
from cmxero_desktop.domain.cleanup import GROUP_WORDS, Cleanup, CleanupGroup, Group, Leftover, SaidOf
from cmxero_desktop.domain.errors import NotAllowedError
from cmxero_desktop.domain.strangers import as_lines
from cmxero_desktop.services.records.reports import CleanupReport
from cmxero_desktop.services.verbs.commands.cleaning_up import (
    CleanUp,
    ReadCleanup,
    TakeBackCleanup,
    WriteCleanupReport,
    WriteCleanupState,
)
from cmxero_desktop.services.verbs.desk import Desk
from cmxero_desktop.services.viewing.cleanup_report import cleanup_report_text, cleanup_state, group_lines, member_lines


def cleanup(asked: argparse.Namespace, desk: Desk) -> Answer:
    """Show the groups of old leftovers, say of some what can be said of all their members, or take that back."""
    if asked.take_back:
        sentence = desk.run(TakeBackCleanup(act=asked.take_back, by=asked.by, reason=asked.reason))
        return Answer({"said": sentence}, sentence)
    found = desk.run(ReadCleanup())
    if not asked.apply:
        document = _document(found)
        if asked.report is not None:
            document["report"] = str(desk.run(WriteCleanupState(asked.report)))
        return Answer(document, _text(found))
    if asked.shown.strip().upper() != found.code:
        message = f"What is left over is not what was shown as {asked.shown}; nothing was said."
        raise NotAllowedError(message, "Look at it again with cmxero cleanup, which shows its code.")
    groups = frozenset(Group(name) for name in asked.apply)
    # What changes from here on is left out by the act itself, and named.
    shown = frozenset(one.row_id for one in found.members_of(groups))
    report = desk.run(CleanUp(groups=groups, by=asked.by, reason=asked.reason, shown=shown))
    document = _report_document(report)
    if asked.report is not None:
        document["report"] = str(desk.run(WriteCleanupReport(report, asked.report)))
    return Answer(document, cleanup_report_text(report), NOT_EVERY_ROW if report.left_out else DONE)


def _document(found: Cleanup) -> Row:
    return {
        "code": found.code if found.groups else None,
        "groups": [_group(group) for group in found.groups],
        "one_by_one": [_member(one) for one in found.one_by_one],
        "recent": found.recent,
        "left": found.left,
        "said": [_said(one) for one in found.said],
    }


def _said(one: SaidOf) -> Value:
    what = one.what.value if one.what is not None else "same-money"
    return {**_member(one.leftover), "what": what, "by": one.by or None, "reason": one.reason or None}


def _report_document(report: CleanupReport) -> Row:
    return {
        "act": report.act or None,
        "at": report.at.isoformat(),
        "by": report.by,
        "reason": report.reason,
        "done": [_group(group) for group in report.done],
        "left_out": outcome_rows(report.left_out),
    }


def _group(group: CleanupGroup) -> Value:
    words = GROUP_WORDS[group.group]
    return {
        "group": group.group.value,
        "title": words.title,
        "says": words.says,
        "danger": words.danger,
        "count": len(group.members),
        "total": money(group.total),
        "oldest": group.oldest.isoformat(),
        "newest": group.newest.isoformat(),
        "members": [_member(one) for one in group.members],
    }


def _member(one: Leftover) -> Row:
    return {
        "id": one.row_id,
        "invoice_number": one.number,
        "date": one.paid_on.isoformat(),
        "amount": money(one.amount),
        "payer": one.payer,
    }


def _text(found: Cleanup) -> str:
    lines = [line for group in found.groups for line in (*group_lines(group, is_named=True), "")]
    if found.one_by_one:
        lines += [f"To be looked at one by one: {len(found.one_by_one)}", *member_lines(found.one_by_one)]
    text = as_lines(lines).rstrip()
    if found.groups:
        text += f"\n\nTo say it: cmxero cleanup --apply GROUP… --shown {found.code} --reason TEXT"
    if not text and not found.said:
        return "Nothing is left over."
    said = f"{len(found.said)} explained. " if found.said else ""
    state = f"{said}{cleanup_state(found)}"
    return f"{text}\n\n{state}" if text else state
