"""Decide which files of the wheels go into the bundle: what the program uses, and not what only makes programs."""

import re
from pathlib import PurePosixPath

# Qt's packages hold a workshop; the window needs three libraries, their Python sides, one platform and one style.
_QT = frozenset(
    {
        "PySide6/__init__.py",
        "PySide6/_config.py",
        "PySide6/_git_pyside_version.py",
        "PySide6/Qt6Core.dll",
        "PySide6/Qt6Gui.dll",
        "PySide6/Qt6Widgets.dll",
        "PySide6/QtCore.pyd",
        "PySide6/QtGui.pyd",
        "PySide6/QtWidgets.pyd",
        "PySide6/pyside6.abi3.dll",
        "PySide6/msvcp140.dll",
        "PySide6/msvcp140_1.dll",
        "PySide6/msvcp140_2.dll",
        "PySide6/vcruntime140.dll",
        "PySide6/vcruntime140_1.dll",
        "PySide6/plugins/platforms/qwindows.dll",
        "PySide6/plugins/styles/qmodernwindowsstyle.dll",
        "shiboken6/__init__.py",
        "shiboken6/_config.py",
        "shiboken6/_git_shiboken_module_version.py",
        "shiboken6/Shiboken.pyd",
        "shiboken6/shiboken6.abi3.dll",
        "shiboken6/msvcp140.dll",
        "shiboken6/vcruntime140.dll",
        "shiboken6/vcruntime140_1.dll",
    }
)
# Parts of packages that the program never asks for, by the beginning of their names.
_PARTS_NOT_USED = (
    "PyInstaller/",
    # They make libraries such as PyNaCl's, which then needs only `_cffi_backend`; pywin32-ctypes takes ctypes instead.
    "cffi/",
    "pycparser/",
    "alembic/testing/",
    "icalendar/tests/",
    "pkg_resources/",
    "psycopg/tests/",
    "setuptools/",
    "_distutils_hack/",
    "distutils-precedence.pth",
    "sqlalchemy/dialects/oracle/",
    "sqlalchemy/testing/",
    "xero_python/appstore/",
    "xero_python/assets/",
    "xero_python/bankfeeds/",
    "xero_python/file/",
    "xero_python/files/",
    "xero_python/finance/",
    "xero_python/payrollau/",
    "xero_python/payrollnz/",
    "xero_python/payrolluk/",
    "xero_python/project/",
    # Would keep secrets in plain text.
    "keyrings/alt/",
)
_TESTS = re.compile(r"(?:^|/)(?:tests?|testing|docs?|examples?)/")
# What a compiler or a type checker reads.
_FOR_MAKING = frozenset({".c", ".cpp", ".h", ".lib", ".pxd", ".pyi", ".pyx"})
# Of a package's own description this is read at run time: its version, and the plug-ins that it brings.
_DESCRIPTION = frozenset({"METADATA", "entry_points.txt"})


def is_kept(name: str) -> bool:
    """Tell whether a file of site-packages, by its name there, goes into the bundle."""
    path = PurePosixPath(name)
    if path.parts[0] in {"PySide6", "shiboken6"}:
        return name in _QT
    if path.parts[0].endswith(".dist-info"):
        return path.name in _DESCRIPTION and not path.parts[0].startswith("setuptools-")
    is_workshop = path.suffix in _FOR_MAKING or path.name == "py.typed"
    return not (is_workshop or name.startswith(_PARTS_NOT_USED) or _TESTS.search(name))
