"""The bundle keeps what the program uses, and nothing of what only makes programs."""

import ast
import subprocess
import sys
import sysconfig
from importlib.metadata import distribution
from importlib.util import find_spec
from pathlib import Path

import pytest

from tools.installer.keeping import is_kept
from tools.windows.place import ROOT


@pytest.mark.parametrize(
    "name",
    [
        "cmxero_desktop/resources/mappings/reference.toml",
        "cmxero_desktop/adapters/store/migrations/env.py",
        "keyring-25.7.0.dist-info/entry_points.txt",
        "keyring-25.7.0.dist-info/METADATA",
        "PySide6/plugins/platforms/qwindows.dll",
        "psycopg_binary.libs/libpq-f339.dll",
        "_cffi_backend.cp313-win_amd64.pyd",
        "nacl/_sodium.pyd",
        "nacl/signing.py",
        "pytds/tds_base.py",
        "sqlalchemy/dialects/mssql/base.py",
        "tzdata/zoneinfo/Australia/Sydney",
        "xero_python/accounting/api/accounting_api.py",
    ],
)
def test_what_the_program_uses_is_kept(name: str) -> None:
    assert is_kept(name)


@pytest.mark.parametrize(
    "name",
    [
        "PySide6/Qt6Quick.dll",
        "PySide6/opengl32sw.dll",
        "PySide6/translations/qtbase_de.qm",
        "PySide6/qml/QtQuick/qmldir",
        "cffi/api.py",
        "icalendar/tests/test_unit.py",
        "keyring-25.7.0.dist-info/RECORD",
        "markupsafe/_speedups.c",
        "setuptools/__init__.py",
        "sqlalchemy/testing/suite/test_select.py",
        "xero_python/payrollau/api.py",
    ],
)
def test_what_only_makes_programs_is_left_out(name: str) -> None:
    assert not is_kept(name)


def test_every_part_of_qt_that_the_program_imports_is_kept() -> None:
    sources = (ROOT / "cmxero_desktop").rglob("*.py")
    trees = (ast.parse(path.read_text(encoding="utf-8")) for path in sources)
    imports = (node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.ImportFrom))
    parts = {str(node.module) for node in imports if str(node.module).startswith("PySide6.")}
    assert parts
    assert [part for part in parts if not is_kept(f"{part.replace('.', '/')}.pyd")] == []


def test_no_python_file_of_the_drivers_is_left_out() -> None:
    for name in ("python-tds", "pymysql", "psycopg"):
        files = [str(file) for file in distribution(name).files or [] if str(file).endswith(".py")]
        assert [file for file in files if not is_kept(Path(file).as_posix())] == []


# Qt's files have other names on Windows: the test above holds those.
_UNDER_WHAT_IS_KEPT = """
import sys
from importlib import import_module
from importlib.machinery import PathFinder
from pathlib import Path

from tools.installer.keeping import is_kept

packages, *names = sys.argv[1:]

class Kept:
    @staticmethod
    def find_spec(name, path=None, target=None):
        spec = PathFinder.find_spec(name, path, target)
        is_qt = name.startswith(("PySide6", "shiboken6"))
        if is_qt or spec is None or spec.origin is None or packages not in spec.origin:
            return spec
        return spec if is_kept(Path(spec.origin).relative_to(packages).as_posix()) else None

sys.meta_path.insert(0, Kept)
for name in names:
    import_module(name)
from cmxero_desktop.adapters.releases.signature import is_signed
from nacl.signing import SigningKey
key = SigningKey.generate()
assert is_signed(bytes(key.verify_key), key.sign(b"1.4.0").signature, b"1.4.0")
assert not is_signed(bytes(key.verify_key), key.sign(b"1.4.0").signature, b"1.5.0")
print(*sorted(name for name in ("cffi", "_cffi_backend", "pycparser") if name in sys.modules))
"""


def test_the_program_and_its_check_of_signatures_run_on_what_is_kept_alone() -> None:
    packages = sysconfig.get_path("platlib")
    names = [name for name in sorted(_imported()) if find_spec(name) is not None]
    assert {"nacl.signing", "keyring", "sqlalchemy", "xero_python.accounting"} <= {*names}
    words = [sys.executable, "-c", _UNDER_WHAT_IS_KEPT, packages, *names]
    ended = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout.split(), ended.stderr) == (0, ["_cffi_backend"], "")


def _imported() -> set[str]:
    """Return the modules of other packages that the program's sources import, wherever in a file they do."""
    found: set[str] = set()
    for path in (ROOT / "cmxero_desktop").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found.update(each.name for each in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module:
                found.add(node.module)
    return {name for name in found if not name.startswith("cmxero_desktop")}
