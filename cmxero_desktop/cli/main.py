"""Run one verb and return the exit status.

0 done, 1 could not, 2 wrong usage, 3 done but not for every row, 130 stopped by the person.
"""

import argparse
import logging
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TextIO

from cmxero_desktop.cli.answers import COULD_NOT, DONE, NOT_EVERY_ROW, STOPPED, WRONG_USAGE
from cmxero_desktop.cli.arguments import build_parser, refuse_contradictions
from cmxero_desktop.cli.passwords import ask_secret as ask_at_terminal
from cmxero_desktop.cli.telling import complain, tell
from cmxero_desktop.cli.verbs import CLOSED_VERBS, OPEN_VERBS, Verb
from cmxero_desktop.domain.errors import DeskError
from cmxero_desktop.services.verbs.desk import Desk, DeskFactory

_log = logging.getLogger(__name__)

__all__ = ["COULD_NOT", "DONE", "NOT_EVERY_ROW", "STOPPED", "WRONG_USAGE", "run"]


def run(
    arguments: Sequence[str],
    factory: DeskFactory,
    *,
    out: TextIO | None = sys.stdout,
    err: TextIO | None = sys.stderr,
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
    asked.warn = lambda sentence: complain(err, sentence)
    status = DONE
    try:
        with _opened(asked, factory) as (verb, desk):
            answer = verb(asked, desk)
            # Before anything is closed: what was done comes out, whatever happens then.
            status = tell(answer, out, err, is_json=asked.json)
    except DeskError as error:
        complain(err, f"{error.title}: {error}")
        return COULD_NOT
    except Exception as error:  # noqa: BLE001 - a script, too, is told in a sentence
        # The trace goes to the log; its words stay out of the sentence, since they may hold anything.
        _log.exception("The verb met something that nobody foresaw")
        complain(
            err,
            f"Something went wrong that this program does not expect ({type(error).__name__}). "
            "Run cmxero verify to see that everything holds; if it stays, contact support.",
        )
        return COULD_NOT
    except KeyboardInterrupt:
        complain(
            err, "Stopped. What was under way is looked after when the program runs next; nothing is written twice."
        )
        return STOPPED
    return status


@contextmanager
def _opened(asked: argparse.Namespace, factory: DeskFactory) -> Iterator[tuple[Verb, Desk]]:
    closed = CLOSED_VERBS.get(asked.verb)
    with factory.closed(asked.home) if closed is not None else factory.open(asked.home) as desk:
        yield closed or OPEN_VERBS[asked.verb], desk
