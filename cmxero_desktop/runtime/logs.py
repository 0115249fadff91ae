"""Keep a log that a person may send to somebody: tokens, codes and passwords are taken out before a line is written."""

import logging
import re
import sys
from logging.handlers import RotatingFileHandler
from pathlib import Path

_KEPT_BYTES = 1_000_000
_KEPT_FILES = 5
_HIDDEN = "[hidden]"
_SECRETS = (
    re.compile(r"(?i)\b(bearer|basic)\s+[A-Za-z0-9._~+/=-]{8,}"),
    re.compile(
        r"(?i)([\"']?\b(?:access_token|refresh_token|id_token|code|code_verifier|client_secret|password|token)\b[\"']?"
        r"\s*[=:]\s*[\"']?)[^\s\"'&,}]{4,}"
    ),
    re.compile(r"(://[^/\s:@]+:)[^@\s/]+(?=@)"),
    re.compile(r"\beyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*"),
)


def redacted(text: str) -> str:
    """Return the text without anything that looks like a token, a code or a password."""
    for pattern in _SECRETS:
        text = pattern.sub(lambda found: (found.group(1) if found.re.groups else "") + _HIDDEN, text)
    return text


class RedactingFormatter(logging.Formatter):
    """Formats a record, its traceback included, and takes secrets out of the whole."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the finished, redacted line."""
        return redacted(super().format(record))


def start_logging(home: Path | None, *, to_stderr: bool) -> Path | None:
    """Log to `home/logs/desk.log` and, for scripts, warnings to standard error; return the log's path."""
    root = logging.getLogger("cmxero_desktop")
    root.setLevel(logging.INFO)
    formatter = RedactingFormatter("%(asctime)s %(levelname)s %(name)s: %(message)s")
    for handler in tuple(root.handlers):
        root.removeHandler(handler)
        handler.close()
    path = None
    if home is not None:
        path = home / "logs" / "desk.log"
        path.parent.mkdir(parents=True, exist_ok=True)
        handler = RotatingFileHandler(path, maxBytes=_KEPT_BYTES, backupCount=_KEPT_FILES, encoding="utf-8", delay=True)
        handler.setFormatter(formatter)
        root.addHandler(handler)
    if to_stderr:
        stream = logging.StreamHandler(sys.stderr)
        stream.setLevel(logging.WARNING)
        stream.setFormatter(formatter)
        root.addHandler(stream)
    return path
