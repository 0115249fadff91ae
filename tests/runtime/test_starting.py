"""Whatever keeps the program from running is said in a sentence that names the folder and what to do."""

import errno
from pathlib import Path

import pytest

from cmxero_desktop.domain.errors import SettingsError
from cmxero_desktop.runtime.starting import start_trouble

HOME = Path("/firm/desk")


@pytest.mark.parametrize(
    ("error", "what", "remedy"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "is full", "Make room"),
        (OSError(errno.EDQUOT, "Disk quota exceeded"), "is full", "Make room"),
        (OSError(errno.ENOLCK, "No locks available"), "has no file locks", "--home or CMXERO_HOME"),
        (OSError(errno.EOPNOTSUPP, "Operation not supported"), "has no file locks", "--home or CMXERO_HOME"),
        (NotImplementedError("FileSystem does not appear to support flock"), "has no file locks", "CMXERO_HOME"),
        (OSError(errno.EIO, "Input/output error", "/firm/desk/x"), "(/firm/desk/x: Input/output error)", str(HOME)),
        (PermissionError(errno.EACCES, "Permission denied"), "(Permission denied)", str(HOME)),
        (OSError(), "(OSError)", str(HOME)),
        (ImportError("libGL.so.1: cannot open"), "cannot be loaded (libGL.so.1: cannot open)", "Install it again"),
        (ModuleNotFoundError("No module named 'PySide6'"), "(No module named 'PySide6')", "Install it again"),
        (KeyError("password=hunter2"), "does not expect (KeyError)", "tell your support"),
    ],
)
def test_every_trouble_has_a_sentence_and_a_remedy(error: Exception, what: str, remedy: str) -> None:
    trouble = start_trouble(error, lambda: HOME)
    assert trouble.title == "CM-Xero Desk cannot run"
    assert what in trouble.message
    assert remedy in trouble.remedy
    assert "hunter2" not in str(trouble)


def test_where_there_is_no_folder_that_is_what_is_said() -> None:
    def find() -> Path:
        raise lacking

    lacking = SettingsError("The folder /firm/desk cannot be used: Not a directory.")
    assert start_trouble(KeyError("odd"), find) is lacking


def test_a_log_is_named_only_where_there_is_one() -> None:
    log = HOME / "logs" / "desk.log"
    assert f"send {log} to your support" in start_trouble(KeyError("odd"), lambda: HOME, log).remedy


@pytest.mark.parametrize("lacking", [RuntimeError("no home"), FileNotFoundError("no temporary directory"), KeyError()])
def test_where_no_folder_can_even_be_found_that_is_said(lacking: Exception) -> None:
    def find() -> Path:
        raise lacking

    trouble = start_trouble(KeyError("odd"), find)
    assert f"no folder to work in ({type(lacking).__name__})" in trouble.message
    assert "--home or CMXERO_HOME" in trouble.remedy
