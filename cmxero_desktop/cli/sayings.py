"""The verbs by which a person says what payments are that the rules leave, and who may write; nothing is written."""

import argparse

from cmxero_desktop.cli.answers import Answer
from cmxero_desktop.cli.case_keys import case_key
from cmxero_desktop.cli.rows import Value, account_row
from cmxero_desktop.domain.accounts import AccountAnswer
from cmxero_desktop.domain.identifiers import XeroPaymentId
from cmxero_desktop.domain.memory import Explained
from cmxero_desktop.domain.strangers import as_lines
from cmxero_desktop.domain.wording_accounts import ACCOUNTS_KNOWN, account_asked
from cmxero_desktop.services.records.settings import Mode
from cmxero_desktop.services.verbs.commands.deciding import AcceptTotals
from cmxero_desktop.services.verbs.commands.saying import AlreadyThere, Corrected, Explain, SayAccount, SayTyped, Unpair
from cmxero_desktop.services.verbs.commands.settings import ChangeMode
from cmxero_desktop.services.verbs.commands.viewing import ReadView
from cmxero_desktop.services.verbs.desk import Desk

SAME = "same:"
_HOW = '  Say once: cmxero account "{}" with --payment-type TYPE, --never-copy or --keep-flagging'


def explain(asked: argparse.Namespace, desk: Desk) -> Answer:
    """Say what an unmatched payment is."""
    names = asked.what.removeprefix(SAME).split(",") if asked.what.startswith(SAME) else ()
    same = tuple(XeroPaymentId(name.strip()) for name in names if name.strip())
    what = None if asked.what.startswith(SAME) else Explained(asked.what)
    key = case_key(asked.payment)
    return _said(desk.run(Explain(case_payment_id=key, by=asked.by, reason=asked.reason, what=what, same=same)))


def already_there(asked: argparse.Namespace, desk: Desk) -> Answer:
    """Say that the money of an addition stands in Case Manager already."""
    key = case_key(asked.payment)
    command = AlreadyThere(proposal_id=asked.id, case_payment_id=key, by=asked.by, reason=asked.reason)
    return _said(desk.run(command))


def corrected(asked: argparse.Namespace, desk: Desk) -> Answer:
    """Say that a locked payment was corrected elsewhere."""
    return _said(desk.run(Corrected(row_id=asked.id, by=asked.by, reason=asked.reason)))


def unpair(asked: argparse.Namespace, desk: Desk) -> Answer:
    """Say that a matched pair is not the same money."""
    return _said(desk.run(Unpair(row_id=asked.id, by=asked.by, reason=asked.reason)))


def account(asked: argparse.Namespace, desk: Desk) -> Answer:
    """Say once what payments to an account are; without an account, show what is asked."""
    if asked.account:
        answer = asked.answer or AccountAnswer.TRUST
        command = SayAccount(account=asked.account, answer=answer, by=asked.by, payment_type=asked.payment_type)
        return _said(desk.run(command))
    asked_about = [alert.account for alert in desk.run(ReadView()).alerts if alert.account is not None]
    document: list[Value] = [account_row(question) for question in asked_about]
    lines = (f"{account_asked(question)}\n{_HOW.format(question.account)}" for question in asked_about)
    return Answer(document, as_lines(lines) or ACCOUNTS_KNOWN)


def typed(asked: argparse.Namespace, desk: Desk) -> Answer:
    """Say that persons type what is copied quickly."""
    return _said(desk.run(SayTyped(by=asked.by, reason=asked.reason)))


def mode(asked: argparse.Namespace, desk: Desk) -> Answer:
    """Change the mode."""
    return _said(desk.run(ChangeMode(mode=Mode(asked.mode), by=asked.by, reason=asked.reason)))


def accept_totals(asked: argparse.Namespace, desk: Desk) -> Answer:
    """Accept how the firm's totals differ."""
    return _said(desk.run(AcceptTotals(by=asked.by, reason=asked.reason, shown=asked.shown)))


def _said(sentence: str) -> Answer:
    return Answer({"said": sentence}, sentence)
