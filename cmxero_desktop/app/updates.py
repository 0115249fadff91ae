"""Construct what asks for news of a newer version: over the system's trust store and proxy, as Xero is asked."""

import random
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from cmxero_desktop import __version__
from cmxero_desktop.adapters.releases.memory import ReleaseMemoryFile
from cmxero_desktop.adapters.releases.signature import is_signed
from cmxero_desktop.adapters.releases.source import ManifestSource
from cmxero_desktop.adapters.settings_file import TomlSettingsFile
from cmxero_desktop.adapters.store.migrating import HEAD
from cmxero_desktop.app.clock import utc_now
from cmxero_desktop.services.connecting.updates import LONGEST_JITTER, Updates

if TYPE_CHECKING:
    import urllib3


def updates_of(home: Path, file: TomlSettingsFile) -> Updates:
    """Return what knows of newer versions for one home folder; nothing is asked by this."""

    def pool_for(url: str) -> "urllib3.PoolManager":
        from cmxero_desktop.adapters.xero.pool import pool_for

        return pool_for(url, proxy=file.load().xero.proxy)

    return Updates(
        settings_file=file,
        source=ManifestSource(pool_for),
        is_signed=is_signed,
        memory=ReleaseMemoryFile(home),
        clock=utc_now,
        jitter=lambda: timedelta(seconds=random.SystemRandom().uniform(0, LONGEST_JITTER.total_seconds())),
        own_version=__version__,
        own_store_revision=HEAD,
    )
