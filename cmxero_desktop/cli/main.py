"""Run one verb and return the exit status.

0 done, 1 could not, 2 wrong usage, 3 done but not for every row, 130 stopped by the person.
"""

import argparse
import json
import logging
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TextIO

from cmxero_desktop.cli.answers import COULD_NOT, DONE, NOT_EVERY_ROW, STOPPED, WRONG_USAGE, Answer
from cmxero_desktop.cli.arguments import build_parser, refuse_contradictions
from cmxero_desktop.cli.passwords import ask_secret as ask_at_terminal
from cmxero_desktop.cli.verbs import CLOSED_VERBS, OPEN_VERBS, Verb
from cmxero_desktop.domain.errors import DeskError
from cmxero_desktop.domain.strangers import harmless
from cmxero_desktop.services.verbs.desk import Desk, DeskFactory

_log = logging.getLogger(__name__)

__all__ = ["COULD_NOT", "DONE", "NOT_EVERY_ROW", "STOPPED", "WRONG_USAGE", "run"]


def run(
    arguments: Sequence[str],
    factory: DeskFactory,
    *,
    out: TextIO = sys.stdout,
    err: TextIO = sys.stderr,
    ask_secret: Callable[[str], str | None] = ask_at_terminal,
) -> int:
    """Run the command line `arguments` (without the program's name)."""
    try:
        parser = build_parser()
        asked = parser.parse_args(arguments)
        refuse_contradictions(parser, asked)
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else WRONG_USAGE
    asked.ask_secret = ask_secret
    asked.warn = lambda sentence: err.write(harmless(f"{sentence}\n"))
    status = DONE
    try:
        with _opened(asked, factory) as (verb, desk):
            answer = verb(asked, desk)
            # Before anything is closed: what was done comes out, whatever happens then.
            _say(answer, out, err, is_json=asked.json)
            status = answer.status
    except DeskError as error:
        err.write(harmless(f"{error.title}: {error}\n"))
        return COULD_NOT
    except BrokenPipeError:
        raise
    except Exception as error:  # noqa: BLE001 - a script, too, is told in a sentence
        # The trace goes to the log; its words stay out of the sentence, since they may hold anything.
        _log.exception("The verb met something that nobody foresaw")
        err.write(
            harmless(
                f"Something went wrong that this program does not expect ({type(error).__name__}). "
                "Run cmxero verify to see that everything holds; if it stays, contact support.\n"
            )
        )
        return COULD_NOT
    except KeyboardInterrupt:
        err.write("Stopped. What was under way is looked after when the program runs next; nothing is written twice.\n")
        return STOPPED
    return status


@contextmanager
def _opened(asked: argparse.Namespace, factory: DeskFactory) -> Iterator[tuple[Verb, Desk]]:
    closed = CLOSED_VERBS.get(asked.verb)
    with factory.closed(asked.home) if closed is not None else factory.open(asked.home) as desk:
        yield closed or OPEN_VERBS[asked.verb], desk


def _say(answer: Answer, out: TextIO, err: TextIO, *, is_json: bool) -> None:
    if answer.document is not None and is_json:
        out.write(harmless(f"{json.dumps(answer.document, ensure_ascii=False, indent=2)}\n"))
    elif answer.document is not None:
        out.write(harmless(f"{answer.text}\n"))
    if answer.trouble:
        err.write(harmless(f"{answer.trouble}\n"))
