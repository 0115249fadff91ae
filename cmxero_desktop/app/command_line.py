"""Run `cmxero`: the command line over the real keyring, browser, databases and Xero."""

import contextlib
import os
import sys
import webbrowser
from collections.abc import Sequence
from dataclasses import replace

from cmxero_desktop.adapters.secrets import KeyringSecrets
from cmxero_desktop.app.autostart import autostart_of
from cmxero_desktop.app.desks import Desks, Parts
from cmxero_desktop.cli.main import run
from cmxero_desktop.cli.telling import complain, is_reader_gone
from cmxero_desktop.runtime.logs import start_logging


def run_command_line(arguments: Sequence[str]) -> int:
    """Run one verb and return the exit status."""
    start_logging(None, to_stderr=True)
    for stream in (sys.stdout, sys.stderr):
        # Where an old code page cannot show a character, a script must not break over it.
        with contextlib.suppress(AttributeError):
            stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    try:
        return run(arguments, Desks(replace(real_parts(), say=_say)))
    except OSError as error:
        if not is_reader_gone(error):
            raise
        # The reader of our output (`| head`) went away; there is nobody left to tell.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _say(sentence: str) -> None:
    # Standard output is for the answer alone.
    # Where that takes nothing either, as on a full disk, what is being done goes on.
    complain(sys.stderr, sentence)


def real_parts() -> Parts:
    """Return the operating system's keyring, browser and way of starting at sign-in."""
    return Parts(secrets=KeyringSecrets, open_browser=webbrowser.open, autostart=autostart_of)
