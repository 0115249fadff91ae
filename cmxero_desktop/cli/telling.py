"""Tell the answer of a verb, whatever becomes of the streams: it may be all that says what was written."""

import errno
import io
import json
import os
from contextlib import suppress
from typing import TextIO

from cmxero_desktop.cli.answers import COULD_NOT, Answer
from cmxero_desktop.domain.strangers import harmless
from cmxero_desktop.domain.ways import in_terminal

IS_WINDOWS = os.name == "nt"
_NOT_TAKEN = "Standard output did not take the answer ({why}). It says:"
_NO_STREAM = "it is closed"


def tell(answer: Answer, out: TextIO | None, err: TextIO | None, *, is_json: bool) -> int:
    """Write the answer and return the exit status.

    Where standard output does not take it, as on a full disk, it goes to standard error, and the status says so. A
    reader who went away (`| head`) wanted no more.
    """
    text = _text_of(answer, is_json=is_json)
    status = answer.status
    if is_json:
        _speak_utf8(out)
    if text:
        try:
            _write(out, text)
        except (OSError, ValueError) as error:
            if not is_reader_gone(error):
                why = getattr(error, "strerror", None) or _NO_STREAM
                complain(err, f"{_NOT_TAKEN.format(why=why)}\n{text}")
                status = status or COULD_NOT
            _leave(out)
    if answer.trouble:
        complain(err, answer.trouble)
    return status


def _speak_utf8(out: TextIO | None) -> None:
    """Write a document as every reader of JSON expects it, whatever the console's code page is.

    What UTF-8 has no bytes for, half a surrogate pair, is written as its escape, which is JSON as well.
    """
    if isinstance(out, io.TextIOWrapper):
        with suppress(OSError, ValueError):
            out.reconfigure(encoding="utf-8", errors="backslashreplace")


def is_reader_gone(error: Exception) -> bool:
    """Say whether the reader of our output went away, which Windows may call an invalid argument."""
    is_unnamed = IS_WINDOWS and isinstance(error, OSError) and error.errno == errno.EINVAL
    return is_unnamed or isinstance(error, BrokenPipeError)


def complain(err: TextIO | None, text: str) -> None:
    """Write to standard error as far as it takes anything: there is nowhere else to say it."""
    with suppress(OSError, ValueError):
        _write(err, text)


def _text_of(answer: Answer, *, is_json: bool) -> str:
    if answer.document is None:
        return ""
    return json.dumps(answer.document, ensure_ascii=False, indent=2) if is_json else answer.text


def _write(stream: TextIO | None, text: str) -> None:
    """Write a text, whole. Raises OSError or ValueError; a program without a console has no streams."""
    if stream is None:
        raise ValueError(_NO_STREAM)
    stream.write(harmless(f"{in_terminal(text)}\n"))
    # What is not written now fails when nobody can say it any more.
    stream.flush()


def _leave(out: TextIO | None) -> None:
    """Give up a stream, so that what it still holds makes no noise at the end."""
    if out is not None:
        with suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), out.fileno())
