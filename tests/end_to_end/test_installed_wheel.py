"""Builds what people install, installs it where the checkout is out of sight, and runs it there."""

import os
import site
import sqlite3
import subprocess
import sys
import tarfile
import venv
import zipfile
from contextlib import closing
from pathlib import Path

from cmxero_desktop.sandbox.case_manager.rows import REFERENCE_DDL
from tests.support.patience import HUNG_S

ROOT = Path(__file__).parents[2]


def _call(*words: str | Path, cwd: Path, env: dict[str, str] | None = None) -> str:
    done = subprocess.run(words, check=False, cwd=cwd, env=env, capture_output=True, text=True, timeout=HUNG_S)
    assert done.returncode == 0, f"{words}: {done.stdout}{done.stderr}"
    return done.stdout


def _built(kind: str, source: Path, place: Path) -> Path:
    _call(sys.executable, "-m", "hatchling", "build", "--target", kind, "--directory", place, cwd=source)
    (archive,) = place.iterdir()
    return archive


def _wheel_of_the_sdist(place: Path) -> Path:
    with tarfile.open(_built("sdist", ROOT, place / "sdist")) as sdist:
        sdist.extractall(place / "unpacked", filter="data")
    (unpacked,) = (place / "unpacked").iterdir()
    return _built("wheel", unpacked, place / "wheel")


def _names(wheel: Path) -> list[str]:
    with zipfile.ZipFile(wheel) as archive:
        return sorted(archive.namelist())


def _installed(wheel: Path, place: Path) -> Path:
    """Install a wheel into an environment that has nothing else, and lend it the libraries that are here already."""
    venv.create(place)
    programs = place / ("Scripts" if sys.platform == "win32" else "bin")
    python = programs / ("python.exe" if sys.platform == "win32" else "python")
    _call(
        sys.executable,
        "-m",
        "pip",
        "--python",
        python,
        "install",
        "--no-deps",
        "--no-index",
        "--quiet",
        wheel,
        cwd=place,
    )
    folder = Path(_call(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=place).strip())
    # What an editable install adds to these folders' paths is not lent: a .pth file counts only in a folder of its own.
    libraries = [path for path in [*site.getsitepackages(), *sys.path] if path.endswith("-packages")]
    (folder / "zz_libraries.pth").write_text("\n".join(libraries), encoding="utf-8")
    return programs


def test_an_installed_wheel_has_its_resources_and_needs_no_checkout(tmp_path: Path) -> None:
    wheel = _wheel_of_the_sdist(tmp_path)
    assert _names(wheel) == _names(_built("wheel", ROOT, tmp_path / "direct"))
    programs = _installed(wheel, tmp_path / "environment")
    case_database = tmp_path / "case.db"
    with closing(sqlite3.connect(case_database)) as connection:
        connection.executescript(";".join(REFERENCE_DDL))
    bare = {
        name: value for name, value in os.environ.items() if name not in {"PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV"}
    }
    environment = {**bare, "CMXERO_HOME": str(tmp_path / "home")}

    def run(program: str, *arguments: str) -> str:
        return _call(programs / program, *arguments, cwd=tmp_path, env=environment)

    where = run("python", "-c", "import cmxero_desktop; print(cmxero_desktop.__file__)")
    assert Path(where.strip()).is_relative_to(tmp_path)
    # Setting up reads the mapping that comes along, and compares the database with it.
    run("cmxero", "init", f"--case-manager-url=sqlite:///{case_database.as_posix()}", "--xero-client-id=wheel-check")
    assert "reference" in (tmp_path / "home" / "settings.toml").read_text(encoding="utf-8")
    run("cmxero", "list", "proposals")
    run("cmxero", "verify")
