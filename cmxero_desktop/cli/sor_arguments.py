"""The words that `cmxero sor` understands."""

import argparse
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

from cmxero_desktop.domain.money import Money
from cmxero_desktop.domain.sor.notices import NoticeWay
from cmxero_desktop.domain.sor.schedules import RUNNING, ScheduleState
from cmxero_desktop.domain.sor.tables import ListColumn

_SAYING = (
    "import",
    "enter",
    "mark",
    "unmark",
    "set-debit-date",
    "close",
    "reopen",
    "failed",
    "tick",
    "disbursed",
    "balance",
)
_ENDS = tuple(state.value for state in ScheduleState if state not in RUNNING)


def add_sor(
    verbs: "argparse._SubParsersAction[argparse.ArgumentParser]",
    add_common: Callable[[argparse.ArgumentParser], None],
    user: str,
) -> None:
    """Add the verbs of the SOR watch."""
    sor = verbs.add_parser("sor", help="SOR schedules").add_subparsers(dest="sor_verb", required=True, metavar="VERB")
    sor.add_parser("list", help="the invoices under schedules, and what happened outside them")
    taken = sor.add_parser("import", help="take schedules from a list, each whole or not at all")
    taken.add_argument("file", type=Path, metavar="FILE", help="CSV or a workbook (.xlsx)")
    taken.add_argument("--preview", action="store_true", help="only say what it would do")
    taken.add_argument(
        "--column",
        action="append",
        type=_column,
        default=[],
        metavar="COLUMN=HEADING",
        help=f"what the list calls a column: {', '.join(ListColumn)}",
    )
    calendar = sor.add_parser("calendar", help="write the debit dates as a calendar file")
    calendar.add_argument("file", type=Path, metavar="FILE.ics")
    calendar.add_argument("invoice", nargs="?", default="", metavar="INVOICE", help="of this invoice only")
    _add_enter(sor)
    for name, help_text in (
        ("mark", "say that an invoice is under an SOR schedule"),
        ("unmark", "take such a mark back"),
    ):
        verb = sor.add_parser(name, help=help_text)
        verb.add_argument("invoice", metavar="INVOICE")
        verb.add_argument("--reason", default="", metavar="TEXT")
    dated = sor.add_parser("set-debit-date", help="the debit date in Apxium's mail")
    dated.add_argument("invoice", metavar="INVOICE")
    dated.add_argument("date", type=date.fromisoformat, metavar="DATE")
    close = sor.add_parser("close", help="say how a schedule ended, or that an alert needs nothing more")
    close.add_argument("invoice", metavar="INVOICE")
    close.add_argument("--as", dest="state", choices=_ENDS, default=ScheduleState.CLOSED.value, help="how it ended")
    close.add_argument("--alert", default="", metavar="ID", help="close this alert alone; needs --reason")
    close.add_argument("--reason", default="", metavar="TEXT")
    reopened = sor.add_parser("reopen", help="take back how a schedule was said to have ended: it is watched on")
    reopened.add_argument("invoice", metavar="INVOICE")
    reopened.add_argument(
        "--schedule", default="", metavar="ID", help="which of the invoice's schedules; else the one that ended last"
    )
    reopened.add_argument("--reason", required=True, metavar="TEXT")
    failed = sor.add_parser("failed", help="say that an instalment failed and is tried again")
    failed.add_argument("invoice", metavar="INVOICE")
    failed.add_argument("--retry", type=date.fromisoformat, required=True, metavar="DATE")
    _add_after(sor)
    for name in _SAYING:
        sor.choices[name].add_argument("--by", default=user, metavar="NAME", help="who says so")
    for verb in sor.choices.values():
        add_common(verb)


def _column(text: str) -> tuple[str, str]:
    name, _, heading = text.partition("=")
    if name not in list(ListColumn) or not heading.strip():
        message = f"{text} is not COLUMN=HEADING; a column is one of {', '.join(ListColumn)}"
        raise argparse.ArgumentTypeError(message)
    return name, heading.strip()


def _add_enter(sor: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    enter = sor.add_parser("enter", help="enter a schedule by hand")
    enter.add_argument("schedule", metavar="NAME", help="what Apxium calls it")
    enter.add_argument("--invoice", default="", metavar="INVOICE", help="of all instalments that name no other")
    enter.add_argument(
        "--instalment",
        action="append",
        required=True,
        metavar="DATE=AMOUNT[@INVOICE]",
        help="such as 2026-12-01=100.00; once for each",
    )
    enter.add_argument("--disbursed", type=_amount, default=None, metavar="AMOUNT", help="what Apxium paid out")
    enter.add_argument("--payer", default="", metavar="NAME")
    enter.add_argument("--preview", action="store_true", help="only say what it would do")


def _add_after(sor: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    sor.add_parser("left", help="what is left to do after schedules that ended early")
    tick = sor.add_parser("tick", help="tick something of that list")
    tick.add_argument("schedule", metavar="SCHEDULE")
    tick.add_argument("item", metavar="ID")
    tick.add_argument("--undone", action="store_true", help="take the tick back")
    sor.add_parser("clearing", help="what each schedule should have left on the SOR clearing account")
    disbursed = sor.add_parser("disbursed", help="say what Apxium paid out for a schedule")
    disbursed.add_argument("invoice", metavar="INVOICE")
    disbursed.add_argument("amount", type=_amount, metavar="AMOUNT")
    balance = sor.add_parser("balance", help="say what the SOR clearing account holds in Xero")
    balance.add_argument("amount", type=_amount, metavar="AMOUNT")
    balance.add_argument("--on", type=date.fromisoformat, required=True, metavar="DATE")
    notices = sor.add_parser("notices", help="what is due to be said now, each once")
    notices.add_argument("--way", choices=[way.value for way in NoticeWay], default=NoticeWay.MAIL.value)
    notices.add_argument("--quiet", action="store_true", help="these are quiet hours")


def _amount(text: str) -> Decimal:
    try:
        return Money.of(text.replace(",", ""), "").amount
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error
