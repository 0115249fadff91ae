"""Keep a log that a person may send to somebody: tokens, codes and passwords are taken out before a line is written.

What nobody caught goes the same way: an exception that ends a thread, or that comes out of a slot of the window.
"""

import faulthandler
import logging
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType
from typing import TextIO

from cmxero_desktop.domain.strangers import harmless
from cmxero_desktop.runtime.redaction import redacted

__all__ = ["RedactingFormatter", "log_tail", "redacted", "start_logging", "stop_logging"]

LOG_FILE, CRASH_FILE = "desk.log", "crash.log"
_KEPT_BYTES = 1_000_000
_KEPT_FILES = 5
_TAIL_BYTES = 64_000
_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
_log = logging.getLogger(__name__)
_crash_files: list[TextIO] = []
_listeners: list[Callable[[Exception], object]] = []


class RedactingFormatter(logging.Formatter):
    """Formats a record, its traceback included, and takes secrets and what a terminal obeys out of the whole."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the finished, redacted line; what follows it is set in, so that no text can pretend to be a line."""
        return harmless(redacted(super().format(record))).replace("\n", "\n  ")


class _Quiet(logging.Handler):
    """A handler of ours: what it cannot write is lost, and never shown with its arguments as Python would."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's name
        """Say nothing: the record may hold anything."""


class _FileHandler(_Quiet, RotatingFileHandler):
    def doRollover(self) -> None:  # noqa: N802 - logging's name
        """Begin another file; where somebody has this one open, which Windows lets nobody rename, go on in it."""
        with suppress(OSError):
            super().doRollover()


class _StreamHandler(_Quiet, logging.StreamHandler[TextIO]):
    pass


def start_logging(home: Path | None, *, to_stderr: bool) -> Path | None:
    """Log to `home/logs/desk.log` and, for scripts, warnings to standard error; return the log's path.

    Libraries are heard from warnings on. Whatever nobody catches is logged too, redacted, instead of printed bare.
    """
    stop_logging()
    root = logging.getLogger()
    logging.getLogger("cmxero_desktop").setLevel(logging.INFO)
    path = None
    if home is not None:
        path = home / "logs" / LOG_FILE
        path.parent.mkdir(parents=True, exist_ok=True)
        _add(root, _FileHandler(path, maxBytes=_KEPT_BYTES, backupCount=_KEPT_FILES, encoding="utf-8", delay=True))
        _watch_for_crashes(path.with_name(CRASH_FILE))
    if to_stderr:
        stream = _StreamHandler(sys.stderr)
        stream.setLevel(logging.WARNING)
        _add(root, stream)
    sys.excepthook = _uncaught
    threading.excepthook = _uncaught_in_thread
    sys.unraisablehook = _unraisable
    return path


def stop_logging() -> None:
    """Close the log and give Python's own hooks back; an empty crash file goes."""
    root = logging.getLogger()
    for handler in [each for each in root.handlers if isinstance(each, _Quiet)]:
        root.removeHandler(handler)
        handler.close()
    _forget_crashes()
    sys.excepthook, threading.excepthook = sys.__excepthook__, threading.__excepthook__
    sys.unraisablehook = sys.__unraisablehook__


def log_tail(home: Path) -> str:
    """Return the end of the log, from the beginning of a line on, redacted once more; nothing where there is none."""
    path = home / "logs" / LOG_FILE
    if not path.is_file():
        return ""
    with path.open("rb") as file:
        size = path.stat().st_size
        file.seek(max(0, size - _TAIL_BYTES))
        text = file.read(_TAIL_BYTES).decode("utf-8", errors="replace").replace("\r\n", "\n")
    if size > _TAIL_BYTES:
        text = text.partition("\n")[2]
    return redacted(text)


@contextmanager
def uncaught_told(tell: Callable[[Exception], object]) -> Iterator[None]:
    """Tell of what nobody caught, each place in the code once: a painting that fails would fail again at once.

    `tell` is called on whichever thread it happened.
    """
    told: set[object] = set()

    def tell_once(error: Exception) -> None:
        last = error.__traceback__
        while last is not None and last.tb_next is not None:
            last = last.tb_next
        place = (type(error), last and (last.tb_frame.f_code, last.tb_lineno))
        if place not in told:
            told.add(place)
            tell(error)

    _listeners.append(tell_once)
    try:
        yield
    finally:
        _listeners.remove(tell_once)


def _add(root: logging.Logger, handler: logging.Handler) -> None:
    handler.setFormatter(RedactingFormatter(_FORMAT))
    handler.addFilter(lambda record: record.levelno >= logging.WARNING or record.name.startswith("cmxero_desktop"))
    root.addHandler(handler)


def _watch_for_crashes(path: Path) -> None:
    """Let a crash below Python leave the place where it happened: names of functions and lines, no value."""
    # Kept open for as long as the process lives: at a crash there is no time left to open anything.
    file = path.open("a", encoding="utf-8")
    _crash_files.append(file)
    faulthandler.enable(file)


def _forget_crashes() -> None:
    while _crash_files:
        faulthandler.disable()
        file = _crash_files.pop()
        file.close()
        path = Path(file.name)
        with suppress(OSError):
            # Another running copy may have written to it meanwhile.
            if not path.stat().st_size:
                path.unlink()


def _uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        _log.warning("Ended from the keyboard")
        return
    _log.critical("Something went wrong that nobody foresaw", exc_info=(kind, error, trace))
    _tell(error)


def _uncaught_in_thread(args: threading.ExceptHookArgs) -> None:
    if args.exc_value is None or issubclass(args.exc_type, SystemExit):
        return
    name = args.thread.name if args.thread else "unknown"
    exc_info = (args.exc_type, args.exc_value, args.exc_traceback)
    _log.critical("The thread %s ended by something that nobody foresaw", name, exc_info=exc_info)
    _tell(args.exc_value)


def _tell(error: BaseException) -> None:
    if not isinstance(error, Exception):
        return
    for listener in _listeners:
        # Whoever cannot tell it must not make another of it.
        with suppress(Exception):
            listener(error)


def _unraisable(args: "sys.UnraisableHookArgs") -> None:
    # The object itself is not shown: its text may be anything.
    error = args.exc_value
    exc_info = (type(error), error, args.exc_traceback) if error is not None else None
    _log.error("%s in %s", args.err_msg or "Ignored", type(args.object).__name__, exc_info=exc_info)
