"""Run the invented firm for another process: print its addresses, serve until stdin closes or SIGTERM."""

import argparse
import json
import os
import signal
import stat
import sys
from datetime import date
from pathlib import Path
from threading import Event, Thread

from cmxero_desktop.sandbox.firm.firm import ORDINARY_INVOICES
from cmxero_desktop.sandbox.firm.running import open_firm


def main(arguments: list[str] | None = None) -> int:
    """Start, say where, wait, and stop."""
    options = _parser().parse_args(arguments)
    ending = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: ending.set())
    running = open_firm(options.home, today=options.today, seed=options.seed, size=options.size, port=options.port)
    running.xero.limits.is_on = not options.no_limits
    if options.redirect_uri:
        running.xero.identity.redirect_uris = frozenset(options.redirect_uri)
    with running:
        print(json.dumps(running.addresses()), flush=True)  # noqa: T201 (this line is the interface)
        _watch_stdin(ending)
        ending.wait()
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m cmxero_desktop.sandbox", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="on 127.0.0.1; 0: a free one")
    parser.add_argument("--seed", type=int, default=1, help="another seed invents other figures")
    parser.add_argument("--size", type=int, default=ORDINARY_INVOICES, help="ordinary invoices to invent")
    parser.add_argument("--home", type=Path, required=True, help="where the case database is written")
    parser.add_argument("--today", type=date.fromisoformat, help="the day that dates are counted from")
    parser.add_argument("--no-limits", action="store_true", help="switch Xero's rate limits off")
    parser.add_argument("--redirect-uri", action="append", help="register this alone; may be repeated")
    return parser


def _watch_stdin(ending: Event) -> None:
    """End when the starter closes the pipe. In the background, without a pipe, wait for a signal."""
    if sys.stdin is None:
        return
    mode = os.fstat(sys.stdin.fileno()).st_mode
    if stat.S_ISCHR(mode) and not sys.stdin.isatty():
        return

    def wait_for_the_end() -> None:
        while os.read(sys.stdin.fileno(), 4096):
            pass
        ending.set()

    Thread(target=wait_for_the_end, name="sandbox-stdin", daemon=True).start()


if __name__ == "__main__":
    sys.exit(main())
