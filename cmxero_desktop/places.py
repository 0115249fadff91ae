"""Says where the home folder is and what its settings are called, before anything else of the program is loaded."""

import os
from pathlib import Path

SETTINGS_NAME = "settings.toml"


def usual_home(override: Path | None = None) -> Path:
    """Return where the home folder is, whether it exists or not: `override`, else CMXERO_HOME, else the platform's."""
    text = os.environ.get("CMXERO_HOME", "")
    if override is not None or text:
        return (override or Path(text)).expanduser().absolute()
    return platform_home()


def platform_home() -> Path:
    """Return where the home folder is that nobody needs to name."""
    import platformdirs  # noqa: PLC0415 - a tenth of the way to the first painted frame, where it is not needed

    return platformdirs.user_data_path("cm-xero-desk", appauthor=False).expanduser().absolute()
