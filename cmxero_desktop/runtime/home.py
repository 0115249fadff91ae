"""See whether the home folder can be used, before anything stumbles over it."""

from pathlib import Path

from cmxero_desktop.domain.errors import SettingsError


def require_usable(folder: Path) -> None:
    """Make the home folder where there is none. Raises SettingsError where it cannot be written to."""
    probe = folder / ".probe"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe.touch()
        probe.unlink()
    except OSError as error:
        message = f"The program's folder {folder} cannot be used: {error.strerror}."
        raise SettingsError(message, "Check that its drive is there and that you may write to it.") from error
