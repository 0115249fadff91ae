"""The verb that asks whether there is a newer version of the program."""

import argparse
from datetime import datetime

from cmxero_desktop.cli.answers import Answer
from cmxero_desktop.cli.rows import Row
from cmxero_desktop.domain.releases import Release
from cmxero_desktop.domain.strangers import as_lines
from cmxero_desktop.services.diagnostics.update_words import lines_of_updates
from cmxero_desktop.services.records.releases import UpdatesSeen
from cmxero_desktop.services.verbs.commands.computer import AskForUpdates
from cmxero_desktop.services.verbs.desk import Desk


def updates(_asked: argparse.Namespace, desk: Desk) -> Answer:
    """Ask now, and say what is new; nothing is downloaded or installed."""
    seen = desk.run(AskForUpdates())
    zone = datetime.now().astimezone().tzinfo
    assert zone is not None  # noqa: S101 - Python gives every local time a zone
    return Answer(_document(seen), as_lines(lines_of_updates(seen, zone)))


def _document(seen: UpdatesSeen) -> Row:
    return {
        "is_on": seen.is_on,
        "own_version": seen.own_version,
        "asked": seen.place or None,
        "is_newer": seen.is_newer,
        "renews_store": seen.renews_store,
        "release": _release(seen.release) if seen.release is not None else None,
    }


def _release(release: Release) -> Row:
    return {
        "version": release.version,
        "published_at": release.published_at.isoformat(),
        "valid_until": release.valid_until.isoformat(),
        "news": list(release.news),
        "notes": list(release.notes),
        "setup": release.setup.place,
        "sha256": release.setup.sha256,
        "size_bytes": release.setup.size_bytes,
        "store_revision": release.store_revision or None,
    }
