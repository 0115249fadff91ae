"""What each verb of the command line asks of the desk, and how its report reads."""

import argparse
from collections.abc import Callable, Mapping

from cmxero_desktop.cli import cleaning_up, deciding, numbers, sayings, setting_up
from cmxero_desktop.cli.answers import COULD_NOT, DONE, Answer
from cmxero_desktop.cli.autostart import autostart
from cmxero_desktop.cli.changes import export_changes
from cmxero_desktop.cli.choosing import choices
from cmxero_desktop.cli.copying import copying_document, copying_text
from cmxero_desktop.cli.debtors import debtors_document, debtors_text
from cmxero_desktop.cli.mailing import mail
from cmxero_desktop.cli.mapping import mapping
from cmxero_desktop.cli.noting import note
from cmxero_desktop.cli.rows import Row, Value, rows_of, tie_out_document
from cmxero_desktop.cli.showing import history_document, history_text, told_document, told_text
from cmxero_desktop.cli.sor import sor
from cmxero_desktop.cli.sor_rows import sor_alert_row
from cmxero_desktop.cli.tables import table
from cmxero_desktop.cli.transition import transition_document, transition_text
from cmxero_desktop.cli.updates import updates
from cmxero_desktop.domain.errors import DeskError
from cmxero_desktop.domain.identifiers import XeroPaymentId
from cmxero_desktop.domain.strangers import as_lines
from cmxero_desktop.services.records.alerts import OTHER_BOOKS, STORE_IN_DOUBT, AlertKind, is_held_by_other_writer
from cmxero_desktop.services.records.reports import BundleChoice
from cmxero_desktop.services.records.runs import PollAsk, PollOutcome
from cmxero_desktop.services.verbs.commands.checking import AskHistory, Poll
from cmxero_desktop.services.verbs.commands.computer import SendHash
from cmxero_desktop.services.verbs.commands.diagnosing import Examine, MakeBundle, Verify, WriteBundle
from cmxero_desktop.services.verbs.commands.viewing import (
    CompareDebtors,
    Export,
    ReadTransition,
    ReadView,
    ReportCopying,
    ShowInvoice,
)
from cmxero_desktop.services.verbs.desk import Desk
from cmxero_desktop.services.viewing.desk_view import DeskView

Verb = Callable[[argparse.Namespace, Desk], Answer]

_NEWEST = "Newest hash, to be kept outside this computer:"


def poll(asked: argparse.Namespace, desk: Desk) -> Answer:
    """Check Xero once."""
    run = desk.run(Poll(PollAsk(is_full=asked.full, ends_pause=asked.anyway)))
    if run.outcome is not PollOutcome.DONE:
        trouble = f"The check did not finish ({run.outcome}): {run.reason}"
        return Answer(None, status=COULD_NOT, trouble=trouble)
    counts: dict[str, Value] = {
        "matched": run.counts.matched,
        "unmatched": run.counts.unmatched,
        "skipped": run.counts.skipped,
        "proposed": run.counts.proposed,
        "alerts": run.counts.alerts,
    }
    text = ", ".join(f"{count} {name}" for name, count in counts.items())
    document: Row = {"fetched": run.fetched, "requests": run.requests, "counts": counts}
    lines = [f"{run.fetched} payments read with {run.requests} requests: {text}."]
    # What is so of the whole firm is said at once: whoever runs this in a script may never list the alerts.
    alerts = desk.run(ReadView()).alerts if run.counts.alerts else ()
    if (totals := next((a for a in alerts if a.kind is AlertKind.TOTALS), None)) is not None:
        document["totals"] = totals.explanation
        lines.append(f"{totals.explanation} {totals.next_step}")
    if (store := next((a for a in alerts if a.kind in STORE_IN_DOUBT), None)) is not None:
        document["store"] = store.explanation
        lines.append(f"{store.explanation} {store.next_step}")
    return Answer(document, as_lines(lines))


def show_list(asked: argparse.Namespace, desk: Desk) -> Answer:
    """Show rows."""
    view = desk.run(ReadView())
    rows = rows_of(view, asked.what)
    if asked.what == "alerts":
        rows = [*(sor_alert_row(alert, view.sor.today) for alert in view.sor.alerts), *rows]
    return Answer(list(rows), table(asked.what, rows), trouble=_other_books(view))


def tie_out(_asked: argparse.Namespace, desk: Desk) -> Answer:
    """Show the statement that ends in 0.00."""
    view = desk.run(ReadView())
    if view.tie_out is None or view.state.comparison.policy is None:
        message = "Nothing was compared yet, so there is nothing to add up."
        raise DeskError(message, "Run cmxero poll first.")
    document = tie_out_document(view, view.tie_out, view.state.comparison.policy)
    lines = document["lines"]
    text = [f"{'Xero':<52}{document['xero_total']:>16}"]
    text += [
        f"  {line['label']:<38}{line['payments']:>12}{line['amount']:>16}"
        for line in (lines if isinstance(lines, list) else [])
        if isinstance(line, dict)
    ]
    text.append(f"{'Case Manager':<52}{document['case_manager_total']:>16}")
    text.append(f"{'Difference not explained':<52}{document['difference']:>16}")
    if document["difference"] == "0.00":
        return Answer(document, as_lines(text), trouble=_other_books(view))
    trouble = f"A difference of {document['difference']} is not explained by any row."
    return Answer(document, as_lines(text), COULD_NOT, trouble)


def _other_books(view: DeskView) -> str:
    """Say so where what is shown belongs elsewhere than to where the settings lead."""
    return "".join(f"{a.explanation} {a.next_step}" for a in view.alerts if a.kind in OTHER_BOOKS)


def debtors(asked: argparse.Namespace, desk: Desk) -> Answer:
    """Lay both debtor lists side by side, with the entry to make for each difference."""
    lists = desk.run(CompareDebtors())
    lines = lists.lines if asked.cause is None else lists.with_cause(asked.cause)
    document, text = debtors_document(lists, lines), debtors_text(lists, lines)
    if not lists.unexplained.minor:
        return Answer(document, text)
    trouble = f"{lists.unexplained} of the differences are not explained by anything."
    return Answer(document, text, COULD_NOT, trouble)


def show(asked: argparse.Namespace, desk: Desk) -> Answer:
    """Show one invoice in full."""
    history = desk.run(ShowInvoice(asked.invoice, asked.as_of))
    return Answer(history_document(history), history_text(history))


def who(asked: argparse.Namespace, desk: Desk) -> Answer:
    """Ask Xero who did what with a payment."""
    told = desk.run(AskHistory(XeroPaymentId(asked.payment)))
    return Answer(told_document(told), told_text(told))


def others(asked: argparse.Namespace, desk: Desk) -> Answer:
    """Show what others copied late, missed or doubled, or keep that persons do so."""
    if asked.typed:
        return sayings.typed(asked, desk)
    report = desk.run(ReportCopying())
    is_held = is_held_by_other_writer(desk.run(ReadView()).alerts)
    return Answer(copying_document(report), copying_text(report, is_held=is_held))


def transition(_asked: argparse.Namespace, desk: Desk) -> Answer:
    """Show how far the firm is on the way from typing each payment twice."""
    found = desk.run(ReadTransition())
    return Answer(transition_document(found), transition_text(found))


def export(asked: argparse.Namespace, desk: Desk) -> Answer:
    """Write the workbook, the tie-out, or the auditor's bundle, as the file's name says; or what was written."""
    if asked.changes:
        return export_changes(asked, desk)
    written = desk.run(Export(asked.file))
    return Answer({"file": str(written)}, f"Written: {written}")


def verify(asked: argparse.Namespace, desk: Desk) -> Answer:
    """Check the audit trail, the control totals and open intents."""
    report = desk.run(Verify())
    document: Row = {
        "good": report.is_good,
        "audit_entries": report.audit_entries,
        "newest_hash": report.newest_hash,
        "invoices": report.invoices,
        "findings": list(report.findings),
    }
    # Where something does not hold, the newest hash would bear witness to what was tampered with.
    sent = f"\n{desk.run(SendHash())}" if asked.mail and report.is_good else ""
    if report.is_good:
        text = f"Everything holds: {report.audit_entries} audit entries, {report.invoices} invoices."
        newest = f"\n{_NEWEST} {report.newest_hash}" if report.newest_hash else ""
        return Answer(document, f"{text}{newest}{sent}")
    count = len(report.findings)
    trouble = f"Not everything holds: {count} finding{'' if count == 1 else 's'}."
    return Answer(document, as_lines(report.findings), COULD_NOT, trouble)


def doctor(_asked: argparse.Namespace, desk: Desk) -> Answer:
    """Look at every connection and say what to do."""
    checks = desk.run(Examine())
    document: list[Value] = [
        {"name": c.name, "good": c.is_good, "seen": c.seen, "remedy": c.remedy or None} for c in checks
    ]
    lines = [
        f"{'good' if c.is_good else 'LOOK':<5} {c.name}: {c.seen}{' ' + c.remedy if c.remedy else ''}" for c in checks
    ]
    bad = [c.name for c in checks if not c.is_good]
    trouble = f"Needs a look: {', '.join(bad)}." if bad else ""
    return Answer(document, as_lines(lines), COULD_NOT if bad else DONE, trouble)


def diagnostics(asked: argparse.Namespace, desk: Desk) -> Answer:
    """Show or write the diagnostics bundle."""
    bundle = desk.run(MakeBundle(BundleChoice(has_names=asked.with_names, has_amounts=asked.with_amounts)))
    if asked.preview:
        parts: list[Value] = [{"name": part.name, "text": part.text} for part in bundle.parts]
        return Answer({"parts": parts}, "\n".join(f"== {part.name}\n\n{part.text}" for part in bundle.parts))
    written = desk.run(WriteBundle(bundle, asked.file))
    names: list[Value] = [part.name for part in bundle.parts]
    return Answer({"file": str(written), "parts": names}, f"Written: {written}. Read it before you send it.")


# These work where the desk cannot be opened as a whole, too.
CLOSED_VERBS: Mapping[str, Verb] = {
    "init": setting_up.initialise,
    "connect": setting_up.connect,
    "disconnect": setting_up.disconnect,
    "doctor": doctor,
    "diagnostics": diagnostics,
    "mail": mail,
    "mapping": mapping,
    "updates": updates,
    "autostart": autostart,
}
OPEN_VERBS: Mapping[str, Verb] = {
    "adopt-database": setting_up.adopt_database,
    "confirm-store": setting_up.confirm_store,
    "poll": poll,
    "list": show_list,
    "tieout": tie_out,
    "debtors": debtors,
    "show": show,
    "who": who,
    "export": export,
    "others": others,
    "transition": transition,
    "verify": verify,
    "choices": choices,
    "approve": deciding.approve,
    "undo": deciding.undo,
    "hold": deciding.hold,
    "reject": deciding.reject,
    "reopen": deciding.reopen,
    "explain": sayings.explain,
    "already-there": sayings.already_there,
    "corrected": sayings.corrected,
    "unpair": sayings.unpair,
    "note": note,
    "cleanup": cleaning_up.cleanup,
    "account": sayings.account,
    "mode": sayings.mode,
    "accept-totals": sayings.accept_totals,
    "renumber": numbers.renumber,
    "sor": sor,
}
