"""`cmxero diagnostics` shows or writes a bundle, and does one of the two, never neither or both."""

import io
import json
import zipfile
from pathlib import Path

import pytest

from cmxero_desktop.adapters.memory_secrets import MemorySecrets
from cmxero_desktop.app.desks import Desks, Parts
from cmxero_desktop.cli.main import COULD_NOT, DONE, WRONG_USAGE, run


def cmxero(home: Path, *words: str) -> tuple[int, str, str]:
    out, err = io.StringIO(), io.StringIO()
    desks = Desks(Parts(secrets=MemorySecrets, open_browser=lambda _: False))
    return run(["--home", str(home), "diagnostics", *words], desks, out=out, err=err), out.getvalue(), err.getvalue()


def test_a_preview_shows_everything_and_writes_nothing(tmp_path: Path) -> None:
    status, out, _ = cmxero(tmp_path / "home", "--preview", "--json")
    assert status == DONE
    parts = {part["name"]: part["text"] for part in json.loads(out)["parts"]}
    assert "There is no" in parts["about.txt"]
    _, text, _ = cmxero(tmp_path / "home", "--preview")
    assert "== about.txt" in text
    assert "== doctor.json" in text
    assert list(tmp_path.rglob("*.zip")) == []


def test_what_is_written_is_what_the_preview_showed(tmp_path: Path) -> None:
    status, out, _ = cmxero(tmp_path / "home", str(tmp_path / "d.zip"), "--json")
    assert (status, json.loads(out)["file"]) == (DONE, str(tmp_path / "d.zip"))
    _, preview, _ = cmxero(tmp_path / "home", "--preview", "--json")
    shown = {part["name"]: part["text"] for part in json.loads(preview)["parts"]}
    with zipfile.ZipFile(tmp_path / "d.zip") as packed:
        written = {name: packed.read(name).decode() for name in packed.namelist()}
    assert written.keys() == shown.keys()
    assert written["about.txt"] == shown["about.txt"]


@pytest.mark.parametrize("words", [(), ("d.zip", "--preview")])
def test_neither_or_both_is_wrong_usage(tmp_path: Path, words: tuple[str, ...]) -> None:
    assert cmxero(tmp_path, *words)[0] == WRONG_USAGE


def test_a_file_that_is_no_zip_is_refused_in_words(tmp_path: Path) -> None:
    status, _, err = cmxero(tmp_path, str(tmp_path / "d.txt"))
    assert (status, "does not end in .zip" in err) == (COULD_NOT, True)
