"""Write a bundle as one zip file: whole or not at all, and the same bytes for the same bundle."""

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

from cmxero_desktop.domain.errors import DeskError
from cmxero_desktop.held_files import write_whole
from cmxero_desktop.services.records.reports import Bundle

# The earliest that a zip can say: when a bundle was made stands in its files.
_NO_TIME = (1980, 1, 1, 0, 0, 0)
_READABLE_BY_OWNER = 0o600 << 16


def write_bundle(bundle: Bundle, path: Path) -> Path:
    """Write the bundle and return its path; raises DeskError where it cannot be written."""
    if path.suffix.lower() != ".zip":
        message = f"{path} does not end in .zip."
        raise DeskError(message, "Give the bundle a name such as diagnostics.zip.")
    return write_packed({part.name: part.text.encode("utf-8", "backslashreplace") for part in bundle.parts}, path)


def write_packed(files: Mapping[str, bytes], path: Path) -> Path:
    """Write files by their names into one zip and return its path; raises DeskError where it cannot be written."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, _NO_TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = _READABLE_BY_OWNER
            # The same on every system that writes it.
            entry.create_system = 3
            archive.writestr(entry, content)
    return write_bytes(packed.getvalue(), path)


def write_bytes(content: bytes, path: Path) -> Path:
    """Write a file that only its owner can read, whole or not at all; raises DeskError where it cannot be written."""
    try:
        write_whole(path, content)
    except OSError as error:
        message = f"{path} could not be written: {error.strerror}."
        raise DeskError(message, "Close it where it is open, or choose another folder.") from error
    return path
