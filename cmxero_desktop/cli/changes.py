"""The verb that writes what was written to Case Manager into a workbook, by period, person and kind."""

import argparse
from datetime import date

from cmxero_desktop.cli.answers import Answer
from cmxero_desktop.cli.rows import Row, money
from cmxero_desktop.domain.periods import Days
from cmxero_desktop.domain.proposals import ProposalKind
from cmxero_desktop.domain.strangers import as_lines
from cmxero_desktop.services.records.changes import ChangesTotal, ChangesWanted
from cmxero_desktop.services.verbs.commands.viewing import ReadChanges, WriteChanges
from cmxero_desktop.services.verbs.desk import Desk
from cmxero_desktop.services.viewing.changes_report import totals_of


def export_changes(asked: argparse.Namespace, desk: Desk) -> Answer:
    """Write the workbook, and tell the sums by person and kind."""
    days = Days(asked.first or date.min, asked.last or date.max) if asked.first or asked.last else None
    kind = ProposalKind(asked.kind) if asked.kind else None
    wanted = ChangesWanted(days=days, by=asked.written_by, kind=kind)
    changes = desk.run(ReadChanges(wanted))
    totals = totals_of(changes)
    written = desk.run(WriteChanges(wanted, asked.file))
    document: Row = {"file": str(written), "changes": len(changes), "totals": [_total(one) for one in totals]}
    lines = [_line(one) for one in totals]
    return Answer(document, as_lines([*lines, f"Written: {written} ({len(changes)} changes)"]))


def _total(one: ChangesTotal) -> Row:
    return {
        "by": one.by,
        "kind": one.kind.value,
        "undo": one.is_undo,
        "changes": one.number,
        "effect": money(one.effect),
    }


def _line(one: ChangesTotal) -> str:
    what = f"{one.kind.value}{' undone' if one.is_undo else ''}"
    return f"{one.by:<20} {what:<15} {one.number:>6}  {one.effect!s:>14}"
