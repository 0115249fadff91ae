"""The pins that a Windows Python is given are exactly those that a Windows Python would take."""

from pathlib import Path
from zipfile import ZipFile

from tools.windows.pins import pins_for_windows, unpack_wheels
from tools.windows.place import ROOT

SAID = """\
# This file was made
alembic==1.20.1 \\
    --hash=sha256:aa \\
    --hash=sha256:bb
    # via cm-xero-desk (pyproject.toml)
cffi==2.1.1 ; platform_python_implementation != 'PyPy' and sys_platform == 'linux' \\
    --hash=sha256:cc
psycopg[binary]==3.3.9 \\
    --hash=sha256:dd
pywin32-ctypes==0.2.3 ; sys_platform == 'win32' \\
    --hash=sha256:ee
zipp==4.1.2 ; python_full_version < '3.12' \\
    --hash=sha256:ff
"""


def test_markers_are_judged_for_windows_and_not_for_this_machine() -> None:
    assert pins_for_windows(SAID) == {
        "alembic": "alembic==1.20.1 --hash=sha256:aa --hash=sha256:bb",
        "psycopg": "psycopg[binary]==3.3.9 --hash=sha256:dd",
        "pywin32-ctypes": "pywin32-ctypes==0.2.3 --hash=sha256:ee",
    }


def test_what_is_shipped_can_sign_in_to_every_database_and_has_windows_own_keyring() -> None:
    pins = pins_for_windows((ROOT / "requirements" / "runtime.txt").read_text(encoding="utf-8"))
    assert {"keyring", "psycopg-binary", "pymysql", "python-tds", "pywin32-ctypes", "truststore"} <= pins.keys()
    assert not {"secretstorage", "jeepney", "cryptography"} & pins.keys()
    assert all(" --hash=sha256:" in line for line in pins.values())


def test_a_wheel_s_data_for_site_packages_lies_there_and_its_scripts_nowhere(tmp_path: Path) -> None:
    wheel = tmp_path / "one-1-py3-none-any.whl"
    with ZipFile(wheel, "w") as archive:
        archive.writestr("one/__init__.py", "")
        archive.writestr("one-1.data/purelib/two.py", "two = 2\n")
        archive.writestr("one-1.data/scripts/one.exe", "")
    unpack_wheels([wheel], tmp_path / "site")
    found = {
        path.relative_to(tmp_path / "site").as_posix() for path in (tmp_path / "site").rglob("*") if path.is_file()
    }
    assert found == {"one/__init__.py", "two.py"}
