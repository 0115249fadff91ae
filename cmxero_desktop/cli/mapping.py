"""The verb that suggests a mapping for a database: what is found, what is asked, and what the check says."""

import argparse
from collections.abc import Iterator

from cmxero_desktop.cli.answers import COULD_NOT, DONE, Answer
from cmxero_desktop.cli.passwords import password_of
from cmxero_desktop.cli.rows import Row
from cmxero_desktop.domain.mapping.findings import MappingFinding, MappingSuggestion, Option, Sureness
from cmxero_desktop.domain.strangers import as_lines
from cmxero_desktop.services.records.mapping import MappingRequest, SuggestedMapping
from cmxero_desktop.services.verbs.commands.connecting import SuggestMapping, WriteMapping
from cmxero_desktop.services.verbs.desk import Desk

_ASKED = "ASKED: answer each with --answer KEY=CHOICE; the star is what is likely, and is not taken by itself."
# An alternative has at least something that speaks for it.
_OTHER = 8
_UNKNOWN = "There is no such question, or no such choice: {answers}. What was not understood was not used."


def mapping(asked: argparse.Namespace, desk: Desk) -> Answer:
    """Suggest a mapping, and write it where that is asked for and nothing is open."""
    password = password_of(asked.url, "", asked, desk) if asked.url else None
    made = desk.run(SuggestMapping(MappingRequest(url=asked.url, password=password, answers=dict(asked.answer))))
    unknown = made.suggestion.unknown_answers
    trouble = (
        _UNKNOWN.format(answers=", ".join(f"{key}={dict(asked.answer)[key]}" for key in unknown)) if unknown else ""
    )
    written = ""
    if asked.write is not None and not unknown:
        written = str(desk.run(WriteMapping(made, asked.write, may_replace=asked.replace)))
    return Answer(_document(made, written), _text(made, written), COULD_NOT if unknown else DONE, trouble)


def _document(made: SuggestedMapping, written: str) -> Row:
    suggestion = made.suggestion
    fits = made.seen is not None if made.text else None
    return {
        "database": suggestion.label,
        "kind": suggestion.kind,
        "tables": suggestion.tables,
        "looked_into": suggestion.looked_into,
        "complete": suggestion.is_complete,
        "findings": [_finding_row(finding) for finding in suggestion.findings],
        "obstacles": list(suggestion.obstacles),
        "notes": list(suggestion.notes),
        "check": {"fits": fits, "problems": list(made.problems)},
        "mapping": made.text or None,
        "written": written or None,
    }


def _finding_row(finding: MappingFinding) -> Row:
    return {
        "key": finding.key,
        "title": finding.title,
        "sureness": finding.sureness.value,
        "choice": None if finding.is_open else finding.likely or None,
        "likely": finding.likely or None,
        "about_money": finding.is_money,
        "why": finding.why or None,
        "takes_text": finding.takes_text,
        "options": [
            {"key": o.key, "words": o.words, "reasons": list(o.reasons), "samples": list(o.samples)}
            for o in finding.options
        ],
    }


def _text(made: SuggestedMapping, written: str) -> str:
    return as_lines(_lines(made, written))


def _lines(made: SuggestedMapping, written: str) -> Iterator[str]:
    suggestion = made.suggestion
    yield (
        f"{suggestion.label} ({suggestion.kind}): {suggestion.tables:,} tables and views, "
        f"{suggestion.looked_into:,} of them looked into. Nothing was changed there."
    )
    yield from (f"! {note}" for note in suggestion.notes)
    settled = [finding for finding in suggestion.findings if not finding.is_open]
    if settled:
        yield ""
        yield "FOUND"
        width = max(len(finding.key) for finding in settled)
        for finding in settled:
            yield from _settled(finding, width)
    if suggestion.questions:
        yield ""
        yield _ASKED
        for finding in suggestion.questions:
            yield from _open(finding)
    if suggestion.obstacles:
        yield ""
        yield "IN THE WAY"
        yield from (f"- {obstacle}" for obstacle in suggestion.obstacles)
    yield ""
    yield from _checked(made)
    yield from _ending(suggestion, written)


def _settled(finding: MappingFinding, width: int) -> Iterator[str]:
    option = finding.option(finding.likely)
    words = option.words if option is not None else finding.likely or "left out"
    samples = f": {', '.join(option.samples)}" if option is not None and option.samples else ""
    yield f"{finding.key:<{width}}  {finding.sureness.value:<8}  {words}{samples}"
    for reason in option.reasons if option is not None else ():
        yield f"{'':<{width}}            {reason}"
    others = [one.key for one in finding.options if one.key != finding.likely and one.points >= _OTHER]
    if others and finding.sureness is not Sureness.ANSWERED:
        yield f"{'':<{width}}            or: {', '.join(others)}"


def _open(finding: MappingFinding) -> Iterator[str]:
    yield ""
    yield f"{finding.key}: {finding.title}"
    if finding.why:
        yield f"  {finding.why}"
    for option in finding.options:
        yield from _choice(finding, option)
    if finding.takes_text:
        yield "    or a text of your own"


def _choice(finding: MappingFinding, option: Option) -> Iterator[str]:
    star = "*" if option.key == finding.likely else " "
    samples = f": {', '.join(option.samples)}" if option.samples else ""
    yield f"  {star} {option.key}"
    yield f"      {option.words}{samples}"
    yield from (f"      {reason}" for reason in option.reasons)


def _checked(made: SuggestedMapping) -> Iterator[str]:
    if not made.text:
        yield "THE CHECK has nothing to say before there is a whole mapping."
        return
    so_far = " with what is likely" if made.suggestion.questions else ""
    if made.seen is not None:
        facts = made.seen.facts
        yield f"THE CHECK says that it fits{so_far}: {facts.invoices:,} invoices, {facts.payments:,} payments."
        return
    yield f"THE CHECK says{so_far}:"
    yield from (f"- {problem}" for problem in made.problems)


def _ending(suggestion: MappingSuggestion, written: str) -> Iterator[str]:
    if written:
        yield f"Written: {written}. Next: cmxero init --mapping {written} …"
    elif suggestion.is_complete:
        yield "No file was written. To have one: --write FILE"
