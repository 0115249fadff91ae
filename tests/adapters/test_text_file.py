"""A report is written as a text file, whatever names it holds; a place that does not do is named."""

from pathlib import Path

import pytest

from cmxero_desktop.adapters.text_file import write_text
from cmxero_desktop.domain.errors import DeskError


def test_a_report_is_written(tmp_path: Path) -> None:
    path = write_text("Zoë \ud800", tmp_path / "report.txt")
    assert path.read_text(encoding="utf-8") == "Zoë \\ud800\n"


def test_a_place_that_does_not_do_is_named(tmp_path: Path) -> None:
    with pytest.raises(DeskError, match="could not be written"):
        write_text("Zoë", tmp_path / "no" / "report.txt")
