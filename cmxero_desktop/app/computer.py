"""What the Health page and the diagnostics bundle say of this computer."""

import platform
import shutil
from pathlib import Path

from cmxero_desktop import __version__
from cmxero_desktop.runtime.logs import LOG_FILE
from cmxero_desktop.services.reports import HealthFacts


def computer_facts(home: Path, store_place: str) -> HealthFacts:
    """Look at this computer's side of the program."""
    return HealthFacts(
        home=str(home),
        store_place=store_place,
        log_file=str(home / "logs" / LOG_FILE),
        disk_free_bytes=shutil.disk_usage(home).free,
        versions={
            "CM-Xero Desk": __version__,
            "Python": platform.python_version(),
            "System": platform.platform(terse=True),
        },
    )
