"""Construct what suggests a mapping for a database."""

from collections.abc import Callable

from cmxero_desktop.adapters.casemanager.suggested import SuggestedFiles, opened_schema
from cmxero_desktop.adapters.sql.addresses import needs_password, split_password
from cmxero_desktop.services.connecting.suggesting import Suggesting, SuggestingParts
from cmxero_desktop.services.ports.computer import Secrets, SettingsFile
from cmxero_desktop.services.ports.store import Store


def suggesting_for(file: SettingsFile, secrets: Secrets, store: Callable[[], Store]) -> Suggesting:
    """Return the use case for a home folder; its store is opened only where there are settings."""
    return Suggesting(
        SuggestingParts(
            open_schema=opened_schema,
            files=SuggestedFiles(),
            split_password=split_password,
            needs_password=needs_password,
            secrets=secrets,
            settings_file=file,
            store=store,
        )
    )
