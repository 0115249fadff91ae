"""The verbs that decide, write and take back: every id that was asked for has an outcome."""

import argparse
import logging

from cmxero_desktop.cli.answers import COULD_NOT, DONE, NOT_EVERY_ROW, Answer
from cmxero_desktop.cli.case_keys import case_key
from cmxero_desktop.cli.rows import Row, apply_report, outcome_rows, shown_of, waiting_rows
from cmxero_desktop.cli.stopping import stopped_between_rows
from cmxero_desktop.domain.errors import DeskError, NotAllowedError
from cmxero_desktop.domain.proposals import ProposalKind
from cmxero_desktop.domain.refusals import Why, refused
from cmxero_desktop.domain.strangers import as_lines
from cmxero_desktop.services.records.decisions import flags_seen
from cmxero_desktop.services.records.reports import ApplyReport, DecisionReport, RowOutcome
from cmxero_desktop.services.verbs.commands.deciding import Approve, ApproveAll, Hold, Reject, Reopen
from cmxero_desktop.services.verbs.commands.saying import ChooseLink
from cmxero_desktop.services.verbs.commands.settings import ReadSettings
from cmxero_desktop.services.verbs.commands.viewing import ReadView
from cmxero_desktop.services.verbs.commands.writing import Apply, EnsureApply, Undo, WithdrawUndo
from cmxero_desktop.services.verbs.desk import Desk
from cmxero_desktop.services.viewing.used_reasons import by_use, reason_meant

_LOOK = "Run cmxero verify to see that everything holds; if it stays, contact support."
_NO_REASONS = "The firm has no reasons of its own; settings.toml holds them in [reasons]."
_log = logging.getLogger(__name__)


def approve(asked: argparse.Namespace, desk: Desk) -> Answer:
    """Approve proposals and apply them."""
    # Asked first, so that data that is too old leaves neither a link nor an approval behind.
    desk.run(EnsureApply(by=asked.by))
    decided = _approved(asked, desk)
    ids = tuple(row.row_id for row in decided.done)
    try:
        with stopped_between_rows(desk.waits.stop_waiting, asked.warn):
            applied = desk.run(Apply(ids=ids, by=asked.by)) if ids else ApplyReport()
    except DeskError as error:
        return _only_decided(decided, str(error), f"{error.title}: {error}")
    except Exception as error:  # noqa: BLE001 - where no report came back nothing was written, but some was approved
        _log.exception("Applying met something that nobody foresaw")
        why = f"Something went wrong that this program does not expect ({type(error).__name__})."
        return _only_decided(decided, why, f"{why} {_LOOK}")
    report = _with_decisions(applied, decided)
    document = apply_report(report)
    # What must never go in bulk was left out on purpose; what apply itself held back was not.
    is_done = applied.is_complete and not (decided.stale or decided.refused) if asked.all else report.is_complete
    return Answer(document, _outcome_text(document), DONE if is_done else NOT_EVERY_ROW)


def undo(asked: argparse.Namespace, desk: Desk) -> Answer:
    """Take applied changes back, or withdraw the wish of the first of two persons to do so."""
    if asked.withdraw:
        return _decided(desk.run(WithdrawUndo(ids=tuple(asked.ids), by=asked.by, reason=asked.reason)))
    with stopped_between_rows(desk.waits.stop_waiting, asked.warn):
        report = desk.run(Undo(ids=tuple(asked.ids), by=asked.by, reason=asked.reason))
    document: Row = {
        "undone": outcome_rows(report.applied),
        "failed": outcome_rows(report.failed),
        **waiting_rows(report),
    }
    return Answer(document, _outcome_text(document), DONE if not report.failed else NOT_EVERY_ROW)


def hold(asked: argparse.Namespace, desk: Desk) -> Answer:
    """Put proposals on hold."""
    return _decided(desk.run(Hold(ids=tuple(asked.ids), by=asked.by, reason=asked.reason, until=asked.until)))


def reject(asked: argparse.Namespace, desk: Desk) -> Answer:
    """Reject proposals for a reason in one's own words or one of the firm's, or show those."""
    if asked.reasons:
        reasons = _firm_reasons(desk)
        return Answer(list(reasons), as_lines(reasons) or _NO_REASONS)
    reason = reason_meant(asked.begins, _firm_reasons(desk)) if asked.begins else asked.reason
    return _decided(desk.run(Reject(ids=tuple(asked.ids), by=asked.by, reason=reason)))


def _firm_reasons(desk: Desk) -> tuple[str, ...]:
    return by_use(desk.run(ReadSettings()).reasons.reject, desk.run(ReadView()).history)


def reopen(asked: argparse.Namespace, desk: Desk) -> Answer:
    """Put proposals back to review."""
    return _decided(desk.run(Reopen(ids=tuple(asked.ids), by=asked.by, reason=asked.reason)))


def _approved(asked: argparse.Namespace, desk: Desk) -> DecisionReport:
    if asked.all:
        return desk.run(ApproveAll(by=asked.by, kind=ProposalKind(asked.kind)))
    ids = tuple(asked.ids)
    if asked.link:
        key = case_key(asked.link)
        link = ChooseLink(proposal_id=ids[0], case_payment_id=key, by=asked.by, xero_payment_id=asked.xero)
        ids = (desk.run(link),)
    seen = _seen(asked, desk) if asked.shown else None
    return desk.run(Approve(ids=ids, by=asked.by, release_reason=asked.release, seen=seen))


def _seen(asked: argparse.Namespace, desk: Desk) -> frozenset[str]:
    """Return the flags that the rows bore when they were listed. Raises DeskError where they bear others by now."""
    stored = desk.run(ReadView()).proposals
    rows = [stored[row_id] for row_id in asked.ids if row_id in stored]
    shown = dict(zip(asked.ids, asked.shown, strict=True))
    if any(shown_of(row) != shown[row.proposal_id].strip().upper() for row in rows):
        why = refused(Why.FLAGGED_SINCE)
        raise NotAllowedError(why.reason, why.remedy)
    return flags_seen(rows)


def _only_decided(decided: DecisionReport, why: str, trouble: str) -> Answer:
    """Answer with what was approved where nothing could be applied."""
    stays = tuple(RowOutcome(row.row_id, f"{why} It stays approved.") for row in decided.done)
    document = apply_report(_with_decisions(ApplyReport(held_back=stays), decided))
    return Answer(document, _outcome_text(document), COULD_NOT, trouble=trouble)


def _decided(report: DecisionReport) -> Answer:
    refused = (*report.refused, *report.stale, *report.held_back)
    document: Row = {"done": outcome_rows(report.done), "refused": outcome_rows(refused)}
    return Answer(document, _outcome_text(document), NOT_EVERY_ROW if refused else DONE)


def _with_decisions(report: ApplyReport, decided: DecisionReport) -> ApplyReport:
    """Add the rows that were never approved, so that every id that was asked for has an outcome."""
    return ApplyReport(
        batch_id=report.batch_id,
        applied=report.applied,
        stale=(*decided.stale, *report.stale),
        failed=(*decided.refused, *report.failed),
        held_back=(*decided.held_back, *report.held_back),
        half=(*decided.half, *report.half),
    )


def _outcome_text(document: Row) -> str:
    lines = [f"{name.replace('_', ' ')}: {len(rows)}" for name, rows in document.items() if isinstance(rows, list)]
    lines += [
        f"  {name.replace('_', ' ')}  {row['id']}  {row['reason']}"
        for name, rows in document.items()
        for row in (rows if isinstance(rows, list) else [])
        if isinstance(row, dict)
    ]
    return as_lines(lines)
