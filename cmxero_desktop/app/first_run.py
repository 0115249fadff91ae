"""Lead a person through the first run: a home folder without settings opens the wizard instead of an error."""

import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from cmxero_desktop.app.clock import local_zone, user
from cmxero_desktop.app.first_frame import PREFERENCES_NAME
from cmxero_desktop.runtime.worker import Worker

if TYPE_CHECKING:
    from cmxero_desktop.app.desks import Parts
    from cmxero_desktop.services.ports.setup import Setup
    from cmxero_desktop.services.records.setup import WizardEnd
    from cmxero_desktop.ui.wizard.wizard import WizardHandle

IDENTITY_URL, API_URL = "CMXERO_SANDBOX_IDENTITY_URL", "CMXERO_SANDBOX_API_URL"


def first_setup(folder: Path, parts: "Parts | None" = None) -> "Setup":
    """Return the setup of a home folder, on real Xero unless the environment names a sandbox on this computer.

    Raises SettingsError where it names another computer.
    """
    from cmxero_desktop.app.command_line import real_parts
    from cmxero_desktop.app.setup import firm_setup

    identity_url, api_url = os.environ.get(IDENTITY_URL, ""), os.environ.get(API_URL, "")
    return firm_setup(parts or real_parts(), folder, user(), identity_url=identity_url, api_url=api_url)


def run_first(setup: "Setup", folder: Path, on_ready: "Callable[[WizardHandle], None]") -> "WizardEnd":
    """Show the wizard of a home folder with a worker of its own, and say how the person left it."""
    from cmxero_desktop.ui.desk.preferences import FilePreferences
    from cmxero_desktop.ui.wizard.wizard import run_wizard

    worker = Worker()
    try:
        today = datetime.now(UTC).astimezone(local_zone()).date()
        remembered = FilePreferences(folder / PREFERENCES_NAME)
        return run_wizard(setup, on_worker=worker.submit, today=today, preferences=remembered, on_ready=on_ready)
    finally:
        worker.stop()
