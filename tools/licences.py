"""Say under what may be shipped: each package with the licence that somebody read, and each library that comes in one.

A new package, or one that changed its licence, stops the build and the checks until it stands here.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from packaging.utils import canonicalize_name

# May be shipped with a program under the MIT licence. The LGPL's libraries lie as files of their own, to be exchanged;
# MPL-2.0 binds only changed files of its own; Microsoft lets its C++ runtime be passed on as it is.
ALLOWED = frozenset(
    {
        *("MIT", "MIT-0", "ISC", "0BSD", "BSD-2-Clause", "BSD-3-Clause", "Apache-2.0", "PSF-2.0", "PostgreSQL"),
        *("LGPL-3.0-only", "MPL-2.0", "Public-Domain", "Microsoft-C++-Redistributable"),
    }
)
READ = {
    "alembic": "MIT",
    "apscheduler": "MIT",
    "backports-tarfile": "MIT",
    "certifi": "MPL-2.0",
    "cffi": "MIT-0",
    "cryptography": "Apache-2.0 OR BSD-3-Clause",
    "defusedxml": "PSF-2.0",
    "et-xmlfile": "MIT",
    "filelock": "MIT",
    "icalendar": "BSD-2-Clause",
    "importlib-metadata": "Apache-2.0",
    "jaraco-classes": "MIT",
    "jaraco-context": "MIT",
    "jaraco-functools": "MIT",
    "jeepney": "MIT",
    "keyring": "MIT",
    "lazy-importer": "Apache-2.0",
    "mako": "MIT",
    "markupsafe": "BSD-3-Clause",
    "more-itertools": "MIT",
    "msgspec": "BSD-3-Clause",
    "openpyxl": "MIT",
    "platformdirs": "MIT",
    "psycopg": "LGPL-3.0-only",
    "psycopg-binary": "LGPL-3.0-only",
    "pycparser": "BSD-3-Clause",
    "pymysql": "MIT",
    "pynacl": "Apache-2.0",
    "pyside6-essentials": "LGPL-3.0-only OR GPL-2.0-only OR GPL-3.0-only",
    "python-dateutil": "BSD-3-Clause",
    "python-tds": "MIT",
    "pywin32-ctypes": "BSD-3-Clause",
    "secretstorage": "BSD-3-Clause",
    "setuptools": "MIT",
    "shiboken6": "LGPL-3.0-only OR GPL-2.0-only OR GPL-3.0-only",
    "sqlalchemy": "MIT",
    "tomlkit": "MIT",
    "truststore": "MIT",
    "typing-extensions": "PSF-2.0",
    "tzdata": "Apache-2.0",
    "tzlocal": "MIT",
    "urllib3": "MIT",
    "xero-python": "MIT",
    "xlsxwriter": "BSD-2-Clause",
    "zipp": "MIT",
}
# What older packages say in words of their own.
_ALSO_CALLED = {
    "Apache Software License": "Apache-2.0",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
}
_MICROSOFT = "Microsoft-C++-Redistributable"
# Libraries without a package: by their names in the bundle, whose they are and what they stand under.
_LIBRARIES = (
    (r"runtime/(?:python3|python313)\.dll", "PSF-2.0"),
    (r"runtime/_?[a-z]\w*\.pyd", "PSF-2.0"),
    (r"(?:.*/)?(?:vcruntime140|vcruntime140_1|msvcp140|msvcp140_1|msvcp140_2)\.dll", _MICROSOFT),
    (r"runtime/lib(?:crypto|ssl)-3\.dll", "Apache-2.0"),
    (r"runtime/libffi-8\.dll", "MIT"),
    (r"runtime/sqlite3\.dll", "Public-Domain"),
    (r"runtime/Lib/site-packages/psycopg_binary\.libs/lib(?:crypto|ssl)-3-x64-[0-9a-f]+\.dll", "Apache-2.0"),
    (r"runtime/Lib/site-packages/psycopg_binary\.libs/libpq-[0-9a-f]+\.dll", "PostgreSQL"),
    (r"runtime/Lib/site-packages/(?:psycopg_binary|PySide6|shiboken6)/.+\.(?:dll|pyd)", "LGPL-3.0-only"),
    (r"runtime/Lib/site-packages/sqlalchemy/.+\.pyd", "MIT"),
    (r"runtime/Lib/site-packages/(?:markupsafe|msgspec)/.+\.pyd", "BSD-3-Clause"),
    # libsodium inside PyNaCl, and what joins it to Python.
    (r"runtime/Lib/site-packages/nacl/_sodium\.pyd", "ISC"),
    (r"runtime/Lib/site-packages/_cffi_backend\..+\.pyd", "MIT"),
    (r"cmxero(?:-desktop)?\.exe", "MIT"),
)


@dataclass(frozen=True, slots=True)
class Carried:
    """A package as it is carried: its name, and what it says of its licence."""

    name: str
    licence: str


def is_allowed(licence: str) -> bool:
    """Tell whether a licence expression leaves a way that may be gone: one of the `OR`, all of its `AND`."""
    ways = (way.strip(" ()") for way in licence.split(" OR "))
    return any(all(part.strip(" ()") in ALLOWED for part in way.split(" AND ")) for way in ways)


def objections(packages: Iterable[Carried]) -> list[str]:
    """Return a sentence for each package that nobody read, that says something else now, or that may not be shipped."""
    found = []
    for package in packages:
        name = canonicalize_name(package.name)
        said = _ALSO_CALLED.get(package.licence, package.licence)
        if name not in READ:
            found.append(f"{name} ({said}) stands in no list: read its licence, then name it in tools/licences.py")
        elif READ[name] != said:
            found.append(f"{name} stood under {READ[name]} when it was read, and now says {said}: read it again")
        elif not is_allowed(said):
            found.append(f"{name} stands under {said}, which may not be shipped")
    return found


def library_objections(names: Iterable[str]) -> list[str]:
    """Return a sentence for each library or program of a bundle that nobody named."""
    return [
        f"{name} is a library that stands in no list: find out whose it is, then name it in tools/licences.py"
        for name in names
        if not any(re.fullmatch(pattern, name) and is_allowed(licence) for pattern, licence in _LIBRARIES)
    ]
