"""What the file's name asks for is written: the workbook, the statement, or the auditor's bundle with true hashes."""

import hashlib
import zipfile
from pathlib import Path

import pytest

from cmxero_desktop.app.exports import write_export
from cmxero_desktop.domain.errors import DeskError
from cmxero_desktop.services.viewing.desk_view import DeskView
from cmxero_desktop.services.viewing.statement import newest_hash, statement_of
from tests.ui.views import firm_view


def test_a_workbook_and_a_pdf_are_told_by_the_name(tmp_path: Path) -> None:
    assert zipfile.is_zipfile(write_export(firm_view(), None, tmp_path / "desk.xlsx"))
    made = write_export(firm_view(), None, tmp_path / "tie-out.PDF").read_bytes()
    assert made.startswith(b"%PDF")
    assert newest_hash(firm_view()).encode() in made
    assert b"Signature" in made


def test_the_auditor_s_bundle_holds_everything_and_the_hash_of_each(tmp_path: Path) -> None:
    view = firm_view()
    with zipfile.ZipFile(write_export(view, None, tmp_path / "auditor.zip")) as packed:
        files = {name: packed.read(name) for name in packed.namelist()}
    *sums, newest = files.pop("hashes.txt").decode().splitlines()
    assert set(files) == {"workbook.xlsx", "audit-trail.jsonl", "tie-out.pdf"}
    assert {line[66:]: line[:64] for line in sums} == {
        name: hashlib.sha256(content).hexdigest() for name, content in files.items()
    }
    assert newest.startswith(newest_hash(view))
    assert len(files["audit-trail.jsonl"].splitlines()) == len(view.history)


def test_what_cannot_be_written_leaves_nothing_behind(tmp_path: Path) -> None:
    assert statement_of(firm_view())
    for name in ("a.zip", "a.pdf"):
        with pytest.raises(DeskError, match="could not be written"):
            write_export(firm_view(), None, tmp_path / "no" / name)
        with pytest.raises(DeskError, match="Nothing was compared"):
            write_export(DeskView(state=firm_view().state), None, tmp_path / name)
    assert list(tmp_path.iterdir()) == []
