"""Write a report as a text file."""

from pathlib import Path

from cmxero_desktop.domain.errors import DeskError
from cmxero_desktop.domain.strangers import harmless


def write_text(text: str, path: Path) -> Path:
    """Write the text and return its path; raises DeskError where it cannot be written."""
    try:
        path.write_text(harmless(f"{text}\n"), encoding="utf-8", errors="backslashreplace")
    except OSError as error:
        message = f"{path} could not be written: {error.strerror}."
        raise DeskError(message, "Close it where it is open, or choose another folder.") from error
    return path
