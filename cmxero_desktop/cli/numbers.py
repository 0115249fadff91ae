"""The verb by which a person says which invoice of Case Manager one of Xero's is (R1)."""

import argparse

from cmxero_desktop.cli.answers import Answer
from cmxero_desktop.cli.rows import Row, money
from cmxero_desktop.domain.strangers import as_lines
from cmxero_desktop.services.records.numbers import NUMBER_WHY_WORDS, NumberChoice, NumberChoices
from cmxero_desktop.services.verbs.commands.saying import ReadNumberChoices, Renumber
from cmxero_desktop.services.verbs.desk import Desk


def renumber(asked: argparse.Namespace, desk: Desk) -> Answer:
    """Say which one it is; without a number, show which it may be."""
    if asked.use:
        command = Renumber(invoice=asked.invoice, number=asked.use, by=asked.by, reason=asked.reason)
        sentence = desk.run(command)
        return Answer({"said": sentence}, sentence)
    choices = desk.run(ReadNumberChoices(asked.invoice))
    return Answer(_document(choices), _text(choices))


def _document(found: NumberChoices) -> Row:
    return {
        "invoice_number": found.invoice_number,
        "xero_number": found.shown or None,
        "number_before": found.before or None,
        "contact": found.contact or None,
        "total": money(found.total),
        "due": money(found.due),
        "payments": found.payments,
        "goes_with": found.goes_with or None,
        "in_doubt": found.is_in_doubt or bool(found.rivals),
        "rivals": list(found.rivals),
        "choices": [_choice(choice) for choice in found.choices],
    }


def _choice(choice: NumberChoice) -> Row:
    return {
        "number": choice.number,
        "why": [why.value for why in choice.why],
        "copies": choice.copies,
        "payments": choice.payments,
        "total": money(choice.total),
        "balance": money(choice.balance),
        "bill_to": choice.bill_to or None,
        "refusal": choice.refusal or None,
    }


def _text(found: NumberChoices) -> str:
    lines = [f"{found.invoice_number} is called {found.shown or '(no number)'} in Xero, {found.before} before."]
    for choice in found.choices:
        why = ", ".join(NUMBER_WHY_WORDS[why] for why in choice.why)
        figures = f"total {choice.total}, balance {choice.balance}, {choice.copies} copies" if choice.total else ""
        lines.append(f"  {choice.number:<12} {why}: {choice.refusal or figures}")
    lines.append(f"Say which one it is: cmxero renumber {found.invoice_number} --use NUMBER")
    return as_lines(lines)
