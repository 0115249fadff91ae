"""The words that the command line understands."""

import argparse
import getpass
from datetime import date, datetime, time
from functools import partial
from pathlib import Path

from cmxero_desktop import __version__
from cmxero_desktop.cli.sor_arguments import add_sor
from cmxero_desktop.domain.accounts import AccountAnswer
from cmxero_desktop.domain.bulk import BULK_ORDER
from cmxero_desktop.domain.cleanup import Group
from cmxero_desktop.domain.debtor_causes import Cause
from cmxero_desktop.domain.memory import Explained
from cmxero_desktop.domain.proposals import ProposalKind
from cmxero_desktop.domain.words_of_rules import ANSWER_WORDS
from cmxero_desktop.services.records.settings import Encryption, Mode, SignInKind

LISTS = ("proposals", "holds", "matched", "unmatched", "skipped", "follow-ups", "settled", "alerts", "history")

_SAYINGS = ("explain", "already-there", "corrected", "unpair", "accept-totals")
# Whoever runs one of these is asked for a name.
_DECIDING = (
    *("connect", "disconnect", "approve", "reject", "hold", "reopen", "undo", "account", "renumber", "mode", "cleanup"),
    *("note", "adopt-database", "confirm-store"),
    *_SAYINGS,
)
_FIRST_LINE = "its first line is the password; - is standard input, without it you are asked"
_LAST_PORT = 65_535
_WRITTEN_KINDS = tuple(kind.value for kind in ProposalKind if kind is not ProposalKind.ACCEPT)
_EXPLAINED = frozenset(word.value for word in Explained) - {Explained.CORRECTED.value}


def build_parser() -> argparse.ArgumentParser:
    """Build the parser; every verb takes `--json` and `--home`."""
    parser = argparse.ArgumentParser(
        prog="cmxero",
        description="Keep Case Manager's payments a true copy of Xero's; nothing is written without an approval.",
    )
    parser.add_argument("--version", action="version", version=f"CM-Xero Desk {__version__}")
    _add_common(parser, first=True)
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    _add_setup(verbs)
    _add_mapping(verbs)
    _add_mail(verbs)
    verbs.add_parser("updates", help="ask now whether there is a newer version; nothing is downloaded or installed")
    start = verbs.add_parser("autostart", help="show whether the program starts in the tray at sign-in, or change it")
    start.add_argument("turn", nargs="?", choices=("on", "off"), default=None, help="without it, show how it is")
    _add_reading(verbs)
    _add_decisions(verbs)
    for verb in verbs.choices.values():
        _add_common(verb, first=False)
    return parser


def refuse_contradictions(parser: argparse.ArgumentParser, asked: argparse.Namespace) -> None:
    """End with wrong usage where options do not go together; nothing that was asked for is dropped in silence."""
    if asked.verb == "diagnostics" and (asked.file is None) is not asked.preview:
        parser.error("diagnostics goes with a file to write, or with --preview")
    if asked.verb == "mapping" and asked.replace and asked.write is None:
        parser.error("--replace goes with --write")
    if asked.verb == "explain" and asked.what not in _EXPLAINED and not asked.what.startswith("same:"):
        parser.error("--as takes same:ID,… or one of " + ", ".join(sorted(_EXPLAINED)))
    if asked.verb == "account" and bool(asked.account) is not bool(asked.answer or asked.payment_type):
        parser.error("account goes with a code and one answer, or alone, which shows what is asked")
    if asked.verb == "note" and asked.remove and (asked.text or asked.owner or asked.follow_up):
        parser.error("--remove takes all of the note off, and goes with the id alone")
    if asked.verb == "reject":
        _refuse_rejection(parser, asked)
    if asked.verb == "export":
        _refuse_export(parser, asked)
    if asked.verb == "cleanup":
        _refuse_cleanup(parser, asked)
    if asked.verb == "approve":
        _refuse_approval(parser, asked)


def _refuse_approval(parser: argparse.ArgumentParser, asked: argparse.Namespace) -> None:
    if asked.link and len(asked.ids) != 1:
        parser.error("--link goes with exactly one id")
    if asked.xero and not asked.link:
        parser.error("--xero goes with --link")
    if asked.all and not asked.kind:
        parser.error("--all goes with --kind: what is approved in bulk is of one kind (changes before additions)")
    if asked.kind and not asked.all:
        parser.error("--kind goes with --all")
    if asked.shown and (asked.link or len(asked.shown) != len(asked.ids)):
        parser.error("--shown goes with ids, one code for each of them, as cmxero list proposals --json has them")
    if asked.release and asked.all:
        parser.error("--release goes with ids: name each removal that you looked at")


def _refuse_rejection(parser: argparse.ArgumentParser, asked: argparse.Namespace) -> None:
    if asked.reasons and (asked.ids or asked.reason or asked.begins):
        parser.error("--reasons goes alone")
    if not asked.reasons and not (asked.ids and bool(asked.reason) is not bool(asked.begins)):
        parser.error("reject goes with ids and one reason: --reason TEXT, or --as WORDS for one of the firm's")


def _refuse_export(parser: argparse.ArgumentParser, asked: argparse.Namespace) -> None:
    if not asked.changes and (asked.first or asked.last or asked.written_by or asked.kind):
        parser.error("--from, --to, --written-by and --kind go with --changes")
    if asked.first and asked.last and asked.last < asked.first:
        parser.error("--to is before --from")


def _refuse_cleanup(parser: argparse.ArgumentParser, asked: argparse.Namespace) -> None:
    if asked.apply and asked.take_back:
        parser.error("--apply and --take-back are two acts")
    if (asked.apply or asked.take_back) and not asked.reason.strip():
        parser.error("--apply and --take-back need --reason")
    if bool(asked.apply) is not bool(asked.shown):
        parser.error("--apply goes with --shown CODE, which cmxero cleanup shows below the list")
    if asked.report is not None and asked.take_back:
        parser.error("--report goes with --apply, or alone, which saves all that is left and was said")


def _add_common(parser: argparse.ArgumentParser, *, first: bool) -> None:
    # A default on the verb's own parser would overwrite what was said before the verb.
    parser.add_argument(
        "--json",
        action="store_true",
        default=False if first else argparse.SUPPRESS,
        help="print one JSON document",
    )
    parser.add_argument(
        "--home",
        type=Path,
        metavar="DIR",
        default=None if first else argparse.SUPPRESS,
        help="the home folder (default: CMXERO_HOME, else the platform's data folder)",
    )


def _add_setup(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    init = verbs.add_parser("init", help="write the settings and check Case Manager's database")
    init.add_argument(
        "--case-manager-url", required=True, metavar="URL", help="without a password, for which you are asked"
    )
    init.add_argument("--case-manager-password-file", default="", metavar="FILE", help=_FIRST_LINE)
    init.add_argument("--mapping", default="reference", metavar="M", help='"reference", or the path of a mapping file')
    init.add_argument("--store-url", default="", metavar="URL", help="of a PostgreSQL database that desktops share")
    init.add_argument("--store-password-file", default="", metavar="FILE", help=_FIRST_LINE)
    init.add_argument("--xero-client-id", required=True, metavar="ID")
    init.add_argument("--sign-in", choices=tuple(SignInKind), help="in the browser, or by a custom connection's secret")
    init.add_argument("--mode", choices=[mode.value for mode in Mode], default="observe")
    init.add_argument("--identity-url", default="", metavar="URL", help="of a sandbox Xero on this computer")
    init.add_argument("--api-url", default="", metavar="URL", help="of a sandbox Xero on this computer")
    connect = verbs.add_parser("connect", help="sign in to Xero, in the browser or by a custom connection's secret")
    connect.add_argument("--tenant", default="", metavar="ID", help="the organisation, where there are several")
    connect.add_argument("--secret-file", default="", metavar="FILE", help="its first line is the secret; - is a pipe")
    verbs.add_parser("disconnect", help="forget the sign-in; everything that was read stays")
    verbs.add_parser("doctor", help="look at every connection and say what to do")
    adopt = verbs.add_parser("adopt-database", help="say that Case Manager was moved to where the settings lead")
    adopt.add_argument("--reason", required=True, metavar="TEXT")
    confirm = verbs.add_parser(
        "confirm-store", help="say that the program's own store, put back, is the one to go on with"
    )
    confirm.add_argument("--reason", required=True, metavar="TEXT")
    bundle = verbs.add_parser("diagnostics", help="make a file for support, without names, amounts and secrets")
    bundle.add_argument("file", type=Path, nargs="?", default=None, metavar="FILE.zip")
    bundle.add_argument("--with-names", action="store_true", help="with names, invoice numbers and references")
    bundle.add_argument("--with-amounts", action="store_true", help="with amounts of money")
    bundle.add_argument("--preview", action="store_true", help="print everything that would be in it; write nothing")


def _add_mapping(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    mapping = verbs.add_parser("mapping", help="where Case Manager's database keeps what")
    asked = mapping.add_subparsers(dest="mapping_verb", required=True, metavar="VERB")
    suggest = asked.add_parser("suggest", help="look at a database and suggest a mapping file; writes nothing there")
    suggest.add_argument(
        "url", nargs="?", default="", metavar="URL", help="without a password; left out, the database of the settings"
    )
    suggest.add_argument("--password-file", default="", metavar="FILE", help=_FIRST_LINE)
    suggest.add_argument(
        "--answer", action="append", type=_answer, default=[], metavar="KEY=CHOICE", help="an answer to what is asked"
    )
    suggest.add_argument("--write", type=Path, default=None, metavar="FILE.toml", help="write the mapping file")
    suggest.add_argument("--replace", action="store_true", help="write it over a file that is there already")
    _add_common(suggest, first=False)


def _answer(text: str) -> tuple[str, str]:
    key, equals, choice = text.partition("=")
    if not equals or not key or not choice:
        message = f"{text} is no KEY=CHOICE"
        raise argparse.ArgumentTypeError(message)
    return key.strip(), choice


def _add_mail(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    mail = verbs.add_parser("mail", help="by which mail server warnings of the SOR watch go out")
    asked = mail.add_subparsers(dest="mail_verb", required=True, metavar="VERB")
    asked.add_parser("show", help="show the mail server")
    asked.add_parser("test", help="send a mail that says that mails arrive")
    asked.add_parser("off", help="send no mails any more")
    new = asked.add_parser("set", help="keep the mail server; the password goes to the keyring")
    new.add_argument("--host", required=True, metavar="HOST")
    new.add_argument("--port", type=_port, default=0, metavar="N", help="587 with starttls, 465 with tls")
    new.add_argument("--encryption", choices=tuple(Encryption), default=Encryption.STARTTLS.value)
    new.add_argument("--login", default="", metavar="NAME", help="where the server asks for one")
    new.add_argument("--password-file", default="", metavar="FILE", help=_FIRST_LINE)
    new.add_argument("--from", dest="sender", required=True, metavar="ADDRESS")
    new.add_argument("--to", nargs="+", required=True, metavar="ADDRESS", help="who gets the mails")
    for verb in asked.choices.values():
        _add_common(verb, first=False)


def _port(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= _LAST_PORT:
        message = f"{text} is no port; it is a number from 1 to {_LAST_PORT}"
        raise argparse.ArgumentTypeError(message)
    return int(text)


def _cause(text: str) -> Cause:
    try:
        return Cause.of(text)
    except ValueError as error:
        message = f"{error}; cmxero debtors begins with those that there are"
        raise argparse.ArgumentTypeError(message) from error


def _add_reading(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    poll = verbs.add_parser("poll", help="check Xero once")
    poll.add_argument("--full", action="store_true", help="read everything, not only what changed")
    poll.add_argument("--anyway", action="store_true", help="ask Xero although it asked for a pause")
    verbs.add_parser("list", help="show rows").add_argument("what", choices=LISTS)
    verbs.add_parser("tieout", help="the statement that ends in 0.00")
    export = verbs.add_parser(
        "export", help="write the workbook, the tie-out to be signed, or all of it for an auditor"
    )
    export.add_argument(
        "file", type=Path, metavar="FILE", help="ends in .xlsx, in .pdf (the tie-out), or in .zip (all)"
    )
    export.add_argument("--changes", action="store_true", help="a workbook of what was written, with before and after")
    export.add_argument("--from", dest="first", type=date.fromisoformat, default=None, metavar="DATE")
    export.add_argument("--to", dest="last", type=date.fromisoformat, default=None, metavar="DATE")
    export.add_argument("--written-by", default="", metavar="NAME", help="with --changes: by this person only")
    export.add_argument("--kind", choices=_WRITTEN_KINDS, default="", help="with --changes: only these")
    debtors = verbs.add_parser("debtors", help="both debtor lists side by side, with the entry for each difference")
    debtors.add_argument(
        "--cause",
        type=_cause,
        metavar="CAUSE",
        help="only invoices with this cause, as the summary names it (such as to-add)",
    )
    show = verbs.add_parser("show", help="one invoice in full, as it stands or as it stood at an instant")
    show.add_argument("invoice", metavar="INVOICE", help="its number, with or without CM-")
    show.add_argument(
        "--as-of",
        type=_instant,
        default=None,
        metavar="INSTANT",
        help="such as 2026-10-31T17:00, local time unless it names a zone; a date alone means its end",
    )
    who = verbs.add_parser("who", help="who did what with a payment of Xero's, as Xero's own history says")
    who.add_argument("payment", metavar="XERO_ID", help="its id in Xero, as the lists and cmxero show have it")
    others = verbs.add_parser("others", help="what others copied late, missed or doubled since the first check")
    others.add_argument("--typed", action="store_true", help="say that it is persons who copy, however quickly")
    others.add_argument("--reason", default="", metavar="TEXT", help="with --typed: how that is known")
    others.add_argument("--by", default=_user(), metavar="NAME", help="with --typed: who says so")
    verbs.add_parser("transition", help="week by week what is still typed by hand, and when double entry can stop")
    check = verbs.add_parser("verify", help="check the audit trail, the control totals and open intents")
    check.add_argument("--mail", action="store_true", help="mail the newest hash too, to be kept outside this computer")
    add_sor(verbs, partial(_add_common, first=False), _user())


def _add_decisions(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    choices = verbs.add_parser("choices", help="which unmatched payments a proposal's money may be, the closest first")
    choices.add_argument("id", metavar="ID")
    approve = verbs.add_parser("approve", help="approve proposals and apply them to Case Manager")
    which = approve.add_mutually_exclusive_group(required=True)
    which.add_argument("ids", nargs="*", metavar="ID", default=[])
    which.add_argument("--all", action="store_true", help="everything of one kind that may be approved in bulk")
    approve.add_argument("--kind", choices=[kind.value for kind in BULK_ORDER], default="", help="of which kind")
    approve.add_argument("--release", default="", metavar="REASON", help="lift the safety limit for these removals")
    approve.add_argument("--link", default="", metavar="PAYMENT", help="the unmatched payment that is the same money")
    approve.add_argument("--xero", default="", metavar="XERO_ID", help="with --link: which, where the row has several")
    approve.add_argument(
        "--shown", nargs="+", default=[], metavar="CODE", help="of each id, in order: the code that its list showed"
    )
    for name, help_text, needs_reason in (
        ("reject", "say no; it comes back only when the facts change", True),
        ("hold", "put on hold", False),
        ("reopen", "put back to review", False),
        ("undo", "take applied changes back", True),
    ):
        verb = verbs.add_parser(name, help=help_text)
        is_reject = name == "reject"
        verb.add_argument("ids", nargs="*" if is_reject else "+", metavar="ID")
        verb.add_argument("--reason", required=needs_reason and not is_reject, default="", metavar="TEXT")
        if is_reject:
            verb.add_argument(
                "--as", dest="begins", default="", metavar="WORDS", help="how a reason of the firm begins"
            )
            verb.add_argument("--reasons", action="store_true", help="show the firm's reasons, the most used first")
        if name == "undo":
            verb.add_argument(
                "--withdraw", action="store_true", help="take back the wish of the first of two persons to undo it"
            )
        if name == "hold":
            verb.add_argument("--until", type=date.fromisoformat, default=None, metavar="DATE")
    explain = verbs.add_parser("explain", help="say what an unmatched payment of Case Manager is")
    explain.add_argument("payment", metavar="PAYMENT")
    explain.add_argument("--as", dest="what", required=True, metavar="same:ID,…|allocation|other|to-correct|set-aside")
    already = verbs.add_parser("already-there", help="say that an addition's money stands in Case Manager already")
    already.add_argument("id", metavar="ID")
    already.add_argument("--payment", required=True, metavar="KEY", help="the payment in Case Manager that it is")
    for name, help_text in (
        (
            "corrected",
            "say that a locked payment was corrected by a refund or an adjustment",
        ),
        ("unpair", "say that a matched pair is not the same money"),
    ):
        verbs.add_parser(name, help=help_text).add_argument("id", metavar="ID")
    _add_note(verbs)
    _add_account(verbs)
    renumber = verbs.add_parser("renumber", help="say which invoice of Case Manager one of Xero's is")
    renumber.add_argument("invoice", metavar="INVOICE", help="its number in the lists, or in Xero")
    renumber.add_argument("--use", default="", metavar="NUMBER", help="the one in Case Manager; without it, show which")
    renumber.add_argument("--reason", default="", metavar="TEXT")
    mode = verbs.add_parser("mode", help="only observe, or go back to approving, which says what has to be true first")
    mode.add_argument("mode", choices=[mode.value for mode in Mode])
    mode.add_argument("--reason", default="", metavar="TEXT", help="needed after another program was seen to write")
    totals = verbs.add_parser("accept-totals", help="accept how the totals of both sides differ over the whole firm")
    totals.add_argument("--shown", required=True, metavar="CODE", help="of what was shown, in the alert's next step")
    _add_cleanup(verbs)
    for name in _SAYINGS:
        verbs.choices[name].add_argument("--reason", required=True, metavar="TEXT")
    for name in _DECIDING:
        verbs.choices[name].add_argument("--by", default=_user(), metavar="NAME", help="who decides")


def _add_cleanup(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    cleanup = verbs.add_parser("cleanup", help="what can be said of old leftovers together, in one act")
    cleanup.add_argument("--apply", nargs="+", choices=[group.value for group in Group], default=[], metavar="GROUP")
    cleanup.add_argument(
        "--shown", default="", metavar="CODE", help="with --apply: the code of the list that was shown"
    )
    cleanup.add_argument("--take-back", default="", metavar="ACT", help="take back all that one act said")
    cleanup.add_argument("--reason", default="", metavar="TEXT")
    cleanup.add_argument(
        "--report",
        type=Path,
        default=None,
        metavar="FILE",
        help="save the report: of the act, or alone of all that is left and was said",
    )


def _add_note(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    note = verbs.add_parser("note", help="note something on a row's payments; with its id alone, show what is noted")
    note.add_argument("id", metavar="ID", help="of proposals, matched, unmatched or skipped")
    note.add_argument("text", nargs="?", default=None, metavar="TEXT", help="what is not given stays as it is")
    note.add_argument("--owner", default=None, metavar="NAME", help='who sees to it; "" for nobody')
    note.add_argument("--follow-up", type=_day_or_none, default=None, metavar="DATE", help='when to look; "" for never')
    note.add_argument("--remove", action="store_true", help="take all of it off")


def _day_or_none(text: str) -> tuple[date | None]:
    """Read a day; an empty text is no day, which is another thing than not being given."""
    return (date.fromisoformat(text) if text.strip() else None,)


def _add_account(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    account = verbs.add_parser("account", help="say once what payments to an account are; alone: what is asked")
    account.add_argument("account", nargs="?", default="", metavar="CODE", help="its code or name in Xero")
    answer = account.add_mutually_exclusive_group()
    for each in AccountAnswer:
        meaning = ANSWER_WORDS[each].meaning
        if each is AccountAnswer.TRUST:
            answer.add_argument(f"--{each.value}", default="", metavar="T", help=meaning)
        else:
            option = f"--{each.value}"
            answer.add_argument(option, dest="answer", action="store_const", const=each, default=None, help=meaning)


def _instant(text: str) -> datetime:
    """Read an instant; a date alone is the end of that day, as in "the debtors as of 31 October"."""
    try:
        return datetime.combine(date.fromisoformat(text), time.max)
    except ValueError:
        return datetime.fromisoformat(text)


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "unknown"
