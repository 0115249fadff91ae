"""Whatever keeps the program from running is said in a sentence that names the folder and what to do."""

import errno
import os
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
        (OSError(errno.EIO, "Input/output error", "/firm/desk/x"), "(/firm/desk/x: Input/output error)", "/firm/desk"),
        (PermissionError(errno.EACCES, "Permission denied"), "(Permission denied)", "/firm/desk"),
        (OSError(), "(OSError)", "/firm/desk"),
        (ImportError("libGL.so.1"), "does not expect (ImportError)", f"logs{os.sep}desk.log"),
        (KeyError("password=hunter2"), "does not expect (KeyError)", f"logs{os.sep}desk.log"),
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
