"""Run one verb and return the exit status.

0 done, 1 could not, 2 wrong usage, 3 done but not for every row, 130 stopped by the person.
"""

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from typing import TextIO

from cmxero_desktop.cli import setting_up
from cmxero_desktop.cli.arguments import build_parser, refuse_contradictions
from cmxero_desktop.cli.rows import Row, Value, apply_report, outcome_rows, rows_of, tie_out_document
from cmxero_desktop.cli.tables import table
from cmxero_desktop.domain.errors import DeskError
from cmxero_desktop.domain.identifiers import CasePaymentId
from cmxero_desktop.services.records.reports import ApplyReport, BundleChoice, DecisionReport
from cmxero_desktop.services.records.runs import PollAsk, PollOutcome
from cmxero_desktop.services.verbs import DeskFactory, Verbs

DONE, COULD_NOT, WRONG_USAGE, NOT_EVERY_ROW, STOPPED = 0, 1, 2, 3, 130
_NO_SCHEDULE = "No SOR schedule is known."


def run(
    arguments: Sequence[str],
    factory: DeskFactory,
    *,
    out: TextIO = sys.stdout,
    err: TextIO = sys.stderr,
    ask_secret: Callable[[], str] = setting_up.ask_secret,
) -> int:
    """Run the command line `arguments` (without the program's name)."""
    try:
        parser = build_parser()
        asked = parser.parse_args(arguments)
        refuse_contradictions(parser, asked)
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else WRONG_USAGE
    try:
        return _Command(asked, factory, out, err, ask_secret).run()
    except DeskError as error:
        err.write(f"{error.title}: {error}\n")
        return COULD_NOT
    except KeyboardInterrupt:
        err.write("Stopped. What was under way is looked after when the program runs next; nothing is written twice.\n")
        return STOPPED


class _Command:
    """One verb with what it was asked."""

    def __init__(
        self,
        asked: argparse.Namespace,
        factory: DeskFactory,
        out: TextIO,
        err: TextIO,
        ask_secret: Callable[[], str],
    ) -> None:
        self.asked = asked
        self.ask_secret = ask_secret
        self.factory = factory
        self.out = out
        self.err = err

    def run(self) -> int:
        """Run the verb."""
        verb: str = self.asked.verb
        if verb in {"init", "connect", "disconnect"}:
            return self._set_up(verb)
        if verb == "sor":
            return self._sor()
        if verb == "doctor":
            return self._doctor()
        if verb == "diagnostics":
            return self._diagnostics()
        with self.factory.open(self.asked.home) as verbs:
            return self._with_desk(verb, verbs)

    def _with_desk(self, verb: str, verbs: Verbs) -> int:
        if verb in {"poll", "list", "tieout", "export", "verify"}:
            return self._look(verb, verbs)
        if verb == "approve":
            return self._approve(verbs)
        if verb == "undo":
            return self._undo(verbs)
        return self._decide(verb, verbs)

    def _say(self, document: Value, text: str) -> None:
        if self.asked.json:
            json.dump(document, self.out, ensure_ascii=False, indent=2)
            self.out.write("\n")
        else:
            self.out.write(f"{text}\n")

    def _set_up(self, verb: str) -> int:
        if verb == "init":
            self._say(*setting_up.initialise(self.asked, self.factory))
        elif verb == "connect":
            self._say(*setting_up.connect(self.asked, self.factory, self.ask_secret))
        else:
            self._say(*setting_up.disconnect(self.asked, self.factory))
        return DONE

    def _sor(self) -> int:
        if self.asked.sor_verb == "list":
            self._say([], _NO_SCHEDULE)
            return DONE
        message = f"{_NO_SCHEDULE} Schedules cannot be imported or marked in this version."
        raise DeskError(message, "Payments to the SOR clearing account are recognised and flagged all the same.")

    def _look(self, verb: str, verbs: Verbs) -> int:
        if verb == "poll":
            return self._poll(verbs)
        if verb == "list":
            rows = rows_of(verbs.view(), self.asked.what)
            self._say(list(rows), table(self.asked.what, rows))
            return DONE
        if verb == "tieout":
            return self._tie_out(verbs)
        if verb == "export":
            written = verbs.export(self.asked.file)
            self._say({"file": str(written)}, f"Written: {written}")
            return DONE
        return self._verify(verbs)

    def _poll(self, verbs: Verbs) -> int:
        run = verbs.poll(PollAsk(is_full=self.asked.full, ends_pause=self.asked.anyway))
        if run.outcome is not PollOutcome.DONE:
            self.err.write(f"The check did not finish ({run.outcome}): {run.reason}\n")
            return COULD_NOT
        counts: dict[str, Value] = {
            "matched": run.counts.matched,
            "unmatched": run.counts.unmatched,
            "skipped": run.counts.skipped,
            "proposed": run.counts.proposed,
            "alerts": run.counts.alerts,
        }
        text = ", ".join(f"{count} {name}" for name, count in counts.items())
        self._say(
            {"fetched": run.fetched, "requests": run.requests, "counts": counts},
            f"{run.fetched} payments read with {run.requests} requests: {text}.",
        )
        return DONE

    def _tie_out(self, verbs: Verbs) -> int:
        view = verbs.view()
        if view.tie_out is None or view.state.policy is None:
            message = "Nothing was compared yet, so there is nothing to add up."
            raise DeskError(message, "Run cmxero poll first.")
        document = tie_out_document(view, view.tie_out, view.state.policy)
        lines = document["lines"]
        text = [f"{'Xero':<52}{document['xero_total']:>16}"]
        text += [
            f"  {line['label']:<38}{line['payments']:>12}{line['amount']:>16}"
            for line in (lines if isinstance(lines, list) else [])
            if isinstance(line, dict)
        ]
        text.append(f"{'Case Manager':<52}{document['case_manager_total']:>16}")
        text.append(f"{'Difference not explained':<52}{document['difference']:>16}")
        self._say(document, "\n".join(text))
        if document["difference"] == "0.00":
            return DONE
        self.err.write(f"A difference of {document['difference']} is not explained by any row.\n")
        return COULD_NOT

    def _verify(self, verbs: Verbs) -> int:
        report = verbs.verify()
        document: Row = {
            "good": report.is_good,
            "audit_entries": report.audit_entries,
            "invoices": report.invoices,
            "findings": list(report.findings),
        }
        good = f"Everything holds: {report.audit_entries} audit entries, {report.invoices} invoices."
        self._say(document, "\n".join(report.findings) or good)
        if not report.is_good:
            count = len(report.findings)
            self.err.write(f"Not everything holds: {count} finding{'' if count == 1 else 's'}.\n")
        return DONE if report.is_good else COULD_NOT

    def _doctor(self) -> int:
        checks = self.factory.doctor(self.asked.home)
        document: list[Value] = [
            {"name": c.name, "good": c.is_good, "seen": c.seen, "remedy": c.remedy or None} for c in checks
        ]
        lines = [
            f"{'good' if c.is_good else 'LOOK':<5} {c.name}: {c.seen}{' ' + c.remedy if c.remedy else ''}"
            for c in checks
        ]
        self._say(document, "\n".join(lines))
        bad = [c.name for c in checks if not c.is_good]
        if bad:
            self.err.write(f"Needs a look: {', '.join(bad)}.\n")
        return COULD_NOT if bad else DONE

    def _diagnostics(self) -> int:
        asked = self.asked
        choice = BundleChoice(has_names=asked.with_names, has_amounts=asked.with_amounts)
        bundle = self.factory.bundle(asked.home, choice)
        if asked.preview:
            parts: list[Value] = [{"name": part.name, "text": part.text} for part in bundle.parts]
            self._say({"parts": parts}, "\n".join(f"== {part.name}\n\n{part.text}" for part in bundle.parts))
            return DONE
        written = self.factory.write_bundle(bundle, asked.file)
        names: list[Value] = [part.name for part in bundle.parts]
        self._say({"file": str(written), "parts": names}, f"Written: {written}. Read it before you send it.")
        return DONE

    def _approve(self, verbs: Verbs) -> int:
        asked = self.asked
        if asked.all:
            decided = verbs.approve_all(asked.by)
        elif asked.link:
            changed = verbs.choose_link(asked.ids[0], _case_key(asked.link), asked.by)
            decided = verbs.approve([changed], by=asked.by, release_reason=asked.release)
        else:
            decided = verbs.approve(asked.ids, by=asked.by, release_reason=asked.release)
        ids = [row.row_id for row in decided.done]
        applied = verbs.apply(ids, asked.by) if ids else ApplyReport()
        report = _with_decisions(applied, decided)
        document = apply_report(report)
        self._say(document, _outcome_text(document))
        # What must never go in bulk was left out on purpose; what apply itself held back was not.
        is_done = applied.is_complete and not (decided.stale or decided.refused) if asked.all else report.is_complete
        return DONE if is_done else NOT_EVERY_ROW

    def _undo(self, verbs: Verbs) -> int:
        report = verbs.undo(self.asked.ids, by=self.asked.by, reason=self.asked.reason)
        document: Row = {"undone": outcome_rows(report.applied), "failed": outcome_rows(report.failed)}
        self._say(document, _outcome_text(document))
        return DONE if not report.failed else NOT_EVERY_ROW

    def _decide(self, verb: str, verbs: Verbs) -> int:
        asked = self.asked
        if verb == "hold":
            report = verbs.hold(asked.ids, by=asked.by, reason=asked.reason, until=asked.until)
        elif verb == "reject":
            report = verbs.reject(asked.ids, by=asked.by, reason=asked.reason)
        else:
            report = verbs.reopen(asked.ids, by=asked.by, reason=asked.reason)
        refused = (*report.refused, *report.stale, *report.held_back)
        document: Row = {"done": outcome_rows(report.done), "refused": outcome_rows(refused)}
        self._say(document, _outcome_text(document))
        return NOT_EVERY_ROW if refused else DONE


def _with_decisions(report: ApplyReport, decided: DecisionReport) -> ApplyReport:
    """Add the rows that were never approved, so that every id that was asked for has an outcome."""
    return ApplyReport(
        batch_id=report.batch_id,
        applied=report.applied,
        stale=(*decided.stale, *report.stale),
        failed=(*decided.refused, *report.failed),
        held_back=(*decided.held_back, *report.held_back),
    )


def _outcome_text(document: Row) -> str:
    lines = [f"{name.replace('_', ' ')}: {len(rows)}" for name, rows in document.items() if isinstance(rows, list)]
    lines += [
        f"  {name.replace('_', ' ')}  {row['id']}  {row['reason']}"
        for name, rows in document.items()
        for row in (rows if isinstance(rows, list) else [])
        if isinstance(row, dict)
    ]
    return "\n".join(lines)


def _case_key(text: str) -> CasePaymentId:
    return CasePaymentId(int(text)) if text.isdigit() else CasePaymentId(text)
